package renewal

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/renewal"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/web/frame"
)

// candidatesPage is who may become a partner in the round, and how far each is.
type candidatesPage struct {
	frame.Page
	Criteria []agreement.Criterion
	All      []agreement.Candidate
	Free     []programme.Organisation // partners that are no candidates yet
	Own      *programme.Organisation  // the reader's own, where it may apply and is no candidate yet
	Before   bool                     // there is a round before this one
	Fault    *fault.Fault
	Chosen   string
	Motive   string
}

func (w pages) candidates(out http.ResponseWriter, r *http.Request) error {
	return w.showCandidates(out, r, http.StatusOK, candidatesPage{})
}

func (w pages) showCandidates(out http.ResponseWriter, r *http.Request, status int, c candidatesPage) error {
	p, err := w.Read(r, "candidates", func(tx *db.Tx, p *frame.Page) error { return c.load(r.Context(), tx, p) })
	if err != nil {
		return err
	}
	p.Title = p.T("menu.candidates")
	p.Path = []frame.Crumb{{Label: p.Title}}
	p.Year, p.AsOf = 0, ""
	if n := r.URL.Query().Get("named"); n != "" {
		p.Notice = p.T("candidates.named")
	}
	if r.URL.Query().Get("done") == "criteria" {
		p.Notice = p.T("candidates.criteria_set")
	}
	c.Page = p
	return w.RenderStatus(out, r, status, candidatesTempl(c))
}

func (c *candidatesPage) load(ctx context.Context, tx *db.Tx, p *frame.Page) (err error) {
	if c.Criteria, err = agreement.Criteria(ctx, tx, p.Programme.ID); err != nil {
		return err
	}
	if c.All, err = agreement.Candidates(ctx, tx, p.Actor, p.Programme.ID); err != nil {
		return err
	}
	if _, c.Before, err = renewal.Before(ctx, tx, p.Programme); err != nil {
		return err
	}
	organisations, err := programme.Organisations(ctx, tx)
	if err != nil {
		return err
	}
	for _, o := range organisations {
		listed := slices.ContainsFunc(c.All, func(x agreement.Candidate) bool { return x.Organisation.ID == o.ID })
		if o.Kind != programme.KindPartner || listed {
			continue
		}
		c.Free = append(c.Free, o)
		if o.ID == p.Own() && p.Can("candidate.apply") {
			c.Own = &o
		}
	}
	return nil
}

// name puts an organisation on the list.
func (w pages) name(out http.ResponseWriter, r *http.Request) error {
	p, err := w.Read(r, "candidates", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	code, motive := r.PostFormValue("organisation"), strings.TrimSpace(r.PostFormValue("motive"))
	err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error {
		o, err := organisation(r.Context(), tx, code)
		if err != nil {
			return err
		}
		_, err = agreement.NameCandidate(r.Context(), tx, p.Actor, p.Programme.ID, o, motive)
		return err
	})
	return w.listed(out, r, err, candidatesPage{Chosen: code, Motive: motive})
}

// nameRunning puts every partner of the running round on the list.
func (w pages) nameRunning(out http.ResponseWriter, r *http.Request) error {
	p, err := w.Read(r, "candidates", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	motive := strings.TrimSpace(r.PostFormValue("motive"))
	err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error {
		_, err := renewal.NameRunning(r.Context(), tx, p.Actor, p.Programme, motive)
		return err
	})
	return w.listed(out, r, err, candidatesPage{Motive: motive})
}

// listed shows the list after a form: anew, or with the fault at its field.
func (w pages) listed(out http.ResponseWriter, r *http.Request, err error, typed candidatesPage) error {
	if fault.Is(err, fault.KindInvalid) || fault.Is(err, fault.KindConflict) {
		typed.Fault = fault.Of(err)
		return w.showCandidates(out, r, serve.Status(typed.Fault.Kind), typed)
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/candidates", "named", "1"), http.StatusSeeOther)
	return nil
}

// organisation finds one by its code; invalid at its field otherwise.
func organisation(ctx context.Context, tx *db.Tx, code string) (programme.Organisation, error) {
	all, err := programme.Organisations(ctx, tx)
	if err != nil {
		return programme.Organisation{}, err
	}
	for _, o := range all {
		if o.Code == code {
			return o, nil
		}
	}
	return programme.Organisation{}, fault.Invalid("organisation", "candidates.choose", nil)
}

// answer says how far the choice is.
func (c candidatesPage) answer() string {
	if len(c.All) == 0 {
		return c.T("candidates.none", "round", c.roundName())
	}
	if !c.Can("candidate.declare") && !c.Agency() {
		return c.T("candidates.own", "state", frame.StateWord(c.Page, string(c.All[0].State)))
	}
	open, decide := 0, 0
	for _, x := range c.All {
		switch x.State {
		case agreement.CandidateNamed, agreement.CandidateApplied:
			open++
		case agreement.CandidateAssessed:
			decide++
		}
	}
	switch {
	case open > 0:
		return c.T("candidates.open", "n", open, "total", len(c.All))
	case decide > 0:
		return c.T("candidates.decide", "n", decide)
	}
	return c.T("candidates.done", "n", len(c.All))
}

func (c candidatesPage) roundName() string {
	return c.Programme.Starts.Year().String() + "–" + c.Programme.Ends.Year().String()
}

// weightOf is a criterion's part of all weights, in per cent.
func weightOf(p frame.Page, all []agreement.Criterion, one agreement.Criterion) string {
	var sum int64
	for _, c := range all {
		sum += c.Weight
	}
	return p.Percent(one.Weight * 10_000 / max(sum, 1))
}

func (c candidatesPage) link(x agreement.Candidate) string {
	return c.Link("/candidates/" + x.Organisation.Code)
}

// sheets is "2 of 2" or what is missing.
func (c candidatesPage) sheets(t agreement.Tally) string {
	return c.T("candidates.sheets", "n", t.Sheets, "needed", agreement.MinAssessors)
}

// settled tells whether somebody has answered or scored by the criteria, so that they stay.
func (c candidatesPage) settled() bool {
	return slices.ContainsFunc(c.All, func(x agreement.Candidate) bool {
		return len(x.Answers) > 0 || slices.ContainsFunc(x.Sheets, func(s agreement.Sheet) bool { return len(s.Scores) > 0 })
	})
}
