// Package rules holds the page of what a programme says of money on a day, and the forms that change it from a day on.
package rules

import (
	"net/http"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/rule"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// pages answers the addresses of Routes.
type pages struct{ *frame.Web }

// Routes is every address of the package.
func Routes(w *frame.Web) []serve.Route {
	p := pages{w}
	return []serve.Route{
		{Method: "GET", Pattern: "/rules", Verb: "rule.read", Handle: p.rules},
		{Method: "POST", Pattern: "/rules/{part}", Verb: "rule.change", Handle: p.change},
	}
}

// rulesPage is what a programme says of money on a day.
type rulesPage struct {
	frame.Page
	Book  rule.Book
	Part  rule.Part // of a form that came back
	Typed map[string]string
	Fault *fault.Fault
}

func (w pages) rules(out http.ResponseWriter, r *http.Request) error {
	return w.show(out, r, http.StatusOK, rulesPage{})
}

func (w pages) show(out http.ResponseWriter, r *http.Request, status int, c rulesPage) error {
	p, err := w.Read(r, "rules", func(tx *db.Tx, p *frame.Page) error {
		on := rule.DayIn(p.Programme, "", p.Today)
		if asked := r.URL.Query().Get("on"); asked != "" {
			day, err := period.ParseDate(asked)
			if err != nil {
				return fault.At("on", err)
			}
			on = day
		}
		var err error
		c.Book, err = rule.On(r.Context(), tx, p.Actor, p.Programme.ID, on)
		return err
	})
	if err != nil {
		return err
	}
	p.Title, p.AsOf, p.Year = p.T("menu.rules"), "", 0
	p.Path = []frame.Crumb{{Label: p.Title}}
	if r.URL.Query().Get("done") != "" {
		p.Notice = p.T("rules.done")
	}
	c.Page = p
	return w.RenderStatus(out, r, status, rulesTempl(c))
}

// line is one rule with what it says.
type line struct{ Words, Says string }

func (c rulesPage) says(key text.Key, what string) line { return line{c.T(key), what} }

// shares is who bears what.
func (c rulesPage) shares() []line {
	r := c.Book.Rule
	return []line{c.says("rules.rate", r.RateBp.Show(c.Language)), c.says("rules.performance", r.PerformanceBp.Show(c.Language)),
		c.says("rules.advance", r.AdvanceBp.Show(c.Language)), c.says("rules.carry_over", r.CarryOverBp.Show(c.Language)),
		c.says("rules.year_of", c.T(yearOfKey(string(r.YearOf))))}
}

func yearOfKey(choice string) text.Key { return text.Key("rules.year_of_" + choice) }

// results is what counts of results, and when figures worry somebody.
func (c rulesPage) results() []line {
	r := c.Book.Rule
	return []line{c.says("rules.declared", r.DeclaredBp.Show(c.Language)), c.says("rules.alert_chance", r.Limits.ChanceBp.Show(c.Language)),
		c.says("rules.alert_stake", r.Limits.StakeBp.Show(c.Language)), c.says("rules.report_grace", c.T("rules.n_days", "n", r.Limits.GraceDays))}
}

// looks is how claims are looked at.
func (c rulesPage) looks() []line {
	k := c.Book.Costs.Claim
	return []line{c.says("rules.sample_bp", k.SampleBp.Show(c.Language)), c.says("rules.sample_from", c.from(k.SampleFrom)),
		c.says("rules.second_from", c.from(k.SecondFrom)), c.says("rules.proof_from", c.from(k.ProofFrom)),
		c.says("rules.sample_seed", c.Language.Number(k.SampleSeed))}
}

// from is an amount from which something holds; 0 is never.
func (c rulesPage) from(a money.Amount) string {
	if a == 0 {
		return c.T("rules.never")
	}
	return c.Euro(a)
}

// terms are the terms in days.
func (c rulesPage) terms() []line {
	k, r := c.Book.Costs.Claim, c.Book.Rule
	out := []line{}
	for _, t := range []struct {
		key text.Key
		n   int
	}{{"rules.plan_days", r.PlanDays}, {"rules.claim_days", k.ClaimDays}, {"rules.reply_days", k.ReplyDays}, {"rules.parked_days", k.ParkedDays},
		{"rules.objection_days", r.ObjectionDays}, {"rules.answer_days", r.AnswerTerm()}, {"rules.cooling_days", r.CoolingDays}} {
		out = append(out, c.says(t.key, c.T("rules.n_days", "n", t.n)))
	}
	return out
}

// category is a cost category in words.
type category struct{ Name, Kinds, Cap, HourCap, Flat string }

func (c rulesPage) categories() (out []category) {
	for _, name := range funding.Categories() {
		k, ruled := c.Book.Costs.Categories[name]
		x := category{Name: c.T(categoryKey(name)), Kinds: c.T("rules.all_kinds"), Cap: c.T("rules.no_cap"), HourCap: c.T("rules.no_cap"), Flat: c.T("rules.no_flat")}
		if ruled {
			x.Kinds = c.kinds(k)
			if k.Cap > 0 {
				x.Cap = c.Euro(k.Cap)
			}
			if k.HourCap > 0 {
				x.HourCap = c.Euro(k.HourCap)
			}
			if k.FlatBp > 0 {
				x.Flat = c.T("rules.flat", "share", k.FlatBp, "of", c.names(k.FlatOf))
			}
		}
		out = append(out, x)
	}
	return out
}

func (c rulesPage) kinds(k funding.CategoryRule) string {
	if k.FlatBp > 0 {
		return c.T("rules.derived")
	}
	if len(k.Kinds) == 0 {
		return c.T("rules.not_allowed")
	}
	var words []string
	for _, one := range k.Kinds {
		words = append(words, c.T(one.Key()))
	}
	return listed(words)
}

func (c rulesPage) names(codes []string) string {
	var words []string
	for _, code := range codes {
		words = append(words, c.T(categoryKey(code)))
	}
	return listed(words)
}

func listed(words []string) string {
	out := ""
	for i, w := range words {
		if i > 0 {
			out += ", "
		}
		out += w
	}
	return out
}

func categoryKey(code string) text.Key { return text.Key("category." + code) }

// answer is the page's one sentence, lede what comes next.
func (c rulesPage) answer() string {
	if c.Book.Rule.From == "" {
		return c.T("rules.none_yet", "on", c.Book.On)
	}
	return c.T("rules.answer", "on", c.Book.On, "rate", c.Book.Rule.RateBp, "performance", c.Book.Rule.PerformanceBp)
}

func (c rulesPage) lede() string {
	for i := len(c.Book.Changes) - 1; i >= 0; i-- {
		if m := c.Book.Changes[i]; m.From > c.Book.On {
			return c.T("rules.next", "on", m.From, "what", c.partName(m))
		}
	}
	return c.T("rules.no_next")
}

func (c rulesPage) partName(m rule.Made) string {
	if m.Part == rule.Category {
		return c.T("rules.part_category_of", "category", categoryKey(m.Category))
	}
	return c.T(partKey(m.Part))
}

func partKey(p rule.Part) text.Key { return text.Key("rules.part_" + string(p)) }
