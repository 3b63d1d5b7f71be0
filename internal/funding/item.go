package funding

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/govalues/decimal"
	"golang.org/x/text/currency"

	"errera.eu/errera/internal/company"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// ItemState is what a controller has said about a cost item.
type ItemState string

// The states of a cost item, domain section 3.
const (
	Declared ItemState = "declared"
	Accepted ItemState = "accepted"
	Deducted ItemState = "deducted"
	Parked   ItemState = "parked"
	Returned ItemState = "returned" // parked once, replaced by an item of a later claim
	Lapsed   ItemState = "lapsed"
)

// ItemKind is what proves a cost.
type ItemKind string

// The kinds of cost item. A flat rate is derived from the items of its base and is never typed.
const (
	Invoiced ItemKind = "invoice"
	Staff    ItemKind = "staff"
	InKind   ItemKind = "in-kind"
	Flat     ItemKind = "flat"
)

// Key is the kind's word in the catalogue.
func (k ItemKind) Key() text.Key {
	return text.Key("costkind." + strings.ReplaceAll(string(k), "-", "_"))
}

// Item is one cost with its proof, as declared and as decided.
type Item struct {
	ID          id.Item
	Ref         string
	Activity    id.Activity
	Category    string
	Description string
	Supplier    string
	Invoice     string
	InvoicedOn  period.Date
	DeliveredOn period.Date
	Currency    string          // "" or the programme's own
	Rate        decimal.Decimal // one unit of Currency in the programme's currency; ignored for its own
	RateOn      period.Date
	RateSource  string
	Net, VAT    money.Amount // in Currency
	Income      money.Amount // what participants paid for it, in the programme's currency
	OtherMoney  money.Amount // other public money for the same cost, in the programme's currency
	RateBp      money.Bp     // the agency's share, in force on the item's date

	Kind         ItemKind        // "" is an invoice
	Hours        decimal.Decimal // of staff: hours x HourRate x AllocationBp is Net
	HourRate     money.Amount
	AllocationBp money.Bp     // of the hours, the part that was for the programme
	VATBp        money.Bp     // of the VAT, what the partner recovers; frozen with the item
	Cap          money.Amount // the most that counts of one item in its category; 0: no cap
	FlatBp       money.Bp     // of a flat rate, on the items of its base
	Credits      string       // of a credit note: the number of the invoice that it credits
	InvoiceTotal money.Amount // gross of the whole invoice, in Currency; 0: this item is all of it
	Procured     bool         // bought by a tender
	PaidOn       period.Date
	Shared       id.Shared // the shared invoice that this is a part of
	RowHash      string    // of the uploaded row that it came from, "" when it was typed

	State      ItemState
	Deducted   money.Amount
	ReasonCode string
	Reason     string
	DecidedOn  period.Date
	DecidedBy  id.Person
	Returns    id.Item // the parked item that this one replaces

	eligible, accepted money.Amount // as stored
}

// Eligible is the declared cost in the programme's currency with the VAT that the partner cannot recover, before any deduction.
// Each product is rounded once, half away from zero. Source: domain section 4.1.
func (i Item) Eligible(foreign bool) (money.Amount, error) {
	net, vat := i.Net, i.VAT
	if foreign {
		var err error
		if net, err = net.Convert(i.Rate); err != nil {
			return 0, fmt.Errorf("item %s: %w", i.Ref, err)
		}
		if vat, err = vat.Convert(i.Rate); err != nil {
			return 0, fmt.Errorf("item %s: %w", i.Ref, err)
		}
	}
	kept, err := vat.Convert(decimal.MustNew(int64(10_000-i.VATBp), 4))
	if err != nil {
		return 0, fmt.Errorf("item %s: %w", i.Ref, err)
	}
	return net.Add(kept)
}

// Claimed is the eligible cost of a stored item before any deduction; Allowed is what was accepted of it.
func (i Item) Claimed() money.Amount { return i.eligible }

// Allowed is what was accepted of a stored item.
func (i Item) Allowed() money.Amount { return i.accepted }

// lengths refuses words that no document holds, at their fields.
func (i Item) lengths() error {
	var all []error
	for _, w := range []struct {
		field, words string
		most         int
	}{{"description", i.Description, 500}, {"supplier", i.Supplier, 100}, {"invoice", i.Invoice, 100}, {"rate_source", i.RateSource, 200}, {"credits", i.Credits, 100}} {
		if n := utf8.RuneCountInString(w.words); n > w.most {
			all = append(all, fault.Invalid(w.field, "funding.words_long", text.Args{"n": n, "most": w.most}))
		}
	}
	return fault.Join(all...)
}

// numbers refuses a currency that is none (ISO 4217), and a supplier's number of ten digits, or of BE and digits, that is no Belgian one.
func (i Item) numbers() error {
	var unknown, supplier error
	if c := i.Currency; c != "" {
		if _, err := currency.ParseISO(c); err != nil || c == "XXX" || c == "XTS" {
			unknown = fault.Invalid("currency", "funding.currency_unknown", text.Args{"found": c})
		}
	}
	if n := signless(i.Supplier); strings.HasPrefix(n, "BE") && len(n) > 2 && n[2] <= '9' || supplierKept(i.Supplier) != i.Supplier {
		if _, err := company.ParseBelgian(n); err != nil {
			supplier = fault.Invalid("supplier", "funding.supplier_number", text.Args{"found": i.Supplier})
		}
	}
	return fault.Join(unknown, supplier)
}

// Cost is what staff hours cost: hours x rate x allocation, rounded once, half away from zero.
func (i Item) Cost() (money.Amount, error) {
	share, err := i.Hours.Mul(decimal.MustNew(int64(i.AllocationBp), 4))
	if err != nil {
		return 0, fault.Invalid("hours", "fault.money.overflow", text.Args{"found": i.Hours.String()})
	}
	return i.HourRate.Convert(share)
}

// Counted is what a controller left of an item, under the cap of its category: the base of flat rates. Source: domain section 4.1.
func (i *Item) Counted(eligible money.Amount) money.Amount {
	if i.State != Accepted && i.State != Deducted {
		return 0
	}
	rest := eligible - i.Deducted
	if i.Cap > 0 && rest > i.Cap {
		return i.Cap
	}
	return rest
}

// AcceptedCost is what counts of an item: eligible - deducted, under the cap, - income and other money, never below zero for a cost and
// never above zero for a credit note; nothing unless the item was accepted or deducted in part.
func (i *Item) AcceptedCost(eligible money.Amount) money.Amount {
	rest := i.Counted(eligible)
	if eligible < 0 {
		return min(0, rest)
	}
	return max(0, rest-i.Income-i.OtherMoney)
}

// invoiceKey identifies an invoice wherever it is claimed: supplier, invoice number without signs and leading zeros, year. An
// item that another replaced holds no key, so that its return is not its own duplicate; nor does one that lapsed or has no invoice.
// Source: domain section 4.11.
func (i Item) invoiceKey() string {
	if i.Supplier == "" || i.Invoice == "" || i.State == Returned || i.State == Lapsed {
		return ""
	}
	return InvoiceKey(i.Supplier, i.Invoice, i.InvoicedOn.Year())
}

// Gross is the part of an invoice that the item claims, in the invoice's currency.
func (i Item) Gross() money.Amount { return i.Net + i.VAT }

// total is the gross of the whole invoice.
func (i Item) total() money.Amount {
	if i.InvoiceTotal != 0 {
		return i.InvoiceTotal
	}
	return i.Gross()
}

// InvoiceKey is the key of domain section 4.11.
func InvoiceKey(supplier, invoice string, year period.Year) string {
	return supplierNumber(supplier) + "/" + strings.TrimLeft(signless(invoice), "0") + "/" + year.String()
}

// supplierNumber is a supplier's number without country (of Belgian ones) and signs.
func supplierNumber(supplier string) string { return strings.TrimPrefix(signless(supplier), "BE") }

// supplierKept is a supplier's number as it is kept: a Belgian one in one way, so that likely twins meet.
func supplierKept(supplier string) string {
	if n := supplierNumber(supplier); len(n) == 10 && strings.Trim(n, "0123456789") == "" {
		return "BE" + n
	}
	return supplier
}

func signless(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, s)
}
