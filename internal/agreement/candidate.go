package agreement

import (
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// CandidateState is where a candidate stands. Source: domain section 3.
type CandidateState string

// The states of a candidate: drafted is when its agreement lies on the table as a draft.
const (
	CandidateNamed    CandidateState = "named"
	CandidateApplied  CandidateState = "applied"
	CandidateAssessed CandidateState = "assessed"
	CandidateInvited  CandidateState = "invited"
	CandidateDeclined CandidateState = "declined"
	CandidateDrafted  CandidateState = "drafted"
)

// Criterion is something that candidates are assessed by; its weight counts against the sum of all weights.
type Criterion struct {
	ID       id.Criterion
	Code     string
	Position int
	Weight   int64
	Name     programme.Words
	Hint     programme.Words // what an assessor looks for
}

// MaxPoints is the best score of a criterion; 0 is the worst.
const MaxPoints = 5

// MinAssessors is how many people at least score a candidate. Source: domain section 3.
const MinAssessors = 2

// Candidate is an organisation that may get an agreement in the programme.
type Candidate struct {
	ID           id.Candidate
	Organisation programme.Organisation
	State        CandidateState
	Motive       string                  // why it was named, or what it applies with
	Answers      map[id.Criterion]string // of an application
	EnteredBy    id.Person               // "" by the system
	EnteredOn    period.Date
	DecidedBy    id.Person // who invited or declined it
	DecidedOn    period.Date
	Reason       string
	Agreement    id.Agreement // once drafted
	Sheets       []Sheet      // by the assessor's name
}

// Sheet is what one assessor declared and scored.
type Sheet struct {
	Assessor id.Person
	Name     string
	Declared bool   // said whether there is a conflict of interest
	Conflict bool   // there is one
	Interest string // what it is
	Scores   map[id.Criterion]Score
}

// Score is the points for a criterion, with the words that carry them.
type Score struct {
	Points int64
	Words  string
}

// Complete tells whether the sheet counts: no conflict, and a score for every criterion.
func (s Sheet) Complete(criteria []Criterion) bool {
	return s.Declared && !s.Conflict && len(criteria) > 0 && !slices.ContainsFunc(criteria, func(c Criterion) bool {
		_, scored := s.Scores[c.ID]
		return !scored
	})
}

// TotalBp is the sheet's weighted total in basis points of the best possible one, rounded down.
func (s Sheet) TotalBp(criteria []Criterion) int64 {
	var sum, most int64
	for _, c := range criteria {
		sum += c.Weight * s.Scores[c.ID].Points
		most += c.Weight * MaxPoints
	}
	if most == 0 {
		return 0
	}
	return sum * 10_000 / most
}

// Tally is what the complete sheets of a candidate say together. Spreads are the highest less the lowest: a wide one asks for a talk
// before anybody decides.
type Tally struct {
	Sheets   int
	TotalBp  int64 // mean of the sheets' totals, rounded down
	SpreadBp int64
	Criteria map[id.Criterion]CriterionTally
}

// CriterionTally is one criterion over all complete sheets.
type CriterionTally struct {
	Sum, Spread int64 // of points; the mean is Sum over the number of sheets
}

// Tally adds up the complete sheets.
func (c Candidate) Tally(criteria []Criterion) Tally {
	t := Tally{Criteria: map[id.Criterion]CriterionTally{}}
	var totals []int64
	points := map[id.Criterion][]int64{}
	for _, s := range c.Sheets {
		if !s.Complete(criteria) {
			continue
		}
		totals = append(totals, s.TotalBp(criteria))
		for _, k := range criteria {
			points[k.ID] = append(points[k.ID], s.Scores[k.ID].Points)
		}
	}
	t.Sheets = len(totals)
	if t.Sheets == 0 {
		return t
	}
	t.TotalBp, t.SpreadBp = sumPoints(totals)/int64(t.Sheets), slices.Max(totals)-slices.Min(totals)
	for k, all := range points {
		t.Criteria[k] = CriterionTally{Sum: sumPoints(all), Spread: slices.Max(all) - slices.Min(all)}
	}
	return t
}

func sumPoints(all []int64) (total int64) {
	for _, n := range all {
		total += n
	}
	return total
}

// Sheet is that of an assessor; an empty one when there is none yet.
func (c Candidate) Sheet(assessor id.Person) Sheet {
	for _, s := range c.Sheets {
		if s.Assessor == assessor {
			return s
		}
	}
	return Sheet{Assessor: assessor}
}

// Subject is the candidate as leave is checked on it: who entered it or scored it does not decide on it.
func (c Candidate) Subject() access.Subject {
	s := access.Subject{Kind: "candidate", State: string(c.State), Partner: c.Organisation.ID}
	if c.EnteredBy != "" {
		s.Touched = append(s.Touched, c.EnteredBy)
	}
	for _, sheet := range c.Sheets {
		if len(sheet.Scores) > 0 {
			s.Touched = append(s.Touched, sheet.Assessor)
		}
	}
	return s
}

// within leaves what a reader may see: an assessor who has not scored yet sees no other assessor's sheet, so that each judges alone, and
// an organisation sees none.
func (c Candidate) within(by access.Actor, criteria []Criterion) Candidate {
	switch {
	case by.Scope() == access.All:
		return c
	case !by.Has(access.Assessor):
		c.Sheets = nil
	case c.open() && !c.Sheet(by.ID).Complete(criteria):
		c.Sheets = slices.DeleteFunc(slices.Clone(c.Sheets), func(s Sheet) bool { return s.Assessor != by.ID })
	}
	return c
}

// open tells whether assessors still score.
func (c Candidate) open() bool { return c.State == CandidateNamed || c.State == CandidateApplied }

// assessed checks that a candidate may be called assessed.
func (c Candidate) assessed(criteria []Criterion) error {
	if len(criteria) == 0 {
		return fault.Conflict("candidate.no_criteria", nil)
	}
	if n := c.Tally(criteria).Sheets; n < MinAssessors {
		return fault.Conflict("candidate.too_few_sheets", text.Args{"n": n, "needed": MinAssessors})
	}
	return nil
}

// checkScores tells what is wrong with a sheet, at the field "score.CODE" or "words.CODE".
func checkScores(criteria []Criterion, scores map[id.Criterion]Score) error {
	var faults []error
	known := 0
	for _, c := range criteria {
		s, given := scores[c.ID]
		if given {
			known++
		}
		if !given || s.Points < 0 || s.Points > MaxPoints {
			faults = append(faults, fault.Invalid("score."+c.Code, "candidate.points", text.Args{"max": MaxPoints}))
		}
		if strings.TrimSpace(s.Words) == "" {
			faults = append(faults, fault.Invalid("words."+c.Code, "candidate.words_missing", nil))
		}
	}
	if known != len(scores) {
		faults = append(faults, fault.Invalid("", "candidate.criterion_unknown", nil))
	}
	return fault.Join(faults...)
}

// checkAnswers tells what an application lacks, at the field "answer.CODE".
func checkAnswers(criteria []Criterion, motive string, answers map[id.Criterion]string) error {
	var faults []error
	if strings.TrimSpace(motive) == "" {
		faults = append(faults, fault.Invalid("motive", "candidate.motive_missing", nil))
	}
	for _, c := range criteria {
		if strings.TrimSpace(answers[c.ID]) == "" {
			faults = append(faults, fault.Invalid("answer."+c.Code, "candidate.answer_missing", nil))
		}
	}
	return fault.Join(faults...)
}

// CheckCriteria tells what is wrong with a list of criteria, at the field "CODE.weight" or "CODE.name".
func CheckCriteria(all []Criterion) error {
	var faults []error
	seen := map[string]bool{}
	for _, c := range all {
		if c.Weight < 1 || c.Weight > 1000 {
			faults = append(faults, fault.Invalid(c.Code+".weight", "candidate.weight", nil))
		}
		if c.Name == (programme.Words{}) {
			faults = append(faults, fault.Invalid(c.Code+".name", "candidate.criterion_name", nil))
		}
		if seen[c.Code] {
			faults = append(faults, fault.Invalid(c.Code+".code", "db.code_taken", nil))
		}
		seen[c.Code] = true
	}
	return fault.Join(faults...)
}
