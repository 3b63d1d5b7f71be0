package rule

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Field is one thing that a rule says, for machines: its name ends in _bp where it is basis points and in _days where it is days; amounts are
// decimals in the programme's currency, lists have blanks between their words.
type Field struct {
	Part     Part
	Category string // of cost, "" for the other parts
	Name     string
	Value    string
}

// Fields are all that the book says, in the order in which it is written.
func (b Book) Fields() []Field {
	var all []Field
	add := func(part Part, category string, slots []slot) {
		for _, s := range slots {
			all = append(all, Field{part, category, s.name, s.read()})
		}
	}
	r, c := b.Rule, b.Costs.Claim
	add(Programme, "", programmeSlots(&r))
	add(Claim, "", claimSlots(&c))
	for _, name := range slices.Sorted(maps.Keys(b.Costs.Categories)) {
		k := b.Costs.Categories[name]
		add(Category, name, categorySlots(&k))
	}
	return all
}

// With is the change of a part that puts some of its fields otherwise, from a day on; what is not named stays. Invalid at the field that is
// not one of the part, or holds nothing that it could say.
func (b Book) With(part Part, category string, set map[string]string, reason string) (Change, error) {
	c := Change{From: b.On, Reason: reason}
	var slots []slot
	switch part {
	case Programme:
		r := b.Rule
		c.Programme, slots = &r, programmeSlots(&r)
	case Claim:
		k := b.Costs.Claim
		c.Claim, slots = &k, claimSlots(&k)
	case Category:
		k := b.Costs.Categories[category]
		k.Category = category
		c.Category, slots = &k, categorySlots(&k)
	default:
		return c, fault.Invalid("part", "db.choice", nil)
	}
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(set)) {
		at := slices.IndexFunc(slots, func(s slot) bool { return s.name == name })
		if at < 0 {
			names := make([]string, len(slots))
			for n, s := range slots {
				names[n] = s.name
			}
			faults = append(faults, fault.Invalid(name, "rules.no_field", text.Args{"found": name, "list": strings.Join(names, ", ")}))
			continue
		}
		faults = append(faults, fault.At(name, slots[at].write(strings.TrimSpace(set[name]))))
	}
	return c, fault.Join(faults...)
}

// SetFields changes some fields of a part from a day on, with a reason; what is not named stays. Faults: those of With and of Set.
func SetFields(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, part Part, category string, from period.Date,
	set map[string]string, reason string) error {
	b, err := On(ctx, tx, by, g.ID, from)
	if err != nil {
		return err
	}
	c, err := b.With(part, category, set, reason)
	if err != nil {
		return err
	}
	return Set(ctx, tx, by, g, c)
}

// slot is where a field stands in a rule.
type slot struct {
	name  string
	read  func() string
	write func(string) error
}

// whole is a slot of a whole number: basis points, days, a seed.
func whole[T ~int | ~int64](name string, at *T) slot {
	return slot{name, func() string { return strconv.FormatInt(int64(*at), 10) }, func(s string) error {
		n, err := strconv.ParseInt(s, 10, 32)
		if err != nil {
			return fault.Invalid(name, "rules.whole", nil)
		}
		*at = T(n)
		return nil
	}}
}

func decimals(name string, at *money.Amount) slot {
	return slot{name, func() string { return at.String() }, func(s string) (err error) {
		*at, err = money.Parse(s)
		return err
	}}
}

func word[T ~string](name string, at *T) slot {
	return slot{name, func() string { return string(*at) }, func(s string) error {
		*at = T(s)
		return nil
	}}
}

func words[T ~string](name string, at *[]T) slot {
	return slot{name, func() string {
		all := make([]string, len(*at))
		for n, w := range *at {
			all[n] = string(w)
		}
		return strings.Join(all, " ")
	}, func(s string) error {
		*at = nil // not a slot of the list that holds until then
		for _, w := range strings.Fields(s) {
			*at = append(*at, T(w))
		}
		return nil
	}}
}

func programmeSlots(r *programme.Rule) []slot {
	return []slot{whole("rate_bp", &r.RateBp), whole("performance_bp", &r.PerformanceBp), whole("advance_bp", &r.AdvanceBp),
		whole("carry_over_bp", &r.CarryOverBp), word("year_of", &r.YearOf), whole("objection_days", &r.ObjectionDays), whole("answer_days", &r.AnswerDays),
		whole("cooling_days", &r.CoolingDays), whole("plan_days", &r.PlanDays), whole("declared_bp", &r.DeclaredBp),
		whole("alert_chance_bp", &r.Limits.ChanceBp), whole("alert_stake_bp", &r.Limits.StakeBp), whole("report_grace_days", &r.Limits.GraceDays)}
}

func claimSlots(c *funding.ClaimRule) []slot {
	return []slot{whole("sample_bp", &c.SampleBp), decimals("sample_from", &c.SampleFrom), whole("sample_seed", &c.SampleSeed),
		decimals("second_from", &c.SecondFrom), decimals("proof_from", &c.ProofFrom), whole("claim_days", &c.ClaimDays), whole("reply_days", &c.ReplyDays),
		whole("parked_days", &c.ParkedDays)}
}

func categorySlots(c *funding.CategoryRule) []slot {
	return []slot{words("kinds", &c.Kinds), decimals("cap", &c.Cap), decimals("hour_cap", &c.HourCap), whole("flat_bp", &c.FlatBp), words("flat_of", &c.FlatOf)}
}

// DayIn is a day of the programme: the one asked for, or with "" today, or the nearest that the programme has.
func DayIn(g programme.Programme, asked, today period.Date) period.Date {
	if asked != "" {
		return asked
	}
	return min(max(today, g.Starts), g.Ends)
}
