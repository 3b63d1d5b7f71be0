package access

// A payment goes by itself or in a batch; one of a batch moves with it. The bank's words on a payment are the payer's to record: executed,
// refused before it left, returned after it did, and money that a partner pays back.
func paymentVerbs() []Verb {
	return []Verb{
		{Name: "payment.read", Roles: readers(Coordinator, Finance), Own: true, Reads: true},
		{Name: "payment.order", Roles: only(Payer), From: after(made), To: "ordered"},
		{Name: "payment.approve", Roles: only(Payer, Approver), From: after("ordered"), To: "approved", FourEyes: true},
		{Name: "payment.execute", Roles: only(Payer), From: after("approved"), To: "executed"},
		{Name: "payment.reject", Roles: only(Payer), From: after("approved"), To: "rejected"},
		{Name: "payment.return", Roles: only(Payer), From: after("executed"), To: "returned"},
		{Name: "payment.discard", Roles: only(Payer), From: after("ordered", "approved"), To: "discarded"},
		{Name: "payment.receive", Roles: only(Payer), From: after(made), To: "executed"},
	}
}

// How a batch ends follows from its payments, whoever brings the news.
func batchVerbs() []Verb {
	return []Verb{
		{Name: "batch.read", Roles: readers(), Reads: true},
		{Name: "batch.prepare", Roles: only(Payer), From: after(made), To: "prepared"},
		{Name: "batch.approve", Roles: only(Payer, Approver), From: after("prepared"), To: "approved", FourEyes: true},
		{Name: "batch.export", Roles: only(Payer), From: after("approved"), To: "exported"},
		{Name: "batch.discard", Roles: only(Payer), From: after("prepared", "approved"), To: "discarded"},
		{Name: "batch.execute", Roles: only(Payer), From: after("exported"), To: "executed"},
		{Name: "batch.split", Roles: only(Payer), From: after("exported"), To: "partly-rejected"},
		{Name: "batch.reject", Roles: only(Payer), From: after("exported"), To: "rejected"},
	}
}

// A bank account is proposed by one person, of the agency or of the partner itself, and confirmed by another, of the agency.
func accountVerbs() []Verb {
	return []Verb{
		{Name: "account.read", Roles: only(Payer, Approver, Controller, Auditor, Coordinator, Finance), Own: true, Reads: true},
		{Name: "account.propose", Roles: only(Payer, Officer, Finance, Coordinator), Own: true, From: after(made), To: "proposed"},
		{Name: "account.confirm", Roles: only(Payer, Approver), From: after("proposed"), To: "confirmed", FourEyes: true},
		// the side that proposed it takes it back by the same verb
		{Name: "account.refuse", Roles: only(Payer, Approver, Officer, Finance, Coordinator), Own: true, From: after("proposed"), To: "refused"},
	}
}

// Lines of bank statements that nothing matches wait at a desk, until a person says what they are.
func statementVerbs() []Verb {
	return []Verb{
		{Name: "line.read", Roles: readers(), Reads: true},
		{Name: "line.import", Roles: only(Payer), From: after(made), To: "open"},
		{Name: "line.assign", Roles: only(Payer), From: after("open"), To: "assigned"},
		{Name: "line.dismiss", Roles: only(Payer), From: after("open"), To: "dismissed"},
	}
}
