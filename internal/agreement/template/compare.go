package template

import (
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

// Difference is a clause of an agreement that does not say what the template says now.
type Difference struct {
	Agreement agreement.Agreement
	Left      bool // the agreement has no such clause
	Language  text.Language
	Template  agreement.Clause // in that language
	Says      agreement.Clause // in its place; empty when it is left out
}

// Differences are those of the agreements of a round.
type Differences struct {
	Compared int                     // agreements that have a text
	By       map[string][]Difference // by code of the template's clause
	Own      map[string]int          // by code of the partner: how many clauses the template does not have
	Partners []agreement.Agreement   // that have such clauses, in their order
	Same     int                     // say what the template says, all of it
}

// Compare holds the agreements of a programme within a scope, but abandoned ones, against the template: the version in force, or the newest
// while there is none, in its own language. A field counts as its name: what differs are words, not what fills them.
func Compare(ctx context.Context, tx *db.Tx, scope access.Scope, g id.Programme, t Template) (Differences, error) {
	d := Differences{By: map[string][]Difference{}, Own: map[string]int{}}
	t = normal(t)
	all, err := agreement.List(ctx, tx, scope, g)
	if err != nil {
		return d, err
	}
	for _, a := range all {
		if a.State == agreement.Abandoned {
			continue
		}
		versions, err := agreement.Versions(ctx, tx, g, a.ID)
		if err != nil {
			return d, err
		}
		v, found := a.Speaking(versions)
		if !found {
			continue
		}
		if v, err = agreement.LoadVersion(ctx, tx, g, a.ID, v.N); err != nil {
			return d, err
		}
		d.add(a, &v.Document, t)
	}
	return d, nil
}

// add holds one document against the template.
func (d *Differences) add(a agreement.Agreement, doc *agreement.Document, t Template) {
	d.Compared++
	says, same := map[string]agreement.Clause{}, true
	for _, c := range doc.Clauses {
		says[c.Code] = c
		if t.Find(c.Code) < 0 {
			d.Own[a.Partner.Code]++
		}
	}
	if d.Own[a.Partner.Code] > 0 {
		d.Partners, same = append(d.Partners, a), false
	}
	for _, want := range t.In(doc.Language) {
		c, there := says[want.Code]
		if !there || c != want {
			d.By[want.Code], same = append(d.By[want.Code], Difference{a, !there, doc.Language, want, c}), false
		}
	}
	if same {
		d.Same++
	}
}
