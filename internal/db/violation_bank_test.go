package db_test

// bankUndying are the tables of payments whose rows may not go.
var bankUndying = []string{"bank_account", "payment_batch", "bank_line", "bank_statement", "recovery_reference"}

func bankViolations() map[string][]step {
	account := func(set ...string) []step {
		return one(again("bank_account", append([]string{"id", fresh}, set...)...))
	}
	batch := func(set ...string) []step {
		return one(again("payment_batch", append([]string{"id", fresh, "number", "2"}, set...)...))
	}
	line := func(set ...string) []step {
		return one(again("bank_line", append([]string{"id", fresh, "fingerprint", wrong}, set...)...))
	}
	all := map[string][]step{
		"rule_cooling":            one(again("programme_rule", "starts_on", "'2019-01-01'", "bank_cooling_days", "61")),
		"bank_account_state":      account("state", wrong),
		"bank_account_four_eyes":  account("decided_by", person),
		"bank_account_effective":  account("effective_on", "'2018-01-01'"),
		"batch_state":             batch("state", wrong),
		"batch_total":             batch("total", "0"),
		"batch_number_once":       one(again("payment_batch", "id", fresh)),
		"batch_four_eyes":         batch("approved_by", person),
		"batch_exported":          batch("sha256", wrong),
		"payment_end_once":        {again("payment", "id", fresh, "end_to_end", wrong), again("payment", "id", "'00000000-0000-7000-8000-00000000fffe'", "end_to_end", wrong)},
		"recovery_reference_once": one(again("recovery_reference", "year", "2019")),
		"bank_statement_once":     one(again("bank_statement", "id", fresh)),
		"bank_line_amount":        line("amount", "0"),
		"bank_line_state":         line("state", wrong),
		"bank_line_once":          one(again("bank_line", "id", fresh)),
		"bank_line_reason":        line("reason", wrong),
	}
	for _, table := range bankUndying {
		all[table+"_immutable"] = one(step{sql: "delete from " + table})
	}
	return all
}
