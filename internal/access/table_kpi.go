package access

func kpiVerbs() []Verb {
	return []Verb{
		{Name: "kpi.define", Roles: only(Officer, Administrator)},
		{Name: "kpi.change", Roles: only(Officer, Administrator)},
		{Name: "evidence.prove", Roles: only(Officer, Coordinator, Member), Own: true},
		{Name: "evidence.reshare", Roles: only(Officer)},
		{Name: "evidence.sample", Roles: only(Officer)},
		{Name: "measure.declare", Roles: only(Officer, Administrator, Coordinator), Own: true},
		{Name: "finding.resolve", Roles: only(Officer)},
		{Name: "company.enter", Roles: only(Officer, Administrator, Coordinator, Member), Own: true}, // by its number, where the register has it not
		{Name: "company.merge", Roles: only(Officer, Administrator)},
		{Name: "company.unmerge", Roles: only(Officer, Administrator)},
		{Name: "company.apart", Roles: only(Officer, Administrator)},
		{Name: "company.reconsider", Roles: only(Officer, Administrator)}, // whether two that were told apart are one
	}
}
