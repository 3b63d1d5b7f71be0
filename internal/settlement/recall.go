package settlement

import (
	"context"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

var insertRecall = db.SQL("settlement.recall.insert",
	`insert into settlement_recall (programme_id, settlement_id, reason, recalled_on, recalled_by) values ($1, $2, $3, $4, $5)`)

// Recall takes back a communicated settlement whose money moved since it was computed, and tells the partner why: it makes room for a new
// computation, which is communicated with a term of its own. While the money stands as communicated it is a conflict: what a partner was
// told changes by an objection only. Source: docs/adr/008-recall.md.
func Recall(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a id.Agreement, year period.Year, reason string) (Settlement, error) {
	reason = strings.TrimSpace(reason)
	return act(ctx, tx, by, g, a, year, "settlement.recall", said{Reason: reason}, func(s *Settlement) error {
		p, err := funding.Load(ctx, tx, g, a, year)
		if err != nil {
			return err
		}
		if moved, err := s.MoneyMoved(p); err != nil {
			return err
		} else if !moved {
			return fault.Conflict("settlement.money_stands", nil)
		}
		if err := given(reason, "settlement.recall_reason_needed"); err != nil {
			return err
		}
		s.State = Restated
		if _, err := tx.Exec(ctx, insertRecall, g, s.ID, reason, tx.Now.Date(), db.OrNull(by.ID)); err != nil {
			return err
		}
		return reverseAccrual(ctx, tx, g, *s)
	})
}

// MoneyMoved tells whether the accepted cost, the cost part or what was paid is not what the settlement was computed from.
func (s Settlement) MoneyMoved(p funding.Position) (bool, error) {
	r := s.Working.Reckoning
	due, err := p.Terms.Due(p.Cost)
	return p.Cost.Sum() != r.Accepted || due != r.CostPart || p.NetPaid() != r.Paid, err
}
