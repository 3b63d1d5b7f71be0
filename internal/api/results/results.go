// Package results is the part of the JSON interface that says what came of promises: measures, decisions on evidence, and which companies are one.
package results

import (
	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/kpi/measure"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Resources adds the resources of this package. Rows of evidence are read from the mirror, nil from the database.
func Resources(rows *evidence.Mirror) func(*api.API) {
	return func(a *api.API) {
		measures(a, rows)
		samples(a)
		companies(a)
	}
}

// Measure is one KPI of one partner in a year or a quarter: computed from evidence, or stated by the partner.
type Measure struct {
	Partner     string `json:"partner" doc:"Code"`
	KPI         string `json:"kpi" doc:"Code"`
	Year        int    `json:"year"`
	Quarter     int    `json:"quarter,omitempty" doc:"1 to 4; absent for the whole year"`
	Basis       string `json:"basis,omitempty" enum:"computed,declared" doc:"Only what is declared can be stated"`
	Status      string `json:"status,omitempty" enum:"value,not-reported,not-due,waived,small-sample" doc:"Not reported is not 0; value when it is absent and a value is given"`
	Value       string `json:"value,omitempty" doc:"Exact decimal; absent where there is none"`
	Numerator   string `json:"numerator,omitempty"`
	Denominator string `json:"denominator,omitempty"`
	Unit        string `json:"unit,omitempty"`
	Baseline    string `json:"baseline,omitempty"`
	Target      string `json:"target,omitempty" doc:"In force"`
}

// MeasuresIn asks for measures.
type MeasuresIn struct {
	api.InProgramme
	api.Paged
	Year    int    `query:"year" doc:"Without it, all years that have begun"`
	Partner string `query:"partner"`
	KPI     string `query:"kpi"`
	Basis   string `query:"basis" doc:"computed or declared; without it, both"`
}

// NewMeasuresIn states measures: all or none.
type NewMeasuresIn struct {
	api.InProgramme
	api.Idempotent
	Body struct {
		Source   string    `json:"source,omitempty" maxLength:"200" doc:"Where they come from, such as the name of a system"`
		Measures []Measure `json:"measures" minItems:"1" maxItems:"5000"`
	}
}

// Stated tells what became of measures.
type Stated struct {
	Added   int `json:"added"`
	Changed int `json:"changed" doc:"Stated otherwise before"`
	Same    int `json:"same"`
	Left    int `json:"left" doc:"Computed ones, which nobody states"`
}

func measures(a *api.API, rows *evidence.Mirror) {
	const noun, at = "KPIs", "/programmes/{programme}/measures"
	api.List(a, api.Operation{ID: "list-measures", Path: at, Noun: noun, Verb: "kpi.read",
		Summary: "KPIs by partner and period: targets and baselines, what was computed, and what is declared beside it"}, newTables(rows).list)
	api.Create(a, api.Operation{ID: "create-measures", Path: at, Noun: noun, Verb: "measure.declare",
		Summary: "State measures, which are declared evidence; the same again changes nothing"}, stateMeasures)
}

func (k *tables) list(c *api.Call, in *MeasuresIn) ([]Measure, string, error) {
	var years []period.Year
	if in.Year != 0 {
		y := period.Year(in.Year)
		if y < c.G.Starts.Year() || y > c.G.Ends.Year() {
			return nil, "", fault.Invalid("year", "api.no_year", text.Args{"from": int(c.G.Starts.Year()), "to": int(c.G.Ends.Year())})
		}
		years = append(years, y)
	}
	t, err := k.of(c, period.Year(in.Year), years)
	if err != nil {
		return nil, "", err
	}
	var all []Measure
	for _, r := range t.Rows {
		if (in.Partner == "" || in.Partner == r.Partner) && (in.KPI == "" || in.KPI == r.KPI) && (in.Basis == "" || in.Basis == string(r.Basis)) {
			all = append(all, Measure{r.Partner, r.KPI, int(r.Year), r.Quarter, string(r.Basis), string(r.Status), r.Value, r.Num, r.Den, r.Unit, r.Baseline, r.Target})
		}
	}
	return api.Cut(all, in.Paged, func(m Measure) string {
		r := measure.Row{Quarter: m.Quarter, Year: period.Year(m.Year)}
		return m.Partner + "." + m.KPI + "." + string(r.Span().From) + "." + string(r.Span().To) + "." + m.Basis
	})
}

func stateMeasures(c *api.Call, in *NewMeasuresIn) (Stated, string, error) {
	rows := make([]measure.Row, len(in.Body.Measures))
	for i, m := range in.Body.Measures {
		rows[i] = measure.Row{Line: i + 1, Partner: m.Partner, KPI: m.KPI, Year: period.Year(m.Year), Quarter: m.Quarter, Basis: measure.Basis(m.Basis),
			Status: kpi.Status(m.Status), Value: m.Value, Num: m.Numerator, Den: m.Denominator, Baseline: m.Baseline, Target: m.Target}
	}
	source := in.Body.Source
	if source == "" {
		source = "api"
	}
	done, err := measure.Declare(c, c.Tx, c.By, c.G, source, rows)
	return Stated(done), "/api/v1/programmes/" + c.G.Code + "/measures", err
}
