package mail

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"time"

	smtp "github.com/wneessen/go-mail"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
)

// How long things may take.
const (
	oneTry    = 30 * time.Second    // to speak with the server
	patience  = 3 * 24 * time.Hour  // with a server that does not take a letter
	again     = 15 * time.Minute    // between looks at what still waits
	retention = 90 * 24 * time.Hour // of the words and the address of a letter that is done with
)

// TLS says how the connection to the server is kept secret.
type TLS string

// The ways of TLS.
const (
	StartTLS TLS = "starttls" // by the STARTTLS command, which the server must know
	Implicit TLS = "tls"      // from the first byte on
	NoTLS    TLS = "none"     // for a server on the same machine
)

// Server is where letters are handed over. Without Host there is none, and letters are kept.
type Server struct {
	Host           string
	Port           int // 0: 587 with STARTTLS, 465 with TLS, 25 without
	TLS            TLS
	User, Password string // "" where the server asks for neither
	From           string // the sender's address, with or without a name
	Site           *url.URL
	Roots          *x509.CertPool // nil: those of the system
}

// Check finds what is missing or wrong in the settings of a server.
func (s Server) Check() error {
	if s.Host == "" {
		return nil
	}
	var badFrom, badSite error
	if err := smtp.NewMsg().From(s.From); err != nil {
		badFrom = fault.Invalid("smtp-from", "mail.bad_from", map[string]any{"found": s.From})
	}
	if s.Site == nil || s.Site.Host == "" || (s.Site.Scheme != "https" && s.Site.Scheme != "http") {
		badSite = fault.Invalid("public-url", "mail.bad_site", nil)
	}
	return fault.Join(badFrom, badSite)
}

// post is the job of one letter, look that of everything that waits.
type (
	post struct {
		Programme id.Programme `json:"programme"`
		Mail      id.Mail      `json:"mail"`
	}
	look struct{}
)

func (post) Kind() string { return "mail.post" }
func (look) Kind() string { return "mail.look" }

// Works are the jobs that post letters through the server, look after those that wait, and clear the words of old ones.
// The server hears one letter at a time: many servers refuse a sender who opens several connections at once.
func Works(d *db.DB, s Server) []job.Work {
	turn := make(chan struct{}, 1)
	return []job.Work{
		job.New(func(ctx context.Context, p post) error {
			select {
			case turn <- struct{}{}:
			case <-ctx.Done():
				return ctx.Err()
			}
			defer func() { <-turn }()
			return s.post(ctx, d, p)
		}),
		job.Each(again, look{}, func(ctx context.Context, _ look) error { return lookAfter(ctx, d) }),
	}
}

// post hands one letter over. A try that was cut off after the server took the letter is repeated; both carry the same Message-ID.
func (s Server) post(ctx context.Context, d *db.DB, p post) error {
	var m Mail
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		m, err = load(ctx, tx, p.Programme, p.Mail)
		return err
	})
	if err != nil || m.State != Waiting {
		return err
	}
	state, reply, failure := Kept, 0, error(nil)
	if s.Host != "" {
		state, reply, failure = s.send(ctx, m)
	}
	err = d.Write(ctx, p.Programme, func(tx *db.Tx) error { return move(ctx, tx, m, state, reply) })
	return errors.Join(err, failure)
}

// send speaks with the server: sent, refused for good, or waiting with the reason why.
func (s Server) send(ctx context.Context, m Mail) (State, int, error) {
	msg, err := s.message(m)
	if err != nil {
		return Waiting, 0, fault.Internal(errors.New("mail: the letter cannot be written")) // the cause may name its reader
	}
	client, err := s.client()
	if err != nil {
		return Waiting, 0, fault.Internal(err)
	}
	err = client.DialAndSendWithContext(ctx, msg)
	var refusal *smtp.SendError
	switch {
	case err == nil:
		return Sent, 250, nil
	case errors.As(err, &refusal) && refusal.ErrorCode() >= 500 && aboutLetter(refusal.Reason):
		return Refused, refusal.ErrorCode(), nil
	case errors.As(err, &refusal):
		return Waiting, refusal.ErrorCode(), fault.Unavailable("mail.server", nil, fmt.Errorf("mail: reply %d", refusal.ErrorCode()))
	}
	return Waiting, 0, fault.Unavailable("mail.server", nil, fmt.Errorf("mail: %T", err))
}

// aboutLetter tells whether the server speaks of the reader or the words, and not of our settings, which may be mended.
func aboutLetter(r smtp.SendErrReason) bool {
	return r == smtp.ErrSMTPRcptTo || r == smtp.ErrSMTPData || r == smtp.ErrSMTPDataClose
}

// lookAfter asks again for what still waits, gives up what waited too long, and clears what was done with long ago.
func lookAfter(ctx context.Context, d *db.DB) error {
	now := d.Now().Time()
	late, old := db.TimeOf(now.Add(-again/2)), db.TimeOf(now.Add(-retention))
	var busy []id.Programme
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		busy, err = unsettled(ctx, tx, late, old)
		return err
	})
	if err != nil {
		return err
	}
	for _, g := range busy {
		err := d.Write(ctx, g, func(tx *db.Tx) error {
			all, err := waiting(ctx, tx, g, late)
			if err != nil {
				return err
			}
			for _, m := range all {
				if m.Asked < db.TimeOf(now.Add(-patience)) {
					err = move(ctx, tx, m, Failed, 0)
				} else {
					err = job.Enqueue(ctx, tx, post{g, m.ID}, time.Time{})
				}
				if err != nil {
					return err
				}
			}
			_, err = tx.Exec(ctx, clearMail, g, old)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
