package payment

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/pain"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/programme"
)

var (
	selectContent = db.SQL("payment.batch.content", `select content from payment_batch where programme_id = $1 and id = $2`)
	exportBatch   = db.SQL("payment.batch.export",
		`update payment_batch set state = 'exported', exported_at = $3, exported_by = $4, sha256 = $5, content = $6
		 where programme_id = $1 and id = $2 and state = 'approved'`)
)

// File is what goes to the bank.
type File struct {
	Name    string
	SHA256  string
	Content string
}

// Export makes the bank's file of an approved batch, pain.001.001.09. Asked again, it gives the very same file: a batch leaves once.
func Export(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, batch id.Batch) (File, error) {
	b, err := load(ctx, tx, by, g.ID, batch)
	if err != nil {
		return File{}, err
	}
	name := g.Code + "-" + b.Code() + ".pain.001.xml"
	if b.SHA256 != "" {
		if !by.Holds("batch.export") {
			return File{}, by.May("batch.export", b.Subject())
		}
		f := File{Name: name, SHA256: b.SHA256}
		return f, tx.Row(ctx, selectContent, g.ID, b.ID).Scan(&f.Content)
	}
	if err := by.May("batch.export", b.Subject()); err != nil {
		return File{}, err
	}
	if err := sameAccounts(ctx, tx, g.ID, b); err != nil {
		return File{}, err
	}
	content, err := write(ctx, tx, g, b)
	if err != nil {
		return File{}, err
	}
	sum := sha256.Sum256([]byte(content))
	f := File{Name: name, SHA256: hex.EncodeToString(sum[:]), Content: content}
	n, err := tx.Exec(ctx, exportBatch, g.ID, b.ID, tx.Now, db.OrNull(by.ID), f.SHA256, f.Content)
	if err == nil && n != 1 {
		err = fault.Conflict("payment.batch_moved", nil)
	}
	if err != nil {
		return File{}, err
	}
	return f, trail(ctx, tx, by, g.ID, "batch.export", "batch", string(b.ID), seen{b.State, b.Total.String()}, seen{"exported", f.SHA256})
}

func write(ctx context.Context, tx *db.Tx, g programme.Programme, b Batch) (string, error) {
	from, err := scanAccount(tx.Row(ctx, selectAccount, g.ID, b.Account).Scan)
	if err != nil {
		return "", err
	}
	payments, err := Of(ctx, tx, g.ID, b.ID)
	if err != nil {
		return "", err
	}
	o := pain.Order{ID: compact(b.ID), CreatedAt: string(tx.Now)[:19], ExecuteOn: max(b.ExecuteOn, tx.Now.Date()),
		Debtor: pain.Party{Name: from.Holder, Account: from.IBAN, BIC: from.BIC}}
	for _, p := range payments {
		o.Transfers = append(o.Transfers, pain.Transfer{EndToEndID: p.EndToEnd, Amount: p.Amount, Text: p.Words,
			Creditor: pain.Party{Name: p.Holder, Account: p.IBAN, BIC: p.BIC}})
	}
	var out bytes.Buffer
	err = pain.Write(&out, o)
	return out.String(), err
}
