package settlement

import (
	"reflect"
	"strconv"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
)

// frozen is what the database keeps of a settlement's cells and their evidence, in order.
func (w *world) frozen(s id.Settlement) []string {
	w.t.Helper()
	var all []string
	w.read(func(tx *db.Tx) error {
		for _, q := range []string{`select status || '|' || numerator || '|' || sample || '|' || attainment_bp || '|' || payout_bp || '|' || evidence_hash
			from cell where settlement_id = $1`, `select evidence_id from cell_evidence where settlement_id = $1 order by evidence_id`} {
			rows, err := tx.Raw().QueryContext(w.t.Context(), q, string(s))
			if err != nil {
				return err
			}
			for rows.Next() {
				var line string
				if err := rows.Scan(&line); err != nil {
					return err
				}
				all = append(all, line)
			}
			if err := rows.Close(); err != nil {
				return err
			}
		}
		return nil
	})
	return all
}

// live is the value that a settlement would freeze now.
func (w *world) live() string {
	w.t.Helper()
	var value string
	w.read(func(tx *db.Tx) error {
		cells, err := kpi.AgreementCells(w.t.Context(), tx, w.g, w.agreement, 2018)
		if err == nil {
			value = kpi.Decimal(cells[0].Value)
		}
		return err
	})
	return value
}

// TestThePerformancePartReadsFrozenCellsOnly: whatever becomes of the evidence after the freeze, up or down, what finalising books is the performance
// of the frozen score, to the cent; the live figure stands beside it and moves (domain section 5.9, and case 6 of results frameworks).
func TestThePerformancePartReadsFrozenCellsOnly(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.to(Communicated)
		s := w.latest()
		before := w.frozen(s.ID)
		if len(before) != 74 || w.live() != "73" {
			t.Fatalf("%d lines frozen, live %s", len(before), w.live())
		}
		for n, change := range []struct {
			late int
			drop int
			live string
		}{{27, 0, "100"}, {0, 60, "40"}, {5, 0, "45"}} {
			if change.late > 0 {
				w.evidence(change.late, evidence.Verified)
			}
			w.refuse(before[1 : 1+change.drop])
			if got := w.live(); got != change.live {
				t.Errorf("change %d: live %s, want %s", n, got, change.live)
			}
			if now := w.frozen(s.ID); !reflect.DeepEqual(now, before) {
				t.Errorf("change %d: the frozen cell reads otherwise", n)
			}
			if r, err := w.settle(w.people[access.Controller], true); err != nil || r.Before == nil || r.Before.Working.Reckoning.Score != 7300 ||
				strconv.FormatInt(int64(r.Settlement.Working.Reckoning.Score)/100, 10) != change.live {
				t.Errorf("change %d: the restatement beside it is %+v, %v", n, r.Settlement.Working.Reckoning, err)
			}
		}
		paid := w.books()
		_, err := w.do(access.Approver, "finalise")
		w.must(err)
		after := w.books()
		performance := amount(t, "15914.00")
		if got := after[ledger.Accrued] - paid[ledger.Accrued]; got != performance {
			t.Errorf("finalising takes %s of the accrual, want %s", got, performance)
		}
		if after[ledger.Contribution] != amount(t, "103114.00") || w.latest().Working.Reckoning.Earned != performance {
			t.Errorf("the contribution is %s, earned %s", after[ledger.Contribution], w.latest().Working.Reckoning.Earned)
		}
		w.evidence(50, evidence.Verified) // later still
		if now := w.frozen(s.ID); !reflect.DeepEqual(now, before) || w.books()[ledger.Contribution] != money.Amount(103_114_00) {
			t.Error("late evidence moved what was final")
		}
	})
}

// refuse takes verified rows out of what counts.
func (w *world) refuse(rows []string) {
	w.t.Helper()
	officer := access.Actor{ID: w.people[access.Controller].ID, Name: "Officer", Memberships: []access.Membership{{Organisation: w.agency, Agency: true, Role: access.Officer}}}
	for _, e := range rows {
		w.write(func(tx *db.Tx) error {
			return evidence.Reject(w.t.Context(), tx, officer, w.g, id.Evidence(e), "was not there")
		})
	}
}
