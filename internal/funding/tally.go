package funding

import (
	"context"
	"database/sql"
	"maps"
	"math"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// Tally is what the items of a claim come to, as they stand and if everything undecided in them were accepted. It is added up from the rows,
// of which it reads no more than counts: a claim of 10,000 items is on its page at once.
type Tally struct {
	Items     int // flat rates among them
	Undecided int // without flat rates
	Declared  money.Amount
	Todo      money.Amount // of it, what is undecided
	Accepted  money.Amount
	Deducted  money.Amount
	Parked    money.Amount

	rules     Rules
	cost      RatedCost                // if everything undecided were accepted
	derived   map[FlatKey]money.Amount // flat rates of it that are not written yet
	flats     int                      // flat rates that are written: the claim was handed in
	doubted   []doubt
	cancelled map[id.Activity]bool // of a draft: activities of its costs that were cancelled, without a decision that keeps their cost eligible
	refused   bool                 // a draft holds costs of a category or kind that the rules no longer allow: its checks look at all of it
}

// doubt is an item of a draft that its checks look at: whole, or only for the proof that it lacks.
type doubt struct {
	item  id.Item
	ref   string
	whole bool
}

var selectTally = db.SQL("funding.claim.tally",
	`select i.state, i.kind, i.category, i.rate_bp, i.eligible, i.deducted, i.accepted, i.cap, i.income, i.other_money,
	   case when i.delivered_on not between $3 and $4 or i.invoiced_on > $5 or i.hour_rate > $6
	       or ($7 = 'invoiced' and i.invoiced_on not between $8 and $9) or ($7 = 'paid' and i.paid_on not between $8 and $9)
	       or ($10 <> '' and i.activity_id is not null and $10 like '% ' || i.activity_id || ' %') then 'whole ' || i.id
	     when $11 > 0 and abs(i.eligible) >= $11 and not exists (select 1 from item_proof f
	       where f.programme_id = i.programme_id and f.item_id = i.id) then 'proof ' || i.id || ' ' || i.ref
	     else '' end
	 from cost_item i where i.programme_id = $1 and i.claim_id = $2 order by i.id`)

// AddUp tells what the items of a claim come to that the actor may read.
func AddUp(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim) (*Tally, error) {
	c, err := LoadClaim(ctx, tx, by, g, claim)
	if err != nil {
		return nil, err
	}
	if c.State != "draft" || !by.Can("item.declare", access.Subject{Kind: "item", Partner: c.Partner}) {
		return tally(ctx, tx, g, c, nil)
	}
	d, err := openDraft(ctx, tx, by, g, claim, "item.declare")
	if err != nil {
		return nil, err
	}
	if err := d.lookCancelled(ctx, tx, g); err != nil {
		return nil, err
	}
	return tally(ctx, tx, g, c, d)
}

// tally adds up a claim; with a draft it also notes the items that the draft's checks have to look at.
func tally(ctx context.Context, tx *db.Tx, g id.Programme, c Claim, d *draft) (*Tally, error) {
	t := &Tally{cost: RatedCost{}, derived: map[FlatKey]money.Amount{}}
	if d != nil {
		t.cancelled = d.cancelled
	}
	var err error
	if t.rules, err = LoadRules(ctx, tx, g, min(tx.Now.Date(), c.Year.Last())); err != nil {
		return nil, err
	}
	maps.DeleteFunc(t.rules.Categories, func(_ string, r CategoryRule) bool { return r.FlatBp == 0 }) // of the rules, flat rates are what counts here
	args := append([]any{g, c.ID}, d.doubts(tx.Now.Date())...)
	var i Item
	var state, kind, doubtful string // of plain types: the driver fills those ten times as fast as ours
	var rate, eligible, deducted, accepted, limit, income, other int64
	err = tx.Each(ctx, selectTally, args, func(r *sql.Rows) error {
		if err := r.Scan(&state, &kind, &i.Category, &rate, &eligible, &deducted, &accepted, &limit, &income, &other, &doubtful); err != nil {
			return err
		}
		i.State, i.Kind, i.RateBp, i.eligible, i.Deducted = ItemState(state), ItemKind(kind), money.Bp(rate), money.Amount(eligible), money.Amount(deducted)
		i.accepted, i.Cap, i.Income, i.OtherMoney = money.Amount(accepted), money.Amount(limit), money.Amount(income), money.Amount(other)
		if doubtful != "" {
			how, rest, _ := strings.Cut(doubtful, " ")
			item, ref, _ := strings.Cut(rest, " ")
			t.doubted = append(t.doubted, doubt{id.Item(item), ref, how == "whole"})
		}
		t.refused = t.refused || d != nil && (i.Kind == Flat || !d.rules.allows(i.Category, i.Kind))
		return t.count(&i, 1)
	})
	return t, err
}

// doubts are the parameters by which the rows of a draft are told apart that its checks have to look at. What an item says of itself was
// tested as it entered and never changes; what can be wrong since is what rules, agreement, activities and proofs say of it now.
func (d *draft) doubts(today period.Date) []any {
	hourCap := money.Amount(math.MaxInt64)
	if d == nil {
		return []any{"", "9", "9", hourCap, "", "", "", "", 0}
	}
	for _, c := range d.rules.Categories {
		if c.HourCap > 0 {
			hourCap = min(hourCap, c.HourCap)
		}
	}
	rule, _ := d.round.InForce(d.claim.Year.Last())
	from, to := d.claim.Year.First(), d.claim.Year.Last()
	if len(d.round) > 0 {
		from = max(from, d.round[0].From) // no rate is in force before
	}
	starts, ends := d.terms.starts, min(d.terms.ends, today)
	if rule.YearOf != programme.Invoiced && rule.YearOf != programme.Paid {
		starts, ends = max(starts, from), min(ends, to)
	}
	cancelled := ""
	for a := range d.cancelled {
		cancelled += " " + string(a) + " "
	}
	return []any{starts, ends, today, hourCap, rule.YearOf, from, to, cancelled, d.rules.Claim.ProofFrom}
}

// count adds an item, or with -1 takes it out again.
func (t *Tally) count(i *Item, sign money.Amount) error {
	t.Items += int(sign)
	t.Declared += sign * i.eligible
	t.Accepted += sign * i.accepted
	t.Deducted += sign * i.Deducted
	switch {
	case i.Kind == Flat:
		t.flats += int(sign)
	case i.State == Declared:
		t.Undecided += int(sign)
		t.Todo += sign * i.eligible
	}
	if i.State == Parked {
		t.Parked += sign * i.eligible
	}
	was := i.State
	defer func() { i.State = was }()
	if was == Declared {
		i.State = Accepted
	}
	t.cost[i.RateBp] += sign * i.AcceptedCost(i.eligible)
	return t.rules.addFlats(t.derived, i, sign*i.Counted(i.eligible))
}

// less is the tally without an item.
func (t *Tally) less(i *Item) (*Tally, error) {
	out := *t
	out.cost, out.derived = maps.Clone(t.cost), maps.Clone(t.derived)
	return &out, out.count(i, -1)
}

// hoped is the cost if everything undecided were accepted, by rate; and what is declared. A claim that was handed in has its flat rates already.
func (t *Tally) hoped() (RatedCost, money.Amount) {
	cost, declared := maps.Clone(t.cost), t.Declared
	if t.flats == 0 {
		for k, sum := range t.derived {
			cost[k.Rate] += sum
			declared += sum
		}
	}
	return cost, declared
}
