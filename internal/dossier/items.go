package dossier

import (
	"fmt"
	"strings"
)

// itemRows is every item with what was declared, decided and accepted of it.
func (c content) itemRows() [][]string {
	rows := [][]string{{"id", "ref", "kind", "category", "description", "supplier", "invoice", "invoiced_on", "delivered_on", "currency", "rate",
		"net", "vat", "vat_recoverable_bp", "income", "other_money", "rate_bp", "cap", "eligible", "state", "deducted", "accepted", "reason_code",
		"reason", "decided_on", "sampled", "proofs"}}
	for _, i := range c.items {
		rate := ""
		if i.Rate.Sign() > 0 {
			rate = i.Rate.String()
		}
		rows = append(rows, []string{string(i.ID), i.Ref, string(i.Kind), i.Category, i.Description, i.Supplier, i.Invoice, string(i.InvoicedOn),
			string(i.DeliveredOn), i.Currency, rate, i.Net.String(), i.VAT.String(), fmt.Sprint(i.VATBp), i.Income.String(), i.OtherMoney.String(),
			fmt.Sprint(i.RateBp), i.Cap.String(), i.Claimed().String(), string(i.State), i.Deducted.String(), i.Allowed().String(), i.ReasonCode,
			i.Reason, string(i.DecidedOn), strings.Join(c.sample[i.ID].Rules, " "), fmt.Sprint(len(c.proofs[i.ID]))})
	}
	return rows
}
