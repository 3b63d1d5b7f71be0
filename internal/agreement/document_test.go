package agreement

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// sample is a whole document of a programme of three years.
func sample() Document {
	s := Setting{Programme: programme.Programme{Name: programme.Words{NL: "Ronde", EN: "Round", FR: "Cycle"}, Starts: "2027-01-01", Ends: "2029-12-31"},
		Agency:  programme.Organisation{ID: "01968c3e-7a10-7cc3-98c4-dc0c0c073901", Name: "Flanders Investment & Trade"},
		Rule:    programme.Rule{RateBp: 5000, PerformanceBp: 2000, AdvanceBp: 3000},
		Goals:   []programme.Goal{{Code: "abroad", Name: programme.Words{EN: "More companies abroad"}}},
		Clauses: StandardClauses(), Mandate: "Board of 4 July"}
	s.Indicators = []Indicator{{Code: "reached", Name: programme.Words{EN: "Companies reached"}, Version: 1, Unit: "companies", Direction: "up"}}
	d := s.Begin(programme.Organisation{ID: "01968c3e-7a10-7cc3-98c4-dc0c0c073902", Name: "VIL"}, text.EN)
	d.Objectives = []Aim{s.Aim("reach", "abroad", programme.Words{EN: "Reach more companies"}, text.EN)}
	k := s.Promise("reached", "reach", text.EN)
	k.Baseline, k.Weight, k.FloorBp = "90", 100, 5000
	for i, y := range d.Years() {
		k.Targets = append(k.Targets, YearNumber{Year: y, Value: Number([]string{"110", "130", "145.5"}[i])})
		d.Ceilings[i].Amount = 9_000_000
	}
	d.KPIs = []Promise{k}
	d.Lines = []Line{{Code: "desk", Standing: true, Title: "Helpdesk", Text: "Answers within two days"}}
	d.Signatories = []Signatory{{Side: OfPartner, Name: "A", Title: "Director", Email: "a@vil.example"}, {Side: OfAgency, Name: "B", Title: "CEO"}}
	return d.Normal()
}

// The hash of the sample is fixed: whoever changes the canonical form changes what people accepted, and must raise DocumentForm.
func TestCanonicalFormStays(t *testing.T) {
	d := sample()
	d.Clauses = d.Clauses[:1]
	form, err := d.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"agency":{"division":"","name":"Flanders Investment & Trade","organisation":"01968c3e-7a10-7cc3-98c4-dc0c0c073901"},"amends":0,` +
		`"ceilings":[{"amount":9000000,"year":2027},{"amount":9000000,"year":2028},{"amount":9000000,"year":2029}],` +
		`"clauses":[{"code":"purpose","level":1,"text":"","title":"Purpose"}],"effective_on":"","ends":"2029-12-31","form":1,` +
		`"kpis":[{"baseline":"90","cap_bp":10000,"decimals":0,"direction":"up","floor_bp":5000,"kpi":"reached","name":"Companies reached",` +
		`"objective":"reach","rule":"level","targets":[{"value":"110","year":2027},{"value":"130","year":2028},{"value":"145.5","year":2029}],` +
		`"unit":"companies","version":1,"weight":100}],"language":"en",` +
		`"lines":[{"code":"desk","per_year":0,"standing":true,"text":"Answers within two days","title":"Helpdesk"}],"mandate":"Board of 4 July",` +
		`"objectives":[{"code":"reach","goal":"abroad","goal_name":"More companies abroad","words":{"en":"Reach more companies","fr":"","nl":""}}],` +
		`"partner":{"division":"","name":"VIL","organisation":"01968c3e-7a10-7cc3-98c4-dc0c0c073902"},"programme":"Round","reason_amends":"",` +
		`"signatories":[{"email":"a@vil.example","name":"A","side":"partner","title":"Director"},{"email":"","name":"B","side":"agency","title":"CEO"}],` +
		`"starts":"2027-01-01","terms":{"advance_bp":3000,"claim_days":30,"claims_per_year":4,"pay_days":30,"performance_bp":2000,"rate_bp":5000,"verify_days":30}}`
	if form != want {
		t.Errorf("canonical form\n%s\nwant\n%s", form, want)
	}
	back, err := ParseDocument(form)
	if again, _ := back.Canonical(); err != nil || again != form {
		t.Errorf("read back: %v\n%s", err, again)
	}
	for _, bad := range []string{" " + form, strings.Replace(form, `"form":1`, `"form":2`, 1), strings.Replace(form, `"amends":0,`, "", 1),
		strings.Replace(form, `"amends":0`, `"amends":0,"more":1`, 1), "{", ""} {
		if _, err := ParseDocument(bad); err == nil {
			t.Errorf("accepted %.60q", bad)
		}
	}
}

// Whatever is typed, the canonical form reads back as itself, and what looks the same hashes the same.
func TestCanonicalFormIsOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := sample()
		typed := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"e\u0301 é", "a\r\nb", "x \ny\t", "\u2028", "<&>\"\\", "\x00\x7f", "\xff", "👩\u200d🚀"}))
		d.Clauses[1].Text, d.Clauses[1].Title, d.Partner.Name = typed.Draw(t, "text"), typed.Draw(t, "title"), typed.Draw(t, "name")
		d.Objectives[0].Words.NL, d.ReasonAmends = typed.Draw(t, "words"), typed.Draw(t, "reason")
		form, err := d.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseDocument(form)
		if err != nil {
			t.Fatalf("%v\n%q", err, form)
		}
		if again, _ := back.Canonical(); again != form {
			t.Fatalf("%q\n%q", form, again)
		}
		d.Clauses[1].Text = strings.ReplaceAll(back.Clauses[1].Text, "\n", "\r\n")
		if typedOnWindows, _ := d.Canonical(); typedOnWindows != form {
			t.Fatal("line ends change the hash")
		}
	})
}

func TestNumbersOfClauses(t *testing.T) {
	got := strings.Join(Numbers([]Clause{{Level: 2}, {Level: 1}, {Level: 2}, {Level: 2}, {Level: 1}, {Level: 2}}), " ")
	if got != "0.1 1 1.1 1.2 2 2.1" {
		t.Error(got)
	}
}

// Each field that a standard clause names is filled, in each language.
func TestStandardClausesAreFilled(t *testing.T) {
	fields := func() map[string]string { d := sample(); return d.Fields() }()
	if len(StandardClauses()) < 20 {
		t.Fatalf("%d clauses", len(StandardClauses()))
	}
	for _, c := range StandardClauses() {
		for _, l := range text.Languages() {
			words := c.Text.In(l)
			if c.Title.In(l) == "" || (c.Level == 2) == (words == "") {
				t.Errorf("%s in %s: %q %q", c.Code, l, c.Title.In(l), words)
			}
			if filled := Fill(words, fields); strings.ContainsAny(filled, "{}") {
				t.Errorf("%s in %s: %s", c.Code, l, filled)
			}
		}
	}
	if got := Fill("a {partner} {unknown} {", fields); got != "a VIL {unknown} {" {
		t.Error(got)
	}
}

func TestNumber(t *testing.T) {
	for in, want := range map[string]Number{"": "", " 12 ": "12", "012.50": "12.5", "1 200,25": "1200.25", "-0": "0", "\u22123": "-3", "0.000001": "0.000001",
		"1200.0": "1200"} {
		if got, err := ParseNumber(in); err != nil || got != want {
			t.Errorf("%q: %q %v", in, got, err)
		}
	}
	for _, in := range []string{"twelve", "1.2.3", "1e3", ".5", "5.", "--1", "1/2", "0.0000001", "1234567890123456", "NaN", "½"} {
		if got, err := ParseNumber(in); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%q: %q %v", in, got, err)
		}
	}
}
