package ubl

import (
	"slices"
	"strings"

	"errera.eu/errera/internal/format/xmltree"
	"errera.eu/errera/internal/text"
)

// The rules on seller, buyer, payee and tax representative, and what may stand once.

func (c *check) parties() {
	seller, buyer := c.root.First("cac:AccountingSupplierParty/cac:Party"), c.root.First("cac:AccountingCustomerParty/cac:Party")
	for _, p := range []struct {
		party                              *xmltree.Node
		place, name, address, country, end string
	}{{seller, "cac:AccountingSupplierParty", "BR-06", "BR-08", "BR-09", "BR-62"},
		{buyer, "cac:AccountingCustomerParty", "BR-07", "BR-10", "BR-11", "BR-63"}} {
		if p.party == nil {
			c.fail(p.name, c.root, "ubl.missing", text.Args{"what": p.place + "/cac:Party"})
			continue
		}
		c.need(p.name, p.party, "cac:PartyLegalEntity/cbc:RegistrationName")
		c.hold(p.party.Contains("cac:PostalAddress"), p.address, p.party, "ubl.missing", text.Args{"what": "cac:PostalAddress"})
		for _, a := range p.party.All("cac:PostalAddress") {
			c.need(p.country, a, "cac:Country/cbc:IdentificationCode")
		}
		for _, e := range p.party.All("cbc:EndpointID") {
			c.attribute(p.end, e, "schemeID")
		}
	}
	if seller != nil {
		c.hold(vatNumber(seller) != nil || seller.Contains("cac:PartyLegalEntity/cbc:CompanyID") || len(ownNumbers(seller)) > 0, "BR-CO-26", seller,
			"ubl.missing", text.Args{"what": "cac:PartyTaxScheme, cac:PartyIdentification, cac:PartyLegalEntity: number"})
		if len(seller.All("cac:PartyTaxScheme")) > 2 {
			c.fail("UBL-SR-42", seller, "ubl.once", text.Args{"what": "cac:PartyTaxScheme", "n": len(seller.All("cac:PartyTaxScheme"))})
		}
	}
	for _, n := range c.root.Within("cac:PartyTaxScheme") {
		c.hold(n.Contains("cac:TaxScheme/cbc:ID") && n.Contains("cbc:CompanyID"), "UBL-SR-53", n, "ubl.missing",
			text.Args{"what": "cac:TaxScheme/cbc:ID, cbc:CompanyID"})
		if isVAT(n) {
			number := n.Words("cbc:CompanyID")
			prefix := number[:min(2, len(number))]
			c.hold(prefix == "EL" || c.codes["country"][prefix], "BR-CO-09", n, "ubl.prefix", text.Args{"found": number})
		}
	}
	c.payee(seller)
	c.representative()
}

// vatNumber is where a party's VAT number stands, nil when it has none.
func vatNumber(party *xmltree.Node) *xmltree.Node {
	for _, n := range party.All("cac:PartyTaxScheme") {
		if isVAT(n) && n.Contains("cbc:CompanyID") {
			return n.First("cbc:CompanyID")
		}
	}
	return nil
}

// ownNumbers are a party's identifiers that are not a creditor's number for direct debit.
func ownNumbers(party *xmltree.Node) []*xmltree.Node {
	return slices.DeleteFunc(party.All("cac:PartyIdentification/cbc:ID"), func(n *xmltree.Node) bool {
		scheme, _ := n.Attr("schemeID")
		return scheme == "SEPA"
	})
}

func (c *check) payee(seller *xmltree.Node) {
	for _, n := range c.root.All("cac:PayeeParty") {
		name := n.First("cac:PartyName/cbc:Name")
		if name == nil {
			c.fail("BR-17", n, "ubl.missing", text.Args{"what": "cac:PartyName/cbc:Name"})
			continue
		}
		same := func(path string) bool {
			return slices.ContainsFunc(n.All(path), func(a *xmltree.Node) bool {
				return slices.ContainsFunc(seller.All(path), func(b *xmltree.Node) bool { return a.Text == b.Text })
			})
		}
		c.hold(!same("cac:PartyName/cbc:Name") && !same("cac:PartyIdentification/cbc:ID"), "BR-17", n, "ubl.payee", nil)
		registered := seller.Words("cac:PartyLegalEntity/cbc:RegistrationName")
		c.hold(name.Text != registered && registered != "", "UBL-SR-19", n, "ubl.payee", nil)
		c.most("UBL-SR-19", n, "cac:PartyName/cbc:Name")
		c.most("UBL-SR-21", n, "cac:PartyLegalEntity/cbc:CompanyID")
		if numbers := ownNumbers(n); len(numbers) > 1 {
			c.fail("UBL-SR-20", n, "ubl.once", text.Args{"what": "cac:PartyIdentification/cbc:ID", "n": len(numbers)})
		}
	}
}

func (c *check) representative() {
	for _, n := range c.root.All("cac:TaxRepresentativeParty") {
		c.need("BR-18", n, "cac:PartyName/cbc:Name")
		c.hold(n.Contains("cac:PostalAddress"), "BR-19", n, "ubl.missing", text.Args{"what": "cac:PostalAddress"})
		for _, a := range n.All("cac:PostalAddress") {
			c.need("BR-20", a, "cac:Country/cbc:IdentificationCode")
		}
		c.hold(vatNumber(n) != nil, "BR-56", n, "ubl.missing", text.Args{"what": "cac:PartyTaxScheme/cbc:CompanyID (VAT)"})
		c.most("UBL-SR-22", n, "cac:PartyName/cbc:Name")
		c.most("UBL-SR-23", n, "cac:PartyTaxScheme/cbc:CompanyID")
	}
}

// counts holds what may stand at most once.
func (c *check) counts() {
	const seller, buyer = "cac:AccountingSupplierParty/cac:Party/", "cac:AccountingCustomerParty/cac:Party/"
	for _, r := range []struct{ rule, path string }{
		{"UBL-SR-01", "cac:ContractDocumentReference/cbc:ID"}, {"UBL-SR-02", "cac:ReceiptDocumentReference/cbc:ID"},
		{"UBL-SR-03", "cac:DespatchDocumentReference/cbc:ID"}, {"UBL-SR-05", "cac:PaymentTerms/cbc:Note"}, {"UBL-SR-08", "cac:InvoicePeriod"},
		{"UBL-SR-09", seller + "cac:PartyLegalEntity/cbc:RegistrationName"}, {"UBL-SR-10", seller + "cac:PartyName/cbc:Name"},
		{"UBL-SR-11", seller + "cac:PartyLegalEntity/cbc:CompanyID"}, {"UBL-SR-14", seller + "cac:PartyLegalEntity/cbc:CompanyLegalForm"},
		{"UBL-SR-15", buyer + "cac:PartyLegalEntity/cbc:RegistrationName"}, {"UBL-SR-16", buyer + "cac:PartyIdentification/cbc:ID"},
		{"UBL-SR-17", buyer + "cac:PartyLegalEntity/cbc:CompanyID"}, {"UBL-SR-40", buyer + "cac:PartyName/cbc:Name"},
		{"UBL-SR-24", "cac:Delivery"}, {"UBL-SR-25", "cac:Delivery/cac:DeliveryParty/cac:PartyName/cbc:Name"},
		{"UBL-SR-39", "cac:ProjectReference/cbc:ID"}, {"UBL-SR-45", "cac:PaymentMeans/cbc:PaymentDueDate"},
		{"UBL-SR-49", "cac:InvoicePeriod/cbc:DescriptionCode"}, {"UBL-SR-54", "cac:PaymentMeans/cac:CardAccount"},
		{"UBL-SR-55", "cac:PaymentMeans/cac:PaymentMandate"}, {"UBL-SR-56", "cac:OriginatorDocumentReference/cbc:ID"},
	} {
		c.most(r.rule, c.root, r.path)
	}
	for side, rules := range map[string][2]string{seller: {"UBL-SR-12", "UBL-SR-13"}, buyer: {"UBL-SR-18", ""}} {
		vat, other := 0, 0
		for _, n := range c.root.All(side + "cac:PartyTaxScheme") {
			if isVAT(n) {
				vat += len(n.All("cbc:CompanyID"))
			} else {
				other += len(n.All("cbc:CompanyID"))
			}
		}
		c.hold(vat <= 1, rules[0], c.root, "ubl.once", text.Args{"what": side + "cac:PartyTaxScheme (VAT)", "n": vat})
		c.hold(other <= 1 || rules[1] == "", rules[1], c.root, "ubl.once", text.Args{"what": side + "cac:PartyTaxScheme", "n": other})
	}
	c.countsWithin()
}

func (c *check) countsWithin() {
	objects, named, sepa := 0, 0, 0
	for _, n := range c.root.All("cac:AdditionalDocumentReference") {
		if n.Words("cbc:DocumentTypeCode") == "130" {
			objects += len(n.All("cbc:ID"))
		}
	}
	for _, n := range c.root.All("cac:PaymentMeans/cbc:PaymentMeansCode") {
		if _, ok := n.Attr("name"); ok {
			named++
		}
	}
	for _, n := range c.root.Within("cac:PartyIdentification") {
		for _, i := range n.All("cbc:ID") {
			if scheme, _ := i.Attr("schemeID"); strings.ToUpper(scheme) == "SEPA" {
				sepa++
			}
		}
	}
	c.hold(objects <= 1, "UBL-SR-04", c.root, "ubl.once", text.Args{"what": "cac:AdditionalDocumentReference (130)", "n": objects})
	c.hold(named <= 1, "UBL-SR-46", c.root, "ubl.once", text.Args{"what": "cbc:PaymentMeansCode/@name", "n": named})
	c.hold(sepa <= 1, "UBL-SR-29", c.root, "ubl.once", text.Args{"what": "cac:PartyIdentification/cbc:ID (SEPA)", "n": sepa})
	c.root.Walk(func(n *xmltree.Node) {
		switch n.Name {
		case "cac:PostalAddress", "cac:Address":
			c.most("UBL-SR-51", n, "cac:AddressLine")
		case "cac:TaxSubtotal":
			c.most("UBL-SR-32", n, "cac:TaxCategory/cbc:TaxExemptionReason")
		}
		c.onceEach(n)
	})
}

// repeatable are the elements that may stand more than once in another; where the standard wants one of them alone, a rule of its own says so.
func repeatable() []string {
	return strings.Fields(`cac:AdditionalDocumentReference cac:AdditionalItemIdentification cac:AdditionalItemProperty cac:AddressLine
		cac:AllowanceCharge cac:BillingReference cac:ClassifiedTaxCategory cac:CommodityClassification cac:ContractDocumentReference
		cac:CreditNoteLine cac:Delivery cac:DespatchDocumentReference cac:DocumentReference cac:InvoiceLine cac:InvoicePeriod
		cac:OrderLineReference cac:OriginatorDocumentReference cac:PartyIdentification cac:PartyLegalEntity cac:PartyName cac:PartyTaxScheme
		cac:PaymentMeans cac:PaymentTerms cac:ProjectReference cac:ReceiptDocumentReference cac:TaxSubtotal cac:TaxTotal
		cbc:AllowanceChargeReason cbc:Description cbc:DescriptionCode cbc:DocumentDescription cbc:InstructionNote cbc:Note cbc:PaymentID
		cbc:TaxExemptionReason ext:UBLExtension`)
}

// onceEach asks that what the schema takes once does not stand twice in an element.
func (c *check) onceEach(n *xmltree.Node) {
	seen := map[string]bool{}
	for _, child := range n.Children {
		if seen[child.Name] && !c.repeats[child.Name] {
			c.fail("UBL-XSD", child, "ubl.once", text.Args{"what": child.Name, "n": 2})
		}
		seen[child.Name] = true
	}
}
