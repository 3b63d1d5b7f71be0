package participants

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/company"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// mostLines is how many companies one form holds.
const mostLines = 500

// line is a company as it was typed: its number and, where the register may lack it, its name.
type line struct {
	n      int // counted from 1
	number company.Number
	name   string
}

// readLines reads what was typed, one company a line: a number, or a number and a name with a semicolon or tab between. All that is wrong is
// told at once, with the line.
func readLines(typed string) ([]line, error) {
	var all []line
	var faults []error
	for n, s := range strings.Split(typed, "\n") {
		s = strings.TrimSpace(s)
		if s == "" {
			continue
		}
		number, name, _ := strings.Cut(strings.ReplaceAll(s, "\t", ";"), ";")
		parsed, err := company.ParseNumber(company.SchemeBE, number)
		if err != nil {
			faults = append(faults, fault.Invalid("lines", "participants.wrong", text.Args{"n": n + 1, "why": because{err}}))
			continue
		}
		if slices.ContainsFunc(all, func(x line) bool { return x.number == parsed }) {
			faults = append(faults, fault.Invalid("lines", "participants.wrong", text.Args{"n": n + 1, "why": because{fault.Invalid("", "registration.twice", nil)}}))
		}
		all = append(all, line{n + 1, parsed, strings.TrimSpace(name)})
	}
	switch {
	case len(faults) > 0:
		return nil, fault.Join(faults...)
	case len(all) == 0:
		return nil, fault.Invalid("lines", "participants.want_lines", nil)
	case len(all) > mostLines:
		return nil, fault.Invalid("lines", "participants.too_many", text.Args{"n": mostLines})
	}
	return all, nil
}

// because is a fault's sentence inside a message.
type because struct{ err error }

// In is the sentence in words.
func (b because) In(l text.Language) string { return fault.Of(b.err).Say(l) }

// enlist puts companies on the list. Those that the register lacks are entered first, by number and name: a unit of work of the agency.
func (w pages) enlist(out http.ResponseWriter, r *http.Request) error {
	return w.do(out, r, "enlist", func(by access.Actor, g id.Programme, code string) error {
		ctx := r.Context()
		lines, err := readLines(r.PostFormValue("lines"))
		if err != nil {
			return err
		}
		organisers, err := w.mayEnlist(ctx, by, g, code)
		if err != nil {
			return err
		}
		found, err := w.companies(ctx, by, organisers, lines)
		if err != nil {
			return err
		}
		err = w.DB.Write(ctx, g, func(tx *db.Tx) error { return activity.Enlist(ctx, tx, by, g, code, found) })
		return atLine(err, lines)
	})
}

// mayEnlist asks leave before anything is entered in the register, and gives the organisers of the list.
func (w pages) mayEnlist(ctx context.Context, by access.Actor, g id.Programme, code string) (organisers []id.Organisation, err error) {
	err = w.DB.Read(ctx, func(tx *db.Tx) error {
		a, err := activity.ByCode(ctx, tx, by.Scope(), g, code)
		if err != nil {
			return err
		}
		s := a.Registration("")
		organisers = s.Organisers
		return by.May("registration.request", s)
	})
	return organisers, err
}

// companies finds or enters what the lines name.
func (w pages) companies(ctx context.Context, by access.Actor, organisers []id.Organisation, lines []line) ([]id.Company, error) {
	found := make([]id.Company, len(lines))
	var faults []error
	missing := false
	err := w.DB.Read(ctx, func(tx *db.Tx) (err error) {
		for i, l := range lines {
			if found[i], err = company.Find(ctx, tx, l.number); err != nil {
				return err
			}
			missing = missing || found[i] == ""
			if found[i] == "" && l.name == "" {
				faults = append(faults, fault.Invalid("lines", "participants.unknown", text.Args{"n": l.n, "number": l.number.Show()}))
			}
		}
		return fault.Join(faults...)
	})
	if err != nil || !missing {
		return found, err
	}
	return found, w.DB.WriteAgency(ctx, func(tx *db.Tx) error {
		for i, l := range lines {
			if found[i] != "" {
				continue
			}
			entered, err := company.Enter(ctx, tx, by, organisers, l.number, l.name)
			if err != nil {
				return err
			}
			found[i] = entered
		}
		return nil
	})
}

// atLine tells the verb's faults at the lines that they are about.
func atLine(err error, lines []line) error {
	if !fault.Is(err, fault.KindInvalid) {
		return err
	}
	var faults []error
	for _, f := range fault.Of(err).All() {
		n, err := strconv.Atoi(strings.TrimPrefix(f.Field, "company."))
		if err != nil || n >= len(lines) {
			return fault.Invalid("lines", f.Key, f.Args)
		}
		faults = append(faults, fault.Invalid("lines", "participants.wrong", text.Args{"n": lines[n].n, "why": because{&f}}))
	}
	return fault.Join(faults...)
}

// came says that all who were confirmed came.
func (w pages) came(out http.ResponseWriter, r *http.Request) error {
	return w.do(out, r, "came", func(by access.Actor, g id.Programme, code string) error {
		return w.DB.Write(r.Context(), g, func(tx *db.Tx) error {
			_, err := activity.AttendAll(r.Context(), tx, by, g, code)
			return err
		})
	})
}

// answer moves one line of the list.
func (w pages) answer(out http.ResponseWriter, r *http.Request) error {
	line, err := id.Parse[id.Participation](r.PathValue("id"))
	if err != nil {
		return fault.Missing("registration.missing", nil)
	}
	verb := r.PathValue("verb")
	if !slices.Contains(lineVerbs(), verb) {
		return fault.Missing("serve.no_page", nil)
	}
	return w.do(out, r, "answer", func(by access.Actor, g id.Programme, code string) error {
		return w.DB.Write(r.Context(), g, func(tx *db.Tx) error {
			return activity.Answer(r.Context(), tx, by, g, code, line, access.VerbName("registration."+verb))
		})
	})
}

// move takes the activity a step on.
func (w pages) move(out http.ResponseWriter, r *http.Request) error {
	verb := r.PathValue("verb")
	if !slices.Contains(stepVerbs(), verb) {
		return fault.Missing("serve.no_page", nil)
	}
	return w.do(out, r, verb, func(by access.Actor, g id.Programme, code string) error {
		return w.DB.Write(r.Context(), g, func(tx *db.Tx) error {
			_, err := activity.Step(r.Context(), tx, by, g, code, access.VerbName("activity."+verb), r.PostFormValue("reason"))
			return err
		})
	})
}

// do runs what a form asks and leads back to the list; a form at fault comes back with what was typed.
func (w pages) do(out http.ResponseWriter, r *http.Request, verb string, fn func(access.Actor, id.Programme, string) error) error {
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "fault.invalid", nil)
	}
	p, err := w.Read(r, "activities", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	code := r.PathValue("code")
	err = fn(serve.Of(r).Actor, p.Programme.ID, code)
	if fault.Is(err, fault.KindInvalid) {
		return w.show(out, r, serve.Status(fault.KindInvalid), listPage{Verb: verb, Typed: r.PostFormValue("lines"), Reason: r.PostFormValue("reason"),
			Faults: fault.Of(err).All()})
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/activities/"+code+"/participants", "done", verb), http.StatusSeeOther)
	return nil
}
