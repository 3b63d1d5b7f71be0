// Package settlement closes an agreement-year: it binds the evidence that KPIs count to the money that funding holds, reckons the final
// contribution step by step, freezes what it counted, and books the result. The rules of halves and scores live in funding and kpi.
package settlement

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math/big"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// State is where a settlement stands. Source: domain section 3.
type State string

// The states of a settlement. Restated: facts changed, or an objection was upheld, and a later version took its place.
const (
	Computed     State = "computed"
	Discarded    State = "discarded"
	Restated     State = "restated"
	Communicated State = "communicated"
	Objection    State = "objection"
	Final        State = "final"
)

// Settlement is one version of the closing of an agreement-year.
type Settlement struct {
	ID             id.Settlement
	Agreement      id.Agreement
	Partner        id.Organisation
	Year           period.Year
	Version        int
	State          State
	Facts          string // hash of what it was computed from
	Working        Working
	ComputedOn     period.Date
	ComputedBy     id.Person
	CommunicatedOn period.Date
	CommunicatedBy id.Person
	ObjectionUntil period.Date
	FinalOn        period.Date
	FinalBy        id.Person
}

// Subject is the settlement as the leave check sees it.
func (s Settlement) Subject() access.Subject {
	return access.Subject{Kind: "settlement", State: string(s.State), Partner: s.Partner, Touched: []id.Person{s.ComputedBy}}
}

// Working is everything that a statement shows; it is kept with the settlement, so that an old statement never changes.
type Working struct {
	Reckoning   Reckoning        `json:"reckoning"`
	Opening     *funding.Opening `json:"opening,omitempty"` // taken over; nil: the year began here
	Claims      []ClaimLine      `json:"claims"`
	Corrections []StruckLine     `json:"corrections"`
	Payments    []PaidLine       `json:"payments"`
	Scores      []ScoreLine      `json:"scores"`
	OpenClaims  int              `json:"open_claims"`
	InFlight    int              `json:"in_flight"`
	Parked      int              `json:"parked"`
}

// Blocked tells what keeps a settlement from becoming final. Source: domain section 4.5.
func (w Working) Blocked() bool { return w.OpenClaims+w.InFlight+w.Parked > 0 }

// ScoreLine is one KPI in the score.
type ScoreLine struct {
	Assignment id.Assignment `json:"assignment"`
	KPI        id.KPI        `json:"kpi"`
	Status     kpi.Status    `json:"status"`
	Value      string        `json:"value"`       // exact, as a fraction or a whole number
	Divisor    string        `json:"denominator"` // of a ratio or mean, else ""
	Sample     int           `json:"sample"`
	Target     string        `json:"target"`
	Attainment int64         `json:"attainment_bp"`
	Floor      int64         `json:"floor_bp"`
	Cap        int64         `json:"cap_bp,omitempty"` // most that is paid; 0 all
	Payout     int64         `json:"payout_bp"`
	Weight     int64         `json:"weight"`
	Evidence   string        `json:"evidence"` // hash over the ids counted
}

// computation is a settlement not yet stored, with the evidence that it counted.
type computation struct {
	working  Working
	cells    []kpi.Cell
	facts    string
	position funding.Position
}

// compute reckons an agreement-year from its loaded facts.
func compute(p funding.Position, lines Lines, cells []kpi.Cell) (computation, error) {
	score := kpi.Score(cells)
	r, err := Reckon(p.Year, money.Bp(score), p.Original, p.CarryBp)
	if err != nil {
		return computation{}, err
	}
	w := Working{Reckoning: r, Opening: p.Opening, Claims: lines.Claims, Corrections: lines.Corrections, Payments: lines.Payments,
		OpenClaims: p.OpenClaims, InFlight: p.InFlight, Parked: p.Parked}
	for i := range cells {
		w.Scores = append(w.Scores, scoreLine(&cells[i]))
	}
	text, err := json.Marshal(w)
	if err != nil {
		return computation{}, err
	}
	sum := sha256.Sum256(text)
	return computation{working: w, cells: cells, facts: hex.EncodeToString(sum[:]), position: p}, nil
}

func scoreLine(c *kpi.Cell) ScoreLine {
	most := c.Assignment.Cap()
	if most == kpi.Whole {
		most = 0 // as settlements were frozen before agreements could set one
	}
	return ScoreLine{Assignment: c.Assignment.ID, KPI: c.KPI.ID, Status: c.Status, Value: exact(c.Figure.Num), Divisor: exact(c.Figure.Den),
		Sample: c.Figure.Sample, Target: exact(c.Target), Attainment: c.AttainmentBp, Floor: c.FloorBp, Cap: most, Payout: c.PayoutBp,
		Weight: c.Weight, Evidence: c.EvidenceHash()}
}

func exact(r *big.Rat) string {
	if r == nil {
		return ""
	}
	return r.RatString()
}
