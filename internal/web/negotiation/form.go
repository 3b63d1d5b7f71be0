package negotiation

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// form reads a document from the fields of the editor. What cannot be read is told at its field, and the document keeps what it had there.
type form struct {
	values  url.Values
	setting *agreement.Setting
	wrong   []error
}

func (f *form) add(field string, err error) { f.wrong = append(f.wrong, fault.At(field, err)) }

func (f *form) text(field, had string) string {
	if v, sent := f.values[field]; sent {
		return v[0]
	}
	return had
}

func (f *form) int(field string) int {
	n, err := strconv.Atoi(f.values.Get(field))
	if err != nil {
		return 0
	}
	return n
}

func (f *form) whole(field string, had int64) int64 {
	v, sent := f.values[field]
	if !sent {
		return had
	}
	n, err := strconv.ParseInt(strings.TrimSpace(v[0]), 10, 64)
	if err != nil {
		f.add(field, fault.Invalid("", "agreement.number_form", text.Args{"found": v[0]}))
		return had
	}
	return n
}

// share reads per cents into basis points.
func (f *form) share(field string, had int64) int64 {
	v, sent := f.values[field]
	if !sent {
		return had
	}
	a, err := money.Typed(v[0])
	if err != nil {
		f.add(field, fault.Invalid("", "agreement.number_form", text.Args{"found": v[0]}))
		return had
	}
	return int64(a)
}

func (f *form) figure(field string, had agreement.Number) agreement.Number {
	v, sent := f.values[field]
	if !sent {
		return had
	}
	n, err := agreement.ParseNumber(v[0])
	if err == nil && n != had && money.Unsure(v[0]) {
		err = fault.Invalid(field, "fault.money.unsure", text.Args{"found": v[0]})
	}
	if err != nil {
		f.add(field, err)
		return had
	}
	return n
}

func (f *form) date(field string, had period.Date) period.Date {
	v, sent := f.values[field]
	if !sent {
		return had
	}
	if v[0] == "" {
		return ""
	}
	d, err := period.ParseDate(v[0])
	if err != nil {
		f.add(field, err)
		return had
	}
	return d
}

func (f *form) document(had agreement.Document) agreement.Document {
	d := had
	d.Partner.Name, d.Partner.Division = f.text("partner.name", d.Partner.Name), f.text("partner.division", d.Partner.Division)
	d.Mandate, d.ReasonAmends = f.text("mandate", d.Mandate), f.text("reason_amends", d.ReasonAmends)
	d.Starts, d.Ends, d.EffectiveOn = f.date("starts", d.Starts), f.date("ends", d.Ends), f.date("effective_on", d.EffectiveOn)
	if l, known := text.ParseLanguage(f.values.Get("language")); known {
		d.Language = l
	}
	d.Clauses = f.clauses(had)
	d.Objectives = f.objectives(had)
	d.KPIs = f.kpis(&d, had)
	d.Lines = f.lines(had)
	d.Ceilings = nil
	for _, y := range d.Years() {
		was, _ := had.Ceiling(y)
		d.Ceilings = append(d.Ceilings, agreement.YearAmount{Year: y, Amount: f.ceiling("ceiling."+y.String(), was)})
	}
	d.Terms.ClaimsPerYear = int(f.whole("terms.claims_per_year", int64(d.Terms.ClaimsPerYear)))
	d.Terms.ClaimDays = int(f.whole("terms.claim_days", int64(d.Terms.ClaimDays)))
	d.Terms.VerifyDays = int(f.whole("terms.verify_days", int64(d.Terms.VerifyDays)))
	d.Terms.PayDays = int(f.whole("terms.pay_days", int64(d.Terms.PayDays)))
	d.Signatories = nil
	for _, n := range f.values["signatory"] {
		at := "signatory." + n
		d.Signatories = append(d.Signatories, agreement.Signatory{Side: agreement.Side(f.values.Get(at + ".side")), Name: f.values.Get(at + ".name"),
			Title: f.values.Get(at + ".title"), Email: f.values.Get(at + ".email")})
	}
	return d
}

func (f *form) ceiling(field string, had money.Amount) money.Amount {
	v, sent := f.values[field]
	if !sent {
		return had
	}
	a, err := money.Typed(v[0])
	if err != nil {
		f.add(field, err)
		return had
	}
	return a
}

func (f *form) clauses(had agreement.Document) []agreement.Clause {
	var all []agreement.Clause
	for _, code := range f.values["clause"] {
		c := agreement.Clause{Code: code, Level: 2}
		if i := slices.IndexFunc(had.Clauses, func(x agreement.Clause) bool { return x.Code == code }); i >= 0 {
			c = had.Clauses[i]
		}
		at := "clause." + code
		c.Title, c.Text, c.Level = f.text(at+".title", c.Title), f.text(at+".text", c.Text), int(f.whole(at+".level", int64(c.Level)))
		all = append(all, c)
	}
	return all
}

func (f *form) objectives(had agreement.Document) []agreement.Aim {
	var all []agreement.Aim
	for _, code := range f.values["objective"] {
		o, _ := had.Objective(code)
		at := "objective." + code
		o.Code, o.Goal = code, f.text(at+".goal", o.Goal)
		o.Words.NL, o.Words.EN, o.Words.FR = f.text(at+".words.nl", o.Words.NL), f.text(at+".words.en", o.Words.EN), f.text(at+".words.fr", o.Words.FR)
		o.GoalName = f.setting.Aim(code, o.Goal, wordsOf(o), had.Language).GoalName
		all = append(all, o)
	}
	return all
}

func (f *form) kpis(d *agreement.Document, had agreement.Document) []agreement.Promise {
	var all []agreement.Promise
	for _, code := range f.values["kpi"] {
		k, known := had.KPI(code)
		if !known {
			k = f.setting.Promise(code, "", had.Language)
		}
		at := "kpi." + code
		k.Objective, k.Rule, k.Baseline = f.text(at+".objective", k.Objective), f.text(at+".rule", k.Rule), f.figure(at+".baseline", k.Baseline)
		k.Weight = f.whole(at+".weight", k.Weight)
		k.FloorBp, k.CapBp = f.share(at+".floor_bp", k.FloorBp), f.share(at+".cap_bp", k.CapBp)
		var targets []agreement.YearNumber
		for _, y := range d.Years() {
			if n := f.figure(at+".target."+y.String(), k.Target(y)); n != "" {
				targets = append(targets, agreement.YearNumber{Year: y, Value: n})
			}
		}
		k.Targets = targets
		all = append(all, k)
	}
	return all
}

func (f *form) lines(had agreement.Document) []agreement.Line {
	var all []agreement.Line
	for _, code := range f.values["line"] {
		at := "line." + code
		l := agreement.Line{Code: code}
		if i := slices.IndexFunc(had.Lines, func(x agreement.Line) bool { return x.Code == code }); i >= 0 {
			l = had.Lines[i]
		}
		l.Title, l.Text, l.Standing = f.text(at+".title", l.Title), f.text(at+".text", l.Text), f.values.Get(at+".standing") != ""
		l.PerYear = int(f.whole(at+".per_year", int64(l.PerYear)))
		if l.Standing {
			l.PerYear = 0
		}
		all = append(all, l)
	}
	return all
}

// do is what a button of the form asks: "clause.up:CODE", "clause.remove:CODE", "clause.add:CODE" (behind it), "kpi.add", "objective.add",
// "line.add", "signatory.add". An unknown one does nothing: the form is saved all the same.
func (f *form) do(d *agreement.Document, do string) {
	verb, code, _ := strings.Cut(do, ":")
	switch verb {
	case "clause.up", "clause.down", "clause.remove":
		d.Clauses = shift(d.Clauses, func(c agreement.Clause) bool { return c.Code == code }, verb)
	case "clause.add":
		i := slices.IndexFunc(d.Clauses, func(c agreement.Clause) bool { return c.Code == code })
		d.Clauses = slices.Insert(d.Clauses, i+1, agreement.Clause{Code: free("clause", func(s string) bool {
			return slices.ContainsFunc(d.Clauses, func(c agreement.Clause) bool { return c.Code == s })
		}), Level: 2})
	case "objective.add":
		d.Objectives = append(d.Objectives, agreement.Aim{Code: free("objective", func(s string) bool { _, has := d.Objective(s); return has })})
	case "objective.up", "objective.down", "objective.remove":
		d.Objectives = shift(d.Objectives, func(o agreement.Aim) bool { return o.Code == code }, verb)
	case "kpi.add":
		if _, has := d.KPI(f.values.Get("new_kpi")); !has {
			if _, known := f.setting.Indicator(f.values.Get("new_kpi")); known {
				d.KPIs = append(d.KPIs, f.setting.Promise(f.values.Get("new_kpi"), "", d.Language))
			}
		}
	case "kpi.up", "kpi.down", "kpi.remove":
		d.KPIs = shift(d.KPIs, func(k agreement.Promise) bool { return k.KPI == code }, verb)
	case "line.add":
		d.Lines = append(d.Lines, agreement.Line{PerYear: 1, Code: free("line", func(s string) bool {
			return slices.ContainsFunc(d.Lines, func(l agreement.Line) bool { return l.Code == s })
		})})
	case "line.up", "line.down", "line.remove":
		d.Lines = shift(d.Lines, func(l agreement.Line) bool { return l.Code == code }, verb)
	case "signatory.add":
		d.Signatories = append(d.Signatories, agreement.Signatory{Side: agreement.OfAgency})
	case "signatory.up", "signatory.down", "signatory.remove":
		at := 0
		d.Signatories = shift(d.Signatories, func(agreement.Signatory) bool { at++; return strconv.Itoa(at-1) == code }, verb)
	}
}

// shift moves the member that is asked for one place up or down, or takes it out.
func shift[T any](all []T, is func(T) bool, verb string) []T {
	i := slices.IndexFunc(all, is)
	switch {
	case i < 0:
	case strings.HasSuffix(verb, ".remove"):
		return slices.Delete(all, i, i+1)
	case strings.HasSuffix(verb, ".up") && i > 0:
		all[i-1], all[i] = all[i], all[i-1]
	case strings.HasSuffix(verb, ".down") && i < len(all)-1:
		all[i], all[i+1] = all[i+1], all[i]
	}
	return all
}

// free is a code that is not taken.
func free(name string, taken func(string) bool) string {
	for n := 1; ; n++ {
		if code := fmt.Sprintf("%s-%d", name, n); !taken(code) {
			return code
		}
	}
}
