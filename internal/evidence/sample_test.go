package evidence

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

func TestDrawIsOneForEverybody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 60).Draw(t, "n")
		var ids []id.Evidence
		for range n {
			ids = append(ids, id.New[id.Evidence]())
		}
		size, seed := rapid.IntRange(0, 70).Draw(t, "size"), rapid.String().Draw(t, "seed")
		drawn := Draw(ids, size, seed)
		mixed := rapid.Permutation(ids).Draw(t, "mixed")
		if !slices.Equal(drawn, Draw(mixed, size, seed)) || len(drawn) != min(n, size) || len(slices.Compact(slices.Clone(drawn))) != len(drawn) {
			t.Fatalf("drawn %v", drawn)
		}
		for _, e := range drawn {
			if !slices.Contains(ids, e) {
				t.Fatalf("%s is from nowhere", e)
			}
		}
	})
}

func TestSampleOutcome(t *testing.T) {
	sample := func(population, looked, wrong int) Outcome {
		s := Sample{Population: population}
		for i := range population {
			r := SampledRow{Drawn: i < looked, State: Verified}
			if i < wrong {
				r.State = Rejected
			}
			s.Rows = append(s.Rows, r)
		}
		return s.Outcome()
	}
	// Wilson's interval of 2 in 50 without finite population is 1.10 % to 13.46 %.
	if o := sample(1_000_000, 50, 2); o.ErrorBp != 400 || o.LowBp != 110 || o.HighBp != 1346 || o.Expected != 40_000 {
		t.Errorf("2 of 50: %+v", o)
	}
	if o := sample(50, 50, 2); o.LowBp != 400 || o.HighBp != 400 || o.Expected != 2 || o.ExpectedAtMost != 2 {
		t.Errorf("all seen: %+v", o)
	}
	if o := sample(100, 50, 0); o.ErrorBp != 0 || o.LowBp != 0 || o.HighBp == 0 || o.ExpectedAtMost < 1 || o.ExpectedAtMost > 10 {
		t.Errorf("none wrong in half: %+v", o)
	}
	if o := (&Sample{Population: 9}).Outcome(); o != (Outcome{}) {
		t.Errorf("nothing seen: %+v", o)
	}
}

func TestVerifyBySample(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var rows []New
		for n := 1; n <= 28; n++ {
			rows = append(rows, w.participation(n))
		}
		w.write(t, "2019-04-01", func(tx *db.Tx) error { return Record(t.Context(), tx, w.programme, rows) })
		var sample id.Sample
		w.write(t, "2019-05-01", func(tx *db.Tx) (err error) {
			sample, err = DrawSample(t.Context(), tx, w.officer, w.programme, w.partners[0], 2019, Participation, 6, "audit 2019")
			return err
		})
		load := func() (s *Sample) {
			w.read(t, func(tx *db.Tx) (err error) { s, err = LoadSample(t.Context(), tx, w.programme, sample); return err })
			return s
		}
		accept := func(tolerance int64) (o Outcome, err error) {
			err = w.at("2019-05-03").Write(t.Context(), w.programme, func(tx *db.Tx) (err error) {
				o, err = AcceptSample(t.Context(), tx, w.officer, w.programme, sample, tolerance)
				return err
			})
			return o, err
		}
		s := load()
		var all, drawn []id.Evidence
		for _, r := range s.Rows {
			all = append(all, r.Evidence)
			if r.Drawn {
				drawn = append(drawn, r.Evidence)
			}
		}
		if len(all) != 28 || !slices.Equal(drawn, Draw(all, 6, "audit 2019")) {
			t.Fatalf("drawn %d of %d", len(drawn), len(all))
		}
		if _, err := accept(0); fault.Of(err).Key != "evidence.sample_open" {
			t.Errorf("open rows: %v", err)
		}
		w.write(t, "2019-05-02", func(tx *db.Tx) error {
			if err := RejectMany(t.Context(), tx, w.officer, w.programme, drawn[:1], "was not there"); err != nil {
				return err
			}
			return VerifyMany(t.Context(), tx, w.officer, w.programme, drawn[1:], "list seen")
		})
		if o, err := accept(1000); fault.Of(err).Key != "evidence.sample_wrong" || o.ErrorBp != 1666 || o.Expected != 5 {
			t.Errorf("one in six: %+v %v", o, err)
		}
		if _, err := accept(2000); err != nil {
			t.Fatal(err)
		}
		for _, r := range load().Rows {
			if want := map[bool]State{true: Rejected, false: Verified}[r.Evidence == drawn[0]]; r.State != want {
				t.Errorf("%s is %s", r.Evidence, r.State)
			}
		}
		w.read(t, func(tx *db.Tx) error {
			for _, r := range s.Rows {
				if h, err := History(t.Context(), tx, w.programme, r.Evidence); err != nil || !r.Drawn && !strings.Contains(h[1].Reason, "1 of 6 wrong") {
					t.Errorf("history %+v %v", h, err)
				}
			}
			return nil
		})
		if _, err := accept(2000); fault.Of(err).Key != "evidence.sample_closed" {
			t.Errorf("again: %v", err)
		}
		w.refusedDraws(t)
	})
}

// refusedDraws: the partner may not, and nobody draws from nothing.
func (w *world) refusedDraws(t *testing.T) {
	t.Helper()
	for key, try := range map[string]func(tx *db.Tx) error{
		"": func(tx *db.Tx) error {
			_, err := DrawSample(t.Context(), tx, w.partner, w.programme, w.partners[0], 2019, Participation, 6, "x")
			return err
		},
		"evidence.sample_empty": func(tx *db.Tx) error {
			_, err := DrawSample(t.Context(), tx, w.officer, w.programme, w.partners[0], 2019, Participation, 6, "x")
			return err
		},
	} {
		err := w.at("2019-05-04").Write(t.Context(), w.programme, try)
		if err == nil || key != "" && string(fault.Of(err).Key) != key || key == "" && !fault.Is(err, fault.KindDenied) {
			t.Errorf("%s: %v", key, err)
		}
	}
}

func TestSharesAndProofsOfARow(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.participation(1)
		w.write(t, "2019-03-02", func(tx *db.Tx) error { return Record(t.Context(), tx, w.programme, []New{n}) })
		hash := strings.Repeat("a1", 32)
		w.write(t, "2019-03-03", func(tx *db.Tx) error { return Prove(t.Context(), tx, w.partner, w.programme, n.ID, hash, "list.pdf") })
		w.write(t, "2019-06-01", func(tx *db.Tx) error {
			return Reshare(t.Context(), tx, w.officer, w.programme, n.ID, []Credit{{w.partners[1], 3}}, "they ran it alone")
		})
		w.write(t, "2019-08-01", func(tx *db.Tx) error {
			return Reshare(t.Context(), tx, w.officer, w.programme, n.ID, []Credit{{w.partners[1], 1}, {w.partners[2], 1}}, "half each")
		})
		w.read(t, func(tx *db.Tx) error {
			for _, c := range []struct {
				asOf    string
				weights [4]int64 // of the partners, and of all
			}{{"2019-05-31", [4]int64{2, 0, 0, 3}}, {"2019-06-01", [4]int64{0, 3, 0, 3}}, {"2019-08-01", [4]int64{0, 1, 1, 2}}, {"", [4]int64{0, 1, 1, 2}}} {
				rows, err := Of(t.Context(), tx, w.programme, Query{From: 2019, To: 2019, AsOf: dateOf(c.asOf)})
				if err != nil || len(rows) != 1 {
					t.Fatal(rows, err)
				}
				if got := [4]int64{rows[0].CreditOf(w.partners[0]), rows[0].CreditOf(w.partners[1]), rows[0].CreditOf(w.partners[2]), rows[0].Weights}; got != c.weights {
					t.Errorf("as of %q: %v, want %v", c.asOf, got, c.weights)
				}
				for p := range 3 {
					own, err := Of(t.Context(), tx, w.programme, Query{From: 2019, To: 2019, AsOf: dateOf(c.asOf), Organisation: w.partners[p]})
					if err != nil || (len(own) == 1) != (c.weights[p] > 0) {
						t.Errorf("as of %q, partner %d: %d rows %v", c.asOf, p, len(own), err)
					}
				}
			}
			versions, err := ShareVersions(t.Context(), tx, w.programme, n.ID)
			if err != nil || len(versions) != 3 || len(versions[0].Credits) != 2 || versions[2].Reason != "half each" || versions[0].On != n.ReportedOn {
				t.Errorf("versions %+v %v", versions, err)
			}
			proofs, err := Proofs(t.Context(), tx, w.programme, n.ID)
			if err != nil || len(proofs) != 1 || proofs[0].SHA256 != hash || proofs[0].By != w.partner.ID {
				t.Errorf("proofs %+v %v", proofs, err)
			}
			return nil
		})
		w.write(t, "2019-09-01", func(tx *db.Tx) error { return Verify(t.Context(), tx, w.other, w.programme, n.ID, "") })
		for key, try := range map[string]func(tx *db.Tx) error{
			"evidence.reason_required": func(tx *db.Tx) error {
				return Reshare(t.Context(), tx, w.officer, w.programme, n.ID, []Credit{{w.partners[0], 1}}, "")
			},
			"evidence.same_shares": func(tx *db.Tx) error {
				return Reshare(t.Context(), tx, w.officer, w.programme, n.ID, []Credit{{w.partners[2], 1}, {w.partners[1], 1}}, "x")
			},
			"evidence.no_credit":  func(tx *db.Tx) error { return Reshare(t.Context(), tx, w.officer, w.programme, n.ID, nil, "x") },
			"evidence.prove_late": func(tx *db.Tx) error { return Prove(t.Context(), tx, w.other, w.programme, n.ID, hash, "x") },
		} {
			if err := w.at("2019-09-02").Write(t.Context(), w.programme, try); err == nil || string(fault.Of(err).Key) != key {
				t.Errorf("%s: %v", key, err)
			}
		}
		err := w.at("2019-09-02").Write(t.Context(), w.programme, func(tx *db.Tx) error {
			return Reshare(t.Context(), tx, w.partner, w.programme, n.ID, []Credit{{w.partners[0], 1}}, "mine")
		})
		if err == nil {
			t.Error("a partner took the credit")
		}
	})
}

func dateOf(s string) period.Date { return period.Date(s) }
