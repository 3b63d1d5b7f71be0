package cli

import (
	"database/sql"
	"slices"
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/term"
)

// TestTermsAreRemembered: who must hand in a claim hears of it a week before and when the day has passed, once each; a week later the
// agency's controllers do too. A decision that extends the term moves it.
func TestTermsAreRemembered(t *testing.T) {
	h := openHouse(t)
	if err := job.Migrate(t.Context(), h.db); err != nil {
		t.Fatal(err)
	}
	letters := func() (all []string) {
		h.read(t, func(tx *db.Tx) error {
			return tx.Each(t.Context(), db.Query{Text: "select address || ' ' || subject from mail order by id"}, nil, func(r *sql.Rows) error {
				var s string
				err := r.Scan(&s)
				all = append(all, s)
				return err
			})
		})
		return all
	}
	on := func(day period.Date) *db.DB { return h.db.WithClock(func() time.Time { return day.Time() }) }
	remind := func(day period.Date) []string {
		t.Helper()
		before := letters()
		if err := term.Remind(t.Context(), on(day)); err != nil {
			t.Fatal(err)
		}
		return letters()[len(before):]
	}
	controllers := func(all []string) bool {
		return slices.ContainsFunc(all, func(s string) bool { return strings.HasPrefix(s, "controller@") })
	}
	if got := remind("2019-03-20"); len(got) != 0 { // the last day of 2018's claims is 31 March 2019
		t.Errorf("too early: %v", got)
	}
	if got := remind("2019-03-28"); len(got) == 0 || controllers(got) || !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "finance@alpha") }) {
		t.Errorf("a week before: %v", got)
	}
	if got := remind("2019-03-29"); len(got) != 0 {
		t.Errorf("told twice: %v", got)
	}
	if got := remind("2019-04-10"); !controllers(got) {
		t.Errorf("passed a week ago: %v", got)
	}
	h.extendClaims(t, on("2019-04-11"))
	h.read(t, func(tx *db.Tx) error {
		all, err := term.Load(t.Context(), tx, access.System("test"), h.programme.ID)
		for _, x := range all {
			if x.Kind == term.Claim && x.Code == "alpha" && x.Year == 2018 && (x.Due != "2019-06-30" || x.Original != "2019-03-31") {
				t.Errorf("not extended: %+v", x)
			}
		}
		return err
	})
}

// extendClaims lets alpha hand in its claims of 2018 until the end of June.
func (h *house) extendClaims(t *testing.T, d *db.DB) {
	t.Helper()
	controller := h.actor(t, "controller@bureau.example")
	var approver access.Actor
	for _, email := range h.everyRole(t) {
		if strings.HasPrefix(email, "approver@walk") {
			approver = h.actor(t, email)
		}
	}
	err := d.Write(t.Context(), h.programme.ID, func(tx *db.Tx) error {
		all, err := term.Load(t.Context(), tx, access.System("test"), h.programme.ID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(x term.Term) bool { return x.Kind == term.Claim && x.Code == "alpha" && x.Year == 2018 })
		var made id.Decision
		made, err = funding.Propose(t.Context(), tx, controller, h.programme.ID, programme.Decision{Kind: "extension", Words: "the books close late",
			Agreement: all[i].Agreement, Year: 2018, SubjectKind: "term:claim", SubjectID: all[i].Subject, Until: "2019-06-30"})
		if err != nil {
			return err
		}
		return funding.Take(t.Context(), tx, approver, h.programme.ID, made, "decision.take")
	})
	if err != nil {
		t.Fatal(err)
	}
}
