// Package intake brings in what was made elsewhere: a programme as a folder of files, activities as JSON lines. It reads and checks
// everything first and names each fault by file, line and column; only then it writes. It states no rule of its own about money or
// KPIs: those are asked of the packages that have them.
package intake

import (
	"errera.eu/errera/internal/text"
)

// File is one file as it was read.
type File struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Rows   int    `json:"rows"` // of a table; 0 for TOML
}

// Done tells what an import did.
type Done string

// What an import may have done.
const (
	Loaded    Done = "loaded"
	Unchanged Done = "unchanged" // the same content was there already; nothing was written
	Checked   Done = "checked"   // a dry run: nothing was written
)

// Key is what was done, in words.
func (d Done) Key() text.Key { return text.Key("intake.done." + string(d)) }

// Count is how many of a thing there are in a report.
type Count struct {
	What text.Key `json:"what"`
	N    int      `json:"n"`
}

// Report tells what the import of a programme did.
type Report struct {
	Programme string  `json:"programme"` // code
	Done      Done    `json:"done"`
	Hash      string  `json:"sha256"`
	Files     []File  `json:"files"`
	Counts    []Count `json:"counts"`
	Entries   int     `json:"entries"` // of the money ledger
}
