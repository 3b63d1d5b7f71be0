package cli

import (
	"errors"
	"fmt"
	"os"

	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/ubl"
	"errera.eu/errera/internal/text"
)

type invoiceCommand struct {
	Read invoiceRead `cmd:"" help:"An e-invoice or credit note (EN 16931, UBL) as JSON, with the rules that it breaks."`
}

type invoiceRead struct {
	File string `arg:"" help:"The UBL file."`
}

// brokenRule is a breach in words.
type brokenRule struct {
	ubl.Breach
	What string `json:"what"`
}

func (c *invoiceRead) Run(r *command.Run) error {
	f, err := os.Open(c.File)
	if err != nil {
		return fault.Missing("cli.no_file", text.Args{"path": c.File})
	}
	defer f.Close()
	v, err := ubl.Read(f)
	var broken ubl.Broken
	if err != nil && !errors.As(err, &broken) {
		return err
	}
	out := struct {
		ubl.Invoice
		Accepted bool         `json:"accepted"`
		Broken   []brokenRule `json:"broken"`
	}{Invoice: v, Accepted: err == nil, Broken: []brokenRule{}}
	for _, b := range broken {
		out.Broken = append(out.Broken, brokenRule{b, r.Language().Say(b.Key, b.Args)})
		fmt.Fprintln(r.Messages, c.File+": "+b.Say(r.Language()))
	}
	if e := command.WriteJSON(r.Out, out); e != nil {
		return e
	}
	return err
}
