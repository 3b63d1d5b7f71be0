package funding

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

var (
	selectStruck = db.SQL("funding.correction.item",
		`select i.accepted - (select cast(coalesce(sum(k.cost), 0) as bigint) from correction k where k.programme_id = $1 and k.item_id = $2),
		   i.rate_bp from cost_item i where i.programme_id = $1 and i.id = $2`)
	selectFlatsOf = db.SQL("funding.correction.flats",
		`select f.id, f.flat_bp, f.category from cost_item b cross join cost_item f
		 where f.programme_id = b.programme_id and f.claim_id = b.claim_id and f.kind = 'flat' and f.rate_bp = b.rate_bp
		   and b.programme_id = $1 and b.id = $2 and b.kind <> 'flat' order by f.id`)
)

// Strike corrects an approved claim: accepted cost of an item is struck, with a reason, at the rate frozen with it; the flat rates on it
// follow. It is for years that are not final; a final one changes by an adjustment decision alone. Source: domain section 4.9.
func Strike(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, item id.Item, cost money.Amount, reason string) (Step, error) {
	c, _, _, err := loadItem(ctx, tx, by, g, item)
	if err != nil {
		return Step{}, err
	}
	if err := by.May("correction.make", access.Subject{Partner: c.Partner}); err != nil {
		return Step{}, err
	}
	if c.ApprovedOn == "" {
		return Step{}, fault.Conflict("funding.claim_not_approved", nil)
	}
	if strings.TrimSpace(reason) == "" {
		return Step{}, fault.Invalid("reason", "funding.reason_needed", nil)
	}
	if err := yearOpen(ctx, tx, g, c.Agreement, c.Year); err != nil {
		return Step{}, err
	}
	return strike(ctx, tx, by, g, c.Agreement, c.Year, item, cost, reason)
}

// strike strikes cost of an item and what its flat rates had made of it, one correction for each.
func strike(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a id.Agreement, year period.Year, item id.Item, cost money.Amount,
	reason string) (Step, error) {
	all := map[id.Item]money.Amount{item: cost}
	order := []id.Item{item}
	flats, err := flatsOf(ctx, tx, g, a, year, item, cost)
	if err != nil {
		return Step{}, err
	}
	for _, f := range flats {
		all[f.item] = f.cost
		order = append(order, f.item)
	}
	var sum Step
	for _, one := range order {
		s, err := strikeOne(ctx, tx, by, g, a, year, one, all[one], reason)
		if err != nil {
			return sum, err
		}
		sum.Cost, sum.Due = sum.Cost+s.Cost, sum.Due+s.Due
		sum.FromUnpaid, sum.OwedBack = sum.FromUnpaid+s.FromUnpaid, sum.OwedBack+s.OwedBack
	}
	return sum, nil
}

type flatStrike struct {
	item id.Item
	cost money.Amount
}

// flatsOf is what striking an item takes off the flat rates of its claim.
func flatsOf(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, year period.Year, item id.Item, cost money.Amount) ([]flatStrike, error) {
	type flat struct {
		item     id.Item
		bp       money.Bp
		category string
	}
	var flats []flat
	err := tx.Each(ctx, selectFlatsOf, []any{g, item}, func(r *sql.Rows) error {
		var f flat
		err := r.Scan(&f.item, &f.bp, &f.category)
		flats = append(flats, f)
		return err
	})
	if err != nil || len(flats) == 0 {
		return nil, err
	}
	var claim id.Claim
	if err := tx.Row(ctx, selectItemClaim, g, item).Scan(&claim); err != nil {
		return nil, err
	}
	found, err := readItems(ctx, tx, g, claim, ItemFilter{Only: item})
	if err != nil || len(found) != 1 {
		return nil, err
	}
	var ruleOn period.Date
	if err := tx.Row(ctx, selectRuleOn, g, claim).Scan(&ruleOn); err != nil {
		return nil, err
	}
	rules, err := LoadRules(ctx, tx, g, ruleOn)
	if err != nil {
		return nil, err
	}
	var left money.Amount
	var rate money.Bp
	if err := tx.Row(ctx, selectStruck, g, item).Scan(&left, &rate); err != nil {
		return nil, err
	}
	i := found[0]
	struck := i.accepted - left
	var out []flatStrike
	for _, f := range flats {
		if !slices.Contains(rules.Categories[f.category].FlatOf, i.Category) {
			continue
		}
		base := i.Counted(i.eligible) - struck
		before, err := flatPart(base, f.bp)
		if err != nil {
			return nil, err
		}
		after, err := flatPart(base-cost, f.bp)
		if err != nil {
			return nil, err
		}
		if before > after {
			out = append(out, flatStrike{f.item, before - after})
		}
	}
	return out, nil
}

func strikeOne(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a id.Agreement, year period.Year, item id.Item,
	cost money.Amount, reason string) (Step, error) {
	var left money.Amount
	var rate money.Bp
	if err := tx.Row(ctx, selectStruck, g, item).Scan(&left, &rate); err != nil {
		return Step{}, err
	}
	if cost <= 0 || cost > left {
		return Step{}, fault.Invalid("cost", "funding.correction_too_much", text.Args{"accepted": left})
	}
	p, err := Load(ctx, tx, g, a, year)
	if err != nil {
		return Step{}, err
	}
	step, err := p.strike(ctx, tx, g, a, year, rate, cost)
	if err != nil {
		return Step{}, err
	}
	k := id.New[id.Correction]()
	err = tx.Insert(ctx, "correction", CorrectionColumns(),
		[][]any{{g, k, a, year, item, cost, step.Due, reason, tx.Now.Date(), db.OrNull(by.ID)}})
	if err != nil {
		return Step{}, err
	}
	book := booking{g, a, year, "correction", string(k)}
	if err := book.post(ctx, tx, ledger.EventCorrected, ledger.Corrected(step.Due, step.Cost, step.OwedBack)); err != nil {
		return Step{}, err
	}
	return step, trail(ctx, tx, by, g, "correction.make", "correction", string(k), nil, correctionSeen{cost.String(), step.Due.String(), reason})
}

// strike is C(after) - C(before), or in a finally settled year final(after) - final(before) with the frozen score. Source: domain section 4.9.
func (p Position) strike(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, year period.Year, rate money.Bp, cost money.Amount) (Step,
	error) {
	var final, lost money.Amount
	var score money.Bp
	err := tx.Row(ctx, selectFinal, g, a, year).Scan(&final, &lost, &score)
	if err == db.ErrNone {
		_, step, err := p.Year.Correct(rate, cost)
		return step, err
	}
	if err != nil {
		return Step{}, err
	}
	return p.Year.Adjust(rate, cost, score)
}

type correctionSeen struct {
	Cost   string `json:"cost"`
	Due    string `json:"due"`
	Reason string `json:"reason"`
}
