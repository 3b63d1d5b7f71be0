package main

import (
	"encoding/csv"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

// row is one CSV row by column name.
type row map[string]string

// folder is a programme as read back from its files, knowing nothing of how they were made.
type folder struct {
	t      *testing.T
	dir    string
	tables map[string][]row
	prog   programmeToml
	kpi    map[string]kpiToml
}

type programmeToml struct {
	Code, Agency string
	Rule         []struct {
		Rate        int64 `toml:"rate_bp"`
		Performance int64 `toml:"performance_bp"`
		Advance     int64 `toml:"advance_bp"`
	}
	Goal     []struct{ Code string }
	Envelope []struct {
		Year   int
		Amount string
	}
	Decision []struct {
		Code, Kind, Date string
		TakenBy          string `toml:"taken_by"`
	}
}

type kpiToml struct {
	Code, Aggregate, Joint, Measure, Threshold string
	Kinds                                      []string
	JointOnly                                  bool  `toml:"joint_only"`
	MinSample                                  int64 `toml:"min_sample"`
}

func readFolder(t *testing.T, dir string) *folder {
	t.Helper()
	f := &folder{t: t, dir: dir, tables: map[string][]row{}, kpi: map[string]kpiToml{}}
	files, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no CSV files in %s: %v", dir, err)
	}
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		all, err := csv.NewReader(file).ReadAll()
		file.Close()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, cells := range all[1:] {
			r := row{}
			for i, column := range all[0] {
				r[column] = cells[i]
			}
			f.tables[strings.TrimSuffix(filepath.Base(name), ".csv")] = append(f.tables[strings.TrimSuffix(filepath.Base(name), ".csv")], r)
		}
	}
	f.toml("programme.toml", &f.prog)
	var k struct{ Kpi []kpiToml }
	f.toml("kpis.toml", &k)
	for _, d := range k.Kpi {
		f.kpi[d.Code] = d
	}
	return f
}

func (f *folder) toml(name string, into any) {
	f.t.Helper()
	b, err := os.ReadFile(filepath.Join(f.dir, name))
	if err == nil {
		err = toml.Unmarshal(b, into)
	}
	if err != nil {
		f.t.Fatalf("%s: %v", name, err)
	}
}

func (f *folder) by(table string, columns ...string) map[string]row {
	f.t.Helper()
	m := map[string]row{}
	for n, r := range f.tables[table] {
		var parts []string
		for _, c := range columns {
			parts = append(parts, r[c])
		}
		k := strings.Join(parts, "/")
		if _, twice := m[k]; twice {
			f.t.Errorf("%s line %d: %s twice", table, n+2, k)
		}
		m[k] = r
	}
	return m
}

// money reads an amount with at most two decimals into cents.
func money(t *testing.T, s string) int64 {
	t.Helper()
	if s == "" {
		return 0
	}
	units, part, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(units+(part + "00")[:2], 10, 64)
	if err != nil || len(part) > 2 {
		t.Fatalf("amount %q: %v", s, err)
	}
	return n
}

func whole64(t *testing.T, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// away is x rounded half away from zero.
func away(x *big.Rat) int64 {
	n, d := new(big.Int).Set(x.Num()), x.Denom()
	negative := n.Sign() < 0
	n.Abs(n).Mul(n, big.NewInt(2)).Add(n, d)
	n.Quo(n, new(big.Int).Mul(d, big.NewInt(2)))
	if negative {
		return -n.Int64()
	}
	return n.Int64()
}

func down(x *big.Rat) int64 {
	q, m := new(big.Int).DivMod(x.Num(), x.Denom(), new(big.Int))
	_ = m
	return q.Int64()
}

// acceptedCost applies domain.md section 4.1 to a row, in exact fractions.
func (f *folder) acceptedCost(r, organisation row) int64 {
	if r["state"] != "accepted" && r["state"] != "deducted" {
		return 0
	}
	rate := big.NewRat(1, 1)
	if r["rate"] != "" {
		rate.SetString(r["rate"])
	}
	net := away(new(big.Rat).Mul(big.NewRat(money(f.t, r["net"]), 1), rate))
	vat := away(new(big.Rat).Mul(big.NewRat(money(f.t, r["vat"]), 1), rate))
	eligible := net + away(big.NewRat(vat*(10000-whole64(f.t, organisation["vat_recoverable_bp"])), 10000))
	deducted := money(f.t, r["deducted"])
	if deducted < 0 || deducted > max(0, eligible) || (r["state"] == "deducted") != (deducted > 0) {
		f.t.Errorf("item %s: deducted %d of %d, state %s", r["ref"], deducted, eligible, r["state"])
	}
	if eligible < 0 {
		return eligible
	}
	return max(0, eligible-deducted-money(f.t, r["other_money"]))
}

// creditsOf reads "agoria:2 voka:1" as fractions of the whole.
func creditsOf(t *testing.T, cell string) map[string]*big.Rat {
	t.Helper()
	weights, sum := map[string]int64{}, int64(0)
	for _, word := range strings.Fields(cell) {
		code, n, ok := strings.Cut(word, ":")
		if !ok {
			n = "1"
		}
		if _, twice := weights[code]; twice {
			t.Errorf("credit %q names %s twice", cell, code)
		}
		weights[code] = whole64(t, n)
		sum += weights[code]
	}
	out := map[string]*big.Rat{}
	for code, n := range weights {
		out[code] = big.NewRat(n, sum)
	}
	return out
}
