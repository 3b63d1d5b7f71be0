package agreement

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

var (
	selectCriteria = db.SQL("agreement.criterion.list",
		`select id, code, position, weight, name_nl, name_en, name_fr, hint_nl, hint_en, hint_fr
		 from criterion where programme_id = $1 order by position, code`)
	dropCriteria     = db.SQL("agreement.criterion.drop", `delete from criterion where programme_id = $1`)
	selectCandidates = db.SQL("agreement.candidate.list",
		`select c.id, c.state, c.motive, coalesce(c.entered_by, ''), c.entered_on, coalesce(c.decided_by, ''), c.decided_on, c.reason,
		   coalesce(c.agreement_id, ''), o.id, o.code, o.name, o.short_name, o.kind, o.calendar_group, o.position, o.vat_recoverable_bp
		 from candidate c join organisation o on o.id = c.organisation_id
		 where c.programme_id = $1 and ($2 = '*' or $2 like '%' || c.organisation_id || '%')
		 order by o.position, o.sort_key, c.id`)
	selectAnswers = db.SQL("agreement.candidate.answers",
		`select candidate_id, criterion_id, words from candidate_answer where programme_id = $1 order by candidate_id, criterion_id`)
	selectInterests = db.SQL("agreement.candidate.interests",
		`select i.candidate_id, i.person_id, p.name, i.conflict, i.words from interest i join person p on p.id = i.person_id
		 where i.programme_id = $1 order by i.candidate_id, p.name, p.id`)
	selectScores = db.SQL("agreement.candidate.scores",
		`select candidate_id, person_id, criterion_id, points, words from score where programme_id = $1
		 order by candidate_id, person_id, criterion_id`)
	saveAnswer = db.SQL("agreement.candidate.answer.save",
		`insert into candidate_answer (programme_id, candidate_id, criterion_id, words) values ($1, $2, $3, $4)
		 on conflict (programme_id, candidate_id, criterion_id) do update set words = excluded.words`)
	saveInterest = db.SQL("agreement.candidate.interest.save",
		`insert into interest (programme_id, candidate_id, person_id, conflict, words, declared_on) values ($1, $2, $3, $4, $5, $6)
		 on conflict (programme_id, candidate_id, person_id) do update set conflict = excluded.conflict, words = excluded.words,
		   declared_on = excluded.declared_on`)
	saveScore = db.SQL("agreement.candidate.score.save",
		`insert into score (programme_id, candidate_id, person_id, criterion_id, points, words, scored_on) values ($1, $2, $3, $4, $5, $6, $7)
		 on conflict (programme_id, candidate_id, person_id, criterion_id) do update set points = excluded.points, words = excluded.words,
		   scored_on = excluded.scored_on`)
	moveCandidate = db.SQL("agreement.candidate.move",
		`update candidate set state = $3, motive = $4, entered_by = $5, entered_on = $6, decided_by = $7, decided_on = $8, reason = $9,
		   agreement_id = $10
		 where programme_id = $1 and id = $2 and state = $11`)
)

// Criteria gives those of a programme in their order.
func Criteria(ctx context.Context, tx *db.Tx, g id.Programme) ([]Criterion, error) {
	var all []Criterion
	err := tx.Each(ctx, selectCriteria, []any{g}, func(r *sql.Rows) error {
		var c Criterion
		err := r.Scan(&c.ID, &c.Code, &c.Position, &c.Weight, &c.Name.NL, &c.Name.EN, &c.Name.FR, &c.Hint.NL, &c.Hint.EN, &c.Hint.FR)
		all = append(all, c)
		return err
	})
	return all, err
}

// AddCriteria writes criteria of a programme.
func AddCriteria(ctx context.Context, tx *db.Tx, g id.Programme, all []Criterion) error {
	rows := make([][]any, len(all))
	for i, c := range all {
		rows[i] = []any{g, c.ID, c.Code, c.Position, c.Weight, c.Name.NL, c.Name.EN, c.Name.FR, c.Hint.NL, c.Hint.EN, c.Hint.FR}
	}
	return tx.Insert(ctx, "criterion", strings.Fields("programme_id id code position weight name_nl name_en name_fr hint_nl hint_en hint_fr"), rows)
}

// Candidates gives the candidates that the actor may see, with the sheets that it may see, in the order of the calendar.
func Candidates(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme) ([]Candidate, error) {
	scope := by.ScopeFor("candidate.read")
	if by.Has(access.Assessor) { // who sees nothing else of the partners sees all candidates
		scope = access.All
	}
	criteria, err := Criteria(ctx, tx, g)
	if err != nil {
		return nil, err
	}
	all, err := candidates(ctx, tx, g, scope)
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i] = all[i].within(by, criteria)
	}
	return all, nil
}

// LoadCandidate is one candidate that the actor may see; missing (candidate.missing) otherwise.
func LoadCandidate(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, code string) (Candidate, error) {
	all, err := Candidates(ctx, tx, by, g)
	if err != nil {
		return Candidate{}, err
	}
	return pick(all, func(c Candidate) bool { return c.Organisation.Code == code })
}

func pick(all []Candidate, is func(Candidate) bool) (Candidate, error) {
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i], nil
	}
	return Candidate{}, fault.Missing("candidate.missing", nil)
}

// candidates reads all of a scope whole. There are some tens of them, so four readings are as quick as one.
func candidates(ctx context.Context, tx *db.Tx, g id.Programme, scope access.Scope) ([]Candidate, error) {
	var all []Candidate
	place := map[id.Candidate]int{}
	err := tx.Each(ctx, selectCandidates, []any{g, scope}, func(r *sql.Rows) error {
		c := Candidate{Answers: map[id.Criterion]string{}}
		o := &c.Organisation
		err := r.Scan(&c.ID, &c.State, &c.Motive, &c.EnteredBy, &c.EnteredOn, &c.DecidedBy, &c.DecidedOn, &c.Reason, &c.Agreement,
			&o.ID, &o.Code, &o.Name, &o.Short, &o.Kind, &o.Group, &o.Position, &o.VATRecoverableBp)
		place[c.ID] = len(all)
		all = append(all, c)
		return err
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	err = tx.Each(ctx, selectAnswers, []any{g}, func(r *sql.Rows) error {
		var c id.Candidate
		var k id.Criterion
		var words string
		if err := r.Scan(&c, &k, &words); err != nil {
			return err
		}
		if i, within := place[c]; within {
			all[i].Answers[k] = words
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, sheets(ctx, tx, g, all, place)
}

// sheets fills in what the assessors declared and scored.
func sheets(ctx context.Context, tx *db.Tx, g id.Programme, all []Candidate, place map[id.Candidate]int) error {
	err := tx.Each(ctx, selectInterests, []any{g}, func(r *sql.Rows) error {
		var c id.Candidate
		s := Sheet{Declared: true, Scores: map[id.Criterion]Score{}}
		if err := r.Scan(&c, &s.Assessor, &s.Name, &s.Conflict, &s.Interest); err != nil {
			return err
		}
		if i, within := place[c]; within {
			all[i].Sheets = append(all[i].Sheets, s)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return tx.Each(ctx, selectScores, []any{g}, func(r *sql.Rows) error {
		var c id.Candidate
		var who id.Person
		var k id.Criterion
		var s Score
		if err := r.Scan(&c, &who, &k, &s.Points, &s.Words); err != nil {
			return err
		}
		if i, within := place[c]; within {
			for _, sheet := range all[i].Sheets {
				if sheet.Assessor == who {
					sheet.Scores[k] = s
				}
			}
		}
		return nil
	})
}

// AddCandidates writes candidates with their answers and sheets.
func AddCandidates(ctx context.Context, tx *db.Tx, g id.Programme, all []Candidate) error {
	var rows, answers, interests, scores [][]any
	for _, c := range all {
		rows = append(rows, []any{g, c.ID, c.Organisation.ID, CandidateApplied, c.Motive, db.OrNull(c.EnteredBy), c.EnteredOn, nil, "", "", nil})
		for k, words := range c.Answers {
			answers = append(answers, []any{g, c.ID, k, words})
		}
		for _, s := range c.Sheets {
			interests = append(interests, []any{g, c.ID, s.Assessor, db.Bit(s.Conflict), s.Interest, c.EnteredOn})
			for k, x := range s.Scores {
				scores = append(scores, []any{g, c.ID, s.Assessor, k, x.Points, x.Words, c.EnteredOn})
			}
		}
	}
	slices.SortFunc(answers, func(a, b []any) int { return cmp.Compare(a[2].(id.Criterion), b[2].(id.Criterion)) })
	for _, part := range []struct {
		table, columns string
		rows           [][]any
	}{
		{"candidate", "programme_id id organisation_id state motive entered_by entered_on decided_by decided_on reason agreement_id", rows},
		{"candidate_answer", "programme_id candidate_id criterion_id words", answers},
		{"interest", "programme_id candidate_id person_id conflict words declared_on", interests},
		{"score", "programme_id candidate_id person_id criterion_id points words scored_on", scores},
	} {
		if err := tx.Insert(ctx, part.table, strings.Fields(part.columns), part.rows); err != nil {
			return err
		}
	}
	for _, c := range all {
		if c.State == CandidateApplied {
			continue
		}
		if err := saveCandidate(ctx, tx, g, CandidateApplied, c); err != nil {
			return err
		}
	}
	return nil
}

func saveCandidate(ctx context.Context, tx *db.Tx, g id.Programme, from CandidateState, c Candidate) error {
	moved, err := tx.Exec(ctx, moveCandidate, g, c.ID, c.State, c.Motive, db.OrNull(c.EnteredBy), c.EnteredOn, db.OrNull(c.DecidedBy),
		c.DecidedOn, c.Reason, db.OrNull(c.Agreement), from)
	if err == nil && moved != 1 {
		return fault.Conflict("candidate.moved", nil)
	}
	return err
}
