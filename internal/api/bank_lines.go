package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/camt"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/payment"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/settlement"
)

// StatementIn imports a bank's file.
type StatementIn struct {
	InProgramme
	Idempotent
	Body struct {
		Name    string `json:"name" minLength:"1" maxLength:"200"`
		Content []byte `json:"content" doc:"Base64 of camt.053.001.02 or .08"`
	}
	read []camt.Statement
}

// LinesIn asks for the lines at the desk.
type LinesIn struct {
	InProgramme
	Paged
}

// AssignIn says what a line is: a payment, or what a partner pays back of a year.
type AssignIn struct {
	InProgramme
	Conditional
	ID   string `path:"id"`
	Body struct {
		Payment string `json:"payment,omitempty" doc:"Id"`
		Partner string `json:"partner,omitempty" doc:"Code of the organisation that pays back"`
		Year    int    `json:"year,omitempty"`
		Reason  string `json:"reason"`
	}
}

// DismissIn sets a line aside.
type DismissIn struct {
	InProgramme
	Conditional
	ID   string `path:"id"`
	Body struct {
		Reason string `json:"reason"`
	}
}

func (a *API) bankLines() {
	const at, noun = "/programmes/{programme}/bank-lines", "Payments"
	createAfter(a, endpoint{id: "create-statement", path: "/programmes/{programme}/statements", noun: noun, verb: "line.import", most: 9 << 20,
		summary: "Import a statement of the bank; the same file, or one that overlaps, changes nothing"}, readStatement, importStatement)
	list(a, endpoint{id: "list-bank-lines", path: at, noun: noun, verb: "line.read", summary: "Lines that wait at the desk"},
		func(c *call, in *LinesIn) ([]BankLine, string, error) {
			all, err := linesOf(c)
			if err != nil {
				return nil, "", err
			}
			return cut(all, in.Paged, func(x BankLine) string { return x.ID })
		})
	change(a, endpoint{id: "assign-bank-line", path: at + "/{id}/assign", noun: noun, verb: "line.assign", summary: "Say what a line is, with a reason; it is booked"},
		http.MethodPost, func(c *call, in *AssignIn) (BankLine, error) { return lineOf(c, in.ID) },
		func(c *call, in *AssignIn) (BankLine, error) {
			to := payment.Assigned{Payment: id.Payment(in.Body.Payment), Year: period.Year(in.Body.Year), Reason: in.Body.Reason}
			if in.Body.Partner != "" {
				years, err := settlement.AgreementYears(c, c.tx, c.g.ID, in.Body.Partner, to.Year)
				if err != nil {
					return BankLine{}, err
				}
				to.Agreement = years[0].Agreement
			}
			return moved(c, in.ID, "assigned", in.Body.Reason, payment.Assign(c, c.tx, c.by, c.g.ID, id.Line(in.ID), to))
		})
	change(a, endpoint{id: "dismiss-bank-line", path: at + "/{id}/dismiss", noun: noun, verb: "line.dismiss", summary: "Set a line aside that is none of the programme's"},
		http.MethodPost, func(c *call, in *DismissIn) (BankLine, error) { return lineOf(c, in.ID) },
		func(c *call, in *DismissIn) (BankLine, error) {
			return moved(c, in.ID, "dismissed", in.Body.Reason, payment.Dismiss(c, c.tx, c.by, c.g.ID, id.Line(in.ID), in.Body.Reason))
		})
}

// moved is a line that was decided.
func moved(c *call, line, state, reason string, err error) (BankLine, error) {
	if err != nil {
		return BankLine{}, err
	}
	desk, err := payment.LoadDesk(c, c.tx, c.by, c.g.ID)
	for _, l := range desk.Decided {
		if string(l.ID) == line {
			return lineOut(l, payment.Desk{}, nil), err
		}
	}
	return BankLine{ID: line, State: state, Reason: reason, Fits: []string{}, Owed: []OwedBack{}}, err
}

func readStatement(_ context.Context, in *StatementIn) (err error) {
	in.read, err = camt.Read(bytes.NewReader(in.Body.Content))
	return fault.At("content", err)
}

func importStatement(c *call, in *StatementIn) (StatementRead, string, error) {
	sum := sha256.Sum256(in.Body.Content)
	d, err := payment.Read(c, c.tx, c.by, c.g.ID, c.g.Agency, in.Body.Name, hex.EncodeToString(sum[:]), in.read)
	return StatementRead{Statements: d.Statements, Lines: d.Lines, Fresh: d.Fresh, Matched: d.Matched, Open: d.Open, In: moneyOf(d.In), Out: moneyOf(d.Out)},
		"/api/v1/programmes/" + c.g.Code + "/bank-lines", err
}

func lineOf(c *call, line string) (BankLine, error) {
	all, err := linesOf(c)
	for _, x := range all {
		if x.ID == line {
			return x, nil
		}
	}
	if err == nil {
		err = fault.Missing("payment.no_line", nil)
	}
	return BankLine{}, err
}

func linesOf(c *call) ([]BankLine, error) {
	desk, err := payment.LoadDesk(c, c.tx, c.by, c.g.ID)
	if err != nil {
		return nil, err
	}
	years, err := settlement.AgreementYears(c, c.tx, c.g.ID, "", 0)
	codes := map[id.Agreement]string{}
	for _, y := range years {
		codes[y.Agreement] = y.Code
	}
	var out []BankLine
	for _, l := range desk.Open {
		out = append(out, lineOut(l, desk, codes))
	}
	return out, err
}

func lineOut(l payment.Line, desk payment.Desk, codes map[id.Agreement]string) BankLine {
	out := BankLine{ID: string(l.ID), State: l.State, Booked: dayOf(l.BookedOn), Amount: moneyOf(l.Amount), EndToEnd: l.EndToEnd, Reference: l.Reference,
		Party: l.Party, Account: l.MaskedAccount(), Words: l.Words, Returned: l.Returned, Reason: l.Reason, Fits: []string{}, Owed: []OwedBack{}}
	for _, f := range append(l.Fits(desk.Payments), l.Parts(desk.Payments)...) {
		out.Fits = append(out.Fits, string(f.ID))
	}
	for _, o := range desk.Recoveries {
		if l.Amount > 0 && l.Amount <= o.Amount {
			out.Owed = append(out.Owed, OwedBack{Partner: codes[o.Agreement], Year: int(o.Year), Amount: moneyOf(o.Amount)})
		}
	}
	return out
}
