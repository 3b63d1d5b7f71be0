package kpi

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// Reach is a set of companies shown in the ways in which it can be counted: unique companies do not add (domain section 5.3).
type Reach struct {
	Contacts    int // rows with a company: every time counts
	SumOfUnique int // each member's own count, added up
	Unique      int // over the programme
	AtTwoOrMore int // companies that two members or more reached
	Members     []Member
	Overlap     [][]int // Overlap[i][j]: companies that members i and j both reached; the diagonal is the own count
}

// Member is an organisation that holds credit, or a partner that reached nobody yet. The agency comes last.
type Member struct {
	Organisation id.Organisation
	Code, Short  string
	Agency       bool
	Position     int
	Contacts     int
	Unique       int
}

// CountedMoreThanOnce is what adding up the members counts too much.
func (r *Reach) CountedMoreThanOnce() int { return r.SumOfUnique - r.Unique }

// ReachOf counts the companies in the rows that a KPI takes, whatever it aggregates. Members are those to show, in order; credit of others
// counts in the union alone.
func ReachOf(d *Definition, rows []evidence.Row, year period.Year, members []Member, b Basis) *Reach {
	r := &Reach{Members: slices.Clone(members), Overlap: make([][]int, len(members))}
	place := map[id.Organisation]int{}
	for i, m := range members {
		place[m.Organisation] = i
		r.Overlap[i] = make([]int, len(members))
	}
	reached := map[id.Company][]int{} // the places of the members that reached it
	for i := range rows {
		row := &rows[i]
		if row.Root == "" || !d.takes(row, year) || !d.admits(row, b) {
			continue
		}
		r.Contacts++
		by := reached[row.Root]
		for _, c := range row.Credits {
			p, shown := place[c.Organisation]
			if !shown {
				continue
			}
			r.Members[p].Contacts++
			if !slices.Contains(by, p) {
				by = append(by, p)
			}
		}
		reached[row.Root] = by
	}
	r.Unique = len(reached)
	for _, by := range reached {
		r.SumOfUnique += len(by)
		if len(by) > 1 {
			r.AtTwoOrMore++
		}
		for _, i := range by {
			r.Members[i].Unique++
			for _, j := range by {
				r.Overlap[i][j]++
			}
		}
	}
	return r
}

var readCredited = db.SQL("kpi.credited.list", `select o.id, o.code, o.short_name, o.position, case when o.kind = 'agency' then 1 else 0 end
	from organisation o where exists (select 1 from evidence_credit c
		where c.organisation_id = o.id and c.programme_id = $1 and c.year = $2)`)

// LoadReach counts the reach of a KPI's rows in a year, as known on a day ("" today), for all partners of that year and whoever else holds
// credit. It gives counts, never names; a reader of narrow scope sees the counts of overlap too (domain section 2).
func LoadReach(ctx context.Context, tx *db.Tx, m *evidence.Mirror, programme id.Programme, d *Definition, year period.Year, asOf period.Date,
	b Basis) (*Reach, error) {
	rows, err := m.Of(ctx, tx, programme, evidence.Query{From: d.From(year), To: year, AsOf: asOf, Kinds: d.Kinds})
	if err != nil {
		return nil, err
	}
	members, err := Members(ctx, tx, programme, year)
	if err != nil {
		return nil, err
	}
	return ReachOf(d, rows, year, members, b), nil
}

// Members lists the partners of a year and whoever else holds credit in it, the agency last.
func Members(ctx context.Context, tx *db.Tx, programme id.Programme, year period.Year) ([]Member, error) {
	ps, err := partners(ctx, tx, programme, year)
	if err != nil {
		return nil, err
	}
	var members []Member
	for _, p := range ps {
		members = append(members, Member{Organisation: p.Organisation, Code: p.Code, Short: p.Short, Position: p.Position})
	}
	err = tx.Each(ctx, readCredited, []any{programme, int(year)}, func(r *sql.Rows) error {
		var m Member
		if err := r.Scan(&m.Organisation, &m.Code, &m.Short, &m.Position, &m.Agency); err != nil {
			return err
		}
		if !slices.ContainsFunc(members, func(o Member) bool { return o.Organisation == m.Organisation }) {
			members = append(members, m)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(members, func(a, b Member) int {
		if a.Agency != b.Agency {
			if a.Agency {
				return 1
			}
			return -1
		}
		return cmp.Compare(a.Position, b.Position)
	})
	return members, nil
}
