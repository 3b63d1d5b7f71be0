package kpi

import (
	"context"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// LoadHistory is what an agreement's partner attained in each year of the programme that was over on a day: the values that a settlement
// would freeze. A waived, unreported or too small cell has its target and no value. Missing when there is no such agreement.
func LoadHistory(ctx context.Context, tx *db.Tx, programme id.Programme, a id.Agreement, on period.Date) (agreement.History, error) {
	span, err := programmeSpan(ctx, tx, programme)
	if err != nil {
		return nil, err
	}
	h := agreement.History{}
	for _, year := range span.Years() {
		if year.Last() >= on {
			break
		}
		cells, err := AgreementCells(ctx, tx, programme, a, year)
		if err != nil {
			return nil, err
		}
		for _, c := range cells {
			if c.Status == NotDue {
				continue
			}
			past := agreement.Attained{Year: year, Target: c.Target}
			if c.Status == Valued {
				past.Value = c.Value
			}
			h[c.KPI.Code] = append(h[c.KPI.Code], past)
		}
	}
	return h, nil
}
