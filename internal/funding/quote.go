package funding

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/programme"
)

// Quote is what a claim would come to if all of it were accepted, after the claims before it. Source: domain sections 4.3 to 4.8.
type Quote struct {
	Step
	Ceiling  money.Amount
	Half     money.Amount // H of the year after it
	Pool     money.Amount // what KPIs may still earn of that half
	Above    money.Amount // of the half, what lies above the ceiling: the partner's
	Declared money.Amount // in the claim
	Waiting  int          // claims before it that are not approved yet, reckoned as if all of them were accepted
	Open     money.Amount // advance that is left after it
}

// Supposed is a change of a claim that nobody made.
type Supposed struct {
	Tally   *Tally       // of the claim as it is, where the caller has read it; nil: it is read
	Without []Item       // items left out
	More    money.Amount // accepted cost brought in, at the rate in force on the last day of the year
}

var selectBefore = db.SQL("funding.claim.before",
	`select c.id from claim c where c.programme_id = $1 and c.agreement_id = $2 and c.year = $3 and c.number < $4
	   and c.state in ('draft', 'submitted', 'in-verification', 'queried', 'verified') order by c.number`)

// Foresee reckons what a claim that is not approved yet would pay if everything undecided in it were accepted. It changes nothing.
func Foresee(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim) (Quote, error) {
	return Suppose(ctx, tx, by, g, claim, Supposed{})
}

// Suppose is Foresee of a claim with changes that nobody made.
func Suppose(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim, what Supposed) (Quote, error) {
	var q Quote
	c, err := LoadClaim(ctx, tx, by, g, claim)
	if err != nil {
		return q, err
	}
	p, err := Load(ctx, tx, g, c.Agreement, c.Year)
	if err != nil {
		return q, err
	}
	var before []id.Claim
	err = tx.Each(ctx, selectBefore, []any{g, c.Agreement, c.Year, c.Number}, func(r *sql.Rows) error {
		var one id.Claim
		err := r.Scan(&one)
		before = append(before, one)
		return err
	})
	if err != nil {
		return q, err
	}
	y := p.Year
	for _, one := range append(before, claim) {
		changed := Supposed{}
		if one == claim {
			changed = what
		}
		cost, declared, err := hoped(ctx, tx, g, one, c, changed)
		if err != nil {
			return q, err
		}
		q.Declared = declared
		if y, q.Step, err = y.Approve(cost); err != nil {
			return q, err
		}
	}
	q.Ceiling, q.Waiting, q.Open = y.Ceiling, len(before), y.Open
	if q.Half, err = y.Half(y.Cost); err != nil {
		return q, err
	}
	q.Pool = q.Half - y.CostPart(q.Half)
	uncapped, err := Terms{Ceiling: money.Max}.Half(y.Cost)
	q.Above = uncapped - q.Half
	return q, err
}

// hoped is the cost of a claim if everything undecided in it were accepted, by rate; and what it declares.
func hoped(ctx context.Context, tx *db.Tx, g id.Programme, claim id.Claim, c Claim, what Supposed) (RatedCost, money.Amount, error) {
	t := what.Tally
	if t == nil {
		c.ID = claim
		var err error
		if t, err = tally(ctx, tx, g, c, nil); err != nil {
			return nil, 0, err
		}
	}
	for n := range what.Without {
		var err error
		if t, err = t.less(&what.Without[n]); err != nil {
			return nil, 0, err
		}
	}
	cost, declared := t.hoped()
	if what.More != 0 {
		rules, err := programme.LoadRules(ctx, tx, g)
		if err != nil {
			return nil, 0, err
		}
		rule, _ := rules.InForce(c.Year.Last())
		cost[rule.RateBp] += what.More
	}
	return cost, declared + what.More, nil
}
