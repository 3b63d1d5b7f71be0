package access

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"errera.eu/errera/internal/fault"
)

func TestHashAndVerify(t *testing.T) {
	h := NewHasher()
	const password = "correct horse battery"
	first, err := h.Hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	second, err := h.Hash(t.Context(), password)
	if err != nil || first == second {
		t.Fatalf("two hashes of one password are alike (%v)", err)
	}
	if !strings.HasPrefix(string(first), "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("%s is no PHC string of these parameters", first)
	}
	weaker := Hash(strings.Replace(string(first), "m=19456", "m=8", 1))
	for _, c := range []struct {
		name, password string
		hash           Hash
		want           bool
	}{
		{"right", password, first, true},
		{"right again", password, second, true},
		{"wrong", "correct horse batterz", first, false},
		{"empty", "", first, false},
		{"no hash", password, "", false},
		{"nobody's hash", password, h.nobody, false},
		{"no hash, no password", "", "", false},
		{"other parameters", password, weaker, false},
		{"cut off", password, first[:len(first)-3], false},
		{"plain text", password, password, false},
	} {
		got, err := h.Verify(t.Context(), c.password, c.hash)
		if err != nil || got != c.want {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
}

func TestCheckPassword(t *testing.T) {
	for password, fine := range map[string]bool{"": false, "short": false, "            ": false, "ëëëëëëë": false,
		"twelve bytes": true, "ëëëëëëëëëëëë": true, strings.Repeat("x", MaxPassword): true, strings.Repeat("x", MaxPassword+1): false} {
		if err := CheckPassword(password); (err == nil) != fine || (err != nil && fault.Of(err).Field != "password") {
			t.Errorf("%.20q: %v", password, err)
		}
	}
}

// The hash asked for is nobody's: who has no account waits for a core and hashes like everybody, so that the time taken tells nothing.
func TestHashingIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHasher()
		for range cap(h.slots) {
			h.slots <- struct{}{} // every core is busy
		}
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := h.Verify(ctx, "correct horse battery", ""); !fault.Is(err, fault.KindUnavailable) {
				t.Errorf("did not wait: %v", err)
			}
		})
		synctest.Wait()
		cancel()
		wg.Wait()
		<-h.slots
		if _, err := h.Verify(t.Context(), "correct horse battery", ""); err != nil {
			t.Errorf("a free core was not used: %v", err)
		}
		if len(h.slots) != cap(h.slots)-1 {
			t.Error("a slot was not given back")
		}
	})
}

func TestThrottle(t *testing.T) {
	at := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	th := newThrottle(1000)
	for i := range freeFailures {
		if wait := th.begin(at, "who:a", "from:x"); wait != 0 {
			t.Fatalf("try %d waits %v", i+1, wait)
		}
	}
	if wait := th.begin(at.Add(20*time.Second), "who:a", "from:y"); wait != 40*time.Second {
		t.Errorf("the same person from elsewhere waits %v", wait)
	}
	if wait := th.begin(at.Add(20*time.Second), "who:b", "from:x"); wait != 40*time.Second {
		t.Errorf("another person from the same address waits %v", wait)
	}
	if wait := th.begin(at, "who:b", "from:y"); wait != 0 {
		t.Errorf("somebody else elsewhere waits %v", wait)
	}
	later := at.Add(waitAfter)
	if wait := th.begin(later, "who:a", "from:z"); wait != 0 {
		t.Errorf("after the wait one waits %v", wait)
	}
	if wait := th.begin(later, "who:a", "from:z"); wait != waitAfter {
		t.Errorf("one more try after the wait, not many: %v", wait)
	}
	th.succeeded("who:a", "from:z")
	if wait := th.begin(later, "who:a", "from:z"); wait != 0 {
		t.Errorf("after success one waits %v", wait)
	}
	if wait := th.begin(at.Add(forgetAfter), "who:c", "from:x"); wait != 0 || th.seen["from:x"].count != 1 {
		t.Errorf("failures are not forgotten: %v", wait)
	}
}

// Who signs in from an address does not wipe out what others failed from there.
func TestThrottleKeepsTheAddressSlow(t *testing.T) {
	at := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	th := newThrottle(1000)
	for range freeFailures - 1 {
		th.begin(at, "who:victim", "from:x")
	}
	th.begin(at, "who:me", "from:x")
	th.succeeded("who:me", "from:x")
	if got := th.seen["from:x"].count; got != freeFailures-1 {
		t.Errorf("%d failures left on the address", got)
	}
	if _, kept := th.seen["who:me"]; kept {
		t.Error("success is remembered as failure")
	}
}

func TestThrottleIsBounded(t *testing.T) {
	at := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	th := newThrottle(50)
	for i := range 500 {
		th.begin(at.Add(time.Duration(i)*time.Second), "who:"+strings.Repeat("x", i))
		if len(th.seen) > 50 {
			t.Fatalf("%d keys after %d", len(th.seen), i)
		}
	}
	if th.seen["who:"+strings.Repeat("x", 499)].count != 1 {
		t.Error("the newest is not kept")
	}
}
