package flow

import (
	"context"
	"net/http"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/web/frame"
)

// page is the money of an agreement-year, or of all those of a year.
type page struct {
	frame.Page
	all
	Partner programme.Organisation // "" where several
	Of      period.Year
	F       settlement.Flow
}

// all is what is read of a year; it is kept until the programme changes, and nobody changes it.
type all struct{ Rows []row }

// row is an agreement-year.
type row struct {
	settlement.AgreementYear
	Name string
	F    settlement.Flow
}

// year shows all agreement-years that the reader may see; one of them alone is its own page.
func (w pages) year(out http.ResponseWriter, r *http.Request) error {
	c := page{}
	p, err := w.Read(r, "flow", func(tx *db.Tx, p *frame.Page) (err error) {
		c.all, err = w.load(r.Context(), tx, *p)
		return err
	})
	if err != nil {
		return err
	}
	if len(c.Rows) == 1 {
		http.Redirect(out, r, p.Link(address(c.Rows[0].Code, c.Rows[0].Year), "year", ""), http.StatusSeeOther)
		return nil
	}
	for _, one := range c.Rows {
		c.F = c.F.Plus(one.F)
	}
	p.Title, p.AsOf = p.T("menu.flow"), ""
	p.Path = []frame.Crumb{{Label: p.Title}}
	c.Page, c.Of = p, p.Year
	return w.Render(out, r, flowTempl(c))
}

func (w pages) agreementYear(out http.ResponseWriter, r *http.Request) error {
	c := page{}
	none := fault.Missing("settlement.no_agreement_year", nil)
	p, err := w.Read(r, "flow", func(tx *db.Tx, p *frame.Page) (err error) {
		if c.Of, err = period.ParseYear(r.PathValue("year")); err != nil {
			return none
		}
		p.Year = c.Of
		if c.all, err = w.load(r.Context(), tx, *p); err != nil {
			return err
		}
		partners, err := programme.Partners(r.Context(), tx, p.Programme.ID)
		for _, o := range partners {
			if o.Code == r.PathValue("partner") {
				c.Partner = o
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	found := false
	for _, one := range c.Rows {
		if one.Code == r.PathValue("partner") {
			c.F, found = one.F, true
		}
	}
	if !found {
		return none
	}
	p.Title, p.AsOf, p.Year = p.T("flow.tab", "partner", c.Partner.Label(), "year", c.Of), "", 0
	p.Path = []frame.Crumb{{Label: p.T("menu.flow"), Href: p.Link("/flow", "year", c.Of.String())}, {Label: c.Partner.Label()}, {Label: c.Of.String()}}
	p.At(address(c.Partner.Code, c.Of))
	c.Page = p
	return w.Render(out, r, flowTempl(c))
}

func address(partner string, year period.Year) string {
	return "/flow/" + partner + "/" + year.String()
}

// load reads every agreement-year of the page's year within the reader's scope, once for each state of the programme.
func (w pages) load(ctx context.Context, tx *db.Tx, p frame.Page) (all, error) {
	scope := p.Actor.ScopeFor("claim.read")
	s, err := frame.SeenBy(ctx, tx, p.Programme.ID)
	if err != nil {
		return all{}, err
	}
	who := string(scope) + "/" + string(p.Actor.ScopeFor("settlement.read"))
	return frame.Kept(ctx, w.Cache, frame.Key{Seen: s, Page: "flow", Who: who, Year: p.Year}, func() (all, error) {
		return read(ctx, tx, p, scope)
	})
}

func read(ctx context.Context, tx *db.Tx, p frame.Page, scope access.Scope) (c all, err error) {
	years, err := settlement.AgreementYears(ctx, tx, p.Programme.ID, "", p.Year)
	if err != nil && !fault.Is(err, fault.KindMissing) {
		return c, err
	}
	names := map[string]string{}
	partners, err := programme.Partners(ctx, tx, p.Programme.ID)
	for _, o := range partners {
		names[o.Code] = o.Label()
	}
	for _, at := range years {
		if err != nil || !scope.Holds(at.Partner) {
			continue
		}
		var f settlement.Flow
		f, err = settlement.LoadFlow(ctx, tx, p.Actor, p.Programme.ID, at)
		c.Rows = append(c.Rows, row{at, names[at.Code], f})
	}
	return c, err
}

// one tells whether the page is about one agreement-year.
func (c page) one() bool { return c.Partner.ID != "" }

func (c page) answer() string {
	args := []any{"partner", c.Partner.Label(), "year", c.Of, "half", c.F.Half, "spent", c.F.Netted + c.F.Paid, "due", c.F.Due, "cost", c.F.Accepted,
		"n", len(c.Rows)}
	switch {
	case c.one() && c.F.Declared == 0:
		return c.T("flow.nothing", args...)
	case c.one() && c.F.Due == 0:
		return c.T("flow.answer_even", args...)
	case c.one():
		return c.T("flow.answer", args...)
	case c.F.Declared == 0:
		return c.T("flow.nothing_all", args...)
	}
	return c.T("flow.answer_all", args...)
}

func (c page) lede() string {
	switch {
	case c.F.Undecided != 0:
		return c.T("flow.lede_undecided", "amount", c.F.Undecided)
	case c.F.OwedBack != 0 && c.one():
		return c.T("flow.lede_back", "amount", c.F.OwedBack, "partner", c.Partner.Label())
	}
	return c.T("flow.lede")
}

// to is the address of the rows behind an amount, "" where the reader has no such page.
func (c page) to(what string) string {
	year, partner := c.Of.String(), c.Partner.Code
	costs := func(state string) string { return c.Link("/costs", "partner", partner, "year", year, "state", state) }
	books := func(account string) string {
		if !c.Can("ledger.read") {
			return ""
		}
		return c.Link("/ledger", "partner", partner, "year", year, "account", account)
	}
	switch what {
	case "signed":
		if c.one() {
			return c.Link("/agreements/"+partner, "year", "")
		}
		return c.Link("/agreements", "year", year)
	case "carried", "overrun":
		if c.Can("decision.read") {
			return c.Link("/decisions", "year", "")
		}
	case "committed", "consumed", "released":
		return books(map[string]string{"committed": "Budget:Committed", "consumed": "Budget:Consumed", "released": "Budget:Envelope"}[what])
	case "declared", "accepted", "less", "struck", "half", "shared":
		return costs("")
	case "deducted", "parked":
		return costs(what)
	case "waiting":
		return costs("declared")
	case "above", "cost_part", "pool", "earned", "not_earned", "undecided", "own":
		return c.settled(what)
	}
	if to := books(map[string]string{"due": "Liabilities:Payable", "ordered": "Liabilities:Payable", "owed_back": "Assets:Recoverable",
		"netted": "Assets:Advances", "open": "Assets:Advances", "paid": "Assets:Bank", "advance": "Assets:Bank"}[what]); to != "" {
		return to
	}
	if c.one() {
		return costs("") + "#payments"
	}
	return ""
}

// settled is where a part of the reckoning is told step by step: the statement, or the KPIs on which it hangs.
func (c page) settled(what string) string {
	switch {
	case what == "undecided":
		return c.Link("/kpis", "year", c.Of.String())
	case !c.Can("settlement.read"):
		return ""
	case !c.one():
		return c.Link("/settlements", "year", c.Of.String())
	}
	return c.Link("/settlements/"+c.Partner.Code+"/"+c.Of.String(), "year", "")
}

// source is where a claim opens.
func (c page) source(s settlement.FlowSource) string {
	year := c.Of.String()
	switch {
	case !c.one():
		return c.Link(address(s.Partner, c.Of), "year", "")
	case s.Number == 0:
		return c.to("declared")
	}
	return c.Link("/claims/"+s.Partner+"/"+year+"/"+strconv.Itoa(s.Number), "year", "")
}

func (c page) name(s settlement.FlowSource) string {
	switch {
	case !c.one():
		for _, r := range c.Rows {
			if r.Code == s.Partner {
				return r.Name
			}
		}
	case s.Number == 0:
		return c.T("flow.opening")
	}
	return c.T("statement.claim", "number", strconv.Itoa(s.Number))
}

// part is an amount with its word and where it opens.
type part struct {
	What   string
	Amount money.Amount
}

// some are the parts that are not nothing.
func some(all ...part) (out []part) {
	for _, p := range all {
		if p.Amount != 0 {
			out = append(out, p)
		}
	}
	return out
}
