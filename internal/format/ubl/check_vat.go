package ubl

import (
	"math/big"
	"slices"

	"github.com/govalues/decimal"

	"errera.eu/errera/internal/format/xmltree"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/text"
)

// The rules of each VAT category: BR-S, BR-Z, BR-E, BR-AE, BR-IC, BR-G, BR-O, BR-AF (Canary Islands), BR-AG (Ceuta and Melilla), BR-B.

// category is what the standard asks of one VAT category.
type category struct {
	code, rules string
	rated       bool // has a rate and tax; the others have no tax
	atZero      bool // a rated one whose rate may be 0
	sellerVAT   bool // the seller's VAT number itself is needed, no other tax number will do
	buyer       string
}

// What is asked of the buyer.
const (
	buyerVAT     = "cac:PartyTaxScheme (VAT)"
	buyerAnyhow  = "cac:PartyTaxScheme (VAT), cac:PartyLegalEntity"
	outsideScope = "O"
)

func categories() []category {
	return []category{{code: "S", rules: "BR-S", rated: true}, {code: "Z", rules: "BR-Z"}, {code: "E", rules: "BR-E"},
		{code: "AE", rules: "BR-AE", buyer: buyerAnyhow}, {code: "K", rules: "BR-IC", sellerVAT: true, buyer: buyerVAT},
		{code: "G", rules: "BR-G", sellerVAT: true}, {code: outsideScope, rules: "BR-O"},
		{code: "L", rules: "BR-AF", rated: true, atZero: true}, {code: "M", rules: "BR-AG", rated: true, atZero: true}}
}

func (c *check) vat() {
	for _, n := range c.root.All("cac:TaxTotal/cac:TaxSubtotal") {
		c.need("BR-45", n, "cbc:TaxableAmount")
		c.need("BR-46", n, "cbc:TaxAmount")
		t := n.First("cac:TaxCategory")
		if t == nil || !isVAT(t) || t.Words("cbc:ID") == "" {
			c.fail("BR-47", n, "ubl.missing", text.Args{"what": "cac:TaxCategory/cbc:ID (VAT)"})
			continue
		}
		c.hold(t.Words("cbc:Percent") != "" || t.Words("cbc:ID") == outsideScope, "BR-48", n, "ubl.missing", text.Args{"what": "cac:TaxCategory/cbc:Percent"})
		c.taxOfPart(n, t)
	}
	for _, k := range categories() {
		c.category(k)
	}
	c.outside()
	c.split()
	c.delivery()
}

// taxOfPart is BR-CO-17: taxable x rate within one unit, since sellers round by line.
func (c *check) taxOfPart(n, t *xmltree.Node) {
	tax, _ := cents(n.First("cbc:TaxAmount"))
	taxable, _ := cents(n.First("cbc:TaxableAmount"))
	rate, given := exact(t.First("cbc:Percent"))
	if !given || roundsToZero(rate) {
		c.hold(tax >= -50 && tax < 50, "BR-CO-17", n, "ubl.sum", text.Args{"found": tax.String(), "want": money.Amount(0).String()})
		return
	}
	c.near("BR-CO-17", n, tax, taxable, rate)
}

func roundsToZero(rate decimal.Decimal) bool {
	r, ok := new(big.Rat).SetString(rate.String())
	return ok && floor(r.Add(r, big.NewRat(1, 2))).Sign() == 0
}

func (c *check) near(rule string, n *xmltree.Node, tax, taxable money.Amount, rate decimal.Decimal) {
	want := share(taxable, rate)
	low, high := big.NewInt(int64(max(tax, -tax))-100), big.NewInt(int64(max(tax, -tax))+100)
	c.hold(low.Cmp(want) < 0 && high.Cmp(want) > 0, rule, n, "ubl.tax",
		text.Args{"found": tax.String(), "want": money.Amount(want.Int64()).String(), "rate": rate.String()})
}

// used lists where a category stands: lines, allowances and charges, breakdown.
func (c *check) used(code string) (lines, adjustments, parts []*xmltree.Node) {
	for _, n := range c.root.Within("cac:ClassifiedTaxCategory") {
		if n.Words("cbc:ID") == code {
			lines = append(lines, n)
		}
	}
	for _, a := range c.root.Within("cac:AllowanceCharge") {
		for _, n := range a.All("cac:TaxCategory") {
			if n.Words("cbc:ID") == code {
				adjustments = append(adjustments, n)
			}
		}
	}
	for _, n := range c.root.All("cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory") {
		if n.Words("cbc:ID") == code {
			parts = append(parts, n)
		}
	}
	return lines, adjustments, parts
}

func (c *check) category(k category) {
	lines, adjustments, parts := c.used(k.code)
	if len(lines)+len(adjustments)+len(parts) == 0 {
		return
	}
	if k.rated {
		c.hold((len(lines)+len(adjustments) > 0) == (len(parts) > 0), k.rules+"-01", c.root, "ubl.vat-some", text.Args{"category": k.code})
	} else {
		c.hold(len(parts) == 1, k.rules+"-01", c.root, "ubl.vat-once", text.Args{"category": k.code, "n": len(parts)})
	}
	c.numbers(k, lines, adjustments)
	for _, n := range lines {
		c.rate(k, k.rules+"-05", n)
	}
	for _, n := range adjustments {
		rule := k.rules + "-06"
		if isCharge(n.Parent()) {
			rule = k.rules + "-07"
		}
		c.rate(k, rule, n)
	}
	for _, n := range parts {
		c.part(k, n)
	}
}

// numbers asks for the tax numbers that a category needs, or forbids: rules -02 for lines, -03 for allowances, -04 for charges.
func (c *check) numbers(k category, lines, adjustments []*xmltree.Node) {
	seller, buyer := c.root.First("cac:AccountingSupplierParty/cac:Party"), c.root.First("cac:AccountingCustomerParty/cac:Party")
	agent := c.root.First("cac:TaxRepresentativeParty")
	bySeller := vatNumber(seller) != nil || vatNumber(agent) != nil
	ask := func(rule string) {
		switch {
		case k.code == outsideScope:
			c.hold(!bySeller && vatNumber(buyer) == nil, rule, c.root, "ubl.surplus", text.Args{"what": "cac:PartyTaxScheme (VAT)"})
			return
		case k.sellerVAT:
			c.hold(bySeller, rule, c.root, "ubl.missing", text.Args{"what": "cac:AccountingSupplierParty: cac:PartyTaxScheme (VAT)"})
		default:
			c.hold(bySeller || seller.Contains("cac:PartyTaxScheme/cbc:CompanyID"), rule, c.root, "ubl.missing",
				text.Args{"what": "cac:AccountingSupplierParty: cac:PartyTaxScheme"})
		}
		known := vatNumber(buyer) != nil || k.buyer == buyerAnyhow && buyer.Contains("cac:PartyLegalEntity/cbc:CompanyID")
		c.hold(known || k.buyer == "", rule, c.root, "ubl.missing", text.Args{"what": "cac:AccountingCustomerParty: " + k.buyer})
	}
	if len(lines) > 0 {
		ask(k.rules + "-02")
	}
	for rule, charge := range map[string]bool{k.rules + "-03": false, k.rules + "-04": true} {
		if slices.ContainsFunc(adjustments, func(n *xmltree.Node) bool { return isCharge(n.Parent()) == charge }) {
			ask(rule)
		}
	}
}

func (c *check) rate(k category, rule string, n *xmltree.Node) {
	rate, given := exact(n.First("cbc:Percent"))
	found := text.Args{"category": k.code, "found": n.Words("cbc:Percent")}
	switch {
	case k.code == outsideScope:
		c.hold(!n.Contains("cbc:Percent"), rule, n, "ubl.surplus", text.Args{"what": "cbc:Percent"})
	case k.atZero:
		c.hold(given && !rate.IsNeg(), rule, n, "ubl.rate", found)
	case k.rated:
		c.hold(given && rate.IsPos(), rule, n, "ubl.rate", found)
	default:
		c.hold(given && rate.IsZero(), rule, n, "ubl.rate", found)
	}
}

// part holds a line of the breakdown: its base (-08), its tax (-09) and the reason why there is none (-10).
func (c *check) part(k category, n *xmltree.Node) {
	of := n.Parent()
	tax, _ := cents(of.First("cbc:TaxAmount"))
	taxable, _ := cents(of.First("cbc:TaxableAmount"))
	rate, given := exact(n.First("cbc:Percent"))
	base, some := c.base(k, rate)
	reason := n.Contains("cbc:TaxExemptionReason") || n.Contains("cbc:TaxExemptionReasonCode")
	found := text.Args{"found": taxable.String(), "want": base.String()}
	if k.rated {
		if given {
			c.hold(some && taxable-base < 100 && base-taxable < 100, k.rules+"-08", of, "ubl.sum", found)
			c.near(k.rules+"-09", of, tax, taxable, rate)
		}
		c.hold(!reason, k.rules+"-10", n, "ubl.surplus", text.Args{"what": "cbc:TaxExemptionReason"})
		return
	}
	c.hold(taxable == base, k.rules+"-08", of, "ubl.sum", found)
	c.hold(tax == 0, k.rules+"-09", of, "ubl.sum", text.Args{"found": tax.String(), "want": money.Amount(0).String()})
	if k.code == "Z" {
		c.hold(!reason, "BR-Z-10", n, "ubl.surplus", text.Args{"what": "cbc:TaxExemptionReason"})
	} else {
		c.hold(reason, k.rules+"-10", n, "ubl.missing", text.Args{"what": "cbc:TaxExemptionReason, cbc:TaxExemptionReasonCode"})
	}
}

// base is what lines, charges and allowances of a category add up to; of a rated one, those at one rate. some tells whether there are any.
func (c *check) base(k category, rate decimal.Decimal) (base money.Amount, some bool) {
	counts := func(n *xmltree.Node) bool {
		if n == nil || n.Words("cbc:ID") != k.code {
			return false
		}
		at, given := exact(n.First("cbc:Percent"))
		return !k.rated || given && at.Cmp(rate) == 0
	}
	for _, n := range c.lines() {
		if counts(n.First("cac:Item/cac:ClassifiedTaxCategory")) {
			a, _ := cents(n.First("cbc:LineExtensionAmount"))
			base, some = base+a, true
		}
	}
	for _, n := range c.root.All("cac:AllowanceCharge") {
		if counts(n.First("cac:TaxCategory")) {
			a, _ := cents(n.First("cbc:Amount"))
			if !isCharge(n) {
				a = -a
			}
			base, some = base+a, true
		}
	}
	return base, some
}

// outside is BR-O-11 to BR-O-14: what is outside the scope of VAT stands alone.
func (c *check) outside() {
	if _, _, parts := c.used(outsideScope); len(parts) == 0 {
		return
	}
	for _, k := range append(categories(), category{code: "B"}) {
		if k.code == outsideScope {
			continue
		}
		lines, adjustments, parts := c.used(k.code)
		say := func(rule string, broken bool) {
			c.hold(!broken, rule, c.root, "ubl.vat-alone", text.Args{"category": outsideScope, "other": k.code})
		}
		say("BR-O-11", len(parts) > 0)
		say("BR-O-12", len(lines) > 0)
		charge := func(n *xmltree.Node) bool { return isCharge(n.Parent()) }
		say("BR-O-13", slices.ContainsFunc(adjustments, func(n *xmltree.Node) bool { return !charge(n) }))
		say("BR-O-14", slices.ContainsFunc(adjustments, charge))
	}
}

// split is BR-B: Italy's split payment.
func (c *check) split() {
	lines, adjustments, parts := c.used("B")
	if len(lines)+len(adjustments)+len(parts) == 0 {
		return
	}
	abroad := slices.ContainsFunc(c.root.Within("cbc:IdentificationCode"), func(n *xmltree.Node) bool { return n.Text != "IT" })
	c.hold(!abroad, "BR-B-01", c.root, "ubl.split", nil)
	lines, adjustments, parts = c.used("S")
	c.hold(len(lines)+len(adjustments)+len(parts) == 0, "BR-B-02", c.root, "ubl.vat-alone", text.Args{"category": "B", "other": "S"})
}

// delivery is BR-IC-11 and BR-IC-12: goods for another member state have a day and a place.
func (c *check) delivery() {
	if _, _, parts := c.used("K"); len(parts) == 0 {
		return
	}
	period := slices.ContainsFunc(c.root.All("cac:InvoicePeriod"), func(n *xmltree.Node) bool { return len(n.Children) > 0 })
	c.hold(c.root.Words("cac:Delivery/cbc:ActualDeliveryDate") != "" || period, "BR-IC-11", c.root, "ubl.missing",
		text.Args{"what": "cac:Delivery/cbc:ActualDeliveryDate, cac:InvoicePeriod"})
	c.hold(len(c.root.Words("cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode")) > 1, "BR-IC-12", c.root,
		"ubl.missing", text.Args{"what": "cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode"})
}
