package mail

import (
	"context"
	"database/sql"
	"errors"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

var (
	selectReader = db.SQL("mail.reader.load", `select p.id, p.name, p.email, p.language from person p where p.id = $1 and p.disabled = 0`)
	insertMail   = db.SQL("mail.mail.add",
		`insert into mail (programme_id, id, once_key, person_id, address, name, language, subject, body, action, path, state, tries, reply,
		   asked_at, done_at)
		 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, 0, $13, '') on conflict do nothing returning id`)
	selectMail = db.SQL("mail.mail.load",
		`select m.id, m.programme_id, coalesce(m.person_id, ''), m.name, m.address, m.language, m.subject, m.body, m.action, m.path, m.state,
		   m.tries, m.reply, m.asked_at, m.done_at
		 from mail m where m.programme_id = $1 and m.id = $2`)
	selectOutbox = db.SQL("mail.mail.list",
		`select m.id, m.programme_id, coalesce(m.person_id, ''), m.name, m.address, m.language, m.subject, m.body, m.action, m.path, m.state,
		   m.tries, m.reply, m.asked_at, m.done_at
		 from mail m where m.programme_id = $1 and m.id < $2 order by m.id desc limit $3`)
	selectWaiting = db.SQL("mail.mail.waiting",
		`select m.id, m.asked_at from mail m where m.programme_id = $1 and m.state = 'waiting' and m.asked_at < $2 order by m.id`)
	selectUnsettled = db.SQL("mail.mail.unsettled",
		`select distinct m.programme_id from mail m
		 where (m.state = 'waiting' and m.asked_at < $1) or (m.state <> 'waiting' and m.done_at < $2 and m.address <> '') order by m.programme_id`)
	updateMail = db.SQL("mail.mail.move",
		`update mail set state = $3, tries = tries + 1, reply = $4, done_at = $5 where programme_id = $1 and id = $2 and state = 'waiting'`)
	clearMail = db.SQL("mail.mail.clear",
		`update mail set address = '', name = '', subject = '', body = '', action = '', path = ''
		 where programme_id = $1 and state <> 'waiting' and done_at < $2 and address <> ''`)
)

// newest is after every identity, where a list from the newest on begins.
const newest id.Mail = "g"

func readerOf(ctx context.Context, tx *db.Tx, p id.Person) (Reader, error) {
	var r Reader
	err := tx.Row(ctx, selectReader, p).Scan(&r.Person, &r.Name, &r.Address, &r.Language)
	return r, err
}

// add tells whether the letter is a new one; what was told once already is left alone.
func add(ctx context.Context, tx *db.Tx, m Mail, once string) (bool, error) {
	r := m.Reader
	err := tx.Row(ctx, insertMail, m.Programme, m.ID, db.OrNull(once), db.OrNull(r.Person), r.Address, r.Name, r.Language, m.Subject, m.Body,
		m.Action, m.Path, m.State, m.Asked).Scan(&m.ID)
	if errors.Is(err, db.ErrNone) {
		return false, nil
	}
	return err == nil, err
}

func scan(from interface{ Scan(...any) error }) (Mail, error) {
	var m Mail
	r := &m.Reader
	err := from.Scan(&m.ID, &m.Programme, &r.Person, &r.Name, &r.Address, &r.Language, &m.Subject, &m.Body, &m.Action, &m.Path, &m.State,
		&m.Tries, &m.Reply, &m.Asked, &m.Done)
	return m, err
}

func load(ctx context.Context, tx *db.Tx, g id.Programme, mail id.Mail) (Mail, error) {
	m, err := scan(tx.Row(ctx, selectMail, g, mail))
	if errors.Is(err, db.ErrNone) {
		return m, fault.Missing("mail.missing", nil)
	}
	return m, err
}

func list(ctx context.Context, tx *db.Tx, g id.Programme, before id.Mail, limit int) ([]Mail, error) {
	if before == "" {
		before = newest
	}
	var all []Mail
	err := tx.Each(ctx, selectOutbox, []any{g, before, limit}, func(r *sql.Rows) error {
		m, err := scan(r)
		all = append(all, m)
		return err
	})
	return all, err
}

// waiting lists letters that were asked for before a moment and still wait.
func waiting(ctx context.Context, tx *db.Tx, g id.Programme, before db.Time) ([]Mail, error) {
	var all []Mail
	err := tx.Each(ctx, selectWaiting, []any{g, before}, func(r *sql.Rows) error {
		m := Mail{Programme: g, State: Waiting}
		err := r.Scan(&m.ID, &m.Asked)
		all = append(all, m)
		return err
	})
	return all, err
}

// unsettled lists the programmes in which letters are late, or old enough to be cleared.
func unsettled(ctx context.Context, tx *db.Tx, late, old db.Time) ([]id.Programme, error) {
	var all []id.Programme
	err := tx.Each(ctx, selectUnsettled, []any{late, old}, func(r *sql.Rows) error {
		var g id.Programme
		err := r.Scan(&g)
		all = append(all, g)
		return err
	})
	return all, err
}

// move notes how a try ended; a letter that no longer waits stays as it is.
func move(ctx context.Context, tx *db.Tx, m Mail, to State, reply int) error {
	done := tx.Now
	if to == Waiting {
		done = ""
	}
	_, err := tx.Exec(ctx, updateMail, m.Programme, m.ID, to, reply, done)
	return err
}
