package access

// A feed is what a partner publishes on its own website. Whoever runs the partner's affairs registers it; the programme reads it by itself.
func feedVerbs() []Verb {
	sides := only(Officer, Coordinator)
	return []Verb{
		{Name: "feed.read", Roles: readers(Coordinator, Member), Own: true, Reads: true},
		{Name: "feed.add", Roles: sides, Own: true, From: after(made), To: "active"},
		{Name: "feed.change", Roles: sides, Own: true, From: after("active")},
		{Name: "feed.run", Roles: sides, Own: true, From: after("active"), Rule: true},
		{Name: "feed.remove", Roles: sides, Own: true, From: after("active"), To: "removed"},
	}
}
