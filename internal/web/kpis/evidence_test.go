package kpis

import (
	"net/http/httptest"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/web/frame"
	"errera.eu/errera/internal/web/webtest"
)

// TestRowsBehindEveryFigure: the list that a figure opens has as many rows as went into the figure, on any day, whatever basis.
func TestRowsBehindEveryFigure(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		p := webtest.ByHand(t, d)
		figures, rows := 0, 0
		for _, asOf := range []period.Date{"2018-05-01", "2018-09-30", "2018-12-31", "2019-12-31"} {
			for _, basis := range []kpi.Basis{kpi.Live, kpi.Paying} {
				p.Year, p.AsOf = 2018, asOf
				if err := d.Read(t.Context(), func(tx *db.Tx) error {
					b, err := kpi.LoadBoard(t.Context(), tx, nil, p.Programme.ID, p.Year, asOf, basis)
					if err != nil {
						return err
					}
					for k := range b.KPIs {
						cells := map[string]*kpi.Cell{"": &b.Totals[k]}
						for _, row := range b.Partners {
							cells[row.Code] = row.Cells[k]
						}
						for code, cell := range cells {
							if cell == nil {
								continue
							}
							figures++
							rows += cell.Figure.Sample
							if n := listed(t, tx, p, cell.KPI.Code, code, basis); n != cell.Figure.Sample {
								t.Errorf("%s, %s, %s of %q: %d rows listed, %d in the figure", asOf, basis, cell.KPI.Code, code, n, cell.Figure.Sample)
							}
						}
					}
					return nil
				}); err != nil {
					t.Fatal(err)
				}
			}
		}
		if figures < 40 || rows < 100 {
			t.Errorf("%d figures over %d rows: too few to prove anything", figures, rows)
		}
	})
}

func listed(t *testing.T, tx *db.Tx, p frame.Page, code, partner string, basis kpi.Basis) int {
	t.Helper()
	r := httptest.NewRequest("GET", "/evidence?kpi="+code+"&partner="+partner+"&basis="+string(basis), nil).WithContext(t.Context())
	p.URL = r.URL
	c, err := chooseEvidence(r, tx, &p)
	if err != nil {
		t.Fatal(err)
	}
	n, err := c.Filter.Count(t.Context(), tx, p.Programme.ID)
	if err != nil {
		t.Fatal(err)
	}
	items, err := allItems(r, tx, p.Programme.ID, c.Filter)
	if err != nil || len(items) != n {
		t.Errorf("%d counted, %d listed, %v", n, len(items), err)
	}
	return n
}

// TestProvenIsWhatSettles: the figures that the page of an agreement shows as counting are those that a settlement freezes.
func TestProvenIsWhatSettles(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		p := webtest.ByHand(t, d)
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			b, err := kpi.LoadBoard(t.Context(), tx, nil, p.Programme.ID, 2018, "2019-12-31", kpi.Paying)
			if err != nil {
				return err
			}
			for _, row := range b.Partners {
				frozen, err := kpi.AgreementCells(t.Context(), tx, p.Programme.ID, row.Agreement, 2018)
				if err != nil {
					return err
				}
				shown := map[string]*kpi.Cell{}
				for _, cell := range row.Cells {
					if cell != nil {
						shown[cell.KPI.Code] = cell
					}
				}
				if len(frozen) == 0 || len(frozen) != len(shown) {
					t.Errorf("%s: %d frozen, %d shown", row.Code, len(frozen), len(shown))
				}
				for _, f := range frozen {
					if s := shown[f.KPI.Code]; s == nil || s.Status != f.Status || s.EvidenceHash() != f.EvidenceHash() ||
						s.AttainmentBp != f.AttainmentBp || kpi.Decimal(s.Value) != kpi.Decimal(f.Value) {
						t.Errorf("%s, %s: the page shows %+v, a settlement freezes %+v", row.Code, f.KPI.Code, s, f)
					}
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}
