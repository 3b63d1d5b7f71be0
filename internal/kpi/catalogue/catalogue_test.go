package catalogue

import (
	"testing"

	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/kpi"
)

// Whether each can be defined and computed over evidence on both engines is tested in package kpi, which has a database.
func TestSheets(t *testing.T) {
	sheets, err := Sheets()
	if err != nil || len(sheets) < 25 {
		t.Fatalf("%d sheets, %v", len(sheets), err)
	}
	seen, kinds := map[string]bool{}, map[evidence.Kind]bool{}
	for _, s := range sheets {
		if seen[s.Code] || s.Level == "" || s.Meaning.NL == "" || s.Counting.FR == "" || s.Limits.EN == "" || s.Formula == "" {
			t.Errorf("sheet %+v", s)
		}
		seen[s.Code] = true
		d, err := s.Define(nil)
		if err != nil {
			t.Errorf("%s: %v", s.Code, err)
			continue
		}
		for _, k := range d.Kinds {
			kinds[k] = true
		}
		if d.Joint == kpi.Share && d.Aggregate != kpi.Count && d.Aggregate != kpi.Sum {
			t.Errorf("%s shares a %s", s.Code, d.Aggregate)
		}
	}
	for _, k := range evidence.Kinds() {
		if k != evidence.Declared && !kinds[k] {
			t.Errorf("no KPI takes evidence of %s", k)
		}
	}
}
