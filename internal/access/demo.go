package access

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
)

// DemoPerson is somebody as whom one can sign in with one click where the demo is served.
type DemoPerson struct {
	ID           id.Person
	Name         string
	Role         Role
	Organisation string // short name; the company's name for a company contact
}

var demoCandidates = db.SQL("access.demo.candidates",
	`select m.role, p.id, p.name, coalesce(o.id, ''), coalesce(o.kind, ''), coalesce(o.short_name, c.name, ''), coalesce(o.position, 0),
	   (select count(*) from membership n where n.person_id = p.id)
	 from programme g join membership m on true join person p on p.id = m.person_id
	 left join organisation o on o.id = m.organisation_id left join company c on c.id = m.company_id
	 where g.id = $1 and g.invented = 1 and p.disabled = 0
	   and (m.company_id is not null or o.id = g.agency_id or o.kind = 'other'
	     or exists (select 1 from agreement a where a.programme_id = g.id and a.organisation_id = o.id))
	 order by p.email, m.role`)

type demoCandidate struct {
	DemoPerson
	organisation id.Organisation
	kind         string
	position     int
	roles        int
}

// DemoPeople is one person for each role that the one-click sign-in offers, from the people of an invented programme; partner's people are of
// one and the same partner. A role that nobody holds is left out. A programme that is not invented has nobody to offer.
func DemoPeople(ctx context.Context, tx *db.Tx, programme id.Programme) ([]DemoPerson, error) {
	var all []demoCandidate
	err := tx.Each(ctx, demoCandidates, []any{programme}, func(rows *sql.Rows) error {
		var c demoCandidate
		if err := rows.Scan(&c.Role, &c.ID, &c.Name, &c.organisation, &c.kind, &c.Organisation, &c.position, &c.roles); err != nil {
			return err
		}
		if c.Role == CompanyContact || slices.Contains(c.Role.seats(), c.kind) {
			all = append(all, c)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return choose(all), nil
}

// choose takes for each role who holds the fewest others, so that a click shows what that role alone sees.
func choose(all []demoCandidate) []DemoPerson {
	partner := demoPartner(all)
	var people []DemoPerson
	for _, role := range []Role{Officer, Controller, Approver, Payer, Analyst, Assessor, Administrator, Auditor, Coordinator, Finance, Member, CompanyContact} {
		var best *demoCandidate
		for i, c := range all {
			if c.Role != role || (c.kind == "partner" && c.organisation != partner) {
				continue
			}
			if best == nil || c.roles < best.roles {
				best = &all[i]
			}
		}
		if best != nil {
			people = append(people, best.DemoPerson)
		}
	}
	return people
}

// demoPartner is the partner with people in the most roles; among equals the first of the calendar.
func demoPartner(all []demoCandidate) id.Organisation {
	type seat struct {
		organisation id.Organisation
		position     int
		roles        []Role
	}
	var partners []seat
	for _, c := range all {
		if c.kind != "partner" {
			continue
		}
		i := slices.IndexFunc(partners, func(s seat) bool { return s.organisation == c.organisation })
		if i < 0 {
			i = len(partners)
			partners = append(partners, seat{organisation: c.organisation, position: c.position})
		}
		if !slices.Contains(partners[i].roles, c.Role) {
			partners[i].roles = append(partners[i].roles, c.Role)
		}
	}
	if len(partners) == 0 {
		return ""
	}
	return slices.MinFunc(partners, func(a, b seat) int {
		return cmp.Or(cmp.Compare(len(b.roles), len(a.roles)), cmp.Compare(a.position, b.position),
			cmp.Compare(a.organisation, b.organisation))
	}).organisation
}
