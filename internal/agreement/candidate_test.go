package agreement

import (
	"maps"
	"testing"

	"pgregory.net/rapid"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/programme"
)

func criteriaOf(weights ...int64) []Criterion {
	var all []Criterion
	for i, w := range weights {
		code := string(rune('a' + i))
		all = append(all, Criterion{ID: id.New[id.Criterion](), Code: code, Position: i + 1, Weight: w, Name: programme.Words{EN: code}})
	}
	return all
}

func sheetOf(criteria []Criterion, points ...int64) Sheet {
	s := Sheet{Assessor: id.New[id.Person](), Declared: true, Scores: map[id.Criterion]Score{}}
	for i, p := range points {
		s.Scores[criteria[i].ID] = Score{Points: p, Words: "because"}
	}
	return s
}

// TestTally works the example out by hand: weights 60 and 40, sheets 5/0 and 3/4: 300/500 and 340/500.
func TestTally(t *testing.T) {
	criteria := criteriaOf(60, 40)
	c := Candidate{State: CandidateApplied, Sheets: []Sheet{sheetOf(criteria, 5, 0), sheetOf(criteria, 3, 4), sheetOf(criteria, 5)}}
	conflicted := sheetOf(criteria, 5, 5)
	conflicted.Conflict = true
	c.Sheets = append(c.Sheets, conflicted)
	got := c.Tally(criteria)
	if got.Sheets != 2 || got.TotalBp != 6400 || got.SpreadBp != 800 {
		t.Errorf("%+v: a half sheet and a conflicted one do not count", got)
	}
	if k := got.Criteria[criteria[0].ID]; k != (CriterionTally{Sum: 8, Spread: 2}) {
		t.Errorf("first criterion %+v", k)
	}
	if k := got.Criteria[criteria[1].ID]; k != (CriterionTally{Sum: 4, Spread: 4}) {
		t.Errorf("second criterion %+v", k)
	}
	if empty := (Candidate{}).Tally(criteria); empty.Sheets != 0 || empty.TotalBp != 0 {
		t.Errorf("%+v", empty)
	}
}

// A total lies between the lowest and the highest sheet, and weights count only against each other.
func TestTallyLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Int64Range(1, 100), 1, 5).Draw(t, "weights")
		criteria := criteriaOf(weights...)
		var c Candidate
		low, high := int64(10_000), int64(0)
		for range rapid.IntRange(1, 4).Draw(t, "sheets") {
			s := sheetOf(criteria, rapid.SliceOfN(rapid.Int64Range(0, MaxPoints), len(weights), len(weights)).Draw(t, "points")...)
			c.Sheets = append(c.Sheets, s)
			low, high = min(low, s.TotalBp(criteria)), max(high, s.TotalBp(criteria))
		}
		got := c.Tally(criteria)
		if got.TotalBp < low || got.TotalBp > high || got.SpreadBp != high-low {
			t.Fatalf("%+v outside %d..%d", got, low, high)
		}
		for i := range criteria {
			criteria[i].Weight *= 7
		}
		if again := c.Tally(criteria); again.TotalBp != got.TotalBp {
			t.Fatalf("sevenfold weights: %d, then %d", got.TotalBp, again.TotalBp)
		}
	})
}

// board is a programme with people who assess its candidates.
type board struct {
	db      *db.DB
	g       id.Programme
	partner []programme.Organisation
	agency  programme.Organisation
	people  map[string]access.Actor
}

func newBoard(t *testing.T, d *db.DB) *board {
	t.Helper()
	ctx := t.Context()
	b := &board{db: d, g: id.New[id.Programme](), people: map[string]access.Actor{}}
	b.agency = programme.Organisation{ID: id.New[id.Organisation](), Code: "fit", Name: "Agency", Kind: programme.KindAgency}
	for _, code := range []string{"alpha", "beta"} {
		b.partner = append(b.partner, programme.Organisation{ID: id.New[id.Organisation](), Code: code, Name: code, Kind: programme.KindPartner})
	}
	must(t, d.WriteAgency(ctx, func(tx *db.Tx) error {
		if err := programme.AddOrganisations(ctx, tx, append([]programme.Organisation{b.agency}, b.partner...)); err != nil {
			return err
		}
		if err := programme.Begin(ctx, tx, programme.Programme{ID: b.g, Code: "next", Starts: "2022-01-01", Ends: "2026-12-31", Currency: "EUR",
			Agency: b.agency.ID}); err != nil {
			return err
		}
		for name, seat := range map[string]access.NewPerson{
			"officer": {Role: access.Officer, Organisation: "fit"}, "approver": {Role: access.Approver, Organisation: "fit"},
			"one": {Role: access.Assessor, Organisation: "fit"}, "two": {Role: access.Assessor, Organisation: "fit"},
			"three": {Role: access.Assessor, Organisation: "fit"}, "alpha": {Role: access.Coordinator, Organisation: "alpha"},
			"beta": {Role: access.Coordinator, Organisation: "beta"},
		} {
			seat.Email, seat.Name = name+"@board.example", name
			if _, err := access.Add(ctx, tx, access.System("test"), seat); err != nil {
				return err
			}
		}
		return nil
	}))
	must(t, d.Write(ctx, b.g, func(tx *db.Tx) error { return programme.Publish(ctx, tx, b.g) }))
	must(t, d.Read(ctx, func(tx *db.Tx) error {
		for _, name := range []string{"officer", "approver", "one", "two", "three", "alpha", "beta"} {
			a, err := access.LoadActorByEmail(ctx, tx, name+"@board.example")
			if err != nil {
				return err
			}
			b.people[name] = a
		}
		return nil
	}))
	return b
}

func (b *board) write(t *testing.T, fn func(tx *db.Tx) error) error {
	t.Helper()
	return b.db.Write(t.Context(), b.g, fn)
}

func (b *board) refused(t *testing.T, kind fault.Kind, key string, fn func(tx *db.Tx) error) {
	t.Helper()
	err := b.write(t, fn)
	if !fault.Is(err, kind) || string(fault.Of(err).Key) != key && len(fault.Of(err).Many) == 0 {
		t.Errorf("got %v, want %v %s", err, kind, key)
	}
}

func (b *board) see(t *testing.T, who, code string) (c Candidate, err error) {
	t.Helper()
	return c, b.db.Read(t.Context(), func(tx *db.Tx) error {
		c, err = LoadCandidate(t.Context(), tx, b.people[who], b.g, code)
		return err
	})
}

// TestACandidateIsChosen plays the whole way of two candidates on both engines, with every refusal on it.
func TestACandidateIsChosen(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		ctx, b := t.Context(), newBoard(t, d)
		criteria := criteriaOf(60, 40)
		must(t, b.write(t, func(tx *db.Tx) error { return SetCriteria(ctx, tx, b.people["officer"], b.g, criteria) }))
		answers := map[id.Criterion]string{criteria[0].ID: "reach", criteria[1].ID: "depth"}
		var alpha, beta Candidate
		must(t, b.write(t, func(tx *db.Tx) (err error) {
			alpha, err = NameCandidate(ctx, tx, b.people["officer"], b.g, b.partner[0], "kept its promises")
			return err
		}))
		b.refused(t, fault.KindConflict, "db.candidate_twice", func(tx *db.Tx) error {
			_, err := NameCandidate(ctx, tx, b.people["officer"], b.g, b.partner[0], "again")
			return err
		})
		b.refused(t, fault.KindInvalid, "candidate.not_a_partner", func(tx *db.Tx) error {
			_, err := NameCandidate(ctx, tx, b.people["officer"], b.g, b.agency, "ourselves")
			return err
		})
		b.refused(t, fault.KindDenied, "access.own_only", func(tx *db.Tx) error {
			_, err := ApplyAsCandidate(ctx, tx, b.people["alpha"], b.g, b.partner[1], "theirs", answers)
			return err
		})
		b.refused(t, fault.KindInvalid, "fault.several", func(tx *db.Tx) error {
			_, err := ApplyAsCandidate(ctx, tx, b.people["beta"], b.g, b.partner[1], " ", map[id.Criterion]string{criteria[0].ID: "x"})
			return err
		})
		must(t, b.write(t, func(tx *db.Tx) (err error) {
			beta, err = ApplyAsCandidate(ctx, tx, b.people["beta"], b.g, b.partner[1], "we go east", answers)
			return err
		}))
		must(t, b.write(t, func(tx *db.Tx) error {
			_, err := ApplyAsCandidate(ctx, tx, b.people["beta"], b.g, b.partner[1], "we go east and west", answers)
			return err
		}))
		b.assess(t, beta, criteria, answers)
		b.decide(t, alpha, beta, criteria)
	})
}

// scores are full marks with words.
func scores(criteria []Criterion, points int64) map[id.Criterion]Score {
	all := map[id.Criterion]Score{}
	for _, c := range criteria {
		all[c.ID] = Score{Points: points, Words: "seen"}
	}
	return all
}

func (b *board) assess(t *testing.T, beta Candidate, criteria []Criterion, answers map[id.Criterion]string) {
	t.Helper()
	ctx := t.Context()
	score := func(who string, all map[id.Criterion]Score) func(tx *db.Tx) error {
		return func(tx *db.Tx) error { return ScoreCandidate(ctx, tx, b.people[who], b.g, beta.ID, all) }
	}
	declare := func(who string, conflict bool, words string) func(tx *db.Tx) error {
		return func(tx *db.Tx) error { return DeclareInterest(ctx, tx, b.people[who], b.g, beta.ID, conflict, words) }
	}
	b.refused(t, fault.KindConflict, "candidate.declare_first", score("one", scores(criteria, 4)))
	b.refused(t, fault.KindDenied, "access.role_needed", declare("officer", false, ""))
	b.refused(t, fault.KindInvalid, "candidate.interest_missing", declare("three", true, ""))
	must(t, b.write(t, declare("one", false, "")))
	must(t, b.write(t, declare("two", false, "")))
	must(t, b.write(t, declare("three", true, "sat on its board until 2024")))
	b.refused(t, fault.KindDenied, "candidate.conflict", score("three", scores(criteria, 5)))
	b.refused(t, fault.KindConflict, "db.immutable", declare("three", false, ""))
	wrong := maps.Clone(scores(criteria, 4))
	wrong[criteria[0].ID] = Score{Points: 6}
	b.refused(t, fault.KindInvalid, "fault.several", score("one", wrong))
	must(t, b.write(t, score("one", scores(criteria, 4))))
	if c, err := b.see(t, "two", "beta"); err != nil || len(c.Sheets) != 1 {
		t.Errorf("an assessor who has not scored sees %d sheets, %v", len(c.Sheets), err)
	}
	if c, err := b.see(t, "beta", "beta"); err != nil || len(c.Sheets) != 0 || c.Motive != "we go east and west" || c.Answers[criteria[0].ID] != "reach" {
		t.Errorf("the candidate sees %+v, %v", c, err)
	}
	if _, err := b.see(t, "alpha", "beta"); !fault.Is(err, fault.KindMissing) {
		t.Errorf("another candidate: %v", err)
	}
	assess := func(tx *db.Tx) error {
		_, err := AssessCandidate(ctx, tx, b.people["officer"], b.g, beta.ID)
		return err
	}
	b.refused(t, fault.KindConflict, "candidate.too_few_sheets", assess)
	b.refused(t, fault.KindConflict, "candidate.scored_already", func(tx *db.Tx) error {
		_, err := ApplyAsCandidate(ctx, tx, b.people["beta"], b.g, b.partner[1], "better", answers)
		return err
	})
	b.refused(t, fault.KindConflict, "candidate.criteria_used", func(tx *db.Tx) error {
		return SetCriteria(ctx, tx, b.people["officer"], b.g, criteriaOf(1))
	})
	must(t, b.write(t, score("two", scores(criteria, 2))))
	must(t, b.write(t, score("two", scores(criteria, 3))))
	if c, err := b.see(t, "two", "beta"); err != nil || len(c.Sheets) != 3 {
		t.Errorf("an assessor who scored sees %d sheets, %v", len(c.Sheets), err)
	}
	must(t, b.write(t, assess))
	b.refused(t, fault.KindConflict, "candidate.closed", score("two", scores(criteria, 5)))
}

func (b *board) decide(t *testing.T, alpha, beta Candidate, criteria []Criterion) {
	t.Helper()
	ctx := t.Context()
	b.refused(t, fault.KindConflict, "access.wrong_state", func(tx *db.Tx) error {
		_, err := InviteCandidate(ctx, tx, b.people["approver"], b.g, alpha.ID, "no sheets yet")
		return err
	})
	b.refused(t, fault.KindInvalid, "candidate.reason_missing", func(tx *db.Tx) error {
		_, err := DeclineCandidate(ctx, tx, b.people["approver"], b.g, beta.ID, "")
		return err
	})
	b.refused(t, fault.KindDenied, "access.role_needed", func(tx *db.Tx) error {
		_, err := InviteCandidate(ctx, tx, b.people["officer"], b.g, beta.ID, "good")
		return err
	})
	must(t, b.write(t, func(tx *db.Tx) error {
		_, err := InviteCandidate(ctx, tx, b.people["approver"], b.g, beta.ID, "the strongest plan")
		return err
	}))
	c, err := b.see(t, "officer", "beta")
	if got := c.Tally(criteria); err != nil || c.State != CandidateInvited || got.Sheets != 2 || got.TotalBp != 7000 || got.SpreadBp != 2000 {
		t.Errorf("%+v %+v %v", c, got, err)
	}
	made := Agreement{ID: id.New[id.Agreement](), Partner: b.partner[1], State: Draft, Version: 1, Starts: "2022-01-01", Ends: "2026-12-31"}
	must(t, b.write(t, func(tx *db.Tx) error {
		if err := Add(ctx, tx, b.g, []Agreement{made}); err != nil {
			return err
		}
		_, err := DraftCandidate(ctx, tx, b.people["officer"], b.g, beta.ID, made.ID)
		return err
	}))
	if c, err := b.see(t, "beta", "beta"); err != nil || c.State != CandidateDrafted || c.Agreement != made.ID {
		t.Errorf("%+v %v", c, err)
	}
}
