package kpi

import (
	"testing"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// TestHistory: only years that are over, and only what a settlement would freeze: the unverified contact of November counts nowhere.
func TestHistory(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w, _ := small(t, d)
		load := func(partner int, on period.Date) (h agreement.History, err error) {
			err = d.Read(t.Context(), func(tx *db.Tx) error {
				h, err = LoadHistory(t.Context(), tx, w.programme, w.agreements[partner], on)
				return err
			})
			return h, err
		}
		h, err := load(0, "2019-06-01")
		if err != nil || len(h["reach"]) != 2 || h["reach"][0].Value != nil || h["reach"][1].Year != 2018 || Decimal(h["reach"][1].Value) != "2" ||
			Decimal(h["reach"][1].Target) != "2" {
			t.Errorf("%+v %v", h["reach"], err)
		}
		if got := h.Values("reach"); len(got) != 1 || got[0].Year != 2018 {
			t.Errorf("years with a value: %+v", got)
		}
		if best := h.Best("joint", false); Decimal(best) != "1.25" { // a quarter of the joint one, and its own
			t.Errorf("best %s", Decimal(best))
		}
		if h, err := load(2, "2020-01-01"); err != nil || h.Best("reach", false) != nil || len(h["reach"]) != 3 {
			t.Errorf("who reported nothing: %+v %v", h, err)
		}
		if h, err := load(0, "2017-12-31"); err != nil || len(h) != 0 {
			t.Errorf("no year was over: %+v %v", h, err)
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			_, err := LoadHistory(t.Context(), tx, w.programme, id.New[id.Agreement](), "2019-06-01")
			return err
		})
		if !fault.Is(err, fault.KindMissing) {
			t.Errorf("no such agreement: %v", err)
		}
	})
}
