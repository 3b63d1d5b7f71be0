// Package ubl reads electronic invoices and credit notes of EN 16931 in their UBL 2.1 form and tells which rules of the standard they
// break. Bytes in, values out: it knows neither claims nor cost items. It is not a validator of UBL's schema, and it writes nothing.
package ubl

import (
	"io"

	"github.com/govalues/decimal"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/xmltree"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// The kinds of document.
const (
	KindInvoice    = "invoice"
	KindCreditNote = "credit-note"
)

// Invoice is an invoice or a credit note; a credit note's amounts are above zero too, and its kind alone gives them their sign.
// Empty is what the document does not say. BT and BG numbers are those of EN 16931-1.
type Invoice struct {
	Kind        string       `json:"kind"`
	Number      string       `json:"number"`
	IssuedOn    period.Date  `json:"issued_on"`
	DueOn       period.Date  `json:"due_on,omitempty"`
	TypeCode    string       `json:"type_code"`
	Currency    string       `json:"currency"`
	TaxCurrency string       `json:"tax_currency,omitempty"`
	Notes       []string     `json:"notes,omitempty"`
	Period      *Period      `json:"period,omitempty"`
	Buyers      string       `json:"buyer_reference,omitempty"` // BT-10
	Order       string       `json:"order_reference,omitempty"`
	Contract    string       `json:"contract_reference,omitempty"`
	Corrects    []Reference  `json:"corrects,omitempty"` // BG-3
	Seller      Party        `json:"seller"`
	Buyer       Party        `json:"buyer"`
	Payee       *Party       `json:"payee,omitempty"`
	DeliveredOn period.Date  `json:"delivered_on,omitempty"` // BT-72
	Payment     Payment      `json:"payment"`
	Adjustments []Adjustment `json:"allowances_and_charges,omitempty"`
	Lines       []Line       `json:"lines"`
	VAT         []VATPart    `json:"vat"`
	Totals      Totals       `json:"totals"`
	Attachments []Attachment `json:"attachments,omitempty"`
}

// Period is a span of days, either end of which may be open.
type Period struct {
	From  period.Date `json:"from,omitempty"`
	Until period.Date `json:"until,omitempty"`
}

// Reference names another document.
type Reference struct {
	Number   string      `json:"number"`
	IssuedOn period.Date `json:"issued_on,omitempty"`
}

// Party is a seller, a buyer or a payee.
type Party struct {
	Name     string     `json:"name"`                   // as registered, BT-27
	Trade    string     `json:"trading_name,omitempty"` // BT-28
	VAT      string     `json:"vat_number,omitempty"`
	Register Identifier `json:"register,omitzero"` // BT-30
	Endpoint Identifier `json:"endpoint,omitzero"` // BT-34
	Street   string     `json:"street,omitempty"`
	City     string     `json:"city,omitempty"`
	Postcode string     `json:"postcode,omitempty"`
	Country  string     `json:"country,omitempty"`
	Email    string     `json:"email,omitempty"`
}

// Identifier is a number and the list that it is of.
type Identifier struct {
	Value  string `json:"value"`
	Scheme string `json:"scheme,omitempty"`
}

// Payment says how the amount is to be paid.
type Payment struct {
	Means     string   `json:"means_code,omitempty"`
	Reference string   `json:"reference,omitempty"` // BT-83, what the payer is asked to quote
	Accounts  []string `json:"accounts,omitempty"`  // IBAN or other numbers, BT-84
	BIC       string   `json:"bic,omitempty"`
	Terms     string   `json:"terms,omitempty"`
}

// Adjustment is an allowance (lowers) or a charge (raises), of the document or of a line.
type Adjustment struct {
	Charge   bool   `json:"charge"`
	Amount   Sum    `json:"amount"`
	Category string `json:"vat_category,omitempty"`
	Rate     Number `json:"vat_rate_percent"`
	Reason   string `json:"reason,omitempty"`
	Code     string `json:"reason_code,omitempty"`
}

// Line is one line. Price is of one Unit, before VAT.
type Line struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Description string       `json:"description,omitempty"`
	Quantity    Number       `json:"quantity"`
	Unit        string       `json:"unit"`
	Price       Number       `json:"price"`
	Net         Sum          `json:"net"`
	Category    string       `json:"vat_category"`
	Rate        Number       `json:"vat_rate_percent"`
	Period      *Period      `json:"period,omitempty"`
	Adjustments []Adjustment `json:"allowances_and_charges,omitempty"`
}

// VATPart is a line of the VAT breakdown, BG-23.
type VATPart struct {
	Category  string `json:"category"`
	Rate      Number `json:"rate_percent"`
	Taxable   Sum    `json:"taxable"`
	Tax       Sum    `json:"tax"`
	Exemption string `json:"exemption,omitempty"`
}

// Totals are those of BG-22. VAT is in the document's currency, BT-110.
type Totals struct {
	Lines      Sum `json:"lines"`
	Allowances Sum `json:"allowances"`
	Charges    Sum `json:"charges"`
	Net        Sum `json:"net"`
	VAT        Sum `json:"vat"`
	Gross      Sum `json:"gross"`
	Prepaid    Sum `json:"prepaid"`
	Rounding   Sum `json:"rounding"`
	Payable    Sum `json:"payable"`
}

// Attachment is what the document carries or points at; its bytes are not kept, only how many there are.
type Attachment struct {
	Reference   string `json:"reference"`
	Description string `json:"description,omitempty"`
	Filename    string `json:"filename,omitempty"`
	MIME        string `json:"mime,omitempty"`
	Bytes       int    `json:"bytes,omitempty"`
	URL         string `json:"url,omitempty"`
}

// Sum is an amount in the document's currency, in hundredths. As JSON it is a number with two decimals.
type Sum money.Amount

// String is the amount with two decimals.
func (s Sum) String() string { return money.Amount(s).String() }

// MarshalJSON writes the exact digits.
func (s Sum) MarshalJSON() ([]byte, error) { return []byte(s.String()), nil }

// Number is an exact quantity, price or rate. As JSON it is a number with the digits that the document has.
type Number struct{ decimal.Decimal }

// MarshalJSON writes the exact digits.
func (n Number) MarshalJSON() ([]byte, error) { return []byte(n.String()), nil }

func spaces() map[string]string {
	const common = "urn:oasis:names:specification:ubl:schema:xsd:"
	return map[string]string{common + "Invoice-2": "ubl", common + "CreditNote-2": "cn", common + "CommonBasicComponents-2": "cbc",
		common + "CommonAggregateComponents-2": "cac", common + "CommonExtensionComponents-2": "ext"}
}

// Read reads an invoice or a credit note. Where it breaks rules of EN 16931 the error is Broken, and the value holds what could be read.
// Any other error is a fault: the document is no XML, no UBL, or too large.
func Read(in io.Reader) (Invoice, error) {
	root, err := xmltree.Parse(in, spaces(), xmltree.Document())
	if err != nil {
		return Invoice{}, err
	}
	if root.Name != "ubl:Invoice" && root.Name != "cn:CreditNote" {
		return Invoice{}, fault.Invalid("", "ubl.other", nil)
	}
	c := &check{root: root, credit: root.Name == "cn:CreditNote", codes: codes(), repeats: map[string]bool{}}
	for _, name := range repeatable() {
		c.repeats[name] = true
	}
	c.all()
	return c.invoice(), c.broken.err()
}
