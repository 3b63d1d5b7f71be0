package intake

import (
	"context"
	"slices"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/rule"
)

const (
	categoryShape     = `category*:s from:d kinds:l cap:s hour_cap:s flat_bp:i flat_of:l`
	verificationShape = `from:d sample_bp:i sample_from:s sample_seed:i second_from:s proof_from:s claim_days:i reply_days:i parked_days:i`
)

// costRules are what a programme says of costs from a day on.
type costRules struct {
	from       period.Date
	claim      *funding.ClaimRule
	categories []funding.CategoryRule
}

// rulesFrom is where the rules of a day stand; without a day they hold from the programme's first one.
func (r *reader) rulesFrom(x *record) *costRules {
	from := x.date("from")
	if x.cell("from") == "" {
		from = r.folder.programme.Starts
	}
	for _, c := range r.folder.costs {
		if c.from == from {
			return c
		}
	}
	c := &costRules{from: from}
	r.folder.costs = append(r.folder.costs, c)
	return c
}

// category reads what a cost category allows: without kinds everything, with none of them nothing.
func (r *reader) category(x *record) {
	before := len(r.out.rows)
	c := funding.CategoryRule{Category: x.oneOf("category", funding.Categories()...), Cap: x.positive("cap", true), HourCap: x.positive("hour_cap", true),
		FlatBp: x.bp("flat_bp", 10_000), FlatOf: x.wordsOf("flat_of", funding.Categories()...)}
	for _, k := range x.wordsOf("kinds", texts(rule.Kinds())...) {
		c.Kinds = append(c.Kinds, funding.ItemKind(k))
	}
	if _, given := x.columns.place["kinds"]; !given && c.FlatBp == 0 {
		c.Kinds = rule.Kinds()
	}
	at := r.rulesFrom(x)
	if len(r.out.rows) > before || at.from == "" { // else its faults would be told again at the costs
		return
	}
	if slices.ContainsFunc(at.categories, func(o funding.CategoryRule) bool { return o.Category == c.Category }) {
		x.fault("category", "intake.want.once_here", nil)
		return
	}
	if err := rule.CheckCategory(c, r.folder.categoriesOn(at.from)); err != nil {
		for _, f := range fault.Of(err).All() {
			x.fault(f.Field, f.Key, f.Args)
		}
	}
	at.categories = append(at.categories, c)
}

// verification reads how claims are looked at, and the partners' terms; what is left out is as usual.
func (r *reader) verification(x *record) {
	u := funding.Usual()
	for column, a := range map[string]*money.Amount{"sample_from": &u.SampleFrom, "second_from": &u.SecondFrom, "proof_from": &u.ProofFrom} {
		if x.cell(column) != "" {
			*a = x.positive(column, true)
		}
	}
	if x.cell("sample_bp") != "" {
		u.SampleBp = x.bp("sample_bp", 10_000)
	}
	u.SampleSeed = x.integer("sample_seed", 0, 1<<62, u.SampleSeed)
	u.ClaimDays, u.ReplyDays = int(x.integer("claim_days", 0, 3650, int64(u.ClaimDays))), int(x.integer("reply_days", 0, 3650, int64(u.ReplyDays)))
	u.ParkedDays = int(x.integer("parked_days", 0, 3650, int64(u.ParkedDays)))
	at := r.rulesFrom(x)
	if at.claim != nil {
		x.fault("from", "intake.want.once_here", nil)
	}
	at.claim = &u
}

// categoriesOn are the categories' rules in force on a day.
func (f *Folder) categoriesOn(on period.Date) map[string]funding.CategoryRule {
	from, out := map[string]period.Date{}, map[string]funding.CategoryRule{}
	for _, c := range f.costs {
		for _, one := range c.categories {
			if c.from <= on && c.from >= from[one.Category] {
				from[one.Category], out[one.Category] = c.from, one
			}
		}
	}
	return out
}

// allowed tests an item against its category by the rules of its claim, and takes the cap over.
func (r *reader) allowed(x *record, i *item, of *year) {
	day := i.submitted()
	if of != nil {
		day = min(day, of.year.Last())
	}
	c, ruled := r.folder.categoriesOn(day)[i.Category]
	if ruled && len(c.Kinds) == 0 {
		x.fault("category", "intake.want.category_allowed", nil)
	}
	i.Cap = c.Cap
}

func (f *Folder) addCostRules(ctx context.Context, tx *db.Tx) error {
	for _, c := range f.costs {
		if err := funding.AddRules(ctx, tx, f.programme.ID, c.from, c.claim, c.categories); err != nil {
			return err
		}
	}
	return nil
}
