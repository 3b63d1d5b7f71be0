package report

import (
	"context"
	"strconv"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/text"
)

// Decimal is an amount that files carry as text with two decimals, so that no reader makes a float of it.
type Decimal money.Amount

// MarshalText is the amount with a point and two decimals.
func (d Decimal) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

func (d Decimal) String() string { return money.Amount(d).String() }

// StatementLine is a settlement as one flat row for files.
type StatementLine struct {
	Partner     string           `json:"partner"`
	Year        int              `json:"year"`
	Version     int              `json:"version"`
	State       settlement.State `json:"state"`
	Outcome     string           `json:"outcome"`
	Accepted    Decimal          `json:"accepted"`
	Uncapped    Decimal          `json:"uncapped"`
	Ceiling     Decimal          `json:"ceiling"`
	Half        Decimal          `json:"half"`
	CostPart    Decimal          `json:"cost_part"`
	Pool        Decimal          `json:"pool"`
	ScoreBp     int64            `json:"score_bp"`
	Performance Decimal          `json:"performance"`
	NotEarned   Decimal          `json:"not_earned"`
	Final       Decimal          `json:"final"`
	Own         Decimal          `json:"own"`
	Advance     Decimal          `json:"advance"`
	Netted      Decimal          `json:"netted"`
	Paid        Decimal          `json:"paid"`
	Balance     Decimal          `json:"balance"`
	Unspent     Decimal          `json:"unspent"`
	CarryLimit  Decimal          `json:"carry_limit"`
	OpenClaims  int              `json:"open_claims"`
	InFlight    int              `json:"in_flight"`
	Parked      int              `json:"parked"`
	Computed    string           `json:"computed_on"`
	Until       string           `json:"objection_until"`
	FinalOn     string           `json:"final_on"`
	Facts       string           `json:"facts"`
	Steps       []LineStep       `json:"steps,omitempty"`
	Scores      []LineScore      `json:"scores,omitempty"`
}

// LineStep is one step of the reckoning in a file.
type LineStep struct {
	Key     string  `json:"key"`
	Step    int     `json:"step,omitempty"`
	Words   string  `json:"words"`
	Working string  `json:"working,omitempty"`
	Amount  Decimal `json:"amount"`
}

// LineScore is one KPI of the score in a file. Numbers that may have no end are fractions.
type LineScore struct {
	KPI        string `json:"kpi"`
	Name       string `json:"name"`
	Status     string `json:"status"`
	Target     string `json:"target"`
	Value      string `json:"value"`
	Divisor    string `json:"denominator,omitempty"`
	Sample     int    `json:"sample"`
	Attainment int64  `json:"attainment_bp"`
	Floor      int64  `json:"floor_bp"`
	Weight     int64  `json:"weight"`
	Cap        int64  `json:"cap_bp,omitempty"` // most that is paid; absent: all
	Payout     int64  `json:"payout_bp"`
}

// Line is what settling found as a flat row, without steps and scores.
func Line(res settlement.Result) StatementLine {
	s, r := res.Settlement, res.Settlement.Working.Reckoning
	return StatementLine{Partner: res.Code, Year: int(res.Year), Version: s.Version, State: s.State, Outcome: res.Outcome,
		Accepted: Decimal(r.Accepted), Uncapped: Decimal(r.Uncapped), Ceiling: Decimal(r.Ceiling), Half: Decimal(r.Half),
		CostPart: Decimal(r.CostPart), Pool: Decimal(r.Pool), ScoreBp: int64(r.Score), Performance: Decimal(r.Earned),
		NotEarned: Decimal(r.NotEarned), Final: Decimal(r.Final), Own: Decimal(r.Own), Advance: Decimal(r.Advance), Netted: Decimal(r.Netted),
		Paid: Decimal(r.Paid), Balance: Decimal(r.Balance), Unspent: Decimal(r.Unspent), CarryLimit: Decimal(r.CarryLimit),
		OpenClaims: s.Working.OpenClaims, InFlight: s.Working.InFlight, Parked: s.Working.Parked, Computed: string(s.ComputedOn),
		Until: string(s.ObjectionUntil), FinalOn: string(s.FinalOn), Facts: s.Facts}
}

// FullLine is what settling found as a row with its steps and scores in words.
func FullLine(ctx context.Context, tx *db.Tx, g programme.Programme, res settlement.Result, l text.Language) (StatementLine, error) {
	line := Line(res)
	s, err := LoadStatement(ctx, tx, g, res.Settlement)
	if err != nil {
		return line, err
	}
	for _, step := range s.Steps {
		line.Steps = append(line.Steps, LineStep{step.Key, step.N, step.Words.In(l), step.Working.In(l), Decimal(step.Amount)})
	}
	for _, r := range s.Scores {
		line.Scores = append(line.Scores, LineScore{r.Definition.Code, r.Definition.Name.In(l), string(r.Status), r.Target, r.Value, r.Divisor,
			r.Sample, r.Attainment, r.Floor, r.Weight, r.Cap, r.Payout})
	}
	return line, nil
}

// StatementColumns names the cells of a row.
func StatementColumns() []string {
	return []string{"partner", "year", "version", "state", "outcome", "accepted", "uncapped", "ceiling", "half", "cost_part", "pool", "score_bp",
		"performance", "not_earned", "final", "own", "advance", "netted", "paid", "balance", "unspent", "carry_limit", "open_claims", "in_flight",
		"parked", "computed_on", "objection_until", "final_on", "facts"}
}

// Cells is the row in the order of StatementColumns.
func (l StatementLine) Cells() []string {
	out := []string{l.Partner, strconv.Itoa(l.Year), strconv.Itoa(l.Version), string(l.State), l.Outcome, l.Accepted.String(), l.Uncapped.String(),
		l.Ceiling.String(), l.Half.String(), l.CostPart.String(), l.Pool.String(), strconv.FormatInt(l.ScoreBp, 10)}
	for _, d := range []Decimal{l.Performance, l.NotEarned, l.Final, l.Own, l.Advance, l.Netted, l.Paid, l.Balance, l.Unspent, l.CarryLimit} {
		out = append(out, d.String())
	}
	for _, n := range []int{l.OpenClaims, l.InFlight, l.Parked} {
		out = append(out, strconv.Itoa(n))
	}
	return append(out, l.Computed, l.Until, l.FinalOn, l.Facts)
}
