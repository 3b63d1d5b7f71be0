package rule

import (
	"slices"
	"strings"
	"unicode/utf8"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

const longestReason = 2_000

// checkDay tests from when a change may hold: not before today, for what was declared or paid until now rests on what was known then; within
// the programme; in no year that was settled; and after every change of the same rule that stands.
func checkDay(c Change, g programme.Programme, today, settled, last period.Date) error {
	switch {
	case c.From == "":
		return fault.Invalid("from", "fault.date.form", text.Args{"found": ""})
	case c.From < today:
		return fault.Invalid("from", "rules.from_today", text.Args{"on": today})
	case c.From < g.Starts || c.From > g.Ends:
		return fault.Invalid("from", "rules.in_programme", text.Args{"from": g.Starts, "to": g.Ends})
	case c.From <= settled:
		return fault.Invalid("from", "rules.settled", text.Args{"year": settled.Year()})
	case c.From <= last:
		return fault.Invalid("from", "rules.later_there", text.Args{"on": last})
	}
	return nil
}

func checkReason(reason string) error {
	switch {
	case strings.TrimSpace(reason) == "":
		return fault.Invalid("reason", "db.reason_missing", nil)
	case utf8.RuneCountInString(reason) > longestReason:
		return fault.Invalid("reason", "intake.want.shorter", text.Args{"n": longestReason})
	}
	return nil
}

func share(field string, bp money.Bp) error {
	if bp < 0 || bp > money.Whole {
		return fault.Invalid(field, "db.share", nil)
	}
	return nil
}

func days(field string, n, low, high int) error {
	if n < low || n > high {
		return fault.Invalid(field, "rules.days", text.Args{"low": low, "high": high})
	}
	return nil
}

// some is a share of more than nothing.
func some(field string, bp money.Bp) error {
	if bp == 0 {
		return fault.Invalid(field, "rules.some", nil)
	}
	return share(field, bp)
}

func amount(field string, a money.Amount) error {
	if a < 0 {
		return fault.Invalid(field, "db.amount_negative", nil)
	}
	return nil
}

// checkProgramme tests a programme's rule against the one before it. What is reckoned over a whole year (the part tied to results, what
// may be declared of it, the carry-over, the year of an item) changes with a year.
func checkProgramme(r, before programme.Rule) error {
	faults := []error{share("rate_bp", r.RateBp), share("performance_bp", r.PerformanceBp), share("advance_bp", r.AdvanceBp),
		share("carry_over_bp", r.CarryOverBp), days("objection_days", r.ObjectionDays, 0, 365), days("answer_days", r.AnswerDays, 1, 365),
		days("cooling_days", r.CoolingDays, 0, 60), days("plan_days", r.PlanDays, 0, 365), share("declared_bp", r.DeclaredBp), some("alert_chance_bp", r.Limits.ChanceBp),
		some("alert_stake_bp", r.Limits.StakeBp), days("report_grace_days", r.Limits.GraceDays, 1, 365)}
	if r.YearOf != programme.Delivered && r.YearOf != programme.Invoiced {
		faults = append(faults, fault.Invalid("year_of", "db.choice", nil))
	}
	whole := r.PerformanceBp != before.PerformanceBp || r.CarryOverBp != before.CarryOverBp || r.YearOf != before.YearOf ||
		r.DeclaredBp != before.DeclaredBp
	if whole && r.From != r.From.Year().First() {
		faults = append(faults, fault.Invalid("from", "rules.new_year", text.Args{"on": (r.From.Year() + 1).First()}))
	}
	return fault.Join(faults...)
}

// CheckClaim tests how a programme verifies claims.
func CheckClaim(c funding.ClaimRule) error {
	return fault.Join(share("sample_bp", c.SampleBp), amount("sample_from", c.SampleFrom), amount("second_from", c.SecondFrom),
		amount("proof_from", c.ProofFrom), days("claim_days", c.ClaimDays, 0, 3650), days("reply_days", c.ReplyDays, 0, 3650),
		days("parked_days", c.ParkedDays, 0, 3650))
}

// Kinds are the kinds of item that a category may allow; flat rates are derived.
func Kinds() []funding.ItemKind {
	return []funding.ItemKind{funding.Invoiced, funding.Staff, funding.InKind}
}

// CheckCategory tests a category's rule beside all others of its day: a flat rate names others that are none, and has nothing else.
func CheckCategory(c funding.CategoryRule, all map[string]funding.CategoryRule) error {
	if !slices.Contains(funding.Categories(), c.Category) {
		return fault.Invalid("category", "db.choice", nil)
	}
	faults := []error{amount("cap", c.Cap), amount("hour_cap", c.HourCap), share("flat_bp", c.FlatBp)}
	for _, k := range c.Kinds {
		if !slices.Contains(Kinds(), k) {
			faults = append(faults, fault.Invalid("kinds", "db.choice", nil))
		}
	}
	if c.FlatBp == 0 {
		if len(c.FlatOf) > 0 {
			faults = append(faults, fault.Invalid("flat_bp", "rules.flat_share", nil))
		}
		return fault.Join(faults...)
	}
	if len(c.Kinds) > 0 || c.Cap > 0 || c.HourCap > 0 {
		faults = append(faults, fault.Invalid("kinds", "rules.flat_alone", nil))
	}
	if len(c.FlatOf) == 0 {
		faults = append(faults, fault.Invalid("flat_of", "rules.flat_of", nil))
	}
	for _, name := range c.FlatOf {
		if name == c.Category || !slices.Contains(funding.Categories(), name) || all[name].FlatBp > 0 {
			faults = append(faults, fault.Invalid("flat_of", "rules.flat_of", nil))
		}
	}
	for _, other := range all { // no flat rate on a flat rate
		if other.FlatBp > 0 && slices.Contains(other.FlatOf, c.Category) {
			faults = append(faults, fault.Invalid("flat_bp", "rules.flat_base", text.Args{"category": text.Key("category." + other.Category)}))
		}
	}
	return fault.Join(faults...)
}
