package body

// Cost is a cost item with what was decided about it.
type Cost struct {
	ID          string `json:"id"`
	Ref         string `json:"ref" doc:"The partner's own reference"`
	Partner     string `json:"partner" doc:"Code of the organisation"`
	Year        int    `json:"year"`
	Claim       int    `json:"claim" doc:"Number of the claim in its year"`
	Category    string `json:"category"`
	Description string `json:"description"`
	Supplier    string `json:"supplier,omitempty"`
	Invoice     string `json:"invoice,omitempty"`
	Invoiced    Day    `json:"invoiced_on,omitempty"`
	Delivered   Day    `json:"delivered_on"`
	Currency    string `json:"currency" doc:"Of net and vat"`
	Rate        string `json:"rate,omitempty" doc:"Exact decimal, for another currency than the programme's"`
	Net         Money  `json:"net"`
	VAT         Money  `json:"vat"`
	Eligible    Money  `json:"eligible"`
	Deducted    Money  `json:"deducted"`
	Accepted    Money  `json:"accepted"`
	Struck      Money  `json:"struck" doc:"By corrections after payment"`
	State       string `json:"state"`
	ReasonCode  string `json:"reason_code,omitempty"`
	Reason      string `json:"reason,omitempty"`
	Decided     Day    `json:"decided_on,omitempty"`
	Activity    string `json:"activity,omitempty" doc:"Code"`
}

// NewCost is a cost as a partner declares it. Either the facts of a cost, or what it returns or is a part of.
type NewCost struct {
	Description  string `json:"description,omitempty"`
	Category     string `json:"category,omitempty" enum:"staff,overhead,travel,venue,external,communication,other"`
	Kind         string `json:"kind,omitempty" enum:"invoice,staff,in-kind" doc:"Without it, an invoice"`
	Supplier     string `json:"supplier,omitempty" doc:"Enterprise or VAT number"`
	Invoice      string `json:"invoice,omitempty"`
	Invoiced     Day    `json:"invoiced_on,omitempty"`
	Delivered    Day    `json:"delivered_on,omitempty" doc:"Decides on the year"`
	Paid         Day    `json:"paid_on,omitempty"`
	Currency     string `json:"currency,omitempty" doc:"Without it, the programme's"`
	Rate         string `json:"rate,omitempty" doc:"One unit of currency in the programme's, as exact decimal"`
	RateOn       Day    `json:"rate_on,omitempty"`
	RateSource   string `json:"rate_source,omitempty"`
	Net          Money  `json:"net,omitempty" doc:"Below zero for a credit note"`
	VAT          Money  `json:"vat,omitempty"`
	InvoiceTotal Money  `json:"invoice_total,omitempty" doc:"Gross of the whole invoice, where this is a part of it"`
	Credits      string `json:"credits,omitempty" doc:"Of a credit note: the invoice that it credits"`
	Hours        string `json:"hours,omitempty" doc:"Of staff"`
	HourRate     Money  `json:"hour_rate,omitempty"`
	AllocationBp int64  `json:"allocation_bp,omitempty" doc:"Of the hours, the part for the programme; without it, all"`
	Income       Money  `json:"income,omitempty" doc:"What participants paid for it"`
	OtherMoney   Money  `json:"other_money,omitempty" doc:"Other public money for the same cost"`
	Procured     bool   `json:"procured,omitempty" doc:"Bought by a tender"`
	Returns      string `json:"returns,omitempty" doc:"Id of the parked cost that comes back; nothing else is needed then"`
	Shared       string `json:"shared,omitempty" doc:"Id of the shared invoice of which this is the partner's part; nothing else is needed then"`
}

// CostsMade are the costs that were added.
type CostsMade struct {
	Costs []Cost `json:"costs" nullable:"false"`
}

// ProofMade is a file that was attached.
type ProofMade struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}
