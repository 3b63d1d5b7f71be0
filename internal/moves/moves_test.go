package moves

import (
	"errors"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/template"
	"errera.eu/errera/internal/check"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/intake"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/payment"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/text"
)

func loadBefore(t *testing.T, d *db.DB) {
	t.Helper()
	folder, err := intake.ReadProgramme(os.DirFS("../../demo/fit-2022-2026"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := intake.Load(t.Context(), d, access.System("operator"), folder, nil); err != nil {
		t.Fatal(err)
	}
	if err := job.Migrate(t.Context(), d); err != nil {
		t.Fatal(err)
	}
}

// TestTheDemoUnderNegotiation plays the round of the demo: where its candidates and agreements stand, and that a second time is refused whole.
func TestTheDemoUnderNegotiation(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		loadBefore(t, d)
		claimsOfTheDemo(t, d)
		r, err := Read(os.DirFS("../../demo/fit-2027-2031"))
		if err != nil {
			t.Fatal(err)
		}
		opened, err := Load(t.Context(), d, r)
		if err != nil {
			t.Fatal(err)
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			candidates := map[agreement.CandidateState]int{}
			all, err := agreement.Candidates(t.Context(), tx, access.System("operator"), opened.ID)
			for _, c := range all {
				candidates[c.State]++
			}
			if err != nil || len(all) != 22 || candidates["drafted"] != 8 || candidates["declined"] != 1 || candidates["assessed"] != 1 || candidates["invited"] != 2 {
				t.Errorf("candidates %v %v", candidates, err)
			}
			states := map[agreement.State]int{}
			agreements, err := agreement.List(t.Context(), tx, access.All, opened.ID)
			for _, a := range agreements {
				states[a.State]++
			}
			if err != nil || states[agreement.Agreed] != 3 || states[agreement.Negotiating] != 4 || states[agreement.Draft] != 1 {
				t.Errorf("agreements %v %v", states, err)
			}
			a, err := agreement.ByPartner(t.Context(), tx, access.All, opened.ID, "voka")
			if err != nil {
				return err
			}
			versions, err := agreement.Versions(t.Context(), tx, opened.ID, a.ID)
			comments, failed := agreement.Comments(t.Context(), tx, opened.ID, a.ID)
			if err != nil || failed != nil || len(versions) != 3 || len(comments) != 2 {
				t.Errorf("voka: %d versions, %d comments, %v %v", len(versions), len(comments), err, failed)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Load(t.Context(), d, r); !fault.Is(err, fault.KindInvalid) && !fault.Is(err, fault.KindConflict) {
			t.Errorf("twice: %v", err)
		}
	})
}

const goodRound = `code = "next"
follows = "fit-2022-2026"
opened_by = "industry@fit.example"
name = { nl = "a", en = "b", fr = "c" }
starts = "2027-01-01"
ends = "2031-12-31"
[[criterion]]
code = "reach"
weight = 1
name = { nl = "a", en = "b", fr = "c" }
`

// TestARoundBringsItsClauses: those of round.toml are the next agreements'; without any, those of the round before.
func TestARoundBringsItsClauses(t *testing.T) {
	for own, want := range map[string]int{"": len(agreement.StandardClauses()),
		"[[clause]]\ncode = \"own\"\nlevel = 1\ntitle = { nl = \"a\", en = \"b {ceiling_2031}\", fr = \"c\" }\n": 1} {
		d := dbtest.SQLite(t)
		loadBefore(t, d)
		r, err := Read(fstest.MapFS{RoundFile: {Data: []byte(goodRound + own)}, MovesFile: {Data: []byte("move,partner,by,place,value,words\n")}})
		if err != nil {
			t.Fatal(err)
		}
		opened, err := Load(t.Context(), d, r)
		if err != nil {
			t.Fatal(err)
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			all, err := template.Load(t.Context(), tx, opened.ID)
			if len(all) != want {
				t.Errorf("%d clauses, not %d", len(all), want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestFaultsNameTheLine: what is wrong is named by file, line and column, and nothing is opened.
func TestFaultsNameTheLine(t *testing.T) {
	d := dbtest.SQLite(t)
	loadBefore(t, d)
	for _, c := range []struct {
		name, round, moves, file, column, found string
		line                                    int
	}{
		{"a move that is none", goodRound, "guess,voka,industry@fit.example,,,\n", MovesFile, "move", "guess", 2},
		{"nobody", goodRound, "name,voka,,,,why\n", MovesFile, "by", "", 2},
		{"cells", goodRound, "name,voka\n", MovesFile, "", "", 2},
		{"a clause short of a language", goodRound + "[[clause]]\ncode = \"x\"\nlevel = 1\ntitle = { nl = \"a\", en = \"b\" }\n", "", RoundFile, "title.fr", "", 11},
		{"a clause with an unknown field", goodRound + "[[clause]]\ncode = \"x\"\nlevel = 1\ntitle = { nl = \"{a}\", en = \"b\", fr = \"c\" }\n", "", RoundFile, "title.nl", "{a}", 14},
		{"a clause with another key", goodRound + "[[clause]]\ncode = \"x\"\ncolour = 1\n", "", RoundFile, "clause.colour", "", 13},
		{"unknown key", "colour = 1\n" + goodRound, "", RoundFile, "colour", "", 1},
		{"not TOML", "code =\n", "", RoundFile, "", "", 1},
		{"envelope", "envelope = \"much\"\n" + goodRound, "", RoundFile, "envelope", "much", 0},
		{"no round before", strings.Replace(goodRound, "fit-2022-2026", "fit-1999", 1), "", RoundFile, "follows", "fit-1999", 0},
		{"a stranger", goodRound, "name,voka,nobody@fit.example,,,why\n", MovesFile, "move", "name", 2},
		{"no leave", goodRound, "name,voka,coordinator@voka.example,,,why\n", MovesFile, "move", "name", 2},
		{"no such partner", goodRound, "name,voka,industry@fit.example,,,why\nname,vokka,industry@fit.example,,,why\n", MovesFile, "move", "name partner", 3},
		{"points", goodRound, "name,voka,industry@fit.example,,,why\nscore,voka,assessor@fit.example,reach,six,why\n", MovesFile, "move", "score value", 3},
		{"unfinished", goodRound, "answer,voka,coordinator@voka.example,reach,,words\n", MovesFile, "partner", "voka", 0},
	} {
		folder := fstest.MapFS{RoundFile: {Data: []byte(c.round)}, MovesFile: {Data: []byte("move,partner,by,place,value,words\n" + c.moves)}}
		r, err := Read(folder)
		if err == nil {
			_, err = Load(t.Context(), d, r)
		}
		rows, is := err.(fault.Rows)
		if !is || len(rows) != 1 || rows[0].File != c.file || rows[0].Column != c.column || rows[0].Found != c.found || rows[0].Line != c.line {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(d.Read(t.Context(), func(tx *db.Tx) error {
		_, found, err := programme.Find(t.Context(), tx, "next")
		if found {
			t.Error("a faulty round was opened")
		}
		return err
	}))
	if _, err := Read(fstest.MapFS{}); len(err.(fault.Rows)) != 2 {
		t.Errorf("an empty folder: %v", err)
	}
}

// TestSet changes each kind of place, and no other.
func TestSet(t *testing.T) {
	d := agreement.Document{Language: text.NL, Starts: "2027-01-01", Ends: "2028-12-31", Clauses: []agreement.Clause{{Code: "aim", Text: "old"}},
		Ceilings: []agreement.YearAmount{{Year: 2027}}, KPIs: []agreement.Promise{{KPI: "reach"}}}
	for _, c := range []struct{ place, value, words string }{{"clause.aim", "", "new"}, {"ceiling.2027", "12.50", ""}, {"kpi.reach.baseline", "3", ""},
		{"kpi.reach.weight", "40", ""}, {"kpi.reach.target.2028", "9", ""}, {"kpi.reach.target.2027", "8", ""}} {
		if err := set(&d, c.place, c.value, c.words); err != nil {
			t.Errorf("%s: %v", c.place, err)
		}
	}
	k := d.KPIs[0]
	if d.Clauses[0].Text != "new" || d.Ceilings[0].Amount != 12_50 || k.Baseline != "3" || k.Weight != 40 || k.Target(2028) != "9" || k.Targets[0].Year != 2027 {
		t.Errorf("%+v", d)
	}
	for _, place := range []string{"", "clause.none", "ceiling.2031", "kpi.none.weight", "kpi.reach.colour", "terms"} {
		if err := set(&d, place, "1", "x"); !fault.Is(err, fault.KindInvalid) || fault.Of(err).Field != "place" {
			t.Errorf("%s: %v", place, err)
		}
	}
	for _, c := range [][2]string{{"ceiling.2027", "much"}, {"kpi.reach.weight", "1.5"}, {"kpi.reach.baseline", "many"}} {
		if err := set(&d, c[0], c[1], ""); fault.Of(err).Field != "value" {
			t.Errorf("%s: %v", c[0], err)
		}
	}
}

// claimsOfTheDemo takes the claims of the running round up: what waits for whom afterwards, that every law still holds, and that a
// second time is refused whole.
func claimsOfTheDemo(t *testing.T, d *db.DB) {
	t.Helper()
	r, err := ReadClaims(os.DirFS("../../demo/fit-2022-2026/claims"))
	if err != nil {
		t.Fatal(err)
	}
	var g programme.Programme
	read := func(fn func(tx *db.Tx) error) {
		t.Helper()
		if err := d.Read(t.Context(), fn); err != nil {
			t.Fatal(err)
		}
	}
	read(func(tx *db.Tx) (err error) {
		g, err = programme.Current(t.Context(), tx, "fit-2022-2026")
		return err
	})
	if err := LoadClaims(t.Context(), d, g, r); err != nil {
		t.Fatal(err)
	}
	read(func(tx *db.Tx) error {
		for partner, state := range map[string]string{"x-voedingsrad": "approved", "agoria": "verified", "x-familiezaak": "queried",
			"voka": "in-verification", "x-gamewerf": "submitted"} {
			all, err := report.LoadClaims(t.Context(), tx, g.ID, report.CostFilter{Scope: access.All, Partner: partner, Year: 2026})
			if err != nil || len(all) != 1 || string(all[0].State) != state {
				t.Errorf("%s: %+v %v, want %s", partner, all, err, state)
			}
		}
		due, failed := payment.Payables(t.Context(), tx, access.System("operator"), g.ID)
		if failed != nil || len(due) != 3 {
			t.Errorf("%d payments are due, %v", len(due), failed)
		}
		found, failed := check.Run(t.Context(), tx, "")
		if failed != nil || found.Err() != nil {
			t.Errorf("laws: %v %v", failed, found.Err())
		}
		return nil
	})
	var rows fault.Rows
	if err := LoadClaims(t.Context(), d, g, r); !errors.As(err, &rows) || rows[0].Found != "open" {
		t.Errorf("twice: %v", err)
	}
}
