package db

// bankConstraints are those of batches, bank accounts and bank statements.
func bankConstraints() []Constraint {
	return []Constraint{
		check("rule_cooling", "bank_cooling", "db.cooling_days"),
		check("bank_account_state", "state", "db.choice"),
		fourEyes("bank_account_four_eyes"),
		check("bank_account_effective", "effective_on", "db.bank_effective"),
		stays("bank_account_immutable"),
		check("batch_state", "state", "db.choice"),
		check("batch_total", "total", "db.amount_positive"),
		once("payment_batch", "batch_number_once", "programme_id number", "number", "db.batch_number_taken"),
		fourEyes("batch_four_eyes"),
		check("batch_exported", "sha256", "db.batch_exported"),
		stays("payment_batch_immutable"),
		once("payment", "payment_end_once", "programme_id end_to_end", "end_to_end", "db.end_to_end_taken"),
		once("recovery_reference", "recovery_reference_once", "programme_id reference", "reference", "db.reference_taken"),
		stays("recovery_reference_immutable"),
		once("bank_statement", "bank_statement_once", "programme_id sha256 position", "file", "db.statement_read"),
		stays("bank_statement_immutable"),
		check("bank_line_amount", "amount", "db.line_amount"),
		check("bank_line_state", "state", "db.choice"),
		once("bank_line", "bank_line_once", "programme_id fingerprint", "line", "db.line_read"),
		check("bank_line_reason", "reason", "db.line_reason"),
		stays("bank_line_immutable"),
	}
}
