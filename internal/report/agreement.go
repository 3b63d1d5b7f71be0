package report

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
)

// Promise is one KPI of an agreement: what was promised in every year, and what became of it in one.
type Promise struct {
	KPI        *kpi.Definition
	Assignment *kpi.Assignment
	Live       *kpi.Cell // on everything reported; nil when the year has none
	Paying     *kpi.Cell // on what a settlement counts
}

// Aim is an objective with the goal that it serves and the KPIs that measure it.
type Aim struct {
	agreement.Objective
	Goal     programme.Goal
	Promises []Promise
}

// AgreementView is one agreement: what it promises, what happened, what is proven and what is paid.
type AgreementView struct {
	Agreement agreement.Agreement
	Aims      []Aim
	Row       *kpi.PartnerRow // of the year, nil when the agreement does not run in it
	ElapsedBp int64
	Money     []Position // by year; none when the reader may not see it
	Sum       Position
	Kept, Due int             // promises of the year that are on course, and that are due
	Evidence  []EvidenceCount // rows of the year in which the partner holds credit
}

// EvidenceCount is how many rows stand in a state.
type EvidenceCount struct {
	State evidence.State
	N     int
}

// LoadAgreement composes the page of the agreement with a partner, missing out of the actor's reach. Live and paying are the boards of the
// year on the same day.
func LoadAgreement(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, code string, live, paying *kpi.Board) (*AgreementView, error) {
	a, err := agreement.ByPartner(ctx, tx, by.ScopeFor("agreement.read"), g.ID, code)
	if err != nil {
		return nil, err
	}
	v := &AgreementView{Agreement: a, ElapsedBp: live.ElapsedBp}
	v.Row, _ = live.Partner(a.Partner.ID)
	if err := v.aims(ctx, tx, g.ID, live, paying); err != nil {
		return nil, err
	}
	v.count()
	if err := v.proofs(ctx, tx, by.ScopeFor("evidence.read"), g.ID, live); err != nil {
		return nil, err
	}
	if !by.ScopeFor("claim.read").Holds(a.Partner.ID) {
		return v, nil
	}
	return v, v.money(ctx, tx, by, g.ID, live.AsOf)
}

func (v *AgreementView) aims(ctx context.Context, tx *db.Tx, g id.Programme, live, paying *kpi.Board) error {
	objectives, err := agreement.Objectives(ctx, tx, g, v.Agreement.ID)
	if err != nil {
		return err
	}
	goals, err := programme.Goals(ctx, tx, g)
	if err != nil {
		return err
	}
	assignments, err := kpi.Assignments(ctx, tx, g, v.Agreement.ID)
	if err != nil {
		return err
	}
	for _, o := range objectives {
		aim := Aim{Objective: o}
		for _, goal := range goals {
			if goal.ID == o.Goal {
				aim.Goal = goal
			}
		}
		for k, d := range live.KPIs {
			for _, s := range assignments {
				if s.KPI == d.ID && s.Objective == o.ID {
					aim.Promises = append(aim.Promises, Promise{d, s, cellOf(live, v.Agreement.Partner.ID, k), cellOf(paying, v.Agreement.Partner.ID, k)})
				}
			}
		}
		v.Aims = append(v.Aims, aim)
	}
	return nil
}

func cellOf(b *kpi.Board, o id.Organisation, k int) *kpi.Cell {
	if p, ok := b.Partner(o); ok {
		return p.Cells[k]
	}
	return nil
}

func (v *AgreementView) count() {
	for _, a := range v.Aims {
		for _, p := range a.Promises {
			if p.Live == nil || p.Live.Course == kpi.NoCourse {
				continue
			}
			v.Due++
			if p.Live.Course == kpi.OnCourse {
				v.Kept++
			}
		}
	}
}

// proofs counts the year's evidence in which the partner holds credit, by state.
func (v *AgreementView) proofs(ctx context.Context, tx *db.Tx, scope access.Scope, g id.Programme, b *kpi.Board) error {
	for _, s := range evidence.States() {
		f := evidence.Filter{Scope: scope, Organisation: v.Agreement.Partner.ID, From: b.Year, To: b.Year, AsOf: b.AsOf, State: s}
		n, err := f.Count(ctx, tx, g)
		if err != nil {
			return err
		}
		v.Evidence = append(v.Evidence, EvidenceCount{s, n})
	}
	return nil
}

func (v *AgreementView) money(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, asOf period.Date) error {
	at, err := positions(ctx, tx, g, []agreement.Agreement{v.Agreement}, v.Agreement.ID, asOf)
	if err != nil {
		return err
	}
	shown := by.ScopeFor("settlement.read").Holds(v.Agreement.Partner.ID)
	for _, c := range v.Agreement.Ceilings {
		p := at[ledger.AgreementYear{Agreement: v.Agreement.ID, Year: c.Year}]
		v.Sum.add(p)
		if shown {
			s, err := settlement.Latest(ctx, tx, by, g, v.Agreement.ID, c.Year)
			switch {
			case err == nil:
				p.Settlement = &s
			case !fault.Is(err, fault.KindMissing):
				return err
			}
		}
		v.Money = append(v.Money, *p)
	}
	return nil
}
