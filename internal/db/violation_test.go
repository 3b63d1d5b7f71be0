package db_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

const (
	fresh  = `'00000000-0000-7000-8000-00000000ffff'`
	person = `'00000000-0000-7000-8000-000000000001'`
	wrong  = `'wrong'`
)

// violations holds, for every constraint of the map, the statements whose last one breaks it and nothing else.
func violations() map[string][]step {
	all := map[string][]step{}
	for _, part := range []map[string][]step{agencyViolations(), programmeViolations(), candidateViolations(), agreementViolations(), activityViolations(),
		fundingViolations(), claimViolations(), ledgerViolations(), kpiViolations(), recordViolations(), letterViolations(), signingViolations(), partnerViolations(), bankViolations(), knowledgeViolations(), overlapViolations(), feedViolations(), ruleViolations()} {
		maps.Copy(all, part)
	}
	return all
}

func one(s step) []step { return []step{s} }

func agencyViolations() map[string][]step {
	return map[string][]step{
		"organisation_code_once":       one(again("organisation", "id", fresh)),
		"organisation_kind":            one(again("organisation", "id", fresh, "code", wrong, "kind", wrong)),
		"organisation_vat":             one(again("organisation", "id", fresh, "code", wrong, "vat_recoverable_bp", "10001")),
		"person_email_once":            one(again("person", "id", fresh)),
		"calendar_key_person":          one(again("calendar_key", "id", fresh)),
		"person_language":              one(again("person", "id", fresh, "email", wrong, "language", "'de'")),
		"person_disabled":              one(again("person", "id", fresh, "email", wrong, "disabled", "2")),
		"company_size":                 one(again("company", "id", fresh, "number", wrong, "size_class", wrong)),
		"company_number_once":          one(again("company", "id", fresh)),
		"membership_role":              one(again("membership", "role", wrong)),
		"membership_somewhere":         one(again("membership", "role", "'payer'", "organisation_id", "null", "company_id", "null")),
		"membership_organisation_once": one(again("membership")),
		"membership_company_once": {again("membership", "person_id", "'00000000-0000-7000-8000-000000000002'", "organisation_id", "null", "company_id",
			"'00000000-0000-7000-8000-000000000201'", "role", "'company'")},
	}
}

func programmeViolations() map[string][]step {
	programme := func(column, value string) []step {
		return one(again("programme", "id", fresh, "code", wrong, column, value))
	}
	rule := func(column, value string) []step {
		return one(again("programme_rule", "starts_on", "'2019-01-01'", column, value))
	}
	kpi := func(column, value string) []step { return one(again("kpi", "id", fresh, "code", wrong, column, value)) }
	return map[string][]step{
		"programme_code_once":  one(again("programme", "id", fresh)),
		"programme_invented":   programme("invented", "2"),
		"programme_state":      programme("state", wrong),
		"programme_period":     programme("ends_on", "'2016-12-31'"),
		"programme_opens_once": {{sql: "update programme set state = 'importing'"}},
		"programme_rule_pkey":  one(again("programme_rule")),
		"rule_rate":            rule("rate_bp", "10001"),
		"rule_performance":     rule("performance_bp", "-1"),
		"rule_advance":         rule("advance_bp", "10001"),
		"rule_objection":       rule("objection_days", "366"),
		"rule_carry_over":      rule("carry_over_bp", "10001"),
		"rule_year_of":         rule("year_of", wrong),
		"rule_answer":          rule("answer_days", "0"),
		"goal_code_once":       one(again("goal", "id", fresh)),
		"envelope_pkey":        one(again("envelope")),
		"envelope_amount":      one(again("envelope", "year", "2019", "amount", "-1")),
		"decision_kind":        one(again("decision", "id", fresh, "code", wrong, "kind", wrong)),
		"decision_code_once":   one(again("decision", "id", fresh)),
		"decision_state":       one(again("decision", "id", fresh, "code", wrong, "state", wrong)),
		"decision_four_eyes":   one(again("decision", "id", fresh, "code", wrong, "proposed_by", person)),
		"kpi_version":          kpi("version", "0"),
		"kpi_joint_only":       kpi("joint_only", "2"),
		"kpi_aggregate":        kpi("aggregate", wrong),
		"kpi_measure":          kpi("measure", wrong),
		"kpi_joint":            one(again("kpi", "id", fresh, "code", wrong, "joint", wrong, "aggregate", "'sum'")),
		"kpi_direction":        kpi("direction", wrong),
		"kpi_decimals":         kpi("decimals", "7"),
		"kpi_min_sample":       kpi("min_sample", "-1"),
		"kpi_verified_only":    kpi("verified_only", "2"),
		"kpi_cockpit":          kpi("cockpit", "2"),
		"kpi_code_once":        one(again("kpi", "id", fresh)),
		"kpi_share_adds":       kpi("joint", "'share'"),
		"upload_once":          one(again("upload", "id", fresh)),
	}
}

func candidateViolations() map[string][]step {
	candidate := func(set ...string) []step {
		return one(again("candidate", append([]string{"id", fresh, "organisation_id", "'00000000-0000-7000-8000-000000000101'"}, set...)...))
	}
	conflict := step{sql: "update interest set conflict = 1, words = 'a cousin'"}
	return map[string][]step{
		"criterion_weight":    one(again("criterion", "id", fresh, "code", wrong, "weight", "0")),
		"criterion_code_once": one(again("criterion", "id", fresh)),
		"candidate_state":     candidate("state", wrong),
		"candidate_once":      one(again("candidate", "id", fresh)),
		"candidate_four_eyes": candidate("state", "'declined'", "decided_on", "'2016-10-01'", "decided_by", person),
		"candidate_decision":  candidate("state", "'invited'"),
		"candidate_draft":     candidate("state", "'drafted'", "decided_on", "'2016-10-01'"),
		"interest_conflict":   one(again("interest", "person_id", person, "conflict", "2", "words", wrong)),
		"interest_words":      one(again("interest", "person_id", person, "conflict", "1")),
		"score_points":        {{sql: "update score set points = 6"}},
		"score_words":         {{sql: "update score set words = ''"}},
		"score_conflict":      {conflict, {sql: "update score set points = 5"}},
		"score_immutable":     {{sql: "update candidate set state = 'assessed'"}, {sql: "update score set points = 5"}},
		"interest_stays":      {conflict, {sql: "update interest set conflict = 0"}},
		"candidate_immutable": {{sql: "update candidate set state = 'declined', decided_on = '2016-10-01', reason = 'no'"},
			{sql: "update candidate set reason = 'yes'"}},
	}
}

func agreementViolations() map[string][]step {
	all := versionViolations()
	maps.Copy(all, map[string][]step{
		"agreement_state":        one(again("agreement", "id", fresh, "organisation_id", "'00000000-0000-7000-8000-000000000101'", "state", wrong)),
		"agreement_version":      one(again("agreement", "id", fresh, "organisation_id", "'00000000-0000-7000-8000-000000000101'", "version", "0")),
		"agreement_partner_once": one(again("agreement", "id", fresh)),
		"agreement_period":       one(again("agreement", "id", fresh, "organisation_id", "'00000000-0000-7000-8000-000000000101'", "ends_on", "'2016-12-31'")),
		"agreement_ceiling_pkey": one(again("agreement_ceiling")),
		"ceiling_amount":         one(again("agreement_ceiling", "year", "2019", "amount", "-1")),
		"ceiling_carried":        one(again("agreement_ceiling", "year", "2019", "carried", "-1")),
		"ceiling_settled":        {{sql: "update settlement set state = 'communicated'"}, {sql: "update agreement_ceiling set amount = amount + 1"}},
		"ceiling_bound":          {{sql: "update agreement_ceiling set amount = 4875"}, {sql: "update agreement_ceiling set amount = 4874"}}, // due 3900 of 80 %
		"target_settled":         {{sql: "update settlement set state = 'communicated'"}, again("target", "set_on", "'2018-12-01'")},
		"objective_code_once":    one(again("objective", "id", fresh)),
		"assignment_rule":        one(again("assignment", "id", fresh, "rule", "'wrong'")),
		"assignment_weight":      one(again("assignment", "id", fresh, "weight", "-1")),
		"assignment_floor":       one(again("assignment", "id", fresh, "floor_bp", "10000")),
		"assignment_kpi_once":    one(again("assignment", "id", fresh)),
		"target_pkey":            one(again("target")),
		"waiver_pkey":            one(again("waiver")),
		"assignment_cap":         one(again("assignment", "id", fresh, "cap_bp", "0")),
	})
	return all
}

func versionViolations() map[string][]step {
	version := func(set ...string) []step {
		return one(again("agreement_version", append([]string{"n", "2"}, set...)...))
	}
	return map[string][]step{
		"clause_level":                   one(again("clause_template", "code", wrong, "level", "3")),
		"clause_template_pkey":           one(again("clause_template")),
		"version_number":                 version("n", "0"),
		"version_side":                   version("side", wrong),
		"version_state":                  {{sql: "update agreement_version set state = 'wrong'"}},
		"agreement_version_pkey":         one(again("agreement_version", "hash", wrong)),
		"version_both":                   {{sql: "update agreement_version set state = 'accepted'"}},
		"acceptance_side":                one(again("agreement_acceptance", "side", wrong)),
		"agreement_acceptance_pkey":      one(again("agreement_acceptance")),
		"comment_side":                   one(again("agreement_comment", "id", fresh, "side", wrong)),
		"comment_state":                  {{sql: "update agreement_comment set state = 'wrong'"}},
		"draft_side":                     one(again("agreement_draft", "side", wrong)),
		"draft_revision":                 one(again("agreement_draft", "revision", "0")),
		"draft_aside":                    one(again("agreement_draft", "revision", "2", "aside", "2")),
		"agreement_draft_pkey":           one(again("agreement_draft")),
		"agreement_comment_immutable":    {{sql: "update agreement_comment set words = 'other'"}},
		"agreement_version_immutable":    {{sql: "update agreement_version set document = 'other'"}},
		"agreement_acceptance_immutable": {{sql: "delete from agreement_acceptance"}},
	}
}

func activityViolations() map[string][]step {
	return map[string][]step{
		"activity_type":           {{sql: "update activity set type = 'wrong'"}},
		"activity_state":          {{sql: "update activity set state = 'wrong'"}},
		"activity_place":          {{sql: "update activity set place = 'wrong'"}},
		"activity_organisers":     {{sql: "update activity set organisers = 0"}},
		"activity_code_once":      one(again("activity", "id", fresh)),
		"activity_dates":          {{sql: "update activity set ends_on = '2018-04-30'"}},
		"activity_organiser_pkey": one(again("activity_organiser")),
		"organiser_weight":        {{sql: "update activity_organiser set weight = 0"}},
		"participation_state":     {{sql: "update participation set state = 'wrong'"}},
		"participation_once":      one(again("participation", "id", fresh)),
		"outcome_code_once":       one(again("outcome", "id", fresh)),
		"evidence_kind":           one(again("evidence", "id", fresh, "source_id", fresh, "kind", wrong)),
		"evidence_weights":        one(again("evidence", "id", fresh, "source_id", fresh, "weights", "0")),
		"evidence_state":          {{sql: "update evidence set state = 'wrong'"}},
		"evidence_source_once":    one(again("evidence", "id", fresh)),
		"credit_weight":           one(again("evidence_credit", "organisation_id", "'00000000-0000-7000-8000-000000000101'", "weight", "0")),
	}
}

func fundingViolations() map[string][]step {
	item := func(set ...string) []step {
		return one(again("cost_item", append([]string{"id", fresh, "ref", wrong, "invoice_key", "null"}, set...)...))
	}
	payment := func(column, value string) []step { return one(again("payment", "id", fresh, column, value)) }
	settlement := func(set ...string) []step {
		return one(again("settlement", append([]string{"id", fresh, "version", "2"}, set...)...))
	}
	return map[string][]step{
		"claim_number":              one(again("claim", "id", fresh, "number", "0")),
		"claim_state":               {{sql: "update claim set state = 'wrong'"}},
		"claim_number_once":         one(again("claim", "id", fresh)),
		"claim_four_eyes":           one(again("claim", "id", fresh, "number", "2", "approved_by", person)),
		"claim_own_work":            one(again("claim", "id", fresh, "number", "2", "verified_by", person)),
		"item_state":                {{sql: "update cost_item set accepted = 0, state = 'wrong'"}},
		"item_ref_once":             one(again("cost_item", "id", fresh, "invoice_key", "null")),
		"item_kind":                 item("kind", wrong),
		"item_allocation":           item("allocation_bp", "10001"),
		"item_vat":                  item("vat_recoverable_bp", "-1"),
		"item_income":               item("income", "-1"),
		"item_cap":                  item("cap", "-1"),
		"item_procured":             item("procured", "2"),
		"claim_second_eyes":         one(again("claim", "id", fresh, "number", "2", "reviewed_by", person)),
		"item_deduction":            item("deducted", "10001", "reason_code", wrong),
		"item_reason":               item("deducted", "1"),
		"item_counts":               item("state", "'parked'"),
		"payment_kind":              payment("kind", wrong),
		"payment_amount":            payment("amount", "0"),
		"payment_state":             payment("state", wrong),
		"payment_four_eyes":         payment("approved_by", person),
		"correction_cost":           one(again("correction", "id", fresh, "cost", "0")),
		"correction_due":            one(again("correction", "id", fresh, "due", "1")),
		"settlement_version":        settlement("version", "0"),
		"settlement_state":          settlement("state", wrong),
		"settlement_score":          settlement("score_bp", "10001"),
		"settlement_version_once":   settlement("version", "1"),
		"settlement_adds":           settlement("own", "5271"),
		"settlement_within_half":    settlement("final", "5001", "own", "4999"),
		"settlement_four_eyes":      settlement("final_by", person),
		"objection_reason":          {again("settlement", "id", fresh, "version", "2"), again("settlement_objection", "settlement_id", fresh, "reason", "''")},
		"objection_outcome":         one(step{sql: "update settlement_objection set outcome = 'wrong', answer = 'no', answered_on = '2019-03-01'"}),
		"objection_answered":        one(step{sql: "update settlement_objection set outcome = 'upheld'"}),
		"settlement_objection_pkey": one(again("settlement_objection")),
		"recall_reason":             {again("settlement", "id", fresh, "version", "2"), again("settlement_recall", "settlement_id", fresh, "reason", "''")},
		"settlement_recall_pkey":    one(again("settlement_recall")),
		"settlement_final":          {{sql: "update settlement set state = 'final'"}, {sql: "update settlement set state = 'restated'"}},
	}
}

func claimViolations() map[string][]step {
	category := func(column, value string) []step {
		return one(again("category_rule", "category", wrong, column, value))
	}
	rule := func(column, value string) []step {
		return one(again("claim_rule", "starts_on", "'2019-01-01'", column, value))
	}
	return map[string][]step{
		"category_cap":           category("cap", "-1"),
		"category_hour_cap":      category("hour_cap", "-1"),
		"category_flat":          category("flat_bp", "10001"),
		"claim_rule_sample":      rule("sample_bp", "10001"),
		"claim_rule_claim_days":  rule("claim_days", "-1"),
		"claim_rule_reply_days":  rule("reply_days", "-1"),
		"claim_rule_parked_days": rule("parked_days", "-1"),
		"shared_weight":          one(again("shared_part", "organisation_id", "'00000000-0000-7000-8000-000000000102'", "weight", "0")),
		"ceiling_change_amount":  one(again("ceiling_change", "year", "2019", "amount", "0")),
		"ceiling_change_carried": one(again("ceiling_change", "year", "2019", "carried", "2")),
		"ceiling_change_due":     one(again("ceiling_change", "year", "2019", "due", "-1")),
		"sample_rule":            one(again("item_sample", "rule", wrong)),
		"claim_message_kind":     one(again("claim_message", "n", "2", "kind", wrong)),
		"objection_state":        one(again("claim_objection", "n", "2", "state", wrong)),
		"objection_four_eyes":    one(again("claim_objection", "n", "2", "answered_by", person)),
	}
}

// entryOf is an entry with two postings of its own that add up to zero.
func entryOf(n string, set ...string) []step {
	entry := "'00000000-0000-7000-8000-0000000e" + n + "'"
	return []step{
		again("posting", "entry_id", entry, "n", "1", "amount", "5"),
		again("posting", "entry_id", entry, "n", "2", "amount", "-5"),
		again("entry", append([]string{"id", entry, "n", "1" + n, "key", "'key" + n + "'"}, set...)...),
	}
}

func ledgerViolations() map[string][]step {
	reversed := []string{"reverses_id", "'00000000-0000-7000-8000-000000001801'"}
	late := again("posting", "n", "3")
	return map[string][]step{
		"entry_postings":       one(again("entry", "id", fresh, "n", "9", "key", wrong, "postings", "0")),
		"book_close_accrued":   one(again("book_close", "year", "2015", "accrued", "-1")),
		"books_closed":         entryOf("0001", "booked_on", "'2016-12-31'"),
		"entry_key_once":       entryOf("0001", "key", "key"),
		"entry_number_once":    entryOf("0001", "n", "n"),
		"entry_reversed_once":  slices.Concat(entryOf("0001", reversed...), entryOf("0002", reversed...)),
		"posting_amount":       one(again("posting", "entry_id", fresh, "amount", "0")),
		"posting_before_entry": one(late),
		"ledger_balance": {again("posting", "entry_id", fresh, "n", "1", "amount", "5"), again("posting", "entry_id", fresh, "n", "2", "amount", "-4"),
			again("entry", "id", fresh, "n", "9", "key", wrong)},
		"ledger_count": entryOf("0001", "postings", "3"),
		"ledger_ceiling": {
			again("posting", "entry_id", fresh, "n", "1", "amount", "11996001"),
			again("posting", "entry_id", fresh, "n", "2", "amount", "-11996001", "account", "'Liabilities:Payable'"),
			again("entry", "id", fresh, "n", "9", "key", wrong)},
	}
}

func recordViolations() map[string][]step {
	all := map[string][]step{}
	for _, table := range []string{"category_rule", "ceiling_change", "claim_message", "claim_objection", "claim_rule", "item_sample", "shared_invoice", "shared_part",
		"agreement_ceiling", "audit", "book_close", "cell_evidence", "cell", "claim", "correction", "cost_item", "decision", "entry",
		"evidence_credit", "evidence_decision", "evidence", "payment", "posting", "programme_rule", "settlement", "settlement_objection", "settlement_recall", "target", "upload", "waiver"} {
		all[table+"_immutable"] = one(step{sql: "delete from " + table})
	}
	return all
}

func letterViolations() map[string][]step {
	return map[string][]step{
		"mail_language":  {{sql: "update mail set language = 'de'"}},
		"mail_state":     {{sql: "update mail set state = 'wrong'"}},
		"mail_once":      one(again("mail", "id", fresh)),
		"file_size":      one(again("file", "id", fresh, "size", "0")),
		"file_scan":      one(again("file", "id", fresh, "scan", wrong)),
		"file_immutable": one(step{sql: "delete from file"}),
	}
}

func signingViolations() map[string][]step {
	next := func(set ...string) []step {
		return one(again("agreement_signature", append([]string{"place", "2"}, set...)...))
	}
	return map[string][]step{
		"signature_side":        next("side", wrong, "person_id", "'00000000-0000-7000-8000-000000000002'"),
		"signature_way":         next("way", wrong, "person_id", "'00000000-0000-7000-8000-000000000002'"),
		"signature_file":        next("way", "'elsewhere'", "person_id", "'00000000-0000-7000-8000-000000000002'"),
		"signature_person_once": next(),
		"signature_in_order":    one(again("agreement_signature", "place", "3")),
		"signature_immutable":   one(step{sql: "delete from agreement_signature"}),
		"seal_immutable":        one(step{sql: "delete from agreement_seal"}),
		"agreement_signed":      one(step{sql: "update objective set words_en = 'less'"}),
	}
}

func TestEveryConstraintSpeaks(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		cases := violations()
		for _, c := range db.Constraints() {
			steps, found := cases[c.Name]
			if !found {
				t.Errorf("no test breaks constraint %s", c.Name)
				continue
			}
			delete(cases, c.Name)
			err := exec(t.Context(), d, texts(t, d, steps)...)
			if err == nil {
				t.Errorf("%s: nothing refused %v", c.Name, steps)
				continue
			}
			f := fault.Of(err)
			if f.Kind != c.Kind || f.Field != c.Field || f.Key != c.Key || !strings.Contains(err.Error(), named(c, d.Engine())) {
				t.Errorf("%s: got %v, want %v %q %s", c.Name, err, c.Kind, c.Field, c.Key)
			}
		}
		for name := range cases {
			t.Errorf("constraint %s is not in the map", name)
		}
	})
}

// named is what the engine's own message says of the constraint.
func named(c db.Constraint, engine db.Engine) string {
	if engine == db.SQLite && c.Columns != "" {
		return c.Columns
	}
	return c.Name
}

func TestConstraintsAreThoseOfTheMigrations(t *testing.T) {
	mapped := map[string]bool{}
	for _, c := range db.Constraints() {
		if mapped[c.Name] {
			t.Errorf("%s is twice in the map", c.Name)
		}
		mapped[c.Name] = true
		for _, l := range text.Languages() {
			if !l.Has(c.Key) {
				t.Errorf("%s has no words in %s", c.Key, l)
			}
		}
	}
	said := regexp.MustCompile(`constraint ([a-z_]+) (?:check|unique)|constraint:([a-z_]+)|refuse(?:_delete)?\('([a-z_]+)'\)|constraint = '([a-z_]+)'`)
	dropped := []string{"item_invoice_once"} // by a later migration
	files, err := filepath.Glob("migrations/*/*.sql")
	if err != nil || len(files) < 4 {
		t.Fatalf("migrations: %v, %v", files, err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range said.FindAllStringSubmatch(string(body), -1) {
			if name := m[1] + m[2] + m[3] + m[4]; !mapped[name] && !slices.Contains(dropped, name) {
				t.Errorf("%s: constraint %s is not in the map", file, name)
			}
		}
	}
}
