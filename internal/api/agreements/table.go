package agreements

import (
	"net/http"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/draft"
	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/settlement"
)

// WorkingCopy is what a side writes at before it proposes it. While the agreement is in force it amends it.
type WorkingCopy struct {
	Revision int                `json:"revision" doc:"0 before anything was saved"`
	Base     int                `json:"base_version" doc:"The version that it stands on"`
	SavedAt  string             `json:"saved_at"`
	SavedBy  string             `json:"saved_by"`
	Document agreement.Document `json:"document"`
}

// Finding is what makes an agreement hard to verify.
type Finding struct {
	Place  string `json:"place" doc:"In the document, such as kpi.CODE.target.2027"`
	Words  string `json:"words" doc:"In the language of the asker"`
	Blocks bool   `json:"blocks" doc:"The version cannot be accepted with it"`
}

// Served is a goal of the strategy, with the objectives of each partner that serve it.
type Served struct {
	Goal     string         `json:"goal"`
	Name     api.Words      `json:"name"`
	Partners map[string]int `json:"partners" doc:"Objectives by partner; none serves it where all are 0"`
}

// WorkingCopyIn saves the working copy of one's side.
type WorkingCopyIn struct {
	api.InProgramme
	api.Conditional
	Partner string `path:"partner" doc:"Code of the partner"`
	Body    struct {
		Document agreement.Document `json:"document"`
	}
}

// PointIn settles a point, or opens it again.
type PointIn struct {
	api.InProgramme
	api.Conditional
	Partner string `path:"partner" doc:"Code of the partner"`
	ID      string `path:"id" doc:"Of the comment"`
}

// ReasonIn does something to an agreement, with the reason.
type ReasonIn struct {
	api.InProgramme
	api.Conditional
	Partner string `path:"partner" doc:"Code of the partner"`
	Body    struct {
		Reason string `json:"reason" maxLength:"2000"`
	}
}

// CoverageIn asks which goals are served.
type CoverageIn struct {
	api.InProgramme
	api.Cached
}

// Coverage is the matrix of goals and partners.
type Coverage struct {
	Goals []Served `json:"goals" nullable:"false"`
}

func table(a *api.API) {
	const at, noun = "/programmes/{programme}/agreements/{partner}", "Negotiation"
	api.Get(a, api.Operation{ID: "get-working-copy", Path: at + "/draft", Noun: noun, Summary: "What the asker's side writes at", Verb: "draft.save"},
		func(c *api.Call, in *api.AgreementIn) (WorkingCopy, error) {
			_, cur, err := deskOf(c, in.Partner)
			return copyOut(cur), err
		})
	api.Change(a, api.Operation{ID: "save-working-copy", Path: at + "/draft", Noun: noun, Summary: "Save it; it binds nobody", Verb: "draft.save"}, http.MethodPut,
		func(c *api.Call, in *WorkingCopyIn) (WorkingCopy, error) {
			_, cur, err := deskOf(c, in.Partner)
			return copyOut(cur), err
		}, saveCopy)
	api.Get(a, api.Operation{ID: "list-findings", Path: at + "/versions/{n}/findings", Noun: noun, Summary: "What makes a version hard to verify", Verb: "agreement.read"},
		findingsOf)
	for _, verb := range []string{"settle", "reopen"} {
		e := api.Operation{ID: verb + "-comment", Path: at + "/comments/{id}/" + verb, Noun: noun, Summary: "Settle the point of a comment", Verb: "comment.settle"}
		if verb == "reopen" {
			e.Summary, e.Verb = "Open the point of a comment again", "comment.reopen"
		}
		api.Change(a, e, http.MethodPost, func(c *api.Call, in *PointIn) (Comment, error) { return commentOf(c, in) },
			func(c *api.Call, in *PointIn) (Comment, error) {
				x, _, err := tableOf(c, in.Partner)
				if err != nil {
					return Comment{}, err
				}
				if err := agreement.Mark(c, c.Tx, c.By, c.G.ID, x.ID, id.Comment(in.ID), verb == "settle"); err != nil {
					return Comment{}, err
				}
				return commentOf(c, in)
			})
	}
	reasoned(a, api.Operation{ID: "reopen-agreement", Path: at + "/reopen", Noun: noun, Summary: "Take an agreed text back to the table", Verb: "agreement.reopen"},
		func(c *api.Call, x agreement.Agreement, why string) error {
			_, err := agreement.Reopen(c, c.Tx, c.By, c.G.ID, x.ID, why)
			return err
		})
	reasoned(a, api.Operation{ID: "abandon-agreement", Path: at + "/abandon", Noun: noun, Summary: "End a negotiation without an agreement", Verb: "agreement.abandon"},
		func(c *api.Call, x agreement.Agreement, why string) error {
			_, err := agreement.Abandon(c, c.Tx, c.By, c.G.ID, x.ID, why)
			return err
		})
	api.Get(a, api.Operation{ID: "get-coverage", Path: "/programmes/{programme}/coverage", Noun: noun, Summary: "Which partners serve which goals", Verb: "agreement.read"},
		coverageOf)
}

// reasoned registers a verb on an agreement that takes a reason.
func reasoned(a *api.API, e api.Operation, do func(c *api.Call, x agreement.Agreement, why string) error) {
	api.Change(a, e, http.MethodPost, func(c *api.Call, in *ReasonIn) (api.Agreement, error) { return oneAgreement(c, in.Partner) },
		func(c *api.Call, in *ReasonIn) (api.Agreement, error) {
			x, _, err := tableOf(c, in.Partner)
			if err != nil {
				return api.Agreement{}, err
			}
			if err := do(c, x, in.Body.Reason); err != nil {
				return api.Agreement{}, err
			}
			return oneAgreement(c, in.Partner)
		})
}

func oneAgreement(c *api.Call, partner string) (api.Agreement, error) {
	x, err := agreement.ByPartner(c, c.Tx, c.By.ScopeFor("agreement.read"), c.G.ID, partner)
	if err != nil {
		return api.Agreement{}, err
	}
	return api.AgreementOut(c, x)
}

func deskOf(c *api.Call, partner string) (draft.Desk, draft.Draft, error) {
	x, _, err := tableOf(c, partner)
	if err != nil {
		return draft.Desk{}, draft.Draft{}, err
	}
	s, err := settlement.SettingFor(c, c.Tx, c.G, x)
	if err != nil {
		return draft.Desk{}, draft.Draft{}, err
	}
	d, err := draft.Open(c, c.Tx, c.By, &s, x)
	if err != nil {
		return d, draft.Draft{}, err
	}
	cur, err := d.Current(c, c.Tx)
	return d, cur, err
}

// saveCopy saves what was read before, changed: If-Match holds that nobody saved in between.
func saveCopy(c *api.Call, in *WorkingCopyIn) (WorkingCopy, error) {
	d, cur, err := deskOf(c, in.Partner)
	if err != nil {
		return WorkingCopy{}, err
	}
	s, err := d.Save(c, c.Tx, c.By, draft.Sheet{Document: in.Body.Document.Normal(), Revision: cur.Revision, BaseN: cur.BaseN})
	return copyOut(s.Draft), err
}

func copyOut(d draft.Draft) WorkingCopy {
	return WorkingCopy{Revision: d.Revision, Base: d.BaseN, SavedAt: string(d.SavedAt), SavedBy: d.Name, Document: d.Document}
}

func commentOf(c *api.Call, in *PointIn) (Comment, error) {
	x, _, err := tableOf(c, in.Partner)
	if err != nil {
		return Comment{}, err
	}
	all, err := agreement.Comments(c, c.Tx, c.G.ID, x.ID)
	for _, said := range all {
		if string(said.ID) == in.ID {
			return commentOut(said), nil
		}
	}
	if err == nil {
		err = fault.Missing("agreement.comment_missing", nil)
	}
	return Comment{}, err
}

// Findings are what Review found in a version.
type Findings struct {
	Findings []Finding `json:"findings" nullable:"false"`
}

func findingsOf(c *api.Call, in *VersionIn) (Findings, error) {
	x, _, err := tableOf(c, in.Partner)
	if err != nil {
		return Findings{}, err
	}
	v, err := agreement.LoadVersion(c, c.Tx, c.G.ID, x.ID, in.Number)
	if err != nil {
		return Findings{}, err
	}
	past, err := kpi.LoadHistory(c, c.Tx, c.G.ID, x.ID, c.Tx.Now.Date())
	out := Findings{Findings: []Finding{}}
	for _, f := range agreement.Review(&v.Document, past) {
		out.Findings = append(out.Findings, Finding{f.Place, f.Say(c.Language), f.Blocks})
	}
	return out, err
}

func coverageOf(c *api.Call, _ *CoverageIn) (Coverage, error) {
	s, err := settlement.SettingFor(c, c.Tx, c.G)
	if err != nil {
		return Coverage{}, err
	}
	m, err := agreement.LoadCoverage(c, c.Tx, c.By.ScopeFor("agreement.read"), &s)
	out := Coverage{Goals: []Served{}}
	for i, g := range m.Goals {
		x := Served{Goal: g.Code, Name: api.WordsOf(g.Name), Partners: map[string]int{}}
		for j, p := range m.Partners {
			x.Partners[p.Code] = m.Count[i][j]
		}
		out.Goals = append(out.Goals, x)
	}
	return out, err
}
