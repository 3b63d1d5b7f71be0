// Package company holds the commands about companies that are one.
package company

import (
	"fmt"
	"strconv"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/company"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

// Command is about companies.
type Command struct {
	Likely  likelyCommand  `cmd:"" help:"Pairs of companies that may be one, the likeliest first, with why."`
	Merge   mergeCommand   `cmd:"" help:"Let a company stand for another one from now on; no row moves."`
	Unmerge unmergeCommand `cmd:"" help:"Undo a merge, exactly."`
	Merges  mergesCommand  `cmd:"" help:"Merges in force."`

	Apart      apartCommand      `cmd:"" help:"Say that two companies are two, however alike: the pair does not come back unless one changes."`
	Reconsider reconsiderCommand `cmd:"" help:"Take back that two companies are two."`
	Aparts     apartsCommand     `cmd:"" help:"Companies that were told apart."`
}

// read reads what only whoever merges companies may see: the names of all of them.
func read(r *command.Run, fn func(tx *db.Tx) error) error {
	return r.With(func(d *db.DB) error {
		return d.Read(r, func(tx *db.Tx) error {
			by, err := r.Actor(tx)
			if err != nil {
				return err
			}
			if err := by.May("company.merge", access.Subject{Kind: "company"}); err != nil {
				return err
			}
			return fn(tx)
		})
	})
}

// write does one verb for the whole agency.
func write(r *command.Run, fn func(tx *db.Tx, by access.Actor) error) error {
	return r.With(func(d *db.DB) error {
		return d.WriteAgency(r, func(tx *db.Tx) error {
			by, err := r.Actor(tx)
			if err != nil {
				return err
			}
			return fn(tx, by)
		})
	})
}

type likelyCommand struct{}

type pair struct {
	A     string   `json:"a"`
	B     string   `json:"b"`
	NameA string   `json:"name_a"`
	NameB string   `json:"name_b"`
	Score int      `json:"score"`
	Why   []string `json:"why"`
}

func (c *likelyCommand) Run(r *command.Run) error {
	rows := []pair{}
	err := read(r, func(tx *db.Tx) error {
		all, _, err := company.Likely(r, tx)
		for _, p := range all {
			x := pair{string(p.A.ID), string(p.B.ID), p.A.Name, p.B.Name, p.Score, nil}
			for _, w := range p.Why {
				x.Why = append(x.Why, string(w))
			}
			rows = append(rows, x)
		}
		return err
	})
	if err != nil {
		return err
	}
	return command.WriteRows(r, rows, []string{"a", "b", "name_a", "name_b", "score", "why"}, func(p pair) []string {
		return []string{p.A, p.B, p.NameA, p.NameB, strconv.Itoa(p.Score), strings.Join(p.Why, " ")}
	})
}

type mergeCommand struct {
	From   string `arg:"" help:"Id of the company that becomes the other one."`
	Into   string `arg:"" help:"Id of the company that stands for both."`
	Reason string `required:"" help:"Why."`
}

func (c *mergeCommand) Run(r *command.Run) error {
	from, into, err := company.ParsePair(c.From, c.Into)
	if err != nil {
		return err
	}
	var m id.Merge
	err = write(r, func(tx *db.Tx, by access.Actor) (err error) {
		m, err = company.Join(r, tx, by, from, into, c.Reason)
		return err
	})
	if err != nil {
		return err
	}
	r.Say("cli.company_merged", text.Args{"merge": m})
	_, err = fmt.Fprintln(r.Out, m)
	return err
}

type unmergeCommand struct {
	Merge  string `arg:"" help:"Id of the merge."`
	Reason string `required:"" help:"Why."`
}

func (c *unmergeCommand) Run(r *command.Run) error {
	m, err := id.Parse[id.Merge](c.Merge)
	if err != nil {
		return fault.Missing("company.merge_missing", nil)
	}
	err = write(r, func(tx *db.Tx, by access.Actor) error { return company.Part(r, tx, by, m, c.Reason) })
	if err == nil {
		r.Say("cli.company_parted", nil)
	}
	return err
}

type mergesCommand struct{}

type merged struct {
	ID     string `json:"id"`
	From   string `json:"from"`
	Into   string `json:"into"`
	On     string `json:"merged_on"`
	Reason string `json:"reason"`
}

func (c *mergesCommand) Run(r *command.Run) error {
	rows := []merged{}
	err := read(r, func(tx *db.Tx) error {
		all, err := company.InForce(r, tx)
		for _, m := range all {
			rows = append(rows, merged{string(m.ID), m.FromName, m.IntoName, string(m.On), m.Reason})
		}
		return err
	})
	if err != nil {
		return err
	}
	return command.WriteRows(r, rows, []string{"id", "from", "into", "merged_on", "reason"}, func(m merged) []string {
		return []string{m.ID, m.From, m.Into, m.On, m.Reason}
	})
}
