package db

// partnerConstraints are those of what changes about a partner.
func partnerConstraints() []Constraint {
	return []Constraint{
		check("partner_change_kind", "kind", "db.choice"),
		check("partner_change_reason", "reason", "db.reason_missing"),
		check("partner_change_successor", "into", "db.successor"),
		stays("partner_change_immutable"),
	}
}
