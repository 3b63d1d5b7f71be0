package renewal

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/web/frame"
)

// criteriaRows is how many criteria the form has room for.
const criteriaRows = 8

// criteriaPage lets an officer say what candidates are scored by.
type criteriaPage struct {
	frame.Page
	Rows     []criterionRow
	Proposed bool // the programme has none yet: what stands there is a proposal
	Fault    *fault.Fault
}

// criterionRow is a criterion as it stands in the form.
type criterionRow struct {
	Code, Weight string
	Name, Hint   programme.Words
}

func (w pages) criteria(out http.ResponseWriter, r *http.Request) error {
	return w.showCriteria(out, r, http.StatusOK, criteriaPage{})
}

func (w pages) showCriteria(out http.ResponseWriter, r *http.Request, status int, c criteriaPage) error {
	p, err := w.Read(r, "candidates", func(tx *db.Tx, p *frame.Page) error {
		if c.Rows != nil {
			return nil
		}
		all, err := agreement.Criteria(r.Context(), tx, p.Programme.ID)
		if c.Proposed = len(all) == 0; c.Proposed {
			all = agreement.StandardCriteria()
		}
		for _, k := range all {
			c.Rows = append(c.Rows, criterionRow{k.Code, strconv.FormatInt(k.Weight, 10), k.Name, k.Hint})
		}
		return err
	})
	if err != nil {
		return err
	}
	for room := min(len(c.Rows)+2, criteriaRows); len(c.Rows) < room; {
		c.Rows = append(c.Rows, criterionRow{})
	}
	p.Title = p.T("candidates.criteria")
	p.Path = []frame.Crumb{{Label: p.T("menu.candidates"), Href: p.Link("/candidates", "year", "")}, {Label: p.Title}}
	p.Year, p.AsOf = 0, ""
	c.Page = p
	return w.RenderStatus(out, r, status, criteriaTempl(c))
}

// setCriteria saves the whole form; a row without words is left out.
func (w pages) setCriteria(out http.ResponseWriter, r *http.Request) error {
	p, err := w.Read(r, "candidates", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "fault.invalid", nil)
	}
	rows, all := criteriaOf(r.PostForm)
	err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error {
		return agreement.SetCriteria(r.Context(), tx, p.Actor, p.Programme.ID, all)
	})
	if fault.Is(err, fault.KindInvalid) || fault.Is(err, fault.KindConflict) {
		f := fault.Of(err)
		return w.showCriteria(out, r, serve.Status(f.Kind), criteriaPage{Rows: rows, Fault: f})
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/candidates", "done", "criteria"), http.StatusSeeOther)
	return nil
}

// criteriaOf reads the form: the rows as they were typed, and the criteria that they are. A row without a code gets one by its place; a
// weight that is no number is 0, which is refused at its field.
func criteriaOf(form url.Values) (rows []criterionRow, all []agreement.Criterion) {
	words := func(name, at string) programme.Words {
		of := func(l string) string { return strings.TrimSpace(form.Get(name + "." + l + "." + at)) }
		return programme.Words{NL: of("nl"), EN: of("en"), FR: of("fr")}
	}
	for i := range criteriaRows {
		at := strconv.Itoa(i)
		row := criterionRow{form.Get("code." + at), strings.TrimSpace(form.Get("weight." + at)), words("name", at), words("hint", at)}
		if row.Weight == "" && row.Name == (programme.Words{}) && row.Hint == (programme.Words{}) {
			continue
		}
		if row.Code == "" {
			row.Code = "c" + strconv.Itoa(i+1)
			for slices.ContainsFunc(rows, func(x criterionRow) bool { return x.Code == row.Code }) {
				row.Code += "x"
			}
		}
		weight, err := strconv.ParseInt(row.Weight, 10, 64)
		if err != nil {
			weight = 0
		}
		rows = append(rows, row)
		all = append(all, agreement.Criterion{Code: row.Code, Weight: weight, Name: row.Name, Hint: row.Hint})
	}
	return rows, all
}

// at is what is wrong with a field of a row; whole is what is wrong with none of them.
func (c criteriaPage) at(row criterionRow, field string) string {
	if c.Fault == nil || row.Code == "" {
		return ""
	}
	for _, f := range c.Fault.All() {
		if f.Field == row.Code+"."+field {
			return f.Say(c.Language)
		}
	}
	return ""
}

func (c criteriaPage) whole() string {
	if c.Fault == nil || c.Fault.Field != "" || len(c.Fault.Many) > 0 {
		return ""
	}
	return c.Fault.Say(c.Language)
}

func (c criteriaPage) answer() string {
	n := 0
	for _, row := range c.Rows {
		if row.Code != "" {
			n++
		}
	}
	if c.Proposed {
		return c.T("candidates.criteria_proposed", "n", n)
	}
	return c.T("candidates.criteria_answer", "n", n)
}

// wordsLabel names a field of words with its language.
func (c criteriaPage) wordsLabel(name, language string) string {
	if name == "hint" {
		return c.T("candidates.criteria_hint", "language", strings.ToUpper(language))
	}
	return c.T("candidates.criteria_name", "language", strings.ToUpper(language))
}
