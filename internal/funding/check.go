package funding

import (
	"context"
	"database/sql"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Finding is what a check of a draft says of it, or of one of its items, before it is handed in.
type Finding struct {
	Item  id.Item // "" for the claim as a whole
	Field string
	Key   text.Key
	Args  text.Args
	Stops bool  // the claim cannot be handed in with it
	Twin  *Twin // the item that this one seems to repeat
}

// Say is the finding for a person.
func (f Finding) Say(l text.Language) string { return l.Say(f.Key, f.Args) }

// check tests a draft against its year, rules and proofs, without a look at other claims.
func (d *draft) check(today period.Date, items []Item) []Finding {
	if len(items) == 0 {
		return []Finding{{Field: "items", Key: "funding.claim_empty", Stops: true}}
	}
	var all []Finding
	add := func(i Item, field string, key text.Key, args text.Args) {
		if args == nil {
			args = text.Args{}
		}
		args["ref"] = i.Ref
		all = append(all, Finding{Item: i.ID, Field: field, Key: key, Args: args, Stops: true})
	}
	for _, i := range items {
		if _, _, err := d.reckon(i); err != nil {
			for _, f := range fault.Of(err).All() {
				all = append(all, Finding{Item: i.ID, Field: f.Field, Key: f.Key, Args: f.Args, Stops: true})
			}
		}
		last := max(i.DeliveredOn, i.InvoicedOn)
		switch {
		case last > today:
			add(i, "delivered", "funding.check_future", text.Args{"on": last})
		case i.DeliveredOn < d.terms.starts || i.DeliveredOn > d.terms.ends:
			add(i, "delivered", "funding.check_period", text.Args{"from": d.terms.starts, "to": d.terms.ends})
		}
		if from := d.rules.Claim.ProofFrom; from > 0 && max(i.eligible, -i.eligible) >= from && d.proofs[i.ID] == 0 {
			all = append(all, lacksProof(i.ID, i.Ref, from))
		}
		if d.cancelled[i.Activity] {
			add(i, "activity", "funding.check_cancelled", nil)
		}
	}
	return all
}

var (
	countProofs = db.SQL("funding.proof.count",
		`select i.id, count(*) from cost_item i join item_proof f on f.programme_id = i.programme_id and f.item_id = i.id
		 where i.programme_id = $1 and i.claim_id = $2 group by i.id`)
	selectCancelled = db.SQL("funding.item.cancelled",
		`select v.id from activity v where v.programme_id = $1 and v.state = 'cancelled'
		   and exists (select 1 from cost_item i where i.programme_id = v.programme_id and i.activity_id = v.id and i.claim_id || '' = $2)
		   and not exists (select 1 from decision d where d.programme_id = v.programme_id and d.subject_kind = 'activity' and d.subject_id = v.id
		     and d.kind = 'cancelled-cost' and d.state = 'taken')`)
)

// look reads what the checks of a draft ask of its items: how many files prove each, and which activities were cancelled without a decision
// that keeps their cost eligible.
func (d *draft) look(ctx context.Context, tx *db.Tx, g id.Programme) error {
	if err := d.lookProofs(ctx, tx, g); err != nil {
		return err
	}
	return d.lookCancelled(ctx, tx, g)
}

func (d *draft) lookProofs(ctx context.Context, tx *db.Tx, g id.Programme) error {
	d.proofs = map[id.Item]int{}
	return tx.Each(ctx, countProofs, []any{g, d.claim.ID}, func(r *sql.Rows) error {
		var item id.Item
		var n int
		err := r.Scan(&item, &n)
		d.proofs[item] = n
		return err
	})
}

func (d *draft) lookCancelled(ctx context.Context, tx *db.Tx, g id.Programme) error {
	d.cancelled = map[id.Activity]bool{}
	return tx.Each(ctx, selectCancelled, []any{g, d.claim.ID}, func(r *sql.Rows) error {
		var a id.Activity
		err := r.Scan(&a)
		d.cancelled[a] = true
		return err
	})
}

// Check tells what a draft lacks and what looks odd about it: what stops it first, then likely duplicates with a link to the twin, and what
// would lie above the ceiling. The tally is that of the claim as it is; the quote is what it would pay.
func Check(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim, t *Tally, q Quote) ([]Finding, error) {
	d, err := openDraft(ctx, tx, by, g, claim, "item.declare")
	if err != nil {
		return nil, err
	}
	d.cancelled = t.cancelled
	all, err := d.checkDoubted(ctx, tx, g, t)
	if err != nil {
		return nil, err
	}
	likely, err := likelyOf(ctx, tx, by, g, claim)
	if err != nil {
		return nil, err
	}
	all = append(all, likely...)
	if q.Above > 0 {
		all = append(all, Finding{Key: "funding.check_ceiling", Args: text.Args{"above": q.Above, "ceiling": q.Ceiling}})
	}
	return all, nil
}

// checkDoubted is check of the items about which the tally has a doubt.
func (d *draft) checkDoubted(ctx context.Context, tx *db.Tx, g id.Programme, t *Tally) ([]Finding, error) {
	if t.Items == 0 {
		return d.check(tx.Now.Date(), nil), nil
	}
	whole := map[id.Item]Item{}
	if t.refused || slices.ContainsFunc(t.doubted, func(x doubt) bool { return x.whole }) {
		if err := d.lookProofs(ctx, tx, g); err != nil {
			return nil, err
		}
		items, err := loadItems(ctx, tx, g, d.claim.ID)
		if err != nil {
			return nil, err
		}
		if t.refused {
			return d.check(tx.Now.Date(), items), nil
		}
		for _, i := range items {
			whole[i.ID] = i
		}
	}
	var all []Finding
	for _, x := range t.doubted {
		if x.whole {
			all = append(all, d.check(tx.Now.Date(), []Item{whole[x.item]})...)
			continue
		}
		all = append(all, lacksProof(x.item, x.ref, d.rules.Claim.ProofFrom))
	}
	return all, nil
}

func lacksProof(item id.Item, ref string, from money.Amount) Finding {
	return Finding{Item: item, Field: "proof", Key: "funding.check_proof", Args: text.Args{"from": from, "ref": ref}, Stops: true}
}

func (t Twin) args(ref string) text.Args {
	return text.Args{"ref": ref, "twin": t.Ref, "number": t.Number, "year": t.Year, "partner": t.Code}
}
