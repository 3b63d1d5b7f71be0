package job

import (
	"errors"
	"fmt"
	"strings"

	"errera.eu/errera/internal/fault"
)

// failure is an error whose words can be kept in the log and in the queue: they name what went wrong and hold nothing of anybody.
type failure struct {
	text  string
	cause error
}

func (f *failure) Error() string { return f.text }
func (f *failure) Unwrap() error { return f.cause }

// hush keeps of an error its kind, key and field, the types of its causes, and the code of the database; not the words of the causes,
// which may quote what somebody wrote.
func hush(err error) error {
	if err == nil {
		return nil
	}
	f := fault.Of(err)
	var b strings.Builder
	fmt.Fprintf(&b, "%s key=%s", f.Kind, f.Key)
	if f.Field != "" {
		fmt.Fprintf(&b, " field=%s", f.Field)
	}
	for cause := err; cause != nil; cause = errors.Unwrap(cause) {
		fmt.Fprintf(&b, " < %T", cause)
		switch c := cause.(type) {
		case interface{ SQLState() string }:
			b.WriteString(" " + c.SQLState())
		case interface{ Code() int }:
			fmt.Fprintf(&b, " %d", c.Code())
		}
	}
	return &failure{text: b.String(), cause: err}
}
