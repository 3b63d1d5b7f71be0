package moves

import (
	"context"
	"io/fs"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/sepa"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/funding/hearing"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/payment"
	"errera.eu/errera/internal/programme"
)

// claimVerbs are the moves about the money of a programme that is there: bank accounts, and the verification of claims.
func claimVerbs() []string {
	return []string{"account", "confirm", "open", "accept", "deduct", "park", "ask", "verify", "approve"}
}

// ReadClaims reads the moves about the money of a programme, from the same folder as the programme itself. Invalid with every fault by line and
// column.
func ReadClaims(folder fs.FS) (Round, error) {
	var r Round
	var rows fault.Rows
	if err := r.readMoves(folder, claimVerbs(), &rows); err != nil {
		return r, err
	}
	return r, rows.Err()
}

// LoadClaims plays them, today, in the names of those who make them: all of it in one unit of work, or nothing. A move that is refused is
// invalid at its line, with the reason.
func LoadClaims(ctx context.Context, d *db.DB, g programme.Programme, r Round) error {
	return d.Write(ctx, g.ID, func(tx *db.Tx) error {
		p := player{ctx: ctx, tx: tx, round: g, actors: map[string]access.Actor{}, partners: map[string]programme.Organisation{}}
		organisations, err := programme.Organisations(ctx, tx)
		if err != nil {
			return err
		}
		for _, o := range organisations {
			p.partners[o.Code] = o
		}
		for _, m := range r.moves {
			if err := p.claim(m); err != nil {
				return refused(err, m)
			}
		}
		return nil
	})
}

// claim does one move about money. Its place is a claim, as year/number, or an item of it, as year/number/reference.
func (p *player) claim(m move) error {
	by, err := p.actor(m.by)
	if err != nil {
		return err
	}
	o, known := p.partners[m.partner]
	if !known {
		return fault.Invalid("partner", "candidates.choose", nil)
	}
	switch m.verb {
	case "account":
		_, err := payment.Propose(p.ctx, p.tx, by, p.round.ID, payment.Account{Organisation: o.ID, IBAN: sepa.IBAN(m.value), Holder: m.words})
		return err
	case "confirm":
		return p.confirm(by, o)
	}
	claim, item, err := p.find(by, o, m.place)
	if err != nil {
		return err
	}
	g := p.round.ID
	switch m.verb {
	case "open":
		return funding.Open(p.ctx, p.tx, by, g, claim)
	case "ask":
		return hearing.Ask(p.ctx, p.tx, by, g, claim, item, m.words)
	case "verify":
		return funding.Verify(p.ctx, p.tx, by, g, claim)
	case "approve":
		_, err := funding.Approve(p.ctx, p.tx, by, g, claim)
		return err
	case "deduct":
		amount, err := money.Parse(m.value)
		if err != nil {
			return fault.Invalid("value", "intake.want.amount", nil)
		}
		code, why, _ := strings.Cut(m.words, ": ")
		return funding.Decide(p.ctx, p.tx, by, g, item, "item.deduct", amount, code, why)
	}
	return funding.Decide(p.ctx, p.tx, by, g, item, access.VerbName("item."+m.verb), 0, "", m.words)
}

// confirm confirms the account that waits for a second person.
func (p *player) confirm(by access.Actor, o programme.Organisation) error {
	all, err := payment.Accounts(p.ctx, p.tx, by, p.round.ID)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.Organisation == o.ID && a.State == "proposed" {
			_, err := payment.Confirm(p.ctx, p.tx, by, p.round.ID, a.ID)
			return err
		}
	}
	return fault.Missing("moves.no_account", nil)
}

var selectClaim = db.SQL("moves.claim.find", `select c.id from claim c join agreement a on a.programme_id = c.programme_id and a.id = c.agreement_id
	where c.programme_id = $1 and a.organisation_id = $2 and cast(c.year as text) || '/' || cast(c.number as text) = $3`)

// find reads a place.
func (p *player) find(by access.Actor, o programme.Organisation, place string) (claim id.Claim, item id.Item, err error) {
	parts := strings.SplitN(place, "/", 3)
	err = p.tx.Row(p.ctx, selectClaim, p.round.ID, o.ID, strings.Join(parts[:min(2, len(parts))], "/")).Scan(&claim)
	if err == db.ErrNone {
		err = fault.Invalid("place", "funding.no_claim", nil)
	}
	if err != nil || len(parts) < 3 {
		return claim, "", err
	}
	items, err := funding.LoadItems(p.ctx, p.tx, by, p.round.ID, claim)
	if err != nil {
		return claim, "", err
	}
	for _, i := range items {
		if i.Ref == parts[2] {
			return claim, i.ID, nil
		}
	}
	return claim, "", fault.Invalid("place", "funding.no_claim", nil)
}
