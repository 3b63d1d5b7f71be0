package kpis

import (
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/kpi"
)

// estimate shows an estimate with the decimals of the KPI.
func (c kpiPage) estimate(f float64) string { return c.shown(kpi.AsValue(f)) }

// outlook is the forecast in whole sentences: where the year ends, how sure that is, how far off the rule was, and what is at stake.
func (c kpiPage) outlook() string {
	f := c.V.Forecast
	if f == nil {
		return ""
	}
	var said []string
	switch {
	case !f.Told:
		said = append(said, c.T("kpis.forecast_only", "expected", c.estimate(f.Expected)))
	case c.V.ChanceTold:
		said = append(said, c.T("kpis.forecast_chance", "expected", c.estimate(f.Expected), "low", c.estimate(f.Low), "high", c.estimate(f.High),
			"chance", c.chance()))
	default:
		said = append(said, c.T("kpis.forecast_between", "expected", c.estimate(f.Expected), "low", c.estimate(f.Low), "high", c.estimate(f.High)))
	}
	if f.ErrorOf != 0 {
		switch off := f.ErrorBp / 100; {
		case off > 0:
			said = append(said, c.T("kpis.forecast_high", "year", f.ErrorOf, "percent", c.Percent(f.ErrorBp)))
		case off < 0:
			said = append(said, c.T("kpis.forecast_low", "year", f.ErrorOf, "percent", c.Percent(-f.ErrorBp)))
		default:
			said = append(said, c.T("kpis.forecast_right", "year", f.ErrorOf))
		}
	}
	return strings.Join(said, " ")
}

// chance never says that a thing is certain or out of the question: an estimate of that is worth less.
func (c kpiPage) chance() string {
	switch p := c.V.ChanceBp; {
	case p > 9900:
		return c.T("kpis.chance_most", "percent", c.Percent(9900))
	case p < 100:
		return c.T("kpis.chance_least", "percent", c.Percent(100))
	default:
		return c.Percent(p)
	}
}

// forecastDrawing is the forecast beside the value of its year: a dashed line, its fan and the interval at the year's end.
type forecastDrawing struct {
	Line, Fan, Cap string // Fan and Cap "" where no past tells an interval
	X, Y, Label    string
	Between        string
	BetweenY       string
}

func (c kpiPage) forecastDrawing(t kpi.TrendYear, x, wide float64, y func(float64) float64) *forecastDrawing {
	f := c.V.Forecast
	value := last(t)
	if f == nil || t.Year != c.Year || value == nil {
		return nil
	}
	passed, days := t.Year.Elapsed(c.AsOf)
	from, end := unit(x+wide*float64(passed)/float64(days)), x+wide
	start, at := unit(y(float(value))), unit(y(f.Expected))
	d := &forecastDrawing{Line: "M" + from + " " + start + "L" + unit(end) + " " + at, X: unit(end + 8), Y: unit(y(f.Expected) + 4),
		Label: c.T("kpis.chart_forecast", "value", c.estimate(f.Expected))}
	if end > chartRight-140 { // no room to the right
		d.X = unit(end - 150)
	}
	if f.Told {
		low, high := unit(y(f.Low)), unit(y(f.High))
		d.Fan = "M" + from + " " + start + "L" + unit(end) + " " + high + "V" + low + "Z"
		d.Cap = "M" + unit(end-5) + " " + low + "h10M" + unit(end-5) + " " + high + "h10M" + unit(end) + " " + low + "V" + high
		d.Between = c.T("kpis.chart_between", "low", c.estimate(f.Low), "high", c.estimate(f.High))
		d.BetweenY = unit(y(f.Expected) + 18)
	}
	return d
}

// traced is a step of how the figure came about, as the page shows it.
type traced struct {
	Indent, Text, Value, Rows string
}

func (c kpiPage) trace() []traced {
	var all []traced
	for _, s := range c.V.Trace.Steps {
		t := traced{Indent: strings.Repeat("\u2003", s.Depth), Text: s.Text, Value: c.stepValue(s)}
		if s.KPI != "" {
			t.Text = s.KPI
		}
		if s.Leaf >= 0 {
			t.Rows = c.Number(int(s.Rows))
		}
		all = append(all, t)
	}
	if t := c.V.Trace; t.Declared != nil {
		all = append(all, traced{Text: c.T("kpis.step_declared"), Value: c.Language.Decimal(kpi.Decimal(t.Declared), -1), Rows: c.Number(t.Stated)})
		if v := c.V.KPI.Value(t.Figure); v != nil {
			all = append(all, traced{Text: c.T("kpis.step_sum"), Value: c.Language.Decimal(kpi.Decimal(v), -1), Rows: c.Number(t.Figure.Sample)})
		}
	}
	return all
}

// stepValue is a step's figure; one with two parts shows them.
func (c kpiPage) stepValue(s kpi.TraceStep) string {
	v := s.Figure.Value()
	if v == nil {
		return c.T("kpis.no_value")
	}
	decimals := 0
	if !v.IsInt() {
		decimals = max(c.V.KPI.Decimals, 2)
	}
	return kpi.Show(v, decimals, c.Language)
}

// parts are numerator and denominator of a figure that has both.
func (c kpiPage) parts() (num, den string) {
	f := c.V.Trace.Figure
	if f.Num == nil || f.Den == nil {
		return "", ""
	}
	return c.Language.Decimal(kpi.Decimal(f.Num), -1), c.Language.Decimal(kpi.Decimal(f.Den), -1)
}

// newestFirst are the versions of the sheet, the one in force first.
func (c kpiPage) newestFirst() []kpi.Version {
	all := slices.Clone(c.V.Versions)
	slices.Reverse(all)
	return all
}

// latest is the newest version that tells what the KPI means; none where the KPI came without words.
func (c kpiPage) latest() []kpi.Version {
	for _, v := range c.newestFirst() {
		if c.Of(v.Meaning) != "" {
			return []kpi.Version{v}
		}
	}
	return nil
}

// since tells for which years a version of the sheet holds.
func (c kpiPage) since(v kpi.Version) string {
	if v.FromYear == 0 {
		return c.T("kpis.version_first", "version", strconv.Itoa(v.Version), "date", v.DefinedOn)
	}
	return c.T("kpis.version_since", "version", strconv.Itoa(v.Version), "year", v.FromYear, "date", v.DefinedOn)
}
