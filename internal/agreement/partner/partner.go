// Package partner keeps what changes about a partner while its agreement runs: a new name, the division through which it acts, and that
// another agreement took its own over. These are facts, told with their day and reason; what was signed keeps the words that it was signed
// in, and the next version carries the new ones. What a merger does to promises and money is settlement's.
package partner

import (
	"context"
	"database/sql"
	"strings"
	"unicode/utf8"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Kind is what changed.
type Kind string

// The kinds of changes.
const (
	Name     Kind = "name"
	Division Kind = "division"
	Merger   Kind = "merger" // another agreement took this one over
)

// Change is something that changed about a partner, as it was told. It never changes itself.
type Change struct {
	ID        id.PartnerChange
	Kind      Kind
	On        period.Date
	Was, Is   string
	Successor id.Agreement // of a merger: the agreement that goes on
	Reason    string
	At        db.Time
	By        id.Person
	ByName    string // "" the program itself
}

// The longest words, in characters.
const (
	longestName   = 300
	longestReason = 2_000
)

var (
	selectChanges = db.SQL("partner.change.list",
		`select c.id, c.kind, c.effective_on, c.was, c.became, coalesce(c.successor_id, ''), c.reason, c.made_at, coalesce(c.made_by, ''),
		   coalesce(p.name, '')
		 from partner_change c left join person p on p.id = c.made_by
		 where c.programme_id = $1 and c.agreement_id = $2 order by c.made_at, c.id`)
	setDivision = db.SQL("partner.division.set", `update agreement set division = $3 where programme_id = $1 and id = $2`)
)

// Changes lists what changed about the partner of an agreement, in the order in which it was told. The caller has loaded the agreement
// within a scope.
func Changes(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement) ([]Change, error) {
	var all []Change
	err := tx.Each(ctx, selectChanges, []any{g, a}, func(r *sql.Rows) error {
		var c Change
		err := r.Scan(&c.ID, &c.Kind, &c.On, &c.Was, &c.Is, &c.Successor, &c.Reason, &c.At, &c.By, &c.ByName)
		all = append(all, c)
		return err
	})
	return all, err
}

// Renamed is a new name of a partner.
type Renamed struct {
	Name, Short string
	On          period.Date // from when it bears it
	Reason      string
}

// Rename gives the organisation behind an agreement a new name, in every programme. In a unit of work of the agency that also writes in the
// programme. Invalid at "name", "short", "on" or "reason".
func Rename(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, of id.Agreement, n Renamed) error {
	a, err := load(ctx, tx, by, g, of, "agreement.rename")
	if err != nil {
		return err
	}
	n.Name, n.Short = line(n.Name), line(n.Short)
	c := Change{Kind: Name, On: n.On, Was: a.Partner.Name, Is: n.Name, Reason: n.Reason}
	faults := []error{checkLine("name", n.Name, true), checkLine("short", n.Short, false), c.check(a, tx.Now.Date())}
	if n.Name == a.Partner.Name && n.Short == a.Partner.Short {
		faults = append(faults, fault.Invalid("name", "partner.same_name", nil))
	}
	if err := fault.Join(faults...); err != nil {
		return err
	}
	if err := programme.RenameOrganisation(ctx, tx, a.Partner.ID, n.Name, n.Short); err != nil {
		return err
	}
	return Record(ctx, tx, by, g, a, "agreement.rename", c)
}

// Divide tells through which of its divisions the partner acts; "" is itself. Invalid at "division", "on" or "reason".
func Divide(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, of id.Agreement, division string, on period.Date, reason string) error {
	a, err := load(ctx, tx, by, g, of, "agreement.divide")
	if err != nil {
		return err
	}
	division = line(division)
	c := Change{Kind: Division, On: on, Was: a.Division, Is: division, Reason: reason}
	faults := []error{checkLine("division", division, false), c.check(a, tx.Now.Date())}
	if division == a.Division {
		faults = append(faults, fault.Invalid("division", "partner.same_division", nil))
	}
	if err := fault.Join(faults...); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, setDivision, g, a.ID, division); err != nil {
		return err
	}
	return Record(ctx, tx, by, g, a, "agreement.divide", c)
}

// load is an agreement that was signed and has not ended: before that the negotiation itself says who the partner is.
func load(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, of id.Agreement, verb access.VerbName) (agreement.Agreement, error) {
	a, err := agreement.Load(ctx, tx, by.ScopeFor(verb), g, of)
	if err != nil {
		return a, err
	}
	if err := by.May(verb, a.Subject()); err != nil {
		return a, err
	}
	switch a.State {
	case agreement.Signed, agreement.Active, agreement.Terminated:
		return a, nil
	}
	return a, fault.Conflict("access.wrong_state", text.Args{"verb": verb.Key(), "state": a.State.Key()})
}

// check holds what every change says: a day of the agreement that has come, and a reason.
func (c *Change) check(a agreement.Agreement, today period.Date) error {
	c.Reason = strings.TrimSpace(c.Reason)
	var faults []error
	if !c.On.Valid() || c.On < a.Starts || c.On > min(a.Ends, today) {
		faults = append(faults, fault.Invalid("on", "partner.on_between", text.Args{"from": a.Starts, "to": min(a.Ends, today)}))
	}
	return fault.Join(append(faults, CheckReason(c.Reason))...)
}

// CheckReason refuses no reason, or one that is too long, at "reason".
func CheckReason(reason string) error {
	switch n := utf8.RuneCountInString(reason); {
	case strings.TrimSpace(reason) == "":
		return fault.Invalid("reason", "agreement.reason_missing", nil)
	case n > longestReason:
		return fault.Invalid("reason", "agreement.words_long", text.Args{"n": n, "most": longestReason})
	}
	return nil
}

func line(s string) string { return strings.Join(strings.Fields(s), " ") }

func checkLine(field, s string, needed bool) error {
	switch n := utf8.RuneCountInString(s); {
	case needed && s == "":
		return fault.Invalid(field, "agreement.words_missing", nil)
	case n > longestName:
		return fault.Invalid(field, "agreement.words_long", text.Args{"n": n, "most": longestName})
	}
	return nil
}

// Record writes a change that a verb found good, with its trail.
func Record(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a agreement.Agreement, verb access.VerbName, c Change) error {
	c.ID = id.New[id.PartnerChange]()
	err := tx.Insert(ctx, "partner_change", strings.Fields("programme_id id agreement_id kind effective_on was became successor_id reason made_at made_by"),
		[][]any{{g, c.ID, a.ID, c.Kind, c.On, c.Was, c.Is, db.OrNull(c.Successor), c.Reason, tx.Now, db.OrNull(by.ID)}})
	if err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: string(verb), ObjectKind: "agreement", ObjectID: string(a.ID),
		Before: map[string]any{string(c.Kind): c.Was},
		After:  map[string]any{string(c.Kind): c.Is, "on": c.On, "why": c.Reason, "into": string(c.Successor)}})
}
