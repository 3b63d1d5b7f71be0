package kpis

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"errera.eu/errera/internal/kpi"
)

// The drawing of the trend: 800 by 300 units, with room for the scale on the left.
const (
	chartLeft, chartRight, chartTop, chartBottom = 44.0, 792.0, 16.0, 270.0
)

// chart is the trend as geometry; all numbers are attributes of the drawing.
type chart struct {
	Title string
	Grid  []chartLine
	Years []chartYear
}

type chartLine struct{ Y, TextY, Label string }

type chartYear struct {
	Year             string
	X, Middle        string
	TargetPath       string // "" none was due
	TargetX, TargetY string
	Target           string
	Path             string // "" nothing happened
	DotX, DotY       string
	ValueX, ValueY   string
	Value            string
	End              bool // the value stands left of its dot
	Forecast         *forecastDrawing
}

// chart draws targets as steps and the value as it grew within each year.
func (c kpiPage) chart() chart {
	top := niceMax(c.highest())
	y := func(v float64) float64 { return chartBottom - max(v, 0)/top*(chartBottom-chartTop) }
	var ch chart
	for i := range 4 {
		v := top * float64(i) / 3
		at := y(v)
		ch.Grid = append(ch.Grid, chartLine{unit(at), unit(at + 4), c.Language.Decimal(strconv.FormatFloat(v, 'f', -1, 64), -1)})
	}
	wide := (chartRight - chartLeft) / float64(max(len(c.V.Trend), 1))
	var said []string
	for i, t := range c.V.Trend {
		ch.Years = append(ch.Years, c.chartYear(t, chartLeft+float64(i)*wide, wide, y))
		said = append(said, c.yearSaid(t))
	}
	ch.Title = strings.Join(said, "; ")
	return ch
}

func (c kpiPage) chartYear(t kpi.TrendYear, x, wide float64, y func(float64) float64) chartYear {
	cy := chartYear{Year: t.Year.String(), X: unit(x), Middle: unit(x + wide/2)}
	if target := c.drawn(t); target != nil {
		at := y(float(target))
		cy.TargetPath = "M" + unit(x+2) + " " + unit(at) + "H" + unit(x+wide-2)
		cy.TargetX, cy.TargetY = unit(x+wide-4), unit(at-6)
		cy.Target = kpi.Show(target, c.V.KPI.Decimals, c.Language)
	}
	var path strings.Builder
	if c.grows() && len(t.Points) > 0 {
		path.WriteString("M" + unit(x) + " " + unit(chartBottom))
	}
	for _, p := range t.Points {
		if p.Value == nil {
			continue
		}
		passed, days := t.Year.Elapsed(p.On)
		at := x + wide*float64(passed)/float64(days)
		cy.DotX, cy.DotY = unit(at), unit(y(float(p.Value)))
		cy.End = passed < days || x+wide > chartRight-40
		cy.ValueX, cy.ValueY = unit(at+8), unit(y(float(p.Value))+13)
		if cy.End {
			cy.ValueX, cy.ValueY = unit(at-6), unit(y(float(p.Value))-8)
		}
		cy.Value = kpi.Show(p.Value, c.V.KPI.Decimals, c.Language)
		if path.Len() == 0 {
			path.WriteString("M")
		} else {
			path.WriteString("L")
		}
		path.WriteString(cy.DotX + " " + cy.DotY)
	}
	if cy.Value != "" {
		cy.Path = path.String()
	}
	cy.Forecast = c.forecastDrawing(t, x, wide, y)
	return cy
}

// grows tells whether values add up in the course of a year, so that each year begins at nothing.
func (c kpiPage) grows() bool {
	a := c.V.KPI.Aggregate
	return a == kpi.Count || a == kpi.Sum || a == kpi.Distinct
}

// drawn is the target that the drawing shows.
func (c kpiPage) drawn(t kpi.TrendYear) *big.Rat {
	if c.Signed {
		return t.TargetSigned
	}
	return t.Target
}

// last is the newest value of a year, nil for none.
func last(t kpi.TrendYear) *big.Rat {
	for i := len(t.Points) - 1; i >= 0; i-- {
		if t.Points[i].Value != nil {
			return t.Points[i].Value
		}
	}
	return nil
}

func (c kpiPage) yearSaid(t kpi.TrendYear) string {
	value, target := c.shown(last(t)), c.shown(c.drawn(t))
	return c.T("kpis.chart_year", "year", t.Year, "value", value, "target", target)
}

func (c kpiPage) shown(v *big.Rat) string {
	if v == nil {
		return "–"
	}
	return kpi.Show(v, c.V.KPI.Decimals, c.Language)
}

func (c kpiPage) highest() float64 {
	top := 0.0
	for _, t := range c.V.Trend {
		top = max(top, float(c.drawn(t)))
		for _, p := range t.Points {
			top = max(top, float(p.Value))
		}
	}
	if f := c.V.Forecast; f != nil {
		top = max(top, f.Expected, f.High)
	}
	return top
}

// float is for drawing alone.
func float(v *big.Rat) float64 {
	if v == nil {
		return 0
	}
	f, _ := v.Float64()
	return f
}

// niceMax is the least of 3, 6, 9, 12, 15, 30, ... that holds the value with its label, so that three lines divide it evenly.
func niceMax(v float64) float64 {
	v *= 1.06
	if v <= 0 {
		return 3
	}
	for step := math.Pow(10, math.Floor(math.Log10(v))-1); ; step *= 10 {
		for _, n := range []float64{3, 6, 9, 12, 15, 21, 24} {
			if n*step >= v {
				return math.Round(n*step*1e6) / 1e6
			}
		}
	}
}

func unit(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

// field is a field of the matrix of shared companies.
type field struct {
	X, Y, TextX, TextY string
	N                  int
	Class, Text        string
	Own                bool
}

// matrix draws the lower triangle: the partner's own companies on the edge, what each pair shares below.
func matrix(members []kpi.Member, overlap [][]int) (boxes []field, labels []field) {
	_, _, most := mostShared(members, overlap)
	for i := range members {
		for j := range i + 1 {
			n := overlap[i][j]
			b := field{N: n, X: strconv.Itoa(34 * j), Y: strconv.Itoa(23 * i), TextX: strconv.Itoa(34*j + 16), TextY: strconv.Itoa(23*i + 14),
				Class: shade(n, most), Text: "t-s t-mid t-ink"}
			switch {
			case i == j:
				b.Own, b.Class, b.Text = true, "o-bar", "t-s t-mid t-ink t-b"
			case b.Class == "er-m4":
				b.Text = "t-s t-mid t-on"
			}
			boxes = append(boxes, b)
		}
		labels = append(labels, field{TextX: strconv.Itoa(34*i + 39), TextY: strconv.Itoa(23*i + 14), Text: members[i].Short})
	}
	return boxes, labels
}

// shade is darker for more, in five steps of the most that two share.
func shade(n, most int) string {
	switch {
	case n == 0:
		return "er-m0"
	case n*5 <= most:
		return "er-m1"
	case n*5 <= 2*most:
		return "er-m2"
	case n*5 <= 4*most:
		return "er-m3"
	}
	return "er-m4"
}

func matrixBox(n int) string {
	return "0 0 " + strconv.Itoa(34*n+190) + " " + strconv.Itoa(23*n)
}
