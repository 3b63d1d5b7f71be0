package knowledge

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

// Question is what an organisation asks of all others.
type Question struct {
	ID               id.Question
	Organisation     id.Organisation
	Code, Label      string // of the organisation
	ByAgency         bool
	State            string // open or closed
	Language         text.Language
	Title, Body      string
	Markets, Sectors []string
	AskedBy          id.Person
	Asked            db.Time
	Answers          int
}

// Subject is the question as leave is checked on it.
func (q Question) Subject() access.Subject {
	return access.Subject{Kind: "question", State: q.State, Partner: q.Organisation}
}

// Answer is what an organisation answered, with an item of the library or without.
type Answer struct {
	ID           id.Answer
	Organisation id.Organisation
	Label        string
	ByAgency     bool
	By           string
	Body         string
	Item         id.Knowledge // "" none, or one that does not reach the reader
	ItemTitle    string
	Answered     db.Time
}

const longestQuestion = 10_000

const questionColumns = `q.id, q.organisation_id, o.code, o.short_name, o.name, o.kind, q.state, q.language, q.title, q.body, q.markets, q.sectors,
		   coalesce(q.asked_by, ''), q.asked_at,
		   (select count(*) from answer a where a.programme_id = q.programme_id and a.question_id = q.id)
		 from question q join organisation o on o.id = q.organisation_id where q.programme_id = $1`

var (
	selectQuestions = db.SQL("knowledge.question.list", `select `+questionColumns+` and ($2 = '' or q.state = $2) order by q.asked_at desc, q.id desc limit $3`)
	selectQuestion  = db.SQL("knowledge.question.load", `select `+questionColumns+` and q.id = $2`)
	moveQuestion    = db.SQL("knowledge.question.move", `update question set state = $4 where programme_id = $1 and id = $2 and state = $3`)
	selectAnswers   = db.SQL("knowledge.answer.list",
		`select a.id, a.organisation_id, o.short_name, o.name, o.kind, coalesce(p.name, ''), a.body, coalesce(a.item_id, ''), a.answered_at
		 from answer a join organisation o on o.id = a.organisation_id left join person p on p.id = a.answered_by
		 where a.programme_id = $1 and a.question_id = $2 order by a.answered_at, a.id`)
)

// Questions lists questions in a state ("" any), the newest first.
func Questions(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, state string, limit int) ([]Question, error) {
	if !by.Holds("question.read") {
		return nil, nil
	}
	var all []Question
	err := tx.Each(ctx, selectQuestions, []any{g, state, limit}, func(r *sql.Rows) error {
		var q Question
		err := scanQuestion(r, &q)
		all = append(all, q)
		return err
	})
	return all, err
}

func scanQuestion(r interface{ Scan(into ...any) error }, q *Question) error {
	var short, name, kind, markets, sectors string
	err := r.Scan(&q.ID, &q.Organisation, &q.Code, &short, &name, &kind, &q.State, &q.Language, &q.Title, &q.Body, &markets, &sectors, &q.AskedBy,
		&q.Asked, &q.Answers)
	if q.Label = short; short == "" {
		q.Label = name
	}
	q.ByAgency = kind == "agency"
	q.Markets, q.Sectors = strings.Fields(markets), strings.Fields(sectors)
	return err
}

// LoadQuestion is one question; missing (question.missing) when there is none.
func LoadQuestion(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, question id.Question) (Question, error) {
	var q Question
	if err := by.May("question.read", access.Subject{Kind: "question"}); err != nil {
		return q, err
	}
	err := scanQuestion(tx.Row(ctx, selectQuestion, g, question), &q)
	if errors.Is(err, db.ErrNone) {
		return q, fault.Missing("question.missing", nil)
	}
	return q, err
}

// Answers lists what was answered, in order; the item of an answer is named only where it reaches the reader.
func Answers(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, q Question) ([]Answer, error) {
	var all []Answer
	err := tx.Each(ctx, selectAnswers, []any{g, q.ID}, func(r *sql.Rows) error {
		var a Answer
		var short, name, kind string
		err := r.Scan(&a.ID, &a.Organisation, &short, &name, &kind, &a.By, &a.Body, &a.Item, &a.Answered)
		if a.Label = short; short == "" {
			a.Label = name
		}
		a.ByAgency = kind == "agency"
		all = append(all, a)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, a := range all {
		if a.Item == "" {
			continue
		}
		item, err := Load(ctx, tx, by, g, a.Item)
		if err != nil && !fault.Is(err, fault.KindMissing) {
			return nil, err
		}
		all[i].Item, all[i].ItemTitle = item.ID, item.Title
	}
	return all, nil
}

// Ask puts a question to all partners and the agency, whose coordinators and officers get a letter.
func Ask(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, q Question) (Question, error) {
	q.ID, q.State, q.AskedBy, q.Asked = id.New[id.Question](), "", by.ID, tx.Now
	if err := mayAsk(by, "question.ask", q); err != nil {
		return q, err
	}
	var language error
	if !slices.Contains(text.Languages(), q.Language) {
		language = fault.Invalid("language", "knowledge.want_language", nil)
	}
	if err := fault.Join(checkTitle(q.Title), checkWords(q.Body), language, checkCodes(q.Markets, q.Sectors)); err != nil {
		return q, err
	}
	q.State, q.Title, q.Body = "open", strings.TrimSpace(q.Title), strings.TrimSpace(q.Body)
	if err := insertAsked(ctx, tx, [][]any{questionRow(g, q)}, nil); err != nil {
		return q, err
	}
	if err := tellAsked(ctx, tx, g, q); err != nil {
		return q, err
	}
	return q, recordQuestion(ctx, tx, by, g, "question.ask", q, map[string]any{"title": q.Title, "organisation": q.Organisation})
}

// Reply answers an open question in the name of an organisation of the writer, who is told of what the answer names. The asker gets a letter.
func Reply(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, question id.Question, o id.Organisation, body string, item id.Knowledge) error {
	q, err := LoadQuestion(ctx, tx, by, g, question)
	if err != nil {
		return err
	}
	if err := by.May("question.answer", q.Subject()); err != nil {
		return err
	}
	if !belongs(by, o) {
		return fault.Denied("knowledge.theirs", text.Args{"verb": access.VerbName("question.answer").Key()})
	}
	if err := checkWords(body); err != nil {
		return err
	}
	if item != "" {
		if _, err := Load(ctx, tx, by, g, item); err != nil {
			return fault.Invalid("item", "knowledge.missing", nil)
		}
	}
	a := Answer{ID: id.New[id.Answer](), Organisation: o, Body: strings.TrimSpace(body), Item: item, Answered: tx.Now}
	if err := insertAsked(ctx, tx, nil, [][]any{answerRow(g, q.ID, a, by.ID)}); err != nil {
		return err
	}
	if err := tellAnswered(ctx, tx, g, q, by); err != nil {
		return err
	}
	return recordQuestion(ctx, tx, by, g, "question.answer", q, map[string]any{"answer": a.ID, "organisation": o, "item": item})
}

// MoveQuestion closes or reopens a question of one's own organisation.
func MoveQuestion(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, question id.Question, verb access.VerbName) error {
	q, err := LoadQuestion(ctx, tx, by, g, question)
	if err != nil {
		return err
	}
	if err := mayAsk(by, verb, q); err != nil {
		return err
	}
	to, err := access.Transition("question", q.State, verb)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, moveQuestion, g, q.ID, q.State, to)
	if err != nil {
		return err
	}
	if n != 1 {
		return fault.Conflict("knowledge.moved", nil)
	}
	return recordQuestion(ctx, tx, by, g, verb, q, map[string]any{"state": to})
}

const (
	questionFields = "programme_id id organisation_id state language title body markets sectors asked_by asked_at"
	answerFields   = "programme_id id question_id organisation_id item_id body answered_by answered_at"
)

func questionRow(g id.Programme, q Question) []any {
	return []any{g, q.ID, q.Organisation, q.State, q.Language, q.Title, q.Body, strings.Join(q.Markets, " "), strings.Join(q.Sectors, " "),
		db.OrNull(q.AskedBy), q.Asked}
}

func answerRow(g id.Programme, of id.Question, a Answer, by id.Person) []any {
	return []any{g, a.ID, of, a.Organisation, db.OrNull(a.Item), a.Body, db.OrNull(by), a.Answered}
}

func insertAsked(ctx context.Context, tx *db.Tx, questions, answers [][]any) error {
	if len(questions) > 0 {
		if err := tx.Insert(ctx, "question", strings.Fields(questionFields), questions); err != nil {
			return err
		}
	}
	if len(answers) > 0 {
		return tx.Insert(ctx, "answer", strings.Fields(answerFields), answers)
	}
	return nil
}

func mayAsk(by access.Actor, verb access.VerbName, q Question) error {
	if err := by.May(verb, q.Subject()); err != nil {
		return err
	}
	if !belongs(by, q.Organisation) {
		return fault.Denied("knowledge.theirs", text.Args{"verb": verb.Key()})
	}
	return nil
}

func checkWords(body string) error {
	if strings.TrimSpace(body) == "" || utf8.RuneCountInString(body) > longestQuestion || !utf8.ValidString(body) {
		return fault.Invalid("body", "knowledge.want_body", text.Args{"max": longestQuestion})
	}
	return nil
}

func recordQuestion(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, verb access.VerbName, q Question, after any) error {
	return audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: string(verb), ObjectKind: "question", ObjectID: string(q.ID), After: after})
}
