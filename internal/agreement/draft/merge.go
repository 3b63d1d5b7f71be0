package draft

import (
	"reflect"
	"slices"
	"strconv"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// Clash is a field that two people changed, each in their own way, since the text that both started from.
type Clash struct {
	Place  string // "clause.CODE.text", "kpi.CODE.target.2027"
	Base   string
	Theirs string
	Mine   string
}

// Merge takes into one document what two people changed in the same one. Where only one of them changed a field that change counts; a list
// gets what either added; what one took out and the other changed stays. Where both changed a field a choice for its place decides; without
// one it is a clash, and the merged document says there what mine says. Nobody's words vanish: each is in the document or in a clash.
func Merge(base, theirs, mine *agreement.Document, choices map[string]string) (agreement.Document, []Clash) {
	b, t, x := base.Normal(), theirs.Normal(), mine.Normal()
	m := &merger{choices: choices}
	d := x
	d.Programme = m.text("programme", b.Programme, t.Programme, x.Programme)
	d.Mandate = m.text("mandate", b.Mandate, t.Mandate, x.Mandate)
	d.Partner.Name = m.text("partner.name", b.Partner.Name, t.Partner.Name, x.Partner.Name)
	d.Partner.Division = m.text("partner.division", b.Partner.Division, t.Partner.Division, x.Partner.Division)
	d.Agency.Name = m.text("agency.name", b.Agency.Name, t.Agency.Name, x.Agency.Name)
	d.Starts = period.Date(m.text("starts", string(b.Starts), string(t.Starts), string(x.Starts)))
	d.Ends = period.Date(m.text("ends", string(b.Ends), string(t.Ends), string(x.Ends)))
	d.EffectiveOn = period.Date(m.text("effective_on", string(b.EffectiveOn), string(t.EffectiveOn), string(x.EffectiveOn)))
	d.ReasonAmends = m.text("reason_amends", b.ReasonAmends, t.ReasonAmends, x.ReasonAmends)
	d.Clauses = list(m, func(c agreement.Clause) string { return c.Code }, b.Clauses, t.Clauses, x.Clauses, m.clause)
	d.Objectives = list(m, func(o agreement.Aim) string { return o.Code }, b.Objectives, t.Objectives, x.Objectives, m.objective)
	d.KPIs = list(m, func(k agreement.Promise) string { return k.KPI }, b.KPIs, t.KPIs, x.KPIs, m.kpi)
	d.Lines = list(m, func(l agreement.Line) string { return l.Code }, b.Lines, t.Lines, x.Lines, m.line)
	d.Ceilings = list(m, func(c agreement.YearAmount) string { return c.Year.String() }, b.Ceilings, t.Ceilings, x.Ceilings, m.ceiling)
	d.Signatories = list(m, signatoryKey, b.Signatories, t.Signatories, x.Signatories, m.signatory)
	d.Terms.ClaimsPerYear = int(m.number("terms.claims_per_year", int64(b.Terms.ClaimsPerYear), int64(t.Terms.ClaimsPerYear), int64(x.Terms.ClaimsPerYear)))
	d.Terms.ClaimDays = int(m.number("terms.claim_days", int64(b.Terms.ClaimDays), int64(t.Terms.ClaimDays), int64(x.Terms.ClaimDays)))
	d.Terms.VerifyDays = int(m.number("terms.verify_days", int64(b.Terms.VerifyDays), int64(t.Terms.VerifyDays), int64(x.Terms.VerifyDays)))
	d.Terms.PayDays = int(m.number("terms.pay_days", int64(b.Terms.PayDays), int64(t.Terms.PayDays), int64(x.Terms.PayDays)))
	return d.Normal(), m.clashes
}

type merger struct {
	choices map[string]string
	clashes []Clash
}

func (m *merger) text(place, base, theirs, mine string) string {
	switch {
	case theirs == mine || base == theirs:
		return mine
	case base == mine:
		return theirs
	}
	if chosen, has := m.choices[place]; has {
		return chosen
	}
	m.clashes = append(m.clashes, Clash{place, base, theirs, mine})
	return mine
}

func (m *merger) number(place string, base, theirs, mine int64) int64 {
	s := m.text(place, strconv.FormatInt(base, 10), strconv.FormatInt(theirs, 10), strconv.FormatInt(mine, 10))
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil { // a choice that is no number is no choice
		m.clashes = append(m.clashes, Clash{place, strconv.FormatInt(base, 10), strconv.FormatInt(theirs, 10), strconv.FormatInt(mine, 10)})
		return mine
	}
	return n
}

func (m *merger) clause(b, t, x agreement.Clause) agreement.Clause {
	at := "clause." + x.Code
	x.Title = m.text(at+".title", b.Title, t.Title, x.Title)
	x.Text = m.text(at+".text", b.Text, t.Text, x.Text)
	x.Level = int(m.number(at+".level", int64(b.Level), int64(t.Level), int64(x.Level)))
	return x
}

func (m *merger) objective(b, t, x agreement.Aim) agreement.Aim {
	at := "objective." + x.Code
	goal := m.text(at+".goal", b.Goal, t.Goal, x.Goal)
	if goal == t.Goal {
		x.GoalName = t.GoalName
	}
	x.Goal = goal
	x.Words.NL = m.text(at+".words.nl", b.Words.NL, t.Words.NL, x.Words.NL)
	x.Words.EN = m.text(at+".words.en", b.Words.EN, t.Words.EN, x.Words.EN)
	x.Words.FR = m.text(at+".words.fr", b.Words.FR, t.Words.FR, x.Words.FR)
	return x
}

func (m *merger) kpi(b, t, x agreement.Promise) agreement.Promise {
	at := "kpi." + x.KPI
	x.Objective = m.text(at+".objective", b.Objective, t.Objective, x.Objective)
	x.Rule = m.text(at+".rule", b.Rule, t.Rule, x.Rule)
	x.Baseline = m.figure(at+".baseline", b.Baseline, t.Baseline, x.Baseline)
	var years []period.Year
	for _, all := range [][]agreement.YearNumber{t.Targets, x.Targets} {
		for _, y := range all {
			years = append(years, y.Year)
		}
	}
	slices.Sort(years)
	var targets []agreement.YearNumber
	for _, y := range slices.Compact(years) {
		v := m.figure(at+".target."+y.String(), b.Target(y), t.Target(y), x.Target(y))
		targets = append(targets, agreement.YearNumber{Year: y, Value: v})
	}
	x.Targets = targets
	x.Weight = m.number(at+".weight", b.Weight, t.Weight, x.Weight)
	x.FloorBp = m.number(at+".floor_bp", b.FloorBp, t.FloorBp, x.FloorBp)
	x.CapBp = m.number(at+".cap_bp", b.CapBp, t.CapBp, x.CapBp)
	return x
}

func (m *merger) figure(place string, base, theirs, mine agreement.Number) agreement.Number {
	s := m.text(place, string(base), string(theirs), string(mine))
	n, err := agreement.ParseNumber(s)
	if err != nil {
		m.clashes = append(m.clashes, Clash{place, string(base), string(theirs), string(mine)})
		return mine
	}
	return n
}

func (m *merger) line(b, t, x agreement.Line) agreement.Line {
	at := "line." + x.Code
	x.Standing = m.text(at+".standing", strconv.FormatBool(b.Standing), strconv.FormatBool(t.Standing), strconv.FormatBool(x.Standing)) == "true"
	x.Title = m.text(at+".title", b.Title, t.Title, x.Title)
	x.Text = m.text(at+".text", b.Text, t.Text, x.Text)
	x.PerYear = int(m.number(at+".per_year", int64(b.PerYear), int64(t.PerYear), int64(x.PerYear)))
	return x
}

func (m *merger) ceiling(b, t, x agreement.YearAmount) agreement.YearAmount {
	at := "ceiling." + x.Year.String()
	a, err := money.Parse(m.text(at, b.Amount.String(), t.Amount.String(), x.Amount.String()))
	if err != nil {
		m.clashes = append(m.clashes, Clash{at, b.Amount.String(), t.Amount.String(), x.Amount.String()})
		return x
	}
	x.Amount = a
	return x
}

// A signatory is told apart by side and name.
func signatoryKey(s agreement.Signatory) string { return string(s.Side) + "/" + s.Name }

func (m *merger) signatory(b, t, x agreement.Signatory) agreement.Signatory {
	at := "signatory." + signatoryKey(x)
	x.Title = m.text(at+".title", b.Title, t.Title, x.Title)
	x.Email = m.text(at+".email", b.Email, t.Email, x.Email)
	return x
}

// list merges lists of things that keep their key. The order is that of who changed it; when both did, mine.
func list[T any](m *merger, key func(T) string, base, theirs, mine []T, item func(b, t, x T) T) []T {
	in := func(all []T) (map[string]T, []string) {
		by, order := map[string]T{}, make([]string, len(all))
		for i, x := range all {
			by[key(x)], order[i] = x, key(x)
		}
		return by, order
	}
	b, bOrder := in(base)
	t, tOrder := in(theirs)
	x, xOrder := in(mine)
	first, second := xOrder, tOrder
	if slices.Equal(bOrder, xOrder) {
		first, second = tOrder, xOrder
	}
	var merged []T
	for _, k := range interleave(first, second) {
		was, inBase := b[k]
		their, inTheirs := t[k]
		my, inMine := x[k]
		switch {
		case inTheirs && inMine:
			merged = append(merged, item(was, their, my))
		case inMine && !(inBase && reflect.DeepEqual(was, my)): // added, or changed by me and taken out by them
			merged = append(merged, my)
		case inTheirs && !(inBase && reflect.DeepEqual(was, their)):
			merged = append(merged, their)
		}
	}
	return merged
}

// interleave is first with what only second has, each behind the member that it follows in second.
func interleave(first, second []string) []string {
	all := slices.Clone(first)
	at := 0
	for _, k := range second {
		if i := slices.Index(all, k); i >= 0 {
			at = i + 1
			continue
		}
		all = slices.Insert(all, at, k)
		at++
	}
	return all
}
