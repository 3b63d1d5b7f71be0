package knowledge

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/knowledge/filetext"
	"errera.eu/errera/internal/knowledge/index"
)

// FileReader reads the words of a file, or says why there are none; an error is tried again.
type FileReader func(ctx context.Context, kind file.Type, content []byte) (words string, why filetext.Why, err error)

// readFiles is the job that reads the files of an item, lookForFiles that of what was attached before there was one.
type (
	readFiles struct {
		Programme id.Programme `json:"programme"`
		Item      id.Knowledge `json:"item"`
	}
	lookForFiles struct{}
)

func (readFiles) Kind() string    { return "knowledge.read-files" }
func (lookForFiles) Kind() string { return "knowledge.look-for-files" }

var (
	selectTexts = db.SQL("knowledge.text.of_item",
		`select t.body from knowledge_file f join knowledge_text t on t.programme_id = f.programme_id and t.file_id = f.file_id
		 where f.programme_id = $1 and f.item_id = $2 and t.why = '' order by f.position`)
	selectStates = db.SQL("knowledge.text.states",
		`select f.file_id, coalesce(t.why, '-'), coalesce(t.words, 0)
		 from knowledge_file f left join knowledge_text t on t.programme_id = f.programme_id and t.file_id = f.file_id
		 where f.programme_id = $1 and f.item_id = $2`)
	selectNamed = db.SQL("knowledge.text.named",
		`select x.name, t.body
		 from knowledge_item i
		 join knowledge_file f on f.programme_id = i.programme_id and f.item_id = i.id
		 join knowledge_text t on t.programme_id = f.programme_id and t.file_id = f.file_id
		 join file x on x.programme_id = f.programme_id and x.id = f.file_id
		 where i.programme_id = $1 and i.id = $2 and t.why = '' order by f.position limit 4`)
	selectUnread = db.SQL("knowledge.text.unread",
		`select distinct f.programme_id, f.item_id from knowledge_file f
		 where not exists (select 1 from knowledge_text t where t.programme_id = f.programme_id and t.file_id = f.file_id) limit 200`)
)

// FileState is how far a file is searched.
type FileState struct {
	Read  bool // looked at
	Why   filetext.Why
	Words int
}

// FileStates tells, for each file of an item, whether its words are found. The caller has loaded the item within the reader's scope.
func FileStates(ctx context.Context, tx *db.Tx, g id.Programme, item id.Knowledge) (map[id.File]FileState, error) {
	all := map[id.File]FileState{}
	err := tx.Each(ctx, selectStates, []any{g, item}, func(r *sql.Rows) error {
		var f id.File
		var s FileState
		err := r.Scan(&f, &s.Why, &s.Words)
		if s.Read = s.Why != "-"; !s.Read {
			s.Why = ""
		}
		all[f] = s
		return err
	})
	return all, err
}

// Works are the jobs that read the files of the library, each once, and make their words found.
func Works(d *db.DB, read FileReader) []job.Work {
	return []job.Work{
		job.New(func(ctx context.Context, w readFiles) error { return w.do(ctx, d, read) }),
		job.Each(time.Hour, lookForFiles{}, func(ctx context.Context, _ lookForFiles) error { return lookFor(ctx, d) }),
	}
}

func lookFor(ctx context.Context, d *db.DB) error {
	var all []readFiles
	err := d.Read(ctx, func(tx *db.Tx) error {
		return tx.Each(ctx, selectUnread, nil, func(r *sql.Rows) error {
			var w readFiles
			err := r.Scan(&w.Programme, &w.Item)
			all = append(all, w)
			return err
		})
	})
	for _, w := range all {
		if err == nil {
			err = d.Write(ctx, w.Programme, func(tx *db.Tx) error { return job.Enqueue(ctx, tx, w, time.Time{}) })
		}
	}
	return err
}

// do reads what was not read yet, outside of any unit of work, and keeps each file's words as soon as it has them.
func (w readFiles) do(ctx context.Context, d *db.DB, read FileReader) error {
	var unread []file.File
	err := d.Read(ctx, func(tx *db.Tx) error {
		i, err := load(ctx, tx, reader{reach: Own}, w.Programme, w.Item)
		if err != nil {
			return err
		}
		states, err := FileStates(ctx, tx, w.Programme, w.Item)
		for _, f := range i.Files {
			if !states[f.ID].Read {
				unread = append(unread, f)
			}
		}
		return err
	})
	if fault.Is(err, fault.KindMissing) {
		return nil // discarded meanwhile
	}
	if err != nil {
		return err
	}
	for _, f := range unread {
		if err := w.readOne(ctx, d, read, f); err != nil {
			return err
		}
	}
	return nil
}

func (w readFiles) readOne(ctx context.Context, d *db.DB, read FileReader, f file.File) error {
	var content []byte
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		content, err = file.Read(ctx, tx, w.Programme, f)
		return err
	})
	if err != nil {
		return err
	}
	words, why, err := read(ctx, f.Type, content)
	if err != nil {
		return err
	}
	return d.Write(ctx, w.Programme, func(tx *db.Tx) error {
		states, err := FileStates(ctx, tx, w.Programme, w.Item)
		if err != nil {
			return err
		}
		if s, there := states[f.ID]; !there || s.Read {
			return nil // taken off, or read by another try
		}
		if err := tx.Insert(ctx, "knowledge_text", []string{"programme_id", "file_id", "why", "words", "read_at", "body"},
			[][]any{{w.Programme, f.ID, why, len(strings.Fields(words)), tx.Now, words}}); err != nil {
			return err
		}
		i, err := load(ctx, tx, reader{reach: Own}, w.Programme, w.Item)
		if err != nil || i.State != Published {
			return err
		}
		return reindex(ctx, tx, w.Programme, []Item{i})
	})
}

// takeTexts reads what stands in the item's files.
func (i *Item) takeTexts(ctx context.Context, tx *db.Tx, g id.Programme) error {
	if len(i.Files) == 0 {
		return nil
	}
	var b strings.Builder
	err := tx.Each(ctx, selectTexts, []any{g, i.ID}, func(r *sql.Rows) error {
		var body string
		err := r.Scan(&body)
		b.WriteString(body)
		b.WriteByte('\n')
		return err
	})
	i.fileWords = b.String()
	return err
}

// fromFile takes the snippet from the first of the item's files that holds what was found.
func (f *FoundItem) fromFile(ctx context.Context, tx *db.Tx, g id.Programme, terms map[string]bool) error {
	return tx.Each(ctx, selectNamed, []any{g, f.ID}, func(r *sql.Rows) error {
		var name, body string
		if err := r.Scan(&name, &body); err != nil || f.File != "" {
			return err
		}
		if snippet := index.Snippet(f.Language, index.Around(body, terms), terms); index.Hits(snippet) {
			f.Snippet, f.File = snippet, name
		}
		return nil
	})
}
