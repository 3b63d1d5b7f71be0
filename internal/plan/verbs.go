package plan

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// maxRemark is the most that a remark may hold, in characters.
const maxRemark = 1000

// Ref names a plan by its partner's code and its year.
type Ref struct {
	Partner string
	Year    period.Year
}

// Submit hands a plan in, with what it holds; one that nobody began is begun by it. Faults: missing out of scope, denied, conflict by state or
// without an activity.
func Submit(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, ref Ref) error {
	p, now, err := begin(ctx, tx, by, g, ref)
	if err != nil {
		return err
	}
	if p.State == "" {
		if err := p.do(ctx, tx, by, g, "plan.draft", "", nil); err != nil {
			return err
		}
	}
	if err := by.May("plan.submit", p.Subject()); err != nil {
		return err
	}
	if !slices.ContainsFunc(now, func(a activity.Activity) bool { return a.State != activity.Cancelled }) {
		return fault.Conflict("plan.empty", nil)
	}
	return p.hold(ctx, tx, by, g, "plan.submit", now)
}

// Withdraw takes a plan back that waits for the agency. Faults: as Submit.
func Withdraw(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, ref Ref) error {
	p, _, err := begin(ctx, tx, by, g, ref)
	if err != nil {
		return err
	}
	return p.do(ctx, tx, by, g, "plan.withdraw", "", nil)
}

// Return sends a plan back with what is to be put right. Faults: as Submit; invalid (remark).
func Return(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, ref Ref, remark string) error {
	return remarked(ctx, tx, by, g, ref, "plan.return", remark)
}

// Amend says that an approved plan changed, and why, so that it is approved again. Faults: as Return.
func Amend(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, ref Ref, remark string) error {
	return remarked(ctx, tx, by, g, ref, "plan.amend", remark)
}

func remarked(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, ref Ref, verb access.VerbName, remark string) error {
	p, _, err := begin(ctx, tx, by, g, ref)
	if err != nil {
		return err
	}
	if err := by.May(verb, p.Subject()); err != nil {
		return err
	}
	remark = strings.TrimSpace(remark)
	if err := checkRemark(remark); err != nil {
		return err
	}
	return p.do(ctx, tx, by, g, verb, remark, nil)
}

func checkRemark(remark string) error {
	if remark == "" || utf8.RuneCountInString(remark) > maxRemark {
		return fault.Invalid("remark", "plan.want_remark", text.Args{"max": maxRemark})
	}
	return nil
}

// Approve accepts a plan as it is now. Faults: as Submit; denied by who submitted it; conflict while an overlap stands in the way.
func Approve(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, ref Ref) error {
	p, now, err := begin(ctx, tx, by, g, ref)
	if err != nil {
		return err
	}
	if err := by.May("plan.approve", p.Subject()); err != nil {
		return err
	}
	way, err := InTheWay(ctx, tx, g, &p)
	if err != nil {
		return err
	}
	if len(way) > 0 {
		return fault.Conflict("plan.overlaps", text.Args{"n": len(way), "a": way[0].A.Title, "b": way[0].B.Title})
	}
	return p.hold(ctx, tx, by, g, "plan.approve", now)
}

// Copy plans each activity of the year before anew, with what it was planned to cost and to bring, a year of weeks later, so that weekdays stay;
// what has no days keeps its season. What the year holds already by title is left out, and what was cancelled. It gives how many. Faults: missing out of scope, denied; conflict when the plan waits or is approved.
func Copy(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, ref Ref) (int, error) {
	p, now, err := begin(ctx, tx, by, g, ref)
	if err != nil {
		return 0, err
	}
	if !p.Open() {
		return 0, fault.Conflict("plan.closed", nil)
	}
	last := Plan{Partner: p.Partner, Year: p.Year - 1}
	before, err := Activities(ctx, tx, g, &last)
	if err != nil {
		return 0, err
	}
	of, err := activity.Estimates(ctx, tx, g, before)
	if err != nil {
		return 0, err
	}
	taken := map[id.Activity]activity.Estimate{}
	for _, a := range before {
		if a.State == activity.Cancelled || slices.ContainsFunc(now, func(x activity.Activity) bool { return x.Title == a.Title }) {
			continue
		}
		d := a.Details
		d.Starts, d.Ends, d.URL = a.Starts.AddDays(364), a.Ends.AddDays(364), ""
		if d.Starts.Year() != p.Year { // the first days of January
			d.Starts, d.Ends = d.Starts.AddDays(7), d.Ends.AddDays(7)
		}
		if d.Around != "" {
			d.Around = d.Around.Of(p.Year)
		}
		planned, err := activity.Plan(ctx, tx, by, g, "", d, a.Organisers)
		if err != nil {
			return len(taken), err
		}
		taken[planned.ID] = of[a.ID]
	}
	return len(taken), activity.AddEstimates(ctx, tx, g, taken)
}

// hold moves a plan by a verb that keeps what it holds.
func (p *Plan) hold(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, verb access.VerbName, now []activity.Activity) error {
	of, err := activity.Estimates(ctx, tx, g, now)
	if err != nil {
		return err
	}
	return p.do(ctx, tx, by, g, verb, "", linesOf(now, of))
}

// Open tells whether the partner still writes the plan.
func (p *Plan) Open() bool {
	return p.State == "" || p.State == Draft || p.State == Withdrawn || p.State == Returned
}

// begin loads a plan with its activities within the actor's scope.
func begin(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, ref Ref) (Plan, []activity.Activity, error) {
	p, _, err := Load(ctx, tx, by.ScopeFor("plan.read"), g, ref.Partner, ref.Year)
	if err != nil {
		return p, nil, err
	}
	now, err := Activities(ctx, tx, g, &p)
	return p, now, err
}

// do moves the plan now, and tells the trail.
func (p *Plan) do(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, verb access.VerbName, remark string, lines []Line) error {
	before := map[string]any{"state": p.State}
	if err := p.move(ctx, tx, by, g, Step{Verb: verb, Remark: remark, On: tx.Now.Date()}, lines); err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: string(verb), ObjectKind: "plan", ObjectID: string(p.ID), Before: before,
		After: map[string]any{"state": p.State, "partner": p.Partner, "year": int(p.Year), "remark": remark}})
}

// move asks leave, moves the plan as the step's verb says and writes the step down as who's.
func (p *Plan) move(ctx context.Context, tx *db.Tx, who access.Actor, g id.Programme, s Step, lines []Line) error {
	if err := who.May(s.Verb, p.Subject()); err != nil {
		return err
	}
	to, err := access.Transition("plan", string(p.State), s.Verb)
	if err != nil {
		return err
	}
	p.State, s.Person = State(to), who.ID
	return p.save(ctx, tx, g, s, lines)
}
