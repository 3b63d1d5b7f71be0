package access

import (
	"context"
	"strings"
	"time"

	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// CalendarKey is the key in a person's calendar address as it is kept: who shows it reads the calendar as that person and does nothing else.
// The secret itself is kept nowhere. A person has one at a time.
type CalendarKey struct {
	ID       id.CalendarKey
	Person   id.Person
	MadeAt   db.Time
	LastUsed period.Date // "" never
}

// What a calendar address leaves in the trail. One's own address needs no leave, so they stand outside the table of verbs.
const (
	calendarMade  VerbName = "calendar.subscribe"
	calendarEnded VerbName = "calendar.unsubscribe"
)

// calendarMark begins every key, so that nobody takes one for a token.
const calendarMark = "errera_calendar_"

// calendarScopes is all that a key lends.
func calendarScopes() []string { return []string{"activity:read"} }

var (
	calendarKeyByID = db.SQL("access.calendar_key.by_id",
		`select k.id, k.person_id, k.made_at, k.last_used_on, k.secret_hash from calendar_key k where k.id = $1`)
	calendarKeyOf = db.SQL("access.calendar_key.of_person",
		`select k.id, k.person_id, k.made_at, k.last_used_on, k.secret_hash from calendar_key k where k.person_id = $1`)
	dropCalendarKey = db.SQL("access.calendar_key.drop", `delete from calendar_key where person_id = $1`)
	useCalendarKey  = db.SQL("access.calendar_key.use", `update calendar_key set last_used_on = $2 where id = $1 and last_used_on < $2`)
)

// MakeCalendarKey makes a key for who asks and gives its secret, which is told this once; one that they had opens nothing from then on. It
// belongs in a unit of work of the agency. Denied for who does not come in person.
func MakeCalendarKey(ctx context.Context, tx *db.Tx, by Actor) (CalendarKey, string, error) {
	if by.ID == "" || by.token != nil {
		return CalendarKey{}, "", fault.Denied("access.calendar_own", nil)
	}
	if _, err := tx.Exec(ctx, dropCalendarKey, by.ID); err != nil {
		return CalendarKey{}, "", err
	}
	k := CalendarKey{ID: id.New[id.CalendarKey](), Person: by.ID, MadeAt: tx.Now}
	secret := newSecret(calendarMark, k.ID)
	err := tx.Insert(ctx, "calendar_key", strings.Fields("id person_id secret_hash made_at last_used_on"),
		[][]any{{k.ID, k.Person, tokenHash(secret), k.MadeAt, ""}})
	if err != nil {
		return CalendarKey{}, "", err
	}
	return k, secret, audit.Append(ctx, tx, "", by.Label(), change(calendarMade, by.ID, nil, nil))
}

// EndCalendarKey ends a person's key at once: one's own, or anybody's by an administrator. Missing when there is none.
func EndCalendarKey(ctx context.Context, tx *db.Tx, by Actor, email string) error {
	person, err := LoadActorByEmail(ctx, tx, email)
	if err != nil {
		return err
	}
	if by.ID == "" || by.ID != person.ID || by.token != nil {
		if err := by.May("token.revoke", Subject{Kind: "token"}); err != nil {
			return err
		}
	}
	n, err := tx.Exec(ctx, dropCalendarKey, person.ID)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Missing("access.calendar_missing", nil)
	}
	return audit.Append(ctx, tx, "", by.Label(), change(calendarEnded, person.ID, nil, nil))
}

// CalendarKeyOf is the key that a person has; false for none. It asks for no leave: callers ask for who is signed in.
func CalendarKeyOf(ctx context.Context, tx *db.Tx, of Actor) (CalendarKey, bool, error) {
	k, _, err := scanCalendarKey(tx.Row(ctx, calendarKeyOf, of.ID))
	if err == db.ErrNone {
		return CalendarKey{}, false, nil
	}
	return k, err == nil, err
}

// byCalendarKey is the person that a secret stands for, with leave to read activities and no more. Missing when it is no key, or one that was
// ended, or whose person is gone or holds no role any longer: which of them is not told.
func byCalendarKey(ctx context.Context, tx *db.Tx, secret string) (Actor, CalendarKey, error) {
	missing := fault.Missing("access.calendar_unknown", nil)
	kept, ok := secretID[id.CalendarKey](calendarMark, secret)
	if !ok {
		return Visitor(), CalendarKey{}, missing
	}
	k, hash, err := scanCalendarKey(tx.Row(ctx, calendarKeyByID, kept))
	if err == db.ErrNone || (err == nil && !same(hash, tokenHash(secret))) {
		return Visitor(), CalendarKey{}, missing
	}
	if err != nil {
		return Visitor(), CalendarKey{}, err
	}
	a, err := LoadActor(ctx, tx, k.Person)
	if a = a.Within(calendarScopes()); fault.Is(err, fault.KindMissing) || (err == nil && !a.Holds("activity.read")) {
		return Visitor(), CalendarKey{}, missing
	}
	if err != nil {
		return Visitor(), CalendarKey{}, err
	}
	return a, k, nil
}

// CalendarDoor lets calendar programs in by their keys and slows down who shows wrong ones. Programs ask by themselves, day and night, and
// many of them from one address: so failures are counted for an address and the key shown there, and a subscription that somebody forgot
// to remove keeps nobody else out. Secrets are too long to be found by trying others.
type CalendarDoor struct{ failures *throttle }

// NewCalendarDoor has seen no failure yet.
func NewCalendarDoor() *CalendarDoor { return &CalendarDoor{newThrottle(maxTracked)} }

// Enter is the person that a secret stands for, as byCalendarKey; unavailable for a while after too many failures.
func (d *CalendarDoor) Enter(ctx context.Context, tx *db.Tx, secret, address string) (Actor, CalendarKey, error) {
	shown, _ := secretID[id.CalendarKey](calendarMark, secret)
	who := "from:" + key(address) + " key:" + string(shown)
	if wait := d.failures.begin(tx.Now.Time(), who); wait > 0 {
		minutes := int((wait + time.Minute - 1) / time.Minute)
		return Visitor(), CalendarKey{}, fault.Unavailable("access.too_many_failures", text.Args{"n": minutes}, nil)
	}
	a, k, err := byCalendarKey(ctx, tx, secret)
	if err == nil {
		d.failures.succeeded(who)
	}
	return a, k, err
}

// CalendarKeyUsed notes the day on which a key was used last. Like a session it is no fact of the house: it takes no head.
func CalendarKeyUsed(ctx context.Context, d *db.DB, k CalendarKey) error {
	today := d.Now().Date()
	if k.LastUsed >= today {
		return nil
	}
	_, err := d.Pool().ExecContext(ctx, useCalendarKey.Text, string(k.ID), string(today))
	return err
}

func scanCalendarKey(r interface{ Scan(into ...any) error }) (k CalendarKey, hash string, err error) {
	err = r.Scan(&k.ID, &k.Person, &k.MadeAt, &k.LastUsed, &hash)
	return k, hash, err
}
