package access

import (
	"errors"
	"slices"
	"strings"
	"sync"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// VerbName is "object.verb".
type VerbName string

// Verb is one row of the table that leave, state machines and documentation read.
type Verb struct {
	Name     VerbName
	Object   string // the part of Name before the dot
	Roles    []Role
	Own      bool     // roles of partners and companies reach only what is their own; the agency's and the auditor's reach all
	From     []string // states in which it can be done; "" is before the object exists; empty when no state matters
	To       string   // the state that follows; "" when the state stays
	FourEyes bool     // never by who entered, prepared or verified the subject
	Rule     bool     // the programme's own rules do it too, without a person
	Reads    bool     // changes nothing
}

// Key is the verb in the catalogue, as it follows "may".
func (v Verb) Key() text.Key { return v.Name.Key() }

// Key is the verb in the catalogue, as it follows "may".
func (n VerbName) Key() text.Key { return text.Key("verb." + string(n)) }

// Moves tells whether the verb leads from state to state.
func (v Verb) Moves() bool { return v.To != "" }

// system tells whether the program may do the verb by itself: by the programme's rules, or as an administrator where one pair of eyes is
// enough.
func (v Verb) system() bool {
	return v.Rule || (!v.FourEyes && slices.Contains(v.Roles, Administrator))
}

// table is built once; it never changes.
var table = sync.OnceValue(func() map[VerbName]*Verb {
	byName := map[VerbName]*Verb{}
	for _, v := range Verbs() {
		byName[v.Name] = &v
	}
	return byName
})

func find(name VerbName) *Verb { return table()[name] }

// Find is the verb of that name.
func Find(name VerbName) (Verb, bool) {
	if v := find(name); v != nil {
		return *v, true
	}
	return Verb{}, false
}

// Verbs is the whole table, a fresh copy, in the order in which things happen.
func Verbs() []Verb {
	all := slices.Concat(
		candidateVerbs(),
		programmeVerbs(), ruleVerbs(),
		decisionVerbs(),
		agreementVerbs(), templateVerbs(),
		negotiationVerbs(),
		activityVerbs(), feedVerbs(), overlapVerbs(), planVerbs(),
		registrationVerbs(),
		evidenceVerbs(),
		claimVerbs(),
		itemVerbs(),
		paymentVerbs(),
		batchVerbs(),
		accountVerbs(),
		statementVerbs(),
		settlementVerbs(),
		userVerbs(),
		kpiVerbs(), alertVerbs(),
		letterVerbs(), signingVerbs(),
		tokenVerbs(),
		knowledgeVerbs(),
	)
	for i := range all {
		all[i].Object, _, _ = strings.Cut(string(all[i].Name), ".")
	}
	return all
}

// States lists the states of an object in the order in which they come up; nil for an object that has none.
func States(object string) []string {
	var states []string
	for _, v := range Verbs() {
		if v.Object != object {
			continue
		}
		for _, s := range append(v.From, v.To) {
			if s != "" && !slices.Contains(states, s) {
				states = append(states, s)
			}
		}
	}
	return states
}

// Transition is the state that follows when the verb is done on an object in state from ("" before it exists). Another state is a conflict;
// a verb that moves nothing, or is not of that object, is internal.
func Transition(object, from string, verb VerbName) (string, error) {
	v := find(verb)
	if v == nil || v.Object != object || !v.Moves() {
		return "", fault.Internal(errors.New("access: " + string(verb) + " moves no " + object))
	}
	if !slices.Contains(v.From, from) {
		return "", v.conflict(from)
	}
	return v.To, nil
}

// after reads better than a slice of strings in the table; made is before the object exists.
func after(states ...string) []string { return states }

const made = ""

// readers are who reads every partner's rows, and others with them.
func readers(others ...Role) []Role {
	return append([]Role{Officer, Controller, Approver, Payer, Analyst, Administrator, Auditor}, others...)
}

func only(roles ...Role) []Role { return roles }
