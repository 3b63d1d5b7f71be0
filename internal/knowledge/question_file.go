package knowledge

import (
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// questionFileColumns are those of a file of questions, in their order. A row with a title is a question; one without answers the question of its code.
const questionFileColumns = "question,organisation,by,on,state,language,title,markets,sectors,item,body"

var selectTitles = db.SQL("knowledge.item.titles",
	`select id, title from knowledge_item where programme_id = $1 and state = 'published' and reach <= $2 order by number`)

// Asked is a question that was asked elsewhere, with its answers in order.
type Asked struct {
	Question
	Answered []Given
}

// Given is an answer and who gave it.
type Given struct {
	Answer
	By id.Person
}

// questionFile is what rows of a file refer to, and what was read of them.
type questionFile struct {
	organisations map[string]id.Organisation
	items         map[string]id.Knowledge
	all           []Asked
	at            map[string]int
	days          map[string]period.Date
}

// ReadQuestions reads questions to all partners with their answers from a CSV file: organisations by code, people by address, items of the
// library, which reach all partners, by title. All that is wrong is told at once, by row and column.
func ReadQuestions(ctx context.Context, tx *db.Tx, g id.Programme, name string, from io.Reader) ([]Asked, error) {
	r := csv.NewReader(from)
	head, err := r.Read()
	columns := strings.Split(questionFileColumns, ",")
	if err != nil || !slices.Equal(head, columns) {
		return nil, fault.Rows{{File: name, Line: 1, Want: "knowledge.file.head", Args: text.Args{"want": questionFileColumns}}}
	}
	f := questionFile{organisations: map[string]id.Organisation{}, items: map[string]id.Knowledge{}, at: map[string]int{}, days: map[string]period.Date{}}
	if err := f.know(ctx, tx, g); err != nil {
		return nil, err
	}
	var faults fault.Rows
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return f.all, faults.Err()
		}
		row, _ := r.FieldPos(0)
		if err != nil {
			return nil, append(faults, fault.Row{File: name, Line: row, Want: "knowledge.file.cells"})
		}
		cell := func(column string) string { return strings.TrimSpace(cells[slices.Index(columns, column)]) }
		by, err := access.LoadActorByEmail(ctx, tx, cell("by"))
		if err != nil && !fault.Is(err, fault.KindMissing) {
			return nil, err
		}
		if err := f.take(cell, by); err != nil {
			for _, x := range fault.Of(err).All() {
				faults = append(faults, fault.Row{File: name, Line: row, Column: x.Field, Found: cell(x.Field), Want: x.Key})
			}
		}
	}
}

func (f *questionFile) know(ctx context.Context, tx *db.Tx, g id.Programme) error {
	all, err := programme.Organisations(ctx, tx)
	for _, o := range all {
		f.organisations[o.Code] = o.ID
	}
	if err != nil {
		return err
	}
	return tx.Each(ctx, selectTitles, []any{g, Partners}, func(r *sql.Rows) error {
		var item id.Knowledge
		var title string
		err := r.Scan(&item, &title)
		f.items[title] = item
		return err
	})
}

// take reads a row. Its faults carry what the file wants in a column.
func (f *questionFile) take(cell func(string) string, by access.Actor) error {
	var wrong []error
	want := func(ok bool, column string) {
		if !ok {
			wrong = append(wrong, fault.Invalid(column, text.Key("knowledge.file."+column), nil))
		}
	}
	code, day := cell("question"), period.Date(cell("on"))
	o := f.organisations[cell("organisation")]
	want(o != "", "organisation")
	want(o == "" || belongs(by, o), "by")
	want(day.Valid(), "on")
	want(checkWords(cell("body")) == nil, "body")
	at, asked := f.at[code]
	if cell("title") == "" {
		want(asked, "question")
		item, known := f.items[cell("item")]
		want(known || cell("item") == "", "item")
		for _, column := range []string{"state", "language", "markets", "sectors"} {
			if cell(column) != "" {
				wrong = append(wrong, fault.Invalid(column, "knowledge.file.only_question", nil))
			}
		}
		if asked && day.Valid() && day < f.days[code] {
			wrong = append(wrong, fault.Invalid("on", "knowledge.file.answered_before", nil))
		}
		if len(wrong) == 0 {
			q := &f.all[at]
			a := Answer{ID: id.New[id.Answer](), Organisation: o, Body: cell("body"), Item: item, Answered: morning(day, len(q.Answered)+1)}
			q.Answered = append(q.Answered, Given{a, by.ID})
		}
		return fault.Join(wrong...)
	}
	q := Question{ID: id.New[id.Question](), Organisation: o, State: cell("state"), Language: text.Language(cell("language")), Title: cell("title"),
		Body: cell("body"), Markets: strings.Fields(cell("markets")), Sectors: strings.Fields(cell("sectors")), AskedBy: by.ID}
	want(code != "" && !asked, "question")
	want(q.State == "open" || q.State == "closed", "state")
	want(slices.Contains(text.Languages(), q.Language), "language")
	want(checkTitle(q.Title) == nil, "title")
	want(checkCodes(q.Markets, nil) == nil, "markets")
	want(checkCodes(nil, q.Sectors) == nil, "sectors")
	if cell("item") != "" {
		wrong = append(wrong, fault.Invalid("item", "knowledge.file.only_answer", nil))
	}
	if code != "" && !asked { // its answers are read even when it is faulty
		q.Asked = morning(day, 0)
		f.at[code], f.days[code] = len(f.all), day
		f.all = append(f.all, Asked{Question: q})
	}
	return fault.Join(wrong...)
}

// morning is a time on a day that nobody noted one for; later ones of one day stay in order.
func morning(d period.Date, n int) db.Time {
	if !d.Valid() {
		return ""
	}
	return db.TimeOf(d.Time().Add(8*time.Hour + time.Duration(n)*time.Minute))
}

// TakeQuestions puts questions that were asked elsewhere into the programme, all or none: an import. Nobody is written to: they were told then.
func TakeQuestions(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, all []Asked) error {
	if err := by.May("programme.import", access.Subject{}); err != nil {
		return err
	}
	var questions, answers [][]any
	var changes []audit.Change
	did := func(verb access.VerbName, q id.Question, after map[string]any) {
		changes = append(changes, audit.Change{Verb: string(verb), ObjectKind: "question", ObjectID: string(q), After: after})
	}
	for _, q := range all {
		questions = append(questions, questionRow(g, q.Question))
		did("question.ask", q.ID, map[string]any{"title": q.Title, "organisation": q.Organisation, "on": q.Question.Asked, "by": q.AskedBy})
		for _, a := range q.Answered {
			answers = append(answers, answerRow(g, q.ID, a.Answer, a.By))
			did("question.answer", q.ID, map[string]any{"answer": a.ID, "organisation": a.Organisation, "item": a.Item, "on": a.Answer.Answered, "by": a.By})
		}
		if q.State == "closed" {
			did("question.close", q.ID, map[string]any{"state": q.State})
		}
	}
	if err := insertAsked(ctx, tx, questions, answers); err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(g), by.Label(), changes...)
}
