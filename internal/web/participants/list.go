package participants

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/company"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// listPage is the list of an activity.
type listPage struct {
	frame.Page
	A      activity.Activity
	State  string // "": all
	Counts map[string]int
	List   frame.Listing
	Typed  string // lines that came back
	Reason string // that came back
	Verb   string // of the form that came back
	Faults []fault.Fault
}

func (w pages) list(out http.ResponseWriter, r *http.Request) error {
	return w.show(out, r, http.StatusOK, listPage{})
}

func (w pages) show(out http.ResponseWriter, r *http.Request, status int, c listPage) error {
	var rows []activity.Participant
	if c.State = r.URL.Query().Get("state"); c.State != "" && !slices.Contains(activity.ParticipationStates(), c.State) {
		return frame.BadFilter("state", c.State)
	}
	p, err := w.Read(r, "activities", func(tx *db.Tx, p *frame.Page) (err error) {
		ctx := r.Context()
		if c.A, err = activity.ByCode(ctx, tx, p.Actor.ScopeFor("activity.read"), p.Programme.ID, r.PathValue("code")); err != nil {
			return err
		}
		if err := p.Actor.May("registration.read", c.A.Registration("")); err != nil {
			return err
		}
		if c.Counts, err = activity.Counts(ctx, tx, p.Programme.ID, c.A.ID); err != nil {
			return err
		}
		rows, err = activity.Participations(ctx, tx, p.Programme.ID, c.A.ID, c.State, "", 0)
		return err
	})
	if err != nil {
		return err
	}
	p.Title = p.T("participants.title")
	p.Path = []frame.Crumb{{Label: p.T("activities.title"), Href: p.Link("/activities", "year", c.A.Starts.Year().String())},
		{Label: c.A.Title, Href: p.Link("/activities/" + c.A.Code)}, {Label: p.Title}}
	if done := r.URL.Query().Get("done"); slices.Contains(notices(), done) {
		p.Notice = p.T(text.Key("participants.done." + done))
	}
	p.Year, p.AsOf = 0, ""
	if r.Method != http.MethodGet {
		p.At("/activities/" + c.A.Code + "/participants")
	}
	c.Page = p
	t, err := frame.NewTable(p, "", c.columns(frame.FileAsked(r))...)
	if err != nil {
		return err
	}
	t.Sort(rows)
	if frame.FileAsked(r) {
		return t.File(out, "participants-"+c.A.Code, rows)
	}
	shown, next := t.Cut(rows, func(x activity.Participant) string { return string(x.ID) })
	c.List = t.Listing(p.Title, shown, next)
	return w.RenderStatus(out, r, status, listTempl(c))
}

func (c listPage) columns(file bool) []frame.Column[activity.Participant] {
	type o = activity.Participant
	p := c.Page
	number := func(x o) string {
		return company.Number{Scheme: company.SchemeBE, Value: x.CompanyNumber}.Show()
	}
	columns := []frame.Column[o]{
		{Key: "company", Head: p.T("participants.company"), Name: true, Text: func(x o) string { return x.CompanyName },
			Order: frame.ByText(func(x o) string { return x.CompanyName })},
		{Key: "number", Head: p.T("participants.number"), Quiet: true, Text: number, Order: frame.ByText(number)},
		{Key: "state", Head: p.T("activities.state"), Text: func(x o) string { return frame.StateWord(p, x.State) },
			Cell: func(x o) templ.Component { return frame.State(p, x.State) }, Order: frame.ByText(func(x o) string { return x.State })},
		{Key: "since", Head: p.T("participants.since"), Quiet: true, Text: func(x o) string { return string(x.RecordedOn) },
			Show: func(x o) string { return p.Language.ShortDateYear(string(x.RecordedOn)) }, Order: frame.By(func(x o) string { return string(x.RecordedOn) })},
	}
	if !file {
		columns = append(columns, frame.Column[o]{Key: "do", Head: p.T("participants.then"), Text: func(x o) string { return strings.Join(c.verbsOf(x.State), " ") },
			Cell: func(x o) templ.Component { return rowActs(c, x) }})
	}
	return columns
}

// lineVerbs are what a line may become.
func lineVerbs() []string { return []string{"confirm", "waitlist", "attend", "miss", "cancel"} }

// stepVerbs take the activity on.
func stepVerbs() []string {
	return []string{"publish", "hold", "report", "verify", "return", "postpone", "replan", "cancel"}
}

func notices() []string { return slices.Concat(stepVerbs(), []string{"enlist", "came", "answer"}) }

// verbsOf are what the reader may do to a line now.
func (c listPage) verbsOf(state string) []string {
	var out []string
	for _, v := range lineVerbs() {
		name := access.VerbName("registration." + v)
		door := v == "attend" || v == "miss"
		open := c.A.Coming() && !door || door && (c.A.State == activity.Published || c.lists() && !c.A.Coming())
		if c.begun() || !door {
			if open && c.Actor.Can(name, c.A.Registration(state)) {
				out = append(out, v)
			}
		}
	}
	return out
}

// begun tells whether the first day has come.
func (c listPage) begun() bool { return c.A.Starts <= c.Page.Today }

// lists tells whether the reader may add to the list.
func (c listPage) lists() bool {
	return c.Actor.Can("registration.request", c.A.Registration("")) && (c.A.Coming() || c.A.ListOpen())
}

// steps are the verbs that take the activity on, the next one first.
func (c listPage) steps() []string {
	var out []string
	for _, v := range stepVerbs() {
		if v == "hold" && !c.begun() || v == "publish" && c.A.Around != "" {
			continue
		}
		if c.Actor.Can(access.VerbName("activity."+v), c.A.Subject()) {
			out = append(out, v)
		}
	}
	return out
}

// reasoned tells whether a step asks for a reason.
func reasoned(verb string) bool { return verb == "cancel" || verb == "postpone" || verb == "return" }

func (c listPage) on() int {
	return c.Counts["requested"] + c.Counts["confirmed"] + c.Counts["waitlisted"] + c.Counts["attended"]
}

func (c listPage) answerLine() string {
	switch {
	case c.A.State.Happened():
		return c.T("participants.answer_came", "n", c.Counts["attended"], "what", c.A.Title)
	case c.on() == 0:
		return c.T("participants.answer_none", "what", c.A.Title)
	}
	return c.T("participants.answer", "n", c.on(), "what", c.A.Title)
}

func (c listPage) lede() string {
	if c.A.Joint() {
		names := make([]string, len(c.A.Organisers))
		for i, o := range c.A.Organisers {
			names[i] = o.Label
		}
		return c.T("participants.lede_joint", "who", strings.Join(names, ", "))
	}
	return c.T("participants.lede", "when", c.A.When(c.Language), "where", c.Where(c.A))
}

func (c listPage) stateOptions() []frame.Option {
	var out []frame.Option
	for _, s := range activity.ParticipationStates() {
		out = append(out, frame.Option{Value: s, Label: frame.StateWord(c.Page, s), Chosen: c.State == s})
	}
	return out
}

// faultsOf are what was wrong with a form, each in words.
func (c listPage) faultsOf(verb string) []string {
	var out []string
	for i := range c.Faults {
		if c.Verb == verb {
			out = append(out, c.Faults[i].Say(c.Language))
		}
	}
	return out
}

func doKey(verb string) text.Key   { return text.Key("participants.do." + verb) }
func noteKey(verb string) text.Key { return text.Key("participants.note." + verb) }
func lineKey(verb string) text.Key { return text.Key("participants.line." + verb) }
