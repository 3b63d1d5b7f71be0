// Package negotiation holds the pages on which an agreement is written, compared, talked about and accepted by both sides.
package negotiation

import (
	"net/http"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/draft"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/web/frame"
)

// pages answers the addresses of Routes.
type pages struct {
	*frame.Web
}

// Routes is every address of the package.
func Routes(w *frame.Web) []serve.Route {
	p := pages{w}
	return []serve.Route{
		{Method: "GET", Pattern: "/coverage", Verb: "agreement.read", Handle: p.coverage},
		{Method: "GET", Pattern: "/agreements/{partner}/document", Verb: "agreement.read", Handle: p.document},
		{Method: "GET", Pattern: "/agreements/{partner}/negotiation", Verb: "agreement.read", Handle: p.negotiation},
		{Method: "POST", Pattern: "/agreements/{partner}/negotiation/{verb}", Verb: "agreement.read", Handle: p.act},
		{Method: "GET", Pattern: "/agreements/{partner}/edit", Verb: "draft.save", Handle: p.editor},
		{Method: "POST", Pattern: "/agreements/{partner}/edit", Verb: "draft.save", Handle: p.save},
		{Method: "POST", Pattern: "/agreements/{partner}/autosave", Verb: "draft.save", Handle: p.autosave},
		{Method: "GET", Pattern: "/agreements/{partner}/merge", Verb: "draft.save", Handle: p.merge},
		{Method: "POST", Pattern: "/agreements/{partner}/merge", Verb: "draft.save", Handle: p.resolve},
	}
}

// table is what every page here knows: the agreement, its versions, and for which side the reader speaks.
type table struct {
	frame.Page
	A        agreement.Agreement
	Setting  agreement.Setting
	Versions []agreement.Version
	Standing agreement.Standing
	Side     agreement.Side
	Writes   bool // the reader negotiates
}

// sit reads the table of the agreement that the address names.
func (w pages) sit(r *http.Request, tx *db.Tx, p *frame.Page) (t table, err error) {
	ctx := r.Context()
	t.A, err = agreement.ByPartner(ctx, tx, p.Actor.ScopeFor("agreement.read"), p.Programme.ID, r.PathValue("partner"))
	if err != nil {
		return t, err
	}
	if t.Setting, err = settlement.SettingFor(ctx, tx, p.Programme, t.A); err != nil {
		return t, err
	}
	if t.Versions, err = agreement.Versions(ctx, tx, p.Programme.ID, t.A.ID); err != nil {
		return t, err
	}
	t.Standing = t.A.Standing(t.Versions)
	t.Side, _ = agreement.SideOf(p.Actor, t.A) // an auditor of no side only reads
	t.Writes = p.Actor.Can("draft.save", access.Subject{Kind: "draft", Partner: t.A.Partner.ID})
	return t, nil
}

// desk is the working copy of the reader's side.
func (w pages) desk(r *http.Request, tx *db.Tx, p *frame.Page) (table, draft.Desk, error) {
	t, err := w.sit(r, tx, p)
	if err != nil {
		return t, draft.Desk{}, err
	}
	d, err := draft.Open(r.Context(), tx, p.Actor, &t.Setting, t.A)
	return t, d, err
}

// amends tells whether the newest version changes an agreement that was signed.
func (t table) amends() bool {
	return (t.A.State == agreement.Signed || t.A.State == agreement.Active) && t.Standing.Last.N > t.A.Version
}

// at is a page below the agreement's own.
func (t table) at(page string) string { return "/agreements/" + t.A.Partner.Code + "/" + page }

// name is how a side is called in sentences.
func (t table) name(s agreement.Side) string {
	if s == agreement.OfAgency {
		return t.Setting.Agency.Label()
	}
	return t.A.Partner.Label()
}

// crumbs are the path to a page below the agreement.
func (t *table) crumbs(title string) {
	t.Title = t.A.Partner.Label() + " · " + title
	t.Path = []frame.Crumb{{Label: t.T("menu.agreements"), Href: t.Link("/agreements")},
		{Label: t.A.Partner.Label(), Href: t.Link("/agreements/" + t.A.Partner.Code)}, {Label: title}}
}

// version is the number in a query parameter; otherwise when there is none.
func version(r *http.Request, name string, otherwise int) (int, error) {
	v := r.URL.Query().Get(name)
	if v == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 {
		return 0, frame.BadFilter(name, v)
	}
	return n, nil
}
