package access

// An item of the library is written by its organisation alone; the agency may take one down, with a reason. What an item's own reach lets
// somebody read is asked in the query. A question goes to everybody but companies.
func knowledgeVerbs() []Verb {
	writers := only(Officer, Coordinator, Member)
	return []Verb{
		{Name: "knowledge.read", Roles: Roles(), Reads: true},
		{Name: "knowledge.missed", Roles: readers(Coordinator, Member), Reads: true}, // searches that found nothing
		{Name: "knowledge.draft", Roles: writers, Own: true, From: after(made), To: "draft"},
		{Name: "knowledge.change", Roles: writers, Own: true, From: after("draft", "published", "withdrawn")},
		{Name: "knowledge.discard", Roles: writers, Own: true, From: after("draft"), To: "discarded"},
		{Name: "knowledge.publish", Roles: writers, Own: true, From: after("draft", "withdrawn"), To: "published"},
		{Name: "knowledge.withdraw", Roles: writers, Own: true, From: after("published"), To: "withdrawn"},
		{Name: "knowledge.use", Roles: only(Officer, Coordinator, Finance, Member), From: after("published")},
		{Name: "question.read", Roles: readers(Signatory, Coordinator, Finance, Member), Reads: true},
		{Name: "question.ask", Roles: writers, Own: true, From: after(made), To: "open"},
		{Name: "question.answer", Roles: writers, From: after("open")},
		{Name: "question.close", Roles: writers, Own: true, From: after("open"), To: "closed"},
		{Name: "question.reopen", Roles: writers, Own: true, From: after("closed"), To: "open"},
	}
}
