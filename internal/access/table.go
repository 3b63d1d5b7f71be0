package access

// The rows of the table. States and transitions: domain section 3; roles: section 2 and the plan of each object.

func programmeVerbs() []Verb {
	return []Verb{
		{Name: "programme.read", Roles: Roles(), Reads: true},
		{Name: "programme.import", Roles: only(Administrator)},
		{Name: "programme.renew", Roles: only(Officer, Administrator)},
		{Name: "kpi.read", Roles: readers(Signatory, Coordinator, Finance, Member), Own: true, Reads: true},
		{Name: "ledger.read", Roles: readers(), Reads: true},
		{Name: "books.close", Roles: only(Approver)}, // a year of the books, once it is over
		{Name: "audit.read", Roles: readers(), Reads: true},
		{Name: "audit.erase", Roles: only(Administrator)},
	}
}

func agreementVerbs() []Verb {
	return []Verb{
		{Name: "agreement.read", Roles: readers(Signatory, Coordinator, Finance, Member), Own: true, Reads: true},
		{Name: "agreement.draft", Roles: only(Officer), From: after(made), To: "draft"},
		{Name: "agreement.negotiate", Roles: only(Officer, Coordinator), Own: true, From: after("draft"), To: "negotiating"},
		{Name: "agreement.agree", Roles: only(Officer, Coordinator), Own: true, From: after("negotiating"), To: "agreed"},
		{Name: "agreement.reopen", Roles: only(Officer, Coordinator), Own: true, From: after("agreed"), To: "negotiating"},
		{Name: "agreement.sign", Roles: only(Signatory), Own: true, From: after("agreed"), To: "signed"},
		{Name: "agreement.activate", Roles: only(Officer), From: after("signed"), To: "active", Rule: true},
		{Name: "agreement.amend", Roles: only(Officer), Rule: true}, // on the effective date
		{Name: "agreement.rename", Roles: only(Officer)},
		{Name: "agreement.divide", Roles: only(Officer)}, // through which division the partner acts
		{Name: "agreement.merge", Roles: only(Approver)}, // with terminate
		{Name: "agreement.terminate", Roles: only(Approver), From: after("signed", "active"), To: "terminated"},
		{Name: "agreement.close", Roles: only(Officer), From: after("active", "terminated"), To: "closed", Rule: true},
		{Name: "agreement.abandon", Roles: only(Officer), From: after("negotiating"), To: "abandoned"},
	}
}

func activityVerbs() []Verb {
	doers := only(Officer, Coordinator, Member)
	// the rule is what the organiser's own website says, read as a feed
	return []Verb{
		{Name: "activity.read", Roles: Roles(), Reads: true},
		{Name: "activity.import", Roles: only(Officer, Administrator)},
		{Name: "activity.plan", Roles: doers, Own: true, From: after(made), To: "planned", Rule: true},
		{Name: "activity.change", Roles: doers, Own: true, Rule: true}, // until it is held
		{Name: "activity.estimate", Roles: doers, Own: true},           // what it is to cost and to bring, until it is held
		{Name: "activity.publish", Roles: doers, Own: true, From: after("planned"), To: "published", Rule: true},
		{Name: "activity.hold", Roles: doers, Own: true, From: after("published"), To: "held"},
		{Name: "activity.cancel", Roles: doers, Own: true, From: after("published"), To: "cancelled", Rule: true},
		{Name: "activity.postpone", Roles: doers, Own: true, From: after("published"), To: "postponed", Rule: true},
		{Name: "activity.replan", Roles: doers, Own: true, From: after("postponed"), To: "planned", Rule: true},
		// joined with another that serves the same public, before it was published: it is no activity of its own
		{Name: "activity.absorb", Roles: only(Officer, Coordinator), Own: true, From: after("planned"), To: "cancelled", Rule: true},
		{Name: "activity.report", Roles: doers, Own: true, From: after("held"), To: "reported"},
		{Name: "activity.return", Roles: only(Officer), From: after("reported"), To: "held"},
		{Name: "activity.verify", Roles: only(Officer), From: after("reported"), To: "verified", FourEyes: true},
	}
}

func registrationVerbs() []Verb {
	desk := only(Officer, Coordinator, Member)
	both := only(Officer, Coordinator, Member, CompanyContact)
	return []Verb{
		{Name: "registration.read", Roles: readers(Coordinator, Finance, Member), Own: true, Reads: true},
		{Name: "registration.request", Roles: both, Own: true, From: after(made), To: "requested"},
		{Name: "registration.confirm", Roles: desk, Own: true, From: after("requested", "waitlisted"), To: "confirmed"},
		{Name: "registration.waitlist", Roles: desk, Own: true, From: after("requested"), To: "waitlisted"},
		// from nothing is a walk-in, from no-show a correction
		{Name: "registration.attend", Roles: desk, Own: true, From: after(made, "confirmed", "no-show"), To: "attended"},
		{Name: "registration.miss", Roles: desk, Own: true, From: after("confirmed", "attended"), To: "no-show"},
		{Name: "registration.cancel", Roles: both, Own: true, From: after("confirmed"), To: "cancelled"},
	}
}

func evidenceVerbs() []Verb {
	return []Verb{
		{Name: "evidence.read", Roles: readers(Coordinator, Finance, Member), Own: true, Reads: true},
		{Name: "evidence.record", Roles: only(Officer, Coordinator, Member), Own: true, From: after(made), To: "reported", Rule: true},
		{Name: "evidence.verify", Roles: only(Officer), From: after("reported"), To: "verified", FourEyes: true},
		{Name: "evidence.reject", Roles: only(Officer), From: after("reported", "verified"), To: "rejected"},
		{Name: "evidence.reopen", Roles: only(Officer), From: after("rejected"), To: "reported"},
	}
}

// A settlement that is computed anew on other facts, after it was recalled or an objection was upheld, makes room as restated; the new version starts at
// computed.
func settlementVerbs() []Verb {
	return []Verb{
		{Name: "settlement.read", Roles: readers(Signatory, Coordinator, Finance), Own: true, Reads: true},
		{Name: "settlement.compute", Roles: only(Controller, Administrator), From: after(made), To: "computed"},
		{Name: "settlement.restate", Roles: only(Controller, Administrator), From: after("computed"), To: "restated"},
		{Name: "settlement.discard", Roles: only(Controller), From: after("computed"), To: "discarded"},
		{Name: "settlement.communicate", Roles: only(Controller), From: after("computed"), To: "communicated"},
		{Name: "settlement.object", Roles: only(Coordinator, Finance), Own: true, From: after("communicated"), To: "objection"},
		// money moved since it was computed: nobody could make it final
		{Name: "settlement.recall", Roles: only(Controller), From: after("communicated"), To: "restated"},
		{Name: "settlement.uphold", Roles: only(Approver), From: after("objection"), To: "restated"},
		{Name: "settlement.dismiss", Roles: only(Approver), From: after("objection"), To: "communicated", FourEyes: true},
		// the rule is the passing of the objection term
		{Name: "settlement.finalise", Roles: only(Approver), From: after("communicated"), To: "final", FourEyes: true, Rule: true},
	}
}

// Nobody gives a role to themselves or locks themselves out.
func userVerbs() []Verb {
	return []Verb{
		{Name: "user.read", Roles: only(Administrator, Auditor), Reads: true},
		{Name: "user.add", Roles: only(Administrator)},
		{Name: "user.grant", Roles: only(Administrator), FourEyes: true, Rule: true},
		{Name: "user.password", Roles: only(Administrator)},
		{Name: "user.disable", Roles: only(Administrator), FourEyes: true, Rule: true},
	}
}

// Everybody makes and revokes tokens of their own. The operator makes one for anybody; nobody else makes one that acts for another person.
func tokenVerbs() []Verb {
	return []Verb{
		{Name: "token.create", Roles: only(Administrator)},
		{Name: "token.revoke", Roles: only(Administrator)},
	}
}
