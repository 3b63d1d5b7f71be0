package cli

import (
	"context"
	"database/sql"
	"strconv"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/camt"
	"errera.eu/errera/internal/format/sepa"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/payment"
)

// accounts gives everybody in the play a bank account; one of them is changed, so that it counts only after its cooling period.
func (p *play) accounts(t *testing.T) {
	t.Helper()
	holders := []id.Organisation{p.g.Agency}
	for _, y := range p.years {
		holders = append(holders, y.Partner)
	}
	payers := p.holders("account.confirm")
	for i, o := range holders {
		iban := []string{"BE68539007547034", "NL91ABNA0417164300", "DE89370400440532013000", "FR1420041010050500013M02606"}[i%4]
		err := p.db.Write(context.Background(), p.g.ID, func(tx *db.Tx) error {
			a, err := payment.Propose(context.Background(), tx, p.holders("batch.prepare")[0], p.g.ID,
				payment.Account{Organisation: o, IBAN: sepa.IBAN(iban), Holder: "Holder"})
			if err != nil {
				return err
			}
			for _, by := range payers {
				if _, err = payment.Confirm(context.Background(), tx, by, p.g.ID, a); !fault.Is(err, fault.KindDenied) {
					return err
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// holders are the people whose role has a verb.
func (p *play) holders(verb access.VerbName) (all []access.Actor) {
	for _, a := range p.people {
		if a.Holds(verb) {
			all = append(all, a)
		}
	}
	return all
}

func (p *play) batch(ctx context.Context, verb access.VerbName, by access.Actor) (bool, error) {
	if verb == "batch.prepare" {
		if p.random.IntN(3) > 0 { // leave something for payments that go by themselves
			return false, nil
		}
		return true, p.inWrite(true, func(tx *db.Tx) error {
			due, err := payment.Payables(ctx, tx, by, p.g.ID)
			if err != nil {
				return err
			}
			for i := range due { // sometimes part of it, sometimes too much
				due[i].Amount += money.Amount(p.random.IntN(3)-1) * min(1, money.Amount(p.random.IntN(9)))
			}
			_, err = payment.Prepare(ctx, tx, by, p.g, tx.Now.Date(), due[:min(len(due), 1+p.random.IntN(3))])
			return err
		})
	}
	if verb == "batch.execute" || verb == "batch.split" {
		return p.bank(ctx, by)
	}
	v, _ := access.Find(verb)
	query := "select id from payment_batch where state = '" + v.From[p.random.IntN(len(v.From))] + "'"
	if p.random.IntN(4) == 0 { // also where the state forbids it
		query = "select id from payment_batch"
	}
	b, ok := p.some(ctx, query)
	if !ok {
		return false, nil
	}
	return true, p.inWrite(true, func(tx *db.Tx) error {
		switch batch := id.Batch(b); verb {
		case "batch.approve":
			return payment.Approve(ctx, tx, by, p.g.ID, batch)
		case "batch.export":
			_, err := payment.Export(ctx, tx, by, p.g, batch)
			return err
		case "batch.discard":
			return payment.Discard(ctx, tx, by, p.g.ID, batch)
		case "batch.reject":
			sent, err := payment.Of(ctx, tx, p.g.ID, batch)
			if err != nil {
				return err
			}
			return payment.Reject(ctx, tx, by, p.g.ID, batch, []id.Payment{pick(p.random, sent).ID}, "AC01")
		}
		return fault.Missing("payment.no_batch", nil)
	})
}

// bank imports a statement that speaks of some payments, truly and falsely, and of money that nobody knows; now and then a second time. What comes of it is counted here, so
// that a verb counts as played only when it happened.
func (p *play) bank(ctx context.Context, by access.Actor) (bool, error) {
	if p.random.IntN(6) > 0 { // many verbs lead here
		return false, nil
	}
	before := map[string]int{}
	p.count(ctx, before)
	err := p.db.Write(ctx, p.g.ID, func(tx *db.Tx) error {
		s := camt.Statement{ID: strconv.Itoa(p.random.IntN(1 << 30)), Account: "BE68539007547034", Currency: "EUR", From: tx.Now.Date(), Until: tx.Now.Date()}
		add := func(part camt.Part) {
			s.Entries = append(s.Entries, camt.Entry{Amount: part.Amount, BookedOn: tx.Now.Date(), Ref: strconv.Itoa(p.random.IntN(1 << 30)), Parts: []camt.Part{part}})
		}
		batches, err := payment.Batches(ctx, tx, by, p.g.ID)
		if err != nil {
			return err
		}
		for _, b := range batches {
			sent, err := payment.Of(ctx, tx, p.g.ID, b.ID)
			if err != nil {
				return err
			}
			for _, x := range sent {
				if part := p.news(x); part.Amount != 0 {
					add(part)
				}
			}
		}
		owed, err := payment.Recoveries(ctx, tx, p.g.ID)
		if err != nil {
			return err
		}
		for _, o := range owed {
			ref, err := payment.ReferenceFor(ctx, tx, p.g.ID, o.Agreement, o.Year)
			if err != nil {
				return err
			}
			add(camt.Part{Amount: 1 + money.Amount(p.random.Int64N(int64(o.Amount)+2)), References: []string{string(ref)}})
		}
		add(camt.Part{Amount: p.cents(500), Texts: []string{"interest"}})
		for range 1 + p.random.IntN(2) {
			if _, err := payment.Read(ctx, tx, by, p.g.ID, p.g.Agency, "play", s.ID, []camt.Statement{s}); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		after := map[string]int{}
		p.count(ctx, after)
		for name, n := range after {
			if n > before[name] {
				p.done[name]++
			}
		}
		p.done["line.import"]++
		return false, nil
	}
	return true, err
}

// news is what the bank says of a payment, if anything.
func (p *play) news(x payment.Sent) camt.Part {
	what := p.random.IntN(12)
	if x.State == "executed" && what%3 == 0 {
		what = 4
	}
	switch what {
	case 4:
		return camt.Part{Amount: x.Amount, EndToEndID: x.EndToEnd, Returned: "AC04"}
	case 5:
		return camt.Part{Amount: -x.Amount - 1, EndToEndID: x.EndToEnd}
	case 6:
		return camt.Part{Amount: -x.Amount, Texts: []string{"identifier lost"}}
	case 7:
		return camt.Part{Amount: -x.Amount / 2, EndToEndID: x.EndToEnd}
	}
	return camt.Part{Amount: -x.Amount, EndToEndID: x.EndToEnd}
}

// count counts what statements bring about.
func (p *play) count(ctx context.Context, into map[string]int) {
	for name, query := range map[string]string{"payment.return": "select id from payment where state = 'returned'",
		"payment.receive": "select id from payment where kind = 'repayment' and ordered_by is not null and approved_by is null and state = 'executed'",
		"part":            "select id from payment where batch_id is not null and end_to_end is null and state = 'executed'",
		"batch.execute":   "select id from payment_batch where state = 'executed'"} {
		err := p.db.Read(ctx, func(tx *db.Tx) error {
			return tx.Each(ctx, db.Query{Name: "cli.laws.count", Text: query}, nil, func(*sql.Rows) error {
				into[name]++
				return nil
			})
		})
		if err != nil {
			panic(err)
		}
	}
}

func (p *play) line(ctx context.Context, verb access.VerbName, by access.Actor) (bool, error) {
	if verb == "line.import" {
		return p.bank(ctx, by)
	}
	l, ok := p.some(ctx, "select id from bank_line where state = 'open'")
	if !ok {
		return false, nil
	}
	return true, p.inWrite(true, func(tx *db.Tx) error {
		if verb == "line.dismiss" {
			return payment.Dismiss(ctx, tx, by, p.g.ID, id.Line(l), "none of ours")
		}
		desk, err := payment.LoadDesk(ctx, tx, by, p.g.ID)
		if err != nil {
			return err
		}
		to := payment.Assigned{Reason: "found in the papers"}
		for _, x := range desk.Open {
			if x.ID == id.Line(l) {
				if fits := append(x.Fits(desk.Payments), x.Parts(desk.Payments)...); len(fits) > 0 {
					to.Payment = pick(p.random, fits).ID
				}
			}
		}
		if to.Payment == "" && len(desk.Recoveries) > 0 {
			r := pick(p.random, desk.Recoveries)
			to.Agreement, to.Year = r.Agreement, r.Year
		}
		return payment.Assign(ctx, tx, by, p.g.ID, id.Line(l), to)
	})
}
