package settlement

import (
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
)

// strike corrects the first item after the fact, which moves money.
func (w *world) strike() {
	w.t.Helper()
	w.write(func(tx *db.Tx) error {
		_, err := funding.Strike(w.t.Context(), tx, w.people[access.Controller], w.g, firstItem(w.t, tx, w), amount(w.t, "100.00"), "found later")
		return err
	})
}

func firstItem(t *testing.T, tx *db.Tx, w *world) (i id.Item) {
	t.Helper()
	w.must(tx.Row(t.Context(), db.Query{Name: "settlement.test.item", Text: "select id from cost_item where ref = '1' and programme_id = $1"}, w.g).Scan(&i))
	return i
}

// Every verb in every state, by somebody who may: what the table allows leads on, everything else is a conflict and changes nothing.
func TestStates(t *testing.T) {
	able := map[string]access.Role{"communicate": access.Controller, "discard": access.Controller, "object": access.Coordinator,
		"uphold": access.Approver, "dismiss": access.Approver, "finalise": access.Approver}
	for _, from := range []State{Computed, Discarded, Communicated, Objection, Restated, Final} {
		w := newWorld(t, dbtest.SQLite(t))
		w.to(from)
		for verb, role := range able {
			v, _ := access.Find(access.VerbName("settlement." + verb))
			if v.From[0] == string(from) {
				moved := newWorld(t, dbtest.SQLite(t))
				moved.to(from)
				if s, err := moved.do(role, verb); err != nil || s.State != State(v.To) || moved.latest().State != State(v.To) {
					t.Errorf("%s from %s: at %s, %v", verb, from, s.State, err)
				}
				continue
			}
			want := fault.KindConflict
			if role == access.Coordinator && (from == Computed || from == Discarded) { // a partner reads it once it was communicated
				want = fault.KindMissing
			}
			if _, err := w.do(role, verb); !fault.Is(err, want) || w.latest().State != from {
				t.Errorf("%s from %s: %v, now %s", verb, from, err, w.latest().State)
			}
		}
	}
}

// Nobody makes final what they computed, and nobody without the role does anything.
func TestFourEyesAndRoles(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		twoHats := w.people[access.Controller]
		twoHats.Memberships = append(twoHats.Memberships[:1:1], w.people[access.Approver].Memberships...)
		w.people["both"] = twoHats
		if _, err := w.settle(twoHats, false); err != nil {
			t.Fatal(err)
		}
		if _, err := w.do("both", "communicate"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.do("both", "finalise"); fault.Of(err).Key != "access.own_work" {
			t.Errorf("who computed it made it final: %v", err)
		}
		if _, err := w.do(access.Coordinator, "object"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.do("both", "dismiss"); fault.Of(err).Key != "access.own_work" {
			t.Errorf("who computed it dismissed the objection: %v", err)
		}
		for _, step := range [][2]string{{"auditor", "communicate"}, {"coordinator", "finalise"}, {"finance", "uphold"}, {"administrator", "discard"},
			{"controller", "finalise"}, {"approver", "object"}} {
			if _, err := w.do(access.Role(step[0]), step[1]); !fault.Is(err, fault.KindDenied) {
				t.Errorf("%s by %s: %v", step[1], step[0], err)
			}
		}
		if _, err := w.do(access.Member, "object"); !fault.Is(err, fault.KindMissing) { // of another partner: it sees nothing
			t.Errorf("another partner: %v", err)
		}
		for _, role := range []access.Role{access.Approver, access.Coordinator, access.Auditor} {
			if _, err := w.settle(w.people[role], false); !fault.Is(err, fault.KindDenied) {
				t.Errorf("computed by %s: %v", role, err)
			}
		}
	})
}

// The term of an objection: within it the partner may object and the rule waits; afterwards it is the other way round.
func TestObjectionTerm(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.to(Communicated)
		s := w.latest()
		if s.ObjectionUntil != w.now.AddDays(30) {
			t.Fatalf("communicated on %s, objection until %s", s.CommunicatedOn, s.ObjectionUntil)
		}
		rule := access.System("objection-term")
		w.people["rule"] = rule
		*w.now = s.ObjectionUntil
		if _, err := w.do("rule", "finalise"); fault.Of(err).Key != "settlement.term_running" {
			t.Errorf("on the last day, by the rule: %v", err)
		}
		*w.now = s.ObjectionUntil.AddDays(1)
		if _, err := w.do(access.Coordinator, "object"); fault.Of(err).Key != "settlement.term_over" {
			t.Errorf("the day after, by the partner: %v", err)
		}
		if f, err := w.do("rule", "finalise"); err != nil || f.State != Final || f.FinalBy != "" {
			t.Errorf("the day after, by the rule: %+v, %v", f.State, err)
		}
	})
}

func TestObjections(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.to(Communicated)
		*w.now = w.latest().ObjectionUntil // the last day counts
		if _, err := w.do(access.Finance, "object"); err != nil {
			t.Fatal(err)
		}
		if s, err := w.do(access.Approver, "dismiss"); err != nil || s.ObjectionUntil != *w.now {
			t.Fatalf("dismissed, until %s: %v", s.ObjectionUntil, err)
		}
		if b := w.books(); b[ledger.Accrued] != -amount(t, "15914.00") {
			t.Errorf("dismissed: accrued %s", b[ledger.Accrued])
		}
		*w.now = w.now.AddDays(1)
		if _, err := w.do(access.Approver, "finalise"); err != nil {
			t.Errorf("after a dismissed objection: %v", err)
		}
	})
	both(t, func(t *testing.T, w *world) {
		w.to(Restated)
		if b := w.books(); b[ledger.Accrued] != 0 || b[ledger.Contribution] != amount(t, "87200.00") {
			t.Errorf("upheld: %v", b)
		}
		r, err := w.settle(w.people[access.Controller], false)
		if err != nil || r.Outcome != Settled || r.Settlement.Version != 2 || r.Settlement.State != Computed {
			t.Errorf("computed anew: %+v, %v", r.Outcome, err)
		}
	})
}

// Discarding takes the accrual back; the year can be computed again.
func TestDiscard(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		before := w.books()
		w.to(Discarded)
		if after := w.books(); after[ledger.Accrued] != 0 || after[ledger.Contribution] != before[ledger.Contribution] {
			t.Errorf("discarded: %v, before %v", after, before)
		}
		if r, err := w.settle(w.people[access.Controller], false); err != nil || r.Outcome != Settled || r.Settlement.Version != 2 {
			t.Errorf("again: %+v, %v", r.Outcome, err)
		}
	})
}

func TestWhatThereIsToSettle(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.read(func(tx *db.Tx) error {
			all, err := AgreementYears(t.Context(), tx, w.g, "", 0)
			if len(all) != 1 || all[0] != w.year {
				t.Errorf("to settle: %+v", all)
			}
			for _, none := range []AgreementYear{{Code: "agoria"}, {Code: "voka", Year: 2017}, {Code: "nobody", Year: 2018}} {
				if _, err := AgreementYears(t.Context(), tx, w.g, none.Code, none.Year); !fault.Is(err, fault.KindMissing) {
					t.Errorf("%s %d: %v", none.Code, none.Year, err)
				}
			}
			if _, err := Latest(t.Context(), tx, access.System("test"), w.g, w.agreement, 2018); !fault.Is(err, fault.KindMissing) {
				t.Errorf("nothing was computed: %v", err)
			}
			return err
		})
		w.to(Computed)
		w.read(func(tx *db.Tx) error {
			for role, want := range map[access.Role]int{access.Auditor: 1, access.Controller: 1, access.Member: 0} {
				all, err := OfYear(t.Context(), tx, w.people[role], w.g, 2018)
				if err != nil || len(all) != want {
					t.Errorf("%s sees %d, %v", role, len(all), err)
				}
			}
			return nil
		})
		if _, err := w.do(access.Controller, "applaud"); !fault.Is(err, fault.KindMissing) {
			t.Errorf("no such verb: %v", err)
		}
	})
}

// Money that moves after a settlement was communicated leads back to a new version by a recall, and only then; the reason stays.
func TestRecall(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.to(Communicated)
		if _, err := w.do(access.Controller, "recall"); fault.Of(err).Key != "settlement.money_stands" {
			t.Errorf("while the money stands: %v", err)
		}
		w.evidence(1, evidence.Verified)
		if _, err := w.do(access.Controller, "recall"); fault.Of(err).Key != "settlement.money_stands" {
			t.Errorf("after evidence alone: %v", err)
		}
		w.strike()
		if _, err := w.do(access.Approver, "recall"); !fault.Is(err, fault.KindDenied) {
			t.Errorf("by the approver: %v", err)
		}
		w.write(func(tx *db.Tx) error {
			_, err := Act(t.Context(), tx, w.people[access.Controller], w.g, w.agreement, 2018, "recall", "  ")
			if fault.Of(err).Field != "words" {
				t.Errorf("without a reason: %v", err)
			}
			return nil
		})
		s, err := w.do(access.Controller, "recall")
		if err != nil || s.State != Restated {
			t.Fatalf("recalled: %s, %v", s.State, err)
		}
		if b := w.books(); b[ledger.Accrued] != 0 {
			t.Errorf("recalled: accrued %s", b[ledger.Accrued])
		}
		r, err := w.settle(w.people[access.Controller], false)
		if err != nil || r.Outcome != Settled || r.Settlement.Version != 2 {
			t.Fatalf("computed anew: %+v, %v", r.Outcome, err)
		}
		for _, step := range [][2]string{{"controller", "communicate"}, {"approver", "finalise"}} {
			if _, err := w.do(access.Role(step[0]), step[1]); err != nil {
				t.Errorf("%s of the new version: %v", step[1], err)
			}
		}
		if _, err := w.do(access.Controller, "recall"); !fault.Is(err, fault.KindConflict) {
			t.Errorf("after final: %v", err)
		}
	})
}
