package intake

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/company"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

var selectSeats = db.SQL("intake.seat.list",
	`select p.id, p.email, coalesce(m.role, ''), coalesce(m.organisation_id, ''), coalesce(m.company_id, '')
	 from person p left join membership m on m.person_id = p.id`)

// begin writes what belongs to the agency as a whole, and the programme in state importing. Organisations, companies and people that are
// there already are used as they stand.
func (f *Folder) begin(ctx context.Context, tx *db.Tx, by access.Actor) error {
	if err := f.addOrganisations(ctx, tx); err != nil {
		return err
	}
	if err := f.checkPeriods(ctx, tx); err != nil {
		return err
	}
	if err := f.addCompanies(ctx, tx); err != nil {
		return err
	}
	if err := f.addPeople(ctx, tx, by); err != nil {
		return err
	}
	p := f.programme
	p.Agency = f.agency.ID
	if err := programme.Begin(ctx, tx, p); err != nil {
		return err
	}
	return audit.Append(ctx, tx, "", by.Label(), audit.Change{Verb: "programme.import", ObjectKind: "programme", ObjectID: string(p.ID),
		After: map[string]any{"state": programme.Importing, "code": p.Code, "hash": f.Hash}})
}

func (f *Folder) addOrganisations(ctx context.Context, tx *db.Tx) error {
	there, err := programme.Organisations(ctx, tx)
	if err != nil {
		return err
	}
	known := map[string]programme.Organisation{}
	for _, o := range there {
		known[o.Code] = o
	}
	var fresh []programme.Organisation
	for _, o := range f.organisations {
		if had, found := known[o.Code]; found {
			if had.Kind != o.Kind {
				return fault.Conflict("intake.organisation_kind", text.Args{"code": o.Code, "kind": had.Kind})
			}
			o.ID = had.ID
			continue
		}
		o.ID = id.New[id.Organisation]()
		one := o.Organisation
		one.Position += len(there)
		fresh = append(fresh, one)
	}
	return programme.AddOrganisations(ctx, tx, fresh)
}

// checkPeriods refuses at its row an agreement that runs in a period in which its partner has another one.
func (f *Folder) checkPeriods(ctx context.Context, tx *db.Tx) error {
	var rows fault.Rows
	for _, a := range f.agreements {
		if a.State != agreement.Signed && a.State != agreement.Active {
			continue
		}
		err := agreement.CheckPeriod(ctx, tx, a.partner.ID, a.ID, a.Starts, a.Ends)
		if err != nil && !fault.Is(err, fault.KindInvalid) {
			return err
		}
		if err != nil {
			other := fault.Of(err).All()[0]
			rows = append(rows, fault.Row{File: a.file, Line: a.line, Column: "starts", Found: string(a.Starts), Want: "intake.want.period_free", Args: other.Args})
		}
	}
	return rows.Err()
}

func (f *Folder) addCompanies(ctx context.Context, tx *db.Tx) error {
	known, err := company.ByNumber(ctx, tx)
	if err != nil {
		return err
	}
	loose, err := company.Loose(ctx, tx)
	if err != nil {
		return err
	}
	// What an import that was broken off left behind is recognised by all that is known of it, one for one.
	left := map[company.Company][]id.Company{}
	for _, c := range loose {
		key := c
		key.ID, key.Root = "", ""
		left[key] = append(left[key], c.ID)
	}
	var fresh []company.Company
	for _, c := range f.companies {
		key := c.Company
		key.ID, key.Root = "", ""
		if had, found := known[c.Number]; found && c.Identified() {
			c.ID = had
		} else if same := left[key]; len(same) > 0 {
			c.ID, left[key] = same[0], same[1:]
		} else {
			c.ID = id.New[id.Company]()
			fresh = append(fresh, c.Company)
		}
	}
	return company.Add(ctx, tx, fresh)
}

func (f *Folder) addPeople(ctx context.Context, tx *db.Tx, by access.Actor) error {
	type seat struct{ role, organisation, company string }
	known := map[string]id.Person{}
	held := map[string]map[seat]bool{}
	err := tx.Each(ctx, selectSeats, nil, func(r *sql.Rows) error {
		var p id.Person
		var email string
		var s seat
		if err := r.Scan(&p, &email, &s.role, &s.organisation, &s.company); err != nil {
			return err
		}
		if known[email] = p; held[email] == nil {
			held[email] = map[seat]bool{}
		}
		held[email][s] = true
		return nil
	})
	if err != nil {
		return err
	}
	for _, p := range f.people {
		p.id = known[p.email]
		for _, r := range p.roles {
			n := access.NewPerson{Email: p.email, Name: p.name, Language: text.Language(p.language), Role: access.Role(r.name)}
			s := seat{role: r.name}
			if r.company != nil {
				n.Company, s.company = r.company.ID, string(r.company.ID)
			} else {
				n.Organisation, s.organisation = r.organisation.Code, string(r.organisation.ID)
			}
			if held[p.email][s] {
				continue
			}
			if p.id, err = access.Add(ctx, tx, by, n); err != nil {
				return err
			}
		}
	}
	return nil
}
