package funding

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/govalues/decimal"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// CategoryRule is what a programme allows of a cost category. A category without a rule is allowed in every kind and has no cap.
type CategoryRule struct {
	Category string
	Kinds    []ItemKind   // allowed; none: the category is not allowed
	Cap      money.Amount // of one item; 0: none
	HourCap  money.Amount // of an hour of staff; 0: none
	FlatBp   money.Bp     // above 0: the category is a flat rate on others and holds nothing else
	FlatOf   []string     // the categories that it is a flat rate on
}

// ClaimRule is how a programme verifies claims.
type ClaimRule struct {
	SampleBp   money.Bp     // of the items, drawn by the seed
	SampleFrom money.Amount // items from here on are always looked at; 0: no such rule
	SampleSeed int64
	SecondFrom money.Amount // claims accepted from here on need a second controller; 0: none do
	ProofFrom  money.Amount // items from here on need a file; 0: none do
	ClaimDays  int          // after the year, to hand in its last claim
	ReplyDays  int          // to answer a question
	ParkedDays int          // after approval, to bring a parked item back
}

// Rules are what a programme says of costs on a day.
type Rules struct {
	On         period.Date // the day that they were read for; a claim keeps it
	Claim      ClaimRule
	Categories map[string]CategoryRule
}

// Usual is how claims are verified where a programme says nothing.
func Usual() ClaimRule {
	return ClaimRule{SampleBp: 1000, SampleFrom: 5_000_00, SampleSeed: 1, ClaimDays: 90, ReplyDays: 14, ParkedDays: 180}
}

var (
	selectClaimRule = db.SQL("funding.claim_rule.load",
		`select r.sample_bp, r.sample_from, r.sample_seed, r.second_from, r.proof_from, r.claim_days, r.reply_days, r.parked_days
		 from claim_rule r where r.programme_id = $1 and r.starts_on <= $2 order by r.starts_on desc limit 1`)
	selectCategoryRules = db.SQL("funding.category_rule.list",
		`select r.category, r.kinds, r.cap, r.hour_cap, r.flat_bp, r.flat_of from category_rule r
		 where r.programme_id = $1 and r.starts_on = (select max(x.starts_on) from category_rule x
		   where x.programme_id = r.programme_id and x.category = r.category and x.starts_on <= $2)
		 order by r.category`)
)

// LoadRules reads what a programme says of costs on a day.
func LoadRules(ctx context.Context, tx *db.Tx, g id.Programme, on period.Date) (Rules, error) {
	r := Rules{On: on, Claim: Usual(), Categories: map[string]CategoryRule{}}
	c := &r.Claim
	err := tx.Row(ctx, selectClaimRule, g, on).Scan(&c.SampleBp, &c.SampleFrom, &c.SampleSeed, &c.SecondFrom, &c.ProofFrom, &c.ClaimDays,
		&c.ReplyDays, &c.ParkedDays)
	if err != nil && err != db.ErrNone {
		return r, err
	}
	return r, tx.Each(ctx, selectCategoryRules, []any{g, on}, func(rows *sql.Rows) error {
		var one CategoryRule
		var kinds, of string
		err := rows.Scan(&one.Category, &kinds, &one.Cap, &one.HourCap, &one.FlatBp, &of)
		for k := range strings.FieldsSeq(kinds) {
			one.Kinds = append(one.Kinds, ItemKind(k))
		}
		one.FlatOf = strings.Fields(of)
		r.Categories[one.Category] = one
		return err
	})
}

// AddRules writes rules of a programme from a day on; c nil is none about claims.
func AddRules(ctx context.Context, tx *db.Tx, g id.Programme, from period.Date, c *ClaimRule, categories []CategoryRule) error {
	if c != nil {
		if err := tx.Insert(ctx, "claim_rule", strings.Fields(`programme_id starts_on sample_bp sample_from sample_seed second_from proof_from
			claim_days reply_days parked_days`), [][]any{{g, from, c.SampleBp, c.SampleFrom, c.SampleSeed, c.SecondFrom, c.ProofFrom,
			c.ClaimDays, c.ReplyDays, c.ParkedDays}}); err != nil {
			return err
		}
	}
	rows := make([][]any, len(categories))
	for i, r := range categories {
		kinds := make([]string, len(r.Kinds))
		for k := range r.Kinds {
			kinds[k] = string(r.Kinds[k])
		}
		rows[i] = []any{g, r.Category, from, strings.Join(kinds, " "), r.Cap, r.HourCap, r.FlatBp, strings.Join(r.FlatOf, " ")}
	}
	return tx.Insert(ctx, "category_rule", strings.Fields("programme_id category starts_on kinds cap hour_cap flat_bp flat_of"), rows)
}

// Categories lists the cost categories, in the order in which they are offered.
func Categories() []string {
	return []string{"staff", "overhead", "travel", "venue", "external", "communication", "other"}
}

// allows tells whether an item of a kind may be declared in a category.
func (r Rules) allows(category string, kind ItemKind) bool {
	if !slices.Contains(Categories(), category) {
		return false
	}
	rule, ruled := r.Categories[category]
	if !ruled {
		return true
	}
	if rule.FlatBp > 0 {
		return kind == Flat
	}
	return slices.Contains(rule.Kinds, kind)
}

// Flats derives the flat rates of a claim: for each flat category, and each contribution rate among its base, one item. A flat rate is
// rounded once for each item of its base, so that no grouping of items in claims changes what it comes to. Source: domain section 4.1.
func (r Rules) Flats(items []Item, base func(Item) money.Amount) (map[FlatKey]money.Amount, error) {
	out := map[FlatKey]money.Amount{}
	for n := range items {
		if err := r.addFlats(out, &items[n], base(items[n]), 1); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// addFlats adds the flat rates on an item, times as many as there are with the same base.
func (r Rules) addFlats(out map[FlatKey]money.Amount, i *Item, base, times money.Amount) error {
	for _, rule := range r.Categories {
		if rule.FlatBp == 0 || i.Kind == Flat || !slices.Contains(rule.FlatOf, i.Category) {
			continue
		}
		part, err := flatPart(base, rule.FlatBp)
		if err != nil {
			return err
		}
		out[FlatKey{rule.Category, i.RateBp}] += times * part
	}
	return nil
}

// FlatKey names a flat item of a claim.
type FlatKey struct {
	Category string
	Rate     money.Bp
}

func flatPart(base money.Amount, share money.Bp) (money.Amount, error) {
	return base.Convert(decimal.MustNew(int64(share), 4))
}
