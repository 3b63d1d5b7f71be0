package alert

import (
	"math/big"
	"slices"

	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// What the rules keep for themselves; the other limits are the programme's. A chance is hopeless at two fifths of its limit, a loss is grave at two
// and a half times its limit, a report is long overdue after its term of grace twice over.
const (
	manyFindings = 3
	answerDays   = 30 // to answer what was found
)

// Facts is what the rules look at, of one year on a day.
type Facts struct {
	Board     *kpi.Board                        // of everybody, live
	Forecasts map[id.Organisation]Forecasts     // none where nothing could be told
	Reported  map[id.Organisation][]period.Date // days of the year's evidence, rejected rows left out
	Starts    map[id.Organisation]period.Date   // of the agreement
	Findings  map[id.Organisation]int           // open ones in the evidence
	Ceilings  map[id.Organisation]money.Amount  // of the year
	PoolBp    money.Bp                          // that hangs on the score
	Limits    programme.Limits                  // of the programme
}

// Forecasts are where a partner's KPIs are expected to end, by the code of the KPI.
type Forecasts map[string]*kpi.Forecast

// Find applies every rule. It finds nothing in a year that is over or has not begun: its course is history, or unknown.
func Find(f *Facts) []Matter {
	b := f.Board
	if b.AsOf < b.Year.First() || b.AsOf > b.Year.Last() {
		return nil
	}
	var all []Matter
	for i := range b.Partners {
		p := &b.Partners[i]
		m := Matter{Year: b.Year, Partner: p.Organisation, Due: b.Year.Quarter(b.AsOf.Quarter()).To}
		all = append(all, f.late(p, m)...)
		for _, c := range p.Cells {
			if c != nil {
				m.KPI = c.KPI.ID
				if late := f.behind(c, m); late != nil {
					all = append(all, late...)
				} else {
					all = append(all, f.chance(p, c, m)...)
				}
			}
		}
		m.KPI = ""
		all = append(all, f.stake(p, m)...)
		if n := f.Findings[p.Organisation]; n > 0 {
			m.Rule, m.Grade, m.N, m.Due = Quality, grade(n >= manyFindings), int64(n), b.AsOf.AddDays(answerDays)
			all = append(all, m)
		}
	}
	return all
}

func grade(grave bool) int {
	if grave {
		return Grave
	}
	return Moderate
}

func (f *Facts) behind(c *kpi.Cell, m Matter) []Matter {
	if c.Course != kpi.Behind && c.Course != kpi.AtRisk {
		return nil
	}
	m.Rule, m.Grade, m.N, m.Against = Behind, grade(c.Course == kpi.AtRisk), c.AttainmentBp, f.Board.ElapsedBp
	return []Matter{m}
}

// chance warns before a KPI is behind. It needs a past to tell one; a target that was reached is none of its matter.
func (f *Facts) chance(p *kpi.PartnerRow, c *kpi.Cell, m Matter) []Matter {
	o := f.Forecasts[p.Organisation][c.KPI.Code]
	if o == nil || c.Target == nil || c.Status != kpi.Valued || c.AttainmentBp >= kpi.Whole {
		return nil
	}
	target, _ := c.Target.Float64()
	n, told := o.ChanceBp(c.KPI.Direction, target)
	unlikely := int64(f.Limits.ChanceBp)
	if !told || n >= unlikely {
		return nil
	}
	m.Rule, m.Grade, m.N, m.Against = Chance, grade(n < unlikely*2/5), n, unlikely
	return []Matter{m}
}

// late looks at the last quarter that is over for longer than its grace, in which the agreement ran.
func (f *Facts) late(p *kpi.PartnerRow, m Matter) []Matter {
	b := f.Board
	if !slices.ContainsFunc(p.Cells, func(c *kpi.Cell) bool { return c != nil && c.Status.Weighs() }) {
		return nil
	}
	grace := f.Limits.GraceDays
	for n := 4; n >= 1; n-- {
		q := b.Year.Quarter(n)
		due := q.To.AddDays(grace)
		if due >= b.AsOf || f.Starts[p.Organisation] > q.From {
			continue
		}
		if slices.ContainsFunc(f.Reported[p.Organisation], q.Contains) {
			return nil
		}
		days := due.DaysTo(b.AsOf)
		m.Rule, m.Grade, m.N, m.Against, m.Due = Late, grade(days > 2*grace || len(f.Reported[p.Organisation]) == 0), int64(days), int64(n), due.AddDays(grace)
		return []Matter{m}
	}
	return nil
}

// stake supposes that every KPI ends where it is expected to.
func (f *Facts) stake(p *kpi.PartnerRow, m Matter) []Matter {
	values := map[string]*big.Rat{}
	for code, o := range f.Forecasts[p.Organisation] {
		values[code] = kpi.AsValue(o.Expected)
	}
	ceiling := f.Ceilings[p.Organisation]
	pool := kpi.Pool(ceiling, f.PoolBp)
	if pool <= 0 || len(values) == 0 {
		return nil
	}
	lost := kpi.Unearned(p, values, ceiling, f.PoolBp)
	if lost < pool.Share(f.Limits.StakeBp) || lost == 0 {
		return nil
	}
	m.Rule, m.Grade, m.N, m.Against = Stake, grade(lost >= pool.Share(f.Limits.StakeBp*5/2)), int64(lost), int64(pool)
	return []Matter{m}
}
