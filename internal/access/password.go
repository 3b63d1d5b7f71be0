package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// The cost of a hash: argon2id with 19 MiB, two passes, one lane (RFC 9106; the floor that OWASP names for it).
const (
	hashMemoryKiB = 19 * 1024
	hashPasses    = 2
	hashLanes     = 1
	saltBytes     = 16
	keyBytes      = 32
)

// MinPassword and MaxPassword bound a password, in bytes.
const (
	MinPassword = 12
	MaxPassword = 1024
)

// Hash is a password as it is kept: a PHC string, $argon2id$v=19$m=19456,t=2,p=1$SALT$KEY. "" is nobody's password.
type Hash string

// Hasher makes and compares hashes on half of the cores: many people signing in at once cost time and not memory, and everybody else goes
// on. It also counts failures to sign in. A program has one.
type Hasher struct {
	slots    chan struct{}
	nobody   Hash // compared where there is no account, so that the time taken tells nothing
	failures *throttle
}

// NewHasher makes a Hasher for the cores of this machine.
func NewHasher() *Hasher {
	random := make([]byte, saltBytes+keyBytes)
	_, _ = rand.Read(random) // never fails
	return &Hasher{
		slots:    make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
		nobody:   phc(random[:saltBytes], random[saltBytes:]),
		failures: newThrottle(maxTracked),
	}
}

// CheckPassword says what is wrong with a new password: too short or too long. Any characters do.
func CheckPassword(password string) error {
	switch {
	case len(password) < MinPassword || utf8.RuneCountInString(strings.TrimSpace(password)) < MinPassword:
		return fault.Invalid("password", "access.password_short", text.Args{"min": MinPassword})
	case len(password) > MaxPassword:
		return fault.Invalid("password", "access.password_long", text.Args{"max": MaxPassword})
	}
	return nil
}

// Hash hashes a password with a salt of its own. It waits for a core; it never runs inside a unit of work.
func (h *Hasher) Hash(ctx context.Context, password string) (Hash, error) {
	if err := CheckPassword(password); err != nil {
		return "", err
	}
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails
	key, err := h.key(ctx, password, salt)
	if err != nil {
		return "", err
	}
	return phc(salt, key), nil
}

// Verify tells whether the password is the one that was hashed. An empty or unreadable hash is compared with nobody's and fails, after the
// same work.
func (h *Hasher) Verify(ctx context.Context, password string, kept Hash) (bool, error) {
	salt, want, err := parsePHC(kept)
	known := err == nil
	if !known {
		if salt, want, err = parsePHC(h.nobody); err != nil {
			return false, fault.Internal(err)
		}
	}
	got, err := h.key(ctx, password, salt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

func (h *Hasher) key(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
		defer func() {
			runtime.GC() // its 19 MiB are garbage now: gone before the next hash needs as much, so that ten cost the memory of one
			<-h.slots
		}()
	case <-ctx.Done():
		return nil, fault.Unavailable("access.busy", nil, ctx.Err())
	}
	return argon2.IDKey([]byte(password), salt, hashPasses, hashMemoryKiB, hashLanes, keyBytes), nil
}

func phcHead() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, hashMemoryKiB, hashPasses, hashLanes)
}

func phc(salt, key []byte) Hash {
	b := base64.RawStdEncoding
	return Hash(phcHead() + b.EncodeToString(salt) + "$" + b.EncodeToString(key))
}

// parsePHC reads a hash of exactly our parameters: there are no others to be kept yet, and a hash from elsewhere must not choose how much
// memory a sign-in takes.
func parsePHC(h Hash) (salt, key []byte, err error) {
	rest, ours := strings.CutPrefix(string(h), phcHead())
	first, second, two := strings.Cut(rest, "$")
	b := base64.RawStdEncoding.Strict()
	salt, errSalt := b.DecodeString(first)
	key, errKey := b.DecodeString(second)
	if !ours || !two || errSalt != nil || errKey != nil || len(salt) != saltBytes || len(key) != keyBytes {
		return nil, nil, errors.New("access: not a password hash of ours")
	}
	return salt, key, nil
}
