// Package pay holds the commands about batches to the bank, its statements and the accounts of partners.
package pay

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/camt"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/payment"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

type Command struct {
	Order           payOrder   `cmd:"" help:"Prepare a batch of what is owed to partners."`
	Approve         payApprove `cmd:"" help:"Approve a batch that somebody else prepared."`
	Discard         payDiscard `cmd:"" help:"Call a batch off before it goes to the bank."`
	Export          payExport  `cmd:"" help:"Write an approved batch for the bank (pain.001.001.09); the same file each time."`
	ImportStatement payImport  `cmd:"" name:"import-statement" help:"Read a bank statement (camt.053) and match it with what was paid."`
	List            payList    `cmd:"" help:"The batches."`

	Desk    deskCommand    `cmd:"" help:"Lines of bank statements that nothing matches."`
	Account accountCommand `cmd:"" help:"Bank accounts of partners and of the agency."`
}

type payOrder struct {
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that leads."`
	Partner   string `placeholder:"NAME" help:"Only what is owed to this partner (short name)."`
	Year      int    `help:"Only of this year."`
	On        string `placeholder:"DATE" help:"Day of execution; without it, today."`
	DryRun    bool   `help:"Only list what would be paid."`
}

// payable is a line of a batch that is or could be.
type payable struct {
	Partner string       `json:"partner"`
	Year    period.Year  `json:"year"`
	Kind    string       `json:"kind"`
	Claim   int          `json:"claim,omitempty"`
	Amount  money.Amount `json:"amount_cents"`
}

func (c *payOrder) Run(r *command.Run) error {
	out := struct {
		Batch string       `json:"batch,omitempty"`
		Total money.Amount `json:"total_cents"`
		Lines []payable    `json:"payments"`
	}{Lines: []payable{}}
	work := r.WriteIn
	if c.DryRun {
		work = r.ReadIn
	}
	err := work(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		all, err := payment.Payables(r, tx, by, g.ID)
		if err != nil {
			return err
		}
		var chosen []payment.Payable
		for _, p := range all {
			if (c.Partner == "" || strings.EqualFold(c.Partner, p.Name)) && (c.Year == 0 || p.Year == period.Year(c.Year)) {
				chosen = append(chosen, p)
				out.Lines = append(out.Lines, payable{p.Name, p.Year, string(p.Kind), p.Number, p.Amount})
				out.Total += p.Amount
			}
		}
		if c.DryRun {
			return nil
		}
		on := tx.Now.Date()
		if c.On != "" {
			if on, err = period.ParseDate(c.On); err != nil {
				return err
			}
		}
		batch, err := payment.Prepare(r, tx, by, g, on, chosen)
		if err != nil {
			return err
		}
		b, err := payment.Load(r, tx, by, g.ID, batch)
		out.Batch = b.Code()
		return err
	})
	if err != nil {
		return err
	}
	if r.Format == "json" {
		return command.WriteJSON(r.Out, out)
	}
	for _, l := range out.Lines {
		fmt.Fprintf(r.Out, "%-28s %d  %-10s %14s\n", l.Partner, l.Year, r.Language().Say(text.Key("kind."+l.Kind), nil), l.Amount)
	}
	if out.Batch != "" {
		r.Say("cli.batch_prepared", text.Args{"batch": out.Batch, "n": len(out.Lines), "total": out.Total})
	}
	return nil
}

// namedBatch is the batch of a number, with or without its B.
func namedBatch(r *command.Run, tx *db.Tx, by access.Actor, g id.Programme, name string) (payment.Batch, error) {
	all, err := payment.Batches(r, tx, by, g)
	if err != nil {
		return payment.Batch{}, err
	}
	n, err := strconv.Atoi(strings.TrimPrefix(strings.ToUpper(name), "B"))
	for _, b := range all {
		if err == nil && b.Number == n {
			return b, nil
		}
	}
	return payment.Batch{}, fault.Missing("payment.no_batch", nil)
}

type payBatch struct {
	Batch     string `arg:"" help:"Number of the batch, such as B3."`
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that leads."`
}

type (
	payApprove struct{ payBatch }
	payDiscard struct{ payBatch }
	payExport  struct {
		payBatch
		Out string `placeholder:"FILE" help:"File to write; without it, standard output."`
	}
)

func (c *payApprove) Run(r *command.Run) error {
	return r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		b, err := namedBatch(r, tx, by, g.ID, c.Batch)
		if err != nil {
			return err
		}
		return payment.Approve(r, tx, by, g.ID, b.ID)
	})
}

func (c *payDiscard) Run(r *command.Run) error {
	return r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		b, err := namedBatch(r, tx, by, g.ID, c.Batch)
		if err != nil {
			return err
		}
		return payment.Discard(r, tx, by, g.ID, b.ID)
	})
}

func (c *payExport) Run(r *command.Run) error {
	var file payment.File
	err := r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		b, err := namedBatch(r, tx, by, g.ID, c.Batch)
		if err != nil {
			return err
		}
		file, err = payment.Export(r, tx, by, g, b.ID)
		return err
	})
	if err != nil {
		return err
	}
	if c.Out == "" {
		_, err = io.WriteString(r.Out, file.Content)
		return err
	}
	if err := os.WriteFile(c.Out, []byte(file.Content), 0o600); err != nil {
		return fault.Invalid("out", "cli.cannot_write", text.Args{"path": c.Out})
	}
	r.Say("cli.batch_exported", text.Args{"path": c.Out, "hash": file.SHA256})
	return nil
}

type payImport struct {
	File      string `arg:"" help:"The statement, camt.053.001.02 or .08."`
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that leads."`
}

func (c *payImport) Run(r *command.Run) error {
	content, err := os.ReadFile(c.File)
	if err != nil {
		return fault.Missing("cli.no_file", text.Args{"path": c.File})
	}
	statements, err := camt.Read(strings.NewReader(string(content)))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	var done payment.Import
	err = r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) (err error) {
		done, err = payment.Read(r, tx, by, g.ID, g.Agency, filepath.Base(c.File), hex.EncodeToString(sum[:]), statements)
		return err
	})
	if err != nil {
		return err
	}
	if r.Format == "json" {
		return command.WriteJSON(r.Out, map[string]any{"statements": done.Statements, "lines": done.Lines, "new": done.Fresh, "matched": done.Matched,
			"at_desk": done.Open, "in_cents": done.In, "out_cents": done.Out})
	}
	fmt.Fprintln(r.Out, r.Language().Say("cli.statement_read", text.Args{"lines": done.Lines, "n": done.Fresh, "matched": done.Matched, "open": done.Open}))
	return nil
}

type payList struct {
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that leads."`
}

func (c *payList) Run(r *command.Run) error {
	var all []payment.Batch
	err := r.ReadIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) (err error) {
		all, err = payment.Batches(r, tx, by, g.ID)
		return err
	})
	if err != nil {
		return err
	}
	for _, b := range all {
		fmt.Fprintf(r.Out, "%-5s %s %4d %14s  %s\n", b.Code(), b.ExecuteOn, b.Payments, b.Total, r.Language().Say(access.StateKey(b.State), nil))
	}
	return nil
}
