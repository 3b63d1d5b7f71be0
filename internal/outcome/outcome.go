// Package outcome holds what came of partners' work besides attendance: contacts, services, wins, entries, investments and the like, as
// they were reported. That they count, and for whom, is evidence.
package outcome

import (
	"context"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// Kinds lists the kinds of outcome: every kind of evidence that does not come from an activity or from attendance.
func Kinds() []evidence.Kind {
	var kinds []evidence.Kind
	for _, k := range evidence.Kinds() {
		if k != evidence.Held && k != evidence.Participation {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// Measured tells whether an outcome of a kind has a quantity: the score of an evaluation, the jobs of an investment or retention, the
// people whom a mention in the media reached, the number that was declared.
func Measured(k evidence.Kind) bool {
	switch k {
	case evidence.Evaluation, evidence.Investment, evidence.Retention, evidence.Media, evidence.Declared:
		return true
	}
	return false
}

// Outcome is one result as reported. Company and Activity may be none.
type Outcome struct {
	ID                   id.Outcome
	Code                 string
	Kind                 evidence.Kind
	Company              id.Company
	Activity             id.Activity
	Dated                period.Date
	Market, Sector, Need string
	Amount               *money.Amount
	Quantity             string // exact decimal
	RecordedOn           period.Date
	Adjusted             *money.Amount // Amount less what would have happened anyway; kept with the evidence
	Marks                []string      // kept with the evidence
}

// Add writes outcomes of a programme; the caller records their evidence.
func Add(ctx context.Context, tx *db.Tx, programme id.Programme, all []Outcome) error {
	rows := make([][]any, len(all))
	for i, o := range all {
		var amount any
		if o.Amount != nil {
			amount = int64(*o.Amount)
		}
		rows[i] = []any{programme, o.ID, o.Code, o.Kind, db.OrNull(o.Company), db.OrNull(o.Activity), o.Dated, o.Market, o.Sector, o.Need,
			amount, o.Quantity, o.RecordedOn}
	}
	return tx.Insert(ctx, "outcome", []string{"programme_id", "id", "code", "kind", "company_id", "activity_id", "dated", "market",
		"sector", "need", "amount", "quantity", "recorded_on"}, rows)
}
