package api

import (
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/memo"
	"errera.eu/errera/internal/period"
)

// boards keeps the boards that were computed last: a program reads a year's cells page by page.
type boards struct {
	kept *memo.Memo[boardKey, *kpi.Board]
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
	return &boards{memo.New[boardKey, *kpi.Board](mostBoards), rows}
}

// of is the year's board of all partners, not yet cut to what the caller may see.
func (b *boards) of(c *call, year period.Year, asOf period.Date) (*kpi.Board, error) {
	v, err := c.tx.Version(c, c.g.ID)
	if err != nil {
		return nil, err
	}
	return b.kept.Get(c, boardKey{c.g.ID, v.Programme, year, asOf}, func() (*kpi.Board, error) {
		return kpi.LoadBoard(c, c.tx, b.rows, c.g.ID, year, asOf, kpi.Live)
	})
}
