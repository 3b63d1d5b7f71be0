package term

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/mail"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Days around the last day of a term: who must act hears of it a week before and when it has passed; a week later their counterpart at the
// agency does too. What passed longer ago is not written about any more.
const (
	remindDays   = 7
	escalateDays = 7
	forgetDays   = 30
)

// stage is what a letter says of a term on a day, "" for nothing.
func (t Term) stage(today period.Date) string {
	switch days := today.DaysTo(t.Due); {
	case days > remindDays || days < -forgetDays:
		return ""
	case days < -escalateDays:
		return "escalated"
	case days < 0:
		return "passed"
	}
	return "due"
}

// counterpart is who looks after it at the agency. Of a plan or a report a partner's coordinator alone is told, of money finance too.
func (k Kind) counterpart() access.Role {
	if k == Plan || k == Report {
		return access.Officer
	}
	return access.Controller
}

var selectReaders = db.SQL("term.reader.list",
	`select distinct m.person_id from membership m join person p on p.id = m.person_id
	 where p.disabled = 0 and ((m.organisation_id = $1 and (m.role = 'coordinator' or (m.role = 'finance' and $4 = 'controller')))
	   or ($2 = 1 and m.role = $4 and m.organisation_id = (select g.agency_id from programme g where g.id = $3)))
	 order by m.person_id`)

// Remind writes to who must act by the last day of a term, once for each stage of it and each person.
func Remind(ctx context.Context, d *db.DB) error {
	var all []programme.Programme
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = programme.List(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	for _, g := range all {
		var due []Term
		err := d.Read(ctx, func(tx *db.Tx) error {
			terms, err := Load(ctx, tx, access.System("reminder"), g.ID)
			for _, t := range terms {
				if t.stage(tx.Now.Date()) != "" {
					due = append(due, t)
				}
			}
			return err
		})
		if err != nil {
			return err
		}
		if len(due) == 0 {
			continue // writing nothing would still age what pages keep
		}
		if err := d.Write(ctx, g.ID, func(tx *db.Tx) error { return remind(ctx, tx, g, due) }); err != nil {
			return err
		}
	}
	return nil
}

func remind(ctx context.Context, tx *db.Tx, g programme.Programme, due []Term) error {
	for _, t := range due {
		stage := t.stage(tx.Now.Date())
		escalated := 0
		if stage == "escalated" {
			escalated = 1
		}
		var people []id.Person
		err := tx.Each(ctx, selectReaders, []any{t.Partner, escalated, g.ID, t.Kind.counterpart()}, func(r *sql.Rows) error {
			var p id.Person
			err := r.Scan(&p)
			people = append(people, p)
			return err
		})
		if err != nil {
			return err
		}
		l := mail.Letter{Subject: text.Key("terms.mail_" + stage + "_subject"), Body: text.Key("terms.mail_body"),
			Args: text.Args{"partner": t.Code, "year": t.Year, "number": strconv.Itoa(t.Number), "on": t.Due, "what": t.Kind.Key()},
			Once: fmt.Sprintf("term/%s/%s/%s/%s", t.Kind, t.Subject, t.Due, stage), Path: "/terms?programme=" + g.Code, Action: "terms.mail_open"}
		once := l.Once
		for _, p := range people {
			l.Once = once + "/" + string(p)
			if err := mail.Enqueue(ctx, tx, g.ID, p, l); err != nil {
				return err
			}
		}
	}
	return nil
}
