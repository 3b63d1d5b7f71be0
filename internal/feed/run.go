package feed

import (
	"cmp"
	"context"
	"slices"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/fetch"
	"errera.eu/errera/internal/format/events"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// runJob reads one feed, dueJob looks which of them are due.
type (
	runJob struct {
		Programme id.Programme `json:"programme"`
		Feed      id.Feed      `json:"feed"`
		By        id.Person    `json:"by"` // who asked, "" when it was due
	}
	dueJob struct{}
)

func (runJob) Kind() string { return "feed.run" }
func (dueJob) Kind() string { return "feed.due" }

// dueEach is how often feeds that are due are looked for.
const dueEach = 15 * time.Minute

// Works are the kinds of background work of feeds.
func Works(d *db.DB, fetcher *fetch.Fetcher) []job.Work {
	return []job.Work{
		job.Each(dueEach, dueJob{}, func(ctx context.Context, _ dueJob) error { return EnqueueDue(ctx, d) }),
		job.New(func(ctx context.Context, j runJob) error {
			_, err := Reader{d, fetcher}.run(ctx, j.Programme, j.Feed, j.By)
			if fault.Is(err, fault.KindConflict) { // its address changed meanwhile, for one: the feed as it is now, while this work stands for it
				_, err = Reader{d, fetcher}.run(ctx, j.Programme, j.Feed, j.By)
			}
			if fault.Is(err, fault.KindMissing) || fault.Is(err, fault.KindConflict) {
				return nil // removed, or read by somebody else meanwhile
			}
			return err
		}),
	}
}

// EnqueueDue asks for a reading of each feed whose time has come.
func EnqueueDue(ctx context.Context, d *db.DB) error {
	due := map[id.Programme][]id.Feed{}
	err := d.Read(ctx, func(tx *db.Tx) error {
		open, err := programme.List(ctx, tx)
		if err != nil {
			return err
		}
		for _, g := range open {
			var all []id.Feed
			if all, err = dueOf(ctx, tx, g.ID); err != nil {
				return err
			}
			if len(all) > 0 {
				due[g.ID] = all
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for g, feeds := range due {
		err := d.Write(ctx, g, func(tx *db.Tx) error {
			for _, f := range feeds {
				if err := job.Enqueue(ctx, tx, runJob{Programme: g, Feed: f}, time.Time{}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Reader reads feeds.
type Reader struct {
	DB      *db.DB
	Fetcher *fetch.Fetcher
}

// Run reads a feed now, in the name of who asks, and tells what came of it. That it could not be fetched or read is a failed run, no error.
// Faults: missing, denied; conflict when it was read by somebody else meanwhile.
func (r Reader) Run(ctx context.Context, by access.Actor, g id.Programme, feed id.Feed) (Run, error) {
	err := r.DB.Read(ctx, func(tx *db.Tx) error {
		f, err := Load(ctx, tx, by.ScopeFor("feed.read"), g, feed)
		if err != nil {
			return err
		}
		return by.May("feed.run", f.Subject())
	})
	if err != nil {
		return Run{}, err
	}
	return r.run(ctx, g, feed, by.ID)
}

// run fetches and reads outside of any unit of work, then takes over what was read, some events at a time: other writers wait for none of it
// long, and a reading that is cut off is done again without harm.
func (r Reader) run(ctx context.Context, g id.Programme, feed id.Feed, by id.Person) (Run, error) {
	var f Feed
	var p programme.Programme
	err := r.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if f, err = Load(ctx, tx, access.All, g, feed); err != nil {
			return err
		}
		all, err := programme.List(ctx, tx)
		i := slices.IndexFunc(all, func(x programme.Programme) bool { return x.ID == g })
		if err == nil && i < 0 {
			err = fault.Missing("feed.missing", nil)
		}
		if err == nil {
			p = all[i]
		}
		return err
	})
	if err != nil {
		return Run{}, err
	}
	run := Run{N: f.Runs + 1, Outcome: Read, Counts: map[Kind]int{}}
	known := f.known
	found, answer, err := r.read(ctx, f, p.Span())
	switch {
	case ctx.Err() != nil:
		return Run{}, ctx.Err()
	case err != nil && fault.Is(err, fault.KindInternal):
		return Run{}, err
	case err != nil:
		run.Outcome, run.Fault = Failed, wordsOf(err)
	case answer.Same:
		run.Outcome = Same
	default:
		run.Seen, run.Outside, known = found.Seen, found.Outside, answer.Known
		if err := r.take(ctx, g, f, found, &run); err != nil {
			return Run{}, err
		}
	}
	for _, l := range run.Lines {
		run.Counts[l.Kind]++
	}
	err = r.DB.Write(ctx, g, func(tx *db.Tx) error { run.At = tx.Now; return run.save(ctx, tx, g, f, by, known) })
	return run, err
}

func (r Reader) read(ctx context.Context, f Feed, within period.Span) (events.Found, fetch.Answer, error) {
	answer, err := r.Fetcher.Get(ctx, f.URL, f.known)
	if err != nil || answer.Same {
		return events.Found{}, answer, err
	}
	found, err := events.Read(ctx, answer.Body, answer.Type, answer.From, events.Ask{Within: within, Zone: text.Zone()})
	return found, answer, err
}

// atOnce is how many events one unit of work takes over.
const atOnce = 100

// take takes over what was read.
func (r Reader) take(ctx context.Context, g id.Programme, f Feed, found events.Found, run *Run) error {
	for _, x := range found.Refused {
		run.Lines = append(run.Lines, Line{Kind: Refused, At: x.At, Title: x.Title, Why: Words{x.Key, x.Args}})
	}
	whole := !slices.ContainsFunc(found.Refused, func(x events.Refusal) bool { return x.Cuts() })
	listed := map[string]bool{}
	for _, e := range found.Events {
		listed[e.Key] = true
	}
	for all := range slices.Chunk(found.Events, atOnce) {
		var lines []Line
		err := r.DB.Write(ctx, g, func(tx *db.Tx) error {
			t, err := begin(ctx, tx, g, f)
			if whole {
				t.listed = listed
			}
			if err != nil {
				return err
			}
			for _, e := range all {
				if err := t.event(ctx, e); err != nil {
					return err
				}
			}
			lines = t.lines
			return nil
		})
		if err != nil {
			return err
		}
		run.Lines = append(run.Lines, lines...)
	}
	if !whole {
		run.sort()
		return nil // what was not read may still be there
	}
	err := r.DB.Write(ctx, g, func(tx *db.Tx) error {
		t, err := begin(ctx, tx, g, f)
		if err == nil {
			t.listed = listed
			err = t.missed(ctx)
			run.Lines = append(run.Lines, t.lines...)
		}
		return err
	})
	run.sort()
	return err
}

// sort puts the lines in the order of their kinds, then of the feed.
func (r *Run) sort() {
	slices.SortStableFunc(r.Lines, func(a, b Line) int {
		return cmp.Or(cmp.Compare(slices.Index(Kinds(), a.Kind), slices.Index(Kinds(), b.Kind)), cmp.Compare(a.At, b.At))
	})
}

// taking is a unit of work that takes events over.
type taking struct {
	tx    *db.Tx
	g     id.Programme
	f     Feed
	items map[string]item
	known map[id.Activity]bool // stands for some event already
	own   []activity.Activity  // that the partner leads
	lines []Line

	listed map[string]bool // every key of this reading; nil when it was cut off
}

// system is who takes over.
func system() access.Actor { return access.System("feed") }

func begin(ctx context.Context, tx *db.Tx, g id.Programme, f Feed) (*taking, error) {
	now, err := Load(ctx, tx, access.All, g, f.ID)
	if err == nil && now.URL != f.URL {
		err = fault.Conflict("feed.moved", nil)
	}
	t := &taking{tx: tx, g: g, f: now, known: map[id.Activity]bool{}}
	if err != nil { // removed meanwhile, or another address
		return t, err
	}
	if t.items, err = items(ctx, tx, g, f.ID); err != nil {
		return nil, err
	}
	for _, i := range t.items {
		t.known[i.Activity] = true
	}
	all, _, err := activity.List(ctx, tx, g, activity.Filter{Scope: access.All, Organisation: f.Partner})
	t.own = slices.DeleteFunc(all, func(a activity.Activity) bool { return a.Lead().Organisation != f.Partner })
	return t, err
}

func (t *taking) say(kind Kind, e events.Event, a activity.Activity, fields []Field, why Words) {
	t.lines = append(t.lines, Line{Kind: kind, At: e.At, Title: cmp.Or(e.Title, a.Title), Activity: a.ID, Code: a.Code, Fields: fields, Why: why})
}

// event takes one event over.
func (t *taking) event(ctx context.Context, e events.Event) error {
	said := t.f.heard(e)
	if known, seen := t.items[e.Key]; seen {
		return t.again(ctx, e, known, said)
	}
	if was, renamed := t.renamed(said); renamed {
		if _, err := t.tx.Exec(ctx, moveItem, t.g, t.f.ID, was.Key, e.Key); err != nil {
			return err
		}
		delete(t.items, was.Key)
		return t.again(ctx, e, was, said)
	}
	if a, typed := t.typed(said); typed {
		return t.link(ctx, e, a, said)
	}
	if said.Cancelled { // nothing to call off
		return nil
	}
	a, err := activity.Plan(ctx, t.tx, system(), t.g, "", t.f.details(said), []activity.Organiser{{Organisation: t.f.Partner, Weight: 1}})
	if err == nil {
		a, err = activity.Move(ctx, t.tx, system(), t.g, a.Code, "activity.publish", "")
	}
	if fault.Is(err, fault.KindInvalid) { // an activity cannot be so; nothing was written
		t.lines = append(t.lines, Line{Kind: Refused, At: e.At, Title: e.Title, Why: wordsOf(err)})
		return nil
	}
	if err != nil {
		return err
	}
	t.known[a.ID] = true
	t.say(Added, e, a, nil, Words{})
	return item{Key: e.Key, Activity: a.ID, Said: said}.save(ctx, t.tx, t.g, t.f.ID)
}

// renamed finds an event that this reading lists under another key than before: the same title on the same first day, and its old key gone. So
// a website that moved, or that makes its keys anew each time, brings nothing twice.
func (t *taking) renamed(s said) (item, bool) {
	var found []item
	for key, i := range t.items {
		if t.listed != nil && !t.listed[key] && i.Said.Starts == s.Starts && folded(i.Said.Title) == folded(s.Title) {
			found = append(found, i)
		}
	}
	if len(found) == 0 {
		return item{}, false
	}
	return slices.MinFunc(found, func(a, b item) int { return cmp.Compare(a.Key, b.Key) }), true
}

// typed finds an activity that the partner typed before the feed told of it: the same title on the same first day.
func (t *taking) typed(s said) (activity.Activity, bool) {
	i := slices.IndexFunc(t.own, func(a activity.Activity) bool {
		return !t.known[a.ID] && a.Around == "" && a.Starts == s.Starts && a.State != activity.Cancelled && folded(a.Title) == folded(s.Title)
	})
	if i < 0 {
		return activity.Activity{}, false
	}
	return t.own[i], true
}

// link makes an activity that was typed before the event's own. What the two say otherwise stays as it was typed, and is told.
func (t *taking) link(ctx context.Context, e events.Event, a activity.Activity, new said) error {
	t.known[a.ID] = true
	d := a.Details
	var other []Field
	for _, f := range fields() {
		if is, to := *f.at(&d), f.of(new); to != "" && is != to {
			other = append(other, Field{f.name, is, to})
		}
	}
	t.say(Linked, e, a, other, Words{})
	if err := t.state(ctx, e, &a, said{}, new); err != nil {
		return err
	}
	return item{Key: e.Key, Activity: a.ID, Said: new}.save(ctx, t.tx, t.g, t.f.ID)
}

// again takes over what an event says otherwise than last time.
func (t *taking) again(ctx context.Context, e events.Event, last item, new said) error {
	a, err := activity.Load(ctx, t.tx, access.All, t.g, last.Activity)
	if err != nil {
		return err
	}
	if !last.Listed {
		t.say(Back, e, a, nil, Words{})
	}
	if new.Type == t.f.Type && last.Said.Type != "" && len(e.Kinds) == 0 {
		new.Type = last.Said.Type // it names no sort: nothing new
	}
	for _, f := range optional(&new, &last.Said) {
		if *f[0] == "" {
			*f[0] = *f[1] // it does not say: nothing new
		}
	}
	if err := t.details(ctx, e, &a, last.Said, new); err != nil {
		return err
	}
	if err := t.state(ctx, e, &a, last.Said, new); err != nil {
		return err
	}
	if last.Listed && last.Said == new {
		return nil // nothing to keep either
	}
	return item{Key: e.Key, Activity: a.ID, Said: new}.save(ctx, t.tx, t.g, t.f.ID)
}

// optional are what an event need not say.
func optional(new, last *said) [][2]*string {
	return [][2]*string{{&new.URL, &last.URL}, {&new.Language, &last.Language}, {&new.Country, &last.Country}}
}

// details changes what the feed says otherwise, but for what is a person's.
func (t *taking) details(ctx context.Context, e events.Event, a *activity.Activity, last, new said) error {
	d, taken, kept := merge(a.Details, last, new)
	if len(taken) > 0 {
		changed, err := activity.Change(ctx, t.tx, system(), t.g, a.Code, d)
		switch {
		case fault.Is(err, fault.KindConflict) || fault.Is(err, fault.KindInvalid): // it is over, or cannot be so
			t.say(Kept, e, *a, taken, wordsOf(err))
		case err != nil:
			return err
		default:
			*a = changed
			t.say(Changed, e, *a, taken, Words{})
		}
	}
	if len(kept) > 0 {
		t.say(Kept, e, *a, kept, Words{Key: "feed.theirs"})
	}
	return nil
}

// state calls off, puts off or takes up again what the feed does.
func (t *taking) state(ctx context.Context, e events.Event, a *activity.Activity, last, new said) error {
	reason := text.NL.Say("feed.reason", text.Args{"url": events.Cut(t.f.URL, 200)})
	var steps []access.VerbName
	kind := Changed
	switch {
	case new.Cancelled == last.Cancelled && new.Postponed == last.Postponed:
		return nil
	case new.Cancelled && a.State == activity.Cancelled, new.Postponed && a.State == activity.Postponed:
		return nil
	case new.Cancelled && a.State == activity.Published:
		steps, kind = []access.VerbName{"activity.cancel"}, Cancelled
	case new.Cancelled && a.State == activity.Postponed:
		steps, kind = []access.VerbName{"activity.replan", "activity.publish", "activity.cancel"}, Cancelled
	case new.Postponed && a.State == activity.Published:
		steps, kind = []access.VerbName{"activity.postpone"}, Postponed
	case !new.Cancelled && !new.Postponed && a.State == activity.Postponed:
		steps = []access.VerbName{"activity.replan", "activity.publish"}
	case !new.Cancelled && !new.Postponed && (a.State == activity.Published || a.State == activity.Planned):
		return nil
	default:
		t.say(Kept, e, *a, nil, Words{Key: "feed.state_stays", Args: text.Args{"state": a.State.Key()}})
		return nil
	}
	from := a.State
	for _, verb := range steps {
		moved, err := activity.Move(ctx, t.tx, system(), t.g, a.Code, verb, reason)
		if err != nil {
			return err
		}
		*a = moved
	}
	t.say(kind, e, *a, []Field{{"state", string(from), string(a.State)}}, Words{})
	return nil
}

// missed marks what the feed no longer lists. That alone cancels nothing: many sites list only what is to come, and a site that is being
// rebuilt lists nothing. What has begun is left out.
func (t *taking) missed(ctx context.Context) error {
	var gone []string
	for key, i := range t.items {
		if i.Listed && !t.listed[key] {
			gone = append(gone, key)
		}
	}
	slices.Sort(gone)
	for _, key := range gone {
		a, err := activity.Load(ctx, t.tx, access.All, t.g, t.items[key].Activity)
		if err != nil {
			return err
		}
		if _, err := t.tx.Exec(ctx, unlistItem, t.g, t.f.ID, key); err != nil {
			return err
		}
		if a.Starts > t.tx.Now.Date() && a.State != activity.Cancelled {
			t.say(Gone, events.Event{Title: a.Title}, a, nil, Words{Key: "feed.gone_stays"})
		}
	}
	return nil
}
