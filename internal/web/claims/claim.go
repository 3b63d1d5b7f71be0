package claims

import (
	"context"
	"net/http"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/letter"
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
	Code   string       // of the partner
	Chosen funding.Item // "" where none is
	State  string       // of the items that are shown; "" is all
	From   int          // the first of them that is shown
	Fault  *fault.Fault
	Typed  map[string]string
}

// loaded is what is read of a claim; it is kept until the programme changes, and nobody changes it.
type loaded struct {
	C          funding.Claim
	Partner    programme.Organisation
	Items      []funding.Item
	Sample     map[id.Item]funding.Sampled
	Proofs     map[id.Item][]file.File
	Messages   []funding.Message
	Objections []funding.Objection
	Findings   []funding.Finding
	Quote      *funding.Quote
	Parked     []report.ParkedRow
	Shared     []funding.SharedInvoice
}

func (w pages) claim(out http.ResponseWriter, r *http.Request) error {
	return w.show(out, r, http.StatusOK, claimPage{})
}

// show reads a claim and shows it, with a form that came back where one did.
func (w pages) show(out http.ResponseWriter, r *http.Request, status int, c claimPage) error {
	p, err := w.Read(r, "claims", func(tx *db.Tx, p *frame.Page) error {
		c.Page = *p
		return w.load(r, tx, &c)
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
	c.loaded, err = w.read.Get(ctx, readKey{seen, claim, c.Actor.ID, c.Today}, func() (loaded, error) {
		return read(ctx, tx, c.Actor, c.Programme.ID, claim)
	})
	if err != nil {
		return err
	}
	q := r.URL.Query()
	c.State = q.Get("state")
	c.From, _ = strconv.Atoi(q.Get("after")) // anything else is the beginning
	c.choose(q.Get("item"))
	return nil
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
	if c.Items, err = funding.LoadItems(ctx, tx, by, g, claim); err != nil {
		return c, err
	}
	if c.Sample, err = funding.LoadSample(ctx, tx, g, claim); err != nil {
		return c, err
	}
	if c.Proofs, err = funding.Proofs(ctx, tx, by, g, claim); err != nil {
		return c, err
	}
	if c.Messages, err = funding.Messages(ctx, tx, g, claim); err != nil {
		return c, err
	}
	if c.Objections, err = funding.Objections(ctx, tx, g, claim); err != nil {
		return c, err
	}
	return c, c.reckon(ctx, tx, by, g)
}

// shown are the items of the page: those in the chosen state, from the first asked for; and the number of the next, 0 for none.
func (c claimPage) shown() (out []funding.Item, next int) {
	n := 0
	for _, i := range c.Items {
		if c.State != "" && string(i.State) != c.State {
			continue
		}
		if n >= c.From && len(out) == itemsShown {
			return out, n
		}
		if n >= c.From {
			out = append(out, i)
		}
		n++
	}
	return out, 0
}

// itemsShown is how many items a page shows.
const itemsShown = 100

// choose is the item beside which the page opens: the one asked for, or in verification the first that waits, those of the sample first.
func (c *claimPage) choose(ref string) {
	if i, found := someItem(c.Items, ref); found {
		c.Chosen = i
		return
	}
	if c.C.State != "in-verification" {
		return
	}
	for _, sampled := range []bool{true, false} {
		for _, i := range c.Items {
			if _, in := c.Sample[i.ID]; i.State == funding.Declared && i.Kind != funding.Flat && in == sampled {
				c.Chosen = i
				return
			}
		}
	}
}

// reckon reads what a claim that is not approved yet would pay, and what a draft lacks.
func (c *loaded) reckon(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme) error {
	switch c.C.State {
	case "draft", "submitted", "in-verification", "queried", "verified":
		q, err := funding.Suppose(ctx, tx, by, g, c.C.ID, funding.Supposed{Items: c.Items})
		if err != nil {
			return err
		}
		c.Quote = &q
	}
	if c.C.State != "draft" || !by.Can("claim.submit", c.C.Subject()) {
		return nil
	}
	var err error
	if c.Findings, err = funding.Check(ctx, tx, by, g, c.C.ID, c.Items, *c.Quote); err != nil {
		return err
	}
	if c.Parked, err = report.LoadParked(ctx, tx, g, c.C.Agreement, c.C.Year); err != nil {
		return err
	}
	c.Shared, err = funding.SharedInvoices(ctx, tx, by, g, c.C.Partner)
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

func (c claimPage) itemLink(i funding.Item) string {
	return c.Link(address(c.Code, c.C.Year, c.C.Number), "item", i.Ref, "year", "")
}

// sums adds up the claim.
func (c claimPage) sums() letter.Sums { return letter.Add(c.Items) }

func (c claimPage) answer() string {
	s := c.sums()
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

// neighbour is the item before (-1) or after (1) the chosen one, "" at the ends.
func (c claimPage) neighbour(step int) string {
	for n, i := range c.Items {
		if i.ID == c.Chosen.ID && n+step >= 0 && n+step < len(c.Items) {
			return c.itemLink(c.Items[n+step])
		}
	}
	return ""
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
		all, err := funding.Proofs(r.Context(), tx, p.Actor, p.Programme.ID, claim)
		if err != nil {
			return err
		}
		for _, files := range all {
			for _, one := range files {
				if string(one.ID) == r.PathValue("id") {
					f = one
				}
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
