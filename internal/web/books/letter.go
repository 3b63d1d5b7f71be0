package books

import (
	"fmt"
	"net/http"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/letter"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/web/frame"
)

// letter shows the reasoned letter about a settlement: to its partner once it was communicated, to the agency before then as a draft.
func (w pages) letter(out http.ResponseWriter, r *http.Request) error {
	p, at, l, err := w.readLetter(r)
	if err != nil {
		return err
	}
	home := statementPage{At: at}.address()
	p.Title, p.Year, p.AsOf = p.T("letter.settlement_tab", "partner", l.Partner, "year", at.Year), 0, ""
	p.Path = []frame.Crumb{{Label: p.T("menu.settlements"), Href: p.Link("/settlements")}, {Label: l.Partner},
		{Label: at.Year.String(), Href: p.Link(home)}, {Label: p.T("letter.crumb")}}
	return w.Render(out, r, frame.LetterPage(p, l, p.Action(home+"/letter.pdf")))
}

// letterPDF gives the letter as a PDF.
func (w pages) letterPDF(out http.ResponseWriter, r *http.Request) error {
	_, at, l, err := w.readLetter(r)
	if err != nil {
		return err
	}
	body, err := l.PDF()
	if err != nil {
		return err
	}
	name := fmt.Sprintf("settlement-%s-%d.pdf", at.Code, at.Year)
	return serve.Send(out, serve.Download{Name: name, Type: "application/pdf", Bytes: body, Inline: true})
}

func (w pages) readLetter(r *http.Request) (p frame.Page, at settlement.AgreementYear, l letter.Letter, err error) {
	p, err = w.Read(r, "settlements", func(tx *db.Tx, p *frame.Page) (err error) {
		if at, err = agreementYear(r.Context(), tx, p, r); err != nil {
			return err
		}
		l, err = letter.OfSettlement(r.Context(), tx, p.Actor, p.Programme, at.Agreement, at.Year)
		return err
	})
	return p, at, l, err
}
