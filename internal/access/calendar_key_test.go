package access

import (
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
)

// calendar makes a key for an actor and gives its secret.
func (k *keys) calendar(by Actor) (secret string) {
	k.t.Helper()
	k.agency(func(tx *db.Tx) (err error) {
		_, secret, err = MakeCalendarKey(k.t.Context(), tx, by)
		return err
	})
	return secret
}

func (k *keys) enter(d *CalendarDoor, secret, address string) (a Actor, key CalendarKey, err error) {
	k.t.Helper()
	k.read(func(tx *db.Tx) error {
		a, key, err = d.Enter(k.t.Context(), tx, secret, address)
		return nil
	})
	return a, key, err
}

// TestACalendarKey: it opens the calendar as its person until it is renewed, ended, or its person goes; what it lends is reading activities.
func TestACalendarKey(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		k, door := newKeys(t, d), NewCalendarDoor()
		shut := func(what, secret string) {
			t.Helper()
			if a, _, err := k.enter(NewCalendarDoor(), secret, "192.0.2.1"); !fault.Is(err, fault.KindMissing) || fault.Of(err).Key != "access.calendar_unknown" || a.ID != "" {
				t.Errorf("%s: %v %v", what, a.ID, err)
			}
		}
		first := k.calendar(k.me)
		a, key, err := k.enter(door, first, "192.0.2.1")
		if err != nil || a.ID != k.me.ID || key.LastUsed != "" {
			t.Fatalf("%+v %+v %v", a, key, err)
		}
		for _, v := range Verbs() {
			if a.Holds(v.Name) && v.Name != "activity.read" {
				t.Errorf("the key lends %s", v.Name)
			}
		}
		if err := CalendarKeyUsed(t.Context(), k.db, key); err != nil {
			t.Fatal(err)
		}
		if _, key, err = k.enter(door, first, "192.0.2.1"); err != nil || key.LastUsed != "2026-01-05" {
			t.Errorf("%+v %v", key, err)
		}
		k.read(func(tx *db.Tx) error {
			var kept string
			if err := tx.Row(t.Context(), db.Query{Text: "select id || secret_hash from calendar_key"}).Scan(&kept); err != nil {
				return err
			}
			if strings.Contains(kept, first[len(first)-43:]) {
				t.Error("the secret is kept")
			}
			if _, _, err := ByToken(t.Context(), tx, first); !fault.Is(err, fault.KindDenied) {
				t.Errorf("as a token: %v", err)
			}
			return nil
		})
		for _, wrong := range []string{"", "x", calendarMark, first[:len(first)-1], first + "x", strings.ToUpper(first), strings.Replace(first, calendarMark, tokenMark, 1),
			"errera_00000000000070008000000000000001_x", calendarMark + "00000000000070008000000000000001_x"} {
			shut(wrong, wrong)
		}
		second := k.calendar(k.me)
		shut("renewed", first)
		if _, _, err := k.enter(door, second, "192.0.2.1"); err != nil {
			t.Error(err)
		}
		k.refused("another's", fault.KindDenied, func(tx *db.Tx) error { return EndCalendarKey(t.Context(), tx, k.me, "admin@example.org") })
		k.refused("with a token", fault.KindDenied, func(tx *db.Tx) error {
			_, _, err := MakeCalendarKey(t.Context(), tx, k.me.Within(TokenScopes()))
			return err
		})
		k.refused("nobody's", fault.KindDenied, func(tx *db.Tx) error { _, _, err := MakeCalendarKey(t.Context(), tx, Visitor()); return err })
		k.agency(func(tx *db.Tx) error { return EndCalendarKey(t.Context(), tx, k.me, "me@example.org") })
		shut("ended", second)
		k.refused("ended twice", fault.KindMissing, func(tx *db.Tx) error { return EndCalendarKey(t.Context(), tx, k.me, "me@example.org") })
		third := k.calendar(k.me)
		k.agency(func(tx *db.Tx) error { return EndCalendarKey(t.Context(), tx, k.admin, "me@example.org") })
		shut("ended by an administrator", third)
		fourth := k.calendar(k.me)
		k.agency(func(tx *db.Tx) error { return Disable(t.Context(), tx, k.admin, "me@example.org") })
		shut("its person is gone", fourth)
	})
}

func (k *keys) refused(what string, kind fault.Kind, fn func(tx *db.Tx) error) {
	k.t.Helper()
	if err := k.db.WriteAgency(k.t.Context(), fn); !fault.Is(err, kind) {
		k.t.Errorf("%s: %v", what, err)
	}
}

// TestACalendarKeyOfNobody: a person without a role any longer sees no more than a visitor, and their key opens nothing.
func TestACalendarKeyOfNobody(t *testing.T) {
	k := newKeys(t, dbtest.SQLite(t))
	secret := k.calendar(k.me)
	k.agency(func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), db.Query{Text: "delete from membership where person_id = $1"}, k.me.ID)
		return err
	})
	if _, _, err := k.enter(NewCalendarDoor(), secret, "192.0.2.1"); !fault.Is(err, fault.KindMissing) {
		t.Error(err)
	}
}

// TestTheCalendarDoor: who shows a wrong key too often waits; the same address with another key, and the key from elsewhere, do not.
func TestTheCalendarDoor(t *testing.T) {
	k, door := newKeys(t, dbtest.SQLite(t)), NewCalendarDoor()
	good := k.calendar(k.me)
	forged := good[:len(good)-43] + strings.Repeat("A", 43)
	for n := range freeFailures + 1 {
		_, _, err := k.enter(door, forged, "192.0.2.1")
		if want := fault.KindMissing; n < freeFailures && !fault.Is(err, want) || n == freeFailures && !fault.Is(err, fault.KindUnavailable) {
			t.Errorf("try %d: %v", n, err)
		}
	}
	if _, _, err := k.enter(door, good, "192.0.2.1"); !fault.Is(err, fault.KindUnavailable) {
		t.Errorf("the right key after many wrong ones of the same id: %v", err)
	}
	if _, _, err := k.enter(door, good, "192.0.2.2"); err != nil {
		t.Errorf("from elsewhere: %v", err)
	}
	other := k.calendar(k.admin)
	if _, _, err := k.enter(door, other, "192.0.2.1"); err != nil {
		t.Errorf("another key: %v", err)
	}
	k.now = k.now.Add(waitAfter + time.Second)
	if _, _, err := k.enter(door, good, "192.0.2.1"); err != nil {
		t.Errorf("after a while: %v", err)
	}
}
