package coordination

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/coordination/overlap"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

var (
	selectDecided = db.SQL("coordination.overlap.list",
		`select id, a_id, b_id, kind, score_bp, state, facts, steps from overlap
		 where programme_id = $1 and ($2 = '' or (a_id = $2 and b_id = $3))`)
	selectOffers = db.SQL("coordination.offer.waiting",
		`select o.overlap_id, o.id, o.keep_id, o.note, o.made_on, coalesce(o.made_by, ''), coalesce(p.name, '')
		 from overlap_offer o left join person p on p.id = o.made_by
		 where o.programme_id = $1 and o.state = 'open' and ($2 = '' or o.overlap_id = $2)`)
	selectShares = db.SQL("coordination.share.of",
		`select s.offer_id, s.organisation_id, x.code, coalesce(nullif(x.short_name, ''), x.name), x.kind, s.weight, s.needed, s.agreed_on,
		   coalesce(s.agreed_by, '')
		 from overlap_offer o
		 join overlap_share s on s.programme_id = o.programme_id and s.offer_id = o.id
		 join organisation x on x.id = s.organisation_id
		 where o.programme_id = $1 and o.state = 'open' and ($2 = '' or o.overlap_id = $2) order by s.offer_id, s.position`)
	selectSteps = db.SQL("coordination.step.list",
		`select s.verb, s.state, s.reason, s.done_on, coalesce(p.name, '') from overlap_step s left join person p on p.id = s.done_by
		 where s.programme_id = $1 and s.overlap_id = $2 order by s.n`)
	saveDecided = db.SQL("coordination.overlap.save",
		`update overlap set kind = $3, score_bp = $4, state = $5, facts = $6, steps = $7 where programme_id = $1 and id = $2 and steps = $8`)
	saveOffer  = db.SQL("coordination.offer.end", `update overlap_offer set state = $3 where programme_id = $1 and id = $2 and state = 'open'`)
	saveAgreed = db.SQL("coordination.share.agree",
		`update overlap_share set agreed_on = $4, agreed_by = $5 where programme_id = $1 and offer_id = $2 and organisation_id = $3 and agreed_on = ''`)
)

// Between gives the overlaps in which an activity starts between two days, of organisers in the scope: those found, and those that were decided
// and are no more. Of others' activities they show what overlaps are known by, planned ones too: domain section 6. The surest come first.
func Between(ctx context.Context, tx *db.Tx, scope access.Scope, programme id.Programme, from, to period.Date) ([]Overlap, error) {
	all, _, err := activity.List(ctx, tx, programme, activity.Filter{Scope: access.All, From: from.AddDays(-overlap.Reach), To: to.AddDays(overlap.Reach)})
	if err != nil {
		return nil, err
	}
	known, err := readDecided(ctx, tx, programme, "", "")
	if err != nil {
		return nil, err
	}
	by := make(map[string]*activity.Activity, len(all))
	var items []overlap.Item
	for i := range all {
		by[string(all[i].ID)] = &all[i]
		if counts(&all[i]) {
			items = append(items, item(&all[i]))
		}
	}
	var out []Overlap
	show := func(p overlap.Pair, d *decided) {
		a, b := by[p.A], by[p.B]
		if a != nil && b != nil && (holds(scope, a) || holds(scope, b)) && (within(a, from, to) || within(b, from, to)) {
			out = append(out, see(p, *a, *b, d))
		}
	}
	for _, p := range overlap.NewFinder(items).All() {
		key := [2]id.Activity{id.Activity(p.A), id.Activity(p.B)}
		show(p, known[key])
		delete(known, key)
	}
	for key, d := range known {
		show(overlap.Pair{A: string(key[0]), B: string(key[1])}, d)
	}
	slices.SortStableFunc(out, func(x, y Overlap) int { return cmp.Or(overlap.ByScore(x.Pair, y.Pair)) })
	return out, nil
}

// Within cuts overlaps to those of an organiser in the scope.
func Within(all []Overlap, scope access.Scope) []Overlap {
	var out []Overlap
	for _, o := range all {
		if holds(scope, &o.A) || holds(scope, &o.B) {
			out = append(out, o)
		}
	}
	return out
}

func holds(scope access.Scope, a *activity.Activity) bool {
	return slices.ContainsFunc(a.Organisers, func(o activity.Organiser) bool { return scope.Holds(o.Organisation) })
}

func within(a *activity.Activity, from, to period.Date) bool {
	return from <= a.Starts && a.Starts <= to
}

// Load is what two activities, by their codes, are to each other; missing (overlap.missing) when they are nothing and never were, or when the
// scope holds no organiser of either.
func Load(ctx context.Context, tx *db.Tx, scope access.Scope, programme id.Programme, one, other string) (Overlap, error) {
	a, err := activity.ByCode(ctx, tx, access.All, programme, one)
	if err != nil {
		return Overlap{}, missing(err)
	}
	b, err := activity.ByCode(ctx, tx, access.All, programme, other)
	if err != nil {
		return Overlap{}, missing(err)
	}
	if a.ID > b.ID {
		a, b = b, a
	}
	if a.ID == b.ID || !holds(scope, &a) && !holds(scope, &b) {
		return Overlap{}, fault.Missing("overlap.missing", nil)
	}
	known, err := readDecided(ctx, tx, programme, a.ID, b.ID)
	if err != nil {
		return Overlap{}, err
	}
	p := Compare(&a, &b)
	d := known[[2]id.Activity{a.ID, b.ID}]
	if p.Kind == "" && d == nil {
		return Overlap{}, fault.Missing("overlap.missing", nil)
	}
	return see(p, a, b, d), nil
}

func missing(err error) error {
	if fault.Is(err, fault.KindMissing) {
		return fault.Missing("overlap.missing", nil)
	}
	return err
}

// Compare is what two activities are to each other now; without a kind when one does not count, or an organiser knows of both.
func Compare(a, b *activity.Activity) overlap.Pair {
	p := overlap.Pair{A: string(a.ID), B: string(b.ID)}
	if counts(a) && counts(b) {
		for _, q := range overlap.NewFinder([]overlap.Item{item(a), item(b)}).All() {
			p = q
		}
	}
	return p
}

// History lists what was done about an overlap, in order. The caller has loaded it within the reader's scope.
func History(ctx context.Context, tx *db.Tx, programme id.Programme, o id.Overlap) ([]Step, error) {
	var all []Step
	return all, tx.Each(ctx, selectSteps, []any{programme, o}, func(r *sql.Rows) error {
		var s Step
		err := r.Scan(&s.Verb, &s.State, &s.Reason, &s.On, &s.By)
		all = append(all, s)
		return err
	})
}

// readDecided reads what was decided about all pairs, or one, with the proposals that wait.
func readDecided(ctx context.Context, tx *db.Tx, programme id.Programme, a, b id.Activity) (map[[2]id.Activity]*decided, error) {
	all, byID := map[[2]id.Activity]*decided{}, map[id.Overlap]*decided{}
	err := tx.Each(ctx, selectDecided, []any{programme, a, b}, func(r *sql.Rows) error {
		var d decided
		err := r.Scan(&d.id, &d.a, &d.b, &d.kind, &d.bp, &d.state, &d.facts, &d.steps)
		all[[2]id.Activity{d.a, d.b}], byID[d.id] = &d, &d
		return err
	})
	var one id.Overlap
	if a != "" {
		if len(byID) == 0 {
			return all, err
		}
		one = all[[2]id.Activity{a, b}].id
	}
	if err != nil {
		return nil, err
	}
	offers := map[id.Offer]*Offer{}
	err = tx.Each(ctx, selectOffers, []any{programme, one}, func(r *sql.Rows) error {
		var o Offer
		var of id.Overlap
		err := r.Scan(&of, &o.ID, &o.Keep, &o.Note, &o.On, &o.By, &o.ByName)
		if d := byID[of]; d != nil {
			d.offers, offers[o.ID] = &o, &o
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, tx.Each(ctx, selectShares, []any{programme, one}, func(r *sql.Rows) error {
		var s Share
		var of id.Offer
		var kind string
		var needed int
		err := r.Scan(&of, &s.Organisation, &s.Code, &s.Label, &kind, &s.Weight, &needed, &s.AgreedOn, &s.AgreedBy)
		s.Agency, s.Needed = kind == "agency", needed == 1
		if o := offers[of]; o != nil {
			o.Shares = append(o.Shares, s)
		}
		return err
	})
}

// save stores an overlap with its next step; conflict when somebody was quicker.
func (o *Overlap) save(ctx context.Context, tx *db.Tx, programme id.Programme, by access.Actor, verb access.VerbName, reason string) error {
	o.Steps++
	said := facts(&o.A, &o.B)
	if o.ID == "" {
		o.ID = id.New[id.Overlap]()
		if err := tx.Insert(ctx, "overlap", overlapColumns(),
			[][]any{{programme, o.ID, o.A.ID, o.B.ID, o.Kind, o.Bp, o.State, said, o.Steps}}); err != nil {
			return err
		}
	} else {
		n, err := tx.Exec(ctx, saveDecided, programme, o.ID, o.Kind, o.Bp, o.State, said, o.Steps, o.Steps-1)
		if err != nil {
			return err
		}
		if n != 1 {
			return fault.Conflict("overlap.moved", nil)
		}
	}
	return tx.Insert(ctx, "overlap_step", stepColumns(),
		[][]any{{programme, o.ID, o.Steps, verb, o.State, reason, tx.Now.Date(), db.OrNull(by.ID)}})
}

// add stores a proposal of the overlap.
func (f *Offer) add(ctx context.Context, tx *db.Tx, programme id.Programme, of id.Overlap) error {
	if err := tx.Insert(ctx, "overlap_offer", []string{"programme_id", "id", "overlap_id", "keep_id", "state", "note", "made_on", "made_by"},
		[][]any{{programme, f.ID, of, f.Keep, "open", f.Note, f.On, db.OrNull(f.By)}}); err != nil {
		return err
	}
	rows := make([][]any, len(f.Shares))
	for n, s := range f.Shares {
		needed := 0
		if s.Needed {
			needed = 1
		}
		rows[n] = []any{programme, f.ID, s.Organisation, n, s.Weight, needed, s.AgreedOn, db.OrNull(s.AgreedBy)}
	}
	return tx.Insert(ctx, "overlap_share", []string{"programme_id", "offer_id", "organisation_id", "position", "weight", "needed", "agreed_on", "agreed_by"}, rows)
}

// end closes a proposal as agreed, declined or withdrawn.
func (f *Offer) end(ctx context.Context, tx *db.Tx, programme id.Programme, as string) error {
	n, err := tx.Exec(ctx, saveOffer, programme, f.ID, as)
	if err == nil && n != 1 {
		err = fault.Conflict("overlap.moved", nil)
	}
	return err
}
