package programme

import (
	"encoding/hex"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// Sorter makes the sort keys that names are stored with, so that both engines list them in the same order: accents, case and marks only
// break ties, numbers count as numbers. It is for one goroutine.
type Sorter struct {
	collator *collate.Collator
	buffer   collate.Buffer
}

// NewSorter makes a Sorter. One order serves all languages: keys are stored, readers differ.
func NewSorter() *Sorter {
	return &Sorter{collator: collate.New(language.Dutch, collate.Numeric)}
}

// Key is the name's key: comparing keys as bytes orders the names.
func (s *Sorter) Key(name string) string {
	s.buffer.Reset()
	return hex.EncodeToString(s.collator.KeyFromString(&s.buffer, name))
}
