package activity

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

var (
	selectActivity = db.SQL("activity.activity.load",
		`select a.id, a.code, a.title, a.type, a.state, a.starts_on, a.ends_on, a.place, a.city, a.country, a.url, a.language, a.markets,
		   a.sectors, a.needs, a.places, a.reason, a.around, a.audience, a.price
		 from activity a
		 where a.programme_id = $1 and a.id = $2
		   and ($3 = '*' or a.state <> 'planned' or exists (select 1 from activity_organiser x
		     where x.programme_id = a.programme_id and x.activity_id = a.id and $3 like '%' || x.organisation_id || '%'))`)
	selectOrganisersOf = db.SQL("activity.organiser.of",
		`select x.activity_id, x.organisation_id, o.code, o.short_name, o.name, o.kind, x.weight
		 from activity_organiser x join organisation o on o.id = x.organisation_id
		 where x.programme_id = $1 and x.activity_id = $2 order by x.position`)
	selectOrganisersBetween = db.SQL("activity.organiser.between",
		`select x.activity_id, x.organisation_id, o.code, o.short_name, o.name, o.kind, x.weight
		 from activity a cross join activity_organiser x join organisation o on o.id = x.organisation_id
		 where x.programme_id = a.programme_id and x.activity_id = a.id and a.programme_id = $1 and a.starts_on >= $2 and a.starts_on <= $3
		 order by x.activity_id, x.position`)
	selectCounts = db.SQL("activity.participation.counts",
		`select state, count(*) from participation where programme_id = $1 and activity_id = $2 group by state`)
	selectCodes   = db.SQL("activity.activity.codes", `select code from activity where programme_id = $1`)
	selectCodeIDs = db.SQL("activity.activity.code_ids", `select code, id from activity where programme_id = $1`)
)

// Load is one activity with its organisers. What another organiser has only planned is missing (activity.missing), as is what does not exist.
func Load(ctx context.Context, tx *db.Tx, scope access.Scope, programme id.Programme, activity id.Activity) (Activity, error) {
	var a Activity
	err := scan(tx.Row(ctx, selectActivity, programme, activity, scope), &a)
	if err == db.ErrNone {
		return a, fault.Missing("activity.missing", nil)
	}
	if err != nil {
		return a, err
	}
	one := []Activity{a}
	err = organisers(ctx, tx, one, selectOrganisersOf, programme, activity)
	return one[0], err
}

// Counts tells how many companies stand in each state of participation at an activity.
func Counts(ctx context.Context, tx *db.Tx, programme id.Programme, activity id.Activity) (map[string]int, error) {
	all := map[string]int{}
	err := tx.Each(ctx, selectCounts, []any{programme, activity}, func(r *sql.Rows) error {
		var state string
		var n int
		err := r.Scan(&state, &n)
		all[state] = n
		return err
	})
	return all, err
}

// Codes gives the codes of all activities of a programme, for imports.
func Codes(ctx context.Context, tx *db.Tx, programme id.Programme) (map[string]bool, error) {
	all := map[string]bool{}
	err := tx.Each(ctx, selectCodes, []any{programme}, func(r *sql.Rows) error {
		var code string
		err := r.Scan(&code)
		all[code] = true
		return err
	})
	return all, err
}

// CodesOf gives the ids of all activities of a programme by their codes, for imports.
func CodesOf(ctx context.Context, tx *db.Tx, programme id.Programme) (map[string]id.Activity, error) {
	all := map[string]id.Activity{}
	return all, tx.Each(ctx, selectCodeIDs, []any{programme}, func(r *sql.Rows) error {
		var code string
		var a id.Activity
		err := r.Scan(&code, &a)
		all[code] = a
		return err
	})
}

type scanner interface{ Scan(into ...any) error }

func scan(r scanner, a *Activity) error {
	var markets, sectors, needs string
	err := r.Scan(&a.ID, &a.Code, &a.Title, &a.Type, &a.State, &a.Starts, &a.Ends, &a.Place, &a.City, &a.Country, &a.URL, &a.Language,
		&markets, &sectors, &needs, &a.Places, &a.Reason, &a.Around, &a.Audience, &a.Price)
	a.Markets, a.Sectors, a.Needs = strings.Fields(markets), strings.Fields(sectors), strings.Fields(needs)
	return err
}

// organisers fills in the organisers of activities from a query for at least those.
func organisers(ctx context.Context, tx *db.Tx, all []Activity, q db.Query, args ...any) error {
	place := make(map[id.Activity]int, len(all))
	for i := range all {
		place[all[i].ID] = i
	}
	return tx.Each(ctx, q, args, func(r *sql.Rows) error {
		var activity id.Activity
		var o Organiser
		var name, kind string
		if err := r.Scan(&activity, &o.Organisation, &o.Code, &o.Label, &name, &kind, &o.Weight); err != nil {
			return err
		}
		if i, wanted := place[activity]; wanted {
			if o.Label == "" {
				o.Label = name
			}
			o.Agency = kind == "agency"
			all[i].Organisers = append(all[i].Organisers, o)
		}
		return nil
	})
}

// Add writes new activities with their organisers; the caller records evidence of those that took place.
func Add(ctx context.Context, tx *db.Tx, programme id.Programme, all []Activity) error {
	rows := make([][]any, len(all))
	var by [][]any
	for i, a := range all {
		rows[i] = []any{programme, a.ID, a.Code, a.Title, a.Type, a.State, a.Starts, a.Ends, a.Place, a.City, a.Country, a.URL, a.Language,
			strings.Join(a.Markets, " "), strings.Join(a.Sectors, " "), strings.Join(a.Needs, " "), a.Places, len(a.Organisers), a.Reason, a.Around,
			a.Audience, a.Price}
		for n, o := range a.Organisers {
			by = append(by, []any{programme, a.ID, o.Organisation, n, o.Weight})
		}
	}
	err := tx.Insert(ctx, "activity", []string{"programme_id", "id", "code", "title", "type", "state", "starts_on", "ends_on", "place",
		"city", "country", "url", "language", "markets", "sectors", "needs", "places", "organisers", "reason", "around", "audience", "price"}, rows)
	if err != nil {
		return err
	}
	return tx.Insert(ctx, "activity_organiser", []string{"programme_id", "activity_id", "organisation_id", "position", "weight"}, by)
}

// AddParticipations writes participations; the caller records evidence of those that were attended.
func AddParticipations(ctx context.Context, tx *db.Tx, programme id.Programme, all []Participation) error {
	rows := make([][]any, len(all))
	for i, p := range all {
		rows[i] = []any{programme, p.ID, p.Activity, p.Company, p.State, p.RecordedOn}
	}
	return tx.Insert(ctx, "participation", []string{"programme_id", "id", "activity_id", "company_id", "state", "recorded_on"}, rows)
}

// OfYear gives the activities that start in a year, as far as the scope may see them, by start, for the calendar.
func OfYear(ctx context.Context, tx *db.Tx, scope access.Scope, programme id.Programme, year period.Year) ([]Activity, error) {
	all, _, err := List(ctx, tx, programme, Filter{Scope: scope, From: year.First(), To: year.Last()})
	return all, err
}

// Participant is a participation with the company that the recorded one stands for now.
type Participant struct {
	Participation
	CompanyName, CompanyNumber string
}

var selectParticipants = db.SQL("activity.participation.list",
	`select p.id, p.activity_id, coalesce(r.root_id, p.company_id), p.state, p.recorded_on, c.name, coalesce(c.number, '')
	 from participation p left join company_root r on r.company_id = p.company_id
	 join company c on c.id = coalesce(r.root_id, p.company_id)
	 where p.programme_id = $1 and p.activity_id = $2 and ($3 = '' or p.state = $3) and p.id > $4
	 order by p.id limit $5`)

// Participations lists who signed up for an activity, by id, from the one after a key on, in one state or in all (""), at most limit (0:
// all). The caller has loaded the activity and asked leave.
func Participations(ctx context.Context, tx *db.Tx, programme id.Programme, activity id.Activity, state string, after id.Participation,
	limit int) ([]Participant, error) {
	var all []Participant
	err := tx.Each(ctx, selectParticipants, []any{programme, activity, state, after, cmp.Or(limit, math.MaxInt32)}, func(r *sql.Rows) error {
		var p Participant
		err := r.Scan(&p.ID, &p.Activity, &p.Company, &p.State, &p.RecordedOn, &p.CompanyName, &p.CompanyNumber)
		all = append(all, p)
		return err
	})
	return all, err
}
