package apportion

import (
	"testing"

	"pgregory.net/rapid"

	"errera.eu/errera/internal/money"
)

// TestPartsOfAnInvoiceAddUp: weights divide net and VAT to the cent, whatever they are.
func TestPartsOfAnInvoiceAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		net, vat := money.Amount(rapid.Int64Range(-9_999_99, 9_999_99).Draw(t, "net")), money.Amount(rapid.Int64Range(0, 2_099_99).Draw(t, "vat"))
		var parts []Part
		for range rapid.IntRange(2, 6).Draw(t, "organisers") {
			parts = append(parts, Part{Weight: rapid.Int64Range(1, 9).Draw(t, "weight")})
		}
		var nets, vats money.Amount
		for _, p := range Divide(net, vat, parts) {
			nets, vats = nets+p.Net, vats+p.VAT
		}
		if nets != net || vats != vat {
			t.Fatalf("parts add up to %s and %s", nets, vats)
		}
	})
}
