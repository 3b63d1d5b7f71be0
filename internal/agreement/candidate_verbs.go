package agreement

import (
	"context"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// SetCriteria gives a programme its criteria anew. Once a candidate answered or was scored by them they stay:
// conflict (candidate.criteria_used).
func SetCriteria(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, all []Criterion) error {
	if err := by.May("candidate.criteria", access.Subject{Kind: "candidate"}); err != nil {
		return err
	}
	if err := CheckCriteria(all); err != nil {
		return err
	}
	before, err := Criteria(ctx, tx, g)
	if err != nil {
		return err
	}
	listed, err := candidates(ctx, tx, g, access.All)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(listed, func(c Candidate) bool { return len(c.Answers) > 0 || c.scored() }) {
		return fault.Conflict("candidate.criteria_used", nil)
	}
	if _, err := tx.Exec(ctx, dropCriteria, g); err != nil {
		return err
	}
	for i := range all {
		all[i].Position = i + 1
		if all[i].ID == "" {
			all[i].ID = id.New[id.Criterion]()
		}
	}
	if err := AddCriteria(ctx, tx, g, all); err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: "candidate.criteria", ObjectKind: "programme", ObjectID: string(g),
		Before: before, After: all})
}

// NameCandidate puts an organisation on the list of candidates, with the reason why. One that is on it already is a conflict.
func NameCandidate(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, o programme.Organisation, motive string) (Candidate, error) {
	if strings.TrimSpace(motive) == "" {
		return Candidate{}, fault.Invalid("motive", "candidate.motive_missing", nil)
	}
	c := Candidate{ID: id.New[id.Candidate](), Organisation: o, State: CandidateNamed, Motive: motive, EnteredBy: by.ID, EnteredOn: tx.Now.Date()}
	if err := by.May("candidate.name", access.Subject{Kind: "candidate", Partner: o.ID}); err != nil {
		return c, err
	}
	if o.Kind != programme.KindPartner {
		return c, fault.Invalid("organisation", "candidate.not_a_partner", text.Args{"name": o.Name})
	}
	return c, enter(ctx, tx, by, g, c, "candidate.name")
}

func enter(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, c Candidate, verb string) error {
	err := tx.Insert(ctx, "candidate", strings.Fields("programme_id id organisation_id state motive entered_by entered_on decided_on reason"),
		[][]any{{g, c.ID, c.Organisation.ID, c.State, c.Motive, db.OrNull(c.EnteredBy), c.EnteredOn, "", ""}})
	if err != nil {
		return err
	}
	return trailCandidate(ctx, tx, by, g, verb, Candidate{}, c)
}

// ApplyAsCandidate is an organisation's own application: what it wants to do, and an answer to every criterion. It may have been named before; while
// nobody assessed it yet, its coordinator may write the application anew.
func ApplyAsCandidate(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, o programme.Organisation, motive string,
	answers map[id.Criterion]string) (Candidate, error) {
	all, err := candidates(ctx, tx, g, access.Scope(o.ID))
	if err != nil {
		return Candidate{}, err
	}
	before := Candidate{}
	if len(all) > 0 {
		before = all[0]
	}
	subject := before.Subject()
	subject.Kind, subject.Partner = "candidate", o.ID
	if err := by.May("candidate.apply", subject); err != nil {
		return before, err
	}
	criteria, err := Criteria(ctx, tx, g)
	if err != nil {
		return before, err
	}
	if err := checkAnswers(criteria, motive, answers); err != nil {
		return before, err
	}
	if before.scored() {
		return before, fault.Conflict("candidate.scored_already", nil)
	}
	after := before
	after.Organisation, after.State, after.Motive, after.EnteredBy, after.EnteredOn = o, CandidateApplied, motive, by.ID, tx.Now.Date()
	if before.ID == "" {
		after.ID = id.New[id.Candidate]()
		err = enter(ctx, tx, by, g, after, "candidate.apply")
	} else if err = saveCandidate(ctx, tx, g, before.State, after); err == nil {
		err = trailCandidate(ctx, tx, by, g, "candidate.apply", before, after)
	}
	for _, c := range criteria {
		if err != nil {
			return before, err
		}
		_, err = tx.Exec(ctx, saveAnswer, g, after.ID, c.ID, answers[c.ID])
	}
	return after, err
}

func (c Candidate) scored() bool {
	for _, s := range c.Sheets {
		if len(s.Scores) > 0 {
			return true
		}
	}
	return false
}

// DeclareInterest is an assessor's word on a candidate before scoring: a conflict of interest, and which, or none. A conflict that was
// declared stays; one that is found after scoring takes that sheet out of the total.
func DeclareInterest(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, c id.Candidate, conflict bool, words string) error {
	if conflict && strings.TrimSpace(words) == "" {
		return fault.Invalid("interest", "candidate.interest_missing", nil)
	}
	before, _, err := loadCandidate(ctx, tx, by, g, c, "candidate.declare")
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, saveInterest, g, c, by.ID, db.Bit(conflict), words, tx.Now.Date()); err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: "candidate.declare", ObjectKind: "candidate", ObjectID: string(c),
		Before: before.Sheet(by.ID), After: map[string]any{"conflict": conflict, "words": words}, Person: by.ID})
}

// ScoreCandidate is an assessor's sheet: points from 0 to MaxPoints and words for every criterion. Who has not said that there is no
// conflict of interest, or has declared one, cannot score; nor can who entered the candidate.
func ScoreCandidate(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, c id.Candidate, scores map[id.Criterion]Score) error {
	before, criteria, err := loadCandidate(ctx, tx, by, g, c, "candidate.score")
	if err != nil {
		return err
	}
	sheet := before.Sheet(by.ID)
	switch {
	case !sheet.Declared:
		return fault.Conflict("candidate.declare_first", nil)
	case sheet.Conflict:
		return fault.Denied("candidate.conflict", nil)
	}
	if err := checkScores(criteria, scores); err != nil {
		return err
	}
	for _, k := range criteria {
		if _, err := tx.Exec(ctx, saveScore, g, c, by.ID, k.ID, scores[k.ID].Points, scores[k.ID].Words, tx.Now.Date()); err != nil {
			return err
		}
	}
	return audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: "candidate.score", ObjectKind: "candidate", ObjectID: string(c),
		Before: sheet.Scores, After: scores})
}

// AssessCandidate closes the scoring of a candidate: at least MinAssessors complete sheets without a conflict of interest.
func AssessCandidate(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, c id.Candidate) (Candidate, error) {
	return actOnCandidate(ctx, tx, by, g, c, "candidate.assess", CandidateAssessed, func(after *Candidate, criteria []Criterion) error {
		return after.assessed(criteria)
	})
}

// InviteCandidate decides that a candidate gets an agreement, with the reason; never by who entered or scored it.
func InviteCandidate(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, c id.Candidate, reason string) (Candidate, error) {
	return decideCandidate(ctx, tx, by, g, c, "candidate.invite", CandidateInvited, reason)
}

// DeclineCandidate decides that a candidate gets no agreement, with the reason; never by who entered or scored it.
func DeclineCandidate(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, c id.Candidate, reason string) (Candidate, error) {
	return decideCandidate(ctx, tx, by, g, c, "candidate.decline", CandidateDeclined, reason)
}

func decideCandidate(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, c id.Candidate, verb access.VerbName,
	to CandidateState, reason string) (Candidate, error) {
	if strings.TrimSpace(reason) == "" {
		return Candidate{}, fault.Invalid("reason", "candidate.reason_missing", nil)
	}
	return actOnCandidate(ctx, tx, by, g, c, verb, to, func(after *Candidate, _ []Criterion) error {
		after.DecidedBy, after.DecidedOn, after.Reason = by.ID, tx.Now.Date(), reason
		return nil
	})
}

// DraftCandidate notes that the agreement of an invited candidate lies on the table; renewal made it in the same unit of work.
func DraftCandidate(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, c id.Candidate, agreement id.Agreement) (Candidate, error) {
	return actOnCandidate(ctx, tx, by, g, c, "candidate.draft", CandidateDrafted, func(after *Candidate, _ []Criterion) error {
		after.Agreement = agreement
		return nil
	})
}

func actOnCandidate(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, c id.Candidate, verb access.VerbName, to CandidateState,
	apply func(*Candidate, []Criterion) error) (Candidate, error) {
	before, criteria, err := loadCandidate(ctx, tx, by, g, c, verb)
	if err != nil {
		return before, err
	}
	after := before
	after.State = to
	if err := apply(&after, criteria); err != nil {
		return before, err
	}
	if err := saveCandidate(ctx, tx, g, before.State, after); err != nil {
		return before, err
	}
	return after, trailCandidate(ctx, tx, by, g, string(verb), before, after)
}

// loadCandidate reads a candidate whole, whoever asks, and gives leave for the verb.
func loadCandidate(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, c id.Candidate, verb access.VerbName) (Candidate,
	[]Criterion, error) {
	all, err := candidates(ctx, tx, g, access.All)
	if err != nil {
		return Candidate{}, nil, err
	}
	found, err := pick(all, func(x Candidate) bool { return x.ID == c })
	if err != nil {
		return found, nil, err
	}
	subject := found.Subject()
	if verb == "candidate.score" { // one's own sheet may be written anew until the assessment closes
		subject.Touched = nil
		if found.EnteredBy != "" {
			subject.Touched = []id.Person{found.EnteredBy}
		}
	}
	if err := by.May(verb, subject); err != nil {
		return found, nil, err
	}
	if (verb == "candidate.score" || verb == "candidate.declare") && !found.open() {
		return found, nil, fault.Conflict("candidate.closed", nil)
	}
	criteria, err := Criteria(ctx, tx, g)
	return found, criteria, err
}

func trailCandidate(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, verb string, before, after Candidate) error {
	words := func(c Candidate) any {
		if c.ID == "" {
			return nil
		}
		return map[string]any{"organisation": c.Organisation.Code, "state": c.State, "motive": c.Motive, "reason": c.Reason, "agreement": c.Agreement}
	}
	return audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: verb, ObjectKind: "candidate", ObjectID: string(after.ID),
		Before: words(before), After: words(after)})
}
