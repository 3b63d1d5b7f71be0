package claims

import (
	"fmt"
	"net/http"
	"strconv"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/letter"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/web/frame"
)

// letterPage shows the reasoned letter about a claim that was decided.
func (w pages) letterPage(out http.ResponseWriter, r *http.Request) error {
	c, l, err := w.readLetter(r)
	if err != nil {
		return err
	}
	number := strconv.Itoa(c.C.Number)
	c.Title, c.Year, c.AsOf = c.T("letter.tab", "number", number, "partner", c.Partner.Label(), "year", c.C.Year), 0, ""
	c.Path = []frame.Crumb{{Label: c.T("menu.claims"), Href: c.Link("/claims")}, {Label: c.Partner.Label()},
		{Label: c.T("claims.crumb", "number", number, "year", c.C.Year), Href: c.Link(address(c.Code, c.C.Year, c.C.Number))}, {Label: c.T("letter.crumb")}}
	return w.Render(out, r, frame.LetterPage(c.Page, l, c.action("letter.pdf")))
}

// letterPDF gives the letter as a PDF.
func (w pages) letterPDF(out http.ResponseWriter, r *http.Request) error {
	c, l, err := w.readLetter(r)
	if err != nil {
		return err
	}
	body, err := l.PDF()
	if err != nil {
		return err
	}
	name := fmt.Sprintf("letter-%s-%d-%d.pdf", c.Code, c.C.Year, c.C.Number)
	return serve.Send(out, serve.Download{Name: name, Type: "application/pdf", Bytes: body, Inline: true})
}

func (w pages) readLetter(r *http.Request) (c claimPage, l letter.Letter, err error) {
	p, err := w.Read(r, "claims", func(tx *db.Tx, p *frame.Page) (err error) {
		c.Page = *p
		if err = w.load(r, tx, &c); err != nil {
			return err
		}
		items, err := funding.LoadItems(r.Context(), tx, p.Actor, p.Programme.ID, c.C.ID)
		if err != nil {
			return err
		}
		l, err = letter.OfClaim(r.Context(), tx, p.Actor, p.Programme, c.C, items)
		return err
	})
	c.Page = p
	return c, l, err
}
