package template

import (
	"context"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

var dropTemplate = db.SQL("agreement.template.drop", `delete from clause_template where programme_id = $1`)

// Load reads a programme's template: its own, or the standard one where it keeps none.
func Load(ctx context.Context, tx *db.Tx, g id.Programme) (Template, error) {
	all, err := agreement.Template(ctx, tx, g)
	if err == nil && len(all) == 0 {
		all = agreement.StandardClauses()
	}
	return all, err
}

// Open is Load for who may read it.
func Open(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme) (Template, error) {
	if err := by.May("template.read", access.Subject{Kind: "template"}); err != nil {
		return nil, err
	}
	return Load(ctx, tx, g)
}

// Add puts a clause behind another; "" is in front of all. Invalid at the fields of CheckClause, and at "code" when it is taken; missing
// (template.clause_gone) when there is no such other clause.
func Add(ctx context.Context, tx *db.Tx, by access.Actor, p programme.Programme, behind string, c Clause) error {
	return change(ctx, tx, by, p, "template.add", "", func(t Template) (Template, any, any, error) {
		c = normal(Template{c})[0]
		at := 0
		if behind != "" {
			i, err := t.place(behind)
			if err != nil {
				return t, nil, nil, err
			}
			at = i + 1
		}
		err := CheckClause(c, NamesIn(p))
		if t.Find(c.Code) >= 0 {
			err = fault.Join(err, fault.Invalid("code", "db.code_taken", nil))
		}
		if len(t) >= agreement.MostClauses {
			err = fault.Join(err, fault.Conflict("agreement.clauses_many", text.Args{"n": len(t) + 1, "most": agreement.MostClauses}))
		}
		return slices.Insert(slices.Clone(t), at, c), nil, told(c), err
	})
}

// Edit gives a clause the words that were typed over was. What somebody else changed in the meantime in other fields stays beside them; in the
// same field it is a clash, and nothing is saved. Invalid at the fields of CheckClause; missing (template.clause_gone) when it was taken out.
func Edit(ctx context.Context, tx *db.Tx, by access.Actor, p programme.Programme, was, typed Clause) (Edited, error) {
	var e Edited
	err := change(ctx, tx, by, p, "template.edit", "", func(t Template) (Template, any, any, error) {
		at, err := t.place(was.Code)
		if err != nil {
			return t, nil, nil, err
		}
		typed.Code = was.Code
		e = Merge(normal(Template{was})[0], t[at], normal(Template{typed})[0])
		if err := CheckClause(e.Clause, NamesIn(p)); err != nil || len(e.Clashes) > 0 {
			return t, nil, nil, err
		}
		out := slices.Clone(t)
		out[at] = e.Clause
		return out, told(t[at]), told(e.Clause), nil
	})
	return e, err
}

// Move puts a clause one place up or down, an article with its paragraphs past the next article. Conflict (template.moved) when the template
// is no longer the one whose mark was seen.
func Move(ctx context.Context, tx *db.Tx, by access.Actor, p programme.Programme, code string, up bool, seen string) error {
	return change(ctx, tx, by, p, "template.move", seen, func(t Template) (Template, any, any, error) {
		at, err := t.place(code)
		if err != nil {
			return t, nil, nil, err
		}
		out := t.moved(at, up)
		return out, t.order(), out.order(), nil
	})
}

// Remove takes a clause out. Conflict when the template is no longer the one whose mark was seen (template.moved), when it is an article that
// still has paragraphs (template.article_holds), or the last clause (template.empty).
func Remove(ctx context.Context, tx *db.Tx, by access.Actor, p programme.Programme, code, seen string) error {
	return change(ctx, tx, by, p, "template.remove", seen, func(t Template) (Template, any, any, error) {
		at, err := t.place(code)
		switch {
		case err != nil:
			return t, nil, nil, err
		case len(t) == 1:
			return t, nil, nil, fault.Conflict("template.empty", nil)
		case t[at].Level == 1 && at+1 < len(t) && t[at+1].Level != 1:
			return t, nil, nil, fault.Conflict("template.article_holds", nil)
		}
		return slices.Delete(slices.Clone(t), at, at+1), told(t[at]), nil, nil
	})
}

// Restore puts the standard clauses in the place of all. Conflict (template.moved) when the template is no longer the one whose mark was seen.
func Restore(ctx context.Context, tx *db.Tx, by access.Actor, p programme.Programme, seen string) error {
	return change(ctx, tx, by, p, "template.restore", seen, func(t Template) (Template, any, any, error) {
		out := Template(agreement.StandardClauses())
		return out, tellAll(t), out.order(), nil
	})
}

// Set puts other clauses in the place of all. seen is the mark of what was read before, "" whatever stands there. Invalid at the fields of
// Check; conflict (template.moved) when the template is no longer the one whose mark was seen.
func Set(ctx context.Context, tx *db.Tx, by access.Actor, p programme.Programme, all Template, seen string) error {
	return change(ctx, tx, by, p, "template.set", seen, func(t Template) (Template, any, any, error) {
		all = normal(all)
		return all, tellAll(t), tellAll(all), all.Check(NamesIn(p))
	})
}

// change does a verb: leave, the rule, the rows and the trail. A template that comes out as it went in leaves no trail.
func change(ctx context.Context, tx *db.Tx, by access.Actor, p programme.Programme, verb access.VerbName, seen string,
	rule func(Template) (after Template, was, is any, err error)) error {
	if err := by.May(verb, access.Subject{Kind: "template"}); err != nil {
		return err
	}
	before, err := Load(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	if seen != "" && seen != before.Mark() {
		return fault.Conflict("template.moved", nil)
	}
	after, was, is, err := rule(before)
	if err != nil || slices.Equal(before, after) {
		return err
	}
	if _, err := tx.Exec(ctx, dropTemplate, p.ID); err != nil {
		return err
	}
	if err := agreement.AddTemplate(ctx, tx, p.ID, after); err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(p.ID), by.Label(), audit.Change{Verb: string(verb), ObjectKind: "programme", ObjectID: string(p.ID),
		Before: was, After: is})
}

func (t Template) place(code string) (int, error) {
	at := t.Find(code)
	if at < 0 {
		return at, fault.Missing("template.clause_gone", nil)
	}
	return at, nil
}

// told is a clause as the trail keeps it.
func told(c Clause) map[string]any {
	return map[string]any{"clause": c.Code, "level": c.Level, "title": c.Title, "text": c.Text}
}

func tellAll(t Template) map[string]any {
	all := make([]any, len(t))
	for i, c := range t {
		all[i] = told(c)
	}
	return map[string]any{"clauses": all}
}

// order is the codes in their order, as the trail keeps them.
func (t Template) order() map[string]any {
	codes := make([]string, len(t))
	for i, c := range t {
		codes[i] = c.Code
	}
	return map[string]any{"order": codes}
}
