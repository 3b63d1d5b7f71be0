package plan

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/upload"
)

// Columns are those of a plan as a list, in their order: one row an activity, with its code, what it is, what it is planned to cost by category
// and to bring for KPIs. A partner takes the list to its spreadsheet and brings it back.
func Columns(known []*kpi.Definition) []string {
	all := []string{"activity", "title", "type", "starts", "ends", "around", "place", "city", "country", "markets", "sectors", "needs", "audience",
		"language", "places", "price", "url"}
	for _, c := range funding.Categories() {
		all = append(all, "cost."+c)
	}
	for _, d := range known {
		if Plannable(d) && !Counts(d) {
			all = append(all, "kpi."+d.Code)
		}
	}
	return all
}

// Cells are what an activity says in those columns.
func Cells(known []*kpi.Definition, a *activity.Activity, e activity.Estimate) []string {
	starts, ends := string(a.Starts), string(a.Ends)
	if a.Around != "" {
		starts, ends = "", ""
	}
	all := []string{a.Code, a.Title, string(a.Type), starts, ends, string(a.Around), string(a.Place), a.City, a.Country, strings.Join(a.Markets, " "),
		strings.Join(a.Sectors, " "), strings.Join(a.Needs, " "), string(a.Audience), a.Language, filled(a.Places > 0, strconv.Itoa(a.Places)),
		filled(a.Price > 0, a.Price.String()), a.URL}
	for _, c := range funding.Categories() {
		all = append(all, filled(e.Costs[c] > 0, e.Costs[c].String()))
	}
	for _, d := range known {
		if Plannable(d) && !Counts(d) {
			all = append(all, kpi.Decimal(e.Effects[d.ID]))
		}
	}
	return all
}

func filled(there bool, s string) string {
	if there {
		return s
	}
	return ""
}

// Taken counts what a list did to a plan.
type Taken struct{ New, Changed, Same int }

// TakeList plans and changes activities of a plan as a list says, all or nothing: a row with the code of one of the plan's activities, or
// else with its title and first day (any, where that one has no days yet), changes that one; any other row plans a new one. A column that the list lacks changes nothing, an
// activity that it lacks stays as it is. Faults: missing out of scope, denied; conflict while the plan waits for the agency; rows of the file.
func TakeList(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, ref Ref, t upload.Table) (Taken, error) {
	p, now, err := begin(ctx, tx, by, g, ref)
	if err != nil {
		return Taken{}, err
	}
	if p.State == Submitted {
		return Taken{}, fault.Conflict("plan.waits", nil)
	}
	if err := by.May("activity.plan", access.Subject{Kind: "activity", Partner: p.Partner}); err != nil {
		return Taken{}, err
	}
	l := sheet{file: t.Name, year: ref.Year}
	if l.known, err = kpi.Definitions(ctx, tx, g); err != nil {
		return Taken{}, err
	}
	if err := l.head(t.Header); err != nil {
		return Taken{}, err
	}
	of, err := activity.Estimates(ctx, tx, g, now)
	if err != nil {
		return Taken{}, err
	}
	var done Taken
	for _, line := range t.Rows {
		l.line = line
		if err := l.take(ctx, tx, by, g, &p, now, of, &done); err != nil {
			return Taken{}, err
		}
	}
	return done, l.faults.Err()
}

// sheet reads the rows of a plan as a list.
type sheet struct {
	file   string
	year   period.Year
	known  []*kpi.Definition
	at     map[string]int // of a column
	line   upload.Line
	faults fault.Rows
}

// head finds the columns; one that a plan does not have is told, as is a title that is missing.
func (l *sheet) head(header []string) error {
	l.at = map[string]int{}
	columns := Columns(l.known)
	for n, name := range header {
		if name = strings.ToLower(name); name == "" {
			continue
		}
		if _, twice := l.at[name]; twice || !slices.Contains(columns, name) {
			l.faults = append(l.faults, fault.Row{File: l.file, Line: 1, Column: name, Found: name, Want: "plan.file.column",
				Args: text.Args{"list": strings.Join(columns, ", ")}})
		}
		l.at[name] = n
	}
	if _, there := l.at["title"]; !there {
		l.faults = append(l.faults, fault.Row{File: l.file, Line: 1, Column: "title", Want: "plan.file.column", Args: text.Args{"list": strings.Join(columns, ", ")}})
	}
	return l.faults.Err()
}

// cell is what stands in a column of the line, and whether the file has that column.
func (l *sheet) cell(column string) (string, bool) {
	n, there := l.at[column]
	if !there || n >= len(l.line.Cells) {
		return "", there
	}
	return l.line.Cells[n], true
}

// take does what one row says.
func (l *sheet) take(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, p *Plan, now []activity.Activity,
	of map[id.Activity]activity.Estimate, done *Taken) error {
	was, known := l.find(now)
	before := len(l.faults)
	d, saying := l.details(was.Details), l.saying(of[was.ID])
	if len(l.faults) > before {
		return nil
	}
	if err := InYear(d, l.year); err != nil {
		return l.refuse(err)
	}
	same := known && fmt.Sprint(d) == fmt.Sprint(was.Details)
	a, err := was, error(nil)
	switch {
	case !known:
		a, err = activity.Plan(ctx, tx, by, g, "", d, []activity.Organiser{{Organisation: p.Partner, Weight: 1}})
	case !same:
		a, err = activity.Change(ctx, tx, by, g, was.Code, d)
	}
	if err != nil {
		return l.refuse(err)
	}
	e, err := saying.check(l.known)
	if err != nil {
		return l.refuse(err)
	}
	if kept := of[was.ID]; fmt.Sprint(e.Costs) != fmt.Sprint(kept.Costs) || !alike(e.Effects, kept.Effects) {
		same = false
		if err := activity.SetEstimate(ctx, tx, by, g, a.Code, e); err != nil {
			return l.refuse(err)
		}
	}
	switch {
	case !known:
		done.New++
	case same:
		done.Same++
	default:
		done.Changed++
	}
	return nil
}

func alike(a, b map[id.KPI]*big.Rat) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if b[k] == nil || v.Cmp(b[k]) != 0 {
			return false
		}
	}
	return true
}

// find is the activity of the plan that a row is about. A code that the plan does not hold is a fault of the row.
func (l *sheet) find(now []activity.Activity) (activity.Activity, bool) {
	code, _ := l.cell("activity")
	title, _ := l.cell("title")
	starts, _ := l.cell("starts")
	first, _ := upload.Date(starts)
	at := slices.IndexFunc(now, func(a activity.Activity) bool {
		if code != "" {
			return a.Code == code
		}
		return a.Title == title && a.State != activity.Cancelled && (a.Starts == first || a.Around != "")
	})
	if at >= 0 {
		return now[at], true
	}
	if code != "" {
		l.fault("activity", "plan.file.unknown", nil)
	}
	return activity.Activity{Details: activity.Details{Place: activity.Onsite}}, false
}

func (l *sheet) fault(column string, want text.Key, args text.Args) {
	found, _ := l.cell(column)
	l.faults = append(l.faults, fault.Row{File: l.file, Line: l.line.N, Column: column, Found: found, Want: want, Args: args})
}

// refuse tells what is wrong with a row at its column; an error that is no fault of the row comes back.
func (l *sheet) refuse(err error) error {
	if fault.Is(err, fault.KindInternal) || fault.Is(err, fault.KindDenied) {
		return err
	}
	for _, f := range fault.Of(err).All() {
		column := strings.TrimSuffix(f.Field, "_on")
		if code, is := strings.CutPrefix(column, "effect."); is {
			column = "kpi." + code
		}
		l.fault(column, "plan.file.that", text.Args{"why": because{&f}})
	}
	return nil
}

// details is what the row says of an activity that said d before; what is no word of a list or no day stays as it stands, to be refused as such.
func (l *sheet) details(d activity.Details) activity.Details {
	for column, into := range map[string]*string{"title": &d.Title, "city": &d.City, "language": &d.Language, "url": &d.URL} {
		if s, there := l.cell(column); there {
			*into = s
		}
	}
	if s, there := l.cell("country"); there {
		d.Country = strings.ToUpper(s)
	}
	listed := func(column string, into *[]string, read func(string) string) {
		if s, there := l.cell(column); there {
			*into = nil
			for _, word := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,;", r) }) {
				*into = append(*into, read(word))
			}
		}
	}
	listed("markets", &d.Markets, strings.ToUpper)
	listed("sectors", &d.Sectors, strings.ToLower)
	listed("needs", &d.Needs, func(s string) string {
		return worded(s, activity.Needs(), func(n string) text.Key { return text.Key("need." + n) })
	})
	if s, there := l.cell("type"); there {
		d.Type = worded(s, activity.Types(), activity.Type.Key)
	}
	if s, there := l.cell("place"); there && s != "" {
		d.Place = worded(s, activity.Places(), activity.Place.Key)
	}
	if s, there := l.cell("audience"); there {
		d.Audience = worded(s, activity.Audiences(), activity.Audience.Key)
	}
	l.when(&d)
	if s, there := l.cell("places"); there {
		n, err := strconv.Atoi(s)
		if d.Places = n; s != "" && err != nil {
			l.fault("places", "plan.file.whole", nil)
		}
	}
	if s, there := l.cell("price"); there {
		d.Price = l.amount("price", s)
	}
	return d
}

// when reads the days, or what is said in their place.
func (l *sheet) when(d *activity.Details) {
	day := func(column string, into *period.Date) bool {
		s, there := l.cell(column)
		if !there {
			return false
		}
		var is bool
		if *into, is = upload.Date(s); !is {
			*into = period.Date(s)
		}
		return s != ""
	}
	around, _ := l.cell("around")
	if around != "" {
		d.Around, _ = period.ParseAround(around)
		d.Starts, d.Ends = d.Around.Span().From, d.Around.Span().To
		if !d.Around.Valid() {
			l.fault("around", "plan.file.around", nil)
		}
		return
	}
	if starts := day("starts", &d.Starts); starts {
		d.Around = ""
	}
	if ends := day("ends", &d.Ends); !ends && d.Around == "" {
		d.Ends = ""
		if d.Starts.Valid() {
			d.Ends = d.Starts
		}
	}
}

func (l *sheet) amount(column, s string) money.Amount {
	a, err := money.Typed(s)
	if s != "" && err != nil {
		l.fault(column, "plan.file.value", nil)
	}
	return a
}

// worded is a word of a list, or what stands there, to be refused as such.
func worded[T ~string](s string, from []T, key func(T) text.Key) T {
	if x, is := text.Word(s, from, key); is {
		return x
	}
	return T(strings.ToLower(s))
}

// saying is what the row says it will cost and bring, beside what was said in columns that the file lacks.
func (l *sheet) saying(e activity.Estimate) Saying {
	s := Saying{Costs: map[string]money.Amount{}, Effects: map[string]*big.Rat{}}
	for _, c := range funding.Categories() {
		s.Costs[c] = e.Costs[c]
		if typed, there := l.cell("cost." + c); there {
			s.Costs[c] = l.amount("cost."+c, typed)
		}
	}
	for _, d := range l.known {
		if !Plannable(d) || Counts(d) {
			continue
		}
		if v := e.Effects[d.ID]; v != nil {
			s.Effects[d.Code] = v
		}
		typed, there := l.cell("kpi." + d.Code)
		if !there {
			continue
		}
		delete(s.Effects, d.Code)
		if typed == "" {
			continue
		}
		v, is := Number(strings.ReplaceAll(typed, ",", "."))
		if s.Effects[d.Code] = v; !is {
			l.fault("kpi."+d.Code, "plan.file.value", nil)
		}
	}
	return s
}

// InYear refuses days that are in no year of a plan.
func InYear(d activity.Details, year period.Year) error {
	switch {
	case d.Around != "" && d.Around.Year() != year:
		return fault.Invalid("around", "plan.other_year", text.Args{"year": year})
	case d.Around == "" && d.Starts.Valid() && d.Starts.Year() != year:
		return fault.Invalid("starts_on", "plan.other_year", text.Args{"year": year})
	}
	return nil
}
