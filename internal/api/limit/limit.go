// Package limit says how often a key may ask. It knows nothing of requests.
package limit

import (
	"sync"
	"time"
)

// Limit is how many requests may come under one token: Each apart on average, Burst of them at once.
type Limit struct {
	Each  time.Duration
	Burst int
}

// DefaultLimit is ten requests a second, a hundred at once.
func DefaultLimit() Limit { return Limit{Each: 100 * time.Millisecond, Burst: 100} }

// Limiter counts by the generic cell rate algorithm: for each key the moment at which its bucket is full again. It is bounded and forgets.
type Limiter struct {
	Limit
	mu   sync.Mutex
	full map[string]time.Time
}

const mostKeys = 10_000

// New is a limiter; a limit of nothing is the usual one.
func New(l Limit) *Limiter {
	if l.Each <= 0 || l.Burst <= 0 {
		l = DefaultLimit()
	}
	return &Limiter{Limit: l, full: map[string]time.Time{}}
}

// Take counts a request and tells how long to wait when it is one too many, 0 when it is not.
func (l *Limiter) Take(now time.Time, key string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.full[key]
	if at.Before(now) {
		at = now
	}
	at = at.Add(l.Each)
	if over := at.Sub(now) - time.Duration(l.Burst)*l.Each; over > 0 {
		return over
	}
	if len(l.full) >= mostKeys {
		l.forget(now)
	}
	l.full[key] = at
	return 0
}

// forget drops what is full again; when nothing is, everything: a crowd of keys must not fill the memory.
func (l *Limiter) forget(now time.Time) {
	for k, at := range l.full {
		if !at.After(now) {
			delete(l.full, k)
		}
	}
	if len(l.full) >= mostKeys {
		clear(l.full)
	}
}
