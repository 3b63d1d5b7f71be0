package report

import (
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/period"
)

func cockpitOn(t *testing.T, d *db.DB, w world, asOf period.Date, reach Reach) *Cockpit {
	t.Helper()
	var c *Cockpit
	must(t, d.Read(t.Context(), func(tx *db.Tx) error {
		b, err := kpi.LoadBoard(t.Context(), tx, nil, w.g.ID, 2019, asOf, kpi.Live)
		if err != nil {
			return err
		}
		c, err = LoadCockpit(t.Context(), tx, reach, w.g, b)
		return err
	}))
	return c
}

func TestCockpitCountsPromisesAndStake(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := plant(t, d)
		c := cockpitOn(t, d, w, "2019-09-16", everything())
		if c.Due != 2 || c.Kept != 1 || c.AtRisk != 1 || c.Behind+c.Silent != 0 || c.One() {
			t.Errorf("due %d, kept %d, at risk %d, behind %d, silent %d; want 2, 1, 1, 0, 0", c.Due, c.Kept, c.AtRisk, c.Behind, c.Silent)
		}
		// Birch: half at the ceiling 100,000.00, pool a fifth of it, of which two tenths of the target earn two tenths.
		if c.Stake != 16_000_00 || c.StakePartners != 1 {
			t.Errorf("stake %s at %d partners, want 16000.00 at 1", c.Stake, c.StakePartners)
		}
		own := cockpitOn(t, d, w, "2019-09-16", onlyOf(w.alder.ID))
		if !own.One() || own.Promises != 1 || own.PromisesK != 1 || own.Stake != 0 || own.Board.Partners[0].Organisation != w.alder.ID {
			t.Errorf("Alder sees %+v", own.Board.Partners)
		}
		before := cockpitOn(t, d, w, "2019-01-12", everything())
		if before.Silent != 2 || before.Kept != 0 {
			t.Errorf("before anything was reported %d are silent and %d on course, want 2 and 0", before.Silent, before.Kept)
		}
	})
}

func TestCockpitMoneyStandsAsOfTheDay(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := plant(t, d)
		must(t, d.Write(t.Context(), w.g.ID, func(tx *db.Tx) error {
			if err := w.claim(t.Context(), tx, w.agreements[0], "2019-04-01", "2019-05-01", 10_000_00, 6_000_00); err != nil {
				return err
			}
			return w.claim(t.Context(), tx, w.agreements[1], "2019-08-01", "", 900_000_00, 0)
		}))
		for _, c := range []struct {
			asOf  period.Date
			reach Reach
			want  Flow
		}{
			{"2018-12-15", everything(), Flow{Envelope: 200_000_00}},
			{"2019-04-15", everything(), Flow{Envelope: 200_000_00, Committed: 200_000_00, Claimed: 5_000_00}},
			{"2019-05-01", everything(), Flow{Envelope: 200_000_00, Committed: 200_000_00, Claimed: 5_000_00, Accepted: 3_000_00}},
			// Birch claims more than its ceiling allows: the agency's part ends there.
			{"2019-09-16", everything(), Flow{Envelope: 200_000_00, Committed: 200_000_00, Claimed: 105_000_00, Accepted: 3_000_00}},
			{"2019-09-16", onlyOf(w.alder.ID), Flow{Envelope: 100_000_00, Committed: 100_000_00, Claimed: 5_000_00, Accepted: 3_000_00}},
		} {
			if got := cockpitOn(t, d, w, c.asOf, c.reach).Flow; got != c.want {
				t.Errorf("as of %s within %q: %+v, want %+v", c.asOf, c.reach.Money, got, c.want)
			}
		}
		hidden := everything()
		hidden.Money = ""
		if c := cockpitOn(t, d, w, "2019-09-16", hidden); c.MoneyShown || c.Flow != (Flow{}) {
			t.Errorf("somebody without claims in reach sees %+v", c.Flow)
		}
	})
}

func TestWhatWaitsComesFromRows(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := plant(t, d)
		must(t, d.Write(t.Context(), w.g.ID, func(tx *db.Tx) error {
			return w.claim(t.Context(), tx, w.agreements[1], "2019-08-01", "", 10_000_00, 0)
		}))
		got := map[WaitKind]Wait{}
		for _, a := range cockpitOn(t, d, w, "2019-09-16", everything()).Waits {
			got[a.Kind] = a
		}
		want := map[WaitKind]Wait{
			ClaimWaits: {Kind: ClaimWaits, Code: "birch", Partner: "birch", Claim: 1, Year: 2019, N: 46, Owner: access.Controller,
				By: "2019-08-31", Overdue: true},
			YearUnsettled: {Kind: YearUnsettled, Year: 2018, N: 2, Owner: access.Controller, By: "2019-06-30", Overdue: true},
			EvidenceWaits: {Kind: EvidenceWaits, Year: 2019, N: 10, Owner: access.Officer, By: "2019-03-16", Overdue: true},
		}
		if len(got) != len(want) {
			t.Errorf("waits %v, want %v", got, want)
		}
		for k, a := range want {
			if got[k] != a {
				t.Errorf("%s: %+v, want %+v", k, got[k], a)
			}
		}
		for _, a := range cockpitOn(t, d, w, "2019-09-16", onlyOf(w.alder.ID)).Waits {
			if a.Code == "birch" || a.Kind == ClaimWaits || (a.Kind == EvidenceWaits && a.N != 8) {
				t.Errorf("Alder sees %+v", a)
			}
		}
		soon := cockpitOn(t, d, w, "2019-08-25", everything())
		if i := len(soon.Next); i != 1 || soon.Next[0].On != "2019-08-31" || soon.Next[0].Term.Kind != ClaimWaits {
			t.Errorf("in the days ahead stands %+v, want the claim's term", soon.Next)
		}
	})
}

func TestNextDaysChooseByReachAndWeight(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := plant(t, d)
		all := []activity.Activity{
			event("joint", "2019-09-20", "2019-09-20", activity.Published, w.alder, w.birch),
			event("off", "2019-09-21", "2019-09-21", activity.Cancelled, w.alder),
			event("topic", "2019-09-22", "2019-09-22", activity.Published, w.other),
			event("late", "2019-10-17", "2019-10-17", activity.Published, w.alder),
		}
		for _, code := range []string{"b1", "b2", "b3", "b4", "b5", "b6"} {
			all = append(all, event(code, "2019-09-25", "2019-09-25", activity.Published, w.birch))
		}
		must(t, d.Write(t.Context(), w.g.ID, func(tx *db.Tx) error { return activity.Add(t.Context(), tx, w.g.ID, all) }))
		c := cockpitOn(t, d, w, "2019-09-16", everything())
		if len(c.Next) != nextActivities || c.NextMore != 1 || c.Next[0].Activity.Code != "joint" {
			t.Errorf("%d days, %d more, first %+v; want 6, 1, joint", len(c.Next), c.NextMore, c.Next[0])
		}
		if own := cockpitOn(t, d, w, "2019-09-16", onlyOf(w.alder.ID)); len(own.Next) != 1 || own.Next[0].Activity.Code != "joint" {
			t.Errorf("Alder's days ahead are %+v, want the joint activity alone", own.Next)
		}
	})
}
