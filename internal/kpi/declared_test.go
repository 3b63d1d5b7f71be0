package kpi

import (
	"math/big"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
)

// declare is a number that a partner states of a KPI, verified or not.
func (w *world) declare(partner int, kpi id.KPI, value string, verified bool) evidence.New {
	e := id.New[id.Evidence]()
	n := evidence.New{ID: e, Kind: evidence.Declared, Dated: "2018-12-31", Quantity: value, KPI: kpi, SourceKind: "measure", SourceID: string(e),
		Credits: []evidence.Credit{w.of(partner)}, ReportedOn: "2019-01-05"}
	if verified {
		n.Decisions = []evidence.Decision{{State: evidence.Verified, On: "2019-01-09"}}
	}
	return n
}

func counted() Definition {
	return Definition{Code: "contacts", Unit: "contacts", Kinds: []evidence.Kind{evidence.Contact}, Aggregate: Count, Joint: Share, Direction: Up, VerifiedOnly: true}
}

// TestDeclaredEvidenceIsCappedWhereItPays: a rule of d bp lets it add at most d bp of the target (domain section 5.1).
func TestDeclaredEvidenceIsCappedWhereItPays(t *testing.T) {
	for name, c := range map[string]struct {
		bp         int
		verified   bool
		paid, live string
	}{
		"no rule":                     {0, true, "2", "7"},
		"a tenth of 20":               {1000, true, "4", "7"},
		"half of 20, more than there": {5000, true, "7", "7"},
		"not verified":                {5000, false, "2", "7"},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Both(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d, 2, 3)
				contacts, other := w.define(t, counted()), w.define(t, Definition{Code: "media", Unit: "mentions", Kinds: []evidence.Kind{evidence.Media, evidence.Declared},
					Aggregate: Count, Joint: Full, Direction: Up})
				for _, k := range []id.KPI{contacts, other} {
					w.promise(t, 0, k, 10, "20")
					w.promise(t, 1, k, 10, "20")
				}
				w.write(t, table{"programme_rule", "programme_id starts_on rate_bp performance_bp advance_bp objection_days carry_over_bp year_of declared_bp",
					[][]any{{w.programme, "2017-01-01", 5000, 2000, 0, 30, 0, "delivered", c.bp}}})
				w.record(t, w.happened(evidence.Contact, "2018-03-01", 0, w.of(0)), w.happened(evidence.Contact, "2018-03-02", 1, w.of(0)),
					w.declare(0, contacts, "5", c.verified), w.declare(1, contacts, "0", c.verified))
				live, paying := board(t, d, w, "2019-03-01", Live), board(t, d, w, "2019-03-01", Paying)
				wantCell(t, live, 0, 0, Valued, c.live)
				wantCell(t, paying, 0, 0, Valued, c.paid)
				wantCell(t, live, 0, 1, Valued, "0")      // it reported contacts, and the row that speaks for another KPI is none of this one
				wantCell(t, live, 1, 0, Valued, "0")      // declared nothing: a zero, not nothing
				wantCell(t, live, 1, 1, NotReported, "0") // of this one it said nothing
				if n := live.Partners[0].Cells[0].Figure.Declared; n != 1 {
					t.Errorf("%d rows are marked", n)
				}
				if c.bp == 0 {
					wantCell(t, paying, 1, 0, NotReported, "0")
				}
			})
		})
	}
}

func TestACapNeverFavoursWhoDeclares(t *testing.T) {
	rat := func(n int64) *big.Rat { return big.NewRat(n, 1) }
	up, down, mean := counted(), counted(), Definition{Aggregate: Mean, Direction: Up}
	down.Direction = Down
	without, with := Figure{Num: rat(2)}, Figure{Num: rat(90), Declared: 1}
	for name, c := range map[string]struct {
		d      Definition
		target *big.Rat
		want   int64
	}{"rising": {up, rat(20), 12}, "falling": {down, rat(20), 90}, "a mean": {mean, rat(20), 2}, "not due": {up, nil, 2}} {
		if got := c.d.capped(without, with, c.target, 5000); got.Num.Cmp(rat(c.want)) != 0 {
			t.Errorf("%s: %s, want %d", name, got.Num.RatString(), c.want)
		}
	}
}

// TestWhoSaysThatNothingIsReportedHasNoZero: a statement takes the place of the zero that other evidence would make, until there is evidence.
func TestWhoSaysThatNothingIsReportedHasNoZero(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 1, 3)
		contacts := w.define(t, counted())
		w.promise(t, 0, contacts, 10, "20")
		w.record(t, w.happened(evidence.Media, "2018-02-01", 0, w.of(0)))
		wantCell(t, board(t, d, w, "2019-03-01", Live), 0, 0, Valued, "0")
		w.write(t, table{"measure", "programme_id id kpi_id organisation_id year quarter n status value numerator denominator source said_on",
			[][]any{{w.programme, id.New[id.Measure](), contacts, w.partners[0], 2018, 0, 1, "not-reported", "", "", "", "f", "2019-01-05"}}})
		wantCell(t, board(t, d, w, "2019-03-01", Live), 0, 0, NotReported, "0")
		wantCell(t, board(t, d, w, "2019-01-04", Live), 0, 0, Valued, "0") // nobody had said so then
		w.record(t, w.happened(evidence.Contact, "2018-05-01", 1, w.of(0)))
		wantCell(t, board(t, d, w, "2019-03-01", Live), 0, 0, Valued, "1")
	})
}
