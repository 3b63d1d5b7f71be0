package kpi_test

import (
	"math/big"
	"testing"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/kpi/catalogue"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// bed is a programme with two partners, three companies and nothing promised.
type bed struct {
	*db.DB
	programme id.Programme
	agency    id.Organisation
	partners  [2]id.Organisation
	companies [3]id.Company
	officer   access.Actor
}

func newBed(t *testing.T, d *db.DB) *bed {
	b := &bed{DB: d, programme: id.New[id.Programme](), agency: id.New[id.Organisation](), partners: [2]id.Organisation{id.New[id.Organisation](),
		id.New[id.Organisation]()}}
	person := id.New[id.Person]()
	b.officer = access.Actor{ID: person, Name: "Officer", Memberships: []access.Membership{{Role: access.Officer, Organisation: b.agency, Agency: true}}}
	insert := func(tx *db.Tx, table string, columns []string, rows ...[]any) {
		t.Helper()
		if err := tx.Insert(t.Context(), table, columns, rows); err != nil {
			t.Fatal(err)
		}
	}
	err := d.WriteAgency(t.Context(), func(tx *db.Tx) error {
		organisation := []string{"id", "code", "name", "short_name", "kind", "calendar_group", "position", "sort_key", "vat_recoverable_bp"}
		insert(tx, "organisation", organisation, []any{b.agency, "fit", "A", "A", "agency", "", 0, "a", 0}, []any{b.partners[0], "p", "P", "P", "partner", "",
			1, "p", 0}, []any{b.partners[1], "q", "Q", "Q", "partner", "", 2, "q", 0})
		insert(tx, "person", []string{"id", "email", "name", "password_hash", "language", "disabled"}, []any{person, "o@x.example", "Officer", "", "en", 0})
		for i := range b.companies {
			b.companies[i] = id.New[id.Company]()
			insert(tx, "company", []string{"id", "scheme", "number", "name", "sort_key", "postcode", "city", "country", "sector", "size_class",
				"size_source", "size_year", "nace", "parent_country"}, []any{b.companies[i], "", nil, "C", "c", "", "", "BE", "",
				[]string{"small", "large", ""}[i], "", 0, "", []string{"", "JP", ""}[i]})
			insert(tx, "company_root", []string{"company_id", "root_id"}, []any{b.companies[i], b.companies[i]})
		}
		insert(tx, "programme", []string{"id", "code", "name_nl", "name_en", "name_fr", "note_nl", "note_en", "note_fr", "strategy_nl", "strategy_en",
			"strategy_fr", "starts_on", "ends_on", "currency", "agency_id", "invented", "state", "source_hash"},
			[]any{b.programme, "g", "", "", "", "", "", "", "", "", "", "2017-01-01", "2019-12-31", "EUR", b.agency, 1, "open", ""})
		insert(tx, "programme_head", []string{"programme_id", "seq", "audit_count", "audit_hash"}, []any{b.programme, 0, 0, ""})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bed) on(day period.Date) *db.DB {
	return b.WithClock(func() time.Time { return day.Time().Add(9 * time.Hour) })
}

// row happened to a company, for the first partner, and was verified the next day.
func (b *bed) row(kind evidence.Kind, on period.Date, company int, amount, adjusted int64, quantity string, marks ...string) evidence.New {
	n := evidence.New{ID: id.New[id.Evidence](), Kind: kind, Dated: on, Company: b.companies[company], Organisers: 1, Quantity: quantity, Marks: marks,
		SourceKind: "test", Credits: []evidence.Credit{{Organisation: b.partners[0], Weight: 1}}, ReportedOn: on,
		Decisions: []evidence.Decision{{State: evidence.Verified, On: on.AddDays(1)}}}
	n.SourceID = string(n.ID)
	if amount != 0 {
		a, net := money.Amount(amount), money.Amount(adjusted)
		n.Amount, n.Adjusted = &a, &net
	}
	return n
}

func (b *bed) record(t *testing.T, rows ...evidence.New) {
	t.Helper()
	if err := b.Write(t.Context(), b.programme, func(tx *db.Tx) error { return evidence.Record(t.Context(), tx, b.programme, rows) }); err != nil {
		t.Fatal(err)
	}
}

// ledgerOfTwoYears leaves rows whose KPIs can be worked out by head.
func (b *bed) ledgerOfTwoYears(t *testing.T) {
	joint := b.row(evidence.Held, "2018-02-01", 0, 0, 0, "")
	joint.Organisers, joint.Company = 2, ""
	joint.Credits = append(joint.Credits, evidence.Credit{Organisation: b.partners[1], Weight: 1})
	b.record(t, joint, b.row(evidence.Held, "2018-03-01", 0, 0, 0, ""), b.row(evidence.Contact, "2017-02-01", 0, 0, 0, ""),
		b.row(evidence.Participation, "2018-02-01", 0, 0, 0, ""), b.row(evidence.Participation, "2018-02-01", 1, 0, 0, ""),
		b.row(evidence.Service, "2018-04-01", 2, 0, 0, ""), b.row(evidence.Participation, "2018-05-01", 0, 0, 0, ""),
		b.row(evidence.Win, "2018-02-11", 0, 100_000_00, 40_000_00, "", "first-export"), b.row(evidence.Win, "2018-06-01", 1, 50_000_00, 35_000_00, ""),
		b.row(evidence.Investment, "2017-06-01", 1, 1_000_00, 0, "40", "announced"), b.row(evidence.Investment, "2018-06-01", 1, 900_00, 0, "30", "realised"),
		b.row(evidence.Investment, "2018-07-01", 2, 900_00, 0, "10", "announced"),
		b.row(evidence.Retention, "2018-06-01", 1, 0, 0, "250", "retained"), b.row(evidence.Retention, "2018-08-01", 2, 0, 0, "30", "closed"),
		b.row(evidence.Evaluation, "2018-02-02", 0, 0, 0, "4.5"), b.row(evidence.Evaluation, "2018-02-02", 1, 0, 0, "3"),
		b.row(evidence.Referral, "2018-02-02", 0, 0, 0, "", "in-time"), b.row(evidence.Referral, "2018-02-02", 1, 0, 0, "", "late"),
		b.row(evidence.Knowledge, "2018-02-02", 0, 0, 0, "", "used"), b.row(evidence.Strategy, "2018-02-02", 0, 0, 0, "", "written"),
		b.row(evidence.Media, "2018-02-02", 0, 0, 0, "125000", "image"), b.row(evidence.Entry, "2018-02-02", 0, 0, 0, "", "first-export"))
}

// Every KPI that comes with Errera can be defined, and gives over that ledger what one works out by head.
func TestTheCatalogueComputes(t *testing.T) {
	want := map[string]string{"reached": "3", "contacts": "0", "turnout": "1.5", "first-exporters": "1", "sme-share": "50", "foreign-reach": "1",
		"market-entries-new": "1", "export-gross": "150000", "export-adjusted": "75000", "export-additional": "50", "investments-landed": "1",
		"investment-capital": "900", "jobs-announced": "10", "jobs-realised": "30", "jobs-kept-promise": "60", "sites-retained": "1",
		"jobs-safeguarded": "250", "talks-held": "2", "activities-joint": "1", "joint-share": "50", "satisfaction-share": "50",
		"satisfaction-mean": "3.75", "response-rate": "100", "referrals-in-time": "50", "knowledge-used": "1", "knowledge-shared": "0",
		"strategies-written": "1", "cost-per-company": "0", "investment-trend": "100", "time-to-export": "247.5", "media-reach": "125000",
		"win-conversion": "200/3"}
	sheets, err := catalogue.Sheets()
	if err != nil || len(sheets) != len(want) {
		t.Fatal(len(sheets), err)
	}
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		b := newBed(t, d)
		b.ledgerOfTwoYears(t)
		for _, s := range sheets {
			var kpiID id.KPI
			if err := b.Write(t.Context(), b.programme, func(tx *db.Tx) (err error) {
				kpiID, err = kpi.Define(t.Context(), tx, b.officer, b.programme, s)
				return err
			}); err != nil {
				t.Fatalf("%s: %v", s.Code, err)
			}
			err := b.Read(t.Context(), func(tx *db.Tx) error {
				d, err := kpi.Load(t.Context(), tx, b.programme, kpiID)
				if err != nil {
					return err
				}
				trace, err := kpi.LoadTrace(t.Context(), tx, nil, b.programme, d, "", 2018, "", kpi.Proven)
				if err != nil {
					return err
				}
				expected, _ := new(big.Rat).SetString(want[s.Code])
				if got := d.Value(trace.Figure); got == nil || got.Cmp(expected) != 0 {
					t.Errorf("%s: %v, want %s", s.Code, got, want[s.Code])
				}
				if len(trace.Steps) == 0 || trace.Steps[0].Figure.Value().Cmp(expected) != 0 {
					t.Errorf("%s: trace %+v", s.Code, trace.Steps)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func value(t *testing.T, b *bed, at *db.DB, code string, year period.Year, asOf period.Date) (string, int) {
	t.Helper()
	found, version := "none", 0
	err := at.Read(t.Context(), func(tx *db.Tx) error {
		all, err := kpi.DefinitionsFor(t.Context(), tx, b.programme, year, asOf)
		if err != nil {
			return err
		}
		for _, d := range all {
			if d.Code == code {
				trace, err := kpi.LoadTrace(t.Context(), tx, nil, b.programme, d, "", year, asOf, kpi.Live)
				if err != nil {
					return err
				}
				found, version = kpi.Decimal(d.Value(trace.Figure)), d.Version
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found, version
}

func TestVersionsOfAKPI(t *testing.T) {
	sheets, err := catalogue.Sheets()
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		b := newBed(t, d)
		b.ledgerOfTwoYears(t)
		s := sheets[0]
		var reached id.KPI
		write := func(day period.Date, fn func(tx *db.Tx) error) error {
			return b.on(day).Write(t.Context(), b.programme, fn)
		}
		if err := write("2017-03-01", func(tx *db.Tx) (err error) {
			reached, err = kpi.Define(t.Context(), tx, b.officer, b.programme, s)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		change := func(by access.Actor, edit func(*kpi.Sheet), year period.Year, reason string) error {
			s := s
			edit(&s)
			return write("2019-02-01", func(tx *db.Tx) error { return kpi.Change(t.Context(), tx, by, b.programme, reached, s, year, reason) })
		}
		narrower := func(s *kpi.Sheet) { s.Formula = `distinct(kind == "participation")` }
		refusedChanges(t, b, narrower, change)
		if err := change(b.officer, narrower, 2018, "only presence counts from 2018"); err != nil {
			t.Fatal(err)
		}
		if err := change(b.officer, narrower, 2017, "back again"); fault.Of(err).Key != "kpi.change_year" {
			t.Errorf("a version for earlier years: %v", err)
		}
		for _, c := range []struct {
			year    period.Year
			asOf    period.Date
			value   string
			version int
		}{{2018, "", "2", 2}, {2018, "2019-01-31", "3", 1}, {2018, "2019-02-01", "2", 2}, {2017, "", "1", 1}, {2019, "", "0", 2}, {2018, "2017-02-01", "none", 0}} {
			if got, version := value(t, b, b.DB, "reached", c.year, c.asOf); got != c.value || version != c.version {
				t.Errorf("%d as of %q: %s by version %d, want %s by %d", c.year, c.asOf, got, version, c.value, c.version)
			}
		}
		err := b.Read(t.Context(), func(tx *db.Tx) error {
			d, err := kpi.Load(t.Context(), tx, b.programme, reached)
			if err != nil {
				return err
			}
			all, err := kpi.Versions(t.Context(), tx, b.programme, d)
			if err != nil || len(all) != 2 || all[1].Reason != "only presence counts from 2018" || all[1].ByName != "Officer" || all[0].Formula != s.Formula ||
				all[0].Limits.FR == "" {
				t.Errorf("versions %+v %v", all, err)
			}
			_, trace, err := s.Preview(t.Context(), tx, nil, b.programme, 2018)
			if err != nil || trace.Figure.Num.Cmp(big.NewRat(3, 1)) != 0 || trace.Steps[0].Rows != 4 {
				t.Errorf("preview %+v %v", trace, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// refusedChanges tries what no version may say.
func refusedChanges(t *testing.T, b *bed, narrower func(*kpi.Sheet), change func(access.Actor, func(*kpi.Sheet), period.Year, string) error) {
	t.Helper()
	for name, c := range map[string]struct {
		err  error
		kind fault.Kind
		key  string
	}{
		"no reason":     {change(b.officer, narrower, 2018, " "), fault.KindInvalid, "kpi.change_reason"},
		"nobody":        {change(access.Actor{}, narrower, 2018, "x"), fault.KindDenied, ""},
		"another unit":  {change(b.officer, func(s *kpi.Sheet) { s.Formula = `count(kind == "held")` }, 2018, "x"), fault.KindInvalid, "kpi.unit_unfit"},
		"by zero":       {change(b.officer, func(s *kpi.Sheet) { s.Formula = `distinct(joint) / 0` }, 2018, "x"), fault.KindInvalid, "formula.divides_by_zero"},
		"in a circle":   {change(b.officer, func(s *kpi.Sheet) { s.Formula = `kpi("reached")` }, 2018, "x"), fault.KindInvalid, "formula.circle"},
		"no Dutch":      {change(b.officer, func(s *kpi.Sheet) { s.Meaning.NL = "" }, 2018, "x"), fault.KindInvalid, "kpi.words_missing"},
		"share of sets": {change(b.officer, func(s *kpi.Sheet) { s.Joint = kpi.Share }, 2018, "x"), fault.KindInvalid, "kpi.share_adds"},
	} {
		if f := fault.Of(c.err); c.err == nil || f.Kind != c.kind || c.key != "" && string(f.Key) != c.key {
			t.Errorf("%s: %v", name, c.err)
		}
	}
}
