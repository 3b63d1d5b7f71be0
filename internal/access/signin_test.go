package access

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
)

const (
	goodPassword = "correct horse battery"
	badPassword  = "correct horse batterz"
)

func TestSignIn(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h, hasher := newHouse(t, d), NewHasher()
		ctx := t.Context()
		an := h.add("an@example.org", Officer, "fit")
		h.add("gone@example.org", Payer, "fit")
		h.add("new@example.org", Payer, "fit") // has no password yet
		for _, email := range []string{"an@example.org", "gone@example.org"} {
			if err := SetPassword(ctx, d, hasher, email, goodPassword); err != nil {
				t.Fatal(err)
			}
		}
		h.agency(func(tx *db.Tx) error { return Disable(ctx, tx, System("test"), "gone@example.org") })
		a, err := SignIn(ctx, d, hasher, " AN@example.org ", goodPassword, "192.0.2.1")
		if err != nil || a.ID != an || !a.Has(Officer) {
			t.Fatalf("%+v, %v", a, err)
		}
		var said []string
		for _, c := range [][2]string{{"an@example.org", badPassword}, {"an@example.org", ""}, {"nobody@example.org", goodPassword},
			{"gone@example.org", goodPassword}, {"new@example.org", ""}, {"new@example.org", goodPassword}, {"my-secret\x00", badPassword}} {
			_, err := SignIn(ctx, d, hasher, c[0], c[1], "192.0.2.2")
			if !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%q %q: %v", c[0], c[1], err)
				continue
			}
			said = append(said, fault.Of(err).Error())
		}
		for _, s := range said {
			if s != said[0] {
				t.Errorf("failures can be told apart: %q, %q", s, said[0])
			}
		}
		counts := map[string]int{}
		for _, r := range h.trail() {
			counts[r.Verb+" "+r.Actor]++
			if strings.Contains(r.After, "my-secret") || strings.Contains(r.After, "horse") || strings.Contains(r.After, "argon2") {
				t.Errorf("the trail tells a secret: %s", r.After)
			}
			if r.Verb == "user.sign-in" && (r.ObjectID != string(an) || !strings.Contains(r.After, "192.0.2.1")) {
				t.Errorf("%+v", r)
			}
		}
		if counts["user.sign-in "+string(an)] != 1 || counts["user.sign-in-refused visitor"] != 7 || counts["user.password system:operator"] != 2 {
			t.Errorf("trail %v", counts)
		}
	})
}

func TestSignInWaitsAfterFailures(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		now := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
		d = d.WithClock(func() time.Time { return now })
		h, hasher := newHouse(t, d), NewHasher()
		h.add("an@example.org", Officer, "fit")
		if err := SetPassword(t.Context(), d, hasher, "an@example.org", goodPassword); err != nil {
			t.Fatal(err)
		}
		var refused, waits atomic.Int64
		var wg sync.WaitGroup
		for i := range 14 { // at once, each from an address of its own
			wg.Go(func() {
				_, err := SignIn(t.Context(), d, hasher, "an@example.org", badPassword, fmt.Sprintf("192.0.2.%d", i))
				switch {
				case fault.Is(err, fault.KindInvalid):
					refused.Add(1)
				case fault.Is(err, fault.KindUnavailable):
					waits.Add(1)
				}
			})
		}
		wg.Wait()
		if refused.Load() != freeFailures || waits.Load() != 4 {
			t.Errorf("%d passed to the password, %d waited", refused.Load(), waits.Load())
		}
		rows := len(h.trail())
		if _, err := SignIn(t.Context(), d, hasher, "an@example.org", goodPassword, "198.51.100.1"); !fault.Is(err, fault.KindUnavailable) {
			t.Errorf("the right password during the wait: %v", err)
		}
		if len(h.trail()) != rows {
			t.Error("who waits fills the trail")
		}
		now = now.Add(waitAfter)
		if _, err := SignIn(t.Context(), d, hasher, "an@example.org", goodPassword, "198.51.100.1"); err != nil {
			t.Errorf("after the wait: %v", err)
		}
	})
}

func TestChangePassword(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h, hasher := newHouse(t, d), NewHasher()
		ctx := t.Context()
		h.add("an@example.org", Officer, "fit")
		h.add("bo@example.org", Officer, "fit")
		h.add("admin@example.org", Administrator, "fit")
		an, _ := h.actor("an@example.org")
		bo, _ := h.actor("bo@example.org")
		admin, _ := h.actor("admin@example.org")
		for _, c := range []struct {
			by       Actor
			password string
			kind     fault.Kind
		}{
			{bo, goodPassword, fault.KindDenied}, {Visitor(), goodPassword, fault.KindDenied}, {an, "short", fault.KindInvalid},
		} {
			if err := ChangePassword(ctx, d, hasher, c.by, "an@example.org", c.password); !fault.Is(err, c.kind) {
				t.Errorf("%s: %v", c.by.Email, err)
			}
		}
		if err := ChangePassword(ctx, d, hasher, an, "nobody@example.org", goodPassword); !fault.Is(err, fault.KindMissing) {
			t.Error(err)
		}
		for i, by := range []Actor{admin, an} {
			password := fmt.Sprintf("%s %d", goodPassword, i)
			if err := ChangePassword(ctx, d, hasher, by, "an@example.org", password); err != nil {
				t.Fatal(err)
			}
			if _, err := SignIn(ctx, d, hasher, "an@example.org", password, "x"); err != nil {
				t.Error(err)
			}
		}
		if _, err := SignIn(ctx, d, hasher, "an@example.org", goodPassword+" 0", "x"); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("the old password still opens: %v", err)
		}
	})
}

func TestDemoPeople(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		agency := []Role{Officer, Controller, Approver, Payer, Analyst, Administrator, Auditor}
		for _, r := range agency {
			h.add("all@example.org", r, "fit") // comes first by address, but is everything at once
			h.add("the-"+string(r)+"@example.org", r, "fit")
		}
		h.add("a@agoria.example", Coordinator, "agoria")
		h.add("b@agoria.example", Finance, "agoria")
		for _, r := range []Role{Coordinator, Finance, Member} {
			h.add(string(r)+"@voka.example", r, "voka")
		}
		h.add("boss@lodge.example", CompanyContact, "")
		h.add("gone@lodge.example", CompanyContact, "")
		h.agency(func(tx *db.Tx) error { return Disable(t.Context(), tx, System("test"), "gone@lodge.example") })
		demo := func() (out string) {
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				people, err := DemoPeople(t.Context(), tx, h.programme)
				for _, p := range people {
					out += fmt.Sprintf("%s: %s, %s\n", p.Role, p.Name, p.Organisation)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		want := ""
		for _, r := range agency {
			want += fmt.Sprintf("%s: Name of the-%s@example.org, FIT\n", r, r)
		}
		want += "coordinator: Name of coordinator@voka.example, Voka\nfinance: Name of finance@voka.example, Voka\n" +
			"member: Name of member@voka.example, Voka\ncompany: Name of boss@lodge.example, Lodge\n"
		if got := demo(); got != want {
			t.Errorf("demo people:\n%s", got)
		}
		q := db.SQL("access.test.real", `update programme set invented = 0`)
		h.agency(func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), q); return err })
		if got := demo(); got != "" {
			t.Errorf("a real programme offers its people:\n%s", got)
		}
	})
}
