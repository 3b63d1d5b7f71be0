package access

// Candidates for the next round, and the round itself. Source: domain section 3. An assessor sees no partner's rows, but every candidate.
func candidateVerbs() []Verb {
	return []Verb{
		{Name: "candidate.read", Roles: readers(Assessor, Signatory, Coordinator), Own: true, Reads: true},
		{Name: "candidate.criteria", Roles: only(Officer)},
		{Name: "candidate.name", Roles: only(Officer), From: after(made), To: "named"},
		{Name: "candidate.apply", Roles: only(Coordinator), Own: true, From: after(made, "named", "applied"), To: "applied"},
		{Name: "candidate.declare", Roles: only(Assessor)},
		{Name: "candidate.score", Roles: only(Assessor), FourEyes: true},
		{Name: "candidate.assess", Roles: only(Officer), From: after("named", "applied"), To: "assessed"},
		{Name: "candidate.invite", Roles: only(Approver), From: after("assessed"), To: "invited", FourEyes: true},
		{Name: "candidate.decline", Roles: only(Approver), From: after("assessed"), To: "declined", FourEyes: true},
		{Name: "candidate.draft", Roles: only(Officer), From: after("invited"), To: "drafted"},
	}
}

// The clauses that new agreements begin with.
func templateVerbs() []Verb {
	return []Verb{
		{Name: "template.read", Roles: readers(), Reads: true},
		{Name: "template.add", Roles: only(Officer)},
		{Name: "template.edit", Roles: only(Officer)},
		{Name: "template.move", Roles: only(Officer)},
		{Name: "template.remove", Roles: only(Officer)},
		{Name: "template.restore", Roles: only(Officer)},
		{Name: "template.set", Roles: only(Officer)}, // all clauses at once
	}
}
