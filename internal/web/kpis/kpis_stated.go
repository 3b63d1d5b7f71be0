package kpis

import (
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/text"
)

// statedOf is the year or the quarter that a statement is about.
func (c kpiPage) statedOf(s report.Stated) string {
	if s.Quarter == 0 {
		return s.Year.String()
	}
	return c.T("kpis.stated_quarter", "n", s.Quarter, "year", s.Year)
}

// statedValue is the number with its parts, or that nothing is reported: never 0 for the second.
func (c kpiPage) statedValue(s report.Stated) string {
	if s.Status != kpi.Valued {
		return c.Language.Say(s.Status.ShortKey(), text.Args{"min": 1})
	}
	value := c.Language.Decimal(s.Value, -1)
	if s.Den == "" {
		return value
	}
	return c.T("kpis.stated_parts", "value", value, "num", c.Language.Decimal(s.Num, -1), "den", c.Language.Decimal(s.Den, -1))
}
