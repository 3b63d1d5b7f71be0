package db

// ruleConstraints are those of changes of a programme's rules.
func ruleConstraints() []Constraint {
	return []Constraint{
		check("rule_plan", "plan_days", "rules.plan_days_range"),
		check("rule_change_part", "part", "db.choice"),
		check("rule_change_category", "category", "db.choice"),
		check("rule_change_reason", "reason", "db.reason_missing"),
		once("rule_change", "rule_change_once", "programme_id part category starts_on", "from", "db.rule_date_taken"),
		stays("rule_change_immutable"),
	}
}
