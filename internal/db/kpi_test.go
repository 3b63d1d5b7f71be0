package db_test

// kpiUndying are the tables of KPIs and evidence whose rows do not go once recorded.
var kpiUndying = []string{"kpi_sheet", "company_merge", "company_apart", "evidence_share", "evidence_file", "evidence_sample", "evidence_sampled", "finding_answer",
	"alert_step", "measure"}

func kpiViolations() map[string][]step {
	return map[string][]step{
		"share_version":              one(again("evidence_share", "version", "0")),
		"share_weight":               one(again("evidence_share", "version", "2", "weight", "0")),
		"sample_population":          one(again("evidence_sample", "id", fresh, "population", "0")),
		"sample_size":                one(again("evidence_sample", "id", fresh, "size", "0")),
		"sampled_drawn":              one(again("evidence_sampled", "sample_id", fresh, "drawn", "2")),
		"evidence_share_immutable":   one(step{sql: "delete from evidence_share"}),
		"evidence_file_immutable":    one(step{sql: "delete from evidence_file"}),
		"evidence_sample_immutable":  one(step{sql: "delete from evidence_sample"}),
		"evidence_sampled_immutable": one(step{sql: "delete from evidence_sampled"}),
		"finding_outcome":            one(again("finding_answer", "id", fresh, "outcome", "'no'")),
		"finding_answer_immutable":   one(step{sql: "delete from finding_answer"}),
		"merge_other":                one(again("company_merge", "id", fresh, "into_id", "from_id")),
		"company_merge_immutable":    one(step{sql: "delete from company_merge"}),
		"apart_order":                one(again("company_apart", "id", fresh, "b_id", "a_id")),
		"company_apart_once":         one(again("company_apart", "id", fresh)),
		"company_apart_immutable":    one(step{sql: "delete from company_apart"}),
		"sheet_version":              one(again("kpi_sheet", "version", "0")),
		"alert_rule":                 one(again("alert", "id", fresh, "rule", "'no'", "subject", "'a'")),
		"alert_state":                one(again("alert", "id", fresh, "state", "'no'", "subject", "'a'")),
		"alert_grade":                one(again("alert", "id", fresh, "grade", "3", "subject", "'a'")),
		"alert_matter":               one(again("alert", "id", fresh)),
		"alert_silent":               one(step{sql: "update alert set state = 'silenced'"}),
		"alert_step_immutable":       one(step{sql: "delete from alert_step"}),
		"evidence_kpi_declared":      one(again("evidence", "id", fresh, "source_id", wrong, "kpi_id", "'00000000-0000-7000-8000-000000000601'")),
		"rule_declared":              one(again("programme_rule", "starts_on", "'2019-01-01'", "declared_bp", "10001")),
		"rule_alert_chance":          one(again("programme_rule", "starts_on", "'2019-01-01'", "alert_chance_bp", "0")),
		"rule_alert_stake":           one(again("programme_rule", "starts_on", "'2019-01-01'", "alert_stake_bp", "0")),
		"rule_report_grace":          one(again("programme_rule", "starts_on", "'2019-01-01'", "report_grace_days", "0")),
		"measure_quarter":            one(again("measure", "id", fresh, "quarter", "5")),
		"measure_n":                  one(again("measure", "id", fresh, "n", "0")),
		"measure_status":             one(again("measure", "id", fresh, "n", "2", "status", "'waived'")),
		"measure_zero":               one(again("measure", "id", fresh, "n", "2", "value", "'0'")),
		"measure_once":               one(again("measure", "id", fresh)),
		"measure_immutable":          one(step{sql: "delete from measure"}),
		"kpi_sheet_immutable":        one(step{sql: "delete from kpi_sheet"}),
	}
}
