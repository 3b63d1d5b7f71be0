package cli

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
)

const roundAfter = "?programme=round-after"

// amendedInForce carries the signed agreement through an amendment: what it cannot change is refused at its field, both sides accept and sign
// it while the signed one stays in force, and on its day the live rows say what it says. The people are the officer, the coordinator, and
// the signatories in their order.
func (h *house) amendedInForce(t *testing.T, next programme.Programme, kpi string, people []*tab) {
	t.Helper()
	officer, partner, signs := people[0], people[1], people[2:]
	officer.open(t, "/agreements/alpha/negotiation"+round)
	officer.click(t, "a.btn[href*='/edit']")
	officer.sees(t, "You amend the signed agreement with Alpha")
	officer.fill(t, nameIs("starts"), "2019-02-01", nameIs("effective_on"), "2020-07-01", nameIs("reason_amends"), "Minder leden dan verwacht",
		nameIs("kpi."+kpi+".target.2020"), "125", nameIs("ceiling.2020"), "44000")
	officer.click(t, "button[value='propose']")
	officer.sees(t, "An amendment does not change the first day")
	officer.open(t, "/agreements/alpha/edit"+round)
	officer.sees(t, "An amendment does not change the first day")
	officer.shoot(t, "amendment-editor")
	officer.fill(t, nameIs("starts"), "2019-01-01")
	officer.click(t, "button[value='propose']")
	officer.sees(t, "The version is on the table")

	partner.open(t, "/agreements/alpha/negotiation"+round)
	partner.sees(t, "The signed version 6 stays in force until the amendment takes effect on 1 July 2020")
	partner.shoot(t, "amendment")
	partner.click(t, "form[action*='negotiation/accept'] button")
	partner.sees(t, "agree on the amendment")
	for _, who := range signs {
		who.open(t, "/agreements/alpha/sign"+round)
		who.sees(t, "It is your turn to sign")
		who.click(t, "form[action*='/alpha/sign'] .btn-primary")
	}
	if a, ceiling := h.inForce(t, next); a.Version != 6 || ceiling != 46_000_00 {
		t.Errorf("before its day version %d with %s is in force", a.Version, ceiling)
	}
	if err := settlement.EnterForce(t.Context(), h.db); err != nil { // by the program itself
		t.Fatal(err)
	}
	if a, ceiling := h.inForce(t, next); a.Version != 7 || ceiling != 44_000_00 {
		t.Errorf("on its day version %d with %s is in force", a.Version, ceiling)
	}
	partner.open(t, "/agreements/alpha"+round+"&year=2020")
	partner.sees(t, "from 137 to 125 on 1 July 2020. Minder leden dan verwacht")
	partner.shoot(t, "amended")
}

// inForce is the agreement of alpha as it counts, with its ceiling of 2020.
func (h *house) inForce(t *testing.T, g programme.Programme) (a agreement.Agreement, ceiling money.Amount) {
	t.Helper()
	h.read(t, func(tx *db.Tx) (err error) {
		a, err = agreement.ByPartner(context.Background(), tx, access.All, g.ID, "alpha")
		return err
	})
	c, _ := a.Ceiling(2020)
	return a, c.Amount
}

// renewed opens the round after this one, chooses alpha again, and drafts its agreement from what was signed and amended.
func (h *house) renewed(t *testing.T, next programme.Programme, kpi string, officer *tab) {
	t.Helper()
	officer.open(t, "/renewal"+round)
	officer.fill(t, nameIs("code"), "round-after", nameIs("ends"), "2019-12-31")
	officer.click(t, "form[action^='/renewal'] .btn-primary") // it ends before it starts: refused at its field
	officer.sees(t, "The end date is before the start date")
	officer.fill(t, nameIs("ends"), "2022-12-31")
	officer.click(t, "form[action^='/renewal'] .btn-primary")
	officer.click(t, "form[action*='/candidates/running'] button")
	h.chosen(t, "round-after")
	officer.open(t, "/candidates/alpha"+roundAfter)
	officer.click(t, "form[action*='/alpha/draft'] .btn-primary")
	officer.sees(t, "The draft lies on the table")
	officer.open(t, "/renewal/alpha"+roundAfter)
	officer.sees(t, "125") // the last target that was agreed
	officer.shoot(t, "carried")
	officer.open(t, "/agreements/alpha/edit"+roundAfter)
	for field, want := range map[string]string{"clause.law.title": "Toepasselijk recht", "clause.claims.title": "Declaraties, twee per jaar",
		"kpi." + kpi + ".target.2021": "125", "ceiling.2022": "44000.00", "signatory.0.name": "Chair of alpha"} {
		if got := officer.eval(t, fmt.Sprintf("document.querySelector(%q)?.value ?? ''", nameIs(field))); got != want {
			t.Errorf("carried over as %s: %q, want %q", field, got, want)
		}
	}
}

// chosen lets two assessors score alpha in a round and an approver invite it; its pages are TestACandidateOnItsPages.
func (h *house) chosen(t *testing.T, code string) {
	t.Helper()
	ctx := context.Background()
	h.seats(t, access.Assessor, "one@bureau.example", "two@bureau.example")
	var g programme.Programme
	h.read(t, func(tx *db.Tx) (err error) {
		g, err = programme.Current(ctx, tx, code)
		return err
	})
	err := h.db.Write(ctx, g.ID, func(tx *db.Tx) error {
		reach := agreement.Criterion{ID: id.New[id.Criterion](), Code: "reach", Weight: 1, Name: programme.Words{NL: "Bereik", EN: "Reach", FR: "Portée"}}
		if err := agreement.SetCriteria(ctx, tx, h.actor(t, "officer@bureau.example"), g.ID, []agreement.Criterion{reach}); err != nil {
			return err
		}
		c, err := agreement.LoadCandidate(ctx, tx, h.actor(t, "officer@bureau.example"), g.ID, "alpha")
		if err != nil {
			return err
		}
		for _, who := range []string{"one", "two"} {
			by := h.actor(t, who+"@bureau.example")
			if err := agreement.DeclareInterest(ctx, tx, by, g.ID, c.ID, false, ""); err != nil {
				return err
			}
			if err := agreement.ScoreCandidate(ctx, tx, by, g.ID, c.ID, map[id.Criterion]agreement.Score{reach.ID: {Points: 4, Words: strings.ToUpper(who)}}); err != nil {
				return err
			}
		}
		if _, err := agreement.AssessCandidate(ctx, tx, h.actor(t, "officer@bureau.example"), g.ID, c.ID); err != nil {
			return err
		}
		_, err = agreement.InviteCandidate(ctx, tx, h.actor(t, "approver@bureau.example"), g.ID, c.ID, "kept its promises")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
