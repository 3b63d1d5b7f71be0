package claims

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/funding/apportion"
	"errera.eu/errera/internal/funding/hearing"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// readKey names a claim as one reader saw it on a day, in one state of the programme.
type readKey struct {
	frame.Seen
	claim id.Claim
	who   id.Person
	day   period.Date
}

// claimPage is one claim as its reader may see and move it.
type claimPage struct {
	frame.Page
	loaded
	Code string // of the partner
	itemList
	Filter funding.ItemFilter // of the items that are shown
	Chosen funding.Item       // "" where none is
	For    activity.Activity  // that the chosen item is a cost of
	Proofs []file.File        // of the chosen item
	Prior  id.Item            // the item before the chosen one among those that the filter lets through
	Later  id.Item            // the one after it
	Fault  *fault.Fault
	Typed  map[string]string
	key    readKey
}

// listKey names a page of a claim's items: those that a filter lets through, from the first after one.
type listKey struct {
	readKey
	filter funding.ItemFilter
}

// itemList is a page of items; it is kept as long as what was read of their claim.
type itemList struct {
	Shown []funding.Item
	Next  id.Item // the last of them, where more follow
	Found found   // what the filter lets through, on whichever page
}

// found adds up what a filter lets through.
type found struct {
	N                  int
	Declared, Accepted money.Amount
}

func (f *found) add(n int, declared, accepted money.Amount) {
	f.N, f.Declared, f.Accepted = f.N+n, f.Declared+declared, f.Accepted+accepted
}

// loaded is what is read of a claim; it is kept until the programme changes, and nobody changes it.
type loaded struct {
	C          funding.Claim
	Partner    programme.Organisation
	Tally      *funding.Tally
	Sample     map[id.Item]funding.Sampled
	First      id.Item // that a controller looks at first
	Messages   []hearing.Message
	Objections []hearing.Objection
	Findings   []funding.Finding
	Quote      *funding.Quote
	Parked     []report.ParkedRow
	Shared     []funding.SharedInvoice
	Activities []activity.Activity // of the partner in the claim's year, where it adds costs
}

func (w pages) claim(out http.ResponseWriter, r *http.Request) error {
	return w.show(out, r, http.StatusOK, claimPage{})
}

// show reads a claim and shows it, with a form that came back where one did.
func (w pages) show(out http.ResponseWriter, r *http.Request, status int, c claimPage) error {
	p, err := w.Read(r, "claims", func(tx *db.Tx, p *frame.Page) error {
		c.Page = *p
		if err := w.load(r, tx, &c); err != nil {
			return err
		}
		return w.list(r, tx, &c)
	})
	if err != nil {
		return err
	}
	c.Page = p
	c.Title = c.T("claims.tab", "number", strconv.Itoa(c.C.Number), "partner", c.Partner.Label(), "year", c.C.Year)
	c.Path = []frame.Crumb{{Label: c.T("menu.claims"), Href: c.Link("/claims")}, {Label: c.Partner.Label()},
		{Label: c.T("claims.crumb", "number", strconv.Itoa(c.C.Number), "year", c.C.Year)}}
	c.Year, c.AsOf = 0, ""
	if done := text.Key("claims.done_" + r.URL.Query().Get("done")); c.Language.Has(done) && c.Fault == nil {
		c.Notice = c.T(done)
	}
	return w.RenderStatus(out, r, status, claimTempl(c))
}

// locate finds the claim that an address names.
func locate(ctx context.Context, tx *db.Tx, p frame.Page, r *http.Request) (id.Claim, error) {
	year, badYear := period.ParseYear(r.PathValue("year"))
	number, badNumber := strconv.Atoi(r.PathValue("number"))
	if badYear != nil || badNumber != nil {
		return "", fault.Missing("funding.no_claim", nil)
	}
	return report.FindClaim(ctx, tx, p.Programme.ID, p.Actor.ScopeFor("claim.read"), r.PathValue("partner"), year, number)
}

// load reads the claim that an address names, once for each reader and state of the programme.
func (w pages) load(r *http.Request, tx *db.Tx, c *claimPage) error {
	ctx := r.Context()
	claim, err := locate(ctx, tx, c.Page, r)
	if err != nil {
		return err
	}
	seen, err := frame.SeenBy(ctx, tx, c.Programme.ID)
	if err != nil {
		return err
	}
	c.Code = r.PathValue("partner")
	c.key = readKey{seen, claim, c.Actor.ID, c.Today}
	c.loaded, err = w.read.Get(ctx, c.key, func() (loaded, error) {
		return read(ctx, tx, c.Actor, c.Programme.ID, claim)
	})
	return err
}

func read(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim) (c loaded, err error) {
	if c.C, err = funding.LoadClaim(ctx, tx, by, g, claim); err != nil {
		return c, err
	}
	partners, err := programme.Partners(ctx, tx, g)
	if err != nil {
		return c, err
	}
	for _, o := range partners {
		if o.ID == c.C.Partner {
			c.Partner = o
		}
	}
	if c.Tally, err = funding.AddUp(ctx, tx, by, g, claim); err != nil {
		return c, err
	}
	if c.Sample, err = funding.LoadSample(ctx, tx, g, claim); err != nil {
		return c, err
	}
	if c.C.State == "in-verification" {
		if c.First, err = funding.FirstUndecided(ctx, tx, by, g, claim, c.Sample); err != nil {
			return c, err
		}
	}
	if c.Messages, err = hearing.Messages(ctx, tx, g, claim); err != nil {
		return c, err
	}
	if c.Objections, err = hearing.Objections(ctx, tx, g, claim); err != nil {
		return c, err
	}
	return c, c.reckon(ctx, tx, by, g)
}

// itemsShown is how many items a page shows.
const itemsShown = 100

// list reads the items of the page, those that the address's filter lets through from the first asked for, and the one beside which it opens.
func (w pages) list(r *http.Request, tx *db.Tx, c *claimPage) (err error) {
	ctx, q := r.Context(), r.URL.Query()
	c.Filter = funding.ItemFilter{State: funding.ItemState(q.Get("state")), Category: q.Get("category"), Words: q.Get("words")}
	here := c.Filter
	here.After, here.Limit = id.Item(q.Get("after")), itemsShown+1
	if c.itemList, err = w.lists.Get(ctx, listKey{c.key, here}, func() (itemList, error) { return c.some(ctx, tx, here) }); err != nil {
		return err
	}
	return c.choose(ctx, tx, q.Get("item"))
}

func (c *claimPage) some(ctx context.Context, tx *db.Tx, here funding.ItemFilter) (l itemList, err error) {
	if l.Shown, err = funding.Some(ctx, tx, c.Actor, c.Programme.ID, c.C.ID, here); err != nil {
		return l, err
	}
	if len(l.Shown) > itemsShown {
		l.Shown = l.Shown[:itemsShown]
		l.Next = l.Shown[itemsShown-1].ID
	}
	if c.Filter.Words == "" {
		l.Found.add(c.Tally.Of(c.Filter.State, c.Filter.Category))
		return l, nil
	}
	rest := c.Filter
	if here.After == "" { // what is shown is the first of it
		for n := range l.Shown {
			l.Found.add(1, l.Shown[n].Claimed(), l.Shown[n].Allowed())
		}
		if rest.After = l.Next; rest.After == "" {
			return l, nil
		}
	}
	n, declared, accepted, err := funding.SumSome(ctx, tx, c.Actor, c.Programme.ID, c.C.ID, rest)
	l.Found.add(n, declared, accepted)
	return l, err
}

// filtered tells whether the list leaves items out.
func (c claimPage) filtered() bool { return c.Filter != funding.ItemFilter{} }

// choose reads the item beside which the page opens, with its proofs and its neighbours: the one asked for, or in verification the first that
// waits, those of the sample first.
func (c *claimPage) choose(ctx context.Context, tx *db.Tx, ref string) error {
	item := id.Item(ref)
	if _, err := id.Parse[id.Item](ref); ref != "" && err != nil {
		if item, err = report.FindItem(ctx, tx, c.Programme.ID, c.C.Agreement, ref); fault.Is(err, fault.KindInvalid) {
			item = ""
		} else if err != nil {
			return err
		}
	}
	if item == "" && c.C.State == "in-verification" {
		var err error
		if item, err = c.first(ctx, tx); err != nil {
			return err
		}
	}
	if item == "" {
		return nil
	}
	got, err := funding.Some(ctx, tx, c.Actor, c.Programme.ID, c.C.ID, funding.ItemFilter{Only: item})
	if err != nil || len(got) != 1 {
		return err
	}
	c.Chosen = got[0]
	if c.Chosen.Activity != "" {
		c.For, err = activity.Load(ctx, tx, c.Actor.ScopeFor("activity.read"), c.Programme.ID, c.Chosen.Activity)
		if err != nil && !fault.Is(err, fault.KindMissing) { // planned by another partner: its name is not the reader's to see
			return err
		}
	}
	proofs, err := funding.Proofs(ctx, tx, c.Actor, c.Programme.ID, c.C.ID, item, "")
	if err != nil {
		return err
	}
	c.Proofs = proofs[item]
	for n := 1; n < len(c.Shown)-1; n++ {
		if c.Shown[n].ID == item {
			c.Prior, c.Later = c.Shown[n-1].ID, c.Shown[n+1].ID
			return nil
		}
	}
	c.Prior, c.Later, err = funding.Beside(ctx, tx, c.Actor, c.Programme.ID, c.C.ID, c.Filter, item)
	return err
}

// first is the item that a controller looks at first: of those that the filter lets through, where there is one.
func (c *claimPage) first(ctx context.Context, tx *db.Tx) (id.Item, error) {
	f := c.Filter
	if f.State == "" && c.filtered() {
		f.State, f.Limit = funding.Declared, 1
		got, err := funding.Some(ctx, tx, c.Actor, c.Programme.ID, c.C.ID, f)
		if err != nil {
			return "", err
		}
		if len(got) == 1 {
			return got[0].ID, nil
		}
	}
	return c.First, nil
}

// reckon reads what a claim that is not approved yet would pay, and what a draft lacks.
func (c *loaded) reckon(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme) error {
	switch c.C.State {
	case "draft", "submitted", "in-verification", "queried", "verified":
		q, err := funding.Suppose(ctx, tx, by, g, c.C.ID, funding.Supposed{Tally: c.Tally})
		if err != nil {
			return err
		}
		c.Quote = &q
	}
	if c.C.State != "draft" || !by.Can("claim.submit", c.C.Subject()) {
		return nil
	}
	var err error
	if c.Findings, err = funding.Check(ctx, tx, by, g, c.C.ID, c.Tally, *c.Quote); err != nil {
		return err
	}
	if c.Parked, err = report.LoadParked(ctx, tx, g, c.C.Agreement, c.C.Year); err != nil {
		return err
	}
	if c.Shared, err = apportion.List(ctx, tx, by, g, c.C.Partner); err != nil {
		return err
	}
	c.Activities, _, err = activity.List(ctx, tx, g, activity.Filter{Scope: by.ScopeFor("activity.read"), Organisation: c.C.Partner, From: c.C.Year.First(),
		To: c.C.Year.Last()})
	return err
}

func (c claimPage) drafting() bool {
	return c.C.State == "draft" && c.Actor.Can("claim.submit", c.C.Subject())
}

// may tells whether the reader may do a verb on the claim now.
func (c claimPage) may(verb access.VerbName) bool { return c.Actor.Can(verb, c.C.Subject()) }

// mayDecide tells whether the reader may decide on the chosen item.
func (c claimPage) mayDecide() bool {
	touched := []id.Person{c.C.EnteredBy}
	if c.C.SecondLevel {
		touched = append(touched, c.C.VerifiedBy)
	}
	return c.C.State == "in-verification" && c.Chosen.ID != "" && c.Chosen.Kind != funding.Flat &&
		c.Actor.Can("item.accept", access.Subject{Kind: "item", State: string(funding.Declared), Partner: c.C.Partner, Touched: touched})
}

// mayStrike tells whether the reader may correct the chosen item after its approval.
func (c claimPage) mayStrike() bool {
	return c.C.ApprovedOn != "" && c.Chosen.Allowed() > 0 && c.Actor.Can("correction.make", access.Subject{Partner: c.C.Partner})
}

// action is where a form about the claim goes.
func (c claimPage) action(verb string) string {
	return c.Action(address(c.Code, c.C.Year, c.C.Number) + "/" + verb)
}

// decision is where a form about an item of the list goes: the list stays filtered as it is.
func (c claimPage) decision(verb string) string {
	return c.Link(address(c.Code, c.C.Year, c.C.Number)+"/"+verb, append(filterOf(c.URL), "year", "", "as_of", "")...)
}

// itemAction is where a form about the chosen item goes: the page that comes back opens beside it again.
func (c claimPage) itemAction(verb string) string {
	if c.Chosen.ID == "" {
		return c.action(verb)
	}
	return c.Link(address(c.Code, c.C.Year, c.C.Number)+"/"+verb, append(filterOf(c.URL), "item", string(c.Chosen.ID), "year", "", "as_of", "")...)
}

// filterOf is what an address says of the items to show, as pairs.
func filterOf(u *url.URL) (pairs []string) {
	q := u.Query()
	for _, name := range []string{"state", "category", "words"} {
		if v := q.Get(name); v != "" {
			pairs = append(pairs, name, v)
		}
	}
	return pairs
}

func (c claimPage) itemLink(i funding.Item) string { return c.beside(i.Ref) }

// beside leads to an item, within the list as it is filtered.
func (c claimPage) beside(item string) string {
	return c.Link(address(c.Code, c.C.Year, c.C.Number), append(filterOf(c.URL), "item", item, "year", "", "after", c.URL.Query().Get("after"))...)
}

func (c claimPage) answer() string {
	s := c.Tally
	args := []any{"n", s.Undecided, "todo", s.Todo, "declared", s.Declared, "accepted", s.Accepted, "due", c.C.Due, "partner", c.Partner.Label()}
	switch {
	case c.C.State == "draft":
		return c.T("claims.is_draft", append(args, "pay", c.Quote.ToPay)...)
	case c.C.State == "in-verification" && s.Undecided > 0:
		return c.T("claims.is_open", args...)
	case c.C.ApprovedOn != "":
		return c.T("claims.is_approved", args...)
	}
	if c.C.State == "in-verification" {
		return c.T("claims.is_decided", args...)
	}
	return c.T(text.Key("claims.is_"+c.C.State), args...)
}

func (c claimPage) typed(name string) string { return c.Typed[name] }

// wrong is the fault at a field of the form that came back.
func (c claimPage) wrong(field string) string {
	if c.Fault == nil {
		return ""
	}
	for _, f := range c.Fault.All() {
		if f.Field == field {
			return f.Say(c.Language)
		}
	}
	return ""
}

// proof gives the bytes of a file that proves an item of the claim.
func (w pages) proof(out http.ResponseWriter, r *http.Request) error {
	var f file.File
	var body []byte
	_, err := w.Read(r, "claims", func(tx *db.Tx, p *frame.Page) error {
		claim, err := locate(r.Context(), tx, *p, r)
		if err != nil {
			return err
		}
		all, err := funding.Proofs(r.Context(), tx, p.Actor, p.Programme.ID, claim, "", id.File(r.PathValue("id")))
		if err != nil {
			return err
		}
		for _, files := range all {
			for _, one := range files {
				f = one
			}
		}
		if f.ID == "" {
			return fault.Missing("file.missing", nil)
		}
		body, err = file.Read(r.Context(), tx, p.Programme.ID, f)
		return err
	})
	if err != nil {
		return err
	}
	return serve.Send(out, serve.Download{Name: f.Name, Type: string(f.Type), Bytes: body, Inline: f.Type.Seen()})
}

func statusOf(f *fault.Fault) int { return serve.Status(f.Kind) }
