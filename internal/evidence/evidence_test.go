package evidence

import (
	"fmt"
	"slices"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// participation is a row of the joint activity, reported by the partner.
func (w *world) participation(n int) New {
	return New{ID: id.New[id.Evidence](), Kind: Participation, Dated: period.Of(2019, 3, n), Company: w.companies[n%3], Activity: w.activity,
		ActivityType: "mission", Organisers: 2, Market: "CN", SourceKind: "participation", SourceID: fmt.Sprint("p", n),
		Credits:    []Credit{{w.partners[0], 2}, {w.agency, 1}},
		ReportedOn: period.Of(2019, 3, n+1), ReportedBy: w.partner.ID}
}

func TestRecordReadAndList(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w, euro := newWorld(t, d), money.Amount(1_250_000_00)
		var rows []New
		for n := 1; n <= 7; n++ {
			rows = append(rows, w.participation(n))
		}
		win := New{Kind: Win, Dated: "2018-12-30", Year: 2019, Company: w.companies[0], Market: "FR", Amount: &euro, Quantity: "2.5",
			SourceKind: "outcome", SourceID: "w1", Credits: []Credit{{w.partners[1], 1}}, ReportedOn: "2019-02-01",
			Decisions: []Decision{{State: Verified, On: "2019-02-03", By: w.officer.ID}}}
		w.write(t, "2019-04-01", func(tx *db.Tx) error { return Record(t.Context(), tx, w.programme, append(rows, win)) })
		w.read(t, func(tx *db.Tx) error {
			all, err := OfYear(t.Context(), tx, w.programme, 2019, "")
			if err != nil || len(all) != 8 {
				t.Fatalf("%d rows, %v", len(all), err)
			}
			first, last := all[0], all[7]
			if first.ID != rows[0].ID || first.Weights != 3 || first.CreditOf(w.partners[0]) != 2 || first.CreditOf(w.agency) != 1 ||
				first.CreditOf(w.partners[1]) != 0 || first.Root != w.companies[1] || first.ActivityType != "mission" || first.Organisers != 2 {
				t.Errorf("first: %+v", first)
			}
			if last.Kind != Win || last.Amount == nil || *last.Amount != euro || last.Quantity != "2.5" || last.State != Verified ||
				last.StateOn != "2019-02-03" || len(last.Credits) != 1 || last.Year != 2019 {
				t.Errorf("last: %+v", last)
			}
			own, err := Of(t.Context(), tx, w.programme, Query{From: 2019, To: 2019, Organisation: w.agency})
			if err != nil || len(own) != 7 || len(own[3].Credits) != 2 {
				t.Errorf("of the agency: %d %v", len(own), err)
			}
			wins, err := Of(t.Context(), tx, w.programme, Query{From: 2018, To: 2020, Kinds: []Kind{Win, Media}})
			if err != nil || len(wins) != 1 || len(wins[0].Credits) != 1 {
				t.Errorf("wins: %+v %v", wins, err)
			}
			return w.listing(t, tx)
		})
	})
}

// listing reads the same rows as a page does.
func (w *world) listing(t *testing.T, tx *db.Tx) error {
	f := Filter{Scope: access.All, Kinds: []Kind{Participation}, From: 2019, To: 2019, Limit: 3}
	var seen []period.Date
	for range 3 {
		items, next, err := List(t.Context(), tx, w.programme, f)
		if err != nil {
			return err
		}
		for _, i := range items {
			seen = append(seen, i.Dated)
			if i.ActivityTitle != "Mission to Shenzhen" || i.CompanyName == "" || len(i.Partners) != 2 || i.Partners[0].Short != "Agency" ||
				i.CreditOf(w.partners[0]) != 2 {
				t.Errorf("item %+v", i)
			}
		}
		f.After = next
	}
	if f.After != "" || len(seen) != 7 || !slices.IsSortedFunc(seen, func(a, b period.Date) int { return -1 * compare(a, b) }) {
		t.Errorf("pages: %v, then %q", seen, f.After)
	}
	for name, c := range map[string]struct {
		f    Filter
		want int
	}{
		"everything":            {Filter{Scope: access.All}, 8},
		"nobody":                {Filter{}, 0},
		"partner 2 sees its":    {Filter{Scope: access.Scope(w.partners[1])}, 1},
		"partner 3 sees none":   {Filter{Scope: access.Scope(w.partners[2])}, 0},
		"credit of the agency":  {Filter{Scope: access.All, Organisation: w.agency}, 7},
		"both scope and credit": {Filter{Scope: access.Scope(w.partners[1]), Organisation: w.agency}, 0},
		"a company":             {Filter{Scope: access.All, Company: w.companies[0]}, 3},
		"an activity":           {Filter{Scope: access.All, Activity: w.activity}, 7},
		"joint":                 {Filter{Scope: access.All, JointOnly: true}, 7},
		"a type":                {Filter{Scope: access.All, ActivityTypes: []string{"seminar", "fair"}}, 0},
		"with an amount":        {Filter{Scope: access.All, Measure: "amount"}, 1},
		"with a quantity":       {Filter{Scope: access.All, Measure: "quantity", WithCompany: true}, 1},
		"verified":              {Filter{Scope: access.All, State: Verified}, 1},
		"verified by then":      {Filter{Scope: access.All, State: Verified, AsOf: "2019-02-02"}, 0},
		"reported by then":      {Filter{Scope: access.All, AsOf: "2019-03-04"}, 4},
		"another year":          {Filter{Scope: access.All, From: 2020, To: 2021}, 0},
	} {
		n, err := c.f.Count(t.Context(), tx, w.programme)
		if err != nil || n != c.want {
			t.Errorf("%s: %d %v, want %d", name, n, err, c.want)
		}
	}
	if _, _, err := List(t.Context(), tx, w.programme, Filter{Scope: access.All, After: "2019-01-01.nonsense"}); !fault.Is(err, fault.KindMissing) {
		t.Errorf("a page that is none: %v", err)
	}
	bundles, err := Bundles(t.Context(), tx, w.programme, Filter{Scope: access.All})
	if err != nil || len(bundles) != 2 {
		t.Fatalf("bundles %+v %v", bundles, err)
	}
	if b := bundles[0]; b.Rows != 7 || b.Companies != 3 || b.Dated != "2019-03-07" || b.ActivityTitle == "" || b.CompanyName != "" ||
		len(b.Partners) != 2 || b.State != Reported {
		t.Errorf("mission: %+v", b)
	}
	if b := bundles[1]; b.Rows != 1 || b.CompanyName != "Company A" || b.Activity != "" || b.State != Verified {
		t.Errorf("win: %+v", b)
	}
	return nil
}

func compare(a, b period.Date) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func TestStateIsAHistory(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.participation(1)
		w.write(t, "2019-03-02", func(tx *db.Tx) error { return Record(t.Context(), tx, w.programme, []New{n}) })
		w.write(t, "2019-04-01", func(tx *db.Tx) error { return Verify(t.Context(), tx, w.officer, w.programme, n.ID, "list seen") })
		w.write(t, "2019-06-01", func(tx *db.Tx) error { return Reject(t.Context(), tx, w.officer, w.programme, n.ID, "was not there") })
		w.write(t, "2019-07-01", func(tx *db.Tx) error {
			return Reopen(t.Context(), tx, w.other, w.programme, n.ID, "was there after all")
		})
		w.read(t, func(tx *db.Tx) error {
			for _, c := range []struct {
				asOf period.Date
				want State
				on   period.Date
			}{
				{"2019-03-01", "", ""}, {"2019-03-02", Reported, "2019-03-02"}, {"2019-03-31", Reported, "2019-03-02"},
				{"2019-04-01", Verified, "2019-04-01"}, {"2019-05-31", Verified, "2019-04-01"}, {"2019-06-30", Rejected, "2019-06-01"},
				{"2019-07-01", Reported, "2019-07-01"}, {"", Reported, "2019-07-01"},
			} {
				rows, err := OfYear(t.Context(), tx, w.programme, 2019, c.asOf)
				items, _, err2 := List(t.Context(), tx, w.programme, Filter{Scope: access.All, AsOf: c.asOf})
				if err != nil || err2 != nil || len(rows) != len(items) {
					t.Fatalf("%s: %d %d %v %v", c.asOf, len(rows), len(items), err, err2)
				}
				if c.want == "" {
					if len(rows) != 0 {
						t.Errorf("known before it was reported: %+v", rows)
					}
					continue
				}
				if rows[0].State != c.want || rows[0].StateOn != c.on || items[0].State != c.want || items[0].StateOn != c.on {
					t.Errorf("%s: %s %s, listed %s %s, want %s %s", c.asOf, rows[0].State, rows[0].StateOn, items[0].State, items[0].StateOn, c.want, c.on)
				}
			}
			h, err := History(t.Context(), tx, w.programme, n.ID)
			if err != nil || len(h) != 4 || h[0].By != w.partner.ID || h[1].ByName != "officer" || h[2].Reason != "was not there" ||
				h[3].State != Reported {
				t.Errorf("history %+v %v", h, err)
			}
			changes, err := audit.List(t.Context(), tx, string(w.programme), audit.Filter{ObjectKind: "evidence", ObjectID: string(n.ID)})
			if err != nil || len(changes) != 3 {
				t.Errorf("audited %d times, %v", len(changes), err)
			}
			return nil
		})
	})
}

func TestWhoMayDecide(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		byPartner, byOfficer := w.participation(1), w.participation(2)
		byOfficer.ReportedBy = w.officer.ID
		w.write(t, "2019-04-01", func(tx *db.Tx) error { return Record(t.Context(), tx, w.programme, []New{byPartner, byOfficer}) })
		stranger := w.partner
		stranger.Memberships = []access.Membership{{Organisation: w.partners[2], Role: access.Coordinator}}
		for _, c := range []struct {
			name string
			do   func(*db.Tx) error
			want fault.Kind
			key  text.Key
		}{
			{"a partner verifies", func(tx *db.Tx) error { return Verify(t.Context(), tx, w.partner, w.programme, byPartner.ID, "") }, fault.KindDenied, ""},
			{"own work", func(tx *db.Tx) error { return Verify(t.Context(), tx, w.officer, w.programme, byOfficer.ID, "") }, fault.KindDenied,
				"access.own_work"},
			{"another partner's", func(tx *db.Tx) error { return Reject(t.Context(), tx, stranger, w.programme, byPartner.ID, "no") }, fault.KindMissing,
				"evidence.missing"},
			{"the system", func(tx *db.Tx) error {
				return Verify(t.Context(), tx, access.System("cli"), w.programme, byPartner.ID, "")
			},
				fault.KindDenied, ""},
			{"no reason", func(tx *db.Tx) error { return Reject(t.Context(), tx, w.officer, w.programme, byPartner.ID, " ") }, fault.KindInvalid,
				"evidence.reason_required"},
			{"nothing to reopen", func(tx *db.Tx) error { return Reopen(t.Context(), tx, w.officer, w.programme, byPartner.ID, "x") },
				fault.KindConflict, "access.wrong_state"},
			{"none such", func(tx *db.Tx) error {
				return Verify(t.Context(), tx, w.officer, w.programme, id.New[id.Evidence](), "")
			}, fault.KindMissing, "evidence.missing"},
		} {
			err := w.at("2019-05-01").Write(t.Context(), w.programme, c.do)
			if !fault.Is(err, c.want) || c.key != "" && fault.Of(err).Key != c.key {
				t.Errorf("%s: %v, want %v %s", c.name, err, c.want, c.key)
			}
		}
		err := w.at("2019-03-15").Write(t.Context(), w.programme, func(tx *db.Tx) error {
			late := w.participation(20)
			if err := Record(t.Context(), tx, w.programme, []New{late}); err != nil {
				return err
			}
			return Verify(t.Context(), tx, w.officer, w.programme, late.ID, "")
		})
		if !fault.Is(err, fault.KindConflict) || fault.Of(err).Key != "evidence.decided_before" {
			t.Errorf("verified before it was reported: %v", err)
		}
		w.write(t, "2019-05-01", func(tx *db.Tx) error { return Verify(t.Context(), tx, w.other, w.programme, byOfficer.ID, "") })
		w.read(t, func(tx *db.Tx) error {
			rows, err := OfYear(t.Context(), tx, w.programme, 2019, "")
			if err != nil || len(rows) != 2 || rows[0].State != Reported || rows[1].State != Verified {
				t.Errorf("only the other officer's word counts: %+v %v", rows, err)
			}
			return err
		})
	})
}

func TestRecordRefuses(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for key, spoil := range map[text.Key]func(*New){
			"evidence.kind_unknown":  func(n *New) { n.Kind = "rumour" },
			"evidence.date":          func(n *New) { n.Dated = "soon" },
			"evidence.quantity":      func(n *New) { n.Quantity = "1/2" },
			"evidence.code":          func(n *New) { n.Market = "FR|BE" },
			"evidence.no_credit":     func(n *New) { n.Credits = nil },
			"evidence.credit_weight": func(n *New) { n.Credits[0].Weight = 0 },
			"evidence.credit_twice":  func(n *New) { n.Credits[1] = n.Credits[0] },
			"evidence.transition":    func(n *New) { n.Decisions = []Decision{{State: Reported, On: "2019-05-01", Reason: "x"}} },
			"evidence.decided_before": func(n *New) {
				n.Decisions = []Decision{{State: Verified, On: "2018-01-01", By: w.officer.ID}}
			},
			"evidence.reason_required": func(n *New) { n.Decisions = []Decision{{State: Rejected, On: "2019-05-01", By: w.officer.ID}} },
			"evidence.four_eyes":       func(n *New) { n.Decisions = []Decision{{State: Verified, On: "2019-05-01", By: w.partner.ID}} },
		} {
			n := w.participation(1)
			spoil(&n)
			err := d.Write(t.Context(), w.programme, func(tx *db.Tx) error {
				return Record(t.Context(), tx, w.programme, []New{w.participation(2), n})
			})
			if !fault.Is(err, fault.KindInvalid) || fault.Of(err).Key != key {
				t.Errorf("%s: %v", key, err)
			}
		}
		again := w.participation(3)
		w.write(t, "2019-04-01", func(tx *db.Tx) error { return Record(t.Context(), tx, w.programme, []New{again}) })
		again.ID = ""
		if err := d.Write(t.Context(), w.programme, func(tx *db.Tx) error {
			return Record(t.Context(), tx, w.programme, []New{again})
		}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("the same source twice: %v", err)
		}
		w.read(t, func(tx *db.Tx) error {
			rows, err := OfYear(t.Context(), tx, w.programme, 2019, "")
			if len(rows) != 1 {
				t.Errorf("refused rows stayed: %+v", rows)
			}
			return err
		})
	})
}

// A merge moves no row: it only changes which company the rows stand for, and an unmerge is exact.
func TestMergeMovesNoRow(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.write(t, "2019-04-01", func(tx *db.Tx) error {
			return Record(t.Context(), tx, w.programme, []New{w.participation(1), w.participation(2)})
		})
		stands := db.SQL("evidence.test.merge", `update company_root set root_id = $2 where company_id = $1`)
		for _, into := range []id.Company{w.companies[2], w.companies[1]} {
			if err := d.WriteAgency(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), stands, w.companies[1], into)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			w.read(t, func(tx *db.Tx) error {
				rows, err := OfYear(t.Context(), tx, w.programme, 2019, "")
				if err != nil || rows[0].Company != w.companies[1] || rows[0].Root != into {
					t.Errorf("recorded %s, stands for %s: %+v", w.companies[1], into, rows[0])
				}
				n, err := Filter{Scope: access.All, Company: into}.Count(t.Context(), tx, w.programme)
				if want := map[id.Company]int{w.companies[2]: 2, w.companies[1]: 1}[into]; n != want {
					t.Errorf("listed under %s: %d, want %d", into, n, want)
				}
				return err
			})
		}
	})
}
