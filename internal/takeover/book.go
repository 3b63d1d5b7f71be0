package takeover

import (
	"context"
	"slices"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// Book takes over the money of agreement-years as it happened: claims, items, payments and corrections with every ledger entry.
// Envelopes are voted on the programme's first day, or with the first agreement that was signed before it; pass them once. It returns the
// number of entries.
func Book(ctx context.Context, tx *db.Tx, g id.Programme, currency string, starts period.Date,
	envelopes map[period.Year]money.Amount, years []Facts) (int, error) {
	var rows bookRows
	voted := starts
	for _, f := range years {
		if f.Signed != "" {
			voted = min(voted, f.Signed)
		}
	}
	for _, year := range slices.Sorted(mapKeys(envelopes)) {
		rows.entries = append(rows.entries, ledger.Entry{ID: id.New[id.Entry](), Programme: g, Key: "envelope-voted:" + year.String(),
			Event: "envelope-voted", BookedOn: voted, Year: year, SubjectKind: "programme", SubjectID: string(g),
			Lines: ledger.EnvelopeVoted(envelopes[year])})
	}
	for _, f := range years {
		run, err := play(g, currency, f)
		if err != nil {
			return 0, err
		}
		rows.commit(g, f)
		rows.opening(g, starts, f)
		rows.entries = append(rows.entries, run.entries...)
		rows.claims(g, currency, run.Facts, run)
		rows.payments(g, f)
		rows.corrections(g, run.Facts, run)
	}
	slices.SortStableFunc(rows.entries, func(a, b ledger.Entry) int { return strings.Compare(string(a.BookedOn), string(b.BookedOn)) })
	return len(rows.entries), rows.save(ctx, tx, g)
}

func mapKeys[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// bookRows are rows ready for bulk insertion.
type bookRows struct {
	entries                                          []ledger.Entry
	claimRows, itemRows, paymentRows, correctionRows [][]any
}

func (b *bookRows) commit(g id.Programme, f Facts) {
	if f.Ceiling == 0 {
		return
	}
	b.entries = append(b.entries, ledger.Entry{ID: id.New[id.Entry](), Programme: g,
		Key: "signed:" + string(f.Agreement) + ":" + f.Year.String(), Event: "signed", BookedOn: f.Signed, Agreement: f.Agreement, Year: f.Year,
		SubjectKind: "agreement", SubjectID: string(f.Agreement), Lines: ledger.Signed(f.Ceiling)})
}

func (b *bookRows) opening(g id.Programme, starts period.Date, f Facts) {
	if len(f.Opening) == 0 {
		return
	}
	e := ledger.Entry{ID: id.New[id.Entry](), Programme: g, Key: funding.OpeningKey(f.Agreement, f.Year), Event: ledger.EventOpening,
		BookedOn: starts, Agreement: f.Agreement, Year: f.Year, SubjectKind: "agreement", SubjectID: string(f.Agreement)}
	for _, o := range f.Opening {
		e.Lines = append(e.Lines, ledger.Opening(o.Account, o.Amount)...)
	}
	b.entries = append(b.entries, e)
}

func (b *bookRows) claims(g id.Programme, currency string, f Facts, run *fold) {
	paid := map[id.Claim]bool{}
	for _, p := range f.Payments {
		if p.Kind == funding.ClaimPayment && p.Executed != "" {
			paid[p.Claim] = true
		}
	}
	for _, c := range f.Claims {
		result := run.claims[c.ID]
		rounds := 0
		if c.Approved != "" {
			rounds = 1
		}
		b.claimRows = append(b.claimRows, []any{g, c.ID, f.Agreement, f.Year, c.Number, claimState(c, result.step, paid[c.ID]), c.Submitted,
			db.OrNull(c.EnteredBy), c.Verified, db.OrNull(c.VerifiedBy), c.Approved, db.OrNull(c.ApprovedBy), result.cost, result.step.Due, rounds, f.ruleDay(c)})
		for _, i := range c.Items {
			a, known := run.accepted[i.ID]
			if !known { // an item of a claim that is not approved yet has its eligible cost all the same
				a, _ = acceptItem(i, currency, f.VATRecoverableBp)
			}
			i.VATBp = f.VATRecoverableBp
			b.itemRows = append(b.itemRows, funding.ItemRow(g, currency, f.Agreement, f.Year, c.ID, i, a.eligible, a.cost))
		}
	}
}

// claimState is the state a taken-over claim is in, from its dates and payments.
func claimState(c ClaimFacts, s funding.Step, paid bool) string {
	switch {
	case paid:
		return "paid"
	case c.Approved != "" && s.ToPay <= 0:
		return "closed"
	case c.Approved != "":
		return "approved"
	case c.Verified != "":
		return "verified"
	default:
		return "submitted"
	}
}

func (b *bookRows) payments(g id.Programme, f Facts) {
	for _, p := range f.Payments {
		state := "executed"
		if p.Executed == "" {
			state = "approved"
			if p.ApprovedBy == "" {
				state = "ordered"
			}
		}
		b.paymentRows = append(b.paymentRows, []any{g, p.ID, f.Agreement, f.Year, p.Kind, db.OrNull(p.Claim), p.Amount, state, p.Ordered,
			db.OrNull(p.OrderedBy), db.OrNull(p.ApprovedBy), p.Executed, nil, nil, nil, ""})
	}
}

func (b *bookRows) corrections(g id.Programme, f Facts, run *fold) {
	for _, c := range f.Corrections {
		b.correctionRows = append(b.correctionRows,
			[]any{g, c.ID, f.Agreement, f.Year, c.Item, c.Cost, run.dues[c.ID], c.Reason, c.On, db.OrNull(c.By)})
	}
}

func (b *bookRows) save(ctx context.Context, tx *db.Tx, g id.Programme) error {
	for _, t := range []struct {
		name    string
		columns []string
		rows    [][]any
	}{
		{"claim", funding.ClaimColumns(), b.claimRows}, {"cost_item", funding.ItemColumns(), b.itemRows},
		{"payment", funding.PaymentColumns(), b.paymentRows}, {"correction", funding.CorrectionColumns(), b.correctionRows},
	} {
		if err := tx.Insert(ctx, t.name, t.columns, t.rows); err != nil {
			return err
		}
	}
	_, err := ledger.PostAll(ctx, tx, g, b.entries)
	return err
}
