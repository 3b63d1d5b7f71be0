package ubl

import (
	"slices"
	"strings"

	"errera.eu/errera/internal/format/xmltree"
	"errera.eu/errera/internal/text"
)

// The rules that ask for fields (BR-01 to BR-65), for the form of values and for at most one of a thing (UBL-SR, UBL-DT).

// forms asks that amounts, numbers, dates and indicators are what they claim to be.
func (c *check) forms() {
	c.root.Walk(func(n *xmltree.Node) {
		name := strings.TrimPrefix(n.Name, "cbc:")
		switch {
		case len(n.Children) > 0:
		case strings.HasSuffix(name, "Amount") && !strings.HasSuffix(name, "PriceAmount") && !inPrice(n):
			_, places, _ := strings.Cut(n.Text, ".")
			if _, ok := cents(n); !ok && len(places) > 2 {
				c.fail("UBL-DT-01", n, "ubl.decimals", text.Args{"found": n.Text})
			} else if !ok {
				c.fail("UBL-XSD", n, "ubl.number", text.Args{"found": n.Text})
			}
		case strings.HasSuffix(name, "Amount") || strings.HasSuffix(name, "Quantity") || name == "Percent" || strings.HasSuffix(name, "Numeric"):
			if _, ok := exact(n); !ok {
				c.fail("UBL-XSD", n, "ubl.number", text.Args{"found": n.Text})
			}
		case strings.HasSuffix(name, "Date"):
			c.hold(day(n.Text) != "", "UBL-XSD", n, "ubl.date", text.Args{"found": n.Text})
		case name == "ChargeIndicator":
			c.hold(slices.Contains([]string{"true", "false", "1", "0"}, n.Text), "UBL-XSD", n, "ubl.indicator", text.Args{"found": n.Text})
		case strings.HasSuffix(name, "BinaryObject"):
			c.attribute("UBL-DT-06", n, "mimeCode")
			c.attribute("UBL-DT-07", n, "filename")
		}
		// the official rules compare these to the letter
		if n.Padded && slices.Contains([]string{"DocumentCurrencyCode", "TaxCurrencyCode", "CompanyID", "DocumentTypeCode", "ID"}, name) {
			c.fail("UBL-XSD", n, "ubl.padded", nil)
		}
	})
}

func inPrice(n *xmltree.Node) bool {
	p := n.Parent()
	return p != nil && p.Name == "cac:AllowanceCharge" && p.Parent() != nil && p.Parent().Name == "cac:Price"
}

func isCharge(n *xmltree.Node) bool {
	s := n.Words("cbc:ChargeIndicator")
	return s == "true" || s == "1"
}

func isVAT(n *xmltree.Node) bool {
	return slices.ContainsFunc(n.All("cac:TaxScheme"), func(s *xmltree.Node) bool { return strings.ToUpper(s.Words("cbc:ID")) == "VAT" })
}

func (c *check) attribute(rule string, n *xmltree.Node, name string) {
	if _, ok := n.Attr(name); !ok {
		c.fail(rule, n, "ubl.missing", text.Args{"what": "@" + name})
	}
}

func (c *check) fields() {
	r := c.root
	for rule, path := range map[string]string{"BR-01": "cbc:CustomizationID", "BR-02": "cbc:ID", "BR-03": "cbc:IssueDate",
		"BR-05": "cbc:DocumentCurrencyCode"} {
		c.need(rule, r, path)
	}
	kind := "cbc:InvoiceTypeCode"
	if c.credit {
		kind = "cbc:CreditNoteTypeCode"
	}
	c.need("BR-04", r, kind)
	c.hold(len(c.lines()) > 0, "BR-16", r, "ubl.missing", text.Args{"what": "cac:InvoiceLine, cac:CreditNoteLine"})
	totals := r.First("cac:LegalMonetaryTotal")
	if totals == nil {
		c.fail("BR-12", r, "ubl.missing", text.Args{"what": "cac:LegalMonetaryTotal"})
	} else {
		c.need("BR-12", totals, "cbc:LineExtensionAmount")
		c.need("BR-13", totals, "cbc:TaxExclusiveAmount")
		c.need("BR-14", totals, "cbc:TaxInclusiveAmount")
		c.need("BR-15", totals, "cbc:PayableAmount")
	}
	for _, n := range r.Within("cac:AdditionalDocumentReference") {
		c.need("BR-52", n, "cbc:ID")
		c.most("UBL-SR-33", n, "cbc:DocumentDescription")
		c.reference(n)
	}
	for _, n := range r.Within("cac:BillingReference") {
		c.need("BR-55", n, "cac:InvoiceDocumentReference/cbc:ID")
		c.most("UBL-SR-06", n, "cac:InvoiceDocumentReference")
	}
	for _, n := range r.All("cac:Delivery/cac:DeliveryLocation/cac:Address") {
		c.need("BR-57", n, "cac:Country/cbc:IdentificationCode")
	}
	for _, n := range r.Within("cac:InvoicePeriod") {
		c.period(n)
	}
	if r.Contains("cbc:TaxPointDate") && r.Contains("cac:InvoicePeriod/cbc:DescriptionCode") {
		c.fail("BR-CO-03", r, "ubl.either", text.Args{"what": "cbc:TaxPointDate, cac:InvoicePeriod/cbc:DescriptionCode"})
	}
	c.means()
	c.adjustments()
}

// reference is the object that an invoice is about (130), which carries nothing.
func (c *check) reference(n *xmltree.Node) {
	kind := n.Words("cbc:DocumentTypeCode")
	_, schemed := n.First("cbc:ID").Attr("schemeID")
	c.hold(kind == "130" || c.credit && kind == "50" || !schemed && !n.Contains("cbc:DocumentTypeCode"), "UBL-SR-43", n, "ubl.code",
		text.Args{"found": kind})
	if kind == "130" {
		c.hold(!n.Contains("cac:Attachment"), "UBL-CR-666", n, "ubl.surplus", text.Args{"what": "cac:Attachment"})
		c.hold(!n.Contains("cbc:DocumentDescription"), "UBL-CR-673", n, "ubl.surplus", text.Args{"what": "cbc:DocumentDescription"})
	}
}

func (c *check) period(n *xmltree.Node) {
	from, until := n.Words("cbc:StartDate"), n.Words("cbc:EndDate")
	order, some := "BR-29", "BR-CO-19"
	ofLine := strings.HasSuffix(n.Parent().Name, "Line")
	if ofLine {
		order, some = "BR-30", "BR-CO-20"
	}
	c.hold(from == "" || until == "" || day(until) >= day(from), order, n, "ubl.order", text.Args{"from": from, "until": until})
	c.hold(from != "" || until != "" || !ofLine && n.Contains("cbc:DescriptionCode"), some, n, "ubl.missing",
		text.Args{"what": "cbc:StartDate, cbc:EndDate"})
}

func (c *check) means() {
	for _, n := range c.root.Within("cac:PaymentMeans") {
		c.need("BR-49", n, "cbc:PaymentMeansCode")
		c.most("UBL-SR-26", n, "cbc:PaymentID")
		c.most("UBL-SR-27", n, "cbc:PaymentMeansCode")
		c.most("UBL-SR-28", n, "cac:PaymentMandate/cbc:ID")
		if code := n.Words("cbc:PaymentMeansCode"); code == "30" || code == "58" {
			c.need("BR-61", n, "cac:PayeeFinancialAccount/cbc:ID")
			for _, a := range n.All("cac:PayeeFinancialAccount") {
				c.need("BR-50", a, "cbc:ID")
			}
		}
	}
	for rule, name := range map[string]string{"UBL-SR-44": "cbc:PaymentID", "UBL-SR-47": "cbc:PaymentMeansCode"} {
		all := c.root.Within(name)
		for i, n := range all {
			if i > 0 && n.Text != all[0].Text {
				c.fail(rule, n, "ubl.once", text.Args{"what": name, "n": len(all)})
				break
			}
		}
	}
}

// adjustments asks what allowances and charges need, of the document and of its lines.
func (c *check) adjustments() {
	ask := func(n *xmltree.Node, amount, reason, category, alsoReason string) {
		c.need(amount, n, "cbc:Amount")
		if category != "" {
			ok := slices.ContainsFunc(n.All("cac:TaxCategory"), func(t *xmltree.Node) bool { return isVAT(t) && t.Words("cbc:ID") != "" })
			c.hold(ok, category, n, "ubl.missing", text.Args{"what": "cac:TaxCategory/cbc:ID (VAT)"})
		}
		if !n.Contains("cbc:AllowanceChargeReason") && !n.Contains("cbc:AllowanceChargeReasonCode") {
			c.fail(reason, n, "ubl.missing", text.Args{"what": "cbc:AllowanceChargeReason, cbc:AllowanceChargeReasonCode"})
			c.fail(alsoReason, n, "ubl.missing", text.Args{"what": "cbc:AllowanceChargeReason, cbc:AllowanceChargeReasonCode"})
		}
	}
	for _, n := range c.root.All("cac:AllowanceCharge") {
		if isCharge(n) {
			ask(n, "BR-36", "BR-38", "BR-37", "BR-CO-22")
		} else {
			ask(n, "BR-31", "BR-33", "BR-32", "BR-CO-21")
		}
	}
	for _, line := range c.lines() {
		for _, n := range line.All("cac:AllowanceCharge") {
			if isCharge(n) {
				ask(n, "BR-43", "BR-44", "", "BR-CO-24")
			} else {
				ask(n, "BR-41", "BR-42", "", "BR-CO-23")
			}
		}
	}
	for _, n := range c.root.Within("cac:AllowanceCharge") {
		rule := "UBL-SR-30"
		if isCharge(n) {
			rule = "UBL-SR-31"
		}
		c.most(rule, n, "cbc:AllowanceChargeReason")
		c.need("UBL-XSD", n, "cbc:ChargeIndicator")
	}
}

func (c *check) lineFields() {
	for _, n := range c.lines() {
		c.need("BR-21", n, "cbc:ID")
		quantity := n.First("cbc:InvoicedQuantity")
		if c.credit {
			quantity = n.First("cbc:CreditedQuantity")
		}
		c.hold(quantity != nil, "BR-22", n, "ubl.missing", text.Args{"what": "cbc:InvoicedQuantity, cbc:CreditedQuantity"})
		if quantity != nil {
			c.attribute("BR-23", quantity, "unitCode")
		}
		c.need("BR-24", n, "cbc:LineExtensionAmount")
		c.need("BR-25", n, "cac:Item/cbc:Name")
		c.need("BR-26", n, "cac:Price/cbc:PriceAmount")
		for rule, path := range map[string]string{"BR-27": "cac:Price/cbc:PriceAmount", "BR-28": "cac:Price/cac:AllowanceCharge/cbc:BaseAmount"} {
			if price, ok := exact(n.First(path)); ok {
				c.hold(!price.IsNeg(), rule, n.First(path), "ubl.negative", text.Args{"found": price.String()})
			}
		}
		category := slices.ContainsFunc(n.All("cac:Item/cac:ClassifiedTaxCategory"),
			func(t *xmltree.Node) bool { return isVAT(t) && t.Contains("cbc:ID") })
		c.hold(category, "BR-CO-04", n, "ubl.missing", text.Args{"what": "cac:Item/cac:ClassifiedTaxCategory/cbc:ID (VAT)"})
		for rule, path := range map[string]string{"UBL-SR-34": "cbc:Note", "UBL-SR-35": "cac:OrderLineReference/cbc:LineID",
			"UBL-SR-36": "cac:InvoicePeriod", "UBL-SR-37": "cac:Price/cac:AllowanceCharge/cbc:Amount",
			"UBL-SR-48": "cac:Item/cac:ClassifiedTaxCategory", "UBL-SR-50": "cac:Item/cbc:Description", "UBL-SR-52": "cac:DocumentReference"} {
			c.most(rule, n, path)
		}
		for _, id := range n.All("cac:Item/cac:StandardItemIdentification/cbc:ID") {
			c.attribute("BR-64", id, "schemeID")
		}
		for _, code := range n.All("cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode") {
			c.attribute("BR-65", code, "listID")
		}
	}
	for _, n := range c.root.Within("cac:AdditionalItemProperty") {
		c.hold(n.Contains("cbc:Name") && n.Contains("cbc:Value"), "BR-54", n, "ubl.missing", text.Args{"what": "cbc:Name, cbc:Value"})
	}
}
