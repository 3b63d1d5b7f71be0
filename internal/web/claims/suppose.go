package claims

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// supposePage is what a claim would pay if some items were left out and others came in. Nothing of it is kept.
type supposePage struct {
	claimPage
	Items  []funding.Item
	Then   funding.Quote
	Out    map[id.Item]bool
	In     map[string]bool // parked items and shared invoices
	More   string          // typed
	Amount money.Amount    // of what comes in
}

// listed is how many items the page offers to leave out: the greatest.
const listed = 100

func (w pages) suppose(out http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	c := supposePage{Out: map[id.Item]bool{}, In: map[string]bool{}, More: q.Get("more")}
	status := http.StatusOK
	p, err := w.Read(r, "claims", func(tx *db.Tx, p *frame.Page) error {
		c.claimPage.Page = *p
		if err := w.load(r, tx, &c.claimPage); err != nil {
			return err
		}
		if c.Quote == nil {
			return fault.Missing("funding.no_claim", nil)
		}
		var err error
		if c.Items, err = funding.LoadItems(r.Context(), tx, p.Actor, p.Programme.ID, c.C.ID); err != nil {
			return err
		}
		without := c.choices(q["out"], q["in"])
		if c.More != "" {
			more, err := money.Typed(c.More)
			if err != nil || more < 0 {
				c.Fault = fault.Of(fault.Invalid("more", "fault.money.form", text.Args{"found": c.More}))
				status = statusOf(c.Fault)
			} else {
				c.Amount += more
			}
		}
		c.Then, err = funding.Suppose(r.Context(), tx, p.Actor, p.Programme.ID, c.C.ID, funding.Supposed{Tally: c.Tally, Without: without, More: c.Amount})
		return err
	})
	if err != nil {
		return err
	}
	number := strconv.Itoa(c.C.Number)
	p.Title, p.Year, p.AsOf = p.T("whatif.claim_tab", "number", number, "partner", c.Partner.Label(), "year", c.C.Year), 0, ""
	p.Path = []frame.Crumb{{Label: p.T("menu.claims"), Href: p.Link("/claims")}, {Label: c.Partner.Label()},
		{Label: p.T("claims.crumb", "number", number, "year", c.C.Year), Href: p.Link(address(c.Code, c.C.Year, c.C.Number))}, {Label: p.T("whatif.claim_crumb")}}
	c.claimPage.Page = p
	return w.RenderStatus(out, r, status, supposeTempl(c))
}

// choices reads which items are left out and what comes in.
func (c *supposePage) choices(out, in []string) (without []funding.Item) {
	for _, i := range c.Items {
		if slices.Contains(out, i.Ref) {
			c.Out[i.ID] = true
			without = append(without, i)
		}
	}
	for _, x := range c.incoming() {
		if slices.Contains(in, x.ID) {
			c.In[x.ID] = true
			c.Amount += x.Amount
		}
	}
	return without
}

// coming is something that could be added to the claim: a parked item, or the part of a shared invoice.
type coming struct {
	ID, Words string
	Amount    money.Amount
}

func (c supposePage) incoming() (out []coming) {
	for _, p := range c.Parked {
		out = append(out, coming{string(p.Item), c.T("whatif.parked", "what", p.Description, "number", strconv.Itoa(p.Number)), p.Eligible})
	}
	for _, s := range c.Shared {
		if !s.Claimed && s.DeliveredOn.Year() == c.C.Year && s.Currency == c.Programme.Currency {
			out = append(out, coming{string(s.ID), c.T("whatif.shared", "what", s.Description, "weights", s.Weights), s.Net})
		}
	}
	return out
}

// offered are the items that can be left out, those that something stands against first, then the greatest.
func (c supposePage) offered() []funding.Item {
	out := slices.DeleteFunc(slices.Clone(c.Items), func(i funding.Item) bool { return i.Kind == funding.Flat })
	slices.SortStableFunc(out, func(a, b funding.Item) int {
		return cmp.Or(cmp.Compare(len(c.against(b)), len(c.against(a))), cmp.Compare(b.Claimed(), a.Claimed()))
	})
	return out[:min(len(out), listed)]
}

// against is what the checks of a draft say of an item.
func (c supposePage) against(i funding.Item) (out []funding.Finding) {
	for _, f := range c.Findings {
		if f.Item == i.ID {
			out = append(out, f)
		}
	}
	return out
}

// stops counts what would still keep the claim from being handed in.
func (c supposePage) stops() (n int) {
	for _, f := range c.Findings {
		if f.Stops && !c.Out[f.Item] {
			n++
		}
	}
	return n
}

func (c supposePage) changed() bool { return len(c.Out) > 0 || c.Amount != 0 }

func (c supposePage) answer() string {
	if !c.changed() {
		return c.T("whatif.claim_as_is", "pay", c.Quote.ToPay)
	}
	return c.T("whatif.claim_then", "then", c.Then.ToPay, "pay", c.Quote.ToPay)
}

func (c supposePage) lede() string {
	if c.C.State != "draft" || !c.drafting() {
		return c.T("whatif.claim_lede")
	}
	return c.T("whatif.claim_lede") + " " + c.T("whatif.claim_stops", "n", c.stops())
}

// compared is a line of what the claim does, as it is and as supposed.
type compared struct {
	Words    text.Key
	Was, Is  money.Amount
	Emphasis bool
}

func (c supposePage) lines() []compared {
	a, b := c.Quote, c.Then
	all := []compared{
		{"whatif.l_declared", a.Declared, b.Declared, false}, {"whatif.l_cost", a.Cost, b.Cost, false}, {"whatif.l_half", a.Half, b.Half, false},
		{"whatif.l_above", a.Above, b.Above, false}, {"whatif.l_ceiling", a.Ceiling - a.Half, b.Ceiling - b.Half, false},
		{"whatif.l_pool", a.Pool, b.Pool, false}, {"whatif.l_due", a.Due, b.Due, false}, {"whatif.l_advance", -a.FromAdvance, -b.FromAdvance, false},
		{"whatif.l_owed", -a.FromOwed, -b.FromOwed, false}, {"whatif.l_back", a.OwedBack, b.OwedBack, false},
		{"whatif.l_pay", a.ToPay, b.ToPay, true}, {"whatif.l_open", a.Open, b.Open, false},
	}
	return slices.DeleteFunc(all, func(x compared) bool { return x.Was == 0 && x.Is == 0 && !x.Emphasis })
}
