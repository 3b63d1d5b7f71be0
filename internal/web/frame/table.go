package frame

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"
)

// Column is one column of a table of rows R.
type Column[R any] struct {
	Key   string                  // in addresses
	Head  string                  // in the reader's language
	Num   bool                    // stands right; a number in a spreadsheet
	Name  bool                    // names the row
	Quiet bool                    // in grey, on one line
	Extra bool                    // not on the page until it is chosen
	Text  func(R) string          // what a file holds
	Show  func(R) string          // what the page shows instead
	Cell  func(R) templ.Component // what the page shows instead, with links; where Text is empty, nothing
	Order func(a, b R) int        // nil: nobody sorts by it
	Sum   string                  // under the column; under the one that names rows, what is summed
}

// Table is a list that its reader sorts, narrows to columns, pages through and takes away as a file. What was chosen lives in the address:
// sort=key or -key, col=key for each column, after=key of the last row seen, format=csv or xlsx.
type Table[R any] struct {
	page    Page
	columns []Column[R]
	natural string // order that rows come in, as in the address
	sort    string
	by      *Column[R]
	chosen  []string
	started bool
}

// NewTable reads the choices of the address. Natural is the order in which the page finds its rows, "" for one that no column has.
func NewTable[R any](p Page, natural string, columns ...Column[R]) (*Table[R], error) {
	q := p.URL.Query()
	t := &Table[R]{page: p, columns: columns, natural: natural, sort: q.Get("sort"), started: q.Get("after") != ""}
	if t.sort == "" {
		t.sort = natural
	}
	for i, c := range columns {
		if c.Key == strings.TrimPrefix(t.sort, "-") && c.Order != nil {
			t.by = &columns[i]
		}
	}
	if t.by == nil && t.sort != natural {
		return nil, BadFilter("sort", t.sort)
	}
	for _, key := range q["col"] {
		if !slices.ContainsFunc(columns, func(c Column[R]) bool { return c.Key == key }) {
			return nil, BadFilter("col", key)
		}
		t.chosen = append(t.chosen, key)
	}
	return t, nil
}

// Sort puts rows in the order that was asked for; equal ones stay as they were.
func (t *Table[R]) Sort(rows []R) {
	if t.by == nil || t.sort == t.natural {
		return
	}
	down := strings.HasPrefix(t.sort, "-")
	slices.SortStableFunc(rows, func(a, b R) int {
		if down {
			return t.by.Order(b, a)
		}
		return t.by.Order(a, b)
	})
}

// Cut takes a page of sorted rows, from after the row that the address names, and the key of its last row where more follow. When that row
// is gone, the list starts anew.
func (t *Table[R]) Cut(rows []R, key func(R) string) (page []R, next string) {
	if after := t.page.URL.Query().Get("after"); after != "" {
		rows = rows[slices.IndexFunc(rows, func(r R) bool { return key(r) == after })+1:]
	}
	if len(rows) <= ListPage {
		return rows, ""
	}
	return rows[:ListPage], key(rows[ListPage-1])
}

// shown are the columns on the page: those chosen, or all but the extra ones. The one that names the row always is.
func (t *Table[R]) shown() []Column[R] {
	return slices.DeleteFunc(slices.Clone(t.columns), func(c Column[R]) bool {
		if len(t.chosen) > 0 {
			return !c.Name && !slices.Contains(t.chosen, c.Key)
		}
		return c.Extra
	})
}

// FileAsked tells whether the address asks for a file instead of a page.
func FileAsked(r *http.Request) bool { return r.URL.Query().Get("format") != "" }

// AllAsked tells whether the page has to find all rows, not some from a key on: a file is asked for, or an order of the reader's own.
func AllAsked(r *http.Request) bool { return FileAsked(r) || r.URL.Query().Get("sort") != "" }

// File sends rows as the file that the address asks for: the columns that were chosen, or all of them.
func (t *Table[R]) File(out http.ResponseWriter, name string, rows []R) error {
	columns := t.columns
	if len(t.chosen) > 0 {
		columns = t.shown()
	}
	f := Sheet{Name: name, Rows: make([][]string, len(rows))}
	for _, c := range columns {
		f.Head = append(f.Head, c.Head)
		f.Nums = append(f.Nums, c.Num)
	}
	for i, r := range rows {
		for _, c := range columns {
			f.Rows[i] = append(f.Rows[i], c.Text(r))
		}
	}
	return f.Send(out, t.page.URL.Query().Get("format"))
}

// Listing is a table as a page shows it.
type Listing struct {
	Page
	Label   string
	Heads   []listHead
	Rows    [][]listCell
	Foot    []string // under each column; none where nothing is summed
	FootNum []bool
	Next    string
	Started bool
	columns []Option
	orders  []Option
}

type listHead struct {
	Label, Href, Sorted, Arrow string
	Num, Name                  bool
}

type listCell struct {
	Label string
	Class string
	Name  bool
	Empty bool
	Body  templ.Component
	Words string
}

// Listing composes a page of rows under its label; next is the key that Cut gave, or that the page's own reading did.
func (t *Table[R]) Listing(label string, rows []R, next string) Listing {
	l := Listing{Page: t.page, Label: label, Next: next, Started: t.started, Rows: make([][]listCell, len(rows))}
	shown := t.shown()
	summed := false
	for _, c := range shown {
		l.Heads = append(l.Heads, t.head(c))
		l.Foot, l.FootNum = append(l.Foot, c.Sum), append(l.FootNum, c.Num)
		summed = summed || c.Sum != ""
	}
	if !summed {
		l.Foot = nil
	}
	for i, r := range rows {
		for _, c := range shown {
			l.Rows[i] = append(l.Rows[i], c.cell(r))
		}
	}
	for _, c := range t.columns {
		on := slices.ContainsFunc(shown, func(s Column[R]) bool { return s.Key == c.Key })
		if !c.Name {
			l.columns = append(l.columns, Option{Value: c.Key, Label: c.Head, Chosen: on})
		}
		if c.Order != nil {
			for _, way := range []struct{ sign, arrow string }{{"", "↑"}, {"-", "↓"}} {
				l.orders = append(l.orders, Option{Value: way.sign + c.Key, Label: c.Head + " " + way.arrow, Chosen: t.sort == way.sign+c.Key})
			}
		}
	}
	return l
}

func (c Column[R]) cell(r R) listCell {
	x := listCell{Label: c.Head, Name: c.Name, Words: c.Text(r)}
	x.Empty = x.Words == ""
	switch {
	case x.Empty:
	case c.Cell != nil:
		x.Body = c.Cell(r)
	case c.Show != nil:
		x.Words = c.Show(r)
		x.Empty = x.Words == ""
	}
	switch {
	case c.Num:
		x.Class = "er-num"
	case c.Quiet:
		x.Class = "er-quiet text-nowrap"
	}
	return x
}

// head is a column's head: a link that sorts by it, the other way round where it already does. Numbers begin with the largest.
func (t *Table[R]) head(c Column[R]) listHead {
	h := listHead{Label: c.Head, Num: c.Num, Name: c.Name}
	if c.Order == nil {
		return h
	}
	first, second := c.Key, "-"+c.Key
	if c.Num {
		first, second = second, first
	}
	to := first
	if t.sort == first {
		to = second
	}
	switch t.sort {
	case c.Key:
		h.Sorted, h.Arrow = "ascending", "↑"
	case "-" + c.Key:
		h.Sorted, h.Arrow = "descending", "↓"
	}
	if to == t.natural {
		to = ""
	}
	h.Href = t.page.With("sort", to)
	return h
}

// fileHref is the page's rows as a file; a file has no pages.
func (l Listing) fileHref(format string) string { return l.With("format", format) }

// plain is the page's own path, for its forms.
func (l Listing) plain() string { return (&url.URL{Path: l.URL.Path}).String() }

// ByText orders rows by words, whatever their case.
func ByText[R any](of func(R) string) func(a, b R) int {
	return func(a, b R) int { return cmp.Compare(strings.ToLower(of(a)), strings.ToLower(of(b))) }
}

// By orders rows by numbers or codes.
func By[R any, V cmp.Ordered](of func(R) V) func(a, b R) int {
	return func(a, b R) int { return cmp.Compare(of(a), of(b)) }
}
