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

// Tally is what the items of a claim come to, as they stand and if everything undecided in them were accepted. It is added up from the rows
// by the database, so that a claim of 10,000 items is on its page at once.
type Tally struct {
	Items     int // flat rates among them
	Undecided int // without flat rates
	Declared  money.Amount
	Todo      money.Amount // of it, what is undecided
	Accepted  money.Amount
	Deducted  money.Amount
	Parked    money.Amount

	lots      []lot
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

// counted is an item's Counted in the query's words, and cost its AcceptedCost, where it is accepted or undecided.
const (
	counted = `(case when i.state not in ('declared', 'accepted', 'deducted') then 0 when i.cap > 0 and i.eligible - i.deducted > i.cap then i.cap
	   else i.eligible - i.deducted end)`
	costOf = `(case when i.eligible < 0 then case when ` + counted + ` < 0 then ` + counted + ` else 0 end
	   when ` + counted + ` - i.income - i.other_money > 0 then ` + counted + ` - i.income - i.other_money else 0 end)`
)

var (
	selectLots = db.SQL("funding.claim.lots",
		`select i.state, i.kind, i.category, i.rate_bp, count(*), cast(sum(i.eligible) as bigint), cast(sum(i.deducted) as bigint),
		   cast(sum(i.accepted) as bigint), cast(sum(`+costOf+`) as bigint)
		 from cost_item i where i.programme_id = $1 and i.claim_id = $2 group by i.state, i.kind, i.category, i.rate_bp`)
	selectBases = db.SQL("funding.claim.bases",
		`select i.category, i.rate_bp, `+counted+`, count(*) from cost_item i
		 where i.programme_id = $1 and i.claim_id = $2 and i.kind <> 'flat' and $3 like '% ' || i.category || ' %' group by 1, 2, 3`)
	selectDoubts = db.SQL("funding.claim.doubts",
		`select d.id, d.ref, d.whole from (select i.id, i.ref, i.eligible,
		   case when i.delivered_on not between $3 and $4 or i.invoiced_on > $5 or i.hour_rate > $6
		       or ($7 = 'invoiced' and i.invoiced_on not between $8 and $9) or ($7 = 'paid' and i.paid_on not between $8 and $9)
		       or ($10 <> '' and i.activity_id is not null and $10 like '% ' || i.activity_id || ' %') then 1 else 0 end as whole
		   from cost_item i where i.programme_id = $1 and i.claim_id = $2) d
		 where d.whole = 1 or $11 > 0 and abs(d.eligible) >= $11 and not exists (select 1 from item_proof f
		     where f.programme_id = $1 and f.item_id = d.id)
		 order by d.id`)
)

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
	err = tx.Each(ctx, selectLots, []any{g, c.ID}, func(r *sql.Rows) error {
		var l lot
		err := r.Scan(&l.state, &l.kind, &l.category, &l.rate, &l.n, &l.eligible, &l.deducted, &l.accepted, &l.cost)
		t.lots = append(t.lots, l)
		t.add(l, 1)
		t.refused = t.refused || d != nil && (l.kind == Flat || !d.rules.allows(l.category, l.kind))
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := t.addBases(ctx, tx, g, c.ID); err != nil || d == nil {
		return t, err
	}
	return t, tx.Each(ctx, selectDoubts, append([]any{g, c.ID}, d.doubts(tx.Now.Date())...), func(r *sql.Rows) error {
		var x doubt
		err := r.Scan(&x.item, &x.ref, &x.whole)
		t.doubted = append(t.doubted, x)
		return err
	})
}

// addBases adds the flat rates that are derived from a claim's items. Each item's part is rounded by itself, so items are taken together that
// have the same base.
func (t *Tally) addBases(ctx context.Context, tx *db.Tx, g id.Programme, claim id.Claim) error {
	bases := " "
	for _, rule := range t.rules.Categories {
		bases += strings.Join(rule.FlatOf, " ") + " "
	}
	if bases == " " {
		return nil
	}
	return tx.Each(ctx, selectBases, []any{g, claim, bases}, func(r *sql.Rows) error {
		var i Item
		var base, n money.Amount
		if err := r.Scan(&i.Category, &i.RateBp, &base, &n); err != nil {
			return err
		}
		return t.rules.addFlats(t.derived, &i, base, n)
	})
}

// doubts are the parameters by which the rows of a draft are told apart that its checks have to look at. What an item says of itself was
// tested as it entered, and is again when it changes; what can be wrong since is what rules, agreement, activities and proofs say of it now.
func (d *draft) doubts(today period.Date) []any {
	hourCap := money.Amount(math.MaxInt64)
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

// lot is what the items of one state, kind, category and rate come to.
type lot struct {
	state                        ItemState
	kind                         ItemKind
	category                     string
	rate                         money.Bp
	n                            int64
	eligible, deducted, accepted money.Amount
	cost                         money.Amount // that would count if what is undecided were accepted
}

// add adds a lot, or with -1 takes it out again.
func (t *Tally) add(l lot, sign money.Amount) {
	n := int(l.n) * int(sign)
	t.Items += n
	t.Declared += sign * l.eligible
	t.Accepted += sign * l.accepted
	t.Deducted += sign * l.deducted
	switch {
	case l.kind == Flat:
		t.flats += n
	case l.state == Declared:
		t.Undecided += n
		t.Todo += sign * l.eligible
	}
	if l.state == Parked {
		t.Parked += sign * l.eligible
	}
	t.cost[l.rate] += sign * l.cost
}

// Of counts the items of a state and a category ("": any), and adds up what was declared and accepted of them.
func (t *Tally) Of(state ItemState, category string) (n int, declared, accepted money.Amount) {
	for _, l := range t.lots {
		if (state == "" || l.state == state) && (category == "" || l.category == category) {
			n, declared, accepted = n+int(l.n), declared+l.eligible, accepted+l.accepted
		}
	}
	return n, declared, accepted
}

// less is the tally without an item.
func (t *Tally) less(i *Item) (*Tally, error) {
	out := *t
	out.cost, out.derived = maps.Clone(t.cost), maps.Clone(t.derived)
	as := *i
	if i.State == Declared {
		as.State = Accepted
	}
	out.add(lot{i.State, i.Kind, i.Category, i.RateBp, 1, i.eligible, i.Deducted, i.accepted, as.AcceptedCost(i.eligible)}, -1)
	return &out, t.rules.addFlats(out.derived, i, as.Counted(i.eligible), -1)
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
