// Package rule is what a programme says of money on a day: the agency's share, what is tied to results, which costs count and how far, how
// claims are looked at, and the terms. It reads all of it together, and changes it from a day on with a reason. What a rule does to an amount
// stands in funding; what was settled keeps the rules that it was settled by.
package rule

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// Part is which of a programme's rules is meant.
type Part string

// The parts that change one by one.
const (
	Programme Part = "programme" // shares, and the terms of the agency
	Claim     Part = "claim"     // sample, second look, proofs, and the partners' terms
	Category  Part = "category"  // of cost
)

// Made is a change that somebody made.
type Made struct {
	Part     Part
	Category string // of cost, "" for the other parts
	From     period.Date
	Reason   string
	On       period.Date
	By       string // name, "" the program itself
}

// Book is everything that a programme says of money on a day.
type Book struct {
	On      period.Date
	Rule    programme.Rule // zero before the first one
	Costs   funding.Rules
	Changes []Made // the newest first, those to come included
}

var selectMade = db.SQL("rule.change.list",
	`select c.part, c.category, c.starts_on, c.reason, c.made_on, coalesce(p.name, '') from rule_change c left join person p on p.id = c.made_by
	 where c.programme_id = $1 order by c.starts_on desc, c.id desc`)

// On reads what a programme says of money on a day. Denied without the verb rule.read.
func On(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, on period.Date) (Book, error) {
	b := Book{On: on}
	if err := by.May("rule.read", access.Subject{}); err != nil {
		return b, err
	}
	all, err := programme.LoadRules(ctx, tx, g)
	if err != nil {
		return b, err
	}
	b.Rule, _ = all.InForce(on)
	if b.Costs, err = funding.LoadRules(ctx, tx, g, on); err != nil {
		return b, err
	}
	return b, tx.Each(ctx, selectMade, []any{g}, func(r *sql.Rows) error {
		var m Made
		err := r.Scan(&m.Part, &m.Category, &m.From, &m.Reason, &m.On, &m.By)
		b.Changes = append(b.Changes, m)
		return err
	})
}
