package funding

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Draft opens a claim of an agreement-year for its partner to fill. A year has one draft at a time: the one that is there is given again.
func Draft(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a id.Agreement, year period.Year) (id.Claim, error) {
	terms, err := loadYearTerms(ctx, tx, by, g, a, year)
	if err != nil {
		return "", err
	}
	c := Claim{ID: id.New[id.Claim](), Agreement: a, Partner: terms.partner, Year: year, Number: terms.last + 1, EnteredBy: by.ID}
	if err := by.May("claim.draft", c.Subject()); err != nil {
		return "", err
	}
	if err := yearOpen(ctx, tx, g, a, year); err != nil {
		return "", err
	}
	if terms.draft != "" {
		return terms.draft, nil
	}
	c.State = "draft"
	rows := [][]any{{g, c.ID, a, year, c.Number, c.State, "", db.OrNull(by.ID), "", nil, "", nil, 0, 0, 0, ""}}
	if err := tx.Insert(ctx, "claim", ClaimColumns(), rows); err != nil {
		return "", err
	}
	return c.ID, trail(ctx, tx, by, g, "claim.draft", "claim", string(c.ID), nil, claimSeen{State: c.State})
}

// AddItems adds costs to a draft. Each is tested as it enters: its year, rate, category, amounts, and whether its invoice was claimed
// before, by whomever. Nothing is added when one of them is refused; the ids given then are of those before it.
func AddItems(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim, items []Item) ([]id.Item, error) {
	d, err := openDraft(ctx, tx, by, g, claim, "item.declare")
	if err != nil {
		return nil, err
	}
	if err := tx.Row(ctx, lastRef, g, claim).Scan(&d.last); err != nil {
		return nil, err
	}
	made := make([]id.Item, 0, len(items))
	for _, i := range items {
		item, err := d.enter(ctx, tx, by, g, i, nil)
		if err != nil {
			return made, err
		}
		made = append(made, item)
	}
	return made, trail(ctx, tx, by, g, "item.declare", "claim", string(claim), nil, claimSeen{State: "draft", Items: len(made)})
}

// draft is an open claim with what its items are tested against.
type draft struct {
	claim Claim
	today period.Date
	terms yearTerms
	rules Rules
	round programme.Rules
	last  int // number of the last reference given

	proofs    map[id.Item]int      // files of each item
	cancelled map[id.Activity]bool // without a decision that keeps their cost eligible
}

func openDraft(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim, verb access.VerbName) (*draft, error) {
	c, err := LoadClaim(ctx, tx, by, g, claim)
	if err != nil {
		return nil, err
	}
	subject := access.Subject{Kind: "item", Partner: c.Partner}
	if verb != "item.declare" {
		subject.State = string(Declared)
	}
	if err := by.May(verb, subject); err != nil {
		return nil, err
	}
	if c.State != "draft" {
		return nil, fault.Conflict("funding.claim_not_draft", text.Args{"state": access.StateKey(c.State)})
	}
	d := &draft{claim: c, today: tx.Now.Date()}
	if d.terms, err = loadYearTerms(ctx, tx, by, g, c.Agreement, c.Year); err != nil {
		return nil, err
	}
	if d.rules, err = LoadRules(ctx, tx, g, min(tx.Now.Date(), c.Year.Last())); err != nil {
		return nil, err
	}
	d.round, err = programme.LoadRules(ctx, tx, g)
	return d, err
}

// enter writes an item of a draft that the rules let in, with the files that prove it.
func (d *draft) enter(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, i Item, proofs []id.File) (id.Item, error) {
	i, eligible, err := d.admit(ctx, tx, by, g, i)
	if err != nil {
		return "", err
	}
	row := ItemRow(g, d.terms.currency, d.claim.Agreement, d.claim.Year, d.claim.ID, i, eligible, 0)
	if err := tx.Insert(ctx, "cost_item", ItemColumns(), [][]any{row}); err != nil {
		return "", err
	}
	return i.ID, prove(ctx, tx, g, i.ID, proofs...)
}

// admit completes an item of a draft with what the rules say of it, or tells what is wrong with it.
func (d *draft) admit(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, i Item) (Item, money.Amount, error) {
	i.ID, i.Kind = cmp.Or(i.ID, id.New[id.Item]()), cmp.Or(i.Kind, Invoiced)
	i.State, i.Deducted, i.ReasonCode, i.Reason, i.DecidedOn, i.DecidedBy = Declared, 0, "", "", "", ""
	var err error
	if i.Returns != "" {
		if i, err = bringBack(ctx, tx, g, d.claim, i); err != nil {
			return i, 0, err
		}
	}
	if i.Shared != "" {
		if i, err = d.admitShared(ctx, tx, g, i); err != nil {
			return i, 0, err
		}
	}
	if err := d.organises(ctx, tx, g, i); err != nil {
		return i, 0, err
	}
	i, eligible, err := d.reckon(i)
	if err != nil {
		return i, 0, err
	}
	if err := claimInvoice(ctx, tx, by, g, d.terms.currency, i); err != nil {
		return i, 0, err
	}
	if i.Ref == "" {
		d.last++
		i.Ref = fmt.Sprintf("%s-%d-%d-%d", d.terms.code, d.claim.Year, d.claim.Number, d.last)
	}
	return i, eligible, nil
}

var countOrganised = db.SQL("funding.item.organised",
	`select count(*) from activity_organiser x where x.programme_id = $1 and x.activity_id = $2 and x.organisation_id = $3`)

// organises refuses the cost of an activity that the partner does not organise.
func (d *draft) organises(ctx context.Context, tx *db.Tx, g id.Programme, i Item) error {
	if i.Activity == "" || i.Shared != "" || i.Returns != "" {
		return nil
	}
	var n int
	err := tx.Row(ctx, countOrganised, g, i.Activity, d.claim.Partner).Scan(&n)
	if err == nil && n == 0 {
		err = fault.Invalid("activity", "funding.not_organiser", nil)
	}
	return err
}

// reckon is admit without a database: what an upload's preview asks of each row.
func (d *draft) reckon(i Item) (Item, money.Amount, error) {
	if err := d.words(i); err != nil {
		return i, 0, err
	}
	on, err := d.dateOf(i)
	if err != nil {
		return i, 0, err
	}
	rule, found := d.round.InForce(on)
	if !found {
		return i, 0, fault.Invalid("delivered", "funding.no_rate", text.Args{"on": on})
	}
	i.RateBp, i.VATBp = rule.RateBp, d.terms.recoverable
	category := d.rules.Categories[i.Category]
	i.Cap = category.Cap
	if i.Kind == Staff {
		if i, err = staffCost(i, category.HourCap); err != nil {
			return i, 0, err
		}
	}
	foreign := i.Currency != "" && i.Currency != d.terms.currency
	if foreign && (i.Rate.Sign() <= 0 || !i.RateOn.Valid() || strings.TrimSpace(i.RateSource) == "") {
		return i, 0, fault.Invalid("rate", "funding.rate_needed", text.Args{"currency": i.Currency})
	}
	if foreign && i.RateOn > d.today {
		return i, 0, fault.Invalid("rate_date", "funding.rate_ahead", text.Args{"on": i.RateOn})
	}
	if i.Net == 0 || (i.Net > 0) != (i.VAT >= 0) && i.VAT != 0 {
		return i, 0, fault.Invalid("net", "funding.amount_needed", nil)
	}
	if i.Income < 0 || i.OtherMoney < 0 {
		return i, 0, fault.Invalid("other_money", "funding.other_money_negative", nil)
	}
	if total := i.InvoiceTotal; total != 0 && ((total > 0) != (i.Net > 0) || max(i.Gross(), -i.Gross()) > max(total, -total)) {
		return i, 0, fault.Invalid("invoice_total", "funding.part_above_invoice", text.Args{"part": i.Gross(), "total": total})
	}
	eligible, err := i.Eligible(foreign)
	return i, eligible, err
}

// words tests what an item says of itself. Its amounts and dates are tested apart.
func (d *draft) words(i Item) error {
	var what, category, proof error
	if strings.TrimSpace(i.Description) == "" {
		what = fault.Invalid("description", "funding.description_needed", nil)
	}
	if !d.rules.allows(i.Category, i.Kind) || i.Kind == Flat {
		category = fault.Invalid("category", "funding.category_refused", text.Args{"category": text.Key("category." + i.Category), "kind": i.Kind.Key()})
	}
	if i.Kind == Invoiced && i.Shared == "" && (i.Supplier == "" || i.Invoice == "" || !i.InvoicedOn.Valid()) && i.Category != "overhead" {
		proof = fault.Invalid("invoice", "funding.invoice_needed", nil)
	}
	return fault.Join(what, category, proof, i.lengths(), i.numbers())
}

// dateOf is the day that decides on the year and the rate of an item. Source: domain section 4.2.
func (d *draft) dateOf(i Item) (period.Date, error) {
	if !i.DeliveredOn.Valid() {
		return "", fault.Invalid("delivered", "funding.date_needed", nil)
	}
	on, field := i.DeliveredOn, "delivered"
	rule, _ := d.round.InForce(d.claim.Year.Last())
	switch {
	case rule.YearOf == programme.Invoiced && i.InvoicedOn != "":
		on, field = i.InvoicedOn, "invoiced"
	case rule.YearOf == programme.Paid && i.PaidOn != "":
		on, field = i.PaidOn, "paid"
	}
	if on.Year() != d.claim.Year {
		return "", fault.Invalid(field, "funding.item_other_year", text.Args{"year": d.claim.Year})
	}
	return on, nil
}

func staffCost(i Item, hourCap money.Amount) (Item, error) {
	if i.Hours.Sign() <= 0 || i.HourRate <= 0 || i.AllocationBp <= 0 || i.AllocationBp > money.Whole {
		return i, fault.Invalid("hours", "funding.hours_needed", nil)
	}
	if hourCap > 0 && i.HourRate > hourCap {
		return i, fault.Invalid("hour_rate", "funding.hour_cap", text.Args{"most": hourCap})
	}
	cost, err := i.Cost()
	i.Net, i.VAT = cost, 0
	return i, err
}

// ChangeItem gives a cost of a draft other facts, which are tested as those of a new one are; it keeps its reference, its place, its proofs and
// the row that it came from. A part of a shared invoice, a cost that came back and a flat rate are what they are: conflict (funding.item_fixed).
func ChangeItem(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, item id.Item, to Item) error {
	c, _, _, err := loadItem(ctx, tx, by, g, item)
	if err != nil {
		return err
	}
	d, err := openDraft(ctx, tx, by, g, c.ID, "item.change")
	if err != nil {
		return err
	}
	was, err := readItems(ctx, tx, g, c.ID, ItemFilter{Only: item})
	if err != nil || len(was) != 1 {
		return err
	}
	if was[0].Shared != "" || was[0].Returns != "" || was[0].Kind == Flat {
		return fault.Conflict("funding.item_fixed", nil)
	}
	proofs, err := filesOf(ctx, tx, g, c.ID, item, "")
	if err != nil {
		return err
	}
	if err := dropItems(ctx, tx, g, c.ID, item); err != nil {
		return err
	}
	to.ID, to.Ref, to.RowHash, to.Shared, to.Returns = item, was[0].Ref, was[0].RowHash, "", ""
	if _, err := d.enter(ctx, tx, by, g, to, proofs[item]); err != nil {
		return err
	}
	return trail(ctx, tx, by, g, "item.change", "item", string(item), itemFacts(was[0]), itemFacts(to))
}

// facts is what the trail keeps of a cost that changed in its draft.
type facts struct {
	Description string `json:"description"`
	Category    string `json:"category"`
	Supplier    string `json:"supplier,omitempty"`
	Invoice     string `json:"invoice,omitempty"`
	Delivered   string `json:"delivered"`
	Net         string `json:"net"`
	VAT         string `json:"vat"`
}

func itemFacts(i Item) facts {
	return facts{i.Description, i.Category, i.Supplier, i.Invoice, string(i.DeliveredOn), i.Net.String(), i.VAT.String()}
}

// DraftAgain takes the costs of a claim that was withdrawn or rejected, with their proofs, into the draft of its year, which is opened where
// there is none. All of them enter or none: one whose invoice was claimed since is refused.
func DraftAgain(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim) (id.Claim, error) {
	c, err := LoadClaim(ctx, tx, by, g, claim)
	if err != nil {
		return "", err
	}
	if err := by.May("claim.again", c.Subject()); err != nil {
		return "", err
	}
	items, err := loadItems(ctx, tx, g, claim)
	if err != nil {
		return "", err
	}
	proofs, err := filesOf(ctx, tx, g, claim, "", "")
	if err != nil {
		return "", err
	}
	draft, err := Draft(ctx, tx, by, g, c.Agreement, c.Year)
	if err != nil {
		return "", err
	}
	d, err := openDraft(ctx, tx, by, g, draft, "item.declare")
	if err != nil {
		return "", err
	}
	if err := tx.Row(ctx, lastRef, g, draft).Scan(&d.last); err != nil {
		return "", err
	}
	n := 0
	for _, i := range items {
		if i.Kind == Flat {
			continue
		}
		files := proofs[i.ID]
		i.ID, i.Ref = "", ""
		if _, err := d.enter(ctx, tx, by, g, i, files); err != nil {
			return "", err
		}
		n++
	}
	return draft, trail(ctx, tx, by, g, "claim.again", "claim", string(draft), nil, claimSeen{State: "draft", Items: n})
}

// RemoveItem takes an item out of a draft. One that brought a parked item back parks that one again.
func RemoveItem(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, item id.Item) error {
	c, i, _, err := loadItem(ctx, tx, by, g, item)
	if err != nil {
		return err
	}
	if _, err := openDraft(ctx, tx, by, g, c.ID, "item.remove"); err != nil {
		return err
	}
	if err := dropItems(ctx, tx, g, c.ID, item); err != nil {
		return err
	}
	return trail(ctx, tx, by, g, "item.remove", "claim", string(c.ID), itemSeen{State: i.State}, nil)
}

// dropItems deletes one item of a draft, or with "" all of them, and parks again what they brought back.
func dropItems(ctx context.Context, tx *db.Tx, g id.Programme, claim id.Claim, item id.Item) error {
	if _, err := tx.Exec(ctx, parkAgain, g, claim, item); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, deleteProofs, g, claim, item); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, deleteItems, g, claim, item)
	return err
}

// Discard throws a draft away with all that is in it.
func Discard(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim) error {
	c, err := LoadClaim(ctx, tx, by, g, claim)
	if err != nil {
		return err
	}
	if err := by.May("claim.discard", c.Subject()); err != nil {
		return err
	}
	if err := dropItems(ctx, tx, g, claim, ""); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, deleteClaim, g, claim); err != nil {
		return err
	}
	return trail(ctx, tx, by, g, "claim.discard", "claim", string(claim), claimSeen{State: c.State}, nil)
}

var (
	lastRef = db.SQL("funding.item.last_ref",
		`select count(*) from cost_item i where i.programme_id = $1 and i.claim_id = $2`)
	parkAgain = db.SQL("funding.item.park_again",
		`update cost_item set state = 'parked', invoice_key = coalesce((select n.invoice_key from cost_item n
		   where n.programme_id = $1 and n.claim_id = $2 and n.returns_id = cost_item.id), invoice_key)
		 where programme_id = $1 and state = 'returned' and id in (select n.returns_id from cost_item n
		   where n.programme_id = $1 and n.claim_id = $2 and ($3 = '' or n.id = $3))`)
	deleteProofs = db.SQL("funding.proof.delete", `delete from item_proof where programme_id = $1 and item_id in (select i.id from cost_item i
		 where i.programme_id = $1 and i.claim_id = $2 and ($3 = '' or i.id = $3))`)
	deleteItems = db.SQL("funding.item.delete",
		`delete from cost_item where programme_id = $1 and claim_id = $2 and ($3 = '' or id = $3)`)
	deleteClaim = db.SQL("funding.claim.delete", `delete from claim where programme_id = $1 and id = $2 and state = 'draft'`)
)
