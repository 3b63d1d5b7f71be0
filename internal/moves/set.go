package moves

import (
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// set changes one place of a document: "clause.CODE" to words, "kpi.CODE.baseline", "kpi.CODE.weight", "kpi.CODE.target.YEAR" or
// "ceiling.YEAR" to a value. Invalid for a place that the document does not have.
func set(d *agreement.Document, place, value, words string) error {
	parts := strings.Split(place, ".")
	unknown := fault.Invalid("place", "agreement.place_unknown", nil)
	switch {
	case parts[0] == "clause" && len(parts) == 2:
		i := slices.IndexFunc(d.Clauses, func(c agreement.Clause) bool { return c.Code == parts[1] })
		if i < 0 {
			return unknown
		}
		d.Clauses[i].Text = words
		return nil
	case parts[0] == "ceiling" && len(parts) == 2:
		i := slices.IndexFunc(d.Ceilings, func(c agreement.YearAmount) bool { return c.Year.String() == parts[1] })
		if i < 0 {
			return unknown
		}
		amount, err := money.Parse(value)
		d.Ceilings[i].Amount = amount
		return fault.At("value", err)
	case parts[0] == "kpi" && len(parts) > 2:
		i := slices.IndexFunc(d.KPIs, func(k agreement.Promise) bool { return k.KPI == parts[1] })
		if i < 0 {
			return unknown
		}
		return setPromise(&d.KPIs[i], strings.Join(parts[2:], "."), value)
	}
	return unknown
}

func setPromise(k *agreement.Promise, field, value string) error {
	if field == "weight" {
		weight, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return fault.Invalid("value", "intake.want.whole_number", nil)
		}
		k.Weight = weight
		return nil
	}
	n, err := agreement.ParseNumber(value)
	if err != nil {
		return fault.At("value", err)
	}
	if field == "baseline" {
		k.Baseline = n
		return nil
	}
	year, err := strconv.Atoi(strings.TrimPrefix(field, "target."))
	if err != nil {
		return fault.Invalid("place", "agreement.place_unknown", text.Args{})
	}
	k.Targets = slices.DeleteFunc(k.Targets, func(t agreement.YearNumber) bool { return t.Year == period.Year(year) })
	k.Targets = append(k.Targets, agreement.YearNumber{Year: period.Year(year), Value: n})
	slices.SortFunc(k.Targets, func(a, b agreement.YearNumber) int { return int(a.Year) - int(b.Year) })
	return nil
}
