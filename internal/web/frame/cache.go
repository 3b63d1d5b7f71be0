package frame

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/coordination"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/kpi/cube"
	"errera.eu/errera/internal/memo"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/report"
)

// Seen says which state of a programme something was read from. The agency's own version is left out: it moves with every sign-in, and
// what the agency changes of organisations and companies comes with a write of the programme that it shows in.
type Seen struct {
	programme id.Programme
	version   int64
}

type boardKey struct {
	Seen
	year  period.Year
	asOf  period.Date
	basis kpi.Basis
}

type activitiesKey struct {
	Seen
	scope string // whose planned activities are in it
}

// PieceKey names a rendered part of a page: everything that it was made from.
type PieceKey struct {
	Seen
	Page, Query, Who string
}

// Key names a page's figures: everything that they were read by.
type Key struct {
	Seen
	Page, What, Who string
	Year            period.Year
	AsOf            period.Date
}

// Kept reads a page's figures once for a state of the programme.
func Kept[T any](ctx context.Context, c *Cache, key Key, load func() (T, error)) (T, error) {
	v, err := c.reports.Get(ctx, key, func() (any, error) { return load() })
	if err != nil {
		var none T
		return none, err
	}
	return v.(T), nil
}

// Cache holds what many pages show and is slow to reckon: a year's board of promises, the activities, the drawings of the
// calendar, and what pages keep of their own. It is bounded by entries, so that strange dates in addresses cost time and no memory.
type Cache struct {
	boards     *memo.Memo[boardKey, *kpi.Board]
	activities *memo.Memo[activitiesKey, *report.Activities]
	pieces     *memo.Memo[PieceKey, string]
	reports    *memo.Memo[Key, any]
	Evidence   *evidence.Mirror
	Reach      *cube.Cache
}

// NewCache is empty but for the evidence that others may have read already.
func NewCache(seen *evidence.Mirror) *Cache {
	return &Cache{
		boards:     memo.New[boardKey, *kpi.Board](8),
		activities: memo.New[activitiesKey, *report.Activities](6),
		pieces:     memo.New[PieceKey, string](24),
		reports:    memo.New[Key, any](96),
		Evidence:   seen,
		Reach:      cube.NewCache(),
	}
}

// SeenBy is the state of the programme that tx reads.
func SeenBy(ctx context.Context, tx *db.Tx, g id.Programme) (Seen, error) {
	v, err := tx.Version(ctx, g)
	return Seen{g, v.Programme}, err
}

// Board is the year's board of all partners on a day, not yet cut to what the reader may see: callers take Within of it.
func (c *Cache) Board(ctx context.Context, tx *db.Tx, g id.Programme, year period.Year, asOf period.Date, basis kpi.Basis) (*kpi.Board, error) {
	s, err := SeenBy(ctx, tx, g)
	if err != nil {
		return nil, err
	}
	return c.boards.Get(ctx, boardKey{s, year, asOf, basis}, func() (*kpi.Board, error) {
		return kpi.LoadBoard(ctx, tx, c.Evidence, g, year, asOf, basis)
	})
}

// Activities is all activities of the programme that the reader may see.
func (c *Cache) Activities(ctx context.Context, tx *db.Tx, p *Page) (*report.Activities, Seen, error) {
	s, err := SeenBy(ctx, tx, p.Programme.ID)
	if err != nil {
		return nil, s, err
	}
	all, err := c.activities.Get(ctx, activitiesKey{s, ""}, func() (*report.Activities, error) {
		return report.LoadPublished(ctx, tx, p.Programme)
	})
	scope := p.Actor.Scope()
	if err != nil || scope == "" {
		return all, s, err
	}
	// The published ones are shared between readers; only a few are planned.
	seenToo, err := c.activities.Get(ctx, activitiesKey{s, string(scope)}, func() (*report.Activities, error) {
		return report.WithPlanned(ctx, tx, p.Programme, scope, all)
	})
	return seenToo, s, err
}

// Overlaps are those of the year, of organisers in the scope, found once for a state of the programme. The list is the caller's own.
func (c *Cache) Overlaps(ctx context.Context, tx *db.Tx, g id.Programme, scope access.Scope, year period.Year) ([]coordination.Overlap, error) {
	s, err := SeenBy(ctx, tx, g)
	if err != nil {
		return nil, err
	}
	all, err := Kept(ctx, c, Key{Seen: s, Page: "overlaps", Year: year}, func() ([]coordination.Overlap, error) {
		return coordination.Between(ctx, tx, access.All, g, year.First(), year.Last())
	})
	return coordination.Within(all, scope), err
}

// Piece is a rendered part of a page.
func (c *Cache) Piece(ctx context.Context, key PieceKey, render func() (string, error)) (string, error) {
	return c.pieces.Get(ctx, key, render)
}
