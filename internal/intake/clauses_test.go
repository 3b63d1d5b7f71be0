package intake

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/template"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/programme"
)

const ownClauses = `[[clause]]
code = "purpose"
level = 1
title = { nl = "Doel", en = "Purpose", fr = "But" }

[[clause]]
code = "money"
level = 2
title = { nl = "Geld", en = "Money", fr = "Argent" }
text = { nl = "{partner}: {ceiling_2018}", en = "{partner}: {ceiling_2018}", fr = "{partner} : {ceiling_2018}" }
`

// TestAProgrammeBringsItsClauses: its agreements begin with them, and what is wrong with them has its line. Without the file they are the
// standard ones, which the other tests of loading see.
func TestAProgrammeBringsItsClauses(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		files := byHand(t)
		files[clausesFile] = &fstest.MapFile{Data: []byte(ownClauses)}
		folder, err := ReadProgramme(files)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Load(t.Context(), d, access.System("operator"), folder, nil); err != nil {
			t.Fatal(err)
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			p, err := programme.Current(t.Context(), tx, "by-hand")
			if err != nil {
				return err
			}
			all, err := template.Load(t.Context(), tx, p.ID)
			if err != nil || len(all) != 2 || all[1].Code != "money" || all[1].Text.FR != "{partner} : {ceiling_2018}" {
				t.Errorf("%+v %v", all, err)
			}
			a, err := agreement.ByPartner(t.Context(), tx, access.All, p.ID, "alpha")
			if err != nil {
				return err
			}
			v, err := agreement.LoadVersion(t.Context(), tx, p.ID, a.ID, 1)
			if c := v.Document.Clauses; err != nil || len(c) != 2 || c[0].Title != "Doel" {
				t.Errorf("%+v %v", c, err)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestFaultyClausesAreTold(t *testing.T) {
	for _, c := range []struct{ was, is, want string }{
		{`{partner}: {ceiling_2018}", en`, `{partner}: {ceiling_2031}", en`, "clauses.toml:10 text.nl template.want.field"},
		{`, en = "Money"`, ``, "clauses.toml:6 title.en template.want.language"},
		{`level = 2`, `level = "2"`, "clauses.toml:8 level intake.want.whole_number"},
		{`code = "money"`, `code = "purpose"`, "clauses.toml:7 code intake.want.once"},
		{ownClauses, ``, "clauses.toml:0 clause intake.want.table_here"},
	} {
		files := byHand(t)
		files[clausesFile] = &fstest.MapFile{Data: []byte(strings.Replace(ownClauses, c.was, c.is, 1))}
		_, err := ReadProgramme(files)
		rows, is := err.(fault.Rows)
		if !is || len(rows) != 1 {
			t.Errorf("%q: %v", c.is, err)
			continue
		}
		if told := fmt.Sprintf("%s:%d %s %s", rows[0].File, rows[0].Line, rows[0].Column, rows[0].Want); told != c.want {
			t.Errorf("%q: %s, not %s", c.is, told, c.want)
		}
	}
}
