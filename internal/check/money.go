package check

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"slices"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
)

// yearMoney is one agreement-year with where its money stands and what the books say of it.
type yearMoney struct {
	settlement.AgreementYear
	funding.Position
	books map[ledger.Account]money.Amount
}

func eachYear(ctx context.Context, tx *db.Tx, g programme.Programme, hold func(yearMoney) error) error {
	years, err := settlement.AgreementYears(ctx, tx, g.ID, "", 0)
	if err != nil && !fault.Is(err, fault.KindMissing) { // a round under negotiation has no agreement yet
		return err
	}
	books, err := ledger.ByYear(ctx, tx, g.ID, "")
	if err != nil {
		return err
	}
	for _, y := range years {
		p, err := funding.Load(ctx, tx, g.ID, y.Agreement, y.Year)
		if err != nil {
			return err
		}
		if err := hold(yearMoney{y, p, books[ledger.AgreementYear{Agreement: y.Agreement, Year: y.Year}]}); err != nil {
			return err
		}
	}
	return nil
}

// holdHalf: 0 <= E - 2H <= 1 cent where the rate is one half and no ceiling binds; H never passes the ceiling.
func holdHalf(ctx context.Context, tx *db.Tx, g programme.Programme, l *Law) error {
	return eachYear(ctx, tx, g, func(y yearMoney) error {
		l.Held++
		half, err := y.Half(y.Cost)
		if err != nil {
			return err
		}
		cost := y.Cost.Sum()
		if half < 0 || half > y.Ceiling {
			l.broken("%s %d: half %s outside 0..%s", y.Code, y.AgreementYear.Year, half, y.Ceiling)
		}
		even := len(y.Cost) == 1 && y.Cost[5000] == cost
		if rest := cost - 2*half; even && cost >= 0 && half < y.Ceiling && (rest < 0 || rest > 1) {
			l.broken("%s %d: accepted %s, half %s", y.Code, y.AgreementYear.Year, cost, half)
		}
		return nil
	})
}

// holdDue: what claims, corrections and ceilings made due is the cost part of what was accepted, whatever their order; once a year is final,
// it is what that cost comes to with the frozen score.
func holdDue(ctx context.Context, tx *db.Tx, g programme.Programme, l *Law) error {
	return eachYear(ctx, tx, g, func(y yearMoney) error {
		l.Held++
		due, err := y.Terms.Due(y.Cost)
		if err != nil {
			return err
		}
		var performance money.Amount
		var score money.Bp
		switch err := tx.Row(ctx, selectScore, g.ID, y.Agreement, y.AgreementYear.Year).Scan(&performance, &score); err {
		case nil:
			if due, err = y.Terms.Final(y.Cost, score); err != nil {
				return err
			}
		case db.ErrNone:
		default:
			return err
		}
		if due != y.Due+performance {
			l.broken("%s %d: due %s, booked %s", y.Code, y.AgreementYear.Year, due, y.Due+performance)
		}
		return nil
	})
}

var selectScore = db.SQL("check.score",
	`select s.performance, s.score_bp from settlement s where s.programme_id = $1 and s.agreement_id = $2 and s.year = $3 and s.state = 'final'`)

// holdContribution: contribution + own part = accepted cost; 0 <= contribution <= H. What a settlement that is not final expects is left
// out: it was reckoned on the facts of its day, and cost that is struck since shows once it is reckoned again.
func holdContribution(ctx context.Context, tx *db.Tx, g programme.Programme, l *Law) error {
	expected, err := earned(ctx, tx, g.ID, "computed", "communicated", "objection")
	if err != nil {
		return err
	}
	return eachYear(ctx, tx, g, func(y yearMoney) error {
		l.Held++
		contribution, own, cost := -y.books[ledger.MemoContribution], -y.books[ledger.MemoOwn], y.books[ledger.MemoCost]
		if contribution+own != cost || cost != y.Cost.Sum() {
			l.broken("%s %d: contribution %s + own %s, cost %s, accepted %s", y.Code, y.AgreementYear.Year, contribution, own, cost, y.Cost.Sum())
		}
		half, err := y.Half(y.Cost)
		paid := y.books[ledger.Contribution] - expected[y.Agreement][int(y.AgreementYear.Year)]
		if err == nil && (paid < 0 || paid > half) {
			l.broken("%s %d: contribution %s outside 0..%s", y.Code, y.AgreementYear.Year, paid, half)
		}
		return err
	})
}

// holdReplay: the ledger gives every stored total again.
func holdReplay(ctx context.Context, tx *db.Tx, g programme.Programme, l *Law) error {
	accrued, err := earned(ctx, tx, g.ID, "computed", "communicated", "objection", "final")
	if err != nil {
		return err
	}
	return eachYear(ctx, tx, g, func(y yearMoney) error {
		l.Held++
		if want := y.Due + accrued[y.Agreement][int(y.AgreementYear.Year)]; y.books[ledger.Contribution] != want {
			l.broken("%s %d: Expenses:Contribution %s, due and performance %s", y.Code, y.AgreementYear.Year, y.books[ledger.Contribution], want)
		}
		if bank := -y.books[ledger.Bank]; bank != y.NetPaid() {
			l.broken("%s %d: Assets:Bank %s, payments %s", y.Code, y.AgreementYear.Year, bank, y.NetPaid())
		}
		return nil
	})
}

var (
	listEarned = db.SQL("check.earned",
		`select s.agreement_id, s.year, s.state, s.performance from settlement s
		 where s.programme_id = $1 and s.state not in ('discarded', 'restated')`)
	listReckonings = db.SQL("check.settlements",
		`select s.id, s.state, s.facts_hash, s.reckoning, s.accepted, s.half, s.cost_part, s.pool, s.score_bp, s.performance, s.final, s.own
		 from settlement s where s.programme_id = $1`)
)

// earned is the performance part that settlements of some states booked, by agreement and year.
func earned(ctx context.Context, tx *db.Tx, g id.Programme, states ...string) (map[id.Agreement]map[int]money.Amount, error) {
	out := map[id.Agreement]map[int]money.Amount{}
	err := tx.Each(ctx, listEarned, []any{g}, func(r *sql.Rows) error {
		var a id.Agreement
		var year int
		var state string
		var amount money.Amount
		if err := r.Scan(&a, &year, &state, &amount); err != nil || !slices.Contains(states, state) {
			return err
		}
		if out[a] == nil {
			out[a] = map[int]money.Amount{}
		}
		out[a][year] += amount
		return nil
	})
	return out, err
}

// holdSettlement: a settlement's amounts follow from each other, and its working is the one that was hashed.
func holdSettlement(ctx context.Context, tx *db.Tx, g programme.Programme, l *Law) error {
	return tx.Each(ctx, listReckonings, []any{g.ID}, func(r *sql.Rows) error {
		var who, state, facts, working string
		var accepted, half, part, pool, performance, final, own money.Amount
		var score money.Bp
		if err := r.Scan(&who, &state, &facts, &working, &accepted, &half, &part, &pool, &score, &performance, &final, &own); err != nil {
			return err
		}
		l.Held++
		sum := sha256.Sum256([]byte(working))
		switch {
		case hex.EncodeToString(sum[:]) != facts:
			l.broken("settlement %s: its working was changed", who)
		case part+pool != half, pool.Share(score) != performance, part+performance != final, final+own != accepted, final < 0, final > half:
			l.broken("settlement %s: its amounts do not follow from each other", who)
		}
		return nil
	})
}
