package db

func overlapConstraints() []Constraint {
	return []Constraint{
		check("overlap_kind", "kind", "db.choice"),
		check("overlap_score", "score", "db.choice"),
		check("overlap_state", "state", "db.choice"),
		check("overlap_order", "b", "db.choice"),
		once("overlap", "overlap_pair", "programme_id a_id b_id", "", "overlap.moved"),
		check("offer_state", "state", "db.choice"),
		once("overlap_offer", "overlap_offer_waits", "programme_id overlap_id", "", "overlap.moved"),
		check("offer_weight", "weight", "db.weight"),
		check("offer_needed", "needed", "db.choice"),
		stays("overlap_step_immutable"),
		stays("overlap_share_immutable"),
		check("plan_state", "state", "db.choice"),
		once("plan", "plan_year", "programme_id organisation_id year", "", "plan.moved"),
		check("planned_cost_amount", "amount", "db.amount_positive"),
		check("activity_price", "price", "db.amount_negative"),
		stays("plan_step_immutable"),
		stays("plan_line_immutable"),
	}
}
