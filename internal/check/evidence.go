package check

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/programme"
)

var (
	countFrozen = db.SQL("check.cells",
		`select c.settlement_id, c.assignment_id, c.evidence_hash, coalesce(x.evidence_id, '')
		 from cell c left join cell_evidence x on x.programme_id = c.programme_id and x.settlement_id = c.settlement_id
		   and x.assignment_id = c.assignment_id
		 where c.programme_id = $1
		 order by c.settlement_id, c.assignment_id, x.evidence_id`)
	countShares = db.SQL("check.shares",
		`select e.id, e.weights, cast(coalesce(sum(c.weight), 0) as bigint)
		 from evidence e left join evidence_credit c on c.programme_id = e.programme_id and c.evidence_id = e.id
		 where e.programme_id = $1 group by e.id, e.weights`)
	countStates = db.SQL("check.states",
		`select e.id, e.state, e.state_on, d.n, d.state, d.decided_on
		 from evidence e left join evidence_decision d on d.programme_id = e.programme_id and d.evidence_id = e.id
		 where e.programme_id = $1 order by e.id, d.n`)
	ownWork = db.SQL("check.own_work",
		`select 'claim', c.id from claim c where c.programme_id = $1
		   and (c.approved_by = c.entered_by or c.approved_by = c.verified_by or c.verified_by = c.entered_by)
		 union all
		 select 'payment', p.id from payment p where p.programme_id = $1 and p.approved_by = p.ordered_by
		 union all
		 select 'settlement', s.id from settlement s where s.programme_id = $1 and s.final_by = s.computed_by
		 union all
		 select 'cost item', i.id from cost_item i join claim c on c.programme_id = i.programme_id and c.id = i.claim_id
		 where i.programme_id = $1 and i.decided_by = c.entered_by
		 union all
		 select 'evidence', e.id from evidence e
		   join evidence_decision d on d.programme_id = e.programme_id and d.evidence_id = e.id and d.state = 'verified'
		 where e.programme_id = $1 and d.decided_by = e.reported_by`)
)

// holdFrozen: a frozen cell still names exactly the evidence that it was hashed over.
func holdFrozen(ctx context.Context, tx *db.Tx, g programme.Programme, l *Law) error {
	var at, want string
	var ids []id.Evidence
	closeCell := func() {
		if at != "" && kpi.HashEvidence(ids) != want {
			l.broken("cell %s: its evidence is not what was frozen", at)
		}
	}
	err := tx.Each(ctx, countFrozen, []any{g.ID}, func(r *sql.Rows) error {
		var s, a, hash string
		var e id.Evidence
		if err := r.Scan(&s, &a, &hash, &e); err != nil {
			return err
		}
		if cell := s + "/" + a; cell != at {
			closeCell()
			at, want, ids = cell, hash, ids[:0]
			l.Held++
		}
		if e != "" {
			ids = append(ids, e)
		}
		return nil
	})
	closeCell()
	return err
}

// holdShares: the credit shares of a piece of evidence add up to the whole.
func holdShares(ctx context.Context, tx *db.Tx, g programme.Programme, l *Law) error {
	return tx.Each(ctx, countShares, []any{g.ID}, func(r *sql.Rows) error {
		var e string
		var whole, parts int64
		if err := r.Scan(&e, &whole, &parts); err != nil {
			return err
		}
		l.Held++
		if whole != parts {
			l.broken("evidence %s: shares %d of %d", e, parts, whole)
		}
		return nil
	})
}

// holdEvidence: the state of evidence is its last decision, and every step on the way is one that domain section 3 knows.
func holdEvidence(ctx context.Context, tx *db.Tx, g programme.Programme, l *Law) error {
	type seen struct{ state, on, last, lastOn string }
	var at string
	var now seen
	closeRow := func() {
		if at != "" && now.last != "" && (now.state != now.last || now.on != now.lastOn) {
			l.broken("evidence %s: %s, its last decision says %s", at, now.state, now.last)
		}
	}
	err := tx.Each(ctx, countStates, []any{g.ID}, func(r *sql.Rows) error {
		var e, state, on string
		var n sql.NullInt64
		var step, stepOn sql.NullString
		if err := r.Scan(&e, &state, &on, &n, &step, &stepOn); err != nil {
			return err
		}
		if e != at {
			closeRow()
			at, now = e, seen{state: state, on: on}
			l.Held++
		}
		if step.Valid {
			if now.last != "" && !evidence.State(step.String).Follows(evidence.State(now.last)) {
				l.broken("evidence %s: %s after %s", e, step.String, now.last)
			}
			now.last, now.lastOn = step.String, stepOn.String
		}
		return nil
	})
	closeRow()
	return err
}

// holdReach: distinct(union) <= sum(distinct), for every KPI that counts companies and every year.
func holdReach(ctx context.Context, tx *db.Tx, g programme.Programme, l *Law) error {
	definitions, err := kpi.Definitions(ctx, tx, g.ID)
	if err != nil {
		return err
	}
	for _, d := range definitions {
		if d.Aggregate != "distinct" {
			continue
		}
		for _, year := range g.Years() {
			r, err := kpi.LoadReach(ctx, tx, nil, g.ID, d, year, "", kpi.Live)
			if err != nil {
				return err
			}
			l.Held++
			if r.Unique > r.SumOfUnique || r.Unique > r.Contacts {
				l.broken("%s %d: union %d, sum of unique %d, contacts %d", d.Code, year, r.Unique, r.SumOfUnique, r.Contacts)
			}
		}
	}
	return nil
}

// holdFourEyes: nobody approved, verified or paid what they entered or prepared.
func holdFourEyes(ctx context.Context, tx *db.Tx, g programme.Programme, l *Law) error {
	l.Held++
	return tx.Each(ctx, ownWork, []any{g.ID}, func(r *sql.Rows) error {
		var kind, who string
		if err := r.Scan(&kind, &who); err != nil {
			return err
		}
		l.broken("%s %s", kind, who)
		return nil
	})
}

// holdWhole: no import was left half-way.
func holdWhole(ctx context.Context, tx *db.Tx) (Law, error) {
	l := Law{Name: "whole", Held: 1}
	left, err := programme.Unfinished(ctx, tx)
	for _, g := range left {
		l.broken("programme %s: an import did not finish; import it again", g.Code)
	}
	return l, err
}
