package report

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// TrialLine is one account with its balance: one of Debit and Credit is nothing.
type TrialLine struct {
	Account       ledger.Account
	Debit, Credit money.Amount
}

// Subject is what an entry or a change of the trail is about, as far as a page can open it.
type Subject struct {
	Kind    string
	ID      string
	Partner string // code, "" none
	Short   string // the partner's name
	Year    period.Year
	Number  int    // of a claim or a version
	Ref     string // of a cost item, the name of a person
}

// BookEntry is an entry with the partner that it concerns and where it came from.
type BookEntry struct {
	ledger.EntryRow
	Partner, Short string
	Source         Subject
}

// Books is a trial balance and a page of the entries behind it.
type Books struct {
	Lines         []TrialLine
	Debit, Credit money.Amount
	Entries       []BookEntry
	Next          int64 // number to go on from, 0: no more
}

const bookPage = 50

var listAgreementNames = db.SQL("report.ledger.partners",
	`select a.id, o.code, case when o.short_name = '' then o.name else o.short_name end from agreement a join organisation o on o.id = a.organisation_id where a.programme_id = $1`)

// LoadBooks reads the balance of every account that the filter lets through, and its entries numbered below before (0: the newest).
func LoadBooks(ctx context.Context, tx *db.Tx, g id.Programme, f ledger.Filter, before int64) (*Books, error) {
	balances, err := ledger.Balance(ctx, tx, g, f)
	if err != nil {
		return nil, err
	}
	b := &Books{}
	for _, a := range ledger.Accounts() {
		amount, there := balances[a]
		if !there {
			continue
		}
		line := TrialLine{Account: a, Debit: max(amount, 0), Credit: max(-amount, 0)}
		b.Lines = append(b.Lines, line)
		b.Debit += line.Debit
		b.Credit += line.Credit
	}
	rows, err := ledger.Entries(ctx, tx, g, f, ledger.Page{Before: before, Limit: bookPage + 1})
	if err != nil {
		return nil, err
	}
	if len(rows) > bookPage {
		rows = rows[:bookPage]
		b.Next = rows[bookPage-1].N
	}
	return b, b.name(ctx, tx, g, rows)
}

func (b *Books) name(ctx context.Context, tx *db.Tx, g id.Programme, rows []ledger.EntryRow) error {
	type partner struct{ code, short string }
	partners := map[id.Agreement]partner{}
	err := tx.Each(ctx, listAgreementNames, []any{g}, func(r *sql.Rows) error {
		var a id.Agreement
		var p partner
		err := r.Scan(&a, &p.code, &p.short)
		partners[a] = p
		return err
	})
	if err != nil {
		return err
	}
	var ids []string
	for _, e := range rows {
		ids = append(ids, e.SubjectID)
	}
	subjects, err := loadSubjects(ctx, tx, g, ids)
	for _, e := range rows {
		p := partners[e.Agreement]
		entry := BookEntry{EntryRow: e, Partner: p.code, Short: p.short, Source: Subject{Kind: e.SubjectKind, ID: e.SubjectID}}
		if s, known := subjects[e.SubjectID]; known {
			entry.Source = s
		} else {
			entry.Source.Partner, entry.Source.Short, entry.Source.Year = p.code, p.short, e.Year
		}
		b.Entries = append(b.Entries, entry)
	}
	return err
}

var findSubjects = db.SQL("report.subject.find",
	`select 'settlement', s.id, o.code, case when o.short_name = '' then o.name else o.short_name end, s.year, s.version, ''
	 from settlement s join agreement a on a.programme_id = s.programme_id and a.id = s.agreement_id
	 join organisation o on o.id = a.organisation_id
	 where s.programme_id = $1 and $2 like '%' || s.id || '%'
	 union all
	 select 'claim', c.id, o.code, case when o.short_name = '' then o.name else o.short_name end, c.year, c.number, ''
	 from claim c join agreement a on a.programme_id = c.programme_id and a.id = c.agreement_id
	 join organisation o on o.id = a.organisation_id
	 where c.programme_id = $1 and $2 like '%' || c.id || '%'
	 union all
	 select 'payment', p.id, o.code, case when o.short_name = '' then o.name else o.short_name end, p.year, coalesce(k.number, 0), p.kind
	 from payment p join agreement a on a.programme_id = p.programme_id and a.id = p.agreement_id
	 join organisation o on o.id = a.organisation_id
	 left join claim k on k.programme_id = p.programme_id and k.id = p.claim_id
	 where p.programme_id = $1 and $2 like '%' || p.id || '%'
	 union all
	 select 'correction', x.id, o.code, case when o.short_name = '' then o.name else o.short_name end, x.year, k.number, i.ref
	 from correction x join agreement a on a.programme_id = x.programme_id and a.id = x.agreement_id
	 join organisation o on o.id = a.organisation_id
	 join cost_item i on i.programme_id = x.programme_id and i.id = x.item_id
	 join claim k on k.programme_id = i.programme_id and k.id = i.claim_id
	 where x.programme_id = $1 and $2 like '%' || x.id || '%'`)

var findItem = db.SQL("report.subject.item",
	`select i.id, o.code, case when o.short_name = '' then o.name else o.short_name end, i.year, k.number, i.ref
	 from cost_item i join agreement a on a.programme_id = i.programme_id and a.id = i.agreement_id
	 join organisation o on o.id = a.organisation_id
	 join claim k on k.programme_id = i.programme_id and k.id = i.claim_id
	 where i.programme_id = $1 and i.id = $2`)

// loadSubjects finds settlements, claims, payments and corrections by their ids.
func loadSubjects(ctx context.Context, tx *db.Tx, g id.Programme, ids []string) (map[string]Subject, error) {
	out := map[string]Subject{}
	err := tx.Each(ctx, findSubjects, []any{g, strings.Join(ids, " ")}, func(r *sql.Rows) error {
		var s Subject
		err := r.Scan(&s.Kind, &s.ID, &s.Partner, &s.Short, &s.Year, &s.Number, &s.Ref)
		out[s.ID] = s
		return err
	})
	return out, err
}

func loadItem(ctx context.Context, tx *db.Tx, g id.Programme, item string) (Subject, error) {
	s := Subject{Kind: "item"}
	err := tx.Row(ctx, findItem, g, item).Scan(&s.ID, &s.Partner, &s.Short, &s.Year, &s.Number, &s.Ref)
	return s, err
}

var findAgreement = db.SQL("report.ledger.agreement",
	`select a.id from agreement a join organisation o on o.id = a.organisation_id where a.programme_id = $1 and o.code = $2`)

// AgreementOf is the agreement of the partner with a code; missing when there is none.
func AgreementOf(ctx context.Context, tx *db.Tx, g id.Programme, code string) (id.Agreement, error) {
	var a id.Agreement
	err := tx.Row(ctx, findAgreement, g, code).Scan(&a)
	if err == db.ErrNone {
		err = fault.Missing("settlement.no_agreement_year", nil)
	}
	return a, err
}

// BookRows is every posting that the filter lets through, in the order of booking, as rows of a file: number, day, event, partner, year,
// account, amount (debit above zero), key of the entry.
func BookRows(ctx context.Context, tx *db.Tx, g id.Programme, f ledger.Filter) ([][]string, error) {
	codes := map[id.Agreement]string{}
	err := tx.Each(ctx, listAgreementNames, []any{g}, func(r *sql.Rows) error {
		var a id.Agreement
		var code, short string
		err := r.Scan(&a, &code, &short)
		codes[a] = code
		return err
	})
	if err != nil {
		return nil, err
	}
	var out [][]string
	err = ledger.Each(ctx, tx, g, f, func(e ledger.EntryRow) error {
		for _, p := range e.Postings {
			out = append(out, []string{strconv.FormatInt(e.N, 10), string(e.BookedOn), string(e.Event), codes[p.Agreement], p.Year.String(),
				string(p.Account), p.Amount.String(), e.Key})
		}
		return nil
	})
	return out, err
}
