package report

import (
	"cmp"
	"context"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/period"
)

const (
	nextDays       = 30
	nextActivities = 6
)

// NextDay is an entry of the days ahead: an activity, or a term that ends.
type NextDay struct {
	On       period.Date
	Activity *activity.Activity // nil for a term
	Term     *Wait
}

// next lists the days after the day: the terms that end, and the activities that matter most (joint ones first, then those abroad, then the
// larger), by date; more tells how many others there are.
func (w watch) next(ctx context.Context, tx *db.Tx) (days []NextDay, more int, err error) {
	first, last := w.asOf.AddDays(1), w.asOf.AddDays(nextDays)
	f := activity.Filter{Scope: w.reach.Plans, From: first, To: last}
	all, _, err := activity.List(ctx, tx, w.programme, f)
	if err != nil {
		return nil, 0, err
	}
	all = slices.DeleteFunc(all, func(a activity.Activity) bool {
		return a.State == activity.Cancelled || a.State == activity.Postponed || !w.concerns(a)
	})
	slices.SortStableFunc(all, func(x, y activity.Activity) int {
		return cmp.Or(cmp.Compare(len(y.Organisers), len(x.Organisers)), cmp.Compare(abroad(y), abroad(x)), cmp.Compare(y.Places, x.Places))
	})
	more = max(len(all)-nextActivities, 0)
	for _, a := range all[:len(all)-more] {
		days = append(days, NextDay{On: a.Starts, Activity: &a})
	}
	terms, err := w.terms(ctx, tx)
	for _, t := range terms {
		days = append(days, NextDay{On: t.By, Term: &t})
	}
	slices.SortStableFunc(days, func(x, y NextDay) int { return cmp.Compare(x.On, y.On) })
	return days, more, err
}

// concerns tells whether the reader organises the activity; the agency is concerned by all of the programme's own.
func (w watch) concerns(a activity.Activity) bool {
	return slices.ContainsFunc(a.Organisers, func(o activity.Organiser) bool {
		if w.reach.Plans == access.All {
			return o.Agency || w.isPartner(o)
		}
		return w.reach.Plans.Holds(o.Organisation)
	})
}

func (w watch) isPartner(o activity.Organiser) bool {
	for _, n := range w.names {
		if n.organisation == o.Organisation {
			return true
		}
	}
	return false
}

func abroad(a activity.Activity) int {
	if a.Country != "" && a.Country != "BE" {
		return 1
	}
	return 0
}

// terms are the objection terms and the terms of claims that end in the days ahead.
func (w watch) terms(ctx context.Context, tx *db.Tx) ([]Wait, error) {
	claims, err := w.claimWaits(ctx, tx)
	if err != nil {
		return nil, err
	}
	settlements, err := w.settlementWaits(ctx, tx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(append(claims, settlements...), func(a Wait) bool {
		return a.By <= w.asOf || a.By > w.asOf.AddDays(nextDays)
	}), nil
}
