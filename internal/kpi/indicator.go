package kpi

import (
	"context"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
)

// Indicators are the KPIs of a programme as an agreement may assign them, in the order of the catalogue.
func Indicators(ctx context.Context, tx *db.Tx, g id.Programme) ([]agreement.Indicator, error) {
	definitions, err := Definitions(ctx, tx, g)
	if err != nil {
		return nil, err
	}
	all := make([]agreement.Indicator, len(definitions))
	for i, d := range definitions {
		all[i] = agreement.Indicator{ID: d.ID, Code: d.Code, Name: d.Name, Version: d.Version, Unit: d.Unit, Direction: string(d.Direction),
			Decimals: d.Decimals, Adds: d.Aggregate == Count || d.Aggregate == Sum}
	}
	return all, nil
}
