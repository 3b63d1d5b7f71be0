package rule

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// Change is a rule from a day on. One of Programme, Claim and Category is what it then says; the others are nil.
type Change struct {
	From      period.Date
	Reason    string
	Programme *programme.Rule
	Claim     *funding.ClaimRule
	Category  *funding.CategoryRule
}

func (c Change) part() (Part, string) {
	switch {
	case c.Programme != nil:
		return Programme, ""
	case c.Claim != nil:
		return Claim, ""
	}
	return Category, c.Category.Category
}

var (
	// years of agreements that ended early are settled before their time, at nothing: they bind nobody else
	selectSettled = db.SQL("rule.settled.last",
		`select coalesce(max(s.year), 0) from settlement s join agreement a on a.programme_id = s.programme_id and a.id = s.agreement_id
		 where s.programme_id = $1 and s.state in ('communicated', 'objection', 'final') and a.state <> 'terminated'
		   and (s.year <= $2 or a.state <> 'closed')`)
	selectLastProgramme = db.SQL("rule.programme.last", `select coalesce(max(starts_on), '') from programme_rule where programme_id = $1 and $2 = ''`)
	selectLastClaim     = db.SQL("rule.claim.last", `select coalesce(max(starts_on), '') from claim_rule where programme_id = $1 and $2 = ''`)
	selectLastCategory  = db.SQL("rule.category.last", `select coalesce(max(starts_on), '') from category_rule where programme_id = $1 and category = $2`)
)

// Set changes a rule from a day on, with a reason: never before today, never in a year that was settled. Invalid at the field that is wrong;
// conflict (rules.same) where nothing would change.
func Set(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, c Change) error {
	if err := by.May("rule.change", access.Subject{}); err != nil {
		return err
	}
	part, category := c.part()
	settled, last, err := bounds(ctx, tx, g.ID, part, category)
	if err != nil {
		return err
	}
	if err := fault.Join(checkReason(c.Reason), checkDay(c, g, tx.Now.Date(), settled, last)); err != nil {
		return err
	}
	book, err := On(ctx, tx, by, g.ID, c.From)
	if err != nil {
		return err
	}
	was, is, err := c.write(ctx, tx, g.ID, book)
	if err != nil {
		return err
	}
	change := id.New[id.Rule]()
	err = tx.Insert(ctx, "rule_change", []string{"programme_id", "id", "part", "category", "starts_on", "reason", "made_on", "made_by"},
		[][]any{{g.ID, change, string(part), category, c.From, c.Reason, tx.Now.Date(), db.OrNull(by.ID)}})
	if err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(g.ID), by.Label(), audit.Change{Verb: "rule.change", ObjectKind: "rule", ObjectID: string(change),
		Before: was, After: map[string]any{"part": part, "category": category, "from": c.From, "reason": c.Reason, "says": is}})
}

// bounds are the last day of the newest year that was settled, and the newest day from which the same rule changes.
func bounds(ctx context.Context, tx *db.Tx, g id.Programme, part Part, category string) (settled, last period.Date, err error) {
	var year period.Year
	if err := tx.Row(ctx, selectSettled, g, tx.Now.Date().Year()).Scan(&year); err != nil {
		return "", "", err
	}
	if year > 0 {
		settled = year.Last()
	}
	q := map[Part]db.Query{Programme: selectLastProgramme, Claim: selectLastClaim, Category: selectLastCategory}[part]
	return settled, last, tx.Row(ctx, q, g, category).Scan(&last)
}

// write tests what the rule says against what holds on that day, and writes it.
func (c Change) write(ctx context.Context, tx *db.Tx, g id.Programme, now Book) (was, is any, err error) {
	same := fault.Conflict("rules.same", nil)
	switch {
	case c.Programme != nil:
		r := *c.Programme
		r.From = c.From
		if err := checkProgramme(r, now.Rule); err != nil {
			return nil, nil, err
		}
		before := now.Rule
		if before.From = r.From; before == r {
			return nil, nil, same
		}
		return now.Rule, r, programme.AddRules(ctx, tx, g, programme.Rules{r})
	case c.Claim != nil:
		if err := CheckClaim(*c.Claim); err != nil {
			return nil, nil, err
		}
		if *c.Claim == now.Costs.Claim {
			return nil, nil, same
		}
		return now.Costs.Claim, *c.Claim, funding.AddRules(ctx, tx, g, c.From, c.Claim, nil)
	}
	if err := CheckCategory(*c.Category, now.Costs.Categories); err != nil {
		return nil, nil, err
	}
	return now.Costs.Categories[c.Category.Category], *c.Category, funding.AddRules(ctx, tx, g, c.From, nil, []funding.CategoryRule{*c.Category})
}
