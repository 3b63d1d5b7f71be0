package agreements

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/signing"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// agreementsPage is the list of agreements with how each year goes.
type agreementsPage struct {
	frame.Page
	V         *report.AgreementList
	Waits     []agreement.Waiting
	Unsigned  int // agreements that wait for signatures
	ElapsedBp int64
	List      frame.Listing
}

func (w pages) agreements(out http.ResponseWriter, r *http.Request) error {
	var c agreementsPage
	p, err := w.Read(r, "agreements", func(tx *db.Tx, p *frame.Page) error {
		b, err := w.Cache.Board(r.Context(), tx, p.Programme.ID, p.Year, p.AsOf, kpi.Live)
		if err != nil {
			return err
		}
		c.ElapsedBp = b.ElapsedBp
		key, err := keyFor(r.Context(), tx, p, "agreements", "")
		if err != nil {
			return err
		}
		c.V, err = frame.Kept(r.Context(), w.Cache, key, func() (*report.AgreementList, error) {
			return report.LoadAgreements(r.Context(), tx, p.Actor, p.Programme, b)
		})
		if err != nil {
			return err
		}
		key.What = "waits"
		c.Waits, err = frame.Kept(r.Context(), w.Cache, key, func() ([]agreement.Waiting, error) {
			return agreement.Waits(r.Context(), tx, p.Actor.ScopeFor("agreement.read"), p.Programme.ID)
		})
		if err != nil || !p.Can("ceremony.hold") {
			return err
		}
		key.What = "signatures"
		c.Unsigned, err = frame.Kept(r.Context(), w.Cache, key, func() (int, error) {
			open, err := signing.Waiting(r.Context(), tx, p.Actor, p.Programme.ID)
			return len(open), err
		})
		return err
	})
	if err != nil {
		return err
	}
	p.Title = p.T("menu.agreements")
	p.Path = []frame.Crumb{{Label: p.Title}}
	c.Page = p
	t, err := frame.NewTable(p, "", c.columns()...)
	if err != nil {
		return err
	}
	rows := slices.Clone(c.V.Rows)
	t.Sort(rows)
	if frame.FileAsked(r) {
		return t.File(out, "agreements-"+p.Year.String(), rows)
	}
	c.List = t.Listing(p.Title, rows, "")
	return w.Render(out, r, agreementsTempl(c))
}

// keyFor is for figures that depend on who reads them by all of the reader's scopes.
func keyFor(ctx context.Context, tx *db.Tx, p *frame.Page, page, what string) (frame.Key, error) {
	s, err := frame.SeenBy(ctx, tx, p.Programme.ID)
	who := []string{string(p.Actor.ScopeFor("agreement.read")), string(p.Actor.ScopeFor("claim.read")),
		string(p.Actor.ScopeFor("settlement.read")), string(p.Actor.ScopeFor("evidence.read"))}
	return frame.Key{Seen: s, Page: page, What: what, Who: strings.Join(who, "/"), Year: p.Year, AsOf: p.AsOf}, err
}

func (c agreementsPage) answer() string {
	n, kept := len(c.V.Rows), 0
	if c.unsigned() {
		ours := 0
		for _, x := range c.Waits {
			if (x.Turn == agreement.OfAgency) == c.Agency() {
				ours++
			}
		}
		if agreed := n - len(c.Waits); agreed > 0 {
			return c.T("agreements.answer_agreed", "n", n, "agreed", agreed, "ours", ours)
		}
		return c.T("agreements.answer_table", "n", n, "ours", ours)
	}
	for _, row := range c.V.Rows {
		if row.Promise != nil && row.Promise.Course == kpi.OnCourse {
			kept++
		}
	}
	return c.T("agreements.answer", "n", n, "kept", kept, "year", c.Year)
}

// unsigned tells whether the round is only being negotiated: no money and no figures yet.
func (c agreementsPage) unsigned() bool {
	return len(c.V.Rows) > 0 && !slices.ContainsFunc(c.V.Rows, func(a row) bool {
		return a.State != agreement.Draft && a.State != agreement.Negotiating && a.State != agreement.Agreed
	})
}

type row = report.AgreementRow

// columns are what the list shows of an agreement, and what a file of it holds.
func (c agreementsPage) columns() []frame.Column[row] {
	attained := func(a row) int64 {
		if a.Promise == nil || a.Promise.AllBp == nil {
			return -1
		}
		return *a.Promise.AllBp
	}
	settled := func(a row) string {
		if a.Position.Settlement == nil {
			return ""
		}
		return frame.StateWord(c.Page, string(a.Position.Settlement.State))
	}
	columns := []frame.Column[row]{
		{Key: "partner", Head: c.T("cockpit.partner"), Name: true, Text: func(a row) string { return a.Partner.Name },
			Cell: func(a row) templ.Component { return agreementName(c, a) }, Order: frame.ByText(func(a row) string { return a.Partner.Label() })},
		{Key: "state", Head: c.T("activities.state"), Text: func(a row) string { return c.T(a.State.Key()) },
			Cell:  func(a row) templ.Component { return frame.StateSays(string(a.State), c.T(a.State.Key())) },
			Order: frame.ByText(func(a row) string { return string(a.State) })},
	}
	if c.unsigned() {
		return columns
	}
	if c.V.Money {
		if len(c.V.Rows) > 1 {
			columns[0].Sum = c.T("agreements.together")
		}
		columns = append(columns,
			c.money("ceiling", "agreements.ceiling", func(p report.Position) money.Amount { return p.Ceiling }),
			c.money("committed", "cockpit.committed", func(p report.Position) money.Amount { return p.Committed }),
			c.money("cost", "agreements.cost", func(p report.Position) money.Amount { return p.Cost }),
			c.money("accepted", "cockpit.accepted", func(p report.Position) money.Amount { return p.Contribution }),
			c.money("paid", "cockpit.paid", func(p report.Position) money.Amount { return p.Paid }))
		columns[4].Extra = true
		columns[5].Cell = func(a row) templ.Component {
			return frame.Figure(c.Link("/costs", "partner", a.Partner.Code, "year", c.Page.Year.String()), a.Position.Contribution.ShowWhole(c.Language))
		}
	}
	return append(columns,
		frame.Column[row]{Key: "attained", Head: c.T("cockpit.all"), Num: true, Order: frame.By(attained),
			Text: func(a row) string {
				if attained(a) < 0 {
					return ""
				}
				return strconv.FormatInt(attained(a)/100, 10)
			}, Cell: func(a row) templ.Component { return agreementAttained(c, a) }},
		frame.Column[row]{Key: "course", Head: c.T("cockpit.course"), Order: frame.By(attained),
			Text: func(a row) string {
				if a.Promise == nil || a.Promise.Course == kpi.NoCourse {
					return ""
				}
				return c.T(a.Promise.Course.Key())
			}, Cell: func(a row) templ.Component { return frame.State(c.Page, string(a.Promise.Course)) }},
		frame.Column[row]{Key: "settlement", Head: c.T("agreements.settlement"), Text: func(a row) string {
			if settled(a) == "" && a.Settled {
				return c.T("agreements.unsettled")
			}
			return settled(a)
		}, Cell: func(a row) templ.Component { return agreementSettled(c, a) }, Order: frame.ByText(settled)},
	)
}

// money is a column of what an agreement-year comes to, with its sum.
func (c agreementsPage) money(key string, head text.Key, of func(report.Position) money.Amount) frame.Column[row] {
	col := frame.Column[row]{Key: key, Head: c.T(head), Num: true, Order: frame.By(func(a row) money.Amount { return of(a.Position) }),
		Text: func(a row) string {
			if !a.Money {
				return ""
			}
			return of(a.Position).String()
		}, Show: func(a row) string { return of(a.Position).ShowWhole(c.Language) }}
	if len(c.V.Rows) > 1 {
		col.Sum = of(c.V.Sum).ShowWhole(c.Language)
	}
	return col
}

// agreementPage is one agreement: promised, happened, proven, paid.
type agreementPage struct {
	frame.Page
	V          *report.AgreementView
	Activities int
	Joint      int
}

func (w pages) agreement(out http.ResponseWriter, r *http.Request) error {
	var c agreementPage
	code := r.PathValue("partner")
	p, err := w.Read(r, "agreements", func(tx *db.Tx, p *frame.Page) error {
		key, err := keyFor(r.Context(), tx, p, "agreement", code)
		if err != nil {
			return err
		}
		c.V, err = frame.Kept(r.Context(), w.Cache, key, func() (*report.AgreementView, error) {
			live, err := w.Cache.Board(r.Context(), tx, p.Programme.ID, p.Year, p.AsOf, kpi.Live)
			if err != nil {
				return nil, err
			}
			paying, err := w.Cache.Board(r.Context(), tx, p.Programme.ID, p.Year, p.AsOf, kpi.Paying)
			if err != nil {
				return nil, err
			}
			return report.LoadAgreement(r.Context(), tx, p.Actor, p.Programme, code, live, paying)
		})
		if err != nil {
			return err
		}
		all, _, err := w.Cache.Activities(r.Context(), tx, p)
		if err != nil {
			return err
		}
		chosen := all.Choose(report.Choice{From: p.Year.First(), To: p.Year.Last(), Organisation: code})
		c.Activities, c.Joint = len(chosen), report.FacetsOf(chosen).Joint
		return nil
	})
	if err != nil {
		return err
	}
	p.Title = c.V.Agreement.Partner.Name
	p.Path = []frame.Crumb{{Label: p.T("menu.agreements"), Href: p.Link("/agreements")}, {Label: c.V.Agreement.Partner.Label()}}
	c.Page = p
	return w.Render(out, r, agreementTempl(c))
}

func (c agreementPage) code() string { return c.V.Agreement.Partner.Code }

func (c agreementPage) answer() string {
	name := c.V.Agreement.Partner.Label()
	switch {
	case c.V.Row == nil || c.V.Due == 0:
		return c.T("agreements.one_nothing", "partner", name, "year", c.Year)
	case c.V.Row.Course == kpi.Unreported:
		return c.T("agreements.one_silent", "partner", name, "year", c.Year)
	}
	return c.T("agreements.one", "partner", name, "n", c.V.Kept, "total", c.V.Due, "year", c.Year)
}

func (c agreementPage) lede() string {
	if c.V.Row == nil || c.V.Row.AllBp == nil {
		return c.T("agreements.one_lede_none")
	}
	return c.T("agreements.one_lede", "percent", c.Percent(*c.V.Row.AllBp), "passed", c.Percent(c.V.ElapsedBp), "year", c.Year)
}

// years are those of the agreement within the programme.
func (c agreementPage) years() []period.Year {
	var all []period.Year
	for _, y := range c.Programme.Years() {
		if y.First() <= c.V.Agreement.Ends && y.Last() >= c.V.Agreement.Starts {
			all = append(all, y)
		}
	}
	return all
}

// yearTarget is a year's target in force on the day; Signed is another one that it took the place of.
type yearTarget struct {
	Now, Signed, Why string
	Waived           bool
}

func (c agreementPage) yearTarget(p report.Promise, y period.Year) yearTarget {
	t := yearTarget{Waived: p.Assignment.WaivedOn(y, c.AsOf)}
	if now, ok := p.Assignment.TargetOn(y, min(c.AsOf, y.Last())); ok {
		t.Now = kpi.Show(now.Value, p.KPI.Decimals, c.Language)
		if signed, ok := p.Assignment.SignedTarget(y); ok && now.Amended() {
			t.Signed = kpi.Show(signed.Value, p.KPI.Decimals, c.Language)
			t.Why = c.T("agreements.amended", "kpi", c.Of(p.KPI.Name), "year", y, "from", t.Signed, "to", t.Now, "date", now.SetOn, "reason", now.Reason)
		}
	}
	return t
}

// notes are the amendments and waivers of the targets, in words.
func (c agreementPage) notes() []string {
	var all []string
	for _, a := range c.V.Aims {
		for _, p := range a.Promises {
			for _, y := range c.years() {
				if t := c.yearTarget(p, y); t.Why != "" {
					all = append(all, t.Why)
				}
			}
			for _, w := range p.Assignment.Waivers {
				if w.Dated <= c.AsOf {
					all = append(all, c.T("agreements.waived", "kpi", c.Of(p.KPI.Name), "year", w.Year, "date", w.Dated, "reason", w.Words))
				}
			}
		}
	}
	return all
}

// payingLink is the rows that a settlement would count.
func (c agreementPage) payingLink(d *kpi.Definition) string {
	return c.Link("/evidence", "kpi", d.Code, "partner", c.code(), "year", c.Year.String(), "basis", "paying")
}

func (c agreementPage) baseline(p report.Promise) string {
	return kpi.Show(p.Assignment.Baseline, p.KPI.Decimals, c.Language)
}

func (c agreementPage) goal(a report.Aim) string {
	return c.T("agreements.goal", "goal", c.Of(a.Goal.Name))
}

// pays says how a KPI counts for payment.
func (c agreementPage) pays(a *kpi.Assignment) string {
	said := c.T("agreements.pays", "rule", a.Rule.Key(), "floor", c.Percent(a.FloorBp))
	if a.Cap() < kpi.Whole {
		said += "; " + c.T("negotiation.capped", "cap", c.Percent(a.Cap()))
	}
	return said
}

// turn is whose answer is awaited, by name.
func (c agreementsPage) turn(x agreement.Waiting) string {
	if x.Turn == agreement.OfPartner {
		return x.Agreement.Partner.Label()
	}
	return c.T("agreement.side.agency")
}
