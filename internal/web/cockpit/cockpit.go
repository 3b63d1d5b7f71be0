package cockpit

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// cockpitPage is the cockpit as one reader sees it.
type cockpitPage struct {
	frame.Page
	*report.Cockpit
	Shown []int // places of the KPIs that have a column
	Own   bool  // about the reader's own partner
	KPI   kpiAlerts
}

func (w pages) cockpit(out http.ResponseWriter, r *http.Request) error {
	var c *report.Cockpit
	var alerts kpiAlerts
	p, err := w.Read(r, "cockpit", func(tx *db.Tx, p *frame.Page) (err error) {
		if p.Can("kpi.read") {
			if c, err = load(r.Context(), w.Cache, tx, p); err != nil {
				return err
			}
			alerts, err = loadAlerts(r.Context(), tx, p, c)
		}
		return err
	})
	if err != nil {
		return err
	}
	if c == nil { // a company's contact has no promises to read about
		http.Redirect(out, r, frame.To(r, "/calendar"), http.StatusSeeOther)
		return nil
	}
	p.Title = p.T("cockpit.title")
	p.Path = []frame.Crumb{{Label: p.Title}}
	page := cockpitPage{Page: p, Cockpit: c, Shown: definitionsShown(c.Board), Own: !p.Agency() && c.One(), KPI: alerts}
	if frame.FileAsked(r) {
		head, rows := page.table()
		return frame.Sheet{Name: "cockpit-" + p.Year.String(), Head: head, Rows: rows, Nums: frame.Numbers(1, len(head)-1)}.Send(out, r.URL.Query().Get("format"))
	}
	return w.Render(out, r, cockpitTempl(page))
}

// load is the page's figures for one reader's reach.
func load(ctx context.Context, cache *frame.Cache, tx *db.Tx, p *frame.Page) (*report.Cockpit, error) {
	s, err := frame.SeenBy(ctx, tx, p.Programme.ID)
	if err != nil {
		return nil, err
	}
	reach := report.ReachOf(p.Actor)
	key := frame.Key{Seen: s, Page: "cockpit", Who: fmt.Sprint(reach), Year: p.Year, AsOf: p.AsOf}
	return frame.Kept(ctx, cache, key, func() (*report.Cockpit, error) {
		b, err := cache.Board(ctx, tx, p.Programme.ID, p.Year, p.AsOf, kpi.Live)
		if err != nil {
			return nil, err
		}
		return report.LoadCockpit(ctx, tx, reach, p.Programme, b)
	})
}

// answer is the page's one question answered, in whole sentences.
func (c cockpitPage) answer() []string {
	if c.Own {
		return []string{c.ownAnswer()}
	}
	if c.Due == 0 {
		return []string{c.T("cockpit.nothing_due", "year", c.Year)}
	}
	if c.Kept == c.Due {
		return []string{c.T("cockpit.kept_all", "n", c.Due)}
	}
	all := []string{c.T("cockpit.kept", "n", c.Kept, "total", c.Due)}
	if c.AtRisk > 0 {
		all = append(all, c.T("cockpit.count.at_risk", "n", c.AtRisk, "many", c.many(c.AtRisk)))
	}
	if c.Behind > 0 {
		all = append(all, c.T("cockpit.count.behind", "n", c.Behind, "many", c.many(c.Behind)))
	}
	if c.Silent > 0 {
		all = append(all, c.T("cockpit.count.silent", "n", c.Silent, "many", c.many(c.Silent)))
	}
	return all
}

// many is a count as a word that begins a sentence, up to twelve.
func (c cockpitPage) many(n int) string {
	words := strings.Fields(c.T("cockpit.count_words"))
	if n < 1 || n > len(words) {
		return c.Number(n)
	}
	return words[n-1]
}

func (c cockpitPage) ownAnswer() string {
	switch {
	case c.Promises == 0:
		return c.T("cockpit.nothing_due", "year", c.Year)
	case c.Silent > 0:
		return c.T("cockpit.own_silent", "year", c.Year)
	case c.PromisesK == c.Promises:
		return c.T("cockpit.own_all", "n", c.Promises)
	}
	return c.T("cockpit.own", "n", c.PromisesK, "total", c.Promises)
}

// all is the attainment that the lede speaks of: of the programme, or of the one partner.
func (c cockpitPage) all() *int64 {
	if c.Own {
		return c.Board.Partners[0].AllBp
	}
	return c.Board.AllBp
}

func (c cockpitPage) ledeKey() text.Key {
	switch over := c.over(); {
	case c.all() == nil:
		return "cockpit.lede_none"
	case c.Own && over:
		return "cockpit.lede_own_over"
	case c.Own:
		return "cockpit.lede_own"
	case over:
		return "cockpit.lede_over"
	}
	return "cockpit.lede"
}

func (c cockpitPage) ledeArgs() text.Args {
	args := text.Args{"year": c.Year, "passed": c.passed()}
	if all := c.all(); all != nil {
		args["all"] = c.Percent(*all)
	}
	return args
}

// over tells whether the year had ended on the day.
func (c cockpitPage) over() bool { return c.AsOf > c.Year.Last() }

func (c cockpitPage) stakeKey() text.Key {
	switch {
	case c.Own:
		return "cockpit.stake_own"
	case c.over():
		return "cockpit.stake_over"
	}
	return "cockpit.stake"
}

// passed is how much of the year has passed, in words.
func (c cockpitPage) passed() string { return c.Percent(c.Board.ElapsedBp) }

func (c cockpitPage) agreementLink(code string) string { return c.Link("/agreements/" + code) }

func (c cockpitPage) kpiLink(d *kpi.Definition, partner string) string {
	return c.Link("/kpis/"+d.Code, "partner", partner)
}

// Statuses are those that occur among the cells shown, for the legend; blank tells whether a cell is empty.
func (c cockpitPage) statuses() (occur []kpi.Status, blank bool) {
	seen := map[kpi.Status]bool{}
	for i := range c.Board.Partners {
		for _, k := range c.Shown {
			if cell := c.Board.Partners[i].Cells[k]; cell == nil {
				blank = true
			} else {
				seen[cell.Status] = true
			}
		}
	}
	for _, s := range kpi.Statuses() {
		if s != kpi.Valued && seen[s] {
			occur = append(occur, s)
		}
	}
	return occur, blank
}

// smallest is the least sample that the small samples shown should have had, for the legend.
func (c cockpitPage) smallest() int {
	for i := range c.Board.Partners {
		for _, k := range c.Shown {
			if cell := c.Board.Partners[i].Cells[k]; cell != nil && cell.Status == kpi.SmallSample {
				return max(cell.KPI.MinSample, 1)
			}
		}
	}
	return 1
}

// table is the scorecard as plain rows.
func (c cockpitPage) table() (head []string, rows [][]string) {
	head = []string{c.T("cockpit.partner")}
	for _, k := range c.Shown {
		head = append(head, c.Of(c.Board.KPIs[k].Short))
	}
	head = append(head, c.T("cockpit.all"), c.T("cockpit.course"))
	for _, p := range c.Board.FurthestBehind() {
		row := []string{p.Name}
		for _, k := range c.Shown {
			switch cell := p.Cells[k]; {
			case cell == nil:
				row = append(row, "")
			case cell.Status == kpi.Valued:
				row = append(row, strconv.FormatInt(cell.AttainmentBp/100, 10))
			default:
				row = append(row, c.T(cell.Status.Key()))
			}
		}
		all, course := "", ""
		if p.AllBp != nil {
			all = strconv.FormatInt(*p.AllBp/100, 10)
		}
		if p.Course != kpi.NoCourse {
			course = c.T(p.Course.Key())
		}
		rows = append(rows, append(row, all, course))
	}
	return head, rows
}

// lastReport is when a silent partner last reported, "" for the others.
func (c cockpitPage) lastReport(o id.Organisation) string {
	if on := c.LastReport[o]; on != "" {
		return c.T("cockpit.last_report", "date", c.ShortDay(on))
	}
	return ""
}

// definitionsShown are the KPIs that have a column of their own on the cockpit.
func definitionsShown(b *kpi.Board) []int {
	var shown []int
	for i, d := range b.KPIs {
		if d.Cockpit {
			shown = append(shown, i)
		}
	}
	return shown
}
