package company

import (
	"context"
	"strings"
	"unicode/utf8"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

var selectByNumber = db.SQL("company.company.by_number", `select id from company where scheme = $1 and number = $2`)

// Find is the company with a number, "" when the register has none.
func Find(ctx context.Context, tx *db.Tx, n Number) (found id.Company, err error) {
	err = tx.Row(ctx, selectByNumber, n.Scheme, n.Value).Scan(&found)
	if err == db.ErrNone {
		err = nil
	}
	return found, err
}

// Enter adds a company with a number to the register, inside a unit of work of the agency; one that is there already is given as it is. No
// company is made of a name alone. Organisers are those whose list it comes from. Faults: denied; invalid (number, name).
func Enter(ctx context.Context, tx *db.Tx, by access.Actor, organisers []id.Organisation, n Number, name string) (id.Company, error) {
	if err := by.May("company.enter", access.Subject{Kind: "company", Organisers: organisers}); err != nil {
		return "", err
	}
	if n == (Number{}) {
		return "", fault.Invalid("number", "company.number.missing", nil)
	}
	if there, err := Find(ctx, tx, n); there != "" || err != nil {
		return there, err
	}
	if name = strings.TrimSpace(name); name == "" || utf8.RuneCountInString(name) > 200 || !utf8.ValidString(name) {
		return "", fault.Invalid("name", "company.want_name", nil)
	}
	c := Company{ID: id.New[id.Company](), Number: n, Name: name}
	if n.Scheme == SchemeBE {
		c.Country = "BE"
	}
	if err := Add(ctx, tx, []Company{c}); err != nil {
		return "", err
	}
	return c.ID, audit.Append(ctx, tx, "", by.Label(), audit.Change{Verb: "company.enter", ObjectKind: "company", ObjectID: string(c.ID),
		After: map[string]any{"number": n.Value, "scheme": n.Scheme, "name": name}})
}
