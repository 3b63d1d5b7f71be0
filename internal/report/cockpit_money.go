package report

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/takeover"
)

// Flow is the agency's money of a year as it stood at the end of a day. All amounts are the agency's part.
type Flow struct {
	Envelope  money.Amount // voted by then; within a smaller reach than everything, the ceilings in view
	Committed money.Amount // reserved by agreements, used or not
	Claimed   money.Amount // half of what was claimed by then, at each item's rate and up to each ceiling
	Accepted  money.Amount // half of what was accepted in claims approved by then, likewise, less corrections
	Paid      money.Amount // left the bank, less what came back
}

var (
	flowClaimed = db.SQL("report.flow.claimed",
		`select i.agreement_id, i.rate_bp, cast(sum(i.eligible) as bigint)
		 from cost_item i join claim c on c.programme_id = i.programme_id and c.id = i.claim_id
		 join agreement a on a.programme_id = i.programme_id and a.id = i.agreement_id
		 where i.programme_id = $1 and i.year = $2 and i.returns_id is null
		   and c.submitted_on <> '' and c.submitted_on <= $3 and c.state not in ('draft', 'withdrawn')
		   and ($4 = '*' or $4 like '%' || a.organisation_id || '%')
		 group by i.agreement_id, i.rate_bp`)
	flowAccepted = db.SQL("report.flow.accepted",
		`select i.agreement_id, i.rate_bp, cast(sum(i.accepted) as bigint)
		 from cost_item i join claim c on c.programme_id = i.programme_id and c.id = i.claim_id
		 join agreement a on a.programme_id = i.programme_id and a.id = i.agreement_id
		 where i.programme_id = $1 and i.year = $2 and c.approved_on <> '' and c.approved_on <= $3
		   and ($4 = '*' or $4 like '%' || a.organisation_id || '%')
		 group by i.agreement_id, i.rate_bp`)
	flowStruck = db.SQL("report.flow.struck",
		`select x.agreement_id, i.rate_bp, cast(sum(-x.cost) as bigint)
		 from correction x join cost_item i on i.programme_id = x.programme_id and i.id = x.item_id
		 join agreement a on a.programme_id = x.programme_id and a.id = x.agreement_id
		 where x.programme_id = $1 and x.year = $2 and x.dated <= $3
		   and ($4 = '*' or $4 like '%' || a.organisation_id || '%')
		 group by x.agreement_id, i.rate_bp`)
	lastReport = db.SQL("report.partner.last_report",
		`select coalesce(max(e.reported_on), '')
		 from evidence_credit c join evidence e on e.programme_id = c.programme_id and e.id = c.evidence_id
		 where c.organisation_id = $2 and c.programme_id = $1 and c.year between $3 and $4 and e.reported_on <= $5`)
)

func loadFlow(ctx context.Context, tx *db.Tx, g id.Programme, year period.Year, asOf period.Date, scope access.Scope,
	ceilings map[id.Agreement]ceiling) (Flow, error) {
	var f Flow
	booked, err := ledger.ByYear(ctx, tx, g, asOf)
	if err != nil {
		return f, err
	}
	for at, sums := range booked {
		if at.Year != year {
			continue
		}
		if scope == access.All {
			f.Envelope -= sums[ledger.Authority]
		}
		if scope.Holds(ceilings[at.Agreement].partner) {
			f.Committed += sums[ledger.Committed] + sums[ledger.Consumed]
			f.Paid -= sums[ledger.Bank]
		}
	}
	if scope != access.All {
		for _, c := range ceilings {
			if scope.Holds(c.partner) {
				f.Envelope += c.amount
			}
		}
	}
	claimed, accepted := costs{}, costs{}
	taken, err := takeover.Costs(ctx, tx, g, asOf)
	if err != nil {
		return f, err
	}
	for at, cost := range taken {
		if at.Year == year && scope.Holds(ceilings[at.Agreement].partner) {
			claimed[at.Agreement], accepted[at.Agreement] = cost, cost
		}
	}
	args := []any{g, year, asOf, scope}
	for _, q := range []struct {
		query db.Query
		into  costs
	}{{flowClaimed, claimed}, {flowAccepted, accepted}, {flowStruck, accepted}} {
		if err := tx.Each(ctx, q.query, args, q.into.add); err != nil {
			return f, err
		}
	}
	if f.Claimed, err = claimed.halves(ceilings); err != nil {
		return f, err
	}
	f.Accepted, err = accepted.halves(ceilings)
	return f, err
}

// costs is cost by agreement and rate.
type costs map[id.Agreement]funding.RatedCost

func (c costs) add(r *sql.Rows) error {
	var a id.Agreement
	var rate money.Bp
	var sum money.Amount
	if err := r.Scan(&a, &rate, &sum); err != nil {
		return err
	}
	c[a] = c[a].Plus(rate, sum)
	return nil
}

// halves is the even half of each agreement's cost, up to its ceiling, added up. Source: domain section 4.3.
func (c costs) halves(ceilings map[id.Agreement]ceiling) (money.Amount, error) {
	var sum money.Amount
	for a, cost := range c {
		half, err := funding.Terms{Ceiling: ceilings[a].amount}.Half(cost)
		if err != nil {
			return 0, err
		}
		sum += half
	}
	return sum, nil
}

// lastReports tells of the partners that are silent when they last left evidence, in the year or the two before.
func lastReports(ctx context.Context, tx *db.Tx, g id.Programme, b *kpi.Board) (map[id.Organisation]period.Date, error) {
	out := map[id.Organisation]period.Date{}
	for i := range b.Partners {
		p := &b.Partners[i]
		if p.Course != kpi.Unreported {
			continue
		}
		var on period.Date
		if err := tx.Row(ctx, lastReport, g, p.Organisation, b.Year-2, b.Year, b.AsOf).Scan(&on); err != nil {
			return nil, err
		}
		out[p.Organisation] = on
	}
	return out, nil
}
