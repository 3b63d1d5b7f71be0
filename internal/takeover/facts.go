// Package takeover brings in the money of agreement-years as it happened elsewhere: a round that is already running, or one that is over. It
// plays the facts in their order through the rules of funding, and books every entry that the verbs would have booked.
package takeover

import (
	"cmp"
	"slices"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Facts is the money of one agreement-year as it happened elsewhere, for taking it over whole.
type Facts struct {
	Partner          id.Organisation
	Agreement        id.Agreement
	Year             period.Year
	Ceiling          money.Amount // as signed
	PerformanceBp    money.Bp     // of the rule in force on the last day of the year
	Signed           period.Date
	VATRecoverableBp money.Bp // of the partner
	Claims           []ClaimFacts
	Payments         []PaymentFacts
	Corrections      []CorrectionFacts
	Opening          []funding.OpeningFacts
	OpeningRate      money.Bp // see OpeningRate

	Code       string                                               // of the partner
	Categories func(on period.Date) map[string]funding.CategoryRule // in force on a day; nil: there are no flat rates
	Taken      func(ref string) bool                                // tells whether an item has a reference already; nil: none has
}

// ClaimFacts is a claim with its items; Approved is empty while it is open.
type ClaimFacts struct {
	ID                                id.Claim
	Number                            int
	Submitted, Verified, Approved     period.Date
	EnteredBy, VerifiedBy, ApprovedBy id.Person
	Items                             []funding.Item
}

// PaymentFacts is one payment; Executed is empty while it is in flight.
type PaymentFacts struct {
	ID                    id.Payment
	Kind                  funding.PaymentKind
	Claim                 id.Claim
	Amount                money.Amount
	Ordered, Executed     period.Date
	OrderedBy, ApprovedBy id.Person
}

// CorrectionFacts strikes accepted cost of an item after payment.
type CorrectionFacts struct {
	ID     id.Correction
	Item   id.Item
	Cost   money.Amount
	Reason string
	On     period.Date
	By     id.Person
}

// A FactFault names the fact that does not fit the year's money.
type FactFault struct {
	Kind string // claim, payment, correction, opening, ref
	ID   string
	Key  text.Key
	Args text.Args
}

func (f *FactFault) Error() string { return f.Kind + " " + f.ID + ": " + string(f.Key) }

// Unwrap lets the fault be shown to people.
func (f *FactFault) Unwrap() error { return fault.Invalid(f.Kind, f.Key, f.Args) }

// happening is one dated fact of a year's money. Within a day, what creates room comes before what uses it.
type happening struct {
	on    period.Date
	order int
	apply func(*fold) error
}

// fold runs over an agreement-year's facts in their order and collects what they book.
type fold struct {
	Facts
	currency  string
	year      funding.Year
	programme id.Programme
	entries   []ledger.Entry
	unpaid    map[id.Claim]money.Amount // to pay of an approved claim
	claims    map[id.Claim]claimResult
	struck    map[id.Item]money.Amount
	accepted  map[id.Item]acceptedItem
	dues      map[id.Correction]money.Amount
}

type claimResult struct {
	cost money.Amount
	step funding.Step
}

type acceptedItem struct {
	rate     money.Bp
	cost     money.Amount
	eligible money.Amount
}

// Fold plays the facts of one agreement-year in their order and tells where its money stands. It writes nothing.
// A fact that does not fit is a *FactFault.
func Fold(currency string, f Facts) (funding.Year, error) {
	run, err := play("", currency, f)
	if err != nil {
		return funding.Year{}, err
	}
	return run.year, nil
}

func play(programme id.Programme, currency string, f Facts) (*fold, error) {
	f, err := f.withFlats(currency)
	if err != nil {
		return nil, err
	}
	run := &fold{
		Facts: f, currency: currency, programme: programme,
		year:     funding.Year{Terms: funding.Terms{Ceiling: f.Ceiling, PerformanceBp: f.PerformanceBp}},
		unpaid:   map[id.Claim]money.Amount{},
		claims:   map[id.Claim]claimResult{},
		struck:   map[id.Item]money.Amount{},
		accepted: map[id.Item]acceptedItem{},
		dues:     map[id.Correction]money.Amount{},
	}
	var all []happening
	for i := range f.Payments {
		p := &f.Payments[i]
		if p.Kind == funding.AdvancePayment {
			all = append(all, happening{p.Ordered, 0, func(r *fold) error { return r.orderAdvance(p) }})
		}
		if p.Executed != "" {
			all = append(all, happening{p.Executed, executionOrder(p.Kind), func(r *fold) error { return r.execute(p) }})
		}
	}
	for i := range f.Claims {
		c := &f.Claims[i]
		if c.Approved != "" {
			all = append(all, happening{c.Approved, 2, func(r *fold) error { return r.approve(c) }})
		}
	}
	for i := range f.Corrections {
		c := &f.Corrections[i]
		all = append(all, happening{c.On, 4, func(r *fold) error { return r.correct(c) }})
	}
	slices.SortStableFunc(all, func(a, b happening) int {
		return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.order, b.order))
	})
	if err := run.open(); err != nil {
		return nil, err
	}
	for _, h := range all {
		if err := h.apply(run); err != nil {
			return nil, err
		}
	}
	return run, nil
}

func executionOrder(k funding.PaymentKind) int {
	if k == funding.AdvancePayment {
		return 1
	}
	return 5
}

func (r *fold) orderAdvance(p *PaymentFacts) error {
	if p.Amount > r.Ceiling-r.year.Advance {
		return &FactFault{"payment", string(p.ID), "funding.advance_above_ceiling", text.Args{"ceiling": r.Ceiling}}
	}
	r.year.Advance += p.Amount
	r.post(ledger.AdvanceOrdered(p.Amount), "advance-ordered", p.Ordered, "payment", string(p.ID))
	return nil
}

func (r *fold) approve(c *ClaimFacts) error {
	cost := funding.RatedCost{}
	for _, i := range c.Items {
		a, err := acceptItem(i, r.currency, r.VATRecoverableBp)
		if err != nil {
			return err
		}
		r.accepted[i.ID] = a
		cost[i.RateBp] += a.cost
	}
	year, step, err := r.year.Approve(cost)
	if err != nil {
		return err
	}
	r.year = year
	r.claims[c.ID] = claimResult{cost.Sum(), step}
	r.unpaid[c.ID] = step.ToPay
	r.post(ledger.ClaimApproved(step.Due, step.Cost, step.OwedBack), "claim-approved", c.Approved, "claim", string(c.ID))
	r.takeBack(step.FromUnpaid)
	r.net(step, c.Approved, "claim", string(c.ID))
	return nil
}

// open begins the fold with what was taken over. What was due must be what the cost entitles to, so that the next claim's due is its own.
func (r *fold) open() error {
	if len(r.Opening) == 0 {
		return nil
	}
	o := funding.OpeningOf(r.Opening, r.OpeningRate)
	r.year = o.Begin(r.year)
	due, err := r.year.Terms.Due(r.year.Cost)
	if err != nil {
		return err
	}
	if due != o.Due {
		return &FactFault{Kind: "opening", Key: "funding.opening_due", Args: text.Args{"due": due, "cost": o.Cost}}
	}
	return nil
}

// takeBack lowers what is still to be paid of approved claims, the newest first.
func (r *fold) takeBack(amount money.Amount) {
	for i := len(r.Claims) - 1; i >= 0 && amount > 0; i-- {
		part := min(amount, r.unpaid[r.Claims[i].ID])
		if part > 0 {
			r.unpaid[r.Claims[i].ID] -= part
			amount -= part
		}
	}
}

func acceptItem(i funding.Item, currency string, recoverable money.Bp) (acceptedItem, error) {
	i.VATBp = recoverable
	eligible, err := i.Eligible(i.Currency != "" && i.Currency != currency)
	if err != nil {
		return acceptedItem{}, err
	}
	return acceptedItem{i.RateBp, i.AcceptedCost(eligible), eligible}, nil
}

func (r *fold) net(s funding.Step, on period.Date, kind, subject string) {
	r.post(ledger.Netted(s.FromAdvance, s.FromOwed), "netted", on, kind, subject)
}

func (r *fold) execute(p *PaymentFacts) error {
	switch p.Kind {
	case funding.AdvancePayment:
		r.year.Executed += p.Amount
		r.year.Open += p.Amount
	case funding.Repayment:
		if p.Amount > r.year.Recoverable {
			return &FactFault{"payment", string(p.ID), "funding.repaid_too_much", text.Args{"owed": r.year.Recoverable}}
		}
		r.year.Recoverable -= p.Amount
		r.year.Repaid += p.Amount
		r.post(ledger.Repaid(p.Amount), "repaid", p.Executed, "payment", string(p.ID))
		return nil
	case funding.ClaimPayment:
		if p.Amount > r.unpaid[p.Claim] {
			return &FactFault{"payment", string(p.ID), "funding.paid_too_much", text.Args{"due": r.unpaid[p.Claim]}}
		}
		r.unpaid[p.Claim] -= p.Amount
		r.year.Payable -= p.Amount
	case funding.BalancePayment:
		return &FactFault{"payment", string(p.ID), "funding.balance_before_final", nil}
	}
	r.year.Paid += p.Amount
	r.post(ledger.Executed(p.Amount), "executed", p.Executed, "payment", string(p.ID))
	return nil
}

func (r *fold) correct(c *CorrectionFacts) error {
	item, known := r.accepted[c.Item]
	if !known || c.Cost > item.cost-r.struck[c.Item] {
		return &FactFault{"correction", string(c.ID), "funding.correction_too_much",
			text.Args{"accepted": item.cost - r.struck[c.Item]}}
	}
	year, step, err := r.year.Correct(item.rate, c.Cost)
	if err != nil {
		return err
	}
	r.year = year
	r.takeBack(step.FromUnpaid)
	r.struck[c.Item] += c.Cost
	r.dues[c.ID] = step.Due
	r.post(ledger.Corrected(step.Due, step.Cost, step.OwedBack), "corrected", c.On, "correction", string(c.ID))
	return nil
}

func (r *fold) post(lines []ledger.Line, event string, on period.Date, kind, subject string) {
	if len(lines) == 0 {
		return
	}
	r.entries = append(r.entries, ledger.Entry{
		ID: id.New[id.Entry](), Programme: r.programme, Key: event + ":" + subject, Event: ledger.Event(event), BookedOn: on,
		Agreement: r.Agreement, Year: r.Year, SubjectKind: kind, SubjectID: subject, Lines: lines,
	})
}
