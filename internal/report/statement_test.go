package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/text"
)

// golden is the reckoning of a year with a parked item, deductions and two corrections. Source: the golden case of domain section 11.
func golden() settlement.Working {
	return settlement.Working{
		Reckoning: settlement.Reckoning{Accepted: 21800003, Uncapped: 10900001, Ceiling: 12000000, Half: 10900001, Performance: 2000,
			CostPart: 8720000, Pool: 2180001, Score: 7300, Earned: 1591400, NotEarned: 588601, Final: 10311400, Own: 11488603, Advance: 3600000,
			Netted: 3600000, Paid: 9400001, Balance: 911399, Unspent: 1688600, CarryLimit: 1099999},
		Claims: []settlement.ClaimLine{
			{Claim: "1", Number: 1, Declared: 7000001, Accepted: 7000001, Due: 2800000, FromAdvance: 2800000},
			{Claim: "2", Number: 2, Declared: 9000002, Deducted: 499999, Parked: 1000002, Accepted: 7500001, Due: 3000000, FromAdvance: 800000},
			{Claim: "3", Number: 3, Declared: 8000001, Returned: 1000002, Accepted: 9000003, Due: 3600001},
		},
		Corrections: []settlement.StruckLine{{Cost: 500001}, {Cost: 1200001}},
		Payments: []settlement.PaidLine{
			{Kind: funding.AdvancePayment, ExecutedOn: "2018-03-12", Amount: 3600000},
			{Kind: funding.ClaimPayment, Claim: "2", Amount: 2200000}, {Kind: funding.ClaimPayment, Claim: "3", Amount: 3600001},
		},
	}
}

// TestStepsOfTheGoldenCase: every step shows its amount and how it came about.
func TestStepsOfTheGoldenCase(t *testing.T) {
	want := []struct{ words, amount string }{
		{"Accepted cost", "218,000.03"},
		{"Claim 1", "70,000.01"},
		{"Claim 2: declared 90,000.02, deducted 4,999.99, parked 10,000.02", "75,000.01"},
		{"Claim 3: declared 80,000.01, 10,000.02 that was parked before", "90,000.03"},
		{"Corrected after payment: −5,000.01; −12,000.01", "−17,000.02"},
		{"One half | 218,000.03 × 50 % = 109,000.015. The ceiling of 120,000.00 is not reached", "109,000.01"},
		{"Cost part, 80 % | 109,000.01 × 80 % = 87,200.008. The rest, 21,800.01, is the performance pool", "87,200.00"},
		{"Performance part, score 73.00 % | 21,800.01 × 73.00 % = 15,914.0073. Not earned, and borne by the partner: 5,886.01", "15,914.00"},
		{"Final contribution of the agency | 87,200.00 + 15,914.00. Own part of Alder: 218,000.03 − 103,114.00 = 114,886.03", "103,114.00"},
		{"Paid so far", "−94,000.01"},
		{"Advance, executed 12 March 2018", "36,000.00"},
		{"Claim 1: due 28,000.00, all out of the advance", "0.00"},
		{"Claim 2: due 30,000.00, of which 8,000.00 out of the advance", "22,000.00"},
		{"Claim 3", "36,000.01"},
		{"Balance due to Alder", "9,113.99"},
	}
	steps := reckoned(golden(), 5000, "Alder")
	if len(steps) != len(want) {
		t.Fatalf("%d steps, not %d", len(steps), len(want))
	}
	for i, s := range steps {
		words := s.Words.In(text.EN)
		if w := s.Working.In(text.EN); w != "" {
			words += " | " + w
		}
		words = strings.ReplaceAll(words, "\u00a0", " ")
		if words != want[i].words || s.Amount.Show(text.EN) != want[i].amount {
			t.Errorf("step %d: %q %s, it should be %q %s", i, words, s.Amount.Show(text.EN), want[i].words, want[i].amount)
		}
	}
}

// TestHalfSaysWhatLimitsIt: the ceiling, other rates and several rates read differently.
func TestHalfSaysWhatLimitsIt(t *testing.T) {
	capped := settlement.Reckoning{Accepted: 30000000, Uncapped: 15000000, Ceiling: 12000000, Half: 12000000, Capped: true}
	for _, tt := range []struct {
		r    settlement.Reckoning
		rate money.Bp
		want string
	}{
		{capped, 5000, "The ceiling limits this to 120,000.00"},
		{capped, 0, "at the rate on the day of each item = 150,000.00. The ceiling limits"},
		{golden().Reckoning, 0, "at the rate on the day of each item = 109,000.01. The ceiling of 120,000.00 is not reached"},
		{golden().Reckoning, 4000, "at the rate on the day of each item"}, // a rate that does not give the half is not shown
	} {
		if got := halfWorking(tt.r, tt.rate).In(text.EN); !strings.Contains(got, tt.want) {
			t.Errorf("rate %d: %q, it should hold %q", tt.rate, got, tt.want)
		}
	}
}

// TestLineCarriesAmountsAsText: no reader of the file can make floats of them.
func TestLineCarriesAmountsAsText(t *testing.T) {
	line := Line(settlement.Result{AgreementYear: settlement.AgreementYear{Code: "alder", Year: 2018}, Outcome: "computed",
		Settlement: settlement.Settlement{Working: golden(), Version: 1}})
	b, err := json.Marshal(line)
	must(t, err)
	for _, want := range []string{`"partner":"alder"`, `"accepted":"218000.03"`, `"final":"103114.00"`, `"score_bp":7300`, `"balance":"9113.99"`} {
		if !strings.Contains(string(b), want) {
			t.Errorf("%s misses %s", b, want)
		}
	}
	if len(line.Cells()) != len(StatementColumns()) {
		t.Errorf("%d cells under %d columns", len(line.Cells()), len(StatementColumns()))
	}
}

// TestStatementOfADryRun: what is not stored has its names, its score and a text within its width.
func TestStatementOfADryRun(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := plant(t, d)
		years := []settlement.AgreementYear{{Agreement: w.agreements[0], Partner: w.alder.ID, Code: "alder", Year: 2019}}
		found, err := settlement.Settle(t.Context(), d, access.System("test"), w.g.ID, years, true)
		must(t, err)
		var s Statement
		must(t, d.Read(t.Context(), func(tx *db.Tx) (err error) {
			s, err = LoadStatement(t.Context(), tx, w.g, found[0].Settlement)
			return err
		}))
		if s.Stored() || s.Partner.Code != "alder" || s.Agency.Code != "agency" || s.Rate != 5000 || len(s.Scores) != 1 || s.Scores[0].AimText(text.EN) != "10" {
			t.Errorf("%+v", s)
		}
		for _, l := range text.Languages() {
			var out bytes.Buffer
			must(t, s.WriteText(&out, l))
			for _, line := range strings.Split(out.String(), "\n") {
				if n := len([]rune(line)); n > paperWidth {
					t.Errorf("%s: %d columns: %q", l, n, line)
				}
			}
		}
	})
}

// TestLateFactsShowBesideFrozenOnes settles, lets evidence in, and compares.
func TestLateFactsShowBesideFrozenOnes(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := plant(t, d)
		frozen := Statement{Settlement: settlement.Settlement{Working: golden()}}
		later := golden()
		later.Reckoning.Earned, later.Reckoning.Final, later.Reckoning.Balance = 1600000, 10320000, 919999
		changes := Restatement(frozen, Statement{Settlement: settlement.Settlement{Working: later}})
		if len(changes) != 3 || changes[1].Was != 10311400 || changes[1].Is != 10320000 {
			t.Errorf("%+v", changes)
		}
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			p, err := LoadProof(t.Context(), tx, w.g.ID, settlement.Settlement{Agreement: w.agreements[0], Year: 2019, Working: golden()})
			if err == nil && (!p.Holds() || p.Open+p.Parked+p.InFlight != 0) {
				t.Errorf("the proof fails: %+v", p)
			}
			broken := golden()
			broken.Reckoning.Own++
			p, _ = LoadProof(t.Context(), tx, w.g.ID, settlement.Settlement{Agreement: w.agreements[0], Year: 2019, Working: broken})
			if p.Holds() {
				t.Error("own part and contribution that do not add up pass the proof")
			}
			return err
		}))
	})
}

// TestListsKeepToTheirScope: settlements and costs of others never show.
func TestListsKeepToTheirScope(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := plant(t, d)
		must(t, d.Write(t.Context(), w.g.ID, func(tx *db.Tx) error {
			if err := w.claim(t.Context(), tx, w.agreements[0], "2019-03-01", "2019-04-01", 1000_00, 900_00); err != nil {
				return err
			}
			if err := w.claim(t.Context(), tx, w.agreements[1], "2019-03-01", "", 500_00, 0); err != nil {
				return err
			}
			return audit.Append(t.Context(), tx, string(w.g.ID), string(w.officer),
				audit.Change{Verb: "claim.open", ObjectKind: "claim", ObjectID: "x", Before: map[string]any{"state": "submitted", "n": 1},
					After: map[string]any{"state": "in-verification", "n": 1, "deep": map[string]any{"b": []int{1, 2}}}})
		}))
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			for scope, want := range map[access.Scope]CostTotals{access.All: {Items: 2, Eligible: 1500_00, Accepted: 900_00},
				access.Scope(w.birch.ID): {Items: 1, Eligible: 500_00}, "": {}} {
				got, err := SumCosts(t.Context(), tx, w.g.ID, CostFilter{Scope: scope})
				rows, _, err2 := LoadCosts(t.Context(), tx, w.g.ID, CostFilter{Scope: scope})
				if err != nil || err2 != nil || got != want || len(rows) != want.Items {
					t.Errorf("scope %q: %+v and %d rows, not %+v (%v, %v)", scope, got, len(rows), want, err, err2)
				}
			}
			first, key, err := LoadCosts(t.Context(), tx, w.g.ID, CostFilter{Scope: access.All, Limit: 1})
			must(t, err)
			second, last, err := LoadCosts(t.Context(), tx, w.g.ID, CostFilter{Scope: access.All, Limit: 1, After: key})
			must(t, err)
			if key == "" || last != "" || len(second) != 1 || first[0].ID == second[0].ID {
				t.Errorf("pages %v and %v, keys %q and %q", first, second, key, last)
			}
			all, err := LoadSettlements(t.Context(), tx, access.Scope(w.alder.ID), w.g)
			if err != nil || len(all.Rows) != 1 || all.Rows[0].Partner.Code != "alder" || all.Count("", "2020-06-01") != 2 {
				t.Errorf("%+v, %v", all, err)
			}
			trail, err := LoadTrail(t.Context(), tx, string(w.g.ID), audit.Filter{}, true)
			if err != nil || len(trail.Rows) != 1 || len(trail.Findings) != 0 || trail.Rows[0].ActorName != "Officer" {
				t.Fatalf("%+v, %v", trail, err)
			}
			want := []FieldChange{{"state", "submitted", "in-verification"}, {"deep.b", "", "1, 2"}}
			if f := trail.Rows[0].Fields; len(f) != 2 || f[0] != want[0] || f[1] != want[1] {
				t.Errorf("fields %+v, not %+v", f, want)
			}
			books, err := LoadBooks(t.Context(), tx, w.g.ID, ledger.Filter{Agreement: w.agreements[0]}, 0)
			if err != nil || books.Debit != ceilingOfEach || books.Credit != ceilingOfEach || len(books.Entries) != 1 || books.Entries[0].Partner != "alder" {
				t.Errorf("%+v, %v", books, err)
			}
			return nil
		}))
	})
}

// A KPI that pays at most a part says so, and whether that is what it got.
func TestCapOfAKPIInWords(t *testing.T) {
	for _, c := range []struct {
		cap, payout int64
		status      kpi.Status
		want        string
	}{{0, 10000, kpi.Valued, ""}, {8000, 7999, kpi.Valued, "pays at most 80%"}, {8000, 8000, kpi.Valued, "capped at 80%"}, {8000, 0, kpi.Waived, ""}} {
		r := ScoreRow{ScoreLine: settlement.ScoreLine{Cap: c.cap, Payout: c.payout, Status: c.status}}
		if got := strings.ReplaceAll(strings.ReplaceAll(r.CapText(text.EN), "\u00a0", ""), "\u202f", ""); got != c.want {
			t.Errorf("cap %d, payout %d, %s: %q, not %q", c.cap, c.payout, c.status, got, c.want)
		}
	}
}
