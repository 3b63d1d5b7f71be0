package agreement

import (
	"context"
	"math/big"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Finding is one sentence about what makes an agreement hard to verify, with the place in the document that it is about.
type Finding struct {
	Place  string // as in Check: "kpi.CODE.target.2027"
	Key    text.Key
	Args   text.Args
	Blocks bool // the agreement cannot be accepted with it
}

// Say is the finding in words.
func (f Finding) Say(l text.Language) string { return l.Say(f.Key, f.Args) }

// Findings are what Review found, in the order of the document.
type Findings []Finding

// Blocking tells whether one of them keeps the agreement from being accepted.
func (all Findings) Blocking() bool {
	return slices.ContainsFunc(all, func(f Finding) bool { return f.Blocks })
}

// refusal is the blocking findings as faults at their fields.
func (all Findings) refusal() error {
	var faults []error
	for _, f := range all {
		if f.Blocks {
			faults = append(faults, fault.Invalid(f.Place, f.Key, f.Args))
		}
	}
	return fault.Join(faults...)
}

// beyond is how far over the best year a target may go before it is called out of reach: by a half.
func beyond() *big.Rat { return big.NewRat(3, 2) }

// Review holds a document against what auditors ask: that every objective serves a goal and is measured, that every KPI has a baseline and a
// target on the better side of it, within reach, and that the weights make up 100. History may be nil.
func Review(d *Document, past History) Findings {
	r := &review{d: d, past: past}
	r.objectives()
	for i := range d.KPIs {
		r.kpi(&d.KPIs[i])
	}
	if sum := d.Weights(); len(d.KPIs) > 0 && sum != 100 {
		r.add("kpis", "agreement.review.weights", text.Args{"sum": sum}, true)
	}
	for _, s := range []Side{OfAgency, OfPartner} {
		if !slices.ContainsFunc(d.Signatories, func(x Signatory) bool { return x.Side == s }) {
			r.add("signatories", "agreement.review.signatory", text.Args{"side": s.Key()}, false)
		}
	}
	if d.Total() == 0 {
		r.add("ceilings", "agreement.review.no_money", nil, false)
	}
	return r.found
}

type review struct {
	d     *Document
	past  History
	found Findings
}

func (r *review) add(place string, key text.Key, a text.Args, blocks bool) {
	r.found = append(r.found, Finding{place, key, a, blocks})
}

func (r *review) objectives() {
	if len(r.d.Objectives) == 0 {
		r.add("objectives", "agreement.review.no_objective", nil, true)
	}
	for _, o := range r.d.Objectives {
		place, name := "objective."+o.Code, text.Args{"objective": brief(o.Words.In(r.d.Language), o.Code)}
		if o.Words.In(r.d.Language) == "" {
			r.add(place+".words", "agreement.review.no_words", text.Args{"code": o.Code}, true)
		}
		if o.Goal == "" {
			r.add(place+".goal", "agreement.review.no_goal", name, true)
		}
		if !slices.ContainsFunc(r.d.KPIs, func(k Promise) bool { return k.Objective == o.Code }) {
			r.add(place, "agreement.review.no_kpi", name, true)
		}
	}
}

func (r *review) kpi(k *Promise) {
	place, name := "kpi."+k.KPI, text.Args{"kpi": k.Name}
	if k.Name == "" {
		name["kpi"] = k.KPI
	}
	if k.Objective == "" {
		r.add(place+".objective", "agreement.review.no_objective_of", name, true)
	}
	if k.Baseline == "" {
		r.add(place+".baseline", "agreement.review.no_baseline", name, true)
	}
	if len(k.Targets) == 0 {
		r.add(place, "agreement.review.no_target", name, true)
	}
	for _, t := range k.Targets {
		r.target(place+".target."+t.Year.String(), k, t, name)
	}
}

// target asks whether the target is on the better side of the baseline, and within reach of what was attained before.
func (r *review) target(place string, k *Promise, t YearNumber, name text.Args) {
	value, baseline := t.Value.Rat(), k.Baseline.Rat()
	if value == nil {
		return
	}
	args := text.Args{"kpi": name["kpi"], "year": t.Year, "target": figure{t.Value, k.Decimals}}
	if baseline != nil && k.Rule != "hold" {
		worse := value.Cmp(baseline) < 0
		if k.Direction == "down" {
			worse = value.Cmp(baseline) > 0
		}
		if worse {
			side := text.Args{"baseline": figure{k.Baseline, k.Decimals}}
			for n, v := range args {
				side[n] = v
			}
			r.add(place, text.Key("agreement.review.wrong_side."+k.Direction), side, k.Rule == "progress")
		}
	}
	best := r.past.Best(k.KPI, k.Direction == "down")
	if best == nil || best.Sign() <= 0 {
		return
	}
	out := value.Cmp(new(big.Rat).Mul(best, beyond())) > 0
	if k.Direction == "down" {
		out = new(big.Rat).Mul(value, beyond()).Cmp(best) < 0
	}
	if out {
		args["best"] = figure{NumberOf(best), k.Decimals}
		r.add(place, "agreement.review.out_of_reach", args, false)
	}
}

// figure is a number inside a sentence.
type figure struct {
	n        Number
	decimals int
}

// In is the number in a language.
func (f figure) In(l text.Language) string { return f.n.Show(l, f.decimals) }

// brief is the beginning of a text, to name it by.
func brief(s, otherwise string) string {
	const most = 60
	if s == "" {
		return otherwise
	}
	if all := []rune(s); len(all) > most {
		return string(all[:most]) + "…"
	}
	return s
}

// Coverage is which partners serve which goals of the strategy: the number of objectives per goal and partner.
type Coverage struct {
	Goals    []programme.Goal
	Partners []programme.Organisation
	Count    [][]int // by goal, then by partner
}

// Unserved are the goals that no partner serves.
func (c Coverage) Unserved() []programme.Goal {
	var all []programme.Goal
	for i, g := range c.Goals {
		if !slices.ContainsFunc(c.Count[i], func(n int) bool { return n > 0 }) {
			all = append(all, g)
		}
	}
	return all
}

// LoadCoverage counts, for the agreements of a programme within a scope that are not abandoned, the objectives that serve each goal: of the
// version in force, or of the newest one while there is none.
func LoadCoverage(ctx context.Context, tx *db.Tx, scope access.Scope, s *Setting) (Coverage, error) {
	c := Coverage{Goals: s.Goals, Count: make([][]int, len(s.Goals))}
	all, err := List(ctx, tx, scope, s.Programme.ID)
	if err != nil {
		return c, err
	}
	for _, a := range all {
		if a.State == Abandoned {
			continue
		}
		versions, err := Versions(ctx, tx, s.Programme.ID, a.ID)
		if err != nil {
			return c, err
		}
		v, found := a.Speaking(versions)
		if !found {
			continue
		}
		if v.Document, err = loadDocument(ctx, tx, s.Programme.ID, a.ID, v); err != nil {
			return c, err
		}
		c.Partners = append(c.Partners, a.Partner)
		for i, g := range c.Goals {
			n := 0
			for _, o := range v.Document.Objectives {
				if o.Goal == g.Code {
					n++
				}
			}
			c.Count[i] = append(c.Count[i], n)
		}
	}
	return c, nil
}
