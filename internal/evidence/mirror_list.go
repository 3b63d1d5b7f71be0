package evidence

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// namedAtOnce is how many rows one query names.
const namedAtOnce = 50

// namedRows reads the words of the rows of one page, which were chosen in memory.
var namedRows = db.SQL("evidence.row.named", `select e.id, coalesce(co.name, ''), coalesce(co.number, ''), coalesce(a.title, ''), `+creditLines+`e.id)
		from evidence e
		left join company_root r on r.company_id = e.company_id
		left join company co on co.id = coalesce(r.root_id, e.company_id)
		left join activity a on a.programme_id = e.programme_id and a.id = e.activity_id
		where e.programme_id = $1 and e.id in (
			$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
			$27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51)`)

// List is the functions List and Count at once: the rows are chosen in memory, and only those of the page are named by the database.
func (m *Mirror) List(ctx context.Context, tx *db.Tx, programme id.Programme, f Filter) ([]Item, Key, int, error) {
	years, err := m.yearsFor(ctx, tx, programme, f)
	if err != nil {
		return nil, "", 0, err
	}
	if years == nil {
		total, err := f.Count(ctx, tx, programme)
		if err != nil {
			return nil, "", 0, err
		}
		items, next, err := List(ctx, tx, programme, f)
		return items, next, total, err
	}
	dated, last, err := f.After.parts()
	if err != nil {
		return nil, "", 0, err
	}
	c := choice{Filter: f, scope: strings.Fields(string(f.Scope)), dated: dated, last: last}
	c.from(years)
	items, next := c.page()
	return items, next, c.total, nameRows(ctx, tx, programme, items)
}

// Count is Filter.Count from memory.
func (m *Mirror) Count(ctx context.Context, tx *db.Tx, programme id.Programme, f Filter) (int, error) {
	years, err := m.yearsFor(ctx, tx, programme, f)
	if err != nil {
		return 0, err
	}
	if years == nil {
		return f.Count(ctx, tx, programme)
	}
	c := choice{Filter: f, scope: strings.Fields(string(f.Scope)), countOnly: true}
	c.from(years)
	return c.total, nil
}

// yearsFor is the kept rows, nil where the database must choose: what was drawn in a sample is not kept.
func (m *Mirror) yearsFor(ctx context.Context, tx *db.Tx, programme id.Programme, f Filter) (map[period.Year][]Row, error) {
	if m == nil || tx.Writes() || f.Sample != "" {
		return nil, nil
	}
	return m.programme(programme).at(ctx, tx, programme, m.most)
}

// choice is the rows that a filter takes: how many, and the newest of them after a place.
type choice struct {
	Filter
	scope     []string // the words of Filter.Scope
	countOnly bool
	dated     period.Date // the place, "" the beginning
	last      id.Evidence
	total     int
	newest    []*Row // one more than the page holds when there is a next one
}

func (c *choice) from(years map[period.Year][]Row) {
	for y, rows := range years {
		if y < c.From || c.To != 0 && y > c.To {
			continue
		}
		for i := range rows {
			if !c.takes(&rows[i]) {
				continue
			}
			c.total++
			if !c.countOnly && c.after(&rows[i]) {
				c.keep(&rows[i])
			}
		}
	}
}

// takes says in Go what the condition chosen says in SQL.
func (c *choice) takes(r *Row) bool {
	f := &c.Filter
	switch {
	case f.AsOf != "" && r.ReportedOn > f.AsOf,
		r.KPI != "" && f.KPI != "" && r.KPI != f.KPI,
		!(r.KPI != "" && r.KPI == f.KPI) && !f.takesSort(r),
		f.Company != "" && r.Root != f.Company,
		f.Activity != "" && r.Activity != f.Activity,
		f.Market != "" && r.Market != f.Market,
		f.Sector != "" && r.Sector != f.Sector,
		f.Organisation != "" && r.CreditOf(f.Organisation) == 0,
		!f.takesState(r):
		return false
	}
	return f.Scope == access.All || slices.ContainsFunc(r.Credits, func(x Credit) bool { return slices.Contains(c.scope, string(x.Organisation)) })
}

// takesSort is what a row of the KPI itself is not asked.
func (f *Filter) takesSort(r *Row) bool {
	switch {
	case len(f.Kinds) > 0 && !slices.Contains(f.Kinds, r.Kind),
		len(f.ActivityTypes) > 0 && !slices.Contains(f.ActivityTypes, r.ActivityType),
		f.JointOnly && r.Organisers < 2,
		f.Measure == measureAmount && r.Amount == nil,
		f.Measure == measureQuantity && r.Quantity == "",
		f.WithCompany && r.Company == "":
		return false
	}
	return true
}

// What a filter may ask a row to have.
const (
	measureAmount   = "amount"
	measureQuantity = "quantity"
)

func (f *Filter) takesState(r *Row) bool {
	if f.State == "" {
		return true
	}
	state, _ := r.known(f.AsOf)
	return state == f.State || f.State == Counting && state != Rejected
}

// after tells whether the row comes after the place where the last page ended.
func (c *choice) after(r *Row) bool {
	return c.last == "" || r.Dated < c.dated || r.Dated == c.dated && r.ID < c.last
}

// newer orders rows as pages list them.
func newer(a, b *Row) int {
	if a.Dated != b.Dated {
		return strings.Compare(string(b.Dated), string(a.Dated))
	}
	return strings.Compare(string(b.ID), string(a.ID))
}

// keep holds the newest rows in order, so that a page costs no sorting of all that are chosen.
func (c *choice) keep(r *Row) {
	full := len(c.newest) > c.limit()
	if full && newer(c.newest[len(c.newest)-1], r) < 0 {
		return
	}
	at, _ := slices.BinarySearchFunc(c.newest, r, newer)
	if full {
		c.newest = c.newest[:c.limit()]
	}
	c.newest = slices.Insert(c.newest, at, r)
}

func (c *choice) page() ([]Item, Key) {
	shown := c.newest[:min(len(c.newest), c.limit())]
	items := make([]Item, len(shown))
	for i, r := range shown {
		items[i].Row = *r
		items[i].State, items[i].StateOn = r.known(c.AsOf)
		items[i].life = nil
	}
	if len(c.newest) <= c.limit() {
		return items, ""
	}
	end := shown[len(shown)-1]
	return items, Key(string(end.Dated) + "." + string(end.ID))
}

// nameRows fills what items are called.
func nameRows(ctx context.Context, tx *db.Tx, programme id.Programme, items []Item) error {
	at := make(map[id.Evidence]*Item, len(items))
	for i := range items {
		at[items[i].ID] = &items[i]
	}
	for part := range slices.Chunk(items, namedAtOnce) {
		args := make([]any, 1+namedAtOnce)
		args[0] = programme
		for i := range namedAtOnce {
			args[1+i] = part[min(i, len(part)-1)].ID // a short page asks for its last row again
		}
		err := tx.Each(ctx, namedRows, args, func(r *sql.Rows) error {
			var e id.Evidence
			var name, number, title string
			var credits sql.NullString
			if err := r.Scan(&e, &name, &number, &title, &credits); err != nil {
				return err
			}
			i := at[e]
			i.CompanyName, i.CompanyNumber, i.ActivityTitle = name, number, title
			var err error
			i.Partners, err = parseCredits(credits.String)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Bundles is the function Bundles, chosen and taken together in memory: only those that are listed are named by the database.
func (m *Mirror) Bundles(ctx context.Context, tx *db.Tx, programme id.Programme, f Filter) ([]Bundle, error) {
	years, err := m.yearsFor(ctx, tx, programme, f)
	if err != nil {
		return nil, err
	}
	if years == nil {
		return Bundles(ctx, tx, programme, f)
	}
	c := choice{Filter: f, scope: strings.Fields(string(f.Scope))}
	shown := c.bundles(years)
	items := make([]Item, len(shown))
	for i, b := range shown {
		items[i].Row = *b.first
	}
	if err := nameRows(ctx, tx, programme, items); err != nil {
		return nil, err
	}
	all := make([]Bundle, len(shown))
	for i, b := range shown {
		all[i] = b.Bundle
		all[i].Companies, all[i].Activity, all[i].Partners = len(b.roots), items[i].Activity, items[i].Partners
		if all[i].ActivityTitle = items[i].ActivityTitle; items[i].Activity == "" {
			all[i].CompanyName = items[i].CompanyName
		}
	}
	return all, nil
}

// bundle is a Bundle while it is gathered.
type bundle struct {
	Bundle
	first *Row // the one recorded first: its credits are shown
	roots map[id.Company]bool
}

// bundles gathers what the filter takes and gives the newest, as the query of the function Bundles does.
func (c *choice) bundles(years map[period.Year][]Row) []*bundle {
	type key struct {
		kind  Kind
		state State
		of    string // the activity, else the row
	}
	by := map[key]*bundle{}
	for y, rows := range years {
		if y < c.From || c.To != 0 && y > c.To {
			continue
		}
		for i := range rows {
			r := &rows[i]
			if !c.takes(r) {
				continue
			}
			state, _ := r.known(c.AsOf)
			k := key{r.Kind, state, cmp.Or(string(r.Activity), string(r.ID))}
			b := by[k]
			if b == nil {
				b = &bundle{Bundle: Bundle{Kind: r.Kind, State: state}, first: r, roots: map[id.Company]bool{}}
				by[k] = b
			}
			b.Rows++
			b.Dated = max(b.Dated, r.Dated)
			if r.ID < b.first.ID {
				b.first = r
			}
			if r.Root != "" {
				b.roots[r.Root] = true
			}
		}
	}
	all := slices.Collect(maps.Values(by))
	slices.SortFunc(all, func(a, b *bundle) int {
		return cmp.Or(-cmp.Compare(a.Dated, b.Dated), -cmp.Compare(a.first.ID, b.first.ID))
	})
	return all[:min(len(all), c.limit())]
}
