// Package overlap holds the commands about activities that overlap.
package overlap

import (
	"io"
	"os"

	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/coordination/overlap"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// Command is `errera overlap`.
type Command struct {
	Find    find    `cmd:"" help:"Pairs among activities of a file: one activity listed twice, alike, or competing."`
	List    list    `cmd:"" help:"Overlaps of a year, the closest first."`
	Propose propose `cmd:"" help:"Propose to make one activity of the two, with shares of cost and credit."`
	Agree   agree   `cmd:"" help:"Agree to the proposal that waits; with the last one they become one activity."`
	Decline decline `cmd:"" help:"Answer the proposal with no, or take one's own back."`
	Move    move    `cmd:"" help:"Give one of the two other days."`
	Justify justify `cmd:"" help:"Keep both, and say why."`
	Dismiss dismiss `cmd:"" help:"Say that it is no overlap."`
	Reopen  reopen  `cmd:"" help:"Take a decision back."`
}

type find struct {
	In string `required:"" placeholder:"FILE.jsonl" help:"Activities as JSON lines (id, organiser, title, start; type, markets, sectors, end, city, country, url, language); - is standard input."`
}

// pair is a line of the result.
type pair struct {
	A     string          `json:"a"`
	B     string          `json:"b"`
	Kind  overlap.Kind    `json:"kind"`
	Score string          `json:"-"`
	Value float64         `json:"score"`
	Why   string          `json:"why"`
	Parts []overlap.Score `json:"parts"`
}

// Run reads the file, or tells everything that is wrong with it, and writes the pairs, the surest first.
func (c *find) Run(r *command.Run) error {
	in, name := r.In, "-"
	if c.In != "-" {
		f, err := os.Open(c.In)
		if err != nil {
			return fault.Missing("cli.no_file", text.Args{"path": c.In})
		}
		defer f.Close()
		in, name = io.Reader(f), c.In
	}
	items, err := overlap.Read(name, in)
	if err != nil {
		return err
	}
	rows := []pair{}
	for _, p := range overlap.NewFinder(items).All() {
		rows = append(rows, pair{A: p.A, B: p.B, Kind: p.Kind, Score: p.Show(), Value: float64(p.Bp) / 10000, Why: p.Why(r.Language()), Parts: p.Parts})
	}
	return command.WriteRows(r, rows, []string{"a", "b", "kind", "score", "why"}, func(p pair) []string {
		return []string{p.A, p.B, string(p.Kind), p.Score, p.Why}
	})
}
