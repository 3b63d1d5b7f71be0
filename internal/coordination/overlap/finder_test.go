package overlap

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// drawn is an activity of a small world, where many are alike.
func drawn(id string) *rapid.Generator[Item] {
	return rapid.Custom(func(t *rapid.T) Item {
		pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
		starts := period.Date("2027-03-01").AddDays(rapid.IntRange(0, 120).Draw(t, "day"))
		it := Item{ID: id, Organisers: []string{pick("who", "a", "b", "c", "d")}, Title: pick("name", "Mission to India", "India mission 2027", "Missie Indië",
			"DevOps Days", "DevOpsDays", "Food fair", "Session 1", "Session 2", "Beurs voor voeding", ""), Type: pick("type", "", "mission", "seminar", "fair"),
			Starts: starts, Ends: starts.AddDays(rapid.IntRange(-1, 9).Draw(t, "days")), City: pick("city", "", "Mumbai", "Gent", "Ghent", "New York, NY"),
			Country: pick("country", "", "IN", "India", "BE"), URL: pick("url", "", "https://a.example/x", "http://www.a.example/x/", "https://b.example", ":")}
		if rapid.Bool().Draw(t, "coded") {
			it.Markets, it.Sectors = []string{pick("market", "IN", "BD", "FR")}, []string{pick("sector", "food", "drinks", "ports", "10.51")}
		}
		it.Vague = rapid.IntRange(0, 9).Draw(t, "vague") == 0
		return it
	})
}

// TestChangesGiveWhatAScratchRunGives: activities added, changed and taken away in any order leave the pairs of a finder made anew; each pair
// stands at both of its activities, joins different organisers, and reads in three languages.
func TestChangesGiveWhatAScratchRunGives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		held := map[string]Item{}
		f := NewFinder(nil)
		for range rapid.IntRange(1, 25).Draw(t, "changes") {
			id := strconv.Itoa(rapid.IntRange(0, 9).Draw(t, "id"))
			if rapid.IntRange(0, 4).Draw(t, "away") == 0 {
				f.Remove(id)
				delete(held, id)
				continue
			}
			held[id] = drawn(id).Draw(t, "item")
			f.Put(held[id])
		}
		var list []Item
		for _, it := range held {
			list = append(list, it)
		}
		all := NewFinder(list).All()
		if got := f.All(); !samePairs(got, all) {
			t.Fatalf("changed step by step: %v\nfrom scratch: %v", got, all)
		}
		for _, p := range all {
			if p.A >= p.B || held[p.A].Organisers[0] == held[p.B].Organisers[0] {
				t.Fatalf("pair %s, %s", p.A, p.B)
			}
			if p.Bp < 0 || p.Bp > 10000 {
				t.Fatalf("score %d", p.Bp)
			}
			alone := Compare(held[p.B], held[p.A])
			if !samePairs([]Pair{alone}, []Pair{p}) {
				t.Fatalf("alone %v, in the list %v", alone, p)
			}
			for _, side := range []string{p.A, p.B} {
				if !slices.ContainsFunc(f.Of(side), func(q Pair) bool { return samePairs([]Pair{p}, []Pair{q}) }) {
					t.Fatalf("%s does not know %v", side, p)
				}
			}
			for _, l := range text.Languages() {
				if why := p.Why(l); strings.Contains(why, "overlap.") || strings.Contains(why, "{") {
					t.Fatalf("%s: %s", l, why)
				}
			}
		}
	})
}

func samePairs(a, b []Pair) bool {
	return slices.EqualFunc(a, b, func(x, y Pair) bool {
		return x.A == y.A && x.B == y.B && x.Kind == y.Kind && x.Bp == y.Bp && reflect.DeepEqual(x.Parts, y.Parts) && x.Why(text.EN) == y.Why(text.EN)
	})
}

func TestGroups(t *testing.T) {
	got := Groups([]Pair{{A: "b", B: "c", Kind: Same}, {A: "a", B: "c", Kind: Same}, {A: "d", B: "e", Kind: Similar}, {A: "x", B: "y", Kind: Same}})
	if want := [][]string{{"a", "b", "c"}, {"x", "y"}}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestTitlesAreReadAlike(t *testing.T) {
	for _, c := range []struct{ a, b string }{
		{"12th Ghent Robotics Forum 2027", "Robotics forum Gent, 12de editie"},
		{"Trade mission to India, November 2027", "Handelszending naar Indië"},
		{"Mission économique aux Pays-Bas", "Economische missie naar Nederland"},
		{"RubyConf", "Ruby Conference"},
		{"São Paulo contactdagen", "Sao Paulo matchmaking"},
		{"C++ day", "C++ days"},
		{"The Conference", "conferentie"},
	} {
		v := newVocabulary()
		a, b := v.title(c.a), v.title(c.b)
		if !slices.Equal(a.core, b.core) || !slices.Equal(a.forms, b.forms) {
			t.Errorf("%q %v %v and %q %v %v, in %v", c.a, a.core, a.forms, c.b, b.core, b.forms, v.names)
		}
	}
}

func TestMarketsAndSectors(t *testing.T) {
	for _, c := range []struct {
		got, want int
	}{
		{marketLikeness("IN", "IN"), 10000}, {marketLikeness("IN", "BD"), neighbours}, {marketLikeness("IN", "034"), areaOf},
		{marketLikeness("IN", "JP"), continent}, {marketLikeness("IN", "BR"), 0}, {marketLikeness("nowhere", "IN"), 0},
		{sectorLikeness("food", "food"), 10000}, {sectorLikeness("food", "drinks"), 5000}, {sectorLikeness("food", "ports"), 0},
		{sectorLikeness("10.51", "10.52"), 5000}, {sectorLikeness("1051", "1061"), 5000}, {sectorLikeness("food/dairy", "food"), 7500},
		{bestOf([]string{"food"}, []string{"ports", "drinks"}, sectorLikeness), 5000}, {bestOf(nil, []string{"x"}, sectorLikeness), -1},
	} {
		if c.got != c.want {
			t.Errorf("%+v", c)
		}
	}
}

func FuzzCompare(f *testing.F) {
	f.Add("Mission to India", "India mission 2027", "Mumbai", "https://a.example/2027", "2027-03-01")
	f.Add("", "é", "(", "%zz", "")
	f.Fuzz(func(t *testing.T, a, b, city, url, day string) {
		x := Item{ID: "a", Organisers: []string{"x"}, Title: a, City: city, URL: url, Starts: period.Date(day)}
		y := Item{ID: "b", Organisers: []string{"y"}, Title: b, City: city, URL: url, Starts: period.Date(day)}
		p, q := Compare(x, y), Compare(y, x)
		if p.Kind != q.Kind || p.Bp != q.Bp {
			t.Errorf("%v and %v", p, q)
		}
	})
}
