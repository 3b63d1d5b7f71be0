// Package fragment measures how scattered the support of companies is: activities that overlap, companies that several organisations met without
// handing them over, organisations per market. Values in, figures out; nothing is stored.
package fragment

import (
	"cmp"
	"maps"
	"slices"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/coordination"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// Year is what a year shows. Shares are left to who shows them: both parts are here.
type Year struct {
	Year       period.Year
	Activities int // cancelled ones left out
	InOverlap  int // with a close overlap, decided or not
	Close      int // close overlaps
	Decided    int // of them; a plan is approved only once each of its own is
	Joint      int // activities of two organisers or more
	Companies  int // met: participation, contact or service
	Doors      int // organisations that companies met apart from each other, added up over companies
	Apart      int // companies that met two or more apart
	Unhanded   int // of them, without a hand-over in the year
	Markets    int
	InMarkets  int // organisers per market, added up over markets
}

// Company is one that met organisations apart from each other.
type Company struct {
	Company    id.Company // what it stands for since merges
	Met        []id.Organisation
	Doors      int
	HandedOver bool
}

// Market is who organises for a market.
type Market struct {
	Market     string
	Activities int
	Organisers []activity.Organiser
}

// Seen is what a year is reckoned from: activities that start in it, overlaps of which one does, and evidence that counts in it.
type Seen struct {
	Year       period.Year
	Activities []activity.Activity
	Overlaps   []coordination.Overlap
	Rows       []evidence.Row
}

// Measure reckons a year.
func Measure(s Seen) Year {
	y := Year{Year: s.Year}
	running := map[id.Activity]bool{}
	for _, a := range s.Activities {
		if a.State == activity.Cancelled {
			continue
		}
		y.Activities++
		running[a.ID] = true
		if a.Joint() {
			y.Joint++
		}
	}
	over := map[id.Activity]bool{}
	for i := range s.Overlaps {
		o := &s.Overlaps[i]
		if !o.High() {
			continue
		}
		y.Close++
		if o.State != coordination.Open {
			y.Decided++
		}
		for _, a := range []id.Activity{o.A.ID, o.B.ID} {
			if running[a] {
				over[a] = true
			}
		}
	}
	y.InOverlap = len(over)
	for _, c := range Companies(s.Rows) {
		y.Companies++
		y.Doors += c.Doors
		if c.Doors > 1 {
			y.Apart++
			if !c.HandedOver {
				y.Unhanded++
			}
		}
	}
	for _, m := range Markets(s.Activities) {
		y.Markets++
		y.InMarkets += len(m.Organisers)
	}
	return y
}

// Companies are those that were met, the ones that met most organisations apart first. Organisations that shared one activity with the company are
// one door: they know of each other. Rejected evidence does not count.
func Companies(rows []evidence.Row) []Company {
	by := map[id.Company]*doors{}
	of := func(r *evidence.Row) *doors {
		if by[r.Root] == nil {
			by[r.Root] = &doors{of: map[id.Organisation]id.Organisation{}}
		}
		return by[r.Root]
	}
	for i := range rows {
		r := &rows[i]
		if r.Root == "" || r.State == evidence.Rejected {
			continue
		}
		switch r.Kind {
		case evidence.Referral:
			of(r).handed = true
		case evidence.Participation, evidence.Contact, evidence.Service:
			of(r).enter(r.Credits)
		}
	}
	var all []Company
	for c, d := range by {
		if len(d.of) > 0 {
			all = append(all, Company{c, slices.Sorted(maps.Keys(d.of)), d.count(), d.handed})
		}
	}
	slices.SortFunc(all, func(a, b Company) int {
		return cmp.Or(cmp.Compare(b.Doors, a.Doors), cmp.Compare(a.Company, b.Company))
	})
	return all
}

// doors are the organisations that a company met; those that it met together lead to one of them.
type doors struct {
	of     map[id.Organisation]id.Organisation
	handed bool
}

func (d *doors) find(o id.Organisation) id.Organisation {
	for d.of[o] != o {
		o = d.of[o]
	}
	return o
}

func (d *doors) enter(credits []evidence.Credit) {
	for n, c := range credits {
		if _, met := d.of[c.Organisation]; !met {
			d.of[c.Organisation] = c.Organisation
		}
		if n > 0 {
			d.of[d.find(c.Organisation)] = d.find(credits[0].Organisation)
		}
	}
}

func (d *doors) count() (n int) {
	for o, to := range d.of {
		if o == to {
			n++
		}
	}
	return n
}

// Markets are those that activities are for, with who organises them, the most crowded first.
func Markets(all []activity.Activity) []Market {
	by := map[string]*Market{}
	for i := range all {
		a := &all[i]
		if a.State == activity.Cancelled {
			continue
		}
		for _, m := range a.Markets {
			if by[m] == nil {
				by[m] = &Market{Market: m}
			}
			by[m].Activities++
			for _, o := range a.Organisers {
				if !slices.ContainsFunc(by[m].Organisers, func(x activity.Organiser) bool { return x.Organisation == o.Organisation }) {
					by[m].Organisers = append(by[m].Organisers, o)
				}
			}
		}
	}
	out := make([]Market, 0, len(by))
	for _, m := range by {
		out = append(out, *m)
	}
	slices.SortFunc(out, func(a, b Market) int {
		return cmp.Or(cmp.Compare(len(b.Organisers), len(a.Organisers)), cmp.Compare(a.Market, b.Market))
	})
	return out
}
