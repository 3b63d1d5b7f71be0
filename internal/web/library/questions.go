package library

import (
	"net/http"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/knowledge"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

const questionsShown = 200

// questionsPage lists the questions to all partners.
type questionsPage struct {
	frame.Page
	Open, Closed []knowledge.Question
}

func (w pages) questions(out http.ResponseWriter, r *http.Request) error {
	var c questionsPage
	p, err := w.Read(r, "questions", func(tx *db.Tx, p *frame.Page) (err error) {
		if c.Open, err = knowledge.Questions(r.Context(), tx, p.Actor, p.Programme.ID, "open", questionsShown); err != nil {
			return err
		}
		c.Closed, err = knowledge.Questions(r.Context(), tx, p.Actor, p.Programme.ID, "closed", questionsShown)
		return err
	})
	if err != nil {
		return err
	}
	p.Title = p.T("menu.questions")
	p.Path = []frame.Crumb{{Label: p.Title}}
	p.Year, p.AsOf = 0, ""
	c.Page = p
	return w.Render(out, r, questionsTempl(c))
}

func (c questionsPage) answer() string {
	waiting := 0
	for _, q := range c.Open {
		if q.Answers == 0 {
			waiting++
		}
	}
	return c.T("questions.answer", "n", len(c.Open), "waiting", waiting)
}

// askPage is the form of a question, with what may answer it already.
type askPage struct {
	frame.Page
	form
	Orgs      []programme.Organisation
	Sectors   []string
	Suggested []knowledge.Item
}

func (w pages) newQuestion(out http.ResponseWriter, r *http.Request) error {
	return w.showAsk(out, r, http.StatusOK, form{}, nil)
}

func (w pages) showAsk(out http.ResponseWriter, r *http.Request, status int, f form, suggested []knowledge.Item) error {
	c := askPage{form: f, Suggested: suggested}
	p, err := w.Read(r, "questions", func(tx *db.Tx, p *frame.Page) (err error) {
		if c.Orgs, err = writers(r, tx, p); err != nil {
			return err
		}
		if len(c.Orgs) == 0 {
			return fault.Denied("access.own_only", text.Args{"verb": access.VerbName("question.ask").Key()})
		}
		c.Sectors, err = w.sectors(r, tx, p)
		return err
	})
	if err != nil {
		return err
	}
	p.Title = p.T("questions.ask")
	p.Path = []frame.Crumb{{Label: p.T("menu.questions"), Href: p.Link("/questions", "year", "")}, {Label: p.Title}}
	p.Year, p.AsOf = 0, ""
	c.Page = p
	return w.RenderStatus(out, r, status, askTempl(c))
}

// ask first shows what the library may already answer; asked again, the question goes out.
func (w pages) ask(out http.ResponseWriter, r *http.Request) error {
	if r.ParseForm() != nil {
		return fault.Invalid("", "fault.invalid", nil)
	}
	p, err := w.within(r, "questions")
	if err != nil {
		return err
	}
	v := r.PostForm
	markets, err := countries(v.Get("markets"))
	q := knowledge.Question{Organisation: inNameOf(r, knowledge.Writes(p.Actor)), Language: p.Language, Title: strings.TrimSpace(v.Get("title")),
		Body: strings.TrimSpace(v.Get("body")), Markets: markets, Sectors: v["sectors"]}
	var suggested []knowledge.Item
	if err == nil && v.Get("looked") == "" {
		err = w.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
			suggested, err = knowledge.Suggest(r.Context(), tx, p.Actor, p.Programme.ID, q.Language, q.Title, q.Body, q.Markets, q.Sectors)
			return err
		})
		if err == nil && len(suggested) > 0 && q.Title != "" {
			return w.showAsk(out, r, http.StatusOK, form{Typed: v}, suggested)
		}
	}
	if err == nil {
		err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error {
			q, err = knowledge.Ask(r.Context(), tx, p.Actor, p.Programme.ID, q)
			return err
		})
	}
	if refused(err) {
		f := form{Typed: v, Fault: fault.Of(err)}
		return w.showAsk(out, r, serve.Status(f.Fault.Kind), f, nil)
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/questions/"+string(q.ID), "done", "ask"), http.StatusSeeOther)
	return nil
}

// questionPage is one question with its answers.
type questionPage struct {
	frame.Page
	form
	Q         knowledge.Question
	Answers   []knowledge.Answer
	Orgs      []programme.Organisation
	Suggested []knowledge.Item
}

func (w pages) question(out http.ResponseWriter, r *http.Request) error {
	return w.showQuestion(out, r, http.StatusOK, form{})
}

func (w pages) showQuestion(out http.ResponseWriter, r *http.Request, status int, f form) error {
	c := questionPage{form: f}
	p, err := w.Read(r, "questions", func(tx *db.Tx, p *frame.Page) error {
		asked, err := questionOf(r)
		if err != nil {
			return err
		}
		ctx, g := r.Context(), p.Programme.ID
		if c.Q, err = knowledge.LoadQuestion(ctx, tx, p.Actor, g, asked); err != nil {
			return err
		}
		if c.Answers, err = knowledge.Answers(ctx, tx, p.Actor, g, c.Q); err != nil {
			return err
		}
		if c.Orgs, err = writers(r, tx, p); err != nil {
			return err
		}
		c.Suggested, err = knowledge.Suggest(ctx, tx, p.Actor, g, c.Q.Language, c.Q.Title, c.Q.Body, c.Q.Markets, c.Q.Sectors)
		return err
	})
	if err != nil {
		return err
	}
	p.Title = c.Q.Title
	p.Path = []frame.Crumb{{Label: p.T("menu.questions"), Href: p.Link("/questions", "year", "")}, {Label: c.Q.Label}}
	p.Year, p.AsOf = 0, ""
	if done := r.URL.Query().Get("done"); f.Fault == nil && p.Language.Has(text.Key("questions.done."+done)) {
		p.Notice = p.T(text.Key("questions.done." + done))
	}
	c.Page = p
	return w.RenderStatus(out, r, status, questionTempl(c))
}

func (c questionPage) answers() bool {
	return c.Actor.Can("question.answer", c.Q.Subject()) && len(c.Orgs) > 0
}

// moves tells whether the reader may close or reopen the question.
func (c questionPage) moves(verb access.VerbName) bool {
	return c.Actor.Can(verb, c.Q.Subject()) && slices.Contains(knowledge.Writes(c.Actor), c.Q.Organisation)
}

func (c questionPage) action(verb string) string {
	return c.Action("/questions/" + string(c.Q.ID) + "/" + verb)
}

// answer answers, closes or reopens a question.
func (w pages) answer(out http.ResponseWriter, r *http.Request) error {
	asked, err := questionOf(r)
	if err != nil {
		return err
	}
	if r.ParseForm() != nil {
		return fault.Invalid("", "fault.invalid", nil)
	}
	p, err := w.within(r, "questions")
	if err != nil {
		return err
	}
	verb, by, g := r.PathValue("verb"), p.Actor, p.Programme.ID
	do := map[string]func(*db.Tx) error{
		"answer": func(tx *db.Tx) error {
			item, err := namedItem(r.PostForm.Get("item"))
			if err != nil {
				return err
			}
			return knowledge.Reply(r.Context(), tx, by, g, asked, inNameOf(r, knowledge.Writes(by)), r.PostForm.Get("body"), item)
		},
		"close":  func(tx *db.Tx) error { return knowledge.MoveQuestion(r.Context(), tx, by, g, asked, "question.close") },
		"reopen": func(tx *db.Tx) error { return knowledge.MoveQuestion(r.Context(), tx, by, g, asked, "question.reopen") },
	}[verb]
	if do == nil {
		return fault.Missing("serve.no_page", nil)
	}
	err = w.DB.Write(r.Context(), g, do)
	if refused(err) {
		f := form{Typed: r.PostForm, Fault: fault.Of(err)}
		return w.showQuestion(out, r, serve.Status(f.Fault.Kind), f)
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/questions/"+string(asked), "done", verb), http.StatusSeeOther)
	return nil
}

// namedItem reads which item of the library an answer names: its address as copied from the page, or its identity.
func namedItem(s string) (id.Knowledge, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", nil
	}
	if _, after, found := strings.Cut(s, "/knowledge/"); found {
		s, _, _ = strings.Cut(after, "?")
	}
	i, err := id.Parse[id.Knowledge](s)
	if err != nil {
		return "", fault.Invalid("item", "questions.want_item", nil)
	}
	return i, nil
}
