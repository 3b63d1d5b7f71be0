package evidence

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

var (
	listWaiting = db.SQL("evidence.waiting.list", `select o.id, o.code, o.short_name, e.kind, count(*), min(e.reported_on)
		from evidence e cross join evidence_credit c join organisation o on o.id = c.organisation_id
		where c.programme_id = e.programme_id and c.evidence_id = e.id and e.programme_id = $1 and e.year = $2 and e.state = 'reported'
			and ($3 = '*' or $3 like '%' || c.organisation_id || '%')
		group by o.id, o.code, o.short_name, o.position, e.kind
		order by min(e.reported_on), o.position, e.kind`)
	listSamples = db.SQL("evidence.sample.list", `select s.id, s.year, s.kind, s.organisation_id, s.seed, s.population, s.size, s.drawn_on, s.closed_on,
			o.short_name, (select count(*) from evidence_sampled d join evidence e on e.programme_id = d.programme_id and e.id = d.evidence_id
				where d.programme_id = s.programme_id and d.sample_id = s.id and d.drawn = 1 and e.state <> 'reported'),
			(select count(*) from evidence_sampled d join evidence e on e.programme_id = d.programme_id and e.id = d.evidence_id
				where d.programme_id = s.programme_id and d.sample_id = s.id and d.drawn = 1 and e.state = 'rejected')
		from evidence_sample s join organisation o on o.id = s.organisation_id
		where s.programme_id = $1 and ($2 = 0 or s.year = $2) and ($3 = '*' or $3 like '%' || s.organisation_id || '%')
		order by s.drawn_on desc, s.id desc`)
)

// Waiting is rows of a partner and kind that nobody has verified or refused.
type Waiting struct {
	Partner     id.Organisation
	Code, Short string
	Kind        Kind
	Rows        int
	Oldest      period.Date // reported
}

// ListWaiting tells what waits of a year, what waits longest first. A joint row waits at each partner that holds credit in it.
func ListWaiting(ctx context.Context, tx *db.Tx, scope access.Scope, programme id.Programme, year period.Year) ([]Waiting, error) {
	var all []Waiting
	return all, tx.Each(ctx, listWaiting, []any{programme, int(year), scope}, func(r *sql.Rows) error {
		var w Waiting
		err := r.Scan(&w.Partner, &w.Code, &w.Short, &w.Kind, &w.Rows, &w.Oldest)
		all = append(all, w)
		return err
	})
}

// SampleLine is a sample in a list, without its rows.
type SampleLine struct {
	Sample
	Short         string // of the partner
	Looked, Wrong int
}

// ListSamples lists the samples of a year (0 all), the newest first.
func ListSamples(ctx context.Context, tx *db.Tx, scope access.Scope, programme id.Programme, year period.Year) ([]SampleLine, error) {
	var all []SampleLine
	return all, tx.Each(ctx, listSamples, []any{programme, int(year), scope}, func(r *sql.Rows) error {
		var s SampleLine
		err := r.Scan(&s.ID, &s.Year, &s.Kind, &s.Partner, &s.Seed, &s.Population, &s.Size, &s.DrawnOn, &s.ClosedOn, &s.Short, &s.Looked, &s.Wrong)
		all = append(all, s)
		return err
	})
}
