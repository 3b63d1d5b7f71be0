package payment

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/sepa"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

const lineFields = `l.id, l.fingerprint, l.booked_on, l.amount, l.end_to_end, l.block, l.reference, l.party, l.account, l.words, l.bank_ref,
	l.returned, l.state, l.why, coalesce(l.payment_id, ''), l.reason, l.decided_on, coalesce(p.name, '')
	from bank_line l left join person p on p.id = l.decided_by `

var (
	listOpen    = db.SQL("payment.line.open", `select `+lineFields+`where l.programme_id = $1 and l.state = 'open' order by l.booked_on, l.id`)
	listDecided = db.SQL("payment.line.decided", `select `+lineFields+
		`where l.programme_id = $1 and l.state in ('assigned', 'dismissed') order by l.decided_on desc, l.id desc limit 50`)
	selectLine = db.SQL("payment.line.load", `select `+lineFields+`where l.programme_id = $1 and l.id = $2`)
	decideLine = db.SQL("payment.line.decide",
		`update bank_line set state = $3, payment_id = $4, reason = $5, decided_on = $6, decided_by = $7
		 where programme_id = $1 and id = $2 and state = 'open'`)
	selectTarget = db.SQL("payment.line.target",
		`select p.id, coalesce(p.batch_id, ''), p.amount, p.state from payment p where p.programme_id = $1 and p.id = $2`)
	listStatements = db.SQL("payment.statement.list",
		`select s.file_name, s.account, s.statement_ref, s.from_on, s.until_on, s.opening, s.closing, s.lines, s.fresh, s.imported_at, coalesce(p.name, '')
		 from bank_statement s left join person p on p.id = s.imported_by
		 where s.programme_id = $1 order by s.imported_at desc, s.position limit 50`)
	listRecoverable = db.SQL("payment.recovery.list",
		`select p.agreement_id, o.short_name, p.year, cast(sum(p.amount) as bigint)
		 from posting p join agreement a on a.programme_id = p.programme_id and a.id = p.agreement_id join organisation o on o.id = a.organisation_id
		 where p.programme_id = $1 and p.account = $2
		 group by p.agreement_id, o.short_name, o.sort_key, p.year having sum(p.amount) > 0 order by o.sort_key, p.year`)
	listFitting = db.SQL("payment.line.fitting",
		`select p.id, o.short_name, p.year, p.amount, p.state, b.number
		 from payment p join payment_batch b on b.programme_id = p.programme_id and b.id = p.batch_id
		 join agreement a on a.programme_id = p.programme_id and a.id = p.agreement_id join organisation o on o.id = a.organisation_id
		 where p.programme_id = $1 and b.exported_at <> '' and p.state in ('approved', 'executed') order by o.sort_key, p.year, p.id`)
)

func scanLine(scan func(...any) error) (l Line, err error) {
	err = scan(&l.ID, &l.Fingerprint, &l.BookedOn, &l.Amount, &l.EndToEnd, &l.Block, &l.Reference, &l.Party, &l.Account, &l.Words, &l.BankRef,
		&l.Returned, &l.State, &l.Why, &l.Payment, &l.Reason, &l.DecidedOn, &l.Decider)
	return l, err
}

// Desk is what waits for a person, what it could be, and what was decided lately.
type Desk struct {
	Open       []Line
	Decided    []Line
	Recoveries []Recovery
	Payments   []Fitting
	Statements []Statement
}

// Recovery is what a partner owes back of a year.
type Recovery struct {
	Agreement id.Agreement
	Name      string
	Year      period.Year
	Amount    money.Amount
}

// Fitting is a payment that a line may be about.
type Fitting struct {
	ID     id.Payment
	Name   string
	Year   period.Year
	Amount money.Amount
	State  string
	Batch  int
}

// Statement is one statement that was imported.
type Statement struct {
	File, Account, Ref string
	From, Until        period.Date
	Opening, Closing   money.Amount
	Lines, Fresh       int
	At                 db.Time
	By                 string
}

// LoadDesk reads the desk.
func LoadDesk(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme) (d Desk, err error) {
	if err := by.May("line.read", access.Subject{}); err != nil {
		return d, err
	}
	for into, q := range map[*[]Line]db.Query{&d.Open: listOpen, &d.Decided: listDecided} {
		err := tx.Each(ctx, q, []any{g}, func(r *sql.Rows) error {
			l, err := scanLine(r.Scan)
			*into = append(*into, l)
			return err
		})
		if err != nil {
			return d, err
		}
	}
	if d.Recoveries, err = Recoveries(ctx, tx, g); err != nil {
		return d, err
	}
	err = tx.Each(ctx, listFitting, []any{g}, func(r *sql.Rows) error {
		var f Fitting
		err := r.Scan(&f.ID, &f.Name, &f.Year, &f.Amount, &f.State, &f.Batch)
		d.Payments = append(d.Payments, f)
		return err
	})
	if err != nil {
		return d, err
	}
	err = tx.Each(ctx, listStatements, []any{g}, func(r *sql.Rows) error {
		var s Statement
		err := r.Scan(&s.File, &s.Account, &s.Ref, &s.From, &s.Until, &s.Opening, &s.Closing, &s.Lines, &s.Fresh, &s.At, &s.By)
		d.Statements = append(d.Statements, s)
		return err
	})
	return d, err
}

var countOpen = db.SQL("payment.line.count", `select count(*) from bank_line where programme_id = $1 and state = 'open'`)

// CountOpen tells how many lines wait at the desk.
func CountOpen(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme) (n int, err error) {
	if err := by.May("line.read", access.Subject{}); err != nil {
		return 0, err
	}
	return n, tx.Row(ctx, countOpen, g).Scan(&n)
}

// Recoveries lists what partners owe back.
func Recoveries(ctx context.Context, tx *db.Tx, g id.Programme) ([]Recovery, error) {
	var all []Recovery
	err := tx.Each(ctx, listRecoverable, []any{g, ledger.Recoverable}, func(r *sql.Rows) error {
		var v Recovery
		err := r.Scan(&v.Agreement, &v.Name, &v.Year, &v.Amount)
		all = append(all, v)
		return err
	})
	return all, err
}

// Fits lists the payments that a line can be: of the same amount, and in the state that the line would end.
func (l Line) Fits(all []Fitting) []Fitting {
	return slices.DeleteFunc(slices.Clone(all), func(f Fitting) bool {
		return !(l.Amount == -f.Amount && f.State == "approved" || l.Amount == f.Amount && f.State == "executed")
	})
}

// Parts lists the payments on their way of which a line can be a part: the bank paid less than was ordered.
func (l Line) Parts(all []Fitting) []Fitting {
	return slices.DeleteFunc(slices.Clone(all), func(f Fitting) bool {
		return f.State != "approved" || l.Amount >= 0 || -l.Amount >= f.Amount
	})
}

// Assigned is what a person says that a line is: a payment of ours, or what a partner pays back of an agreement-year.
type Assigned struct {
	Payment   id.Payment
	Agreement id.Agreement
	Year      period.Year
	Reason    string
}

// Assign decides a line of the desk, with a reason, and books it.
func Assign(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, line id.Line, to Assigned) error {
	l, err := openLine(ctx, tx, by, g, line, "line.assign", to.Reason)
	if err != nil {
		return err
	}
	m := &matcher{by: by, programme: g, batches: map[id.Batch]bool{}}
	switch {
	case to.Payment != "":
		if err := m.assign(ctx, tx, &l, to); err != nil {
			return err
		}
	case to.Agreement != "" && l.Amount > 0:
		if err := m.receive(ctx, tx, &l, to.Agreement, to.Year); err != nil {
			return err
		}
		if l.Payment == "" {
			return fault.Invalid("recovery", "why.owed", nil)
		}
	default:
		return fault.Invalid("payment", "payment.assign_what", nil)
	}
	if err := m.settle(ctx, tx); err != nil {
		return err
	}
	return decided(ctx, tx, by, g, l, "line.assign", to.Reason)
}

// assign books a line as a payment of ours: what went out executes it, in part where it is less than the order; what came in returns it.
func (m *matcher) assign(ctx context.Context, tx *db.Tx, l *Line, to Assigned) error {
	var t target
	err := tx.Row(ctx, selectTarget, m.programme, to.Payment).Scan(&t.id, &t.batch, &t.amount, &t.state)
	if err == db.ErrNone {
		return fault.Missing("funding.no_payment", nil)
	}
	if err != nil {
		return err
	}
	mover := funding.Mover{By: m.by, Batch: t.batch, On: l.BookedOn, Why: to.Reason}
	l.Payment, m.batches[t.batch] = t.id, true
	switch {
	case l.Amount == t.amount:
		mover.Why = cmp.Or(l.Returned, to.Reason)
		return funding.ReturnPayment(ctx, tx, m.programme, t.id, mover)
	case l.Amount == -t.amount:
		mover.Why = ""
		return funding.Execute(ctx, tx, m.programme, t.id, mover)
	case l.Amount < 0 && -l.Amount < t.amount:
		l.Payment, err = funding.PayPart(ctx, tx, m.programme, t.id, -l.Amount, mover)
		return err
	}
	return fault.Invalid("payment", "payment.assign_direction", text.Args{"amount": l.Amount, "payment": t.amount})
}

// Dismiss sets a line aside that is none of the programme's, such as a bank charge, with a reason.
func Dismiss(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, line id.Line, reason string) error {
	l, err := openLine(ctx, tx, by, g, line, "line.dismiss", reason)
	if err != nil {
		return err
	}
	return decided(ctx, tx, by, g, l, "line.dismiss", reason)
}

func openLine(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, line id.Line, verb access.VerbName, reason string) (Line, error) {
	l, err := scanLine(tx.Row(ctx, selectLine, g, line).Scan)
	if err == db.ErrNone || err == nil && !by.Holds("line.read") {
		return l, fault.Missing("payment.no_line", nil)
	}
	if err != nil {
		return l, err
	}
	if err := by.May(verb, access.Subject{Kind: "line", State: l.State}); err != nil {
		return l, err
	}
	if strings.TrimSpace(reason) == "" {
		return l, fault.Invalid("reason", "payment.why", nil)
	}
	return l, nil
}

func decided(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, l Line, verb access.VerbName, reason string) error {
	state, err := access.Transition("line", l.State, verb)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, decideLine, g, l.ID, state, db.OrNull(l.Payment), reason, tx.Now.Date(), db.OrNull(by.ID))
	if err == nil && n != 1 {
		err = fault.Conflict("payment.line_moved", nil)
	}
	if err != nil {
		return err
	}
	return trail(ctx, tx, by, g, verb, "line", string(l.ID), seen{l.State, l.Amount.String()}, seen{state, reason})
}

// WhyKey is why the line waits, in the catalogue.
func (l Line) WhyKey() text.Key { return text.Key("why." + l.Why) }

// MaskedAccount is the other party's account, masked.
func (l Line) MaskedAccount() string {
	return sepa.IBAN(strings.Join(strings.Fields(l.Account), "")).Mask()
}
