package results

import (
	"slices"
	"sync"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi/measure"
	"errera.eu/errera/internal/period"
)

// tables keeps the tables of measures that were computed last: a program reads one page by page. A key holds the version of what was read
// and the day on which it was, so nothing goes stale.
type tables struct {
	rows *evidence.Mirror
	mu   sync.Mutex
	keys []tableKey // the oldest first
	kept map[tableKey]*measure.Table
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
	return &tables{rows: rows, kept: map[tableKey]*measure.Table{}}
}

// of is the table of a year (0 all) as the caller may see it. It is shared: nobody changes it.
func (k *tables) of(c *api.Call, year period.Year, years []period.Year) (*measure.Table, error) {
	v, err := c.Tx.Version(c, c.G.ID)
	if err != nil {
		return nil, err
	}
	key := tableKey{c.G.ID, v, c.Tx.Now.Date(), c.By.ScopeFor("kpi.read"), year}
	k.mu.Lock()
	found := k.kept[key]
	k.mu.Unlock()
	if found != nil {
		return found, nil
	}
	made, err := measure.Load(c, c.Tx, k.rows, key.scope, c.G, years...)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.kept[key] == nil {
		k.keys = append(k.keys, key)
	}
	k.kept[key] = made
	if len(k.keys) > mostTables {
		delete(k.kept, k.keys[0])
		k.keys = slices.Delete(k.keys, 0, 1)
	}
	return made, nil
}
