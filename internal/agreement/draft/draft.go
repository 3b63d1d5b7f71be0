// Package draft keeps the working copy of each side in a negotiation: saved as it is typed, by several people at once, without anybody's
// words vanishing. A working copy binds nobody; agreement.Propose puts it on the table.
package draft

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/partner"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

var (
	selectCurrent = db.SQL("draft.draft.current",
		`select d.revision, d.base_n, d.based_on, d.document, d.saved_at, d.saved_by, p.name from agreement_draft d join person p on p.id = d.saved_by
		 where d.programme_id = $1 and d.agreement_id = $2 and d.side = $3 and d.aside = 0 order by d.revision desc limit 1`)
	selectRevision = db.SQL("draft.draft.revision",
		`select d.revision, d.base_n, d.based_on, d.document, d.saved_at, d.saved_by, p.name from agreement_draft d join person p on p.id = d.saved_by
		 where d.programme_id = $1 and d.agreement_id = $2 and d.side = $3 and d.revision = $4`)
	selectLast = db.SQL("draft.draft.last",
		`select coalesce(max(revision), 0) from agreement_draft where programme_id = $1 and agreement_id = $2 and side = $3`)
	dropOld = db.SQL("draft.draft.drop",
		`delete from agreement_draft where programme_id = $1 and agreement_id = $2 and side = $3 and revision < $4 and aside = 0`)
)

// keepRevisions is how many savings are kept to merge with and to go back to.
const keepRevisions = 200

// Draft is a side's working copy.
type Draft struct {
	Revision int // 0 before anything was saved
	BaseN    int // the version that it started from, or took in last; 0 none
	Document agreement.Document
	SavedAt  db.Time
	SavedBy  id.Person
	Name     string // of SavedBy
	Fresh    bool   // it says what the newest version says
	basedOn  int
}

// Desk is an agreement as one side works on it.
type Desk struct {
	Setting   *agreement.Setting
	Agreement agreement.Agreement
	Versions  []agreement.Version
	Side      agreement.Side
}

// Open is the desk of the actor's side; denied to who negotiates for neither.
func Open(ctx context.Context, tx *db.Tx, by access.Actor, s *agreement.Setting, a agreement.Agreement) (Desk, error) {
	d := Desk{Setting: s, Agreement: a}
	if err := by.May("draft.save", access.Subject{Kind: "draft", Partner: a.Partner.ID}); err != nil {
		return d, err
	}
	var err error
	if d.Side, err = agreement.SideOf(by, a); err != nil {
		return d, err
	}
	d.Versions, err = agreement.Versions(ctx, tx, s.Programme.ID, a.ID)
	return d, err
}

// Last is the number of the newest version; 0 before the first.
func (d Desk) Last() int {
	v, _ := agreement.Last(d.Versions)
	return v.N
}

// version is the document of a version; of number 0 the one that an agreement begins with.
func (d Desk) version(ctx context.Context, tx *db.Tx, n int) (agreement.Document, error) {
	if n == 0 {
		return d.Setting.Begin(d.Agreement.Partner, text.NL), nil
	}
	v, err := agreement.LoadVersion(ctx, tx, d.Setting.Programme.ID, d.Agreement.ID, n)
	return v.Document, err
}

// Current is the working copy; before anything was saved it says what the newest version says, and so does one in which nothing was
// changed since it started. While an agreement is in force it amends the version in force.
func (d Desk) Current(ctx context.Context, tx *db.Tx) (Draft, error) {
	cur, found, err := d.read(ctx, tx, selectCurrent, d.Setting.Programme.ID, d.Agreement.ID, d.Side)
	if err != nil {
		return cur, err
	}
	fresh := !found
	if found {
		base, err := d.version(ctx, tx, cur.BaseN)
		if err != nil {
			return cur, err
		}
		fresh = same(&base, &cur.Document)
	}
	cur.Fresh = fresh
	if fresh {
		cur.BaseN = d.Last()
		if cur.Document, err = d.version(ctx, tx, cur.BaseN); err != nil {
			return cur, err
		}
	}
	if d.Agreement.State == agreement.Signed || d.Agreement.State == agreement.Active {
		cur.Document.Amends = d.Agreement.Version
		if fresh && d.Last() <= d.Agreement.Version { // a new amendment has its own day and reason, and names the partner as it is now
			cur.Document.EffectiveOn, cur.Document.ReasonAmends = "", ""
			return cur, d.named(ctx, tx, &cur.Document)
		}
	}
	return cur, nil
}

// named takes in what changed about the partner since the newest version.
func (d Desk) named(ctx context.Context, tx *db.Tx, doc *agreement.Document) error {
	all, err := partner.Changes(ctx, tx, d.Setting.Programme.ID, d.Agreement.ID)
	if err != nil {
		return err
	}
	last, _ := agreement.Last(d.Versions)
	for _, c := range all {
		switch {
		case c.At <= last.MadeAt:
		case c.Kind == partner.Name:
			doc.Partner.Name = c.Is
		case c.Kind == partner.Division:
			doc.Partner.Division = c.Is
		}
	}
	return nil
}

// Lay puts a document in a side's working copy for a verb that made it and gave leave. Conflict (agreement.desk_busy) while an amendment is
// on the table or somebody is writing: what they typed stays what counts.
func Lay(ctx context.Context, tx *db.Tx, by access.Actor, s *agreement.Setting, a agreement.Agreement, side agreement.Side, doc agreement.Document) error {
	d := Desk{Setting: s, Agreement: a, Side: side}
	var err error
	if d.Versions, err = agreement.Versions(ctx, tx, s.Programme.ID, a.ID); err != nil {
		return err
	}
	cur, err := d.Current(ctx, tx)
	if err != nil {
		return err
	}
	if !cur.Fresh || a.Standing(d.Versions).Open {
		return fault.Conflict("agreement.desk_busy", text.Args{"partner": a.Partner.Label()})
	}
	_, err = d.write(ctx, tx, by, Draft{Document: doc, BaseN: d.Last(), basedOn: cur.Revision}, false)
	return err
}

func (d Desk) read(ctx context.Context, tx *db.Tx, q db.Query, args ...any) (Draft, bool, error) {
	var cur Draft
	var form string
	err := tx.Row(ctx, q, args...).Scan(&cur.Revision, &cur.BaseN, &cur.basedOn, &form, &cur.SavedAt, &cur.SavedBy, &cur.Name)
	if err == db.ErrNone {
		return cur, false, nil
	}
	if err != nil {
		return cur, false, err
	}
	cur.Document, err = agreement.ParseDocument(form)
	return cur, true, err
}

func same(a, b *agreement.Document) bool {
	x, errX := a.Hash()
	y, errY := b.Hash()
	return errX == nil && errY == nil && x == y
}

// Sheet is what somebody typed, and what they started from.
type Sheet struct {
	Document agreement.Document
	Revision int // of the working copy that they had before them
	BaseN    int // of the version that it stood on
}

// Saved is what saving did: the working copy that counts now, or a clash that waits for a choice under Aside.
type Saved struct {
	Draft
	Merged bool // somebody else had saved in between, and both went together
	Aside  int  // the revision that was laid aside for a choice; 0 none
	Before int  // the revision that holds what was typed, as its writer still has it before them
}

// Save keeps what was typed. When somebody else saved since, both are merged; where both changed the same field what was typed is laid aside
// whole, for its writer to choose.
func (d Desk) Save(ctx context.Context, tx *db.Tx, by access.Actor, sheet Sheet) (Saved, error) {
	cur, err := d.Current(ctx, tx)
	if err != nil {
		return Saved{}, err
	}
	if same(&cur.Document, &sheet.Document) && cur.Revision == sheet.Revision {
		return Saved{Draft: cur, Before: cur.Revision}, nil
	}
	if cur.Revision == sheet.Revision && cur.BaseN == sheet.BaseN {
		return d.put(ctx, tx, by, Draft{Document: sheet.Document, BaseN: sheet.BaseN, basedOn: sheet.Revision}, false)
	}
	base, err := d.base(ctx, tx, sheet.Revision, sheet.BaseN)
	if err != nil {
		return Saved{}, err
	}
	merged, clashes := Merge(&base, &cur.Document, &sheet.Document, nil)
	typed, err := d.put(ctx, tx, by, Draft{Document: sheet.Document, BaseN: sheet.BaseN, basedOn: sheet.Revision}, true)
	if err != nil || len(clashes) > 0 {
		typed.Aside, typed.Before = typed.Revision, sheet.Revision
		return typed, err
	}
	s, err := d.put(ctx, tx, by, Draft{Document: merged, BaseN: cur.BaseN, basedOn: cur.Revision}, false)
	s.Merged, s.Before = true, typed.Revision
	return s, err
}

// base is what somebody had before them.
func (d Desk) base(ctx context.Context, tx *db.Tx, revision, baseN int) (agreement.Document, error) {
	if revision > 0 {
		was, found, err := d.read(ctx, tx, selectRevision, d.Setting.Programme.ID, d.Agreement.ID, d.Side, revision)
		if err != nil || found && was.BaseN == baseN {
			return was.Document, err
		}
	}
	return d.version(ctx, tx, baseN)
}

// TakeIn brings the newest version of the table into the working copy: what the other side changed beside what was changed here.
func (d Desk) TakeIn(ctx context.Context, tx *db.Tx, by access.Actor) (Saved, error) {
	cur, err := d.Current(ctx, tx)
	if err != nil || cur.BaseN == d.Last() {
		return Saved{Draft: cur}, err
	}
	base, err := d.version(ctx, tx, cur.BaseN)
	if err != nil {
		return Saved{}, err
	}
	table, err := d.version(ctx, tx, d.Last())
	if err != nil {
		return Saved{}, err
	}
	merged, clashes := Merge(&base, &table, &cur.Document, nil)
	if len(clashes) > 0 {
		s, err := d.put(ctx, tx, by, Draft{Document: cur.Document, BaseN: cur.BaseN, basedOn: fromTable}, true)
		s.Aside = s.Revision
		return s, err
	}
	s, err := d.put(ctx, tx, by, Draft{Document: merged, BaseN: d.Last(), basedOn: cur.Revision}, false)
	s.Merged = true
	return s, err
}

// fromTable in based_on says that a copy was laid aside while it took in a version, not another person's saving.
const fromTable = -1

// Conflict is a copy that was laid aside, with what it clashes with.
type Conflict struct {
	Mine     Draft
	Table    bool // with the newest version on the table, not with another person's saving
	Theirs   Draft
	Clashes  []Clash
	revision int
}

// Conflict is what was laid aside under a revision; missing (agreement.aside_missing) when nothing was, or its choice was made.
func (d Desk) Conflict(ctx context.Context, tx *db.Tx, revision int, choices map[string]string) (Conflict, agreement.Document, error) {
	c := Conflict{revision: revision}
	mine, found, err := d.read(ctx, tx, selectRevision, d.Setting.Programme.ID, d.Agreement.ID, d.Side, revision)
	if err != nil {
		return c, agreement.Document{}, err
	}
	if !found {
		return c, agreement.Document{}, fault.Missing("agreement.aside_missing", nil)
	}
	c.Mine, c.Table = mine, mine.basedOn == fromTable
	base, err := d.base(ctx, tx, mine.basedOn, mine.BaseN)
	if err != nil {
		return c, agreement.Document{}, err
	}
	if c.Theirs, err = d.Current(ctx, tx); err != nil {
		return c, agreement.Document{}, err
	}
	if c.Table {
		c.Theirs.BaseN = d.Last()
		if c.Theirs.Document, err = d.version(ctx, tx, d.Last()); err != nil {
			return c, agreement.Document{}, err
		}
	}
	merged, clashes := Merge(&base, &c.Theirs.Document, &mine.Document, choices)
	c.Clashes = clashes
	return c, merged, nil
}

// Resolve saves a copy that was laid aside with a choice for each clash. Clashes that are left, or new ones, come back with nothing saved.
func (d Desk) Resolve(ctx context.Context, tx *db.Tx, by access.Actor, revision int, choices map[string]string) (Saved, []Clash, error) {
	c, merged, err := d.Conflict(ctx, tx, revision, choices)
	if err != nil || len(c.Clashes) > 0 {
		return Saved{}, c.Clashes, err
	}
	s, err := d.put(ctx, tx, by, Draft{Document: merged, BaseN: c.Theirs.BaseN, basedOn: c.Theirs.Revision}, false)
	return s, nil, err
}

// put writes a revision. Earlier ones than the last two hundred go, but none that was laid aside.
func (d Desk) put(ctx context.Context, tx *db.Tx, by access.Actor, draft Draft, aside bool) (Saved, error) {
	if err := by.May("draft.save", access.Subject{Kind: "draft", Partner: d.Agreement.Partner.ID}); err != nil {
		return Saved{}, err
	}
	return d.write(ctx, tx, by, draft, aside)
}

func (d Desk) write(ctx context.Context, tx *db.Tx, by access.Actor, draft Draft, aside bool) (Saved, error) {
	g, a := d.Setting.Programme.ID, d.Agreement.ID
	form, err := draft.Document.Canonical()
	if err != nil {
		return Saved{}, err
	}
	const most = 2 << 20
	if len(form) > most {
		return Saved{}, fault.Invalid("", "agreement.document_large", text.Args{"n": len(form) >> 10, "most": most >> 10})
	}
	if err := tx.Row(ctx, selectLast, g, a, d.Side).Scan(&draft.Revision); err != nil {
		return Saved{}, err
	}
	draft.Revision++
	draft.SavedAt, draft.SavedBy, draft.Name = tx.Now, by.ID, by.Name
	laid := 0
	if aside {
		laid = 1
	}
	err = tx.Insert(ctx, "agreement_draft", []string{"programme_id", "agreement_id", "side", "revision", "base_n", "based_on", "aside", "document",
		"saved_at", "saved_by"}, [][]any{{g, a, d.Side, draft.Revision, draft.BaseN, draft.basedOn, laid, form, draft.SavedAt, draft.SavedBy}})
	if err != nil {
		return Saved{}, err
	}
	if _, err := tx.Exec(ctx, dropOld, g, a, d.Side, draft.Revision-keepRevisions); err != nil {
		return Saved{}, err
	}
	return Saved{Draft: draft, Before: draft.Revision}, nil
}

// Propose puts the working copy on the table as its writer saw it, and starts the next one from there.
func (d Desk) Propose(ctx context.Context, tx *db.Tx, by access.Actor, revision int, note string) (agreement.Version, error) {
	cur, err := d.Current(ctx, tx)
	if err != nil {
		return agreement.Version{}, err
	}
	if cur.Revision != revision {
		return agreement.Version{}, fault.Conflict("agreement.draft_moved", text.Args{"name": cur.Name})
	}
	v, err := agreement.Propose(ctx, tx, by, d.Setting, d.Agreement.ID, agreement.Proposal{Document: cur.Document, Note: note, After: cur.BaseN})
	if err != nil {
		return v, err
	}
	_, err = d.put(ctx, tx, by, Draft{Document: v.Document, BaseN: v.N, basedOn: revision}, false)
	return v, err
}
