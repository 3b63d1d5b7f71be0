package db_test

func ruleViolations() map[string][]step {
	change := func(set ...string) []step {
		return one(again("rule_change", append([]string{"id", fresh}, set...)...))
	}
	return map[string][]step{
		"rule_plan":             one(again("programme_rule", "starts_on", "'2019-01-01'", "plan_days", "366")),
		"rule_change_part":      change("part", wrong),
		"rule_change_category":  change("category", "''", "starts_on", "'2019-01-01'"),
		"rule_change_reason":    change("reason", "''", "starts_on", "'2019-01-01'"),
		"rule_change_once":      change(),
		"rule_change_immutable": one(step{sql: "delete from rule_change"}),
	}
}
