package quality

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Outcome is how a finding was answered.
type Outcome string

// The outcomes: it is as reported, for a reason; or something was put right.
const (
	Explained Outcome = "explained"
	Corrected Outcome = "corrected"
)

// Outcomes lists all of them.
func Outcomes() []Outcome { return []Outcome{Explained, Corrected} }

// Key names the outcome in the catalogue.
func (o Outcome) Key() text.Key { return text.Key("quality.outcome." + string(o)) }

// Answer is what somebody said of a finding. It is never changed: a later one supersedes it.
type Answer struct {
	Outcome Outcome
	Facts   string // for which it was given
	Reason  string
	On      period.Date
	By      id.Person
	ByName  string // filled by Load alone
}

// Told is a finding with what it is called and what was answered.
type Told struct {
	Finding
	Names         []string // of the partners, as they are called in short
	Codes         []string
	ActivityTitle string
	ActivityCode  string
	CompanyName   string
	Answer        *Answer // nil: open
}

var (
	readGatherings = db.SQL("quality.gathering.list", `select a.id, a.ends_on,
			sum(case when p.state in ('confirmed', 'attended', 'no-show') then 1 else 0 end), sum(case when p.state = 'attended' then 1 else 0 end)
		from activity a join participation p on p.programme_id = a.programme_id and p.activity_id = a.id
		where a.programme_id = $1 and a.ends_on between $2 and $3 and a.state not in ('planned', 'cancelled', 'postponed')
		group by a.id, a.ends_on order by a.id`)
	readOrganisers = db.SQL("quality.organiser.list", `select o.activity_id, o.organisation_id
		from activity a join activity_organiser o on o.programme_id = a.programme_id and o.activity_id = a.id
		where a.programme_id = $1 and a.ends_on between $2 and $3 order by o.activity_id, o.position`)
	readAnswers = db.SQL("quality.answer.list", `select f.rule, f.subject, f.facts, f.outcome, f.reason, f.answered_on, f.answered_by, p.name
		from finding_answer f join person p on p.id = f.answered_by
		where f.programme_id = $1 and f.year = $2 order by f.id`)
	nameActivity     = db.SQL("quality.activity.name", `select code, title from activity where programme_id = $1 and id = $2`)
	nameCompany      = db.SQL("quality.company.name", `select name from company where id = $1`)
	nameOrganisation = db.SQL("quality.organisation.name", `select code, short_name from organisation where id = $1`)
)

// Load finds what is worth a second look in a year, as known on a day ("" today), within the reader's scope, with the answers given.
func Load(ctx context.Context, tx *db.Tx, m *evidence.Mirror, scope access.Scope, programme id.Programme, year period.Year, asOf period.Date) ([]Told, error) {
	day := asOf
	if asOf == "" {
		day = tx.Now.Date()
	}
	rows, err := m.Of(ctx, tx, programme, evidence.Query{From: year, To: year, AsOf: asOf})
	if err != nil {
		return nil, err
	}
	gatherings, err := gatherings(ctx, tx, programme, year)
	if err != nil {
		return nil, err
	}
	answers, err := answers(ctx, tx, programme, year, day)
	if err != nil {
		return nil, err
	}
	names := naming{ctx, tx, programme, map[id.Organisation][2]string{}}
	var all []Told
	for _, f := range Find(rows, gatherings, year, day) {
		if !slices.ContainsFunc(f.Partners, scope.Holds) {
			continue
		}
		t := Told{Finding: f}
		if err := names.tell(&t); err != nil {
			return nil, err
		}
		if a, known := answers[key{f.Rule, f.Subject}]; known && a.Facts == f.Facts() {
			t.Answer = &a
		}
		all = append(all, t)
	}
	return all, nil
}

func gatherings(ctx context.Context, tx *db.Tx, programme id.Programme, year period.Year) ([]Gathering, error) {
	of := map[id.Activity][]id.Organisation{}
	args := []any{programme, year.First(), year.Last()}
	err := tx.Each(ctx, readOrganisers, args, func(r *sql.Rows) error {
		var a id.Activity
		var o id.Organisation
		err := r.Scan(&a, &o)
		of[a] = append(of[a], o)
		return err
	})
	if err != nil {
		return nil, err
	}
	var all []Gathering
	return all, tx.Each(ctx, readGatherings, args, func(r *sql.Rows) error {
		var g Gathering
		err := r.Scan(&g.Activity, &g.Ends, &g.Registered, &g.Present)
		g.Organisers = of[g.Activity]
		all = append(all, g)
		return err
	})
}

type key struct {
	rule    Rule
	subject string
}

// answers are the last ones given by a day.
func answers(ctx context.Context, tx *db.Tx, programme id.Programme, year period.Year, day period.Date) (map[key]Answer, error) {
	all := map[key]Answer{}
	return all, tx.Each(ctx, readAnswers, []any{programme, int(year)}, func(r *sql.Rows) error {
		var k key
		var a Answer
		if err := r.Scan(&k.rule, &k.subject, &a.Facts, &a.Outcome, &a.Reason, &a.On, &a.By, &a.ByName); err != nil {
			return err
		}
		if a.On <= day {
			all[k] = a
		}
		return nil
	})
}

// naming finds what things are called; there are few findings.
type naming struct {
	ctx       context.Context
	tx        *db.Tx
	programme id.Programme
	partners  map[id.Organisation][2]string
}

func (n naming) tell(t *Told) error {
	for _, o := range t.Partners {
		name, known := n.partners[o]
		if !known {
			if err := n.tx.Row(n.ctx, nameOrganisation, o).Scan(&name[0], &name[1]); err != nil {
				return err
			}
			n.partners[o] = name
		}
		t.Codes, t.Names = append(t.Codes, name[0]), append(t.Names, name[1])
	}
	if t.Activity != "" {
		if err := n.tx.Row(n.ctx, nameActivity, n.programme, t.Activity).Scan(&t.ActivityCode, &t.ActivityTitle); err != nil {
			return err
		}
	}
	if t.Company != "" {
		return n.tx.Row(n.ctx, nameCompany, t.Company).Scan(&t.CompanyName)
	}
	return nil
}

// Resolve answers a finding of a year, with a reason. Facts are those that the reader saw. Faults: invalid by field; conflict when the facts are
// others by now, or the finding is no more; denied.
func Resolve(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, year period.Year, rule Rule, subject, facts string, o Outcome,
	reason string) error {
	if err := by.May("finding.resolve", access.Subject{Kind: "finding"}); err != nil {
		return err
	}
	var faults []error
	if !slices.Contains(Outcomes(), o) {
		faults = append(faults, fault.Invalid("outcome", "quality.outcome_missing", nil))
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		faults = append(faults, fault.Invalid("reason", "evidence.reason_required", nil))
	} else if len(reason) > 1000 {
		faults = append(faults, fault.Invalid("reason", "quality.reason_long", nil))
	}
	if err := fault.Join(faults...); err != nil {
		return err
	}
	rows, err := evidence.OfYear(ctx, tx, programme, year, "")
	if err != nil {
		return err
	}
	gatherings, err := gatherings(ctx, tx, programme, year)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(Find(rows, gatherings, year, tx.Now.Date()), func(f Finding) bool {
		return f.Rule == rule && f.Subject == subject && f.Facts() == facts
	}) {
		return fault.Conflict("quality.changed", nil)
	}
	answer := id.New[id.Finding]()
	if err := tx.Insert(ctx, "finding_answer", []string{"programme_id", "id", "year", "rule", "subject", "facts", "outcome", "reason", "answered_on",
		"answered_by"}, [][]any{{programme, answer, int(year), rule, subject, facts, o, reason, tx.Now.Date(), by.ID}}); err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(programme), by.Label(), audit.Change{Verb: "finding.resolve", ObjectKind: "finding", ObjectID: string(answer),
		After: map[string]any{"rule": rule, "subject": subject, "facts": facts, "outcome": o, "reason": reason, "year": year}})
}
