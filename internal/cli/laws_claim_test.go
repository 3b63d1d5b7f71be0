package cli

import (
	"context"
	"strconv"
	"testing"

	"github.com/govalues/decimal"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/funding/apportion"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/settlement"
)

// submit hands in a claim of costs of every sort: in euro and not, with income, parked before, parts of a shared invoice, and credit notes
// that may outweigh everything else in it. What came of it is counted once it was handed in.
func (p *play) submit(ctx context.Context, tx *db.Tx, by access.Actor, year settlement.AgreementYear) error {
	n := funding.NewClaim{Agreement: year.Agreement, Year: year.Year}
	var sorts []string
	for range 1 + p.random.IntN(3) {
		ref := strconv.Itoa(p.random.IntN(1 << 30))
		i := funding.Item{ID: id.New[id.Item](), Ref: "play-" + ref, Category: "venue", Description: "room " + ref,
			Supplier: "0123456749", Invoice: ref, InvoicedOn: year.Year.First(), DeliveredOn: year.Year.First(), Net: p.cents(2_500_00), VAT: p.cents(400_00)}
		sort := ""
		switch p.random.IntN(7) {
		case 0:
			i.Net, i.VAT, sort = -p.cents(pick(p.random, []int64{40_00, 3_000_00})), -p.cents(900_00), "item.credit"
		case 1:
			i.Currency, i.Rate, i.RateOn, i.RateSource = "USD", decimal.MustParse("0.8137"), year.Year.First(), "ECB"
		case 2:
			i.Income, i.OtherMoney = p.cents(300_00), p.cents(300_00)
		case 3, 5:
			back, ok := p.someIn(ctx, tx, "select id from cost_item where state = 'parked' and agreement_id = '"+string(year.Agreement)+"'")
			if ok {
				i, sort = funding.Item{ID: i.ID, Ref: i.Ref, DeliveredOn: i.DeliveredOn, Returns: id.Item(back)}, "item.return"
			}
		case 4:
			shared, ok := p.someIn(ctx, tx, "select p.shared_id from shared_part p where p.organisation_id = '"+string(year.Partner)+"'")
			if ok {
				i, sort = funding.Item{ID: i.ID, Ref: i.Ref, Shared: id.Shared(shared)}, "item.part"
			}
		}
		n.Items, sorts = append(n.Items, i), append(sorts, sort)
	}
	if _, err := funding.Submit(ctx, tx, by, p.g.ID, n); err != nil {
		return err
	}
	for _, sort := range sorts {
		if sort != "" {
			p.done[sort]++
		}
	}
	return nil
}

// share enters an invoice of two partners by odd weights; sometimes the agency holds a part.
func (p *play) share(ctx context.Context, by access.Actor) (bool, error) {
	one, other := pick(p.random, p.years), pick(p.random, p.years)
	if one.Partner == other.Partner {
		return false, nil
	}
	ref := strconv.Itoa(p.random.IntN(1 << 30))
	i := funding.Item{Category: "venue", Description: "stand", Supplier: "0123456749", Invoice: "S" + ref, InvoicedOn: one.Year.First(),
		DeliveredOn: one.Year.First(), Currency: p.g.Currency, Net: p.cents(9_000_00), VAT: p.cents(900_00)}
	parts := []apportion.Part{{Organisation: one.Partner, Weight: 1 + p.random.Int64N(7)}, {Organisation: other.Partner, Weight: 1 + p.random.Int64N(7)}}
	if p.random.IntN(3) == 0 {
		parts = append(parts, apportion.Part{Organisation: p.g.Agency, Weight: 1})
	}
	return true, p.inWrite(true, func(tx *db.Tx) error {
		_, err := apportion.Share(ctx, tx, by, p.g.ID, i, one.Partner, parts)
		return err
	})
}

// signs gives each side of every agreement somebody who signs.
func (p *play) signs(t *testing.T) {
	t.Helper()
	if err := job.Migrate(context.Background(), p.db); err != nil { // letters are posted by jobs
		t.Fatal(err)
	}
	err := p.db.WriteAgency(context.Background(), func(tx *db.Tx) error {
		for _, at := range []string{"alpha", "beta", "gamma", "bureau"} {
			if _, err := access.Add(context.Background(), tx, access.System("operator"), access.NewPerson{Email: "chair@" + at + ".example",
				Name: "Chair", Language: "en", Role: access.Signatory, Organisation: at}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// agreement amends the ceiling of a running agreement, up or down, through negotiation and signatures; or, seldom, ends it early.
func (p *play) agreement(verb access.VerbName, by access.Actor, year settlement.AgreementYear) (bool, error) {
	ctx := context.Background()
	if verb == "agreement.terminate" {
		if p.done["agreement.amend"] == 0 || p.random.IntN(30) > 0 {
			return false, nil
		}
		return true, p.inWrite(true, func(tx *db.Tx) error {
			_, err := agreement.Terminate(ctx, tx, by, p.g.ID, year.Agreement, "the federation dissolves")
			return err
		})
	}
	if p.random.IntN(10) > 0 || p.amended[year.Agreement] {
		return false, nil
	}
	h := &house{db: p.db, programme: p.g}
	k := &desk{house: h, t: p.t, officer: h.actor(p.t, "officer@bureau.example"), partner: h.actor(p.t, "coordinator@"+year.Code+".example"),
		a: agreement.Agreement{ID: year.Agreement}}
	d := k.again(func(d *agreement.Document) {
		d.Ceilings[0].Amount += money.Amount(p.random.IntN(6_000_00) - 3_000_00)
		d.Signatories = []agreement.Signatory{{Side: agreement.OfPartner, Name: "Chair", Email: "chair@" + year.Code + ".example"},
			{Side: agreement.OfAgency, Name: "Chair", Email: "chair@bureau.example"}}
	})
	v, err := k.propose(d)
	if err != nil {
		return true, err
	}
	p.amended[year.Agreement] = true // a proposal that waits is not followed by another
	err = k.write(func(ctx context.Context, tx *db.Tx, s *agreement.Setting) error {
		_, err := agreement.Accept(ctx, tx, k.partner, s, k.a.ID, v.Hash)
		return err
	})
	if err != nil {
		return true, err
	}
	k.sign(v.Hash, d.Signatories)
	err = k.write(func(ctx context.Context, tx *db.Tx, s *agreement.Setting) error {
		return settlement.Amend(ctx, tx, by, s, k.a.ID, v.N)
	})
	if err == nil {
		p.amended[year.Agreement] = false
	}
	return true, err
}
