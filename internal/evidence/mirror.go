package evidence

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"
	"sync"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// Mirror keeps the rows of programmes in memory, so that figures need not read them again after every write. It is a cache: each read compares
// the programme's and the agency's sequence in its own transaction and reads what is missing, so that several processes agree. It is safe for
// many goroutines. A nil Mirror reads the database each time.
type Mirror struct {
	mu   sync.Mutex
	most int // rows of a programme; one that has more is read from the database
	kept map[id.Programme]*mirrored
}

// mirrored is one programme. The rows of a year are in the order of Of and are never changed: a change makes a new list.
type mirrored struct {
	mu      sync.Mutex
	version db.Version
	loaded  bool
	large   bool
	years   map[period.Year][]Row
}

// step is a state that a row had from a day on.
type step struct {
	state State
	on    period.Date
}

// MirrorRows is how many rows of evidence of one programme a process holds in memory; larger programmes are read from the database.
const MirrorRows = 200_000

// NewMirror holds programmes of at most so many rows: 200,000 rows take about 100 MB.
func NewMirror(most int) *Mirror { return &Mirror{most: most, kept: map[id.Programme]*mirrored{}} }

var (
	mirrorCount = db.SQL("evidence.mirror.count", `select count(*) from evidence where programme_id = $1`)
	mirrorAll   = db.SQL("evidence.mirror.all", `select `+packed+`e.state, e.state_on)
		from evidence e left join company_root r on r.company_id = e.company_id
		left join company co on co.id = coalesce(r.root_id, e.company_id)
		where e.programme_id = $1`)
	mirrorSteps = db.SQL("evidence.mirror.steps", `select concat_ws('|', d.evidence_id, d.state, d.decided_on) from evidence_decision d
		where d.programme_id = $1 order by d.evidence_id, d.n`)
	mirrorSince = db.SQL("evidence.mirror.since", `select `+packed+`e.state, e.state_on)
		from evidence e left join company_root r on r.company_id = e.company_id
		left join company co on co.id = coalesce(r.root_id, e.company_id)
		where e.programme_id = $1 and e.seq > $2`)
	mirrorStepsSince = db.SQL("evidence.mirror.steps_since", `select concat_ws('|', d.evidence_id, d.state, d.decided_on)
		from evidence e cross join evidence_decision d
		where e.programme_id = $1 and e.seq > $2 and d.programme_id = e.programme_id and d.evidence_id = e.id order by d.evidence_id, d.n`)
	mirrorMoved = db.SQL("evidence.mirror.moved", `select `+packed+`e.state, e.state_on)
		from company_root r join evidence e on e.company_id = r.company_id
		left join company co on co.id = r.root_id
		where e.programme_id = $1 and r.seq > $2`)
	mirrorSizes = db.SQL("evidence.mirror.sizes", `select `+packed+`e.state, e.state_on)
		from company co join company_root r on r.root_id = co.id join evidence e on e.company_id = r.company_id
		where e.programme_id = $1 and co.seq > $2`)
)

// Of is the function Of, from memory where the unit of work only reads. The rows may be shared with other readers: nobody changes them.
func (m *Mirror) Of(ctx context.Context, tx *db.Tx, programme id.Programme, q Query) ([]Row, error) {
	if m == nil || tx.Writes() {
		return Of(ctx, tx, programme, q)
	}
	years, err := m.programme(programme).at(ctx, tx, programme, m.most)
	if err != nil {
		return nil, err
	}
	if years == nil {
		return Of(ctx, tx, programme, q)
	}
	rows := chosenRows(years, q)
	if q.AsOf == "" {
		return rows, nil
	}
	if err := sharesThen(ctx, tx, programme, q.AsOf, rows); err != nil {
		return nil, err
	}
	if q.Organisation != "" {
		rows = slices.DeleteFunc(rows, func(r Row) bool { return r.CreditOf(q.Organisation) == 0 })
	}
	return rows, nil
}

// chosenRows copies the rows that a query chooses, in the state known on its day; with no choice but one year it is the kept list itself.
func chosenRows(years map[period.Year][]Row, q Query) []Row {
	if q.From == q.To && len(q.Kinds) == 0 && q.AsOf == "" && q.Organisation == "" {
		return slices.Clip(years[q.From])
	}
	n := 0
	for y, list := range years {
		if y >= q.From && y <= q.To {
			n += len(list)
		}
	}
	rows := make([]Row, 0, n)
	for _, y := range slices.Sorted(maps.Keys(years)) {
		if y < q.From || y > q.To {
			continue
		}
		for i := range years[y] {
			r := &years[y][i]
			if len(q.Kinds) > 0 && r.KPI == "" && !slices.Contains(q.Kinds, r.Kind) || q.AsOf != "" && r.ReportedOn > q.AsOf ||
				q.AsOf == "" && q.Organisation != "" && r.CreditOf(q.Organisation) == 0 {
				continue
			}
			rows = append(rows, *r)
			if q.AsOf != "" {
				rows[len(rows)-1].then(q.AsOf)
			}
		}
	}
	if q.From == q.To {
		return rows
	}
	inOrder(rows)
	return rows
}

// then puts back the state that the row had on a day.
func (w *Row) then(on period.Date) { w.State, w.StateOn = w.known(on) }

// known is the state that the row of a Mirror had on a day ("" now), and since when.
func (w *Row) known(on period.Date) (State, period.Date) {
	if on == "" || w.StateOn <= on {
		return w.State, w.StateOn
	}
	state, since := w.State, w.StateOn
	for _, s := range w.life {
		if s.on <= on {
			state, since = s.state, s.on
		}
	}
	return state, since
}

func (m *Mirror) programme(programme id.Programme) *mirrored {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.kept[programme]
	if p == nil {
		p = &mirrored{}
		m.kept[programme] = p
	}
	return p
}

// at brings the programme up to what the unit of work sees. Nil when it must read the database itself: the programme is too large, or the unit
// of work began before the last one that was seen.
func (p *mirrored) at(ctx context.Context, tx *db.Tx, programme id.Programme, most int) (map[period.Year][]Row, error) {
	v, err := tx.Version(ctx, programme)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.large:
		return nil, nil
	case !p.loaded:
		err = p.load(ctx, tx, programme, most)
	case p.version.Programme > v.Programme || p.version.Agency > v.Agency:
		return nil, nil
	case p.version != v:
		err = p.catchUp(ctx, tx, programme, v)
	}
	if err != nil || p.large {
		return nil, err
	}
	p.loaded, p.version = true, v
	return p.years, nil
}

func (p *mirrored) load(ctx context.Context, tx *db.Tx, programme id.Programme, most int) error {
	var n int
	if err := tx.Row(ctx, mirrorCount, programme).Scan(&n); err != nil {
		return err
	}
	if p.large = n > most; p.large {
		return nil
	}
	fresh := make([]Row, 0, n)
	u := newUnpacker()
	if err := readRows(ctx, tx, mirrorAll, []any{programme}, u, &fresh); err != nil {
		return err
	}
	if err := readSteps(ctx, tx, mirrorSteps, []any{programme}, u, fresh); err != nil {
		return err
	}
	arrange(fresh, func(a, b *Row) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), strings.Compare(string(a.ID), string(b.ID)))
	})
	p.years = map[period.Year][]Row{}
	for first := 0; first < len(fresh); { // a year is a part of the one list: nothing is copied
		y, end := fresh[first].Year, first
		for end < len(fresh) && fresh[end].Year == y {
			end++
		}
		p.years[y] = fresh[first:end:end]
		first = end
	}
	return nil
}

// catchUp reads the rows that were made or moved, and those of companies that stand for another or changed, since the version kept.
func (p *mirrored) catchUp(ctx context.Context, tx *db.Tx, programme id.Programme, v db.Version) error {
	var fresh, renamed []Row
	u := newUnpacker()
	since := []any{programme, p.version.Programme}
	if v.Programme != p.version.Programme {
		if err := readRows(ctx, tx, mirrorSince, since, u, &fresh); err != nil {
			return err
		}
		if len(fresh) > 0 {
			if err := readSteps(ctx, tx, mirrorStepsSince, since, u, fresh); err != nil {
				return err
			}
		}
	}
	if v.Agency != p.version.Agency {
		for _, q := range []db.Query{mirrorMoved, mirrorSizes} {
			if err := readRows(ctx, tx, q, []any{programme, p.version.Agency}, u, &renamed); err != nil {
				return err
			}
		}
	}
	p.put(fresh, renamed)
	return nil
}

// put makes new lists of the years that change. A row of a company that changed keeps its life; what a row says of its year never changes.
func (p *mirrored) put(fresh, renamed []Row) {
	changed := map[period.Year]map[id.Evidence]Row{}
	add := func(r Row) {
		if changed[r.Year] == nil {
			changed[r.Year] = map[id.Evidence]Row{}
		}
		changed[r.Year][r.ID] = r
	}
	for _, r := range renamed {
		if i, found := place(p.years[r.Year], r.ID); found {
			r.life = p.years[r.Year][i].life
		}
		add(r)
	}
	for _, r := range fresh {
		add(r)
	}
	if len(changed) == 0 {
		return
	}
	years := maps.Clone(p.years)
	for y, rows := range changed {
		list := slices.Clone(years[y])
		for _, r := range rows {
			if i, found := place(years[y], r.ID); found {
				list[i] = r
			} else {
				list = append(list, r)
			}
		}
		inOrder(list)
		years[y] = list
	}
	p.years = years
}

func place(rows []Row, e id.Evidence) (int, bool) {
	return slices.BinarySearchFunc(rows, e, func(r Row, e id.Evidence) int { return strings.Compare(string(r.ID), string(e)) })
}

// readSteps gives rows their lives. A row that was only ever reported needs none.
func readSteps(ctx context.Context, tx *db.Tx, q db.Query, args []any, u *unpacker, rows []Row) error {
	at := make(map[id.Evidence]int, len(rows))
	for i := range rows {
		if rows[i].State != Reported || rows[i].StateOn != rows[i].ReportedOn {
			at[rows[i].ID] = i
		}
	}
	return tx.Each(ctx, q, args, func(r *sql.Rows) error {
		var line string
		if err := r.Scan(&line); err != nil {
			return err
		}
		of, rest, _ := strings.Cut(line, "|")
		if i, needed := at[id.Evidence(of)]; needed {
			state, on, _ := strings.Cut(rest, "|")
			rows[i].life = append(rows[i].life, step{State(u.word(state)), period.Date(u.word(on))})
		}
		return nil
	})
}
