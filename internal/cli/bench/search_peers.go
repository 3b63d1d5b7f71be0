package bench

import (
	"database/sql"
	"errors"
	"strings"
	"time"

	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/text"
)

// fts5 asks SQLite's own index, which knows neither languages nor slips, with the snippet that a page would show.
func (d *searchData) fts5(r *command.Run, out figures, path string) error {
	lite, err := db.Open(r, path)
	if err != nil {
		return err
	}
	defer lite.Close()
	pool := lite.Pool()
	start := time.Now()
	if _, err := pool.ExecContext(r, `create virtual table fts using fts5(title, body, tokenize = 'unicode61 remove_diacritics 2')`); err != nil {
		return err
	}
	tx, err := pool.BeginTx(r, nil)
	if err != nil {
		return err
	}
	for i, e := range d.entries {
		if _, err := tx.ExecContext(r, `insert into fts (rowid, title, body) values (?, ?, ?)`, i+1, e.Title, e.Body); err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	out["fts5_index_s"] = rounded(time.Since(start).Seconds())
	return d.measure(out, "fts5", func(words string) ([]int, error) {
		quoted := `"` + strings.Join(strings.Fields(words), `" "`) + `"`
		return numbersOf(pool.QueryContext(r, `select rowid, snippet(fts, 1, '[', ']', '…', 34) from fts where fts match ? order by bm25(fts, 3, 1) limit 20`, quoted))
	})
}

// tsvector asks PostgreSQL's own text search, with its stemmers, each text in its language and each question in all three.
func (d *searchData) tsvector(r *command.Run, out figures, at *db.DB) error {
	pool := at.Pool()
	configs := map[text.Language]string{text.NL: "dutch", text.EN: "english", text.FR: "french"}
	start := time.Now()
	if _, err := pool.ExecContext(r, `create table peer (number int primary key, title text, body text, language text, words tsvector)`); err != nil {
		return err
	}
	tx, err := pool.BeginTx(r, nil)
	if err != nil {
		return err
	}
	for i, e := range d.entries {
		if _, err := tx.ExecContext(r, `insert into peer values ($1, $2, $3, $4, setweight(to_tsvector($4::text::regconfig, $2), 'A') || to_tsvector($4::text::regconfig, $3))`,
			i+1, e.Title, e.Body, configs[e.Language]); err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	for _, s := range []string{`create index peer_words on peer using gin (words)`, `analyze peer`} {
		if _, err := pool.ExecContext(r, s); err != nil {
			return err
		}
	}
	out["tsvector_index_s"] = rounded(time.Since(start).Seconds())
	return d.measure(out, "tsvector", func(words string) ([]int, error) {
		return numbersOf(pool.QueryContext(r, `select p.number, ts_headline(p.language::regconfig, p.body, q.query) from (
			select number, language, body, words, ts_rank(words, query) as rank, query from peer, (select plainto_tsquery('dutch', $1)
			|| plainto_tsquery('english', $1) || plainto_tsquery('french', $1) as query) as x where words @@ query
			order by rank desc, number desc limit 20) as p cross join lateral (select p.query) as q order by p.rank desc, p.number desc`, words))
	})
}

func numbersOf(rows *sql.Rows, err error) ([]int, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []int
	for rows.Next() {
		var n int
		var shown string
		if err := rows.Scan(&n, &shown); err != nil {
			return nil, err
		}
		out = append(out, n-1)
	}
	return out, rows.Err()
}
