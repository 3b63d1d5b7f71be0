package kpi

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func rat(s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		panic(s)
	}
	return r
}

func TestAttain(t *testing.T) {
	for _, c := range []struct {
		name                     string
		rule                     Rule
		direction                Direction
		baseline, target, actual string
		want                     string // basis points
	}{
		{"level, beyond", Level, Up, "0", "180", "188", "94000/9"},
		{"level, part", Level, Up, "0", "250", "210", "8400"},
		{"level, nothing", Level, Up, "0", "12", "0", "0"},
		{"level ignores the baseline", Level, Up, "10", "20", "15", "7500"},
		{"level, loss", Level, Up, "0", "100", "-50", "-5000"},
		{"progress up", Progress, Up, "40", "60", "55", "7500"},
		{"progress up, fallen back", Progress, Up, "40", "60", "35", "-2500"},
		{"progress down", Progress, Down, "30", "20", "24", "6000"},
		{"progress down, beyond", Progress, Down, "30", "20", "15", "15000"},
		{"progress of fractions", Progress, Up, "7.5", "8.1", "7.9", "20000/3"},
		{"progress without a way is hold, kept", Progress, Up, "8", "8", "8.2", "10000"},
		{"progress without a way is hold, missed", Progress, Up, "8", "8", "6", "7500"},
		{"hold up, at", Hold, Up, "0", "8", "8", "10000"},
		{"hold up, short", Hold, Up, "0", "9", "6", "20000/3"},
		{"hold down, below", Hold, Down, "0", "20", "12", "10000"},
		{"hold down, above: floored", Hold, Down, "0", "20", "30", "6666"},
		{"hold down to nothing, missed", Hold, Down, "0", "0", "3", "0"},
		{"hold down to nothing, kept", Hold, Down, "0", "0", "0", "10000"},
		{"hold up at nothing", Hold, Up, "0", "0", "0", "10000"},
		{"hold up, negative target missed", Hold, Up, "0", "-5", "-6", "0"},
		{"hold up, actual below nothing", Hold, Up, "0", "5", "-1", "0"},
		{"level of nothing is kept", Level, Up, "0", "0", "0", "10000"},
		{"level of a falling KPI is held", Level, Down, "0", "10", "40", "2500"},
	} {
		got := Attain(c.rule, c.direction, rat(c.baseline), rat(c.target), rat(c.actual))
		if got.Cmp(rat(c.want)) != 0 {
			t.Errorf("%s: %s, want %s", c.name, got.RatString(), c.want)
		}
	}
}

func TestPayoutIsExactUntilItsFloor(t *testing.T) {
	for _, c := range []struct {
		attainment string
		floor      int64
		want       int64
	}{
		{"8400", 5000, 6800},
		{"4999", 5000, 0},
		{"5000", 5000, 0},
		{"12000", 5000, 10000},
		{"10000", 9999, 10000},
		{"9999.5", 9999, 5000},
		{"20000/3", 5000, 3333}, // from 6666 whole points it would be 3332
		{"-100", 0, 0},
		{"1/2", 0, 0},
	} {
		if got := Payout(rat(c.attainment), c.floor); got != c.want {
			t.Errorf("payout of %s above %d: %d, want %d", c.attainment, c.floor, got, c.want)
		}
	}
}

// golden is the score of the golden case (domain section 4): five promises with a floor of half each.
func golden() []Cell {
	var cells []Cell
	for _, p := range []struct{ actual, target, weight int64 }{
		{188, 180, 30}, // 10444.4: 10000
		{210, 250, 25}, //  8400:   6800
		{3, 4, 20},     //  7500:   5000
		{7, 10, 15},    //  7000:   4000
		{12, 12, 10},   // 10000:  10000
	} {
		a := Attain(Level, Up, new(big.Rat), big.NewRat(p.target, 1), big.NewRat(p.actual, 1))
		cells = append(cells, Cell{Status: Valued, Weight: p.weight, Attainment: a, AttainmentBp: Floor(a), PayoutBp: Payout(a, 5000)})
	}
	return cells
}

func TestScoreOfTheGoldenCase(t *testing.T) {
	cells := golden()
	for i, want := range []int64{10000, 6800, 5000, 4000, 10000} {
		if cells[i].PayoutBp != want {
			t.Errorf("promise %d pays %d, want %d", i+1, cells[i].PayoutBp, want)
		}
	}
	// (30 x 10000 + 25 x 6800 + 20 x 5000 + 15 x 4000 + 10 x 10000) / 100
	if got := Score(cells); got != 7300 {
		t.Errorf("score %d, want 7300", got)
	}
}

func TestScoreByStatus(t *testing.T) {
	paying := Cell{Status: Valued, Weight: 1, PayoutBp: 10000}
	for _, c := range []struct {
		name  string
		other Cell
		want  int64
	}{
		{"waived leaves the weights", Cell{Status: Waived, Weight: 9}, 10000},
		{"not due leaves the weights", Cell{Status: NotDue, Weight: 9}, 10000},
		{"not reported pays nothing", Cell{Status: NotReported, Weight: 3}, 2500},
		{"a small sample pays nothing", Cell{Status: SmallSample, Weight: 2}, 3333},
		{"a true zero pays nothing", Cell{Status: Valued, Weight: 2}, 3333},
		{"no weight, no say", Cell{Status: NotReported}, 10000},
	} {
		if got := Score([]Cell{paying, c.other}); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	if got := Score(nil); got != 10000 {
		t.Errorf("nothing promised: %d", got)
	}
	if got := Score([]Cell{{Status: Waived, Weight: 5}, {Status: NotDue, Weight: 5}}); got != 10000 {
		t.Errorf("no weights left: %d", got)
	}
}

func TestTogetherCapsAndLeavesOut(t *testing.T) {
	cell := func(s Status, weight, attainment int64) *Cell {
		c := &Cell{Status: s, Weight: weight}
		if s == Valued {
			c.Attainment = big.NewRat(attainment, 1)
		}
		return c
	}
	got, ok := Together([]*Cell{cell(Valued, 1, 30000), cell(Valued, 1, 0), nil, cell(SmallSample, 5, 0), cell(Waived, 5, 0),
		cell(Valued, 2, -400)})
	if !ok || got != 2500 {
		t.Errorf("together %d %v, want 2500: one promise of weight 1 in 4 is kept, however far", got, ok)
	}
	if _, ok := Together([]*Cell{cell(NotDue, 1, 0), nil}); ok {
		t.Error("nothing due still gave a number")
	}
}

func TestCourse(t *testing.T) {
	for _, c := range []struct {
		attained, elapsed int64
		want              Course
	}{
		{7100, 7100, OnCourse}, {6300, 7100, OnCourse}, {6299, 7100, Behind}, {5100, 7100, Behind}, {5099, 7100, AtRisk}, {0, 0, OnCourse},
	} {
		if got := CourseOf(c.attained, c.elapsed); got != c.want {
			t.Errorf("%d at %d: %s, want %s", c.attained, c.elapsed, got, c.want)
		}
	}
}

func someRat(lo, hi int64) *rapid.Generator[*big.Rat] {
	return rapid.Custom(func(t *rapid.T) *big.Rat {
		return big.NewRat(rapid.Int64Range(lo, hi).Draw(t, "num"), rapid.Int64Range(1, 40).Draw(t, "den"))
	})
}

func TestPayoutGrowsWithAttainment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := someRat(-1_000_000, 1_000_000).Draw(t, "a"), someRat(-1_000_000, 1_000_000).Draw(t, "b")
		f := rapid.Int64Range(0, 9999).Draw(t, "floor")
		if a.Cmp(b) > 0 {
			a, b = b, a
		}
		if pa, pb := Payout(a, f), Payout(b, f); pa > pb || pa < 0 || pb > Whole {
			t.Fatalf("%s pays %d, %s pays %d", a, pa, b, pb)
		}
	})
}

// In whatever direction and by whatever rule, getting better never lowers the attainment; being there is whole, and not being there is not.
func TestAttainmentGrowsTowardsTheTarget(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.SampledFrom([]Direction{Up, Down}).Draw(t, "direction")
		rule := rapid.SampledFrom(Rules()).Draw(t, "rule")
		baseline, target := someRat(-50, 50).Draw(t, "baseline"), someRat(-50, 50).Draw(t, "target")
		worse, better := someRat(-90, 90).Draw(t, "worse"), someRat(-90, 90).Draw(t, "better")
		wrongWay := target.Cmp(baseline) > 0
		if d == Up {
			wrongWay = target.Cmp(baseline) < 0
		}
		if rule == Progress && wrongWay {
			t.Skip("a target behind its baseline")
		}
		if (worse.Cmp(better) > 0) == (d == Up) {
			worse, better = better, worse
		}
		a, b := Attain(rule, d, baseline, target, worse), Attain(rule, d, baseline, target, better)
		if a.Cmp(b) > 0 {
			t.Fatalf("%s gives %s, %s gives %s", worse, a, better, b)
		}
		whole := big.NewRat(Whole, 1)
		there := better.Cmp(target) >= 0
		if d == Down {
			there = better.Cmp(target) <= 0
		}
		if there != (b.Cmp(whole) >= 0) {
			t.Fatalf("at %s of %s: %s", better, target, b)
		}
	})
}

// An agreement may pay less than the whole weight: the cap holds whatever was attained.
func TestCap(t *testing.T) {
	for cap, want := range map[int64]int64{0: Whole, 8000: 8000, Whole: Whole} {
		a := Assignment{Rule: Level, CapBp: cap}
		if got := min(Payout(big.NewRat(12_000, 1), a.FloorBp), a.Cap()); got != want {
			t.Errorf("cap %d pays %d, want %d", cap, got, want)
		}
	}
}
