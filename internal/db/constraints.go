package db

import (
	"slices"

	"errera.eu/errera/internal/fault"
)

// Constraints is the map from every named constraint, unique key and trigger of the migrations to a fault at a field.
func Constraints() []Constraint {
	return slices.Concat(agencyConstraints(), programmeConstraints(), candidateConstraints(), agreementConstraints(), activityConstraints(),
		fundingConstraints(), claimConstraints(), ledgerConstraints(), recordConstraints(), kpiConstraints(), letterConstraints(), signingConstraints(), partnerConstraints(), bankConstraints(),
		knowledgeConstraints(), overlapConstraints(), feedConstraints(), ruleConstraints())
}

func agencyConstraints() []Constraint {
	return []Constraint{
		once("organisation", "organisation_code_once", "code", "code", "db.code_taken"),
		check("organisation_kind", "kind", "db.choice"),
		check("organisation_vat", "vat_recoverable", "db.share"),
		once("person", "person_email_once", "email", "email", "db.email_taken"),
		once("calendar_key", "calendar_key_person", "person_id", "", "access.calendar_moved"),
		check("person_language", "language", "db.choice"),
		check("person_disabled", "disabled", "db.choice"),
		check("company_size", "size_class", "db.choice"),
		once("company", "company_number_once", "scheme number", "number", "db.company_number_taken"),
		check("membership_role", "role", "db.choice"),
		check("membership_somewhere", "organisation", "db.membership_somewhere"),
		once("membership", "membership_organisation_once", "person_id organisation_id role", "role", "db.role_held"),
		once("membership", "membership_company_once", "person_id company_id role", "role", "db.role_held"),
	}
}

func programmeConstraints() []Constraint {
	return []Constraint{
		once("programme", "programme_code_once", "code", "code", "db.code_taken"),
		check("programme_invented", "invented", "db.choice"),
		check("programme_state", "state", "db.choice"),
		check("programme_period", "ends_on", "db.ends_before_start"),
		{Name: "programme_opens_once", Kind: fault.KindConflict, Key: "db.programme_open"},
		once("programme_rule", "programme_rule_pkey", "programme_id starts_on", "starts_on", "db.rule_date_taken"),
		check("rule_rate", "rate", "db.share"),
		check("rule_performance", "performance", "db.share"),
		check("rule_advance", "advance", "db.share"),
		check("rule_objection", "objection_days", "db.objection_days"),
		check("rule_carry_over", "carry_over", "db.share"),
		check("rule_year_of", "year_of", "db.choice"),
		check("rule_answer", "answer_days", "db.answer_days"),
		once("goal", "goal_code_once", "programme_id code", "code", "db.code_taken"),
		once("envelope", "envelope_pkey", "programme_id year", "year", "db.year_taken"),
		check("envelope_amount", "amount", "db.amount_negative"),
		check("decision_kind", "kind", "db.choice"),
		check("decision_state", "state", "db.choice"),
		fourEyes("decision_four_eyes"),
		once("decision", "decision_code_once", "programme_id code", "code", "db.code_taken"),
		check("kpi_version", "version", "db.count_from_one"),
		check("kpi_joint_only", "joint_only", "db.choice"),
		check("kpi_aggregate", "aggregate", "db.choice"),
		check("kpi_measure", "measure", "db.choice"),
		check("kpi_joint", "joint", "db.choice"),
		check("kpi_direction", "direction", "db.choice"),
		check("kpi_decimals", "decimals", "db.decimals"),
		check("kpi_min_sample", "min_sample", "db.number_negative"),
		check("kpi_verified_only", "verified_only", "db.choice"),
		check("kpi_cockpit", "cockpit", "db.choice"),
		once("kpi", "kpi_code_once", "programme_id code", "code", "db.code_taken"),
		check("kpi_share_adds", "joint", "db.share_adds"),
		once("upload", "upload_once", "programme_id kind sha256", "file", "db.file_loaded"),
	}
}

func candidateConstraints() []Constraint {
	return []Constraint{
		check("criterion_weight", "weight", "db.criterion_weight"),
		once("criterion", "criterion_code_once", "programme_id code", "code", "db.code_taken"),
		check("candidate_state", "state", "db.choice"),
		once("candidate", "candidate_once", "programme_id organisation_id", "organisation", "db.candidate_twice"),
		fourEyes("candidate_four_eyes"),
		check("candidate_decision", "state", "db.candidate_decision"),
		check("candidate_draft", "agreement", "db.candidate_draft"),
		check("interest_conflict", "conflict", "db.choice"),
		check("interest_words", "interest", "db.interest_words"),
		check("score_points", "score", "db.score_points"),
		check("score_words", "words", "db.score_words"),
		{Name: "score_conflict", Kind: fault.KindDenied, Key: "db.score_conflict"},
		stays("score_immutable"), stays("interest_stays"), stays("candidate_immutable"),
	}
}

func agreementConstraints() []Constraint {
	return append(versionConstraints(),
		check("agreement_state", "state", "db.choice"),
		check("agreement_version", "version", "db.count_from_one"),
		once("agreement", "agreement_partner_once", "programme_id organisation_id", "partner", "db.agreement_exists"),
		check("agreement_period", "ends_on", "db.ends_before_start"),
		once("agreement_ceiling", "agreement_ceiling_pkey", "programme_id agreement_id year", "year", "db.year_taken"),
		check("ceiling_amount", "amount", "db.amount_negative"),
		Constraint{Name: "ceiling_settled", Field: "amount", Kind: fault.KindConflict, Key: "db.ceiling_settled"},
		Constraint{Name: "ceiling_bound", Field: "amount", Kind: fault.KindConflict, Key: "db.ceiling_bound"},
		Constraint{Name: "target_settled", Field: "value", Kind: fault.KindConflict, Key: "db.target_settled"},
		check("ceiling_carried", "carried", "db.amount_negative"),
		once("objective", "objective_code_once", "programme_id agreement_id code", "code", "db.code_taken"),
		check("assignment_rule", "rule", "db.choice"),
		check("assignment_weight", "weight", "db.weight"),
		check("assignment_floor", "floor", "db.floor"),
		once("assignment", "assignment_kpi_once", "programme_id agreement_id kpi_id", "kpi", "db.kpi_agreed"),
		once("target", "target_pkey", "programme_id assignment_id year set_on", "set_on", "db.target_set"),
		once("waiver", "waiver_pkey", "programme_id assignment_id year", "year", "db.year_taken"),
		check("assignment_cap", "cap", "db.cap"),
	)
}

// versionConstraints are those of agreements as documents and of their negotiation.
func versionConstraints() []Constraint {
	return []Constraint{
		check("clause_level", "level", "db.choice"),
		once("clause_template", "clause_template_pkey", "programme_id code", "code", "db.code_taken"),
		check("version_number", "version", "db.count_from_one"),
		check("version_side", "side", "db.choice"),
		check("version_state", "state", "db.choice"),
		once("agreement_version", "agreement_version_pkey", "programme_id agreement_id n", "version", "db.version_taken"),
		{Name: "version_both", Kind: fault.KindConflict, Key: "db.version_both"},
		check("acceptance_side", "side", "db.choice"),
		once("agreement_acceptance", "agreement_acceptance_pkey", "programme_id agreement_id n side", "version", "db.accepted_once"),
		check("comment_side", "side", "db.choice"),
		check("comment_state", "state", "db.choice"),
		check("draft_side", "side", "db.choice"),
		check("draft_revision", "revision", "db.count_from_one"),
		check("draft_aside", "aside", "db.choice"),
		once("agreement_draft", "agreement_draft_pkey", "programme_id agreement_id side revision", "revision", "db.draft_taken"),
		stays("agreement_comment_immutable"),
		stays("agreement_version_immutable"), stays("agreement_acceptance_immutable"),
	}
}

func activityConstraints() []Constraint {
	return []Constraint{
		check("activity_type", "type", "db.choice"),
		check("activity_state", "state", "db.choice"),
		check("activity_place", "place", "db.choice"),
		check("activity_organisers", "organisers", "db.organiser_needed"),
		once("activity", "activity_code_once", "programme_id code", "code", "db.code_taken"),
		check("activity_dates", "ends_on", "db.ends_before_start"),
		once("activity_organiser", "activity_organiser_pkey", "programme_id activity_id organisation_id", "organisers", "db.organiser_twice"),
		check("organiser_weight", "weight", "db.weight"),
		check("participation_state", "state", "db.choice"),
		once("participation", "participation_once", "programme_id activity_id company_id", "company", "db.participation_twice"),
		once("outcome", "outcome_code_once", "programme_id code", "code", "db.code_taken"),
		check("evidence_kind", "kind", "db.choice"),
		check("evidence_weights", "weights", "db.weight"),
		check("evidence_state", "state", "db.choice"),
		once("evidence", "evidence_source_once", "programme_id source_kind source_id", "source", "db.evidence_twice"),
		check("credit_weight", "weight", "db.weight"),
	}
}

func fundingConstraints() []Constraint {
	return []Constraint{
		check("claim_number", "number", "db.count_from_one"),
		check("claim_state", "state", "db.choice"),
		once("claim", "claim_number_once", "programme_id agreement_id year number", "number", "db.claim_number_taken"),
		fourEyes("claim_four_eyes"),
		fourEyes("claim_own_work"),
		check("item_state", "state", "db.choice"),
		once("cost_item", "item_ref_once", "programme_id ref", "ref", "db.code_taken"),
		check("item_deduction", "deducted", "db.deduction"),
		check("item_reason", "reason_code", "db.deduction_reason"),
		check("item_counts", "accepted", "db.item_counts"),
		check("item_kind", "kind", "db.choice"),
		check("item_allocation", "allocation", "db.share"),
		check("item_vat", "vat_recoverable", "db.share"),
		check("item_income", "income", "db.amount_negative"),
		check("item_cap", "cap", "db.amount_negative"),
		check("item_procured", "procured", "db.choice"),
		fourEyes("claim_second_eyes"),
		check("payment_kind", "kind", "db.choice"),
		check("payment_amount", "amount", "db.amount_positive"),
		check("payment_state", "state", "db.choice"),
		fourEyes("payment_four_eyes"),
		check("correction_cost", "cost", "db.amount_positive"),
		check("correction_due", "due", "db.correction_due"),
		check("settlement_version", "version", "db.count_from_one"),
		check("settlement_state", "state", "db.choice"),
		check("settlement_score", "score", "db.share"),
		once("settlement", "settlement_version_once", "programme_id agreement_id year version", "version", "db.settlement_version_taken"),
		check("settlement_adds", "final", "db.settlement_adds"),
		check("settlement_within_half", "final", "db.settlement_within_half"),
		fourEyes("settlement_four_eyes"),
		check("objection_reason", "reason", "db.objection_reason"),
		check("objection_outcome", "outcome", "db.choice"),
		check("objection_answered", "answer", "db.objection_answered"),
		once("settlement_objection", "settlement_objection_pkey", "programme_id settlement_id", "reason", "db.objected_before"),
		check("recall_reason", "reason", "db.recall_reason"),
		once("settlement_recall", "settlement_recall_pkey", "programme_id settlement_id", "reason", "db.recalled_before"),
		{Name: "settlement_final", Kind: fault.KindConflict, Key: "db.settlement_final"},
	}
}

// claimConstraints hold the rules and the talk about claims.
func claimConstraints() []Constraint {
	return []Constraint{
		check("category_cap", "cap", "db.amount_negative"),
		check("category_hour_cap", "hour_cap", "db.amount_negative"),
		check("category_flat", "flat", "db.share"),
		check("claim_rule_sample", "sample", "db.share"),
		check("claim_rule_claim_days", "claim_days", "db.term_days"),
		check("claim_rule_reply_days", "reply_days", "db.term_days"),
		check("claim_rule_parked_days", "parked_days", "db.term_days"),
		check("shared_weight", "weight", "db.weight"),
		check("ceiling_change_amount", "amount", "db.amount_positive"),
		check("ceiling_change_carried", "carried", "db.choice"),
		check("ceiling_change_due", "due", "db.amount_negative"),
		check("sample_rule", "rule", "db.choice"),
		check("claim_message_kind", "kind", "db.choice"),
		check("objection_state", "state", "db.choice"),
		fourEyes("objection_four_eyes"),
	}
}

func ledgerConstraints() []Constraint {
	return []Constraint{
		check("entry_postings", "", "db.entry_postings"),
		once("entry", "entry_key_once", "programme_id key", "", "db.entry_booked"),
		once("entry", "entry_number_once", "programme_id n", "", "db.entry_number_taken"),
		once("entry", "entry_reversed_once", "programme_id reverses_id", "", "db.entry_reversed"),
		check("posting_amount", "amount", "db.posting_zero"),
		{Name: "posting_before_entry", Kind: fault.KindConflict, Key: "db.posting_late"},
		{Name: "ledger_balance", Kind: fault.KindConflict, Key: "db.ledger_balance"},
		{Name: "ledger_count", Kind: fault.KindConflict, Key: "db.ledger_count"},
		{Name: "ledger_ceiling", Kind: fault.KindConflict, Key: "db.ledger_ceiling"},
	}
}

// recordConstraints are the triggers that keep what was recorded as it was.
func recordConstraints() []Constraint {
	return []Constraint{
		stays("category_rule_immutable"), stays("ceiling_change_immutable"), stays("claim_message_immutable"), stays("claim_objection_immutable"), stays("claim_rule_immutable"),
		stays("item_sample_immutable"), stays("shared_invoice_immutable"), stays("shared_part_immutable"),
		stays("agreement_ceiling_immutable"), stays("audit_immutable"), stays("cell_evidence_immutable"), stays("cell_immutable"),
		stays("claim_immutable"), stays("correction_immutable"), stays("cost_item_immutable"), stays("decision_immutable"),
		stays("entry_immutable"), stays("evidence_credit_immutable"), stays("evidence_decision_immutable"), stays("evidence_immutable"),
		stays("payment_immutable"), stays("posting_immutable"), stays("programme_rule_immutable"), stays("settlement_immutable"),
		stays("settlement_objection_immutable"), stays("settlement_recall_immutable"),
		stays("target_immutable"), stays("upload_immutable"), stays("waiver_immutable"),
		stays("book_close_immutable"), check("book_close_accrued", "accrued", "db.amount_negative"),
		{Name: "books_closed", Kind: fault.KindConflict, Key: "db.books_closed"},
	}
}

// letterConstraints are those of mail and of proofs.
func letterConstraints() []Constraint {
	return []Constraint{
		check("mail_language", "language", "db.choice"),
		check("mail_state", "state", "db.choice"),
		once("mail", "mail_once", "programme_id once_key", "", "db.mail_once"),
		check("file_size", "file", "db.file_empty"),
		check("file_scan", "scan", "db.choice"),
		stays("file_immutable"),
	}
}

// signingConstraints are those of signatures, seals, and of what was signed.
func signingConstraints() []Constraint {
	return []Constraint{
		check("signature_side", "side", "db.choice"),
		check("signature_way", "way", "db.choice"),
		check("signature_file", "file", "db.signature_file"),
		once("agreement_signature", "signature_person_once", "programme_id agreement_id n person_id", "", "db.signed_once"),
		{Name: "signature_in_order", Kind: fault.KindConflict, Key: "db.signature_order"},
		stays("signature_immutable"), stays("seal_immutable"),
		{Name: "agreement_signed", Kind: fault.KindConflict, Key: "db.agreement_signed"},
	}
}
