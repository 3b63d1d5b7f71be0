package access

import (
	"sync"
	"time"
)

const (
	freeFailures = 10               // within forgetAfter; then every further try waits
	waitAfter    = time.Minute      // since the last failure
	forgetAfter  = 15 * time.Minute // since the last failure
	maxTracked   = 10_000
)

// throttle counts failures to sign in by key: an e-mail address or a network address. It lives in memory, is bounded, and forgets.
type throttle struct {
	mu   sync.Mutex
	max  int
	seen map[string]failures
}

type failures struct {
	count int
	last  time.Time
}

func newThrottle(most int) *throttle { return &throttle{max: most, seen: map[string]failures{}} }

// begin counts a try on all keys as a failure before it is known to be one, so that many tries at once pass no more than one after the
// other. Where a key has failed too often it counts nothing and says how long to wait.
func (t *throttle) begin(now time.Time, keys ...string) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range keys {
		f := t.current(now, k)
		if f.count >= freeFailures {
			wait = max(wait, f.last.Add(waitAfter).Sub(now))
		}
	}
	if wait > 0 {
		return wait
	}
	for _, k := range keys {
		f := t.current(now, k)
		t.room(now, k)
		t.seen[k] = failures{count: f.count + 1, last: now}
	}
	return 0
}

// succeeded forgets the failures of who signed in and takes back the one that begin counted on the others: an address from which one person
// guesses and another signs in stays slow.
func (t *throttle) succeeded(who string, others ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.seen, who)
	for _, k := range others {
		if f, ok := t.seen[k]; ok && f.count > 1 {
			t.seen[k] = failures{count: f.count - 1, last: f.last}
		} else {
			delete(t.seen, k)
		}
	}
}

func (t *throttle) current(now time.Time, key string) failures {
	f := t.seen[key]
	if now.Sub(f.last) >= forgetAfter {
		return failures{}
	}
	return f
}

// room makes room for a new key: what is forgotten goes first, then what failed longest ago.
func (t *throttle) room(now time.Time, key string) {
	if _, known := t.seen[key]; known || len(t.seen) < t.max {
		return
	}
	oldest, at := "", time.Time{}
	for k, f := range t.seen {
		if now.Sub(f.last) >= forgetAfter {
			delete(t.seen, k)
			continue
		}
		if oldest == "" || f.last.Before(at) {
			oldest, at = k, f.last
		}
	}
	if len(t.seen) >= t.max {
		delete(t.seen, oldest)
	}
}
