package gaps

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/coordination/gap"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/knowledge"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/web/frame"
)

// cellPage is a market with a sector: what it is made of, and who is best placed to fill it.
type cellPage struct {
	frame.Page
	X          gap.Cell
	Priorities []gap.Priority // of the cell
	Activities []activity.Activity
	Questions  []knowledge.Question
	Best       []gap.Placed
	Wanted     []knowledge.Wanted // searches that found nothing
}

// asked is how many organisers are named as best placed.
const asked = 4

func (w pages) load(r *http.Request, tx *db.Tx, p *frame.Page) (cellPage, error) {
	market, sector := r.PathValue("market"), r.PathValue("sector")
	c := cellPage{X: gap.Cell{Market: market, Sector: sector}}
	if len(market) != 2 || strings.ToUpper(market) != market || p.Language.Country(market) == market || !activity.IsCode(sector) {
		return c, fault.Missing("gap.missing", nil)
	}
	seen, all, err := w.seen(r.Context(), tx, p)
	if err != nil {
		return c, err
	}
	for _, x := range gap.Cells(seen, "") {
		if x.Market == market && x.Sector == sector {
			c.X = x
		}
	}
	for i := range seen.Activities {
		if gap.Holds(&seen.Activities[i], market, sector, "") {
			c.Activities = append(c.Activities, seen.Activities[i])
		}
	}
	for _, q := range seen.Questions {
		if slices.Contains(q.Markets, market) && slices.Contains(q.Sectors, sector) {
			c.Questions = append(c.Questions, q)
		}
	}
	for _, x := range seen.Priorities {
		if x.Market == market && x.Sector == sector {
			c.Priorities = append(c.Priorities, x)
		}
	}
	c.Wanted = knowledge.Sum(seen.Searched(market, sector))
	c.Best = gap.Best(all, market, sector, asked)
	return c, nil
}

func (w pages) cell(out http.ResponseWriter, r *http.Request) error {
	var c cellPage
	p, err := w.Read(r, "gaps", func(tx *db.Tx, p *frame.Page) (err error) {
		c, err = w.load(r, tx, p)
		return err
	})
	if err != nil {
		return err
	}
	p.Title = p.SectorWord(c.X.Sector) + ", " + p.Language.Country(c.X.Market)
	p.Path = []frame.Crumb{{Label: p.T("menu.gaps"), Href: p.Link("/gaps")}, {Label: p.Title}}
	if done := r.URL.Query().Get("done"); done == "set" || done == "drop" {
		p.Notice = p.T(doneKey(done))
	}
	p.AsOf = ""
	c.Page = p
	return w.Render(out, r, cellTempl(c))
}

// ask puts the cell to all partners as a question, which names those best placed and why; it leads to the question.
func (w pages) ask(out http.ResponseWriter, r *http.Request) error {
	var c cellPage
	p, err := w.Read(r, "gaps", func(tx *db.Tx, p *frame.Page) (err error) {
		c, err = w.load(r, tx, p)
		return err
	})
	if err != nil {
		return err
	}
	c.Page = p
	q := knowledge.Question{Organisation: p.Own(), Language: p.Language, Title: c.question(), Body: c.body(), Markets: []string{c.X.Market},
		Sectors: []string{c.X.Sector}}
	if p.Agency() || q.Organisation == "" {
		q.Organisation = p.Programme.Agency
	}
	err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) (err error) {
		q, err = knowledge.Ask(r.Context(), tx, serve.Of(r).Actor, p.Programme.ID, q)
		return err
	})
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/questions/"+string(q.ID)), http.StatusSeeOther)
	return nil
}

func (w pages) set(out http.ResponseWriter, r *http.Request) error { return w.change(out, r, "set") }

func (w pages) drop(out http.ResponseWriter, r *http.Request) error { return w.change(out, r, "drop") }

// change sets or drops a priority of the strategy, and leads back to the cell.
func (w pages) change(out http.ResponseWriter, r *http.Request, verb string) error {
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "fault.invalid", nil)
	}
	p, err := w.Read(r, "gaps", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	x := gap.Priority{Market: r.PathValue("market"), Sector: r.PathValue("sector"), Need: r.PostForm.Get("need")}
	err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error {
		if verb == "drop" {
			return gap.Drop(r.Context(), tx, serve.Of(r).Actor, p.Programme.ID, x)
		}
		return gap.Set(r.Context(), tx, serve.Of(r).Actor, p.Programme.ID, x)
	})
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/gaps/"+url.PathEscape(x.Market)+"/"+url.PathEscape(x.Sector), "done", verb), http.StatusSeeOther)
	return nil
}

func (c cellPage) answer() string {
	args := []any{"sector", c.SectorWord(c.X.Sector), "market", c.Language.Country(c.X.Market), "year", c.Year, "n", c.X.Activities}
	return c.T("gaps.cell_answer", args...)
}

func (c cellPage) question() string {
	return c.T("gaps.ask_title", "sector", c.SectorWord(c.X.Sector), "market", c.Language.Country(c.X.Market), "year", c.Year)
}

// body is what the question says: how the cell stands, and who is best placed.
func (c cellPage) body() string {
	lines := []string{c.answer() + "."}
	if c.X.Priority {
		lines = append(lines, c.T("gaps.ask_priority"))
	}
	if len(c.Best) > 0 {
		lines = append(lines, c.T("gaps.ask_best"))
	}
	for _, x := range c.Best {
		lines = append(lines, "- "+x.Label+": "+c.why(x))
	}
	return strings.Join(lines, "\n")
}

// why is why an organiser is well placed.
func (c cellPage) why(x gap.Placed) string {
	if x.Both > 0 {
		return c.T("gaps.why_both", "n", x.Both)
	}
	return c.T("gaps.why_either", "market", x.Market, "sector", x.Sector)
}

func (c cellPage) needOf(x gap.Priority) string {
	if x.Need == "" {
		return c.T("gaps.any_need")
	}
	return c.NeedWord(x.Need)
}

// asks tells whether the reader puts the question.
func (c cellPage) asks() bool {
	o := c.Own()
	if c.Agency() || o == "" {
		o = c.Programme.Agency
	}
	return c.Actor.Can("question.ask", access.Subject{Kind: "question", Partner: o})
}
