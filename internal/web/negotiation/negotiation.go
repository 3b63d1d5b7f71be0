package negotiation

import (
	"math/big"
	"net/http"
	"strconv"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/draft"
	"errera.eu/errera/internal/agreement/redline"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/web/frame"
)

// negotiationPage is one agreement on the table: what changed between two versions, what was said, what stands in the way.
type negotiationPage struct {
	table
	Old, New  agreement.Version // Old.N is 0 when there is nothing to compare with
	Diff      redline.Redline
	Only      bool // changed clauses alone
	Comments  []agreement.Comment
	Findings  agreement.Findings
	Left      money.Amount // of the envelopes, after this version and the other agreements
	DraftMine bool         // the side has a working copy that differs from the table
	Verb      string       // the form at fault
	Typed     string
	Place     string // where the reader comments
	Fault     *fault.Fault
}

func (w pages) negotiation(out http.ResponseWriter, r *http.Request) error {
	return w.showNegotiation(out, r, http.StatusOK, negotiationPage{})
}

// showNegotiation reads the page anew around what a form brought back.
func (w pages) showNegotiation(out http.ResponseWriter, r *http.Request, status int, c negotiationPage) error {
	p, err := w.Read(r, "agreements", func(tx *db.Tx, p *frame.Page) (err error) {
		if c.table, err = w.sit(r, tx, p); err != nil {
			return err
		}
		c.Page = *p
		if err := c.compare(r, tx); err != nil {
			return err
		}
		if c.Comments, err = agreement.Comments(r.Context(), tx, p.Programme.ID, c.A.ID); err != nil {
			return err
		}
		return c.judge(r, tx)
	})
	if err != nil {
		return err
	}
	if c.Page = p; r.URL.Query().Get("done") != "" {
		c.Notice = doneWords(p, r.URL.Query().Get("done"))
	}
	c.Only = r.URL.Query().Get("only") != ""
	if c.Place == "" {
		c.Place = r.URL.Query().Get("at")
	}
	c.crumbs(c.T("negotiation.title"))
	return w.RenderStatus(out, r, status, negotiationTempl(c))
}

// compare loads the two versions that the address asks for: by default the newest and the one before it.
func (c *negotiationPage) compare(r *http.Request, tx *db.Tx) error {
	last := c.Standing.Last.N
	if last == 0 {
		return nil
	}
	to, err := version(r, "to", last)
	if err != nil {
		return err
	}
	from, err := version(r, "from", max(to-1, 1))
	if err != nil {
		return err
	}
	if c.New, err = agreement.LoadVersion(r.Context(), tx, c.Programme.ID, c.A.ID, to); err != nil {
		return err
	}
	if c.Old, err = agreement.LoadVersion(r.Context(), tx, c.Programme.ID, c.A.ID, from); err != nil {
		return err
	}
	c.Diff = redline.Between(&c.Old.Document, &c.New.Document)
	return nil
}

// judge asks what stands in the way of an agreement, and whether the own side has something in work.
func (c *negotiationPage) judge(r *http.Request, tx *db.Tx) error {
	ctx := r.Context()
	if c.New.N == 0 {
		return nil
	}
	past, err := kpi.LoadHistory(ctx, tx, c.Programme.ID, c.A.ID, tx.Now.Date())
	if err != nil {
		return err
	}
	c.Findings = agreement.Review(&c.New.Document, past)
	pledged, err := agreement.Pledged(ctx, tx, c.Programme.ID, c.A.ID)
	if err != nil {
		return err
	}
	for _, y := range c.New.Document.Years() {
		ceiling, _ := c.New.Document.Ceiling(y)
		c.Left += c.Setting.Envelopes[y] - pledged[y] - ceiling
	}
	if !c.Writes {
		return nil
	}
	desk, err := draft.Open(ctx, tx, c.Actor, &c.Setting, c.A)
	if err != nil {
		return err
	}
	cur, err := desk.Current(ctx, tx)
	if err != nil {
		return err
	}
	mine, err := cur.Document.Hash()
	c.DraftMine = cur.SavedAt != "" && !cur.Fresh && mine != c.Standing.Last.Hash
	return err
}

// answer is the page's one sentence.
func (c negotiationPage) answer() string {
	s := c.Standing
	last := c.name(s.Last.Side)
	switch {
	case c.A.State == agreement.Abandoned:
		return c.T("negotiation.answer.abandoned", "partner", c.A.Partner.Label())
	case s.Agreed && c.amends():
		return c.T("negotiation.answer.agreed_amend", "n", s.Last.N, "partner", c.A.Partner.Label())
	case s.Agreed:
		return c.T("negotiation.answer.agreed", "n", s.Last.N, "partner", c.A.Partner.Label())
	case !s.Open:
		return c.T("negotiation.answer.in_force", "n", c.A.Version)
	case s.Last.N == 0:
		return c.T("negotiation.answer.nothing", "who", c.name(s.Turn))
	case s.Last.State == agreement.Withdrawn:
		return c.T("negotiation.answer.withdrawn", "who", last, "n", s.Last.N)
	case s.Last.State == agreement.Accepted:
		return c.T("negotiation.answer.reopened", "n", s.Last.N)
	case s.Turn == c.Side && s.Last.N == 1:
		return c.T("negotiation.answer.ours_first", "who", last)
	case s.Turn == c.Side:
		return c.T("negotiation.answer.ours", "who", last, "n", s.Last.N, "clauses", c.clausesSaid(), "numbers", c.numbersSaid())
	}
	return c.T("negotiation.answer.theirs", "who", c.name(s.Turn), "n", s.Last.N)
}

func (c negotiationPage) clausesSaid() string {
	return c.T("negotiation.clauses", "n", c.Diff.ClausesChanged())
}

func (c negotiationPage) numbersSaid() string {
	return c.T("negotiation.numbers", "n", c.Diff.NumbersChanged())
}

// lede says what happens to the money, and by when an answer is due.
func (c negotiationPage) lede() string {
	if c.New.N == 0 {
		return c.T("negotiation.lede.nothing")
	}
	was, is := c.Old.Document.Total(), c.New.Document.Total()
	said := []string{c.T("negotiation.lede.same", "total", is)}
	switch {
	case is > was:
		said[0] = c.T("negotiation.lede.rise", "change", is-was, "total", is)
	case is < was:
		said[0] = c.T("negotiation.lede.fall", "change", was-is, "total", is)
	}
	if c.amends() && c.New.N > c.A.Version {
		said = append(said, c.T("negotiation.lede.amends", "n", c.A.Version, "date", c.New.Document.EffectiveOn, "reason", c.New.Document.ReasonAmends))
	}
	if c.Standing.By != "" {
		said = append(said, c.T("negotiation.lede.due", "since", c.Standing.Since.Date(), "by", c.Standing.By))
	}
	return strings.Join(said, " ")
}

// mayAccept tells whether the reader can bind the own side to what lies on the table.
func (c negotiationPage) mayAccept() bool {
	return c.Writes && c.Standing.Turn == c.Side && c.Standing.Last.State == agreement.Proposed && c.New.N == c.Standing.Last.N
}

func (c negotiationPage) mayWithdraw() bool {
	return c.Writes && c.Standing.Last.State == agreement.Proposed && c.Standing.Last.Side == c.Side
}

func (c negotiationPage) mayReopen() bool { return c.Actor.Can("agreement.reopen", c.A.Subject()) }

func (c negotiationPage) mayAbandon() bool { return c.Actor.Can("agreement.abandon", c.A.Subject()) }

func (c negotiationPage) mayTalk() bool {
	return c.Actor.Can("comment.write", access.Subject{Kind: "comment", Partner: c.A.Partner.ID})
}

func (c negotiationPage) mayEdit() bool {
	return c.Writes && (c.Standing.Open || c.A.State == agreement.Signed || c.A.State == agreement.Active)
}

// clauses are the clauses to show, with their fields filled.
func (c negotiationPage) clauses() []shownClause {
	old, new := c.Old.Document.Fields(), c.New.Document.Fields()
	var all []shownClause
	for _, x := range c.Diff.Clauses {
		s := shownClause{Clause: x, Title: redline.Filled(x.Title, old, new), Text: redline.Filled(x.Text, old, new), Place: "clause." + x.Code}
		for _, said := range c.Comments {
			if said.Place == s.Place && said.ReplyTo == "" {
				s.Comments++
			}
		}
		if s.open = x.Changed() || redline.Changed(s.Text); s.open || !c.Only {
			all = append(all, s)
		}
	}
	return all
}

// shownClause is a clause on the page.
type shownClause struct {
	redline.Clause
	Title, Text []redline.Segment
	Place       string
	Comments    int
	open        bool
}

// promised is a KPI over the years of both versions.
type promised struct {
	agreement.Promise
	Cells  []cell
	Base   cell
	Weight cell
	Change string
}

// cell is a number with what it was.
type cell struct {
	Old, New string
}

func (c cell) changed() bool { return c.Old != c.New }

// years are those of either version.
func (c negotiationPage) years() []period.Year { return c.New.Document.Years() }

// promises are the KPIs of the new version, and those that only the old one has, with their targets.
func (c negotiationPage) promises() []promised {
	list := c.New.Document.KPIs
	for _, k := range c.Old.Document.KPIs {
		if _, kept := c.New.Document.KPI(k.KPI); !kept {
			list = append(list[:len(list):len(list)], k)
		}
	}
	var all []promised
	for _, k := range list {
		was, _ := c.Old.Document.KPI(k.KPI)
		is, _ := c.New.Document.KPI(k.KPI)
		x := promised{Promise: k, Base: cell{c.figure(k, was.Baseline), c.figure(k, is.Baseline)},
			Weight: cell{strconv.FormatInt(was.Weight, 10), strconv.FormatInt(is.Weight, 10)}}
		sum := new(big.Rat)
		for _, y := range c.years() {
			old, new := was.Target(y), is.Target(y)
			x.Cells = append(x.Cells, cell{c.figure(k, old), c.figure(k, new)})
			if o, n := old.Rat(), new.Rat(); o != nil && n != nil {
				sum.Add(sum, n).Sub(sum, o)
			}
		}
		if sum.Sign() != 0 {
			x.Change = c.signed(c.figure(k, agreement.NumberOf(sum)), sum.Sign())
		}
		all = append(all, x)
	}
	return all
}

func (c negotiationPage) figure(k agreement.Promise, n agreement.Number) string {
	return n.Show(c.Language, k.Decimals)
}

func (c negotiationPage) signed(s string, sign int) string {
	if sign > 0 {
		return "+" + s
	}
	return s
}

// ceilings are the yearly ceilings and their sum, old and new.
func (c negotiationPage) ceilings() []cell {
	var all []cell
	show := func(d *agreement.Document, y period.Year) string {
		a, has := d.Ceiling(y)
		if !has {
			return ""
		}
		return a.Show(c.Language)
	}
	for _, y := range c.years() {
		all = append(all, cell{show(&c.Old.Document, y), show(&c.New.Document, y)})
	}
	return append(all, cell{c.Old.Document.Total().Show(c.Language), c.New.Document.Total().Show(c.Language)})
}

// ceilingChange is what the sum of the ceilings moved.
func (c negotiationPage) ceilingChange() string {
	d := c.New.Document.Total() - c.Old.Document.Total()
	switch {
	case d > 0:
		return "+" + d.Show(c.Language)
	case d < 0:
		return d.Show(c.Language)
	}
	return ""
}

// others are the changed fields that no table above shows.
func (c negotiationPage) others() []redline.Value {
	var all []redline.Value
	for _, v := range c.Diff.Values {
		target := strings.HasPrefix(v.Place, "kpi.") && (strings.Contains(v.Place, ".target.") || strings.HasSuffix(v.Place, ".baseline") ||
			strings.HasSuffix(v.Place, ".weight"))
		if !target && !strings.HasPrefix(v.Place, "ceiling.") && !strings.HasSuffix(v.Place, ".organisation") && v.Place != "amends" {
			all = append(all, v)
		}
	}
	return all
}

// act runs a verb of the page and goes back to it; a form at fault comes back with what was typed.
func (w pages) act(out http.ResponseWriter, r *http.Request) error {
	verb := r.PathValue("verb")
	t, err := w.attempt(r, verb)
	if fault.Is(err, fault.KindInvalid) || fault.Is(err, fault.KindConflict) {
		typed := r.PostFormValue("words")
		return w.showNegotiation(out, r, serve.Status(fault.Of(err).Kind), negotiationPage{Verb: verb, Typed: typed, Place: r.PostFormValue("place"), Fault: fault.Of(err)})
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, t.at("negotiation"), "done", verb), http.StatusSeeOther)
	return nil
}

// attempt sits down at the table and does one verb there.
func (w pages) attempt(r *http.Request, verb string) (t table, err error) {
	p, err := w.Read(r, "agreements", func(tx *db.Tx, p *frame.Page) (err error) {
		t, err = w.sit(r, tx, p)
		return err
	})
	if err != nil {
		return t, err
	}
	return t, w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error { return t.do(r, tx, p, verb) })
}

// do runs one verb of the negotiation.
func (t table) do(r *http.Request, tx *db.Tx, p frame.Page, verb string) (err error) {
	ctx, g, words := r.Context(), p.Programme.ID, r.PostFormValue("words")
	number := func(name string) int {
		n, _ := strconv.Atoi(r.PostFormValue(name)) // what is no number is no version: 0
		return n
	}
	comment, _ := id.Parse[id.Comment](r.PostFormValue("comment")) // "" none
	switch verb {
	case "propose":
		desk, err := draft.Open(ctx, tx, p.Actor, &t.Setting, t.A)
		if err != nil {
			return err
		}
		_, err = desk.Propose(ctx, tx, p.Actor, number("revision"), words)
		return err
	case "accept":
		_, err = agreement.Accept(ctx, tx, p.Actor, &t.Setting, t.A.ID, r.PostFormValue("hash"))
	case "withdraw":
		err = agreement.Withdraw(ctx, tx, p.Actor, g, t.A.ID, number("n"))
	case "reopen":
		_, err = agreement.Reopen(ctx, tx, p.Actor, g, t.A.ID, words)
	case "abandon":
		_, err = agreement.Abandon(ctx, tx, p.Actor, g, t.A.ID, words)
	case "comment":
		_, err = agreement.Write(ctx, tx, p.Actor, g, t.A.ID, agreement.Comment{Place: r.PostFormValue("place"), ReplyTo: comment, Words: words})
	case "settle", "unsettle":
		err = agreement.Mark(ctx, tx, p.Actor, g, t.A.ID, comment, verb == "settle")
	default:
		return fault.Missing("negotiation.no_verb", nil)
	}
	return err
}
