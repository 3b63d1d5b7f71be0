package access

// Letters are read by who runs the system alone: they name people. A proof belongs to the organisation that handed it in; one of the
// agency's own, without an organisation, is read by who reads all.
func letterVerbs() []Verb {
	return []Verb{
		{Name: "mail.read", Roles: only(Administrator), Reads: true},
		{Name: "file.read", Roles: readers(Signatory, Coordinator, Finance), Own: true, Reads: true},
		{Name: "file.add", Roles: only(Officer, Controller, Signatory, Coordinator, Finance, Member), Own: true, Rule: true},
	}
}
