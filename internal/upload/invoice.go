package upload

import (
	"bytes"

	"errera.eu/errera/internal/format/ubl"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/money"
)

// Invoice reads an e-invoice or credit note (EN 16931 in UBL) as a cost of a category. The whole document is one cost; a credit note is below
// zero and names the invoice that it credits. One that breaks a rule of the standard is refused with the rule.
func Invoice(body []byte, category string) (funding.Item, error) {
	v, err := ubl.Read(bytes.NewReader(body))
	if err != nil {
		return funding.Item{}, err
	}
	i := funding.Item{Category: category, Kind: funding.Invoiced, Description: v.Seller.Name, Supplier: v.Seller.VAT, Invoice: v.Number,
		InvoicedOn: v.IssuedOn, DeliveredOn: v.DeliveredOn, Currency: v.Currency, Net: money.Amount(v.Totals.Net), VAT: money.Amount(v.Totals.VAT)}
	if len(v.Lines) > 0 && v.Lines[0].Name != "" {
		i.Description = v.Lines[0].Name + ", " + v.Seller.Name
	}
	if i.Supplier == "" {
		i.Supplier = v.Seller.Register.Value
	}
	if i.DeliveredOn == "" && v.Period != nil {
		i.DeliveredOn = v.Period.Until
	}
	if i.DeliveredOn == "" {
		i.DeliveredOn = v.IssuedOn
	}
	if v.Kind == ubl.KindCreditNote {
		i.Net, i.VAT = -i.Net, -i.VAT
		if len(v.Corrects) > 0 {
			i.Credits = v.Corrects[0].Number
		}
	}
	return i, nil
}
