package books

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// costsPage is the list of cost items as one reader chose it, with the claims and payments of a chosen partner's year.
type costsPage struct {
	frame.Page
	Filter   report.CostFilter
	Partners []programme.Organisation // that the reader may choose
	Items    []report.CostItem
	Totals   report.CostTotals
	Claims   []report.ClaimRow
	Payments []report.PaymentRow
	Next     string
	List     frame.Listing
}

// exportLimit is how many rows a file holds at most.
const exportLimit = 200_000

func (w pages) costs(out http.ResponseWriter, r *http.Request) error {
	var c costsPage
	p, err := w.Read(r, "costs", func(tx *db.Tx, p *frame.Page) (err error) {
		if c.Partners, err = programme.Partners(r.Context(), tx, p.Programme.ID); err != nil {
			return err
		}
		if err = c.choose(p, r); err != nil {
			return err
		}
		c.Page = *p
		return c.load(r.Context(), tx, w.Cache, frame.AllAsked(r))
	})
	if err != nil {
		return err
	}
	p.Title = p.T("menu.costs")
	p.Path = []frame.Crumb{{Label: p.Title}}
	p.AsOf = "" // costs are what was decided, whatever the day
	c.Page = p
	t, err := frame.NewTable(p, "-delivered", c.columns()...)
	if err != nil {
		return err
	}
	t.Sort(c.Items)
	if frame.FileAsked(r) {
		return t.File(out, "costs", c.Items)
	}
	if frame.AllAsked(r) {
		c.Items, c.Next = t.Cut(c.Items, report.CostItem.Key)
	}
	c.List = t.Listing(p.T("costs.items_head"), c.Items, c.Next)
	return w.Render(out, r, costsTempl(c))
}

// load reads a page of items, or all of them, with the claims and payments of a chosen partner's year.
func (c *costsPage) load(ctx context.Context, tx *db.Tx, cache *frame.Cache, whole bool) (err error) {
	g := c.Programme.ID
	if whole {
		f := c.Filter
		f.Limit, f.After = exportLimit, ""
		if c.Items, _, err = report.LoadCosts(ctx, tx, g, f); err != nil {
			return err
		}
		c.Totals, err = report.SumCosts(ctx, tx, g, f)
	} else {
		err = c.list(ctx, tx, &c.Page, cache)
	}
	if err != nil || c.Filter.Partner == "" || c.Filter.Year == 0 {
		return err
	}
	if c.Claims, err = report.LoadClaims(ctx, tx, g, c.Filter); err != nil {
		return err
	}
	c.Payments, err = report.LoadPayments(ctx, tx, g, c.Actor.ScopeFor("payment.read"), c.Filter.Partner, c.Filter.Year)
	return err
}

// costList is what the filters let through: a page of items and the totals of all.
type costList struct {
	items  []report.CostItem
	next   string
	totals report.CostTotals
}

// list reads the items and adds them up, once for each choice and state of the programme: nobody changes what is kept.
func (c *costsPage) list(ctx context.Context, tx *db.Tx, p *frame.Page, cache *frame.Cache) error {
	s, err := frame.SeenBy(ctx, tx, p.Programme.ID)
	if err != nil {
		return err
	}
	f := c.Filter
	what := strings.Join([]string{f.Partner, strconv.Itoa(f.Claim), f.State, f.Activity, f.After}, "\n")
	l, err := frame.Kept(ctx, cache, frame.Key{Seen: s, Page: "costs", What: what, Who: string(f.Scope), Year: f.Year}, func() (l costList, err error) {
		if l.items, l.next, err = report.LoadCosts(ctx, tx, p.Programme.ID, f); err != nil {
			return l, err
		}
		l.totals, err = report.SumCosts(ctx, tx, p.Programme.ID, f)
		return l, err
	})
	c.Items, c.Next, c.Totals = l.items, l.next, l.totals
	return err
}

// choose reads the filters of the address; a partner's person has its own partner chosen.
func (c *costsPage) choose(p *frame.Page, r *http.Request) error {
	q := r.URL.Query()
	scope := p.Actor.ScopeFor("claim.read")
	c.Filter = report.CostFilter{Scope: scope, Partner: q.Get("partner"), Year: p.Year, State: q.Get("state"), Activity: q.Get("activity"),
		After: q.Get("after"), Limit: frame.ListPage}
	if q.Get("span") == "all" {
		c.Filter.Year = 0
	}
	if v := q.Get("claim"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			return frame.BadFilter("claim", v)
		}
		c.Filter.Claim = n
	}
	if c.Filter.State != "" && !slices.Contains(itemStates(), c.Filter.State) {
		return frame.BadFilter("state", c.Filter.State)
	}
	c.Partners = within(c.Partners, scope)
	if c.Filter.Partner != "" && !slices.ContainsFunc(c.Partners, func(o programme.Organisation) bool { return o.Code == c.Filter.Partner }) {
		return frame.BadFilter("partner", c.Filter.Partner)
	}
	if len(c.Partners) == 1 && scope != access.All {
		c.Filter.Partner = c.Partners[0].Code
	}
	return nil
}

func within(all []programme.Organisation, scope access.Scope) []programme.Organisation {
	return slices.DeleteFunc(all, func(o programme.Organisation) bool { return !scope.Holds(o.ID) })
}

func itemStates() []string {
	var out []string
	for _, s := range []funding.ItemState{funding.Declared, funding.Accepted, funding.Deducted, funding.Parked, funding.Returned, funding.Lapsed} {
		out = append(out, string(s))
	}
	return out
}

func (c costsPage) partnerOptions() []frame.Option {
	return partnerOptions(c.Partners, c.Filter.Partner)
}

func partnerOptions(all []programme.Organisation, chosen string) []frame.Option {
	var out []frame.Option
	for _, o := range all {
		out = append(out, frame.Option{Value: o.Code, Label: o.Label(), Chosen: o.Code == chosen})
	}
	return out
}

func (c costsPage) stateOptions() []frame.Option {
	var out []frame.Option
	for _, s := range itemStates() {
		out = append(out, frame.Option{Value: s, Label: frame.StateWord(c.Page, s), Chosen: s == c.Filter.State})
	}
	return out
}

func (c costsPage) claimOptions() []frame.Option {
	var out []frame.Option
	for _, x := range c.Claims {
		n := strconv.Itoa(x.Number)
		out = append(out, frame.Option{Value: n, Label: c.T("statement.claim", "number", n), Chosen: x.Number == c.Filter.Claim})
	}
	return out
}

func yearOptions(p frame.Page, chosen period.Year) []frame.Option {
	var out []frame.Option
	for _, y := range p.Programme.Years() {
		out = append(out, frame.Option{Value: y.String(), Label: y.String(), Chosen: y == chosen})
	}
	return out
}

func (c costsPage) partnerName() string {
	for _, o := range c.Partners {
		if o.Code == c.Filter.Partner {
			return o.Label()
		}
	}
	return ""
}

// answer says what of the declared cost was accepted.
func (c costsPage) answer() string {
	args := text.Args{"eligible": c.Totals.Eligible - c.Totals.Twice, "accepted": c.counted()}
	if c.Filter.Partner != "" {
		args["partner"] = c.partnerName()
	}
	if c.Filter.Year != 0 {
		args["year"] = c.Filter.Year
	}
	return c.Language.Say(c.answerKey(), args)
}

func (c costsPage) answerKey() text.Key {
	switch {
	case c.Totals.Items == 0:
		return "costs.none"
	case c.Filter.Partner != "" && c.Filter.Year != 0:
		return "costs.answer_partner_year"
	case c.Filter.Partner != "":
		return "costs.answer_partner"
	case c.Filter.Year != 0:
		return "costs.answer_year"
	}
	return "costs.answer"
}

// counted is what was accepted, less what corrections struck afterwards.
func (c costsPage) counted() money.Amount { return c.Totals.Accepted - c.Totals.Struck }

func (c costsPage) lede() []string {
	all := []string{c.T("costs.items", "n", c.Totals.Items)}
	if c.Totals.Deducted != 0 {
		all = append(all, c.T("costs.was_deducted", "amount", c.Totals.Deducted))
	}
	if c.Totals.Parked != 0 {
		all = append(all, c.T("costs.is_parked", "amount", c.Totals.Parked))
	}
	if c.Totals.Twice != 0 {
		all = append(all, c.T("costs.came_back", "amount", c.Totals.Twice))
	}
	if c.Totals.Struck != 0 {
		all = append(all, c.T("costs.was_struck", "amount", c.Totals.Struck))
	}
	return all
}

// foreign is the invoice in its own currency, "" where that is the programme's.
func (c costsPage) foreign(i report.CostItem) string {
	if i.Currency == c.Programme.Currency {
		return ""
	}
	return c.T("costs.foreign", "amount", c.Money(i.Net), "currency", i.Currency, "rate", c.Language.Decimal(i.Rate, -1))
}

// decided tells why and by whom a state was given.
func (c costsPage) decided(i report.CostItem) string {
	words := ""
	if i.ReasonCode != "" {
		words = c.T(text.Key("reason." + i.ReasonCode))
	}
	if i.Reason != "" {
		words = join(words, i.Reason)
	}
	return words
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + ": " + b
}

func (c costsPage) who(i report.CostItem) string {
	if i.DecidedOn == "" {
		return ""
	}
	day := c.Language.ShortDateYear(string(i.DecidedOn))
	if i.DecidedBy == "" {
		return day
	}
	return i.DecidedBy + ", " + day
}

func categoryKey(code string) text.Key { return text.Key("category." + code) }

func paymentKey(kind string) text.Key { return text.Key("costs.payment." + kind) }

// shortDay is a date for tables, "" for none; with its year, for what is decided about a year often falls in the next.
func (c costsPage) shortDay(d period.Date) string {
	if d == "" {
		return ""
	}
	return c.Language.ShortDateYear(string(d))
}

func (c costsPage) ofClaim(x report.PaymentRow) string {
	if x.Claim == 0 {
		return ""
	}
	return " " + strconv.Itoa(x.Claim)
}
