package settlement

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
)

// Flow is the money of an agreement-year from what was promised to what was paid, as it stands now: each amount is the sum of those that it
// splits into. Several agreement-years add up.
type Flow struct {
	Signed, Carried, Overrun money.Amount // that the ceiling is made of
	Ceiling                  money.Amount
	Committed                money.Amount // reserved and not spent yet
	Consumed                 money.Amount // spent of what was reserved
	Released                 money.Amount // given back to the envelope, or carried into the next year

	Sources  []FlowSource // of the cost, in their order
	Declared money.Amount // Waiting + Accepted + Struck + Deducted + Parked + Less
	Waiting  money.Amount // handed in, not approved yet
	Deducted money.Amount
	Parked   money.Amount
	Less     money.Amount // what participants and other public money paid, and what lies above the cap of a category
	Struck   money.Amount // by corrections, of what was accepted
	Accepted money.Amount // E: Half + Above + Shared

	Half      money.Amount // H: CostPart + Pool
	Above     money.Amount // half of the cost, but above the ceiling: the partner's
	Shared    money.Amount // the partner's half
	CostPart  money.Amount
	Pool      money.Amount // Earned + NotEarned + Undecided
	Earned    money.Amount
	NotEarned money.Amount
	Undecided money.Amount // hangs on a score that the reader cannot know yet

	Advance  money.Amount // executed
	Open     money.Amount // of it, that no cost used up
	Netted   money.Amount // of it, that cost used up
	Paid     money.Amount // for claims and balances, less what was repaid
	Due      money.Amount // not paid yet: CostPart + Earned is Netted + Paid + Due - OwedBack
	Ordered  money.Amount // of what is due, on its way
	OwedBack money.Amount
}

// FlowSource is a claim, or what was taken over.
type FlowSource struct {
	Number   int    // of the claim; 0 is what was taken over
	State    string // of the claim
	Partner  string // code, where several agreement-years were added
	Declared money.Amount
	Waiting  money.Amount
	Accepted money.Amount
	Deducted money.Amount
	Parked   money.Amount
	Less     money.Amount
}

// Own is the partner's part of the accepted cost as far as it is known.
func (f Flow) Own() money.Amount { return f.Shared + f.Above + f.NotEarned }

// Unused is what accepted cost leaves of the ceiling.
func (f Flow) Unused() money.Amount { return f.Ceiling - f.Half }

var (
	flowWaiting = db.SQL("settlement.flow.waiting",
		`select c.number, c.state, cast(coalesce(sum(case when i.returns_id is null then i.eligible else 0 end), 0) as bigint)
		 from claim c join cost_item i on i.programme_id = c.programme_id and i.claim_id = c.id
		 where c.programme_id = $1 and c.agreement_id = $2 and c.year = $3
		   and c.state in ('submitted', 'in-verification', 'queried', 'verified', 'rejected')
		 group by c.number, c.state order by c.number`)
	flowOverrun = db.SQL("settlement.flow.overrun",
		`select cast(coalesce(sum(h.amount), 0) as bigint) from ceiling_change h
		 where h.programme_id = $1 and h.agreement_id = $2 and h.year = $3 and h.carried = 0`)
)

// LoadFlow reads the money of an agreement-year. What hangs on KPIs is told as far as the actor may read its settlement: a partner knows the
// score once it was communicated. Whether the actor may read the year at all is for the caller to know.
func LoadFlow(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, at AgreementYear) (Flow, error) {
	p, err := funding.Load(ctx, tx, g, at.Agreement, at.Year)
	if err != nil {
		return Flow{}, err
	}
	lines, err := LoadLines(ctx, tx, g, at.Agreement, at.Year)
	if err != nil {
		return Flow{}, err
	}
	var f Flow
	f.claims(p, lines)
	err = tx.Each(ctx, flowWaiting, []any{g, at.Agreement, at.Year}, func(r *sql.Rows) error {
		var s FlowSource
		err := r.Scan(&s.Number, &s.State, &s.Declared)
		if s.Waiting = s.Declared; s.State == "rejected" {
			s.Waiting, s.Deducted = 0, s.Declared
		}
		f.Sources = append(f.Sources, s)
		return err
	})
	if err != nil {
		return f, err
	}
	for n := range f.Sources {
		s := &f.Sources[n]
		s.Partner = at.Code
		f.Declared, f.Waiting = f.Declared+s.Declared, f.Waiting+s.Waiting
		s.Less = s.Declared - s.Waiting - s.Accepted - s.Deducted - s.Parked
		f.Deducted, f.Parked, f.Less = f.Deducted+s.Deducted, f.Parked+s.Parked, f.Less+s.Less
	}
	score, known := money.Bp(0), true
	s, err := Latest(ctx, tx, by, g, at.Agreement, at.Year)
	switch {
	case err == nil && s.State != Discarded && s.State != Restated:
		score = s.Working.Reckoning.Score
	case err == nil || fault.Is(err, fault.KindMissing):
		known = false
	default:
		return f, err
	}
	if err := f.promise(ctx, tx, g, at, p); err != nil {
		return f, err
	}
	return f, f.reckon(p, score, known)
}

// claims adds up what was approved, and what was taken over.
func (f *Flow) claims(p funding.Position, lines Lines) {
	if o := p.Opening; o != nil && o.Cost != 0 {
		f.Sources = append(f.Sources, FlowSource{Declared: o.Cost, Accepted: o.Cost})
	}
	for _, c := range lines.Claims { // an item that came back was declared once, and is parked no more
		f.Sources = append(f.Sources, FlowSource{Number: c.Number, State: c.State, Declared: c.Declared, Accepted: c.Accepted, Deducted: c.Deducted,
			Parked: c.Parked - c.Returned})
	}
	for _, k := range lines.Corrections {
		f.Struck += k.Cost
	}
}

// promise reads what the year's ceiling is made of and what was reserved.
func (f *Flow) promise(ctx context.Context, tx *db.Tx, g id.Programme, at AgreementYear, p funding.Position) error {
	if err := tx.Row(ctx, flowOverrun, g, at.Agreement, at.Year).Scan(&f.Overrun); err != nil {
		return err
	}
	f.Signed, f.Ceiling = p.Original, p.Ceiling
	f.Carried = p.Ceiling - p.Original - f.Overrun
	books, err := ledger.Balance(ctx, tx, g, ledger.Filter{Agreement: at.Agreement, Year: at.Year})
	f.Committed, f.Consumed = books[ledger.Committed], books[ledger.Consumed]
	f.Released = f.Ceiling - f.Committed - f.Consumed
	return err
}

// reckon splits accepted cost into what agency and partner bear, and what the agency bears into what was paid how.
func (f *Flow) reckon(p funding.Position, score money.Bp, known bool) error {
	r, err := Reckon(p.Year, score, p.Original, p.CarryBp)
	if err != nil {
		return err
	}
	f.Accepted, f.Half, f.Above, f.Shared = r.Accepted, r.Half, r.Uncapped-r.Half, r.Accepted-r.Uncapped
	f.CostPart, f.Pool = r.CostPart, r.Pool
	if known || r.Pool == 0 {
		f.Earned, f.NotEarned = r.Earned, r.NotEarned
	} else {
		f.Undecided = r.Pool
	}
	f.Advance, f.Open = p.Executed, p.Open
	entitled := f.CostPart + f.Earned
	spent := p.NetPaid() - p.Open // on cost
	f.Netted = min(p.Executed-p.Open, entitled)
	f.Paid = spent - f.Netted
	f.Due, f.OwedBack = max(0, entitled-spent), max(0, spent-entitled)
	f.Ordered = min(p.InTransit, f.Due)
	return nil
}

// Plus adds another agreement-year; the claims of one are told as one source.
func (f Flow) Plus(o Flow) Flow {
	var s FlowSource
	for _, one := range o.Sources {
		s.Partner, s.Number = one.Partner, s.Number+1
		s.Declared, s.Waiting = s.Declared+one.Declared, s.Waiting+one.Waiting
		s.Accepted, s.Deducted = s.Accepted+one.Accepted, s.Deducted+one.Deducted
		s.Parked, s.Less = s.Parked+one.Parked, s.Less+one.Less
	}
	f.Sources = append([]FlowSource(nil), f.Sources...)
	if len(o.Sources) > 0 {
		f.Sources = append(f.Sources, s)
	}
	mine, theirs := f.amounts(), o.amounts()
	for n := range mine {
		*mine[n] += *theirs[n]
	}
	return f
}

func (f *Flow) amounts() []*money.Amount {
	return []*money.Amount{&f.Signed, &f.Carried, &f.Overrun, &f.Ceiling, &f.Committed, &f.Consumed, &f.Released, &f.Declared, &f.Waiting, &f.Deducted,
		&f.Parked, &f.Less, &f.Struck, &f.Accepted, &f.Half, &f.Above, &f.Shared, &f.CostPart, &f.Pool, &f.Earned, &f.NotEarned, &f.Undecided, &f.Advance,
		&f.Open, &f.Netted, &f.Paid, &f.Due, &f.Ordered, &f.OwedBack}
}
