package agreement

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/mail"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

var (
	selectNegotiators = db.SQL("agreement.person.negotiators",
		`select distinct m.person_id from membership m where m.organisation_id = $1 and m.role = $2 order by m.person_id`)
	selectProposers = db.SQL("agreement.person.proposers",
		`select distinct coalesce(made_by, '') from agreement_version where programme_id = $1 and agreement_id = $2 and side = $3 order by 1`)
	selectCode = db.SQL("agreement.programme.code", `select code, agency_id from programme where id = $1`)
)

// people are whom a letter to a side reaches: at the partner its coordinators, at the agency the officers who proposed, or all of them
// while nobody did.
func people(ctx context.Context, tx *db.Tx, g id.Programme, a Agreement, s Side) ([]id.Person, error) {
	list := func(q db.Query, args ...any) ([]id.Person, error) {
		var all []id.Person
		err := tx.Each(ctx, q, args, func(r *sql.Rows) error {
			var p id.Person
			err := r.Scan(&p)
			all = append(all, p)
			return err
		})
		return slices.DeleteFunc(all, func(p id.Person) bool { return p == "" }), err
	}
	if s == OfPartner {
		return list(selectNegotiators, a.Partner.ID, access.Coordinator)
	}
	proposers, err := list(selectProposers, g, a.ID, s)
	if err != nil || len(proposers) > 0 {
		return proposers, err
	}
	var code string
	var agency id.Organisation
	if err := tx.Row(ctx, selectCode, g).Scan(&code, &agency); err != nil {
		return nil, err
	}
	return list(selectNegotiators, agency, access.Officer)
}

// NegotiationPath is the address of the page where an agreement is negotiated.
func NegotiationPath(programme, partner string) string {
	return "/agreements/" + url.PathEscape(partner) + "/negotiation?programme=" + url.QueryEscape(programme)
}

// tell writes letters to a side about an agreement.
func tell(ctx context.Context, tx *db.Tx, g id.Programme, a Agreement, s Side, l mail.Letter) error {
	all, err := people(ctx, tx, g, a, s)
	if err != nil {
		return err
	}
	var code string
	var agency id.Organisation
	if err := tx.Row(ctx, selectCode, g).Scan(&code, &agency); err != nil {
		return err
	}
	l.Path, l.Action = NegotiationPath(code, a.Partner.Code), "agreement.mail.open"
	for _, p := range all {
		if err := mail.Enqueue(ctx, tx, g, p, l); err != nil {
			return err
		}
	}
	return nil
}

func tellProposed(ctx context.Context, tx *db.Tx, g id.Programme, a Agreement, v Version) error {
	body := text.Key("agreement.mail.proposed.body")
	if v.Note != "" {
		body = "agreement.mail.noted.body"
	}
	return tell(ctx, tx, g, a, v.Side.Other(), mail.Letter{Subject: "agreement.mail.proposed.subject", Body: body,
		Args: text.Args{"partner": a.Partner.Label(), "n": v.N, "side": v.Side.Key(), "by": v.AnswerBy, "note": v.Note},
		Once: fmt.Sprintf("agreement/%s/proposed/%d", a.ID, v.N)})
}

func tellAccepted(ctx context.Context, tx *db.Tx, g id.Programme, a Agreement, v Version) error {
	return tell(ctx, tx, g, a, v.Side, mail.Letter{Subject: "agreement.mail.accepted.subject", Body: "agreement.mail.accepted.body",
		Args: text.Args{"partner": a.Partner.Label(), "n": v.N, "side": v.Side.Other().Key(), "hash": Short(v.Hash)},
		Once: fmt.Sprintf("agreement/%s/accepted/%d", a.ID, v.N)})
}

// remindDays before the answer is due a first reminder goes out; a second one when it is overdue.
const remindDays = 3

// Remind writes a letter to each side whose answer is due within three days, and another one when it is overdue; each once.
func Remind(ctx context.Context, d *db.DB) error {
	var all []programme.Programme
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = programme.List(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range all {
		var waiting []Waiting
		err := d.Read(ctx, func(tx *db.Tx) (err error) {
			waiting, err = Waits(ctx, tx, access.All, p.ID)
			return err
		})
		if err != nil {
			return err
		}
		due := slices.DeleteFunc(waiting, func(w Waiting) bool { return w.By == "" || d.Now().Date().DaysTo(w.By) > remindDays })
		if len(due) == 0 {
			continue // writing nothing would still age what pages keep
		}
		if err := d.Write(ctx, p.ID, func(tx *db.Tx) error { return remind(ctx, tx, p.ID, due) }); err != nil {
			return err
		}
	}
	return nil
}

// Waiting is an agreement in which it is somebody's turn.
type Waiting struct {
	Agreement Agreement
	Standing
}

// Waits lists the agreements of a programme, within a scope, in which an answer or a first proposal is awaited.
func Waits(ctx context.Context, tx *db.Tx, scope access.Scope, g id.Programme) ([]Waiting, error) {
	all, err := List(ctx, tx, scope, g)
	if err != nil {
		return nil, err
	}
	var waiting []Waiting
	for _, a := range all {
		versions, err := Versions(ctx, tx, g, a.ID)
		if err != nil {
			return nil, err
		}
		if s := a.Standing(versions); s.Turn != "" {
			waiting = append(waiting, Waiting{a, s})
		}
	}
	return waiting, nil
}

func remind(ctx context.Context, tx *db.Tx, g id.Programme, due []Waiting) error {
	for _, w := range due {
		l := mail.Letter{Subject: "agreement.mail.due.subject", Body: "agreement.mail.due.body",
			Args: text.Args{"partner": w.Agreement.Partner.Label(), "n": w.Last.N, "side": w.Last.Side.Key(), "by": w.By},
			Once: fmt.Sprintf("agreement/%s/due/%d", w.Agreement.ID, w.Last.N)}
		if w.Late(tx.Now.Date()) {
			l.Subject, l.Body = "agreement.mail.late.subject", "agreement.mail.late.body"
			l.Once = fmt.Sprintf("agreement/%s/late/%d", w.Agreement.ID, w.Last.N)
		}
		if err := tell(ctx, tx, g, w.Agreement, w.Turn, l); err != nil {
			return err
		}
	}
	return nil
}
