package funding

import (
	"cmp"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// PaymentKind is what a payment is for.
type PaymentKind string

// The kinds of payment. A repayment comes back from the partner.
const (
	AdvancePayment PaymentKind = "advance"
	ClaimPayment   PaymentKind = "claim"
	BalancePayment PaymentKind = "balance"
	Repayment      PaymentKind = "repayment"
)

// ItemRow is an item as it is written, in the order of ItemColumns.
func ItemRow(g id.Programme, currency string, a id.Agreement, year period.Year, c id.Claim, i Item, eligible, accepted money.Amount) []any {
	rate, hours, allocation := "", "", money.Whole
	if i.Kind == Staff {
		hours, allocation = i.Hours.String(), i.AllocationBp
	}
	if i.Currency != "" && i.Currency != currency {
		rate = i.Rate.String()
	} else {
		i.Currency = currency
	}
	return []any{g, i.ID, i.Ref, c, a, year, db.OrNull(i.Activity), i.Category, i.Description, supplierKept(i.Supplier), i.Invoice,
		db.OrNull(i.invoiceKey()), i.InvoicedOn, i.DeliveredOn, i.Currency, rate, i.RateOn, i.RateSource, i.Net, i.VAT, i.OtherMoney,
		i.RateBp, eligible, i.State, i.Deducted, accepted, i.ReasonCode, i.Reason, i.DecidedOn, db.OrNull(i.DecidedBy),
		db.OrNull(i.Returns), cmp.Or(i.Kind, Invoiced), hours, i.HourRate, allocation, i.VATBp, i.Income, i.Cap, i.FlatBp, i.Credits, i.total(),
		db.Bit(i.Procured), i.PaidOn, db.OrNull(i.Shared), i.RowHash}
}

// ClaimColumns are the columns of a row, in its order.
func ClaimColumns() []string {
	return strings.Fields(`programme_id id agreement_id year number state submitted_on entered_by verified_on verified_by approved_on
		approved_by accepted due rounds rule_on`)
}

// ItemColumns are the columns of a row, in its order.
func ItemColumns() []string {
	return strings.Fields(`programme_id id ref claim_id agreement_id year activity_id category description supplier invoice invoice_key
		invoiced_on delivered_on currency rate rate_on rate_source net vat other_money rate_bp eligible state deducted accepted
		reason_code reason decided_on decided_by returns_id kind hours hour_rate allocation_bp vat_recoverable_bp income cap flat_bp credits
		invoice_total procured paid_on shared_id row_hash`)
}

// PaymentColumns are the columns of a row, in its order.
func PaymentColumns() []string {
	return strings.Fields(`programme_id id agreement_id year kind claim_id amount state ordered_on ordered_by approved_by executed_on
		batch_id account_id end_to_end words`)
}

// CorrectionColumns are the columns of a row, in its order.
func CorrectionColumns() []string {
	return strings.Fields(`programme_id id agreement_id year item_id cost due reason dated decided_by`)
}
