package cli

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/upload"
)

// TestFiveHundredCostsAgainstAHundredThousand uploads a workbook of 500 costs where 100,000 are known: the preview finds each fault and
// each likely duplicate in half a second, nothing is saved before it is asked for, and the same file again changes nothing.
func TestFiveHundredCostsAgainstAHundredThousand(t *testing.T) {
	ctx := context.Background()
	d := dbtest.Open(t)
	loadFolder(t, d, byHand())
	var by access.Actor
	var g programme.Programme
	var year settlement.AgreementYear
	read := func(fn func(tx *db.Tx) error) {
		t.Helper()
		if err := d.Read(ctx, fn); err != nil {
			t.Fatal(err)
		}
	}
	read(func(tx *db.Tx) (err error) {
		if g, err = programme.Current(ctx, tx, ""); err != nil {
			return err
		}
		if by, err = access.LoadActorByEmail(ctx, tx, "finance@alpha.example"); err != nil {
			return err
		}
		years, err := settlement.AgreementYears(ctx, tx, g.ID, "alpha", 2018)
		year = years[0]
		return err
	})
	many := 100_000
	if testing.Short() {
		many = 5_000
	}
	var claim id.Claim
	write := func(fn func(tx *db.Tx) error) {
		t.Helper()
		if err := d.Write(ctx, g.ID, fn); err != nil {
			t.Fatal(err)
		}
	}
	write(func(tx *db.Tx) (err error) {
		claim, err = knownCosts(ctx, tx, by, g.ID, year.Agreement, many)
		return err
	})
	if err := d.Weigh(ctx); err != nil { // as imports do
		t.Fatal(err)
	}
	body := bookOfCosts(t)
	best := time.Hour
	var p upload.Preview
	for range 3 {
		began := time.Now()
		table, err := upload.Read("costs.xlsx", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		read(func(tx *db.Tx) (err error) {
			p, err = upload.Look(ctx, tx, by, g.ID, claim, table, upload.Guess(table.Header))
			return err
		})
		best = min(best, time.Since(began))
	}
	t.Logf("preview of 500 rows against %d: %v", many, best)
	if p.Bad != 20 || p.Good != 480 || p.Likely != 10 || p.Known != 0 {
		t.Errorf("good %d, bad %d, likely %d, known %d", p.Good, p.Bad, p.Likely, p.Known)
	}
	if best > 3*time.Second {
		t.Errorf("the preview took %v; half a second is promised, and this leaves room for the race detector", best)
	}
	addTwice(t, d, by, g.ID, claim, body)
}

// bookOfCosts is a workbook of 500 costs: 10 of them repeat a known invoice, 10 have no date, 10 look like a known cost.
func bookOfCosts(t *testing.T) string {
	t.Helper()
	book := excelize.NewFile()
	for n := range 501 {
		row := []any{"Zaal", "zaal en catering", "BE0123456749", fmt.Sprint("N", n), "10/05/2018", "10/05/2018", float64(900_000_00+n) / 100, 0}
		switch {
		case n == 0:
			row = []any{"Omschrijving", "Kostensoort", "Leverancier", "Factuurnummer", "Factuurdatum", "Leverdatum", "Netto", "BTW"}
		case n%50 == 1: // an invoice that is known
			row[3] = fmt.Sprint("F", n)
		case n%50 == 2: // no date
			row[5] = "in de lente"
		case n%50 == 3: // looks like old-103: same supplier, amount and day
			row[6] = float64(100_00+100+n) / 100
		}
		row[1] = "venue"
		if n == 0 {
			row[1] = "Kostensoort"
		}
		if err := book.SetSheetRow("Sheet1", fmt.Sprint("A", n+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	body, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return body.String()
}

// knownCosts puts many costs into a draft.
func knownCosts(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a id.Agreement, many int) (id.Claim, error) {
	claim, err := funding.Draft(ctx, tx, by, g, a, 2018)
	if err != nil {
		return "", err
	}
	rows := make([][]any, many)
	for n := range rows {
		i := funding.Item{ID: id.New[id.Item](), Ref: fmt.Sprint("old-", n), Category: "venue", Description: "room", Supplier: "BE0123456749",
			Invoice: fmt.Sprint("F", n), InvoicedOn: "2018-05-10", DeliveredOn: "2018-05-10", Net: money.Amount(100_00 + n), RateBp: 5000,
			State: funding.Declared}
		rows[n] = funding.ItemRow(g, "EUR", a, 2018, claim, i, i.Net, 0)
	}
	return claim, tx.Insert(ctx, "cost_item", funding.ItemColumns(), rows)
}

// addTwice adds the good rows of the workbook, and then nothing.
func addTwice(t *testing.T, d *db.DB, by access.Actor, g id.Programme, claim id.Claim, body string) {
	t.Helper()
	ctx := context.Background()
	table, err := upload.Read("costs.xlsx", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range []int{480, 0} {
		err := d.Write(ctx, g, func(tx *db.Tx) error {
			m, err := upload.Remembered(ctx, tx, g, by.Partner(), table)
			if err != nil {
				return err
			}
			p, err := upload.Add(ctx, tx, by, g, claim, table, m)
			if err == nil && p.Good != want {
				t.Errorf("time %d: %d added, want %d", n+1, p.Good, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
