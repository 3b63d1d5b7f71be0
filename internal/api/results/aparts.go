package results

import (
	"net/http"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/company"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

// CompanyApart says that two companies are two, however alike.
type CompanyApart struct {
	ID     string `json:"id"`
	A      string `json:"a" doc:"Id of the company that was recorded first"`
	B      string `json:"b"`
	On     string `json:"said_on"`
	By     string `json:"said_by,omitempty" doc:"Name of who said so"`
	Reason string `json:"reason"`
	Undone bool   `json:"undone"`
	Stale  bool   `json:"stale,omitempty" doc:"One of them changed since: the pair is asked about again"`
}

// NewApartIn tells two companies apart.
type NewApartIn struct {
	api.InProgramme
	api.Idempotent
	Body struct {
		A      string `json:"a"`
		B      string `json:"b"`
		Reason string `json:"reason" maxLength:"1000"`
	}
}

// UndoApartIn takes that back.
type UndoApartIn struct {
	api.InProgramme
	api.Conditional
	ID   string `path:"id" doc:"Of the decision"`
	Body struct {
		Reason string `json:"reason" maxLength:"1000"`
	}
}

func aparts(a *api.API, noun, at string) {
	api.List(a, api.Operation{ID: "list-companies-apart", Path: at + "/aparts", Noun: noun, Verb: "company.apart",
		Summary: "Companies that were told apart, the newest first"}, listAparts)
	api.Create(a, api.Operation{ID: "create-company-apart", Path: at + "/aparts", Noun: noun, Verb: "company.apart", Agency: true,
		Summary: "Say that two companies are two: the pair does not come back unless one of them changes"}, tell)
	api.Change(a, api.Operation{ID: "undo-company-apart", Path: at + "/aparts/{id}/undo", Noun: noun, Verb: "company.reconsider", Agency: true,
		Summary: "Take back that two companies are two: the pair is asked about again"}, http.MethodPost,
		func(c *api.Call, in *UndoApartIn) (CompanyApart, error) { return apartOf(c, in.ID) },
		func(c *api.Call, in *UndoApartIn) (CompanyApart, error) {
			if err := company.Reconsider(c, c.Tx, c.By, id.Apart(in.ID), in.Body.Reason); err != nil {
				return CompanyApart{}, err
			}
			return apartOf(c, in.ID)
		})
}

func listAparts(c *api.Call, in *CompaniesIn) ([]CompanyApart, string, error) {
	if err := c.By.May("company.apart", access.Subject{Kind: "company"}); err != nil {
		return nil, "", err
	}
	all, err := company.Aparts(c, c.Tx)
	if err != nil {
		return nil, "", err
	}
	out := make([]CompanyApart, len(all))
	for i, x := range all {
		out[i] = apartOut(x.Apart)
		out[i].Stale = x.Stale
	}
	return api.Cut(out, in.Paged, func(x CompanyApart) string { return x.ID })
}

func tell(c *api.Call, in *NewApartIn) (CompanyApart, string, error) {
	a, b, err := company.ParsePair(in.Body.A, in.Body.B)
	if err != nil {
		return CompanyApart{}, "", err
	}
	x, err := company.Tell(c, c.Tx, c.By, a, b, in.Body.Reason)
	if err != nil {
		return CompanyApart{}, "", err
	}
	out, err := apartOf(c, string(x))
	return out, "/api/v1/programmes/" + c.G.Code + "/companies/aparts", err
}

func apartOf(c *api.Call, asked string) (CompanyApart, error) {
	said, err := id.Parse[id.Apart](asked)
	if err != nil {
		return CompanyApart{}, fault.Missing("company.apart_missing", nil)
	}
	x, err := company.LoadApart(c, c.Tx, said)
	return apartOut(x), err
}

func apartOut(x company.Apart) CompanyApart {
	return CompanyApart{ID: string(x.ID), A: string(x.A), B: string(x.B), On: string(x.On), By: x.By, Reason: x.Reason, Undone: x.UndoneOn != ""}
}
