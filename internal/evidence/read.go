package evidence

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// Query chooses rows for figures: rejected ones are among them, because figures must tell "refused" from "not reported".
type Query struct {
	From, To     period.Year     // inclusive
	AsOf         period.Date     // reported by then, in the state known then; "" now
	Kinds        []Kind          // none: all; a row that speaks for one KPI always comes
	Organisation id.Organisation // holding credit; "" everybody
}

// OfYear reads all rows that count in a year, in the state known on asOf ("" now), in the order in which they were recorded.
func OfYear(ctx context.Context, tx *db.Tx, programme id.Programme, year period.Year, asOf period.Date) ([]Row, error) {
	return Of(ctx, tx, programme, Query{From: year, To: year, AsOf: asOf})
}

// packed are the facts of a row in one text, in the order of Row.parse; state and day follow. A column costs the driver more than its
// text: a year is read in half the time this way. Record keeps the separator out of every part.
const packed = `concat_ws('|', e.id, e.kind, e.year, e.dated, coalesce(e.company_id, ''), coalesce(r.root_id, e.company_id, ''),
			coalesce(e.activity_id, ''), e.activity_type, e.organisers, e.market, e.sector, e.need, coalesce(cast(e.amount as text), ''),
			coalesce(cast(e.adjusted as text), ''), e.quantity, e.marks, coalesce(e.kpi_id, ''), coalesce(co.size_class, ''), coalesce(co.parent_country, ''),
			case when co.number is null then '' else '1' end, e.shares, e.weights, e.reported_on, `

// Rows are put in order in Go, which is quicker than sorting them in SQL.
var (
	ofYears = db.SQL("evidence.years.read", `select `+packed+`e.state, e.state_on)
		from evidence e left join company_root r on r.company_id = e.company_id
		left join company co on co.id = coalesce(r.root_id, e.company_id)
		where e.programme_id = $1 and e.year between $2 and $3 and e.reported_on <= $4
			and ($5 = '' or e.kpi_id is not null or $5 like '% ' || e.kind || ' %')`)
	ofOrganisation = db.SQL("evidence.organisation.read", `select `+packed+`e.state, e.state_on)
		from evidence_credit o join evidence e on e.programme_id = o.programme_id and e.id = o.evidence_id
		left join company_root r on r.company_id = e.company_id
		left join company co on co.id = coalesce(r.root_id, e.company_id)
		where o.organisation_id = $6 and o.programme_id = $1 and o.year between $2 and $3 and e.reported_on <= $4
			and ($5 = '' or e.kpi_id is not null or $5 like '% ' || e.kind || ' %')`)
	laterDecided = db.SQL("evidence.years.then", `select d.evidence_id, d.state, d.decided_on
		from evidence e cross join evidence_decision d
		where d.programme_id = e.programme_id and d.evidence_id = e.id and e.programme_id = $1 and e.year between $2 and $3
			and e.reported_on <= $4 and e.state_on > $4 and d.decided_on <= $4
			and ($5 = '' or e.kpi_id is not null or $5 like '% ' || e.kind || ' %')
		order by d.evidence_id, d.n`)
)

// always is after every date: no date as of which to read.
const always = period.Date("9999-12-31")

// Of reads the rows that a query chooses, in the order in which they were recorded. Scope is the caller's: figures of a programme are
// computed over everybody's rows, and shown within the reader's scope.
func Of(ctx context.Context, tx *db.Tx, programme id.Programme, q Query) ([]Row, error) {
	asOf := q.AsOf
	if asOf == "" {
		asOf = always
	}
	args := []any{programme, int(q.From), int(q.To), asOf, kindList(q.Kinds)}
	read, own := ofYears, args
	if q.Organisation != "" && q.AsOf == "" { // as of a day somebody else may have held the credit: those rows are chosen below
		read, own = ofOrganisation, append(args[:5:5], q.Organisation)
	}
	rows := make([]Row, 0, 1024)
	if err := readRows(ctx, tx, read, own, newUnpacker(), &rows); err != nil {
		return nil, err
	}
	inOrder(rows)
	if q.AsOf != "" {
		if err := sharesThen(ctx, tx, programme, asOf, rows); err != nil {
			return nil, err
		}
		if q.Organisation != "" {
			rows = slices.DeleteFunc(rows, func(r Row) bool { return r.CreditOf(q.Organisation) == 0 })
		}
	}
	if !slices.ContainsFunc(rows, func(r Row) bool { return r.StateOn > asOf }) {
		return rows, nil // nobody decided since
	}
	return rows, stateThen(ctx, tx, args, rows)
}

// inOrder puts rows in the order in which they were recorded.
func inOrder(rows []Row) {
	arrange(rows, func(a, b *Row) int { return strings.Compare(string(a.ID), string(b.ID)) })
}

// arrange sorts rows where they are. A row is large: places are sorted, and each row moves once.
func arrange(rows []Row, compare func(a, b *Row) int) {
	places := make([]int, len(rows))
	for i := range places {
		places[i] = i
	}
	slices.SortFunc(places, func(a, b int) int { return compare(&rows[a], &rows[b]) })
	for start := range places {
		held, to := rows[start], start
		for from := places[to]; from != start; from = places[to] {
			rows[to], places[to] = rows[from], to
			to = from
		}
		rows[to], places[to] = held, to
	}
}

// readRows appends the rows that a query of packed facts gives.
func readRows(ctx context.Context, tx *db.Tx, q db.Query, args []any, u *unpacker, rows *[]Row) error {
	return tx.Each(ctx, q, args, func(r *sql.Rows) error {
		var line string
		if err := r.Scan(&line); err != nil {
			return err
		}
		*rows = append(*rows, Row{})
		return u.row(line, &(*rows)[len(*rows)-1])
	})
}

// stateThen puts back the state of rows that were decided on after the day asked for.
func stateThen(ctx context.Context, tx *db.Tx, args []any, rows []Row) error {
	type known struct {
		state State
		on    period.Date
	}
	then := map[id.Evidence]known{}
	err := tx.Each(ctx, laterDecided, args, func(r *sql.Rows) error {
		var evidence id.Evidence
		var k known
		if err := r.Scan(&evidence, &k.state, &k.on); err != nil {
			return err
		}
		then[evidence] = k // they come in order: the last one stays
		return nil
	})
	if err != nil || len(then) == 0 {
		return err
	}
	for i := range rows {
		if k, ok := then[rows[i].ID]; ok {
			rows[i].State, rows[i].StateOn = k.state, k.on
		}
	}
	return nil
}

// cents reads a packed amount, nil for none.
func cents(s string) (*money.Amount, error) {
	if s == "" {
		return nil, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return (*money.Amount)(&n), err
}

// kindList is a list for `like`: each word between spaces, "" for all.
func kindList[T ~string](words []T) string {
	if len(words) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteByte(' ')
	for _, w := range words {
		b.WriteString(string(w))
		b.WriteByte(' ')
	}
	return b.String()
}
