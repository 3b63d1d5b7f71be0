package settlement

import (
	"context"
	"database/sql"
	"math"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/signing"
	"errera.eu/errera/internal/text"
)

var loadSettled = db.SQL("settlement.settled.list",
	`select distinct s.year from settlement s where s.programme_id = $1 and s.agreement_id = $2
	   and s.state in ('communicated', 'objection', 'final') order by s.year`)

// Bounds reads what an amendment of an agreement cannot go beyond: the years that were settled, and of each other year the least ceiling,
// which is what approved claims make due, the pool that their half holds, and the advance that is still open or on its way.
// Source: domain section 4.8.
func Bounds(ctx context.Context, tx *db.Tx, g id.Programme, a agreement.Agreement) (agreement.Bounds, error) {
	b := agreement.Bounds{Least: map[period.Year]money.Amount{}, Capped: map[period.Year]bool{}}
	err := tx.Each(ctx, loadSettled, []any{g, a.ID}, func(r *sql.Rows) error {
		var y period.Year
		err := r.Scan(&y)
		b.Settled = append(b.Settled, y)
		return err
	})
	if err != nil {
		return b, err
	}
	for _, c := range a.Ceilings {
		p, err := funding.Load(ctx, tx, g, a.ID, c.Year)
		if err != nil {
			return b, err
		}
		bound, capped, err := boundOf(p)
		if err != nil {
			return b, err
		}
		b.Least[c.Year], b.Capped[c.Year] = max(0, bound-c.Carried), capped
	}
	return b, nil
}

// boundOf is the half of what was approved with the advance that is open or on its way, and whether the ceiling cut that half.
func boundOf(p funding.Position) (money.Amount, bool, error) {
	half, err := p.Half(p.Cost)
	if err != nil {
		return 0, false, err
	}
	whole, err := funding.Terms{Ceiling: math.MaxInt64, PerformanceBp: p.PerformanceBp}.Half(p.Cost)
	return half + p.Open + p.Advance - p.Executed, whole > p.Ceiling, err
}

// Amend puts a version that amends an agreement in force, on its effective date or later: period, objectives, KPIs, targets and ceilings
// then say what it says, and the books reserve the difference of each year's ceiling. Both sides accepted and signed it; what was approved,
// paid or settled since then still binds it. Conflict when it is too early, or when another version is in force than the one it changes.
func Amend(ctx context.Context, tx *db.Tx, by access.Actor, s *agreement.Setting, a id.Agreement, n int) error {
	g := s.Programme.ID
	was, err := agreement.Load(ctx, tx, access.All, g, a)
	if err != nil {
		return err
	}
	if err := by.May("agreement.amend", was.Subject()); err != nil {
		return err
	}
	v, err := agreement.LoadVersion(ctx, tx, g, a, n)
	if err != nil {
		return err
	}
	switch today := tx.Now.Date(); {
	case was.State != agreement.Signed && was.State != agreement.Active:
		return fault.Conflict("access.wrong_state", text.Args{"verb": access.VerbName("agreement.amend").Key(), "state": was.State.Key()})
	case v.State != agreement.Accepted:
		return fault.Conflict("agreement.amend_unaccepted", text.Args{"n": n})
	case v.Document.Amends != was.Version:
		return fault.Conflict("agreement.amends_other", text.Args{"n": was.Version})
	case v.Document.EffectiveOn > today:
		return fault.Conflict("agreement.effective_later", text.Args{"date": v.Document.EffectiveOn})
	}
	sheet, err := signing.At(ctx, tx, g, was, n)
	if err == nil && !sheet.Complete() {
		err = fault.Conflict("signing.amendment_unsigned", text.Args{"n": n})
	}
	if err != nil {
		return err
	}
	before, err := agreement.LoadVersion(ctx, tx, g, a, was.Version)
	if err != nil {
		return err
	}
	bounds, err := Bounds(ctx, tx, g, was)
	if err != nil {
		return err
	}
	if err := v.Document.CheckAmendment(&before.Document, bounds); err != nil {
		return err
	}
	if err := agreement.Apply(ctx, tx, s, a, v, tx.Now.Date()); err != nil {
		return err
	}
	changes := v.Document.CeilingChanges(&before.Document)
	if err := bookAmendment(ctx, tx, g, a, n, changes); err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: "agreement.amend", ObjectKind: "agreement", ObjectID: string(a),
		Before: map[string]any{"version": was.Version, "hash": before.Hash},
		After:  map[string]any{"version": n, "hash": v.Hash, "effective_on": v.Document.EffectiveOn, "ceilings": changes}})
}

// bookAmendment reserves what the ceilings of an amendment add, and returns what they take off, each against its year's envelope.
func bookAmendment(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, n int, changes []agreement.CeilingChange) error {
	for _, c := range changes {
		books, err := ledger.Balance(ctx, tx, g, ledger.Filter{Year: c.Year})
		if err != nil {
			return err
		}
		more := c.Is - c.Was
		if left := books[ledger.Envelope]; more > left {
			return fault.Invalid("ceiling."+c.Year.String(), "agreement.above_left", text.Args{"year": c.Year, "amount": c.Is, "left": c.Was + left})
		}
		_, err = ledger.Post(ctx, tx, ledger.Entry{Programme: g, Key: "amended:" + string(a) + ":" + strconv.Itoa(n) + ":" + c.Year.String(),
			Event: ledger.EventAmended, BookedOn: tx.Now.Date(), Agreement: a, Year: c.Year, SubjectKind: "agreement", SubjectID: string(a),
			Lines: ledger.Signed(more)})
		if err != nil {
			return err
		}
	}
	return nil
}
