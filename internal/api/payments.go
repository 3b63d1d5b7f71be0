package api

import (
	"net/http"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/payment"
	"errera.eu/errera/internal/period"
)

// PayablesIn asks for what is due.
type PayablesIn struct {
	InProgramme
	Paged
}

// BatchesIn asks for batches.
type BatchesIn struct {
	InProgramme
	Paged
}

// BatchIn asks for one.
type BatchIn struct {
	InProgramme
	Cached
	Number int `path:"number"`
}

// PrepareIn makes a batch.
type PrepareIn struct {
	InProgramme
	Idempotent
	Body struct {
		ExecuteOn Day      `json:"execute_on"`
		Payables  []string `json:"payables" minItems:"1" doc:"Keys of what is due, as list-payables gives them"`
	}
}

// MoveBatchIn approves or discards a batch.
type MoveBatchIn struct {
	InProgramme
	Conditional
	Number int `path:"number"`
}

func (a *API) payments() {
	const batches = "/programmes/{programme}/batches"
	list(a, endpoint{id: "list-payables", path: "/programmes/{programme}/payables", noun: "Payments", verb: "batch.read",
		summary: "What is owed to partners and not on its way yet"},
		func(c *call, in *PayablesIn) ([]Payable, string, error) {
			all, err := payment.Payables(c, c.tx, c.by, c.g.ID)
			if err != nil {
				return nil, "", err
			}
			codes, err := organisationCodes(c)
			var items []Payable
			for _, p := range all {
				items = append(items, Payable{Key: payableKey(p), Partner: codes[p.Partner], Year: int(p.Year), Kind: string(p.Kind), Claim: p.Number,
					Amount: moneyOf(p.Amount)})
			}
			if err != nil {
				return nil, "", err
			}
			return cut(items, in.Paged, func(x Payable) string { return x.Key })
		})
	list(a, endpoint{id: "list-batches", path: batches, noun: "Payments", verb: "batch.read", summary: "Batches, the newest first"},
		func(c *call, in *BatchesIn) ([]Batch, string, error) {
			all, err := payment.Batches(c, c.tx, c.by, c.g.ID)
			if err != nil {
				return nil, "", err
			}
			page, next, err := cut(all, in.Paged, func(b payment.Batch) string { return itoa(b.Number) })
			var items []Batch
			for _, b := range page {
				out, err := batchOut(c, b)
				if err != nil {
					return nil, "", err
				}
				items = append(items, out)
			}
			return items, next, err
		})
	get(a, endpoint{id: "get-batch", path: batches + "/{number}", noun: "Payments", verb: "batch.read", summary: "One batch with its payments"},
		func(c *call, in *BatchIn) (Batch, error) { return batchOf(c, in.Number) })
	create(a, endpoint{id: "create-batch", path: batches, noun: "Payments", verb: "batch.prepare",
		summary: "Prepare a batch; somebody else approves it"}, prepareBatch)
	a.sendBatches()
	a.singlePayments()
	a.moveBatch("approve", "Approve a batch that somebody else prepared")
	a.moveBatch("discard", "Call a batch off before it went to the bank")
}

// moveBatch registers a verb that moves a batch and needs nothing but its number.
func (a *API) moveBatch(verb, summary string) {
	change(a, endpoint{id: verb + "-batch", path: "/programmes/{programme}/batches/{number}/" + verb, noun: "Payments", verb: access.VerbName("batch." + verb),
		summary: summary}, http.MethodPost,
		func(c *call, in *MoveBatchIn) (Batch, error) { return batchOf(c, in.Number) },
		func(c *call, in *MoveBatchIn) (Batch, error) {
			b, err := payment.Numbered(c, c.tx, c.by, c.g.ID, in.Number)
			if err != nil {
				return Batch{}, err
			}
			do := payment.Discard
			if verb == "approve" {
				do = payment.Approve
			}
			if err := do(c, c.tx, c.by, c.g.ID, b.ID); err != nil {
				return Batch{}, err
			}
			return batchOf(c, in.Number)
		})
}

func prepareBatch(c *call, in *PrepareIn) (Batch, string, error) {
	all, err := payment.Payables(c, c.tx, c.by, c.g.ID)
	if err != nil {
		return Batch{}, "", err
	}
	byKey := map[string]payment.Payable{}
	for _, p := range all {
		byKey[payableKey(p)] = p
	}
	var chosen []payment.Payable
	for _, k := range in.Body.Payables {
		p, there := byKey[k]
		if !there {
			return Batch{}, "", fault.Conflict("payments.changed", nil)
		}
		delete(byKey, k) // named once
		chosen = append(chosen, p)
	}
	made, err := payment.Prepare(c, c.tx, c.by, c.g, period.Date(in.Body.ExecuteOn), chosen)
	if err != nil {
		return Batch{}, "", err
	}
	b, err := payment.Load(c, c.tx, c.by, c.g.ID, made)
	if err != nil {
		return Batch{}, "", err
	}
	out, err := batchOut(c, b)
	return out, "/api/v1/programmes/" + c.g.Code + "/batches/" + itoa(b.Number), err
}

func batchOf(c *call, number int) (Batch, error) {
	b, err := payment.Numbered(c, c.tx, c.by, c.g.ID, number)
	if err != nil {
		return Batch{}, err
	}
	return batchOut(c, b)
}

func batchOut(c *call, b payment.Batch) (Batch, error) {
	out := Batch{Number: b.Number, State: b.State, ExecuteOn: dayOf(b.ExecuteOn), Total: moneyOf(b.Total), Prepared: dayOf(b.PreparedOn),
		Preparer: b.Preparer, Approved: dayOf(b.ApprovedOn), Approver: b.Approver, SHA256: b.SHA256, Payments: []Order{}}
	codes, err := organisationCodes(c)
	if err != nil {
		return out, err
	}
	sent, err := payment.Of(c, c.tx, c.g.ID, b.ID)
	for _, s := range sent {
		out.Payments = append(out.Payments, orderOut(s, codes))
	}
	return out, err
}

func orderOut(s payment.Sent, codes map[id.Organisation]string) Order {
	out := Order{ID: string(s.ID), Partner: codes[s.Partner], Year: int(s.Year), Kind: string(s.Kind), Claim: s.Number,
		Amount: moneyOf(s.Amount), State: s.State, Executed: dayOf(s.ExecutedOn), Why: s.Why}
	if s.IBAN != "" {
		out.Account = s.IBAN.Mask()
	}
	return out
}

// payableKey names a payable and its amount, so that one that has changed meanwhile is not paid unseen.
func payableKey(p payment.Payable) string {
	return strings.Join([]string{string(p.Agreement), p.Year.String(), string(p.Kind), string(p.Claim), p.Amount.String()}, "|")
}

func organisationCodes(c *call) (map[id.Organisation]string, error) {
	ids, err := organisationIDs(c)
	codes := map[id.Organisation]string{}
	for code, o := range ids {
		codes[o] = code
	}
	return codes, err
}
