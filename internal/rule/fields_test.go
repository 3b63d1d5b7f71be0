package rule

import (
	"reflect"
	"testing"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/programme"
)

// TestFieldsComeBack: all that a book says can be said again, field by field, and is the same; a change leaves the book as it is.
func TestFieldsComeBack(t *testing.T) {
	b := Book{On: "2027-01-01", Rule: programme.Rule{RateBp: 5000, PerformanceBp: 2000, AdvanceBp: 3000, ObjectionDays: 30, CarryOverBp: 1000,
		YearOf: programme.Delivered, AnswerDays: 21, CoolingDays: 7, PlanDays: 60, DeclaredBp: 500, Limits: programme.Limits{ChanceBp: 6000, StakeBp: 100, GraceDays: 14}},
		Costs: funding.Rules{Claim: funding.ClaimRule{SampleBp: 1000, SampleFrom: 5000_00, SampleSeed: 42, SecondFrom: 1, ProofFrom: 2_50, ClaimDays: 90,
			ReplyDays: 14, ParkedDays: 180}, Categories: map[string]funding.CategoryRule{
			"travel":   {Category: "travel", Kinds: []funding.ItemKind{funding.Invoiced, funding.InKind}, Cap: 150_00},
			"overhead": {Category: "overhead", FlatBp: 1500, FlatOf: []string{"staff", "travel"}}}}}
	set := map[Part]map[string]map[string]string{}
	for _, f := range b.Fields() {
		if set[f.Part] == nil {
			set[f.Part] = map[string]map[string]string{}
		}
		if set[f.Part][f.Category] == nil {
			set[f.Part][f.Category] = map[string]string{}
		}
		set[f.Part][f.Category][f.Name] = f.Value
	}
	empty := Book{On: b.On, Costs: funding.Rules{Categories: map[string]funding.CategoryRule{}}}
	for part, categories := range set {
		for category, fields := range categories {
			c, err := empty.With(part, category, fields, "why")
			if err != nil {
				t.Fatal(err)
			}
			var got, want any
			switch part {
			case Programme:
				got, want = *c.Programme, b.Rule
			case Claim:
				got, want = *c.Claim, b.Costs.Claim
			default:
				got, want = *c.Category, b.Costs.Categories[category]
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s %s: %+v, want %+v", part, category, got, want)
			}
		}
	}
	c, err := b.With(Category, "travel", map[string]string{"kinds": "staff", "cap": "0"}, "why")
	if err != nil || len(c.Category.Kinds) != 1 || b.Costs.Categories["travel"].Kinds[0] != funding.Invoiced || b.Costs.Categories["travel"].Cap != 150_00 {
		t.Errorf("%+v %+v %v", c.Category, b.Costs.Categories["travel"], err)
	}
	for _, bad := range []map[string]string{{"cap": "1,5"}, {"colour": "red"}, {"flat_bp": "ten"}} {
		for name := range bad {
			if _, err := b.With(Category, "travel", bad, ""); !fault.Is(err, fault.KindInvalid) || fault.Of(err).Field != name {
				t.Errorf("%v: %v", bad, err)
			}
		}
	}
	if _, err := b.With("party", "", nil, ""); !fault.Is(err, fault.KindInvalid) {
		t.Error(err)
	}
}
