package settlement

import (
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// A KPI is waived by two people before the settlement is communicated: it leaves the weights, and with none left the whole pool is earned.
func TestAKPIIsWaivedByDecision(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		var promise id.Assignment
		w.read(func(tx *db.Tx) error {
			all, err := kpi.Assignments(t.Context(), tx, w.g, w.agreement)
			promise = all[0].ID
			return err
		})
		d := programme.Decision{Kind: "waiver", Words: "Borders were closed.", Agreement: w.agreement, Year: 2018, SubjectKind: "assignment",
			SubjectID: string(promise)}
		propose := func(d programme.Decision) (made id.Decision, err error) {
			err = w.db.Write(t.Context(), w.g, func(tx *db.Tx) (err error) {
				made, err = Propose(t.Context(), tx, w.people[access.Controller], w.g, d)
				return err
			})
			return made, err
		}
		take := func(d id.Decision, role access.Role) error {
			return w.db.Write(t.Context(), w.g, func(tx *db.Tx) error {
				return Take(t.Context(), tx, w.people[role], w.g, d, "decision.take")
			})
		}
		refused := func(want text.Key, err error) {
			t.Helper()
			if fault.Of(err).Key != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		wrong := d
		wrong.SubjectID = "no such promise"
		_, err := propose(wrong)
		refused("settlement.waive_what", err)
		first, err := propose(d)
		w.must(err)
		second, err := propose(d)
		w.must(err)
		if err := take(first, access.Controller); !fault.Is(err, fault.KindDenied) {
			t.Errorf("taken by a controller: %v", err)
		}
		before, err := w.settle(w.people[access.Controller], true)
		w.must(err)
		w.must(take(first, access.Approver))
		after, err := w.settle(w.people[access.Controller], false)
		w.must(err)
		if r := after.Settlement.Working.Reckoning; r.Score != 10_000 || r.Final != r.Half || before.Settlement.Working.Reckoning.Final >= r.Final {
			t.Errorf("waived, the score is %d and the contribution %s", r.Score, r.Final)
		}
		refused("settlement.waived_before", take(second, access.Approver))
		if _, err := w.do(access.Controller, "communicate"); err != nil {
			t.Fatal(err)
		}
		d.SubjectID = string(promise)
		_, err = propose(d)
		refused("settlement.waived_before", err)
		mandate, err := propose(programme.Decision{Kind: "mandate", Words: "The agency may sign."})
		w.must(err)
		w.must(take(mandate, access.Approver))
	})
}

// Once communicated, a settlement keeps its score: no waiver is proposed or taken any more.
func TestAWaiverComesBeforeTheSettlementIsCommunicated(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		var promise id.Assignment
		w.read(func(tx *db.Tx) error {
			all, err := kpi.Assignments(t.Context(), tx, w.g, w.agreement)
			promise = all[0].ID
			return err
		})
		var made id.Decision
		d := programme.Decision{Kind: "waiver", Words: "Borders were closed.", Agreement: w.agreement, Year: 2018, SubjectKind: "assignment",
			SubjectID: string(promise)}
		w.write(func(tx *db.Tx) (err error) {
			made, err = Propose(t.Context(), tx, w.people[access.Controller], w.g, d)
			return err
		})
		w.to(Communicated)
		for name, err := range map[string]error{
			"proposed": w.db.Write(t.Context(), w.g, func(tx *db.Tx) error {
				_, err := Propose(t.Context(), tx, w.people[access.Controller], w.g, d)
				return err
			}),
			"taken": w.db.Write(t.Context(), w.g, func(tx *db.Tx) error {
				return Take(t.Context(), tx, w.people[access.Approver], w.g, made, "decision.take")
			}),
		} {
			if fault.Of(err).Key != "settlement.waive_late" {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
