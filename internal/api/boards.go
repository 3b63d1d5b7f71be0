package api

import (
	"sync"

	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/period"
)

// boards keeps the boards that were computed last: a program reads a year's cells page by page. A key holds the version of what was read,
// so nothing goes stale.
type boards struct {
	mu   sync.Mutex
	keys []boardKey // the oldest first
	kept map[boardKey]*kpi.Board
	rows *evidence.Mirror
}

type boardKey struct {
	programme id.Programme
	version   int64
	year      period.Year
	asOf      period.Date
}

const mostBoards = 4

func newBoards(rows *evidence.Mirror) *boards {
	return &boards{kept: map[boardKey]*kpi.Board{}, rows: rows}
}

// of is the year's board of all partners, not yet cut to what the caller may see.
func (b *boards) of(c *call, year period.Year, asOf period.Date) (*kpi.Board, error) {
	v, err := c.tx.Version(c, c.g.ID)
	if err != nil {
		return nil, err
	}
	key := boardKey{c.g.ID, v.Programme, year, asOf}
	b.mu.Lock()
	found := b.kept[key]
	b.mu.Unlock()
	if found != nil {
		return found, nil
	}
	made, err := kpi.LoadBoard(c, c.tx, b.rows, c.g.ID, year, asOf, kpi.Live)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.kept[key] == nil {
		b.keys = append(b.keys, key)
	}
	b.kept[key] = made
	if len(b.keys) > mostBoards {
		delete(b.kept, b.keys[0])
		b.keys = b.keys[1:]
	}
	return made, nil
}
