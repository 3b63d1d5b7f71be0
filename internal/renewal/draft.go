package renewal

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/programme"
)

// Carried is what an organisation's agreement in a round would start from, beside the one that it comes from.
type Carried struct {
	Document  agreement.Document
	Proposals map[string]Proposal // by KPI code
	Last      *Last               // nil for who had no agreement in the round before
}

// LoadCarried reads what comes over to a round for an organisation. Reading the history takes evidence of some years: it is not for lists.
func LoadCarried(ctx context.Context, tx *db.Tx, p programme.Programme, o programme.Organisation) (Carried, error) {
	var c Carried
	definitions, err := kpi.Definitions(ctx, tx, p.ID)
	if err != nil {
		return c, err
	}
	indicators, err := kpi.Indicators(ctx, tx, p.ID)
	if err != nil {
		return c, err
	}
	s, err := agreement.LoadSetting(ctx, tx, p, indicators)
	if err != nil {
		return c, err
	}
	from, found, err := Before(ctx, tx, p)
	if err != nil {
		return c, err
	}
	if found {
		last, has, err := LoadLast(ctx, tx, from, o.ID)
		if err != nil {
			return c, err
		}
		if has {
			c.Last = &last
		}
	}
	c.Document, c.Proposals = Carry(&s, definitions, o, c.Last)
	return c, nil
}

// Draft makes the agreement of an invited candidate as a draft of the agency: carried over from the round before, or from the template for
// who is new. The candidate is then drafted. Denied to all but the officer, conflict when the candidate was not invited.
func Draft(ctx context.Context, tx *db.Tx, by access.Actor, p programme.Programme, code string) (agreement.Agreement, error) {
	c, err := agreement.LoadCandidate(ctx, tx, by, p.ID, code)
	if err != nil {
		return agreement.Agreement{}, err
	}
	if err := by.May("candidate.draft", c.Subject()); err != nil {
		return agreement.Agreement{}, err
	}
	carried, err := LoadCarried(ctx, tx, p, c.Organisation)
	if err != nil {
		return agreement.Agreement{}, err
	}
	a, err := agreement.Start(ctx, tx, by, p.ID, carried.Document)
	if err != nil {
		return a, err
	}
	a.Partner = c.Organisation
	_, err = agreement.DraftCandidate(ctx, tx, by, p.ID, c.ID, a.ID)
	return a, err
}

// NameRunning names every organisation with a running agreement in the round before that is no candidate yet, for the reason given. It
// tells how many it named.
func NameRunning(ctx context.Context, tx *db.Tx, by access.Actor, p programme.Programme, motive string) (int, error) {
	from, found, err := Before(ctx, tx, p)
	if err != nil {
		return 0, err
	}
	if !found {
		return 0, fault.Conflict("renewal.no_round_before", nil)
	}
	running, err := agreement.List(ctx, tx, access.All, from.ID)
	if err != nil {
		return 0, err
	}
	there, err := agreement.Candidates(ctx, tx, by, p.ID)
	if err != nil {
		return 0, err
	}
	known := map[id.Organisation]bool{}
	for _, c := range there {
		known[c.Organisation.ID] = true
	}
	n := 0
	for _, a := range running {
		if known[a.Partner.ID] || (a.State != agreement.Active && a.State != agreement.Signed) {
			continue
		}
		if _, err := agreement.NameCandidate(ctx, tx, by, p.ID, a.Partner, motive); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
