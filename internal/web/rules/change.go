package rules

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/rule"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// change reads one of the forms and changes the rule that it is about; a form at fault comes back with what was typed.
func (w pages) change(out http.ResponseWriter, r *http.Request) error {
	p, err := w.Read(r, "rules", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	part := rule.Part(r.PathValue("part"))
	f := form{r: r}
	c := rule.Change{From: f.day("from"), Reason: r.PostFormValue("reason")}
	switch part {
	case rule.Programme:
		c.Programme = f.programme(programme.Rule{}) // for the faults of its form
	case rule.Claim:
		c.Claim = f.claim()
	case rule.Category:
		c.Category = f.category()
	default:
		return fault.Missing("claims.no_verb", nil)
	}
	if err = fault.Join(f.faults...); err == nil {
		err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error {
			if c.Programme != nil { // what the form does not ask for stays as it is on that day
				now, err := rule.On(r.Context(), tx, p.Actor, p.Programme.ID, c.From)
				if err != nil {
					return err
				}
				c.Programme = f.programme(now.Rule)
			}
			return rule.Set(r.Context(), tx, p.Actor, p.Programme, c)
		})
	}
	if fault.Is(err, fault.KindInvalid) || fault.Is(err, fault.KindConflict) {
		typed := map[string]string{}
		for name := range r.PostForm {
			typed[name] = listed(r.PostForm[name])
		}
		return w.show(out, r, serve.Status(fault.Of(err).Kind), rulesPage{Part: part, Typed: typed, Fault: fault.Of(err)})
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/rules", "on", string(c.From), "done", "1"), http.StatusSeeOther)
	return nil
}

// form reads fields and collects their faults.
type form struct {
	r      *http.Request
	faults []error
}

func (f *form) value(name string) string { return f.r.PostFormValue(name) }

func (f *form) fail(name string, err error) {
	if err != nil {
		f.faults = append(f.faults, fault.At(name, err))
	}
}

func (f *form) day(name string) period.Date {
	d, err := period.ParseDate(f.value(name))
	f.fail(name, err)
	return d
}

// amount reads an amount; nothing is 0.
func (f *form) amount(name string) money.Amount {
	if f.value(name) == "" {
		return 0
	}
	a, err := money.Typed(f.value(name))
	f.fail(name, err)
	return a
}

// share reads per cents with at most two decimals, which are as many basis points as they have hundredths.
func (f *form) share(name string) money.Bp { return money.Bp(f.amount(name)) }

func (f *form) number(name string) int {
	n, err := strconv.Atoi(f.value(name))
	if err != nil {
		f.faults = append(f.faults, fault.Invalid(name, "rules.whole", nil))
	}
	return n
}

// programme puts what was typed onto a rule.
func (f *form) programme(r programme.Rule) *programme.Rule {
	r.RateBp, r.PerformanceBp, r.AdvanceBp = f.share("rate_bp"), f.share("performance_bp"), f.share("advance_bp")
	r.CarryOverBp, r.DeclaredBp, r.YearOf = f.share("carry_over_bp"), f.share("declared_bp"), programme.YearOf(f.value("year_of"))
	r.ObjectionDays, r.AnswerDays, r.CoolingDays = f.number("objection_days"), f.number("answer_days"), f.number("cooling_days")
	r.PlanDays = f.number("plan_days")
	r.Limits = programme.Limits{ChanceBp: f.share("alert_chance_bp"), StakeBp: f.share("alert_stake_bp"), GraceDays: f.number("report_grace_days")}
	return &r
}

func (f *form) claim() *funding.ClaimRule {
	return &funding.ClaimRule{SampleBp: f.share("sample_bp"), SampleFrom: f.amount("sample_from"), SampleSeed: int64(f.number("sample_seed")),
		SecondFrom: f.amount("second_from"), ProofFrom: f.amount("proof_from"), ClaimDays: f.number("claim_days"),
		ReplyDays: f.number("reply_days"), ParkedDays: f.number("parked_days")}
}

func (f *form) category() *funding.CategoryRule {
	c := &funding.CategoryRule{Category: f.value("category"), Cap: f.amount("cap"), HourCap: f.amount("hour_cap"), FlatBp: f.share("flat_bp"),
		FlatOf: f.r.PostForm["flat_of"]}
	for _, k := range f.r.PostForm["kinds"] {
		c.Kinds = append(c.Kinds, funding.ItemKind(k))
	}
	return c
}

// field is an input of a form: what it is called, and what stands in it now.
type field struct{ Name, Now string }

func percents(bp money.Bp) string { return money.Amount(bp).String() }

func (c rulesPage) programmeFields() []field {
	r := c.Book.Rule
	return []field{{"rate_bp", percents(r.RateBp)}, {"performance_bp", percents(r.PerformanceBp)}, {"advance_bp", percents(r.AdvanceBp)},
		{"carry_over_bp", percents(r.CarryOverBp)}, {"objection_days", strconv.Itoa(r.ObjectionDays)}, {"answer_days", strconv.Itoa(r.AnswerTerm())},
		{"cooling_days", strconv.Itoa(r.CoolingDays)}, {"plan_days", strconv.Itoa(r.PlanDays)}, {"declared_bp", percents(r.DeclaredBp)}, {"alert_chance_bp", percents(r.Limits.ChanceBp)},
		{"alert_stake_bp", percents(r.Limits.StakeBp)}, {"report_grace_days", strconv.Itoa(r.Limits.GraceDays)}}
}

func (c rulesPage) claimFields() []field {
	k := c.Book.Costs.Claim
	return []field{{"sample_bp", percents(k.SampleBp)}, {"sample_from", k.SampleFrom.String()}, {"second_from", k.SecondFrom.String()},
		{"proof_from", k.ProofFrom.String()}, {"sample_seed", strconv.FormatInt(k.SampleSeed, 10)}, {"claim_days", strconv.Itoa(k.ClaimDays)},
		{"reply_days", strconv.Itoa(k.ReplyDays)}, {"parked_days", strconv.Itoa(k.ParkedDays)}}
}

func categoryFields() []field { return []field{{"cap", ""}, {"hour_cap", ""}, {"flat_bp", ""}} }

// typed is what came back in a form, else what stands there now.
func (c rulesPage) typed(part rule.Part, f field) string {
	if s, there := c.Typed[f.Name]; there && c.Part == part {
		return s
	}
	return f.Now
}

// ticked tells whether a box of the form of a category was ticked.
func (c rulesPage) ticked(name, value string) bool {
	return c.Part == rule.Category && slices.Contains(strings.Split(c.Typed[name], ", "), value)
}

// wrong is what is wrong with a field of a form that came back, "" for nothing; field "" is the form as a whole.
func (c rulesPage) wrong(part rule.Part, name string) string {
	if c.Fault == nil || c.Part != part {
		return ""
	}
	for _, f := range c.Fault.All() {
		if f.Field == name {
			return f.Say(c.Language)
		}
	}
	return ""
}

func fieldKey(name string) text.Key { return text.Key("rules.field_" + name) }
