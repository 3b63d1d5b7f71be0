package agreements

import (
	"net/http"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/renewal"
)

// Criterion is something that candidates are assessed by.
type Criterion struct {
	Code   string    `json:"code" maxLength:"64"`
	Weight int64     `json:"weight"`
	Name   api.Words `json:"name"`
	Hint   api.Words `json:"hint" doc:"What an assessor looks for"`
}

// Criteria are all of a round, in their order.
type Criteria struct {
	Criteria []Criterion `json:"criteria" nullable:"false"`
}

// Candidate is an organisation that may get an agreement in the round.
type Candidate struct {
	Organisation string            `json:"organisation"`
	Name         string            `json:"name"`
	State        string            `json:"state" enum:"named,applied,assessed,invited,declined,drafted"`
	Motive       string            `json:"motive" doc:"Why it was named, or what it applies with"`
	Answers      map[string]string `json:"answers" doc:"Of an application, by criterion"`
	Entered      api.Day           `json:"entered_on"`
	Sheets       []Sheet           `json:"sheets" nullable:"false" doc:"Those that the asker may see"`
	Complete     int               `json:"complete_sheets"`
	TotalBp      int64             `json:"total_bp" doc:"Mean of the complete sheets, of the best possible"`
	SpreadBp     int64             `json:"spread_bp"`
	Decided      api.Day           `json:"decided_on,omitempty"`
	Reason       string            `json:"reason,omitempty"`
}

// Sheet is what one assessor declared and scored.
type Sheet struct {
	Assessor string           `json:"assessor"`
	Declared bool             `json:"declared"`
	Conflict bool             `json:"conflict"`
	Interest string           `json:"interest,omitempty"`
	Scores   map[string]Score `json:"scores" doc:"By criterion"`
}

// Score is the points for a criterion, with the words that carry them.
type Score struct {
	Points int64  `json:"points" doc:"From 0 to 5"`
	Words  string `json:"words" maxLength:"4000"`
}

// CandidatesIn asks for candidates.
type CandidatesIn struct {
	api.InProgramme
	api.Paged
}

// CandidateIn asks for one.
type CandidateIn struct {
	api.InProgramme
	api.Cached
	Partner string `path:"partner" doc:"Code of the organisation"`
}

// CriteriaIn asks for criteria.
type CriteriaIn struct {
	api.InProgramme
	api.Cached
}

// SetCriteriaIn gives a round its criteria anew.
type SetCriteriaIn struct {
	api.InProgramme
	api.Conditional
	Body Criteria
}

// NameIn puts an organisation on the list.
type NameIn struct {
	api.InProgramme
	api.Idempotent
	Body struct {
		Organisation string `json:"organisation" doc:"Its code"`
		Motive       string `json:"motive" maxLength:"4000"`
	}
}

// ApplyIn is an organisation's own application.
type ApplyIn struct {
	api.InProgramme
	api.Idempotent
	Partner string `path:"partner" doc:"Code of the organisation"`
	Body    struct {
		Motive  string            `json:"motive" maxLength:"4000"`
		Answers map[string]string `json:"answers" doc:"By criterion"`
	}
}

// DeclareIn is an assessor's word before scoring.
type DeclareIn struct {
	api.InProgramme
	api.Conditional
	Partner string `path:"partner" doc:"Code of the organisation"`
	Body    struct {
		Conflict bool   `json:"conflict"`
		Interest string `json:"interest,omitempty" maxLength:"4000" doc:"What it is"`
	}
}

// ScoreIn is an assessor's sheet.
type ScoreIn struct {
	api.InProgramme
	api.Conditional
	Partner string `path:"partner" doc:"Code of the organisation"`
	Body    struct {
		Scores map[string]Score `json:"scores" doc:"By criterion"`
	}
}

// VerdictIn decides on a candidate, with the reason.
type VerdictIn struct {
	api.InProgramme
	api.Conditional
	Partner string `path:"partner" doc:"Code of the organisation"`
	Body    struct {
		Reason string `json:"reason" maxLength:"4000"`
	}
}

// StepIn moves a candidate on.
type StepIn struct {
	api.InProgramme
	api.Conditional
	Partner string `path:"partner" doc:"Code of the organisation"`
}

func candidates(a *api.API) {
	const of, noun = "/programmes/{programme}/candidates", "Candidates"
	criteria(a)
	api.List(a, api.Operation{ID: "list-candidates", Path: of, Noun: noun, Summary: "Who may get an agreement in the round", Verb: "candidate.read"},
		func(c *api.Call, in *CandidatesIn) ([]Candidate, string, error) {
			all, err := agreement.Candidates(c, c.Tx, c.By, c.G.ID)
			if err != nil {
				return nil, "", err
			}
			criteria, err := agreement.Criteria(c, c.Tx, c.G.ID)
			if err != nil {
				return nil, "", err
			}
			page, next, err := api.Cut(all, in.Paged, func(x agreement.Candidate) string { return x.Organisation.Code })
			out := make([]Candidate, len(page))
			for i, x := range page {
				out[i] = candidateOut(x, criteria)
			}
			return out, next, err
		})
	api.Get(a, api.Operation{ID: "get-candidate", Path: of + "/{partner}", Noun: noun, Summary: "One candidate", Verb: "candidate.read"},
		func(c *api.Call, in *CandidateIn) (Candidate, error) { return oneCandidate(c, in.Partner) })
	api.Create(a, api.Operation{ID: "create-candidate", Path: of, Noun: noun, Summary: "Name an organisation", Verb: "candidate.name"},
		func(c *api.Call, in *NameIn) (Candidate, string, error) {
			o, err := programme.OrganisationByCode(c, c.Tx, in.Body.Organisation)
			if err != nil {
				return Candidate{}, "", err
			}
			if _, err := agreement.NameCandidate(c, c.Tx, c.By, c.G.ID, o, in.Body.Motive); err != nil {
				return Candidate{}, "", err
			}
			x, err := oneCandidate(c, o.Code)
			return x, "/api/v1/programmes/" + c.G.Code + "/candidates/" + o.Code, err
		})
	api.Create(a, api.Operation{ID: "create-application", Path: of + "/{partner}/application", Noun: noun, Summary: "Apply, with an answer to every criterion", Verb: "candidate.apply"}, apply)
	step(a, api.Operation{ID: "declare-interest", Path: of + "/{partner}/declare", Noun: noun, Summary: "Say whether there is a conflict of interest", Verb: "candidate.declare"},
		func(in *DeclareIn) string { return in.Partner },
		func(c *api.Call, x agreement.Candidate, _ []agreement.Criterion, in *DeclareIn) error {
			return agreement.DeclareInterest(c, c.Tx, c.By, c.G.ID, x.ID, in.Body.Conflict, in.Body.Interest)
		})
	step(a, api.Operation{ID: "score-candidate", Path: of + "/{partner}/score", Noun: noun, Summary: "Score by every criterion, with words", Verb: "candidate.score"},
		func(in *ScoreIn) string { return in.Partner }, score)
	step(a, api.Operation{ID: "assess-candidate", Path: of + "/{partner}/assess", Noun: noun, Summary: "Close the scoring", Verb: "candidate.assess"},
		func(in *StepIn) string { return in.Partner },
		func(c *api.Call, x agreement.Candidate, _ []agreement.Criterion, _ *StepIn) error {
			_, err := agreement.AssessCandidate(c, c.Tx, c.By, c.G.ID, x.ID)
			return err
		})
	step(a, api.Operation{ID: "invite-candidate", Path: of + "/{partner}/invite", Noun: noun, Summary: "Decide that it gets an agreement", Verb: "candidate.invite"},
		func(in *VerdictIn) string { return in.Partner },
		func(c *api.Call, x agreement.Candidate, _ []agreement.Criterion, in *VerdictIn) error {
			_, err := agreement.InviteCandidate(c, c.Tx, c.By, c.G.ID, x.ID, in.Body.Reason)
			return err
		})
	step(a, api.Operation{ID: "decline-candidate", Path: of + "/{partner}/decline", Noun: noun, Summary: "Decide that it gets none", Verb: "candidate.decline"},
		func(in *VerdictIn) string { return in.Partner },
		func(c *api.Call, x agreement.Candidate, _ []agreement.Criterion, in *VerdictIn) error {
			_, err := agreement.DeclineCandidate(c, c.Tx, c.By, c.G.ID, x.ID, in.Body.Reason)
			return err
		})
	step(a, api.Operation{ID: "draft-candidate", Path: of + "/{partner}/draft", Noun: noun, Summary: "Lay its agreement on the table as a draft, carried over from the round before", Verb: "candidate.draft"},
		func(in *StepIn) string { return in.Partner },
		func(c *api.Call, x agreement.Candidate, _ []agreement.Criterion, _ *StepIn) error {
			_, err := renewal.Draft(c, c.Tx, c.By, c.G, x.Organisation.Code)
			return err
		})
}

func criteria(a *api.API) {
	const at, noun = "/programmes/{programme}/criteria", "Candidates"
	api.Get(a, api.Operation{ID: "get-criteria", Path: at, Noun: noun, Summary: "What candidates are assessed by", Verb: "candidate.read"},
		func(c *api.Call, _ *CriteriaIn) (Criteria, error) { return criteriaOut(c) })
	api.Change(a, api.Operation{ID: "set-criteria", Path: at, Noun: noun, Summary: "Give the round its criteria anew, until somebody used them", Verb: "candidate.criteria"}, http.MethodPut,
		func(c *api.Call, _ *SetCriteriaIn) (Criteria, error) { return criteriaOut(c) },
		func(c *api.Call, in *SetCriteriaIn) (Criteria, error) {
			all := make([]agreement.Criterion, len(in.Body.Criteria))
			for i, k := range in.Body.Criteria {
				all[i] = agreement.Criterion{Code: k.Code, Weight: k.Weight, Name: programme.Words(k.Name), Hint: programme.Words(k.Hint)}
			}
			if err := agreement.SetCriteria(c, c.Tx, c.By, c.G.ID, all); err != nil {
				return Criteria{}, err
			}
			return criteriaOut(c)
		})
}

// step registers a verb on a candidate that If-Match names as the asker read it.
func step[I api.Changes](a *api.API, e api.Operation, of func(in *I) string, do func(c *api.Call, x agreement.Candidate, criteria []agreement.Criterion, in *I) error) {
	api.Change(a, e, http.MethodPost, func(c *api.Call, in *I) (Candidate, error) { return oneCandidate(c, of(in)) },
		func(c *api.Call, in *I) (Candidate, error) {
			x, err := agreement.LoadCandidate(c, c.Tx, c.By, c.G.ID, of(in))
			if err != nil {
				return Candidate{}, err
			}
			criteria, err := agreement.Criteria(c, c.Tx, c.G.ID)
			if err != nil {
				return Candidate{}, err
			}
			if err := do(c, x, criteria, in); err != nil {
				return Candidate{}, err
			}
			return oneCandidate(c, of(in))
		})
}

func score(c *api.Call, x agreement.Candidate, criteria []agreement.Criterion, in *ScoreIn) error {
	scores, known := map[id.Criterion]agreement.Score{}, 0
	for _, k := range criteria {
		if s, given := in.Body.Scores[k.Code]; given {
			scores[k.ID] = agreement.Score{Points: s.Points, Words: s.Words}
			known++
		}
	}
	if known < len(in.Body.Scores) {
		return fault.Invalid("scores", "candidate.criterion_unknown", nil)
	}
	return agreement.ScoreCandidate(c, c.Tx, c.By, c.G.ID, x.ID, scores)
}

func apply(c *api.Call, in *ApplyIn) (Candidate, string, error) {
	o, err := programme.OrganisationByCode(c, c.Tx, in.Partner)
	if err != nil {
		return Candidate{}, "", err
	}
	criteria, err := agreement.Criteria(c, c.Tx, c.G.ID)
	if err != nil {
		return Candidate{}, "", err
	}
	answers := map[id.Criterion]string{}
	for _, k := range criteria {
		answers[k.ID] = in.Body.Answers[k.Code]
	}
	if _, err := agreement.ApplyAsCandidate(c, c.Tx, c.By, c.G.ID, o, in.Body.Motive, answers); err != nil {
		return Candidate{}, "", err
	}
	x, err := oneCandidate(c, o.Code)
	return x, "/api/v1/programmes/" + c.G.Code + "/candidates/" + o.Code, err
}

func oneCandidate(c *api.Call, code string) (Candidate, error) {
	x, err := agreement.LoadCandidate(c, c.Tx, c.By, c.G.ID, code)
	if err != nil {
		return Candidate{}, err
	}
	criteria, err := agreement.Criteria(c, c.Tx, c.G.ID)
	return candidateOut(x, criteria), err
}

func criteriaOut(c *api.Call) (Criteria, error) {
	all, err := agreement.Criteria(c, c.Tx, c.G.ID)
	out := Criteria{Criteria: []Criterion{}}
	for _, k := range all {
		out.Criteria = append(out.Criteria, Criterion{k.Code, k.Weight, api.WordsOf(k.Name), api.WordsOf(k.Hint)})
	}
	return out, err
}

func candidateOut(x agreement.Candidate, criteria []agreement.Criterion) Candidate {
	t := x.Tally(criteria)
	out := Candidate{Organisation: x.Organisation.Code, Name: x.Organisation.Name, State: string(x.State), Motive: x.Motive, Answers: map[string]string{},
		Entered: api.DayOf(x.EnteredOn), Sheets: []Sheet{}, Complete: t.Sheets, TotalBp: t.TotalBp, SpreadBp: t.SpreadBp, Decided: api.DayOf(x.DecidedOn), Reason: x.Reason}
	codes := map[id.Criterion]string{}
	for _, k := range criteria {
		codes[k.ID] = k.Code
		if words := x.Answers[k.ID]; words != "" {
			out.Answers[k.Code] = words
		}
	}
	for _, s := range x.Sheets {
		y := Sheet{Assessor: s.Name, Declared: s.Declared, Conflict: s.Conflict, Interest: s.Interest, Scores: map[string]Score{}}
		for k, given := range s.Scores {
			y.Scores[codes[k]] = Score(given)
		}
		out.Sheets = append(out.Sheets, y)
	}
	return out
}
