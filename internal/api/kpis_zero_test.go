package api

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"errera.eu/errera/internal/kpi"
)

// Golden case 4 over the interface: zero, not reported, waived and a sample too small are told apart.
func TestGolden04ZeroIsNotMissing(t *testing.T) {
	d := &kpi.Definition{Code: "reach"}
	b := &kpi.Board{Year: 2018, KPIs: []*kpi.Definition{d}}
	for code, c := range map[string]kpi.Cell{"zero": {Status: kpi.Valued, Value: new(big.Rat)}, "silent": {Status: kpi.NotReported, Value: new(big.Rat)},
		"waived": {Status: kpi.Waived, Value: new(big.Rat)}, "few": {Status: kpi.SmallSample}} {
		c.KPI, c.Year = d, 2018
		b.Partners = append(b.Partners, kpi.PartnerRow{Code: code, Cells: []*kpi.Cell{&c}})
	}
	for _, c := range cellsOf(b, &CellsIn{}) {
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if zero := strings.Contains(string(text), `"value":"0"`); zero != (c.Partner == "zero") {
			t.Errorf("%s reads %s", c.Partner, text)
		}
		if want := map[string]string{"zero": "value", "silent": "not-reported", "waived": "waived", "few": "small-sample"}[c.Partner]; c.Status != want {
			t.Errorf("%s has the status %s", c.Partner, c.Status)
		}
	}
}
