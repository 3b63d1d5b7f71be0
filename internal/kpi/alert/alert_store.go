package alert

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

var (
	listAlerts = db.SQL("alert.list", `select a.id, a.rule, a.year, a.organisation_id, coalesce(a.kpi_id, ''), a.state, coalesce(a.owner_id, ''),
			coalesce(p.name, ''), a.grade, a.n, a.against, a.bore_grade, a.bore, a.raised_on, a.due_on, a.steps, o.code, o.short_name, coalesce(k.code, '')
		from alert a join organisation o on o.id = a.organisation_id
		left join person p on p.id = a.owner_id
		left join kpi k on k.programme_id = a.programme_id and k.id = a.kpi_id
		where a.programme_id = $1 and ($2 = '' or a.id = $2) and ($3 = 0 or a.year = $3) and ($4 = '*' or $4 like '%' || a.organisation_id || '%')
		order by o.position, o.code, a.id`)
	listSteps = db.SQL("alert.step.list", `select s.state, coalesce(w.name, ''), s.grade, s.found, s.against, s.done_on, coalesce(p.name, ''), s.reason
		from alert_step s left join person p on p.id = s.done_by left join person w on w.id = s.owner_id
		where s.programme_id = $1 and s.alert_id = $2 order by s.n`)
	saveAlert = db.SQL("alert.save", `update alert set state = $3, owner_id = $4, grade = $5, n = $6, against = $7, bore_grade = $8, bore = $9,
			due_on = $10, steps = $11
		where programme_id = $1 and id = $2 and steps = $12`)
	listOwners = db.SQL("alert.owner.list", `select p.id, p.name from person p join membership m on m.person_id = p.id
		where p.disabled = 0 and ((m.organisation_id = (select g.agency_id from programme g where g.id = $1) and m.role in ('officer', 'controller'))
			or (m.organisation_id = $2 and m.role = 'coordinator'))
		group by p.id, p.name, p.email order by p.email`)
	listOfficers = db.SQL("alert.officer.list", `select p.id, (select count(*) from alert a
				where a.programme_id = $1 and a.owner_id = p.id and a.state in ('open', 'taken-up'))
		from person p join membership m on m.person_id = p.id
		where p.disabled = 0 and m.role = 'officer' and m.organisation_id = (select g.agency_id from programme g where g.id = $1)
		group by p.id, p.email order by p.email`)
)

// Filter chooses alerts. An empty field does not choose, but an empty Scope lets nothing through.
type Filter struct {
	Scope access.Scope
	Year  period.Year
	State State
	Rule  Rule
	KPI   id.KPI
	Code  string    // of the partner
	Owner id.Person // of whom
}

// Waiting chooses, in a Filter, the alerts in which something is still to be done.
const Waiting State = "waiting"

func (f *Filter) takes(a *Alert) bool {
	return (f.State == "" || f.State == a.State || f.State == Waiting && a.State.Waits()) && (f.Rule == "" || f.Rule == a.Rule) &&
		(f.KPI == "" || f.KPI == a.KPI) && (f.Code == "" || f.Code == a.PartnerCode) && (f.Owner == "" || f.Owner == a.Owner)
}

// List reads the alerts that a filter chooses: the grave ones first, then by the day that they are due, then by rule and by how bad they are.
func List(ctx context.Context, tx *db.Tx, programme id.Programme, f Filter) ([]Alert, error) {
	all, err := list(ctx, tx, programme, "", f.Year, f.Scope)
	all = f.Of(all)
	slices.SortStableFunc(all, func(a, b Alert) int {
		return cmp.Or(cmp.Compare(b.Grade, a.Grade), cmp.Compare(a.Due, b.Due), cmp.Compare(slices.Index(Rules(), a.Rule), slices.Index(Rules(), b.Rule)),
			cmp.Compare(b.level(), a.level()))
	})
	return all, err
}

// Of chooses among alerts that were read, in their order.
func (f *Filter) Of(all []Alert) []Alert {
	var taken []Alert
	for i := range all {
		if f.takes(&all[i]) {
			taken = append(taken, all[i])
		}
	}
	return taken
}

func list(ctx context.Context, tx *db.Tx, programme id.Programme, alert id.Alert, year period.Year, scope access.Scope) ([]Alert, error) {
	var all []Alert
	return all, tx.Each(ctx, listAlerts, []any{programme, alert, int(year), scope}, func(r *sql.Rows) error {
		var a Alert
		err := r.Scan(&a.ID, &a.Rule, &a.Year, &a.Partner, &a.KPI, &a.State, &a.Owner, &a.OwnerName, &a.Grade, &a.N, &a.Against, &a.BoreGrade, &a.Bore,
			&a.Raised, &a.Due, &a.Steps, &a.PartnerCode, &a.Short, &a.KPICode)
		all = append(all, a)
		return err
	})
}

// Load reads one alert within a scope; missing otherwise.
func Load(ctx context.Context, tx *db.Tx, scope access.Scope, programme id.Programme, alert id.Alert) (Alert, error) {
	all, err := list(ctx, tx, programme, alert, 0, scope)
	if err == nil && len(all) == 0 {
		err = fault.Missing("alert.missing", nil)
	}
	if err != nil {
		return Alert{}, err
	}
	return all[0], nil
}

// History lists what became of an alert, in order. The caller has loaded it within the reader's scope.
func History(ctx context.Context, tx *db.Tx, programme id.Programme, alert id.Alert) ([]Step, error) {
	var all []Step
	return all, tx.Each(ctx, listSteps, []any{programme, alert}, func(r *sql.Rows) error {
		var s Step
		err := r.Scan(&s.State, &s.Owner, &s.Grade, &s.N, &s.Against, &s.On, &s.By, &s.Reason)
		all = append(all, s)
		return err
	})
}

// Candidate is somebody who may look after an alert.
type Candidate struct {
	ID   id.Person
	Name string
}

// Candidates lists who may look after an alert of a partner: the agency's officers and controllers, and the partner's coordinators.
func Candidates(ctx context.Context, tx *db.Tx, programme id.Programme, partner id.Organisation) ([]Candidate, error) {
	var all []Candidate
	return all, tx.Each(ctx, listOwners, []any{programme, partner}, func(r *sql.Rows) error {
		var c Candidate
		err := r.Scan(&c.ID, &c.Name)
		all = append(all, c)
		return err
	})
}

// add stores a new alert with its first step.
func (a *Alert) add(ctx context.Context, tx *db.Tx, programme id.Programme, on period.Date) error {
	a.ID, a.State, a.Raised, a.Steps = id.New[id.Alert](), Open, on, 1
	if err := tx.Insert(ctx, "alert", []string{"programme_id", "id", "rule", "year", "organisation_id", "kpi_id", "subject", "state", "owner_id", "grade",
		"n", "against", "bore_grade", "bore", "raised_on", "due_on", "steps"}, [][]any{{programme, a.ID, a.Rule, int(a.Year), a.Partner, db.OrNull(a.KPI),
		a.KPI, a.State, db.OrNull(a.Owner), a.Grade, a.N, a.Against, 0, 0, a.Raised, a.Due, 1}}); err != nil {
		return err
	}
	return a.tell(ctx, tx, programme, on, "", "")
}

// save stores what became of the alert as its next step; conflict when somebody else was quicker.
func (a *Alert) save(ctx context.Context, tx *db.Tx, programme id.Programme, on period.Date, by id.Person, reason string) error {
	a.Steps++
	if err := a.tell(ctx, tx, programme, on, by, reason); err != nil {
		return err
	}
	return a.update(ctx, tx, programme, a.Steps-1)
}

func (a *Alert) update(ctx context.Context, tx *db.Tx, programme id.Programme, steps int) error {
	moved, err := tx.Exec(ctx, saveAlert, programme, a.ID, a.State, db.OrNull(a.Owner), a.Grade, a.N, a.Against, a.BoreGrade, a.Bore, a.Due, a.Steps, steps)
	if err != nil {
		return err
	}
	if moved != 1 {
		return fault.Conflict("alert.moved", nil)
	}
	return nil
}

func (a *Alert) tell(ctx context.Context, tx *db.Tx, programme id.Programme, on period.Date, by id.Person, reason string) error {
	return tx.Insert(ctx, "alert_step", []string{"programme_id", "alert_id", "n", "state", "owner_id", "grade", "found", "against", "done_on", "done_by",
		"reason"}, [][]any{{programme, a.ID, a.Steps, a.State, db.OrNull(a.Owner), a.Grade, a.N, a.Against, on, db.OrNull(by), reason}})
}
