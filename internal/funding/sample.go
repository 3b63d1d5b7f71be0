package funding

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// drawn tells by which rules an item is in the sample. The draw depends on the programme's seed and on the item alone: drawing again gives
// the same, and no other item changes it.
func (r ClaimRule) drawn(i Item, eligible money.Amount) []string {
	var rules []string
	if r.SampleFrom > 0 && max(eligible, -eligible) >= r.SampleFrom {
		rules = append(rules, "high")
	}
	if i.Kind == Staff {
		rules = append(rules, "staff")
	}
	if i.Procured {
		rules = append(rules, "procured")
	}
	if i.Returns != "" {
		rules = append(rules, "returned")
	}
	if chance(r.SampleSeed, i.Ref) < uint64(r.SampleBp) {
		rules = append(rules, "random")
	}
	return rules
}

// chance is a number below 10,000 that the seed and a reference fix.
func chance(seed int64, ref string) uint64 {
	sum := sha256.Sum256(append(binary.BigEndian.AppendUint64(nil, uint64(seed)), ref...))
	return binary.BigEndian.Uint64(sum[:8]) % uint64(money.Whole)
}

func drawSample(ctx context.Context, tx *db.Tx, g id.Programme, claim id.Claim) error {
	var ruleOn period.Date
	if err := tx.Row(ctx, selectRuleOn, g, claim).Scan(&ruleOn); err != nil {
		return err
	}
	rules, err := LoadRules(ctx, tx, g, cmp.Or(ruleOn, tx.Now.Date()))
	if err != nil {
		return err
	}
	items, err := loadItems(ctx, tx, g, claim)
	if err != nil {
		return err
	}
	var rows [][]any
	for _, i := range items {
		if i.Kind == Flat {
			continue
		}
		for _, rule := range rules.Claim.drawn(i, i.eligible) {
			rows = append(rows, []any{g, i.ID, rule, "", tx.Now.Date(), nil})
		}
	}
	return tx.Insert(ctx, "item_sample", sampleColumns(), rows)
}

func sampleColumns() []string {
	return []string{"programme_id", "item_id", "rule", "reason", "added_on", "added_by"}
}

// addSample puts an item into the sample; one that is in it by that rule already stays as it is.
func addSample(ctx context.Context, tx *db.Tx, g id.Programme, by access.Actor, item id.Item, rule, reason string) error {
	_, err := tx.Exec(ctx, insertSample, g, item, rule, reason, tx.Now.Date(), db.OrNull(by.ID))
	return err
}

// Sample puts an item into the sample by hand, with a reason. Nothing takes it out again.
func Sample(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, item id.Item, reason string) error {
	c, i, _, err := itemToDecide(ctx, tx, by, g, item, "item.sample")
	if err != nil {
		return err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return fault.Invalid("reason", "funding.reason_needed", nil)
	}
	if err := addSample(ctx, tx, g, by, item, "hand", reason); err != nil {
		return err
	}
	return trail(ctx, tx, by, g, "item.sample", "item", string(i.ID), nil, claimSeen{State: c.State, Words: reason})
}

// Sampled is why an item is in the sample.
type Sampled struct {
	Item   id.Item
	Rules  []string
	Reason string // of an item that was added by hand
}

// LoadSample gives the sample of a claim by item.
func LoadSample(ctx context.Context, tx *db.Tx, g id.Programme, claim id.Claim) (map[id.Item]Sampled, error) {
	out := map[id.Item]Sampled{}
	err := tx.Each(ctx, selectSample, []any{g, claim}, func(r *sql.Rows) error {
		var item id.Item
		var rule, reason string
		err := r.Scan(&item, &rule, &reason)
		s := out[item]
		s.Item, s.Rules, s.Reason = item, append(slices.Clone(s.Rules), rule), s.Reason+reason
		out[item] = s
		return err
	})
	return out, err
}

var (
	selectRuleOn = db.SQL("funding.claim.rule_on", `select c.rule_on from claim c where c.programme_id = $1 and c.id = $2`)
	insertSample = db.SQL("funding.sample.add",
		`insert into item_sample (programme_id, item_id, rule, reason, added_on, added_by) values ($1, $2, $3, $4, $5, $6)
		 on conflict (programme_id, item_id, rule) do nothing`)
	selectSample = db.SQL("funding.sample.list",
		`select s.item_id, s.rule, s.reason from cost_item i
		 join item_sample s on s.programme_id = i.programme_id and s.item_id = i.id
		 where i.programme_id = $1 and i.claim_id = $2 order by s.item_id, s.rule`)
)
