// Package hearing is what a claim's two sides say to each other before it counts: the controller's questions and the partner's answers, and the
// partner's objection with the agency's reply. Each has its term, which a decision may move.
package hearing

import (
	"cmp"
	"context"
	"database/sql"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Message is a controller's question about a claim or one of its items, or the partner's answer.
type Message struct {
	N         int
	Item      id.Item
	Kind      string // question, answer
	On        period.Date
	By        id.Person
	Name      string
	ReplyBy   period.Date // of a question: the last day to answer
	Words     string
	Extension period.Date // of a question: the day to which a decision moved ReplyBy, "" for none
}

var (
	nextMessage = db.SQL("hearing.message.next",
		`select coalesce(max(m.n), 0) + 1 from claim_message m where m.programme_id = $1 and m.claim_id = $2`)
	selectMessages = db.SQL("hearing.message.list",
		`select m.n, coalesce(m.item_id, ''), m.kind, m.written_on, coalesce(m.written_by, ''), coalesce(p.name, ''), m.reply_by, m.words
		 from claim_message m left join person p on p.id = m.written_by
		 where m.programme_id = $1 and m.claim_id = $2 order by m.n`)
)

// Messages lists what was asked and answered about a claim, oldest first.
func Messages(ctx context.Context, tx *db.Tx, g id.Programme, claim id.Claim) ([]Message, error) {
	var all []Message
	err := tx.Each(ctx, selectMessages, []any{g, claim}, func(r *sql.Rows) error {
		var m Message
		err := r.Scan(&m.N, &m.Item, &m.Kind, &m.On, &m.By, &m.Name, &m.ReplyBy, &m.Words)
		all = append(all, m)
		return err
	})
	return all, err
}

// Ask puts a question to the partner, about the claim or an item of it; the claim waits for the answer, which has a term.
func Ask(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim, item id.Item, words string) error {
	c, err := funding.LoadClaim(ctx, tx, by, g, claim)
	if err != nil {
		return err
	}
	rules, err := funding.LoadRules(ctx, tx, g, cmp.Or(c.RuleOn, tx.Now.Date()))
	if err != nil {
		return err
	}
	if err := funding.Move(ctx, tx, by, g, claim, "claim.query"); err != nil {
		return err
	}
	return say(ctx, tx, by, g, claim, item, "question", tx.Now.Date().AddDays(rules.Claim.ReplyDays), words)
}

// Answer answers the open question; the claim is in verification again.
func Answer(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim, words string) error {
	if err := funding.Move(ctx, tx, by, g, claim, "claim.answer"); err != nil {
		return err
	}
	return say(ctx, tx, by, g, claim, "", "answer", "", words)
}

func say(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim, item id.Item, kind string, replyBy period.Date,
	words string) error {
	if words = strings.TrimSpace(words); words == "" {
		return fault.Invalid("words", "funding.words_needed", nil)
	}
	if item != "" {
		of, err := funding.ClaimOfItem(ctx, tx, by, g, item)
		if err != nil || of.ID != claim {
			return fault.Missing("funding.no_item", nil)
		}
	}
	var n int
	if err := tx.Row(ctx, nextMessage, g, claim).Scan(&n); err != nil {
		return err
	}
	return tx.Insert(ctx, "claim_message",
		strings.Fields("programme_id claim_id n item_id kind written_on written_by reply_by words"),
		[][]any{{g, claim, n, db.OrNull(item), kind, tx.Now.Date(), db.OrNull(by.ID), replyBy, words}})
}

// Objection is a partner's objection to what became of its claim.
type Objection struct {
	N          int
	State      string // raised, upheld, dismissed
	RaisedOn   period.Date
	RaisedBy   id.Person
	Words      string
	AnsweredOn period.Date
	AnsweredBy id.Person
	Answer     string
}

var (
	selectObjections = db.SQL("hearing.objection.list",
		`select k.n, k.state, k.raised_on, coalesce(k.raised_by, ''), k.words, k.answered_on, coalesce(k.answered_by, ''), k.answer
		 from claim_objection k where k.programme_id = $1 and k.claim_id = $2 order by k.n`)
	answerObjection = db.SQL("hearing.objection.answer",
		`update claim_objection set state = $4, answered_on = $5, answered_by = $6, answer = $7
		 where programme_id = $1 and claim_id = $2 and n = $3 and state = 'raised'`)
)

// Objections lists the objections to a claim, oldest first.
func Objections(ctx context.Context, tx *db.Tx, g id.Programme, claim id.Claim) ([]Objection, error) {
	var all []Objection
	err := tx.Each(ctx, selectObjections, []any{g, claim}, func(r *sql.Rows) error {
		var o Objection
		err := r.Scan(&o.N, &o.State, &o.RaisedOn, &o.RaisedBy, &o.Words, &o.AnsweredOn, &o.AnsweredBy, &o.Answer)
		all = append(all, o)
		return err
	})
	return all, err
}

// openObjection is the objection that waits for an answer; N is 0 when none does.
func openObjection(ctx context.Context, tx *db.Tx, g id.Programme, claim id.Claim) (Objection, int, error) {
	all, err := Objections(ctx, tx, g, claim)
	if n := len(all); n > 0 && all[n-1].State == "raised" {
		return all[n-1], n, err
	}
	return Objection{}, len(all), err
}

// Object records the partner's objection within its term, which starts when the claim is approved or rejected.
func Object(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim, words string) error {
	c, err := funding.LoadClaim(ctx, tx, by, g, claim)
	if err != nil {
		return err
	}
	if err := by.May("claim.object", c.Subject()); err != nil {
		return err
	}
	until, err := objectionUntil(ctx, tx, g, c)
	if err != nil {
		return err
	}
	if tx.Now.Date() > until {
		return fault.Conflict("funding.objection_late", text.Args{"until": until})
	}
	if words = strings.TrimSpace(words); words == "" {
		return fault.Invalid("words", "funding.words_needed", nil)
	}
	open, count, err := openObjection(ctx, tx, g, claim)
	if err != nil {
		return err
	}
	if open.N != 0 {
		return fault.Conflict("funding.objection_open", nil)
	}
	err = tx.Insert(ctx, "claim_objection",
		strings.Fields("programme_id claim_id n state raised_on raised_by words answered_on answered_by answer"),
		[][]any{{g, claim, count + 1, "raised", tx.Now.Date(), db.OrNull(by.ID), words, "", nil, ""}})
	if err != nil {
		return err
	}
	return trail(ctx, tx, by, g, "claim.object", claim, c.State, words)
}

// AnswerObjection upholds an objection (claim.uphold), which reopens the claim where its money has not moved, or dismisses it
// (claim.dismiss). Who verified or approved the claim does not judge the objection to it.
func AnswerObjection(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim, verb access.VerbName, answer string) error {
	c, err := funding.LoadClaim(ctx, tx, by, g, claim)
	if err != nil {
		return err
	}
	subject := c.Subject()
	subject.Touched = append(subject.Touched, c.ApprovedBy)
	if err := by.May(verb, subject); err != nil {
		return err
	}
	open, _, err := openObjection(ctx, tx, g, claim)
	if err != nil {
		return err
	}
	if open.N == 0 {
		return fault.Conflict("funding.objection_none", nil)
	}
	if answer = strings.TrimSpace(answer); answer == "" {
		return fault.Invalid("words", "funding.words_needed", nil)
	}
	state := map[access.VerbName]string{"claim.uphold": "upheld", "claim.dismiss": "dismissed"}[verb]
	_, err = tx.Exec(ctx, answerObjection, g, claim, open.N, state, tx.Now.Date(), db.OrNull(by.ID), answer)
	if err != nil {
		return err
	}
	now := c.State
	if state == "upheld" {
		if err := funding.Uphold(ctx, tx, by, g, c); err != nil {
			return err
		}
		now = "in-verification"
	}
	return trail(ctx, tx, by, g, verb, claim, now, answer)
}

// objectionUntil is the last day for an objection to a claim; a decision may have moved it.
func objectionUntil(ctx context.Context, tx *db.Tx, g id.Programme, c funding.Claim) (period.Date, error) {
	from := cmp.Or(c.ApprovedOn, c.VerifiedOn)
	var days int
	if err := tx.Row(ctx, selectObjectionDays, g, from).Scan(&days); err != nil && err != db.ErrNone {
		return "", err
	}
	return extended(ctx, tx, g, "objection", string(c.ID), from.AddDays(days))
}

var selectObjectionDays = db.SQL("hearing.objection.days",
	`select r.objection_days from programme_rule r where r.programme_id = $1 and r.starts_on <= $2 order by r.starts_on desc limit 1`)

// extended is a term's last day after the decisions that moved it.
func extended(ctx context.Context, tx *db.Tx, g id.Programme, kind, subject string, due period.Date) (period.Date, error) {
	var until period.Date
	if err := tx.Row(ctx, selectExtension, g, "term:"+kind, subject).Scan(&until); err != nil {
		return due, err
	}
	return max(due, until), nil
}

var selectExtension = db.SQL("hearing.term.extension",
	`select coalesce(max(d.until), '') from decision d where d.programme_id = $1 and d.subject_kind = $2 and d.subject_id = $3
		   and d.kind = 'extension' and d.state = 'taken'`)

// seen is what the trail keeps of an objection and its answer.
type seen struct {
	State string `json:"state"`
	Words string `json:"words,omitempty"`
}

func trail(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, verb access.VerbName, claim id.Claim, state, words string) error {
	return audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: string(verb), ObjectKind: "claim", ObjectID: string(claim),
		Before: seen{State: state}, After: seen{state, words}})
}
