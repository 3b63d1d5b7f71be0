package measure

import (
	"bytes"
	"io"
	"strings"

	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/iati"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// The dimensions that keep apart, in one period, what was computed, what was stated, and the parts of a ratio.
const (
	dimBasis  = "errera:basis"
	dimStated = "errera:stated"
	dimNum    = "errera:numerator"
	dimDen    = "errera:denominator"
)

// Codes of IATI code lists.
const (
	typeGovernment   = "10" // OrganisationType
	typePrivate      = "70"
	roleFunding      = "1" // OrganisationRole
	roleImplementing = "4"
	resultOutput     = "1" // ResultType
	resultOutcome    = "2"
	sectorTrade      = "33110" // trade policy and administrative management
)

// WriteIATI writes an activity for each partner, with a result for each KPI. A period without an actual value was not reported; where the value
// is missing for another reason, the target's comment has the status. The reference of the publisher is the agency's; its identifiers end in the
// programme and the partner.
func (t *Table) WriteIATI(out io.Writer, reporter, url, generated string) error {
	d := iati.Document{Generated: generated}
	for _, p := range t.Partners {
		d.Activities = append(d.Activities, t.activity(p, reporter, url))
	}
	return iati.Write(out, d)
}

func (t *Table) activity(p programme.Organisation, reporter, url string) iati.Activity {
	g := t.Programme
	a := iati.Activity{ID: reporter + "-" + g.Code + "-" + p.Code, Language: "en", Currency: g.Currency, Country: "BE", Sector: sectorTrade, Status: "2",
		Reporter:     iati.Organisation{Ref: reporter, Type: typeGovernment, Name: t.Agency.Name},
		Title:        []iati.Text{{Words: p.Name + ", " + g.Name.In(text.EN)}},
		Description:  words(g.Strategy),
		Participants: []iati.Organisation{{Ref: reporter, Type: typeGovernment, Role: roleFunding, Name: t.Agency.Name}, {Type: typePrivate, Role: roleImplementing, Name: p.Name}},
		Dates:        []iati.Date{{Type: "1", Day: string(g.Starts)}, {Type: "3", Day: string(g.Ends)}}}
	if len(a.Description) == 0 {
		a.Description = a.Title
	}
	for _, d := range t.KPIs {
		i := indicator(d, url)
		var end *iati.Period
		for n := range t.Rows {
			r := &t.Rows[n]
			if r.Partner != p.Code || r.KPI != d.Code {
				continue
			}
			if s := r.Span(); end == nil || end.Start != string(s.From) || end.End != string(s.To) {
				i.Periods = append(i.Periods, iati.Period{Start: string(s.From), End: string(s.To)})
				end = &i.Periods[len(i.Periods)-1]
			}
			r.into(end)
			if r.Baseline != "" && i.Baseline == nil {
				i.Baseline = &iati.Baseline{Year: g.Starts.Year().String(), Value: r.Baseline}
			}
		}
		if len(i.Periods) > 0 {
			a.Indicators = append(a.Indicators, i)
		}
	}
	return a
}

func indicator(d *kpi.Definition, url string) iati.Indicator {
	i := iati.Indicator{ResultType: resultOutput, Code: d.Code, Title: words(d.Name), Percentage: d.Unit == "percent", Ascending: d.Direction == kpi.Up,
		Adds: d.Aggregate == kpi.Count || d.Aggregate == kpi.Sum}
	if url != "" {
		i.URI = strings.TrimSuffix(url, "/") + "/kpis/" + d.Code
	}
	for _, k := range d.Kinds {
		switch k {
		case evidence.Win, evidence.Entry, evidence.Investment, evidence.Retention, evidence.Evaluation:
			i.ResultType = resultOutcome
		}
	}
	return i
}

func words(w programme.Words) []iati.Text {
	var all []iati.Text
	for _, l := range []text.Language{text.EN, text.NL, text.FR} {
		if s := map[text.Language]string{text.NL: w.NL, text.EN: w.EN, text.FR: w.FR}[l]; s != "" {
			all = append(all, iati.Text{Language: string(l), Words: s})
		}
	}
	return all
}

// into adds the row to its period.
func (r *Row) into(p *iati.Period) {
	if r.Target != "" {
		v := iati.Value{Value: r.Target}
		if r.Status != kpi.Valued && r.Status != kpi.NotReported {
			v.Comment = string(r.Status)
		}
		p.Targets = append(p.Targets, v)
	}
	if r.Status == kpi.Valued {
		v := iati.Value{Value: r.Value, Dimensions: []iati.Dimension{{Name: dimBasis, Value: string(r.Basis)}}}
		if r.Den != "" {
			v.Dimensions = append(v.Dimensions, iati.Dimension{Name: dimNum, Value: r.Num}, iati.Dimension{Name: dimDen, Value: r.Den})
		}
		p.Actuals = append(p.Actuals, v)
	}
	if r.Basis == Declared && r.Status == kpi.NotReported && len(p.Actuals) > 0 { // beside a figure that was computed
		p.Actuals[0].Dimensions = append(p.Actuals[0].Dimensions, iati.Dimension{Name: dimStated, Value: string(kpi.NotReported)})
	}
}

// readIATI reads what a publisher states. A period without an actual value says that nothing is reported, and an actual value of 0 says 0.
func readIATI(name string, body []byte, partners []string) ([]Row, error) {
	d, err := iati.Read(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	var rows []Row
	var faults fault.Rows
	for _, a := range d.Activities {
		partner := ""
		for _, code := range partners {
			if strings.HasSuffix(a.ID, "-"+code) && len(code) > len(partner) {
				partner = code
			}
		}
		for _, i := range a.Indicators {
			for _, p := range i.Periods {
				year, quarter, ok := spanOf(p)
				if !ok {
					faults = append(faults, fault.Row{File: name, Line: p.Line, Column: "period", Found: p.Start + " / " + p.End, Want: "measure.period"})
					continue
				}
				r := Row{Line: p.Line, Partner: partner, KPI: i.Code, Year: year, Quarter: quarter}
				if partner == "" {
					r.Partner = a.ID
				}
				rows = append(rows, r.stated(&i, &p)...)
			}
		}
	}
	if len(rows) == 0 && len(faults) == 0 {
		return nil, fault.Invalid("file", "upload.empty", text.Args{"file": name})
	}
	return rows, faults.Err()
}

// stated are the rows of a period: one for each actual value, or one that says that there is none.
func (r Row) stated(i *iati.Indicator, p *iati.Period) []Row {
	if i.Baseline != nil {
		r.Baseline = i.Baseline.Value
	}
	if len(p.Targets) > 0 {
		r.Target = p.Targets[0].Value
		if s := kpi.Status(p.Targets[0].Comment); s == kpi.Waived || s == kpi.SmallSample || s == kpi.NotDue {
			r.Basis, r.Status = Computed, s
			if len(p.Actuals) == 0 {
				return []Row{r}
			}
		}
	}
	if len(p.Actuals) == 0 {
		r.Basis, r.Status = Declared, kpi.NotReported
		return []Row{r}
	}
	var all []Row
	for _, v := range p.Actuals {
		x := r
		x.Basis, x.Status, x.Value, x.Num, x.Den = Basis(v.Of(dimBasis)), kpi.Valued, v.Value, v.Of(dimNum), v.Of(dimDen)
		all = append(all, x)
		if v.Of(dimStated) == string(kpi.NotReported) {
			r.Basis, r.Status = Declared, kpi.NotReported
			all = append(all, r)
		}
	}
	return all
}

// spanOf is the year or the quarter that a period is.
func spanOf(p iati.Period) (period.Year, int, bool) {
	from, to := period.Date(p.Start), period.Date(p.End)
	if !from.Valid() || !to.Valid() {
		return 0, 0, false
	}
	year := from.Year()
	if from == year.First() && to == year.Last() {
		return year, 0, true
	}
	for q := 1; q <= 4; q++ {
		if s := year.Quarter(q); s.From == from && s.To == to {
			return year, q, true
		}
	}
	return 0, 0, false
}
