package agreement

import (
	"context"
	"database/sql"
	"strings"
	"unicode/utf8"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

var (
	moveAgreement = db.SQL("agreement.agreement.move",
		`update agreement set state = $3 where programme_id = $1 and id = $2 and state = $4`)
	selectElsewhere = db.SQL("agreement.agreement.elsewhere",
		`select p.code, a.starts_on, a.ends_on from agreement a join programme p on p.id = a.programme_id
		 where a.organisation_id = $1 and a.id <> $2 and a.state in ('agreed', 'signed', 'active') and a.starts_on <= $4 and a.ends_on >= $3
		 order by a.starts_on`)
	selectPledged = db.SQL("agreement.ceiling.pledged",
		`select c.year, c.amount, case when a.state in ('signed', 'active') then '' else a.id end from agreement a
		 join agreement_ceiling c on c.programme_id = a.programme_id and c.agreement_id = a.id
		 where a.programme_id = $1 and a.id <> $2 and a.state in ('signed', 'active', 'closed', 'terminated')`)
	selectAgreed = db.SQL("agreement.version.agreed",
		`select a.id, v.n, v.document from agreement a
		 join agreement_version v on v.programme_id = a.programme_id and v.agreement_id = a.id and v.state = 'accepted'
		 where a.programme_id = $1 and a.id <> $2 and a.state = 'agreed' order by a.id, v.n`)
)

// SideOf is the side for which an actor speaks on an agreement; denied (access.own_only) to who is of neither.
func SideOf(by access.Actor, a Agreement) (Side, error) {
	switch {
	case by.Agency():
		return OfAgency, nil
	case by.Scope().Holds(a.Partner.ID):
		return OfPartner, nil
	}
	return "", fault.Denied("access.own_only", text.Args{"verb": access.VerbName("version.propose").Key()})
}

// Proposal is a document to put on the table.
type Proposal struct {
	Document Document
	Note     string
	After    int // the number of the newest version that its writer has seen; 0 when there was none
}

// Propose puts a version on the table for the actor's side. An open proposal of the other side is countered by it, one of the own side
// superseded. Conflict (agreement.table_moved) when the table holds a newer version than its writer saw, so that nobody answers what they
// have not read; invalid at its field for what no version may hold.
func Propose(ctx context.Context, tx *db.Tx, by access.Actor, s *Setting, agreement id.Agreement, p Proposal) (Version, error) {
	g := s.Programme.ID
	a, all, err := loadTable(ctx, tx, by, g, agreement)
	if err != nil {
		return Version{}, err
	}
	side, err := SideOf(by, a)
	if err != nil {
		return Version{}, err
	}
	if err := by.May("version.propose", access.Subject{Kind: "version", Partner: a.Partner.ID}); err != nil {
		return Version{}, err
	}
	last, _ := Last(all)
	if err := mayPropose(a, last, p); err != nil {
		return Version{}, err
	}
	p.Document.Agency.Organisation, p.Document.Partner.Organisation = s.Agency.ID, a.Partner.ID
	p.Document.Form = DocumentForm
	if err := fault.Join(p.Document.Check(s), checkAgainstOthers(ctx, tx, s, a, &p.Document), CheckAmends(ctx, tx, s, a, &p.Document)); err != nil {
		return Version{}, err
	}
	hash, err := p.Document.Hash()
	if err != nil {
		return Version{}, err
	}
	if last.State == Proposed && last.Hash == hash {
		return Version{}, fault.Conflict("agreement.nothing_changed", text.Args{"n": last.N})
	}
	if last.State == Proposed {
		if err := answer(ctx, tx, by, g, a, last, side); err != nil {
			return Version{}, err
		}
	}
	v, err := addVersion(ctx, tx, g, a.ID, Version{N: last.N + 1, Side: side, Document: p.Document, Note: words(p.Note), MadeAt: tx.Now, MadeBy: by.ID,
		AnswerBy: tx.Now.Date().AddDays(s.Rule.AnswerTerm())})
	if err != nil {
		return v, err
	}
	if err := trailVersion(ctx, tx, by, g, a, "version.propose", "", v); err != nil {
		return v, err
	}
	if a.State == Draft {
		if _, err := moveTo(ctx, tx, by, g, a, "agreement.negotiate", v.N, ""); err != nil {
			return v, err
		}
	}
	return v, tellProposed(ctx, tx, g, a, v)
}

// mayPropose holds the rules of the table: what state allows it, what was seen, and which version an amendment starts from.
func mayPropose(a Agreement, last Version, p Proposal) error {
	amends := 0
	switch a.State {
	case Draft, Negotiating:
	case Signed, Active:
		amends = a.Version
	default:
		return fault.Conflict("access.wrong_state", text.Args{"verb": access.VerbName("version.propose").Key(), "state": a.State.Key()})
	}
	switch {
	case last.N != p.After:
		return fault.Conflict("agreement.table_moved", text.Args{"n": last.N, "seen": p.After})
	case p.Document.Amends != amends:
		return fault.Conflict("agreement.amends_other", text.Args{"n": amends})
	case utf8.RuneCountInString(p.Note) > longestNote:
		return fault.Invalid("note", "agreement.words_long", text.Args{"n": utf8.RuneCountInString(p.Note), "most": longestNote})
	}
	return nil
}

// answer moves the version that a new proposal of a side answers.
func answer(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a Agreement, last Version, side Side) error {
	verb, to := access.VerbName("version.counter"), Countered
	if last.Side == side {
		verb, to = "version.supersede", Superseded
	}
	return move(ctx, tx, by, g, a, last, verb, to)
}

func move(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a Agreement, v Version, verb access.VerbName, to VersionState) error {
	if err := by.May(verb, v.Subject(a)); err != nil {
		return err
	}
	after, err := settle(ctx, tx, g, a.ID, v, to, tx.Now, by.ID)
	if err != nil {
		return err
	}
	return trailVersion(ctx, tx, by, g, a, verb, v.State, after)
}

// checkAgainstOthers tells what the agreement cannot promise beside others: more than the envelope has left, or a period in which the
// partner has another agreement.
func checkAgainstOthers(ctx context.Context, tx *db.Tx, s *Setting, a Agreement, d *Document) error {
	period := CheckPeriod(ctx, tx, a.Partner.ID, a.ID, d.Starts, d.Ends)
	if period != nil && !fault.Is(period, fault.KindInvalid) {
		return period
	}
	faults := []error{period}
	pledged, err := Pledged(ctx, tx, s.Programme.ID, a.ID)
	if err != nil {
		return err
	}
	for _, c := range d.Ceilings {
		left := s.Envelopes[c.Year] - pledged[c.Year]
		if c.Amount > left && c.Amount <= s.Envelopes[c.Year] {
			faults = append(faults, fault.Invalid("ceiling."+c.Year.String(), "agreement.above_left", text.Args{"year": c.Year, "amount": c.Amount,
				"left": max(left, 0)}))
		}
	}
	return fault.Join(faults...)
}

// CheckPeriod refuses at "starts" a period in which a partner has another agreement, agreed on or running, in any programme.
func CheckPeriod(ctx context.Context, tx *db.Tx, partner id.Organisation, a id.Agreement, from, to period.Date) error {
	var faults []error
	err := tx.Each(ctx, selectElsewhere, []any{partner, a, from, to}, func(r *sql.Rows) error {
		var code string
		var from, to period.Date
		err := r.Scan(&code, &from, &to)
		faults = append(faults, fault.Invalid("starts", "agreement.period_overlaps", text.Args{"programme": code, "from": from, "to": to}))
		return err
	})
	if err != nil {
		return err
	}
	return fault.Join(faults...)
}

// Pledged is what the programme's other agreements, agreed or signed, take of each year's envelope. One that ended takes what the books still
// hold for it: what its settlements returned is there for others.
func Pledged(ctx context.Context, tx *db.Tx, g id.Programme, except id.Agreement) (map[period.Year]money.Amount, error) {
	all := map[period.Year]money.Amount{}
	var ended []ledger.Filter
	err := tx.Each(ctx, selectPledged, []any{g, except}, func(r *sql.Rows) error {
		var y period.Year
		var c money.Amount
		var end id.Agreement
		err := r.Scan(&y, &c, &end)
		if end != "" {
			ended = append(ended, ledger.Filter{Agreement: end, Year: y})
		} else {
			all[y] += c
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, f := range ended {
		books, err := ledger.Balance(ctx, tx, g, f)
		if err != nil {
			return nil, err
		}
		all[f.Year] += books[ledger.Committed] + books[ledger.Consumed]
	}
	newest := map[id.Agreement]string{}
	err = tx.Each(ctx, selectAgreed, []any{g, except}, func(r *sql.Rows) error {
		var a id.Agreement
		var n int
		var form string
		err := r.Scan(&a, &n, &form)
		newest[a] = form // the last one read is the newest
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, form := range newest {
		d, err := ParseDocument(form)
		if err != nil {
			return nil, err
		}
		for _, c := range d.Ceilings {
			all[c.Year] += c.Amount
		}
	}
	return all, nil
}

// Accept binds the actor's side to the version on the table. The hash is that of the content the actor has read: when the table has moved
// since, it is another one, and the acceptance is refused (conflict agreement.hash_moved). An agreement that Review finds unverifiable is
// refused too, with what is wrong at its places.
func Accept(ctx context.Context, tx *db.Tx, by access.Actor, s *Setting, agreement id.Agreement, hash string) (Version, error) {
	g := s.Programme.ID
	a, all, err := loadTable(ctx, tx, by, g, agreement)
	if err != nil {
		return Version{}, err
	}
	side, err := SideOf(by, a)
	if err != nil {
		return Version{}, err
	}
	v, found := Last(all)
	switch {
	case !found:
		return v, fault.Conflict("agreement.nothing_proposed", nil)
	case v.Hash != hash:
		return v, fault.Conflict("agreement.hash_moved", text.Args{"n": v.N, "hash": Short(v.Hash), "read": Short(hash)})
	}
	if err := by.May("version.accept", v.Subject(a)); err != nil {
		return v, err
	}
	switch {
	case v.Side == side:
		return v, fault.Conflict("agreement.own_proposal", text.Args{"n": v.N})
	case v.MadeBy != "" && v.MadeBy == by.ID: // somebody who changed sides
		return v, fault.Denied("access.own_work", text.Args{"verb": access.VerbName("version.accept").Key()})
	}
	if v.Document, err = loadDocument(ctx, tx, g, a.ID, v); err != nil {
		return v, err
	}
	err = fault.Join(v.Document.Check(s), checkAgainstOthers(ctx, tx, s, a, &v.Document), CheckAmends(ctx, tx, s, a, &v.Document),
		Review(&v.Document, nil).refusal())
	if err != nil {
		return v, err
	}
	if v, err = bind(ctx, tx, g, a.ID, v, Acceptance{side, v.Hash, tx.Now, by.ID}); err != nil {
		return v, err
	}
	if err := move(ctx, tx, by, g, a, v, "version.accept", Accepted); err != nil {
		return v, err
	}
	v.State = Accepted
	if a.State == Negotiating {
		if _, err := moveTo(ctx, tx, by, g, a, "agreement.agree", v.N, v.Hash); err != nil {
			return v, err
		}
	}
	return v, tellAccepted(ctx, tx, g, a, v)
}

// Withdraw takes the actor's own proposal off the table.
func Withdraw(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, agreement id.Agreement, n int) error {
	a, all, err := loadTable(ctx, tx, by, g, agreement)
	if err != nil {
		return err
	}
	side, err := SideOf(by, a)
	if err != nil {
		return err
	}
	v, _ := Last(all)
	if v.N != n || v.State != Proposed {
		return fault.Conflict("agreement.version_moved", text.Args{"n": n})
	}
	if v.Side != side {
		return fault.Denied("agreement.not_yours", text.Args{"n": n})
	}
	return move(ctx, tx, by, g, a, v, "version.withdraw", Withdrawn)
}

// Reopen takes an agreed agreement back to the table before it is signed, for an error that was found.
func Reopen(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, agreement id.Agreement, reason string) (Agreement, error) {
	return shift(ctx, tx, by, g, agreement, "agreement.reopen", reason)
}

// Abandon ends a negotiation without an agreement.
func Abandon(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, agreement id.Agreement, reason string) (Agreement, error) {
	return shift(ctx, tx, by, g, agreement, "agreement.abandon", reason)
}

func shift(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, agreement id.Agreement, verb access.VerbName, reason string) (Agreement, error) {
	a, err := Load(ctx, tx, by.ScopeFor(verb), g, agreement)
	if err != nil {
		return a, err
	}
	reason = words(reason)
	switch n := utf8.RuneCountInString(reason); {
	case reason == "":
		return a, fault.Invalid("reason", "agreement.reason_missing", nil)
	case n > longestNote:
		return a, fault.Invalid("reason", "agreement.words_long", text.Args{"n": n, "most": longestNote})
	}
	return moveTo(ctx, tx, by, g, a, verb, 0, reason)
}

// moveTo moves the agreement itself by a verb of the table.
func moveTo(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a Agreement, verb access.VerbName, n int, why string) (Agreement, error) {
	if err := by.May(verb, a.Subject()); err != nil {
		return a, err
	}
	to, err := access.Transition("agreement", string(a.State), verb)
	if err != nil {
		return a, err
	}
	was := a.State
	moved, err := tx.Exec(ctx, moveAgreement, g, a.ID, to, was)
	if err == nil && moved == 0 {
		err = fault.Conflict("access.wrong_state", text.Args{"verb": verb.Key(), "state": was.Key()})
	}
	if err != nil {
		return a, err
	}
	a.State = State(to)
	after := map[string]any{"state": to}
	if n > 0 {
		after["version"] = n
	}
	if why != "" {
		after["why"] = why
	}
	return a, audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: string(verb), ObjectKind: "agreement", ObjectID: string(a.ID),
		Before: map[string]any{"state": string(was)}, After: after})
}

// loadTable is an agreement within what the actor negotiates, with its versions.
func loadTable(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, agreement id.Agreement) (Agreement, []Version, error) {
	a, err := Load(ctx, tx, by.ScopeFor("agreement.read"), g, agreement)
	if err != nil {
		return a, nil, err
	}
	all, err := Versions(ctx, tx, g, a.ID)
	return a, all, err
}

func trailVersion(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a Agreement, verb access.VerbName, was VersionState, v Version) error {
	c := audit.Change{Verb: string(verb), ObjectKind: "agreement", ObjectID: string(a.ID),
		After: map[string]any{"version": v.N, "side": string(v.Side), "hash": v.Hash, "state": string(v.State)}}
	if was != "" {
		c.Before = map[string]any{"version": v.N, "state": string(was)}
	}
	return audit.Append(ctx, tx, string(g), by.Label(), c)
}

// Short is a hash as people compare it: "9f41 c0d7 … 2be8".
func Short(hash string) string {
	if len(hash) < 16 {
		return strings.TrimSpace(hash)
	}
	return hash[:4] + " " + hash[4:8] + " … " + hash[len(hash)-4:]
}
