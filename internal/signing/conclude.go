package signing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/mail"
	"errera.eu/errera/internal/text"
)

// conclude is what the last signature does. A first agreement is signed (and active, when it has begun): the commitment of every year is
// booked and the live rows say what was signed. An amendment waits for its effective date, when settlement puts it in force. The seal is
// asked for and everybody who signed is told.
func conclude(ctx context.Context, tx *db.Tx, by access.Actor, s *agreement.Setting, x Sheet) (agreement.Agreement, error) {
	a, g := x.Agreement, s.Programme.ID
	if err := fits(ctx, tx, g, x); err != nil {
		return a, err
	}
	if x.Version.Document.Amends == 0 {
		var err error
		if a, err = enter(ctx, tx, by, s, x); err != nil {
			return a, err
		}
	}
	if err := job.Enqueue(ctx, tx, seal{g, a.ID, x.Version.N}, time.Time{}); err != nil {
		return a, err
	}
	return a, tellSigned(ctx, tx, s, x)
}

// enter makes a first agreement count.
func enter(ctx context.Context, tx *db.Tx, by access.Actor, s *agreement.Setting, x Sheet) (agreement.Agreement, error) {
	a, g, today := x.Agreement, s.Programme.ID, tx.Now.Date()
	for _, c := range x.Version.Document.Ceilings {
		if _, err := ledger.Post(ctx, tx, ledger.Entry{Programme: g, Key: "signed:" + string(a.ID) + ":" + c.Year.String(), Event: ledger.EventSigned,
			BookedOn: today, Agreement: a.ID, Year: c.Year, SubjectKind: "agreement", SubjectID: string(a.ID), Lines: ledger.Signed(c.Amount)}); err != nil {
			return a, err
		}
	}
	if err := agreement.Apply(ctx, tx, s, a.ID, x.Version, today); err != nil {
		return a, err
	}
	a.Version, a.Starts, a.Ends = x.Version.N, x.Version.Document.Starts, x.Version.Document.Ends
	a, err := agreement.Enter(ctx, tx, by, g, a, "agreement.sign")
	if err != nil {
		return a, err
	}
	if _, err := tx.Exec(ctx, updateSigned, g, a.ID, today); err != nil {
		return a, err
	}
	a.Signed = today
	if a.Starts > today {
		return a, nil
	}
	return agreement.Enter(ctx, tx, access.System("start-date"), g, a, "agreement.activate")
}

// fits refuses ceilings above what the envelope of their year has left, with that figure. Source: domain sections 4.8 and 4.13.
func fits(ctx context.Context, tx *db.Tx, g id.Programme, x Sheet) error {
	var faults []error
	for _, c := range x.Version.Document.Ceilings {
		more := c.Amount
		if was, there := x.Agreement.Ceiling(c.Year); there && x.Version.Document.Amends > 0 {
			more -= was.Amount
		}
		books, err := ledger.Balance(ctx, tx, g, ledger.Filter{Year: c.Year, Account: ledger.Envelope})
		if err != nil {
			return err
		}
		if left := books[ledger.Envelope]; more > 0 && more > left {
			faults = append(faults, fault.Invalid("ceiling."+c.Year.String(), "agreement.above_left",
				text.Args{"year": c.Year, "amount": c.Amount, "left": c.Amount - more + left}))
		}
	}
	return fault.Join(faults...)
}

// Activate makes signed agreements active that have begun, by the programme's own rule.
func Activate(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme) (int, error) {
	all, err := due(ctx, tx, g, tx.Now.Date())
	if err != nil {
		return 0, err
	}
	for _, one := range all {
		a, err := agreement.Load(ctx, tx, by.ScopeFor("agreement.activate"), g, one)
		if err != nil {
			return 0, err
		}
		if _, err := agreement.Enter(ctx, tx, by, g, a, "agreement.activate"); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}

// Path is the address of the page where an agreement is signed.
func Path(programme, partner string) string {
	return "/agreements/" + partner + "/sign?programme=" + programme
}

// tellNext writes to who signs next.
func tellNext(ctx context.Context, tx *db.Tx, s *agreement.Setting, x Sheet) error {
	next, more := x.Next()
	if !more {
		return nil
	}
	people, err := x.people(ctx, tx, s, next)
	if err != nil {
		return err
	}
	return tell(ctx, tx, s, x, people, mail.Letter{Subject: "signing.mail.turn.subject", Body: "signing.mail.turn.body",
		Once: fmt.Sprintf("signing/%s/%d/turn/%d", x.Agreement.ID, x.Version.N, len(x.Signatures)+1)})
}

// tellSigned writes to everybody who signed.
func tellSigned(ctx context.Context, tx *db.Tx, s *agreement.Setting, x Sheet) error {
	var people []id.Person
	for _, y := range x.Signatures {
		people = append(people, y.Person)
	}
	return tell(ctx, tx, s, x, people, mail.Letter{Subject: "signing.mail.signed.subject", Body: "signing.mail.signed.body"})
}

func tell(ctx context.Context, tx *db.Tx, s *agreement.Setting, x Sheet, people []id.Person, l mail.Letter) error {
	l.Args = text.Args{"partner": x.Agreement.Partner.Label(), "n": x.Version.N, "hash": agreement.Short(x.Version.Hash)}
	l.Action, l.Path = "signing.mail.open", Path(s.Programme.Code, x.Agreement.Partner.Code)
	once := l.Once
	for _, p := range people {
		if once != "" {
			l.Once = once + "/" + string(p)
		}
		if err := mail.Enqueue(ctx, tx, s.Programme.ID, p, l); err != nil {
			return err
		}
	}
	return nil
}

// people are whom a letter to a signatory reaches.
func (s Sheet) people(ctx context.Context, tx *db.Tx, set *agreement.Setting, x agreement.Signatory) ([]id.Person, error) {
	if x.Email != "" {
		var p id.Person
		err := tx.Row(ctx, selectPersonOf, x.Email).Scan(&p)
		if errors.Is(err, db.ErrNone) { // somebody without an account signs elsewhere, or gets one
			return nil, nil
		}
		return []id.Person{p}, err
	}
	at := s.Agreement.Partner.ID
	if x.Side == agreement.OfAgency {
		at = set.Agency.ID
	}
	return list[id.Person](ctx, tx, selectSignersFor, at)
}
