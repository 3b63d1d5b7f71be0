package db_test

import (
	"slices"
	"strings"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
)

// unchanging are the tables whose rows never change at all once recorded; undying those that may change but not go.
var (
	unchanging = []string{"posting", "entry", "book_close", "evidence_credit", "evidence_decision", "cell", "cell_evidence", "correction", "target", "waiver",
		"decision", "programme_rule", "audit", "file", "file_part", "agreement_signature", "agreement_seal", "settlement_recall", "partner_change", "rule_change"}
	undying = []string{"evidence", "settlement", "agreement_ceiling", "claim", "cost_item", "payment", "upload", "audit_words",
		"candidate", "interest", "score", "settlement_objection"}
)

var agreementUndying = []string{"agreement_acceptance", "agreement_version", "agreement_comment"}

func refused(t *testing.T, d *db.DB, key string, statement string) {
	t.Helper()
	err := exec(t.Context(), d, statement)
	if err == nil {
		t.Errorf("not refused: %s", statement)
	} else if f := fault.Of(err); f.Kind != fault.KindConflict || string(f.Key) != key {
		t.Errorf("%s: %v, want %s", statement, err, key)
	}
}

func TestWhatWasRecordedStays(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		for _, table := range slices.Concat(unchanging, undying, kpiUndying, agreementUndying, bankUndying, knowledgeUndying, overlapUndying) {
			refused(t, d, "db.immutable", "delete from "+table)
			if d.Engine() == db.PostgreSQL {
				refused(t, d, "db.immutable", "truncate "+table+" cascade")
				continue
			}
			columns := columnsOf(t, d, table)
			same := "replace into " + table + " select " + strings.Join(columns, ", ") + " from " + table
			want := "db.immutable"
			if table == "posting" { // another trigger speaks first
				want = "db.posting_late"
			}
			if table == "agreement_signature" {
				want = "db.signature_order"
			}
			refused(t, d, want, same)
			refused(t, d, want, strings.Replace(same, "replace", "insert or replace", 1))
		}
		for _, table := range append(unchanging, "agreement_acceptance") {
			first := columnsOf(t, d, table)[0]
			refused(t, d, "db.immutable", "update "+table+" set "+first+" = "+first)
		}
		if d.Engine() == db.PostgreSQL {
			refused(t, d, "db.immutable", "truncate posting, entry cascade")
			refused(t, d, "db.immutable", "truncate programme cascade")
		} else {
			refused(t, d, "db.immutable", "update or replace entry set n = n")
		}
	})
}

// may change: evidence its state, settlement its state and dates, claim before approval, audit words only by erasure.
func TestEveryFactOfEvidenceAndSettlementStays(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		changes := map[string][]string{
			"evidence":   {"state", "state_on", "seq"},
			"settlement": {"state", "communicated_on", "communicated_by", "objection_until", "final_on", "final_by"},
		}
		for table, may := range changes {
			for _, column := range columnsOf(t, d, table) {
				if slices.Contains(may, column) {
					continue
				}
				other := column + " || 'x'"
				if number(t, d, table, column) {
					other = "coalesce(" + column + ", 0) + 1"
				}
				if strings.HasSuffix(column, "_by") || column == "company_id" || column == "activity_id" {
					other = "case when " + column + " is null then " + person + " end"
				}
				if column == "kpi_id" {
					other = "coalesce(" + column + ", '') || 'x'"
				}
				refused(t, d, "db.immutable", "update "+table+" set "+column+" = "+other)
			}
		}
		if err := exec(t.Context(), d,
			"update evidence set state = 'verified', state_on = '2018-06-01'",
			"update settlement set state = 'communicated', communicated_on = '2019-02-02', objection_until = '2019-03-04'",
			"update settlement set state = 'final', final_on = '2019-03-05', final_by = '00000000-0000-7000-8000-000000000002'"); err != nil {
			t.Error(err)
		}
		refused(t, d, "db.settlement_final", "update settlement set final_on = '2019-03-06'")
		refused(t, d, "db.immutable", "update claim set due = due + 1")
		refused(t, d, "db.immutable", "update claim set approved_by = null")
		refused(t, d, "db.immutable", "update payment set executed_on = ''")
		refused(t, d, "db.immutable", "update audit_words set after = 'other'")
		refused(t, d, "db.immutable", "update audit_words set salt = ''")
		refused(t, d, "db.immutable", "update audit_words set n = n + 1, salt = '', before = '', after = ''")
		if err := exec(t.Context(), d, "update audit_words set salt = '', before = '', after = ''"); err != nil {
			t.Errorf("erasing: %v", err)
		}
	})
}

func number(t *testing.T, d *db.DB, table, column string) bool {
	t.Helper()
	return slices.ContainsFunc(shape(t, d), func(l string) bool {
		return strings.HasPrefix(l, "column "+table+"."+column+" ") && (strings.Contains(l, "integer") || strings.Contains(l, "bigint"))
	})
}

// A programme that is still being imported may be thrown away and loaded anew.
func TestAnImportMayBeThrownAway(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		other := `'00000000-0000-7000-8000-000000000302'`
		err := exec(t.Context(), d, texts(t, d, []step{
			again("programme", "id", other, "code", wrong, "state", "'importing'"),
			again("goal", "programme_id", other),
			again("envelope", "programme_id", other),
			again("programme_rule", "programme_id", other),
			again("decision", "programme_id", other),
			{sql: "delete from programme_rule where programme_id = " + other},
			{sql: "delete from decision where programme_id = " + other},
			{sql: "delete from goal where programme_id = " + other},
			{sql: "delete from envelope where programme_id = " + other},
			{sql: "delete from programme where id = " + other},
		})...)
		if err != nil {
			t.Error(err)
		}
	})
}

// Contribution of a year without a ceiling is over the ceiling.
func TestNoCeilingIsNothingToSpend(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		entry := func(amount string) []string {
			return texts(t, d, []step{
				again("posting", "entry_id", fresh, "n", "1", "year", "2020", "amount", amount),
				again("posting", "entry_id", fresh, "n", "2", "year", "2020", "amount", "-("+amount+")", "account", "'Liabilities:Payable'"),
				again("entry", "id", fresh, "n", "9", "key", wrong)})
		}
		for _, amount := range []string{"1", "-1"} {
			if err := exec(t.Context(), d, entry(amount)...); err == nil || fault.Of(err).Key != "db.ledger_ceiling" {
				t.Errorf("booked %s: %v", amount, err)
			}
		}
		with := append(texts(t, d, []step{again("agreement_ceiling", "year", "2020", "amount", "1")}), entry("1")...)
		if err := exec(t.Context(), d, with...); err != nil {
			t.Errorf("within the ceiling: %v", err)
		}
	})
}
