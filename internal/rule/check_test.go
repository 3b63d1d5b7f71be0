package rule

import (
	"testing"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// says holds the fault of an error: its field and key, "" for none.
func says(err error) string {
	if err == nil {
		return ""
	}
	f := fault.Of(err).All()[0]
	return f.Field + " " + string(f.Key)
}

func TestTheDayOfAChange(t *testing.T) {
	g := programme.Programme{Starts: "2017-01-01", Ends: "2021-12-31"}
	for _, c := range []struct {
		from, today, settled, last period.Date
		want                       string
	}{
		{"2019-06-01", "2019-06-01", "2018-12-31", "2017-01-01", ""},
		{"2019-05-31", "2019-06-01", "", "2017-01-01", "from rules.from_today"},
		{"", "2019-06-01", "", "2017-01-01", "from fault.date.form"},
		{"2022-01-01", "2019-06-01", "", "2017-01-01", "from rules.in_programme"},
		{"2019-06-01", "2019-06-01", "2019-12-31", "2017-01-01", "from rules.settled"},
		{"2020-01-01", "2019-06-01", "2019-12-31", "2017-01-01", ""},
		{"2020-01-01", "2019-06-01", "", "2020-01-01", "from rules.later_there"},
		{"2020-01-01", "2019-06-01", "", "2020-07-01", "from rules.later_there"},
	} {
		if got := says(checkDay(Change{From: c.from}, g, c.today, c.settled, c.last)); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestWhatIsReckonedOverAYearChangesWithAYear(t *testing.T) {
	before := programme.Rule{RateBp: 5000, PerformanceBp: 2000, AdvanceBp: 3000, ObjectionDays: 30, AnswerDays: 14, YearOf: programme.Delivered,
		Limits: programme.UsualLimits()}
	for _, c := range []struct {
		name string
		set  func(*programme.Rule)
		want string
	}{
		{"rate in the middle of a year", func(r *programme.Rule) { r.From, r.RateBp = "2019-06-01", 4000 }, ""},
		{"performance in the middle", func(r *programme.Rule) { r.From, r.PerformanceBp = "2019-06-01", 1000 }, "from rules.new_year"},
		{"performance with the year", func(r *programme.Rule) { r.From, r.PerformanceBp = "2020-01-01", 1000 }, ""},
		{"year of an item in the middle", func(r *programme.Rule) { r.From, r.YearOf = "2019-06-01", programme.Invoiced }, "from rules.new_year"},
		{"more than all", func(r *programme.Rule) { r.From, r.RateBp = "2019-06-01", 10_001 }, "rate_bp db.share"},
		{"by the day of payment", func(r *programme.Rule) { r.From, r.YearOf = "2020-01-01", programme.Paid }, "year_of db.choice"},
		{"what may be declared in the middle", func(r *programme.Rule) { r.From, r.DeclaredBp = "2019-06-01", 500 }, "from rules.new_year"},
		{"what may be declared with the year", func(r *programme.Rule) { r.From, r.DeclaredBp = "2020-01-01", 500 }, ""},
		{"a limit in the middle", func(r *programme.Rule) { r.From, r.Limits.GraceDays = "2019-06-01", 45 }, ""},
		{"a limit of nothing", func(r *programme.Rule) { r.From, r.Limits.ChanceBp = "2019-06-01", 0 }, "alert_chance_bp rules.some"},
		{"a term of nothing", func(r *programme.Rule) { r.From, r.AnswerDays = "2019-06-01", 0 }, "answer_days rules.days"},
	} {
		r := before
		c.set(&r)
		if got := says(checkProgramme(r, before)); got != c.want {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

func TestACategoryIsCostsOrAFlatRate(t *testing.T) {
	all := map[string]funding.CategoryRule{"overhead": {Category: "overhead", FlatBp: 1500, FlatOf: []string{"staff"}}}
	for _, c := range []struct {
		name string
		rule funding.CategoryRule
		want string
	}{
		{"capped", funding.CategoryRule{Category: "travel", Kinds: Kinds(), Cap: 500_00}, ""},
		{"not allowed", funding.CategoryRule{Category: "travel"}, ""},
		{"unknown", funding.CategoryRule{Category: "lunch", Kinds: Kinds()}, "category db.choice"},
		{"declared flat", funding.CategoryRule{Category: "travel", Kinds: []funding.ItemKind{funding.Flat}}, "kinds db.choice"},
		{"flat on what is declared", funding.CategoryRule{Category: "other", FlatBp: 700, FlatOf: []string{"travel", "venue"}}, ""},
		{"flat on nothing", funding.CategoryRule{Category: "other", FlatBp: 700}, "flat_of rules.flat_of"},
		{"flat on itself", funding.CategoryRule{Category: "other", FlatBp: 700, FlatOf: []string{"other"}}, "flat_of rules.flat_of"},
		{"flat on a flat rate", funding.CategoryRule{Category: "other", FlatBp: 700, FlatOf: []string{"overhead"}}, "flat_of rules.flat_of"},
		{"flat under a flat rate", funding.CategoryRule{Category: "staff", FlatBp: 700, FlatOf: []string{"travel"}}, "flat_bp rules.flat_base"},
		{"flat and declared", funding.CategoryRule{Category: "other", Kinds: Kinds(), FlatBp: 700, FlatOf: []string{"travel"}}, "kinds rules.flat_alone"},
		{"a base without a share", funding.CategoryRule{Category: "other", Kinds: Kinds(), FlatOf: []string{"travel"}}, "flat_bp rules.flat_share"},
		{"below nothing", funding.CategoryRule{Category: "travel", Kinds: Kinds(), Cap: -1}, "cap db.amount_negative"},
	} {
		if got := says(CheckCategory(c.rule, all)); got != c.want {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}
