package fault_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

func TestMakersAndOf(t *testing.T) {
	cause := errors.New("cause")
	args := text.Args{"found": "x"}
	tests := []struct {
		err  error
		want fault.Fault
	}{
		{fault.Invalid("amount", "fault.money.form", args), fault.Fault{Kind: fault.KindInvalid, Field: "amount", Key: "fault.money.form", Args: args}},
		{fault.Denied("fault.denied", nil), fault.Fault{Kind: fault.KindDenied, Key: "fault.denied"}},
		{fault.Missing("fault.missing", nil), fault.Fault{Kind: fault.KindMissing, Key: "fault.missing"}},
		{fault.Conflict("fault.conflict", nil), fault.Fault{Kind: fault.KindConflict, Key: "fault.conflict"}},
		{fault.Unavailable("fault.unavailable", nil, cause), fault.Fault{Kind: fault.KindUnavailable, Key: "fault.unavailable", Cause: cause}},
		{fault.Internal(cause), fault.Fault{Kind: fault.KindInternal, Key: "fault.internal", Cause: cause}},
		{cause, fault.Fault{Kind: fault.KindInternal, Key: "fault.internal", Cause: cause}},
	}
	for _, tt := range tests {
		for _, err := range []error{tt.err, fmt.Errorf("wrapped: %w", tt.err)} {
			f := fault.Of(err)
			if f.Kind != tt.want.Kind || f.Field != tt.want.Field || f.Key != tt.want.Key || len(f.Args) != len(tt.want.Args) {
				t.Errorf("Of(%v) = %+v, want %+v", err, f, tt.want)
			}
			if tt.want.Cause != nil && !errors.Is(f, tt.want.Cause) {
				t.Errorf("Of(%v) lost its cause", err)
			}
			for k := fault.KindInternal; k <= fault.KindUnavailable; k++ {
				if fault.Is(err, k) != (k == tt.want.Kind) {
					t.Errorf("Is(%v, %s) is wrong", err, k)
				}
			}
		}
	}
}

func TestNilIsNoFault(t *testing.T) {
	if fault.Of(nil) != nil || fault.Is(nil, fault.KindInternal) || fault.Internal(nil) != nil || fault.Join() != nil || fault.Join(nil, nil) != nil ||
		fault.At("x", nil) != nil || (fault.Rows{}).Err() != nil {
		t.Error("nil became a fault")
	}
}

func TestKindsHaveNamesAndMessages(t *testing.T) {
	want := []string{"internal", "invalid", "denied", "missing", "conflict", "unavailable"}
	for k := fault.KindInternal; k <= fault.KindUnavailable; k++ {
		if k.String() != want[k] {
			t.Errorf("kind %d is %q, want %q", k, k, want[k])
		}
		for _, l := range text.Languages() {
			if !l.Has(k.Key()) {
				t.Errorf("%s has no message for %s", l, k.Key())
			}
		}
	}
	if s := fault.Kind(99).String(); s != "internal" {
		t.Errorf("an unknown kind is %q", s)
	}
}

func TestErrorIsOneOrderForTheLog(t *testing.T) {
	f := &fault.Fault{Kind: fault.KindInvalid, Field: "starts", Key: "fault.date.form", Args: text.Args{"found": "x", "b": 2, "a": 1},
		Many: []fault.Fault{{Kind: fault.KindInvalid, Field: "y"}}, Cause: errors.New("why")}
	if got, want := f.Error(), "invalid field=starts key=fault.date.form a=1 b=2 found=x [invalid field=y]: why"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestSayTellsNothingOfTheCause(t *testing.T) {
	secret := errors.New("password=hunter2")
	for _, l := range text.Languages() {
		for _, err := range []error{secret, fault.Internal(secret), fault.Unavailable("fault.unavailable", nil, secret), &fault.Fault{Cause: secret}} {
			if got := fault.Of(err).Say(l); strings.Contains(got, "hunter2") || got == "" || strings.HasPrefix(got, "fault.") {
				t.Errorf("%s: %q", l, got)
			}
		}
	}
	if got, want := fault.Of(fault.Invalid("x", "fault.year.form", text.Args{"found": "MMXIX"})).Say(text.NL),
		"“MMXIX” is geen jaar. Verwacht: vier cijfers, zoals 2018."; got != want {
		t.Errorf("%q", got)
	}
}

func TestAt(t *testing.T) {
	bare := fault.Invalid("", "fault.date.form", nil)
	if f := fault.Of(fault.At("starts", bare)); f.Field != "starts" || f.Key != "fault.date.form" {
		t.Errorf("%+v", f)
	}
	if fault.Of(bare).Field != "" {
		t.Error("At changed the fault that it was given")
	}
	if f := fault.Of(fault.At("starts", fault.Invalid("ends", "fault.date.form", nil))); f.Field != "ends" {
		t.Errorf("At renamed a field: %+v", f)
	}
	foreign := errors.New("x")
	if fault.At("starts", foreign) != foreign {
		t.Error("At changed a foreign error")
	}
}

func TestJoin(t *testing.T) {
	a, b := fault.Invalid("a", "fault.date.form", nil), fault.Invalid("b", "fault.money.form", nil)
	if fault.Join(nil, a, nil) != a {
		t.Error("a single fault does not come back itself")
	}
	joined := fault.Of(fault.Join(a, fault.Join(b, a)))
	if joined.Kind != fault.KindInvalid || len(joined.All()) != 3 || joined.All()[1].Field != "b" || joined.Field != "" {
		t.Errorf("%+v", joined)
	}
	if got := joined.Say(text.EN); got != "3 things are not right." {
		t.Errorf("%q", got)
	}
	denied := fault.Denied("fault.denied", nil)
	if fault.Join(a, denied, b) != denied {
		t.Error("invalid input hid a denial")
	}
	if all := fault.Of(a).All(); len(all) != 1 || all[0].Field != "a" {
		t.Errorf("%+v", all)
	}
}

func TestRows(t *testing.T) {
	rows := fault.Rows{
		{File: "activities.csv", Line: 1204, Column: "starts", Found: "12/3/2018", Want: "fault.date.form", Args: text.Args{"found": "12/3/2018"}},
		{File: "kpis.toml", Want: "fault.missing"},
	}
	err := fmt.Errorf("import: %w", rows.Err())
	if !fault.Is(err, fault.KindInvalid) {
		t.Error("rows are not invalid input")
	}
	if got := fault.Of(err).Say(text.EN); got != "The files have 2 faults. Nothing was changed." {
		t.Errorf("%q", got)
	}
	var back fault.Rows
	if !errors.As(fault.Of(err), &back) || len(back) != 2 {
		t.Error("the rows cannot be reached from the fault")
	}
	if got, want := rows[0].Say(text.NL), "activities.csv, rij 1204, kolom starts: er staat “12/3/2018”, verwacht: "; !strings.HasPrefix(got, want) {
		t.Errorf("%q", got)
	}
	if got, want := rows[1].Say(text.EN), "kpis.toml: found nothing, expected There is no such thing"; !strings.HasPrefix(got, want) {
		t.Errorf("%q", got)
	}
	if got := rows.Error(); !strings.HasPrefix(got, `activities.csv:1204 starts found="12/3/2018" want=fault.date.form`+"\n") {
		t.Errorf("%q", got)
	}
}
