package access

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

var update = flag.Bool("update", false, "write golden files anew")

const (
	ourAgency = id.Organisation("a0000000-0000-7000-8000-00000000000a")
	voka      = id.Organisation("b0000000-0000-7000-8000-00000000000b")
	agoria    = id.Organisation("c0000000-0000-7000-8000-00000000000c")
	lodge     = id.Company("d0000000-0000-7000-8000-00000000000d")
	forge     = id.Company("e0000000-0000-7000-8000-00000000000e")
)

// holder is a person with one role, where that role is held: at the agency, at voka or for lodge. Signatory can be both.
func holder(r Role, atAgency bool) Actor {
	m := Membership{Role: r, Organisation: voka, OrganisationCode: "voka"}
	switch {
	case r == CompanyContact:
		m = Membership{Role: r, Company: lodge}
	case atAgency:
		m = Membership{Role: r, Organisation: ourAgency, OrganisationCode: "fit", Agency: true}
	}
	return Actor{ID: id.Person("00000000-0000-7000-8000-0000000000" + fmt.Sprintf("%02d", slices.Index(Roles(), r))), Language: text.EN,
		Memberships: []Membership{m}}
}

type someone struct {
	name  string
	actor Actor
}

// everyone is a person for each role and place where it can be held, the system and a visitor.
func everyone() []someone {
	all := []someone{{"visitor", Visitor()}, {"system", System("test")}}
	for _, r := range Roles() {
		switch {
		case r == Signatory:
			all = append(all, someone{"signatory/agency", holder(r, true)}, someone{"signatory/partner", holder(r, false)})
		case slices.Contains(r.seats(), "agency"):
			all = append(all, someone{string(r), holder(r, true)})
		default:
			all = append(all, someone{string(r), holder(r, false)})
		}
	}
	return all
}

func own(state string) Subject     { return Subject{State: state, Partner: voka, Company: lodge} }
func foreign(state string) Subject { return Subject{State: state, Partner: agoria, Company: forge} }

// TestLeaveMatrix holds every verb for everyone on their own and on somebody else's subject in every state against a reviewed file.
func TestLeaveMatrix(t *testing.T) {
	var b strings.Builder
	for _, v := range Verbs() {
		states := append([]string{""}, States(v.Object)...)
		for _, who := range everyone() {
			mine, theirs := allowed(who.actor, v.Name, states, own), allowed(who.actor, v.Name, states, foreign)
			if mine+theirs != "" {
				fmt.Fprintf(&b, "%-24s %-18s own: %-40s foreign: %s\n", v.Name, who.name, dash(mine), dash(theirs))
			}
		}
	}
	const file = "testdata/leave.golden"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got, kept := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
	for i, line := range got {
		if i >= len(kept) || kept[i] != line {
			t.Fatalf("%s, row %d: now %q; run with -update and read the difference", file, i+1, line)
		}
	}
	if len(kept) != len(got) {
		t.Fatalf("%s has %d rows, now %d", file, len(kept), len(got))
	}
}

func allowed(a Actor, v VerbName, states []string, of func(string) Subject) string {
	var in []string
	for _, s := range states {
		if a.Can(v, of(s)) {
			if s == "" {
				s = "new"
			}
			in = append(in, s)
		}
	}
	if len(in) == len(states) {
		return "any"
	}
	return strings.Join(in, ",")
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// TestWhoMay repeats the words of the domain and of the issue, not the table.
func TestWhoMay(t *testing.T) {
	agency := "officer controller approver payer analyst administrator auditor"
	for verb, roles := range map[VerbName]string{
		"programme.import": "administrator", "activity.import": "officer administrator",
		"evidence.verify": "officer", "evidence.reject": "officer", "evidence.reopen": "officer",
		"claim.submit": "finance coordinator", "claim.open": "controller", "claim.verify": "controller", "claim.approve": "approver",
		"claim.reopen": "approver", "claim.object": "finance coordinator", "claim.uphold": "approver", "claim.dismiss": "approver",
		"claim.discard": "finance coordinator", "item.sample": "controller", "item.undecide": "controller", "item.prove": "finance coordinator",
		"item.accept": "controller", "item.deduct": "controller", "item.park": "controller", "correction.make": "controller",
		"payment.order": "payer", "payment.approve": "payer approver", "payment.execute": "payer", "payment.receive": "payer",
		"batch.prepare": "payer", "batch.approve": "payer approver", "batch.export": "payer", "line.import": "payer", "line.assign": "payer",
		"account.propose": "payer officer finance coordinator", "account.confirm": "payer approver",
		"settlement.compute": "controller administrator", "settlement.communicate": "controller", "settlement.recall": "controller", "settlement.object": "coordinator finance",
		"settlement.uphold": "approver", "settlement.dismiss": "approver", "settlement.finalise": "approver",
		"agreement.sign": "signatory", "audit.erase": "administrator", "user.add": "administrator", "user.disable": "administrator",
		"ledger.read": agency, "audit.read": agency, "claim.read": agency + " coordinator finance", "payment.read": agency + " coordinator finance",
		"evidence.read": agency + " coordinator finance member", "settlement.read": agency + " signatory coordinator finance",
		"decision.propose": "officer controller approver", "decision.take": "approver", "decision.refuse": "approver",
		"agreement.read": agency + " signatory coordinator finance member",
	} {
		want := strings.Fields(roles)
		for _, r := range Roles() {
			holds := holder(r, true).Holds(verb) || holder(r, false).Holds(verb)
			if holds != slices.Contains(want, string(r)) {
				t.Errorf("%s: %s holds it: %v", verb, r, holds)
			}
		}
	}
}

// forAll are the verbs that partners may do on what is not theirs; how far an item of the library reaches is asked in its query.
var forAll = []VerbName{"programme.read", "rule.read", "activity.read", "knowledge.read", "knowledge.use", "knowledge.missed", "question.read", "question.answer", "gap.read"}

func TestWhatNobodyMay(t *testing.T) {
	for _, v := range Verbs() {
		for _, s := range append([]string{""}, States(v.Object)...) {
			if Visitor().Can(v.Name, own(s)) {
				t.Errorf("a visitor may %s", v.Name)
			}
			for _, r := range []Role{Auditor, Analyst} { // they read all and write nothing
				for _, at := range []bool{true, false} {
					if a := holder(r, at); !v.Reads && a.Can(v.Name, own(s)) {
						t.Errorf("%s may %s", r, v.Name)
					}
				}
			}
			if slices.Contains(forAll, v.Name) { // published to every signed-in person, or meant for all partners
				continue
			}
			for _, r := range []Role{Signatory, Coordinator, Finance, Member, CompanyContact} {
				if holder(r, false).Can(v.Name, foreign(s)) {
					t.Errorf("%s of another partner may %s in %q", r, v.Name, s)
				}
			}
		}
	}
}

// Nobody approves, verifies or decides on their own work, in any role and state, and the system is no second person.
func TestFourEyes(t *testing.T) {
	watched := []VerbName{"candidate.score", "candidate.invite", "candidate.decline", "evidence.verify", "activity.verify", "claim.verify", "claim.approve", "item.accept", "item.deduct", "item.park", "item.undecide", "claim.uphold", "claim.dismiss",
		"decision.take", "payment.approve", "batch.approve", "account.confirm", "overlap.join", "plan.approve", "settlement.dismiss", "settlement.finalise", "user.grant", "user.disable"}
	for _, name := range watched {
		v, _ := Find(name)
		s := Subject{Partner: voka}
		if len(v.From) > 0 {
			s.State = v.From[0]
		}
		for _, r := range v.Roles {
			a := holder(r, r != Coordinator)
			s.Touched = []id.Person{"", "00000000-0000-7000-8000-999999999999"}
			if err := a.May(name, s); err != nil {
				t.Errorf("%s, %s on somebody else's work: %v", name, r, err)
			}
			s.Touched = append(s.Touched, a.ID)
			if err := a.May(name, s); !fault.Is(err, fault.KindDenied) || fault.Of(err).Key != "access.own_work" {
				t.Errorf("%s, %s on own work: %v", name, r, err)
			}
		}
		ruled := []VerbName{"settlement.finalise", "user.grant", "user.disable"} // the term has passed; the operator
		if got := System("job").Can(name, s); got != slices.Contains(ruled, name) {
			t.Errorf("%s by the system: %v", name, got)
		}
	}
	for _, v := range Verbs() {
		if v.FourEyes && !slices.Contains(watched, v.Name) {
			t.Errorf("%s asks for four eyes and is not tested", v.Name)
		}
	}
}

func TestWhyNot(t *testing.T) {
	for _, c := range []struct {
		actor   Actor
		verb    VerbName
		subject Subject
		kind    fault.Kind
		says    string
	}{
		{holder(Officer, true), "claim.verify", own("in-verification"), fault.KindDenied, "Only certain roles may verify a claim: controller."},
		{holder(Finance, false), "claim.submit", foreign("draft"), fault.KindDenied, "You may submit a claim, but only for your own organisation."},
		{holder(Finance, false), "claim.submit", own("paid"), fault.KindConflict, "In the state “paid” one cannot submit a claim."},
		{holder(Finance, false), "claim.submit", own(""), fault.KindConflict, "There is nothing yet for which one could submit a claim."},
		{Visitor(), "agreement.read", own(""), fault.KindDenied, "Only people who are signed in may read agreements."},
		{System("job"), "claim.approve", own("verified"), fault.KindDenied, "The system may not approve a claim. A second person must do it."},
		{holder(Approver, true), "claim.aprove", own("verified"), fault.KindInternal, ""},
		{holder(Approver, true), "claim.approve", Subject{Kind: "payment", State: "verified"}, fault.KindInternal, ""},
	} {
		err := c.actor.May(c.verb, c.subject)
		if !fault.Is(err, c.kind) {
			t.Errorf("%s: %v", c.verb, err)
			continue
		}
		if got := fault.Of(err).Say(text.EN); c.says != "" && got != c.says {
			t.Errorf("%s: says %q, want %q", c.verb, got, c.says)
		}
	}
	// a role that may not is told so whatever the state: the state of a claim is nobody's business without leave
	if err := holder(Member, false).May("claim.verify", own("paid")); !fault.Is(err, fault.KindDenied) {
		t.Error(err)
	}
}

func TestOrganisersOwnTheirActivity(t *testing.T) {
	s := Subject{State: "planned", Organisers: []id.Organisation{agoria, voka}}
	if !holder(Member, false).Can("activity.publish", s) {
		t.Error("a co-organiser may not publish")
	}
	s.Organisers = s.Organisers[:1]
	if holder(Member, false).Can("activity.publish", s) {
		t.Error("somebody else may publish")
	}
	if holder(CompanyContact, false).Can("registration.cancel", Subject{State: "confirmed"}) {
		t.Error("no company is taken for one's own")
	}
}

// A role that got into the wrong kind of organisation gives nothing: a partner's "controller" is none.
func TestRoleInTheWrongPlace(t *testing.T) {
	for _, a := range []Actor{holder(Controller, false), holder(Officer, false), holder(Administrator, false), holder(Coordinator, true),
		holder(Finance, true), {ID: "x", Memberships: []Membership{{Role: CompanyContact, Organisation: ourAgency, Agency: true}}},
		{ID: "x", Memberships: []Membership{{Role: Officer, Agency: true}}}, {ID: "x", Memberships: []Membership{{Role: "root", Organisation: ourAgency, Agency: true}}}} {
		for _, v := range Verbs() {
			if a.Holds(v.Name) {
				t.Errorf("%v holds %s", a.Memberships, v.Name)
			}
		}
		if a.Scope() != "" || a.ScopeFor("claim.read") != "" || a.Has(a.Memberships[0].Role) || a.Agency() {
			t.Errorf("%v: scope %q", a.Memberships, a.Scope())
		}
	}
}
