package access

// The negotiation of an agreement: versions on the table, working copies beside it, comments on both. Source: domain section 3.
func negotiationVerbs() []Verb {
	negotiators := only(Officer, Coordinator)
	speakers := only(Officer, Controller, Approver, Signatory, Coordinator, Finance, Member)
	return []Verb{
		{Name: "version.propose", Roles: negotiators, Own: true, From: after(made), To: "proposed"},
		{Name: "version.counter", Roles: negotiators, Own: true, From: after("proposed"), To: "countered"},
		{Name: "version.supersede", Roles: negotiators, Own: true, From: after("proposed"), To: "superseded"},
		{Name: "version.withdraw", Roles: negotiators, Own: true, From: after("proposed"), To: "withdrawn"},
		{Name: "version.accept", Roles: negotiators, Own: true, From: after("proposed"), To: "accepted"},
		{Name: "draft.save", Roles: negotiators, Own: true},
		{Name: "comment.write", Roles: speakers, Own: true, From: after(made), To: "open"},
		{Name: "comment.settle", Roles: negotiators, Own: true, From: after("open"), To: "settled"},
		{Name: "comment.reopen", Roles: speakers, Own: true, From: after("settled"), To: "open"},
	}
}
