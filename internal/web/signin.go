package web

import (
	"net/http"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// signInForm is what the sign-in page shows: what was typed, what was wrong, and in the demo a button for each role.
type signInForm struct {
	frame.Page
	Email string
	To    string
	Fault *fault.Fault
	Roles []access.DemoPerson
}

func (w *Web) signInPage(out http.ResponseWriter, r *http.Request) error {
	return w.showSignIn(out, r, http.StatusOK, signInForm{To: localPath(r.URL.Query().Get("to"))})
}

func (w *Web) showSignIn(out http.ResponseWriter, r *http.Request, status int, f signInForm) error {
	f.Page = w.BarePage(r, "sign-in")
	err := w.DB.Read(r.Context(), func(tx *db.Tx) error {
		g, err := programme.Current(r.Context(), tx, "")
		if fault.Is(err, fault.KindMissing) {
			return nil // a new house without a programme still has a door
		}
		if err != nil {
			return err
		}
		f.Programme = g
		if w.Demo {
			f.Roles, err = access.DemoPeople(r.Context(), tx, g.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	f.Title = f.T("signin.title")
	return w.RenderStatus(out, r, status, signInTempl(f))
}

func (w *Web) signIn(out http.ResponseWriter, r *http.Request) error {
	email := strings.TrimSpace(r.PostFormValue("email"))
	to := localPath(r.PostFormValue("to"))
	actor, err := access.SignIn(r.Context(), w.DB, w.hasher, email, r.PostFormValue("password"), frame.ClientAddress(r))
	if err != nil {
		f := fault.Of(err)
		if f.Kind != fault.KindInvalid && f.Kind != fault.KindUnavailable {
			return err
		}
		return w.showSignIn(out, r, serve.Status(f.Kind), signInForm{Email: email, To: to, Fault: f})
	}
	if err := serve.SignIn(r.Context(), w.sessions, actor.ID); err != nil {
		return err
	}
	http.Redirect(out, r, to, http.StatusSeeOther)
	return nil
}

// demoSignIn signs in as one of the demo's invented people; it exists only where the demo is served.
func (w *Web) demoSignIn(out http.ResponseWriter, r *http.Request) error {
	if !w.Demo {
		return fault.Missing("serve.no_page", nil)
	}
	person, err := id.Parse[id.Person](r.PostFormValue("person"))
	if err != nil {
		return fault.Invalid("person", "web.bad_filter", text.Args{"found": r.PostFormValue("person")})
	}
	err = w.DB.Read(r.Context(), func(tx *db.Tx) error {
		g, err := programme.Current(r.Context(), tx, "")
		if err != nil {
			return err
		}
		people, err := access.DemoPeople(r.Context(), tx, g.ID)
		if err != nil {
			return err
		}
		for _, p := range people {
			if p.ID == person && g.Invented {
				return nil
			}
		}
		return fault.Missing("signin.nobody", nil)
	})
	if err != nil {
		return err
	}
	if err := serve.SignIn(r.Context(), w.sessions, person); err != nil {
		return err
	}
	http.Redirect(out, r, localPath(r.PostFormValue("to")), http.StatusSeeOther)
	return nil
}

func (w *Web) signOut(out http.ResponseWriter, r *http.Request) error {
	if err := serve.SignOut(r.Context(), w.sessions); err != nil {
		return err
	}
	http.Redirect(out, r, "/sign-in", http.StatusSeeOther)
	return nil
}

// localPath keeps a redirect inside the house.
func localPath(to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, "/\\") || strings.HasPrefix(to, "/sign-") {
		return "/"
	}
	return to
}

// demoSide is the people of the demo on one side of the table.
type demoSide struct {
	Label  string
	People []access.DemoPerson
}

func demoSides(f signInForm) []demoSide {
	agency := demoSide{Label: f.T("signin.side_agency")}
	partner := demoSide{Label: f.T("signin.side_partner")}
	other := demoSide{Label: f.T("signin.side_other")}
	for _, who := range f.Roles {
		switch who.Role {
		case access.Coordinator, access.Finance, access.Member:
			partner.People = append(partner.People, who)
		case access.Auditor, access.CompanyContact:
			other.People = append(other.People, who)
		default:
			agency.People = append(agency.People, who)
		}
	}
	return []demoSide{agency, partner, other}
}

func roleKey(r access.Role) text.Key { return text.Key("role." + string(r)) }

func roleDoes(r access.Role) text.Key { return text.Key("role.does." + string(r)) }
