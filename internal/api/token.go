package api

import (
	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/id"
)

// Me is who the token stands for.
type Me struct {
	ID     id.Person `json:"id"`
	Name   string    `json:"name"`
	Email  string    `json:"email"`
	Roles  []Role    `json:"roles" nullable:"false"`
	Scopes []string  `json:"scopes" nullable:"false" doc:"What the token may do of what its person may do"`
}

// Role is one role of a person.
type Role struct {
	Role         string `json:"role"`
	Organisation string `json:"organisation,omitempty" doc:"Code"`
	Company      string `json:"company,omitempty" doc:"Id"`
}

func (a *API) token() {
	get(a, endpoint{id: "get-me", path: "/me", noun: "Token", summary: "Who the token stands for"}, func(c *call, _ *Cached) (Me, error) {
		me := Me{ID: c.by.ID, Name: c.by.Name, Email: c.by.Email, Roles: []Role{}, Scopes: orNone(c.by.TokenScopes())}
		for _, m := range c.by.Memberships {
			me.Roles = append(me.Roles, Role{Role: string(m.Role), Organisation: m.OrganisationCode, Company: string(m.Company)})
		}
		return me, nil
	})
}

// agency tells whether the caller sees every partner's rows by the verb.
func (c *call) agency(verb access.VerbName) bool { return c.by.ScopeFor(verb) == access.All }
