package settlement

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Act runs the verb of a name: communicate, discard, object, uphold, dismiss, recall or finalise. Words are the reason of an objection or
// a recall, or the answer to an objection; the other verbs need none.
func Act(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a id.Agreement, year period.Year, verb, words string) (Settlement, error) {
	switch verb {
	case "communicate":
		return Communicate(ctx, tx, by, g, a, year)
	case "discard":
		return Discard(ctx, tx, by, g, a, year)
	case "object":
		return Object(ctx, tx, by, g, a, year, words)
	case "uphold":
		return Uphold(ctx, tx, by, g, a, year, words)
	case "dismiss":
		return Dismiss(ctx, tx, by, g, a, year, words)
	case "recall":
		return Recall(ctx, tx, by, g, a, year, words)
	case "finalise":
		return Finalise(ctx, tx, by, g, a, year)
	}
	return Settlement{}, fault.Missing("settlement.no_verb", text.Args{"verb": verb})
}

// Communicate sends a computed settlement to the partner; its objection term starts. Conflict while the year runs.
func Communicate(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a id.Agreement, year period.Year) (Settlement, error) {
	return act(ctx, tx, by, g, a, year, "settlement.communicate", said{}, func(s *Settlement) error {
		if err := mustBeOver(ctx, tx, g, a, year); err != nil {
			return err
		}
		days, err := objectionDays(ctx, tx, g, tx.Now.Date())
		if err != nil {
			return err
		}
		s.State = Communicated
		s.CommunicatedOn, s.CommunicatedBy = tx.Now.Date(), by.ID
		s.ObjectionUntil = s.CommunicatedOn.AddDays(days)
		return nil
	})
}

// Discard throws a computed settlement away; its accrual is reversed.
func Discard(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a id.Agreement, year period.Year) (Settlement, error) {
	return act(ctx, tx, by, g, a, year, "settlement.discard", said{}, func(s *Settlement) error {
		s.State = Discarded
		return reverseAccrual(ctx, tx, g, *s)
	})
}

// Finalise makes a communicated settlement final: the performance part becomes payable, the advance is cleared, the rest of the ceiling
// returns to the envelope. A person may do it at once; the passing of the objection term does it by itself. Source: domain 4.5.
func Finalise(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a id.Agreement, year period.Year) (Settlement, error) {
	return act(ctx, tx, by, g, a, year, "settlement.finalise", said{}, func(s *Settlement) error {
		today := tx.Now.Date()
		if by.IsSystem() && today <= s.ObjectionUntil {
			return fault.Conflict("settlement.term_running", text.Args{"until": s.ObjectionUntil})
		}
		p, err := funding.Load(ctx, tx, g, a, year)
		if err != nil {
			return err
		}
		if p.OpenClaims+p.InFlight+p.Parked > 0 {
			return fault.Conflict("settlement.still_open",
				text.Args{"claims": p.OpenClaims, "payments": p.InFlight, "parked": p.Parked})
		}
		if moved, err := s.MoneyMoved(p); err != nil {
			return err
		} else if moved {
			return fault.Conflict("settlement.money_moved", nil)
		}
		s.State, s.FinalOn, s.FinalBy = Final, today, by.ID
		return bookFinal(ctx, tx, g, *s, p)
	})
}

// bookFinal books what closing an agreement-year means, one entry for each line of the table in domain 4.13.
func bookFinal(ctx context.Context, tx *db.Tx, g id.Programme, s Settlement, p funding.Position) error {
	_, c := p.Close(s.Working.Reckoning.Earned)
	for _, e := range []struct {
		step  string
		event ledger.Event
		lines []ledger.Line
	}{
		{"performance-final", ledger.EventPerformanceFinal, ledger.PerformanceFinal(c.Performance)},
		{"netted", ledger.EventNetted, ledger.Netted(c.FromAdvance, 0)},
		{"advance-unused", ledger.EventAdvanceUnused, ledger.AdvanceUnused(c.Unused)},
		{"netted-owed", ledger.EventNettedOwed, ledger.Netted(0, c.FromOwed)},
		{"decommitted", ledger.EventDecommitted, ledger.Decommitted(c.Left)},
	} {
		if _, err := ledger.Post(ctx, tx, s.entry(g, e.step, e.event, tx.Now.Date(), e.lines)); err != nil {
			return err
		}
	}
	return nil
}

// said is what a verb was given in words, for the trail.
type said struct {
	Reason string `json:"reason,omitempty"`
	Answer string `json:"answer,omitempty"`
}

// act is what every verb on a stored settlement has in common: load within the scope, check leave, apply, save, audit.
func act(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a id.Agreement, year period.Year, verb access.VerbName,
	words said, apply func(*Settlement) error) (Settlement, error) {
	before, err := Latest(ctx, tx, by, g, a, year)
	if err != nil {
		return before, err
	}
	if err := by.May(verb, before.Subject()); err != nil {
		return before, err
	}
	after := before
	if err := apply(&after); err != nil {
		return before, err
	}
	if err := move(ctx, tx, g, before.State, after); err != nil {
		return before, err
	}
	return after, audit.Append(ctx, tx, string(g), by.Label(), trail(string(verb), before, after, words))
}

var loadObjectionDays = db.SQL("settlement.objection_days.load",
	`select r.objection_days from programme_rule r where r.programme_id = $1 and r.starts_on = (
	   select max(x.starts_on) from programme_rule x where x.programme_id = $1 and x.starts_on <= $2)`)

func objectionDays(ctx context.Context, tx *db.Tx, g id.Programme, on period.Date) (int, error) {
	var days int
	err := tx.Row(ctx, loadObjectionDays, g, on).Scan(&days)
	if err == db.ErrNone {
		return 0, fault.Missing("settlement.no_rule", text.Args{"on": on})
	}
	return days, err
}
