package kpis

import (
	"cmp"
	"math/big"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// splitBar is a part of a figure as a row with a bar.
type splitBar struct {
	Label, Value, Width, Rows, Href string
}

// mostBars is how many parts are listed.
const mostBars = 12

// axisKey names what a figure is split by.
func axisKey(a kpi.Axis) text.Key { return text.Key("split." + string(a)) }

// bars are the parts of the figure by the axis chosen, the greatest first; none where there is nothing to split.
func (c kpiPage) bars() []splitBar {
	parts := c.V.Parts[c.By]
	most := new(big.Rat)
	for _, p := range parts {
		if p.Amount != nil && p.Amount.Cmp(most) > 0 {
			most = p.Amount
		}
	}
	var bars []splitBar
	for _, p := range parts[:min(len(parts), mostBars)] {
		b := splitBar{Label: c.axisWord(c.By, p.Value), Value: cmp.Or(kpi.Show(p.Amount, c.V.KPI.Decimals, c.Language), c.T("kpis.no_value")),
			Rows: c.Number(p.Figure.Sample), Width: "0", Href: c.partRows(p.Value)}
		if p.Amount != nil && p.Amount.Sign() > 0 {
			b.Width = unit(400 * float(p.Amount) / float(most))
		}
		bars = append(bars, b)
	}
	return bars
}

// unlisted is how many parts have no row of their own.
func (c kpiPage) unlisted() int { return max(len(c.V.Parts[c.By])-mostBars, 0) }

// partRows leads to the evidence of a part; none for sizes, which are of companies.
func (c kpiPage) partRows(value string) string {
	if value == "" || c.By == kpi.BySize {
		return ""
	}
	name := string(c.By)
	if c.By == kpi.ByType {
		name = "activity_type"
	}
	return c.Link("/evidence", "kpi", c.V.KPI.Code, "partner", c.who(), "year", c.Year.String(), name, value)
}

// axisWord is a value of an axis in the reader's language.
func (c kpiPage) axisWord(a kpi.Axis, value string) string {
	if value == "" {
		return c.T("split.untold")
	}
	switch a {
	case kpi.ByMarket:
		return c.Language.Country(value)
	case kpi.BySector:
		return c.SectorWord(value)
	case kpi.ByType:
		return c.T(activity.Type(value).Key())
	}
	return sizeWord(c.Page, value)
}

// sizeWord is a size class in words; one that nobody foresaw stays as it is.
func sizeWord(p frame.Page, size string) string {
	switch size {
	case "micro", "small", "medium", "large":
		return p.T(text.Key("company.size." + size))
	}
	return size
}

// toldOn is the day of a release, "" before the first.
func toldOn(p frame.Page, t kpi.Told) string {
	if !t.Known {
		return p.T("reach.not_yet")
	}
	return p.T("reach.released_on", "date", t.On)
}
