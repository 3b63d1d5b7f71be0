package db

import (
	"slices"
	"strings"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// Constraint tells what a violated constraint means to the person whose input broke it.
type Constraint struct {
	Name    string     // as in the migrations; a trigger's is the one that it raises
	Columns string     // unique keys only: how SQLite names them
	Field   string     // the form field at fault, "" for the whole
	Kind    fault.Kind // Invalid, Conflict or Denied
	Key     text.Key
}

// breach is what an engine says of a refused statement, in words that both share.
type breach int

const (
	noBreach    breach = iota
	ofRule             // a check, a unique key or a trigger
	ofReference        // a foreign key
	ofNull             // a column left empty: a mistake of the program, never of a person
	ofPatience         // another writer held on for too long
)

// explain turns a violated constraint into the fault that the map holds for it and leaves every other error alone.
func explain(err error) error {
	if err == nil {
		return nil
	}
	kind, name, columns := broken(err)
	switch kind {
	case ofRule:
		if c, known := constraintOf(name, columns); known {
			return &fault.Fault{Kind: c.Kind, Field: c.Field, Key: c.Key, Cause: err}
		}
		return &fault.Fault{Kind: fault.KindConflict, Key: "db.constraint", Cause: err}
	case ofReference:
		return &fault.Fault{Kind: fault.KindConflict, Key: "db.reference", Cause: err}
	case ofNull:
		return fault.Internal(err)
	case ofPatience:
		return fault.Unavailable("db.busy", nil, err)
	}
	return err
}

func broken(err error) (kind breach, name, columns string) {
	if kind, name := brokenOnPostgres(err); kind != noBreach {
		return kind, name, ""
	}
	return brokenOnSQLite(err)
}

// constraintOf finds a constraint by its name or, where the engine tells only columns, by those.
func constraintOf(name, columns string) (Constraint, bool) {
	all := Constraints()
	i := slices.IndexFunc(all, func(c Constraint) bool {
		return (name != "" && c.Name == name) || (columns != "" && c.Columns == columns)
	})
	if i < 0 {
		return Constraint{}, false
	}
	return all[i], true
}

func check(name, field string, key text.Key) Constraint {
	return Constraint{Name: name, Field: field, Kind: fault.KindInvalid, Key: key}
}

// once is a unique key: its columns are those of the migration, in that order.
func once(table, name, columns, field string, key text.Key) Constraint {
	listed := strings.Fields(columns)
	for i := range listed {
		listed[i] = table + "." + listed[i]
	}
	return Constraint{Name: name, Columns: strings.Join(listed, ", "), Field: field, Kind: fault.KindConflict, Key: key}
}

// stays is a trigger that refuses to change what was recorded.
func stays(name string) Constraint {
	return Constraint{Name: name, Kind: fault.KindConflict, Key: "db.immutable"}
}

func fourEyes(name string) Constraint {
	return Constraint{Name: name, Kind: fault.KindDenied, Key: "db.four_eyes"}
}
