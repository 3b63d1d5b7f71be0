package funding

import (
	"context"
	"testing"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// world is a programme of two partners, 2018 and 2019, with a ceiling of 120,000.00 a year each and the rules of the golden case.
type world struct {
	t                                                   testing.TB
	d                                                   *db.DB
	g                                                   programme.Programme
	agency, alder, birch                                programme.Organisation
	ofAlder, ofBirch                                    id.Agreement
	finance, other, controller, second, approver, third access.Actor
	payer, cashier                                      access.Actor
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	noon := time.Date(2019, 3, 1, 12, 0, 0, 0, time.UTC)
	w := &world{t: t, d: d.WithClock(func() time.Time { return noon })}
	place := func(code, kind string) programme.Organisation {
		return programme.Organisation{ID: id.New[id.Organisation](), Code: code, Name: code, Short: code, Kind: kind}
	}
	w.agency, w.alder, w.birch = place("agency", programme.KindAgency), place("alder", programme.KindPartner), place("birch", programme.KindPartner)
	w.g = programme.Programme{ID: id.New[id.Programme](), Code: "round", Starts: "2018-01-01", Ends: "2019-12-31", Currency: "EUR", Agency: w.agency.ID}
	person := func(name string, o programme.Organisation, r access.Role) access.Actor {
		return access.Actor{ID: id.New[id.Person](), Name: name, Email: name + "@example.org", Language: text.EN,
			Memberships: []access.Membership{{Organisation: o.ID, OrganisationCode: o.Code, Agency: o.Kind == programme.KindAgency, Role: r}}}
	}
	w.finance, w.other = person("finance", w.alder, access.Finance), person("other", w.birch, access.Finance)
	w.controller, w.second = person("controller", w.agency, access.Controller), person("second", w.agency, access.Controller)
	w.approver, w.third = person("approver", w.agency, access.Approver), person("third", w.agency, access.Approver)
	w.payer, w.cashier = person("payer", w.agency, access.Payer), person("cashier", w.agency, access.Payer)
	w.must(w.d.WriteAgency(t.Context(), func(tx *db.Tx) error {
		if err := programme.AddOrganisations(t.Context(), tx, []programme.Organisation{w.agency, w.alder, w.birch}); err != nil {
			return err
		}
		var rows [][]any
		for _, a := range []access.Actor{w.finance, w.other, w.controller, w.second, w.approver, w.third, w.payer, w.cashier} {
			rows = append(rows, []any{a.ID, a.Email, a.Name, "", "en", 0})
		}
		if err := tx.Insert(t.Context(), "person", []string{"id", "email", "name", "password_hash", "language", "disabled"}, rows); err != nil {
			return err
		}
		return programme.Begin(t.Context(), tx, w.g)
	}))
	w.ofAlder, w.ofBirch = id.New[id.Agreement](), id.New[id.Agreement]()
	w.must(w.write(func(ctx context.Context, tx *db.Tx) error {
		rule := programme.Rule{From: "2018-01-01", RateBp: 5000, PerformanceBp: 2000, AdvanceBp: 3000, ObjectionDays: 30, CarryOverBp: 1000,
			YearOf: programme.Delivered}
		if err := programme.AddRules(ctx, tx, w.g.ID, programme.Rules{rule}); err != nil {
			return err
		}
		for a, o := range map[id.Agreement]programme.Organisation{w.ofAlder: w.alder, w.ofBirch: w.birch} {
			if err := tx.Insert(ctx, "agreement", []string{"programme_id", "id", "organisation_id", "state", "version", "starts_on", "ends_on", "signed_on"},
				[][]any{{w.g.ID, a, o.ID, "active", 1, "2018-01-01", "2019-12-31", "2017-10-03"}}); err != nil {
				return err
			}
			if err := tx.Insert(ctx, "agreement_ceiling", []string{"programme_id", "agreement_id", "year", "amount", "carried"},
				[][]any{{w.g.ID, a, 2018, 120_000_00, 0}, {w.g.ID, a, 2019, 120_000_00, 0}}); err != nil {
				return err
			}
		}
		for _, y := range []period.Year{2018, 2019} {
			entries := []ledger.Entry{{Key: "envelope:" + y.String(), Event: ledger.EventEnvelopeVoted, Lines: ledger.EnvelopeVoted(300_000_00)},
				{Key: "alder:" + y.String(), Event: ledger.EventSigned, Agreement: w.ofAlder, Lines: ledger.Signed(120_000_00)},
				{Key: "birch:" + y.String(), Event: ledger.EventSigned, Agreement: w.ofBirch, Lines: ledger.Signed(120_000_00)}}
			for _, e := range entries {
				e.Programme, e.BookedOn, e.Year, e.SubjectKind, e.SubjectID = w.g.ID, "2018-01-01", y, "programme", string(w.g.ID)
				if _, err := ledger.Post(ctx, tx, e); err != nil {
					return err
				}
			}
		}
		return programme.Publish(ctx, tx, w.g.ID)
	}))
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) write(fn func(ctx context.Context, tx *db.Tx) error) error {
	ctx := context.Background()
	return w.d.Write(ctx, w.g.ID, func(tx *db.Tx) error { return fn(ctx, tx) })
}

func (w *world) read(fn func(ctx context.Context, tx *db.Tx) error) {
	w.t.Helper()
	ctx := context.Background()
	w.must(w.d.Read(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }))
}

// refused wants an error with a key of the catalogue.
func (w *world) refused(key text.Key, err error) {
	w.t.Helper()
	if err == nil || fault.Of(err).All()[0].Key != key {
		w.t.Errorf("got %v, want %s", err, key)
	}
}

// cost is an item with an invoice of its own.
func cost(net money.Amount) Item {
	n := id.New[id.Item]()
	return Item{ID: n, Category: "venue", Description: "room", Supplier: "BE0123456749", Invoice: string(n), InvoicedOn: "2018-06-01",
		DeliveredOn: "2018-05-20", Net: net}
}

func (w *world) submit(by access.Actor, a id.Agreement, items ...Item) (c id.Claim, err error) {
	err = w.write(func(ctx context.Context, tx *db.Tx) error {
		c, err = Submit(ctx, tx, by, w.g.ID, NewClaim{Agreement: a, Year: items[0].DeliveredOn.Year(), Items: items})
		return err
	})
	return c, err
}

func (w *world) open(c id.Claim) {
	w.t.Helper()
	w.must(w.write(func(ctx context.Context, tx *db.Tx) error { return Open(ctx, tx, w.controller, w.g.ID, c) }))
}

func (w *world) decide(i id.Item, verb access.VerbName, deducted money.Amount) error {
	return w.write(func(ctx context.Context, tx *db.Tx) error {
		return Decide(ctx, tx, w.controller, w.g.ID, i, verb, deducted, "proof", "no proof of payment")
	})
}

// acceptAll decides what is left of a claim: the sample item by item, the rest at once.
func (w *world) acceptAll(c id.Claim) {
	w.t.Helper()
	w.must(w.write(func(ctx context.Context, tx *db.Tx) error {
		if _, err := AcceptRest(ctx, tx, w.controller, w.g.ID, c); err != nil {
			return err
		}
		items, err := loadItems(ctx, tx, w.g.ID, c)
		if err != nil {
			return err
		}
		for _, i := range items {
			if i.State == Declared && i.Kind != Flat {
				if err := Decide(ctx, tx, w.controller, w.g.ID, i.ID, "item.accept", 0, "", ""); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

func (w *world) verify(c id.Claim) error {
	return w.write(func(ctx context.Context, tx *db.Tx) error { return Verify(ctx, tx, w.controller, w.g.ID, c) })
}

func (w *world) approve(c id.Claim) (s Step, err error) {
	err = w.write(func(ctx context.Context, tx *db.Tx) error {
		s, err = Approve(ctx, tx, w.approver, w.g.ID, c)
		return err
	})
	return s, err
}

// pay orders, approves and executes a payment.
func (w *world) pay(kind PaymentKind, c id.Claim, amount money.Amount) {
	w.t.Helper()
	w.must(w.write(func(ctx context.Context, tx *db.Tx) error {
		p, err := Order(ctx, tx, w.payer, w.g.ID, Payment{Agreement: w.ofAlder, Year: 2018, Kind: kind, Claim: c, Amount: amount})
		if err != nil {
			return err
		}
		if err := ApprovePayment(ctx, tx, w.g.ID, p, Mover{By: w.cashier}); err != nil {
			return err
		}
		return Execute(ctx, tx, w.g.ID, p, Mover{By: w.payer})
	}))
}

func (w *world) items(c id.Claim) (all []Item) {
	w.t.Helper()
	w.read(func(ctx context.Context, tx *db.Tx) (err error) {
		all, err = loadItems(ctx, tx, w.g.ID, c)
		return err
	})
	return all
}

func (w *world) claim(c id.Claim) (out Claim) {
	w.t.Helper()
	w.read(func(ctx context.Context, tx *db.Tx) (err error) {
		out, err = LoadClaim(ctx, tx, w.controller, w.g.ID, c)
		return err
	})
	return out
}

// hold holds the laws of domain section 10 against the books of an agreement-year.
func (w *world) hold(a id.Agreement, year period.Year) Position {
	w.t.Helper()
	var p Position
	w.read(func(ctx context.Context, tx *db.Tx) (err error) {
		if p, err = Load(ctx, tx, w.g.ID, a, year); err != nil {
			return err
		}
		due, err := p.Terms.Due(p.Cost)
		if err != nil {
			return err
		}
		if due != p.Due {
			w.t.Errorf("C is %s, booked %s", due, p.Due)
		}
		b, err := ledger.Balance(ctx, tx, w.g.ID, ledger.Filter{Agreement: a, Year: year})
		if err != nil {
			return err
		}
		if b[ledger.MemoCost] != p.Cost.Sum() || -b[ledger.MemoContribution]-b[ledger.MemoOwn] != p.Cost.Sum() {
			w.t.Errorf("cost %s, contribution %s, own %s, accepted %s", b[ledger.MemoCost], b[ledger.MemoContribution], b[ledger.MemoOwn], p.Cost.Sum())
		}
		if p.Open < 0 || p.Payable < 0 || p.Recoverable < 0 || b[ledger.Committed]+b[ledger.Consumed] > p.Ceiling {
			w.t.Errorf("an account on its wrong side: %+v, %v", p, b)
		}
		return nil
	})
	return p
}

// amount reads an amount as it stands in the design, for tests.
func amount(t testing.TB, s string) money.Amount {
	t.Helper()
	a, err := money.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
