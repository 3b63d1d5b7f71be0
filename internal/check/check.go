// Package check holds every law of the books, the evidence, the agreements and the audit trail against a database, in one consistent
// snapshot, and names each row that breaks one. It changes nothing and repairs nothing.
package check

import (
	"context"
	"fmt"

	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Law is one law of domain section 10 held against a database.
type Law struct {
	Name     string   `json:"law"`
	Held     int      `json:"held"` // rows or sums that it was held against
	Broken   int      `json:"broken"`
	Findings []string `json:"findings,omitempty"`
}

// Key is the law in words.
func (l Law) Key() text.Key { return text.Key("law." + l.Name) }

// broken records a violation; the first twenty are named.
func (l *Law) broken(form string, args ...any) {
	l.Broken++
	if len(l.Findings) < 20 {
		l.Findings = append(l.Findings, fmt.Sprintf(form, args...))
	}
}

// Result is every law held against a programme, or against all of them.
type Result struct {
	Laws []Law `json:"laws"`
}

// Err is a conflict when a law is broken.
func (c Result) Err() error {
	n := 0
	for _, l := range c.Laws {
		n += l.Broken
	}
	if n == 0 {
		return nil
	}
	return fault.Conflict("law.broken", text.Args{"n": n})
}

// lawCheck holds one law against one programme.
type lawCheck struct {
	name string
	hold func(ctx context.Context, tx *db.Tx, g programme.Programme, l *Law) error
}

func laws() []lawCheck {
	return []lawCheck{
		{"half", holdHalf},
		{"due", holdDue},
		{"contribution", holdContribution},
		{"books", holdBooks},
		{"replay", holdReplay},
		{"settlement", holdSettlement},
		{"frozen", holdFrozen},
		{"shares", holdShares},
		{"evidence", holdEvidence},
		{"measures", holdMeasures},
		{"reach", holdReach},
		{"four_eyes", holdFourEyes},
		{"audit", holdAudit},
		{"versions", holdVersions},
		{"invoices", holdInvoices},
		{"steps", holdSteps},
		{"closed", holdClosed},
	}
}

// Run holds every law against the programmes of one consistent snapshot; an empty code is every programme.
func Run(ctx context.Context, tx *db.Tx, code string) (Result, error) {
	var out Result
	all, err := programme.List(ctx, tx)
	if err != nil {
		return out, err
	}
	for _, c := range laws() {
		law := Law{Name: c.name}
		for _, g := range all {
			if code != "" && g.Code != code {
				continue
			}
			if err := c.hold(ctx, tx, g, &law); err != nil {
				return out, err
			}
		}
		out.Laws = append(out.Laws, law)
	}
	whole, err := holdWhole(ctx, tx)
	out.Laws = append(out.Laws, whole)
	return out, err
}

// holdBooks: every line and the whole sum to zero, no account on its wrong side, net paid within what was committed.
func holdBooks(ctx context.Context, tx *db.Tx, g programme.Programme, l *Law) error {
	findings, err := ledger.Check(ctx, tx, g.ID)
	if err != nil {
		return err
	}
	l.Held++
	for _, f := range findings {
		l.broken("%v", f)
	}
	return nil
}

// holdAudit: every link of the programme's chain and of the agency's.
func holdAudit(ctx context.Context, tx *db.Tx, g programme.Programme, l *Law) error {
	for _, scope := range []string{"", string(g.ID)} {
		findings, err := audit.Verify(ctx, tx, scope)
		if err != nil {
			return err
		}
		l.Held++
		for _, f := range findings {
			l.broken("%v", f)
		}
	}
	return nil
}
