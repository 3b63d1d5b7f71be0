package api

import (
	"context"
	"net/http"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/payment"
	"errera.eu/errera/internal/report"
)

// PaymentsIn asks for payments.
type PaymentsIn struct {
	InProgramme
	Paged
	Partner string `query:"partner"`
	State   string `query:"state"`
}

// PaymentIn asks for one.
type PaymentIn struct {
	InProgramme
	Cached
	ID string `path:"id"`
}

// OrderIn orders a payment that goes by itself, outside of any batch.
type OrderIn struct {
	InProgramme
	Idempotent
	Body struct {
		Partner string `json:"partner" doc:"Code of the organisation"`
		Year    int    `json:"year"`
		Kind    string `json:"kind" enum:"advance,claim,balance,repayment"`
		Claim   int    `json:"claim,omitempty" doc:"Number of the claim, of kind claim"`
		Amount  Money  `json:"amount"`
	}
}

// MovePaymentIn approves, executes or calls off a payment.
type MovePaymentIn struct {
	InProgramme
	Conditional
	ID string `path:"id"`
}

// RejectIn says which payments of a batch the bank refused.
type RejectIn struct {
	InProgramme
	Conditional
	Number int `path:"number"`
	Body   struct {
		Payments []string `json:"payments" minItems:"1" doc:"Ids of the payments"`
		Why      string   `json:"why" doc:"The bank's reason"`
	}
}

// singlePayments registers the payments that go by themselves; one of a batch moves with it alone.
func (a *API) singlePayments() {
	const at = "/programmes/{programme}/payments"
	list(a, endpoint{id: "list-payments", path: at, noun: "Payments", verb: "payment.read", summary: "Payments, the newest first"},
		func(c *call, in *PaymentsIn) ([]Order, string, error) {
			all, err := ordersOf(c, "")
			if err != nil {
				return nil, "", err
			}
			var items []Order
			for _, x := range all {
				if (in.Partner == "" || in.Partner == x.Partner) && (in.State == "" || in.State == x.State) {
					items = append(items, x)
				}
			}
			return cut(items, in.Paged, func(x Order) string { return x.ID })
		})
	get(a, endpoint{id: "get-payment", path: at + "/{id}", noun: "Payments", verb: "payment.read", summary: "One payment"},
		func(c *call, in *PaymentIn) (Order, error) { return paymentOf(c, in.ID) })
	create(a, endpoint{id: "create-payment", path: at, noun: "Payments", verb: "payment.order",
		summary: "Order a payment that goes by itself; somebody else approves it"}, orderPayment)
	type step = func(context.Context, *db.Tx, id.Programme, id.Payment, funding.Mover) error
	for _, m := range []struct {
		name, summary string
		do            step
	}{
		{"approve", "Approve a payment that somebody else ordered", funding.ApprovePayment},
		{"execute", "Record that the bank has paid it", funding.Execute},
		{"discard", "Call it off before the bank has paid", funding.DiscardPayment},
	} {
		change(a, endpoint{id: m.name + "-payment", path: at + "/{id}/" + m.name, noun: "Payments", verb: access.VerbName("payment." + m.name), summary: m.summary},
			http.MethodPost, func(c *call, in *MovePaymentIn) (Order, error) { return paymentOf(c, in.ID) },
			func(c *call, in *MovePaymentIn) (Order, error) {
				if err := m.do(c, c.tx, c.g.ID, id.Payment(in.ID), funding.Mover{By: c.by}); err != nil {
					return Order{}, err
				}
				return paymentOf(c, in.ID)
			})
	}
}

// sendBatches registers what happens to a batch at the bank.
func (a *API) sendBatches() {
	const at = "/programmes/{programme}/batches/{number}"
	change(a, endpoint{id: "export-batch", path: at + "/export", noun: "Payments", verb: "batch.export", summary: "The file for the bank; the batch is on its way then"},
		http.MethodPost, func(c *call, in *MoveBatchIn) (ExportedBatch, error) {
			b, err := batchOf(c, in.Number)
			return ExportedBatch{Batch: b}, err
		}, exportBatch)
	change(a, endpoint{id: "reject-batch", path: at + "/reject", noun: "Payments", verb: "batch.reject", summary: "Record which payments of a batch the bank refused"},
		http.MethodPost, func(c *call, in *RejectIn) (Batch, error) { return batchOf(c, in.Number) },
		func(c *call, in *RejectIn) (Batch, error) {
			b, err := payment.Numbered(c, c.tx, c.by, c.g.ID, in.Number)
			if err != nil {
				return Batch{}, err
			}
			var refused []id.Payment
			for _, p := range in.Body.Payments {
				refused = append(refused, id.Payment(p))
			}
			if err := payment.Reject(c, c.tx, c.by, c.g.ID, b.ID, refused, in.Body.Why); err != nil {
				return Batch{}, err
			}
			return batchOf(c, in.Number)
		})
}

// exportBatch gives the file; before, a batch reads without one, so that the ETag of get-batch fits.
func exportBatch(c *call, in *MoveBatchIn) (ExportedBatch, error) {
	b, err := payment.Numbered(c, c.tx, c.by, c.g.ID, in.Number)
	if err != nil {
		return ExportedBatch{}, err
	}
	f, err := payment.Export(c, c.tx, c.by, c.g, b.ID)
	if err != nil {
		return ExportedBatch{}, err
	}
	out, err := batchOf(c, in.Number)
	return ExportedBatch{Batch: out, Name: f.Name, Content: f.Content}, err
}

func orderPayment(c *call, in *OrderIn) (Order, string, error) {
	b := in.Body
	year, err := agreementYear(c, b.Partner, b.Year)
	if err != nil {
		return Order{}, "", err
	}
	amount, err := amountIn("amount", b.Amount)
	if err != nil {
		return Order{}, "", err
	}
	n := funding.Payment{Agreement: year.Agreement, Year: year.Year, Kind: funding.PaymentKind(b.Kind), Amount: amount}
	if n.Kind == funding.ClaimPayment {
		n.Claim, err = report.FindClaim(c, c.tx, c.g.ID, c.by.ScopeFor("claim.read"), b.Partner, year.Year, b.Claim)
		if err != nil {
			return Order{}, "", err
		}
	}
	made, err := funding.Order(c, c.tx, c.by, c.g.ID, n)
	if err != nil {
		return Order{}, "", err
	}
	out, err := paymentOf(c, string(made))
	return out, "/api/v1/programmes/" + c.g.Code + "/payments/" + string(made), err
}

func paymentOf(c *call, only string) (Order, error) {
	if _, err := id.Parse[id.Payment](only); err != nil {
		return Order{}, fault.Missing("funding.no_payment", nil)
	}
	all, err := ordersOf(c, id.Payment(only))
	if err == nil && len(all) != 1 {
		err = fault.Missing("funding.no_payment", nil)
	}
	if err != nil {
		return Order{}, err
	}
	return all[0], nil
}

func ordersOf(c *call, only id.Payment) ([]Order, error) {
	all, err := payment.All(c, c.tx, c.by, c.g.ID, only)
	if err != nil {
		return nil, err
	}
	codes, err := organisationCodes(c)
	var out []Order
	for _, x := range all {
		out = append(out, orderOut(x, codes))
	}
	return out, err
}
