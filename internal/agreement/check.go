package agreement

import (
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Bounds of a document: a text longer than these is a mistake.
const (
	LongestText  = 20_000 // characters of a clause
	LongestLine  = 300    // characters of a title or name
	MostClauses  = 400
	mostDays     = 365
	mostClaims   = 12
	heaviest     = 1_000_000
	longestNote  = 2_000
	fullyInBp    = int64(money.Whole)
	codeOfAPlace = `^[a-z0-9][a-z0-9_-]{0,63}$`
)

var codeForm = regexp.MustCompile(codeOfAPlace)

// ValidCode tells whether a clause, an objective or a line may bear a code.
func ValidCode(code string) bool { return codeForm.MatchString(code) }

// Check tells what no version may hold, each thing at its field: numbers out of bounds, a period outside the programme, ceilings above the
// envelope, codes that nothing stands for. It does not ask whether the agreement is a good one: that is Review. Fields are "starts",
// "ceiling.2027", "clause.CODE.title", "objective.CODE.goal", "kpi.CODE.target.2027", "line.CODE.title", "terms.claim_days", "signatory.0.name".
func (d *Document) Check(s *Setting) error {
	c := checker{d: d, s: s}
	c.period()
	c.ceilings()
	c.clauses()
	c.objectives()
	c.kpis()
	c.lines()
	c.terms()
	c.signatories()
	return fault.Join(c.faults...)
}

type checker struct {
	d      *Document
	s      *Setting
	faults []error
}

func (c *checker) add(field string, key text.Key, a text.Args) {
	c.faults = append(c.faults, fault.Invalid(field, key, a))
}

func (c *checker) period() {
	d, p := c.d, c.s.Programme
	switch {
	case !d.Starts.Valid():
		c.add("starts", "fault.date.form", text.Args{"found": string(d.Starts)})
	case d.Starts < p.Starts || d.Starts > p.Ends:
		c.add("starts", "agreement.outside_programme", text.Args{"from": p.Starts, "to": p.Ends})
	}
	switch {
	case !d.Ends.Valid():
		c.add("ends", "fault.date.form", text.Args{"found": string(d.Ends)})
	case d.Ends < d.Starts:
		c.add("ends", "db.ends_before_start", nil)
	case d.Ends > p.Ends:
		c.add("ends", "agreement.outside_programme", text.Args{"from": p.Starts, "to": p.Ends})
	}
	if d.Amends > 0 {
		if !d.EffectiveOn.Valid() || d.EffectiveOn < d.Starts || d.EffectiveOn > d.Ends {
			c.add("effective_on", "agreement.effective_within", text.Args{"from": d.Starts, "to": d.Ends})
		}
		if words(d.ReasonAmends) == "" {
			c.add("reason_amends", "agreement.reason_missing", nil)
		}
	}
	if !slices.Contains(text.Languages(), d.Language) {
		c.add("language", "db.choice", nil)
	}
}

func (c *checker) ceilings() {
	years := c.d.Years()
	seen := map[period.Year]bool{}
	for _, x := range c.d.Ceilings {
		field := "ceiling." + x.Year.String()
		envelope, voted := c.s.Envelopes[x.Year]
		switch {
		case seen[x.Year]:
			c.add(field, "db.year_taken", nil)
		case !slices.Contains(years, x.Year):
			c.add(field, "agreement.year_outside", text.Args{"year": x.Year})
		case x.Amount < 0:
			c.add(field, "db.amount_negative", nil)
		case x.Amount > 0 && !voted:
			c.add(field, "agreement.no_envelope", text.Args{"year": x.Year})
		case x.Amount > envelope:
			c.add(field, "agreement.above_envelope", text.Args{"year": x.Year, "amount": x.Amount, "envelope": envelope})
		}
		seen[x.Year] = true
	}
}

// once checks a code: its form, and that it is not there already.
func (c *checker) once(seen map[string]bool, field, code string) {
	switch {
	case !codeForm.MatchString(code):
		c.add(field, "agreement.code_form", text.Args{"found": code})
	case seen[code]:
		c.add(field, "db.code_taken", nil)
	}
	seen[code] = true
}

func (c *checker) words(field, s string, longest int, needed bool) {
	switch n := utf8.RuneCountInString(s); {
	case needed && words(s) == "":
		c.add(field, "agreement.words_missing", nil)
	case n > longest:
		c.add(field, "agreement.words_long", text.Args{"n": n, "most": longest})
	}
}

func (c *checker) number(field string, n, least, most int64) {
	if n < least || n > most {
		c.add(field, "agreement.number_between", text.Args{"from": least, "to": most})
	}
}

func (c *checker) clauses() {
	if len(c.d.Clauses) > MostClauses {
		c.add("clauses", "agreement.clauses_many", text.Args{"n": len(c.d.Clauses), "most": MostClauses})
	}
	seen := map[string]bool{}
	for _, x := range c.d.Clauses {
		field := "clause." + x.Code
		c.once(seen, field, x.Code)
		c.words(field+".title", x.Title, LongestLine, true)
		c.words(field+".text", x.Text, LongestText, false)
		c.number(field+".level", int64(x.Level), 1, 2)
	}
}

func (c *checker) objectives() {
	seen := map[string]bool{}
	for _, o := range c.d.Objectives {
		field := "objective." + o.Code
		c.once(seen, field, o.Code)
		for _, w := range []string{o.Words.NL, o.Words.EN, o.Words.FR} {
			c.words(field+".words", w, LongestText, false)
		}
		if _, known := c.s.Goal(o.Goal); !known && o.Goal != "" {
			c.add(field+".goal", "agreement.goal_unknown", text.Args{"code": o.Goal})
		}
	}
}

func (c *checker) kpis() {
	seen := map[string]bool{}
	years := c.d.Years()
	for _, k := range c.d.KPIs {
		field := "kpi." + k.KPI
		c.once(seen, field, k.KPI)
		if _, known := c.s.Indicator(k.KPI); !known {
			c.add(field, "agreement.kpi_unknown", text.Args{"kpi": k.KPI})
		}
		if _, known := c.d.Objective(k.Objective); !known && k.Objective != "" {
			c.add(field+".objective", "agreement.objective_unknown", text.Args{"code": k.Objective})
		}
		if !slices.Contains([]string{"level", "progress", "hold"}, k.Rule) {
			c.add(field+".rule", "db.choice", nil)
		} else if k.Rule == "level" && k.Direction == "down" {
			c.add(field+".rule", "kpi.level_down", nil)
		}
		c.number(field+".weight", k.Weight, 0, heaviest)
		c.number(field+".floor_bp", k.FloorBp, 0, fullyInBp-1)
		c.number(field+".cap_bp", k.CapBp, 1, fullyInBp)
		c.exact(field+".baseline", k.Baseline)
		for _, t := range k.Targets {
			at := field + ".target." + t.Year.String()
			c.exact(at, t.Value)
			if !slices.Contains(years, t.Year) {
				c.add(at, "agreement.year_outside", text.Args{"year": t.Year})
			} else if r := t.Value.Rat(); k.Rule == "level" && r != nil && r.Sign() <= 0 {
				c.add(at, "kpi.level_target", text.Args{"year": t.Year})
			}
		}
	}
}

func (c *checker) exact(field string, n Number) {
	if _, err := ParseNumber(string(n)); err != nil {
		c.faults = append(c.faults, fault.At(field, err))
	}
}

func (c *checker) lines() {
	seen := map[string]bool{}
	for _, l := range c.d.Lines {
		field := "line." + l.Code
		c.once(seen, field, l.Code)
		c.words(field+".title", l.Title, LongestLine, true)
		c.words(field+".text", l.Text, LongestText, false)
		least := int64(1)
		if l.Standing {
			least = 0
		}
		c.number(field+".per_year", int64(l.PerYear), least, mostDays)
	}
}

func (c *checker) terms() {
	t, rule := c.d.Terms, c.s.Rule
	c.number("terms.claims_per_year", int64(t.ClaimsPerYear), 1, mostClaims)
	c.number("terms.claim_days", int64(t.ClaimDays), 1, mostDays)
	c.number("terms.verify_days", int64(t.VerifyDays), 1, mostDays)
	c.number("terms.pay_days", int64(t.PayDays), 1, mostDays)
	if t.RateBp != rule.RateBp || t.PerformanceBp != rule.PerformanceBp || t.AdvanceBp != rule.AdvanceBp {
		c.add("terms.rate_bp", "agreement.terms_differ", text.Args{"rate": rule.RateBp, "performance": rule.PerformanceBp, "advance": rule.AdvanceBp})
	}
}

func (c *checker) signatories() {
	for i, s := range c.d.Signatories {
		field := "signatory." + strconv.Itoa(i)
		c.words(field+".name", s.Name, LongestLine, true)
		c.words(field+".title", s.Title, LongestLine, false)
		c.words(field+".email", s.Email, LongestLine, false)
		if s.Side != OfAgency && s.Side != OfPartner {
			c.add(field+".side", "db.choice", nil)
		}
	}
}
