package outcome

import (
	"slices"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/programme"
)

func TestKinds(t *testing.T) {
	if slices.Contains(Kinds(), evidence.Held) || slices.Contains(Kinds(), evidence.Participation) || len(Kinds()) != len(evidence.Kinds())-2 {
		t.Errorf("%v", Kinds())
	}
	if !Measured(evidence.Evaluation) || Measured(evidence.Win) {
		t.Error("an evaluation has a score, a win an amount")
	}
}

func TestAdd(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		g, agency := id.New[id.Programme](), id.New[id.Organisation]()
		amount := money.Amount(1050)
		all := []Outcome{{ID: id.New[id.Outcome](), Code: "w", Kind: evidence.Win, Dated: "2018-01-02", Amount: &amount, RecordedOn: "2018-01-03"},
			{ID: id.New[id.Outcome](), Code: "e", Kind: evidence.Evaluation, Dated: "2018-01-02", Quantity: "4.5", RecordedOn: "2018-01-03"}}
		err := d.WriteAgency(ctx, func(tx *db.Tx) error {
			err := programme.AddOrganisations(ctx, tx, []programme.Organisation{{ID: agency, Code: "a", Name: "a", Kind: programme.KindAgency}})
			if err != nil {
				return err
			}
			return programme.Begin(ctx, tx, programme.Programme{ID: g, Code: "g", Starts: "2018-01-01", Ends: "2018-12-31", Currency: "EUR", Agency: agency})
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Write(ctx, g, func(tx *db.Tx) error { return Add(ctx, tx, g, all) }); err != nil {
			t.Fatal(err)
		}
		var n, sum int
		row := d.Pool().QueryRowContext(ctx, `select count(*), sum(amount) from outcome where quantity = '4.5' or amount = 1050`)
		if err := row.Scan(&n, &sum); err != nil || n != 2 || sum != 1050 {
			t.Errorf("%d rows, %d in all, %v", n, sum, err)
		}
	})
}
