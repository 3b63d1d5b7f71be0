package db_test

func partnerViolations() map[string][]step {
	change := func(set ...string) []step {
		return one(again("partner_change", append([]string{"id", fresh}, set...)...))
	}
	return map[string][]step{
		"partner_change_kind":      change("kind", wrong),
		"partner_change_reason":    change("reason", "''"),
		"partner_change_successor": change("kind", "'merger'"),
		"partner_change_immutable": one(step{sql: "delete from partner_change"}),
	}
}
