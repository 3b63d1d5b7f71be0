package settlement

import (
	"reflect"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/ledger"
)

func both(t *testing.T, test func(t *testing.T, w *world)) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) { test(t, newWorld(t, d)) })
}

// The golden case from rows to the books, to the cent.
func TestGoldenCase(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.to(Computed)
		s := w.latest()
		r := s.Working.Reckoning
		for _, x := range []struct {
			what string
			got  any
			want any
		}{
			{"accepted", r.Accepted, amount(t, "218,000.03")}, {"half", r.Half, amount(t, "109,000.01")},
			{"cost part", r.CostPart, amount(t, "87,200.00")}, {"pool", r.Pool, amount(t, "21,800.01")}, {"score", int64(r.Score), int64(7300)},
			{"performance", r.Earned, amount(t, "15,914.00")}, {"final", r.Final, amount(t, "103,114.00")},
			{"own", r.Own, amount(t, "114,886.03")}, {"not earned", r.NotEarned, amount(t, "5,886.01")}, {"paid", r.Paid, amount(t, "94,000.01")},
			{"balance", r.Balance, amount(t, "9,113.99")}, {"unspent", r.Unspent, amount(t, "16,886.00")},
			{"claims", len(s.Working.Claims), 3}, {"corrections", len(s.Working.Corrections), 2}, {"payments", len(s.Working.Payments), 3},
			{"version", s.Version, 1}, {"computed by", s.ComputedBy, w.people[access.Controller].ID},
		} {
			if x.got != x.want {
				t.Errorf("%s is %v, want %v", x.what, x.got, x.want)
			}
		}
		line := s.Working.Scores[0]
		if len(s.Working.Scores) != 1 || line.Value != "73" || line.Target != "100" || line.Attainment != 7300 || line.Payout != 7300 || line.Sample != 73 {
			t.Errorf("score line %+v", s.Working.Scores)
		}
		due := s.Working.Claims[0].Due + s.Working.Claims[1].Due + s.Working.Claims[2].Due
		if due != amount(t, "94,000.01") || s.Working.Claims[0].FromAdvance != amount(t, "28,000.00") || s.Working.Claims[1].FromAdvance != amount(t, "8,000.00") {
			t.Errorf("claim lines %+v", s.Working.Claims)
		}
		var froze int
		w.read(func(tx *db.Tx) error {
			return tx.Row(t.Context(), db.Query{Name: "settlement.test.frozen",
				Text: "select count(*) from cell_evidence where settlement_id = $1"}, s.ID).Scan(&froze)
		})
		if froze != 73 {
			t.Errorf("%d rows of evidence frozen", froze)
		}
	})
}

// What finalise books: one entry for each line of the table in domain section 4.13.
func TestWhatFinaliseBooks(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		before := w.books()
		w.to(Computed)
		accrued := w.books()
		if accrued[ledger.Accrued] != -amount(t, "15914.00") || accrued[ledger.Contribution] != amount(t, "103114.00") || accrued[ledger.Payable] != 0 {
			t.Errorf("computed: %v", accrued)
		}
		for _, step := range [][2]string{{"controller", "communicate"}, {"approver", "finalise"}} {
			_, err := w.do(access.Role(step[0]), step[1])
			w.must(err)
		}
		after := w.books()
		for account, want := range map[ledger.Account]string{
			ledger.Contribution: "103114.00", ledger.Accrued: "0.00", ledger.Consumed: "103114.00", ledger.Committed: "0.00",
			ledger.MemoCost: "218000.03", ledger.MemoContribution: "-103114.00", ledger.MemoOwn: "-114886.03",
			// of the performance part 6,800.01 pays back what the corrections left owed, the rest is to be paid
			ledger.Recoverable: "0.00", ledger.Payable: "-9113.99", ledger.Advances: "0.00", ledger.Bank: "-94000.01",
		} {
			if after[account] != amount(t, want) {
				t.Errorf("%s is %s, want %s", account, after[account], want)
			}
		}
		if before[ledger.Recoverable] != amount(t, "6800.01") {
			t.Errorf("owed before: %s", before[ledger.Recoverable])
		}
		var events []string
		s := w.latest()
		w.read(func(tx *db.Tx) error {
			return ledger.Each(t.Context(), tx, w.g, ledger.Filter{Agreement: w.agreement, Year: 2018}, func(e ledger.EntryRow) error {
				if e.SubjectID == string(s.ID) {
					events = append(events, string(e.Event))
				}
				return nil
			})
		})
		want := []string{"performance-accrued", "performance-final", "netted-owed", "decommitted"} // no advance is open
		if !reflect.DeepEqual(events, want) {
			t.Errorf("booked %v, want %v", events, want)
		}
		if s.FinalBy != w.people[access.Approver].ID || s.FinalOn != *w.now {
			t.Errorf("final by %s on %s", s.FinalBy, s.FinalOn)
		}
	})
}

// A second run on unchanged facts writes no row, whoever runs it and whatever the state; a dry run never writes.
func TestSettleTwiceWritesNothing(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		none := w.rows()
		if r, err := w.settle(w.people[access.Controller], true); err != nil || r.Outcome != Preview || w.rows() != none {
			t.Errorf("dry run: %s, %v, rows %v, before %v", r.Outcome, err, w.rows(), none)
		}
		w.to(Computed)
		for _, verb := range []string{"", "communicate"} {
			if verb != "" {
				_, err := w.do(access.Controller, verb)
				w.must(err)
			}
			stood, count := w.latest(), w.rows()
			for _, role := range []access.Role{access.Controller, access.Administrator} {
				r, err := w.settle(w.people[role], false)
				if err != nil || r.Outcome != Unchanged || w.rows() != count || !reflect.DeepEqual(r.Settlement, stood) {
					t.Errorf("again after %q by %s: %s, %v, rows %v, before %v", verb, role, r.Outcome, err, w.rows(), count)
				}
			}
		}
	})
}

// Late evidence: a computed settlement makes room for a new version; one that was communicated stands, and the difference is told.
func TestRestatement(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.to(Computed)
		first := w.latest()
		w.evidence(7, evidence.Verified)
		r, err := w.settle(w.people[access.Administrator], false)
		if err != nil || r.Outcome != Restating || r.Before == nil || r.Before.ID != first.ID || r.Settlement.Version != 2 {
			t.Fatalf("%+v, %v", r, err)
		}
		second := w.latest()
		if second.Working.Reckoning.Score != 8000 || second.Working.Reckoning.Earned != amount(t, "17440.00") || second.Facts == first.Facts {
			t.Errorf("restated to %+v", second.Working.Reckoning)
		}
		if b := w.books(); b[ledger.Accrued] != -amount(t, "17440.00") { // the first accrual is reversed
			t.Errorf("accrued %s", b[ledger.Accrued])
		}
		w.evidence(3, evidence.Reported) // not verified: counts for nothing here
		if r, err := w.settle(w.people[access.Controller], false); err != nil || r.Outcome != Unchanged {
			t.Errorf("after evidence that is only reported: %s, %v", r.Outcome, err)
		}
		_, err = w.do(access.Controller, "communicate")
		w.must(err)
		w.evidence(5, evidence.Verified)
		count := w.rows()
		r, err = w.settle(w.people[access.Controller], false)
		if err != nil || r.Outcome != Differs || r.Before == nil || r.Before.ID != second.ID || w.rows() != count {
			t.Errorf("after it was communicated: %s, %v, rows %v, before %v", r.Outcome, err, w.rows(), count)
		}
		if r.Settlement.Working.Reckoning.Score != 8500 || w.latest().Working.Reckoning.Score != 8000 {
			t.Errorf("told %v, stands %v", r.Settlement.Working.Reckoning.Score, w.latest().Working.Reckoning.Score)
		}
	})
}

// After final nothing moves: settling is a conflict, every verb is, and the working stays whatever becomes of the facts.
func TestFinalStays(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.to(Final)
		stood, count := w.latest(), w.rows()
		w.evidence(5, evidence.Verified)
		if _, err := w.settle(w.people[access.Controller], false); !fault.Is(err, fault.KindConflict) || fault.Of(err).Key != "settlement.already_final" {
			t.Errorf("settled again: %v", err)
		}
		if r, err := w.settle(w.people[access.Controller], true); err != nil || r.Outcome != Preview || r.Settlement.Working.Reckoning.Score != 7800 {
			t.Errorf("a dry run shows the difference: %+v, %v", r.Settlement.Working.Reckoning, err)
		}
		for _, step := range [][2]string{{"controller", "communicate"}, {"controller", "discard"}, {"coordinator", "object"}, {"approver", "uphold"},
			{"approver", "dismiss"}, {"approver", "finalise"}} {
			if _, err := w.do(access.Role(step[0]), step[1]); !fault.Is(err, fault.KindConflict) {
				t.Errorf("%s after final: %v", step[1], err)
			}
		}
		if !reflect.DeepEqual(w.latest(), stood) {
			t.Error("the final settlement changed")
		}
		now := w.rows()
		if now[0] != count[0] || now[3] != count[3] {
			t.Errorf("rows %v, before %v", now, count)
		}
		for _, q := range []string{"update settlement set final = 1", "update settlement set state = 'computed'", "delete from settlement", "delete from cell"} {
			if _, err := w.db.Pool().ExecContext(t.Context(), q); err == nil {
				t.Errorf("the database let through: %s", q)
			}
		}
	})
}

// Claims, payments and parked items that are open keep a year from being closed; so does money that moved since it was computed.
func TestFinaliseWaitsForOpenWork(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.to(Communicated)
		w.strike()
		if _, err := w.do(access.Approver, "finalise"); fault.Of(err).Key != "settlement.money_moved" {
			t.Errorf("after a correction: %v", err)
		}
		w.write(func(tx *db.Tx) error {
			_, err := funding.Submit(t.Context(), tx, w.people[access.Finance], w.g, funding.NewClaim{Agreement: w.agreement, Year: 2018,
				Items: []funding.Item{{Ref: "late", Category: "venue", Description: "late", Supplier: "0123456749", Invoice: "late-1",
					InvoicedOn: "2018-12-20", DeliveredOn: "2018-12-20", Net: amount(t, "100.00")}}})
			return err
		})
		if _, err := w.do(access.Approver, "finalise"); fault.Of(err).Key != "settlement.still_open" {
			t.Errorf("with a claim open: %v", err)
		}
		if r, err := w.settle(w.people[access.Controller], true); err != nil || !r.Settlement.Working.Blocked() {
			t.Errorf("a preview does not tell of it: %+v, %v", r.Settlement.Working.OpenClaims, err)
		}
	})
}

// A year is settled once it is over: after its last day, or once its agreement ended early.
func TestRunningYearIsNotSettled(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		controller := w.people[access.Controller]
		*w.now = "2018-12-31"
		if r, err := w.settle(controller, true); err != nil || r.Outcome != Preview {
			t.Errorf("a preview on the last day: %v, %v", r.Outcome, err)
		}
		if _, err := w.settle(controller, false); fault.Of(err).Key != "settlement.year_runs" {
			t.Errorf("on the last day: %v", err)
		}
		*w.now = "2019-01-01"
		if r, err := w.settle(controller, false); err != nil || r.Outcome != Settled {
			t.Errorf("on the day after: %v, %v", r.Outcome, err)
		}
	})
}

// An agreement that was ended early is settled from that day.
func TestYearOfAnEndedAgreementIsOver(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		*w.now = "2018-10-01"
		w.write(func(tx *db.Tx) error {
			_, err := agreement.Terminate(t.Context(), tx, w.people[access.Approver], w.g, w.agreement, "It merged.")
			return err
		})
		if r, err := w.settle(w.people[access.Controller], false); err != nil || r.Outcome != Settled {
			t.Errorf("%v, %v", r.Outcome, err)
		}
	})
}
