package knowledge

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
)

// Facets are what the published items that reach a reader are about, for choosing among them.
type Facets struct {
	Markets, Sectors []string
	Organisations    []id.Organisation
}

var selectFacets = db.SQL("knowledge.item.facets",
	`select distinct i.markets, i.sectors, i.organisation_id from knowledge_item i where `+seen+` and i.state = 'published'`)

// FacetsOf reads them.
func FacetsOf(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme) (Facets, error) {
	var f Facets
	r := readerOf(by)
	if r.none {
		return f, nil
	}
	markets, sectors, organisations := map[string]bool{}, map[string]bool{}, map[id.Organisation]bool{}
	err := tx.Each(ctx, selectFacets, []any{g, int(r.reach), r.own}, func(rows *sql.Rows) error {
		var m, s string
		var o id.Organisation
		err := rows.Scan(&m, &s, &o)
		for _, code := range strings.Fields(m) {
			markets[code] = true
		}
		for _, code := range strings.Fields(s) {
			sectors[code] = true
		}
		organisations[o] = true
		return err
	})
	f.Markets, f.Sectors, f.Organisations = keys(markets), keys(sectors), keys(organisations)
	return f, err
}

func keys[K ~string](set map[K]bool) []K {
	out := make([]K, 0, len(set))
	for k := range set {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// SeenAs names what somebody sees of the library: two readers with the same name see the same.
func SeenAs(by access.Actor) string {
	r := readerOf(by)
	return strconv.Itoa(int(r.reach)) + strconv.FormatBool(r.none) + r.own
}

// Unpublished are the drafts and withdrawn items of organisations, the last changed first, as far as they reach the reader.
func Unpublished(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, of []id.Organisation) ([]Item, error) {
	r := readerOf(by)
	var all []Item
	for _, o := range of {
		if err := tx.Each(ctx, selectDrafts, []any{g, int(r.reach), r.own, o}, func(rows *sql.Rows) error {
			var i Item
			err := scan(rows, &i)
			all = append(all, i)
			return err
		}); err != nil {
			return nil, err
		}
	}
	return all, nil
}
