package ledger

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// Filter narrows what is read of the books; each empty field narrows nothing.
type Filter struct {
	Agreement id.Agreement
	Year      period.Year
	Account   Account     // or the beginning of one: "Budget"
	AsOf      period.Date // booked on that day or before
}

func (f Filter) args(g id.Programme) []any {
	return []any{g, f.Agreement, int(f.Year), f.Account, f.AsOf}
}

// AgreementYear is one year of an agreement; without an agreement, of the programme as a whole.
type AgreementYear struct {
	Agreement id.Agreement
	Year      period.Year
}

var (
	balanceWhole = db.SQL("ledger.balance.whole",
		`select account, cast(sum(amount) as bigint) from posting where programme_id = $1 group by account order by account`)
	balanceAgreement = db.SQL("ledger.balance.agreement",
		`select account, cast(sum(amount) as bigint) from posting
		 where programme_id = $1 and agreement_id = $2 and ($3 = 0 or year = $3)
		   and substr(account, 1, length(cast($4 as text))) = cast($4 as text)
		   and (cast($5 as text) = '' or booked_on <= cast($5 as text))
		 group by account order by account`)
	balanceAll = db.SQL("ledger.balance.all",
		`select account, cast(sum(amount) as bigint) from posting
		 where programme_id = $1 and (cast($2 as text) = '' or agreement_id = $2) and ($3 = 0 or year = $3)
		   and substr(account, 1, length(cast($4 as text))) = cast($4 as text)
		   and (cast($5 as text) = '' or booked_on <= cast($5 as text))
		 group by account order by account`)
	balanceYears = db.SQL("ledger.balance.years",
		`select coalesce(agreement_id, ''), year, account, cast(sum(amount) as bigint) from posting
		 where programme_id = $1 and (cast($2 as text) = '' or booked_on <= cast($2 as text))
		 group by agreement_id, year, account`)
	eachEntry = db.SQL("ledger.entry.each",
		`select e.n, e.id, e.key, e.event, e.booked_on, e.recorded_at, coalesce(e.agreement_id, ''), e.year, e.subject_kind, e.subject_id,
		   coalesce(e.reverses_id, ''), coalesce(r.id, ''), e.postings,
		   coalesce(p.line, 0), coalesce(p.account, ''), coalesce(p.agreement_id, ''), coalesce(p.year, 0), coalesce(p.amount, 0)
		 from entry e
		 left join entry r on r.programme_id = e.programme_id and r.reverses_id = e.id
		 left join posting p on p.programme_id = e.programme_id and p.entry_id = e.id
		 where e.programme_id = $1 and (cast($2 as text) = '' or e.agreement_id = $2)
		   and ($3 = 0 or exists (select 1 from posting y where y.programme_id = e.programme_id and y.entry_id = e.id and y.year = $3))
		   and (cast($4 as text) = '' or exists (select 1 from posting a where a.programme_id = e.programme_id and a.entry_id = e.id
		     and substr(a.account, 1, length(cast($4 as text))) = cast($4 as text)))
		   and (cast($5 as text) = '' or e.booked_on <= cast($5 as text))
		 order by e.n, p.n`)
	pageEntries = db.SQL("ledger.entry.page",
		`select e.n, e.id, e.key, e.event, e.booked_on, e.recorded_at, coalesce(e.agreement_id, ''), e.year, e.subject_kind, e.subject_id,
		   coalesce(e.reverses_id, ''), coalesce(r.id, ''), e.postings,
		   coalesce(p.line, 0), coalesce(p.account, ''), coalesce(p.agreement_id, ''), coalesce(p.year, 0), coalesce(p.amount, 0)
		 from (select x.* from entry x
		   where x.programme_id = $1 and x.n < $6 and (cast($2 as text) = '' or x.agreement_id = $2)
		     and ($3 = 0 or exists (select 1 from posting y where y.programme_id = x.programme_id and y.entry_id = x.id and y.year = $3))
		     and (cast($4 as text) = '' or exists (select 1 from posting a where a.programme_id = x.programme_id and a.entry_id = x.id
		       and substr(a.account, 1, length(cast($4 as text))) = cast($4 as text)))
		     and (cast($5 as text) = '' or x.booked_on <= cast($5 as text))
		   order by x.n desc limit $7) e
		 left join entry r on r.programme_id = e.programme_id and r.reverses_id = e.id
		 left join posting p on p.programme_id = e.programme_id and p.entry_id = e.id
		 order by e.n desc, p.n`)
)

// Balance adds up the postings that the filter lets through, per account. Accounts without postings are absent.
func Balance(ctx context.Context, tx *db.Tx, g id.Programme, f Filter) (map[Account]money.Amount, error) {
	q, args := balanceAll, f.args(g)
	switch {
	case f == Filter{}:
		q, args = balanceWhole, []any{g}
	case f.Agreement != "":
		q = balanceAgreement
	}
	out := amounts{}
	err := tx.Each(ctx, q, args, func(r *sql.Rows) error {
		var a Account
		var sum money.Amount
		err := r.Scan(&a, &sum)
		out[a] = sum
		return err
	})
	return out, err
}

// ByYear adds up all postings booked until asOf ("" is all) per agreement-year and account.
func ByYear(ctx context.Context, tx *db.Tx, g id.Programme, asOf period.Date) (map[AgreementYear]map[Account]money.Amount, error) {
	out := map[AgreementYear]map[Account]money.Amount{}
	err := tx.Each(ctx, balanceYears, []any{g, asOf}, func(r *sql.Rows) error {
		var at AgreementYear
		var a Account
		var sum money.Amount
		if err := r.Scan(&at.Agreement, &at.Year, &a, &sum); err != nil {
			return err
		}
		if out[at] == nil {
			out[at] = amounts{}
		}
		out[at][a] = sum
		return nil
	})
	return out, err
}

// Each calls fn for every entry that the filter lets through, with all its postings, in the order of booking. It holds one entry at a
// time; fn must not use tx.
func Each(ctx context.Context, tx *db.Tx, g id.Programme, f Filter, fn func(EntryRow) error) error {
	return gather(ctx, tx, eachEntry, f.args(g), fn)
}

// Page is a place in the entries, newest first: those numbered below Before (0: from the newest), at most Limit (0: 50).
type Page struct {
	Before int64
	Limit  int
}

// Entries reads one page of entries with all their postings, newest first.
func Entries(ctx context.Context, tx *db.Tx, g id.Programme, f Filter, p Page) ([]EntryRow, error) {
	if p.Before <= 0 {
		p.Before = everything
	}
	if p.Limit <= 0 {
		p.Limit = 50
	}
	var out []EntryRow
	err := gather(ctx, tx, pageEntries, append(f.args(g), p.Before, p.Limit), func(r EntryRow) error {
		out = append(out, r)
		return nil
	})
	return out, err
}
