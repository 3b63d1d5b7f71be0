package overlap

import (
	"strconv"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/coordination"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// in is the programme of a command.
type in struct {
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
}

type list struct {
	in
	Year  period.Year        `required:"" help:"In which one of the two starts."`
	State coordination.State `default:"open" enum:"open,joined,moved,justified,dismissed,all" help:"open, joined, moved, justified, dismissed or all."`
}

// line is an overlap of a programme.
type line struct {
	A        string  `json:"a"`
	B        string  `json:"b"`
	Kind     string  `json:"kind"`
	Score    float64 `json:"score"`
	State    string  `json:"state"`
	InTheWay bool    `json:"in_the_way"`
	Why      string  `json:"why"`
}

func lineOf(r *command.Run, o *coordination.Overlap) line {
	return line{o.A.Code, o.B.Code, string(o.Kind), float64(o.Bp) / 10000, string(o.State), o.InTheWay(), o.Why(r.Language())}
}

func writeLines(r *command.Run, rows []line) error {
	return command.WriteRows(r, rows, []string{"a", "b", "kind", "score", "state", "in_the_way", "why"}, func(x line) []string {
		return []string{x.A, x.B, x.Kind, strconv.FormatFloat(x.Score, 'f', 4, 64), x.State, strconv.FormatBool(x.InTheWay), x.Why}
	})
}

// Run lists the overlaps of a year that concern the actor, the closest first.
func (c *list) Run(r *command.Run) error {
	rows := []line{}
	err := r.ReadIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		all, err := coordination.Between(r, tx, by.ScopeFor("overlap.read"), g.ID, c.Year.First(), c.Year.Last())
		for i := range all {
			if c.State == "all" || all[i].State == c.State {
				rows = append(rows, lineOf(r, &all[i]))
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return writeLines(r, rows)
}

// pairOf is two activities.
type pairOf struct {
	in
	One   string `arg:"" help:"Code of an activity."`
	Other string `arg:"" help:"Code of the one that it overlaps with."`
}

func (c pairOf) ref() coordination.Ref { return coordination.Ref{One: c.One, Other: c.Other} }

// do runs a verb on the overlap and writes how it stands then.
func (c pairOf) do(r *command.Run, verb func(tx *db.Tx, by access.Actor, g programme.Programme) error) error {
	var o coordination.Overlap
	err := r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		if err := verb(tx, by, g); err != nil {
			return err
		}
		var err error
		o, err = coordination.Load(r, tx, by.ScopeFor("overlap.read"), g.ID, c.One, c.Other)
		return err
	})
	if err != nil {
		return err
	}
	return writeLines(r, []line{lineOf(r, &o)})
}

type reasoned struct {
	pairOf
	Reason string `required:"" help:"Why."`
}

type (
	justify struct{ reasoned }
	dismiss struct{ reasoned }
	reopen  struct{ reasoned }
	decline struct{ reasoned }
	agree   struct{ pairOf }
	move    struct {
		reasoned
		Activity string      `required:"" placeholder:"CODE" help:"The one of the two that moves."`
		From     period.Date `required:"" help:"Its first day."`
		Until    period.Date `help:"Its last day; without it, one day."`
	}
	propose struct {
		pairOf
		Keep  string   `required:"" placeholder:"CODE" help:"The one of the two that stays."`
		Share []string `required:"" placeholder:"CODE=N" help:"Each organiser's share of cost and credit, as a whole number."`
		Note  string   `help:"Message to the other organiser."`
	}
)

func (c *justify) Run(r *command.Run) error {
	return c.do(r, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		return coordination.Justify(r, tx, by, g.ID, c.ref(), c.Reason)
	})
}

func (c *dismiss) Run(r *command.Run) error {
	return c.do(r, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		return coordination.Dismiss(r, tx, by, g.ID, c.ref(), c.Reason)
	})
}

func (c *reopen) Run(r *command.Run) error {
	return c.do(r, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		return coordination.Reopen(r, tx, by, g.ID, c.ref(), c.Reason)
	})
}

func (c *decline) Run(r *command.Run) error {
	return c.do(r, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		return coordination.Decline(r, tx, by, g.ID, c.ref(), c.Reason)
	})
}

func (c *agree) Run(r *command.Run) error {
	return c.do(r, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		return coordination.Agree(r, tx, by, g.ID, c.ref())
	})
}

func (c *move) Run(r *command.Run) error {
	return c.do(r, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		return coordination.Move(r, tx, by, g.ID, c.ref(), c.Activity, c.From, c.Until, c.Reason)
	})
}

func (c *propose) Run(r *command.Run) error {
	weights := map[string]int64{}
	for _, s := range c.Share {
		code, number, _ := strings.Cut(s, "=")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return fault.Invalid("share", "overlap.want_share", text.Args{"found": s})
		}
		weights[code] = n
	}
	return c.do(r, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		return coordination.Propose(r, tx, by, g.ID, c.ref(), c.Keep, weights, c.Note)
	})
}
