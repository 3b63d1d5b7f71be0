package report

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// WaitKind is what waits for a step of somebody. What should worry somebody about figures are alerts: package alert alone knows them.
type WaitKind string

// The kinds of what waits.
const (
	ClaimWaits     WaitKind = "claim"
	TermEnds       WaitKind = "term"
	ObjectionWaits WaitKind = "objection"
	YearUnsettled  WaitKind = "unsettled"
	EvidenceWaits  WaitKind = "evidence"
)

// The terms that waits are reckoned with. The rules of a programme name none but that of objection.
const (
	claimTermDays        = 30 // after submission
	claimWarnDays        = 20
	evidenceTermDays     = 60 // after the report
	settlementTermMonths = 6  // after the year
)

// Wait is a step that somebody has to take by a day. Who is a role; a person takes it up.
type Wait struct {
	Kind    WaitKind
	Code    string // of the partner, "" for all of them
	Partner string
	Claim   int
	Year    period.Year
	N       int // partners, rows or days, by kind
	Owner   access.Role
	By      period.Date
	Overdue bool // By has passed
}

// watch is what waits and the days ahead are looked for with.
type watch struct {
	programme id.Programme
	year      period.Year
	asOf      period.Date
	reach     Reach
	names     map[id.Agreement]named
}

var (
	waitingClaims = db.SQL("report.claim.waiting",
		`select c.agreement_id, c.year, c.number, c.submitted_on, c.verified_on
		 from claim c join agreement a on a.programme_id = c.programme_id and a.id = c.agreement_id
		 where c.programme_id = $1 and c.submitted_on <> '' and c.submitted_on <= $2
		   and (c.approved_on = '' or c.approved_on > $2) and c.state not in ('draft', 'withdrawn', 'rejected')
		   and ($3 = '*' or $3 like '%' || a.organisation_id || '%')
		 order by c.submitted_on, c.id`)
	// What is communicated or final needs nobody any more, also where the pages start from an earlier day.
	openYears = db.SQL("report.settlement.open",
		`select c.agreement_id, c.year, coalesce(s.state, ''), coalesce(s.communicated_on, ''), coalesce(s.objection_until, '')
		 from agreement_ceiling c join agreement a on a.programme_id = c.programme_id and a.id = c.agreement_id
		 left join settlement s on s.programme_id = c.programme_id and s.agreement_id = c.agreement_id and s.year = c.year
		   and s.state in ('communicated', 'objection', 'final') and s.communicated_on <> ''
		 where c.programme_id = $1 and c.year < $2 and c.amount + c.carried > 0
		   and not (s.id is not null and s.final_on <> '')
		   and ($3 = '*' or $3 like '%' || a.organisation_id || '%')
		 order by c.year, c.agreement_id`)
	waitingEvidence = db.SQL("report.evidence.waiting",
		`select count(*), coalesce(min(e.reported_on), '')
		 from evidence e
		 where e.programme_id = $1 and e.year between $2 and $3 and e.reported_on <= $4
		   and 'reported' = case when e.state_on <= $5 then e.state else (select d.state from evidence_decision d
		     where d.programme_id = e.programme_id and d.evidence_id = e.id and d.decided_on <= $5 order by d.n desc limit 1) end
		   and ($6 = '*' or exists (select 1 from evidence_credit c
		     where c.programme_id = e.programme_id and c.evidence_id = e.id and $6 like '%' || c.organisation_id || '%'))`)
)

// waits lists what waits on the day, the first due first.
func (w watch) waits(ctx context.Context, tx *db.Tx) ([]Wait, error) {
	var all []Wait
	for _, find := range []func(context.Context, *db.Tx) ([]Wait, error){w.claimWaits, w.settlementWaits, w.evidenceWaits} {
		more, err := find(ctx, tx)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	for i := range all {
		all[i].Overdue = all[i].By < w.asOf
	}
	slices.SortStableFunc(all, func(x, y Wait) int { return cmp.Compare(x.By, y.By) })
	return all, nil
}

// claimWaits are the claims that wait for the agency, from ten days before their term of 30 days ends.
func (w watch) claimWaits(ctx context.Context, tx *db.Tx) ([]Wait, error) {
	if w.reach.Money == "" {
		return nil, nil
	}
	var all []Wait
	err := tx.Each(ctx, waitingClaims, []any{w.programme, w.asOf, w.reach.Money}, func(r *sql.Rows) error {
		a := Wait{Kind: ClaimWaits, Owner: access.Controller}
		var agreement id.Agreement
		var submitted, verified period.Date
		if err := r.Scan(&agreement, &a.Year, &a.Claim, &submitted, &verified); err != nil {
			return err
		}
		if a.N = submitted.DaysTo(w.asOf); a.N <= claimWarnDays {
			return nil
		}
		if verified != "" && verified <= w.asOf {
			a.Owner = access.Approver
		}
		a.Code, a.Partner, a.By = w.names[agreement].code, w.names[agreement].short, submitted.AddDays(claimTermDays)
		all = append(all, a)
		return nil
	})
	return all, err
}

// settlementWaits are objections to decide, terms of objection that end within 30 days or have ended, and ended years that nobody has
// communicated a settlement of; of these one for each year.
func (w watch) settlementWaits(ctx context.Context, tx *db.Tx) ([]Wait, error) {
	if w.reach.Settlements == "" {
		return nil, nil
	}
	var all []Wait
	late := map[period.Year]int{} // place in all
	err := tx.Each(ctx, openYears, []any{w.programme, w.asOf.Year(), w.reach.Settlements}, func(r *sql.Rows) error {
		var agreement id.Agreement
		var year period.Year
		var state string
		var communicated, until period.Date
		if err := r.Scan(&agreement, &year, &state, &communicated, &until); err != nil {
			return err
		}
		who := w.names[agreement]
		a := Wait{Kind: TermEnds, Code: who.code, Partner: who.short, Year: year, Owner: access.Approver, By: until}
		switch {
		case communicated == "":
			i, known := late[year]
			if !known {
				i = len(all)
				late[year] = i
				all = append(all, Wait{Kind: YearUnsettled, Code: who.code, Partner: who.short, Year: year, Owner: access.Controller,
					By: year.Last().AddMonths(settlementTermMonths)})
			}
			all[i].N++
			return nil
		case state == "objection":
			a.Kind = ObjectionWaits
		case until > w.asOf.AddDays(nextDays):
			return nil
		}
		all = append(all, a)
		return nil
	})
	for _, i := range late {
		if all[i].N > 1 {
			all[i].Code, all[i].Partner = "", ""
		}
	}
	return all, err
}

// evidenceWaits count what was reported more than 60 days ago in the year or the one before, and that nobody has verified or refused.
func (w watch) evidenceWaits(ctx context.Context, tx *db.Tx) ([]Wait, error) {
	if w.reach.Evidence == "" {
		return nil, nil
	}
	a := Wait{Kind: EvidenceWaits, Year: w.year, Owner: access.Officer}
	var oldest period.Date
	err := tx.Row(ctx, waitingEvidence, w.programme, w.year-1, w.year, w.asOf.AddDays(-evidenceTermDays), w.asOf, w.reach.Evidence).
		Scan(&a.N, &oldest)
	if err != nil || a.N == 0 {
		return nil, err
	}
	a.By = oldest.AddDays(evidenceTermDays)
	return []Wait{a}, nil
}
