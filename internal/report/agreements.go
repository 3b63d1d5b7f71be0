package report

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/takeover"
)

// Position is the money of an agreement-year as it stood at the end of a day. Committed and paid come from the books, as on the cockpit.
type Position struct {
	Year         period.Year
	Ceiling      money.Amount // with what was carried in
	Carried      money.Amount
	Committed    money.Amount // reserved, used or not
	Cost         money.Amount // accepted cost, less corrections
	Contribution money.Amount // the even half of it, up to the ceiling (domain section 4.3)
	Paid         money.Amount // left the bank, less what came back
	Settlement   *settlement.Settlement
}

// AgreementRow is one agreement in the list.
type AgreementRow struct {
	agreement.Agreement
	Position Position // of the year of the list
	Money    bool     // the reader may see it
	Settled  bool     // the reader may see settlements
	Promise  *kpi.PartnerRow
}

// AgreementList is the agreements of a programme within a reader's reach, with their sums.
type AgreementList struct {
	Rows  []AgreementRow
	Sum   Position // of the rows whose money is shown
	Money bool
}

var (
	positionCost = db.SQL("report.position.cost",
		`select i.agreement_id, i.year, i.rate_bp, cast(sum(i.accepted) as bigint)
		 from cost_item i join claim c on c.programme_id = i.programme_id and c.id = i.claim_id
		 where i.programme_id = $1 and ($2 = '' or i.agreement_id = $2) and c.approved_on <> '' and c.approved_on <= $3
		 group by i.agreement_id, i.year, i.rate_bp`)
	positionStruck = db.SQL("report.position.struck",
		`select x.agreement_id, x.year, i.rate_bp, cast(sum(-x.cost) as bigint)
		 from correction x join cost_item i on i.programme_id = x.programme_id and i.id = x.item_id
		 where x.programme_id = $1 and ($2 = '' or x.agreement_id = $2) and x.dated <= $3
		 group by x.agreement_id, x.year, i.rate_bp`)
)

// positions reads the money of one agreement, or of all (""), as it stood on a day.
func positions(ctx context.Context, tx *db.Tx, g id.Programme, all []agreement.Agreement, only id.Agreement, asOf period.Date) (
	map[ledger.AgreementYear]*Position, error) {
	cost, err := takeover.Costs(ctx, tx, g, asOf)
	if err != nil {
		return nil, err
	}
	if cost == nil {
		cost = map[ledger.AgreementYear]funding.RatedCost{}
	}
	for _, q := range []db.Query{positionCost, positionStruck} {
		err := tx.Each(ctx, q, []any{g, only, asOf}, func(r *sql.Rows) error {
			var at ledger.AgreementYear
			var rate money.Bp
			var sum money.Amount
			err := r.Scan(&at.Agreement, &at.Year, &rate, &sum)
			cost[at] = cost[at].Plus(rate, sum)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	booked, err := ledger.ByYear(ctx, tx, g, asOf)
	if err != nil {
		return nil, err
	}
	out := map[ledger.AgreementYear]*Position{}
	for _, a := range all {
		for _, c := range a.Ceilings {
			at := ledger.AgreementYear{Agreement: a.ID, Year: c.Year}
			p := &Position{Year: c.Year, Ceiling: c.Total(), Carried: c.Carried, Cost: cost[at].Sum()}
			if p.Contribution, err = (funding.Terms{Ceiling: p.Ceiling}).Half(cost[at]); err != nil {
				return nil, err
			}
			p.Committed = booked[at][ledger.Committed] + booked[at][ledger.Consumed]
			p.Paid = -booked[at][ledger.Bank]
			out[at] = p
		}
	}
	return out, nil
}

// LoadAgreements lists the agreements that the actor may read, in the order of the calendar, with a year's money where its roles let it see
// money. The board is that of everybody.
func LoadAgreements(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, b *kpi.Board) (*AgreementList, error) {
	all, err := agreement.List(ctx, tx, by.ScopeFor("agreement.read"), g.ID)
	if err != nil {
		return nil, err
	}
	purse, settled := by.ScopeFor("claim.read"), by.ScopeFor("settlement.read")
	var at map[ledger.AgreementYear]*Position
	if purse != "" {
		if at, err = positions(ctx, tx, g.ID, all, "", b.AsOf); err != nil {
			return nil, err
		}
	}
	closed := map[id.Agreement]*settlement.Settlement{}
	if settled != "" {
		ss, err := settlement.OfYear(ctx, tx, by, g.ID, b.Year)
		if err != nil {
			return nil, err
		}
		for i := range ss {
			closed[ss[i].Agreement] = &ss[i]
		}
	}
	l := &AgreementList{Money: purse != ""}
	for _, a := range all {
		row := AgreementRow{Agreement: a, Money: purse.Holds(a.Partner.ID), Settled: settled.Holds(a.Partner.ID)}
		if p := at[ledger.AgreementYear{Agreement: a.ID, Year: b.Year}]; p != nil && row.Money {
			row.Position = *p
			l.Sum.add(p)
		}
		if row.Settled {
			row.Position.Settlement = closed[a.ID]
		}
		row.Promise, _ = b.Partner(a.Partner.ID)
		l.Rows = append(l.Rows, row)
	}
	return l, nil
}

func (p *Position) add(o *Position) {
	p.Ceiling += o.Ceiling
	p.Carried += o.Carried
	p.Committed += o.Committed
	p.Cost += o.Cost
	p.Contribution += o.Contribution
	p.Paid += o.Paid
}
