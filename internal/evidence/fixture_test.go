package evidence

import (
	"testing"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

// world is a programme with an agency, three partners, two officers, three companies and an activity.
type world struct {
	db        *db.DB
	programme id.Programme
	agency    id.Organisation
	partners  []id.Organisation
	officer   access.Actor
	other     access.Actor
	partner   access.Actor
	companies []id.Company
	activity  id.Activity
}

// at is the day on which a test's units of work happen.
func (w *world) at(day string) *db.DB {
	return w.db.WithClock(func() time.Time {
		t, err := time.Parse(time.DateOnly, day)
		if err != nil {
			panic(err)
		}
		return t.Add(12 * time.Hour)
	})
}

func (w *world) write(t *testing.T, day string, fn func(*db.Tx) error) {
	t.Helper()
	if err := w.at(day).Write(t.Context(), w.programme, fn); err != nil {
		t.Fatal(err)
	}
}

func (w *world) read(t *testing.T, fn func(*db.Tx) error) {
	t.Helper()
	if err := w.db.Read(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{db: d, programme: id.New[id.Programme](), agency: id.New[id.Organisation](), activity: id.New[id.Activity]()}
	w.partners = []id.Organisation{id.New[id.Organisation](), id.New[id.Organisation](), id.New[id.Organisation]()}
	w.companies = []id.Company{id.New[id.Company](), id.New[id.Company](), id.New[id.Company]()}
	person := func(role access.Role, o id.Organisation) access.Actor {
		return access.Actor{ID: id.New[id.Person](), Name: string(role), Language: text.EN,
			Memberships: []access.Membership{{Organisation: o, Agency: o == w.agency, Role: role}}}
	}
	w.officer, w.other = person(access.Officer, w.agency), person(access.Officer, w.agency)
	w.partner = person(access.Coordinator, w.partners[0])
	err := d.WriteAgency(t.Context(), func(tx *db.Tx) error {
		if err := w.agencyRows(t, tx); err != nil {
			return err
		}
		if err := tx.AlsoProgramme(t.Context(), w.programme); err != nil {
			return err
		}
		return tx.Insert(t.Context(), "activity", []string{"programme_id", "id", "code", "title", "type", "state", "starts_on", "ends_on",
			"place", "city", "country", "url", "language", "markets", "sectors", "needs", "places", "organisers", "reason"},
			[][]any{{w.programme, w.activity, "m", "Mission to Shenzhen", "mission", "held", "2019-03-01", "2019-03-02", "onsite", "", "CN", "",
				"en", "CN", "", "", 0, 2, ""}})
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) agencyRows(t *testing.T, tx *db.Tx) error {
	orgs := [][]any{{w.agency, "fit", "Agency", "Agency", "agency", "", 0, "a", 0}}
	for i, p := range w.partners {
		orgs = append(orgs, []any{p, "p" + string(rune('1'+i)), "Partner", "P" + string(rune('1'+i)), "partner", "", i + 1, "p", 0})
	}
	if err := tx.Insert(t.Context(), "organisation", []string{"id", "code", "name", "short_name", "kind", "calendar_group", "position",
		"sort_key", "vat_recoverable_bp"}, orgs); err != nil {
		return err
	}
	var people, companies, roots [][]any
	for i, a := range []access.Actor{w.officer, w.other, w.partner} {
		people = append(people, []any{a.ID, string(rune('a'+i)) + "@x.example", a.Name, "", "en", 0})
	}
	if err := tx.Insert(t.Context(), "person", []string{"id", "email", "name", "password_hash", "language", "disabled"}, people); err != nil {
		return err
	}
	for i, c := range w.companies {
		companies = append(companies, []any{c, "", nil, "Company " + string(rune('A'+i)), "a", "", "", "BE", "", "", "", 0, "", ""})
		roots = append(roots, []any{c, c})
	}
	if err := tx.Insert(t.Context(), "company", []string{"id", "scheme", "number", "name", "sort_key", "postcode", "city", "country", "sector",
		"size_class", "size_source", "size_year", "nace", "parent_country"}, companies); err != nil {
		return err
	}
	if err := tx.Insert(t.Context(), "company_root", []string{"company_id", "root_id"}, roots); err != nil {
		return err
	}
	if err := tx.Insert(t.Context(), "programme", []string{"id", "code", "name_nl", "name_en", "name_fr", "note_nl", "note_en", "note_fr",
		"strategy_nl", "strategy_en", "strategy_fr", "starts_on", "ends_on", "currency", "agency_id", "invented", "state", "source_hash"},
		[][]any{{w.programme, "p", "", "", "", "", "", "", "", "", "", "2017-01-01", "2021-12-31", "EUR", w.agency, 1, "open", ""}}); err != nil {
		return err
	}
	return tx.Insert(t.Context(), "programme_head", []string{"programme_id", "seq", "audit_count", "audit_hash"},
		[][]any{{w.programme, 0, 0, ""}})
}
