package negotiation

import (
	"net/http"
	"slices"
	"strconv"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/draft"
	"errera.eu/errera/internal/agreement/redline"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

func wordsOf(o agreement.Aim) programme.Words { return programme.Words(o.Words) }

// documentPage is one version, to read and to print.
type documentPage struct {
	table
	V agreement.Version
}

func (w pages) document(out http.ResponseWriter, r *http.Request) error {
	var c documentPage
	p, err := w.Read(r, "agreements", func(tx *db.Tx, p *frame.Page) (err error) {
		if c.table, err = w.sit(r, tx, p); err != nil {
			return err
		}
		newest := c.Standing.Last.N
		if !c.Standing.Open && !c.Standing.Agreed { // what is in force
			newest = min(c.A.Version, newest)
		}
		n, err := version(r, "version", newest)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Missing("agreement.nothing_written", nil)
		}
		c.V, err = agreement.LoadVersion(r.Context(), tx, p.Programme.ID, c.A.ID, n)
		return err
	})
	if err != nil {
		return err
	}
	c.Page = p
	c.crumbs(c.T("negotiation.version_n", "n", c.V.N))
	return w.Render(out, r, documentTempl(c))
}

func (c documentPage) answer() string {
	return c.T("negotiation.document_answer", "partner", c.V.Document.Partner.Label(), "n", len(c.V.Document.Objectives), "total", c.V.Document.Total())
}

// clause is a clause as a reader sees it.
type clause struct {
	agreement.Clause
	Number, Words string
}

func (c documentPage) clauses() []clause {
	d, fields := &c.V.Document, c.V.Document.Fields()
	var all []clause
	for i, n := range agreement.Numbers(d.Clauses) {
		all = append(all, clause{d.Clauses[i], n, agreement.Fill(d.Clauses[i].Text, fields)})
	}
	return all
}

// pays says how a KPI counts for payment, in the language of the agreement.
func (c documentPage) pays(k agreement.Promise) string {
	l := c.V.Document.Language
	said := l.Say("agreements.pays", text.Args{"rule": text.Key("kpi.rule." + k.Rule), "floor": money.Bp(k.FloorBp)})
	if k.CapBp < int64(money.Whole) {
		said += "; " + l.Say("negotiation.capped", text.Args{"cap": money.Bp(k.CapBp)})
	}
	return said
}

// terms are what is agreed beside words, promises and ceilings.
func (c documentPage) terms() []frame.Option {
	d := &c.V.Document
	l := d.Language
	var all []frame.Option
	for _, x := range []struct {
		field, value string
	}{{"partner", d.Partner.Label()}, {"agency", d.Agency.Label()}, {"mandate", d.Mandate}, {"starts", d.Starts.Show(l)}, {"ends", d.Ends.Show(l)},
		{"effective_on", d.EffectiveOn.Show(l)}, {"reason_amends", d.ReasonAmends}, {"rate_bp", d.Terms.RateBp.Show(l)},
		{"performance_bp", d.Terms.PerformanceBp.Show(l)}, {"advance_bp", d.Terms.AdvanceBp.Show(l)},
		{"claims_per_year", strconv.Itoa(d.Terms.ClaimsPerYear)}, {"claim_days", strconv.Itoa(d.Terms.ClaimDays)},
		{"verify_days", strconv.Itoa(d.Terms.VerifyDays)}, {"pay_days", strconv.Itoa(d.Terms.PayDays)}} {
		if x.value != "" {
			all = append(all, frame.Option{Label: l.Say(text.Key("negotiation.field."+x.field), nil), Value: x.value})
		}
	}
	return all
}

// measures are the KPIs of an objective.
func (c documentPage) measures(objective string) []agreement.Promise {
	return slices.DeleteFunc(slices.Clone(c.V.Document.KPIs), func(k agreement.Promise) bool { return k.Objective != objective })
}

// mergePage lets somebody choose where they and somebody else changed the same words.
type mergePage struct {
	table
	C      draft.Conflict
	Aside  int
	Typed  map[string]string
	Faulty bool
}

func (w pages) merge(out http.ResponseWriter, r *http.Request) error {
	return w.showMerge(out, r, http.StatusOK, nil)
}

func (w pages) showMerge(out http.ResponseWriter, r *http.Request, status int, typed map[string]string) error {
	c := mergePage{Typed: typed, Faulty: typed != nil}
	var err error
	if c.Aside, err = version(r, "aside", 0); err != nil {
		return err
	}
	p, err := w.Read(r, "agreements", func(tx *db.Tx, p *frame.Page) error {
		t, desk, err := w.desk(r, tx, p)
		if err != nil {
			return err
		}
		c.table = t
		c.C, _, err = desk.Conflict(r.Context(), tx, c.Aside, nil)
		return err
	})
	if err != nil {
		return err
	}
	c.Page = p
	c.crumbs(c.T("negotiation.merge_title"))
	return w.RenderStatus(out, r, status, mergeTempl(c))
}

// theirs is who changed the same words.
func (c mergePage) theirs() string {
	if c.C.Table {
		return c.T("negotiation.version_of", "n", c.C.Theirs.BaseN, "who", c.name(c.Standing.Last.Side))
	}
	return c.C.Theirs.Name
}

// side colours what the others wrote.
func (c mergePage) side() agreement.Side {
	if c.C.Table {
		return c.Standing.Last.Side
	}
	return c.Side
}

func (c mergePage) diff(x draft.Clash, mine bool) []redline.Segment {
	if mine {
		return redline.Words(x.Base, x.Mine)
	}
	return redline.Words(x.Base, x.Theirs)
}

func (c mergePage) value(x draft.Clash) string {
	if v, has := c.Typed[x.Place]; has {
		return v
	}
	return x.Mine
}

// resolve saves the choices. What was not chosen, or cannot be, is asked again.
func (w pages) resolve(out http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "negotiation.form", nil)
	}
	aside, err := version(r, "aside", 0)
	if err != nil {
		return err
	}
	choices := map[string]string{}
	for i, place := range r.PostForm["place"] {
		n := strconv.Itoa(i)
		switch r.PostFormValue("choice." + n) {
		case "theirs":
			choices[place] = r.PostFormValue("theirs." + n)
		case "mine":
			choices[place] = r.PostFormValue("mine." + n)
		default:
			choices[place] = r.PostFormValue("own." + n)
		}
	}
	p, err := w.Read(r, "agreements", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	var left []draft.Clash
	err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error {
		_, desk, err := w.desk(r, tx, &p)
		if err != nil {
			return err
		}
		_, left, err = desk.Resolve(r.Context(), tx, p.Actor, aside, choices)
		return err
	})
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return w.showMerge(out, r, serve.Status(fault.KindConflict), choices)
	}
	http.Redirect(out, r, frame.To(r, "/agreements/"+r.PathValue("partner")+"/edit", "done", "merged"), http.StatusSeeOther)
	return nil
}

// coveragePage is which partners serve which goals.
type coveragePage struct {
	frame.Page
	agreement.Coverage
}

func (w pages) coverage(out http.ResponseWriter, r *http.Request) error {
	var c coveragePage
	p, err := w.Read(r, "agreements", func(tx *db.Tx, p *frame.Page) (err error) {
		indicators, err := kpi.Indicators(r.Context(), tx, p.Programme.ID)
		if err != nil {
			return err
		}
		setting, err := agreement.LoadSetting(r.Context(), tx, p.Programme, indicators)
		if err != nil {
			return err
		}
		c.Coverage, err = agreement.LoadCoverage(r.Context(), tx, p.Actor.ScopeFor("agreement.read"), &setting)
		return err
	})
	if err != nil {
		return err
	}
	c.Page = p
	c.Title = c.T("negotiation.coverage")
	c.Path = []frame.Crumb{{Label: c.T("menu.agreements"), Href: c.Link("/agreements")}, {Label: c.Title}}
	return w.Render(out, r, coverageTempl(c))
}

func (c coveragePage) answer() string {
	unserved := len(c.Unserved())
	if !c.Agency() {
		return c.T("negotiation.coverage_own", "n", len(c.Goals)-unserved, "goals", len(c.Goals))
	}
	return c.T("negotiation.coverage_answer", "n", unserved, "goals", len(c.Goals))
}

// served counts the partners that serve a goal.
func (c coveragePage) served(goal int) int {
	n := 0
	for _, count := range c.Count[goal] {
		if count > 0 {
			n++
		}
	}
	return n
}
