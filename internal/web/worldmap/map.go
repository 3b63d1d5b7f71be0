// Package worldmap draws figures by market on a map of the world, on the server: no script, no style of its own, every country a link.
package worldmap

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"errera.eu/errera/internal/text"
)

// Row is the figure of one market.
type Row struct {
	Market     string  // ISO 3166-1 alpha-2 code; one that is not on the map stands in the table alone
	Name       string  // "" the country's name in the reader's language
	Value      float64 // orders the markets and chooses the colour; not read where suppressed
	Label      string  // the figure as it is said, in the reader's language
	Href       string  // where the rows behind it stand, "" nowhere
	Suppressed bool    // of fewer than five: neither value nor label are ever written
}

// Chart is a map to draw. A country without a row stays plain: nothing is known of it, which is not 0.
type Chart struct {
	ID   string // unique on the page, letters only
	Unit string // what is counted, as the head of the table's column
	Rows []Row
}

// steps is in how many colours figures are told apart; no more can be named from memory.
const steps = 4

// least is the area below which a country with a figure gets a circle too, in square units.
const least = 60

// drawn is a map ready to be written.
type drawn struct {
	Chart
	l      text.Language
	land   string
	marks  []mark
	keys   []key
	hidden bool     // a figure is suppressed
	absent []string // names of the markets that the map cannot show
}

// mark is a market on the map.
type mark struct {
	Row
	class, path string
	x, y        string // of the circle, "" without one
}

// key is a colour and the figures that it stands for.
type key struct{ class, says string }

// prepare places the rows on the map.
func prepare(l text.Language, c Chart) (*drawn, error) {
	w, err := world()
	if err != nil {
		return nil, err
	}
	d := &drawn{Chart: c, l: l}
	d.Rows = sorted(l, c.Rows)
	class, keys := colours(d.Rows)
	d.keys = keys
	valued := map[string]bool{}
	for _, r := range d.Rows {
		s, known := w.countries[r.Market]
		if !known {
			d.absent = append(d.absent, r.Name)
			continue
		}
		valued[r.Market] = true
		m := mark{Row: r, path: s.path, class: "er-mhid"}
		if r.Suppressed {
			d.hidden = true
		} else {
			m.class = class(r.Value)
		}
		if s.area < least {
			m.x, m.y = units(s.at.x), units(s.at.y)
		}
		d.marks = append(d.marks, m)
	}
	d.land = w.plain(valued)
	// Circles last: nothing covers them.
	slices.SortStableFunc(d.marks, func(a, b mark) int { return cmp.Compare(len(a.x), len(b.x)) })
	return d, nil
}

// plain is the land without a figure, as one outline.
func (a *atlas) plain(valued map[string]bool) string {
	var b strings.Builder
	for _, code := range slices.Sorted(maps.Keys(a.countries)) {
		if !valued[code] {
			b.WriteString(a.countries[code].path)
		}
	}
	for _, o := range a.others {
		b.WriteString(o)
	}
	return b.String()
}

// sorted names the rows and puts the greatest first, those suppressed last.
func sorted(l text.Language, rows []Row) []Row {
	rows = slices.Clone(rows)
	for i := range rows {
		if rows[i].Name == "" {
			rows[i].Name = l.Country(rows[i].Market)
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		if a.Suppressed != b.Suppressed {
			return map[bool]int{true: 1, false: -1}[a.Suppressed]
		}
		if a.Suppressed {
			return strings.Compare(a.Name, b.Name)
		}
		return cmp.Or(-cmp.Compare(a.Value, b.Value), strings.Compare(a.Name, b.Name))
	})
	return rows
}

// colours shares the figures out over at most four steps, as many different figures in each; equal figures have one colour. The key of a
// step names its least and its greatest figure, so it never says more than the rows do.
func colours(rows []Row) (func(float64) string, []key) {
	var values []float64
	label := map[float64]string{}
	for _, r := range slices.Backward(rows) {
		if r.Suppressed {
			continue
		}
		if _, seen := label[r.Value]; !seen {
			values, label[r.Value] = append(values, r.Value), r.Label
		}
	}
	n := min(steps, len(values))
	class := func(v float64) string {
		at, _ := slices.BinarySearch(values, v)
		return stepClass(at*n/max(len(values), 1), n)
	}
	var keys []key
	for i, v := range values {
		if c := class(v); len(keys) == 0 || keys[len(keys)-1].class != c {
			keys = append(keys, key{c, label[v]})
		} else if first := keys[len(keys)-1]; i+1 == len(values) || class(values[i+1]) != c {
			keys[len(keys)-1].says = first.says + "–" + label[v]
		}
	}
	return class, keys
}

// stepClass is the colour of step i of n; few steps take the darker ones.
func stepClass(i, n int) string { return "er-m" + strconv.Itoa(steps-n+i+1) }

// finding says what the map shows: the markets with the greatest figures.
func (d *drawn) finding() string {
	var first []string
	for _, r := range d.Rows {
		if !r.Suppressed && len(first) < 3 {
			first = append(first, r.Name+" "+r.Label)
		}
	}
	if len(first) == 0 {
		return d.l.Say("map.nothing", text.Args{"unit": d.Unit})
	}
	return d.l.Say("map.finding", text.Args{"unit": d.Unit, "most": strings.Join(first, ", "), "n": len(d.Rows)})
}

// says is the figure of a market in words.
func (d *drawn) says(r Row) string {
	if r.Suppressed {
		return d.l.Say("map.few", nil)
	}
	return r.Label
}

// box is the part of the drawing that is shown.
func box() string {
	return units(left) + " 0 " + units(right-left) + " " + units(math.Ceil((top-bottom)*scale))
}

func units(v float64) string { return strconv.FormatFloat(math.Round(v), 'f', -1, 64) }

// absentNames are the markets that the map cannot show.
func (d *drawn) absentNames() string { return strings.Join(d.absent, ", ") }

// hatch fills a suppressed market with the pattern of its map.
func (d *drawn) hatch(m mark) templ.Attributes {
	if !m.Suppressed {
		return nil
	}
	return filled(d.ID + "-few")
}

// filled fills a shape with a pattern; "" leaves it to the style sheet.
func filled(pattern string) templ.Attributes {
	if pattern == "" {
		return nil
	}
	return templ.Attributes{"fill": "url(#" + pattern + ")"}
}
