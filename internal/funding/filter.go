package funding

import (
	"context"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
)

// ItemFilter narrows the items of a claim; what is empty narrows nothing.
type ItemFilter struct {
	Only     id.Item
	State    ItemState
	Category string
	Words    string  // in the reference, the description, the supplier's number or the invoice's; an accented letter stands for any letter
	After    id.Item // the last one seen: items are listed as they were entered
	Limit    int     // 0: all
}

const itemWhere = ` i.programme_id = $1 and i.claim_id = $2 and ($3 = '' or i.id = $3) and ($4 = '' or i.state = $4) and ($5 = '' or i.category = $5)
   and ($6 = '' or lower(i.description || ' ' || i.ref || ' ' || i.supplier || ' ' || i.invoice) like $6 escape '\')`

var (
	sumItems = db.SQL("funding.item.sum",
		`select count(*), cast(coalesce(sum(i.eligible), 0) as bigint), cast(coalesce(sum(i.accepted), 0) as bigint) from cost_item i where `+itemWhere+` and i.id > $7`)
	selectBeside = db.SQL("funding.item.beside",
		`select coalesce((select i.id from cost_item i where `+itemWhere+` and i.id < $7 order by i.id desc limit 1), ''),
		   coalesce((select i.id from cost_item i where `+itemWhere+` and i.id > $7 order by i.id limit 1), '')`)
	selectFirst = db.SQL("funding.item.first",
		`select i.id from cost_item i where i.programme_id = $1 and i.claim_id = $2 and i.state = 'declared' and i.kind <> 'flat'
		   and ($3 = 0 or exists (select 1 from item_sample s where s.programme_id = i.programme_id and s.item_id = i.id)) order by i.id limit 1`)
)

func (f ItemFilter) args(g id.Programme, claim id.Claim) []any {
	return []any{g, claim, f.Only, f.State, f.Category, pattern(f.Words)}
}

// pattern is what like looks for. Engines fold letters beyond ASCII each in its own way, so those match any one letter.
func pattern(words string) string {
	words = strings.Join(strings.Fields(words), " ")
	if words == "" {
		return ""
	}
	var b strings.Builder
	for _, r := range strings.ToLower(words) {
		switch {
		case r > 127:
			r = '_'
		case strings.ContainsRune(`%_\`, r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return "%" + b.String() + "%"
}

// Some reads the items of a claim that a filter lets through.
func Some(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim, f ItemFilter) ([]Item, error) {
	if _, err := LoadClaim(ctx, tx, by, g, claim); err != nil {
		return nil, err
	}
	return readItems(ctx, tx, g, claim, f)
}

// SumSome counts what a filter lets through, and adds up what was declared and accepted of it, after one where the filter says so, whatever its limit.
func SumSome(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim, f ItemFilter) (n int, declared, accepted money.Amount, err error) {
	if _, err = LoadClaim(ctx, tx, by, g, claim); err != nil {
		return 0, 0, 0, err
	}
	err = tx.Row(ctx, sumItems, append(f.args(g, claim), f.After)...).Scan(&n, &declared, &accepted)
	return n, declared, accepted, err
}

// Beside gives the items before and after one among those that a filter lets through, "" at the ends.
func Beside(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim, f ItemFilter, item id.Item) (before, after id.Item, err error) {
	if _, err = LoadClaim(ctx, tx, by, g, claim); err != nil {
		return "", "", err
	}
	err = tx.Row(ctx, selectBeside, append(f.args(g, claim), item)...).Scan(&before, &after)
	return before, after, err
}

// FirstUndecided is the item of a claim that a controller looks at first: the first undecided of its sample, or of all; "" where none is.
func FirstUndecided(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim, sample map[id.Item]Sampled) (item id.Item, err error) {
	if _, err = LoadClaim(ctx, tx, by, g, claim); err != nil {
		return "", err
	}
	for sampled := min(1, len(sample)); sampled >= 0; sampled-- {
		err = tx.Row(ctx, selectFirst, g, claim, sampled).Scan(&item)
		if err != db.ErrNone {
			return item, err
		}
	}
	return "", nil
}
