package activity

import (
	"context"
	"database/sql"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

var (
	selectRegistration = db.SQL("activity.participation.load",
		`select id, activity_id, company_id, state, recorded_on from participation where programme_id = $1 and id = $2 and activity_id = $3`)
	selectListed = db.SQL("activity.participation.roots",
		`select coalesce(r.root_id, p.company_id), p.state from participation p left join company_root r on r.company_id = p.company_id
		 where p.programme_id = $1 and p.activity_id = $2`)
	selectRoot       = db.SQL("activity.company.root", `select root_id from company_root where company_id = $1`)
	saveRegistration = db.SQL("activity.participation.move",
		`update participation set state = $4, recorded_on = $5 where programme_id = $1 and id = $2 and state = $3`)
)

// Enlist puts companies on the one list of an activity, all or none, in their order. While it is to come each is confirmed, or waits when no
// place is left; once it was held each is a walk-in that came. Faults: missing out of scope, denied; conflict in another state; invalid
// (company.N, N from 0) for one that is on the list already or is not in the register.
func Enlist(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, code string, companies []id.Company) error {
	a, err := ByCode(ctx, tx, by.Scope(), g, code)
	if err != nil {
		return err
	}
	if err := by.May("registration.request", a.Registration("")); err != nil {
		return err
	}
	if !a.Coming() && !a.ListOpen() {
		return fault.Conflict("registration.closed", text.Args{"state": a.State.Key()})
	}
	listed, taken, err := a.listed(ctx, tx, g)
	if err != nil {
		return err
	}
	var rows []Participation
	var faults []error
	for n, c := range companies {
		field := "company." + strconv.Itoa(n)
		var root id.Company
		if err := tx.Row(ctx, selectRoot, c).Scan(&root); err == db.ErrNone {
			faults = append(faults, fault.Invalid(field, "company.missing", nil))
			continue
		} else if err != nil {
			return err
		}
		if listed[root] {
			faults = append(faults, fault.Invalid(field, "registration.twice", nil))
			continue
		}
		listed[root] = true
		p := Participation{ID: id.New[id.Participation](), Activity: a.ID, Company: root, RecordedOn: tx.Now.Date()}
		verb := access.VerbName("registration.attend")
		if a.Coming() {
			verb, p.State = "registration.confirm", "requested"
			if a.Places > 0 && taken >= a.Places {
				verb = "registration.waitlist"
			}
			taken++
		}
		if p.State, err = access.Transition("registration", p.State, verb); err != nil {
			return err
		}
		rows = append(rows, p)
	}
	if err := fault.Join(faults...); err != nil {
		return err
	}
	return a.enter(ctx, tx, by, g, rows)
}

// enter writes new lines of the list with their audit rows and, for who came, their evidence.
func (a *Activity) enter(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, rows []Participation) error {
	if err := AddParticipations(ctx, tx, g, rows); err != nil {
		return err
	}
	var came []evidence.New
	for _, p := range rows {
		if p.State == "attended" {
			came = append(came, a.attendance(tx, by, p))
		}
		if err := noted(ctx, tx, by, g, "registration.request", p, ""); err != nil {
			return err
		}
	}
	if len(came) == 0 {
		return nil
	}
	return evidence.Record(ctx, tx, g, came)
}

// Answer moves one line of an activity's list by a verb of registrations: confirm, waitlist, attend, miss, cancel. That a company came is
// noted from the activity's first day on; once the activity was held it is evidence, and a correction takes the evidence back. Faults: missing;
// denied; conflict by state, before the first day, without a place left, or when the activity was verified.
func Answer(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, code string, line id.Participation, verb access.VerbName) error {
	a, err := ByCode(ctx, tx, by.Scope(), g, code)
	if err != nil {
		return err
	}
	p, err := a.line(ctx, tx, g, line)
	if err != nil {
		return err
	}
	if err := by.May(verb, a.Registration(p.State)); err != nil {
		return err
	}
	if verb == "registration.confirm" {
		if _, taken, err := a.listed(ctx, tx, g); err != nil {
			return err
		} else if a.Places > 0 && taken >= a.Places {
			return fault.Conflict("registration.full", text.Args{"n": a.Places})
		}
	}
	return a.answer(ctx, tx, by, g, p, verb)
}

// Registration is one line of an activity's list, for its organisers and the agency. Faults: missing, denied.
func Registration(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, code string, line id.Participation) (Participation, error) {
	a, err := ByCode(ctx, tx, by.Scope(), g, code)
	if err != nil {
		return Participation{}, err
	}
	if err := by.May("registration.read", a.Registration("")); err != nil {
		return Participation{}, err
	}
	return a.line(ctx, tx, g, line)
}

func (a *Activity) line(ctx context.Context, tx *db.Tx, g id.Programme, line id.Participation) (Participation, error) {
	var p Participation
	err := tx.Row(ctx, selectRegistration, g, line, a.ID).Scan(&p.ID, &p.Activity, &p.Company, &p.State, &p.RecordedOn)
	if err == db.ErrNone {
		err = fault.Missing("registration.missing", nil)
	}
	return p, err
}

// AttendAll says that all who were confirmed came, and gives how many. Faults: as Answer.
func AttendAll(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, code string) (int, error) {
	a, err := ByCode(ctx, tx, by.Scope(), g, code)
	if err != nil {
		return 0, err
	}
	if err := by.May("registration.attend", a.Registration("confirmed")); err != nil {
		return 0, err
	}
	all, err := Participations(ctx, tx, g, a.ID, "confirmed", "", 0)
	if err != nil {
		return 0, err
	}
	for _, p := range all {
		if err := a.answer(ctx, tx, by, g, p.Participation, "registration.attend"); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}

// answer moves a line and keeps its evidence in step.
func (a *Activity) answer(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, p Participation, verb access.VerbName) error {
	atDoor := verb == "registration.attend" || verb == "registration.miss"
	switch {
	case atDoor && a.Starts > tx.Now.Date():
		return fault.Conflict("activity.not_yet", nil)
	case atDoor && a.State != Published && !a.ListOpen(), !atDoor && !a.Coming():
		return fault.Conflict("registration.closed", text.Args{"state": a.State.Key()})
	}
	to, err := access.Transition("registration", p.State, verb)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, saveRegistration, g, p.ID, p.State, to, tx.Now.Date())
	if err != nil {
		return err
	}
	if n != 1 {
		return fault.Conflict("registration.moved", nil)
	}
	before := p.State
	p.State = to
	if atDoor && a.State.Happened() {
		if err := a.prove(ctx, tx, by, g, p); err != nil {
			return err
		}
	}
	return noted(ctx, tx, by, g, verb, p, before)
}

// prove records that a company came, or takes that back.
func (a *Activity) prove(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, p Participation) error {
	row, _, err := evidence.BySource(ctx, tx, g, "participation", string(p.ID))
	switch {
	case err != nil:
		return err
	case p.State == "attended" && row == "":
		return evidence.Record(ctx, tx, g, []evidence.New{a.attendance(tx, by, p)})
	case p.State == "attended":
		return evidence.Restore(ctx, tx, by, g, row, "attended")
	case row != "":
		return evidence.Replace(ctx, tx, by, g, row, "no-show")
	}
	return nil
}

// ListOpen tells whether what is known of who came can still be put right.
func (a *Activity) ListOpen() bool { return a.State == Held || a.State == Reported }

// Registration is a line of the list as leave is checked on it.
func (a *Activity) Registration(state string) access.Subject {
	s := a.Subject()
	s.Kind, s.State = "registration", state
	return s
}

// listed is which companies stand on the list, by what each stands for now, and how many places are taken.
func (a *Activity) listed(ctx context.Context, tx *db.Tx, g id.Programme) (all map[id.Company]bool, taken int, err error) {
	all = map[id.Company]bool{}
	err = tx.Each(ctx, selectListed, []any{g, a.ID}, func(r *sql.Rows) error {
		var c id.Company
		var state string
		err := r.Scan(&c, &state)
		all[c] = true
		if state == "confirmed" || state == "attended" {
			taken++
		}
		return err
	})
	return all, taken, err
}

func noted(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, verb access.VerbName, p Participation, before string) error {
	return audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: string(verb), ObjectKind: "registration", ObjectID: string(p.ID),
		Before: map[string]any{"state": before}, After: map[string]any{"state": p.State, "activity": p.Activity, "company": p.Company}})
}
