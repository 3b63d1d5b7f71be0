package knowledge

import (
	"context"
	"database/sql"
	"net/url"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/mail"
	"errera.eu/errera/internal/text"
)

var (
	// the coordinators of all partners with an agreement and the agency's officers, but for those of the asker
	selectAsked = db.SQL("knowledge.person.asked",
		`select distinct m.person_id from membership m where m.organisation_id <> $2 and (
		   (m.role = 'coordinator' and exists (select 1 from agreement a where a.programme_id = $1 and a.organisation_id = m.organisation_id))
		   or (m.role = 'officer' and m.organisation_id = (select agency_id from programme where id = $1))) order by m.person_id`)
	selectProgrammeCode = db.SQL("knowledge.programme.code", `select code from programme where id = $1`)
)

// tellAsked writes to everybody who may know the answer.
func tellAsked(ctx context.Context, tx *db.Tx, g id.Programme, q Question) error {
	var people []id.Person
	if err := tx.Each(ctx, selectAsked, []any{g, q.Organisation}, func(r *sql.Rows) error {
		var p id.Person
		err := r.Scan(&p)
		people = append(people, p)
		return err
	}); err != nil {
		return err
	}
	l, err := letterOf(ctx, tx, g, q)
	if err != nil {
		return err
	}
	l.Subject, l.Body = "question.letter.asked", "question.letter.asked_body"
	for _, p := range people {
		if err := mail.Enqueue(ctx, tx, g, p, l); err != nil {
			return err
		}
	}
	return nil
}

// tellAnswered writes to who asked, unless they answered themselves.
func tellAnswered(ctx context.Context, tx *db.Tx, g id.Programme, q Question, by access.Actor) error {
	if q.AskedBy == "" || q.AskedBy == by.ID {
		return nil
	}
	l, err := letterOf(ctx, tx, g, q)
	if err != nil {
		return err
	}
	l.Subject, l.Body = "question.letter.answered", "question.letter.answered_body"
	l.Args["by"] = by.Name
	return mail.Enqueue(ctx, tx, g, q.AskedBy, l)
}

func letterOf(ctx context.Context, tx *db.Tx, g id.Programme, q Question) (mail.Letter, error) {
	var code string
	if err := tx.Row(ctx, selectProgrammeCode, g).Scan(&code); err != nil {
		return mail.Letter{}, err
	}
	var who string
	if err := tx.Row(ctx, organisationName, q.Organisation).Scan(&who); err != nil {
		return mail.Letter{}, err
	}
	return mail.Letter{Args: text.Args{"title": q.Title, "who": who, "body": "\n\n" + q.Body + "\n\n"}, Action: "question.letter.open",
		Path: "/questions/" + string(q.ID) + "?programme=" + url.QueryEscape(code)}, nil
}

var organisationName = db.SQL("knowledge.organisation.name", `select name from organisation where id = $1`)
