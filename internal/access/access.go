// Package access says who people are and what they may do: accounts, roles, sessions, sign-in, and the one table of verbs with the roles,
// relations and states that each asks for. The state machines of the agreed objects are read from that table. It does not load the objects
// themselves, opens no pages and keeps nobody's reasons: a domain hands it a Subject and gets leave or a fault.
package access

import (
	"slices"
	"strings"

	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

// Role is what a person is in an organisation, or for a company. Source: domain section 2 and the last lines of section 3.
type Role string

// The roles, as stored.
const (
	Officer       Role = "officer"       // agency: agreements, plans, evidence
	Controller    Role = "controller"    // agency: verifies claims, computes settlements
	Payer         Role = "payer"         // agency: prepares or approves payments
	Analyst       Role = "analyst"       // agency: reads all
	Administrator Role = "administrator" // agency: rules, users
	Approver      Role = "approver"      // agency: takes decisions, approves claims, finalises settlements
	Signatory     Role = "signatory"     // agency or partner: signs agreements
	Assessor      Role = "assessor"      // agency: scores candidates, sees no more than what is published to partners

	Coordinator Role = "coordinator" // partner: plan, evidence, signs off
	Finance     Role = "finance"     // partner: claims
	Member      Role = "member"      // partner: own activities

	Auditor        Role = "auditor" // reads all, writes nothing
	CompanyContact Role = "company" // own registrations, case, confirmations
)

// Roles lists all roles in the order in which they are shown.
func Roles() []Role {
	return []Role{Officer, Controller, Approver, Payer, Analyst, Administrator, Signatory, Assessor, Coordinator, Finance, Member, Auditor,
		CompanyContact}
}

// Key is the role's name in the catalogue.
func (r Role) Key() text.Key { return text.Key("role." + string(r)) }

// seats says in which kind of organisation a role may be held: agency, partner, other. The company contact's seat is a company.
func (r Role) seats() []string {
	switch r {
	case Officer, Controller, Payer, Analyst, Administrator, Approver, Assessor:
		return []string{"agency"}
	case Coordinator, Finance, Member:
		return []string{"partner"}
	case Signatory:
		return []string{"agency", "partner"}
	case Auditor:
		return []string{"agency", "other"}
	}
	return nil
}

// roleList is roles inside a sentence.
type roleList []Role

// In names the roles in the language, with commas between.
func (rs roleList) In(l text.Language) string {
	names := make([]string, len(rs))
	for i, r := range rs {
		names[i] = l.Say(r.Key(), nil)
	}
	return strings.Join(names, ", ")
}

// Membership is one role of a person, in an organisation or for a company.
type Membership struct {
	Organisation     id.Organisation
	OrganisationCode string
	Agency           bool // the organisation is the agency
	Company          id.Company
	Role             Role
}

// valid tells whether the role can be held there. A role in the wrong kind of organisation gives no leave at all, however it got there.
func (m Membership) valid() bool {
	seats := m.Role.seats()
	switch {
	case m.Role == CompanyContact:
		return m.Company != ""
	case m.Organisation == "" || m.Company != "":
		return false
	case m.Agency:
		return slices.Contains(seats, "agency")
	default:
		return slices.Contains(seats, "partner") || slices.Contains(seats, "other")
	}
}

// readsAll tells whether the membership sees every partner's rows.
func (m Membership) readsAll() bool {
	return m.valid() && (m.Role == Auditor || (m.Agency && m.Role != Assessor))
}

// Actor is who asks: a signed-in person, a visitor, or the system on its own.
type Actor struct {
	ID          id.Person // "" for a visitor and for the system
	Name, Email string
	Language    text.Language
	Memberships []Membership
	system      string
	token       []string // scopes of the token that the person came with; nil: came in person
}

// System is the program acting without a person: an import, a job, the operator at the command line. It may do what an administrator may and
// what the programme's own rules do by themselves; it is never the second pair of eyes.
func System(name string) Actor { return Actor{system: name, Name: name, Language: text.EN} }

// Visitor is somebody who did not sign in.
func Visitor() Actor { return Actor{Language: text.NL} }

// IsSystem tells whether no person acts.
func (a Actor) IsSystem() bool { return a.system != "" }

// Label is how the audit trail names the actor: the person's id, "system:NAME" or "visitor".
func (a Actor) Label() string {
	switch {
	case a.system != "":
		return "system:" + a.system
	case a.ID != "":
		return string(a.ID)
	}
	return "visitor"
}

// Has tells whether the actor holds one of the roles anywhere.
func (a Actor) Has(roles ...Role) bool {
	return slices.ContainsFunc(a.Memberships, func(m Membership) bool { return m.valid() && slices.Contains(roles, m.Role) })
}

// Agency tells whether the actor works for the agency; the system does.
func (a Actor) Agency() bool {
	return a.system != "" || slices.ContainsFunc(a.Memberships, func(m Membership) bool { return m.valid() && m.Agency })
}

// Partner is the one partner that the actor works for: "" for who reads all, for a company contact, and for who works for several.
func (a Actor) Partner() id.Organisation {
	if s := a.Scope(); s != All && !strings.Contains(string(s), " ") {
		return id.Organisation(s)
	}
	return ""
}

// Scope is whose rows an actor may see at all, as one parameter of a query: All, or the ids of organisations separated by spaces. An empty
// scope matches nothing.
type Scope string

// All is the scope of who reads every partner's rows.
const All Scope = "*"

// Holds tells whether a row of the partner lies inside the scope.
func (s Scope) Holds(o id.Organisation) bool {
	return s == All || (o != "" && slices.Contains(strings.Fields(string(s)), string(o)))
}

// Scope is whose rows the actor may see by any of its roles.
func (a Actor) Scope() Scope {
	return a.scope(func(m Membership) bool { return m.valid() })
}

// ScopeFor is whose rows the actor may see by the roles that hold the verb: a person who keeps the books of one partner and is a mere member
// of another does not see the other's claims.
func (a Actor) ScopeFor(verb VerbName) Scope {
	v := find(verb)
	if v == nil || (a.system != "" && !v.system()) || !a.lends(v) {
		return ""
	}
	return a.scope(func(m Membership) bool { return m.valid() && slices.Contains(v.Roles, m.Role) })
}

func (a Actor) scope(by func(Membership) bool) Scope {
	if a.system != "" {
		return All
	}
	var own []string
	for _, m := range a.Memberships {
		switch {
		case !by(m):
		case m.readsAll():
			return All
		case !m.Agency && m.Organisation != "":
			own = append(own, string(m.Organisation))
		}
	}
	slices.Sort(own)
	return Scope(strings.Join(slices.Compact(own), " "))
}
