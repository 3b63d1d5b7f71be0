package settlement

import (
	"context"
	"strings"
	"unicode/utf8"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// What became of an objection.
const (
	Upheld    = "upheld"
	Dismissed = "dismissed"
)

// wordsMost is how long a reason or an answer may be.
const wordsMost = 4000

var (
	insertObjection = db.SQL("settlement.objection.insert",
		`insert into settlement_objection (programme_id, settlement_id, reason, objected_on, objected_by, outcome, answer, answered_on, answered_by)
		 values ($1, $2, $3, $4, $5, '', '', '', null)`)
	answerObjection = db.SQL("settlement.objection.answer",
		`update settlement_objection set outcome = $3, answer = $4, answered_on = $5, answered_by = $6
		 where programme_id = $1 and settlement_id = $2 and outcome = ''`)
)

// Object records the partner's objection within its term, with its reason. A version is objected to once.
func Object(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a id.Agreement, year period.Year, reason string) (Settlement, error) {
	reason = strings.TrimSpace(reason)
	return act(ctx, tx, by, g, a, year, "settlement.object", said{Reason: reason}, func(s *Settlement) error {
		if tx.Now.Date() > s.ObjectionUntil {
			return fault.Conflict("settlement.term_over", text.Args{"until": s.ObjectionUntil})
		}
		if err := given(reason, "settlement.reason_needed"); err != nil {
			return err
		}
		s.State = Objection
		_, err := tx.Exec(ctx, insertObjection, g, s.ID, reason, tx.Now.Date(), db.OrNull(by.ID))
		return err
	})
}

// Uphold agrees with an objection and says why: the settlement makes room for a new computation.
func Uphold(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a id.Agreement, year period.Year, answer string) (Settlement, error) {
	return answered(ctx, tx, by, g, a, year, "settlement.uphold", Upheld, answer, func(s *Settlement) error {
		s.State = Restated
		return reverseAccrual(ctx, tx, g, *s)
	})
}

// Dismiss turns an objection down and says why: the settlement stands as communicated, and no new term starts.
func Dismiss(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a id.Agreement, year period.Year, answer string) (Settlement, error) {
	return answered(ctx, tx, by, g, a, year, "settlement.dismiss", Dismissed, answer, func(s *Settlement) error {
		s.State = Communicated
		s.ObjectionUntil = tx.Now.Date()
		return nil
	})
}

func answered(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a id.Agreement, year period.Year, verb access.VerbName,
	outcome, answer string, apply func(*Settlement) error) (Settlement, error) {
	answer = strings.TrimSpace(answer)
	return act(ctx, tx, by, g, a, year, verb, said{Answer: answer}, func(s *Settlement) error {
		if err := given(answer, "settlement.answer_needed"); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, answerObjection, g, s.ID, outcome, answer, tx.Now.Date(), db.OrNull(by.ID))
		if err == nil && n != 1 {
			err = fault.Conflict("settlement.moved", nil)
		}
		if err != nil {
			return err
		}
		return apply(s)
	})
}

// given tells whether words were given, and not too many. The field of a form is called words, whatever they are.
func given(words string, missing text.Key) error {
	if words == "" {
		return fault.Invalid("words", missing, nil)
	}
	if n := utf8.RuneCountInString(words); n > wordsMost {
		return fault.Invalid("words", "settlement.words_long", text.Args{"n": n, "most": wordsMost})
	}
	return nil
}
