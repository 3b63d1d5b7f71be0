package company

import (
	"fmt"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

func TestParseNumber(t *testing.T) {
	tests := []struct {
		scheme, value string
		want          Number
		key           string
	}{
		{"", "", Number{}, ""},
		{"BE-CBE", "0403170701", Number{"BE-CBE", "0403170701"}, ""},
		{"be-cbe", " BE 0403.170.701 ", Number{"BE-CBE", "0403170701"}, ""},
		{"BE-CBE", "403.170.701", Number{"BE-CBE", "0403170701"}, ""},
		{"BE-CBE", "1910001759", Number{"BE-CBE", "1910001759"}, ""},
		{"BE-CBE", "0403170702", Number{}, "company.number.check"},
		{"BE-CBE", "2403170701", Number{}, "company.number.first"},
		{"BE-CBE", "04031707", Number{}, "company.number.digits"},
		{"BE-CBE", "0403_170_701", Number{}, "company.number.digits"},
		{"BE-CBE", "０403170701", Number{}, "company.number.digits"},
		{"BE-CBE", "", Number{}, "company.number.missing"},
		{"", "0403170701", Number{}, "company.scheme.missing"},
		{"the Netherlands", "1", Number{}, "company.scheme.form"},
		{"NL-KVK", "0000 12-00", Number{"NL-KVK", "00001200"}, ""},
		{"NL-KVK", "12*00", Number{}, "company.number.form"},
	}
	for _, test := range tests {
		got, err := ParseNumber(test.scheme, test.value)
		if test.key == "" && (err != nil || got != test.want) {
			t.Errorf("%q %q: %v %v", test.scheme, test.value, got, err)
		}
		if test.key != "" && (!fault.Is(err, fault.KindInvalid) || string(fault.Of(err).Key) != test.key) {
			t.Errorf("%q %q: %v %v, want %s", test.scheme, test.value, got, err, test.key)
		}
	}
}

// A remainder of nothing gives the check digits 97, never 00.
func TestCheckDigits(t *testing.T) {
	if got := belgianCheck(fmt.Sprintf("%08d", 97*5000)); got != "97" {
		t.Errorf("check digits of a multiple of 97: %s", got)
	}
	n := Number{SchemeBE, "0403170701"}
	if n.VAT() != "BE0403170701" || n.Show() != "0403.170.701" || (Number{"NL-KVK", "1"}).VAT() != "" {
		t.Errorf("%s %s", n.VAT(), n.Show())
	}
}

func FuzzParseNumber(f *testing.F) {
	f.Add("BE-CBE", "0403.170.701")
	f.Fuzz(func(t *testing.T, scheme, value string) {
		n, err := ParseNumber(scheme, value)
		if err != nil {
			return
		}
		if again, err := ParseNumber(n.Scheme, n.Value); err != nil || again != n {
			t.Errorf("%q %q gives %v, which gives %v %v", scheme, value, n, again, err)
		}
	})
}

func TestRegister(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		numbered := Company{ID: id.New[id.Company](), Number: Number{SchemeBE, "0403170701"}, Name: "Élan nv", Country: "BE", Size: "small",
			SizeSource: "declared", SizeYear: 2017, NACE: "28.99"}
		loose := Company{ID: id.New[id.Company](), Name: "Starter", Country: "BE"}
		err := d.WriteAgency(ctx, func(tx *db.Tx) error { return Add(ctx, tx, []Company{numbered, loose}) })
		if err != nil {
			t.Fatal(err)
		}
		err = d.Read(ctx, func(tx *db.Tx) error {
			got, err := Load(ctx, tx, numbered.ID)
			if want := numbered; err != nil || got.Root != want.ID || got.Name != want.Name || !got.Identified() {
				t.Errorf("%+v %v", got, err)
			}
			if _, err := Load(ctx, tx, id.New[id.Company]()); !fault.Is(err, fault.KindMissing) {
				t.Errorf("an unknown company: %v", err)
			}
			known, err := ByNumber(ctx, tx)
			if err != nil || len(known) != 1 || known[numbered.Number] != numbered.ID {
				t.Errorf("%v %v", known, err)
			}
			left, err := Loose(ctx, tx)
			if err != nil || len(left) != 1 || left[0].ID != loose.ID || left[0].Identified() {
				t.Errorf("%v %v", left, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		twin := numbered
		twin.ID = id.New[id.Company]()
		err = d.WriteAgency(ctx, func(tx *db.Tx) error { return Add(ctx, tx, []Company{twin}) })
		if !fault.Is(err, fault.KindConflict) && !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a number twice: %v", err)
		}
	})
}
