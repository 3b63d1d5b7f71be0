package moves

import (
	"context"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/draft"
	"errera.eu/errera/internal/agreement/template"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/renewal"
	"errera.eu/errera/internal/text"
)

// Load opens the round after the one that it follows and plays its moves, today, in the names of those who make them: all of it in one unit
// of work, or nothing. A move that is refused is invalid at its line, with the reason.
func Load(ctx context.Context, d *db.DB, r Round) (opened programme.Programme, err error) {
	err = d.WriteAgency(ctx, func(tx *db.Tx) error {
		p := player{ctx: ctx, tx: tx, actors: map[string]access.Actor{}, partners: map[string]programme.Organisation{},
			answers: map[string]map[id.Criterion]string{}, scores: map[sheet]map[id.Criterion]agreement.Score{}, edits: map[string][]move{}}
		if err := p.open(r); err != nil {
			return err
		}
		for _, m := range r.moves {
			if err := p.play(m); err != nil {
				return refused(err, m)
			}
		}
		opened = p.round
		return p.left()
	})
	return opened, err
}

// player plays the moves of a round. What takes several lines is collected: the answers of an application, the scores of a sheet, the changes of
// a proposal.
type player struct {
	ctx      context.Context
	tx       *db.Tx
	round    programme.Programme
	setting  agreement.Setting
	criteria map[string]id.Criterion
	actors   map[string]access.Actor
	partners map[string]programme.Organisation
	answers  map[string]map[id.Criterion]string // by partner
	scores   map[sheet]map[id.Criterion]agreement.Score
	edits    map[string][]move // by partner
}

// sheet is an assessor's, of a partner.
type sheet struct{ by, partner string }

// reason is a fault in words, as an argument of another message.
type reason struct{ *fault.Fault }

// In is the reason in a language.
func (r reason) In(l text.Language) string { return r.Say(l) }

// refused says at its line why a move was refused; what is not its fault stays as it is.
func refused(err error, m move) error {
	f := fault.Of(err)
	if f == nil || f.Kind == fault.KindInternal || f.Kind == fault.KindUnavailable {
		return err
	}
	var rows fault.Rows
	for _, one := range f.All() {
		column, found := "move", m.verb
		if one.Field != "" {
			found += " " + one.Field
		}
		rows = append(rows, fault.Row{File: MovesFile, Line: m.line, Column: column, Found: found, Want: "moves.refused",
			Args: text.Args{"why": reason{&one}}})
	}
	return rows.Err()
}

func (p *player) open(r Round) error {
	before, known, err := programme.Find(p.ctx, p.tx, r.Follows)
	if err != nil {
		return err
	}
	if !known {
		return fault.Rows{{File: RoundFile, Column: "follows", Found: r.Follows, Want: "moves.follows"}}
	}
	by, err := p.actor(r.OpenedBy)
	if err != nil {
		return fault.Rows{{File: RoundFile, Column: "opened_by", Found: r.OpenedBy, Want: "moves.person"}}
	}
	if p.round, err = renewal.Open(p.ctx, p.tx, by, before, r.Next); err != nil {
		return err
	}
	if len(r.Criteria) > 0 {
		if err := agreement.SetCriteria(p.ctx, p.tx, by, p.round.ID, r.Criteria); err != nil {
			return err
		}
	}
	if len(r.Clauses) > 0 {
		if err := template.Set(p.ctx, p.tx, by, p.round, r.Clauses, ""); err != nil {
			return err
		}
	}
	criteria, err := agreement.Criteria(p.ctx, p.tx, p.round.ID)
	if err != nil {
		return err
	}
	p.criteria = map[string]id.Criterion{}
	for _, c := range criteria {
		p.criteria[c.Code] = c.ID
	}
	organisations, err := programme.Organisations(p.ctx, p.tx)
	if err != nil {
		return err
	}
	for _, o := range organisations {
		p.partners[o.Code] = o
	}
	indicators, err := kpi.Indicators(p.ctx, p.tx, p.round.ID)
	if err == nil {
		p.setting, err = agreement.LoadSetting(p.ctx, p.tx, p.round, indicators)
	}
	return err
}

func (p *player) actor(email string) (access.Actor, error) {
	if a, known := p.actors[email]; known {
		return a, nil
	}
	a, err := access.LoadActorByEmail(p.ctx, p.tx, email)
	if err == nil {
		p.actors[email] = a
	}
	return a, err
}

// left says which sheets, applications and proposals were begun and not finished.
func (p *player) left() error {
	for k := range p.scores {
		return fault.Rows{{File: MovesFile, Column: "by", Found: k.by + " " + k.partner, Want: "moves.unfinished"}}
	}
	for k := range p.answers {
		return fault.Rows{{File: MovesFile, Column: "partner", Found: k, Want: "moves.unfinished"}}
	}
	for k := range p.edits {
		return fault.Rows{{File: MovesFile, Column: "partner", Found: k, Want: "moves.unfinished"}}
	}
	return nil
}

// play does one move.
func (p *player) play(m move) error {
	by, err := p.actor(m.by)
	if err != nil {
		return err
	}
	o, known := p.partners[m.partner]
	if !known {
		return fault.Invalid("partner", "candidates.choose", nil)
	}
	switch m.verb {
	case "name":
		_, err = agreement.NameCandidate(p.ctx, p.tx, by, p.round.ID, o, m.words)
		return err
	case "apply":
		_, err = agreement.ApplyAsCandidate(p.ctx, p.tx, by, p.round.ID, o, m.words, p.answers[m.partner])
		delete(p.answers, m.partner)
		return err
	case "answer", "score":
		return p.criterion(by, m)
	case "declare", "assess", "invite", "decline", "draft":
		return p.choose(by, m)
	}
	return p.negotiate(by, m)
}

// criterion collects what a line says of one criterion; a sheet is saved with its last one.
func (p *player) criterion(by access.Actor, m move) error {
	k, known := p.criteria[m.place]
	if !known {
		return fault.Invalid("place", "candidate.criterion_unknown", nil)
	}
	if m.verb == "answer" {
		if p.answers[m.partner] == nil {
			p.answers[m.partner] = map[id.Criterion]string{}
		}
		p.answers[m.partner][k] = m.words
		return nil
	}
	points, err := strconv.ParseInt(m.value, 10, 64)
	if err != nil {
		return fault.Invalid("value", "candidate.points", text.Args{"max": agreement.MaxPoints})
	}
	at := sheet{m.by, m.partner}
	if p.scores[at] == nil {
		p.scores[at] = map[id.Criterion]agreement.Score{}
	}
	p.scores[at][k] = agreement.Score{Points: points, Words: m.words}
	if len(p.scores[at]) < len(p.criteria) {
		return nil
	}
	c, err := agreement.LoadCandidate(p.ctx, p.tx, by, p.round.ID, m.partner)
	if err != nil {
		return err
	}
	err = agreement.ScoreCandidate(p.ctx, p.tx, by, p.round.ID, c.ID, p.scores[at])
	delete(p.scores, at)
	return err
}

// choose does what is done with a candidate as a whole.
func (p *player) choose(by access.Actor, m move) error {
	c, err := agreement.LoadCandidate(p.ctx, p.tx, by, p.round.ID, m.partner)
	if err != nil {
		return err
	}
	switch m.verb {
	case "declare":
		return agreement.DeclareInterest(p.ctx, p.tx, by, p.round.ID, c.ID, m.value == "conflict", m.words)
	case "assess":
		_, err = agreement.AssessCandidate(p.ctx, p.tx, by, p.round.ID, c.ID)
	case "invite":
		_, err = agreement.InviteCandidate(p.ctx, p.tx, by, p.round.ID, c.ID, m.words)
	case "decline":
		_, err = agreement.DeclineCandidate(p.ctx, p.tx, by, p.round.ID, c.ID, m.words)
	case "draft":
		_, err = renewal.Draft(p.ctx, p.tx, by, p.round, m.partner)
	}
	return err
}

// negotiate does what is done at the table.
func (p *player) negotiate(by access.Actor, m move) error {
	a, err := agreement.ByPartner(p.ctx, p.tx, access.All, p.round.ID, m.partner)
	if err != nil {
		return err
	}
	switch m.verb {
	case "change":
		p.edits[m.partner] = append(p.edits[m.partner], m)
		return nil
	case "comment":
		_, err = agreement.Write(p.ctx, p.tx, by, p.round.ID, a.ID, agreement.Comment{Place: m.place, Words: m.words})
		return err
	case "settle":
		return p.settle(by, a, m)
	}
	versions, err := agreement.Versions(p.ctx, p.tx, p.round.ID, a.ID)
	if err != nil {
		return err
	}
	last, _ := agreement.Last(versions)
	switch m.verb {
	case "accept":
		_, err = agreement.Accept(p.ctx, p.tx, by, &p.setting, a.ID, last.Hash)
		return err
	case "withdraw":
		return agreement.Withdraw(p.ctx, p.tx, by, p.round.ID, a.ID, last.N)
	}
	return p.propose(by, a, m)
}

// settle settles the newest open point at a place.
func (p *player) settle(by access.Actor, a agreement.Agreement, m move) error {
	all, err := agreement.Comments(p.ctx, p.tx, p.round.ID, a.ID)
	if err != nil {
		return err
	}
	for i := len(all) - 1; i >= 0; i-- {
		if c := all[i]; c.Place == m.place && c.ReplyTo == "" && !c.Settled {
			return agreement.Mark(p.ctx, p.tx, by, p.round.ID, a.ID, c.ID, true)
		}
	}
	return fault.Missing("agreement.comment_missing", nil)
}

// propose puts the side's working copy on the table, with the changes that were collected.
func (p *player) propose(by access.Actor, a agreement.Agreement, m move) error {
	desk, err := draft.Open(p.ctx, p.tx, by, &p.setting, a)
	if err != nil {
		return err
	}
	copied, err := desk.Current(p.ctx, p.tx)
	if err != nil {
		return err
	}
	doc := copied.Document.Normal()
	for _, e := range p.edits[m.partner] {
		if err := set(&doc, e.place, e.value, e.words); err != nil {
			return refused(err, e)
		}
	}
	delete(p.edits, m.partner)
	saved, err := desk.Save(p.ctx, p.tx, by, draft.Sheet{Document: doc, Revision: copied.Revision, BaseN: copied.BaseN})
	if err != nil {
		return err
	}
	_, err = desk.Propose(p.ctx, p.tx, by, saved.Revision, m.words)
	return err
}
