package access

import (
	"context"
	"strings"
	"time"

	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

// What signing in leaves in the trail. They need no leave, so they stand outside the table of verbs.
const (
	signedIn      VerbName = "user.sign-in"
	signInRefused VerbName = "user.sign-in-refused"
)

// SignIn checks address and password and is the person who signed in. Every failure is the same invalid fault and takes the same work,
// whether the account exists, is disabled or the password is wrong; too many for one account or from one network address are unavailable for
// a while. Both outcomes are audited; an unknown address is not written down, for people type passwords there.
func SignIn(ctx context.Context, d *db.DB, h *Hasher, email, password, address string) (Actor, error) {
	who, from := "who:"+key(email), "from:"+key(address)
	if wait := h.failures.begin(d.Now().Time(), who, from); wait > 0 {
		minutes := int((wait + time.Minute - 1) / time.Minute)
		return Actor{}, fault.Unavailable("access.too_many_failures", text.Args{"n": minutes}, nil)
	}
	person, hash, err := credentials(ctx, d, email)
	if err != nil {
		return Actor{}, err
	}
	ok, err := h.Verify(ctx, password, hash)
	if err != nil {
		return Actor{}, err
	}
	var actor Actor
	err = d.WriteAgency(ctx, func(tx *db.Tx) error {
		if ok {
			if actor, err = LoadActor(ctx, tx, person); err == nil {
				return audit.Append(ctx, tx, "", actor.Label(), change(signedIn, person, nil, map[string]any{"address": address}))
			}
			if !fault.Is(err, fault.KindMissing) { // disabled since the password was read
				return err
			}
			ok = false
		}
		var words any
		if person != "" {
			words = map[string]any{"address": address}
		}
		return audit.Append(ctx, tx, "", Visitor().Label(), change(signInRefused, person, nil, words))
	})
	if err != nil {
		return Actor{}, err
	}
	if !ok {
		return Actor{}, fault.Invalid("password", "access.sign_in_refused", nil)
	}
	h.failures.succeeded(who, from)
	return actor, nil
}

// credentials is who has the address and the hash to compare with; a disabled account has none, nobody has none.
func credentials(ctx context.Context, d *db.DB, email string) (person id.Person, hash Hash, err error) {
	kept, err := Email(email)
	if err != nil {
		return "", "", nil
	}
	var disabled bool
	err = d.Read(ctx, func(tx *db.Tx) error {
		err := tx.Row(ctx, personByEmail, kept).Scan(&person, &hash, &disabled)
		if err == db.ErrNone {
			return nil
		}
		return err
	})
	if disabled {
		hash = ""
	}
	return person, hash, err
}

// key bounds what a stranger can make the throttle remember.
func key(s string) string {
	s = strings.ToLower(strings.TrimSpace(s[:min(len(s), 2*maxEmail)]))
	return s[:min(len(s), maxEmail)]
}
