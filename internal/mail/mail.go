// Package mail tells people things outside the pages. A letter is asked for inside a unit of work, in catalogue words, and is said at once
// in its reader's language; a job posts it. Where no server is set it is kept, to be read by administrators. This package knows no domain:
// whoever asks for a letter brings its words. Nothing of a letter or its reader goes into the log.
package mail

import (
	"context"
	"errors"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/text"
)

// State is where a letter stands.
type State string

// The states of a letter.
const (
	Waiting State = "waiting" // asked for, or tried in vain
	Sent    State = "sent"    // a server took it
	Kept    State = "kept"    // no server is set; administrators read it in the outbox
	Refused State = "refused" // the server will never take it
	Failed  State = "failed"  // given up after patience
)

// Key is the state in words.
func (s State) Key() text.Key { return text.Key("mail.state." + string(s)) }

// Letter is what is to be told. Subject, Body and Action are said with the same Args; a blank line in Body begins a new paragraph.
type Letter struct {
	Subject, Body text.Key
	Args          text.Args
	Action        text.Key // what the link to Path says; "" with Path "" for a letter without one
	Path          string   // of a page, from its first slash on
	Once          string   // names what the letter is about, so that nobody is told twice; "" sends it each time
}

// Reader is somebody who gets a letter and need not have an account.
type Reader struct {
	Person        id.Person // "" without an account
	Name, Address string
	Language      text.Language
}

// Enqueue asks for a letter to a person, within a unit of work that writes in the programme. Somebody whose account is closed gets none,
// without a fault.
func Enqueue(ctx context.Context, tx *db.Tx, g id.Programme, to id.Person, l Letter) error {
	r, err := readerOf(ctx, tx, to)
	if errors.Is(err, db.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	return EnqueueTo(ctx, tx, g, r, l)
}

// EnqueueTo is Enqueue for a reader who need not have an account. An address that is none is invalid (email).
func EnqueueTo(ctx context.Context, tx *db.Tx, g id.Programme, to Reader, l Letter) error {
	address, err := access.Email(to.Address)
	if err != nil {
		return err
	}
	to.Address = address
	if (l.Path == "") != (l.Action == "") {
		return fault.Internal(errors.New("mail: a link needs a path and words"))
	}
	say := func(k text.Key) string {
		if k == "" {
			return ""
		}
		return to.Language.Say(k, l.Args)
	}
	m := Mail{ID: id.New[id.Mail](), Programme: g, Reader: to, Subject: say(l.Subject), Body: say(l.Body), Action: say(l.Action), Path: l.Path,
		State: Waiting, Asked: tx.Now}
	fresh, err := add(ctx, tx, m, l.Once)
	if err != nil || !fresh {
		return err
	}
	return job.Enqueue(ctx, tx, post{Programme: g, Mail: m.ID}, time.Time{})
}

// Mail is a letter as it was said.
type Mail struct {
	ID        id.Mail
	Programme id.Programme
	Reader    Reader
	Subject   string
	Body      string
	Action    string
	Path      string
	State     State
	Tries     int
	Reply     int // the server's last reply code (RFC 5321), 0 when there was none
	Asked     db.Time
	Done      db.Time // "" while it waits
}

// Outbox lists letters, the newest first, from before a letter on ("" begins with the newest), for who may read mail.
func Outbox(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, before id.Mail, limit int) ([]Mail, error) {
	if err := by.May("mail.read", access.Subject{Kind: "mail"}); err != nil {
		return nil, err
	}
	return list(ctx, tx, g, before, limit)
}

// Load is one letter, for who may read mail; missing (mail.missing) otherwise.
func Load(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, m id.Mail) (Mail, error) {
	if err := by.May("mail.read", access.Subject{Kind: "mail"}); err != nil {
		return Mail{}, err
	}
	return load(ctx, tx, g, m)
}
