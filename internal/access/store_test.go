package access

import (
	"context"
	"fmt"
	"testing"

	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

// house fills a database with an agency, two partners of a programme, another organisation and a company.
type house struct {
	t         *testing.T
	db        *db.DB
	programme id.Programme
}

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, db: d, programme: id.New[id.Programme]()}
	h.agency(func(tx *db.Tx) error {
		ctx := t.Context()
		rows := [][]any{
			{string(ourAgency), "fit", "Agency", "FIT", "agency", "", 0, "agency", 0},
			{string(agoria), "agoria", "Agoria vzw", "Agoria", "partner", "", 1, "agoria", 0},
			{string(voka), "voka", "Voka vzw", "Voka", "partner", "", 2, "voka", 0},
			{"f0000000-0000-7000-8000-00000000000f", "court", "Court", "Court", "other", "", 3, "court", 0},
		}
		if err := tx.Insert(ctx, "organisation", []string{"id", "code", "name", "short_name", "kind", "calendar_group", "position", "sort_key",
			"vat_recoverable_bp"}, rows); err != nil {
			return err
		}
		if err := tx.Insert(ctx, "company", []string{"id", "scheme", "number", "name", "sort_key", "postcode", "city", "country", "sector",
			"size_class", "size_source", "size_year", "nace", "parent_country"},
			[][]any{{string(lodge), "BE", "0123456749", "Lodge", "lodge", "", "", "BE", "", "", "", 0, "", ""}}); err != nil {
			return err
		}
		if err := tx.Insert(ctx, "programme", []string{"id", "code", "name_nl", "name_en", "name_fr", "note_nl", "note_en", "note_fr",
			"strategy_nl", "strategy_en", "strategy_fr", "starts_on", "ends_on", "currency", "agency_id", "invented", "state", "source_hash"},
			[][]any{{string(h.programme), "demo", "n", "n", "n", "", "", "", "", "", "", "2017-01-01", "2021-12-31", "EUR", string(ourAgency), 1,
				"open", ""}}); err != nil {
			return err
		}
		for i, o := range []id.Organisation{agoria, voka} {
			if err := tx.Insert(ctx, "agreement", []string{"programme_id", "id", "organisation_id", "state", "version", "starts_on", "ends_on",
				"signed_on"}, [][]any{{string(h.programme), fmt.Sprintf("10000000-0000-7000-8000-00000000000%d", i), string(o), "active", 1,
				"2017-01-01", "2021-12-31", "2017-10-03"}}); err != nil {
				return err
			}
		}
		return nil
	})
	return h
}

func (h *house) agency(fn func(*db.Tx) error) {
	h.t.Helper()
	if err := h.db.WriteAgency(h.t.Context(), fn); err != nil {
		h.t.Fatal(err)
	}
}

// add gives a role; the person's name is the part of the address before the @.
func (h *house) add(email string, role Role, organisation string) id.Person {
	h.t.Helper()
	var person id.Person
	h.agency(func(tx *db.Tx) (err error) {
		person, err = Add(h.t.Context(), tx, System("test"), newPerson(email, role, organisation))
		return err
	})
	return person
}

func newPerson(email string, role Role, organisation string) NewPerson {
	n := NewPerson{Email: email, Name: "Name of " + email, Language: text.FR, Role: role, Organisation: organisation}
	if role == CompanyContact {
		n.Company = lodge
	}
	return n
}

func (h *house) actor(email string) (a Actor, err error) {
	err = h.db.Read(h.t.Context(), func(tx *db.Tx) error {
		a, err = LoadActorByEmail(h.t.Context(), tx, email)
		return err
	})
	return a, err
}

// trail is the verbs of the agency's chain, oldest first; the chain must verify.
func (h *house) trail() []audit.Row {
	h.t.Helper()
	var rows []audit.Row
	err := h.db.Read(h.t.Context(), func(tx *db.Tx) error {
		found, err := audit.Verify(h.t.Context(), tx, "")
		if err != nil || len(found) > 0 {
			return fmt.Errorf("audit: %v %w", found, err)
		}
		rows, err = audit.List(h.t.Context(), tx, "", audit.Filter{Limit: 1000})
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return rows
}

func TestPeople(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		an := h.add(" An@Example.org ", Officer, "fit")
		if again := h.add("an@example.org", Approver, "fit"); again != an {
			t.Errorf("one address became two people")
		}
		h.add("co@example.org", Coordinator, "voka")
		h.add("lo@example.org", CompanyContact, "")
		a, err := h.actor("AN@example.org")
		if err != nil || a.ID != an || a.Email != "an@example.org" || a.Language != text.FR || len(a.Memberships) != 2 {
			t.Fatalf("%+v, %v", a, err)
		}
		if !a.Has(Officer) || !a.Has(Approver) || a.Scope() != All || a.Memberships[0].OrganisationCode != "fit" || !a.Memberships[0].Agency {
			t.Errorf("%+v", a.Memberships)
		}
		if c, err := h.actor("co@example.org"); err != nil || c.Partner() != voka || c.Agency() {
			t.Errorf("%+v, %v", c, err)
		}
		if l, err := h.actor("lo@example.org"); err != nil || !l.Can("registration.cancel", Subject{State: "confirmed", Company: lodge}) {
			t.Errorf("%+v, %v", l, err)
		}
		h.agency(func(tx *db.Tx) error { return Disable(t.Context(), tx, System("test"), "An@example.org") })
		if _, err := h.actor("an@example.org"); !fault.Is(err, fault.KindMissing) {
			t.Errorf("a disabled person still comes in: %v", err)
		}
		var rows []PersonRow
		if err := d.Read(t.Context(), func(tx *db.Tx) (err error) { rows, err = People(t.Context(), tx); return err }); err != nil {
			t.Fatal(err)
		}
		var got string
		for _, r := range rows {
			got += fmt.Sprintf("%s %s %s %v\n", r.Email, r.Role, r.Where, r.Disabled)
		}
		if want := "an@example.org approver fit true\nan@example.org officer fit true\nco@example.org coordinator voka false\nlo@example.org company Lodge false\n"; got != want {
			t.Errorf("people:\n%s", got)
		}
		verbs := map[string]int{}
		for _, r := range h.trail() {
			verbs[r.Verb]++
		}
		if verbs["user.add"] != 3 || verbs["user.grant"] != 4 || verbs["user.disable"] != 1 {
			t.Errorf("trail %v", verbs)
		}
	})
}

func TestAddRefuses(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.add("officer@example.org", Officer, "fit")
		h.add("admin@example.org", Administrator, "fit")
		h.add("gone@example.org", Payer, "fit")
		h.agency(func(tx *db.Tx) error { return Disable(t.Context(), tx, System("test"), "gone@example.org") })
		officer, _ := h.actor("officer@example.org")
		admin, _ := h.actor("admin@example.org")
		for _, c := range []struct {
			name  string
			by    Actor
			n     NewPerson
			kind  fault.Kind
			field string
		}{
			{"by an officer", officer, newPerson("x@example.org", Member, "voka"), fault.KindDenied, ""},
			{"a role to a known person by an officer", officer, newPerson("admin@example.org", Approver, "fit"), fault.KindDenied, ""},
			{"a role to oneself", admin, newPerson("admin@example.org", Approver, "fit"), fault.KindDenied, ""},
			{"a partner's role at the agency", admin, newPerson("x@example.org", Finance, "fit"), fault.KindInvalid, "role"},
			{"the agency's role at a partner", admin, newPerson("x@example.org", Controller, "voka"), fault.KindInvalid, "role"},
			{"an auditor at a partner", admin, newPerson("x@example.org", Auditor, "voka"), fault.KindInvalid, "role"},
			{"an officer elsewhere", admin, newPerson("x@example.org", Officer, "court"), fault.KindInvalid, "role"},
			{"unknown role", admin, newPerson("x@example.org", "king", "fit"), fault.KindInvalid, "role"},
			{"unknown organisation", admin, newPerson("x@example.org", Officer, "nowhere"), fault.KindInvalid, "organisation"},
			{"a contact without a company", admin, NewPerson{Email: "x@example.org", Name: "X", Role: CompanyContact}, fault.KindInvalid, "organisation"},
			{"no address", admin, newPerson("x", Officer, "fit"), fault.KindInvalid, "email"},
			{"no name", admin, NewPerson{Email: "x@example.org", Name: " ", Role: Officer, Organisation: "fit"}, fault.KindInvalid, "name"},
			{"no language of ours", admin, NewPerson{Email: "x@example.org", Name: "X", Language: "de", Role: Officer, Organisation: "fit"}, fault.KindInvalid, "language"},
			{"a disabled person", admin, newPerson("gone@example.org", Officer, "fit"), fault.KindConflict, ""},
			{"a role that is held", admin, newPerson("officer@example.org", Officer, "fit"), fault.KindConflict, "role"},
		} {
			before := len(h.trail())
			err := d.WriteAgency(t.Context(), func(tx *db.Tx) error {
				_, err := Add(t.Context(), tx, c.by, c.n)
				return err
			})
			if !fault.Is(err, c.kind) || fault.Of(err).Field != c.field {
				t.Errorf("%s: %v", c.name, err)
			}
			if got := len(h.trail()); got != before {
				t.Errorf("%s left %d rows in the trail", c.name, got-before)
			}
		}
		h.add("audit@example.org", Auditor, "court")
		if a, err := h.actor("audit@example.org"); err != nil || a.Scope() != All {
			t.Errorf("the court's auditor: %+v, %v", a, err)
		}
		for by, victim := range map[string]string{"admin@example.org": "admin@example.org", "officer@example.org": "admin@example.org"} {
			actor, _ := h.actor(by)
			err := d.WriteAgency(t.Context(), func(tx *db.Tx) error { return Disable(t.Context(), tx, actor, victim) })
			if !fault.Is(err, fault.KindDenied) {
				t.Errorf("%s disables %s: %v", by, victim, err)
			}
		}
	})
}

// A row that came in past Add, such as an auditor at a partner, opens nothing.
func TestRowsInTheWrongPlaceAreNotLoaded(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		person := h.add("m@example.org", Member, "voka")
		h.agency(func(tx *db.Tx) error {
			return tx.Insert(t.Context(), "membership", []string{"person_id", "organisation_id", "role"},
				[][]any{{string(person), string(voka), "auditor"}, {string(person), string(agoria), "controller"}})
		})
		a, err := h.actor("m@example.org")
		if err != nil || len(a.Memberships) != 1 || a.Scope() != Scope(voka) {
			t.Errorf("%+v, %v", a, err)
		}
	})
}

func TestEmail(t *testing.T) {
	for in, want := range map[string]string{"a@b.be": "a@b.be", " A.B+c@EXAMPLE.org\n": "a.b+c@example.org", "": "", "a": "", "a@": "", "@b": "",
		"A <a@b.be>": "", "<a@b.be>": "", "a@b.be, c@d.be": "", "a@b.be\x00": "", "a b@c.be": "", "a@b\xff.be": "", "\"a b\"@c.be": "",
		"(x)a@b.be": ""} {
		got, err := Email(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}

func FuzzEmail(f *testing.F) {
	f.Add("a@b.be")
	f.Add("\"a\"@b")
	f.Fuzz(func(t *testing.T, s string) {
		kept, err := Email(s)
		if err != nil {
			return
		}
		if again, err := Email(kept); err != nil || again != kept {
			t.Errorf("%q became %q, which becomes %q (%v)", s, kept, again, err)
		}
	})
}

func TestScopeInSQL(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		newHouse(t, d)
		count := func(s Scope) (n int) {
			q := db.SQL("access.test.scope", `select count(*) from agreement a where ($1 = '*' or $1 like '%' || a.organisation_id || '%')`)
			if err := d.Read(t.Context(), func(tx *db.Tx) error { return tx.Row(context.Background(), q, string(s)).Scan(&n) }); err != nil {
				t.Fatal(err)
			}
			return n
		}
		for s, want := range map[Scope]int{All: 2, "": 0, Scope(voka): 1, Scope(voka + " " + agoria): 2, Scope(ourAgency): 0} {
			if got := count(s); got != want {
				t.Errorf("scope %q sees %d agreements", s, got)
			}
		}
	})
}
