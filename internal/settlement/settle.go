package settlement

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// What settling an agreement-year did.
const (
	Settled   = "computed"  // a first version
	Unchanged = "unchanged" // the facts are those of the version in force; nothing was written
	Restating = "restated"  // facts changed: a new version took the old one's place
	Differs   = "differs"   // facts changed, but the version in force has been communicated: it stands until objection or adjustment
	Preview   = "preview"   // a dry run
)

// Result is what settling an agreement-year found.
type Result struct {
	AgreementYear
	Outcome    string
	Settlement Settlement
	Before     *Settlement // the version that the facts no longer agree with
}

// Settle computes the settlement of agreement-years of one year, and stores and books each as one unit of work. A second run on unchanged
// facts writes no row. After final it is a conflict, and while the year runs. A dry run writes nothing.
func Settle(ctx context.Context, d *db.DB, by access.Actor, g id.Programme, years []AgreementYear, dry bool) ([]Result, error) {
	var found []Result
	var made []computation
	var seen db.Version
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		if seen, err = tx.Version(ctx, g); err != nil {
			return err
		}
		cells, err := cellsOf(ctx, tx, g, years)
		if err != nil {
			return err
		}
		for _, y := range years {
			r, c, err := look(ctx, tx, by, g, y, cells[kpi.AgreementYear{Agreement: y.Agreement, Year: y.Year}], dry)
			if err != nil {
				return err
			}
			found, made = append(found, r), append(made, c)
		}
		return nil
	})
	if err != nil || dry {
		return found, err
	}
	for i := range found {
		if found[i].Outcome != Settled && found[i].Outcome != Restating {
			continue
		}
		fresh := made[i]
		err := d.Write(ctx, g, func(tx *db.Tx) error {
			r, c := found[i], fresh
			if seen.Programme++; tx.Seq(string(g)) != seen.Programme { // somebody wrote since: look again
				seen.Programme = tx.Seq(string(g))
				cells, err := kpi.AgreementCells(ctx, tx, g, r.Agreement, r.Year)
				if err != nil {
					return err
				}
				if r, c, err = look(ctx, tx, by, g, r.AgreementYear, cells, false); err != nil {
					return err
				}
			}
			found[i] = r
			if r.Outcome != Settled && r.Outcome != Restating {
				return nil
			}
			return store(ctx, tx, by, g, &found[i], c)
		})
		if err != nil {
			return found[:i], err
		}
	}
	return found, nil
}

// cellsOf reads the cells of all agreement-years in one go, unless there is only one.
func cellsOf(ctx context.Context, tx *db.Tx, g id.Programme, years []AgreementYear) (map[kpi.AgreementYear][]kpi.Cell, error) {
	if len(years) != 1 {
		return kpi.AllCells(ctx, tx, g)
	}
	cells, err := kpi.AgreementCells(ctx, tx, g, years[0].Agreement, years[0].Year)
	return map[kpi.AgreementYear][]kpi.Cell{{Agreement: years[0].Agreement, Year: years[0].Year}: cells}, err
}

// look computes an agreement-year and compares it with the version in force.
func look(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, y AgreementYear, cells []kpi.Cell, dry bool) (Result, computation, error) {
	r := Result{AgreementYear: y, Outcome: Settled}
	prior, err := Latest(ctx, tx, by, g, y.Agreement, y.Year)
	if err != nil && !fault.Is(err, fault.KindMissing) {
		return r, computation{}, err
	}
	none := err != nil
	subject := access.Subject{Kind: "settlement", Partner: y.Partner}
	if err := by.May("settlement.compute", subject); err != nil {
		return r, computation{}, err
	}
	if !dry {
		if err := mustBeOver(ctx, tx, g, y.Agreement, y.Year); err != nil {
			return r, computation{}, err
		}
	}
	position, err := funding.Load(ctx, tx, g, y.Agreement, y.Year)
	if err != nil {
		return r, computation{}, err
	}
	lines, err := LoadLines(ctx, tx, g, y.Agreement, y.Year)
	if err != nil {
		return r, computation{}, err
	}
	c, err := compute(position, lines, cells)
	if err != nil {
		return r, computation{}, err
	}
	r.Settlement = Settlement{Agreement: y.Agreement, Partner: y.Partner, Year: y.Year, Version: prior.Version + 1, State: Computed,
		Facts: c.facts, Working: c.working, ComputedOn: tx.Now.Date(), ComputedBy: by.ID}
	alive := !none && prior.State != Discarded && prior.State != Restated
	switch {
	case !alive:
	case prior.State == Final && !dry:
		return r, c, fault.Conflict("settlement.already_final", text.Args{"partner": y.Code, "year": y.Year})
	case prior.Facts == c.facts:
		r.Outcome, r.Settlement = Unchanged, prior
	case prior.State == Computed:
		r.Outcome, r.Before = Restating, &prior
	default:
		r.Outcome, r.Before = Differs, &prior
	}
	if dry && r.Outcome != Unchanged {
		r.Outcome = Preview
	}
	return r, c, nil
}

// store writes a computed settlement, what it froze, its accrual and its trail; a version in its way is restated.
func store(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, r *Result, c computation) error {
	s := &r.Settlement
	s.ID = id.New[id.Settlement]()
	var changes []audit.Change
	if r.Before != nil {
		old := *r.Before
		old.State = Restated
		if err := move(ctx, tx, g, r.Before.State, old); err != nil {
			return err
		}
		if err := reverseAccrual(ctx, tx, g, old); err != nil {
			return err
		}
		changes = append(changes, trail("settlement.restate", *r.Before, old, said{}))
	}
	if err := insert(ctx, tx, g, *s, c.cells); err != nil {
		return err
	}
	if earned := s.Working.Reckoning.Earned; earned > 0 {
		if _, err := ledger.Post(ctx, tx, s.entry(g, "performance-accrued", ledger.EventPerformanceAccrued, tx.Now.Date(), ledger.PerformanceAccrued(earned))); err != nil {
			return err
		}
	}
	return audit.Append(ctx, tx, string(g), by.Label(), append(changes, trail("settlement.compute", Settlement{}, *s, said{}))...)
}

func (s Settlement) entry(g id.Programme, step string, event ledger.Event, on period.Date, lines []ledger.Line) ledger.Entry {
	return ledger.Entry{ID: id.New[id.Entry](), Programme: g, Key: step + ":" + string(s.ID), Event: event, BookedOn: on,
		Agreement: s.Agreement, Year: s.Year, SubjectKind: "settlement", SubjectID: string(s.ID), Lines: lines}
}

func reverseAccrual(ctx context.Context, tx *db.Tx, g id.Programme, s Settlement) error {
	if s.Working.Reckoning.Earned <= 0 {
		return nil
	}
	return ledger.ReverseKey(ctx, tx, g, "performance-accrued:"+string(s.ID), tx.Now.Date())
}

// seen is what the trail keeps of a settlement: its state and the amounts that matter.
type seen struct {
	State   State  `json:"state"`
	Year    int    `json:"year"`
	Version int    `json:"version"`
	Final   string `json:"final"`
	Balance string `json:"balance"`
	Score   int64  `json:"score_bp"`
	Facts   string `json:"facts"`
	Until   string `json:"objection_until,omitempty"`
	said
}

func trail(verb string, before, after Settlement, words said) audit.Change {
	is := after.seen()
	is.said = words
	c := audit.Change{Verb: verb, ObjectKind: "settlement", ObjectID: string(after.ID), After: is}
	if before.ID != "" {
		c.Before = before.seen()
	}
	return c
}

func (s Settlement) seen() seen {
	r := s.Working.Reckoning
	return seen{State: s.State, Year: int(s.Year), Version: s.Version, Final: r.Final.String(), Balance: r.Balance.String(),
		Score: int64(r.Score), Facts: s.Facts, Until: string(s.ObjectionUntil)}
}
