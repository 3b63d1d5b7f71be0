package activity

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// Filter says which activities to list; an empty field does not filter.
type Filter struct {
	Scope        access.Scope // whose planned activities show; the others show to all
	From, To     period.Date  // of the start
	Organisation id.Organisation
	Type         Type
	State        State
	Place        Place
	Country      string
	Market       string
	Sector       string
	Need         string
	Joint        bool   // two organisers or more
	Words        string // each of them in title, city or code, without regard to case and accents
	Newest       bool   // the newest first
	After        Key    // of the page before
	Limit        int    // 0: all
}

// Key is the place of an activity in a list; the zero Key is the beginning.
type Key struct {
	Starts period.Date
	ID     id.Activity
}

var (
	listForward = db.SQL("activity.activity.list",
		`select a.id, a.code, a.title, a.type, a.state, a.starts_on, a.ends_on, a.place, a.city, a.country, a.url, a.language, a.markets,
		   a.sectors, a.needs, a.places, a.reason, a.around, a.audience, a.price
		 from activity a
		 where a.programme_id = $1
		   and ($2 = '*' or a.state <> 'planned' or exists (select 1 from activity_organiser x
		     where x.programme_id = a.programme_id and x.activity_id = a.id and $2 like '%' || x.organisation_id || '%'))
		   and a.starts_on >= $3 and a.starts_on <= $4
		   and ($5 = '' or exists (select 1 from activity_organiser x
		     where x.programme_id = a.programme_id and x.activity_id = a.id and x.organisation_id = $5))
		   and ($6 = '' or a.type = $6) and ($7 = '' or a.state = $7) and ($8 = '' or a.place = $8) and ($9 = '' or a.country = $9)
		   and ($10 = '' or ' ' || a.markets || ' ' like '% ' || $10 || ' %')
		   and ($11 = '' or ' ' || a.sectors || ' ' like '% ' || $11 || ' %')
		   and ($12 = '' or ' ' || a.needs || ' ' like '% ' || $12 || ' %')
		   and a.organisers >= $13
		   and (a.starts_on > $14 or (a.starts_on = $14 and a.id > $15))
		 order by a.starts_on, a.id limit $16`)
	listBackward = db.SQL("activity.activity.list_newest",
		`select a.id, a.code, a.title, a.type, a.state, a.starts_on, a.ends_on, a.place, a.city, a.country, a.url, a.language, a.markets,
		   a.sectors, a.needs, a.places, a.reason, a.around, a.audience, a.price
		 from activity a
		 where a.programme_id = $1
		   and ($2 = '*' or a.state <> 'planned' or exists (select 1 from activity_organiser x
		     where x.programme_id = a.programme_id and x.activity_id = a.id and $2 like '%' || x.organisation_id || '%'))
		   and a.starts_on >= $3 and a.starts_on <= $4
		   and ($5 = '' or exists (select 1 from activity_organiser x
		     where x.programme_id = a.programme_id and x.activity_id = a.id and x.organisation_id = $5))
		   and ($6 = '' or a.type = $6) and ($7 = '' or a.state = $7) and ($8 = '' or a.place = $8) and ($9 = '' or a.country = $9)
		   and ($10 = '' or ' ' || a.markets || ' ' like '% ' || $10 || ' %')
		   and ($11 = '' or ' ' || a.sectors || ' ' like '% ' || $11 || ' %')
		   and ($12 = '' or ' ' || a.needs || ' ' like '% ' || $12 || ' %')
		   and a.organisers >= $13
		   and (a.starts_on < $14 or (a.starts_on = $14 and a.id < $15))
		 order by a.starts_on desc, a.id desc limit $16`)
)

// everything is the limit of a list without one; the engines have no shared word for it.
const everything = 1_000_000_000

// errEnough stops reading rows once a page is full.
var errEnough = errors.New("activity: enough rows")

// List gives a page of activities with their organisers and the key that the next page comes after; the zero Key when there is none.
func List(ctx context.Context, tx *db.Tx, programme id.Programme, f Filter) ([]Activity, Key, error) {
	all, err := rows(ctx, tx, programme, f)
	if err != nil {
		return nil, Key{}, err
	}
	next := Key{}
	if f.Limit > 0 && len(all) > f.Limit {
		all = all[:f.Limit]
		last := all[f.Limit-1]
		next = Key{last.Starts, last.ID}
	}
	if len(all) == 0 {
		return nil, next, nil
	}
	first, last := all[0].Starts, all[len(all)-1].Starts
	err = organisers(ctx, tx, all, selectOrganisersBetween, programme, min(first, last), max(first, last))
	return all, next, err
}

// rows reads one activity more than the limit, to know whether a page follows. Words are matched here: the engines fold letters apart.
func rows(ctx context.Context, tx *db.Tx, programme id.Programme, f Filter) ([]Activity, error) {
	folder := newFolder()
	q, limit, words := listForward, everything, strings.Fields(folder.fold(f.Words))
	if f.Newest {
		q = listBackward
	}
	if f.Limit > 0 {
		limit = f.Limit + 1
	}
	sqlLimit := limit
	if len(words) > 0 {
		sqlLimit = everything
	}
	var all []Activity
	err := tx.Each(ctx, q, f.args(programme, sqlLimit), func(r *sql.Rows) error {
		var a Activity
		if err := scan(r, &a); err != nil {
			return err
		}
		if !folder.holds(a, words) {
			return nil
		}
		if all = append(all, a); len(all) == limit {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return all, err
}

func (f Filter) args(programme id.Programme, limit int) []any {
	from, to, after, organisers := f.From, f.To, f.After, 1
	if from == "" {
		from = "0001-01-01"
	}
	if to == "" {
		to = "9999-12-31"
	}
	if after == (Key{}) && f.Newest {
		after.Starts = "9999-12-32" // after every day
	}
	if f.Joint {
		organisers = 2
	}
	return []any{programme, f.Scope, from, to, f.Organisation, f.Type, f.State, f.Place, f.Country, pattern(f.Market), pattern(f.Sector),
		pattern(f.Need), organisers, after.Starts, after.ID, limit}
}

// pattern drops what like would take for a wildcard; no code holds one.
func pattern(code string) string { return strings.NewReplacer("%", "\x01", "_", "\x01").Replace(code) }

// A folder matches words without case and accents. It is for one goroutine.
type folder struct{ transform transform.Transformer }

func newFolder() folder {
	return folder{transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)}
}

func (f folder) fold(s string) string {
	plain, _, err := transform.String(f.transform, s)
	if err != nil {
		plain = s
	}
	return strings.ToLower(plain)
}

func (f folder) holds(a Activity, words []string) bool {
	if len(words) == 0 {
		return true
	}
	in := f.fold(a.Title + " " + a.City + " " + a.Code)
	for _, w := range words {
		if !strings.Contains(in, w) {
			return false
		}
	}
	return true
}

// Fold is a text without case and accents, to compare.
func Fold(s string) string { return newFolder().fold(s) }
