package company

import (
	"slices"
	"testing"

	"errera.eu/errera/internal/id"
)

func TestPairsAreFoundWithTheirReasons(t *testing.T) {
	number := func(s string) Number { return Number{Scheme: "BE-CBE", Value: s} }
	all := []Company{
		{ID: "01", Name: "Brouwerij De Hoorn nv", Postcode: "9000", City: "Gent", Country: "BE", Sector: "food", Number: number("0123456749")},
		{ID: "02", Name: "De Hoorn, Brouwerij", Postcode: "9000", City: "Gent", Country: "BE", Sector: "food"},
		{ID: "03", Name: "Brouwerij De Hoorm NV", Postcode: "9000", City: "Gent", Country: "BE"},
		{ID: "04", Name: "Brouwerij De Toren nv", Postcode: "9000", City: "Gent", Country: "BE", Sector: "food"},
		{ID: "05", Name: "Éclair s.a.", City: "Namur", Country: "BE", Number: number("0200000043")},
		{ID: "06", Name: "Eclair SA", City: "Liège", Country: "BE", Number: number("0200000142")},
		{ID: "07", Name: "nv", Postcode: "9000"}, {ID: "08", Name: "bv", Postcode: "9000"},
	}
	got := map[[2]id.Company][]Reason{}
	for _, p := range Pairs(all) {
		got[[2]id.Company{p.A.ID, p.B.ID}] = p.Why
	}
	want := map[[2]id.Company][]Reason{
		{"01", "02"}: {SameName, SamePlace, SameSector, Unnumbered},
		{"01", "03"}: {NearName, SamePlace, Unnumbered},
		{"02", "03"}: {NearName, SamePlace, Unnumbered},
	}
	if len(got) != len(want) {
		t.Errorf("pairs %v", got)
	}
	for p, why := range want {
		if !slices.Equal(got[p], why) {
			t.Errorf("%v: %v, want %v", p, got[p], why)
		}
	}
	slices.Reverse(all)
	if again := Pairs(all); len(again) != len(want) || again[0].A.ID != "01" || again[0].B.ID != "02" {
		t.Errorf("in another order: %+v", again)
	}
}

func TestOneSlip(t *testing.T) {
	for pair, want := range map[[2]string]bool{{"brouwer", "brouwer"}: true, {"brouwer", "bruower"}: true, {"brouwer", "brouwers"}: true, {"brouwer", "trouwer"}: true,
		{"brouwer", "brower"}: true, {"brouwer", "bruwerij"}: false, {"kort", "korf"}: false, {"brouwer", "brouweril"}: false} {
		if oneSlip(pair[0], pair[1]) != want || oneSlip(pair[1], pair[0]) != want {
			t.Errorf("%v: not %v", pair, want)
		}
	}
}
