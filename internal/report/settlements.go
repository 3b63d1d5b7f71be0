package report

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
)

// SettlementCell is where one agreement-year stands. Without a settlement in force State is "" and the amounts are nothing.
type SettlementCell struct {
	Year     period.Year
	State    settlement.State
	Version  int
	Ceiling  money.Amount
	Accepted money.Amount
	Final    money.Amount
	Balance  money.Amount // of a final settlement: less what was paid since
	Score    money.Bp
	Until    period.Date // of the objection term
}

// SettlementRow is a partner with its years.
type SettlementRow struct {
	Partner programme.Organisation
	Cells   []*SettlementCell // parallel to Settlements.Years; nil: the agreement has no ceiling for the year
}

// Settlements is the closing of every agreement-year within a scope.
type Settlements struct {
	Years []period.Year
	Rows  []SettlementRow
}

var listSettlements = db.SQL("report.settlement.matrix",
	`select a.organisation_id, c.year, c.amount + c.carried, coalesce(s.state, ''), coalesce(s.version, 0), coalesce(s.accepted, 0),
	   coalesce(s.final, 0),
	   cast(case when s.state = 'final' then s.final - coalesce((select sum(case when p.kind = 'repayment' then -p.amount else p.amount end)
	     from payment p where p.programme_id = s.programme_id and p.agreement_id = s.agreement_id and p.year = s.year
	       and p.state = 'executed'), 0) else coalesce(s.balance, 0) end as bigint), coalesce(s.score_bp, 0), coalesce(s.objection_until, '')
	 from agreement a
	 join agreement_ceiling c on c.programme_id = a.programme_id and c.agreement_id = a.id
	 left join settlement s on s.programme_id = c.programme_id and s.agreement_id = c.agreement_id and s.year = c.year
	   and s.state not in ('discarded', 'restated') and ($2 = '*' or s.communicated_on <> '')
	 where a.programme_id = $1 and ($2 = '*' or $2 like '%' || a.organisation_id || '%')
	   and a.state in ('signed', 'active', 'closed', 'terminated')
	 order by a.organisation_id, c.year`)

// LoadSettlements reads where every agreement-year of the scope stands, partners in the order of the calendar. A partner's scope knows of a
// settlement once it was communicated.
func LoadSettlements(ctx context.Context, tx *db.Tx, scope access.Scope, g programme.Programme) (*Settlements, error) {
	out := &Settlements{Years: g.Years()}
	cells := map[id.Organisation][]*SettlementCell{}
	err := tx.Each(ctx, listSettlements, []any{g.ID, scope}, func(r *sql.Rows) error {
		var who id.Organisation
		var c SettlementCell
		if err := r.Scan(&who, &c.Year, &c.Ceiling, &c.State, &c.Version, &c.Accepted, &c.Final, &c.Balance, &c.Score, &c.Until); err != nil {
			return err
		}
		if cells[who] == nil {
			cells[who] = make([]*SettlementCell, len(out.Years))
		}
		if i := int(c.Year - g.Starts.Year()); i >= 0 && i < len(out.Years) {
			cells[who][i] = &c
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	partners, err := programme.Partners(ctx, tx, g.ID)
	for _, o := range partners {
		if row := cells[o.ID]; row != nil {
			out.Rows = append(out.Rows, SettlementRow{o, row})
		}
	}
	return out, err
}

// Owed is what the agency owes and is owed over all settlements in force.
func (s *Settlements) Owed() (toPartners, toAgency money.Amount) {
	for _, r := range s.Rows {
		for _, c := range r.Cells {
			if c == nil || c.State == "" {
				continue
			}
			toPartners += max(c.Balance, 0)
			toAgency += max(-c.Balance, 0)
		}
	}
	return toPartners, toAgency
}

// Count is how many agreement-years are in a state; "" counts those of ended years that have no settlement.
func (s *Settlements) Count(state settlement.State, today period.Date) int {
	n := 0
	for _, r := range s.Rows {
		for _, c := range r.Cells {
			if c != nil && c.State == state && (state != "" || c.Year.Last() < today) {
				n++
			}
		}
	}
	return n
}

// Proof is what was checked of a settlement at the moment of reading.
type Proof struct {
	Adds     bool         // own part + contribution = accepted cost
	Books    money.Amount // sum of every posting of the agreement-year: 0 when they balance
	Open     int          // claims neither paid nor closed
	InFlight int
	Parked   int
	Paid     money.Amount // to the partner, until now
	Contains bool         // the books of a final year hold exactly the contribution of the settlement
}

// Holds tells whether nothing is wrong; open work is not wrong.
func (p Proof) Holds() bool { return p.Adds && p.Books == 0 && p.Contains }

// LoadProof checks a settlement against the books as they are now.
func LoadProof(ctx context.Context, tx *db.Tx, g id.Programme, s settlement.Settlement) (Proof, error) {
	r := s.Working.Reckoning
	p := Proof{Adds: r.Own+r.Final == r.Accepted}
	position, err := funding.Load(ctx, tx, g, s.Agreement, s.Year)
	if err != nil {
		return p, err
	}
	p.Paid = position.NetPaid()
	p.Open, p.InFlight, p.Parked = position.OpenClaims, position.InFlight, position.Parked
	books, err := ledger.Balance(ctx, tx, g, ledger.Filter{Agreement: s.Agreement, Year: s.Year})
	if err != nil {
		return p, err
	}
	for _, a := range books {
		p.Books += a
	}
	p.Contains = s.State != settlement.Final || books[ledger.Contribution] == r.Final
	return p, nil
}

// SettlementVersion is one version of an agreement-year's settlement.
type SettlementVersion struct {
	Version    int
	State      settlement.State
	ComputedOn period.Date
	Final      money.Amount
	Balance    money.Amount
}

var listVersions = db.SQL("report.settlement.versions",
	`select s.version, s.state, s.computed_on, s.final, s.balance from settlement s
	 where s.programme_id = $1 and s.agreement_id = $2 and s.year = $3 and ($4 = '*' or s.communicated_on <> '') order by s.version desc`)

// LoadVersions reads the versions of an agreement-year's settlement, newest first: all of them for the agency, for a partner those that were
// communicated. Whether the scope holds the agreement is for the caller to know.
func LoadVersions(ctx context.Context, tx *db.Tx, scope access.Scope, g id.Programme, a id.Agreement, year period.Year) ([]SettlementVersion, error) {
	var out []SettlementVersion
	err := tx.Each(ctx, listVersions, []any{g, a, year, scope}, func(r *sql.Rows) error {
		var v SettlementVersion
		err := r.Scan(&v.Version, &v.State, &v.ComputedOn, &v.Final, &v.Balance)
		out = append(out, v)
		return err
	})
	return out, err
}

// Change is one figure that a settlement froze and that reads otherwise now: of a KPI, or an amount of the reckoning.
type Change struct {
	Words    Saying
	Was, Is  money.Amount
	Old, New *ScoreRow // of a KPI; Old is nil where it did not count then
}

// Restatement lists what differs between a settlement and the facts of now: KPIs first, then amounts of the reckoning. What was paid
// after a settlement became final is its fulfilment, not a difference.
func Restatement(frozen, now Statement) []Change {
	var out []Change
	was := map[id.Assignment]*ScoreRow{}
	for i, r := range frozen.Scores {
		was[r.Assignment] = &frozen.Scores[i]
	}
	for i, r := range now.Scores {
		if old := was[r.Assignment]; old == nil || old.ScoreLine != r.ScoreLine {
			out = append(out, Change{Old: old, New: &now.Scores[i]})
		}
	}
	a, b := frozen.Working.Reckoning, now.Working.Reckoning
	const payments = 4 // place of what was paid; the balance follows
	for i, c := range []Change{
		{Words: phrase("statement.accepted", nil), Was: a.Accepted, Is: b.Accepted},
		{Words: phrase("statement.half_amount", nil), Was: a.Half, Is: b.Half},
		{Words: phrase("statement.performance_part", nil), Was: a.Earned, Is: b.Earned},
		{Words: phrase("statement.final", nil), Was: a.Final, Is: b.Final},
		{Words: phrase("statement.paid", nil), Was: a.Paid, Is: b.Paid},
		{Words: phrase("statement.balance", nil), Was: a.Balance, Is: b.Balance},
	} {
		fulfilled := frozen.State == settlement.Final && (i == payments || i == payments+1)
		if c.Was != c.Is && !fulfilled {
			out = append(out, c)
		}
	}
	return out
}
