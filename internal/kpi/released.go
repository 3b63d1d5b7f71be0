package kpi

import (
	"context"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi/release"
	"errera.eu/errera/internal/period"
)

// Released is what one partner reads of the companies that others reached. Its own rows are as they are; what is of others comes from tables
// that are released at the end of each quarter. A count is released when what is left of it after the partner takes off its own is nobody or
// five companies at least, and when it moved by five at least since it was released last: so neither subtracting one's own nor comparing two
// days tells of fewer than five companies (domain section 5.13). Until then the count of the release before stands. There is one such table, of
// all evidence that names a company: of two tables with other rows one could be subtracted from the other.
type Released struct {
	Own    Member // as known on the day asked for
	Unique Told   // over the programme
	Shared []Shared
}

// Shared is how many companies the partner shares with another member.
type Shared struct {
	Member
	Told
}

// Told is a count as it was released, and when; not Known before its first release.
type Told struct {
	N     int
	On    period.Date
	Known bool
	rests []int // what was left of each release
}

// next takes the count of another quarter. Rest is what it tells of others.
func (t *Told) next(n, rest int, on period.Date) {
	if rest > 0 && rest < release.Least {
		return
	}
	for _, before := range t.rests {
		if moved := max(rest-before, before-rest); moved > 0 && moved < release.Least {
			return
		}
	}
	*t = Told{n, on, true, append(t.rests, rest)}
}

// AnyCompany is every row that names a company.
func AnyCompany() *Definition {
	return &Definition{Code: "reach", Unit: "companies", Kinds: evidence.Kinds(), Aggregate: Distinct, Joint: Full, Direction: Up}
}

// LoadReleased reads what a partner may know of the reach of a year, on a day.
func LoadReleased(ctx context.Context, tx *db.Tx, m *evidence.Mirror, programme id.Programme, year period.Year, asOf period.Date,
	own id.Organisation) (*Released, error) {
	d, b := AnyCompany(), Live
	now, err := LoadReach(ctx, tx, m, programme, d, year, asOf, b)
	if err != nil {
		return nil, err
	}
	out := &Released{}
	for _, x := range now.Members {
		if x.Organisation == own {
			out.Own = x
		} else {
			out.Shared = append(out.Shared, Shared{Member: Member{Organisation: x.Organisation, Code: x.Code, Short: x.Short, Agency: x.Agency, Position: x.Position}})
		}
	}
	for n := 1; n <= 4; n++ {
		end := year.Quarter(n).To
		if end > asOf {
			break
		}
		then, err := LoadReach(ctx, tx, m, programme, d, year, end, b)
		if err != nil {
			return nil, err
		}
		out.release(then, own, end)
	}
	return out, nil
}

func (r *Released) release(then *Reach, own id.Organisation, on period.Date) {
	place := map[id.Organisation]int{}
	for i, m := range then.Members {
		place[m.Organisation] = i
	}
	mine, there := place[own]
	unique := 0
	if there {
		unique = then.Members[mine].Unique
	}
	r.Unique.next(then.Unique, then.Unique-unique, on)
	for i := range r.Shared {
		n := 0
		if j, known := place[r.Shared[i].Organisation]; known && there {
			n = then.Overlap[mine][j]
		}
		r.Shared[i].next(n, n, on)
	}
}
