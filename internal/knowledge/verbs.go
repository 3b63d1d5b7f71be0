package knowledge

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/text"
)

// Load is one item with its files; missing (knowledge.missing) when it does not reach the reader.
func Load(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, item id.Knowledge) (Item, error) {
	return load(ctx, tx, readerOf(by), g, item)
}

// Write makes a draft in the name of an organisation of the writer. Invalid content is told by field.
func Write(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, o id.Organisation, c Content) (Item, error) {
	i := Item{ID: id.New[id.Knowledge](), Organisation: o, Content: c, MadeBy: by.ID, Changed: tx.Now}
	if err := may(by, "knowledge.draft", i); err != nil {
		return i, err
	}
	if err := c.check(); err != nil {
		return i, err
	}
	if err := tx.Row(ctx, nextNumber, g).Scan(&i.Number); err != nil {
		return i, err
	}
	i.Number++
	i.State, i.Revision = Draft, 1
	if err := insert(ctx, tx, g, []Item{i}); err != nil {
		return i, err
	}
	return i, record(ctx, tx, by, g, "knowledge.draft", i, nil)
}

// Change says an item anew. Read is its revision as the writer knew it: a conflict (knowledge.moved) when somebody else wrote meanwhile.
// What is published becomes the next version at once, with a note of what changed.
func Change(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, item id.Knowledge, c Content, read int, note string) (Item, error) {
	i, err := Load(ctx, tx, by, g, item)
	if err != nil {
		return i, err
	}
	if err := may(by, "knowledge.change", i); err != nil {
		return i, err
	}
	if err := fault.Join(c.check(), checkNote("note", note, false)); err != nil {
		return i, err
	}
	before := i.said()
	n, err := tx.Exec(ctx, saveItem, append(append([]any{g, i.ID}, c.said()...), tx.Now, read)...)
	if err != nil {
		return i, err
	}
	if n != 1 {
		return i, fault.Conflict("knowledge.moved", nil)
	}
	i.Content, i.Changed, i.Revision = c, tx.Now, read+1
	if i.State == Published {
		if i, err = issue(ctx, tx, by, g, i, note); err != nil {
			return i, err
		}
	}
	return i, record(ctx, tx, by, g, "knowledge.change", i, before)
}

// Publish makes a draft, or what was withdrawn, readable as far as it reaches. The first time that it reaches the other partners is evidence.
func Publish(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, item id.Knowledge) (Item, error) {
	i, err := Load(ctx, tx, by, g, item)
	if err != nil {
		return i, err
	}
	if err := may(by, "knowledge.publish", i); err != nil {
		return i, err
	}
	before := i.said()
	if i, err = issue(ctx, tx, by, g, i, ""); err != nil {
		return i, err
	}
	return i, record(ctx, tx, by, g, "knowledge.publish", i, before)
}

// issue makes the next version: kept word for word, found by search, and evidence once others may read it.
func issue(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, i Item, note string) (Item, error) {
	from := i.State
	i.State, i.Version, i.Reason, i.Published, i.Changed = Published, i.Version+1, "", tx.Now.Date(), tx.Now
	i.Revision++
	if err := move(ctx, tx, g, i, from); err != nil {
		return i, err
	}
	if err := insertVersions(ctx, tx, g, []Item{i}, strings.TrimSpace(note), by.ID); err != nil {
		return i, err
	}
	if err := reindex(ctx, tx, g, []Item{i}); err != nil {
		return i, err
	}
	return i, recordShared(ctx, tx, by, g, i)
}

func move(ctx context.Context, tx *db.Tx, g id.Programme, i Item, from State) error {
	n, err := tx.Exec(ctx, saveState, g, i.ID, from, i.State, i.Version, i.Reason, i.Published, i.Changed)
	if err == nil && n != 1 {
		err = fault.Conflict("knowledge.moved", nil)
	}
	return err
}

// Withdraw takes an item out of the library, with a reason that its organisation reads. The agency may do it too.
func Withdraw(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, item id.Knowledge, reason string) (Item, error) {
	i, err := Load(ctx, tx, by, g, item)
	if err != nil {
		return i, err
	}
	if err := by.May("knowledge.withdraw", i.Subject()); err != nil {
		return i, err
	}
	if err := checkNote("reason", reason, true); err != nil {
		return i, err
	}
	before := i.said()
	i.State, i.Reason, i.Changed = Withdrawn, strings.TrimSpace(reason), tx.Now
	i.Revision++
	if err := move(ctx, tx, g, i, Published); err != nil {
		return i, err
	}
	if err := unindex(ctx, tx, g, i); err != nil {
		return i, err
	}
	return i, record(ctx, tx, by, g, "knowledge.withdraw", i, before)
}

// Discard removes a draft that was never published.
func Discard(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, item id.Knowledge) error {
	i, err := Load(ctx, tx, by, g, item)
	if err != nil {
		return err
	}
	if err := may(by, "knowledge.discard", i); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, deleteFiles, g, i.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, deleteItem, g, i.ID); err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: "knowledge.discard", ObjectKind: "knowledge", ObjectID: string(i.ID),
		Before: i.said()})
}

// mostFiles is how many files an item may have.
const mostFiles = 20

// Attach adds a file to an item; with what is published it becomes the next version.
func Attach(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, item id.Knowledge, p file.Proof) (Item, error) {
	i, err := Load(ctx, tx, by, g, item)
	if err != nil {
		return i, err
	}
	if err := may(by, "knowledge.change", i); err != nil {
		return i, err
	}
	if len(i.Files) >= mostFiles {
		return i, fault.Invalid("file", "knowledge.many_files", text.Args{"max": mostFiles})
	}
	owner := i.Organisation
	if i.ByAgency {
		owner = ""
	}
	f, err := file.Add(ctx, tx, by, g, owner, p)
	if err != nil {
		return i, err
	}
	before := i.said()
	i.Files = append(i.Files, f)
	err = tx.Insert(ctx, "knowledge_file", []string{"programme_id", "item_id", "file_id", "position"}, [][]any{{g, i.ID, f.ID, len(i.Files)}})
	if err != nil {
		return i, err
	}
	if err := job.Enqueue(ctx, tx, readFiles{g, i.ID}, time.Time{}); err != nil {
		return i, err
	}
	return refiled(ctx, tx, by, g, i, before)
}

// Detach takes a file off an item; the versions before keep it.
func Detach(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, item id.Knowledge, f id.File) (Item, error) {
	i, err := Load(ctx, tx, by, g, item)
	if err != nil {
		return i, err
	}
	if err := may(by, "knowledge.change", i); err != nil {
		return i, err
	}
	before, kept := i.said(), i.Files[:0:0]
	for _, x := range i.Files {
		if x.ID != f {
			kept = append(kept, x)
		}
	}
	if len(kept) == len(i.Files) {
		return i, fault.Missing("file.missing", nil)
	}
	if _, err := tx.Exec(ctx, deleteFile, g, i.ID, f); err != nil {
		return i, err
	}
	i.Files = kept
	return refiled(ctx, tx, by, g, i, before)
}

func refiled(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, i Item, before any) (Item, error) {
	if i.State == Published {
		var err error
		if i, err = issue(ctx, tx, by, g, i, ""); err != nil {
			return i, err
		}
	}
	return i, record(ctx, tx, by, g, "knowledge.change", i, before)
}

// may asks leave, and that the writer belongs to the item's organisation: the agency reaches all, but its words are its own.
func may(by access.Actor, verb access.VerbName, i Item) error {
	if err := by.May(verb, i.Subject()); err != nil {
		return err
	}
	if !belongs(by, i.Organisation) {
		return fault.Denied("knowledge.theirs", text.Args{"verb": verb.Key()})
	}
	return nil
}

func checkNote(field, note string, needed bool) error {
	if needed && strings.TrimSpace(note) == "" {
		return fault.Invalid(field, "activity.reason_required", nil)
	}
	if utf8.RuneCountInString(note) > longestNote || !utf8.ValidString(note) {
		return fault.Invalid(field, "knowledge.long_note", text.Args{"max": longestNote})
	}
	return nil
}

// said is the item as the audit trail keeps it; its words stand in its versions.
func (i Item) said() map[string]any {
	files := make([]string, len(i.Files))
	for n, f := range i.Files {
		files[n] = f.SHA256
	}
	return map[string]any{"kind": i.Kind, "state": i.State, "reach": i.Reach.String(), "language": i.Language, "title": i.Title, "markets": i.Markets,
		"sectors": i.Sectors, "needs": i.Needs, "version": i.Version, "reason": i.Reason, "files": files, "organisation": i.Organisation}
}

func record(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, verb access.VerbName, i Item, before any) error {
	return audit.Append(ctx, tx, string(g), by.Label(),
		audit.Change{Verb: string(verb), ObjectKind: "knowledge", ObjectID: string(i.ID), Before: before, After: i.said()})
}

// recordShared leaves evidence the first time that an item of the programme's years reaches the other partners.
func recordShared(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, i Item) error {
	if i.Reach > Partners {
		return nil
	}
	return recordOnce(ctx, tx, by, g, i, "knowledge", string(i.ID), "shared")
}

// recordOnce records what an item did, unless that was recorded before or the programme's years are over.
func recordOnce(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, i Item, source, key, mark string) error {
	var counts int
	if err := tx.Row(ctx, mayCount, g, source, key, tx.Now.Date()).Scan(&counts); err != nil || counts == 0 {
		return err
	}
	n := evidence.New{Kind: evidence.Knowledge, Dated: tx.Now.Date(), Market: first(i.Markets), Sector: first(i.Sectors), Need: first(i.Needs),
		Marks: []string{mark}, SourceKind: source, SourceID: key, Credits: []evidence.Credit{{Organisation: i.Organisation, Weight: 1}},
		ReportedOn: tx.Now.Date(), ReportedBy: by.ID}
	return evidence.Record(ctx, tx, g, []evidence.New{n})
}

var mayCount = db.SQL("knowledge.evidence.may_count",
	`select count(*) from programme p where p.id = $1 and p.starts_on <= $4 and p.ends_on >= $4
	   and not exists (select 1 from evidence e where e.programme_id = p.id and e.source_kind = $2 and e.source_id = $3)`)

func first(codes []string) string {
	if len(codes) == 0 {
		return ""
	}
	return codes[0]
}
