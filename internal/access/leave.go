package access

import (
	"errors"
	"slices"
	"strings"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

// Subject is what a verb is asked on, as far as leave depends on it. The domain that loaded the object fills it.
type Subject struct {
	Kind       string // the object of the verb table; "" is not compared
	State      string // "" when the object is about to be made
	Partner    id.Organisation
	Organisers []id.Organisation // of an activity, or of the evidence of one
	Company    id.Company        // the company whose own affair it is
	Touched    []id.Person       // who entered, prepared or verified it before: they are no second pair of eyes
}

// concerns tells whether the subject belongs to the membership's organisation or company.
func (s Subject) concerns(m Membership) bool {
	if m.Role == CompanyContact {
		return s.Company == m.Company
	}
	return s.Partner == m.Organisation || slices.Contains(s.Organisers, m.Organisation)
}

// Holds tells whether a role of the actor may do the verb on something; May decides on what.
func (a Actor) Holds(verb VerbName) bool {
	v := find(verb)
	if v == nil || !a.lends(v) {
		return false
	}
	if a.system != "" {
		return v.system()
	}
	return slices.ContainsFunc(a.Memberships, func(m Membership) bool { return m.holds(v) })
}

func (m Membership) holds(v *Verb) bool { return m.valid() && slices.Contains(v.Roles, m.Role) }

// reaches tells whether the membership gives leave for the verb on the subject, its state aside.
func (m Membership) reaches(v *Verb, s Subject) bool {
	return m.holds(v) && (!v.Own || m.Agency || m.Role == Auditor || s.concerns(m))
}

// Can is May without the reason, for showing or hiding a button.
func (a Actor) Can(verb VerbName, s Subject) bool { return a.May(verb, s) == nil }

// May gives leave (nil) or says why not. Denied: no role for it, somebody else's subject, or one's own work. Conflict: the state forbids it.
// An unknown verb, or one of another object, is internal. Source: domain sections 2 and 3.
func (a Actor) May(verb VerbName, s Subject) error {
	v := find(verb)
	if v == nil || (s.Kind != "" && s.Kind != v.Object) {
		return fault.Internal(errors.New("access: no verb " + string(verb) + " on " + s.Kind))
	}
	if err := a.leave(v, s); err != nil {
		return err
	}
	if v.FourEyes && a.ID != "" && slices.Contains(s.Touched, a.ID) {
		return fault.Denied("access.own_work", text.Args{"verb": v.Key()})
	}
	if len(v.From) > 0 && !slices.Contains(v.From, s.State) {
		return v.conflict(s.State)
	}
	return nil
}

func (a Actor) leave(v *Verb, s Subject) error {
	switch {
	case !a.lends(v):
		return fault.Denied("access.token_scope", text.Args{"scope": v.TokenScope(), "verb": v.Key()})
	case a.system != "" && v.system():
		return nil
	case a.system != "" && v.FourEyes:
		return fault.Denied("access.needs_person", text.Args{"verb": v.Key()})
	case a.system == "" && a.ID == "":
		return fault.Denied("access.sign_in_first", text.Args{"verb": v.Key()})
	case slices.ContainsFunc(a.Memberships, func(m Membership) bool { return m.reaches(v, s) }):
		return nil
	case a.Holds(v.Name):
		return fault.Denied("access.own_only", text.Args{"verb": v.Key()})
	}
	return fault.Denied("access.role_needed", text.Args{"roles": roleList(v.Roles), "verb": v.Key()})
}

// conflict says that the verb cannot be done in a state.
func (v *Verb) conflict(state string) error {
	if state == "" {
		return fault.Conflict("access.nothing_there", text.Args{"verb": v.Key()})
	}
	return fault.Conflict("access.wrong_state", text.Args{"verb": v.Key(), "state": StateKey(state)})
}

// StateKey is a state's word in the catalogue.
func StateKey(state string) text.Key { return text.Key("state." + strings.ReplaceAll(state, "-", "_")) }
