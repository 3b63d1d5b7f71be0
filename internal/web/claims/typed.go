package claims

import (
	"slices"

	"github.com/govalues/decimal"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/money"
)

// typedForm is the form of a typed cost: a new one, or one of the draft that changes.
type typedForm struct {
	claimPage
	Item funding.Item // that changes; "" a new one
}

func (c claimPage) newCost() typedForm { return typedForm{claimPage: c} }

func (c claimPage) chosenCost() typedForm { return typedForm{c, c.Chosen} }

// mayChange tells whether the chosen cost can be given other facts.
func (c claimPage) mayChange() bool {
	return c.drafting() && c.Chosen.Shared == "" && c.Chosen.Returns == "" && c.Chosen.Kind != funding.Flat
}

func (t typedForm) verb() string {
	if t.Item.ID == "" {
		return "add"
	}
	return "change"
}

// id keeps the fields of the two forms apart.
func (t typedForm) id(name string) string {
	if t.Item.ID == "" {
		return name
	}
	return "change-" + name
}

// back tells whether this is the form that came back.
func (t typedForm) back() bool {
	_, cost := t.Typed["category"]
	return cost && t.Typed["item"] == string(t.Item.ID)
}

func (t typedForm) wrong(name string) string {
	if !t.back() {
		return ""
	}
	return t.claimPage.wrong(name)
}

// value is what was typed in a field, or what the cost says.
func (t typedForm) value(name string) string {
	switch {
	case t.back():
		return t.typed(name)
	case t.Item.ID == "":
		return ""
	}
	return t.said()[name]
}

// said is the cost as it is typed.
func (t typedForm) said() map[string]string {
	i := t.Item
	amount := func(a money.Amount) string {
		if a == 0 {
			return ""
		}
		return a.String()
	}
	number := func(d decimal.Decimal) string {
		if d.IsZero() {
			return ""
		}
		return d.String()
	}
	said := map[string]string{"description": i.Description, "category": i.Category, "kind": string(i.Kind), "activity": t.For.Code, "supplier": i.Supplier,
		"invoice": i.Invoice, "invoiced": string(i.InvoicedOn), "delivered": string(i.DeliveredOn), "income": amount(i.Income),
		"other_money": amount(i.OtherMoney), "credits": i.Credits}
	if i.Kind == funding.Staff {
		said["hours"], said["hour_rate"] = number(i.Hours), amount(i.HourRate)
		return said
	}
	said["net"], said["vat"] = amount(i.Net), amount(i.VAT)
	if i.InvoiceTotal != i.Gross() {
		said["invoice_total"] = amount(i.InvoiceTotal)
	}
	if i.Currency != t.Programme.Currency {
		said["currency"], said["rate"], said["rate_date"], said["rate_source"] = i.Currency, number(i.Rate), string(i.RateOn), i.RateSource
	}
	return said
}

// activities are those that the cost may be of: the partner's in the year, and the one that it is of.
func (t typedForm) activities() []activity.Activity {
	if t.For.Code == "" || t.Item.ID == "" || slices.ContainsFunc(t.Activities, func(a activity.Activity) bool { return a.ID == t.For.ID }) {
		return t.Activities
	}
	return append(slices.Clone(t.Activities), t.For)
}

// more tells whether the fields that few costs need stand open.
func (t typedForm) more() bool {
	return slices.ContainsFunc([]string{"hours", "hour_rate", "currency", "rate", "rate_date", "rate_source", "income", "other_money", "credits"},
		func(f string) bool { return t.value(f) != "" || t.wrong(f) != "" })
}
