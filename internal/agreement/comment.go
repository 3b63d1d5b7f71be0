package agreement

import (
	"context"
	"database/sql"
	"regexp"
	"unicode/utf8"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

// Comment hangs on a clause, an objective or a number of an agreement under negotiation. Its words never change; it is open or settled.
type Comment struct {
	ID        id.Comment
	N         int    // the version that it was made on
	Place     string // "clause.CODE", "objective.CODE", "kpi.CODE", "kpi.CODE.target.2027", "ceiling.2027", "line.CODE", "terms", "" the whole
	Side      Side
	Words     string
	ReplyTo   id.Comment // "" the first of its thread
	At        db.Time
	By        id.Person
	Name      string // of By
	Settled   bool   // of a first comment: the point is settled
	SettledAt db.Time
	SettledBy id.Person
}

// Subject is the comment as leave is checked on it.
func (c Comment) Subject(a Agreement) access.Subject {
	state := "open"
	if c.Settled {
		state = "settled"
	}
	return access.Subject{Kind: "comment", State: state, Partner: a.Partner.ID}
}

var (
	selectComments = db.SQL("agreement.comment.list",
		`select c.id, c.n, c.place, c.side, c.words, coalesce(c.reply_to, ''), c.made_at, c.made_by, p.name, c.state, c.settled_at,
		   coalesce(c.settled_by, '')
		 from agreement_comment c join person p on p.id = c.made_by
		 where c.programme_id = $1 and c.agreement_id = $2 order by c.made_at, c.id`)
	moveComment = db.SQL("agreement.comment.move",
		`update agreement_comment set state = $3, settled_at = $4, settled_by = $5 where programme_id = $1 and id = $2 and state <> $3`)
)

var placeForm = regexp.MustCompile(`^(|terms|period|signatories|(clause|objective|line|kpi)\.[a-z0-9][a-z0-9_-]{0,63}(\.target\.[0-9]{4})?|ceiling\.[0-9]{4})$`)

// Comments lists what was said about an agreement, oldest first. The caller has loaded the agreement within a scope.
func Comments(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement) ([]Comment, error) {
	var all []Comment
	err := tx.Each(ctx, selectComments, []any{g, a}, func(r *sql.Rows) error {
		var c Comment
		var state string
		err := r.Scan(&c.ID, &c.N, &c.Place, &c.Side, &c.Words, &c.ReplyTo, &c.At, &c.By, &c.Name, &state, &c.SettledAt, &c.SettledBy)
		c.Settled = state == "settled"
		all = append(all, c)
		return err
	})
	return all, err
}

// OpenPoints counts the threads that are not settled.
func OpenPoints(all []Comment) int {
	n := 0
	for _, c := range all {
		if c.ReplyTo == "" && !c.Settled {
			n++
		}
	}
	return n
}

// Write says something about a place of an agreement, or answers a comment, whose place it then takes.
func Write(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, agreement id.Agreement, c Comment) (Comment, error) {
	a, versions, err := loadTable(ctx, tx, by, g, agreement)
	if err != nil {
		return c, err
	}
	if err := by.May("comment.write", access.Subject{Kind: "comment", Partner: a.Partner.ID}); err != nil {
		return c, err
	}
	if c.Side, err = SideOf(by, a); err != nil {
		return c, err
	}
	last, _ := Last(versions)
	c.ID, c.N, c.At, c.By, c.Name, c.Settled, c.Words = id.New[id.Comment](), last.N, tx.Now, by.ID, by.Name, false, words(c.Words)
	if c.ReplyTo != "" {
		first, err := findComment(ctx, tx, g, a.ID, c.ReplyTo)
		if err != nil {
			return c, err
		}
		c.Place = first.Place
		if first.ReplyTo != "" {
			c.ReplyTo = first.ReplyTo
		}
	}
	switch n := utf8.RuneCountInString(c.Words); {
	case c.Words == "":
		return c, fault.Invalid("words", "agreement.words_missing", nil)
	case n > longestNote:
		return c, fault.Invalid("words", "agreement.words_long", text.Args{"n": n, "most": longestNote})
	case !placeForm.MatchString(c.Place):
		return c, fault.Invalid("place", "agreement.place_unknown", nil)
	}
	err = tx.Insert(ctx, "agreement_comment", []string{"programme_id", "id", "agreement_id", "n", "place", "side", "words", "reply_to", "made_at",
		"made_by", "state", "settled_at", "settled_by"},
		[][]any{{g, c.ID, a.ID, c.N, c.Place, c.Side, c.Words, db.OrNull(c.ReplyTo), c.At, c.By, "open", "", nil}})
	if err != nil {
		return c, err
	}
	return c, audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: "comment.write", ObjectKind: "agreement", ObjectID: string(a.ID),
		After: map[string]any{"comment": string(c.ID), "place": c.Place, "side": string(c.Side)}})
}

func findComment(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, comment id.Comment) (Comment, error) {
	all, err := Comments(ctx, tx, g, a)
	if err != nil {
		return Comment{}, err
	}
	for _, c := range all {
		if c.ID == comment {
			return c, nil
		}
	}
	return Comment{}, fault.Missing("agreement.comment_missing", nil)
}

// Mark settles the point of a comment, or opens it again.
func Mark(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, agreement id.Agreement, comment id.Comment, settled bool) error {
	a, _, err := loadTable(ctx, tx, by, g, agreement)
	if err != nil {
		return err
	}
	c, err := findComment(ctx, tx, g, a.ID, comment)
	if err != nil {
		return err
	}
	if c.ReplyTo != "" {
		if c, err = findComment(ctx, tx, g, a.ID, c.ReplyTo); err != nil {
			return err
		}
	}
	verb, to, at, who := access.VerbName("comment.settle"), "settled", tx.Now, by.ID
	if !settled {
		verb, to, at, who = "comment.reopen", "open", "", ""
	}
	if err := by.May(verb, c.Subject(a)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, moveComment, g, c.ID, to, at, db.OrNull(who)); err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: string(verb), ObjectKind: "agreement", ObjectID: string(a.ID),
		Before: map[string]any{"comment": string(c.ID), "settled": c.Settled}, After: map[string]any{"comment": string(c.ID), "settled": settled}})
}
