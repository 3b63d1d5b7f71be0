package limit

import (
	"fmt"
	"testing"
	"time"
)

func TestLimiterForgets(t *testing.T) {
	l := New(Limit{Each: time.Second, Burst: 3})
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range mostKeys + 5 {
		if l.Take(now, fmt.Sprint(i)) != 0 {
			t.Fatal("a first request waits")
		}
	}
	if len(l.full) > mostKeys {
		t.Errorf("%d keys", len(l.full))
	}
	for _, want := range []time.Duration{0, 0, 0, time.Second} {
		if got := l.Take(now, "x"); got != want {
			t.Errorf("waits %v, want %v", got, want)
		}
	}
	if got := l.Take(now.Add(time.Second), "x"); got != 0 {
		t.Errorf("a second later: %v", got)
	}
}
