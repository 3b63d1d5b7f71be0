package kpis

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/kpi/alert"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/web/frame"
)

// kpisPage is the table of all promises of a year.
type kpisPage struct {
	frame.Page
	Board *kpi.Board // within reach
}

func (w pages) kpis(out http.ResponseWriter, r *http.Request) error {
	var c kpisPage
	p, err := w.Read(r, "kpis", func(tx *db.Tx, p *frame.Page) error {
		b, err := w.Cache.Board(r.Context(), tx, p.Programme.ID, p.Year, p.AsOf, kpi.Live)
		if err == nil {
			c.Board = b.Within(p.Actor.ScopeFor("kpi.read"))
		}
		return err
	})
	if err != nil {
		return err
	}
	p.Title = p.T("kpis.title")
	p.Path = []frame.Crumb{{Label: p.Title}}
	c.Page = p
	if frame.FileAsked(r) {
		return frame.Sheet{Name: "kpis-" + p.Year.String(), Head: c.head(), Rows: c.rows(), Nums: frame.Numbers(4, 13)}.Send(out, r.URL.Query().Get("format"))
	}
	return w.Render(out, r, kpisTempl(c))
}

// due counts the promises that are due, and those of them that are on course.
func (c kpisPage) due() (due, kept int) {
	for i := range c.Board.Partners {
		for _, cell := range c.Board.Partners[i].Cells {
			if cell == nil || cell.Course == kpi.NoCourse {
				continue
			}
			due++
			if cell.Course == kpi.OnCourse {
				kept++
			}
		}
	}
	return due, kept
}

func (c kpisPage) answer() string {
	due, kept := c.due()
	if due == 0 {
		return c.T("cockpit.nothing_due", "year", c.Year)
	}
	return c.T("kpis.answer", "n", kept, "total", due, "year", c.Year)
}

// statuses are those that stand in a cell of the table; the legend names all that can.
func (c kpisPage) statuses() []kpi.Status {
	return slices.DeleteFunc(kpi.Statuses(), func(s kpi.Status) bool { return s == kpi.Valued })
}

// smallest is the least sample that a KPI of the board asks for, for the legend.
func (c kpisPage) smallest() int {
	least := 0
	for _, d := range c.Board.KPIs {
		if d.MinSample > 1 && (least == 0 || d.MinSample < least) {
			least = d.MinSample
		}
	}
	return max(least, 1)
}

// owed names the KPIs that a partner has not reported on.
func (c kpisPage) owed(o kpi.ToReport) string {
	var all []string
	for _, cell := range o.Owed {
		all = append(all, c.Of(cell.KPI.Short))
	}
	return strings.Join(all, ", ")
}

func (c kpisPage) head() []string {
	return []string{c.T("cockpit.partner"), c.T("cockpit.kpi"), c.T("kpis.year"), c.T("kpis.status"), c.T("cockpit.value"), c.T("cockpit.target"),
		c.T("kpis.signed"), c.T("cockpit.percent"), c.T("kpis.weight"), c.T("kpis.rows"), c.T("kpis.verified"), c.T("kpis.reported"), c.T("kpis.declared")}
}

// told is the value of a cell in a file: nothing where nothing was reported, for that is not 0.
func told(c *kpi.Cell) string {
	if c.Status == kpi.NotReported {
		return ""
	}
	return kpi.Decimal(c.Value)
}

func (c kpisPage) rows() [][]string {
	var rows [][]string
	for _, p := range c.Board.FurthestBehind() {
		for _, cell := range p.Cells {
			if cell == nil {
				continue
			}
			reached := ""
			if cell.Attainment != nil {
				reached = strconv.FormatInt(cell.AttainmentBp/100, 10)
			}
			f := cell.Figure
			rows = append(rows, []string{p.Name, c.Of(cell.KPI.Name), c.Year.String(), c.T(cell.Status.Key()), told(cell),
				kpi.Decimal(cell.Target), kpi.Decimal(cell.TargetSigned), reached, strconv.FormatInt(cell.Weight, 10), strconv.Itoa(f.Sample),
				strconv.Itoa(f.Verified), strconv.Itoa(f.Reported), strconv.Itoa(f.Declared)})
		}
	}
	return rows
}

// kpiPage is one KPI, of the programme or of a partner.
type kpiPage struct {
	frame.Page
	V        *report.KPI
	Signed   bool // draws the targets as signed
	By       kpi.Axis
	Partners []frame.Option
	Alerts   []alert.Alert // of this KPI that wait, within reach
}

func (w pages) kpi(out http.ResponseWriter, r *http.Request) error {
	var c kpiPage
	q := r.URL.Query()
	p, err := w.Read(r, "kpis", func(tx *db.Tx, p *frame.Page) (err error) {
		b, err := w.Cache.Board(r.Context(), tx, p.Programme.ID, p.Year, p.AsOf, kpi.Live)
		if err != nil {
			return err
		}
		for _, x := range b.Within(p.Actor.ScopeFor("kpi.read")).Partners {
			c.Partners = append(c.Partners, frame.Option{Value: x.Code, Label: x.Short, Chosen: x.Code == q.Get("partner")})
		}
		if c.V, err = kpiOf(r.Context(), w.Cache, tx, p, b, r.PathValue("kpi"), q.Get("partner")); err != nil {
			return err
		}
		c.Alerts, err = alert.List(r.Context(), tx, p.Programme.ID, alert.Filter{Scope: p.Actor.ScopeFor("alert.read"), Year: p.Year,
			State: alert.Waiting, KPI: c.V.KPI.ID, Code: q.Get("partner")})
		return err
	})
	if err != nil {
		return err
	}
	p.Title = p.Of(c.V.KPI.Name)
	if q.Get("done") != "" {
		p.Notice = p.T("kpis.edit_done")
	}
	p.Path = []frame.Crumb{{Label: p.T("kpis.title"), Href: p.Link("/kpis")}, {Label: p.Title}}
	c.Page, c.Signed, c.By = p, q.Get("signed") != "", kpi.ByMarket
	if v := q.Get("by"); v != "" {
		if c.By = kpi.Axis(v); !slices.Contains(kpi.Axes(), c.By) {
			return frame.BadFilter("by", v)
		}
	}
	return w.Render(out, r, kpiTempl(c))
}

// kpiOf keeps the figures of the page: they walk over the evidence of all years.
func kpiOf(ctx context.Context, c *frame.Cache, tx *db.Tx, p *frame.Page, b *kpi.Board, code, partner string) (*report.KPI, error) {
	s, err := frame.SeenBy(ctx, tx, p.Programme.ID)
	if err != nil {
		return nil, err
	}
	who := string(p.Actor.ScopeFor("kpi.read")) + "/" + string(p.Actor.ScopeFor("evidence.read")) + "/" + string(p.Actor.ScopeFor("settlement.read"))
	return frame.Kept(ctx, c, frame.Key{Seen: s, Page: "kpi", What: code + "/" + partner, Who: who, Year: p.Year, AsOf: p.AsOf}, func() (*report.KPI, error) {
		v, err := report.LoadKPI(ctx, tx, c.Evidence, p.Actor, p.Programme, b, code, partner)
		if err != nil {
			return nil, err
		}
		return v, forecast(ctx, tx, c.Evidence, v, p.Programme, b, p.Actor)
	})
}

// who is the partner's code, "" for the programme.
func (c kpiPage) who() string {
	if c.V.Partner == nil {
		return ""
	}
	return c.V.Partner.Code
}

// whose names what the figure is of.
func (c kpiPage) whose() string {
	if c.V.Partner == nil {
		return c.T("kpis.programme")
	}
	return c.V.Partner.Name
}

func (c kpiPage) answer() string {
	cell := c.V.Cell
	switch {
	case cell == nil:
		return c.T("kpis.one_none", "year", c.Year)
	case cell.Status != kpi.Valued:
		return c.T("kpis.one_status", "year", c.Year, "status", c.T(cell.Status.Key()))
	case cell.Target == nil:
		return c.T("kpis.one_value", "value", c.ValueOf(cell), "unit", c.T(c.V.KPI.UnitKey()), "year", c.Year)
	}
	return c.T("kpis.one", "value", c.ValueOf(cell), "unit", c.T(c.V.KPI.UnitKey()), "target", c.TargetOf(cell), "year", c.Year)
}

// lede tells how far that is.
func (c kpiPage) lede() string {
	cell := c.V.Cell
	if cell == nil || cell.Attainment == nil {
		return c.T("kpis.one_lede_none", "n", c.V.Count)
	}
	passed, days := c.Year.Elapsed(c.AsOf)
	return c.T("kpis.one_lede", "percent", c.Percent(cell.AttainmentBp), "passed", c.Percent(int64(passed)*10000/int64(days)), "year", c.Year)
}

func (c kpiPage) kinds() string {
	var all []string
	for _, k := range c.V.KPI.Kinds {
		all = append(all, c.T(k.Key()))
	}
	return frame.Listed(all, func(s string) string { return s })
}

// qualityBar is the verified, reported and declared parts of the rows, as widths of a bar of 304 units.
type qualityBar struct {
	Verified, Reported, Declared int // whole per cents; reported is the rest
	Width, X, Rest               string
}

func (c kpiPage) quality() qualityBar {
	var f kpi.Figure
	if c.V.Cell != nil {
		f = c.V.Cell.Figure
	}
	n := max(f.Sample, 1)
	q := qualityBar{Verified: f.Verified * 100 / n, Declared: f.Declared * 100 / n}
	if f.Sample > 0 {
		q.Reported = 100 - q.Verified
	}
	wide := int64(3040 * f.Verified / n)
	q.Width, q.X, q.Rest = frame.Tenth(wide), frame.Tenth(wide+8), frame.Tenth(max(3040-wide-16, 0))
	return q
}

// mostShared are the two that share most.
func mostShared(members []kpi.Member, overlap [][]int) (a, b string, n int) {
	for i := range members {
		for j := range i {
			if overlap[i][j] > n {
				a, b, n = members[i].Short, members[j].Short, overlap[i][j]
			}
		}
	}
	return a, b, n
}
