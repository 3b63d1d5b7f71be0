package funding

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/id"
)

var selectProofs = db.SQL("funding.proof.list",
	`select f.item_id, f.file_id from cost_item i cross join item_proof f
	 where i.programme_id = $1 and i.claim_id = $2 and f.programme_id = i.programme_id and f.item_id = i.id
	   and ($3 = '' or f.file_id = $3) order by f.file_id`)
var selectProofsOf = db.SQL("funding.proof.of_item",
	`select f.item_id, f.file_id from item_proof f join cost_item i on i.programme_id = f.programme_id and i.id = f.item_id
	 where f.programme_id = $1 and i.claim_id = $2 and ($3 = '' or f.file_id = $3) and f.item_id = $4 order by f.file_id`)

// Attach keeps a file as proof of an item. The partner attaches until the claim is verified; the same file twice is attached once.
func Attach(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, item id.Item, p file.Proof) (id.File, error) {
	c, i, _, err := loadItem(ctx, tx, by, g, item)
	if err != nil {
		return "", err
	}
	if err := by.May("item.prove", access.Subject{Kind: "item", State: string(i.State), Partner: c.Partner}); err != nil {
		return "", err
	}
	switch c.State {
	case "draft", "submitted", "in-verification", "queried":
	default:
		return "", fault.Conflict("funding.claim_moved", nil)
	}
	added, err := file.Add(ctx, tx, by, g, c.Partner, p)
	if err != nil {
		return "", err
	}
	if err := prove(ctx, tx, g, item, added.ID); err != nil {
		return "", err
	}
	return added.ID, trail(ctx, tx, by, g, "item.prove", "item", string(item), nil, proofSeen{added.Name, p.SHA256()})
}

// prove notes the files that prove an item.
func prove(ctx context.Context, tx *db.Tx, g id.Programme, item id.Item, files ...id.File) error {
	var rows [][]any
	for _, f := range files {
		rows = append(rows, []any{g, item, f})
	}
	return tx.Insert(ctx, "item_proof", []string{"programme_id", "item_id", "file_id"}, rows)
}

// filesOf lists the files that prove a claim's items, by item: of all, of one, or only one file; "" narrows nothing.
func filesOf(ctx context.Context, tx *db.Tx, g id.Programme, claim id.Claim, item id.Item, only id.File) (map[id.Item][]id.File, error) {
	q, args := selectProofs, []any{g, claim, only}
	if item != "" {
		q, args = selectProofsOf, append(args, item)
	}
	all := map[id.Item][]id.File{}
	err := tx.Each(ctx, q, args, func(r *sql.Rows) error {
		var i id.Item
		var f id.File
		err := r.Scan(&i, &f)
		all[i] = append(all[i], f)
		return err
	})
	return all, err
}

type proofSeen struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// Proofs gives the files of a claim's items, by item: of all, of one, or only one file; "" narrows nothing.
func Proofs(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim, item id.Item, only id.File) (map[id.Item][]file.File, error) {
	if _, err := LoadClaim(ctx, tx, by, g, claim); err != nil {
		return nil, err
	}
	files, err := filesOf(ctx, tx, g, claim, item, only)
	if err != nil {
		return nil, err
	}
	out := map[id.Item][]file.File{}
	for i, all := range files {
		for _, one := range all {
			f, err := file.Load(ctx, tx, by, g, one)
			if err != nil {
				return nil, err
			}
			out[i] = append(out[i], f)
		}
	}
	return out, nil
}
