package programme

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Decision is proposed by one person and taken, or refused, by another. What it concerns is frozen when it is proposed. Source: domain
// section 3.
type Decision struct {
	ID          id.Decision
	Code        string // given when it is proposed: D-0001, D-0002, ...
	Kind        string
	State       string
	Dated       period.Date // the day on which it was taken or refused; until then that of the proposal
	Body        string      // who decides: a board, a head of unit
	Words       string
	Agreement   id.Agreement // "" for what concerns the programme as a whole
	Partner     id.Organisation
	Year        period.Year
	SubjectKind string // claim, item, activity, term, settlement, assignment, "" for the agreement-year itself
	SubjectID   string
	Amount      money.Amount
	Until       period.Date // of an extension: the new last day
	ProposedOn  period.Date
	ProposedBy  id.Person
	TakenBy     id.Person // who took or refused it
}

// DecisionKinds lists what may be decided.
func DecisionKinds() []string {
	return []string{"overrun", "carry-over", "write-off", "waiver", "cancelled-cost", "adjustment", "extension", "mandate"}
}

// Subject is the decision as the leave check sees it: who proposed it is no second pair of eyes.
func (d Decision) Subject() access.Subject {
	return access.Subject{Kind: "decision", State: d.State, Partner: d.Partner, Touched: []id.Person{d.ProposedBy}}
}

// decisionWords is the most characters of a decision.
const decisionWords = 4000

// needs tells what a proposal of its kind lacks.
func (d Decision) needs() error {
	d.Words = strings.TrimSpace(d.Words)
	money := slices.Contains([]string{"overrun", "carry-over", "write-off"}, d.Kind)
	var kind, words, amount, until error
	if !slices.Contains(DecisionKinds(), d.Kind) {
		kind = fault.Invalid("kind", "decision.kind_unknown", text.Args{"found": d.Kind})
	}
	if d.Words == "" {
		words = fault.Invalid("words", "decision.words_missing", nil)
	}
	if n := utf8.RuneCountInString(d.Words); n > decisionWords {
		words = fault.Invalid("words", "decision.words_long", text.Args{"n": n, "most": decisionWords})
	}
	if money && d.Amount <= 0 {
		amount = fault.Invalid("amount", "decision.amount_missing", nil)
	}
	if d.Kind == "extension" && !d.Until.Valid() {
		until = fault.Invalid("until", "decision.until_missing", nil)
	}
	return fault.Join(kind, words, amount, until)
}

const decisionColumns = `d.id, d.code, d.kind, d.state, d.dated, d.body, d.words, coalesce(d.agreement_id, ''), coalesce(a.organisation_id, ''),
   d.year, d.subject_kind, d.subject_id, d.amount, d.until, d.proposed_on, coalesce(d.proposed_by, ''), coalesce(d.taken_by, '')
 from decision d left join agreement a on a.programme_id = d.programme_id and a.id = d.agreement_id`

var (
	selectDecisions = db.SQL("programme.decision.list",
		`select `+decisionColumns+` where d.programme_id = $1 and ($2 = '*' or d.agreement_id is null or $2 like '%' || a.organisation_id || '%')
		 order by d.dated, d.code`)
	selectDecision = db.SQL("programme.decision.load", `select `+decisionColumns+` where d.programme_id = $1 and d.id = $2
		 and ($3 = '*' or d.agreement_id is null or $3 like '%' || a.organisation_id || '%')`)
	selectSubject = db.SQL("programme.decision.of_subject", `select `+decisionColumns+` where d.programme_id = $1 and d.subject_kind = $2
		 and d.subject_id = $3 order by d.dated, d.code`)
	countDecisions = db.SQL("programme.decision.count", `select count(*) from decision d where d.programme_id = $1`)
	moveDecision   = db.SQL("programme.decision.move",
		`update decision set state = $3, dated = $4, taken_by = $5 where programme_id = $1 and id = $2 and state = 'proposed'`)
	selectPartner = db.SQL("programme.decision.partner",
		`select a.organisation_id from agreement a where a.programme_id = $1 and a.id = $2 and ($3 = '*' or $3 like '%' || a.organisation_id || '%')`)
)

func scanDecision(scan func(...any) error) (d Decision, err error) {
	err = scan(&d.ID, &d.Code, &d.Kind, &d.State, &d.Dated, &d.Body, &d.Words, &d.Agreement, &d.Partner, &d.Year, &d.SubjectKind, &d.SubjectID,
		&d.Amount, &d.Until, &d.ProposedOn, &d.ProposedBy, &d.TakenBy)
	return d, err
}

// Decisions gives the decisions that were proposed or taken, oldest first, within the scope.
func Decisions(ctx context.Context, tx *db.Tx, programme id.Programme, scope access.Scope) ([]Decision, error) {
	if scope == "" {
		return nil, nil
	}
	return listDecisions(ctx, tx, selectDecisions, programme, scope)
}

// DecisionsOf gives the decisions about one thing, oldest first.
func DecisionsOf(ctx context.Context, tx *db.Tx, programme id.Programme, kind, subject string) ([]Decision, error) {
	return listDecisions(ctx, tx, selectSubject, programme, kind, subject)
}

func listDecisions(ctx context.Context, tx *db.Tx, q db.Query, args ...any) ([]Decision, error) {
	var all []Decision
	err := tx.Each(ctx, q, args, func(r *sql.Rows) error {
		d, err := scanDecision(r.Scan)
		all = append(all, d)
		return err
	})
	return all, err
}

// LoadDecision is one decision within what the actor may read.
func LoadDecision(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, d id.Decision) (Decision, error) {
	scope := by.ScopeFor("decision.read")
	if by.IsSystem() {
		scope = access.All
	}
	found, err := scanDecision(tx.Row(ctx, selectDecision, programme, d, scope).Scan)
	if err == db.ErrNone || (err == nil && scope == "") {
		err = fault.Missing("decision.none", nil)
	}
	return found, err
}

// Propose writes a decision that somebody else is to take. It checks only what every decision needs: the domain that the decision changes
// checks the rest, here and again when it is taken.
func Propose(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, d Decision) (id.Decision, error) {
	d.State, d.Partner = "", ""
	if d.Agreement != "" {
		err := tx.Row(ctx, selectPartner, programme, d.Agreement, by.Scope()).Scan(&d.Partner)
		if err == db.ErrNone {
			return "", fault.Missing("decision.no_agreement", nil)
		}
		if err != nil {
			return "", err
		}
	}
	if err := by.May("decision.propose", d.Subject()); err != nil {
		return "", err
	}
	if err := d.needs(); err != nil {
		return "", err
	}
	var n int
	if err := tx.Row(ctx, countDecisions, programme).Scan(&n); err != nil {
		return "", err
	}
	d.ID, d.Code, d.State = id.New[id.Decision](), fmt.Sprintf("D-%04d", n+1), "proposed"
	d.Dated, d.ProposedOn, d.ProposedBy, d.TakenBy = tx.Now.Date(), tx.Now.Date(), by.ID, ""
	if err := tx.Insert(ctx, "decision", decisionNames(), [][]any{d.row(programme)}); err != nil {
		return "", err
	}
	return d.ID, d.trail(ctx, tx, by, programme, "decision.propose", nil)
}

// MoveDecision takes or refuses a proposed decision: verb is decision.take or decision.refuse. It changes nothing but the decision: the
// domain that it is about calls this and applies the rest in the same unit of work.
func MoveDecision(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, decision id.Decision, verb access.VerbName) (Decision, error) {
	before, err := LoadDecision(ctx, tx, by, programme, decision)
	if err != nil {
		return before, err
	}
	if err := by.May(verb, before.Subject()); err != nil {
		return before, err
	}
	after := before
	if after.State, err = access.Transition("decision", before.State, verb); err != nil {
		return before, err
	}
	after.Dated, after.TakenBy = tx.Now.Date(), by.ID
	n, err := tx.Exec(ctx, moveDecision, programme, decision, after.State, after.Dated, db.OrNull(after.TakenBy))
	if err == nil && n != 1 {
		err = fault.Conflict("decision.moved", nil)
	}
	if err != nil {
		return before, err
	}
	return after, after.trail(ctx, tx, by, programme, verb, &before)
}

type decisionSeen struct {
	State  string `json:"state"`
	Kind   string `json:"kind"`
	Amount string `json:"amount,omitempty"`
	Until  string `json:"until,omitempty"`
	Words  string `json:"words,omitempty"`
}

func (d Decision) trail(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, verb access.VerbName, before *Decision) error {
	change := audit.Change{Verb: string(verb), ObjectKind: "decision", ObjectID: string(d.ID)}
	seen := decisionSeen{State: d.State, Kind: d.Kind, Until: string(d.Until), Words: d.Words}
	if d.Amount != 0 {
		seen.Amount = d.Amount.String()
	}
	change.After = seen
	if before != nil {
		change.Before = decisionSeen{State: before.State, Kind: before.Kind}
	}
	return audit.Append(ctx, tx, string(programme), by.Label(), change)
}

func decisionNames() []string {
	return strings.Fields(`programme_id id code kind state dated body words agreement_id year subject_kind subject_id amount until proposed_on
		proposed_by taken_by`)
}

func (d Decision) row(programme id.Programme) []any {
	return []any{programme, d.ID, d.Code, d.Kind, d.State, d.Dated, d.Body, d.Words, db.OrNull(d.Agreement), d.Year, d.SubjectKind, d.SubjectID,
		d.Amount, d.Until, d.ProposedOn, db.OrNull(d.ProposedBy), db.OrNull(d.TakenBy)}
}

// AddDecisions writes decisions that were taken before the programme came into Errera.
func AddDecisions(ctx context.Context, tx *db.Tx, programme id.Programme, decisions []Decision) error {
	rows := make([][]any, len(decisions))
	for i, d := range decisions {
		d.State, d.ProposedOn = "taken", d.Dated
		rows[i] = d.row(programme)
	}
	return tx.Insert(ctx, "decision", decisionNames(), rows)
}
