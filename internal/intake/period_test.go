package intake

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// TestPeriodsOfAPartnerDoNotOverlap: a second programme in which the partners of the first have agreements in the same days is refused at the
// row of each, and leaves nothing behind.
func TestPeriodsOfAPartnerDoNotOverlap(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		load(t, d, byHand(t))
		files := byHand(t)
		code := bytes.Replace(files["programme.toml"].Data, []byte(`code = "by-hand"`), []byte(`code = "beside"`), 1)
		files["programme.toml"] = &fstest.MapFile{Data: code}
		folder, err := ReadProgramme(files)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Load(t.Context(), d, access.System("operator"), folder, nil)
		var rows fault.Rows
		if !errors.As(err, &rows) || len(rows) != 3 {
			t.Fatalf("%v", err)
		}
		for i, r := range rows {
			if r.File != "agreements.csv" || r.Line != i+2 || r.Column != "starts" || r.Found != "2018-01-01" || !strings.Contains(r.Say(text.EN), "in by-hand one runs from") {
				t.Errorf("%s", r.Say(text.EN))
			}
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			_, found, err := programme.Find(t.Context(), tx, "beside")
			if found {
				t.Error("a refused programme left something behind")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
