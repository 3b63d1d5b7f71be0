package funding

import (
	"context"
	"strings"
	"testing"

	"github.com/govalues/decimal"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/id"
)

// What no document holds is refused at its field: a currency that is none, a rate of a day to come, a number that is no Belgian one, words
// without an end.
func TestACostThatCannotBe(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rated := func(i *Item, currency, on string) {
			i.Currency, i.Rate, i.RateSource = currency, decimal.MustParse("0.92"), "ECB"
			i.RateOn = "2019-03-01"
			if on != "" {
				i.RateOn = i.RateOn.AddDays(1)
			}
		}
		for _, c := range []struct {
			field string
			make  func(i *Item)
		}{
			{"", func(i *Item) { rated(i, "USD", "") }},
			{"currency", func(i *Item) { rated(i, "ZZZ", "") }},
			{"currency", func(i *Item) { rated(i, "XXX", "") }},
			{"rate_date", func(i *Item) { rated(i, "USD", "tomorrow") }},
			{"", func(i *Item) { i.Supplier = "PL1234567890" }},
			{"", func(i *Item) { i.Supplier = "BE 0403.019.261" }},
			{"supplier", func(i *Item) { i.Supplier = "BE0403019262" }},
			{"supplier", func(i *Item) { i.Supplier = "0403.019.262" }},
			{"supplier", func(i *Item) { i.Supplier = "BE12345" }},
			{"description", func(i *Item) { i.Description = strings.Repeat("é", 501) }},
			{"invoice", func(i *Item) { i.Invoice = strings.Repeat("7", 101) }},
		} {
			i := cost(10_000)
			c.make(&i)
			err := w.write(func(ctx context.Context, tx *db.Tx) error {
				claim, err := Draft(ctx, tx, w.finance, w.g.ID, w.ofAlder, 2018)
				if err == nil {
					_, err = AddItems(ctx, tx, w.finance, w.g.ID, claim, []Item{i})
				}
				return err
			})
			if c.field == "" && err != nil || c.field != "" && (err == nil || fault.Of(err).Field != c.field) {
				t.Errorf("%q: %+v", c.field, err)
			}
		}
	})
}

// A cost of a draft is given other facts: it keeps its reference, its place and its proofs, and its invoice is claimed once. The costs of a
// withdrawn claim go into a new draft with theirs.
func TestACostChangesAndIsClaimedAgain(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var claim id.Claim
		var items []id.Item
		first, second := cost(10_000), cost(20_000)
		w.must(w.write(func(ctx context.Context, tx *db.Tx) (err error) {
			if claim, err = Draft(ctx, tx, w.finance, w.g.ID, w.ofAlder, 2018); err != nil {
				return err
			}
			if items, err = AddItems(ctx, tx, w.finance, w.g.ID, claim, []Item{first, second}); err != nil {
				return err
			}
			p, err := file.Check(ctx, file.Scanner{}, "file", "proof.pdf", strings.NewReader("%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"))
			if err == nil {
				_, err = Attach(ctx, tx, w.finance, w.g.ID, items[0], p)
			}
			return err
		}))
		change := func(to Item) error {
			return w.write(func(ctx context.Context, tx *db.Tx) error {
				return ChangeItem(ctx, tx, w.finance, w.g.ID, items[0], to)
			})
		}
		to := first
		to.Description, to.Net, to.VAT = "Stand and carpet", 12_345, 0
		w.must(change(to))
		to.Invoice, to.Supplier, to.InvoicedOn = second.Invoice, second.Supplier, second.InvoicedOn
		if err := change(to); fault.Of(err).Field != "invoice" {
			t.Errorf("an invoice claimed twice by a change: %v", err)
		}
		w.read(func(ctx context.Context, tx *db.Tx) error {
			w.shows(ctx, tx, claim, "Stand and carpet", 12_345)
			return nil
		})
		w.must(w.write(func(ctx context.Context, tx *db.Tx) error {
			if err := HandIn(ctx, tx, w.finance, w.g.ID, claim); err != nil {
				return err
			}
			return Withdraw(ctx, tx, w.finance, w.g.ID, claim)
		}))
		if err := change(first); fault.Of(err).Key != "funding.claim_not_draft" {
			t.Errorf("a change after it was handed in: %v", err)
		}
		again := func() (draft id.Claim, err error) {
			err = w.write(func(ctx context.Context, tx *db.Tx) (err error) {
				draft, err = DraftAgain(ctx, tx, w.finance, w.g.ID, claim)
				return err
			})
			return draft, err
		}
		draft, err := again()
		w.must(err)
		w.read(func(ctx context.Context, tx *db.Tx) error {
			w.shows(ctx, tx, draft, "Stand and carpet", 12_345)
			return nil
		})
		if _, err := again(); fault.Of(err).Field != "invoice" {
			t.Errorf("taken twice: %v", err)
		}
	})
}

// shows compares the first of two costs of a claim, which has one proof.
func (w *world) shows(ctx context.Context, tx *db.Tx, claim id.Claim, what string, net int64) {
	w.t.Helper()
	all, err := loadItems(ctx, tx, w.g.ID, claim)
	w.must(err)
	if len(all) != 2 || all[0].Description != what || int64(all[0].Net) != net || all[0].Ref == "" {
		w.t.Fatalf("items %+v", all)
	}
	files, err := filesOf(ctx, tx, w.g.ID, claim, all[0].ID, "")
	w.must(err)
	if len(files[all[0].ID]) != 1 {
		w.t.Errorf("%d proofs", len(files[all[0].ID]))
	}
}
