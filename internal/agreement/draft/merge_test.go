package draft

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/text"
)

func start() agreement.Document {
	d := agreement.Document{Language: text.EN, Starts: "2027-01-01", Ends: "2028-12-31"}
	for i := range 4 {
		d.Clauses = append(d.Clauses, agreement.Clause{Code: fmt.Sprint("c", i), Level: 2, Title: "T", Text: fmt.Sprintf("text of clause %d", i)})
	}
	d.KPIs = []agreement.Promise{{KPI: "reached", Rule: "level", Weight: 100, Targets: []agreement.YearNumber{{Year: 2027, Value: "1"}, {Year: 2028, Value: "2"}}}}
	d.Ceilings = []agreement.YearAmount{{Year: 2027, Amount: 100}, {Year: 2028, Amount: 200}}
	return d.Normal()
}

func hash(d agreement.Document) string {
	h, err := d.Hash()
	if err != nil {
		panic(err)
	}
	return h
}

// One changes words and a number, the other other words and an order: all of it stands in the merged text.
func TestMergeTakesBoth(t *testing.T) {
	base := start()
	theirs, mine := base.Normal(), base.Normal()
	theirs.Clauses[0].Text, theirs.Ceilings[1].Amount = "theirs", 250
	theirs.Clauses = append(theirs.Clauses, agreement.Clause{Code: "their-new", Level: 2, Title: "N", Text: "new of theirs"})
	mine.Clauses[1].Text, mine.KPIs[0].Targets[0].Value = "mine", "5"
	mine.Clauses[2], mine.Clauses[3] = mine.Clauses[3], mine.Clauses[2]
	got, clashes := Merge(&base, &theirs, &mine, nil)
	var words []string
	for _, c := range got.Clauses {
		words = append(words, c.Text)
	}
	if len(clashes) > 0 || !slices.Equal(words, []string{"theirs", "mine", "text of clause 3", "new of theirs", "text of clause 2"}) &&
		!slices.Equal(words, []string{"theirs", "mine", "text of clause 3", "text of clause 2", "new of theirs"}) || got.Ceilings[1].Amount != 250 || got.KPIs[0].Targets[0].Value != "5" {
		t.Errorf("%q %+v %v", words, got, clashes)
	}
}

func TestMergeTellsClashes(t *testing.T) {
	base := start()
	theirs, mine := base.Normal(), base.Normal()
	theirs.Clauses[0].Text, mine.Clauses[0].Text = "one way", "another way"
	theirs.KPIs[0].Targets[1].Value, mine.KPIs[0].Targets[1].Value = "20", "30"
	_, clashes := Merge(&base, &theirs, &mine, nil)
	if len(clashes) != 2 || clashes[0] != (Clash{"clause.c0.text", "text of clause 0", "one way", "another way"}) || clashes[1].Place != "kpi.reached.target.2028" {
		t.Errorf("%+v", clashes)
	}
	got, left := Merge(&base, &theirs, &mine, map[string]string{"clause.c0.text": "both ways", "kpi.reached.target.2028": "twenty"})
	if got.Clauses[0].Text != "both ways" || len(left) != 1 || left[0].Place != "kpi.reached.target.2028" {
		t.Errorf("%+v %+v", got, left)
	}
	if got, left := Merge(&base, &theirs, &mine, map[string]string{"clause.c0.text": "x", "kpi.reached.target.2028": "20"}); len(left) > 0 || got.KPIs[0].Targets[1].Value != "20" {
		t.Errorf("%+v %+v", got, left)
	}
}

func change(t *rapid.T, d agreement.Document, who string) agreement.Document {
	d = d.Normal()
	for n := range rapid.IntRange(0, 6).Draw(t, who) {
		word := fmt.Sprintf("%s%d", who, n)
		i := rapid.IntRange(0, len(d.Clauses)).Draw(t, "at")
		switch kind := rapid.IntRange(0, 4).Draw(t, "kind"); {
		case kind == 0:
			d.Clauses = slices.Insert(d.Clauses, i, agreement.Clause{Code: word, Level: 2, Title: word, Text: word})
		case i == len(d.Clauses):
			d.Ceilings[0].Amount += 7
		case kind == 1:
			d.Clauses[i].Text += " " + word
		case kind == 2:
			d.Clauses = slices.Delete(d.Clauses, i, i+1)
		case kind == 3:
			c := d.Clauses[i]
			d.Clauses = append(slices.Delete(d.Clauses, i, i+1), c)
		default:
			d.Clauses[i].Title = word
		}
	}
	return d.Normal()
}

// Whatever two people do to a text, every word that either has in the end stands in the merged text or in a clash; and who changed nothing
// changes nothing.
func TestNobodysWordsVanish(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := start()
		theirs, mine := change(t, base, "theirs"), change(t, base, "mine")
		got, clashes := Merge(&base, &theirs, &mine, nil)
		form, err := got.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		all := form + fmt.Sprint(clashes)
		for _, d := range []agreement.Document{theirs, mine} {
			for _, c := range d.Clauses {
				for _, w := range strings.Fields(c.Title + " " + c.Text) {
					if (strings.HasPrefix(w, "theirs") || strings.HasPrefix(w, "mine")) && !strings.Contains(all, w) {
						t.Fatalf("%q vanished: %s %v", w, form, clashes)
					}
				}
			}
		}
		for _, c := range []struct{ theirs, mine, want agreement.Document }{{theirs, base, theirs}, {base, mine, mine}, {mine, mine, mine}} {
			if got, clashes := Merge(&base, &c.theirs, &c.mine, nil); hash(got) != hash(c.want) || len(clashes) > 0 {
				t.Fatalf("%+v\nwant %+v\n%v", got, c.want, clashes)
			}
		}
	})
}
