package evidence

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Sample is a set of reported rows of one partner, year and kind, drawn to be looked at in place of all of them. The seed is kept: anybody
// can draw it again. What is found in it is told for all of them, with the interval that its size allows.
type Sample struct {
	ID         id.Sample
	Year       period.Year
	Kind       Kind
	Partner    id.Organisation
	Seed       string
	Population int // rows that were open when it was drawn
	Size       int
	DrawnOn    period.Date
	ClosedOn   period.Date // "" while rows are still to be looked at
	Rows       []SampledRow
}

// SampledRow is a row of the population and what became of it.
type SampledRow struct {
	Evidence id.Evidence
	Drawn    bool // else it is verified or left by what the sample shows
	State    State
}

// Outcome is what a sample tells.
type Outcome struct {
	Looked, Wrong  int
	ErrorBp        int64 // wrong over looked at
	LowBp, HighBp  int64 // the error in all rows lies between them in 95 of 100 such samples (Wilson's interval, with finite population)
	Expected       int   // wrong rows in the population, extrapolated and rounded up
	Open           int   // drawn and not yet looked at
	ExpectedAtMost int   // wrong rows in the population at the upper end
}

// Draw chooses size of ids by a seed: a pure function, the same for everybody who has the ids, in whatever order.
func Draw(ids []id.Evidence, size int, seed string) []id.Evidence {
	sorted := slices.Clone(ids)
	slices.Sort(sorted)
	sum := sha256.Sum256([]byte(seed))
	r := rand.New(rand.NewPCG(binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:16])))
	for i := range min(size, len(sorted)) {
		j := i + r.IntN(len(sorted)-i)
		sorted[i], sorted[j] = sorted[j], sorted[i]
	}
	drawn := sorted[:min(size, len(sorted))]
	slices.Sort(drawn)
	return drawn
}

// Outcome reckons the error of the rows looked at and what it says of all of them.
func (s *Sample) Outcome() Outcome {
	var o Outcome
	for _, r := range s.Rows {
		switch {
		case !r.Drawn:
		case r.State == Reported:
			o.Open++
		default:
			o.Looked++
			if r.State == Rejected {
				o.Wrong++
			}
		}
	}
	if o.Looked == 0 {
		return o
	}
	o.ErrorBp = int64(o.Wrong) * 10_000 / int64(o.Looked)
	o.Expected = (o.Wrong*s.Population + o.Looked - 1) / o.Looked
	low, high := wilson(o.Wrong, o.Looked, s.Population)
	o.LowBp, o.HighBp = int64(math.Floor(low*10_000)), int64(math.Ceil(high*10_000))
	o.ExpectedAtMost = min(int(math.Ceil(high*float64(s.Population))), s.Population-(o.Looked-o.Wrong))
	return o
}

// wilson is the 95 % score interval of a share (Wilson 1927), drawn in by the finite population: of a population that was seen whole there is
// no doubt.
func wilson(wrong, looked, population int) (low, high float64) {
	n, p, z := float64(looked), float64(wrong)/float64(looked), 1.959963985
	if population <= looked {
		return p, p
	}
	n *= float64(population-1) / float64(population-looked)
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z * math.Sqrt(p*(1-p)/n+z*z/(4*n*n)) / (1 + z*z/n)
	return max(0, middle-half), min(1, middle+half)
}

var (
	openRows = db.SQL("evidence.sample.open", `select e.id from evidence e
		join evidence_credit c on c.programme_id = e.programme_id and c.evidence_id = e.id and c.organisation_id = $4
		where e.programme_id = $1 and e.year = $2 and e.kind = $3 and e.state = 'reported' and coalesce(e.reported_by, '') <> $5
			and not exists (select 1 from evidence_sampled d join evidence_sample s on s.programme_id = d.programme_id and s.id = d.sample_id
				where d.programme_id = e.programme_id and d.evidence_id = e.id and s.closed_on = '')
		order by e.id limit 1000`)
	readSample = db.SQL("evidence.sample.load", `select id, year, kind, organisation_id, seed, population, size, drawn_on, closed_on
		from evidence_sample where programme_id = $1 and id = $2`)
	readSampled = db.SQL("evidence.sample.rows", `select d.evidence_id, d.drawn, e.state from evidence_sampled d
		join evidence e on e.programme_id = d.programme_id and e.id = d.evidence_id
		where d.programme_id = $1 and d.sample_id = $2 order by d.evidence_id`)
	closeSample = db.SQL("evidence.sample.close", `update evidence_sample set closed_on = $3 where programme_id = $1 and id = $2 and closed_on = ''`)
)

// DrawSample draws rows of a partner's year and kind that are reported and that the drawer did not report. Faults: denied; invalid when there
// is nothing to draw from or the size is not above 0. The population is the thousand rows that wait longest, so that accepting them stays short.
func DrawSample(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, partner id.Organisation, year period.Year, kind Kind,
	size int, seed string) (id.Sample, error) {
	if err := by.May("evidence.sample", access.Subject{Kind: "evidence"}); err != nil {
		return "", err
	}
	if size < 1 {
		return "", fault.Invalid("size", "evidence.sample_size", nil)
	}
	if strings.TrimSpace(seed) == "" {
		return "", fault.Invalid("seed", "evidence.sample_seed", nil)
	}
	var open []id.Evidence
	err := tx.Each(ctx, openRows, []any{programme, int(year), kind, partner, by.ID}, func(r *sql.Rows) error {
		var e id.Evidence
		err := r.Scan(&e)
		open = append(open, e)
		return err
	})
	if err != nil {
		return "", err
	}
	if len(open) == 0 {
		return "", fault.Invalid("kind", "evidence.sample_empty", nil)
	}
	drawn := Draw(open, size, seed)
	s := id.New[id.Sample]()
	if err := tx.Insert(ctx, "evidence_sample", []string{"programme_id", "id", "year", "kind", "organisation_id", "seed", "population", "size",
		"drawn_on", "drawn_by", "closed_on"}, [][]any{{programme, s, int(year), kind, partner, seed, len(open), len(drawn), tx.Now.Date(),
		db.OrNull(by.ID), ""}}); err != nil {
		return "", err
	}
	rows := make([][]any, len(open))
	for i, e := range open {
		_, is := slices.BinarySearch(drawn, e)
		rows[i] = []any{programme, s, e, map[bool]int{true: 1}[is]}
	}
	if err := tx.Insert(ctx, "evidence_sampled", []string{"programme_id", "sample_id", "evidence_id", "drawn"}, rows); err != nil {
		return "", err
	}
	return s, audit.Append(ctx, tx, string(programme), by.Label(), audit.Change{Verb: "evidence.sample", ObjectKind: "sample", ObjectID: string(s),
		After: map[string]any{"partner": partner, "year": year, "kind": kind, "seed": seed, "population": len(open), "size": len(drawn)}})
}

// LoadSample reads a sample with its rows; missing when there is none.
func LoadSample(ctx context.Context, tx *db.Tx, programme id.Programme, sample id.Sample) (*Sample, error) {
	s := &Sample{}
	err := tx.Row(ctx, readSample, programme, sample).Scan(&s.ID, &s.Year, &s.Kind, &s.Partner, &s.Seed, &s.Population, &s.Size, &s.DrawnOn, &s.ClosedOn)
	if errors.Is(err, db.ErrNone) {
		return nil, fault.Missing("evidence.sample_missing", nil)
	}
	if err != nil {
		return nil, err
	}
	return s, tx.Each(ctx, readSampled, []any{programme, sample}, func(r *sql.Rows) error {
		var row SampledRow
		err := r.Scan(&row.Evidence, &row.Drawn, &row.State)
		s.Rows = append(s.Rows, row)
		return err
	})
}

// AcceptSample closes a sample: the rows that were not drawn are verified by what it shows, when its error is not above the tolerance. Above
// it nothing is verified, and every row is to be looked at. Faults: conflict while drawn rows are open or when it is closed already, or when
// the error is above the tolerance; denied.
func AcceptSample(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, sample id.Sample, toleranceBp int64) (Outcome, error) {
	if err := by.May("evidence.sample", access.Subject{Kind: "evidence"}); err != nil {
		return Outcome{}, err
	}
	s, err := LoadSample(ctx, tx, programme, sample)
	if err != nil {
		return Outcome{}, err
	}
	o := s.Outcome()
	switch {
	case s.ClosedOn != "":
		return o, fault.Conflict("evidence.sample_closed", nil)
	case o.Open > 0:
		return o, fault.Conflict("evidence.sample_open", text.Args{"n": o.Open})
	case o.ErrorBp > toleranceBp:
		return o, fault.Conflict("evidence.sample_wrong", text.Args{"wrong": o.Wrong, "looked": o.Looked})
	}
	reason := fmt.Sprintf("sample %s: %d of %d wrong, in all at most %d of %d", s.ID, o.Wrong, o.Looked, o.ExpectedAtMost, s.Population)
	var rest []id.Evidence
	for _, r := range s.Rows {
		if !r.Drawn && r.State == Reported {
			rest = append(rest, r.Evidence)
		}
	}
	if err := VerifyMany(ctx, tx, by, programme, rest, reason); err != nil {
		return o, err
	}
	moved, err := tx.Exec(ctx, closeSample, programme, sample, tx.Now.Date())
	if err != nil {
		return o, err
	}
	if moved != 1 {
		return o, fault.Conflict("evidence.sample_closed", nil)
	}
	return o, nil
}

// VerifyMany verifies rows one by one, each with its own leave and audit row: all or none, and the fault names the first that failed.
func VerifyMany(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, rows []id.Evidence, reason string) error {
	for _, e := range rows {
		if err := Verify(ctx, tx, by, programme, e, reason); err != nil {
			return fmt.Errorf("evidence %s: %w", e, err)
		}
	}
	return nil
}

// RejectMany refuses rows one by one with the same reason: all or none.
func RejectMany(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, rows []id.Evidence, reason string) error {
	for _, e := range rows {
		if err := Reject(ctx, tx, by, programme, e, reason); err != nil {
			return fmt.Errorf("evidence %s: %w", e, err)
		}
	}
	return nil
}
