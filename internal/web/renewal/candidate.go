package renewal

import (
	"context"
	"math/big"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/renewal"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// candidatePage is one candidate: what it offers, what each assessor found, what was decided.
type candidatePage struct {
	frame.Page
	V        agreement.Candidate // ID "" is an organisation that may apply
	Criteria []agreement.Criterion
	Tally    agreement.Tally
	Typed    url.Values // of a form that was refused
	Fault    *fault.Fault
}

func (w pages) candidate(out http.ResponseWriter, r *http.Request) error {
	return w.showCandidate(out, r, http.StatusOK, candidatePage{})
}

func (w pages) showCandidate(out http.ResponseWriter, r *http.Request, status int, c candidatePage) error {
	p, err := w.Read(r, "candidates", func(tx *db.Tx, p *frame.Page) (err error) {
		if c.V, err = own(r.Context(), tx, p.Actor, p.Programme.ID, r.PathValue("partner")); err != nil {
			return err
		}
		c.Criteria, err = agreement.Criteria(r.Context(), tx, p.Programme.ID)
		return err
	})
	if err != nil {
		return err
	}
	c.Tally = c.V.Tally(c.Criteria)
	p.Title = c.V.Organisation.Name
	p.Path = []frame.Crumb{{Label: p.T("menu.candidates"), Href: p.Link("/candidates", "year", "")}, {Label: c.V.Organisation.Label()}}
	p.Year, p.AsOf = 0, ""
	if done := r.URL.Query().Get("done"); p.Language.Has(text.Key("candidates.done." + done)) {
		p.Notice = p.T(text.Key("candidates.done." + done))
	}
	c.Page = p
	return w.RenderStatus(out, r, status, candidateTempl(c))
}

// own is a candidate that the actor may see, or the actor's own organisation that may still apply; missing otherwise.
func own(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, code string) (agreement.Candidate, error) {
	c, err := agreement.LoadCandidate(ctx, tx, by, g, code)
	if !fault.Is(err, fault.KindMissing) {
		return c, err
	}
	all, failed := programme.Organisations(ctx, tx)
	if failed != nil {
		return c, failed
	}
	for _, o := range all {
		if o.Code == code && by.Can("candidate.apply", access.Subject{Kind: "candidate", Partner: o.ID}) {
			return agreement.Candidate{Organisation: o}, nil
		}
	}
	return c, err
}

// act does a verb on a candidate.
func (w pages) act(out http.ResponseWriter, r *http.Request) error {
	ctx, verb := r.Context(), r.PathValue("verb")
	var c agreement.Candidate
	var criteria []agreement.Criterion
	p, err := w.Read(r, "candidates", func(tx *db.Tx, p *frame.Page) (err error) {
		if c, err = own(ctx, tx, p.Actor, p.Programme.ID, r.PathValue("partner")); err != nil {
			return err
		}
		criteria, err = agreement.Criteria(ctx, tx, p.Programme.ID)
		return err
	})
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "fault.invalid", nil)
	}
	do := verbs(ctx, p, c, criteria, r.PostForm)[verb]
	if do == nil {
		return fault.Missing("serve.no_page", nil)
	}
	err = w.DB.Write(ctx, p.Programme.ID, do)
	if fault.Is(err, fault.KindInvalid) || fault.Is(err, fault.KindConflict) {
		f := fault.Of(err)
		return w.showCandidate(out, r, serve.Status(f.Kind), candidatePage{Typed: r.PostForm, Fault: f})
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/candidates/"+c.Organisation.Code, "done", verb), http.StatusSeeOther)
	return nil
}

// verbs are what the forms of the page do, by the last part of their address.
func verbs(ctx context.Context, p frame.Page, c agreement.Candidate, criteria []agreement.Criterion, form url.Values) map[string]func(*db.Tx) error {
	by, g, reason := p.Actor, p.Programme.ID, strings.TrimSpace(form.Get("reason"))
	return map[string]func(*db.Tx) error{
		"apply": func(tx *db.Tx) error {
			answers := map[id.Criterion]string{}
			for _, k := range criteria {
				answers[k.ID] = strings.TrimSpace(form.Get("answer." + k.Code))
			}
			_, err := agreement.ApplyAsCandidate(ctx, tx, by, g, c.Organisation, strings.TrimSpace(form.Get("motive")), answers)
			return err
		},
		"declare": func(tx *db.Tx) error {
			if form.Get("conflict") == "" {
				return fault.Invalid("conflict", "candidates.declare_choose", nil)
			}
			return agreement.DeclareInterest(ctx, tx, by, g, c.ID, form.Get("conflict") == "yes", strings.TrimSpace(form.Get("interest")))
		},
		"score": func(tx *db.Tx) error { return agreement.ScoreCandidate(ctx, tx, by, g, c.ID, scoresOf(criteria, form)) },
		"assess": func(tx *db.Tx) error {
			_, err := agreement.AssessCandidate(ctx, tx, by, g, c.ID)
			return err
		},
		"invite": func(tx *db.Tx) error {
			_, err := agreement.InviteCandidate(ctx, tx, by, g, c.ID, reason)
			return err
		},
		"decline": func(tx *db.Tx) error {
			_, err := agreement.DeclineCandidate(ctx, tx, by, g, c.ID, reason)
			return err
		},
		"draft": func(tx *db.Tx) error {
			_, err := renewal.Draft(ctx, tx, by, p.Programme, c.Organisation.Code)
			return err
		},
	}
}

// scoresOf reads a sheet; what is no number stays out, and so is asked for at its field.
func scoresOf(criteria []agreement.Criterion, form url.Values) map[id.Criterion]agreement.Score {
	all := map[id.Criterion]agreement.Score{}
	for _, k := range criteria {
		n, err := strconv.ParseInt(strings.TrimSpace(form.Get("score."+k.Code)), 10, 64)
		if err != nil {
			n = -1
		}
		all[k.ID] = agreement.Score{Points: n, Words: strings.TrimSpace(form.Get("words." + k.Code))}
	}
	return all
}

// at is what is wrong with a field of the form that was sent; "" nothing.
func (c candidatePage) at(field string) string {
	if c.Fault == nil {
		return ""
	}
	for _, f := range c.Fault.All() {
		if f.Field == field {
			return f.Say(c.Language)
		}
	}
	return ""
}

// whole is what is wrong with the form that was sent and with none of its fields.
func (c candidatePage) whole() string {
	if c.Fault == nil || c.Fault.Field != "" || len(c.Fault.Many) > 0 {
		return ""
	}
	return c.Fault.Say(c.Language)
}

// typed is what was typed in a field, or what is kept.
func (c candidatePage) typed(field, kept string) string {
	if c.Typed != nil {
		return c.Typed.Get(field)
	}
	return kept
}

func (c candidatePage) action(verb string) string {
	return c.Action("/candidates/" + c.V.Organisation.Code + "/" + verb)
}

// may tells whether the reader may do the verb on the candidate as it stands.
func (c candidatePage) may(verb access.VerbName) bool {
	s := c.V.Subject()
	if verb == "candidate.score" {
		s.Touched = []id.Person{c.V.EnteredBy}
	}
	open := c.V.State == agreement.CandidateNamed || c.V.State == agreement.CandidateApplied
	if (verb == "candidate.score" || verb == "candidate.declare") && !open {
		return false
	}
	s.Kind, s.Partner = "candidate", c.V.Organisation.ID
	return c.Actor.Can(verb, s)
}

// mine is the reader's own sheet.
func (c candidatePage) mine() agreement.Sheet { return c.V.Sheet(c.Actor.ID) }

func (c candidatePage) points(k agreement.Criterion) string {
	if s, has := c.mine().Scores[k.ID]; has {
		return c.typed("score."+k.Code, strconv.FormatInt(s.Points, 10))
	}
	return c.typed("score."+k.Code, "")
}

// mean is a criterion's points over all complete sheets.
func (c candidatePage) mean(k agreement.Criterion) string {
	t := c.Tally.Criteria[k.ID]
	if c.Tally.Sheets == 0 {
		return ""
	}
	return c.Language.Decimal(big.NewRat(t.Sum, int64(c.Tally.Sheets)).FloatString(1), 1)
}

func (c candidatePage) answer() string {
	name := c.V.Organisation.Label()
	switch c.V.State {
	case "":
		return c.T("candidates.may_apply", "partner", name)
	case agreement.CandidateNamed, agreement.CandidateApplied:
		return c.T("candidates.one_open", "partner", name, "n", c.Tally.Sheets, "needed", agreement.MinAssessors)
	case agreement.CandidateAssessed:
		return c.T("candidates.one_assessed", "partner", name, "total", c.Percent(c.Tally.TotalBp))
	case agreement.CandidateDeclined:
		return c.T("candidates.one_declined", "partner", name, "date", c.V.DecidedOn)
	case agreement.CandidateInvited:
		return c.T("candidates.one_invited", "partner", name, "date", c.V.DecidedOn)
	}
	return c.T("candidates.one_drafted", "partner", name)
}

// lede is the total with its spread, where the reader sees sheets.
func (c candidatePage) lede() string {
	switch {
	case c.V.ID == "":
		return c.T("candidates.apply_lede", "n", len(c.Criteria))
	case c.Tally.Sheets == 0:
		return c.V.Motive
	}
	return c.T("candidates.tally", "total", c.Percent(c.Tally.TotalBp), "spread", c.Percent(c.Tally.SpreadBp), "n", c.Tally.Sheets)
}
