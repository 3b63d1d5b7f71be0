package cube_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/company"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi/cube"
	"errera.eu/errera/internal/period"
)

type world struct {
	*testing.T
	db        *db.DB
	programme id.Programme
	agency    id.Organisation
	partners  []id.Organisation
	companies []id.Company
	officer   access.Actor
	r         *rand.Rand
	rows      []id.Evidence
	merges    []id.Merge
}

func newWorld(t *testing.T, d *db.DB, seed uint64) *world {
	w := &world{T: t, programme: id.New[id.Programme](), agency: id.New[id.Organisation](), r: rand.New(rand.NewPCG(seed, 9))}
	w.db = d.WithClock(func() time.Time { return time.Date(2021, 1, 1, 9, 0, 0, 0, time.UTC) })
	for range 4 {
		w.partners = append(w.partners, id.New[id.Organisation]())
	}
	w.officer = access.Actor{ID: id.New[id.Person](), Memberships: []access.Membership{{Role: access.Officer, Organisation: w.agency, Agency: true}}}
	var companies []company.Company
	for i := range 12 {
		companies = append(companies, company.Company{ID: id.New[id.Company](), Name: "C", Country: "BE", Size: []string{"", "micro", "large"}[i%3]})
		w.companies = append(w.companies, companies[i].ID)
	}
	w.agencyWrite(func(tx *db.Tx) error {
		orgs := [][]any{{w.agency, fmt.Sprint("fit", seed), "A", "A", "agency", "", 0, "a", 0}}
		for i, p := range w.partners {
			orgs = append(orgs, []any{p, fmt.Sprint("p", seed, "-", i), "P", "P", "partner", "", i + 1, "p", 0})
		}
		for _, b := range []struct {
			table   string
			columns []string
			rows    [][]any
		}{
			{"organisation", []string{"id", "code", "name", "short_name", "kind", "calendar_group", "position", "sort_key", "vat_recoverable_bp"}, orgs},
			{"person", []string{"id", "email", "name", "password_hash", "language", "disabled"}, [][]any{{w.officer.ID, fmt.Sprint("o@x", seed, ".example"), "O", "", "en", 0}}},
			{"programme", []string{"id", "code", "name_nl", "name_en", "name_fr", "note_nl", "note_en", "note_fr", "strategy_nl", "strategy_en",
				"strategy_fr", "starts_on", "ends_on", "currency", "agency_id", "invented", "state", "source_hash"},
				[][]any{{w.programme, fmt.Sprint("g", seed), "", "", "", "", "", "", "", "", "", "2017-01-01", "2019-12-31", "EUR", w.agency, 1, "open", ""}}},
			{"programme_head", []string{"programme_id", "seq", "audit_count", "audit_hash"}, [][]any{{w.programme, 0, 0, ""}}},
		} {
			if err := tx.Insert(t.Context(), b.table, b.columns, b.rows); err != nil {
				return err
			}
		}
		return company.Add(t.Context(), tx, companies)
	})
	return w
}

func (w *world) write(fn func(tx *db.Tx) error) {
	w.Helper()
	if err := w.db.Write(w.Context(), w.programme, fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) agencyWrite(fn func(tx *db.Tx) error) {
	w.Helper()
	if err := w.db.WriteAgency(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}

func pick[T any](r *rand.Rand, all ...T) T { return all[r.IntN(len(all))] }

// step does one thing to evidence or companies.
func (w *world) step() {
	w.Helper()
	ctx := w.Context()
	any := func() id.Evidence { return pick(w.r, w.rows...) }
	switch n := w.r.IntN(12); {
	case n < 5 || len(w.rows) == 0:
		var rows []evidence.New
		for range 1 + w.r.IntN(4) {
			rows = append(rows, w.row())
			w.rows = append(w.rows, rows[len(rows)-1].ID)
		}
		w.write(func(tx *db.Tx) error { return evidence.Record(ctx, tx, w.programme, rows) })
	case n < 9: // verify, reject or reopen, as the state allows
		e, verbs := any(), []func(context.Context, *db.Tx, id.Evidence) error{
			func(ctx context.Context, tx *db.Tx, e id.Evidence) error {
				return evidence.Verify(ctx, tx, w.officer, w.programme, e, "")
			},
			func(ctx context.Context, tx *db.Tx, e id.Evidence) error {
				return evidence.Reject(ctx, tx, w.officer, w.programme, e, "no")
			},
			func(ctx context.Context, tx *db.Tx, e id.Evidence) error {
				return evidence.Reopen(ctx, tx, w.officer, w.programme, e, "yes")
			}}
		verb := pick(w.r, verbs...)
		_ = w.db.Write(ctx, w.programme, func(tx *db.Tx) error { return verb(ctx, tx, e) }) // a state that forbids it changes nothing
	case n < 10:
		e, credits := any(), w.credits()
		_ = w.db.Write(ctx, w.programme, func(tx *db.Tx) error { // the same shares again are refused
			return evidence.Reshare(ctx, tx, w.officer, w.programme, e, credits, "agreed since")
		})
	case n < 11:
		a, b := pick(w.r, w.companies...), pick(w.r, w.companies...)
		var m id.Merge
		if err := w.db.WriteAgency(ctx, func(tx *db.Tx) (err error) {
			m, err = company.Join(ctx, tx, w.officer, a, b, "one")
			return err
		}); err == nil {
			w.merges = append(w.merges, m)
		}
	case len(w.merges) > 0:
		i := w.r.IntN(len(w.merges))
		w.agencyWrite(func(tx *db.Tx) error { return company.Part(ctx, tx, w.officer, w.merges[i], "two") })
		w.merges = slices.Delete(w.merges, i, i+1)
	}
}

func (w *world) credits() []evidence.Credit {
	i := w.r.IntN(len(w.partners))
	all := []evidence.Credit{{Organisation: w.partners[i], Weight: 1 + int64(w.r.IntN(3))}}
	if w.r.IntN(3) == 0 {
		all = append(all, evidence.Credit{Organisation: w.partners[(i+1)%len(w.partners)], Weight: 1})
	}
	return all
}

func (w *world) row() evidence.New {
	on := period.Of(period.Year(2017+w.r.IntN(3)), 1, 1).AddDays(w.r.IntN(360))
	e := id.New[id.Evidence]()
	n := evidence.New{ID: e, Kind: pick(w.r, evidence.Participation, evidence.Contact, evidence.Win), Dated: on, Market: pick(w.r, "CN", "FR", "JP"),
		Sector: pick(w.r, "food", "tech"), ActivityType: pick(w.r, "mission", "seminar"), SourceKind: "t", SourceID: string(e), Credits: w.credits(),
		ReportedOn: on}
	if w.r.IntN(8) > 0 {
		n.Company = pick(w.r, w.companies...)
	}
	return n
}

// counted is the slice counted row by row: what the cube is held against.
func counted(rows []evidence.Row, s cube.Slice) cube.Count {
	has := func(list []string, v string) bool { return len(list) == 0 || slices.Contains(list, v) }
	seen := map[id.Company]bool{}
	var out cube.Count
	for _, r := range rows {
		q := cube.QuarterOf(r.Year, r.Dated)
		if r.Root == "" || r.State == evidence.Rejected || s.Basis == cube.Proven && r.State != evidence.Verified || q < s.From || s.To != 0 && q > s.To ||
			!has(s.Markets, r.Market) || !has(s.Sectors, r.Sector) || !has(s.Sizes, r.Size) || !has(s.Types, r.ActivityType) ||
			len(s.Kinds) > 0 && !slices.Contains(s.Kinds, r.Kind) ||
			len(s.Partners) > 0 && !slices.ContainsFunc(s.Partners, func(o id.Organisation) bool { return r.CreditOf(o) > 0 }) {
			continue
		}
		out.Contacts++
		seen[r.Root] = true
	}
	out.Companies = len(seen)
	return out
}

func (w *world) slice() cube.Slice {
	some := func(all ...string) (list []string) {
		for _, v := range all {
			if w.r.IntN(3) == 0 {
				list = append(list, v)
			}
		}
		return list
	}
	s := cube.Slice{Markets: some("CN", "FR", "JP", "none"), Sectors: some("food", "tech"), Sizes: some("", "micro", "large"), Types: some("mission", "seminar"),
		Basis: cube.Basis(w.r.IntN(2))}
	for _, p := range w.partners {
		if w.r.IntN(4) == 0 {
			s.Partners = append(s.Partners, p)
		}
	}
	if w.r.IntN(2) == 0 {
		s.Kinds = []evidence.Kind{pick(w.r, evidence.Participation, evidence.Contact, evidence.Win)}
	}
	if w.r.IntN(2) == 0 {
		s.From = cube.Quarter(2017*4 + w.r.IntN(12))
		s.To = pick(w.r, 0, s.From, s.From+3)
	}
	return s
}

// hold compares slices and every cell of a view with the rows themselves.
func (w *world) hold(name string, cache *cube.Cache, d *db.DB) {
	w.Helper()
	reach := []evidence.Kind{evidence.Participation, evidence.Contact}
	err := d.Read(w.Context(), func(tx *db.Tx) error {
		rows, err := evidence.Of(w.Context(), tx, w.programme, evidence.Query{From: 0, To: 9999})
		if err != nil {
			return err
		}
		return cache.With(w.Context(), tx, w.programme, func(c *cube.Cube) error {
			for range 6 {
				s := w.slice()
				if got, want := c.Count(s), counted(rows, s); got != want {
					w.Fatalf("%s: %+v holds %+v, want %+v", name, s, got, want)
				}
				w.overlap(name, c, s)
				w.by(name, c, s)
			}
			sum := 0
			for _, p := range append([]id.Organisation{""}, w.partners...) {
				for year := period.Year(2016); year <= 2019; year++ {
					for q := range 5 {
						for axis, values := range map[cube.Axis][]string{cube.Whole: {""}, cube.ByMarket: {"CN", "FR"}, cube.BySize: {"", "micro"}, cube.ByType: {"mission"}} {
							for _, v := range values {
								w.cell(name, c, rows, reach, cube.Cell{Partner: p, Year: year, Quarter: q, Axis: axis, Value: v})
							}
						}
					}
				}
				if p != "" {
					sum += c.At(reach, cube.Counting, cube.Cell{Partner: p}).Companies
				}
			}
			if union := c.At(reach, cube.Counting, cube.Cell{}).Companies; union > sum {
				w.Fatalf("%s: the union of %d is more than the sum of %d", name, union, sum)
			}
			return nil
		})
	})
	if err != nil {
		w.Fatal(err)
	}
}

// overlap holds what pairs share against slices of one and of two.
func (w *world) overlap(name string, c *cube.Cube, s cube.Slice) {
	w.Helper()
	o := c.Overlap(s, w.partners)
	if got := c.Count(s); o.Count != got {
		w.Fatalf("%s: the overlap of %+v counts %+v, the slice %+v", name, s, o.Count, got)
	}
	if len(s.Partners) > 0 {
		return // a slice of some partners holds no rows of the others alone
	}
	for i, p := range w.partners {
		one := s
		one.Partners = []id.Organisation{p}
		if got := c.Count(one); o.Each[i] != got || o.Pairs[i][i] != got.Companies {
			w.Fatalf("%s: partner %d of %+v has %+v, %+v", name, i, s, o.Each[i], got)
		}
		for j, q := range w.partners[:i] {
			either := s
			either.Partners = []id.Organisation{p, q}
			if both := o.Each[i].Companies + o.Each[j].Companies - c.Count(either).Companies; o.Pairs[i][j] != both || o.Pairs[j][i] != both {
				w.Fatalf("%s: partners %d and %d share %d, not %d", name, i, j, o.Pairs[i][j], both)
			}
		}
	}
}

// by holds the parts by market against slices of one market.
func (w *world) by(name string, c *cube.Cube, s cube.Slice) {
	w.Helper()
	parts := c.By(s, cube.ByMarket)
	for _, market := range []string{"CN", "FR", "JP", "none"} {
		one := s
		one.Markets = []string{market}
		want := c.Count(one)
		if len(s.Markets) > 0 && !slices.Contains(s.Markets, market) {
			want = cube.Count{}
		}
		if got := parts[market]; got != want {
			w.Fatalf("%s: %s of %+v has %+v, not %+v", name, market, s, got, want)
		}
	}
}

func (w *world) cell(name string, c *cube.Cube, rows []evidence.Row, kinds []evidence.Kind, cell cube.Cell) {
	w.Helper()
	s := cube.Slice{Kinds: kinds}
	if cell.Partner != "" {
		s.Partners = []id.Organisation{cell.Partner}
	}
	if cell.Year != 0 {
		s.From, s.To = cube.Quarter(int(cell.Year)*4), cube.Quarter(int(cell.Year)*4+3)
		if cell.Quarter != 0 {
			s.From = cube.Quarter(int(cell.Year)*4 + cell.Quarter - 1)
			s.To = s.From
		}
	} else if cell.Quarter != 0 {
		return
	}
	switch cell.Axis {
	case cube.ByMarket:
		s.Markets = []string{cell.Value}
	case cube.BySize:
		s.Sizes = []string{cell.Value}
	case cube.ByType:
		s.Types = []string{cell.Value}
	}
	if got, want := c.At(kinds, cube.Counting, cell), counted(rows, s); got != want {
		w.Fatalf("%s: cell %+v holds %+v, want %+v", name, cell, got, want)
	}
}

// For any sequence of record, verify, reject, reopen, reshare, merge and unmerge, a cube that only ever caught up is the one computed from
// scratch, is the rows themselves; and two processes agree.
func TestIncrementalIsFromScratch(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		for seed := range uint64(3) {
			w := newWorld(t, d, seed)
			one, two := cube.NewCache(), cube.NewCache()
			for n := range 60 {
				w.step()
				if n%3 == 0 {
					w.hold("kept up to date", one, w.db)
				}
				if n%20 == 19 {
					w.hold("another process", two, w.db)
					w.hold("from scratch", cube.NewCache(), w.db)
				}
			}
		}
	})
}

// A unit of work that began before the cube's last change still sees what it saw.
func TestAnOlderReaderSeesItsOwn(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 5)
		row := w.row()
		row.Company = w.companies[0]
		w.write(func(tx *db.Tx) error { return evidence.Record(t.Context(), tx, w.programme, []evidence.New{row}) })
		cache := cube.NewCache()
		count := func(tx *db.Tx) (n int) {
			if err := cache.With(t.Context(), tx, w.programme, func(c *cube.Cube) error { n = c.Count(cube.Slice{}).Contacts; return nil }); err != nil {
				t.Fatal(err)
			}
			return n
		}
		began, written, done := make(chan bool), make(chan bool), make(chan error)
		go func() {
			done <- w.db.Read(t.Context(), func(tx *db.Tx) error {
				if _, err := tx.Version(t.Context(), w.programme); err != nil { // the snapshot begins here
					return err
				}
				began <- true
				<-written
				if n := count(tx); n != 1 {
					t.Errorf("an older reader counts %d", n)
				}
				return nil
			})
		}()
		<-began
		w.write(func(tx *db.Tx) error {
			return evidence.Reject(t.Context(), tx, w.officer, w.programme, row.ID, "no")
		})
		if err := w.db.Read(t.Context(), func(tx *db.Tx) error {
			if n := count(tx); n != 0 {
				t.Errorf("a new reader counts %d", n)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		written <- true
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	})
}
