package report

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// Reach is how far somebody sees on the cockpit, one scope for each thing shown. It can key a cache.
type Reach struct {
	Promises, Money, Settlements, Evidence, Plans access.Scope
}

// ReachOf is the reach of an actor by the verbs that read each thing.
func ReachOf(a access.Actor) Reach {
	return Reach{Promises: a.ScopeFor("kpi.read"), Money: a.ScopeFor("claim.read"), Settlements: a.ScopeFor("settlement.read"),
		Evidence: a.ScopeFor("evidence.read"), Plans: a.Scope()}
}

// Cockpit answers whether the promises of a year are being kept, as known on a day, for the partners within reach.
type Cockpit struct {
	Board     *kpi.Board // within reach
	Due       int        // partners of whom something is due
	Kept      int        // of them on course
	Behind    int
	AtRisk    int
	Silent    int // not reported
	Promises  int // targets that are due and have a value or should have one
	PromisesK int // of them on course

	Stake         money.Amount // see stake
	StakePartners int
	StakeShown    bool // settlements are within reach

	Flow       Flow
	MoneyShown bool

	LastReport map[id.Organisation]period.Date // newest evidence of any year, by whom the year's rows are missing
	Waits      []Wait                          // for a step of somebody, the first due first
	Next       []NextDay                       // of the 30 days after the day, by date
	NextMore   int                             // activities of those days that are not among Next
}

// One tells whether the reader has one partner of its own in view, and so reads about its own promises.
func (c *Cockpit) One() bool { return c.Board != nil && len(c.Board.Partners) == 1 }

// LoadCockpit composes the cockpit of a board of everybody. Its cost is a few queries along the keys of year and agreement.
func LoadCockpit(ctx context.Context, tx *db.Tx, reach Reach, g programme.Programme, all *kpi.Board) (*Cockpit, error) {
	c := &Cockpit{Board: all}
	if reach.Promises != access.All {
		c.Board = all.Within(reach.Promises)
	}
	c.count()
	agreements, err := agreement.List(ctx, tx, access.All, g.ID)
	if err != nil {
		return nil, err
	}
	ceilings := ceilingsOf(agreements, all.Year)
	if reach.Settlements != "" {
		rule, err := programme.RuleOn(ctx, tx, g.ID, all.Year.Last())
		if err != nil {
			return nil, err
		}
		c.stake(ceilings, rule.PerformanceBp, reach.Settlements)
	}
	if reach.Money != "" {
		if c.Flow, err = loadFlow(ctx, tx, g.ID, all.Year, all.AsOf, reach.Money, ceilings); err != nil {
			return nil, err
		}
		c.MoneyShown = true
	}
	if c.LastReport, err = lastReports(ctx, tx, g.ID, c.Board); err != nil {
		return nil, err
	}
	w := watch{g.ID, all.Year, all.AsOf, reach, namesOf(agreements)}
	if c.Waits, err = w.waits(ctx, tx); err != nil {
		return nil, err
	}
	c.Next, c.NextMore, err = w.next(ctx, tx)
	return c, err
}

// ceiling is what one agreement may cost in the year.
type ceiling struct {
	partner id.Organisation
	amount  money.Amount
}

func ceilingsOf(all []agreement.Agreement, year period.Year) map[id.Agreement]ceiling {
	out := map[id.Agreement]ceiling{}
	for _, a := range all {
		if c, ok := a.Ceiling(year); ok {
			out[a.ID] = ceiling{a.Partner.ID, c.Total()}
		}
	}
	return out
}

// named is a partner as what waits names it.
type named struct {
	organisation id.Organisation
	code, short  string
}

func namesOf(all []agreement.Agreement) map[id.Agreement]named {
	out := map[id.Agreement]named{}
	for _, a := range all {
		out[a.ID] = named{a.Partner.ID, a.Partner.Code, a.Partner.Label()}
	}
	return out
}

func (c *Cockpit) count() {
	c.Kept, c.Behind = c.Board.Count(kpi.OnCourse), c.Board.Count(kpi.Behind)
	c.AtRisk, c.Silent = c.Board.Count(kpi.AtRisk), c.Board.Count(kpi.Unreported)
	c.Due = c.Kept + c.Behind + c.AtRisk + c.Silent
	for i := range c.Board.Partners {
		for _, cell := range c.Board.Partners[i].Cells {
			if cell == nil || cell.Course == kpi.NoCourse {
				continue
			}
			c.Promises++
			if cell.Course == kpi.OnCourse {
				c.PromisesK++
			}
		}
	}
}

// stake adds up the performance money that is not yet earned at the partners that are not on course: the pool that a year at its full
// ceiling would have (H - C with H the ceiling, domain section 4.4), less what today's score would pay of it. It is the most that these
// partners can still lose. A partner without course, or on course, stakes nothing here.
func (c *Cockpit) stake(ceilings map[id.Agreement]ceiling, performance money.Bp, scope access.Scope) {
	c.StakeShown = true
	for i := range c.Board.Partners {
		p := &c.Board.Partners[i]
		if p.Course == kpi.OnCourse || p.Course == kpi.NoCourse || !scope.Holds(p.Organisation) {
			continue
		}
		half := ceilings[p.Agreement].amount
		pool := half - funding.Terms{Ceiling: half, PerformanceBp: performance}.CostPart(half)
		if open := pool - pool.Share(money.Bp(p.ScoreBp)); open > 0 {
			c.Stake += open
			c.StakePartners++
		}
	}
}
