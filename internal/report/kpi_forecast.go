package report

import (
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/money"
)

// KPIForecast is where the year of a KPI is expected to end and what that is worth.
type KPIForecast struct {
	Forecast   *kpi.Forecast // nil outside the year, or without a figure
	ChanceBp   int64         // of reaching the target
	ChanceTold bool
	Stake      money.Amount // what the KPI could still earn at the partners shown, on today's figures
	StakeShown bool         // settlements are within the reader's reach
}
