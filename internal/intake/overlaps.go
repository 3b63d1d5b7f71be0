package intake

import (
	"context"
	"slices"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/coordination"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

// settled is what was decided about two activities that overlap.
type settled struct {
	coordination.Taken
	a, b *activityRow
	by   *person
}

// named is the activity with its organisers by code, which is enough to compare it.
func (a *activityRow) named() *activity.Activity {
	x := a.Activity
	for _, o := range a.organisers {
		x.Organisers = append(x.Organisers, activity.Organiser{Organisation: id.Organisation(o.organisation.Code)})
	}
	return &x
}

func (r *reader) readOverlaps() {
	whole := !r.faultIn("organisations.csv", "activities.csv")
	lines := map[[2]*activityRow]int{}
	r.each(sheet{"overlaps.csv", "activity* other* state* moved_from decided* decided_by* reason*"}, func(x *record) {
		before := len(r.out.rows)
		s := &settled{}
		s.a, _ = r.activities.find(x, "activity", x.code("activity"))
		s.b, _ = r.activities.find(x, "other", x.code("other"))
		s.State = coordination.State(x.oneOf("state", texts(coordination.Takes())...))
		if s.State != "" {
			belongs(x, s.State == coordination.Moved, "intake.want.only_moved", "moved_from")
		}
		from := x.date("moved_from")
		s.On, s.Reason = x.date("decided"), x.words("reason", coordination.MaxReason)
		if s.a == nil || s.b == nil {
			return
		}
		if line := max(lines[[2]*activityRow{s.a, s.b}], lines[[2]*activityRow{s.b, s.a}]); line > 0 {
			x.fault("other", "intake.want.overlap_once", text.Args{"line": strconv.Itoa(line)})
			return
		}
		lines[[2]*activityRow{s.a, s.b}] = x.line
		r.decider(x, s)
		if whole && len(r.out.rows) == before {
			s.Taken.A, s.Taken.B = s.a.named(), s.b.named()
			if err := s.Settle(from); err != nil {
				f := fault.Of(err)
				x.fault(f.Field, f.Key, f.Args)
			}
		}
		r.folder.overlaps = append(r.folder.overlaps, s)
	})
}

// decider reads who decided: an officer, or who coordinates an organiser, unless there was said to be no overlap. Moving is for organisers of what moves.
func (r *reader) decider(x *record, s *settled) {
	if s.State == coordination.Dismissed {
		s.by = r.agent(x, "decided_by", r.agency, "officer")
		return
	}
	if s.by = r.person(x, "decided_by"); s.by == nil || s.by.is(r.agency, "officer") {
		return
	}
	who := s.a.organisers
	if s.State != coordination.Moved {
		who = slices.Concat(who, s.b.organisers)
	}
	if !slices.ContainsFunc(who, func(o organiser) bool { return s.by.is(o.organisation, "coordinator") }) {
		x.fault("decided_by", "intake.want.decides_overlap", nil)
	}
}

// addOverlaps writes what was decided; the activities are there already.
func (f *Folder) addOverlaps(ctx context.Context, tx *db.Tx, by access.Actor) error {
	all := make([]coordination.Taken, len(f.overlaps))
	for i, s := range f.overlaps {
		s.Taken.A, s.Taken.B, s.By = &s.a.Activity, &s.b.Activity, s.by.identity()
		all[i] = s.Taken
	}
	return coordination.Take(ctx, tx, by, f.programme.ID, all)
}
