package access

// A plan is a partner's activity programme of a year. What changes after it was approved is approved again. Source: domain section 3.
func planVerbs() []Verb {
	return []Verb{
		{Name: "plan.read", Roles: readers(Signatory, Coordinator, Finance, Member), Own: true, Reads: true},
		{Name: "plan.draft", Roles: only(Coordinator), Own: true, From: after(made), To: "draft"},
		{Name: "plan.submit", Roles: only(Coordinator), Own: true, From: after("draft", "withdrawn", "returned"), To: "submitted"},
		{Name: "plan.withdraw", Roles: only(Coordinator), Own: true, From: after("submitted"), To: "withdrawn"},
		{Name: "plan.return", Roles: only(Officer), From: after("submitted"), To: "returned"},
		{Name: "plan.approve", Roles: only(Officer), From: after("submitted", "amended"), To: "approved", FourEyes: true},
		{Name: "plan.amend", Roles: only(Coordinator), Own: true, From: after("approved"), To: "amended"},
	}
}

// Overlaps are found by rule. An organiser of either activity joins, moves or justifies; joining takes somebody else than who proposed it. That
// there is no overlap is for the agency to say. What was decided falls when an activity changes.
func overlapVerbs() []Verb {
	sides := only(Officer, Coordinator)
	return []Verb{
		{Name: "gap.read", Roles: readers(Coordinator, Member), Reads: true},
		{Name: "fragmentation.read", Roles: readers(), Reads: true}, // it names companies and who met them
		{Name: "priority.set", Roles: only(Officer)},                // of the strategy: a market with a sector
		{Name: "priority.drop", Roles: only(Officer)},
		{Name: "overlap.read", Roles: readers(Coordinator, Member), Own: true, Reads: true},
		{Name: "overlap.find", Roles: only(Administrator), From: after(made), To: "open", Rule: true},
		{Name: "overlap.propose", Roles: sides, Own: true, From: after("open")},
		{Name: "overlap.join", Roles: sides, Own: true, From: after("open"), To: "joined", FourEyes: true},
		{Name: "overlap.decline", Roles: sides, Own: true, From: after("open")},
		{Name: "overlap.move", Roles: sides, Own: true, From: after("open"), To: "moved"},
		{Name: "overlap.justify", Roles: sides, Own: true, From: after("open"), To: "justified"},
		{Name: "overlap.dismiss", Roles: only(Officer), From: after("open"), To: "dismissed"},
		{Name: "overlap.reopen", Roles: only(Officer), From: after("joined", "moved", "justified", "dismissed"), To: "open", Rule: true},
	}
}
