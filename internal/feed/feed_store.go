package feed

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/fetch"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

const feedColumns = `f.id, f.organisation_id, o.code, o.short_name, o.name, f.url, f.state, f.type, f.markets, f.sectors, f.needs, f.every_hours,
		   f.next_at, f.etag, f.modified, f.runs, coalesce(p.name, ''), f.made_at`

const runColumns = `r.feed_id, r.n, r.done_at, coalesce(p.name, ''), r.outcome, r.fault, r.seen, r.outside, r.counts`

var (
	selectFeeds = db.SQL("feed.feed.list", `select `+feedColumns+`
		 from feed f join organisation o on o.id = f.organisation_id left join person p on p.id = f.made_by
		 where f.programme_id = $1 and f.state = 'active' and ($2 = '*' or $2 like '%' || f.organisation_id || '%')
		   and ($3 = '' or f.id = $3) order by o.position, o.code, f.made_at, f.id`)
	selectDue = db.SQL("feed.feed.due", `select f.id from feed f where f.programme_id = $1 and f.state = 'active' and f.next_at <= $2 order by f.next_at, f.id`)
	moveFeed  = db.SQL("feed.feed.move", `update feed set state = $3 where programme_id = $1 and id = $2 and state = $4`)
	// a reading of an address that is no longer the feed's, or that another one overtook, ends in nothing
	endRun = db.SQL("feed.feed.ran",
		`update feed set runs = $3, next_at = $4, etag = $5, modified = $6
		 where programme_id = $1 and id = $2 and runs = $7 and url = $8 and state = 'active'`)
	changeFeed = db.SQL("feed.feed.change",
		`update feed set url = $3, type = $4, markets = $5, sectors = $6, needs = $7, every_hours = $8, next_at = $9, etag = $10, modified = $11
		 where programme_id = $1 and id = $2`)
	selectRuns = db.SQL("feed.run.list",
		`select `+runColumns+` from feed_run r left join person p on p.id = r.done_by
		 where r.programme_id = $1 and r.feed_id = $2 order by r.n desc`)
	selectLast = db.SQL("feed.run.last",
		`select `+runColumns+` from feed f join feed_run r on r.programme_id = f.programme_id and r.feed_id = f.id and r.n = f.runs
		 left join person p on p.id = r.done_by where f.programme_id = $1 and f.state = 'active'`)
	selectLines = db.SQL("feed.line.list",
		`select l.kind, l.at_line, l.title, coalesce(l.activity_id, ''), coalesce(a.code, ''), l.said
		 from feed_line l left join activity a on a.programme_id = l.programme_id and a.id = l.activity_id
		 where l.programme_id = $1 and l.feed_id = $2 and l.run = $3 order by l.n`)
	dropLines = db.SQL("feed.line.drop", `delete from feed_line where programme_id = $1 and feed_id = $2 and run <= $3`)
	dropRuns  = db.SQL("feed.run.drop", `delete from feed_run where programme_id = $1 and feed_id = $2 and n <= $3`)

	selectItems = db.SQL("feed.item.list", `select i.key, i.activity_id, i.said, i.listed from feed_item i where i.programme_id = $1 and i.feed_id = $2`)
	saveItem    = db.SQL("feed.item.save",
		`insert into feed_item (programme_id, feed_id, key, activity_id, said, listed) values ($1, $2, $3, $4, $5, 1)
		 on conflict (programme_id, feed_id, key) do update set said = excluded.said, listed = 1`)
	moveItem   = db.SQL("feed.item.move", `update feed_item set key = $4 where programme_id = $1 and feed_id = $2 and key = $3`)
	unlistItem = db.SQL("feed.item.unlist", `update feed_item set listed = 0 where programme_id = $1 and feed_id = $2 and key = $3`)
)

// List gives the feeds that are read, of the partners in the scope, in the partners' order.
func List(ctx context.Context, tx *db.Tx, scope access.Scope, g id.Programme) ([]Feed, error) {
	return feeds(ctx, tx, scope, g, "")
}

// Load is one feed; missing (feed.missing) out of scope, or when it was removed.
func Load(ctx context.Context, tx *db.Tx, scope access.Scope, g id.Programme, feed id.Feed) (Feed, error) {
	if _, err := id.Parse[id.Feed](string(feed)); err != nil {
		return Feed{}, fault.Missing("feed.missing", nil)
	}
	all, err := feeds(ctx, tx, scope, g, feed)
	if err == nil && len(all) == 0 {
		err = fault.Missing("feed.missing", nil)
	}
	if err != nil {
		return Feed{}, err
	}
	return all[0], nil
}

func feeds(ctx context.Context, tx *db.Tx, scope access.Scope, g id.Programme, one id.Feed) ([]Feed, error) {
	var all []Feed
	return all, tx.Each(ctx, selectFeeds, []any{g, scope, one}, func(r *sql.Rows) error {
		var f Feed
		var name, markets, sectors, needs string
		err := r.Scan(&f.ID, &f.Partner, &f.Code, &f.Label, &name, &f.URL, &f.State, &f.Type, &markets, &sectors, &needs, &f.EveryHours,
			&f.NextAt, &f.known.ETag, &f.known.Modified, &f.Runs, &f.MadeBy, &f.MadeAt)
		if f.Label == "" {
			f.Label = name
		}
		f.Markets, f.Sectors, f.Needs = strings.Fields(markets), strings.Fields(sectors), strings.Fields(needs)
		all = append(all, f)
		return err
	})
}

// Runs lists the readings of a feed that are kept, the last first, without their lines. The caller has loaded the feed.
func Runs(ctx context.Context, tx *db.Tx, g id.Programme, feed id.Feed) ([]Run, error) {
	var all []Run
	return all, tx.Each(ctx, selectRuns, []any{g, feed}, func(r *sql.Rows) error {
		_, x, err := scanRun(r)
		all = append(all, x)
		return err
	})
}

// Last gives the last reading of each feed that has one, without its lines. The caller has loaded the feeds.
func Last(ctx context.Context, tx *db.Tx, g id.Programme) (map[id.Feed]Run, error) {
	all := map[id.Feed]Run{}
	return all, tx.Each(ctx, selectLast, []any{g}, func(r *sql.Rows) error {
		feed, x, err := scanRun(r)
		all[feed] = x
		return err
	})
}

func scanRun(r *sql.Rows) (feed id.Feed, x Run, err error) {
	var why, counts string
	if err := r.Scan(&feed, &x.N, &x.At, &x.By, &x.Outcome, &why, &x.Seen, &x.Outside, &counts); err != nil {
		return feed, x, err
	}
	if err := json.Unmarshal([]byte(counts), &x.Counts); err != nil {
		return feed, x, fault.Internal(err)
	}
	x.Fault, err = readWords([]byte(why))
	return feed, x, err
}

// Lines lists what one reading had to say. The caller has loaded the feed.
func Lines(ctx context.Context, tx *db.Tx, g id.Programme, feed id.Feed, run int) ([]Line, error) {
	var all []Line
	return all, tx.Each(ctx, selectLines, []any{g, feed, run}, func(r *sql.Rows) error {
		var l Line
		var kept string
		if err := r.Scan(&l.Kind, &l.At, &l.Title, &l.Activity, &l.Code, &kept); err != nil {
			return err
		}
		var s lineSaid
		if err := json.Unmarshal([]byte(kept), &s); err != nil {
			return fault.Internal(err)
		}
		words, err := readWords(s.Why)
		l.Fields, l.Why = s.Fields, words
		all = append(all, l)
		return err
	})
}

// lineSaid is what is kept of a line besides its columns.
type lineSaid struct {
	Fields []Field         `json:"fields,omitempty"`
	Why    json.RawMessage `json:"why,omitempty"`
}

// keyMark begins an argument that is itself a key, so that it is said in the reader's language.
const keyMark = "key:"

// writeWords keeps a key with its arguments: texts, whole numbers and other keys.
func writeWords(w Words) ([]byte, error) {
	args := text.Args{}
	for name, v := range w.Args {
		switch x := v.(type) {
		case text.Key:
			args[name] = keyMark + string(x)
		case string, int, int64:
			args[name] = x
		default:
			args[name] = fmt.Sprint(x)
		}
	}
	return json.Marshal(Words{w.Key, args})
}

func readWords(data []byte) (Words, error) {
	var w Words
	if len(data) == 0 {
		return w, nil
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&w); err != nil {
		return w, fault.Internal(err)
	}
	for name, v := range w.Args {
		switch x := v.(type) {
		case json.Number:
			n, err := x.Int64()
			if err != nil {
				return w, fault.Internal(err)
			}
			w.Args[name] = int(n)
		case string:
			if key, marked := strings.CutPrefix(x, keyMark); marked {
				w.Args[name] = text.Key(key)
			}
		}
	}
	return w, nil
}

// item is an event that was read before.
type item struct {
	Key      string
	Activity id.Activity
	Said     said
	Listed   bool
}

func items(ctx context.Context, tx *db.Tx, g id.Programme, feed id.Feed) (map[string]item, error) {
	all := map[string]item{}
	return all, tx.Each(ctx, selectItems, []any{g, feed}, func(r *sql.Rows) error {
		var i item
		var kept string
		var listed int
		if err := r.Scan(&i.Key, &i.Activity, &kept, &listed); err != nil {
			return err
		}
		i.Listed = listed == 1
		if err := json.Unmarshal([]byte(kept), &i.Said); err != nil {
			return fault.Internal(err)
		}
		all[i.Key] = i
		return nil
	})
}

func (i item) save(ctx context.Context, tx *db.Tx, g id.Programme, feed id.Feed) error {
	kept, err := json.Marshal(i.Said)
	if err != nil {
		return fault.Internal(err)
	}
	_, err = tx.Exec(ctx, saveItem, g, feed, i.Key, i.Activity, string(kept))
	return err
}

// keptRuns is how many readings of a feed are kept.
const keptRuns = 60

// save keeps a reading, and lets the oldest go. Conflict when another reading ended meanwhile, or the feed has another address now.
func (r Run) save(ctx context.Context, tx *db.Tx, g id.Programme, f Feed, by id.Person, known fetch.Known) error {
	now, err := Load(ctx, tx, access.All, g, f.ID) // how often it is read may have changed meanwhile
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, endRun, g, f.ID, r.N, now.next(tx.Now), known.ETag, known.Modified, r.N-1, f.URL)
	if err != nil {
		return err
	}
	if n != 1 {
		return fault.Conflict("feed.moved", nil)
	}
	why, err := writeWords(r.Fault)
	if err != nil {
		return fault.Internal(err)
	}
	counts, err := json.Marshal(r.Counts)
	if err != nil {
		return fault.Internal(err)
	}
	err = tx.Insert(ctx, "feed_run", strings.Fields("programme_id feed_id n done_at done_by outcome fault seen outside counts"),
		[][]any{{g, f.ID, r.N, tx.Now, db.OrNull(by), r.Outcome, string(why), r.Seen, r.Outside, string(counts)}})
	if err != nil {
		return err
	}
	rows := make([][]any, len(r.Lines))
	for n, l := range r.Lines {
		words, err := writeWords(l.Why)
		if err != nil {
			return fault.Internal(err)
		}
		kept, err := json.Marshal(lineSaid{l.Fields, words})
		if err != nil {
			return fault.Internal(err)
		}
		rows[n] = []any{g, f.ID, r.N, n, l.Kind, l.At, l.Title, db.OrNull(l.Activity), string(kept)}
	}
	err = tx.Insert(ctx, "feed_line", strings.Fields("programme_id feed_id run n kind at_line title activity_id said"), rows)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, dropLines, g, f.ID, r.N-keptRuns); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, dropRuns, g, f.ID, r.N-keptRuns)
	return err
}

func dueOf(ctx context.Context, tx *db.Tx, g id.Programme) ([]id.Feed, error) {
	var all []id.Feed
	return all, tx.Each(ctx, selectDue, []any{g, tx.Now}, func(r *sql.Rows) error {
		var f id.Feed
		err := r.Scan(&f)
		all = append(all, f)
		return err
	})
}
