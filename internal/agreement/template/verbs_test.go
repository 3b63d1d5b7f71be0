package template

import (
	"database/sql"
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// office is a round with one partner, an officer, a controller and the partner's coordinator.
type office struct {
	*testing.T
	d                            *db.DB
	p                            programme.Programme
	vil                          programme.Organisation
	officer, controller, partner access.Actor
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func openOffice(t *testing.T, d *db.DB) office {
	ctx := t.Context()
	check(t, job.Migrate(ctx, d))
	agency := programme.Organisation{ID: id.New[id.Organisation](), Code: "agency", Name: "Agency", Kind: programme.KindAgency}
	o := office{T: t, d: d, vil: programme.Organisation{ID: id.New[id.Organisation](), Code: "vil", Name: "VIL", Kind: programme.KindPartner}}
	o.p = programme.Programme{ID: id.New[id.Programme](), Code: "round", Name: same("Round"), Starts: "2027-01-01", Ends: "2028-12-31", Currency: "EUR", Agency: agency.ID}
	check(t, d.WriteAgency(ctx, func(tx *db.Tx) error {
		if err := programme.AddOrganisations(ctx, tx, []programme.Organisation{agency, o.vil}); err != nil {
			return err
		}
		for who, at := range map[access.Role]string{access.Officer: "agency", access.Controller: "agency", access.Coordinator: "vil"} {
			n := access.NewPerson{Email: string(who) + "@x.example", Name: string(who), Language: text.EN, Role: who, Organisation: at}
			if _, err := access.Add(ctx, tx, access.System("test"), n); err != nil {
				return err
			}
		}
		return programme.Begin(ctx, tx, o.p)
	}))
	check(t, d.Write(ctx, o.p.ID, func(tx *db.Tx) error {
		if err := programme.AddRules(ctx, tx, o.p.ID, programme.Rules{{From: "2027-01-01", RateBp: 5000, YearOf: programme.Delivered, AnswerDays: 10}}); err != nil {
			return err
		}
		return programme.AddEnvelopes(ctx, tx, o.p.ID, map[period.Year]money.Amount{2027: 100_00, 2028: 100_00})
	}))
	check(t, d.Read(ctx, func(tx *db.Tx) (err error) {
		for who, into := range map[string]*access.Actor{"officer": &o.officer, "controller": &o.controller, "coordinator": &o.partner} {
			if *into, err = access.LoadActorByEmail(ctx, tx, who+"@x.example"); err != nil {
				return err
			}
		}
		return nil
	}))
	return o
}

func (o office) write(fn func(tx *db.Tx) error) error { return o.d.Write(o.Context(), o.p.ID, fn) }

func (o office) now() (t Template) {
	o.Helper()
	check(o.T, o.d.Read(o.Context(), func(tx *db.Tx) (err error) {
		t, err = Load(o.Context(), tx, o.p.ID)
		return err
	}))
	return t
}

// do does a verb and expects a kind of fault, 0 for none, with its key or fields.
func (o office) do(name string, kind fault.Kind, key string, fn func(tx *db.Tx) error) {
	o.Helper()
	before, trail := o.now().Mark(), o.trail()
	err := o.write(fn)
	switch {
	case kind == 0 && err != nil:
		o.Errorf("%s: %v", name, err)
	case kind == 0:
	case !fault.Is(err, kind) || fields(err) != " "+key && fields(err) != key:
		o.Errorf("%s: %v, not %s", name, err, key)
	case o.now().Mark() != before || o.trail() != trail:
		o.Errorf("%s was refused and changed something", name)
	}
}

var allVerbs = db.SQL("agreement.template.test.trail", `select verb from audit where scope = $1 order by n`)

// trail is what the audit says was done to the template.
func (o office) trail() string {
	o.Helper()
	var all []string
	check(o.T, o.d.Read(o.Context(), func(tx *db.Tx) error {
		return tx.Each(o.Context(), allVerbs, []any{string(o.p.ID)}, func(r *sql.Rows) error {
			var verb string
			err := r.Scan(&verb)
			if name, ours := strings.CutPrefix(verb, "template."); ours {
				all = append(all, name)
			}
			return err
		})
	}))
	return strings.Join(all, " ")
}

func TestATemplateIsChanged(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		ctx := t.Context()
		if got := o.now(); len(got) != len(agreement.StandardClauses()) {
			t.Fatalf("%d clauses before anybody kept one", len(got))
		}
		seen := o.now().Mark()
		o.do("set", 0, "", func(tx *db.Tx) error { return Set(ctx, tx, o.officer, o.p, short(), seen) })
		o.do("stale set", fault.KindConflict, "template.moved", func(tx *db.Tx) error {
			return Set(ctx, tx, o.officer, o.p, Template{clause("z", 1)}, seen)
		})
		o.do("bad set", fault.KindInvalid, "clause.q.text.fr template.language_missing", func(tx *db.Tx) error {
			bad := clause("q", 1)
			bad.Text.FR = ""
			return Set(ctx, tx, o.officer, o.p, Template{bad}, "")
		})
		o.do("add", 0, "", func(tx *db.Tx) error { return Add(ctx, tx, o.officer, o.p, "a1", clause("new", 2)) })
		o.do("add in front", 0, "", func(tx *db.Tx) error { return Add(ctx, tx, o.officer, o.p, "", clause("first", 1)) })
		o.do("add twice", fault.KindInvalid, "code db.code_taken", func(tx *db.Tx) error { return Add(ctx, tx, o.officer, o.p, "a1", clause("new", 2)) })
		o.do("add behind nothing", fault.KindMissing, "template.clause_gone", func(tx *db.Tx) error { return Add(ctx, tx, o.officer, o.p, "none", clause("more", 2)) })
		o.do("add an unknown field", fault.KindInvalid, "text.en template.field_unknown", func(tx *db.Tx) error {
			c := clause("more", 2)
			c.Text.EN = "{sum}"
			return Add(ctx, tx, o.officer, o.p, "a1", c)
		})
		if got := codes(o.now()); got != "first a a1 new a2 b b1" {
			t.Errorf("order %s", got)
		}
		seen = o.now().Mark()
		o.do("move", 0, "", func(tx *db.Tx) error { return Move(ctx, tx, o.officer, o.p, "b", true, seen) })
		o.do("move what moved", fault.KindConflict, "template.moved", func(tx *db.Tx) error { return Move(ctx, tx, o.officer, o.p, "b", true, seen) })
		o.do("remove what moved", fault.KindConflict, "template.moved", func(tx *db.Tx) error { return Remove(ctx, tx, o.officer, o.p, "new", seen) })
		o.do("remove an article that holds", fault.KindConflict, "template.article_holds", func(tx *db.Tx) error {
			return Remove(ctx, tx, o.officer, o.p, "b", o.now().Mark())
		})
		o.do("remove", 0, "", func(tx *db.Tx) error { return Remove(ctx, tx, o.officer, o.p, "new", o.now().Mark()) })
		if got := codes(o.now()); got != "first b b1 a a1 a2" {
			t.Errorf("order %s", got)
		}
		o.do("restore", 0, "", func(tx *db.Tx) error { return Restore(ctx, tx, o.officer, o.p, o.now().Mark()) })
		if got := o.now(); codes(got) != codes(agreement.StandardClauses()) {
			t.Errorf("restored %s", codes(got))
		}
		o.do("restore again", 0, "", func(tx *db.Tx) error { return Restore(ctx, tx, o.officer, o.p, "") }) // nothing to do, nothing told
		o.do("set one", 0, "", func(tx *db.Tx) error { return Set(ctx, tx, o.officer, o.p, Template{clause("only", 2)}, "") })
		o.do("remove the last", fault.KindConflict, "template.empty", func(tx *db.Tx) error { return Remove(ctx, tx, o.officer, o.p, "only", "") })
		if got := o.trail(); got != "set add add move remove restore set" {
			t.Errorf("the trail says %q", got)
		}
		for who, by := range map[string]access.Actor{"controller": o.controller, "coordinator": o.partner, "visitor": access.Visitor()} {
			for name, fn := range map[string]func(tx *db.Tx) error{
				"add":     func(tx *db.Tx) error { return Add(ctx, tx, by, o.p, "", clause("mine", 1)) },
				"move":    func(tx *db.Tx) error { return Move(ctx, tx, by, o.p, "only", true, "") },
				"remove":  func(tx *db.Tx) error { return Remove(ctx, tx, by, o.p, "only", "") },
				"restore": func(tx *db.Tx) error { return Restore(ctx, tx, by, o.p, "") },
				"set":     func(tx *db.Tx) error { return Set(ctx, tx, by, o.p, short(), "") },
				"edit": func(tx *db.Tx) error {
					_, err := Edit(ctx, tx, by, o.p, clause("only", 2), clause("only", 1))
					return err
				},
			} {
				if err := o.write(fn); !fault.Is(err, fault.KindDenied) {
					t.Errorf("%s may %s: %v", who, name, err)
				}
			}
		}
	})
}

// TestTwoRewriteAClause: two people begin from the same words. What they change apart is put together; in the same place the second one is
// told, and nothing of either is lost.
func TestTwoRewriteAClause(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		ctx := t.Context()
		check(t, o.write(func(tx *db.Tx) error { return Set(ctx, tx, o.officer, o.p, short(), "") }))
		was := o.now()[1]
		edit := func(typed Clause) (e Edited, err error) {
			err = o.write(func(tx *db.Tx) error {
				e, err = Edit(ctx, tx, o.officer, o.p, was, typed)
				return err
			})
			return e, err
		}
		one, two := was, was
		one.Text.NL, two.Text.FR = "Woorden van één  \r\nen nog", "Mots de deux"
		if e, err := edit(one); err != nil || e.Merged || len(e.Clashes) > 0 {
			t.Fatalf("%+v %v", e, err)
		}
		if e, err := edit(two); err != nil || !e.Merged || len(e.Clashes) > 0 {
			t.Fatalf("%+v %v", e, err)
		}
		if c := o.now()[1]; c.Text.NL != "Woorden van één\nen nog" || c.Text.FR != "Mots de deux" || c.Text.EN != was.Text.EN {
			t.Errorf("merged: %+v", c)
		}
		trail := o.trail()
		three := was
		three.Text.NL, three.Title.EN = "Drie", "Three"
		e, err := edit(three)
		if err != nil || len(e.Clashes) != 1 || e.Clashes[0] != "text.nl" || e.Clause.Text.NL != "Drie" || e.Theirs.Text.NL != "Woorden van één\nen nog" {
			t.Errorf("clash: %+v %v", e, err)
		}
		if c := o.now()[1]; c.Text.NL != "Woorden van één\nen nog" || c.Title.EN == "Three" || o.trail() != trail {
			t.Errorf("a clash was saved: %+v", c)
		}
		was = e.Theirs // having read what the other wrote, three stands by theirs
		if e, err = edit(e.Clause); err != nil || len(e.Clashes) > 0 || o.now()[1].Text.NL != "Drie" || o.now()[1].Text.FR != "Mots de deux" {
			t.Errorf("chosen: %+v %v", e, err)
		}
		bad := o.now()[1]
		was, bad.Text.NL = bad, "{niets}"
		if _, err := edit(bad); fields(err) != "text.nl template.field_unknown" {
			t.Errorf("unknown field: %v", err)
		}
		was.Code = "gone"
		if _, err := edit(was); !fault.Is(err, fault.KindMissing) {
			t.Errorf("a clause that is gone: %v", err)
		}
	})
}

// TestBegunAgreementsStay: a document that was begun keeps its clauses, the next one begins from the template as it is then; and which say
// something else is told clause by clause.
func TestBegunAgreementsStay(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		ctx := t.Context()
		a := agreement.Agreement{ID: id.New[id.Agreement](), Partner: o.vil, State: agreement.Negotiating, Version: 1, Starts: o.p.Starts, Ends: o.p.Ends}
		compare := func() (c Differences) {
			check(t, d.Read(ctx, func(tx *db.Tx) (err error) {
				now, err := Load(ctx, tx, o.p.ID)
				if err != nil {
					return err
				}
				c, err = Compare(ctx, tx, access.All, o.p.ID, now)
				return err
			}))
			return c
		}
		var begun agreement.Document
		check(t, o.write(func(tx *db.Tx) error {
			if err := agreement.Add(ctx, tx, o.p.ID, []agreement.Agreement{a}); err != nil {
				return err
			}
			if err := Set(ctx, tx, o.officer, o.p, short(), ""); err != nil {
				return err
			}
			s, err := agreement.LoadSetting(ctx, tx, o.p, nil)
			if err != nil {
				return err
			}
			begun = s.Begin(o.vil, text.FR)
			_, err = agreement.AddAgreed(ctx, tx, o.p.ID, a.ID, 1, begun, "2027-01-01")
			return err
		}))
		if c := compare(); c.Compared != 1 || c.Same != 1 || len(c.By) != 0 || len(begun.Clauses) != 5 {
			t.Fatalf("begun from it: %+v, %d clauses", c, len(begun.Clauses))
		}
		check(t, o.write(func(tx *db.Tx) error {
			was := clause("a1", 2)
			now := was
			now.Text = same("Other words of {partner}")
			if _, err := Edit(ctx, tx, o.officer, o.p, was, now); err != nil {
				return err
			}
			if err := Remove(ctx, tx, o.officer, o.p, "a2", ""); err != nil {
				return err
			}
			return Add(ctx, tx, o.officer, o.p, "a1", clause("a3", 2))
		}))
		c := compare()
		if c.Same != 0 || len(c.By) != 2 || len(c.By["a1"]) != 1 || c.By["a1"][0].Left || len(c.By["a3"]) != 1 || !c.By["a3"][0].Left || c.Own["vil"] != 1 {
			t.Errorf("changed: %+v", c)
		}
		check(t, d.Read(ctx, func(tx *db.Tx) error {
			v, err := agreement.LoadVersion(ctx, tx, o.p.ID, a.ID, 1)
			if err != nil || len(v.Document.Clauses) != 5 || v.Document.Clauses[1].Text != "Words of a1" {
				t.Errorf("what was begun changed: %+v %v", v.Document.Clauses, err)
			}
			s, err := agreement.LoadSetting(ctx, tx, o.p, nil)
			if next := s.Begin(o.vil, text.EN); err != nil || next.Clauses[1].Text != "Other words of {partner}" || next.Clauses[2].Code != "a3" {
				t.Errorf("the next one begins with %+v, %v", next.Clauses, err)
			}
			return nil
		}))
	})
}
