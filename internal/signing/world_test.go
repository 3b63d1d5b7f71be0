package signing

import (
	"strings"
	"sync"
	"testing"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/pdf"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// world is a programme of two years with two partners, and the people who negotiate and sign.
type world struct {
	*db.DB
	t      *testing.T
	now    *time.Time
	set    agreement.Setting
	agreed map[string]agreement.Agreement // by partner
	people map[string]access.Actor        // by the part of the address before the @
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refusedAs(t testing.TB, err error, kind fault.Kind, key text.Key) {
	t.Helper()
	if f := fault.Of(err); err == nil || f.Kind != kind || f.Key != key {
		t.Errorf("%v, want %s %s", err, kind, key)
	}
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	ctx := t.Context()
	must(t, job.Migrate(ctx, d))
	now := time.Date(2026, 10, 3, 9, 0, 0, 0, time.UTC)
	w := &world{t: t, now: &now, agreed: map[string]agreement.Agreement{}, people: map[string]access.Actor{}}
	w.DB = d.WithClock(func() time.Time { return *w.now })
	s := &w.set
	s.Programme = programme.Programme{ID: id.New[id.Programme](), Code: "round", Name: programme.Words{NL: "Ronde", EN: "Round", FR: "Cycle"},
		Starts: "2027-01-01", Ends: "2028-12-31", Currency: "EUR"}
	s.Agency = programme.Organisation{ID: id.New[id.Organisation](), Code: "agency", Name: "Agency", Kind: programme.KindAgency}
	s.Programme.Agency = s.Agency.ID
	s.Goals = []programme.Goal{{ID: id.New[id.Goal](), Code: "abroad", Name: programme.Words{EN: "More companies abroad"}}}
	s.Rule = programme.Rule{From: "2027-01-01", RateBp: 5000, PerformanceBp: 2000, AdvanceBp: 3000, YearOf: programme.Delivered, AnswerDays: 10}
	s.Envelopes = map[period.Year]money.Amount{2027: 150_000_00, 2028: 150_000_00}
	s.Clauses = agreement.StandardClauses()
	kpi := id.New[id.KPI]()
	s.Indicators = []agreement.Indicator{{ID: kpi, Code: "reached", Version: 1, Unit: "companies", Direction: "up", Name: programme.Words{EN: "Companies reached"}}}
	organisations := []programme.Organisation{s.Agency}
	for _, code := range []string{"alpha", "beta"} {
		o := programme.Organisation{ID: id.New[id.Organisation](), Code: code, Name: strings.ToUpper(code), Short: code, Kind: programme.KindPartner}
		organisations = append(organisations, o)
		w.agreed[code] = agreement.Agreement{ID: id.New[id.Agreement](), Partner: o, State: agreement.Negotiating, Version: 1, Starts: s.Programme.Starts, Ends: s.Programme.Ends}
	}
	w.load(organisations, kpi)
	return w
}

// load writes the programme and its people.
func (w *world) load(organisations []programme.Organisation, kpi id.KPI) {
	w.t.Helper()
	t, ctx, s := w.t, w.t.Context(), &w.set
	must(t, w.WriteAgency(ctx, func(tx *db.Tx) error {
		if err := programme.AddOrganisations(ctx, tx, organisations); err != nil {
			return err
		}
		for email, role := range map[string]access.Role{"officer@agency": access.Officer, "minister@agency": access.Signatory, "coordinator@alpha": access.Coordinator,
			"chair@alpha": access.Signatory, "treasurer@alpha": access.Signatory, "coordinator@beta": access.Coordinator, "chair@beta": access.Signatory} {
			name, at, _ := strings.Cut(email, "@")
			if _, err := access.Add(ctx, tx, access.System("test"), access.NewPerson{Email: email + ".example", Name: name + " of " + at, Language: text.EN, Role: role, Organisation: at}); err != nil {
				return err
			}
		}
		return programme.Begin(ctx, tx, s.Programme)
	}))
	must(t, w.Write(ctx, s.Programme.ID, func(tx *db.Tx) error {
		var all []agreement.Agreement
		for _, a := range w.agreed {
			all = append(all, a)
		}
		for _, err := range []error{programme.AddRules(ctx, tx, s.Programme.ID, programme.Rules{s.Rule}), programme.AddGoals(ctx, tx, s.Programme.ID, s.Goals),
			programme.AddEnvelopes(ctx, tx, s.Programme.ID, s.Envelopes), agreement.Add(ctx, tx, s.Programme.ID, all)} {
			if err != nil {
				return err
			}
		}
		for y, amount := range s.Envelopes {
			if _, err := ledger.Post(ctx, tx, ledger.Entry{Programme: s.Programme.ID, Key: "envelope-voted:" + y.String(), Event: ledger.EventEnvelopeVoted,
				BookedOn: tx.Now.Date(), Year: y, SubjectKind: "programme", SubjectID: string(s.Programme.ID), Lines: ledger.EnvelopeVoted(amount)}); err != nil {
				return err
			}
		}
		return tx.Insert(ctx, "kpi", strings.Fields(`programme_id id code position version name_nl name_en name_fr short_nl short_en short_fr unit kinds
			activity_types joint_only aggregate measure threshold joint direction decimals min_sample verified_only cockpit`),
			[][]any{{s.Programme.ID, kpi, "reached", 0, 1, "", "Companies reached", "", "", "", "", "companies", "contact", "", 0, "distinct", "", "", "full", "up", 0, 0, 1, 1}})
	}))
	must(t, w.WriteAgency(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, db.Query{Text: "update programme set state = 'open'"})
		return err
	}))
	must(t, w.Read(ctx, func(tx *db.Tx) error {
		for _, email := range []string{"officer@agency", "minister@agency", "coordinator@alpha", "chair@alpha", "treasurer@alpha", "coordinator@beta", "chair@beta"} {
			a, err := access.LoadActorByEmail(ctx, tx, email+".example")
			if err != nil {
				return err
			}
			w.people[email] = a
		}
		return nil
	}))
}

// document is what a partner and the agency agree on.
func (w *world) document(partner string) agreement.Document {
	d := w.set.Begin(w.agreed[partner].Partner, text.EN)
	d.Objectives = []agreement.Aim{w.set.Aim("reach", "abroad", programme.Words{EN: "Reach more companies"}, text.EN)}
	k := w.set.Promise("reached", "reach", text.EN)
	k.Baseline, k.Weight, k.Targets = "90", 100, []agreement.YearNumber{{Year: 2027, Value: "100"}, {Year: 2028, Value: "1250"}}
	d.KPIs = []agreement.Promise{k}
	for i := range d.Ceilings {
		d.Ceilings[i].Amount = 90_000_00 + money.Amount(i)
	}
	d.Lines = []agreement.Line{{Code: "seminar", Title: "Seminar", Text: "On entering a market <& more>", PerYear: 4}, {Code: "desk", Standing: true, Title: "Helpdesk"}}
	d.Signatories = []agreement.Signatory{
		{Side: agreement.OfPartner, Name: "Ann Chair", Title: "chair", Email: "chair@" + partner + ".example"},
		{Side: agreement.OfAgency, Name: "Mia Minister", Title: "minister", Email: "minister@agency.example"},
	}
	if partner == "alpha" {
		d.Signatories = append(d.Signatories[:1], agreement.Signatory{Side: agreement.OfPartner, Name: "Tom Treasurer", Email: "treasurer@alpha.example"}, d.Signatories[1])
	}
	return d
}

func (w *world) write(fn func(tx *db.Tx) error) error {
	return w.Write(w.t.Context(), w.set.Programme.ID, fn)
}

// agree lets both sides accept a document, and gives its hash.
func (w *world) agree(partner string, d agreement.Document) string {
	w.t.Helper()
	ctx, a := w.t.Context(), w.agreed[partner].ID
	var v agreement.Version
	must(w.t, w.write(func(tx *db.Tx) error {
		all, err := agreement.Versions(ctx, tx, w.set.Programme.ID, a)
		if err != nil {
			return err
		}
		last, _ := agreement.Last(all)
		v, err = agreement.Propose(ctx, tx, w.people["officer@agency"], &w.set, a, agreement.Proposal{Document: d, After: last.N})
		return err
	}))
	must(w.t, w.write(func(tx *db.Tx) error {
		_, err := agreement.Accept(ctx, tx, w.people["coordinator@"+partner], &w.set, a, v.Hash)
		return err
	}))
	return v.Hash
}

// sign puts a person's name under what waits.
func (w *world) sign(who, partner, hash string) (x Sheet, err error) {
	err = w.write(func(tx *db.Tx) error {
		x, err = Put(w.t.Context(), tx, w.people[who], &w.set, w.agreed[partner].ID, Mark{Hash: hash, Way: InSession})
		return err
	})
	return x, err
}

func (w *world) sheet(partner string) (x Sheet) {
	w.t.Helper()
	must(w.t, w.Read(w.t.Context(), func(tx *db.Tx) (err error) {
		x, err = Load(w.t.Context(), tx, access.System("test"), w.set.Programme.ID, w.agreed[partner].ID)
		return err
	}))
	return x
}

// envelope is what a year has left.
func (w *world) balance(account ledger.Account, y period.Year) (left money.Amount) {
	w.t.Helper()
	must(w.t, w.Read(w.t.Context(), func(tx *db.Tx) error {
		books, err := ledger.Balance(w.t.Context(), tx, w.set.Programme.ID, ledger.Filter{Year: y})
		left = books[account]
		return err
	}))
	return left
}

// made is one key for all tests: making one takes a while.
var made = sync.OnceValues(func() ([]byte, error) {
	return pdf.MakeKey("Agency", "Agency", "", time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC))
})

func key(t *testing.T) pdf.Key {
	t.Helper()
	file, err := made()
	must(t, err)
	k, err := pdf.ParseKey(file, "")
	must(t, err)
	return k
}
