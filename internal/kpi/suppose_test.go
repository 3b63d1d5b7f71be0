package kpi

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func cellOf(code string, rule Rule, d Direction, baseline, target string, weight, floorBp, capBp int64, status Status, value string) Cell {
	c := Cell{KPI: &Definition{Code: code, Direction: d}, Assignment: &Assignment{Rule: rule, Baseline: rat(baseline), CapBp: capBp}, Weight: weight,
		FloorBp: floorBp, Status: status, Target: rat(target)}
	if value != "" {
		c.Value = rat(value)
	}
	return c
}

func TestSuppose(t *testing.T) {
	cells := []Cell{cellOf("a", Level, Up, "0", "100", 60, 5000, 0, NotReported, ""), cellOf("b", Progress, Down, "40", "20", 40, 0, 8000, Valued, "40"),
		cellOf("c", Level, Up, "0", "10", 50, 0, 0, Waived, "")}
	got := Suppose(cells, map[string]*big.Rat{"a": rat("75"), "b": rat("20"), "c": rat("10")})
	if got[0].Status != Valued || got[0].PayoutBp != 5000 || got[1].PayoutBp != 8000 || got[2].Status != Waived {
		t.Errorf("%+v", got)
	}
	if s := Score(got); s != (60*5000+40*8000)/100 {
		t.Errorf("score %d", s)
	}
	if cells[0].Status != NotReported || cells[1].PayoutBp != 0 {
		t.Error("supposing changed what is")
	}
	if same := Suppose(cells, nil); Score(same) != Score(cells) {
		t.Error("supposing nothing changes the score")
	}
}

// To do better is never paid less.
func TestSupposeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, 300)
		cells := []Cell{cellOf("a", Level, Up, "0", "100", 60, rapid.Int64Range(0, 9999).Draw(t, "floor"), rapid.Int64Range(0, 10000).Draw(t, "cap"), Valued, "0")}
		x, y := n.Draw(t, "x"), n.Draw(t, "y")
		score := func(v int64) int64 { return Score(Suppose(cells, map[string]*big.Rat{"a": big.NewRat(v, 1)})) }
		if score(min(x, y)) > score(max(x, y)) {
			t.Fatalf("%d pays more than %d", min(x, y), max(x, y))
		}
	})
}
