// Package term is the one calendar of terms: who must do what by which day for plans, reports, claims and settlements, where a decision moved
// a term, and what has passed. It decides nothing: the verbs hold the terms themselves.
package term

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Kind is what must happen by the last day of a term.
type Kind string

// The terms. Extending one needs a decision about its kind and subject.
const (
	Claim     Kind = "claim"      // the last claim of an agreement-year is handed in
	Reply     Kind = "reply"      // the partner answers a question
	Objection Kind = "objection"  // the partner objects to what became of a claim
	Parked    Kind = "parked"     // a parked item comes back
	Settled   Kind = "settlement" // the partner objects to a settlement
	Plan      Kind = "plan"       // the plan of a year is submitted
	Report    Kind = "report"     // what happened in a quarter is reported: KPIs count it
)

// Key is what must happen, in the catalogue, without which year and claim.
func (k Kind) Key() text.Key { return text.Key("terms.short_" + string(k)) }

// Term is something that somebody must do by a day.
type Term struct {
	Kind      Kind
	Subject   string // id of the claim, item or settlement; else agreement and year, of a report also the quarter
	Agreement id.Agreement
	Partner   id.Organisation
	Code      string // of the partner
	Year      period.Year
	Number    int // of the claim, or of the quarter
	Due       period.Date
	Original  period.Date // before a decision extended it; "" when none did
}

var (
	objectionDays = db.SQL("term.objection.days",
		`select r.objection_days from programme_rule r where r.programme_id = $1 and r.starts_on <= $2 order by r.starts_on desc limit 1`)
	termClaims = db.SQL("term.term.claims",
		`select y.agreement_id || ':' || y.year, y.agreement_id, a.organisation_id, o.code, y.year, 0, ''
		 from agreement_ceiling y join agreement a on a.programme_id = y.programme_id and a.id = y.agreement_id
		 join organisation o on o.id = a.organisation_id
		 where y.programme_id = $1 and ($2 = '*' or $2 like '%' || a.organisation_id || '%') and y.amount > 0 and a.state in ('signed', 'active')
		   and not exists (select 1 from settlement s where s.programme_id = y.programme_id and s.agreement_id = y.agreement_id and s.year = y.year
		     and s.state in ('communicated', 'objection', 'final'))`)
	termReplies = db.SQL("term.term.replies",
		`select c.id, c.agreement_id, a.organisation_id, o.code, c.year, c.number, (select max(m.reply_by) from claim_message m
		   where m.programme_id = c.programme_id and m.claim_id = c.id)
		 from claim c join agreement a on a.programme_id = c.programme_id and a.id = c.agreement_id join organisation o on o.id = a.organisation_id
		 where c.programme_id = $1 and ($2 = '*' or $2 like '%' || a.organisation_id || '%') and c.state = 'queried'`)
	termObjections = db.SQL("term.term.objections",
		`select c.id, c.agreement_id, a.organisation_id, o.code, c.year, c.number, case when c.approved_on = '' then c.verified_on else c.approved_on end
		 from claim c join agreement a on a.programme_id = c.programme_id and a.id = c.agreement_id join organisation o on o.id = a.organisation_id
		 where c.programme_id = $1 and ($2 = '*' or $2 like '%' || a.organisation_id || '%')
		   and (c.approved_on >= $3 or (c.state = 'rejected' and c.verified_on >= $3) or exists (select 1 from decision d
		     where d.programme_id = c.programme_id and d.kind = 'extension' and d.state = 'taken' and d.subject_kind = 'term:objection'
		     and d.subject_id = c.id and d.until >= $4))
		   and (c.state = 'rejected' or 0 < (select count(*) from cost_item i where i.programme_id = c.programme_id and i.claim_id = c.id and i.deducted <> 0))`)
	termParked = db.SQL("term.term.parked",
		`select i.id, c.agreement_id, a.organisation_id, o.code, c.year, c.number, c.approved_on
		 from claim c join cost_item i on i.programme_id = c.programme_id and i.claim_id = c.id and i.state = 'parked'
		 join agreement a on a.programme_id = c.programme_id and a.id = c.agreement_id join organisation o on o.id = a.organisation_id
		 where c.programme_id = $1 and ($2 = '*' or $2 like '%' || a.organisation_id || '%') and c.approved_on <> ''`)
	termSettlements = db.SQL("term.term.settlements",
		`select s.id, s.agreement_id, a.organisation_id, o.code, s.year, 0, s.objection_until
		 from settlement s join agreement a on a.programme_id = s.programme_id and a.id = s.agreement_id join organisation o on o.id = a.organisation_id
		 where s.programme_id = $1 and ($2 = '*' or $2 like '%' || a.organisation_id || '%') and s.state = 'communicated'`)
)

// Load lists the terms that are running or just passed, the next one first, within what the actor may read.
func Load(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme) ([]Term, error) {
	scope := by.ScopeFor("claim.read")
	if by.IsSystem() {
		scope = access.All
	}
	if scope == "" {
		return nil, nil
	}
	today := tx.Now.Date()
	rules, err := funding.LoadRules(ctx, tx, g, today)
	if err != nil {
		return nil, err
	}
	var days int
	if err := tx.Row(ctx, objectionDays, g, today).Scan(&days); err != nil && err != db.ErrNone {
		return nil, err
	}
	var all []Term
	for _, q := range []struct {
		kind Kind
		sql  db.Query
		more []any
		days int
	}{
		{Claim, termClaims, nil, rules.Claim.ClaimDays}, {Reply, termReplies, nil, 0},
		{Objection, termObjections, []any{today.AddDays(-days - 30), today.AddDays(-30)}, days}, {Parked, termParked, nil, rules.Claim.ParkedDays},
		{Settled, termSettlements, nil, 0},
	} {
		err := tx.Each(ctx, q.sql, append([]any{g, scope}, q.more...), func(r *sql.Rows) error {
			t := Term{Kind: q.kind}
			var from period.Date
			err := r.Scan(&t.Subject, &t.Agreement, &t.Partner, &t.Code, &t.Year, &t.Number, &from)
			if from == "" {
				from = t.Year.Last()
			}
			t.Due = from.AddDays(q.days)
			all = append(all, t)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if all, err = yearly(ctx, tx, g, scope, all); err != nil {
		return nil, err
	}
	if err := extendAll(ctx, tx, g, all); err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b Term) int {
		return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Number, b.Number))
	})
	return all, nil
}

var selectExtensions = db.SQL("term.term.extensions",
	`select d.subject_kind, d.subject_id, max(d.until) from decision d where d.programme_id = $1 and d.kind = 'extension' and d.state = 'taken'
	 group by d.subject_kind, d.subject_id`)

func extendAll(ctx context.Context, tx *db.Tx, g id.Programme, all []Term) error {
	until := map[string]period.Date{}
	err := tx.Each(ctx, selectExtensions, []any{g}, func(r *sql.Rows) error {
		var kind, subject string
		var d period.Date
		err := r.Scan(&kind, &subject, &d)
		until[kind+"/"+subject] = d
		return err
	})
	for n, t := range all {
		if d := until["term:"+string(t.Kind)+"/"+t.Subject]; d > t.Due {
			all[n].Original, all[n].Due = t.Due, d
		}
	}
	return err
}
