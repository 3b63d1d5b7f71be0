// Package fault is the one error type that reaches people: a kind, the field at fault, a catalogue key with arguments instead of prose, and
// the cause for the log. It knows neither HTTP statuses nor exit codes: those belong to serve and cli.
package fault

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"errera.eu/errera/internal/text"
)

// Kind says what sort of thing went wrong, and so who can mend it.
type Kind int

// The kinds. The zero kind is internal, so that a fault made carelessly never passes for the user's.
const (
	KindInternal    Kind = iota // ours; the cause is for the log alone
	KindInvalid                 // the input is wrong and can be corrected
	KindDenied                  // this person may not do this
	KindMissing                 // there is no such thing, or not for this person
	KindConflict                // the state of things forbids it now
	KindUnavailable             // something outside did not answer; later it may
)

// String is the kind's name in lower case, for logs and machine-readable answers.
func (k Kind) String() string {
	switch k {
	case KindInvalid:
		return "invalid"
	case KindDenied:
		return "denied"
	case KindMissing:
		return "missing"
	case KindConflict:
		return "conflict"
	case KindUnavailable:
		return "unavailable"
	}
	return "internal"
}

// Key is the message that says no more than the kind.
func (k Kind) Key() text.Key { return text.Key("fault." + k.String()) }

// Fault is one error. As an error it is a *Fault.
type Fault struct {
	Kind  Kind
	Field string   // as the form, the file or the API names it; "" for the whole
	Key   text.Key // what to tell; "" reads as the kind's own message
	Args  text.Args
	Cause error   // for the log, never for people
	Many  []Fault // when several fields are wrong: each of them; the fault itself then says how many
}

// Error is for logs: names and values in a fixed order, no prose.
func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.Kind.String())
	if f.Field != "" {
		fmt.Fprintf(&b, " field=%s", f.Field)
	}
	if f.Key != "" {
		fmt.Fprintf(&b, " key=%s", f.Key)
	}
	for _, name := range slices.Sorted(maps.Keys(f.Args)) {
		fmt.Fprintf(&b, " %s=%v", name, f.Args[name])
	}
	for i := range f.Many {
		fmt.Fprintf(&b, " [%s]", f.Many[i].Error())
	}
	if f.Cause != nil {
		fmt.Fprintf(&b, ": %v", f.Cause)
	}
	return b.String()
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// Say is the fault for a person. An internal fault tells nothing of its cause.
func (f *Fault) Say(l text.Language) string {
	if f.Key == "" {
		return l.Say(f.Kind.Key(), nil)
	}
	return l.Say(f.Key, f.Args)
}

// All lists the single faults: those of Many, or the fault itself.
func (f *Fault) All() []Fault {
	if len(f.Many) == 0 {
		return []Fault{*f}
	}
	var all []Fault
	for i := range f.Many {
		all = append(all, f.Many[i].All()...)
	}
	return all
}

// Invalid is wrong input in a field; "" when it is not one field alone.
func Invalid(field string, key text.Key, a text.Args) error {
	return &Fault{Kind: KindInvalid, Field: field, Key: key, Args: a}
}

// Denied is a person without leave.
func Denied(key text.Key, a text.Args) error { return &Fault{Kind: KindDenied, Key: key, Args: a} }

// Missing is a thing that does not exist, or lies out of the person's scope.
func Missing(key text.Key, a text.Args) error { return &Fault{Kind: KindMissing, Key: key, Args: a} }

// Conflict is a verb that the state of things forbids.
func Conflict(key text.Key, a text.Args) error { return &Fault{Kind: KindConflict, Key: key, Args: a} }

// Unavailable is something outside that did not answer.
func Unavailable(key text.Key, a text.Args, cause error) error {
	return &Fault{Kind: KindUnavailable, Key: key, Args: a, Cause: cause}
}

// Internal is our own fault; people read that something went wrong, the log reads the cause. A nil cause is no fault.
func Internal(cause error) error {
	if cause == nil {
		return nil
	}
	return &Fault{Kind: KindInternal, Key: "fault.internal", Cause: cause}
}

// Of is the fault in err, however deeply wrapped; rows of an upload become one invalid fault that says how many; any other error is internal;
// nil stays nil.
func Of(err error) *Fault {
	if err == nil {
		return nil
	}
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	var rows Rows
	if errors.As(err, &rows) {
		return &Fault{Kind: KindInvalid, Key: "fault.rows", Args: text.Args{"n": len(rows)}, Cause: rows}
	}
	return &Fault{Kind: KindInternal, Key: "fault.internal", Cause: err}
}

// Is tells whether err is a fault of that kind; nil is of none.
func Is(err error, k Kind) bool { return err != nil && Of(err).Kind == k }

// At names the field of an invalid fault that was made where the field was not known, such as by a parser. Other errors, nil and a fault
// that already names its field come back unchanged.
func At(field string, err error) error {
	var f *Fault
	if !errors.As(err, &f) || f.Kind != KindInvalid || f.Field != "" {
		return err
	}
	named := *f
	named.Field = field
	return &named
}

// Join gathers what is wrong with a form: nil when nothing is, the error itself when it is the only one, else one invalid fault with all of
// them in Many. An error that is not invalid input outranks the rest and comes back alone.
func Join(errs ...error) error {
	var many []Fault
	var first error
	for _, err := range errs {
		if err == nil {
			continue
		}
		f := Of(err)
		if f.Kind != KindInvalid {
			return err
		}
		if first == nil {
			first = err
		}
		many = append(many, f.All()...)
	}
	if len(many) < 2 {
		return first
	}
	return &Fault{Kind: KindInvalid, Key: "fault.several", Args: text.Args{"n": len(many)}, Many: many}
}
