package funding

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
)

// under is an amount under a cap; 0 is no cap.
func under(limit, amount money.Amount) money.Amount {
	if limit > 0 && amount > limit {
		return limit
	}
	return amount
}

// SortedFlats lists the flat items of a claim in their order.
func SortedFlats(sums map[FlatKey]money.Amount) []FlatKey {
	return slices.SortedFunc(maps.Keys(sums), func(a, b FlatKey) int {
		return cmp.Or(cmp.Compare(a.Category, b.Category), cmp.Compare(a.Rate, b.Rate))
	})
}

// Flat is the derived item of a flat category in a claim, such as voka-2018-1; it is delivered when the last item of its base was.
func (r Rules) Flat(claim string, k FlatKey, net money.Amount, items []Item) Item {
	rule := r.Categories[k.Category]
	i := Item{ID: id.New[id.Item](), Ref: fmt.Sprintf("%s-%s-%d", claim, k.Category, k.Rate),
		Category: k.Category, Description: fmt.Sprintf("%d.%02d %%", rule.FlatBp/100, rule.FlatBp%100), Kind: Flat, FlatBp: rule.FlatBp,
		RateBp: k.Rate, VATBp: 0, AllocationBp: money.Whole, Net: net, State: Declared}
	for _, base := range items {
		if base.RateBp == k.Rate && slices.Contains(rule.FlatOf, base.Category) {
			i.DeliveredOn = max(i.DeliveredOn, base.DeliveredOn)
		}
	}
	return i
}

// reflat derives the flat rates of a claim in verification anew: what was cut or parked of a base is cut of its flat rate. Source: domain
// section 4.1.
func reflat(ctx context.Context, tx *db.Tx, g id.Programme, c Claim) error {
	rules, err := LoadRules(ctx, tx, g, c.RuleOn)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(slices.Collect(maps.Values(rules.Categories)), func(r CategoryRule) bool { return r.FlatBp > 0 }) {
		return nil
	}
	items, err := loadItems(ctx, tx, g, c.ID)
	if err != nil {
		return err
	}
	var base []Item
	eligible := map[id.Item]money.Amount{}
	for _, i := range items {
		eligible[i.ID] = i.eligible
		if i.Kind != Flat {
			base = append(base, i)
		}
	}
	sums, err := rules.Flats(base, func(i Item) money.Amount { return i.Counted(eligible[i.ID]) })
	if err != nil {
		return err
	}
	for _, i := range items {
		if i.Kind != Flat {
			continue
		}
		left := sums[FlatKey{i.Category, i.RateBp}]
		i.State, i.Deducted, i.ReasonCode = Accepted, i.eligible-left, ""
		if i.Deducted != 0 {
			i.State, i.ReasonCode = Deducted, "flat-base"
		}
		_, err := tx.Exec(ctx, decideItem, g, i.ID, i.State, i.Deducted, i.AcceptedCost(i.eligible), i.ReasonCode, "", tx.Now.Date(), nil)
		if err != nil {
			return err
		}
	}
	return nil
}
