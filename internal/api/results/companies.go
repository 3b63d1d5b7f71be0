package results

import (
	"net/http"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/company"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

// Company is who it is.
type Company struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Number   string `json:"number,omitempty" doc:"Of its register"`
	Scheme   string `json:"scheme,omitempty" doc:"The register"`
	Postcode string `json:"postcode,omitempty"`
	City     string `json:"city,omitempty"`
	Country  string `json:"country,omitempty"`
}

// LikelyPair is two companies that may be one.
type LikelyPair struct {
	A     Company  `json:"a"`
	B     Company  `json:"b"`
	Score int      `json:"score"`
	Why   []string `json:"why" nullable:"false" doc:"name, near, postcode, city, sector, unnumbered; numbers speaks against"`
}

// CompanyMerge says that a company is another one.
type CompanyMerge struct {
	ID     string `json:"id"`
	From   string `json:"from" doc:"Id of the company that became the other one"`
	Into   string `json:"into" doc:"Id of the company that stands for both"`
	On     string `json:"merged_on,omitempty"`
	Reason string `json:"reason"`
	Undone bool   `json:"undone"`
}

// CompaniesIn asks for a list about all companies.
type CompaniesIn struct {
	api.InProgramme
	api.Paged
}

// NewMergeIn merges two companies.
type NewMergeIn struct {
	api.InProgramme
	api.Idempotent
	Body struct {
		From   string `json:"from" doc:"Id of the company that becomes the other one"`
		Into   string `json:"into"`
		Reason string `json:"reason" maxLength:"1000"`
	}
}

// UndoMergeIn undoes a merge.
type UndoMergeIn struct {
	api.InProgramme
	api.Conditional
	ID   string `path:"id" doc:"Of the merge"`
	Body struct {
		Reason string `json:"reason" maxLength:"1000"`
	}
}

func companies(a *api.API) {
	const noun, at = "Companies", "/programmes/{programme}/companies"
	api.List(a, api.Operation{ID: "list-likely-companies", Path: at + "/likely", Noun: noun, Verb: "company.merge",
		Summary: "Pairs of companies that may be one, the likeliest first; a person decides"}, listLikely)
	api.List(a, api.Operation{ID: "list-company-merges", Path: at + "/merges", Noun: noun, Verb: "company.merge", Summary: "Merges in force, the newest first"},
		func(c *api.Call, in *CompaniesIn) ([]CompanyMerge, string, error) {
			all, err := company.InForce(c, c.Tx)
			if err != nil {
				return nil, "", err
			}
			out := make([]CompanyMerge, len(all))
			for i, m := range all {
				out[i] = mergeOut(m.Merge)
			}
			return api.Cut(out, in.Paged, func(m CompanyMerge) string { return m.ID })
		})
	api.Create(a, api.Operation{ID: "create-company-merge", Path: at + "/merges", Noun: noun, Verb: "company.merge", Agency: true,
		Summary: "Let a company stand for another one, in every programme; no row moves"}, merge)
	api.Change(a, api.Operation{ID: "undo-company-merge", Path: at + "/merges/{id}/undo", Noun: noun, Verb: "company.unmerge", Agency: true,
		Summary: "Undo a merge: every figure is what it was"}, http.MethodPost,
		func(c *api.Call, in *UndoMergeIn) (CompanyMerge, error) { return mergeOf(c, in.ID) },
		func(c *api.Call, in *UndoMergeIn) (CompanyMerge, error) {
			if err := company.Part(c, c.Tx, c.By, id.Merge(in.ID), in.Body.Reason); err != nil {
				return CompanyMerge{}, err
			}
			return mergeOf(c, in.ID)
		})
	aparts(a, noun, at)
}

func listLikely(c *api.Call, in *CompaniesIn) ([]LikelyPair, string, error) {
	if err := c.By.May("company.merge", access.Subject{Kind: "company"}); err != nil {
		return nil, "", err
	}
	all, _, err := company.Likely(c, c.Tx)
	if err != nil {
		return nil, "", err
	}
	out := make([]LikelyPair, len(all))
	for i, p := range all {
		out[i] = LikelyPair{A: companyOut(p.A), B: companyOut(p.B), Score: p.Score, Why: []string{}}
		for _, w := range p.Why {
			out[i].Why = append(out[i].Why, string(w))
		}
	}
	return api.Cut(out, in.Paged, func(p LikelyPair) string { return p.A.ID + "." + p.B.ID })
}

func companyOut(x company.Company) Company {
	return Company{ID: string(x.ID), Name: x.Name, Number: x.Number.Value, Scheme: x.Number.Scheme, Postcode: x.Postcode, City: x.City, Country: x.Country}
}

func merge(c *api.Call, in *NewMergeIn) (CompanyMerge, string, error) {
	from, into, err := company.ParsePair(in.Body.From, in.Body.Into)
	if err != nil {
		return CompanyMerge{}, "", err
	}
	m, err := company.Join(c, c.Tx, c.By, from, into, in.Body.Reason)
	if err != nil {
		return CompanyMerge{}, "", err
	}
	out, err := mergeOf(c, string(m))
	return out, "/api/v1/programmes/" + c.G.Code + "/companies/merges", err
}

func mergeOf(c *api.Call, asked string) (CompanyMerge, error) {
	m, err := id.Parse[id.Merge](asked)
	if err != nil {
		return CompanyMerge{}, fault.Missing("company.merge_missing", nil)
	}
	x, err := company.LoadMerge(c, c.Tx, m)
	return mergeOut(x), err
}

func mergeOut(m company.Merge) CompanyMerge {
	return CompanyMerge{ID: string(m.ID), From: string(m.From), Into: string(m.Into), On: string(m.On), Reason: m.Reason, Undone: m.UndoneOn != ""}
}
