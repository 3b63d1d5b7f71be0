package kpi

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-6*(1+math.Abs(b)) }

func TestForecastIsPlannedTimesYieldPlusRunRate(t *testing.T) {
	past := []Season{{Year: 2017, At: 60, Final: 100, BorneAt: 40, BorneFinal: 70, Held: 10}, {Year: 2018, At: 80, Final: 140, BorneAt: 50, BorneFinal: 100, Held: 10}}
	f, ok := ForecastOf(Outlook{Grows: true, Counts: true, Now: 90, Borne: 60, Held: 20, Planned: 12, Elapsed: 200, Length: 365, Past: past})
	// An activity yielded (30 + 50) / 20 = 4; 12 of them give 48. Without activities 30 came in 200 days; 165 days give 24.75.
	if !ok || !near(f.Yield, 4) || !near(f.Expected, 90+48+24.75) || !f.Told {
		t.Fatalf("%+v", f)
	}
	// For 2018 the rule knew 2017: a yield of 3, 10 activities, 30 in 200 days: 80 + 30 + 24.75 = 134.75 where 140 came.
	if f.ErrorOf != 2018 || f.ErrorBp != int64(math.Round((134.75-140)/140*Whole)) {
		t.Errorf("the error shown is %d of %d", f.ErrorBp, f.ErrorOf)
	}
	miss := 5.25 * 72.75 / 54.75
	if spread := math.Sqrt(miss*miss + 72.75); !near(f.Spread, spread) || !near(f.Low, f.Expected-fourFifths*spread) || !near(f.High, f.Expected+fourFifths*spread) {
		t.Errorf("interval %v to %v, spread %v", f.Low, f.High, f.Spread)
	}
	if c, ok := f.ChanceBp(Up, f.Expected); !ok || c != 5000 {
		t.Errorf("the chance to reach what is expected is %d", c)
	}
	up, _ := f.ChanceBp(Up, 150)
	down, _ := f.ChanceBp(Down, 150)
	if up <= 5000 || up+down != Whole {
		t.Errorf("chances %d and %d", up, down)
	}
}

func TestForecastWithoutPastTellsNoInterval(t *testing.T) {
	f, ok := ForecastOf(Outlook{Grows: true, Now: 40, Borne: 40, Held: 8, Planned: 4, Elapsed: 100, Length: 365})
	if !ok || f.Told || !near(f.Expected, 60) {
		t.Errorf("%+v", f)
	}
	if _, told := f.ChanceBp(Up, 50); told {
		t.Error("a chance without a past")
	}
	if _, ok := ForecastOf(Outlook{Grows: true, Length: 365}); ok {
		t.Error("a forecast before the year began")
	}
	one, _ := ForecastOf(Outlook{Now: 80, Elapsed: 100, Length: 365, Past: []Season{{Year: 2018, At: 78, Final: 82}}})
	if !near(one.Expected, 80) || !one.Told || !near(one.Spread, 4) {
		t.Errorf("a share ends where it stands, within what it moved before: %+v", one)
	}
}

// What grows never ends below what there is, the interval holds the expectation, and a better target is never likelier.
func TestForecastLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Float64Range(0, 1000)
		o := Outlook{Grows: true, Counts: rapid.Bool().Draw(t, "counts"), Now: number.Draw(t, "now"), Planned: rapid.IntRange(0, 50).Draw(t, "planned"),
			Held: rapid.IntRange(0, 50).Draw(t, "held"), Elapsed: rapid.IntRange(1, 365).Draw(t, "elapsed"), Length: 365}
		o.Borne = o.Now * rapid.Float64Range(0, 1).Draw(t, "borne")
		for y := range rapid.IntRange(0, 4).Draw(t, "past") {
			at := number.Draw(t, "at")
			final := at + number.Draw(t, "more")
			part := rapid.Float64Range(0, 1).Draw(t, "part")
			o.Past = append(o.Past, Season{2015 + 1, at, final, at * part, final * part, rapid.IntRange(0, 30).Draw(t, "after")})
			o.Past[y].Year += 2
		}
		f, ok := ForecastOf(o)
		if !ok || f.Expected < o.Now-1e-9 || math.IsNaN(f.Expected) || math.IsNaN(f.Spread) {
			t.Fatalf("%+v", f)
		}
		if !f.Told {
			return
		}
		if f.Low > f.Expected+1e-6 || f.High < f.Expected-1e-6 || f.Low < o.Now-1e-9 {
			t.Fatalf("%v, %v, %v", f.Low, f.Expected, f.High)
		}
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		ca, _ := f.ChanceBp(Up, min(a, b))
		cb, _ := f.ChanceBp(Up, max(a, b))
		if ca < cb {
			t.Fatalf("reaching %v has %d, %v has %d", min(a, b), ca, max(a, b), cb)
		}
	})
}
