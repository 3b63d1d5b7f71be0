package db

func kpiConstraints() []Constraint {
	return []Constraint{
		check("sheet_version", "version", "db.count_from_one"),
		check("merge_other", "into", "company.merge_self"),
		check("share_version", "version", "db.count_from_one"),
		check("share_weight", "weight", "db.weight"),
		check("sample_population", "population", "db.count_from_one"),
		check("sample_size", "size", "db.count_from_one"),
		check("sampled_drawn", "drawn", "db.choice"),
		stays("company_merge_immutable"),
		stays("evidence_share_immutable"),
		stays("evidence_file_immutable"),
		stays("evidence_sample_immutable"),
		stays("evidence_sampled_immutable"),
		check("finding_outcome", "outcome", "quality.outcome_missing"),
		stays("finding_answer_immutable"),
		stays("kpi_sheet_immutable"),
		check("alert_rule", "rule", "db.choice"),
		check("alert_state", "state", "db.choice"),
		check("alert_grade", "grade", "db.choice"),
		once("alert", "alert_matter", "programme_id year rule organisation_id subject", "", "alert.moved"),
		check("alert_silent", "reason", "evidence.reason_required"),
		stays("alert_step_immutable"),
	}
}
