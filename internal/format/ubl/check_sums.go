package ubl

import (
	"errera.eu/errera/internal/format/xmltree"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/text"
)

// The rules that add up: BR-CO-10 to BR-CO-18, and the one that is ours.

func (c *check) sums() {
	t := c.root.First("cac:LegalMonetaryTotal")
	if t == nil {
		return
	}
	of := func(name string) money.Amount {
		a, _ := cents(t.First("cbc:" + name))
		return a
	}
	var lines, allowances, charges money.Amount
	for _, n := range c.lines() {
		a, _ := cents(n.First("cbc:LineExtensionAmount"))
		lines += a
	}
	for _, n := range c.root.All("cac:AllowanceCharge") {
		a, _ := cents(n.First("cbc:Amount"))
		if isCharge(n) {
			charges += a
		} else {
			allowances += a
		}
	}
	equal := func(rule, name string, want money.Amount) {
		at := t.First("cbc:" + name)
		if at == nil {
			at = t
		}
		c.hold(of(name) == want, rule, at, "ubl.sum", text.Args{"found": of(name).String(), "want": want.String()})
	}
	equal("BR-CO-10", "LineExtensionAmount", lines)
	equal("BR-CO-11", "AllowanceTotalAmount", allowances)
	equal("BR-CO-12", "ChargeTotalAmount", charges)
	for rule, name := range map[string]string{"BR-CO-11": "AllowanceTotalAmount", "BR-CO-12": "ChargeTotalAmount"} {
		if n := adjusted(c.root, rule == "BR-CO-12"); n > 0 && !t.Contains("cbc:"+name) {
			c.fail(rule, t, "ubl.missing", text.Args{"what": "cbc:" + name})
		}
	}
	equal("BR-CO-13", "TaxExclusiveAmount", of("LineExtensionAmount")+of("ChargeTotalAmount")-of("AllowanceTotalAmount"))
	equal("BR-CO-16", "PayableAmount", of("TaxInclusiveAmount")-of("PrepaidAmount")+of("PayableRoundingAmount"))
	c.taxTotals(t, equal, of("TaxExclusiveAmount"))
	c.direction(t, of("TaxInclusiveAmount"))
}

func adjusted(root *xmltree.Node, charges bool) (n int) {
	for _, a := range root.All("cac:AllowanceCharge") {
		if isCharge(a) == charges {
			n++
		}
	}
	return n
}

func (c *check) taxTotals(t *xmltree.Node, equal func(rule, name string, want money.Amount), net money.Amount) {
	currency, inCurrency, taxCurrency := c.root.Words("cbc:DocumentCurrencyCode"), 0, false
	subtotals := 0
	var tax money.Amount
	for _, n := range c.root.All("cac:TaxTotal") {
		of := n.First("cbc:TaxAmount")
		stated, _ := cents(of)
		in, _ := of.Attr("currencyID")
		if of != nil && in == currency {
			inCurrency++
			tax = stated
		}
		taxCurrency = taxCurrency || of != nil && in == c.root.Words("cbc:TaxCurrencyCode")
		parts := n.All("cac:TaxSubtotal")
		subtotals += len(parts)
		var sum money.Amount
		for _, p := range parts {
			a, _ := cents(p.First("cbc:TaxAmount"))
			sum += a
		}
		if len(parts) > 0 {
			c.hold(of != nil && stated == sum, "BR-CO-14", n, "ubl.sum", text.Args{"found": stated.String(), "want": sum.String()})
		}
	}
	c.hold(subtotals > 0, "BR-CO-18", c.root, "ubl.missing", text.Args{"what": "cac:TaxTotal/cac:TaxSubtotal"})
	if inCurrency != 1 {
		c.fail("BR-CO-15", c.root, "ubl.one-tax-total", text.Args{"currency": currency, "n": inCurrency})
	} else {
		equal("BR-CO-15", "TaxInclusiveAmount", net+tax)
	}
	if c.root.Words("cbc:TaxCurrencyCode") != "" {
		c.hold(taxCurrency, "BR-53", c.root, "ubl.missing", text.Args{"what": "cac:TaxTotal/cbc:TaxAmount (" + c.root.Words("cbc:TaxCurrencyCode") + ")"})
	}
}

// direction is BR-ER-01: the kind of a document says which way its money goes, so its total is not below zero, but for a corrected invoice
// (384). EN 16931 lets an invoice be negative; a claim would then hold a credit note that calls itself an invoice.
func (c *check) direction(t *xmltree.Node, gross money.Amount) {
	if c.root.Words("cbc:InvoiceTypeCode") != "384" && gross < 0 {
		c.fail("BR-ER-01", t.First("cbc:TaxInclusiveAmount"), "ubl.direction", text.Args{"found": gross.String()})
	}
}
