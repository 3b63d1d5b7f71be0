package measure

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Report tells what became of a file.
type Report struct {
	Added   int `json:"added"`
	Changed int `json:"changed"` // stated otherwise before
	Same    int `json:"same"`
	Left    int `json:"left"` // computed rows, which nobody states, and periods to come of which nothing is said
}

// Declare states rows in the name of their partners: all of them or, with every fault by line and column, none. The same rows again change
// nothing. A row that says otherwise than before takes the place of that statement, whose evidence is refused with that reason.
func Declare(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, file string, rows []Row) (Report, error) {
	d := declaring{tx: tx, by: by, g: g, file: file, seen: map[place]int{}}
	if err := d.read(ctx); err != nil {
		return d.report, err
	}
	for i := range rows {
		if err := d.take(&rows[i]); err != nil {
			return Report{}, err
		}
	}
	if err := d.faults.Err(); err != nil {
		return Report{}, err
	}
	return d.report, d.save(ctx)
}

// declaring is one file on its way.
type declaring struct {
	tx          *db.Tx
	by          access.Actor
	g           programme.Programme
	file        string
	kpis        map[string]*kpi.Definition
	partners    map[string]id.Organisation
	assignments map[id.Organisation]map[id.KPI]*kpi.Assignment
	last        map[place]*Statement
	seen        map[place]int // line
	faults      fault.Rows
	report      Report
	taken       []taken
}

// taken is a row to save.
type taken struct {
	place
	row    *Row
	before *Statement
}

func (d *declaring) read(ctx context.Context) error {
	definitions, err := kpi.Definitions(ctx, d.tx, d.g.ID)
	if err != nil {
		return err
	}
	d.kpis = map[string]*kpi.Definition{}
	for _, x := range definitions {
		d.kpis[x.Code] = x
	}
	organisations, err := programme.Organisations(ctx, d.tx)
	if err != nil {
		return err
	}
	d.partners = map[string]id.Organisation{}
	for _, o := range organisations {
		d.partners[o.Code] = o.ID
	}
	assignments, err := kpi.Assignments(ctx, d.tx, d.g.ID, "")
	if err != nil {
		return err
	}
	d.assignments = map[id.Organisation]map[id.KPI]*kpi.Assignment{}
	for _, a := range assignments {
		if d.assignments[a.Partner] == nil {
			d.assignments[a.Partner] = map[id.KPI]*kpi.Assignment{}
		}
		d.assignments[a.Partner][a.KPI] = a
	}
	all, err := Statements(ctx, d.tx, access.All, d.g.ID, 0)
	d.last = map[place]*Statement{}
	for i := range all {
		d.last[all[i].place()] = &all[i]
	}
	return err
}

// take checks a row. Who may not speak for the partner is denied at once: the file is not theirs.
func (d *declaring) take(r *Row) error {
	c := &checker{file: d.file, row: r, faults: &d.faults}
	switch r.Basis {
	case Computed:
		d.report.Left++
		return nil
	case Declared, "":
	default:
		c.fault("basis", string(r.Basis), "measure.basis", nil)
	}
	definition, partner := d.kpis[r.KPI], d.partners[r.Partner]
	if definition == nil {
		c.fault("kpi", r.KPI, "measure.kpi", nil)
	}
	if partner == "" || len(d.assignments[partner]) == 0 {
		c.fault("partner", r.Partner, "measure.partner", nil)
	} else if err := d.by.May("measure.declare", access.Subject{Kind: "measure", Partner: partner}); err != nil {
		return err
	}
	d.when(c)
	if !c.failed && r.Status == kpi.NotReported && r.Span().From > d.tx.Now.Date() {
		d.report.Left++ // a period that has not begun: nobody could report on it
		return nil
	}
	c.begun(d.tx.Now.Date())
	c.status()
	if c.failed {
		return nil
	}
	a := d.assignments[partner][definition.ID]
	if a == nil {
		c.fault("kpi", r.KPI, "measure.not_promised", nil)
		return nil
	}
	if r.Status == kpi.Valued {
		c.value(definition)
	}
	c.agreed(a)
	d.once(c, place{definition.ID, partner, r.Year, r.Quarter})
	return nil
}

// when wants a period of the programme.
func (d *declaring) when(c *checker) {
	r := c.row
	if r.Year < d.g.Starts.Year() || r.Year > d.g.Ends.Year() {
		c.fault("year", r.Year.String(), "measure.year", text.Args{"from": d.g.Starts.Year(), "to": d.g.Ends.Year()})
		return
	}
	if r.Quarter < 0 || r.Quarter > 4 {
		c.fault("quarter", "", "measure.quarter", nil)
		return
	}
}

// begun wants no number of the future.
func (c *checker) begun(today period.Date) {
	if !c.failed && c.row.Span().From > today {
		c.fault("year", c.row.Year.String(), "measure.not_yet", nil)
	}
}

// once wants each period stated once, and a year either as a whole or by its quarters.
func (d *declaring) once(c *checker, at place) {
	if line, twice := d.seen[at]; twice {
		c.fault("kpi", c.row.KPI, "measure.twice", text.Args{"line": line})
	}
	d.seen[at] = c.row.Line
	for q := range 5 {
		other := place{at.kpi, at.partner, at.year, q}
		if (q == 0) == (at.quarter == 0) || c.row.Status != kpi.Valued {
			continue
		}
		before, stated := d.last[other]
		if _, here := d.seen[other]; here || stated && before.Status == kpi.Valued {
			c.fault("quarter", "", "measure.overlap", nil)
			break
		}
	}
	if c.failed {
		return
	}
	before := d.last[at]
	switch {
	case before == nil:
		d.report.Added++
	case before.says(c.row):
		d.report.Same++
		return
	default:
		d.report.Changed++
	}
	d.taken = append(d.taken, taken{at, c.row, before})
}

func (d *declaring) save(ctx context.Context) error {
	if len(d.taken) == 0 {
		return nil
	}
	today := d.tx.Now.Date()
	var rows [][]any
	var proofs []evidence.New
	for _, t := range d.taken {
		measure, n := id.New[id.Measure](), 1
		if t.before != nil {
			n = t.before.N + 1
			if t.before.Evidence != "" {
				if err := evidence.Replace(ctx, d.tx, d.by, d.g.ID, t.before.Evidence, "measure "+string(measure)); err != nil {
					return err
				}
			}
		}
		var left id.Evidence
		if t.row.Status == kpi.Valued {
			left = id.New[id.Evidence]()
			proofs = append(proofs, evidence.New{ID: left, Kind: evidence.Declared, Year: t.year, Dated: min(t.row.Span().To, today),
				Quantity: t.row.Value, KPI: t.kpi, SourceKind: "measure", SourceID: string(measure), ReportedOn: today, ReportedBy: d.by.ID,
				Credits: []evidence.Credit{{Organisation: t.partner, Weight: 1}}})
		}
		rows = append(rows, []any{d.g.ID, measure, t.kpi, t.partner, int(t.year), t.quarter, n, t.row.Status, t.row.Value, t.row.Num, t.row.Den,
			db.OrNull(left), d.file, today, db.OrNull(d.by.ID)})
	}
	if err := evidence.Record(ctx, d.tx, d.g.ID, proofs); err != nil {
		return err
	}
	if err := d.tx.Insert(ctx, "measure", []string{"programme_id", "id", "kpi_id", "organisation_id", "year", "quarter", "n", "status", "value",
		"numerator", "denominator", "evidence_id", "source", "said_on", "said_by"}, rows); err != nil {
		return err
	}
	return d.audit(ctx)
}

// audit writes one entry for each partner that something was stated of.
func (d *declaring) audit(ctx context.Context) error {
	said, order := map[id.Organisation][]map[string]any{}, []id.Organisation{}
	for _, t := range d.taken {
		if said[t.partner] == nil {
			order = append(order, t.partner)
		}
		said[t.partner] = append(said[t.partner], map[string]any{"kpi": t.row.KPI, "year": int(t.year), "quarter": t.quarter,
			"status": string(t.row.Status), "value": t.row.Value})
	}
	for _, o := range order {
		err := audit.Append(ctx, d.tx, string(d.g.ID), d.by.Label(), audit.Change{Verb: "measure.declare", ObjectKind: "organisation",
			ObjectID: string(o), After: map[string]any{"file": d.file, "said": said[o]}})
		if err != nil {
			return err
		}
	}
	return nil
}

// until is the day whose knowledge a table shows.
func until(tx *db.Tx, asOf period.Date) period.Date {
	if asOf == "" {
		return tx.Now.Date()
	}
	return asOf
}
