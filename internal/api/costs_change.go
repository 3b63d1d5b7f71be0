package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/govalues/decimal"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

const costAt = "/programmes/{programme}/costs/{id}"

// CostIn asks for one cost.
type CostIn struct {
	InProgramme
	Cached
	ID string `path:"id"`
}

// AddCostsIn adds costs to a draft.
type AddCostsIn struct {
	InProgramme
	Idempotent
	ClaimPath
	Body struct {
		Costs []NewCost `json:"costs" minItems:"1" maxItems:"500"`
	}
}

// DecideCostIn says what a controller thinks of a cost.
type DecideCostIn struct {
	InProgramme
	Conditional
	ID   string `path:"id"`
	Body struct {
		Amount     Money  `json:"amount,omitempty" doc:"Of a deduction, or of cost that is struck"`
		ReasonCode string `json:"reason_code,omitempty" enum:"period,category,proof,procurement,duplicate,vat,calculation,not-agreed,other"`
		Reason     string `json:"reason,omitempty"`
	}
}

// ChangeCostIn gives a cost of a draft other facts.
type ChangeCostIn struct {
	InProgramme
	Conditional
	ID   string `path:"id"`
	Body NewCost
}

// ProofIn attaches a file.
type ProofIn struct {
	InProgramme
	Idempotent
	ID   string `path:"id"`
	Body struct {
		Name    string `json:"name" minLength:"1" maxLength:"200"`
		Content []byte `json:"content" doc:"Base64; at most 10 MB; the type is read from the content"`
	}
	proof file.Proof
}

// decideCosts registers the verbs on one cost item.
func (a *API) decideCosts() {
	type step = func(c *call, in *DecideCostIn, item id.Item) error
	decide := func(verb access.VerbName) step {
		return func(c *call, in *DecideCostIn, item id.Item) error {
			amount, err := amountIn("amount", in.Body.Amount)
			if err != nil {
				return err
			}
			return funding.Decide(c, c.tx, c.by, c.g.ID, item, verb, amount, in.Body.ReasonCode, in.Body.Reason)
		}
	}
	for _, m := range []struct {
		name, verb, summary string
		do                  step
	}{
		{"accept", "item.accept", "Accept a cost", decide("item.accept")},
		{"deduct", "item.deduct", "Deduct a part or all of it, with a reason", decide("item.deduct")},
		{"park", "item.park", "Leave it undecided; it may return in a later claim", decide("item.park")},
		{"undecide", "item.undecide", "Take a decision back while its claim is in verification",
			func(c *call, _ *DecideCostIn, item id.Item) error {
				return funding.Undecide(c, c.tx, c.by, c.g.ID, item)
			}},
		{"sample", "item.sample", "Put it into the sample, with a reason",
			func(c *call, in *DecideCostIn, item id.Item) error {
				return funding.Sample(c, c.tx, c.by, c.g.ID, item, in.Body.Reason)
			}},
		{"lapse", "item.lapse", "Give up a parked cost that does not return",
			func(c *call, _ *DecideCostIn, item id.Item) error { return funding.Lapse(c, c.tx, c.by, c.g.ID, item) }},
		{"remove", "item.remove", "Take it out of a draft",
			func(c *call, _ *DecideCostIn, item id.Item) error {
				return funding.RemoveItem(c, c.tx, c.by, c.g.ID, item)
			}},
		{"strike", "correction.make", "Correct an approved claim: strike accepted cost, with a reason",
			func(c *call, in *DecideCostIn, item id.Item) error {
				amount, err := amountIn("amount", in.Body.Amount)
				if err == nil {
					_, err = funding.Strike(c, c.tx, c.by, c.g.ID, item, amount, in.Body.Reason)
				}
				return err
			}},
	} {
		now := func(c *call, in *DecideCostIn) (Cost, error) { return costOf(c, id.Item(in.ID)) }
		change(a, endpoint{id: m.name + "-cost", path: costAt + "/" + m.name, noun: "Costs", verb: access.VerbName(m.verb), summary: m.summary},
			http.MethodPost, now, func(c *call, in *DecideCostIn) (Cost, error) {
				was, err := now(c, in)
				if err == nil {
					err = renamed(m.do(c, in, id.Item(in.ID)), fieldOf)
				}
				if err != nil || m.name == "remove" { // it is gone: this is what it was
					return was, err
				}
				return now(c, in)
			})
	}
}

// changeCost gives a cost of a draft other facts: all of them, as if it were new.
func (a *API) changeCost() {
	now := func(c *call, in *ChangeCostIn) (Cost, error) { return costOf(c, id.Item(in.ID)) }
	change(a, endpoint{id: "change-cost", path: costAt, noun: "Costs", verb: "item.change", summary: "Give a cost of a draft other facts"},
		http.MethodPut, now, func(c *call, in *ChangeCostIn) (Cost, error) {
			i, err := itemOf(in.Body)
			if err == nil {
				err = renamed(funding.ChangeItem(c, c.tx, c.by, c.g.ID, id.Item(in.ID), i), fieldOf)
			}
			if err != nil {
				return Cost{}, err
			}
			return now(c, in)
		})
}

func addCosts(c *call, in *AddCostsIn) (CostsMade, string, error) {
	out := CostsMade{Costs: []Cost{}}
	claim, err := in.find(c)
	if err != nil {
		return out, "", err
	}
	items := make([]funding.Item, len(in.Body.Costs))
	for n, x := range in.Body.Costs {
		if items[n], err = itemOf(x); err != nil {
			return out, "", inList("costs", n, err)
		}
	}
	made, err := funding.AddItems(c, c.tx, c.by, c.g.ID, claim, items)
	if err != nil {
		return out, "", inList("costs", len(made), err)
	}
	for _, item := range made {
		x, err := costOf(c, item)
		if err != nil {
			return out, "", err
		}
		out.Costs = append(out.Costs, x)
	}
	return out, "/api/v1/programmes/" + c.g.Code + "/costs?partner=" + in.Partner + "&year=" + itoa(in.Year) + "&claim=" + itoa(in.Number), nil
}

// inList places a fault of the n-th member of a list.
func inList(name string, n int, err error) error {
	return renamed(err, func(field string) string { return name + "[" + itoa(n) + "]." + fieldOf(field) })
}

// renamed is a fault at the fields that the interface knows.
func renamed(err error, name func(field string) string) error {
	if err == nil || !fault.Is(err, fault.KindInvalid) {
		return err
	}
	var all []error
	for _, f := range fault.Of(err).All() {
		all = append(all, fault.Invalid(name(f.Field), f.Key, f.Args))
	}
	return fault.Join(all...)
}

// fieldOf is what the interface calls a field of a cost.
func fieldOf(field string) string {
	switch field {
	case "delivered", "invoiced", "paid":
		return field + "_on"
	case "deducted", "cost":
		return "amount"
	}
	return field
}

func itemOf(x NewCost) (funding.Item, error) {
	var faults []error
	amount := func(field string, m Money) money.Amount {
		a, err := amountIn(field, m)
		faults = append(faults, err)
		return a
	}
	number := func(field, s string) decimal.Decimal {
		if s == "" {
			return decimal.Decimal{}
		}
		n, err := decimal.Parse(s)
		if err != nil {
			faults = append(faults, fault.Invalid(field, "upload.want_number", text.Args{"found": s}))
		}
		return n
	}
	i := funding.Item{Description: x.Description, Category: x.Category, Kind: funding.ItemKind(x.Kind), Supplier: x.Supplier, Invoice: x.Invoice,
		InvoicedOn: period.Date(x.Invoiced), DeliveredOn: period.Date(x.Delivered), PaidOn: period.Date(x.Paid), Currency: strings.ToUpper(x.Currency),
		Rate: number("rate", x.Rate), RateOn: period.Date(x.RateOn), RateSource: x.RateSource, Net: amount("net", x.Net), VAT: amount("vat", x.VAT),
		InvoiceTotal: amount("invoice_total", x.InvoiceTotal), Credits: x.Credits, Hours: number("hours", x.Hours),
		HourRate: amount("hour_rate", x.HourRate), AllocationBp: money.Bp(x.AllocationBp), Income: amount("income", x.Income),
		OtherMoney: amount("other_money", x.OtherMoney), Procured: x.Procured, Returns: id.Item(x.Returns), Shared: id.Shared(x.Shared)}
	if i.AllocationBp == 0 {
		i.AllocationBp = money.Whole
	}
	return i, fault.Join(faults...)
}

// amountIn reads an amount of a body; "" is nothing.
func amountIn(field string, m Money) (money.Amount, error) {
	if m == "" {
		return 0, nil
	}
	a, err := money.Parse(string(m))
	return a, fault.At(field, err)
}

func (a *API) lookAtProof(ctx context.Context, in *ProofIn) (err error) {
	in.proof, err = a.Proof(ctx, "content", in.Body.Name, in.Body.Content)
	return err
}

func attachProof(c *call, in *ProofIn) (ProofMade, string, error) {
	made, err := funding.Attach(c, c.tx, c.by, c.g.ID, id.Item(in.ID), in.proof)
	return ProofMade{ID: string(made), Name: in.Body.Name, SHA256: in.proof.SHA256()}, "/api/v1/programmes/" + c.g.Code + "/costs/" + in.ID, err
}
