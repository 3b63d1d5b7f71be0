package ubl

import (
	"strings"

	"errera.eu/errera/internal/format/xmltree"
	"errera.eu/errera/internal/text"
)

// The rules on code lists, BR-CL-01 to BR-CL-26.

// codedText are the elements whose text is a code: rule and list.
func codedText() map[string][2]string {
	return map[string][2]string{
		"cbc:InvoiceTypeCode": {"BR-CL-01", "invoice"}, "cbc:CreditNoteTypeCode": {"BR-CL-01", "credit"},
		"cbc:DocumentCurrencyCode": {"BR-CL-04", "currency"}, "cbc:TaxCurrencyCode": {"BR-CL-05", "currency"},
		"cac:Country/cbc:IdentificationCode": {"BR-CL-14", "country"}, "cac:OriginCountry/cbc:IdentificationCode": {"BR-CL-15", "country"},
		"cac:PaymentMeans/cbc:PaymentMeansCode": {"BR-CL-16", "means"}, "cac:TaxCategory/cbc:ID": {"BR-CL-17", "category"},
		"cac:ClassifiedTaxCategory/cbc:ID": {"BR-CL-18", "category"}, "cac:InvoicePeriod/cbc:DescriptionCode": {"BR-CL-06", "point"},
		"cbc:TaxExemptionReasonCode": {"BR-CL-22", "exemption"},
	}
}

// codedAttribute are the elements of which an attribute is a code: rule, list and attribute; it is looked at where it stands.
func codedAttribute() map[string][3]string {
	return map[string][3]string{
		"cbc:InvoicedQuantity": {"BR-CL-23", "unit", "unitCode"}, "cbc:CreditedQuantity": {"BR-CL-23", "unit", "unitCode"},
		"cbc:BaseQuantity": {"BR-CL-23", "unit", "unitCode"}, "cbc:EmbeddedDocumentBinaryObject": {"BR-CL-24", "mime", "mimeCode"},
		"cbc:EndpointID": {"BR-CL-25", "endpoint", "schemeID"}, "cac:PartyIdentification/cbc:ID": {"BR-CL-10", "scheme", "schemeID"},
		"cac:PartyLegalEntity/cbc:CompanyID":                     {"BR-CL-11", "scheme", "schemeID"},
		"cac:CommodityClassification/cbc:ItemClassificationCode": {"BR-CL-13", "class", "listID"},
		"cac:StandardItemIdentification/cbc:ID":                  {"BR-CL-21", "scheme", "schemeID"},
		"cac:DeliveryLocation/cbc:ID":                            {"BR-CL-26", "scheme", "schemeID"},
	}
}

func (c *check) lists() {
	words, attributes := codedText(), codedAttribute()
	c.root.Walk(func(n *xmltree.Node) {
		names := []string{n.Name}
		if p := n.Parent(); p != nil {
			names = append(names, p.Name+"/"+n.Name)
		}
		for _, name := range names {
			if r, ok := words[name]; ok {
				code := n.Text
				if r[1] == "exemption" {
					code = strings.ToUpper(code)
				}
				c.code(r[0], n, r[1], code)
			}
			if r, ok := attributes[name]; ok {
				if code, there := n.Attr(r[2]); there {
					c.schemed(r, n, code)
				}
			}
		}
		if in, there := n.Attr("currencyID"); there && isAmount(n.Name) {
			c.code("BR-CL-03", n, "currency", in)
		} else if isAmount(n.Name) {
			c.fail("BR-CL-03", n, "ubl.missing", text.Args{"what": "@currencyID"})
		}
		switch n.Name {
		case "cac:AllowanceCharge":
			rule, list := "BR-CL-19", "allowance"
			if isCharge(n) {
				rule, list = "BR-CL-20", "charge"
			}
			for _, r := range n.All("cbc:AllowanceChargeReasonCode") {
				c.code(rule, r, list, r.Text)
			}
		case "cac:AdditionalDocumentReference", "cac:DocumentReference":
			if scheme, there := n.First("cbc:ID").Attr("schemeID"); there && n.Words("cbc:DocumentTypeCode") == "130" {
				c.code("BR-CL-07", n.First("cbc:ID"), "object", scheme)
			}
		}
	})
	for _, n := range c.root.All("cbc:Note") { // "#SUR#text"
		if _, rest, found := strings.Cut(n.Text, "#"); found {
			if subject, _, closed := strings.Cut(rest, "#"); closed && len([]rune(subject)) == 3 {
				c.code("BR-CL-08", n, "subject", subject)
			}
		}
	}
}

func isAmount(name string) bool {
	return strings.HasPrefix(name, "cbc:") && strings.HasSuffix(name, "Amount")
}

// schemed allows what a creditor's number for direct debit may have beside the list.
func (c *check) schemed(r [3]string, n *xmltree.Node, code string) {
	if r[0] == "BR-CL-10" && code == "SEPA" {
		for p := n.Parent(); p != nil; p = p.Parent() {
			if p.Name == "cac:AccountingSupplierParty" || p.Name == "cac:PayeeParty" {
				return
			}
		}
	}
	c.code(r[0], n, r[1], code)
}

func (c *check) code(rule string, n *xmltree.Node, list, code string) {
	c.hold(c.codes[list][code], rule, n, "ubl.code", text.Args{"found": code})
}
