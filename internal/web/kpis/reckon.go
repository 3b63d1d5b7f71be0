package kpis

import (
	"context"
	"math/big"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/report"
)

// forecast fills in where the year is expected to end and what that is worth.
func forecast(ctx context.Context, tx *db.Tx, m *evidence.Mirror, v *report.KPI, g programme.Programme, b *kpi.Board, by access.Actor) (err error) {
	of := id.Organisation("")
	if v.Partner != nil {
		of = v.Partner.Organisation
	}
	v.Forecast, err = kpi.LoadForecast(ctx, tx, m, g.ID, v.KPI, of, b.Year, b.AsOf, kpi.Live)
	if err != nil {
		return err
	}
	if v.Forecast != nil && v.Cell != nil && v.Cell.Target != nil {
		target, _ := v.Cell.Target.Float64()
		v.ChanceBp, v.ChanceTold = v.Forecast.ChanceBp(v.KPI.Direction, target)
	}
	scope := by.ScopeFor("settlement.read")
	if scope == "" || b.AsOf > b.Year.Last() {
		return nil
	}
	rule, err := programme.RuleOn(ctx, tx, g.ID, b.Year.Last())
	if err != nil {
		return err
	}
	agreements, err := agreement.List(ctx, tx, access.All, g.ID)
	if err != nil {
		return err
	}
	v.StakeShown = true
	for i := range b.Partners {
		p := &b.Partners[i]
		if scope.Holds(p.Organisation) && (v.Partner == nil || v.Partner.Organisation == p.Organisation) {
			v.Stake += kpi.StakeOf(p, v.KPI, ceilingOf(agreements, p.Agreement, b.Year), rule.PerformanceBp)
		}
	}
	return nil
}

// supposed is what a partner's year would be paid if some figures were others, beside what it would be paid as they stand.
type supposed struct {
	Partner        *kpi.PartnerRow
	Now, If        []kpi.Cell
	NowBp, IfBp    int64        // scores
	Half           money.Amount // H of domain section 4.3
	Cost, Pool     money.Amount // its cost part, and what hangs on the score
	NowPaid, Final money.Amount // the contribution, with the score as it stands and as supposed
	Ceiling        money.Amount
}

// reckon reckons a settlement of a partner's year without writing anything. Half is the even half of the cost that one supposes, nil for that
// of the whole ceiling; it is never above it. Missing when the partner is not within reach.
func reckon(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, b *kpi.Board, partner string, values map[string]*big.Rat,
	half *money.Amount) (*supposed, error) {
	scope := by.ScopeFor("settlement.read")
	i := slices.IndexFunc(b.Partners, func(p kpi.PartnerRow) bool { return p.Code == partner && scope.Holds(p.Organisation) })
	if i < 0 {
		return nil, fault.Missing("kpi.agreement_missing", nil)
	}
	rule, err := programme.RuleOn(ctx, tx, g.ID, b.Year.Last())
	if err != nil {
		return nil, err
	}
	agreements, err := agreement.List(ctx, tx, scope, g.ID)
	if err != nil {
		return nil, err
	}
	s := &supposed{Partner: &b.Partners[i], Now: b.Partners[i].Agreed()}
	s.Ceiling = ceilingOf(agreements, s.Partner.Agreement, b.Year)
	s.If = kpi.Suppose(s.Now, values)
	s.NowBp, s.IfBp = kpi.Score(s.Now), kpi.Score(s.If)
	s.Half = s.Ceiling
	if half != nil {
		s.Half = min(max(*half, 0), s.Ceiling)
	}
	s.Cost = funding.Terms{Ceiling: s.Ceiling, PerformanceBp: rule.PerformanceBp}.CostPart(s.Half)
	s.Pool = s.Half - s.Cost
	s.NowPaid, s.Final = s.Cost+s.Pool.Share(money.Bp(s.NowBp)), s.Cost+s.Pool.Share(money.Bp(s.IfBp))
	return s, nil
}

func ceilingOf(all []agreement.Agreement, a id.Agreement, year period.Year) money.Amount {
	i := slices.IndexFunc(all, func(x agreement.Agreement) bool { return x.ID == a })
	if i < 0 {
		return 0
	}
	c, _ := all[i].Ceiling(year)
	return c.Total()
}
