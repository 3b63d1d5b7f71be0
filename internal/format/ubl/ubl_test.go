package ubl

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// shared is the folder of real documents; the test skips in a lone clone and fails in CI.
func shared(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("../../../../shared/data/ubl", name)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(path + " is missing")
		}
		t.Skip(path + " is missing: real e-invoices were not read")
	}
	return path
}

func load(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(shared(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The totals as the documents print them, read by a person.
func TestRealDocumentsToTheCent(t *testing.T) {
	for _, c := range []struct {
		file, kind, number, currency, seller string
		lines                                int
		net, vat, gross, prepaid, payable    string
		breakdown                            string
	}{
		{"BIS3_Invoice_positive.XML", "invoice", "12345", "DKK", "Company A", 1, "625743.54", "156435.89", "782179.43", "0.00", "782179.43",
			"S 25 625743.54 156435.89"},
		{"ubl-tc434-creditnote1.xml", "credit-note", "018304 / 28865", "EUR", "My Supplier Company", 1, "100.11", "0.00", "100.11", "0.00", "100.11",
			"E 0.00 100.11 0.00"},
		{"ubl-tc434-example1.xml", "invoice", "12115118", "EUR", "De Koksmaat", 20, "229.60", "20.73", "250.33", "0.00", "250.33",
			"S 6 183.23 10.99; S 21 46.37 9.74"},
		{"ubl-tc434-example2.xml", "invoice", "TOSL108", "NOK", "Salescompany ltd.", 5, "1436.50", "365.28", "1801.78", "1000.00", "801.78",
			"S 25 1460.50 365.13; S 15 1.00 0.15; E 0 -25.00 0.00"},
		{"ubl-tc434-example3.xml", "invoice", "TOSL108", "DKK", "SubscriptionSeller", 2, "1700.00", "305.00", "2005.00", "0.00", "2005.00",
			"S 25 900.00 225.00; S 10 800.00 80.00"},
		{"ubl-tc434-example4.xml", "invoice", "TOSL110", "DKK", "SellerCompany", 3, "4000.00", "675.00", "4675.00", "0.00", "4675.00",
			"S 25 1500.00 375.00; S 12 2500.00 300.00"},
		{"ubl-tc434-example5.xml", "invoice", "TOSL110", "DKK", "SellerCompany", 3, "4000.00", "675.00", "4675.00", "2337.50", "2337.50",
			"S 25 1500.00 375.00; S 12 2500.00 300.00"},
	} {
		t.Run(c.file, func(t *testing.T) {
			v, err := Read(strings.NewReader(load(t, c.file)))
			if err != nil {
				t.Fatal(err)
			}
			var parts []string
			for _, p := range v.VAT {
				parts = append(parts, p.Category+" "+p.Rate.String()+" "+p.Taxable.String()+" "+p.Tax.String())
			}
			got := []string{v.Kind, v.Number, v.Currency, v.Seller.Name, v.Totals.Net.String(), v.Totals.VAT.String(), v.Totals.Gross.String(),
				v.Totals.Prepaid.String(), v.Totals.Payable.String(), strings.Join(parts, "; ")}
			want := []string{c.kind, c.number, c.currency, c.seller, c.net, c.vat, c.gross, c.prepaid, c.payable, c.breakdown}
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("%q, want %q", got[i], want[i])
				}
			}
			if len(v.Lines) != c.lines {
				t.Errorf("%d lines, want %d", len(v.Lines), c.lines)
			}
		})
	}
}

func TestNegativeInvoiceIsRefusedByOurRule(t *testing.T) {
	_, err := Read(strings.NewReader(load(t, "BIS3_Invoice_negativ.XML")))
	var broken Broken
	if !errors.As(err, &broken) || len(broken) != 1 || broken[0].Rule != "BR-ER-01" || !fault.Is(err, fault.KindInvalid) {
		t.Fatalf("%v", err)
	}
	if got, want := broken[0].Say(text.EN), "BR-ER-01 at /ubl:Invoice/cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount: The total is -782179.43. "; !strings.HasPrefix(got, want) {
		t.Error(got)
	}
}

func TestDetails(t *testing.T) {
	v, err := Read(strings.NewReader(load(t, "ubl-tc434-creditnote1.xml")))
	if err != nil {
		t.Fatal(err)
	}
	if v.Seller.VAT != "BE0000000196" || v.Buyer.Name != "My Customer Company" || v.Payment.Reference != "010676609538" ||
		v.Payment.Accounts[0] != "BE91000000143476" || v.Payment.BIC != "BPOTBEB1" || v.IssuedOn != "2019-09-23" || v.Period.Until != "2019-02-28" ||
		v.Lines[0].Unit != "C62" || v.Lines[0].Net != 100_11 || v.Lines[0].Price.String() != "100.11" {
		t.Errorf("%+v", v)
	}
	b, err := json.Marshal(v.Totals)
	if err != nil || !strings.Contains(string(b), `"payable":100.11`) {
		t.Errorf("%s %v", b, err)
	}
}

func TestEveryBreachSpeaksThreeLanguages(t *testing.T) {
	good := load(t, "ubl-tc434-example5.xml")
	said := map[text.Key]bool{}
	for i, m := range mutants(t, good) {
		if i%13 != 0 { // breaches come in few kinds, and neighbours are of the same
			continue
		}
		var broken Broken
		if _, err := Read(strings.NewReader(m.document)); errors.As(err, &broken) {
			for _, b := range broken {
				said[b.Key] = true
				for _, l := range text.Languages() {
					if s := b.Say(l); !strings.Contains(s, b.Rule) || strings.Contains(s, "ubl.") || strings.Contains(s, "{") {
						t.Fatalf("%s: %q", l, s)
					}
				}
			}
		}
	}
	if len(said) < 12 {
		t.Errorf("only %d kinds of breach were met", len(said))
	}
}

func TestOtherDocumentsAreRefused(t *testing.T) {
	for name, s := range map[string]string{"no UBL": "<Invoice/>", "an order": `<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>`} {
		if _, err := Read(strings.NewReader(s)); fault.Of(err).Key != "ubl.other" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read(strings.NewReader("<!DOCTYPE Invoice><Invoice/>")); fault.Of(err).Key != "xml.doctype" {
		t.Error(err)
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"BIS3_Invoice_positive.XML", "ubl-tc434-creditnote1.xml"} {
		f.Add(load(f, name))
	}
	f.Fuzz(func(t *testing.T, s string) {
		if _, err := Read(strings.NewReader(s)); err != nil && !fault.Is(err, fault.KindInvalid) {
			t.Fatal(err)
		}
	})
}
