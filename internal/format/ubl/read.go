package ubl

import (
	"encoding/base64"
	"strings"

	"errera.eu/errera/internal/format/xmltree"
	"errera.eu/errera/internal/period"
)

// invoice gathers the document's values; what has no proper form is left at zero, since check says so.
func (c *check) invoice() Invoice {
	r := c.root
	v := Invoice{
		Kind: KindInvoice, Number: r.Words("cbc:ID"), IssuedOn: day(r.Words("cbc:IssueDate")), DueOn: day(r.Words("cbc:DueDate")),
		TypeCode: r.Words("cbc:InvoiceTypeCode"), Currency: r.Words("cbc:DocumentCurrencyCode"), TaxCurrency: r.Words("cbc:TaxCurrencyCode"),
		Period: span(r.First("cac:InvoicePeriod")), Buyers: r.Words("cbc:BuyerReference"), Order: r.Words("cac:OrderReference/cbc:ID"),
		Contract: r.Words("cac:ContractDocumentReference/cbc:ID"), DeliveredOn: day(r.Words("cac:Delivery/cbc:ActualDeliveryDate")),
		Seller: party(r.First("cac:AccountingSupplierParty/cac:Party")), Buyer: party(r.First("cac:AccountingCustomerParty/cac:Party")),
		Payment: payment(r), Adjustments: adjustments(r),
	}
	if c.credit {
		v.Kind, v.TypeCode, v.DueOn = KindCreditNote, r.Words("cbc:CreditNoteTypeCode"), day(r.Words("cac:PaymentMeans/cbc:PaymentDueDate"))
	}
	for _, n := range r.All("cbc:Note") {
		v.Notes = append(v.Notes, n.Text)
	}
	for _, n := range r.All("cac:BillingReference/cac:InvoiceDocumentReference") {
		v.Corrects = append(v.Corrects, Reference{n.Words("cbc:ID"), day(n.Words("cbc:IssueDate"))})
	}
	if n := r.First("cac:PayeeParty"); n != nil {
		p := party(n)
		p.Name = n.Words("cac:PartyName/cbc:Name")
		v.Payee = &p
	}
	for _, n := range c.lines() {
		v.Lines = append(v.Lines, c.line(n))
	}
	for _, n := range r.All("cac:TaxTotal/cac:TaxSubtotal") {
		v.VAT = append(v.VAT, VATPart{Category: n.Words("cac:TaxCategory/cbc:ID"), Rate: number(n.First("cac:TaxCategory/cbc:Percent")),
			Taxable: sum(n.First("cbc:TaxableAmount")), Tax: sum(n.First("cbc:TaxAmount")),
			Exemption: n.Words("cac:TaxCategory/cbc:TaxExemptionReason")})
	}
	v.Totals = c.totals(v.Currency)
	for _, n := range r.All("cac:AdditionalDocumentReference") {
		v.Attachments = append(v.Attachments, attachment(n))
	}
	return v
}

func (c *check) totals(currency string) Totals {
	t := c.root.First("cac:LegalMonetaryTotal")
	of := func(name string) Sum { return sum(t.First("cbc:" + name)) }
	out := Totals{Lines: of("LineExtensionAmount"), Allowances: of("AllowanceTotalAmount"), Charges: of("ChargeTotalAmount"),
		Net: of("TaxExclusiveAmount"), Gross: of("TaxInclusiveAmount"), Prepaid: of("PrepaidAmount"), Rounding: of("PayableRoundingAmount"),
		Payable: of("PayableAmount")}
	for _, n := range c.root.All("cac:TaxTotal/cbc:TaxAmount") {
		if in, _ := n.Attr("currencyID"); in == currency {
			out.VAT = sum(n)
		}
	}
	return out
}

func (c *check) line(n *xmltree.Node) Line {
	quantity := n.First("cbc:InvoicedQuantity")
	if c.credit {
		quantity = n.First("cbc:CreditedQuantity")
	}
	unit, _ := quantity.Attr("unitCode")
	category := n.First("cac:Item/cac:ClassifiedTaxCategory")
	return Line{ID: n.Words("cbc:ID"), Name: n.Words("cac:Item/cbc:Name"), Description: n.Words("cac:Item/cbc:Description"),
		Quantity: number(quantity), Unit: unit, Price: number(n.First("cac:Price/cbc:PriceAmount")), Net: sum(n.First("cbc:LineExtensionAmount")),
		Category: category.Words("cbc:ID"), Rate: number(category.First("cbc:Percent")), Period: span(n.First("cac:InvoicePeriod")),
		Adjustments: adjustments(n)}
}

func adjustments(n *xmltree.Node) []Adjustment {
	var all []Adjustment
	for _, a := range n.All("cac:AllowanceCharge") {
		all = append(all, Adjustment{Charge: isCharge(a), Amount: sum(a.First("cbc:Amount")), Category: a.Words("cac:TaxCategory/cbc:ID"),
			Rate: number(a.First("cac:TaxCategory/cbc:Percent")), Reason: a.Words("cbc:AllowanceChargeReason"),
			Code: a.Words("cbc:AllowanceChargeReasonCode")})
	}
	return all
}

func party(n *xmltree.Node) Party {
	p := Party{Name: n.Words("cac:PartyLegalEntity/cbc:RegistrationName"), Trade: n.Words("cac:PartyName/cbc:Name"),
		Register: identifier(n.First("cac:PartyLegalEntity/cbc:CompanyID")), Endpoint: identifier(n.First("cbc:EndpointID")),
		Street: n.Words("cac:PostalAddress/cbc:StreetName"), City: n.Words("cac:PostalAddress/cbc:CityName"),
		Postcode: n.Words("cac:PostalAddress/cbc:PostalZone"), Country: n.Words("cac:PostalAddress/cac:Country/cbc:IdentificationCode"),
		Email: n.Words("cac:Contact/cbc:ElectronicMail")}
	for _, s := range n.All("cac:PartyTaxScheme") {
		if isVAT(s) {
			p.VAT = s.Words("cbc:CompanyID")
		}
	}
	return p
}

func identifier(n *xmltree.Node) Identifier {
	if n == nil {
		return Identifier{}
	}
	scheme, _ := n.Attr("schemeID")
	return Identifier{n.Text, scheme}
}

func payment(r *xmltree.Node) Payment {
	p := Payment{Means: r.Words("cac:PaymentMeans/cbc:PaymentMeansCode"), Reference: r.Words("cac:PaymentMeans/cbc:PaymentID"),
		BIC:   r.Words("cac:PaymentMeans/cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID"),
		Terms: r.Words("cac:PaymentTerms/cbc:Note")}
	for _, a := range r.All("cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID") {
		p.Accounts = append(p.Accounts, a.Text)
	}
	return p
}

func attachment(n *xmltree.Node) Attachment {
	a := Attachment{Reference: n.Words("cbc:ID"), Description: n.Words("cbc:DocumentDescription"),
		URL: n.Words("cac:Attachment/cac:ExternalReference/cbc:URI")}
	object := n.First("cac:Attachment/cbc:EmbeddedDocumentBinaryObject")
	if object == nil {
		return a
	}
	a.Filename, _ = object.Attr("filename")
	a.MIME, _ = object.Attr("mimeCode")
	packed := strings.TrimRight(strings.Join(strings.Fields(object.Text), ""), "=")
	a.Bytes = base64.RawStdEncoding.DecodedLen(len(packed))
	return a
}

func span(n *xmltree.Node) *Period {
	if n == nil {
		return nil
	}
	return &Period{day(n.Words("cbc:StartDate")), day(n.Words("cbc:EndDate"))}
}

// day is an xs:date without its zone: the day as the sender wrote it.
func day(s string) period.Date {
	if len(s) > 10 && (s[10] == 'Z' || s[10] == '+' || s[10] == '-') {
		s = s[:10]
	}
	d, err := period.ParseDate(s)
	if err != nil {
		return ""
	}
	return d
}

func sum(n *xmltree.Node) Sum {
	a, _ := cents(n)
	return Sum(a)
}

func number(n *xmltree.Node) Number {
	d, _ := exact(n)
	return Number{d}
}
