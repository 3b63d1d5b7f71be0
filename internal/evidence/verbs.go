package evidence

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

var (
	loadSubject = db.SQL("evidence.subject.load", `select e.kind, e.state, e.state_on, coalesce(e.reported_by, ''), coalesce(e.company_id, ''),
			(select max(d.n) from evidence_decision d where d.programme_id = e.programme_id and d.evidence_id = e.id)
		from evidence e where e.programme_id = $1 and e.id = $2
			and ($3 = '*' or exists (select 1 from evidence_credit c
				where c.programme_id = e.programme_id and c.evidence_id = e.id and $3 like '%' || c.organisation_id || '%'))`)
	loadCredited = db.SQL("evidence.subject.credited",
		`select organisation_id from evidence_credit where programme_id = $1 and evidence_id = $2 order by organisation_id`)
	saveState = db.SQL("evidence.state.save",
		`update evidence set state = $3, state_on = $4, seq = $6 where programme_id = $1 and id = $2 and state = $5`)
	readHistory = db.SQL("evidence.decision.list", `select d.state, d.decided_on, coalesce(d.decided_by, ''), coalesce(p.name, ''), d.reason
		from evidence_decision d left join person p on p.id = d.decided_by
		where d.programme_id = $1 and d.evidence_id = $2 order by d.n`)
)

// subject is what the verbs need to know of a row.
type subject struct {
	kind    Kind
	state   State
	stateOn period.Date
	by      id.Person
	company id.Company
	n       int
	credits []id.Organisation
}

// Verify confirms a reported row: an officer, never the one who reported it. Faults: missing out of scope, denied, conflict by state.
func Verify(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, evidence id.Evidence, reason string) error {
	return decide(ctx, tx, by, programme, evidence, "evidence.verify", Verified, reason)
}

// Reject refuses a row, with a reason; it stays in the ledger and counts no more. A verified row can still be rejected: what a settlement
// froze stays as frozen, and gets a restatement beside it.
func Reject(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, evidence id.Evidence, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return fault.Invalid("reason", "evidence.reason_required", nil)
	}
	return decide(ctx, tx, by, programme, evidence, "evidence.reject", Rejected, reason)
}

// Reopen takes a rejection back, with a reason: the row is reported again.
func Reopen(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, evidence id.Evidence, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return fault.Invalid("reason", "evidence.reason_required", nil)
	}
	return decide(ctx, tx, by, programme, evidence, "evidence.reopen", Reported, reason)
}

// Replace refuses a row in the name of its source, which now says something else. Leave and audit are the caller's, as for Record.
func Replace(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, evidence id.Evidence, reason string) error {
	s, err := load(ctx, tx, access.All, programme, evidence)
	if err != nil || s.state == Rejected {
		return err
	}
	return s.move(ctx, tx, by, programme, evidence, Rejected, reason)
}

func decide(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, evidence id.Evidence, verb access.VerbName, to State,
	reason string) error {
	s, err := load(ctx, tx, by.Scope(), programme, evidence)
	if err != nil {
		return err
	}
	if err := by.May(verb, s.access()); err != nil {
		return err
	}
	if err := s.move(ctx, tx, by, programme, evidence, to, reason); err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(programme), by.Label(), audit.Change{Verb: string(verb), ObjectKind: "evidence",
		ObjectID: string(evidence), Before: map[string]any{"state": s.state}, After: map[string]any{"state": to, "reason": reason}})
}

// move saves another state with who decided it.
func (s subject) move(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, evidence id.Evidence, to State, reason string) error {
	on := tx.Now.Date()
	if on < s.stateOn {
		return fault.Conflict("evidence.decided_before", nil)
	}
	moved, err := tx.Exec(ctx, saveState, programme, evidence, to, on, s.state, tx.Seq(string(programme)))
	if err != nil {
		return err
	}
	if moved != 1 {
		return fault.Conflict("evidence.moved", nil)
	}
	return tx.Insert(ctx, "evidence_decision", []string{"programme_id", "evidence_id", "n", "state", "decided_on", "decided_by", "reason"},
		[][]any{{programme, evidence, s.n + 1, to, on, db.OrNull(by.ID), reason}})
}

func load(ctx context.Context, tx *db.Tx, scope access.Scope, programme id.Programme, evidence id.Evidence) (subject, error) {
	var s subject
	err := tx.Row(ctx, loadSubject, programme, evidence, scope).Scan(&s.kind, &s.state, &s.stateOn, &s.by, &s.company, &s.n)
	if errors.Is(err, db.ErrNone) {
		return s, fault.Missing("evidence.missing", nil)
	}
	if err != nil {
		return s, err
	}
	err = tx.Each(ctx, loadCredited, []any{programme, evidence}, func(r *sql.Rows) error {
		var o id.Organisation
		err := r.Scan(&o)
		s.credits = append(s.credits, o)
		return err
	})
	return s, err
}

func (s subject) access() access.Subject {
	sub := access.Subject{Kind: "evidence", State: string(s.state), Organisers: s.credits, Company: s.company}
	if s.by != "" {
		sub.Touched = []id.Person{s.by}
	}
	return sub
}

// History tells every state that a row had, in order, with who decided and why. The caller has loaded the row within the reader's scope.
func History(ctx context.Context, tx *db.Tx, programme id.Programme, evidence id.Evidence) ([]Decision, error) {
	var all []Decision
	err := tx.Each(ctx, readHistory, []any{programme, evidence}, func(r *sql.Rows) error {
		var d Decision
		err := r.Scan(&d.State, &d.On, &d.By, &d.ByName, &d.Reason)
		all = append(all, d)
		return err
	})
	return all, err
}
