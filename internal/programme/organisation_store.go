package programme

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

var (
	selectOrganisations = db.SQL("programme.organisation.list",
		`select id, code, name, short_name, kind, calendar_group, position, vat_recoverable_bp
		 from organisation order by position, sort_key, id`)
	selectOrganisation = db.SQL("programme.organisation.load",
		`select id, code, name, short_name, kind, calendar_group, position, vat_recoverable_bp from organisation where id = $1`)
	selectPartners = db.SQL("programme.partner.list",
		`select o.id, o.code, o.name, o.short_name, o.kind, o.calendar_group, o.position, o.vat_recoverable_bp
		 from organisation o join agreement a on a.organisation_id = o.id
		 where a.programme_id = $1 order by o.position, o.sort_key, o.id`)
)

// Organisations gives all organisations, as the calendar orders them.
func Organisations(ctx context.Context, tx *db.Tx) ([]Organisation, error) {
	return organisations(ctx, tx, selectOrganisations)
}

// LoadOrganisation gives one organisation; missing (programme.no_organisation) when there is none.
func LoadOrganisation(ctx context.Context, tx *db.Tx, o id.Organisation) (Organisation, error) {
	found, err := organisations(ctx, tx, selectOrganisation, o)
	if err == nil && len(found) == 0 {
		err = fault.Missing("programme.no_organisation", nil)
	}
	if err != nil {
		return Organisation{}, err
	}
	return found[0], nil
}

// OrganisationByCode gives one organisation; missing (programme.no_organisation) when none has the code.
func OrganisationByCode(ctx context.Context, tx *db.Tx, code string) (Organisation, error) {
	all, err := Organisations(ctx, tx)
	if err != nil {
		return Organisation{}, err
	}
	for _, o := range all {
		if o.Code == code {
			return o, nil
		}
	}
	return Organisation{}, fault.Missing("programme.no_organisation", nil)
}

// Partners gives the organisations with an agreement in the programme, as the calendar orders them.
func Partners(ctx context.Context, tx *db.Tx, programme id.Programme) ([]Organisation, error) {
	return organisations(ctx, tx, selectPartners, programme)
}

func organisations(ctx context.Context, tx *db.Tx, q db.Query, args ...any) ([]Organisation, error) {
	var all []Organisation
	err := tx.Each(ctx, q, args, func(r *sql.Rows) error {
		var o Organisation
		err := r.Scan(&o.ID, &o.Code, &o.Name, &o.Short, &o.Kind, &o.Group, &o.Position, &o.VATRecoverableBp)
		all = append(all, o)
		return err
	})
	return all, err
}

var renameOrganisation = db.SQL("programme.organisation.rename",
	`update organisation set name = $2, short_name = $3, sort_key = $4 where id = $1`)

// RenameOrganisation gives an organisation another name, inside a unit of work of the agency. Its code stays.
func RenameOrganisation(ctx context.Context, tx *db.Tx, o id.Organisation, name, short string) error {
	_, err := tx.Exec(ctx, renameOrganisation, o, name, short, NewSorter().Key(name))
	return err
}

// AddOrganisations writes new organisations, inside a unit of work of the agency.
func AddOrganisations(ctx context.Context, tx *db.Tx, all []Organisation) error {
	sorter := NewSorter()
	rows := make([][]any, len(all))
	for i, o := range all {
		rows[i] = []any{o.ID, o.Code, o.Name, o.Short, o.Kind, o.Group, o.Position, sorter.Key(o.Name), o.VATRecoverableBp}
	}
	return tx.Insert(ctx, "organisation", []string{"id", "code", "name", "short_name", "kind", "calendar_group", "position", "sort_key",
		"vat_recoverable_bp"}, rows)
}
