package access

func decisionVerbs() []Verb {
	return []Verb{
		{Name: "decision.read", Roles: readers(Signatory, Coordinator, Finance), Own: true, Reads: true},
		{Name: "decision.propose", Roles: only(Officer, Controller, Approver), From: after(made), To: "proposed"},
		{Name: "decision.take", Roles: only(Approver), From: after("proposed"), To: "taken", FourEyes: true},
		{Name: "decision.refuse", Roles: only(Approver), From: after("proposed"), To: "refused"},
	}
}

func claimVerbs() []Verb {
	partner := only(Finance, Coordinator)
	return []Verb{
		{Name: "claim.read", Roles: readers(Coordinator, Finance), Own: true, Reads: true},
		{Name: "claim.draft", Roles: partner, Own: true, From: after(made), To: "draft"},
		{Name: "claim.submit", Roles: partner, Own: true, From: after("draft"), To: "submitted"},
		{Name: "claim.discard", Roles: partner, Own: true, From: after("draft")},
		// the text of a claim may change as long as it is not paid, its amounts never
		{Name: "claim.reword", Roles: partner, Own: true, From: after("draft", "submitted", "in-verification", "queried", "verified", "approved", "closed")},
		{Name: "claim.again", Roles: partner, Own: true, From: after("withdrawn", "rejected")}, // its costs into a new draft
		{Name: "claim.withdraw", Roles: partner, Own: true, From: after("submitted"), To: "withdrawn"},
		{Name: "claim.open", Roles: only(Controller), From: after("submitted"), To: "in-verification"},
		{Name: "claim.query", Roles: only(Controller), From: after("in-verification"), To: "queried"},
		{Name: "claim.answer", Roles: partner, Own: true, From: after("queried"), To: "in-verification"},
		{Name: "claim.reject", Roles: only(Controller), From: after("in-verification"), To: "rejected"},
		{Name: "claim.verify", Roles: only(Controller), From: after("in-verification"), To: "verified", FourEyes: true},
		// a second look at a verified claim: another controller verifies it again
		{Name: "claim.recheck", Roles: only(Controller, Approver), From: after("verified"), To: "in-verification"},
		{Name: "claim.approve", Roles: only(Approver), From: after("verified"), To: "approved", FourEyes: true},
		// domain section 4.6: the newest claim of a year, as long as nothing was paid on it
		{Name: "claim.reopen", Roles: only(Approver), From: after("approved", "closed"), To: "in-verification"},
		{Name: "claim.object", Roles: partner, Own: true, From: after("approved", "ordered", "paid", "closed", "rejected")},
		{Name: "claim.uphold", Roles: only(Approver), From: after("approved", "closed"), FourEyes: true},
		{Name: "claim.dismiss", Roles: only(Approver), From: after("approved", "ordered", "paid", "closed", "rejected"), FourEyes: true},
		{Name: "claim.close", Roles: only(Approver), From: after("approved"), To: "closed"},
		{Name: "claim.order", Roles: only(Payer), From: after("approved"), To: "ordered"},
		// the bank refused, or sent back what it had paid
		{Name: "claim.refuse", Roles: only(Payer), From: after("ordered", "paid"), To: "approved"},
		{Name: "claim.pay", Roles: only(Payer), From: after("ordered"), To: "paid"},
	}
}

func itemVerbs() []Verb {
	return []Verb{
		{Name: "item.declare", Roles: only(Finance, Coordinator), Own: true, From: after(made), To: "declared"},
		{Name: "item.accept", Roles: only(Controller), From: after("declared"), To: "accepted", FourEyes: true},
		{Name: "item.deduct", Roles: only(Controller), From: after("declared"), To: "deducted", FourEyes: true},
		{Name: "item.park", Roles: only(Controller), From: after("declared"), To: "parked", FourEyes: true},
		// a decision is taken back while its claim is in verification
		{Name: "item.undecide", Roles: only(Controller), From: after("accepted", "deducted", "parked"), To: "declared", FourEyes: true},
		{Name: "item.sample", Roles: only(Controller), From: after("declared", "accepted", "deducted", "parked")},
		{Name: "item.change", Roles: only(Finance, Coordinator), Own: true, From: after("declared")},
		{Name: "item.remove", Roles: only(Finance, Coordinator), Own: true, From: after("declared")},
		{Name: "item.prove", Roles: only(Finance, Coordinator), Own: true, From: after("declared", "accepted", "deducted", "parked")},
		{Name: "item.share", Roles: only(Finance, Coordinator), Own: true},
		{Name: "item.return", Roles: only(Finance, Coordinator), Own: true, From: after("parked"), To: "returned"},
		{Name: "item.lapse", Roles: only(Controller), From: after("parked"), To: "lapsed", Rule: true},
		{Name: "correction.make", Roles: only(Controller)},
	}
}
