package kpi

import (
	"context"
	"slices"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// Activities that begin after a day and by another, and that nobody called off.
var countPlanned = db.SQL("kpi.activity.planned", `select count(*) from activity a
	where a.programme_id = $1 and a.starts_on > $2 and a.starts_on <= $3 and a.state not in ('cancelled', 'postponed')
		and ($4 = '' or $4 like '% ' || a.type || ' %') and a.organisers >= $5
		and ($6 = '' or exists (select 1 from activity_organiser o
			where o.programme_id = a.programme_id and o.activity_id = a.id and o.organisation_id = $6))`)

// LoadForecast tells where the year of a KPI is expected to end, for an organisation or the programme (""), as known on a day of that year; nil
// on any other day and where there is no figure yet.
func LoadForecast(ctx context.Context, tx *db.Tx, m *evidence.Mirror, programme id.Programme, d *Definition, organisation id.Organisation,
	year period.Year, asOf period.Date, b Basis) (*Forecast, error) {
	if asOf < year.First() || asOf >= year.Last() {
		return nil, nil
	}
	span, err := programmeSpan(ctx, tx, programme)
	if err != nil {
		return nil, err
	}
	costs, err := loadCosts(ctx, tx, programme, asOf, d)
	if err != nil {
		return nil, err
	}
	elapsed, length := year.Elapsed(asOf)
	s := seasons{d, organisation, b, costs}
	o := Outlook{Grows: d.adds(), Counts: d.Aggregate == Count || d.Aggregate == Distinct, Elapsed: elapsed, Length: length}
	for y := span.From.Year(); y <= year; y++ {
		if y == span.From.Year() && span.From > y.First().AddDays(elapsed) {
			continue // it had not begun by that day of the year
		}
		rows, err := m.Of(ctx, tx, programme, evidence.Query{From: max(d.From(y), span.From.Year()), To: y, AsOf: asOf, Organisation: organisation})
		if err != nil {
			return nil, err
		}
		if y < year {
			if season, ok := s.of(rows, y, y.First().AddDays(elapsed-1)); ok {
				o.Past = append(o.Past, season)
			}
			continue
		}
		now, ok := s.of(rows, y, asOf)
		if !ok {
			return nil, nil
		}
		o.Now, o.Borne = now.At, now.BorneAt
		o.Held = s.held(rows, y, y.First(), asOf)
	}
	joint := 0
	if d.JointOnly {
		joint = 2
	}
	err = tx.Row(ctx, countPlanned, programme, asOf, year.Last(), typeList(d.ActivityTypes), joint, organisation).Scan(&o.Planned)
	if err != nil {
		return nil, err
	}
	f, ok := ForecastOf(o)
	if !ok {
		return nil, nil
	}
	return &f, nil
}

func typeList(types []string) string {
	if len(types) == 0 {
		return ""
	}
	list := " "
	for _, t := range types {
		list += t + " "
	}
	return list
}

// seasons cut years at a day.
type seasons struct {
	d            *Definition
	organisation id.Organisation
	basis        Basis
	costs        Costs
}

// of is the year as it went; false when it has no figure at the cut.
func (s seasons) of(rows []evidence.Row, year period.Year, cut period.Date) (Season, bool) {
	early := func(r *evidence.Row) bool { return r.Dated <= cut }
	borne := func(r *evidence.Row) bool { return r.Activity != "" }
	at, ok := s.value(rows, year, early)
	final, whole := s.value(rows, year, nil)
	if !ok || !whole {
		return Season{}, false
	}
	season := Season{Year: year, At: at, Final: final, Held: s.held(rows, year, cut.AddDays(1), year.Last())}
	if s.d.adds() {
		season.BorneAt, _ = s.value(rows, year, func(r *evidence.Row) bool { return early(r) && borne(r) })
		season.BorneFinal, _ = s.value(rows, year, borne)
	}
	return season, true
}

func (s seasons) value(rows []evidence.Row, year period.Year, only func(*evidence.Row) bool) (float64, bool) {
	c := s.d.counter(s.organisation, year, s.costs)
	c.lean = true
	for i := range rows {
		r := &rows[i]
		if only != nil && !only(r) || !s.d.takes(r, year) || !s.d.admits(r, s.basis) {
			continue
		}
		if weight := s.d.weight(r, s.organisation); weight > 0 {
			c.add(r, weight)
		}
	}
	v := s.d.Value(c.figure())
	if v == nil {
		return 0, false
	}
	f, _ := v.Float64()
	return f, true
}

// held counts the activities of the year that took place within a span, as far as they could bear such rows.
func (s seasons) held(rows []evidence.Row, year period.Year, from, to period.Date) int {
	seen := map[id.Activity]bool{}
	for i := range rows {
		r := &rows[i]
		if r.Kind != evidence.Held || r.Year != year || r.State == evidence.Rejected || r.Dated < from || r.Dated > to ||
			s.d.JointOnly && r.Organisers < 2 || s.d.weight(r, s.organisation) == 0 {
			continue
		}
		if len(s.d.ActivityTypes) == 0 || slices.Contains(s.d.ActivityTypes, r.ActivityType) {
			seen[r.Activity] = true
		}
	}
	return len(seen)
}
