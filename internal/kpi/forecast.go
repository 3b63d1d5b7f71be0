package kpi

import (
	"math"
	"math/big"

	"errera.eu/errera/internal/period"
)

// Season is a year as it went, cut at the same day of the year as the one that is forecast. Value at the cut and at the end; what of each came
// of rows that name an activity; activities held after the cut.
type Season struct {
	Year                period.Year
	At, Final           float64
	BorneAt, BorneFinal float64
	Held                int
}

// Outlook is what a forecast is made from.
type Outlook struct {
	Grows           bool    // values add up in the course of a year
	Counts          bool    // of things that come one by one, whose number scatters by its root
	Now, Borne      float64 // so far this year; of it from rows that name an activity
	Held, Planned   int     // activities held this year, and still to come
	Elapsed, Length int     // days
	Past            []Season
}

// Forecast is where a year is expected to end. It is an estimate: nothing is paid by it.
type Forecast struct {
	Expected  float64
	Low, High float64 // four years out of five end between them
	Spread    float64 // standard deviation
	Told      bool    // there was a past to test the rule against, so that Low, High and Spread mean something
	Yield     float64 // what an activity to come is expected to add
	Planned   int     // activities to come
	RunRate   float64 // a day, of what comes without an activity
	ErrorBp   int64   // of the last whole year, made the same day and by the same rule: how much too high it was
	ErrorOf   period.Year
}

// fourFifths is how many standard deviations to either side hold four values out of five.
const fourFifths = 1.2816

// ForecastOf tells where a year ends. What grows ends at what there is, plus the activities still planned times what an activity yielded in
// the same months of earlier years, plus what comes without activities at its rate so far. What does not grow (a mean, a share) ends where it
// stands. How far off the same rule was in earlier years, each judged by the years before it, gives the interval. False on no day of the year.
func ForecastOf(o Outlook) (Forecast, bool) {
	if o.Elapsed <= 0 || o.Length <= 0 {
		return Forecast{}, false
	}
	f := o.expect()
	variance, n := 0.0, 0
	for i, s := range o.Past {
		if i == 0 && o.Grows { // nothing earlier tells what an activity yields
			continue
		}
		then := Outlook{Grows: o.Grows, Now: s.At, Borne: s.BorneAt, Planned: s.Held, Elapsed: o.Elapsed, Length: o.Length, Past: o.Past[:i]}.expect()
		miss := s.Final - then.Expected
		if o.Grows {
			if rest := then.Expected - s.At; rest > 0 {
				miss *= (f.Expected - o.Now) / rest // as far off, in parts of what was still to come
			}
		}
		variance, n = variance+miss*miss, n+1
		if s.Final != 0 {
			f.ErrorBp, f.ErrorOf = int64(math.Round((then.Expected-s.Final)/s.Final*Whole)), s.Year
		}
	}
	if n == 0 {
		return f, true
	}
	variance /= float64(n)
	if o.Counts {
		variance += max(f.Expected-o.Now, 0)
	}
	f.Told, f.Spread = true, math.Sqrt(variance)
	f.Low, f.High = f.Expected-fourFifths*f.Spread, f.Expected+fourFifths*f.Spread
	if o.Grows {
		f.Low = max(f.Low, o.Now)
	}
	return f, true
}

func (o Outlook) expect() Forecast {
	f := Forecast{Expected: o.Now, Planned: o.Planned}
	if !o.Grows {
		return f
	}
	gained, held := 0.0, 0
	for _, s := range o.Past {
		gained, held = gained+s.BorneFinal-s.BorneAt, held+s.Held
	}
	switch {
	case held > 0:
		f.Yield = gained / float64(held)
	case o.Held > 0:
		f.Yield = o.Borne / float64(o.Held)
	}
	f.RunRate = max(o.Now-o.Borne, 0) / float64(o.Elapsed)
	f.Expected += f.Yield*float64(o.Planned) + f.RunRate*float64(max(o.Length-o.Elapsed, 0))
	return f
}

// ChanceBp is the chance in basis points that the year ends at the target or beyond it, in the KPI's direction. False where no past tells.
func (f Forecast) ChanceBp(d Direction, target float64) (int64, bool) {
	if !f.Told {
		return 0, false
	}
	ahead := f.Expected - target
	if d == Down {
		ahead = -ahead
	}
	if f.Spread == 0 {
		if ahead >= 0 {
			return Whole, true
		}
		return 0, true
	}
	return int64(math.Round(Whole * 0.5 * math.Erfc(-ahead/f.Spread/math.Sqrt2))), true
}

// AsValue is an estimate as a figure can be shown; nil when it is no number.
func AsValue(f float64) *big.Rat {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	return new(big.Rat).SetFloat64(f)
}
