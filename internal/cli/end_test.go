package cli

import (
	"context"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/settlement"
)

// TestTerminatedThenClosed ends an agreement early: who may, why, that it closes only once its year is settled for good, that nothing of its
// ceiling stays reserved then, and that every law holds before and after.
func TestTerminatedThenClosed(t *testing.T) {
	k := newDesk(t, "gamma")
	ctx, approver := context.Background(), k.actor(t, "approver@bureau.example")
	state := func() agreement.State {
		var a agreement.Agreement
		k.read(t, func(tx *db.Tx) (err error) {
			a, err = agreement.Load(ctx, tx, access.All, k.programme.ID, k.a.ID)
			return err
		})
		return a.State
	}
	do := func(verb func(tx *db.Tx) (agreement.Agreement, error)) error {
		return k.db.Write(ctx, k.programme.ID, func(tx *db.Tx) error {
			_, err := verb(tx)
			return err
		})
	}
	terminate := func(by access.Actor, why string) error {
		return do(func(tx *db.Tx) (agreement.Agreement, error) {
			return agreement.Terminate(ctx, tx, by, k.programme.ID, k.a.ID, why)
		})
	}
	shut := func(by access.Actor) error {
		return do(func(tx *db.Tx) (agreement.Agreement, error) {
			return settlement.Close(ctx, tx, by, k.programme.ID, k.a.ID)
		})
	}
	for _, who := range []access.Actor{k.officer, k.partner} {
		if err := terminate(who, "why"); !fault.Is(err, fault.KindMissing) {
			t.Errorf("%s terminated: %v", who.Name, err)
		}
	}
	if err := terminate(approver, "  "); !fault.Is(err, fault.KindInvalid) || fault.Of(err).Field != "reason" {
		t.Errorf("without a reason: %v", err)
	}
	if err := terminate(approver, "the federation dissolves"); err != nil || state() != agreement.Terminated {
		t.Fatalf("%s: %v", state(), err)
	}
	k.laws(t)
	if err := terminate(approver, "again"); !fault.Is(err, fault.KindConflict) {
		t.Errorf("twice: %v", err)
	}
	if _, err := k.propose(k.amendment(func(d *agreement.Document) { d.Ceilings[0].Amount++ })); !fault.Is(err, fault.KindConflict) {
		t.Errorf("an amendment of a terminated agreement: %v", err)
	}
	if err := shut(k.officer); fault.Of(err).Key != "settlement.close_unsettled" {
		t.Errorf("closed before its settlement: %v", err)
	}
	k.settleAll(t)
	if err := shut(k.officer); fault.Of(err).Key != "settlement.close_unsettled" {
		t.Errorf("closed before its settlement was final: %v", err)
	}
	finalise := func(tx *db.Tx) error {
		_, err := settlement.Finalise(ctx, tx, approver, k.programme.ID, k.a.ID, 2018)
		return err
	}
	if err := k.db.Write(ctx, k.programme.ID, finalise); err != nil {
		t.Fatal(err)
	}
	if err := shut(approver); !fault.Is(err, fault.KindMissing) {
		t.Errorf("an approver closed: %v", err)
	}
	if err := shut(k.officer); err != nil || state() != agreement.Closed {
		t.Fatalf("%s: %v", state(), err)
	}
	if _, books := k.ceiling(); books[ledger.Committed] != 0 {
		t.Errorf("%s is still reserved", books[ledger.Committed])
	}
	k.laws(t)
}

// TestEndByCommand ends an agreement from the command line.
func TestEndByCommand(t *testing.T) {
	file := dbtest.DSN(t)
	must(t, "--db", file, "import", "programme", byHand())
	db := []string{"--db", file, "--as", "approver@bureau.example", "agreement"}
	if code, _, _ := errera(t, append(db, "terminate", "--partner", "gamma", "--reason", " ")...); code != 2 {
		t.Errorf("without a reason: %d", code)
	}
	must(t, append(db, "terminate", "--partner", "gamma", "--reason", "dissolved")...)
	if code, _, _ := errera(t, append(db, "close", "--partner", "gamma")...); code != 4 { // what one may not do is not there
		t.Errorf("an approver closes: %d", code)
	}
	if code, _, _ := errera(t, "--db", file, "--as", "officer@bureau.example", "agreement", "close", "--partner", "gamma"); code != 5 {
		t.Errorf("unsettled: %d", code)
	}
}
