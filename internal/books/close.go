// Package books closes the years of a programme's books. What the agency will owe for agreement-years that are not settled, or were settled
// after the year, is accrued on its last day and reversed on the first day of the next, so that each year bears its own cost. It knows no
// pages, and changes nothing of claims and settlements.
package books

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/text"
)

// Line is what one agreement-year adds to the close.
type Line struct {
	settlement.AgreementYear
	Final    bool         // settled for good: expected is what it came to
	Half     money.Amount // H if everything that is handed in were accepted
	Score    money.Bp     // of settling it now; nothing once it is final
	Expected money.Amount // contribution: cost part and performance at that score
	Booked   money.Amount // of it, until the last day of the closed year
	Accrued  money.Amount // the rest, never below zero
}

// Closing is the close of a year, done or foreseen.
type Closing struct {
	Year    period.Year
	Until   period.Date // the last day of the year
	Lines   []Line
	Accrued money.Amount
}

// Closed is a year that was closed.
type Closed struct {
	Year     period.Year
	Accrued  money.Amount
	On       period.Date
	ClosedBy id.Person
	Name     string // of who closed it
}

var (
	listClosed = db.SQL("books.close.list",
		`select c.year, c.accrued, c.closed_on, coalesce(c.closed_by, ''), coalesce(p.name, '')
		 from book_close c left join person p on p.id = c.closed_by where c.programme_id = $1 order by c.year`)
	lastOpen = db.SQL("books.claim.last_open",
		`select c.id from claim c where c.programme_id = $1 and c.agreement_id = $2 and c.year = $3
		   and c.state in ('submitted', 'in-verification', 'queried', 'verified') order by c.number desc limit 1`)
)

// List lists the years that are closed, the first first.
func List(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme) ([]Closed, error) {
	if err := by.May("ledger.read", access.Subject{}); err != nil && !by.IsSystem() {
		return nil, err
	}
	var all []Closed
	err := tx.Each(ctx, listClosed, []any{g}, func(r *sql.Rows) error {
		var c Closed
		err := r.Scan(&c.Year, &c.Accrued, &c.On, &c.ClosedBy, &c.Name)
		all = append(all, c)
		return err
	})
	return all, err
}

// Next is the year that is closed next: the programme's first, or the one after the last that is closed.
func Next(g programme.Programme, done []Closed) period.Year {
	if len(done) == 0 {
		return g.Starts.Year()
	}
	return done[len(done)-1].Year + 1
}

// Foresee tells what closing a year would accrue. It writes nothing. Conflict when the year is not over, or another is closed before it.
func Foresee(ctx context.Context, d *db.DB, by access.Actor, g programme.Programme, year period.Year) (Closing, error) {
	scores, err := scoresOf(ctx, d, by, g, year)
	if err != nil {
		return Closing{}, err
	}
	var c Closing
	err = d.Read(ctx, func(tx *db.Tx) (err error) {
		c, err = reckon(ctx, tx, by, g, year, scores)
		return err
	})
	return c, err
}

// Close closes a year: it accrues what is foreseen, reverses that on the first day of the next year, and lets nothing more be booked on its
// days. It is never undone: what is found later is booked in the year in which it is found.
func Close(ctx context.Context, d *db.DB, by access.Actor, g programme.Programme, year period.Year) (Closing, error) {
	if err := by.May("books.close", access.Subject{}); err != nil {
		return Closing{}, err
	}
	scores, err := scoresOf(ctx, d, by, g, year)
	if err != nil {
		return Closing{}, err
	}
	var c Closing
	err = d.Write(ctx, g.ID, func(tx *db.Tx) (err error) {
		if c, err = reckon(ctx, tx, by, g, year, scores); err != nil {
			return err
		}
		for _, l := range c.Lines {
			if err := l.book(ctx, tx, g.ID, c); err != nil {
				return err
			}
		}
		err = tx.Insert(ctx, "book_close", []string{"programme_id", "year", "until", "accrued", "closed_on", "closed_by"},
			[][]any{{g.ID, c.Year, c.Until, c.Accrued, tx.Now.Date(), db.OrNull(by.ID)}})
		if err != nil {
			return err
		}
		return audit.Append(ctx, tx, string(g.ID), by.Label(), audit.Change{Verb: "books.close", ObjectKind: "books", ObjectID: year.String(),
			After: map[string]any{"until": c.Until, "accrued": c.Accrued.String(), "agreement_years": len(c.Lines)}})
	})
	return c, err
}

// book accrues a line on the last day of the year and reverses it on the next.
func (l Line) book(ctx context.Context, tx *db.Tx, g id.Programme, c Closing) error {
	if l.Accrued == 0 {
		return nil
	}
	key := string(ledger.EventYearClosed) + ":" + c.Year.String() + ":" + string(l.Agreement) + ":" + l.AgreementYear.Year.String()
	_, err := ledger.Post(ctx, tx, ledger.Entry{Programme: g, Key: key, Event: ledger.EventYearClosed, BookedOn: c.Until, Agreement: l.Agreement,
		Year: l.AgreementYear.Year, SubjectKind: "books", SubjectID: c.Year.String(), Lines: ledger.YearClosed(l.Accrued)})
	if err != nil {
		return err
	}
	return ledger.ReverseKey(ctx, tx, g, key, c.Until.AddDays(1))
}

// scoresOf settles every agreement-year that is not final without writing, and gives the scores.
func scoresOf(ctx context.Context, d *db.DB, by access.Actor, g programme.Programme, until period.Year) (map[ledger.AgreementYear]money.Bp, error) {
	open := map[period.Year][]settlement.AgreementYear{}
	err := d.Read(ctx, func(tx *db.Tx) error {
		all, err := settlement.AgreementYears(ctx, tx, g.ID, "", 0)
		if err != nil {
			return err
		}
		final, err := finals(ctx, tx, by, g.ID)
		for _, y := range all {
			if y.Year <= until && !final[at(y)] {
				open[y.Year] = append(open[y.Year], y)
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	scores := map[ledger.AgreementYear]money.Bp{}
	for _, years := range open {
		found, err := settlement.Settle(ctx, d, access.System("year-close"), g.ID, years, true)
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			scores[at(r.AgreementYear)] = r.Settlement.Working.Reckoning.Score
		}
	}
	return scores, nil
}

func at(y settlement.AgreementYear) ledger.AgreementYear {
	return ledger.AgreementYear{Agreement: y.Agreement, Year: y.Year}
}

func finals(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme) (map[ledger.AgreementYear]bool, error) {
	all, err := settlement.OfYear(ctx, tx, by, g, 0)
	out := map[ledger.AgreementYear]bool{}
	for _, s := range all {
		out[ledger.AgreementYear{Agreement: s.Agreement, Year: s.Year}] = s.State == settlement.Final
	}
	return out, err
}

func reckon(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, year period.Year, scores map[ledger.AgreementYear]money.Bp) (Closing, error) {
	c := Closing{Year: year, Until: year.Last()}
	done, err := List(ctx, tx, by, g.ID)
	if err != nil {
		return c, err
	}
	switch next := Next(g, done); {
	case year != next:
		return c, fault.Conflict("books.close_next", text.Args{"year": next})
	case tx.Now.Date() <= c.Until:
		return c, fault.Conflict("books.close_early", text.Args{"until": c.Until})
	}
	all, err := settlement.AgreementYears(ctx, tx, g.ID, "", 0)
	if err != nil {
		return c, err
	}
	final, err := finals(ctx, tx, by, g.ID)
	if err != nil {
		return c, err
	}
	before, err := ledger.ByYear(ctx, tx, g.ID, c.Until)
	if err != nil {
		return c, err
	}
	now, err := ledger.ByYear(ctx, tx, g.ID, "")
	if err != nil {
		return c, err
	}
	for _, y := range all {
		if y.Year > year {
			continue
		}
		l := Line{AgreementYear: y, Final: final[at(y)], Score: scores[at(y)], Booked: before[at(y)][ledger.Contribution]}
		if l.Final {
			l.Expected = now[at(y)][ledger.Contribution]
		} else if l.Half, l.Expected, err = expected(ctx, tx, by, g.ID, y, l.Score); err != nil {
			return c, err
		}
		l.Accrued = max(0, l.Expected-l.Booked)
		c.Accrued += l.Accrued
		c.Lines = append(c.Lines, l)
	}
	return c, nil
}

// expected is the half and the contribution of an agreement-year if everything that is handed in were accepted, at a score.
func expected(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, y settlement.AgreementYear, score money.Bp) (half, due money.Amount, err error) {
	p, err := funding.Load(ctx, tx, g, y.Agreement, y.Year)
	if err != nil {
		return 0, 0, err
	}
	var claim id.Claim
	switch err := tx.Row(ctx, lastOpen, g, y.Agreement, y.Year).Scan(&claim); err {
	case nil:
		q, err := funding.Foresee(ctx, tx, by, g, claim)
		if err != nil {
			return 0, 0, err
		}
		half = q.Half
	case db.ErrNone:
		if half, err = p.Half(p.Cost); err != nil {
			return 0, 0, err
		}
	default:
		return 0, 0, err
	}
	part := p.CostPart(half)
	return half, part + (half - part).Share(score), nil
}
