package redline

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

func hash(t interface{ Fatal(...any) }, d agreement.Document) string {
	h, err := d.Hash()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// small is a document with something in every part.
func small() agreement.Document {
	d := agreement.Document{Language: text.EN, Programme: "Round", Starts: "2027-01-01", Ends: "2028-12-31",
		Agency: agreement.Party{Name: "FIT"}, Partner: agreement.Party{Name: "VIL"}}
	for i, w := range []string{"Purpose of the whole", "The partner organises at least two joint activities a year with other partners",
		"Before an activity is published the partner looks at the shared calendar", "Claims are submitted each quarter within thirty days",
		"The agency contributes one half of accepted costs up to {total}"} {
		d.Clauses = append(d.Clauses, agreement.Clause{Code: fmt.Sprintf("c%d", i), Level: 2 - (1-min(i, 1))%2, Title: fmt.Sprintf("Clause %d", i), Text: w})
	}
	d.Objectives = []agreement.Aim{{Code: "reach", Goal: "abroad", Words: agreement.Wording{EN: "Reach more companies"}}}
	d.KPIs = []agreement.Promise{{KPI: "reached", Name: "Reached", Objective: "reach", Rule: "level", Baseline: "90", Weight: 100, CapBp: 10_000,
		Targets: []agreement.YearNumber{{Year: 2027, Value: "110"}, {Year: 2028, Value: "130"}}}}
	d.Lines = []agreement.Line{{Code: "desk", Standing: true, Title: "Helpdesk"}}
	d.Ceilings = []agreement.YearAmount{{Year: 2027, Amount: 9_000_000}, {Year: 2028, Amount: 9_000_000}}
	d.Signatories = []agreement.Signatory{{Side: agreement.OfAgency, Name: "A"}}
	return d.Normal()
}

func TestRedline(t *testing.T) {
	before := small()
	after := before.Normal()
	after.Clauses[1].Text = "The partner organises at least three joint activities a year with other partners"
	c := after.Clauses
	after.Clauses = []agreement.Clause{c[0], c[2], c[4], {Code: "new", Level: 2, Title: "New", Text: "Entirely of its own"}, c[1]} // c1 down, c3 gone
	after.KPIs[0].Targets[1].Value, after.Ceilings[1].Amount = "145.5", 9_550_000
	after.Objectives[0].Words.EN = "Reach many companies"
	r := Between(&before, &after)
	var got []string
	for _, c := range r.Clauses {
		s := c.OldNumber + ">" + c.NewNumber
		if c.Moved {
			s += " moved"
		}
		if c.Reworded() {
			s += " " + Text(c.Text)
		}
		got = append(got, s)
	}
	want := []string{"1>1", "1.2>1.1", "1.3> [-Claims are submitted each quarter within thirty days-]", "1.4>1.2", ">1.3 {+Entirely of its own+}",
		"1.1>1.4 moved The partner organises at least [-two-]{+three+} joint activities a year with other partners"}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
	for place, change := range map[string]string{"kpi.reached.target.2028": "130 145.5 15.5", "ceiling.2028": "90000.00 95500.00 5500.00",
		"objective.reach.words.en": "Reach more companies Reach many companies "} {
		v, found := r.Value(place)
		if got := v.Old + " " + v.New + " " + v.Change; !found || got != change {
			t.Errorf("%s: %q", place, got)
		}
	}
	if r.ClausesChanged() != 3 || r.NumbersChanged() != 2 || len(r.Values) != 3 {
		t.Errorf("%d clauses, %d numbers, %d values", r.ClausesChanged(), r.NumbersChanged(), len(r.Values))
	}
	if again, err := Apply(&before, r); err != nil || hash(t, again) != hash(t, after) {
		t.Errorf("applied: %v", err)
	}
	if _, err := Apply(&after, r); !errors.Is(err, ErrOther) {
		t.Errorf("applied to another document: %v", err)
	}
	if same := Between(&before, &before); !same.Empty() {
		t.Errorf("%+v", same)
	}
}

// A field that stays in the words but stands for another number shows both.
func TestFilled(t *testing.T) {
	got := Text(Filled(Words("at most {total} a year", "at most {total} each year"), map[string]string{"total": "€ 1"}, map[string]string{"total": "€ 2"}))
	if got != "at most [-€ 1-]{+€ 2+} [-a-]{+each+} year" {
		t.Error(got)
	}
}

// edit changes a document at random, in every part of it.
func edit(t *rapid.T, d agreement.Document) agreement.Document {
	d = d.Normal()
	word := rapid.SampledFrom([]string{"", "three", "a year", "\n", "{total}", "é", "Claims are submitted", "x"})
	code := func(name string, n int) string { return fmt.Sprintf("%s%d", name, rapid.IntRange(0, n).Draw(t, name)) }
	for range rapid.IntRange(0, 12).Draw(t, "edits") {
		i := rapid.IntRange(0, max(len(d.Clauses)-1, 0)).Draw(t, "at")
		switch rapid.IntRange(0, 11).Draw(t, "kind") {
		case 0, 1:
			if len(d.Clauses) > 0 {
				c := &d.Clauses[i]
				cut := rapid.IntRange(0, len([]rune(c.Text))).Draw(t, "cut")
				c.Text = string([]rune(c.Text)[:cut]) + word.Draw(t, "word") + string([]rune(c.Text)[cut:])
			}
		case 2:
			if len(d.Clauses) > 0 {
				d.Clauses = slices.Delete(d.Clauses, i, i+1)
			}
		case 3:
			c := agreement.Clause{Code: code("added", 99), Level: rapid.IntRange(1, 2).Draw(t, "level"), Title: word.Draw(t, "title"), Text: word.Draw(t, "text")}
			if !slices.ContainsFunc(d.Clauses, func(x agreement.Clause) bool { return x.Code == c.Code }) {
				d.Clauses = slices.Insert(d.Clauses, min(i, len(d.Clauses)), c)
			}
		case 4:
			if len(d.Clauses) > 1 {
				c := d.Clauses[i]
				d.Clauses = slices.Insert(slices.Delete(d.Clauses, i, i+1), rapid.IntRange(0, len(d.Clauses)-1).Draw(t, "to"), c)
			}
		case 5:
			if len(d.Clauses) > 0 { // the same words under another code
				d.Clauses[i].Code = code("renamed", 999) + fmt.Sprint("-", i)
			}
		case 6:
			k := agreement.Promise{KPI: code("kpi", 3), Objective: word.Draw(t, "objective"), Rule: "hold", Weight: rapid.Int64Range(0, 99).Draw(t, "weight")}
			d.KPIs = slices.DeleteFunc(d.KPIs, func(x agreement.Promise) bool { return x.KPI == k.KPI })
			for y := range rapid.IntRange(0, 3).Draw(t, "years") {
				k.Targets = append(k.Targets, agreement.YearNumber{Year: period.Year(2027 + y), Value: agreement.Number(fmt.Sprint(y + 1))})
			}
			d.KPIs = slices.Insert(d.KPIs, rapid.IntRange(0, len(d.KPIs)).Draw(t, "place"), k)
		case 7:
			d.KPIs = d.KPIs[:len(d.KPIs)/2]
		case 8:
			o := agreement.Aim{Code: code("objective", 3), Words: agreement.Wording{NL: word.Draw(t, "nl"), EN: word.Draw(t, "en")}}
			d.Objectives = slices.DeleteFunc(d.Objectives, func(x agreement.Aim) bool { return x.Code == o.Code })
			d.Objectives = slices.Insert(d.Objectives, rapid.IntRange(0, len(d.Objectives)).Draw(t, "place"), o)
		case 9:
			d.Ceilings = d.Ceilings[:len(d.Ceilings)/2]
			d.Ceilings = append(d.Ceilings, agreement.YearAmount{Year: period.Year(2029 + len(d.Ceilings)), Amount: 5})
		case 10:
			l := agreement.Line{Code: code("line", 3), Title: word.Draw(t, "title"), PerYear: rapid.IntRange(0, 9).Draw(t, "per year"), Standing: rapid.Bool().Draw(t, "standing")}
			d.Lines = slices.DeleteFunc(d.Lines, func(x agreement.Line) bool { return x.Code == l.Code })
			d.Lines = append(d.Lines, l)
		case 11:
			d.Signatories = slices.Insert(d.Signatories, 0, agreement.Signatory{Side: agreement.OfPartner, Name: word.Draw(t, "name")})
			d.Terms.ClaimDays, d.Mandate, d.Ends, d.Partner.Division = rapid.IntRange(0, 99).Draw(t, "days"), word.Draw(t, "mandate"), "2029-01-01", word.Draw(t, "division")
		}
	}
	return d.Normal()
}

// Applying the redline to the old document gives the new one, whatever was edited, also when the redline travelled as JSON.
func TestRedlineIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := edit(t, small())
		after := edit(t, before)
		r := Between(&before, &after)
		raw, err := json.Marshal(r)
		var back Redline
		if err == nil {
			err = json.Unmarshal(raw, &back)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range []Redline{r, back} {
			got, err := Apply(&before, x)
			if err != nil {
				t.Fatal(err)
			}
			if hash(t, got) != hash(t, after) {
				a, _ := got.Canonical()
				b, _ := after.Canonical()
				t.Fatalf("%s\nwant\n%s", a, b)
			}
		}
		if r.Empty() != (hash(t, before) == hash(t, after)) {
			t.Fatalf("empty %v: %s", r.Empty(), raw)
		}
	})
}

// Two agreements of forty pages, in which no clause kept its code: within 100 ms, moved clauses recognised, exact.
func TestFortyPages(t *testing.T) {
	before, after, moved := Long(40, 1)
	best := time.Hour
	var r Redline
	for range 10 { // the best of them: other tests run beside this one
		start := time.Now()
		r = Between(&before, &after)
		best = min(best, time.Since(start))
	}
	found, removed, added := 0, 0, 0
	for _, c := range r.Clauses {
		switch {
		case c.Moved:
			found++
		case c.Removed():
			removed++
		case c.Added():
			added++
		}
	}
	if found != moved || removed != 2 || added != 1 {
		t.Errorf("%d moved, %d removed, %d added of %d clauses", found, removed, added, len(before.Clauses))
	}
	if got, err := Apply(&before, r); err != nil || hash(t, got) != hash(t, after) {
		t.Errorf("not exact: %v", err)
	}
	if best > 100*time.Millisecond {
		t.Errorf("%v for forty pages", best)
	}
	t.Logf("%v, %d clauses", best, len(before.Clauses))
}
