package db_test

// overlapUndying are the tables of overlaps whose rows do not go once recorded.
var overlapUndying = []string{"overlap_step", "overlap_share", "plan_step", "plan_line"}

func overlapViolations() map[string][]step {
	return map[string][]step{
		"overlap_kind":            one(again("overlap", "id", fresh, "kind", "'no'")),
		"overlap_score":           one(step{sql: "update overlap set score_bp = 10001"}),
		"overlap_state":           one(step{sql: "update overlap set state = 'no'"}),
		"overlap_order":           one(step{sql: "update overlap set b_id = a_id"}),
		"overlap_pair":            one(again("overlap", "id", fresh)),
		"offer_state":             one(step{sql: "update overlap_offer set state = 'no'"}),
		"overlap_offer_waits":     one(again("overlap_offer", "id", fresh)),
		"offer_weight":            one(again("overlap_share", "organisation_id", "'00000000-0000-7000-8000-000000000101'", "weight", "0")),
		"offer_needed":            one(again("overlap_share", "organisation_id", "'00000000-0000-7000-8000-000000000101'", "needed", "2")),
		"plan_state":              one(step{sql: "update plan set state = 'no'"}),
		"plan_year":               one(again("plan", "id", fresh)),
		"planned_cost_amount":     one(step{sql: "update planned_cost set amount = 0"}),
		"activity_price":          one(step{sql: "update activity set price = -1"}),
		"plan_step_immutable":     one(step{sql: "delete from plan_step"}),
		"plan_line_immutable":     one(step{sql: "delete from plan_line"}),
		"overlap_step_immutable":  one(step{sql: "delete from overlap_step"}),
		"overlap_share_immutable": one(step{sql: "update overlap_share set weight = 2"}),
	}
}
