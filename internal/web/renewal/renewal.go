package renewal

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/redline"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/renewal"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/web/frame"
)

// renewalPage opens the round after this one, or shows the one that follows it.
type renewalPage struct {
	frame.Page
	Following *programme.Programme // the round that was opened from this one
	Rule      programme.Rule
	Goals     int
	KPIs      int
	Criteria  int
	Envelope  money.Amount // of the last year
	Typed     url.Values
	Fault     *fault.Fault
}

func (w pages) renewal(out http.ResponseWriter, r *http.Request) error {
	return w.showRenewal(out, r, http.StatusOK, renewalPage{})
}

func (w pages) showRenewal(out http.ResponseWriter, r *http.Request, status int, c renewalPage) error {
	p, err := w.Read(r, "renewal", func(tx *db.Tx, p *frame.Page) error { return c.load(r, tx, p) })
	if err != nil {
		return err
	}
	p.Title = p.T("menu.renewal")
	p.Path = []frame.Crumb{{Label: p.Title}}
	p.Year, p.AsOf = 0, ""
	c.Page = p
	return w.RenderStatus(out, r, status, renewalTempl(c))
}

func (c *renewalPage) load(r *http.Request, tx *db.Tx, p *frame.Page) error {
	ctx, g := r.Context(), p.Programme
	for _, one := range p.Rounds {
		if before, found, err := renewal.Before(ctx, tx, one); err != nil {
			return err
		} else if found && before.ID == g.ID {
			c.Following = &one
		}
	}
	rules, err := programme.LoadRules(ctx, tx, g.ID)
	if err != nil {
		return err
	}
	c.Rule, _ = rules.InForce(g.Ends)
	goals, err := programme.Goals(ctx, tx, g.ID)
	if err != nil {
		return err
	}
	definitions, err := kpi.Definitions(ctx, tx, g.ID)
	if err != nil {
		return err
	}
	criteria, err := agreement.Criteria(ctx, tx, g.ID)
	if err != nil {
		return err
	}
	envelopes, err := programme.Envelopes(ctx, tx, g.ID)
	c.Goals, c.KPIs, c.Criteria, c.Envelope = len(goals), len(definitions), len(criteria), envelopes[g.Ends.Year()]
	return err
}

// open makes the next round.
func (w pages) open(out http.ResponseWriter, r *http.Request) error {
	p, err := w.Read(r, "renewal", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "fault.invalid", nil)
	}
	n, err := nextOf(r.PostForm)
	var next programme.Programme
	if err == nil {
		err = w.DB.WriteAgency(r.Context(), func(tx *db.Tx) error {
			next, err = renewal.Open(r.Context(), tx, p.Actor, p.Programme, n)
			return err
		})
	}
	if fault.Is(err, fault.KindInvalid) || fault.Is(err, fault.KindConflict) {
		f := fault.Of(err)
		return w.showRenewal(out, r, serve.Status(f.Kind), renewalPage{Typed: r.PostForm, Fault: f})
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, "/candidates?"+url.Values{"programme": {next.Code}}.Encode(), http.StatusSeeOther)
	return nil
}

// nextOf reads the form of a round.
func nextOf(form url.Values) (renewal.Next, error) {
	n := renewal.Next{Code: strings.TrimSpace(form.Get("code")), Starts: period.Date(form.Get("starts")), Ends: period.Date(form.Get("ends")),
		Name: programme.Words{NL: form.Get("name_nl"), EN: form.Get("name_en"), FR: form.Get("name_fr")}}
	typed := strings.TrimSpace(form.Get("envelope"))
	if typed == "" || !n.Starts.Valid() || !n.Ends.Valid() {
		return n, nil
	}
	amount, err := money.Typed(typed)
	if err != nil {
		return n, fault.At("envelope", err)
	}
	n.Envelopes = map[period.Year]money.Amount{}
	for y := n.Starts.Year(); y <= n.Ends.Year(); y++ {
		n.Envelopes[y] = amount
	}
	return n, nil
}

// at is what is wrong with a field.
func (c renewalPage) at(field string) string {
	if c.Fault == nil {
		return ""
	}
	for _, f := range c.Fault.All() {
		if f.Field == field || field == "envelope" && strings.HasPrefix(f.Field, "envelope.") {
			return f.Say(c.Language)
		}
	}
	return ""
}

// typed is what was typed, or what would follow from this round: as many years, from the day after it ends.
func (c renewalPage) typed(field string) string {
	if c.Typed != nil {
		return c.Typed.Get(field)
	}
	starts := c.Programme.Ends.AddDays(1)
	last := starts.Year() + period.Year(len(c.Programme.Years())) - 1
	years := starts.Year().String() + "-" + last.String()
	switch field {
	case "code":
		base := strings.TrimRight(c.Programme.Code, "0123456789-")
		return base + "-" + years
	case "starts":
		return string(starts)
	case "ends":
		return string(last.Last())
	case "name_nl":
		return renamed(c.Programme.Name.NL, c.Programme, years)
	case "name_en":
		return renamed(c.Programme.Name.EN, c.Programme, years)
	case "name_fr":
		return renamed(c.Programme.Name.FR, c.Programme, years)
	}
	return ""
}

// renamed is a name with the years of another round in place of its own.
func renamed(name string, g programme.Programme, years string) string {
	own := g.Starts.Year().String() + "-" + g.Ends.Year().String()
	if strings.Contains(name, own) {
		return strings.Replace(name, own, years, 1)
	}
	return name + " " + years
}

func (c renewalPage) answer() string {
	if c.Following != nil {
		return c.T("renewal.follows", "round", c.Of(c.Following.Name))
	}
	return c.T("renewal.answer", "date", c.Programme.Ends)
}

// carriedPage is what an organisation's agreement would start from, beside the last one.
type carriedPage struct {
	frame.Page
	Organisation programme.Organisation
	V            renewal.Carried
	Years        []period.Year // of the round
	Past         []period.Year // that were attained
	Clauses      []redline.Clause
}

func (w pages) carried(out http.ResponseWriter, r *http.Request) error {
	var c carriedPage
	p, err := w.Read(r, "renewal", func(tx *db.Tx, p *frame.Page) error {
		o, err := organisation(r.Context(), tx, r.PathValue("partner"))
		if fault.Is(err, fault.KindInvalid) {
			return fault.Missing("candidate.missing", nil)
		}
		if err != nil {
			return err
		}
		c.Organisation, c.Years = o, p.Programme.Years()
		c.V, err = renewal.LoadCarried(r.Context(), tx, p.Programme, o)
		return err
	})
	if err != nil {
		return err
	}
	if c.V.Last != nil {
		c.Past, c.Clauses = c.V.Last.Programme.Years(), changedClauses(&c.V.Last.Document, &c.V.Document)
	}
	p.Title = c.Organisation.Name
	p.Path = []frame.Crumb{{Label: p.T("menu.candidates"), Href: p.Link("/candidates", "year", "")},
		{Label: c.Organisation.Label(), Href: p.Link("/candidates/"+c.Organisation.Code, "year", "")}, {Label: p.T("renewal.carried")}}
	p.Year, p.AsOf = 0, ""
	c.Page = p
	return w.Render(out, r, carriedTempl(c))
}

func (c carriedPage) answer() string {
	if c.V.Last == nil {
		return c.T("renewal.new_partner", "partner", c.Organisation.Label())
	}
	n := 0
	for _, p := range c.V.Proposals {
		if p.Basis == renewal.FromYears {
			n++
		}
	}
	return c.T("renewal.carried_answer", "partner", c.Organisation.Label(), "n", n, "total", len(c.V.Document.KPIs))
}

// changedClauses are the clauses that read differently than in the last agreement, with the fields filled as each said them.
func changedClauses(old, new *agreement.Document) []redline.Clause {
	was, is := old.Fields(), new.Fields()
	var all []redline.Clause
	for _, x := range redline.Between(old, new).Clauses {
		if x.Title, x.Text = redline.Filled(x.Title, was, is), redline.Filled(x.Text, was, is); x.Changed() {
			all = append(all, x)
		}
	}
	return all
}

// value is what was attained in a year.
func (c carriedPage) value(k agreement.Promise, y period.Year) string {
	for _, a := range c.V.Last.Past[k.KPI] {
		if a.Year == y {
			return kpi.Show(a.Value, k.Decimals, c.Language)
		}
	}
	return ""
}

// was is the last target that was agreed.
func (c carriedPage) was(k agreement.Promise) string {
	old, _ := c.V.Last.Document.KPI(k.KPI)
	if n := len(old.Targets); n > 0 {
		return old.Targets[n-1].Value.Show(c.Language, k.Decimals)
	}
	return ""
}

// trend is the growth a year that the proposal counts on.
func (c carriedPage) trend(k agreement.Promise) string {
	p := c.V.Proposals[k.KPI]
	if p.Trend == nil || p.Trend.Sign() == 0 {
		return strconv.Itoa(0)
	}
	return kpi.Show(p.Trend, k.Decimals+1, c.Language)
}

func (c carriedPage) basis(k agreement.Promise) string { return c.T(c.V.Proposals[k.KPI].Basis.Key()) }

// dropped are the objectives and KPIs of the last agreement that the round has no place for.
func (c carriedPage) dropped() []string {
	var all []string
	for _, o := range c.V.Last.Document.Objectives {
		if _, kept := c.V.Document.Objective(o.Code); !kept {
			all = append(all, o.Words.In(c.Language))
		}
	}
	for _, k := range c.V.Last.Document.KPIs {
		if _, kept := c.V.Document.KPI(k.KPI); !kept {
			all = append(all, k.Name)
		}
	}
	return all
}
