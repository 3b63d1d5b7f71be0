package report

import (
	"cmp"
	"context"
	"math/big"
	"slices"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// TargetMove is a target that changed after signing, or a year that a decision took out.
type TargetMove struct {
	Code, Short string // of the partner
	Year        period.Year
	Was, Is     *big.Rat // Was nil: not due before; Is nil: waived
	On          period.Date
	Reason      string
}

// targetMoves lists what changed of the promises of the KPI by the day of the board, the newest first: of the partner shown, or of all.
func targetMoves(ctx context.Context, tx *db.Tx, g programme.Programme, b *kpi.Board, v *KPI) ([]TargetMove, error) {
	all, err := kpi.Assignments(ctx, tx, g.ID, "")
	if err != nil {
		return nil, err
	}
	var moves []TargetMove
	for _, a := range all {
		if a.KPI != v.KPI.ID || v.Partner != nil && a.Partner != v.Partner.Organisation {
			continue
		}
		i := slices.IndexFunc(b.Partners, func(p kpi.PartnerRow) bool { return p.Organisation == a.Partner })
		if i < 0 {
			continue
		}
		who := TargetMove{Code: b.Partners[i].Code, Short: b.Partners[i].Short}
		for _, year := range g.Years() {
			moves = append(moves, who.of(a, year, b.AsOf)...)
		}
	}
	slices.SortStableFunc(moves, func(x, y TargetMove) int {
		return cmp.Or(-cmp.Compare(x.On, y.On), cmp.Compare(x.Short, y.Short), cmp.Compare(x.Year, y.Year))
	})
	return moves, nil
}

// of lists the moves of one promise in a year.
func (m TargetMove) of(a *kpi.Assignment, year period.Year, asOf period.Date) []TargetMove {
	var moves []TargetMove
	m.Year = year
	var last *big.Rat
	for _, t := range a.History(year) {
		if t.Amended() && t.SetOn <= asOf {
			m.Was, m.Is, m.On, m.Reason = last, t.Value, t.SetOn, t.Reason
			moves = append(moves, m)
		}
		last = t.Value
	}
	for _, w := range a.Waivers {
		if w.Year == year && w.Dated <= asOf {
			m.Was, m.Is, m.On, m.Reason = nil, nil, w.Dated, w.Words
			if t, due := a.TargetOn(year, w.Dated); due {
				m.Was = t.Value
			}
			moves = append(moves, m)
		}
	}
	return moves
}
