package overlap

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"errera.eu/errera/internal/period"
)

// hardCase is a pair that somebody looked at: same, similar, competing or none; any is whatever but same.
type hardCase struct {
	Kind, What string
	A, B       hardItem
}

type hardItem struct {
	Organiser, Title, Type    string
	Start, End, City, Country string
	URL                       string
	Markets, Sectors, Needs   []string
}

func (h hardItem) item(id string) Item {
	return Item{ID: id, Organisers: []string{h.Organiser}, Title: h.Title, Type: h.Type, Markets: h.Markets, Sectors: h.Sectors, Needs: h.Needs,
		Starts: period.Date(h.Start), Ends: period.Date(h.End), City: h.City, Country: h.Country, URL: h.URL}
}

func hardCases(t *testing.T) []hardCase {
	t.Helper()
	f, err := os.Open("testdata/hard.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []hardCase
	for s := bufio.NewScanner(f); s.Scan(); {
		var c hardCase
		if err := json.Unmarshal(s.Bytes(), &c); err != nil {
			t.Fatalf("line %d: %v", len(all)+1, err)
		}
		all = append(all, c)
	}
	return all
}

// TestHardCases scores the labelled pairs (invented, one of each trap): of what is told the same, how much is; of what is the same, how much
// is told; and the same for whether a pair is worth a look at all.
func TestHardCases(t *testing.T) {
	var same, look struct{ hit, told, real int }
	all := hardCases(t)
	for _, c := range all {
		pairs := NewFinder([]Item{c.A.item("a"), c.B.item("b")}).All()
		got := "none"
		if len(pairs) > 0 {
			got = string(pairs[0].Kind)
		}
		right := got == c.Kind || c.Kind == "any" && got != "same"
		if !right {
			judged := Compare(c.A.item("a"), c.B.item("b"))
			t.Errorf("%s: %s, want %s\n  %s | %s\n  %d %v", c.What, got, c.Kind, c.A.Title, c.B.Title, judged.Bp, judged.Parts)
		}
		count := func(in *struct{ hit, told, real int }, told, real bool) {
			if told {
				in.told++
			}
			if real {
				in.real++
			}
			if told && real {
				in.hit++
			}
		}
		count(&same, got == "same", c.Kind == "same")
		if c.Kind != "any" {
			count(&look, got != "none", c.Kind != "none")
		}
	}
	t.Logf("%d pairs; same: precision %d/%d, recall %d/%d; worth a look: precision %d/%d, recall %d/%d", len(all), same.hit, same.told,
		same.hit, same.real, look.hit, look.told, look.hit, look.real)
}
