package agreement

import (
	"context"
	"errors"
	"slices"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Bounds are what an amendment of a running agreement cannot go beyond: settlement fills them from what was settled, approved and paid.
type Bounds struct {
	Settled []period.Year                // communicated, under objection or final: nothing of them changes
	Least   map[period.Year]money.Amount // the ceiling as agreed (without what was carried) cannot go below it. Source: domain 4.8
	Capped  map[period.Year]bool         // accepted cost is above the ceiling: it is the partner's, and only a decision on the overrun changes that
}

// LastSettled is the last day of the last settled year; "" when none is.
func (b Bounds) LastSettled() period.Date {
	if len(b.Settled) == 0 {
		return ""
	}
	return slices.Max(b.Settled).Last()
}

// CheckAmendment tells what an amendment of the document in force may not change, at its field: the first day, anything of a settled year,
// a target of a year that is over on the effective date, a ceiling below what is bound already or above cost that was capped, and anything
// that was promised and would be left out.
func (d *Document) CheckAmendment(before *Document, b Bounds) error {
	var faults []error
	add := func(field string, key text.Key, a text.Args) { faults = append(faults, fault.Invalid(field, key, a)) }
	if d.Starts != before.Starts {
		add("starts", "agreement.amend_starts", text.Args{"date": before.Starts})
	}
	if last := b.LastSettled(); last != "" && d.EffectiveOn <= last {
		add("effective_on", "agreement.effective_settled", text.Args{"date": last})
	}
	for _, c := range d.Ceilings {
		was, _ := before.Ceiling(c.Year)
		field := "ceiling." + c.Year.String()
		switch least := b.Least[c.Year]; {
		case c.Amount == was:
		case slices.Contains(b.Settled, c.Year):
			add(field, "agreement.year_settled", text.Args{"year": c.Year})
		case c.Amount < least:
			add(field, "agreement.ceiling_bound", text.Args{"year": c.Year, "amount": c.Amount, "least": least})
		case c.Amount > was && b.Capped[c.Year]:
			add(field, "agreement.ceiling_capped", text.Args{"year": c.Year})
		}
	}
	for _, k := range d.KPIs {
		old, _ := before.KPI(k.KPI)
		for _, t := range k.Targets {
			field := "kpi." + k.KPI + ".target." + t.Year.String()
			switch {
			case old.Target(t.Year) == t.Value:
			case slices.Contains(b.Settled, t.Year):
				add(field, "agreement.year_settled", text.Args{"year": t.Year})
			case t.Year.Last() < d.EffectiveOn:
				add(field, "agreement.target_past", text.Args{"year": t.Year, "date": d.EffectiveOn})
			}
		}
	}
	return fault.Join(append(faults, d.checkKept(before))...)
}

// checkKept tells what of the document in force is left out: what was promised is changed by an amendment, never dropped. Source: Apply.
func (d *Document) checkKept(before *Document) error {
	var faults []error
	gone := func(field string, key text.Key, a text.Args) { faults = append(faults, fault.Invalid(field, key, a)) }
	for _, c := range before.Ceilings {
		if _, kept := d.Ceiling(c.Year); !kept {
			gone("ceiling."+c.Year.String(), "agreement.ceiling_gone", text.Args{"year": c.Year})
		}
	}
	for _, o := range before.Objectives {
		if _, kept := d.Objective(o.Code); !kept {
			gone("objective."+o.Code, "agreement.objective_gone", text.Args{"code": o.Code})
		}
	}
	for _, k := range before.KPIs {
		is, kept := d.KPI(k.KPI)
		if !kept {
			gone("kpi."+k.KPI, "agreement.kpi_gone", text.Args{"kpi": k.KPI})
			continue
		}
		for _, t := range k.Targets {
			if is.Target(t.Year) == "" {
				gone("kpi."+k.KPI+".target."+t.Year.String(), "agreement.target_gone", text.Args{"kpi": k.KPI, "year": t.Year})
			}
		}
	}
	return fault.Join(faults...)
}

// CheckAmends is CheckAmendment against the version in force, for a document that amends; nil for a first agreement.
func CheckAmends(ctx context.Context, tx *db.Tx, s *Setting, a Agreement, d *Document) error {
	if d.Amends == 0 {
		return nil
	}
	b, loaded := s.Bounds[a.ID]
	if !loaded {
		return fault.Internal(errors.New("agreement: an amendment without the bounds of the agreement"))
	}
	before, err := LoadVersion(ctx, tx, s.Programme.ID, a.ID, a.Version)
	if err != nil {
		return err
	}
	return d.CheckAmendment(&before.Document, b)
}

// CeilingChange is a year whose ceiling an amendment changes.
type CeilingChange struct {
	Year    period.Year
	Was, Is money.Amount
}

// CeilingChanges are the years whose ceilings differ, in order.
func (d *Document) CeilingChanges(before *Document) []CeilingChange {
	var all []CeilingChange
	for _, c := range d.Ceilings {
		if was, _ := before.Ceiling(c.Year); was != c.Amount {
			all = append(all, CeilingChange{c.Year, was, c.Amount})
		}
	}
	return all
}
