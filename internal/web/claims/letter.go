package claims

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/pdf"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/term"
	"errera.eu/errera/internal/web/frame"
)

// letterPage is the reasoned letter about a claim that was decided, in the language of its partner, whoever reads it.
type letterPage struct {
	claimPage
	To       claimPage   // the claim in the partner's language
	ObjectBy period.Date // last day to object; "" when the term passed or nothing was refused
}

// toldItem is an item that was not accepted whole, with the reason.
type toldItem struct {
	What, Reason, State          string
	Declared, Deducted, Accepted money.Amount
}

func (w pages) letterPage(out http.ResponseWriter, r *http.Request) error {
	c, err := w.readLetter(r)
	if err != nil {
		return err
	}
	number := strconv.Itoa(c.C.Number)
	c.Title, c.Year, c.AsOf = c.T("letter.tab", "number", number, "partner", c.Partner.Label(), "year", c.C.Year), 0, ""
	c.Path = []frame.Crumb{{Label: c.T("menu.claims"), Href: c.Link("/claims")}, {Label: c.Partner.Label()},
		{Label: c.T("claims.crumb", "number", number, "year", c.C.Year), Href: c.Link(address(c.Code, c.C.Year, c.C.Number))}, {Label: c.T("letter.crumb")}}
	return w.Render(out, r, letterTempl(c))
}

// letterPDF gives the letter as a PDF: the same bytes whenever it is asked for.
func (w pages) letterPDF(out http.ResponseWriter, r *http.Request) error {
	c, err := w.readLetter(r)
	if err != nil {
		return err
	}
	body, err := pdf.Render(c.document())
	if err != nil {
		return err
	}
	name := fmt.Sprintf("letter-%s-%d-%d.pdf", c.Code, c.C.Year, c.C.Number)
	return serve.Send(out, serve.Download{Name: name, Type: "application/pdf", Bytes: body, Inline: true})
}

func (w pages) readLetter(r *http.Request) (letterPage, error) {
	var c letterPage
	p, err := w.Read(r, "claims", func(tx *db.Tx, p *frame.Page) error {
		c.claimPage.Page = *p
		if err := w.load(r, tx, &c.claimPage); err != nil {
			return err
		}
		if !c.decided() {
			return fault.Missing("letter.not_yet", nil)
		}
		return c.address(r.Context(), tx)
	})
	c.claimPage.Page = p
	c.To.Page.Programme, c.To.Page.Lead = p.Programme, p.Lead
	return c, err
}

// decided tells whether the claim was approved or rejected: from then on there is a letter.
func (c claimPage) decided() bool { return c.C.ApprovedOn != "" || c.C.State == "rejected" }

// address finds the partner's language and its term to object.
func (c *letterPage) address(ctx context.Context, tx *db.Tx) (err error) {
	c.To = c.claimPage
	if c.To.Language, err = report.LanguageOf(ctx, tx, c.C.Partner); err != nil {
		return err
	}
	terms, err := term.Load(ctx, tx, c.Actor, c.Programme.ID)
	for _, t := range terms {
		if t.Kind == term.Objection && t.Subject == string(c.C.ID) && t.Due >= c.Today {
			c.ObjectBy = t.Due
		}
	}
	return err
}

// told are the items of a state with something to tell.
func (c letterPage) told(states ...funding.ItemState) (out []toldItem) {
	t := c.To
	for _, i := range t.Items {
		for _, s := range states {
			if i.State == s {
				out = append(out, toldItem{i.Ref + ", " + t.what(i), t.reason(i), frame.StateWord(t.Page, string(i.State)), i.Claimed(), i.Deducted, i.Allowed()})
			}
		}
	}
	return out
}

func (c letterPage) refused() []toldItem { return c.told(funding.Deducted) }

func (c letterPage) parked() []toldItem {
	return c.told(funding.Parked, funding.Returned, funding.Lapsed)
}

// heading, opening and closing are the sentences of the letter.
func (c letterPage) heading() string {
	return c.To.T("letter.heading", "number", strconv.Itoa(c.C.Number), "year", c.C.Year)
}

func (c letterPage) decidedOn() period.Date {
	if c.C.ApprovedOn != "" {
		return c.C.ApprovedOn
	}
	return c.C.VerifiedOn
}

func (c letterPage) opening() string {
	declared, _, _, _, accepted, _ := c.sums()
	args := []any{"declared", declared, "accepted", accepted, "due", c.C.Due, "on", c.decidedOn(), "year", c.C.Year}
	if c.C.State == "rejected" {
		return c.To.T("letter.rejected", args...)
	}
	if accepted == declared {
		return c.To.T("letter.whole", args...)
	}
	return c.To.T("letter.part", args...)
}

func (c letterPage) closing() string {
	if c.ObjectBy != "" {
		return c.To.T("letter.object", "on", c.ObjectBy)
	}
	return c.To.T("letter.no_term")
}

// total is a total of the letter in words.
type total struct {
	Words  string
	Amount money.Amount
}

func (c letterPage) totals() []total {
	declared, deducted, parked, _, accepted, _ := c.sums()
	t := c.To
	var waits money.Amount
	for _, i := range c.parked() {
		waits += i.Declared
	}
	all := []total{{t.T("letter.declared"), declared}, {t.T("letter.deducted"), -deducted}, {t.T("letter.parked"), -max(parked, waits)}}
	if less := declared - deducted - max(parked, waits) - accepted; less != 0 {
		all = append(all, total{t.T("letter.less"), -less})
	}
	return append(all, total{t.T("letter.accepted"), accepted}, total{t.T("letter.due"), c.C.Due})
}

// document is the letter to be set.
func (c letterPage) document() pdf.Document {
	t := c.To
	d := pdf.Document{Language: string(t.Language), Title: c.heading(), Over: c.Lead.Name, Under: c.Partner.Name + ", " + t.Language.Date(string(c.decidedOn())),
		Author: c.Lead.Name, Subject: c.heading(), Mark: c.heading(), Foot: string(c.C.ID), Made: c.decidedOn().Time(),
		Blocks: []pdf.Block{pdf.Paragraph{Text: c.opening()}}}
	var facts pdf.Facts
	for _, x := range c.totals() {
		facts = append(facts, pdf.Fact{Label: x.Words, Value: x.Amount.Euro(t.Language)})
	}
	d.Blocks = append(d.Blocks, facts)
	for _, part := range []struct {
		title string
		items []toldItem
	}{{t.T("letter.refused_head"), c.refused()}, {t.T("letter.parked_head"), c.parked()}} {
		if len(part.items) == 0 {
			continue
		}
		table := pdf.Table{Columns: []pdf.Column{{Head: t.T("costs.what"), Width: 5}, {Head: t.T("letter.declared"), Width: 2, Right: true},
			{Head: t.T("letter.not_accepted"), Width: 2, Right: true}, {Head: t.T("costs.reason"), Width: 4}}}
		for _, i := range part.items {
			table.Rows = append(table.Rows, []string{i.What, t.Money(i.Declared), t.Money(i.Declared - i.Accepted), i.Reason})
		}
		d.Blocks = append(d.Blocks, pdf.Heading{Text: part.title}, table)
	}
	return c.end(d)
}

func (c letterPage) end(d pdf.Document) pdf.Document {
	d.Blocks = append(d.Blocks, pdf.Paragraph{Text: c.closing()}, pdf.Paragraph{Text: c.To.T("letter.signed", "agency", c.Lead.Name), Quiet: true})
	return d
}
