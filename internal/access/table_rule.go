package access

// What a programme says of money is read by everybody who claims or decides by it, and changed by an administrator from a day on.
func ruleVerbs() []Verb {
	return []Verb{
		{Name: "rule.read", Roles: readers(Signatory, Coordinator, Finance, Member), Reads: true},
		{Name: "rule.change", Roles: only(Administrator)},
	}
}
