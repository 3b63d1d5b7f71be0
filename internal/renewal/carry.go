package renewal

import (
	"context"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// Last is an organisation's agreement of the round before, with what came of it.
type Last struct {
	Programme programme.Programme
	Agreement agreement.Agreement
	Document  agreement.Document
	Past      agreement.History // of the years that were over
}

// LoadLast reads the agreement that an organisation has in the round before; false when it has none with a document.
func LoadLast(ctx context.Context, tx *db.Tx, from programme.Programme, o id.Organisation) (Last, bool, error) {
	all, err := agreement.List(ctx, tx, access.Scope(o), from.ID)
	if err != nil || len(all) == 0 {
		return Last{}, false, err
	}
	l := Last{Programme: from, Agreement: all[0]}
	v, err := agreement.LoadVersion(ctx, tx, from.ID, l.Agreement.ID, l.Agreement.Version)
	if fault.Is(err, fault.KindMissing) {
		return l, false, nil
	}
	if err != nil {
		return l, false, err
	}
	l.Document = v.Document
	l.Past, err = kpi.LoadHistory(ctx, tx, from.ID, l.Agreement.ID, tx.Now.Date())
	return l, err == nil, err
}

// Before is the round that a programme follows: of those that end before it starts, the one that ends last. False when there is none.
func Before(ctx context.Context, tx *db.Tx, p programme.Programme) (programme.Programme, bool, error) {
	open, err := programme.List(ctx, tx) // the one that ends last first
	if err != nil {
		return programme.Programme{}, false, err
	}
	for _, one := range open {
		if one.ID != p.ID && one.Ends < p.Starts && one.Agency == p.Agency {
			return one, true, nil
		}
	}
	return programme.Programme{}, false, nil
}

// Carry writes the first document of an organisation in a round from its last one: clauses as they were agreed, and those of the template
// that are new; objectives whose goal the strategy still has; their KPIs with the baseline and targets of Propose; activity lines, the
// last year's ceiling for each year, terms and signatories. Without a last agreement it is the template alone. Proposals are by KPI code.
func Carry(s *agreement.Setting, definitions []*kpi.Definition, o programme.Organisation, last *Last) (agreement.Document, map[string]Proposal) {
	proposals := map[string]Proposal{}
	if last == nil {
		return s.Begin(o, "nl"), proposals
	}
	old := &last.Document
	d := s.Begin(o, old.Language)
	d.Partner.Division = old.Partner.Division
	d.Clauses = carryClauses(old.Clauses, d.Clauses)
	for _, a := range old.Objectives {
		if _, known := s.Goal(a.Goal); known {
			d.Objectives = append(d.Objectives, s.Aim(a.Code, a.Goal, programme.Words(a.Words), d.Language))
		}
	}
	for _, k := range old.KPIs {
		i := slices.IndexFunc(definitions, func(x *kpi.Definition) bool { return x.Code == k.KPI })
		if _, known := d.Objective(k.Objective); !known || i < 0 {
			continue
		}
		p, proposal := carryPromise(s, definitions[i], k, last.Past, d.Years(), d)
		d.KPIs = append(d.KPIs, p)
		proposals[k.KPI] = proposal
	}
	d.Lines, d.Signatories = old.Lines, old.Signatories
	d.Terms.ClaimsPerYear, d.Terms.ClaimDays, d.Terms.VerifyDays, d.Terms.PayDays =
		old.Terms.ClaimsPerYear, old.Terms.ClaimDays, old.Terms.VerifyDays, old.Terms.PayDays
	if n := len(old.Ceilings); n > 0 {
		for i := range d.Ceilings {
			d.Ceilings[i].Amount = old.Ceilings[n-1].Amount
		}
	}
	return d.Normal(), proposals
}

// carryClauses are the clauses as they were agreed, followed by those of the template that they lack.
func carryClauses(agreed, template []agreement.Clause) []agreement.Clause {
	all := slices.Clone(agreed)
	for _, c := range template {
		if !slices.ContainsFunc(agreed, func(x agreement.Clause) bool { return x.Code == c.Code }) {
			all = append(all, c)
		}
	}
	return all
}

func carryPromise(s *agreement.Setting, d *kpi.Definition, was agreement.Promise, past agreement.History, years []period.Year,
	doc agreement.Document) (agreement.Promise, Proposal) {
	p := s.Promise(was.KPI, was.Objective, doc.Language)
	p.Rule, p.Weight, p.FloorBp, p.CapBp = was.Rule, was.Weight, was.FloorBp, was.CapBp
	var target agreement.Number
	if n := len(was.Targets); n > 0 {
		target = was.Targets[n-1].Value
	}
	proposal := Propose(d, kpi.Rule(was.Rule), past[was.KPI], target.Rat(), was.Baseline.Rat(), years)
	p.Baseline = agreement.NumberOf(proposal.Baseline)
	for _, y := range years {
		if v := proposal.Targets[y]; v != nil {
			p.Targets = append(p.Targets, agreement.YearNumber{Year: y, Value: agreement.NumberOf(v)})
		}
	}
	return p, proposal
}
