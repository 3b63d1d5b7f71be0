package cli

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/draft"
	"errera.eu/errera/internal/agreement/partner"
	"errera.eu/errera/internal/check"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
)

// TestAPartnerChangesOnItsPage plays a new name, a division, a merger and the end of the agreement that it leaves, on the page and through
// the amendment that takes over, until the books hold nothing of it any more.
func TestAPartnerChangesOnItsPage(t *testing.T) {
	h := openHouse(t)
	next, hashes := h.agreed(t, "alpha", "beta")
	for _, p := range []string{"alpha", "beta"} {
		for _, who := range []string{"chair@" + p + ".example", "minister@bureau.example"} {
			h.signs(t, next, p, who, hashes[p])
		}
	}
	officer, approver := h.as(t, "officer@bureau.example"), h.as(t, "approver@bureau.example")
	expect := func(client *http.Client, status int, words, path string, fields ...string) {
		t.Helper()
		got, page := h.form(t, client, path, fields...)
		if got != status || !strings.Contains(page, words) {
			t.Errorf("%s: %d, want %d and %q", path, got, status, words)
		}
	}
	const at = "/agreements/beta/partner"
	expect(officer, 422, "Say why.", at+"/rename", "name", "Beta United", "on", "2019-03-01")
	expect(officer, 422, "A day between", at+"/rename", "name", "Beta United", "on", "2018-03-01", "reason", "x")
	expect(officer, 422, "is called that already", at+"/rename", "name", "Beta Chamber", "short", "Beta", "on", "2019-03-01", "reason", "x")
	expect(approver, 404, "", at+"/rename", "name", "Beta United", "on", "2019-03-01", "reason", "x")
	expect(officer, 303, "Was called Beta Chamber, is called Beta United", at+"/rename", "name", "Beta United", "short", "Beta", "on", "2019-03-01", "reason", "a vote of its members")
	expect(officer, 303, "acts through Beta Ghent", at+"/divide", "division", "Beta Ghent", "on", "2019-06-01", "reason", "its office")
	expect(officer, 422, "acts like that already", at+"/divide", "division", " Beta  Ghent", "on", "2019-06-01", "reason", "its office")
	h.nextVersionSays(t, next, "beta", "Beta United", "Beta Ghent")

	expect(officer, 404, "", at+"/merge", "into", "alpha", "on", "2020-01-01", "reason", "merged")
	expect(approver, 422, "another running agreement", at+"/merge", "into", "beta", "on", "2020-01-01", "reason", "merged")
	expect(approver, 422, "within both agreements", at+"/merge", "into", "alpha", "on", "2021-01-01", "reason", "merged")
	expect(approver, 303, "2 years are left to settle", at+"/merge", "into", "alpha", "on", "2020-01-01", "reason", "merged")
	h.takenOver(t, next)
}

// nextVersionSays opens the working copy of the next version: it names the partner as it is now, while the signed one stays as it was.
func (h *house) nextVersionSays(t *testing.T, g programme.Programme, code, name, division string) {
	t.Helper()
	ctx := context.Background()
	h.read(t, func(tx *db.Tx) error {
		a, err := agreement.ByPartner(ctx, tx, access.All, g.ID, code)
		if err != nil {
			return err
		}
		s, err := settlement.SettingFor(ctx, tx, g, a)
		if err != nil {
			return err
		}
		desk, err := draft.Open(ctx, tx, h.actor(t, "officer@bureau.example"), &s, a)
		if err != nil {
			return err
		}
		cur, err := desk.Current(ctx, tx)
		if p := cur.Document.Partner; err != nil || p.Name != name || p.Division != division {
			t.Errorf("the next version says %+v: %v", p, err)
		}
		v, err := agreement.LoadVersion(ctx, tx, g.ID, a.ID, a.Version)
		if p := v.Document.Partner; err != nil || p.Name == name || p.Division != "" {
			t.Errorf("the signed version says %+v: %v", p, err)
		}
		all, err := partner.Changes(ctx, tx, g.ID, a.ID)
		if len(all) != 2 || a.Partner.Name != name || a.Division != division {
			t.Errorf("%+v %+v", a, all)
		}
		return err
	})
}

// takenOver takes the amendment that a merger laid out through negotiation and signatures into force, and closes the agreement that ended.
func (h *house) takenOver(t *testing.T, g programme.Programme) {
	t.Helper()
	ctx := context.Background()
	officer, coordinator := h.actor(t, "officer@bureau.example"), h.actor(t, "coordinator@alpha.example")
	write := func(fn func(tx *db.Tx, s *agreement.Setting, a agreement.Agreement) error) {
		t.Helper()
		err := h.db.Write(ctx, g.ID, func(tx *db.Tx) error {
			a, err := agreement.ByPartner(ctx, tx, access.All, g.ID, "alpha")
			if err != nil {
				return err
			}
			s, err := settlement.SettingFor(ctx, tx, g, a)
			if err != nil {
				return err
			}
			return fn(tx, &s, a)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var v agreement.Version
	write(func(tx *db.Tx, s *agreement.Setting, a agreement.Agreement) error {
		desk, err := draft.Open(ctx, tx, officer, s, a)
		if err != nil {
			return err
		}
		cur, err := desk.Current(ctx, tx)
		if err != nil {
			return err
		}
		if c := cur.Document.Ceilings; c[0].Amount != 30_000_01 || c[1].Amount != 60_000_04 || cur.Document.EffectiveOn != "2020-01-01" {
			t.Errorf("the draft has %v", c)
		}
		v, err = desk.Propose(ctx, tx, officer, cur.Revision, "")
		return err
	})
	write(func(tx *db.Tx, s *agreement.Setting, a agreement.Agreement) error {
		_, err := agreement.Accept(ctx, tx, coordinator, s, a.ID, v.Hash)
		return err
	})
	for _, who := range []string{"chair@alpha.example", "minister@bureau.example"} {
		h.signs(t, g, "alpha", who, v.Hash)
	}
	if err := settlement.EnterForce(ctx, h.db); err != nil {
		t.Fatal(err)
	}
	var ended agreement.Agreement
	h.read(t, func(tx *db.Tx) error {
		a, err := agreement.ByPartner(ctx, tx, access.All, g.ID, "alpha")
		if c, _ := a.Ceiling(2020); err != nil || a.Version != 2 || c.Amount != 60_000_04 {
			t.Errorf("%+v %v", a, err)
		}
		ended, err = agreement.ByPartner(ctx, tx, access.All, g.ID, "beta")
		return err
	})
	if ended.State != agreement.Terminated {
		t.Errorf("beta is %s", ended.State)
	}
	h.settledForGood(t, g, ended)
	h.onlyOneTakes(t, g)
}

// onlyOneTakes holds that the envelope gives only to the agreement that goes on, and every law of the books.
func (h *house) onlyOneTakes(t *testing.T, g programme.Programme) {
	t.Helper()
	ctx := context.Background()
	h.read(t, func(tx *db.Tx) error {
		pledged, err := agreement.Pledged(ctx, tx, g.ID, "")
		if err != nil || pledged[2019] != 30_000_01 || pledged[2020] != 60_000_04 {
			t.Errorf("what ended still takes its part: %v %v", pledged, err)
		}
		found, err := check.Run(ctx, tx, "")
		for _, l := range found.Laws {
			for _, f := range l.Findings {
				t.Errorf("%s: %s", l.Name, f)
			}
		}
		return err
	})
}

// settledForGood settles every year of an agreement that ended, on the pages that lead there, and closes it.
func (h *house) settledForGood(t *testing.T, g programme.Programme, a agreement.Agreement) {
	t.Helper()
	ctx := context.Background()
	controller, approver := h.actor(t, "controller@bureau.example"), h.actor(t, "approver@bureau.example")
	officer := h.as(t, "officer@bureau.example")
	at := "/agreements/" + a.Partner.Code + "/partner"
	for _, c := range a.Ceilings {
		if status, page := h.form(t, officer, at+"/close"); status != 409 || !strings.Contains(page, "2 years are left to settle") && !strings.Contains(page, "one year is left to settle") {
			t.Errorf("closed with a year to settle: %d", status)
		}
		year := []settlement.AgreementYear{{Agreement: a.ID, Partner: a.Partner.ID, Code: a.Partner.Code, Year: c.Year}}
		if _, err := settlement.Settle(ctx, h.db, controller, g.ID, year, false); err != nil {
			t.Fatal(err)
		}
		err := h.db.Write(ctx, g.ID, func(tx *db.Tx) error {
			if _, err := settlement.Communicate(ctx, tx, controller, g.ID, a.ID, c.Year); err != nil {
				return err
			}
			_, err := settlement.Finalise(ctx, tx, approver, g.ID, a.ID, c.Year)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if status, page := h.form(t, officer, at+"/close"); status != 303 || !strings.Contains(page, "is closed") {
		t.Errorf("not closed: %d", status)
	}
}

// TestAMergerWithinAYear leaves that year with the agreement under which its costs were claimed and paid.
func TestAMergerWithinAYear(t *testing.T) {
	k := newDesk(t, "gamma")
	var into agreement.Agreement
	k.read(t, func(tx *db.Tx) (err error) {
		into, err = agreement.ByPartner(t.Context(), tx, access.All, k.programme.ID, "beta")
		return err
	})
	merge := func(on period.Date) error {
		return k.db.Write(t.Context(), k.programme.ID, func(tx *db.Tx) error {
			_, err := settlement.Merge(t.Context(), tx, k.actor(t, "approver@bureau.example"), k.programme,
				settlement.Merger{From: k.a.ID, Into: into.ID, On: on, Reason: "merged"})
			return err
		})
	}
	if err := merge("2018-01-01"); !fault.Is(err, fault.KindInvalid) || fault.Of(err).Field != "on" {
		t.Errorf("from the first day: %v", err)
	}
	if err := merge("2018-07-01"); err != nil { // the year stays with gamma: nothing goes over
		t.Errorf("%v", err)
	}
	k.laws(t)
}
