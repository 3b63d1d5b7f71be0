package knowledge

import (
	"bytes"
	"context"
	"database/sql"
	"slices"
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/knowledge/filetext"
	"errera.eu/errera/internal/knowledge/index"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// A world has an agency, two partners and people of each.
type world struct {
	*testing.T
	d                   *db.DB
	g                   id.Programme
	agency, alpha, beta id.Organisation
	people              map[string]access.Actor
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	ctx := t.Context()
	d = d.WithClock(func() time.Time { return time.Date(2018, 5, 7, 9, 0, 0, 0, time.UTC) })
	w := &world{T: t, d: d, g: id.New[id.Programme](), people: map[string]access.Actor{"visitor": access.Visitor()}}
	var who []programme.Organisation
	for i, code := range []string{"agency", "alpha", "beta"} {
		kind := programme.KindPartner
		if i == 0 {
			kind = programme.KindAgency
		}
		who = append(who, programme.Organisation{ID: id.New[id.Organisation](), Code: code, Name: strings.ToUpper(code), Kind: kind, Position: i})
	}
	w.agency, w.alpha, w.beta = who[0].ID, who[1].ID, who[2].ID
	w.must(d.WriteAgency(ctx, func(tx *db.Tx) error {
		if err := programme.AddOrganisations(ctx, tx, who); err != nil {
			return err
		}
		g := programme.Programme{ID: w.g, Code: "g", Starts: "2018-01-01", Ends: "2018-12-31", Currency: "EUR", Agency: w.agency}
		if err := programme.Begin(ctx, tx, g); err != nil {
			return err
		}
		for _, p := range []struct {
			name, organisation string
			role               access.Role
		}{{"officer", "agency", access.Officer}, {"auditor", "agency", access.Auditor}, {"ann", "alpha", access.Coordinator},
			{"abe", "alpha", access.Member}, {"ben", "beta", access.Member}, {"bea", "beta", access.Coordinator}, {"assessor", "agency", access.Assessor}} {
			if _, err := access.Add(ctx, tx, access.System("test"), access.NewPerson{Email: p.name + "@x.example", Name: p.name, Language: "en", Role: p.role,
				Organisation: p.organisation}); err != nil {
				return err
			}
			a, err := access.LoadActorByEmail(ctx, tx, p.name+"@x.example")
			if err != nil {
				return err
			}
			w.people[p.name] = a
		}
		return nil
	}))
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) write(fn func(ctx context.Context, tx *db.Tx) error) error {
	return w.d.Write(w.Context(), w.g, func(tx *db.Tx) error { return fn(w.Context(), tx) })
}

func (w *world) read(fn func(ctx context.Context, tx *db.Tx) error) {
	w.Helper()
	w.must(w.d.Read(w.Context(), func(tx *db.Tx) error { return fn(w.Context(), tx) }))
}

func content(l text.Language, reach Reach, title, body string) Content {
	return Content{Kind: Report, Reach: reach, Language: l, Title: title, Body: body}
}

// publish writes and publishes an item of who.
func (w *world) publish(who string, o id.Organisation, c Content) Item {
	w.Helper()
	var i Item
	w.must(w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		if i, err = Write(ctx, tx, w.people[who], w.g, o, c); err == nil {
			i, err = Publish(ctx, tx, w.people[who], w.g, i.ID)
		}
		return err
	}))
	return i
}

func (w *world) search(who, words string) Found {
	w.Helper()
	var f Found
	w.read(func(ctx context.Context, tx *db.Tx) (err error) {
		f, err = Search(ctx, tx, w.people[who], w.g, Query{Words: words, Limit: 20})
		return err
	})
	return f
}

func titles(f Found) (out []string) {
	for _, i := range f.Items {
		out = append(out, i.Title)
	}
	return out
}

func wantKind(t *testing.T, name string, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Errorf("%s: %v, want %s", name, err, kind)
	}
}

func TestReachDecidesWhoReads(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		items := map[string]Item{}
		for _, r := range Reaches() {
			items[r.String()] = w.publish("ann", w.alpha, content(text.EN, r, "Whiskey "+r.String(), "Whiskey in Ireland"))
		}
		var draft Item
		w.must(w.write(func(ctx context.Context, tx *db.Tx) (err error) {
			draft, err = Write(ctx, tx, w.people["ann"], w.g, w.alpha, content(text.EN, Public, "Whiskey draft", "Whiskey"))
			return err
		}))
		items["draft"] = draft
		for who, reads := range map[string]string{"visitor": "", "ann": "own agency partners public draft", "abe": "own agency partners public draft",
			"ben": "partners public", "officer": "agency partners public", "assessor": "partners public", "auditor": "own agency partners public draft"} {
			found := titles(w.search(who, "whiskey"))
			for name, i := range items {
				want := slices.Contains(strings.Fields(reads), name)
				var err error
				w.must(w.d.Read(t.Context(), func(tx *db.Tx) error { _, err = Load(t.Context(), tx, w.people[who], w.g, i.ID); return nil }))
				if (err == nil) != want || (err != nil && !fault.Is(err, fault.KindMissing)) {
					t.Errorf("%s opens %s: %v", who, name, err)
				}
				if got := slices.Contains(found, i.Title); got != (want && name != "draft") {
					t.Errorf("%s finds %s: %v", who, name, got)
				}
			}
		}
	})
}

func TestItsOrganisationAloneWrites(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		i := w.publish("ann", w.alpha, content(text.NL, Partners, "Beursgids Gulfood", "Standen en prijzen"))
		try := func(who string, fn func(ctx context.Context, tx *db.Tx, by access.Actor) error) error {
			return w.write(func(ctx context.Context, tx *db.Tx) error { return fn(ctx, tx, w.people[who]) })
		}
		change := func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := Change(ctx, tx, by, w.g, i.ID, content(text.NL, Partners, "Anders", "Anders"), i.Revision, "")
			return err
		}
		for _, who := range []string{"ben", "officer", "auditor", "assessor", "visitor"} {
			if err := try(who, change); !fault.Is(err, fault.KindDenied) && !fault.Is(err, fault.KindMissing) {
				t.Errorf("%s rewrote it: %v", who, err)
			}
			if err := try(who, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
				_, err := Write(ctx, tx, by, w.g, w.alpha, content(text.NL, Own, "In haar naam", "Iets"))
				return err
			}); !fault.Is(err, fault.KindDenied) {
				t.Errorf("%s wrote in its name: %v", who, err)
			}
		}
		w.must(try("abe", change))
		wantKind(t, "a stale change", try("ann", change), fault.KindConflict)
		withdraw := func(reason string) func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			return func(ctx context.Context, tx *db.Tx, by access.Actor) error {
				_, err := Withdraw(ctx, tx, by, w.g, i.ID, reason)
				return err
			}
		}
		wantKind(t, "no reason", try("officer", withdraw(" ")), fault.KindInvalid)
		wantKind(t, "another partner", try("ben", withdraw("x")), fault.KindDenied)
		w.must(try("officer", withdraw("Names people without their consent.")))
		if got := titles(w.search("ann", "anders")); got != nil {
			t.Errorf("a withdrawn item is found: %v", got)
		}
		wantKind(t, "twice", try("officer", withdraw("x")), fault.KindMissing) // the agency no longer reads it
		w.must(try("ann", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			again, err := Publish(ctx, tx, by, w.g, i.ID)
			if again.Version != 3 {
				t.Errorf("version %d", again.Version)
			}
			return err
		}))
		if got := titles(w.search("ben", "andere")); !slices.Equal(got, []string{"Anders"}) {
			t.Errorf("found %v", got)
		}
		if got := w.search("ben", "gulfood"); got.Total != 0 {
			t.Errorf("what it said before is still found: %v", titles(got))
		}
		w.read(func(ctx context.Context, tx *db.Tx) error {
			versions, err := Versions(ctx, tx, w.g, i)
			if len(versions) != 3 || versions[2].Title != "Beursgids Gulfood" || versions[2].By != "ann" {
				t.Errorf("versions %+v", versions)
			}
			return err
		})
	})
}

func TestWhatIsWrongIsToldByField(t *testing.T) {
	bad := Content{Kind: "song", Reach: 9, Language: "de", Title: " ", Body: "", Markets: []string{"XX"}, Sectors: []string{"Food"}, Needs: []string{"money"}}
	var fields []string
	for _, f := range fault.Of(bad.check()).All() {
		fields = append(fields, f.Field)
	}
	slices.Sort(fields)
	if want := []string{"body", "kind", "language", "markets", "needs", "reach", "sectors", "title"}; !slices.Equal(fields, want) {
		t.Errorf("%v, want %v", fields, want)
	}
}

func TestFilesGoWithTheirItem(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.must(job.Migrate(t.Context(), d)) // files are read by jobs
		i := w.publish("abe", w.alpha, content(text.NL, Partners, "Contacten in Vietnam", "Wie wij spraken in Hanoi"))
		p, err := file.Check(t.Context(), file.Scanner{}, "file", "agenten-hanoi.csv", bytes.NewReader([]byte("naam;stad\nPhan;Hanoi\n")))
		w.must(err)
		w.must(w.write(func(ctx context.Context, tx *db.Tx) error {
			i, err = Attach(ctx, tx, w.people["abe"], w.g, i.ID, p)
			return err
		}))
		if i.Version != 2 || len(i.Files) != 1 {
			t.Fatalf("%+v", i)
		}
		if got := titles(w.search("ben", "agenten")); len(got) != 1 {
			t.Errorf("the name of a file finds %v", got)
		}
		open := func(who string) error {
			return w.d.Read(t.Context(), func(tx *db.Tx) error {
				_, all, err := ReadFile(t.Context(), tx, w.people[who], w.g, i.ID, i.Files[0].ID)
				if err == nil && !strings.Contains(string(all), "Phan") {
					t.Errorf("%s read %q", who, all)
				}
				return err
			})
		}
		w.must(open("ben"))
		wantKind(t, "a visitor", open("visitor"), fault.KindMissing)
		var after Item
		w.must(w.write(func(ctx context.Context, tx *db.Tx) error {
			after, err = Detach(ctx, tx, w.people["ann"], w.g, i.ID, i.Files[0].ID)
			return err
		}))
		if len(after.Files) != 0 || after.Version != 3 {
			t.Errorf("%+v", after)
		}
		w.must(open("ben")) // the version before had it
	})
}

// TestFilesAreSearched: what stands in a file is found once its job was done, with a snippet of the file, by who may read the item alone; what
// cannot be read says why, and what is taken off is found no longer.
func TestFilesAreSearched(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.must(job.Migrate(t.Context(), d)) // files are read by jobs
		i := w.publish("abe", w.alpha, content(text.NL, Agency, "Contacten in Vietnam", "Wie wij spraken in Hanoi"))
		for name, body := range map[string]string{"agenten.csv": "naam;stad\nPhan;Haiphong en zijn zeehaven\n", "scan.png": "\x89PNG\r\n\x1a\n..."} {
			p, err := file.Check(t.Context(), file.Scanner{}, "file", name, strings.NewReader(body))
			w.must(err)
			w.must(w.write(func(ctx context.Context, tx *db.Tx) (err error) {
				i, err = Attach(ctx, tx, w.people["abe"], w.g, i.ID, p)
				return err
			}))
		}
		if got := w.search("abe", "zeehaven"); got.Total != 0 {
			t.Errorf("found before it was read: %v", titles(got))
		}
		read := func(_ context.Context, kind file.Type, content []byte) (string, filetext.Why, error) {
			words, why := filetext.Read(kind, content)
			return words, why, nil
		}
		for range 2 { // again changes nothing
			w.must(readFiles{w.g, i.ID}.do(t.Context(), d, read))
		}
		states := map[string]FileState{}
		w.read(func(ctx context.Context, tx *db.Tx) error {
			all, err := FileStates(ctx, tx, w.g, i.ID)
			for _, f := range i.Files {
				states[f.Name] = all[f.ID]
			}
			return err
		})
		if s := states["agenten.csv"]; !s.Read || s.Why != "" || s.Words != 5 {
			t.Errorf("%+v", s)
		}
		if s := states["scan.png"]; !s.Read || s.Why != filetext.Kindless {
			t.Errorf("%+v", s)
		}
		got := w.search("abe", "zeehavem") // with a slip
		if got.Total != 1 || got.Items[0].File != "agenten.csv" || !index.Hits(got.Items[0].Snippet) {
			t.Errorf("%+v", got)
		}
		if got := w.search("ben", "zeehaven"); got.Total != 0 {
			t.Errorf("another partner finds a file for the agency: %v", titles(got))
		}
		w.must(w.write(func(ctx context.Context, tx *db.Tx) error {
			for _, f := range i.Files {
				if _, err := Detach(ctx, tx, w.people["abe"], w.g, i.ID, f.ID); err != nil {
					return err
				}
			}
			return nil
		}))
		if got := w.search("abe", "zeehaven"); got.Total != 0 {
			t.Errorf("found after it was taken off: %v", titles(got))
		}
	})
}

// TestSearchesThatFoundNothing are kept as words, day and kind of organisation; never a name, a number or an address.
func TestSearchesThatFoundNothing(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		miss := func(who, words string) {
			w.must(w.write(func(ctx context.Context, tx *db.Tx) error {
				return Missed(ctx, tx, w.people[who], w.g, Query{Words: words}, []string{"food"})
			}))
		}
		miss("abe", "Invoerrechten Zuid-Korea voeding")
		miss("abe", "invoerrechten zuid-korea Voeding")
		miss("ben", "quinoa 0403170701 12/5")
		for _, nothing := range []string{"phan@example.com", "0403.170.701", "wat weten we van Ann", "de het een"} {
			miss("ben", nothing)
		}
		w.must(w.write(func(ctx context.Context, tx *db.Tx) error {
			return Missed(ctx, tx, w.people["ben"], w.g, Query{Words: "saffraan", Market: "Nowhere at all"}, nil)
		}))
		w.read(func(ctx context.Context, tx *db.Tx) error {
			all, err := Misses(ctx, tx, w.g, period.Span{From: "2000-01-01", To: "2100-01-01"})
			for i := range all {
				all[i].Day = ""
			}
			want := []Miss{{Words: "invoerrechten zuid korea voeding", Asker: "partner", Market: "KR", Sector: "food", Times: 2}, {Words: "quinoa", Asker: "partner", Times: 1}}
			if !slices.Equal(all, want) {
				t.Errorf("%+v, want %+v", all, want)
			}
			if sum := Sum(all); sum[0].Times != 2 || sum[0].Market != "KR" {
				t.Errorf("%+v", sum)
			}
			return err
		})
	})
}

func TestSharingAndUseAreEvidence(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		i := w.publish("ann", w.alpha, content(text.EN, Agency, "Lessons from Lagos", "What went wrong with samples"))
		count := func() (shared, used int) {
			w.read(func(ctx context.Context, tx *db.Tx) error {
				err := tx.Row(ctx, db.Query{Text: `select count(*) from evidence where kind = 'knowledge' and marks = ' shared '`}).Scan(&shared)
				if err != nil {
					return err
				}
				return tx.Row(ctx, db.Query{Text: `select count(*) from evidence e join evidence_credit c on c.programme_id = e.programme_id and c.evidence_id = e.id
					where e.kind = 'knowledge' and e.marks = ' used ' and c.organisation_id = $1`}, w.alpha).Scan(&used)
			})
			return shared, used
		}
		if s, u := count(); s != 0 || u != 0 {
			t.Errorf("told the agency alone: %d shared, %d used", s, u)
		}
		for range 2 { // widened, then changed again: shared once
			w.must(w.write(func(ctx context.Context, tx *db.Tx) (err error) {
				i, err = Change(ctx, tx, w.people["ann"], w.g, i.ID, content(text.EN, Partners, "Lessons from Lagos", "Samples"), i.Revision, "wider")
				return err
			}))
			w.d = w.d.WithClock(func() time.Time { return time.Date(2018, 5, 8, 9, 0, 0, 0, time.UTC) })
		}
		use := func(who, purpose string) error {
			return w.write(func(ctx context.Context, tx *db.Tx) error { return Say(ctx, tx, w.people[who], w.g, i.ID, purpose) })
		}
		w.must(use("ben", "Prepared our mission to Lagos."))
		wantKind(t, "twice in a year", use("bea", "Again"), fault.KindConflict)
		wantKind(t, "one's own", use("abe", "Ours"), fault.KindDenied)
		wantKind(t, "for nothing", use("officer", ""), fault.KindInvalid)
		wantKind(t, "an auditor", use("auditor", "Read"), fault.KindDenied)
		if s, u := count(); s != 1 || u != 1 {
			t.Errorf("%d shared, %d used", s, u)
		}
		w.d = w.d.WithClock(func() time.Time { return time.Date(2019, 2, 1, 9, 0, 0, 0, time.UTC) })
		w.must(use("ben", "After the round.")) // kept, and no evidence: the programme's years are over
		if _, u := count(); u != 1 {
			t.Errorf("%d used after the round", u)
		}
		w.read(func(ctx context.Context, tx *db.Tx) error {
			uses, err := Uses(ctx, tx, w.g, i)
			if len(uses) != 2 || uses[1].Purpose != "Prepared our mission to Lagos." || uses[1].Label != "BETA" {
				t.Errorf("%+v", uses)
			}
			return err
		})
	})
}

func TestQuestionsAndAnswers(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.must(job.Migrate(t.Context(), d))
		secret := w.publish("ben", w.beta, content(text.NL, Own, "Eigen lijst", "Namen"))
		shared := w.publish("ben", w.beta, content(text.NL, Partners, "Agenten in Polen", "Agenten"))
		var q Question
		w.must(w.write(func(ctx context.Context, tx *db.Tx) (err error) {
			q, err = Ask(ctx, tx, w.people["ann"], w.g, Question{Organisation: w.alpha, Language: text.NL, Title: "Wie kent een agent in Polen?",
				Body: "Voor voeding.", Markets: []string{"PL"}})
			return err
		}))
		answer := func(who string, o id.Organisation, item id.Knowledge) error {
			return w.write(func(ctx context.Context, tx *db.Tx) error {
				return Reply(ctx, tx, w.people[who], w.g, q.ID, o, "Zie hier.", item)
			})
		}
		w.must(answer("ben", w.beta, shared.ID))
		w.must(answer("ben", w.beta, secret.ID))
		wantKind(t, "in another's name", answer("ben", w.alpha, ""), fault.KindDenied)
		wantKind(t, "naming what one cannot read", answer("abe", w.alpha, secret.ID), fault.KindInvalid)
		move := func(who string, verb access.VerbName) error {
			return w.write(func(ctx context.Context, tx *db.Tx) error {
				return MoveQuestion(ctx, tx, w.people[who], w.g, q.ID, verb)
			})
		}
		wantKind(t, "another closes it", move("ben", "question.close"), fault.KindDenied)
		wantKind(t, "the agency closes it", move("officer", "question.close"), fault.KindDenied)
		w.must(move("abe", "question.close"))
		wantKind(t, "answered when closed", answer("ben", w.beta, ""), fault.KindConflict)
		w.read(func(ctx context.Context, tx *db.Tx) error {
			all, err := Answers(ctx, tx, w.people["ann"], w.g, q)
			if len(all) != 2 || all[0].ItemTitle != "Agenten in Polen" || all[1].Item != "" || all[1].ItemTitle != "" {
				t.Errorf("answers as the asker reads them: %+v", all)
			}
			if err != nil {
				return err
			}
			closed, err := Questions(ctx, tx, w.people["bea"], w.g, "closed", 10)
			if err != nil {
				return err
			}
			if len(closed) != 1 || closed[0].Answers != 2 {
				t.Errorf("%+v", closed)
			}
			if none, _ := Questions(ctx, tx, w.people["visitor"], w.g, "", 10); none != nil {
				t.Error("a visitor reads questions")
			}
			var letters []string
			rows, err := mailSubjects(ctx, tx)
			letters = append(letters, rows...)
			want := []string{"ALPHA asks: Wie kent een agent in Polen?", "An answer to “Wie kent een agent in Polen?”", "An answer to “Wie kent een agent in Polen?”"}
			if !slices.Equal(letters, want) {
				t.Errorf("letters %q", letters)
			}
			return err
		})
	})
}

func mailSubjects(ctx context.Context, tx *db.Tx) (out []string, err error) {
	err = tx.Each(ctx, db.Query{Text: `select subject from mail order by id`}, nil, func(r *sql.Rows) error {
		var s string
		err := r.Scan(&s)
		out = append(out, s)
		return err
	})
	return out, err
}
