// Package priorities writes where the strategy of the demonstration programme wants partners to be. They are chosen, not drawn: some are
// served, most are not, so that the page of gaps has something to say.
package priorities

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
)

var chosen = [][]string{
	{"market", "sector", "need"},
	{"IN", "food", ""},
	{"IN", "digital", "contacts"},
	{"IN", "biotech", ""},
	{"CN", "metal", "contacts"},
	{"JP", "health", "strategy"},
	{"KR", "food", ""},
	{"VN", "food", "contacts"},
	{"AE", "construction", ""},
	{"CL", "drinks", ""},
	{"MA", "logistics", ""},
	{"SN", "machinery", "information"},
	{"ZA", "pharma", ""},
	{"BR", "chemistry", "contacts"},
	{"US", "cleantech", ""},
}

// Save writes the priorities into the folder of a programme.
func Save(dir string) error {
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(chosen); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(dir, "plans"), 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "plans", "priorities.csv"), b.Bytes(), 0o644)
}
