package redline

import (
	"math/big"
	"strconv"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Kind is what a field holds.
type Kind string

// The kinds. A figure is a decimal, an amount one with two decimals in the programme's currency, a share is in basis points.
const (
	Prose  Kind = "words"
	Choice Kind = "choice"
	Date   Kind = "date"
	Count  Kind = "count"
	Share  Kind = "share"
	Figure Kind = "figure"
	Amount Kind = "amount"
)

// Number tells whether the field holds a number.
func (k Kind) Number() bool { return k == Count || k == Share || k == Figure || k == Amount }

// less is a - b for numbers that both are there; "" otherwise.
func (k Kind) less(a, b string) string {
	if !k.Number() || a == "" || b == "" {
		return ""
	}
	x, okX := new(big.Rat).SetString(a)
	y, okY := new(big.Rat).SetString(b)
	if !okX || !okY {
		return ""
	}
	d := x.Sub(x, y)
	if k == Amount {
		return d.FloatString(2)
	}
	return string(agreement.NumberOf(d))
}

// flat is a document without its clauses as places and values, so that two of them compare and one rebuilds.
type flat struct {
	names  []string // of lists, in order
	lists  map[string][]string
	places []string
	values map[string]string
	kinds  map[string]Kind
}

func (f *flat) put(place string, k Kind, v string) {
	f.places = append(f.places, place)
	f.values[place], f.kinds[place] = v, k
}

func (f *flat) int(place string, k Kind, n int64) { f.put(place, k, strconv.FormatInt(n, 10)) }

func (f *flat) list(name string, members []string) {
	f.names = append(f.names, name)
	f.lists[name] = members
}

func flatten(d *agreement.Document) *flat {
	f := &flat{lists: map[string][]string{}, values: map[string]string{}, kinds: map[string]Kind{}}
	f.put("language", Choice, string(d.Language))
	f.put("programme", Prose, d.Programme)
	f.put("mandate", Prose, d.Mandate)
	for _, p := range []struct {
		name string
		agreement.Party
	}{{"agency", d.Agency}, {"partner", d.Partner}} {
		f.put(p.name+".organisation", Choice, string(p.Organisation))
		f.put(p.name+".name", Prose, p.Name)
		f.put(p.name+".division", Prose, p.Division)
	}
	f.put("starts", Date, string(d.Starts))
	f.put("ends", Date, string(d.Ends))
	f.int("amends", Count, int64(d.Amends))
	f.put("effective_on", Date, string(d.EffectiveOn))
	f.put("reason_amends", Prose, d.ReasonAmends)
	f.objectives(d)
	f.kpis(d)
	f.rest(d)
	return f
}

func (f *flat) objectives(d *agreement.Document) {
	var codes []string
	for _, o := range d.Objectives {
		at := "objective." + o.Code
		codes = append(codes, o.Code)
		f.put(at+".goal", Choice, o.Goal)
		f.put(at+".goal_name", Prose, o.GoalName)
		f.put(at+".words.nl", Prose, o.Words.NL)
		f.put(at+".words.en", Prose, o.Words.EN)
		f.put(at+".words.fr", Prose, o.Words.FR)
	}
	f.list("objectives", codes)
}

func (f *flat) kpis(d *agreement.Document) {
	var codes []string
	for _, k := range d.KPIs {
		at := "kpi." + k.KPI
		codes = append(codes, k.KPI)
		f.put(at+".name", Prose, k.Name)
		f.int(at+".version", Count, int64(k.Version))
		f.put(at+".unit", Choice, k.Unit)
		f.put(at+".direction", Choice, k.Direction)
		f.int(at+".decimals", Count, int64(k.Decimals))
		f.put(at+".objective", Choice, k.Objective)
		f.put(at+".rule", Choice, k.Rule)
		f.put(at+".baseline", Figure, string(k.Baseline))
		var years []string
		for _, t := range k.Targets {
			years = append(years, t.Year.String())
			f.put(at+".target."+t.Year.String(), Figure, string(t.Value))
		}
		f.list(at+".targets", years)
		f.int(at+".weight", Count, k.Weight)
		f.int(at+".floor_bp", Share, k.FloorBp)
		f.int(at+".cap_bp", Share, k.CapBp)
	}
	f.list("kpis", codes)
}

func (f *flat) rest(d *agreement.Document) {
	var codes, years, signs []string
	for _, l := range d.Lines {
		at := "line." + l.Code
		codes = append(codes, l.Code)
		f.put(at+".standing", Choice, strconv.FormatBool(l.Standing))
		f.put(at+".title", Prose, l.Title)
		f.put(at+".text", Prose, l.Text)
		f.int(at+".per_year", Count, int64(l.PerYear))
	}
	f.list("lines", codes)
	for _, c := range d.Ceilings {
		years = append(years, c.Year.String())
		f.put("ceiling."+c.Year.String(), Amount, c.Amount.String())
	}
	f.list("ceilings", years)
	t := d.Terms
	f.int("terms.rate_bp", Share, int64(t.RateBp))
	f.int("terms.performance_bp", Share, int64(t.PerformanceBp))
	f.int("terms.advance_bp", Share, int64(t.AdvanceBp))
	f.int("terms.claims_per_year", Count, int64(t.ClaimsPerYear))
	f.int("terms.claim_days", Count, int64(t.ClaimDays))
	f.int("terms.verify_days", Count, int64(t.VerifyDays))
	f.int("terms.pay_days", Count, int64(t.PayDays))
	for i, s := range d.Signatories {
		n := strconv.Itoa(i)
		signs = append(signs, n)
		f.put("signatory."+n+".side", Choice, string(s.Side))
		f.put("signatory."+n+".name", Prose, s.Name)
		f.put("signatory."+n+".title", Prose, s.Title)
		f.put("signatory."+n+".email", Prose, s.Email)
	}
	f.list("signatories", signs)
}

// builder reads a flat document back and keeps the first fault.
type builder struct {
	f   *flat
	err error
}

func (b *builder) str(place string) string { return b.f.values[place] }

func (b *builder) int(place string) int64 {
	n, err := strconv.ParseInt(b.f.values[place], 10, 64)
	if err != nil && b.err == nil {
		b.err = fault.Invalid(place, "agreement.number_form", text.Args{"found": b.f.values[place]})
	}
	return n
}

func (b *builder) year(s string) period.Year {
	n, err := strconv.Atoi(s)
	if err != nil && b.err == nil {
		b.err = fault.Invalid("year", "agreement.number_form", text.Args{"found": s})
	}
	return period.Year(n)
}

func (b *builder) amount(place string) money.Amount {
	a, err := money.Parse(b.f.values[place])
	if err != nil && b.err == nil {
		b.err = fault.At(place, err)
	}
	return a
}

func (b *builder) party(name string) agreement.Party {
	return agreement.Party{Organisation: id.Organisation(b.str(name + ".organisation")), Name: b.str(name + ".name"), Division: b.str(name + ".division")}
}

func (f *flat) document() (agreement.Document, error) {
	b := &builder{f: f}
	d := agreement.Document{Form: agreement.DocumentForm, Language: text.Language(b.str("language")), Programme: b.str("programme"),
		Mandate: b.str("mandate"), Agency: b.party("agency"), Partner: b.party("partner"), Starts: period.Date(b.str("starts")),
		Ends: period.Date(b.str("ends")), Amends: int(b.int("amends")), EffectiveOn: period.Date(b.str("effective_on")),
		ReasonAmends: b.str("reason_amends")}
	for _, code := range f.lists["objectives"] {
		at := "objective." + code
		d.Objectives = append(d.Objectives, agreement.Aim{Code: code, Goal: b.str(at + ".goal"), GoalName: b.str(at + ".goal_name"),
			Words: agreement.Wording{NL: b.str(at + ".words.nl"), EN: b.str(at + ".words.en"), FR: b.str(at + ".words.fr")}})
	}
	for _, code := range f.lists["kpis"] {
		d.KPIs = append(d.KPIs, b.promise(code))
	}
	for _, code := range f.lists["lines"] {
		at := "line." + code
		d.Lines = append(d.Lines, agreement.Line{Code: code, Standing: b.str(at+".standing") == "true", Title: b.str(at + ".title"),
			Text: b.str(at + ".text"), PerYear: int(b.int(at + ".per_year"))})
	}
	for _, y := range f.lists["ceilings"] {
		d.Ceilings = append(d.Ceilings, agreement.YearAmount{Year: b.year(y), Amount: b.amount("ceiling." + y)})
	}
	d.Terms = agreement.Terms{RateBp: money.Bp(b.int("terms.rate_bp")), PerformanceBp: money.Bp(b.int("terms.performance_bp")),
		AdvanceBp: money.Bp(b.int("terms.advance_bp")), ClaimsPerYear: int(b.int("terms.claims_per_year")),
		ClaimDays: int(b.int("terms.claim_days")), VerifyDays: int(b.int("terms.verify_days")), PayDays: int(b.int("terms.pay_days"))}
	for _, n := range f.lists["signatories"] {
		at := "signatory." + n
		d.Signatories = append(d.Signatories, agreement.Signatory{Side: agreement.Side(b.str(at + ".side")), Name: b.str(at + ".name"),
			Title: b.str(at + ".title"), Email: b.str(at + ".email")})
	}
	return d, b.err
}

func (b *builder) promise(code string) agreement.Promise {
	at := "kpi." + code
	p := agreement.Promise{KPI: code, Name: b.str(at + ".name"), Version: int(b.int(at + ".version")), Unit: b.str(at + ".unit"),
		Direction: b.str(at + ".direction"), Decimals: int(b.int(at + ".decimals")), Objective: b.str(at + ".objective"),
		Rule: b.str(at + ".rule"), Baseline: agreement.Number(b.str(at + ".baseline")), Weight: b.int(at + ".weight"),
		FloorBp: b.int(at + ".floor_bp"), CapBp: b.int(at + ".cap_bp")}
	for _, y := range b.f.lists[at+".targets"] {
		p.Targets = append(p.Targets, agreement.YearNumber{Year: b.year(y), Value: agreement.Number(b.str(at + ".target." + y))})
	}
	return p
}
