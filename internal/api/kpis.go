package api

import (
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// KPI is a definition over evidence.
type KPI struct {
	Code         string   `json:"code"`
	Name         Words    `json:"name"`
	Unit         string   `json:"unit"`
	Kinds        []string `json:"evidence_kinds" nullable:"false"`
	Aggregate    string   `json:"aggregate" enum:"count,sum,distinct,mean,ratio,last"`
	Joint        string   `json:"joint" enum:"full,share" doc:"Whether joint results count in full for each partner or by share"`
	Direction    string   `json:"direction" enum:"up,down"`
	Decimals     int      `json:"decimals"`
	MinSample    int      `json:"min_sample"`
	VerifiedOnly bool     `json:"verified_only"`
	Version      int      `json:"version"`
}

// KPIsIn asks for the catalogue.
type KPIsIn struct {
	InProgramme
	Paged
}

// CellsIn asks for cells.
type CellsIn struct {
	InProgramme
	Paged
	Year    int    `query:"year" doc:"Without it, the year of as_of"`
	AsOf    string `query:"as_of" format:"date" doc:"As it was known on that day; without it, today or the programme's last day"`
	Partner string `query:"partner"`
	KPI     string `query:"kpi"`
}

func (a *API) kpis() {
	list(a, endpoint{id: "list-kpis", path: "/programmes/{programme}/kpis", noun: "KPIs", summary: "The KPI catalogue", verb: "kpi.read"},
		func(c *call, in *KPIsIn) ([]KPI, string, error) {
			all, err := kpi.Definitions(c, c.tx, c.g.ID)
			if err != nil {
				return nil, "", err
			}
			items := make([]KPI, len(all))
			for i, d := range all {
				items[i] = kpiOut(d)
			}
			return cut(items, in.Paged, func(k KPI) string { return k.Code })
		})
	list(a, endpoint{id: "list-cells", path: "/programmes/{programme}/cells", noun: "KPIs", verb: "kpi.read",
		summary: "What partners promised in a year and how far it is, computed from evidence; own partner only, except for the agency"},
		func(c *call, in *CellsIn) ([]Cell, string, error) {
			b, err := a.board(c, in)
			if err != nil {
				return nil, "", err
			}
			return cut(cellsOf(b, in), in.Paged, func(x Cell) string { return x.Partner + "." + x.KPI })
		})
}

// board is the year's board within what the caller may see.
func (a *API) board(c *call, in *CellsIn) (*kpi.Board, error) {
	today := c.tx.Now.Date()
	asOf := min(today, c.g.Ends)
	if in.AsOf != "" {
		if asOf = period.Date(in.AsOf); asOf > today {
			return nil, fault.Invalid("as_of", "api.not_yet", text.Args{"found": in.AsOf})
		}
	}
	year := period.Year(in.Year)
	if in.Year == 0 {
		year = min(max(asOf.Year(), c.g.Starts.Year()), c.g.Ends.Year())
	}
	if year < c.g.Starts.Year() || year > c.g.Ends.Year() {
		return nil, fault.Invalid("year", "api.no_year", text.Args{"from": int(c.g.Starts.Year()), "to": int(c.g.Ends.Year())})
	}
	b, err := a.boards.of(c, year, asOf)
	if err != nil {
		return nil, err
	}
	return b.Within(c.by.ScopeFor("kpi.read")), nil
}

func cellsOf(b *kpi.Board, in *CellsIn) []Cell {
	var items []Cell
	for i := range b.Partners {
		p := &b.Partners[i]
		for k, x := range p.Cells {
			if x == nil || (in.Partner != "" && in.Partner != p.Code) || (in.KPI != "" && in.KPI != b.KPIs[k].Code) {
				continue
			}
			out := Cell{Partner: p.Code, KPI: x.KPI.Code, Year: int(x.Year), Status: string(x.Status), Target: kpi.Decimal(x.Target),
				Signed: kpi.Decimal(x.TargetSigned), Weight: x.Weight, Rows: x.Figure.Sample, Verified: x.Figure.Verified,
				Declared: x.Figure.Declared, Course: string(x.Course)}
			if x.Status == kpi.Valued || x.Status == kpi.NotDue {
				out.Value = kpi.Decimal(x.Value)
			}
			if x.Attainment != nil {
				out.AttainmentBp = &x.AttainmentBp
			}
			items = append(items, out)
		}
	}
	return items
}

func kpiOut(d *kpi.Definition) KPI {
	out := KPI{Code: d.Code, Name: wordsOf(d.Name), Unit: d.Unit, Kinds: []string{}, Aggregate: string(d.Aggregate), Joint: string(d.Joint),
		Direction: string(d.Direction), Decimals: d.Decimals, MinSample: d.MinSample, VerifiedOnly: d.VerifiedOnly, Version: d.Version}
	for _, k := range d.Kinds {
		out.Kinds = append(out.Kinds, string(k))
	}
	return out
}
