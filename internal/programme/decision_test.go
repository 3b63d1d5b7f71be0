package programme

import (
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

// A decision is proposed by one and taken by another, once; what it is about never changes.
func TestDecisionNeedsTwoPeople(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		agency := Organisation{ID: id.New[id.Organisation](), Code: "agency", Name: "Agency", Kind: KindAgency}
		g := Programme{ID: id.New[id.Programme](), Code: "round", Starts: "2018-01-01", Ends: "2019-12-31", Currency: "EUR", Agency: agency.ID}
		approver := func(n string) access.Actor {
			return access.Actor{ID: id.New[id.Person](), Name: n, Email: n + "@example.org", Language: text.EN,
				Memberships: []access.Membership{{Organisation: agency.ID, Agency: true, Role: access.Approver}}}
		}
		one, two := approver("one"), approver("two")
		check := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		check(d.WriteAgency(ctx, func(tx *db.Tx) error {
			if err := AddOrganisations(ctx, tx, []Organisation{agency}); err != nil {
				return err
			}
			for _, a := range []access.Actor{one, two} {
				if err := tx.Insert(ctx, "person", []string{"id", "email", "name", "password_hash", "language", "disabled"},
					[][]any{{a.ID, a.Email, a.Name, "", "en", 0}}); err != nil {
					return err
				}
			}
			return Begin(ctx, tx, g)
		}))
		write := func(fn func(tx *db.Tx) error) error { return d.Write(ctx, g.ID, fn) }
		var made id.Decision
		check(write(func(tx *db.Tx) (err error) {
			made, err = Propose(ctx, tx, one, g.ID, Decision{Kind: "mandate", Words: "The agency may sign."})
			return err
		}))
		for _, c := range []struct {
			what Decision
			key  text.Key
		}{
			{Decision{Kind: "gift", Words: "x"}, "decision.kind_unknown"}, {Decision{Kind: "overrun", Words: "x"}, "decision.amount_missing"},
			{Decision{Kind: "extension", Words: "x"}, "decision.until_missing"}, {Decision{Kind: "mandate", Words: "  "}, "decision.words_missing"},
			{Decision{Kind: "mandate", Words: strings.Repeat("é", 4001)}, "decision.words_long"},
			{Decision{Kind: "mandate", Words: "x", Agreement: id.New[id.Agreement]()}, "decision.no_agreement"},
		} {
			err := write(func(tx *db.Tx) error { _, err := Propose(ctx, tx, one, g.ID, c.what); return err })
			if fault.Of(err).Key != c.key {
				t.Errorf("%+v: %v, want %s", c.what, err, c.key)
			}
		}
		move := func(by access.Actor, verb access.VerbName) error {
			return write(func(tx *db.Tx) error { _, err := MoveDecision(ctx, tx, by, g.ID, made, verb); return err })
		}
		if err := move(one, "decision.take"); !fault.Is(err, fault.KindDenied) {
			t.Errorf("taken by who proposed it: %v", err)
		}
		check(move(two, "decision.take"))
		if err := move(one, "decision.refuse"); !fault.Is(err, fault.KindConflict) {
			t.Errorf("refused after it was taken: %v", err)
		}
		check(d.Read(ctx, func(tx *db.Tx) error {
			all, err := Decisions(ctx, tx, g.ID, access.All)
			if err == nil && (len(all) != 1 || all[0].State != "taken" || all[0].TakenBy != two.ID || all[0].Code != "D-0001") {
				t.Errorf("%+v", all)
			}
			return err
		}))
	})
}
