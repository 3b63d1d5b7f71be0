package settlement

import (
	"context"
	"math/big"
	"slices"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/draft"
	"errera.eu/errera/internal/agreement/partner"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Merger is two partners becoming one: the agreement of the one that goes on takes over what the other's promised from a day on.
type Merger struct {
	From, Into id.Agreement
	On         period.Date // the years that begin on it or later go over
	Reason     string
}

// Merge ends the agreement of a partner that merged into another one. Its years up to the day stay its own: their claims, advances, evidence
// and targets are settled with it as they were signed. What it promised for the years after is laid in the agency's working copy of the
// other agreement, as an amendment to negotiate and sign; its ceilings return to the envelope when those years are settled. The amendment's
// numbers are those of Combine. Invalid at "into", "on" or "reason"; conflict when money moved already in a year that would go over.
// Source: docs/adr/025-partner-changes.md.
func Merge(ctx context.Context, tx *db.Tx, by access.Actor, p programme.Programme, m Merger) (agreement.Document, error) {
	var none agreement.Document
	from, err := agreement.Load(ctx, tx, by.ScopeFor("agreement.merge"), p.ID, m.From)
	if err != nil {
		return none, err
	}
	if err := by.May("agreement.merge", from.Subject()); err != nil {
		return none, err
	}
	into, err := agreement.Load(ctx, tx, by.ScopeFor("agreement.merge"), p.ID, m.Into)
	if fault.Is(err, fault.KindMissing) || err == nil && (into.ID == from.ID || into.State != agreement.Signed && into.State != agreement.Active) {
		err = fault.Invalid("into", "partner.into", nil)
	}
	if err != nil {
		return none, err
	}
	years, err := goOver(ctx, tx, p.ID, from, into, m)
	if err != nil {
		return none, err
	}
	s, err := SettingFor(ctx, tx, p, into)
	if err != nil {
		return none, err
	}
	doc, err := combined(ctx, tx, &s, from, into, years)
	if err != nil {
		return none, err
	}
	doc.Amends, doc.EffectiveOn, doc.ReasonAmends = into.Version, m.On, m.Reason
	if _, err := agreement.Enter(ctx, tx, by, p.ID, from, "agreement.terminate"); err != nil {
		return none, err
	}
	if err := draft.Lay(ctx, tx, by, &s, into, agreement.OfAgency, doc); err != nil {
		return none, err
	}
	return doc, partner.Record(ctx, tx, by, p.ID, from, "agreement.merge", partner.Change{Kind: partner.Merger, On: m.On, Was: from.Partner.Name,
		Is: into.Partner.Name, Successor: into.ID, Reason: m.Reason})
}

// goOver are the years that another agreement takes over: those that begin on the day or later, as long as nothing was claimed, advanced or
// settled in them.
func goOver(ctx context.Context, tx *db.Tx, g id.Programme, from, into agreement.Agreement, m Merger) ([]period.Year, error) {
	faults := []error{partner.CheckReason(m.Reason)}
	if !m.On.Valid() || m.On <= from.Starts || m.On <= into.Starts || m.On > into.Ends {
		faults = append(faults, fault.Invalid("on", "partner.merge_between", text.Args{"from": max(from.Starts, into.Starts).AddDays(1), "to": into.Ends}))
	}
	if err := fault.Join(faults...); err != nil {
		return nil, err
	}
	var years []period.Year
	for _, c := range from.Ceilings {
		if c.Year.First() < m.On {
			continue
		}
		money, err := funding.Load(ctx, tx, g, from.ID, c.Year)
		if err != nil {
			return nil, err
		}
		settled, err := settledIn(ctx, tx, g, from.ID, c.Year)
		if err != nil {
			return nil, err
		}
		if settled || money.Cost.Sum() != 0 || money.OpenClaims+money.InFlight+money.Parked > 0 || money.NetPaid() != 0 || c.Carried != 0 {
			return nil, fault.Conflict("partner.year_begun", text.Args{"partner": from.Partner.Label(), "year": c.Year})
		}
		years = append(years, c.Year)
	}
	return years, nil
}

func combined(ctx context.Context, tx *db.Tx, s *agreement.Setting, from, into agreement.Agreement, years []period.Year) (agreement.Document, error) {
	goes, err := agreement.LoadVersion(ctx, tx, s.Programme.ID, into.ID, into.Version)
	if err != nil {
		return goes.Document, err
	}
	ends, err := agreement.LoadVersion(ctx, tx, s.Programme.ID, from.ID, from.Version)
	if err != nil {
		return goes.Document, err
	}
	adds := func(code string) bool {
		k, known := s.Indicator(code)
		return known && k.Adds
	}
	return Combine(&goes.Document, &ends.Document, years, adds), nil
}

// Combine is the document of an agreement that goes on with what another one promised for some years: ceilings are added up; targets of
// counts and sums too, while those of other KPIs (unique companies, ratios) stay as they are, for what two partners reach of them does not add
// up; objectives, KPIs and activity lines that it lacks come along with the targets of those years. Where KPIs come along the weights of
// both count by their ceilings of those years, to 100. Clauses, terms and signatories stay.
func Combine(into, from *agreement.Document, years []period.Year, adds func(kpi string) bool) agreement.Document {
	d := into.Normal()
	d.Ceilings = slices.Clone(d.Ceilings)
	var theirs, ours money.Amount
	for i, c := range d.Ceilings {
		if slices.Contains(years, c.Year) {
			more, _ := from.Ceiling(c.Year)
			d.Ceilings[i].Amount += more
			ours, theirs = ours+c.Amount, theirs+more
		}
	}
	codes := takeObjectives(&d, from)
	came := false
	d.KPIs = slices.Clone(d.KPIs)
	for _, k := range from.KPIs {
		i := slices.IndexFunc(d.KPIs, func(x agreement.Promise) bool { return x.KPI == k.KPI })
		if i >= 0 {
			d.KPIs[i].Targets = addTargets(d.KPIs[i], k, years, adds(k.KPI))
			continue
		}
		k.Objective, k.Targets = codes[k.Objective], slices.DeleteFunc(slices.Clone(k.Targets), func(t agreement.YearNumber) bool {
			return !slices.Contains(years, t.Year) || !slices.Contains(d.Years(), t.Year)
		})
		d.KPIs, came = append(d.KPIs, k), true
	}
	if came {
		weigh(&d, into, from, ours, theirs)
	}
	for _, l := range from.Lines {
		l.Code = freeCode(l.Code, func(s string) bool {
			return slices.ContainsFunc(d.Lines, func(x agreement.Line) bool { return x.Code == s })
		})
		d.Lines = append(d.Lines, l)
	}
	return d.Normal()
}

// takeObjectives adds the objectives that a document lacks, and tells under which code each of the other's stands in it.
func takeObjectives(d *agreement.Document, from *agreement.Document) map[string]string {
	codes := map[string]string{}
	for _, o := range from.Objectives {
		there, has := d.Objective(o.Code)
		if has && there.Goal == o.Goal && there.Words == o.Words {
			codes[o.Code] = o.Code
			continue
		}
		was := o.Code
		o.Code = freeCode(o.Code, func(s string) bool { _, taken := d.Objective(s); return taken })
		codes[was] = o.Code
		d.Objectives = append(d.Objectives, o)
	}
	return codes
}

func addTargets(k, other agreement.Promise, years []period.Year, adds bool) []agreement.YearNumber {
	all := slices.Clone(k.Targets)
	for _, t := range other.Targets {
		i := slices.IndexFunc(all, func(x agreement.YearNumber) bool { return x.Year == t.Year })
		switch {
		case !slices.Contains(years, t.Year):
		case i < 0:
			all = append(all, t)
		case adds:
			all[i].Value = agreement.NumberOf(new(big.Rat).Add(all[i].Value.Rat(), t.Value.Rat()))
		}
	}
	return all
}

// weigh gives every KPI its weight in either document, each document counting by its ceilings.
func weigh(d *agreement.Document, into, from *agreement.Document, ours, theirs money.Amount) {
	if ours+theirs == 0 {
		ours, theirs = 1, 1
	}
	share := func(of *agreement.Document, part money.Amount, kpi string) *big.Rat {
		k, has := of.KPI(kpi)
		if !has || of.Weights() == 0 {
			return new(big.Rat)
		}
		return new(big.Rat).Mul(big.NewRat(k.Weight, of.Weights()), big.NewRat(int64(part), 1))
	}
	const fine = 1_000_000 // weights for Allocate: whole numbers
	weights := make([]int64, len(d.KPIs))
	for i, k := range d.KPIs {
		x := new(big.Rat).Add(share(into, ours, k.KPI), share(from, theirs, k.KPI))
		x.Mul(x, big.NewRat(fine, int64(ours+theirs)))
		weights[i] = new(big.Int).Quo(x.Num(), x.Denom()).Int64()
	}
	for i, w := range money.Allocate(100, weights) {
		d.KPIs[i].Weight = int64(w)
	}
}

// freeCode is the code, or with a number behind it where that is taken.
func freeCode(code string, taken func(string) bool) string {
	free := code
	for n := 2; taken(free); n++ {
		free = code + "-" + strconv.Itoa(n)
	}
	return free
}
