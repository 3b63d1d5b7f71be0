package negotiation

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/draft"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// editorPage is the working copy of the reader's side as a form.
type editorPage struct {
	table
	Draft  draft.Draft
	Doc    agreement.Document
	Typed  url.Values // what came with a form at fault
	Faults map[string]string
	Shown  int // faults that stand at a field of the form
	Saved  string
}

func (w pages) editor(out http.ResponseWriter, r *http.Request) error {
	return w.showEditor(out, r, http.StatusOK, nil, nil)
}

func (w pages) showEditor(out http.ResponseWriter, r *http.Request, status int, typed url.Values, wrong []error) error {
	var c editorPage
	var bounds error // what an amendment cannot change
	p, err := w.Read(r, "agreements", func(tx *db.Tx, p *frame.Page) error {
		t, desk, err := w.desk(r, tx, p)
		if err != nil {
			return err
		}
		c.table = t
		if c.Draft, err = desk.Current(r.Context(), tx); err != nil {
			return err
		}
		c.Doc = c.Draft.Document
		bounds = agreement.CheckAmends(r.Context(), tx, &c.Setting, c.A, &c.Doc)
		if fault.Is(bounds, fault.KindInvalid) {
			return nil
		}
		return bounds
	})
	if err != nil {
		return err
	}
	c.Page, c.Typed = p, typed
	c.faults(append(wrong, c.Doc.Check(&c.Setting), bounds))
	c.crumbs(c.T("negotiation.editor"))
	c.Path[2] = frame.Crumb{Label: c.T("negotiation.title"), Href: c.Link(c.at("negotiation"))}
	c.Path = append(c.Path, frame.Crumb{Label: c.T("negotiation.editor")})
	if done := r.URL.Query().Get("done"); done != "" {
		c.Notice = doneWords(p, done)
	}
	return w.RenderStatus(out, r, status, editorTempl(c))
}

func (c editorPage) answer() string {
	if c.Doc.Amends > 0 {
		return c.T("negotiation.editor_amends", "n", c.Standing.Last.N+1, "partner", c.A.Partner.Label())
	}
	return c.T("negotiation.editor_answer", "n", c.Standing.Last.N+1)
}

func (c editorPage) lede() string {
	if c.Doc.Amends > 0 {
		return c.T("negotiation.editor_amends_lede", "side", c.name(c.Side), "n", c.A.Version)
	}
	return c.T("negotiation.editor_lede", "side", c.name(c.Side))
}

// faults are kept by their field; the first one of a field counts.
func (c *editorPage) faults(all []error) {
	c.Faults = map[string]string{}
	f := fault.Of(fault.Join(all...))
	if f == nil {
		return
	}
	for _, x := range f.All() {
		if c.Faults[x.Field] == "" {
			c.Faults[x.Field] = x.Say(c.Language)
		}
	}
}

// wrongFields are the fields with a fault, in an order that stays.
func (c editorPage) wrongFields() []string { return slices.Sorted(maps.Keys(c.Faults)) }

// value is what a field shows: what was typed, where it could not be taken, else what is kept.
func (c editorPage) value(field, kept string) string {
	if typed, has := c.Typed[field]; has && c.Faults[field] != "" {
		return typed[0]
	}
	return kept
}

// percent is a share as the form has it, in per cents.
func percent(bp int64) string { return strings.TrimSuffix(money.Amount(bp).String(), ".00") }

// goals and objectives are choices of the form.
func (c editorPage) goals(chosen string) []frame.Option {
	all := []frame.Option{{Value: "", Label: c.T("negotiation.choose")}}
	for _, g := range c.Setting.Goals {
		all = append(all, frame.Option{Value: g.Code, Label: c.Of(g.Name), Chosen: g.Code == chosen})
	}
	return all
}

func (c editorPage) objectives(chosen string) []frame.Option {
	all := []frame.Option{{Value: "", Label: c.T("negotiation.choose")}}
	for _, o := range c.Doc.Objectives {
		label := o.Words.In(c.Doc.Language)
		if label == "" {
			label = o.Code
		}
		all = append(all, frame.Option{Value: o.Code, Label: label, Chosen: o.Code == chosen})
	}
	return all
}

func (c editorPage) rules(chosen string) []frame.Option {
	var all []frame.Option
	for _, rule := range []string{"level", "progress", "hold"} {
		all = append(all, frame.Option{Value: rule, Label: c.T(text.Key("kpi.rule." + rule)), Chosen: rule == chosen})
	}
	return all
}

// unassigned are the KPIs of the programme that the document does not have yet.
func (c editorPage) unassigned() []frame.Option {
	var all []frame.Option
	for _, k := range c.Setting.Indicators {
		if _, has := c.Doc.KPI(k.Code); !has {
			all = append(all, frame.Option{Value: k.Code, Label: c.Of(k.Name)})
		}
	}
	return all
}

func (c editorPage) sides(chosen agreement.Side) []frame.Option {
	var all []frame.Option
	for _, s := range []agreement.Side{agreement.OfAgency, agreement.OfPartner} {
		all = append(all, frame.Option{Value: string(s), Label: c.name(s), Chosen: s == chosen})
	}
	return all
}

// behind tells whether the table holds a version that the working copy has not taken in.
func (c editorPage) behind() bool { return c.Draft.BaseN < c.Standing.Last.N }

func (c editorPage) savedWords() string {
	if c.Draft.Revision == 0 || c.Draft.SavedAt == "" {
		return c.T("negotiation.not_saved_yet")
	}
	return c.T("negotiation.saved_by", "who", c.Draft.Name, "on", c.Draft.SavedAt.Date(), "time", clock(c.Draft.SavedAt))
}

func clock(t db.Time) string { return t.Time().In(text.Zone()).Format("15:04") }

// save keeps the form, does what its button asks, and shows it again. What cannot be read comes back at its field; the rest is kept.
func (w pages) save(out http.ResponseWriter, r *http.Request) error {
	s, wrong, err := w.keep(r)
	if err != nil {
		return err
	}
	path := "/agreements/" + r.PathValue("partner") + "/"
	switch {
	case s.Aside > 0:
		http.Redirect(out, r, frame.To(r, path+"merge", "aside", strconv.Itoa(s.Aside)), http.StatusSeeOther)
	case len(wrong) > 0:
		return w.showEditor(out, r, serve.Status(fault.KindInvalid), r.PostForm, wrong)
	case r.PostFormValue("do") == "propose":
		return w.proposeSaved(out, r, s)
	default:
		done := "saved"
		if s.Merged {
			done = "merged"
		}
		http.Redirect(out, r, frame.To(r, path+"edit", "done", done)+doAnchor(r.PostFormValue("do")), http.StatusSeeOther)
	}
	return nil
}

// proposeSaved puts what was just saved on the table. What no version may say comes back at its field, in the working copy that holds it.
func (w pages) proposeSaved(out http.ResponseWriter, r *http.Request, s draft.Saved) error {
	if s.Merged { // its writer has not read what somebody else changed
		http.Redirect(out, r, frame.To(r, "/agreements/"+r.PathValue("partner")+"/edit", "done", "merged"), http.StatusSeeOther)
		return nil
	}
	r.PostForm.Set("revision", strconv.Itoa(s.Revision))
	t, err := w.attempt(r, "propose")
	switch {
	case fault.Is(err, fault.KindInvalid):
		return w.showEditor(out, r, serve.Status(fault.KindInvalid), r.PostForm, []error{err})
	case fault.Is(err, fault.KindConflict):
		return w.showNegotiation(out, r, serve.Status(fault.KindConflict), negotiationPage{Verb: "propose", Typed: r.PostFormValue("words"), Fault: fault.Of(err)})
	case err != nil:
		return err
	}
	http.Redirect(out, r, frame.To(r, t.at("negotiation"), "done", "propose"), http.StatusSeeOther)
	return nil
}

// keep reads the form and saves it within the desk.
func (w pages) keep(r *http.Request) (s draft.Saved, wrong []error, err error) {
	if err := r.ParseForm(); err != nil {
		return s, nil, fault.Invalid("", "negotiation.form", nil)
	}
	p, err := w.Read(r, "agreements", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return s, nil, err
	}
	err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error {
		t, desk, err := w.desk(r, tx, &p)
		if err != nil {
			return err
		}
		if r.PostFormValue("do") == "take-in" {
			s, err = desk.TakeIn(r.Context(), tx, p.Actor)
			return err
		}
		cur, err := desk.Current(r.Context(), tx)
		if err != nil {
			return err
		}
		f := form{values: r.PostForm, setting: &t.Setting}
		sheet := draft.Sheet{Document: f.document(cur.Document), Revision: f.int("revision"), BaseN: f.int("base")}
		f.do(&sheet.Document, r.PostFormValue("do"))
		wrong = f.wrong
		s, err = desk.Save(r.Context(), tx, p.Actor, sheet)
		return err
	})
	return s, wrong, err
}

// autosave is save for the script of the page: it answers in a few words.
func (w pages) autosave(out http.ResponseWriter, r *http.Request) error {
	s, wrong, err := w.keep(r)
	if err != nil {
		return err
	}
	l := serve.Of(r).Language
	answer := map[string]any{"revision": s.Before, "words": l.Say("negotiation.autosaved", text.Args{"time": clock(s.SavedAt)})}
	path := "/agreements/" + r.PathValue("partner") + "/"
	switch {
	case s.Aside > 0:
		answer["words"] = l.Say("negotiation.autosave_clash", nil)
		answer["link"], answer["say"] = frame.To(r, path+"merge", "aside", strconv.Itoa(s.Aside)), l.Say("negotiation.choose_now", nil)
	case s.Merged:
		answer["words"] = l.Say("negotiation.autosave_merged", nil)
		answer["link"], answer["say"] = frame.To(r, path+"edit"), l.Say("negotiation.see_it", nil)
	case len(wrong) > 0:
		answer["words"] = l.Say("negotiation.autosave_but", text.Args{"why": fault.Of(wrong[0]).Say(l)})
	}
	out.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(out).Encode(answer)
}

// doAnchor is where the page opens again after a button that moved something.
func doAnchor(do string) string {
	verb, code, _ := strings.Cut(do, ":")
	list, _, _ := strings.Cut(verb, ".")
	switch {
	case do == "" || do == "take-in":
		return ""
	case strings.HasSuffix(verb, ".up") || strings.HasSuffix(verb, ".down"):
		return "#" + anchor(list+"."+code)
	}
	return "#" + list + "s"
}

// rows is the height of a text's field.
func rows(s string) string {
	const width, least, most = 90, 2, 14
	return strconv.Itoa(min(max(len(s)/width+strings.Count(s, "\n")+1, least), most))
}

func wordsIn(o agreement.Aim, l text.Language) string {
	switch l {
	case text.NL:
		return o.Words.NL
	case text.FR:
		return o.Words.FR
	}
	return o.Words.EN
}

// ceiling is a year's ceiling as the form has it.
func (c editorPage) ceiling(y period.Year) string {
	a, _ := c.Doc.Ceiling(y)
	return a.String()
}
