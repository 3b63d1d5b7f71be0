package signatures

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/signing"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// ceremonyPage is many agreements signed one after another on one screen.
type ceremonyPage struct {
	frame.Page
	Open   []signing.Sheet     // that wait, in the order of the agreements
	Signed []signing.Sheet     // that got their last signature today
	Now    *signing.Sheet      // the one on the screen; nil when nothing waits
	Next   agreement.Signatory // who signs it now
	Self   bool                // that is the reader
	Played bool                // the people are invented: nobody has a password
	Fault  *fault.Fault
}

func (w pages) ceremony(out http.ResponseWriter, r *http.Request) error {
	return w.stage(out, r, "", nil)
}

// stage renders the page with a partner's agreement on it, or the first that waits.
func (w pages) stage(out http.ResponseWriter, r *http.Request, partner string, wrong *fault.Fault) error {
	c := ceremonyPage{Fault: wrong}
	done := ""
	p, err := w.Read(r, "agreements", func(tx *db.Tx, p *frame.Page) (err error) {
		all, err := signing.Sheets(r.Context(), tx, p.Actor, p.Programme.ID)
		for _, x := range all {
			if x.Open() {
				c.Open = append(c.Open, x)
			} else if x.Done() == p.Today {
				c.Signed = append(c.Signed, x)
			}
			if x.Agreement.Partner.Code == r.URL.Query().Get("done") {
				done = x.Agreement.Partner.Label()
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if partner == "" {
		partner = r.URL.Query().Get("at")
	}
	c.Page, c.Played = p, w.Demo && p.Programme.Invented
	c.choose(partner)
	c.Title = c.T("ceremony.tab")
	c.Path = []frame.Crumb{{Label: c.T("menu.agreements"), Href: c.Link("/agreements")}, {Label: c.Title}}
	c.Year, c.AsOf = 0, ""
	if done != "" && wrong == nil {
		c.Notice = c.T("ceremony.done", "partner", done)
	}
	status := http.StatusOK
	if wrong != nil {
		status = serve.Status(wrong.Kind)
	}
	return w.RenderStatus(out, r, status, ceremonyTempl(c))
}

// choose puts an agreement on the screen: the one asked for, or the first that waits.
func (c *ceremonyPage) choose(partner string) {
	for i := range c.Open {
		if c.Now == nil || c.Open[i].Agreement.Partner.Code == partner {
			c.Now = &c.Open[i]
		}
		if c.Now.Agreement.Partner.Code == partner {
			break
		}
	}
	if c.Now != nil {
		c.Next, _ = c.Now.Next()
		c.Self = c.Now.Turn(c.Actor)
	}
}

// ceremonySign puts the next signature under one agreement: the reader's own, or that of somebody who comes to the screen and proves with
// their password that it is them.
func (w pages) ceremonySign(out http.ResponseWriter, r *http.Request) error {
	partner := r.PathValue("partner")
	var x signing.Sheet
	p, err := w.Read(r, "agreements", func(tx *db.Tx, p *frame.Page) (err error) {
		x, err = sheetOf(r.Context(), tx, p, partner)
		return err
	})
	if err != nil {
		return err
	}
	by, way := p.Actor, signing.InSession
	if !x.Turn(p.Actor) {
		way = signing.InCeremony
		by, err = w.comes(r, &p, x)
	}
	if err == nil {
		err = w.put(r.Context(), &p, by, x, signing.Mark{Hash: r.PostFormValue("hash"), Way: way})
	}
	if f := fault.Of(err); err != nil && f.Kind != fault.KindInternal && f.Kind != fault.KindMissing {
		return w.stage(out, r, partner, f)
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/ceremony", "done", partner, "at", partner), http.StatusSeeOther)
	return nil
}

// comes is the person who comes to the screen: the next signatory, with a password of their own. Where a demonstration plays invented
// people nobody has one, and the name is enough.
func (w pages) comes(r *http.Request, p *frame.Page, x signing.Sheet) (access.Actor, error) {
	next, more := x.Next()
	if !more {
		return access.Actor{}, fault.Conflict("signing.closed", text.Args{"state": x.Agreement.State.Key()})
	}
	email := next.Email
	if email == "" {
		email = strings.TrimSpace(r.PostFormValue("email"))
	}
	if w.Demo && p.Programme.Invented {
		return w.played(r.Context(), email)
	}
	return access.SignIn(r.Context(), w.DB, w.hasher, email, r.PostFormValue("password"), frame.ClientAddress(r))
}

func (w pages) played(ctx context.Context, email string) (by access.Actor, err error) {
	err = w.DB.Read(ctx, func(tx *db.Tx) error {
		by, err = access.LoadActorByEmail(ctx, tx, email)
		if fault.Is(err, fault.KindMissing) {
			err = fault.Invalid("email", "ceremony.nobody", text.Args{"email": email})
		}
		return err
	})
	return by, err
}

// all is how many agreements the ceremony has: signed today, and waiting.
func (c ceremonyPage) all() int { return len(c.Open) + len(c.Signed) }

func (c ceremonyPage) answer() string {
	if c.Now == nil {
		return c.T("ceremony.answer_over", "n", len(c.Signed))
	}
	if c.Next.Name != "" {
		return c.T("ceremony.sign", "name", c.Next.Name, "partner", c.Now.Agreement.Partner.Label())
	}
	return c.T("ceremony.answer", "partner", c.Now.Agreement.Partner.Label())
}

// beside is the agreement that waits before (-1) or after (1) the one on the screen; "" when there is none.
func (c ceremonyPage) beside(step int) string {
	for i := range c.Open {
		if c.current(c.Open[i].Agreement.ID) && i+step >= 0 && i+step < len(c.Open) {
			return c.Open[i+step].Agreement.Partner.Code
		}
	}
	return ""
}

// progress is how far the bar reaches, in hundredths.
func (c ceremonyPage) progress() int {
	if c.all() == 0 {
		return 0
	}
	return 100 * len(c.Signed) / c.all()
}

func (c ceremonyPage) form() string {
	return "/ceremony/" + url.PathEscape(c.Now.Agreement.Partner.Code)
}

func (c ceremonyPage) current(a id.Agreement) bool { return c.Now != nil && c.Now.Agreement.ID == a }
