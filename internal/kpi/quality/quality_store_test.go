package quality_test

import (
	"fmt"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi/quality"
	"errera.eu/errera/internal/period"
)

// desk is a programme with a partner and a company.
type desk struct {
	*db.DB
	programme id.Programme
	partner   id.Organisation
	company   id.Company
	officer   access.Actor
}

func newDesk(t *testing.T, d *db.DB) *desk {
	w := &desk{d, id.New[id.Programme](), id.New[id.Organisation](), id.New[id.Company](), access.Actor{}}
	agency, person := id.New[id.Organisation](), id.New[id.Person]()
	w.officer = access.Actor{ID: person, Name: "Officer", Memberships: []access.Membership{{Role: access.Officer, Organisation: agency, Agency: true}}}
	err := d.WriteAgency(t.Context(), func(tx *db.Tx) error {
		for _, x := range []struct {
			table   string
			columns []string
			rows    [][]any
		}{
			{"organisation", []string{"id", "code", "name", "short_name", "kind", "calendar_group", "position", "sort_key", "vat_recoverable_bp"},
				[][]any{{agency, "fit", "A", "A", "agency", "", 0, "a", 0}, {w.partner, "p", "P", "P", "partner", "", 1, "p", 0}}},
			{"person", []string{"id", "email", "name", "password_hash", "language", "disabled"}, [][]any{{person, "o@x.example", "Officer", "", "en", 0}}},
			{"company", []string{"id", "scheme", "number", "name", "sort_key", "postcode", "city", "country", "sector", "size_class", "size_source",
				"size_year", "nace", "parent_country"}, [][]any{{w.company, "", nil, "Company", "c", "", "", "BE", "", "", "", 0, "", ""}}},
			{"company_root", []string{"company_id", "root_id"}, [][]any{{w.company, w.company}}},
			{"programme", []string{"id", "code", "name_nl", "name_en", "name_fr", "note_nl", "note_en", "note_fr", "strategy_nl", "strategy_en",
				"strategy_fr", "starts_on", "ends_on", "currency", "agency_id", "invented", "state", "source_hash"},
				[][]any{{w.programme, "g", "", "", "", "", "", "", "", "", "", "2017-01-01", "2019-12-31", "EUR", agency, 1, "open", ""}}},
			{"programme_head", []string{"programme_id", "seq", "audit_count", "audit_hash"}, [][]any{{w.programme, 0, 0, ""}}},
		} {
			if err := tx.Insert(t.Context(), x.table, x.columns, x.rows); err != nil {
				return fmt.Errorf("%s: %w", x.table, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *desk) served(t *testing.T, times int) {
	t.Helper()
	if err := w.Write(t.Context(), w.programme, func(tx *db.Tx) error {
		for n := range times {
			e := evidence.New{ID: id.New[id.Evidence](), Kind: evidence.Service, Dated: period.Of(2018, 2, 1+n%28), Company: w.company, SourceKind: "test",
				Credits: []evidence.Credit{{Organisation: w.partner, Weight: 1}}, ReportedOn: "2018-03-05"}
			e.SourceID = string(e.ID)
			if err := evidence.Record(t.Context(), tx, w.programme, []evidence.New{e}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func (w *desk) load(t *testing.T, scope access.Scope) (all []quality.Told) {
	t.Helper()
	if err := w.Read(t.Context(), func(tx *db.Tx) (err error) {
		all, err = quality.Load(t.Context(), tx, nil, scope, w.programme, 2018, "")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAnAnswerHoldsForItsFacts(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newDesk(t, d)
		w.served(t, 20)
		all := w.load(t, access.All)
		if len(all) != 1 || all[0].Answer != nil || all[0].CompanyName != "Company" || all[0].Names[0] != "P" {
			t.Fatalf("%+v", all)
		}
		if own, other := w.load(t, access.Scope(w.partner)), w.load(t, access.Scope(id.New[id.Organisation]())); len(own) != 1 || len(other) != 0 {
			t.Errorf("the partner sees %d, a stranger %d", len(own), len(other))
		}
		f := all[0]
		resolve := func(by access.Actor, facts string, o quality.Outcome, reason string) error {
			return w.Write(t.Context(), w.programme, func(tx *db.Tx) error {
				return quality.Resolve(t.Context(), tx, by, w.programme, 2018, f.Rule, f.Subject, facts, o, reason)
			})
		}
		coordinator := access.Actor{ID: w.officer.ID, Memberships: []access.Membership{{Role: access.Coordinator, Organisation: w.partner}}}
		for name, c := range map[string]struct {
			err  error
			want fault.Kind
		}{
			"a partner":       {resolve(coordinator, f.Facts(), quality.Explained, "a coach"), fault.KindDenied},
			"without reason":  {resolve(w.officer, f.Facts(), quality.Explained, " "), fault.KindInvalid},
			"without outcome": {resolve(w.officer, f.Facts(), "", "a coach"), fault.KindInvalid},
			"of other facts":  {resolve(w.officer, "19/20", quality.Explained, "a coach"), fault.KindConflict},
		} {
			if !fault.Is(c.err, c.want) {
				t.Errorf("%s: %v", name, c.err)
			}
		}
		if err := resolve(w.officer, f.Facts(), quality.Explained, "a coach through the year"); err != nil {
			t.Fatal(err)
		}
		if a := w.load(t, access.All)[0].Answer; a == nil || a.ByName != "Officer" || a.Reason != "a coach through the year" {
			t.Errorf("answered %+v", a)
		}
		w.served(t, 1)
		if again := w.load(t, access.All); len(again) != 1 || again[0].Answer != nil || again[0].N != 21 {
			t.Errorf("one more time: %+v", again)
		}
	})
}
