package ledger

import (
	"strings"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// world is a programme with one agreement that has a ceiling of 120,000.00 in 2018 and 2019.
type world struct {
	t         *testing.T
	d         *db.DB
	programme id.Programme
	agreement id.Agreement
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, d: d, programme: id.New[id.Programme](), agreement: id.New[id.Agreement]()}
	agency, partner := id.New[id.Organisation](), id.New[id.Organisation]()
	err := d.WriteAgency(t.Context(), func(tx *db.Tx) error {
		for _, table := range []struct {
			name, columns string
			rows          [][]any
		}{
			{"organisation", "id code name short_name kind calendar_group position sort_key vat_recoverable_bp", [][]any{
				{agency, "agency", "Agency", "Agency", "agency", "", 1, "agency", 0},
				{partner, "partner", "Partner", "Partner", "partner", "", 2, "partner", 0}}},
			{"programme", `id code name_nl name_en name_fr note_nl note_en note_fr strategy_nl strategy_en strategy_fr starts_on ends_on
				currency agency_id invented state source_hash`, [][]any{{w.programme, "round", "", "", "", "", "", "", "", "", "",
				"2017-01-01", "2021-12-31", "EUR", agency, 1, "open", ""}}},
			{"programme_head", "programme_id seq audit_count audit_hash", [][]any{{w.programme, 0, 0, ""}}},
			{"agreement", "programme_id id organisation_id state version starts_on ends_on signed_on", [][]any{
				{w.programme, w.agreement, partner, "active", 1, "2017-01-01", "2021-12-31", "2017-01-01"}}},
			{"agreement_ceiling", "programme_id agreement_id year amount carried", [][]any{
				{w.programme, w.agreement, 2018, 120_000_00, 0}, {w.programme, w.agreement, 2019, 120_000_00, 0}}},
		} {
			if err := tx.Insert(t.Context(), table.name, strings.Fields(table.columns), table.rows); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) write(fn func(*db.Tx) error) error {
	return w.d.Write(w.t.Context(), w.programme, fn)
}

// do is write for what must succeed.
func (w *world) do(fn func(*db.Tx) error) {
	w.t.Helper()
	if err := w.write(fn); err != nil {
		w.t.Fatal(err)
	}
}

// read is a reading unit of work that must succeed.
func (w *world) read(fn func(*db.Tx) error) {
	w.t.Helper()
	if err := w.d.Read(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// entry is one of 2018 with a day in March.
func (w *world) entry(event Event, key string, lines []Line) Entry {
	return Entry{Programme: w.programme, Key: key, Event: event, BookedOn: "2018-03-12", Agreement: w.agreement, Year: 2018,
		SubjectKind: "claim", SubjectID: key, Lines: lines}
}

// opened are the entries that every year of a programme starts with.
func (w *world) opened() []Entry {
	voted := w.entry(EventEnvelopeVoted, "envelope", EnvelopeVoted(500_000_00))
	voted.Agreement = ""
	return []Entry{voted, w.entry(EventSigned, "signed", Signed(120_000_00))}
}

func (w *world) post(entries ...Entry) {
	w.t.Helper()
	w.do(func(tx *db.Tx) error {
		_, err := PostAll(w.t.Context(), tx, w.programme, entries)
		return err
	})
}

func (w *world) balance(f Filter) map[Account]money.Amount {
	w.t.Helper()
	var out map[Account]money.Amount
	w.read(func(tx *db.Tx) (err error) {
		out, err = Balance(w.t.Context(), tx, w.programme, f)
		return err
	})
	return out
}

func (w *world) check() []Finding {
	w.t.Helper()
	var out []Finding
	w.read(func(tx *db.Tx) (err error) {
		out, err = Check(w.t.Context(), tx, w.programme)
		return err
	})
	return out
}

// behind runs SQL with the triggers of entry and posting out of the way.
func (w *world) behind(statements ...string) {
	w.t.Helper()
	for _, q := range append(dropTriggers(w.d.Engine()), statements...) {
		if _, err := w.d.Pool().ExecContext(w.t.Context(), q); err != nil {
			w.t.Fatalf("%s: %v", q, err)
		}
	}
}

func dropTriggers(e db.Engine) []string {
	var out []string
	for _, t := range []string{"posting_no_update posting", "posting_no_delete posting", "entry_no_update entry", "entry_no_delete entry",
		"signed_ceiling_stays agreement_ceiling"} {
		name, table, _ := strings.Cut(t, " ")
		q := "drop trigger if exists " + name
		if e == db.PostgreSQL {
			q += " on " + table
		}
		out = append(out, q)
	}
	return out
}

func both(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Both(t, func(t *testing.T, d *db.DB) { test(t, newWorld(t, d)) })
}

func year(w *world, y period.Year) AgreementYear { return AgreementYear{w.agreement, y} }
