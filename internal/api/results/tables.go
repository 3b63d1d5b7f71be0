package results

import (
	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi/measure"
	"errera.eu/errera/internal/memo"
	"errera.eu/errera/internal/period"
)

// tables keeps the tables of measures that were computed last: a program reads one page by page. They are of the day on which they were read.
type tables struct {
	kept *memo.Memo[tableKey, *measure.Table]
	rows *evidence.Mirror
}

type tableKey struct {
	programme id.Programme
	version   db.Version
	day       period.Date
	scope     access.Scope
	year      period.Year // 0 all
}

const mostTables = 6

func newTables(rows *evidence.Mirror) *tables {
	return &tables{memo.New[tableKey, *measure.Table](mostTables), rows}
}

// of is the table of a year (0 all) as the caller may see it. It is shared: nobody changes it.
func (k *tables) of(c *api.Call, year period.Year, years []period.Year) (*measure.Table, error) {
	v, err := c.Tx.Version(c, c.G.ID)
	if err != nil {
		return nil, err
	}
	key := tableKey{c.G.ID, v, c.Tx.Now.Date(), c.By.ScopeFor("kpi.read"), year}
	return k.kept.Get(c, key, func() (*measure.Table, error) {
		return measure.Load(c, c.Tx, k.rows, key.scope, c.G, years...)
	})
}
