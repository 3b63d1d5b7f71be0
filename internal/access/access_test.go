package access

import (
	"testing"

	"errera.eu/errera/internal/id"
)

func TestScope(t *testing.T) {
	two := Actor{ID: "x", Memberships: []Membership{{Role: Member, Organisation: voka}, {Role: Finance, Organisation: agoria},
		{Role: Coordinator, Organisation: agoria}}}
	audits := Actor{ID: "x", Memberships: []Membership{{Role: Member, Organisation: voka}, {Role: Auditor, Organisation: ourAgency, Agency: true}}}
	for _, c := range []struct {
		name          string
		actor         Actor
		scope, claims Scope
		partner       id.Organisation
	}{
		{"visitor", Visitor(), "", "", ""},
		{"system", System("job"), All, All, ""},
		{"officer", holder(Officer, true), All, All, ""},
		{"agency's signatory", holder(Signatory, true), All, "", ""},
		{"assessor", holder(Assessor, true), "", "", ""},
		{"auditor", holder(Auditor, true), All, All, ""},
		{"auditor from elsewhere", holder(Auditor, false), All, All, ""},
		{"coordinator", holder(Coordinator, false), Scope(voka), Scope(voka), voka},
		{"member", holder(Member, false), Scope(voka), "", voka},
		{"company", holder(CompanyContact, false), "", "", ""},
		{"two partners", two, Scope(voka + " " + agoria), Scope(agoria), ""},
		{"auditor and member", audits, All, All, ""},
	} {
		if got := c.actor.Scope(); got != c.scope {
			t.Errorf("%s: scope %q, want %q", c.name, got, c.scope)
		}
		if got := c.actor.ScopeFor("claim.read"); got != c.claims {
			t.Errorf("%s: scope of claims %q, want %q", c.name, got, c.claims)
		}
		if got := c.actor.Partner(); got != c.partner {
			t.Errorf("%s: partner %q, want %q", c.name, got, c.partner)
		}
	}
	if System("job").ScopeFor("claim.approve") != "" || two.ScopeFor("claim.none") != "" {
		t.Error("a scope for what may not be done")
	}
	if s := two.Scope(); !s.Holds(voka) || s.Holds(ourAgency) || s.Holds("") || Scope("").Holds("") || !All.Holds(voka) {
		t.Error("Scope.Holds")
	}
}

func TestLabel(t *testing.T) {
	if got := System("import").Label(); got != "system:import" {
		t.Error(got)
	}
	if got := Visitor().Label(); got != "visitor" {
		t.Error(got)
	}
	a := holder(Officer, true)
	if a.Label() != string(a.ID) || a.IsSystem() || !System("x").IsSystem() || !a.Agency() || holder(Member, false).Agency() || !System("x").Agency() {
		t.Error("labels")
	}
	if !a.Has(Payer, Officer) || a.Has(Payer) {
		t.Error("Has")
	}
}
