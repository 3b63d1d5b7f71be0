package api

import (
	"errera.eu/errera/internal/programme"
)

// Programme is one round of partnerships.
type Programme struct {
	Code     string `json:"code"`
	Name     Words  `json:"name"`
	Strategy Words  `json:"strategy"`
	Starts   Day    `json:"starts_on"`
	Ends     Day    `json:"ends_on"`
	Currency string `json:"currency" example:"EUR"`
	Invented bool   `json:"invented" doc:"Its figures, companies and people are made up"`
}

// ProgrammesIn asks for programmes.
type ProgrammesIn struct{ Paged }

// ProgrammeIn asks for one.
type ProgrammeIn struct {
	InProgramme
	Cached
}

func (a *API) programmes() {
	list(a, endpoint{id: "list-programmes", path: "/programmes", noun: "Programmes", summary: "The open programmes, the one that ends last first",
		verb: "programme.read"}, func(c *call, in *ProgrammesIn) ([]Programme, string, error) {
		all, err := programme.List(c, c.tx)
		if err != nil {
			return nil, "", err
		}
		items := make([]Programme, len(all))
		for i, g := range all {
			items[i] = programmeOut(g)
		}
		return cut(items, in.Paged, func(p Programme) string { return p.Code })
	})
	get(a, endpoint{id: "get-programme", path: "/programmes/{programme}", noun: "Programmes", summary: "One programme", verb: "programme.read"},
		func(c *call, _ *ProgrammeIn) (Programme, error) { return programmeOut(c.g), nil })
}

func programmeOut(g programme.Programme) Programme {
	return Programme{Code: g.Code, Name: wordsOf(g.Name), Strategy: wordsOf(g.Strategy), Starts: dayOf(g.Starts), Ends: dayOf(g.Ends),
		Currency: g.Currency, Invented: g.Invented}
}
