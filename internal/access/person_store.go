package access

import (
	"context"
	"database/sql"
	"slices"

	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

var (
	actorByID = db.SQL("access.actor.by_id",
		`select p.id, p.email, p.name, p.language from person p where p.id = $1 and p.disabled = 0`)
	actorByEmail = db.SQL("access.actor.by_email",
		`select p.id, p.email, p.name, p.language from person p where p.email = $1 and p.disabled = 0`)
	membershipsOf = db.SQL("access.membership.of_person",
		`select m.role, coalesce(m.organisation_id, ''), coalesce(o.code, ''), coalesce(o.kind, ''), coalesce(m.company_id, '')
		 from membership m left join organisation o on o.id = m.organisation_id
		 where m.person_id = $1
		 order by o.position nulls last, o.code nulls last, m.company_id nulls last, m.role`)
	personByEmail = db.SQL("access.person.by_email",
		`select p.id, p.password_hash, p.disabled from person p where p.email = $1`)
	organisationByCode = db.SQL("access.organisation.by_code",
		`select o.id, o.kind from organisation o where o.code = $1`)
	disablePerson = db.SQL("access.person.disable",
		`update person set disabled = 1, password_hash = '' where id = $1 and disabled = 0`)
	setPassword = db.SQL("access.person.password",
		`update person set password_hash = $2 where id = $1 and disabled = 0`)
	listPeople = db.SQL("access.person.list",
		`select p.id, p.email, p.name, p.disabled, coalesce(m.role, ''), coalesce(o.code, ''), coalesce(c.name, '')
		 from person p left join membership m on m.person_id = p.id
		 left join organisation o on o.id = m.organisation_id left join company c on c.id = m.company_id
		 order by p.email, m.role nulls last, o.code nulls last, c.id nulls last`)
)

// LoadActor is the person with all that they may do. Missing when there is no such person or the account is disabled.
func LoadActor(ctx context.Context, tx *db.Tx, person id.Person) (Actor, error) {
	return loadActor(ctx, tx, actorByID, string(person))
}

// LoadActorByEmail is LoadActor by e-mail address, in any case of letters.
func LoadActorByEmail(ctx context.Context, tx *db.Tx, email string) (Actor, error) {
	kept, err := Email(email)
	if err != nil {
		return Actor{}, fault.Missing("access.nobody", text.Args{"email": email})
	}
	return loadActor(ctx, tx, actorByEmail, kept)
}

func loadActor(ctx context.Context, tx *db.Tx, q db.Query, by string) (Actor, error) {
	var a Actor
	err := tx.Row(ctx, q, by).Scan(&a.ID, &a.Email, &a.Name, &a.Language)
	if err == db.ErrNone {
		return Actor{}, fault.Missing("access.nobody", text.Args{"email": by})
	}
	if err != nil {
		return Actor{}, err
	}
	err = tx.Each(ctx, membershipsOf, []any{a.ID}, func(rows *sql.Rows) error {
		var m Membership
		var kind string
		if err := rows.Scan(&m.Role, &m.Organisation, &m.OrganisationCode, &kind, &m.Company); err != nil {
			return err
		}
		m.Agency = kind == "agency"
		if m.Role == CompanyContact || slices.Contains(m.Role.seats(), kind) { // a role held in the wrong place is none
			a.Memberships = append(a.Memberships, m)
		}
		return nil
	})
	return a, err
}

// Add gives a person a role; a person whose address is not known yet is made first, and who is known keeps name and language. A role that is
// held already is a conflict, as is a disabled account. It belongs in a unit of work of the agency.
func Add(ctx context.Context, tx *db.Tx, by Actor, n NewPerson) (id.Person, error) {
	n, err := n.normal()
	if err != nil {
		return "", err
	}
	organisation, err := seat(ctx, tx, n)
	if err != nil {
		return "", err
	}
	var person id.Person
	var hash Hash
	var disabled bool
	err = tx.Row(ctx, personByEmail, n.Email).Scan(&person, &hash, &disabled)
	switch {
	case err == db.ErrNone:
		if person, err = makePerson(ctx, tx, by, n); err != nil {
			return "", err
		}
	case err != nil:
		return "", err
	case disabled:
		return "", fault.Conflict("access.disabled", text.Args{"email": n.Email})
	}
	if err := by.May("user.grant", Subject{Kind: "user", Touched: []id.Person{person}}); err != nil {
		return "", err
	}
	err = tx.Insert(ctx, "membership", []string{"person_id", "organisation_id", "company_id", "role"},
		[][]any{{string(person), db.OrNull(organisation), db.OrNull(n.Company), string(n.Role)}})
	if err != nil {
		return "", err
	}
	after := map[string]any{"role": string(n.Role), "organisation": n.Organisation, "company": string(n.Company)}
	return person, audit.Append(ctx, tx, "", by.Label(), change("user.grant", person, nil, after))
}

func makePerson(ctx context.Context, tx *db.Tx, by Actor, n NewPerson) (id.Person, error) {
	if err := by.May("user.add", Subject{Kind: "user"}); err != nil {
		return "", err
	}
	person := id.New[id.Person]()
	err := tx.Insert(ctx, "person", []string{"id", "email", "name", "password_hash", "language", "disabled"},
		[][]any{{string(person), n.Email, n.Name, "", string(n.Language), 0}})
	if err != nil {
		return "", err
	}
	after := map[string]any{"email": n.Email, "name": n.Name, "language": string(n.Language)}
	return person, audit.Append(ctx, tx, "", by.Label(), change("user.add", person, nil, after))
}

// seat finds the organisation where the role is to be held and refuses one of the wrong kind.
func seat(ctx context.Context, tx *db.Tx, n NewPerson) (id.Organisation, error) {
	if n.Role == CompanyContact {
		if n.Company == "" || n.Organisation != "" {
			return "", fault.Invalid("organisation", "access.company_missing", nil)
		}
		return "", nil
	}
	var organisation id.Organisation
	var kind string
	err := tx.Row(ctx, organisationByCode, n.Organisation).Scan(&organisation, &kind)
	if err == db.ErrNone {
		return "", fault.Invalid("organisation", "access.organisation_unknown", text.Args{"found": n.Organisation})
	}
	if err != nil {
		return "", err
	}
	if n.Company != "" || !slices.Contains(n.Role.seats(), kind) {
		return "", fault.Invalid("role", "access.role_elsewhere", text.Args{"role": n.Role.Key(), "organisation": n.Organisation})
	}
	return organisation, nil
}

// Disable takes away all access at once, sessions included; what the person did stays on record. Nobody disables themselves. Missing when
// there is nobody with that address, conflict when disabled already. It belongs in a unit of work of the agency.
func Disable(ctx context.Context, tx *db.Tx, by Actor, email string) error {
	person, err := LoadActorByEmail(ctx, tx, email)
	if err != nil {
		return err
	}
	if err := by.May("user.disable", Subject{Kind: "user", Touched: []id.Person{person.ID}}); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, disablePerson, person.ID)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflict("access.disabled", text.Args{"email": person.Email})
	}
	if _, err := tx.Exec(ctx, dropCalendarKey, person.ID); err != nil {
		return err
	}
	return audit.Append(ctx, tx, "", by.Label(),
		change("user.disable", person.ID, map[string]any{"disabled": false}, map[string]any{"disabled": true}))
}

// SetPassword is the operator's way to set a password: who may open the database may do this.
func SetPassword(ctx context.Context, d *db.DB, h *Hasher, email, password string) error {
	return ChangePassword(ctx, d, h, System("operator"), email, password)
}

// ChangePassword sets a person's password: one's own, or anybody's by an administrator. It hashes first and writes then.
func ChangePassword(ctx context.Context, d *db.DB, h *Hasher, by Actor, email, password string) error {
	hash, err := h.Hash(ctx, password)
	if err != nil {
		return err
	}
	return d.WriteAgency(ctx, func(tx *db.Tx) error {
		person, err := LoadActorByEmail(ctx, tx, email)
		if err != nil {
			return err
		}
		if by.ID == "" || by.ID != person.ID {
			if err := by.May("user.password", Subject{Kind: "user"}); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, setPassword, person.ID, string(hash)); err != nil {
			return err
		}
		return audit.Append(ctx, tx, "", by.Label(), change("user.password", person.ID, nil, nil))
	})
}

// change is a row of the trail about a person. Its words can be erased with the person.
func change(verb VerbName, person id.Person, before, after any) audit.Change {
	return audit.Change{Verb: string(verb), ObjectKind: "person", ObjectID: string(person), Before: before, After: after, Person: person}
}

// PersonRow is one role of one person in a list; a person without a role has one row with none.
type PersonRow struct {
	ID       id.Person `json:"id"`
	Email    string    `json:"email"`
	Name     string    `json:"name"`
	Role     Role      `json:"role"`
	Where    string    `json:"where"` // code of the organisation or name of the company
	Disabled bool      `json:"disabled"`
}

// People lists everybody with every role, by address.
func People(ctx context.Context, tx *db.Tx) ([]PersonRow, error) {
	var people []PersonRow
	err := tx.Each(ctx, listPeople, nil, func(rows *sql.Rows) error {
		var p PersonRow
		var code, company string
		if err := rows.Scan(&p.ID, &p.Email, &p.Name, &p.Disabled, &p.Role, &code, &company); err != nil {
			return err
		}
		p.Where = code + company
		people = append(people, p)
		return nil
	})
	return people, err
}
