package report

import (
	"context"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/kpi/measure"
	"errera.eu/errera/internal/programme"
)

// KPI is one indicator in a year, of the programme or of one partner, as a reader may see it.
type KPI struct {
	KPI     *kpi.Definition
	Partner *kpi.PartnerRow // nil: the programme
	Cell    *kpi.Cell       // nil: the partner did not promise it
	Trend   []kpi.TrendYear
	Reach   *kpi.Reach  // for who reads all; nil when no row names a company
	Of      int         // the place in Reach of the partner shown, -1 for the programme
	Own     *kpi.Member // a partner's own reach, for who does not read all
	Parts   map[kpi.Axis][]kpi.Part
	Rows    []evidence.Bundle
	Count   int // rows behind the figure
	KPIForecast
	Versions []kpi.Version // of the definition sheet, in order
	Trace    kpi.Trace
	Stated   []Stated // by partners, in numbers
	Moves    []TargetMove
}

// Stated is what a partner states of the KPI, with whose it is.
type Stated struct {
	measure.Statement
	Code, Short string
}

// LoadKPI composes the page of a KPI from the board of everybody. Who does not read all sees the figure of a partner of its own, and of the others
// nothing here: what may be told of them stands on the page of reach (domain section 2).
func LoadKPI(ctx context.Context, tx *db.Tx, m *evidence.Mirror, by access.Actor, g programme.Programme, b *kpi.Board, code, partner string) (*KPI, error) {
	k := slices.IndexFunc(b.KPIs, func(d *kpi.Definition) bool { return d.Code == code })
	if k < 0 {
		return nil, fault.Missing("kpi.missing", nil)
	}
	v := &KPI{KPI: b.KPIs[k], Cell: &b.Totals[k], Of: -1}
	scope := by.ScopeFor("kpi.read")
	if partner != "" || scope != access.All {
		i := slices.IndexFunc(b.Partners, func(p kpi.PartnerRow) bool {
			return (p.Code == partner || partner == "") && scope.Holds(p.Organisation)
		})
		if i < 0 {
			return nil, fault.Missing("kpi.agreement_missing", nil)
		}
		v.Partner = &b.Partners[i]
		v.Cell = v.Partner.Cells[k]
	}
	var err error
	if v.Trend, err = kpi.LoadTrend(ctx, tx, m, g.ID, v.KPI, v.organisation(), b.AsOf, kpi.Live); err != nil {
		return nil, err
	}
	if err := v.reach(ctx, tx, m, g, b, scope); err != nil {
		return nil, err
	}
	f := v.KPI.Filter(b.Year, v.organisation())
	f.Scope, f.AsOf, f.State, f.Limit = by.ScopeFor("evidence.read"), b.AsOf, evidence.Counting, 8
	if v.Rows, err = m.Bundles(ctx, tx, g.ID, f); err != nil {
		return nil, err
	}
	if v.Count, err = m.Count(ctx, tx, g.ID, f); err != nil {
		return nil, err
	}
	if v.Versions, err = kpi.Versions(ctx, tx, g.ID, v.KPI); err != nil {
		return nil, err
	}
	if v.Stated, err = stated(ctx, tx, scope, g, b, v); err != nil {
		return nil, err
	}
	if v.Moves, err = targetMoves(ctx, tx, g, b, v); err != nil {
		return nil, err
	}
	if v.Trace, err = kpi.LoadTrace(ctx, tx, m, g.ID, v.KPI, v.organisation(), b.Year, b.AsOf, kpi.Live); err != nil {
		return nil, err
	}
	return v, nil
}

// stated reads what was stated of the year by the day of the board, in the order of the partners.
func stated(ctx context.Context, tx *db.Tx, scope access.Scope, g programme.Programme, b *kpi.Board, v *KPI) ([]Stated, error) {
	all, err := measure.Statements(ctx, tx, scope, g.ID, b.Year)
	if err != nil {
		return nil, err
	}
	var out []Stated
	for i := range b.Partners {
		p := &b.Partners[i]
		for _, s := range all {
			if s.KPI == v.KPI.ID && s.Partner == p.Organisation && s.On <= b.AsOf && (v.Partner == nil || v.Partner == p) {
				out = append(out, Stated{s, p.Code, p.Short})
			}
		}
	}
	return out, nil
}

func (v *KPI) organisation() id.Organisation {
	if v.Partner == nil {
		return ""
	}
	return v.Partner.Organisation
}

// reach reads whom the KPI's rows reached, of a partner for who does not read all, and the parts of the figure.
func (v *KPI) reach(ctx context.Context, tx *db.Tx, m *evidence.Mirror, g programme.Programme, b *kpi.Board, scope access.Scope) error {
	rows, err := m.Of(ctx, tx, g.ID, evidence.Query{From: v.KPI.From(b.Year), To: b.Year, AsOf: b.AsOf, Kinds: v.KPI.Kinds})
	if err != nil {
		return err
	}
	v.Parts = map[kpi.Axis][]kpi.Part{}
	for _, a := range kpi.Axes() {
		v.Parts[a] = v.KPI.Split(rows, v.organisation(), b.Year, kpi.Live, a)
	}
	if scope != access.All {
		r := kpi.ReachOf(v.KPI, rows, b.Year, []kpi.Member{{Organisation: v.organisation(), Code: v.Partner.Code, Short: v.Partner.Short}}, kpi.Live)
		if r.Members[0].Unique > 0 {
			v.Own = &r.Members[0]
		}
		return nil
	}
	members, err := kpi.Members(ctx, tx, g.ID, b.Year)
	if err != nil {
		return err
	}
	if v.Reach = kpi.ReachOf(v.KPI, rows, b.Year, members, kpi.Live); v.Reach.Unique == 0 {
		v.Reach = nil
		return nil
	}
	v.Of = slices.IndexFunc(members, func(x kpi.Member) bool { return x.Organisation == v.organisation() })
	return nil
}
