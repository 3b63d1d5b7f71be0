package upload

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/money"
)

// What a document says is what the cost is, to the cent; a credit note is below zero and names what it credits.
func TestEInvoicesBecomeCosts(t *testing.T) {
	const folder = "../../../shared/data/ubl"
	if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) {
		if os.Getenv("CI") == "true" {
			t.Fatal(folder + " is missing")
		}
		t.Skip(folder + " is missing: no e-invoice was read")
	}
	for name, want := range map[string]money.Amount{"ubl-tc434-example1.xml": 1, "ubl-tc434-creditnote1.xml": -1} {
		body, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		i, err := Invoice(body, "venue")
		if err != nil || i.Net*want <= 0 || i.Invoice == "" || i.Supplier == "" || !i.InvoicedOn.Valid() || !i.DeliveredOn.Valid() || i.Description == "" {
			t.Errorf("%s: %+v, %v", name, i, err)
		}
	}
	body, err := os.ReadFile(filepath.Join(folder, "BIS3_Invoice_negativ.XML"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Invoice(body, "venue"); !fault.Is(err, fault.KindInvalid) {
		t.Errorf("a document that breaks a rule: %v", err)
	}
}
