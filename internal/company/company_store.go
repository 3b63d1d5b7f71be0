package company

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/programme"
)

var (
	selectCompany = db.SQL("company.company.load",
		`select c.id, r.root_id, c.scheme, coalesce(c.number, ''), c.name, c.postcode, c.city, c.country, c.sector, c.size_class,
		   c.size_source, c.size_year, c.nace, c.parent_country
		 from company c join company_root r on r.company_id = c.id where c.id = $1`)
	selectNumbered = db.SQL("company.company.numbered",
		`select id, scheme, number from company where number is not null`)
	selectLoose = db.SQL("company.company.loose",
		`select c.id, c.id, c.scheme, '', c.name, c.postcode, c.city, c.country, c.sector, c.size_class, c.size_source, c.size_year, c.nace,
		   c.parent_country
		 from company c
		 where c.number is null
		   and not exists (select 1 from participation p where p.company_id = c.id)
		   and not exists (select 1 from outcome o where o.company_id = c.id)
		   and not exists (select 1 from evidence e where e.company_id = c.id)
		   and not exists (select 1 from membership m where m.company_id = c.id)`)
)

// Load is one company; missing (company.missing) when there is none.
func Load(ctx context.Context, tx *db.Tx, company id.Company) (Company, error) {
	var c Company
	err := scan(tx.Row(ctx, selectCompany, company), &c)
	if err == db.ErrNone {
		return c, fault.Missing("company.missing", nil)
	}
	return c, err
}

type scanner interface{ Scan(into ...any) error }

func scan(r scanner, c *Company) error {
	return r.Scan(&c.ID, &c.Root, &c.Number.Scheme, &c.Number.Value, &c.Name, &c.Postcode, &c.City, &c.Country, &c.Sector, &c.Size,
		&c.SizeSource, &c.SizeYear, &c.NACE, &c.ParentCountry)
}

// ByNumber gives every identified company's ID by its number, for imports.
func ByNumber(ctx context.Context, tx *db.Tx) (map[Number]id.Company, error) {
	all := map[Number]id.Company{}
	err := tx.Each(ctx, selectNumbered, nil, func(r *sql.Rows) error {
		var n Number
		var c id.Company
		err := r.Scan(&c, &n.Scheme, &n.Value)
		all[n] = c
		return err
	})
	return all, err
}

// Loose gives the unidentified companies that nothing refers to, such as those of an import that was broken off. No company that counts
// anywhere is found by its name alone. Source: domain section 7.
func Loose(ctx context.Context, tx *db.Tx) ([]Company, error) {
	var all []Company
	err := tx.Each(ctx, selectLoose, nil, func(r *sql.Rows) error {
		var c Company
		err := scan(r, &c)
		c.Root = c.ID
		all = append(all, c)
		return err
	})
	return all, err
}

// Add writes new companies, each standing for itself, inside a unit of work of the agency. Whoever changes a company later sets its seq to
// that of the unit of work too: caches read what they miss by it.
func Add(ctx context.Context, tx *db.Tx, all []Company) error {
	sorter := programme.NewSorter()
	rows, roots := make([][]any, len(all)), make([][]any, len(all))
	for i, c := range all {
		rows[i] = []any{c.ID, c.Number.Scheme, db.OrNull(c.Number.Value), c.Name, sorter.Key(c.Name), c.Postcode, c.City, c.Country, c.Sector,
			c.Size, c.SizeSource, c.SizeYear, c.NACE, c.ParentCountry, tx.Seq("")}
		roots[i] = []any{c.ID, c.ID, tx.Seq("")}
	}
	err := tx.Insert(ctx, "company", []string{"id", "scheme", "number", "name", "sort_key", "postcode", "city", "country", "sector",
		"size_class", "size_source", "size_year", "nace", "parent_country", "seq"}, rows)
	if err != nil {
		return err
	}
	return tx.Insert(ctx, "company_root", []string{"company_id", "root_id", "seq"}, roots)
}
