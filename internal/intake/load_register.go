package intake

import (
	"context"
	"slices"
	"strings"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/outcome"
	"errera.eu/errera/internal/programme"
)

// perUnit keeps a unit of work well below two seconds on a slow machine.
const perUnit = 4000

// addPromises writes the programme's frame, its KPIs, and what partners promised.
func (f *Folder) addPromises(ctx context.Context, tx *db.Tx) error {
	g := f.programme.ID
	var decisions []programme.Decision
	for _, d := range f.decisions {
		d.TakenBy = d.takenBy.id
		decisions = append(decisions, d.Decision)
	}
	var agreements []agreement.Agreement
	for _, a := range f.agreements {
		a.Partner = a.partner.Organisation
		agreements = append(agreements, a.Agreement)
	}
	for _, add := range []func() error{
		func() error { return programme.AddRules(ctx, tx, g, f.rules) },
		func() error { return f.addCostRules(ctx, tx) },
		func() error { return programme.AddGoals(ctx, tx, g, f.goals) },
		func() error { return programme.AddEnvelopes(ctx, tx, g, f.envelopes) },
		func() error { return programme.AddDecisions(ctx, tx, g, decisions) },
		func() error { return agreement.Add(ctx, tx, g, agreements) },
		func() error { return agreement.AddObjectives(ctx, tx, g, f.objectives) },
		func() error { return f.addKPIs(ctx, tx) },
		func() error { return f.addAssignments(ctx, tx) },
		func() error { return f.addVersions(ctx, tx) },
	} {
		if err := add(); err != nil {
			return err
		}
	}
	return nil
}

func (f *Folder) addKPIs(ctx context.Context, tx *db.Tx) error {
	var rows [][]any
	for i, k := range f.kpis {
		rows = append(rows, []any{f.programme.ID, k.id, k.code, i, k.version, k.name.NL, k.name.EN, k.name.FR, k.short.NL, k.short.EN,
			k.short.FR, k.unit, strings.Join(k.kinds, " "), strings.Join(k.types, " "), db.Bit(k.jointOnly), k.aggregate, k.measure,
			k.threshold, k.joint, k.direction, k.decimals, k.minSample, db.Bit(k.verifiedOnly), db.Bit(k.cockpit)})
	}
	return tx.Insert(ctx, "kpi", []string{"programme_id", "id", "code", "position", "version", "name_nl", "name_en", "name_fr", "short_nl",
		"short_en", "short_fr", "unit", "kinds", "activity_types", "joint_only", "aggregate", "measure", "threshold", "joint", "direction",
		"decimals", "min_sample", "verified_only", "cockpit"}, rows)
}

func (f *Folder) addAssignments(ctx context.Context, tx *db.Tx) error {
	var rows, targets, waivers [][]any
	g := f.programme.ID
	for _, s := range f.assignments {
		rows = append(rows, []any{g, s.id, s.agreement.ID, s.objective, s.kpi.id, s.rule, s.baseline, s.weight, s.floor})
		for _, t := range s.targets {
			targets = append(targets, []any{g, s.id, t.year, t.setOn, t.value, t.reason})
		}
		for _, w := range s.waivers {
			waivers = append(waivers, []any{g, s.id, w.year, w.decision.ID})
		}
	}
	err := tx.Insert(ctx, "assignment", []string{"programme_id", "id", "agreement_id", "objective_id", "kpi_id", "rule", "baseline",
		"weight", "floor_bp"}, rows)
	if err != nil {
		return err
	}
	err = tx.Insert(ctx, "target", []string{"programme_id", "assignment_id", "year", "set_on", "value", "reason"}, targets)
	if err != nil {
		return err
	}
	return tx.Insert(ctx, "waiver", []string{"programme_id", "assignment_id", "year", "decision_id"}, waivers)
}

// addActivities writes activities, participations and outcomes.
func (f *Folder) addActivities() []unit {
	var units []unit
	for part := range slices.Chunk(f.activities, perUnit) {
		units = append(units, unit{len(part), func(ctx context.Context, tx *db.Tx) error {
			var all []activity.Activity
			for _, a := range part {
				a.Organisers = nil
				for _, o := range a.organisers {
					a.Organisers = append(a.Organisers, activity.Organiser{Organisation: o.organisation.ID, Weight: o.weight})
				}
				all = append(all, a.Activity)
			}
			return activity.Add(ctx, tx, f.programme.ID, all)
		}})
	}
	for part := range slices.Chunk(f.participations, 2*perUnit) {
		units = append(units, unit{len(part), func(ctx context.Context, tx *db.Tx) error {
			var all []activity.Participation
			for _, p := range part {
				p.Activity, p.Company = p.activity.ID, p.company.ID
				all = append(all, p.Participation)
			}
			return activity.AddParticipations(ctx, tx, f.programme.ID, all)
		}})
	}
	for part := range slices.Chunk(f.outcomes, perUnit) {
		units = append(units, unit{len(part), func(ctx context.Context, tx *db.Tx) error {
			var all []outcome.Outcome
			for _, o := range part {
				o.refer()
				all = append(all, o.Outcome)
			}
			return outcome.Add(ctx, tx, f.programme.ID, all)
		}})
	}
	return units
}

// refer fills in the identities of what an outcome refers to.
func (o *outcomeRow) refer() {
	if o.company != nil {
		o.Company = o.company.ID
	}
	if o.activity != nil {
		o.Activity = o.activity.ID
	}
}

// source makes the evidence of one thing when its turn to be written comes.
type source func() evidence.New

func (f *Folder) sources() []source {
	var all []source
	for _, a := range f.activities {
		if a.State.Happened() {
			all = append(all, a.evidence)
		}
	}
	for _, p := range f.participations {
		if p.State == "attended" {
			all = append(all, p.evidence)
		}
	}
	for _, o := range f.outcomes {
		all = append(all, o.evidence)
	}
	return all
}

func (f *Folder) evidenceCount() int { return len(f.sources()) }

// addEvidence records what happened.
func (f *Folder) addEvidence() []unit {
	var units []unit
	for part := range slices.Chunk(f.sources(), perUnit) {
		units = append(units, unit{2 * len(part), func(ctx context.Context, tx *db.Tx) error {
			all := make([]evidence.New, len(part))
			for i, s := range part {
				all[i] = s()
			}
			return evidence.Record(ctx, tx, f.programme.ID, all)
		}})
	}
	return units
}

// evidence of an activity that took place: dated on its first day, credited to its organisers. Where nobody reported it yet it counts as
// reported on its last day.
func (a *activityRow) evidence() evidence.New {
	n := a.trait(evidence.Held)
	n.SourceKind, n.SourceID, n.ReportedOn, n.ReportedBy = "activity", string(a.ID), a.reported, a.reporter.identity()
	if n.ReportedOn == "" {
		n.ReportedOn = a.Ends
	}
	if a.verified != "" {
		n.Decisions = []evidence.Decision{{State: evidence.Verified, On: a.verified, By: a.verifiedBy.identity()}}
	}
	return n
}

// trait is what evidence takes from the activity that it comes from.
func (a *activityRow) trait(kind evidence.Kind) evidence.New {
	return evidence.New{Kind: kind, Dated: a.Starts, Activity: a.ID, ActivityType: string(a.Type), Organisers: len(a.organisers),
		Market: first(a.Markets), Sector: first(a.Sectors), Need: first(a.Needs), Credits: creditsOf(a.organisers)}
}

func first(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

func creditsOf(all []organiser) []evidence.Credit {
	credits := make([]evidence.Credit, len(all))
	for i, o := range all {
		credits[i] = evidence.Credit{Organisation: o.organisation.ID, Weight: o.weight}
	}
	return credits
}

func (p *participation) evidence() evidence.New {
	n := p.activity.trait(evidence.Participation)
	n.Company, n.SourceKind, n.SourceID, n.ReportedOn = p.company.ID, "participation", string(p.ID), p.RecordedOn
	if p.verified != "" {
		n.Decisions = []evidence.Decision{{State: evidence.Verified, On: p.verified, By: p.verifiedBy.identity()}}
	}
	return n
}

func (o *outcomeRow) evidence() evidence.New {
	o.refer()
	n := evidence.New{Kind: o.Kind, Dated: o.Dated, Company: o.Company, Activity: o.Activity, Organisers: len(o.partners), Market: o.Market,
		Sector: o.Sector, Need: o.Need, Amount: o.Amount, Adjusted: o.Adjusted, Quantity: o.Quantity, Marks: o.Marks, SourceKind: "outcome", SourceID: string(o.ID),
		Credits: creditsOf(o.partners), ReportedOn: o.RecordedOn}
	if o.activity != nil {
		n.ActivityType, n.Organisers = string(o.activity.Type), len(o.activity.organisers)
	}
	if o.state != evidence.Reported {
		n.Decisions = []evidence.Decision{{State: o.state, On: o.decided, By: o.decidedBy.identity(), Reason: o.reason}}
	}
	return n
}
