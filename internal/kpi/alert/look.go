package alert

import (
	"context"
	"database/sql"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/kpi/quality"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// Gather reads what the rules look at: the year of a day, as known then.
func Gather(ctx context.Context, tx *db.Tx, m *evidence.Mirror, g programme.Programme, day period.Date) (*Facts, error) {
	year := day.Year()
	b, err := kpi.LoadBoard(ctx, tx, m, g.ID, year, day, kpi.Live)
	if err != nil {
		return nil, err
	}
	f := &Facts{Board: b, Forecasts: map[id.Organisation]Forecasts{}, Reported: map[id.Organisation][]period.Date{},
		Starts: map[id.Organisation]period.Date{}, Findings: map[id.Organisation]int{}, Ceilings: map[id.Organisation]money.Amount{}}
	rule, err := programme.RuleOn(ctx, tx, g.ID, year.Last())
	if err != nil {
		return nil, err
	}
	f.PoolBp, f.Limits = rule.PerformanceBp, rule.Limits
	agreements, err := agreement.List(ctx, tx, access.All, g.ID)
	if err != nil {
		return nil, err
	}
	for _, a := range agreements {
		if c, ok := a.Ceiling(year); ok {
			f.Ceilings[a.Partner.ID], f.Starts[a.Partner.ID] = c.Total(), a.Starts
		}
	}
	rows, err := m.Of(ctx, tx, g.ID, evidence.Query{From: year, To: year, AsOf: day})
	if err != nil {
		return nil, err
	}
	for i := range rows {
		for _, c := range rows[i].Credits {
			if rows[i].State != evidence.Rejected {
				f.Reported[c.Organisation] = append(f.Reported[c.Organisation], rows[i].Dated)
			}
		}
	}
	if err := f.expect(ctx, tx, m, g, day); err != nil {
		return nil, err
	}
	doubts, err := quality.Load(ctx, tx, m, access.All, g.ID, year, day)
	for _, d := range doubts {
		if d.Answer == nil {
			for _, p := range d.Partners {
				f.Findings[p]++
			}
		}
	}
	return f, err
}

// expect forecasts every promise that has a figure.
func (f *Facts) expect(ctx context.Context, tx *db.Tx, m *evidence.Mirror, g programme.Programme, day period.Date) error {
	for i := range f.Board.Partners {
		p := &f.Board.Partners[i]
		f.Forecasts[p.Organisation] = Forecasts{}
		for _, c := range p.Cells {
			if c == nil || c.Target == nil || !c.Status.Weighs() {
				continue
			}
			o, err := kpi.LoadForecast(ctx, tx, m, g.ID, c.KPI, p.Organisation, f.Board.Year, day, kpi.Live)
			if err != nil {
				return err
			}
			if o != nil {
				f.Forecasts[p.Organisation][c.KPI.Code] = o
			}
		}
	}
	return nil
}

// Look finds what should worry somebody on a day and brings the alerts up to it: new ones get an owner, those that no rule finds any more are
// resolved, those that rest come back when they are worse. Outside the programme's years it does nothing. It reads first and writes after, and
// writes nothing when nothing moved. It tells how many alerts moved.
func Look(ctx context.Context, d *db.DB, m *evidence.Mirror, by access.Actor, g programme.Programme, day period.Date) (int, error) {
	if day < g.Starts || day > g.Ends {
		return 0, nil
	}
	var found []Matter
	moved := 0
	err := d.Read(ctx, func(tx *db.Tx) error {
		f, err := Gather(ctx, tx, m, g, day)
		if err != nil {
			return err
		}
		found = Find(f)
		kept, err := list(ctx, tx, g.ID, "", 0, access.All)
		moved = len(plan(kept, found, day))
		return err
	})
	if err != nil || moved == 0 {
		return 0, err
	}
	err = d.Write(ctx, g.ID, func(tx *db.Tx) error {
		if err := by.May("alert.raise", access.Subject{Kind: "alert"}); err != nil {
			return err
		}
		kept, err := list(ctx, tx, g.ID, "", 0, access.All)
		if err != nil {
			return err
		}
		moves := plan(kept, found, day)
		moved = len(moves)
		return apply(ctx, tx, by, g, day, kept, moves)
	})
	return moved, err
}

// move is what becomes of one alert.
type move struct {
	Alert
	news  bool // its owner hears of it
	quiet bool // figures alone: no step of its own
}

// plan compares what is found with what is kept: a pure function.
func plan(kept []Alert, found []Matter, day period.Date) []move {
	byKey := map[string]*Alert{}
	for i := range kept {
		byKey[kept[i].key()] = &kept[i]
	}
	var moves []move
	for i := range found {
		m := &found[i]
		a := byKey[m.key()]
		delete(byKey, m.key())
		if a == nil {
			moves = append(moves, move{Alert: Alert{Matter: *m}, news: true})
			continue
		}
		if x, changed := a.after(m); changed {
			moves = append(moves, x)
		}
	}
	for _, a := range kept {
		if byKey[a.key()] == nil || a.Year > day.Year() || a.State == Resolved || a.State == Silenced && a.Year == day.Year() {
			continue
		}
		gone := a
		gone.State, gone.BoreGrade, gone.Bore = Resolved, 0, 0
		moves = append(moves, move{Alert: gone})
	}
	return moves
}

// after is the alert once its matter was found again; false when nothing is to be kept of it.
func (a *Alert) after(m *Matter) (move, bool) {
	x := move{Alert: *a}
	x.Grade, x.N, x.Against = m.Grade, m.N, m.Against
	switch {
	case !a.State.Waits() && !a.worse(m):
		return x, false
	case !a.State.Waits():
		x.State, x.Due, x.news = Open, m.Due, true
	case m.Grade > a.Grade:
		x.news = true
	default:
		x.quiet = true
		return x, m.Grade != a.Grade || m.N != a.N || m.Against != a.Against
	}
	return x, true
}

func apply(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, day period.Date, kept []Alert, moves []move) error {
	owners, err := officers(ctx, tx, g.ID, kept)
	if err != nil {
		return err
	}
	news, counts := map[id.Person]int{}, map[string]int{}
	for i := range moves {
		x := &moves[i]
		if x.State.Waits() || x.ID == "" {
			x.Owner = owners.of(x.Owner, x.Partner)
		}
		switch {
		case x.ID == "":
			err = x.add(ctx, tx, g.ID, day)
		case x.quiet:
			err = x.update(ctx, tx, g.ID, x.Steps)
		default:
			err = x.save(ctx, tx, g.ID, day, "", "")
		}
		if err != nil {
			return err
		}
		counts[string(x.State)]++
		if x.news && x.Owner != "" {
			news[x.Owner]++
		}
	}
	if err := letters(ctx, tx, g, day, news); err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(g.ID), by.Label(), audit.Change{Verb: "alert.raise", ObjectKind: "programme", ObjectID: string(g.ID),
		After: map[string]any{"day": day, "alerts": counts}})
}

// desk is the agency's officers with how many alerts each looks after, and who looks after a partner already.
type desk struct {
	people  []id.Person
	busy    map[id.Person]int
	partner map[id.Organisation]id.Person
}

func officers(ctx context.Context, tx *db.Tx, g id.Programme, kept []Alert) (*desk, error) {
	d := &desk{busy: map[id.Person]int{}, partner: map[id.Organisation]id.Person{}}
	err := tx.Each(ctx, listOfficers, []any{g}, func(r *sql.Rows) error {
		var p id.Person
		var n int
		err := r.Scan(&p, &n)
		d.people, d.busy[p] = append(d.people, p), n
		return err
	})
	for _, a := range kept {
		if a.State.Waits() && slices.Contains(d.people, a.Owner) {
			d.partner[a.Partner] = a.Owner
		}
	}
	return d, err
}

// of keeps an owner; else it is the officer who looks after the partner already, or the one with the fewest alerts. "" when there is none.
func (d *desk) of(owner id.Person, partner id.Organisation) id.Person {
	if owner != "" || len(d.people) == 0 {
		return owner
	}
	if owner = d.partner[partner]; owner == "" {
		owner = d.people[0]
		for _, p := range d.people {
			if d.busy[p] < d.busy[owner] {
				owner = p
			}
		}
		d.partner[partner] = owner
	}
	d.busy[owner]++
	return owner
}

// Waits tells how many alerts wait, and how many of them nobody looks after.
func Waits(all []Alert) (n, nobody int) {
	for i := range all {
		if all[i].State.Waits() {
			n++
			if all[i].Owner == "" {
				nobody++
			}
		}
	}
	return n, nobody
}

// Furthest are the first alerts that wait, at most so many.
func Furthest(all []Alert, most int) []Alert {
	waiting := slices.DeleteFunc(slices.Clone(all), func(a Alert) bool { return !a.State.Waits() })
	return waiting[:min(len(waiting), most)]
}
