// Package catalogue holds the KPIs that come with Errera, as a data file. A programme takes those that it wants; from then on they are its
// own and have their own versions. Nothing here is computed or stored.
package catalogue

import (
	_ "embed"
	"fmt"

	"github.com/pelletier/go-toml/v2"

	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/programme"
)

//go:embed kpis.toml
var file []byte

type entry struct {
	Code, Level                            string
	Name, Short, Meaning, Counting, Limits programme.Words
	Unit, Formula                          string
	Joint                                  kpi.Joint
	Direction                              kpi.Direction
	Decimals                               int
	MinSample                              int `toml:"min_sample"`
	Frequency, Owner                       string
}

// Sheets lists the KPIs that come with Errera as sheets that may be defined in any programme.
func Sheets() ([]kpi.Sheet, error) {
	var list struct{ KPI []entry }
	if err := toml.Unmarshal(file, &list); err != nil {
		return nil, fmt.Errorf("kpi catalogue: %w", err)
	}
	sheets := make([]kpi.Sheet, len(list.KPI))
	for i, e := range list.KPI {
		sheets[i] = kpi.Sheet{Code: e.Code, Level: e.Level, Name: e.Name, Short: e.Short, Meaning: e.Meaning, Counting: e.Counting, Limits: e.Limits,
			Unit: e.Unit, Formula: e.Formula, Joint: e.Joint, Direction: e.Direction, Decimals: e.Decimals, MinSample: e.MinSample,
			Frequency: e.Frequency, Owner: e.Owner, VerifiedOnly: true}
	}
	return sheets, nil
}
