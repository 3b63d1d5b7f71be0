package memo

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
)

func TestMemoLoadsOnceForAllWhoWait(t *testing.T) {
	m := New[string, int](4)
	var loads atomic.Int32
	gate := make(chan struct{})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			v, err := m.Get(t.Context(), "a", func() (int, error) {
				loads.Add(1)
				<-gate
				return 7, nil
			})
			if v != 7 || err != nil {
				t.Errorf("got %d, %v", v, err)
			}
		})
	}
	close(gate)
	all.Wait()
	if loads.Load() != 1 {
		t.Errorf("loaded %d times", loads.Load())
	}
}

func TestMemoKeepsNoFailure(t *testing.T) {
	m := New[string, int](4)
	wrong := errors.New("wrong")
	if _, err := m.Get(t.Context(), "a", func() (int, error) { return 0, wrong }); !errors.Is(err, wrong) {
		t.Fatalf("got %v", err)
	}
	if v, err := m.Get(t.Context(), "a", func() (int, error) { return 3, nil }); v != 3 || err != nil {
		t.Errorf("after a failure: %d, %v", v, err)
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = m.Get(t.Context(), "b", func() (int, error) { panic("lost") })
	}()
	if v, err := m.Get(t.Context(), "b", func() (int, error) { return 4, nil }); v != 4 || err != nil {
		t.Errorf("after a panic: %d, %v", v, err)
	}
}

func TestMemoDropsWhatWasUsedLongestAgo(t *testing.T) {
	m := New[string, int](2)
	loads := map[string]int{}
	for _, key := range []string{"a", "b", "a", "c", "a", "b"} {
		_, err := m.Get(t.Context(), key, func() (int, error) { loads[key]++; return 0, nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	if loads["a"] != 1 || loads["b"] != 2 || loads["c"] != 1 || len(m.kept) != 2 {
		t.Errorf("loads %v, %d kept; want a once, b twice, c once, 2 kept", loads, len(m.kept))
	}
}

func TestMemoWaiterMayLeave(t *testing.T) {
	m := New[string, int](2)
	inside, gate := make(chan struct{}), make(chan struct{})
	go func() {
		_, _ = m.Get(context.WithoutCancel(t.Context()), "a", func() (int, error) { close(inside); <-gate; return 0, nil })
	}()
	<-inside
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Get(ctx, "a", func() (int, error) { return 0, nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("a waiter who left got %v", err)
	}
	close(gate)
}
