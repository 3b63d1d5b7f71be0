package claims

import (
	"context"
	"net/http"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/web/frame"
)

// inboxPage lists claims: those that wait, or all.
type inboxPage struct {
	frame.Page
	Rows  []report.InboxRow
	All   bool
	Years []settlement.AgreementYear // for which the reader may open a draft
	Other []elsewhere                // open claims of other rounds, where this one has none
}

// elsewhere tells how many claims are open in another round.
type elsewhere struct {
	programme.Programme
	N int
}

func (w pages) inbox(out http.ResponseWriter, r *http.Request) error {
	c := inboxPage{All: r.URL.Query().Get("show") == "all"}
	p, err := w.Read(r, "claims", func(tx *db.Tx, p *frame.Page) (err error) {
		year := p.Year
		if !c.All {
			year = 0
		}
		scope := p.Actor.ScopeFor("claim.read")
		if c.Rows, err = report.LoadInbox(r.Context(), tx, p.Programme.ID, scope, year, !c.All); err != nil {
			return err
		}
		if len(c.Rows) == 0 && !c.All {
			if c.Other, err = openElsewhere(r.Context(), tx, p, scope); err != nil {
				return err
			}
		}
		if !p.Can("claim.draft") {
			return nil
		}
		years, err := settlement.AgreementYears(r.Context(), tx, p.Programme.ID, "", 0)
		for _, y := range years {
			if p.Actor.ScopeFor("claim.draft").Holds(y.Partner) {
				c.Years = append(c.Years, y)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	p.Title, p.AsOf = p.T("menu.claims"), ""
	p.Path = []frame.Crumb{{Label: p.Title}}
	c.Page = p
	return w.Render(out, r, inboxTempl(c))
}

func openElsewhere(ctx context.Context, tx *db.Tx, p *frame.Page, scope access.Scope) (all []elsewhere, err error) {
	for _, g := range p.Rounds {
		if g.ID == p.Programme.ID {
			continue
		}
		rows, err := report.LoadInbox(ctx, tx, g.ID, scope, 0, true)
		if err != nil {
			return nil, err
		}
		if len(rows) > 0 {
			all = append(all, elsewhere{g, len(rows)})
		}
	}
	return all, nil
}

// draft opens a draft of a year, or goes to the one that is open.
func (w pages) draft(out http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	partner := r.PostFormValue("partner")
	year, _ := period.ParseYear(r.PostFormValue("year")) // 0 names no agreement-year
	number := 0
	p, err := w.Read(r, "claims", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	err = w.DB.Write(ctx, p.Programme.ID, func(tx *db.Tx) error {
		found, err := settlement.AgreementYears(ctx, tx, p.Programme.ID, partner, year)
		if err != nil {
			return err
		}
		if len(found) != 1 || year == 0 || !p.Actor.ScopeFor("claim.draft").Holds(found[0].Partner) {
			return fault.Missing("settlement.no_agreement_year", nil)
		}
		claim, err := funding.Draft(ctx, tx, p.Actor, p.Programme.ID, found[0].Agreement, year)
		if err != nil {
			return err
		}
		c, err := funding.LoadClaim(ctx, tx, p.Actor, p.Programme.ID, claim)
		number = c.Number
		return err
	})
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, address(partner, year, number)), http.StatusSeeOther)
	return nil
}

func address(partner string, year period.Year, number int) string {
	return "/claims/" + partner + "/" + year.String() + "/" + strconv.Itoa(number)
}

func (c inboxPage) href(x report.InboxRow) string {
	return c.Link(address(x.Partner, x.Year, x.Number), "year", "")
}

// waiting counts the claims that wait for the reader's side.
func (c inboxPage) waiting() (n int, sum money.Amount) {
	for _, x := range c.Rows {
		agency := x.State == "submitted" || x.State == "in-verification" || x.State == "verified"
		if agency == c.Agency() && x.State != "paid" && x.State != "closed" {
			n++
			sum += x.Declared
		}
	}
	return n, sum
}

func (c inboxPage) answer() string {
	if c.All {
		return c.T("claims.answer_all", "n", len(c.Rows), "year", c.Year)
	}
	n, sum := c.waiting()
	if c.Agency() {
		return c.T("claims.answer_agency", "n", n, "amount", sum)
	}
	return c.T("claims.answer_partner", "n", n, "amount", sum)
}

// age is how long a claim has waited, in days; 0 for one that does not wait for the agency.
func (c inboxPage) age(x report.InboxRow) int {
	if x.Since == "" || (x.State != "submitted" && x.State != "in-verification" && x.State != "verified") {
		return 0
	}
	return x.Since.DaysTo(c.Today)
}

func itemID(s string) (id.Item, error) {
	i, err := id.Parse[id.Item](s)
	if err != nil {
		return "", fault.Missing("funding.no_item", nil)
	}
	return i, nil
}
