// Package memo keeps the results of slow work that were used last, within a bound.
package memo

import (
	"context"
	"errors"
	"sync"
)

// Memo keeps the results of slow reads that were used last. A key must hold the version of what was read, so that nothing in it goes stale.
// Readers of the same key at the same time wait for one of them.
type Memo[K comparable, V any] struct {
	limit int
	mu    sync.Mutex
	tick  int64
	kept  map[K]*entry[V]
}

type entry[V any] struct {
	done  chan struct{}
	value V
	err   error
	used  int64
}

// New keeps at most limit results.
func New[K comparable, V any](limit int) *Memo[K, V] {
	return &Memo[K, V]{limit: limit, kept: map[K]*entry[V]{}}
}

// errAbandoned is what others see of a load that panicked.
var errAbandoned = errors.New("memo: load abandoned")

// Get gives what is kept for the key, or loads it. A failed load is not kept, and who waited for it tries for itself.
func (m *Memo[K, V]) Get(ctx context.Context, key K, load func() (V, error)) (V, error) {
	for {
		e, mine := m.enter(key)
		if mine {
			return m.load(key, e, load)
		}
		select {
		case <-e.done:
			if e.err == nil {
				return e.value, nil
			}
		case <-ctx.Done():
			var none V
			return none, ctx.Err()
		}
	}
}

func (m *Memo[K, V]) enter(key K) (e *entry[V], mine bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tick++
	e = m.kept[key]
	if e == nil {
		m.makeRoom()
		e, mine = &entry[V]{done: make(chan struct{}), err: errAbandoned}, true
		m.kept[key] = e
	}
	e.used = m.tick
	return e, mine
}

func (m *Memo[K, V]) load(key K, e *entry[V], load func() (V, error)) (V, error) {
	defer func() {
		if e.err != nil {
			m.mu.Lock()
			delete(m.kept, key)
			m.mu.Unlock()
		}
		close(e.done)
	}()
	e.value, e.err = load()
	return e.value, e.err
}

func (m *Memo[K, V]) makeRoom() {
	for len(m.kept) >= m.limit {
		var oldest K
		used := int64(1) << 62
		for k, e := range m.kept {
			if e.used < used {
				oldest, used = k, e.used
			}
		}
		delete(m.kept, oldest)
	}
}
