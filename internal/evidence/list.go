package evidence

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// Filter chooses the rows that a page lists. An empty field does not choose, but an empty Scope lets nothing through.
type Filter struct {
	Scope         access.Scope // rows in which somebody of the scope holds credit
	Organisation  id.Organisation
	Company       id.Company // the company and all that stand for it
	Activity      id.Activity
	Kinds         []Kind
	KPI           id.KPI // with the rows that speak for this KPI, whatever their kind, and without those of others; "" makes no difference
	ActivityTypes []string
	JointOnly     bool
	Measure       string // "amount", "quantity": rows that have it
	WithCompany   bool   // rows that name a company
	Market        string
	Sector        string
	Sample        id.Sample   // rows that were drawn in it
	From, To      period.Year // To 0: no end
	State         State
	AsOf          period.Date // reported by then, in the state known then; "" now
	After         Key         // what List returned
	Limit         int         // 50 when 0
}

// Counting chooses, in a Filter, the rows that may count in a figure: reported and verified ones.
const Counting State = "counting"

// Key is a place in a list, "" its beginning or end.
type Key string

// CreditName is a credit with what the organisation is called.
type CreditName struct {
	Credit
	Code, Short string
}

// Item is a row as a page shows it. The company is the one that the recorded one stands for now.
type Item struct {
	Row
	CompanyName, CompanyNumber string
	ActivityTitle              string
	Partners                   []CreditName // with the row's credits too
}

// Bundle is what rows of one activity, kind and state have in common; a row without activity stands alone.
type Bundle struct {
	Kind          Kind
	State         State
	Dated         period.Date // the newest
	Rows          int
	Companies     int // different ones
	Activity      id.Activity
	ActivityTitle string
	CompanyName   string // of a row that stands alone
	Partners      []CreditName
}

// chosen is the condition that List and Bundles share, parameters 1 to 18.
const chosen = `
	where e.programme_id = $1 and e.year between $2 and $3 and e.reported_on <= $4
		and (e.kpi_id is null or $18 = '' or e.kpi_id = $18)
		and ($5 = '' or e.kpi_id = $18 or $5 like '% ' || e.kind || ' %')
		and ($6 = '' or exists (select 1 from evidence_credit c
			where c.programme_id = e.programme_id and c.evidence_id = e.id and c.organisation_id = $6))
		and ($7 = '*' or exists (select 1 from evidence_credit c
			where c.programme_id = e.programme_id and c.evidence_id = e.id and $7 like '%' || c.organisation_id || '%'))
		and ($8 = '' or exists (select 1 from company_root r where r.company_id = e.company_id and r.root_id = $8))
		and ($9 = '' or e.activity_id = $9)
		and ($10 = '' or e.kpi_id = $18 or $10 like '% ' || e.activity_type || ' %')
		and (e.organisers >= $11 or e.kpi_id = $18)
		and ($12 = '' or e.kpi_id = $18 or $12 = 'amount' and e.amount is not null or $12 = 'quantity' and e.quantity <> '')
		and ($13 = 0 or e.kpi_id = $18 or e.company_id is not null)
		and ($14 = '' or ` + stateKnown + ` = $14 or $14 = 'counting' and ` + stateKnown + ` <> 'rejected')
		and ($15 = '' or e.market = $15) and ($16 = '' or e.sector = $16)
		and ($17 = '' or exists (select 1 from evidence_sampled d
			where d.programme_id = e.programme_id and d.evidence_id = e.id and d.sample_id = $17 and d.drawn = 1))`

// stateKnown is the state on the day $4; only rows decided on since need their history.
const stateKnown = `case when e.state_on <= $4 then e.state else (select d.state from evidence_decision d
			where d.programme_id = e.programme_id and d.evidence_id = e.id and d.decided_on <= $4 order by d.n desc limit 1) end`

const stateKnownOn = `case when e.state_on <= $4 then e.state_on else (select d.decided_on from evidence_decision d
			where d.programme_id = e.programme_id and d.evidence_id = e.id and d.decided_on <= $4 order by d.n desc limit 1) end`

// named finds the words of the rows p. A page is chosen by itself and named afterwards: nothing is looked up for rows that are not shown.
const named = ` join evidence e on e.programme_id = $1 and e.id = p.id
		left join company_root r on r.company_id = e.company_id
		left join company co on co.id = coalesce(r.root_id, e.company_id)
		left join activity a on a.programme_id = e.programme_id and a.id = e.activity_id`

// creditLines packs the credits of the row x into lines of id, weight, code and name, so that a page costs one query.
const creditLines = `(select string_agg(c.organisation_id || '|' || c.weight || '|' || o.code || '|' || o.short_name, '
' order by o.position, o.id)
			from evidence_credit c join organisation o on o.id = c.organisation_id
			where c.programme_id = $1 and c.evidence_id = `

var (
	listRows = db.SQL("evidence.row.list", `select `+packed+stateKnown+`, `+stateKnownOn+`),
			coalesce(co.name, ''), coalesce(co.number, ''), coalesce(a.title, ''), `+creditLines+`e.id)
		from (select e.id from evidence e`+chosen+`
			and ($19 = '' or e.dated < $19 or e.dated = $19 and e.id < $20)
			order by e.dated desc, e.id desc limit $21) p`+named+`
		order by e.dated desc, e.id desc`)
	listBundles = db.SQL("evidence.bundle.list", `select e.kind, p.state, p.dated, p.n, p.companies, coalesce(e.activity_id, ''),
			coalesce(a.title, ''), coalesce(co.name, ''), `+creditLines+`e.id)
		from (select min(e.id) as id, `+stateKnown+` as state, max(e.dated) as dated, count(*) as n,
				count(distinct coalesce(r.root_id, e.company_id)) as companies
			from evidence e left join company_root r on r.company_id = e.company_id`+chosen+`
			group by e.kind, `+stateKnown+`, coalesce(e.activity_id, e.id)
			order by 3 desc, 1 desc limit $19) p`+named+`
		order by p.dated desc, e.id desc`)
	countRows = db.SQL("evidence.row.count", `select count(*) from evidence e`+chosen)
)

func (f Filter) args(programme id.Programme) []any {
	asOf, to, organisers, company := f.AsOf, f.To, 0, 0
	if asOf == "" {
		asOf = always
	}
	if to == 0 {
		to = 9999
	}
	if f.JointOnly {
		organisers = 2
	}
	if f.WithCompany {
		company = 1
	}
	return []any{programme, int(f.From), int(to), asOf, kindList(f.Kinds), f.Organisation, f.Scope, f.Company, f.Activity,
		kindList(f.ActivityTypes), organisers, f.Measure, company, f.State, f.Market, f.Sector, f.Sample, f.KPI}
}

func (f Filter) limit() int {
	if f.Limit <= 0 {
		return 50
	}
	return f.Limit
}

// List reads the rows that a filter chooses, newest first, and where the next page begins ("" when there is none).
func List(ctx context.Context, tx *db.Tx, programme id.Programme, f Filter) ([]Item, Key, error) {
	dated, last, err := f.After.parts()
	if err != nil {
		return nil, "", err
	}
	var items []Item
	u := newUnpacker()
	args := append(f.args(programme), dated, last, f.limit()+1)
	err = tx.Each(ctx, listRows, args, func(r *sql.Rows) error {
		var i Item
		var line string
		var credits sql.NullString
		if err := r.Scan(&line, &i.CompanyName, &i.CompanyNumber, &i.ActivityTitle, &credits); err != nil {
			return err
		}
		if err := u.row(line, &i.Row); err != nil {
			return err
		}
		if i.Partners, err = parseCredits(credits.String); err != nil {
			return err
		}
		items = append(items, i)
		return nil
	})
	if err != nil || len(items) <= f.limit() {
		return items, "", err
	}
	items = items[:f.limit()]
	end := items[len(items)-1]
	return items, Key(string(end.Dated) + "." + string(end.ID)), nil
}

// Count tells how many rows a filter chooses on all its pages.
func (f Filter) Count(ctx context.Context, tx *db.Tx, programme id.Programme) (int, error) {
	var n int
	err := tx.Row(ctx, countRows, f.args(programme)...).Scan(&n)
	return n, err
}

// Bundles lists what a filter chooses with the rows of an activity taken together, newest first, at most Limit of them.
func Bundles(ctx context.Context, tx *db.Tx, programme id.Programme, f Filter) ([]Bundle, error) {
	var all []Bundle
	err := tx.Each(ctx, listBundles, append(f.args(programme), f.limit()), func(r *sql.Rows) error {
		var b Bundle
		var credits sql.NullString
		err := r.Scan(&b.Kind, &b.State, &b.Dated, &b.Rows, &b.Companies, &b.Activity, &b.ActivityTitle, &b.CompanyName, &credits)
		if err != nil {
			return err
		}
		if b.Activity != "" {
			b.CompanyName = ""
		}
		if b.Partners, err = parseCredits(credits.String); err != nil {
			return err
		}
		all = append(all, b)
		return nil
	})
	return all, err
}

// parts reads a key that came from an address; nonsense is a page that does not exist.
func (k Key) parts() (period.Date, id.Evidence, error) {
	if k == "" {
		return "", "", nil
	}
	dated, last, _ := strings.Cut(string(k), ".")
	evidence, err := id.Parse[id.Evidence](last)
	if err != nil || !period.Date(dated).Valid() {
		return "", "", fault.Missing("evidence.page_missing", nil)
	}
	return period.Date(dated), evidence, nil
}

func parseCredits(lines string) ([]CreditName, error) {
	if lines == "" {
		return nil, nil
	}
	var all []CreditName
	for line := range strings.SplitSeq(lines, "\n") {
		f := strings.SplitN(line, "|", 4)
		if len(f) != 4 {
			return nil, fmt.Errorf("evidence: a credit reads %q", line)
		}
		weight, err := strconv.ParseInt(f[1], 10, 64)
		if err != nil {
			return nil, err
		}
		all = append(all, CreditName{Credit{id.Organisation(f[0]), weight}, f[2], f[3]})
	}
	return all, nil
}
