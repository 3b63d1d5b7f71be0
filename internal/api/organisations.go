package api

import (
	"errera.eu/errera/internal/programme"
)

// Organisation is the agency, a partner or another organiser.
type Organisation struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Short string `json:"short_name"`
	Kind  string `json:"kind" enum:"agency,partner,other"`
}

// OrganisationsIn asks for organisations.
type OrganisationsIn struct {
	Paged
	Kind string `query:"kind" enum:"agency,partner,other"`
}

func (a *API) organisations() {
	list(a, endpoint{id: "list-organisations", path: "/organisations", noun: "Organisations",
		summary: "The agency, its partners and other organisers, in the order of the calendar", verb: "activity.read"},
		func(c *call, in *OrganisationsIn) ([]Organisation, string, error) {
			all, err := programme.Organisations(c, c.tx)
			if err != nil {
				return nil, "", err
			}
			var items []Organisation
			for _, o := range all {
				if in.Kind == "" || in.Kind == o.Kind {
					items = append(items, Organisation{Code: o.Code, Name: o.Name, Short: o.Label(), Kind: o.Kind})
				}
			}
			return cut(items, in.Paged, func(o Organisation) string { return o.Code })
		})
}
