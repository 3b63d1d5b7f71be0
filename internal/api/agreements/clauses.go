package agreements

import (
	"net/http"

	"errera.eu/errera/internal/agreement/template"
	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/programme"
)

// TemplateClause is a clause that new agreements begin with.
type TemplateClause struct {
	Code   string    `json:"code" maxLength:"64" doc:"Stays when the clause moves"`
	Number string    `json:"number,omitempty" readOnly:"true" doc:"Follows from the place; what is sent is not read"`
	Level  int       `json:"level" minimum:"1" maximum:"2" doc:"1 opens an article, 2 is a paragraph of it"`
	Title  api.Words `json:"title"`
	Text   api.Words `json:"text" doc:"In all three languages, or in none; what stands in braces is filled from the agreement"`
}

// Clauses are all of a programme, in their order.
type Clauses struct {
	Clauses []TemplateClause `json:"clauses" nullable:"false"`
}

// ClauseDifferences tells which agreements say something else than the clauses that new ones begin with.
type ClauseDifferences struct {
	Compared int                `json:"compared" doc:"Agreements that have a text"`
	Same     int                `json:"same" doc:"Agreements that say what the template says, all of it"`
	Clauses  []ClauseDifference `json:"clauses" nullable:"false"`
	Own      map[string]int     `json:"own" doc:"By code of a partner: clauses that the template does not have"`
}

// ClauseDifference is one clause with the partners whose agreements differ from it.
type ClauseDifference struct {
	Code   string   `json:"code"`
	Reads  []string `json:"reads_differently" nullable:"false" doc:"Codes of the partners"`
	Absent []string `json:"absent" nullable:"false" doc:"Codes of the partners whose agreement has no such clause"`
}

// ClausesIn asks for the clauses.
type ClausesIn struct {
	api.InProgramme
	api.Cached
}

// SetClausesIn gives a programme its clauses anew.
type SetClausesIn struct {
	api.InProgramme
	api.Conditional
	Body Clauses
}

func clauses(a *api.API) {
	const at, noun = "/programmes/{programme}/clauses", "Rounds"
	api.Get(a, api.Operation{ID: "get-clauses", Path: at, Noun: noun, Summary: "The clauses that new agreements begin with", Verb: "template.read"},
		func(c *api.Call, _ *ClausesIn) (Clauses, error) { return clausesOut(c) })
	api.Change(a, api.Operation{ID: "set-clauses", Path: at, Noun: noun, Summary: "Give the programme other clauses; agreements that were begun keep theirs", Verb: "template.set"},
		http.MethodPut, func(c *api.Call, _ *SetClausesIn) (Clauses, error) { return clausesOut(c) },
		func(c *api.Call, in *SetClausesIn) (Clauses, error) {
			var all template.Template
			for _, x := range in.Body.Clauses {
				all = append(all, template.Clause{Code: x.Code, Level: x.Level, Title: programme.Words(x.Title), Text: programme.Words(x.Text)})
			}
			if err := template.Set(c, c.Tx, c.By, c.G, all, ""); err != nil {
				return Clauses{}, err
			}
			return clausesOut(c)
		})
	api.Get(a, api.Operation{ID: "get-clause-differences", Path: at + "/differences", Noun: noun, Summary: "Which agreements of the programme say something else, clause by clause",
		Verb: "template.read"}, clauseDifferences)
}

func clausesOut(c *api.Call) (Clauses, error) {
	all, err := template.Open(c, c.Tx, c.By, c.G.ID)
	out := Clauses{Clauses: []TemplateClause{}}
	for i, n := range all.Numbers() {
		x := all[i]
		out.Clauses = append(out.Clauses, TemplateClause{x.Code, n, x.Level, api.WordsOf(x.Title), api.WordsOf(x.Text)})
	}
	return out, err
}

func clauseDifferences(c *api.Call, _ *ClausesIn) (ClauseDifferences, error) {
	out := ClauseDifferences{Clauses: []ClauseDifference{}, Own: map[string]int{}}
	all, err := template.Open(c, c.Tx, c.By, c.G.ID)
	if err != nil {
		return out, err
	}
	d, err := template.Compare(c, c.Tx, c.By.ScopeFor("agreement.read"), c.G.ID, all)
	if err != nil {
		return out, err
	}
	out.Compared, out.Same, out.Own = d.Compared, d.Same, d.Own
	for _, x := range all {
		one := ClauseDifference{Code: x.Code, Reads: []string{}, Absent: []string{}}
		for _, y := range d.By[x.Code] {
			if y.Left {
				one.Absent = append(one.Absent, y.Agreement.Partner.Code)
			} else {
				one.Reads = append(one.Reads, y.Agreement.Partner.Code)
			}
		}
		if len(one.Reads)+len(one.Absent) > 0 {
			out.Clauses = append(out.Clauses, one)
		}
	}
	return out, nil
}
