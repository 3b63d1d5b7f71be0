package access

// An alert is raised, brought up to date and resolved by its rule. People take it, give it to somebody, or let it rest with a reason; one that
// is worse comes back by itself.
func alertVerbs() []Verb {
	agency := only(Officer, Controller)
	return []Verb{
		{Name: "alert.read", Roles: readers(Coordinator), Own: true, Reads: true},
		{Name: "alert.raise", Roles: only(Administrator), From: after(made), To: "open", Rule: true},
		{Name: "alert.take", Roles: only(Officer, Controller, Coordinator), Own: true, From: after("open"), To: "taken-up"},
		{Name: "alert.assign", Roles: agency, From: after("open", "taken-up")},
		{Name: "alert.silence", Roles: agency, From: after("open", "taken-up"), To: "silenced"},
		{Name: "alert.resolve", Roles: agency, From: after("open", "taken-up"), To: "resolved"},
		{Name: "alert.reopen", Roles: agency, From: after("silenced", "resolved"), To: "open"},
	}
}
