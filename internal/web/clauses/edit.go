package clauses

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/template"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// editPage is a clause in three languages side by side, with how each reads.
type editPage struct {
	frame.Page
	All     template.Template
	Number  string          // where it stands, or behind which one a new one comes
	New     bool            // it is not there yet
	Gone    bool            // it was taken out while somebody wrote
	Behind  string          // of a new one: the code in front of it
	Was     template.Clause // the words that the writer started from
	Clause  template.Clause // as typed, or as it is
	Edited  template.Edited // what clashed
	Faults  map[string]string
	Names   template.Names
	Differ  []template.Difference
	setting agreement.Setting
}

// form is what was sent: the clause as typed, and the words that its writer started from.
func form(v url.Values) (typed, was template.Clause) {
	words := func(name string) programme.Words {
		return programme.Words{NL: v.Get(name + ".nl"), EN: v.Get(name + ".en"), FR: v.Get(name + ".fr")}
	}
	level := func(name string) int {
		n, err := strconv.Atoi(v.Get(name))
		if err != nil {
			return 0 // which is refused at its field
		}
		return n
	}
	typed = template.Clause{Code: strings.TrimSpace(v.Get("code")), Level: level("level"), Title: words("title"), Text: words("text")}
	was = template.Clause{Level: level("was.level"), Title: words("was.title"), Text: words("was.text")}
	return typed, was
}

func (w pages) edit(out http.ResponseWriter, r *http.Request) error {
	return w.show(out, r, http.StatusOK, editPage{}, nil)
}

// save gives a clause the words that were typed; what two people wrote in the same place comes back with both. A clause that somebody took out
// in the meantime comes back as a new one, with all that was typed.
func (w pages) save(out http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "fault.invalid", nil)
	}
	typed, was := form(r.PostForm)
	typed.Code, was.Code = r.PathValue("clause"), r.PathValue("clause")
	c := editPage{Clause: typed, Was: was}
	if r.PostFormValue("do") == "try" {
		return w.show(out, r, http.StatusOK, c, nil)
	}
	p, err := w.Read(r, "clauses", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) (err error) {
		c.Edited, err = template.Edit(r.Context(), tx, p.Actor, p.Programme, was, typed)
		return err
	})
	switch {
	case fault.Is(err, fault.KindInvalid):
		return w.show(out, r, serve.Status(fault.KindInvalid), c, err)
	case fault.Is(err, fault.KindMissing) && typed.Title != (programme.Words{}):
		c.New, c.Gone = true, true
		return w.show(out, r, serve.Status(fault.KindConflict), c, nil)
	case err != nil:
		return err
	case len(c.Edited.Clashes) > 0:
		c.Clause, c.Was = c.Edited.Clause, c.Edited.Theirs // saved again, it stands by what it read here
		return w.show(out, r, serve.Status(fault.KindConflict), c, nil)
	}
	done := "saved"
	if c.Edited.Merged {
		done = "merged"
	}
	http.Redirect(out, r, frame.To(r, "/clauses", "done", done)+"#clause."+was.Code, http.StatusSeeOther)
	return nil
}

func (w pages) behind(out http.ResponseWriter, r *http.Request) error {
	return w.show(out, r, http.StatusOK, editPage{New: true, Clause: template.Clause{Level: 2}}, nil)
}

// add puts a new clause behind another.
func (w pages) add(out http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "fault.invalid", nil)
	}
	typed, _ := form(r.PostForm)
	c := editPage{New: true, Clause: typed}
	if r.PostFormValue("do") == "try" {
		return w.show(out, r, http.StatusOK, c, nil)
	}
	p, err := w.Read(r, "clauses", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error {
		return template.Add(r.Context(), tx, p.Actor, p.Programme, r.PathValue("clause"), typed)
	})
	switch {
	case fault.Is(err, fault.KindInvalid) || fault.Is(err, fault.KindConflict):
		return w.show(out, r, serve.Status(fault.Of(err).Kind), c, err)
	case fault.Is(err, fault.KindMissing) && typed.Title != (programme.Words{}):
		c.Gone = true // the one in front was taken out
		return w.show(out, r, serve.Status(fault.KindConflict), c, nil)
	case err != nil:
		return err
	}
	http.Redirect(out, r, frame.To(r, "/clauses", "done", "added")+"#clause."+typed.Code, http.StatusSeeOther)
	return nil
}

func (w pages) show(out http.ResponseWriter, r *http.Request, status int, c editPage, wrong error) error {
	p, err := w.Read(r, "clauses", func(tx *db.Tx, p *frame.Page) error {
		return c.load(r.Context(), tx, p, r.PathValue("clause"), r.Method == http.MethodGet)
	})
	if err != nil {
		return err
	}
	c.Faults = map[string]string{}
	if wrong != nil {
		for _, f := range fault.Of(wrong).All() {
			if c.Faults[f.Field] == "" {
				c.Faults[f.Field] = f.Say(p.Language)
			}
		}
	}
	p.Title = p.T("clauses.one_title")
	p.Path = []frame.Crumb{{Label: p.T("menu.clauses"), Href: p.Link("/clauses", "year", "")}, {Label: p.Title}}
	p.Year, p.AsOf = 0, ""
	c.Page = p
	return w.RenderStatus(out, r, status, editTempl(c))
}

// load reads the template around the clause; asked says that nothing was typed yet.
func (c *editPage) load(ctx context.Context, tx *db.Tx, p *frame.Page, code string, asked bool) (err error) {
	if c.All, err = template.Open(ctx, tx, p.Actor, p.Programme.ID); err != nil {
		return err
	}
	if c.setting, err = agreement.LoadSetting(ctx, tx, p.Programme, nil); err != nil {
		return err
	}
	c.Names = template.NamesIn(p.Programme)
	at := c.All.Find(code)
	if at < 0 && (asked || !c.New) {
		return fault.Missing("template.clause_gone", nil)
	}
	if at < 0 { // somebody took it out: what was typed goes behind the last one
		at = len(c.All) - 1
	}
	c.Number = c.All.Numbers()[at]
	if c.New {
		c.Behind = c.All[at].Code
		return nil
	}
	if asked {
		c.Clause, c.Was = c.All[at], c.All[at]
	}
	d, err := template.Compare(ctx, tx, p.Actor.ScopeFor("agreement.read"), p.Programme.ID, c.All)
	c.Differ = d.By[code]
	return err
}

// written is the clause in one language.
type written struct {
	Language            text.Language
	Title, Text         string // as typed
	WasTitle, WasText   string
	TheirTitle, TheirTx string // what somebody else wrote in the same place
	TitleClash, TxClash bool
	ReadTitle, ReadText []piece
}

func (c editPage) languages() []written {
	var all []written
	of := func(w programme.Words, l text.Language) string {
		return map[text.Language]string{text.NL: w.NL, text.EN: w.EN, text.FR: w.FR}[l]
	}
	for _, l := range text.Languages() {
		example := template.Example(&c.setting, l)
		fields := example.Fields()
		x := written{Language: l, Title: of(c.Clause.Title, l), Text: of(c.Clause.Text, l), WasTitle: of(c.Was.Title, l), WasText: of(c.Was.Text, l),
			TitleClash: slices.Contains(c.Edited.Clashes, "title."+string(l)), TxClash: slices.Contains(c.Edited.Clashes, "text."+string(l)),
			TheirTitle: of(c.Edited.Theirs.Title, l), TheirTx: of(c.Edited.Theirs.Text, l)}
		x.ReadTitle, x.ReadText = read(x.Title, fields), read(x.Text, fields)
		all = append(all, x)
	}
	return all
}

// example is what a field stands for in the reader's language.
func (c editPage) example(name string) string {
	d := template.Example(&c.setting, c.Language)
	return d.Fields()[name]
}

func (c editPage) answer() string {
	if c.New {
		return c.T("clauses.new_answer", "n", c.Number)
	}
	return c.T("clauses.one_answer", "n", c.Number, "title", c.Of(c.All[c.All.Find(c.Clause.Code)].Title))
}

// action is where the form goes.
func (c editPage) action() string {
	if c.New {
		return c.Action("/clauses/" + c.Behind + "/after")
	}
	return c.Action("/clauses/" + c.Clause.Code)
}

// rows is the height of the text fields: the same in each language, so that they are read beside each other.
func (c editPage) rows() string {
	most := 4
	for _, s := range []string{c.Clause.Text.NL, c.Clause.Text.EN, c.Clause.Text.FR} {
		most = max(most, len(s)/38+strings.Count(s, "\n")+2)
	}
	return strconv.Itoa(min(most, 24))
}

func levelKey(l int) text.Key { return text.Key("negotiation.level_" + strconv.Itoa(l)) }

// told ties a field to the fault that stands above it.
func told(c editPage, field string) templ.Attributes {
	if c.Faults[field] == "" {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": "fault-" + field}
}
