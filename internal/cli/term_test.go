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

// TestPlansAndReportsAreRemembered: a partner's coordinator hears of the plan and of the quarter's report, a week before the last day and
// when it has passed, the officer a week later; a submitted plan and a reported activity end it.
func TestPlansAndReportsAreRemembered(t *testing.T) {
	h := openHouse(t)
	if err := job.Migrate(t.Context(), h.db); err != nil {
		t.Fatal(err)
	}
	due := func(on period.Date, kind term.Kind) (found []term.Term) {
		d := h.db.WithClock(func() time.Time { return on.Time() })
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			all, err := term.Load(t.Context(), tx, access.System("test"), h.programme.ID)
			for _, x := range all {
				if x.Kind == kind && x.Code == "alpha" {
					found = append(found, x)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	told := func(on period.Date, words string) (people []string) {
		d := h.db.WithClock(func() time.Time { return on.Time() })
		if err := term.Remind(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		h.read(t, func(tx *db.Tx) error {
			return tx.Each(t.Context(), db.Query{Text: "select address from mail where subject like '%' || $1 || '%' and asked_at >= $2 order by id"}, []any{words, string(on)}, func(r *sql.Rows) error {
				var s string
				err := r.Scan(&s)
				people = append(people, s)
				return err
			})
		})
		return people
	}
	// the agreement was signed on the first of January: its plan is due thirty days later, though the rule says sixty days before the year
	if found := due("2018-01-10", term.Plan); len(found) != 1 || found[0].Due != "2018-01-31" || found[0].Year != 2018 {
		t.Errorf("plan: %+v", found)
	}
	if people := told("2018-01-25", "jaarplan"); !slices.Contains(people, "coordinator@alpha.example") || slices.Contains(people, "finance@alpha.example") || slices.Contains(people, "officer@bureau.example") {
		t.Errorf("a week before: %v", people)
	}
	if people := told("2018-02-10", "jaarplan"); !slices.Contains(people, "officer@bureau.example") {
		t.Errorf("passed a week ago: %v", people)
	}
	if found := due("2018-07-10", term.Report); len(found) != 0 {
		t.Errorf("everything was reported: %+v", found)
	}
	h.unreport(t, "held")
	if found := due("2018-07-10", term.Report); len(found) != 1 || found[0].Due != "2018-07-30" || found[0].Number != 2 {
		t.Errorf("report: %+v", found)
	}
	if people := told("2018-07-25", "kwartaal"); !slices.Contains(people, "coordinator@alpha.example") {
		t.Errorf("a week before the report: %v", people)
	}
	h.unreport(t, "reported")
	if found := due("2018-07-10", term.Report); len(found) != 0 {
		t.Errorf("reported: %+v", found)
	}
}

// unreport puts an activity of alpha in the second quarter into a state.
func (h *house) unreport(t *testing.T, state string) {
	t.Helper()
	err := h.db.Write(t.Context(), h.programme.ID, func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), db.Query{Text: "update activity set state = $1 where code = 'a2'"}, state)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
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
