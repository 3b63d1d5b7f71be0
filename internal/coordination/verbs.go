package coordination

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/coordination/overlap"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// MaxReason is the most that a reason may hold, in characters.
const MaxReason = 1000

// Ref names an overlap by the codes of its activities.
type Ref struct{ One, Other string }

// Justify says why both activities stay as they are. Faults: missing out of scope, denied, conflict by state, invalid (reason).
func Justify(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, ref Ref, reason string) error {
	return decide(ctx, tx, by, programme, ref, "overlap.justify", reason)
}

// Dismiss says that there is no overlap, and why. Faults: as Justify.
func Dismiss(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, ref Ref, reason string) error {
	return decide(ctx, tx, by, programme, ref, "overlap.dismiss", reason)
}

// Reopen takes a decision back, with a reason. Faults: as Justify.
func Reopen(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, ref Ref, reason string) error {
	return decide(ctx, tx, by, programme, ref, "overlap.reopen", reason)
}

func decide(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, ref Ref, verb access.VerbName, reason string) error {
	o, err := begin(ctx, tx, by, programme, ref, verb)
	if err != nil {
		return err
	}
	if reason, err = checkReason(reason); err != nil {
		return err
	}
	if o.Offer != nil {
		if err := o.Offer.end(ctx, tx, programme, "withdrawn"); err != nil {
			return err
		}
	}
	return o.finish(ctx, tx, by, programme, verb, reason)
}

// Move gives one of the two activities other days, so that they no longer overlap closely. Faults: as Justify; those of activity.Change;
// invalid (starts_on) when they still do.
func Move(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, ref Ref, code string, starts, ends period.Date, reason string) error {
	o, err := begin(ctx, tx, by, programme, ref, "overlap.move")
	if err != nil {
		return err
	}
	if reason, err = checkReason(reason); err != nil {
		return err
	}
	if !o.A.Coming() || !o.B.Coming() {
		return fault.Conflict("overlap.over", nil)
	}
	moving := &o.A
	if code == o.B.Code {
		moving = &o.B
	}
	if starts.Valid() && starts.Year() != moving.Starts.Year() { // it would leave the plan that it was approved in
		return fault.Invalid("starts_on", "plan.other_year", text.Args{"year": moving.Starts.Year()})
	}
	d := moving.Details
	d.Starts, d.Ends, d.Around = starts, ends, ""
	changed, err := activity.Change(ctx, tx, by, programme, moving.Code, d)
	if err != nil {
		return err
	}
	changed.Organisers = moving.Organisers
	*moving = changed
	if p := Compare(&o.A, &o.B); p.High() {
		return fault.Invalid("starts_on", "overlap.still", text.Args{"why": why{p}})
	}
	if o.Offer != nil {
		if err := o.Offer.end(ctx, tx, programme, "withdrawn"); err != nil {
			return err
		}
	}
	return o.finish(ctx, tx, by, programme, "overlap.move", reason)
}

// why is a pair's sentence inside a message.
type why struct{ pair overlap.Pair }

// In is the sentence in words.
func (w why) In(l text.Language) string { return w.pair.Why(l) }

// Propose offers to make one activity of the two: keep is the code of the one that stays, weights the shares of the organisers of either by
// their codes. The leads of both must agree; the actor's own organisation does so by proposing. A proposal that waits makes room: this one
// counters it. Faults: as Justify; invalid (keep, share.CODE); conflict when an activity is over.
func Propose(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, ref Ref, keep string, weights map[string]int64, note string) error {
	o, err := begin(ctx, tx, by, programme, ref, "overlap.propose")
	if err != nil {
		return err
	}
	offer := &Offer{ID: id.New[id.Offer](), Note: strings.TrimSpace(note), On: tx.Now.Date(), By: by.ID}
	switch {
	case !o.A.Coming() || !o.B.Coming():
		return fault.Conflict("overlap.over", nil)
	case keep == o.A.Code:
		offer.Keep = o.A.ID
	case keep == o.B.Code:
		offer.Keep = o.B.ID
	default:
		return fault.Invalid("keep", "overlap.want_keep", nil)
	}
	if utf8.RuneCountInString(offer.Note) > MaxReason {
		return fault.Invalid("note", "overlap.want_reason", text.Args{"max": MaxReason})
	}
	var faults []error
	for _, x := range o.Organisers() {
		if x.Weight = weights[x.Code]; x.Weight < 1 || x.Weight > 1_000_000 {
			faults = append(faults, fault.Invalid("share."+x.Code, "overlap.want_share", nil))
		}
		s := Share{Organiser: x, Needed: x.Organisation == o.A.Lead().Organisation || x.Organisation == o.B.Lead().Organisation}
		if s.Needed && speaksFor(by, x.Organisation) {
			s.AgreedOn, s.AgreedBy = tx.Now.Date(), by.ID
		}
		offer.Shares = append(offer.Shares, s)
	}
	if err := fault.Join(faults...); err != nil {
		return err
	}
	if o.Offer != nil {
		if err := o.Offer.end(ctx, tx, programme, "withdrawn"); err != nil {
			return err
		}
	}
	if err := o.finish(ctx, tx, by, programme, "overlap.propose", offer.Note); err != nil {
		return err
	}
	return offer.add(ctx, tx, programme, o.ID)
}

// Agree accepts the proposal that waits, for the actor's organisation. With the last one needed the two become one activity: it has the agreed
// organisers with their shares of cost and credit, one list of who signed up, and the other is cancelled. Faults: as Justify; denied when the
// actor speaks for nobody who is still needed, or made the proposal; conflict without a proposal.
func Agree(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, ref Ref) error {
	o, err := begin(ctx, tx, by, programme, ref, "overlap.join")
	if err != nil {
		return err
	}
	if o.Offer == nil {
		return fault.Conflict("overlap.no_offer", nil)
	}
	spoke := false
	for i := range o.Offer.Shares {
		s := &o.Offer.Shares[i]
		if !s.Needed || s.AgreedOn != "" || !speaksFor(by, s.Organisation) {
			continue
		}
		if _, err := tx.Exec(ctx, saveAgreed, programme, o.Offer.ID, s.Organisation, tx.Now.Date(), by.ID); err != nil {
			return err
		}
		s.AgreedOn, s.AgreedBy, spoke = tx.Now.Date(), by.ID, true
	}
	if !spoke {
		return fault.Denied("overlap.not_yours", nil)
	}
	if !o.Offer.Agreed() {
		return o.finishAs(ctx, tx, by, programme, "overlap.join", Open, "")
	}
	if err := o.join(ctx, tx, by, programme); err != nil {
		return err
	}
	return o.finish(ctx, tx, by, programme, "overlap.join", "")
}

// join carries the agreed proposal out.
func (o *Overlap) join(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme) error {
	keep, drop, ok := o.Of(o.Offer.Keep)
	if !ok {
		return fault.Conflict("overlap.moved", nil)
	}
	organisers := make([]activity.Organiser, len(o.Offer.Shares))
	for i, s := range o.Offer.Shares {
		organisers[i] = s.Organiser
	}
	at := slices.IndexFunc(organisers, func(x activity.Organiser) bool { return x.Organisation == keep.Lead().Organisation })
	organisers = slices.Concat(organisers[at:at+1], organisers[:at], organisers[at+1:])
	if err := activity.Join(ctx, tx, by, programme, keep, drop, organisers, by.Language.Say("overlap.absorbed", text.Args{"title": keep.Title})); err != nil {
		return err
	}
	keep.Organisers, drop.State = organisers, activity.Cancelled
	o.A, o.B = keep, drop
	if o.A.ID > o.B.ID {
		o.A, o.B = o.B, o.A
	}
	return o.Offer.end(ctx, tx, programme, "agreed")
}

// Decline answers the proposal that waits with no, and why; who made it takes it back. Faults: as Justify; conflict without a proposal.
func Decline(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, ref Ref, reason string) error {
	o, err := begin(ctx, tx, by, programme, ref, "overlap.decline")
	if err != nil {
		return err
	}
	if reason, err = checkReason(reason); err != nil {
		return err
	}
	if o.Offer == nil {
		return fault.Conflict("overlap.no_offer", nil)
	}
	as := "declined"
	if o.Offer.By == by.ID {
		as = "withdrawn"
	}
	if err := o.Offer.end(ctx, tx, programme, as); err != nil {
		return err
	}
	return o.finish(ctx, tx, by, programme, "overlap.decline", reason)
}

// speaksFor tells whether the actor may agree in the name of an organisation.
func speaksFor(by access.Actor, o id.Organisation) bool {
	return slices.ContainsFunc(by.Memberships, func(m access.Membership) bool {
		return m.Organisation == o && (m.Role == access.Coordinator || m.Role == access.Officer)
	})
}

func checkReason(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" || utf8.RuneCountInString(reason) > MaxReason {
		return "", fault.Invalid("reason", "overlap.want_reason", text.Args{"max": MaxReason})
	}
	return reason, nil
}

// begin loads an overlap within the actor's scope and asks leave for a verb on it.
func begin(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, ref Ref, verb access.VerbName) (*Overlap, error) {
	o, err := Load(ctx, tx, by.ScopeFor("overlap.read"), programme, ref.One, ref.Other)
	if err != nil {
		return nil, err
	}
	return &o, by.May(verb, o.Subject())
}

// finish moves the overlap as the verb says and writes it down.
func (o *Overlap) finish(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, verb access.VerbName, reason string) error {
	to := o.State
	if v, ok := access.Find(verb); ok && v.Moves() {
		to = State(v.To)
	}
	return o.finishAs(ctx, tx, by, programme, verb, to, reason)
}

func (o *Overlap) finishAs(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, verb access.VerbName, to State, reason string) error {
	before := map[string]any{"state": o.State}
	o.State = to
	if err := o.save(ctx, tx, programme, by, verb, reason); err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(programme), by.Label(), audit.Change{Verb: string(verb), ObjectKind: "overlap", ObjectID: string(o.ID), Before: before,
		After: map[string]any{"state": o.State, "a": o.A.ID, "b": o.B.ID, "reason": reason}})
}
