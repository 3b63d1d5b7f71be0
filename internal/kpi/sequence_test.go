package kpi

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/company"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// life is a world to which things happen one after another, one a day.
type life struct {
	*world
	t           *testing.T
	r           *rand.Rand
	day         period.Date
	officer     access.Actor
	assignments [][]id.Assignment
	rows        []id.Evidence
	merges      []id.Merge
	kept        *evidence.Mirror
	frozen      map[period.Date]string // what a freeze of that day held
}

func (l *life) act(fn func(ctx context.Context, tx *db.Tx) error) {
	_ = l.on(l.day).Write(l.t.Context(), l.programme, func(tx *db.Tx) error { return fn(l.t.Context(), tx) }) // what the state forbids changes nothing
}

func (l *life) any() id.Evidence { return l.rows[l.r.IntN(len(l.rows))] }

func (l *life) credits() []evidence.Credit {
	p := l.r.IntN(len(l.partners))
	all := []evidence.Credit{{Organisation: l.partners[p], Weight: 1 + int64(l.r.IntN(3))}}
	if l.r.IntN(2) == 0 {
		all = append(all, l.of((p+1)%len(l.partners)), evidence.Credit{Organisation: l.agency, Weight: 2})
	}
	return all
}

// step records, verifies, rejects, reopens, reshares, merges, unmerges, amends a target or freezes.
func (l *life) step() {
	l.day = l.day.AddDays(1)
	switch n := l.r.IntN(14); {
	case n < 4 || len(l.rows) == 0:
		kind := []evidence.Kind{evidence.Participation, evidence.Held, evidence.Evaluation}[l.r.IntN(3)]
		e := l.happened(kind, period.Of(2018, 1, 1).AddDays(l.r.IntN(364)), l.r.IntN(len(l.companies)), l.credits()...)
		e.ReportedOn, e.Decisions = l.day, nil
		if kind == evidence.Evaluation {
			e.Quantity = fmt.Sprint(l.r.IntN(11))
		}
		l.rows = append(l.rows, e.ID)
		l.act(func(ctx context.Context, tx *db.Tx) error {
			return evidence.Record(ctx, tx, l.programme, []evidence.New{e})
		})
	case n < 8:
		e, verb := l.any(), []func(context.Context, *db.Tx, access.Actor, id.Programme, id.Evidence, string) error{evidence.Verify, evidence.Reject, evidence.Reopen}[l.r.IntN(3)]
		l.act(func(ctx context.Context, tx *db.Tx) error { return verb(ctx, tx, l.officer, l.programme, e, "why") })
	case n < 9:
		e, credits := l.any(), l.credits()
		l.act(func(ctx context.Context, tx *db.Tx) error {
			return evidence.Reshare(ctx, tx, l.officer, l.programme, e, credits, "agreed")
		})
	case n < 11:
		l.merge()
	case n < 12:
		p := l.r.IntN(len(l.partners))
		target := fmt.Sprint(1 + l.r.IntN(9))
		l.act(func(ctx context.Context, tx *db.Tx) error {
			return tx.Insert(ctx, "target", fields("programme_id assignment_id year set_on value reason"),
				[][]any{{l.programme, l.assignments[p][0], 2018, period.Of(2018, 2, 1).AddDays(l.r.IntN(300)), target, "amended"}})
		})
	default:
		l.frozen[l.day] = l.snapshot(l.day)
	}
}

func (l *life) merge() {
	a, b := l.companies[l.r.IntN(len(l.companies))], l.companies[l.r.IntN(len(l.companies))]
	_ = l.on(l.day).WriteAgency(l.t.Context(), func(tx *db.Tx) error {
		if n := len(l.merges); n > 0 && l.r.IntN(2) == 0 {
			m := l.merges[n-1]
			l.merges = l.merges[:n-1]
			return company.Part(l.t.Context(), tx, l.officer, m, "two")
		}
		m, err := company.Join(l.t.Context(), tx, l.officer, a, b, "one")
		if err == nil {
			l.merges = append(l.merges, m)
		}
		return err
	})
}

// snapshot is what a settlement would freeze of the figures that do not depend on which companies are one.
func (l *life) snapshot(day period.Date) (s string) {
	b := l.load(nil, day, Paying)
	for i := range b.Partners {
		for _, c := range b.Partners[i].Cells[1:] {
			s += fmt.Sprintln(c.Status, c.Value, c.EvidenceHash())
		}
	}
	return s
}

func (l *life) load(m *evidence.Mirror, asOf period.Date, basis Basis) *Board {
	l.t.Helper()
	var b *Board
	if err := l.on(l.day).Read(l.t.Context(), func(tx *db.Tx) (err error) {
		b, err = LoadBoard(l.t.Context(), tx, m, l.programme, 2018, asOf, basis)
		return err
	}); err != nil {
		l.t.Fatal(err)
	}
	return b
}

// hold compares the board that was kept up to date with one from scratch, and the laws of joint results.
func (l *life) hold(n int) {
	l.t.Helper()
	kept, scratch := l.load(l.kept, "", Live), l.load(nil, "", Live)
	tell := func(c *Cell) string {
		return fmt.Sprintln(c.Status, c.Value, c.Target, c.AttainmentBp, c.PayoutBp, c.Figure.Sample, c.Figure.Verified, c.EvidenceHash())
	}
	distinct, shares := new(big.Rat), new(big.Rat)
	for i := range scratch.Partners {
		for k, c := range scratch.Partners[i].Cells {
			if a, b := tell(kept.Partners[i].Cells[k]), tell(c); a != b {
				l.t.Fatalf("step %d, partner %d, KPI %d: kept up to date %s, from scratch %s", n, i, k, a, b)
			}
		}
		distinct.Add(distinct, scratch.Partners[i].Cells[0].Value)
		shares.Add(shares, scratch.Partners[i].Cells[1].Value)
	}
	rows := l.ofYear()
	reach, joint := scratch.KPIs[0], scratch.KPIs[1]
	agency := reach.Compute(rows, l.agency, 2018, Live, nil)
	if union := scratch.Totals[0].Value; union.Cmp(distinct.Add(distinct, agency.Num)) > 0 {
		l.t.Fatalf("step %d: the union %v is more than the sum %v", n, union, distinct)
	}
	shares.Add(shares, joint.Compute(rows, l.agency, 2018, Live, nil).Num)
	if total := scratch.Totals[1].Value; total.Cmp(shares) != 0 {
		l.t.Fatalf("step %d: shares of %v are not the whole %v", n, shares, total)
	}
}

func (l *life) ofYear() (rows []evidence.Row) {
	l.t.Helper()
	if err := l.db.Read(l.t.Context(), func(tx *db.Tx) (err error) {
		rows, err = evidence.OfYear(l.t.Context(), tx, l.programme, 2018, "")
		return err
	}); err != nil {
		l.t.Fatal(err)
	}
	return rows
}

// For any sequence of record, verify, reject, reopen, reshare, merge, unmerge, amend and freeze: figures that were kept up to date are those from
// scratch, the union is never more than the sum, shares add up to the whole, and what was frozen on a day is told again as of that day.
func TestAnySequenceComputesAsFromScratch(t *testing.T) {
	for seed := range uint64(2) {
		dbtest.Both(t, func(t *testing.T, d *db.DB) {
			w := newWorld(t, d, 3, 6)
			l := &life{world: w, t: t, r: rand.New(rand.NewPCG(seed, 11)), day: "2019-02-01", officer: w.officer(t), kept: evidence.NewMirror(1000),
				frozen: map[period.Date]string{}}
			kpis := []id.KPI{w.define(t, reachDefinition()), w.define(t, activitiesDefinition()), w.define(t, scoreDefinition())}
			for p := range w.partners {
				var of []id.Assignment
				for i, target := range []string{"4", "3", "75"} {
					of = append(of, w.promise(t, p, kpis[i], 10, target))
				}
				l.assignments = append(l.assignments, of)
			}
			for n := range 45 {
				l.step()
				if n%3 == 0 {
					l.hold(n)
				}
			}
			for day, was := range l.frozen {
				if now := l.snapshot(day); now != was {
					t.Errorf("seed %d: frozen on %s:\n%snow told of that day:\n%s", seed, day, was, now)
				}
			}
		})
	}
}
