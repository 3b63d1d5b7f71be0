package kpis

import (
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/web/worldmap"
)

// marketMap is every part of the figure by market. Parts that give no figure, and rows that tell no market, are in the table beside it alone.
func (c kpiPage) marketMap() worldmap.Chart {
	m := worldmap.Chart{ID: "markets", Unit: c.T(c.V.KPI.UnitKey())}
	for _, p := range c.V.Parts[kpi.ByMarket] {
		if p.Value != "" && p.Amount != nil {
			m.Rows = append(m.Rows, worldmap.Row{Market: p.Value, Value: float(p.Amount), Label: kpi.Show(p.Amount, c.V.KPI.Decimals, c.Language), Href: c.partRows(p.Value)})
		}
	}
	return m
}

// marketMap is the distinct companies of the slice by market.
func (c reachPage) marketMap() worldmap.Chart {
	m := worldmap.Chart{ID: "markets", Unit: c.T("unit.head.companies")}
	for code, n := range c.Markets {
		m.Rows = append(m.Rows, worldmap.Row{Market: code, Value: float64(n.Companies), Label: c.Number(n.Companies), Href: c.With("market", code)})
	}
	return m
}
