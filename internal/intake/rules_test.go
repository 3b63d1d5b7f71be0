package intake

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"errera.eu/errera/internal/check"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/programme"
)

// withRules is the by-hand programme with tables before its envelope, which stands on line 26.
func withRules(t *testing.T, tables string) fstest.MapFS {
	return breakage{"programme.toml", "[[envelope]]", tables + "\n[[envelope]]", nil}.broken(t, byHand(t))
}

func TestFaultyRulesAreRefused(t *testing.T) {
	for tables, want := range map[string][]string{
		"[[category]]\ncategory = \"lunch\"":                                                {`programme.toml:27 category "lunch" one_of`},
		"[[category]]\nfrom = \"2018-01-01\"":                                               {`programme.toml:26 category "" required`},
		"[[category]]\ncategory = \"travel\"\nkinds = [\"flat\"]":                           {`programme.toml:28 kinds "flat" words_of`},
		"[[category]]\ncategory = \"travel\"\ncap = \"-1\"":                                 {`programme.toml:28 cap "-1" not_below_zero`},
		"[[category]]\ncategory = \"travel\"\ncap = 500":                                    {`programme.toml:28 cap "500" string`},
		"[[category]]\ncategory = \"travel\"\nlimit = \"5.00\"":                             {`programme.toml:28 limit "5.00" key`},
		"[[category]]\ncategory = \"other\"\nflat_bp = 700":                                 {`programme.toml:26 flat_of "" rules.flat_of`},
		"[[category]]\ncategory = \"other\"\nflat_bp = 700\nflat_of = [\"other\"]":          {`programme.toml:29 flat_of "other" rules.flat_of`},
		"[[category]]\ncategory = \"other\"\n[[category]]\ncategory = \"other\"":            {`programme.toml:29 category "other" once_here`},
		"[[verification]]\nsample_bp = 10001":                                               {`programme.toml:27 sample_bp "10001" integer`},
		"[[verification]]\nclaim_days = -1":                                                 {`programme.toml:27 claim_days "-1" integer`},
		"[[verification]]\n[[verification]]":                                                {`programme.toml:27 from "" once_here`},
		"[[category]]\ncategory = \"communication\"\nkinds = []":                            {`cost_items.csv:8 category "communication" category_allowed`},
		"[[category]]\ncategory = \"communication\"\nkinds = []\nfrom = \"2019-06-01\"":     nil, // every claim was handed in before
		"[[category]]\ncategory = \"communication\"\nflat_bp = 700\nflat_of = [\"travel\"]": {`cost_items.csv:8 category "communication" category_allowed`},
		"[[category]]\ncategory = \"other\"\nflat_bp = 700\nflat_of = [\"staff\"]":          {`payments.csv:4 amount "9866.67" funding.paid_too_much`}, // of the first claim it uses up the ceiling
		"[[category]]\ncategory = \"communication\"\ncap = \"100.00\"":                      {`payments.csv:6 amount "4359.43" funding.paid_too_much`}, // the cap counts
	} {
		if told := faultsOf(t, withRules(t, tables)); !slices.Equal(told, want) {
			t.Errorf("%s\n got %s\nwant %s", tables, strings.Join(told, "\n     "), strings.Join(want, "\n     "))
		}
	}
}

// TestRulesAreLoaded: what the folder says of costs is in force from its day, and a cap counts for the items of the folder too; every law of
// the books holds with it.
func TestRulesAreLoaded(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		load(t, d, withRules(t, `[[category]]
category = "communication"
cap = "2000.00"
[[category]]
category = "communication"
from = "2018-07-01"
kinds = ["invoice"]
[[category]]
category = "overhead"
from = "2018-03-01"
flat_bp = 1500
flat_of = ["other"]
[[verification]]
sample_bp = 2500
second_from = "10000.00"
`))
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			g, err := programme.Current(t.Context(), tx, "")
			if err != nil {
				return err
			}
			early, err := funding.LoadRules(t.Context(), tx, g.ID, "2018-06-30")
			if err != nil {
				return err
			}
			if early.Categories["communication"].Cap != 2000_00 || len(early.Categories["communication"].Kinds) != 3 || early.Categories["overhead"].FlatBp != 1500 {
				t.Errorf("on the last of June: %+v", early.Categories)
			}
			if k := early.Claim; k.SampleBp != 2500 || k.SecondFrom != 10_000_00 || k.ClaimDays != 90 {
				t.Errorf("verification: %+v", k)
			}
			late, err := funding.LoadRules(t.Context(), tx, g.ID, "2018-07-01")
			if k := late.Categories["communication"]; k.Cap != 0 || !slices.Equal(k.Kinds, []funding.ItemKind{funding.Invoiced}) {
				t.Errorf("on the first of July: %+v", k)
			}
			if err != nil {
				return err
			}
			found, err := check.Run(t.Context(), tx, "")
			for _, l := range found.Laws {
				for _, f := range l.Findings {
					t.Errorf("%s: %s", l.Name, f)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
