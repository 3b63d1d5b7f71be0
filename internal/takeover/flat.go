package takeover

import (
	"cmp"
	"fmt"
	"slices"

	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// ruleDay is the day whose rules of cost a claim is under, as for one that is handed in here.
func (f Facts) ruleDay(c ClaimFacts) period.Date { return min(c.Submitted, f.Year.Last()) }

// withFlats are the facts with the flat rates that handing its claims in here would have given them: by the rules of their day, less what was
// cut or parked of their base, and with what corrections of the base strike of them. The facts given stay as they are. A reference that
// somebody took is a *FactFault of kind "ref". Source: domain section 4.1.
func (f Facts) withFlats(currency string) (Facts, error) {
	if f.Categories == nil {
		return f, nil
	}
	given := slices.SortedStableFunc(slices.Values(f.Corrections), func(a, b CorrectionFacts) int { return cmp.Compare(a.On, b.On) })
	f.Claims, f.Corrections = slices.Clone(f.Claims), slices.Clone(f.Corrections)
	for n := range f.Claims {
		c := &f.Claims[n]
		day := f.ruleDay(*c)
		p := flats{rules: funding.Rules{On: day, Categories: f.Categories(day)}, base: c.Items, eligible: map[id.Item]money.Amount{}}
		if err := p.reckon(currency, f.VATRecoverableBp); err != nil {
			return f, err
		}
		made, err := p.items(fmt.Sprintf("%s-%d-%d", f.Code, f.Year, c.Number))
		if err != nil {
			return f, err
		}
		for _, i := range made {
			if f.Taken != nil && f.Taken(i.Ref) {
				return f, &FactFault{"ref", i.Ref, "intake.want.not_flat_ref", nil}
			}
		}
		struck, err := p.struck(given, made)
		if err != nil {
			return f, err
		}
		c.Items, f.Corrections = slices.Concat(c.Items, made), append(f.Corrections, struck...)
	}
	return f, nil
}

// flats derives the flat rates of one claim.
type flats struct {
	rules    funding.Rules
	base     []funding.Item
	eligible map[id.Item]money.Amount
}

func (p *flats) reckon(currency string, recoverable money.Bp) error {
	for _, i := range p.base {
		a, err := acceptItem(i, currency, recoverable)
		if err != nil {
			return err
		}
		p.eligible[i.ID] = a.eligible
	}
	return nil
}

// left is what a controller left of an item.
func (p *flats) left(i funding.Item) money.Amount { return i.Counted(p.eligible[i.ID]) }

// declared is what an item was handed in for, under its cap.
func (p *flats) declared(i funding.Item) money.Amount {
	i.State, i.Deducted = funding.Accepted, 0
	return p.left(i)
}

// items are the flat rates: declared while nothing of the claim is decided, else as far as their base was accepted.
func (p *flats) items(claim string) ([]funding.Item, error) {
	declared, err := p.rules.Flats(p.base, p.declared)
	if err != nil {
		return nil, err
	}
	left, err := p.rules.Flats(p.base, p.left)
	if err != nil {
		return nil, err
	}
	state, on := funding.Declared, period.Date("")
	for _, i := range p.base {
		if i.State != funding.Declared {
			state, on = funding.Accepted, max(on, i.DecidedOn)
		}
	}
	var made []funding.Item
	for _, k := range funding.SortedFlats(declared) {
		i := p.rules.Flat(claim, k, declared[k], p.base)
		if i.State, i.DecidedOn = state, on; state != funding.Declared && left[k] != declared[k] {
			i.State, i.Deducted, i.ReasonCode = funding.Deducted, declared[k]-left[k], "flat-base"
		}
		made = append(made, i)
	}
	return made, nil
}

// struck are the corrections of flat rates that follow from those of their base.
func (p *flats) struck(given []CorrectionFacts, made []funding.Item) ([]CorrectionFacts, error) {
	if len(made) == 0 {
		return nil, nil
	}
	derived := map[funding.FlatKey]id.Item{}
	for _, i := range made {
		derived[funding.FlatKey{Category: i.Category, Rate: i.RateBp}] = i.ID
	}
	rest := map[id.Item]money.Amount{}
	items := map[id.Item]funding.Item{}
	for _, i := range p.base {
		rest[i.ID], items[i.ID] = p.left(i), i
	}
	kept := func(i funding.Item) money.Amount { return rest[i.ID] }
	var out []CorrectionFacts
	for _, k := range given {
		i, here := items[k.Item]
		if !here {
			continue
		}
		before, err := p.rules.Flats([]funding.Item{i}, kept)
		if err != nil {
			return nil, err
		}
		rest[i.ID] -= k.Cost
		after, err := p.rules.Flats([]funding.Item{i}, kept)
		if err != nil {
			return nil, err
		}
		for _, flat := range funding.SortedFlats(before) {
			if less := before[flat] - after[flat]; less > 0 {
				follows := k
				follows.ID, follows.Item, follows.Cost = id.New[id.Correction](), derived[flat], less
				out = append(out, follows)
			}
		}
	}
	return out, nil
}
