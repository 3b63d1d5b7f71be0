package intake

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// A fault in one place of the by-hand programme, and every fault that is to be told: "file:line column found want".
type breakage struct {
	file, from, to string
	want           []string
}

// broken gives the by-hand programme with one text of one file replaced.
func (b breakage) broken(t *testing.T, whole fstest.MapFS) fstest.MapFS {
	t.Helper()
	files := maps.Clone(whole)
	data := whole[b.file].Data
	if n := bytes.Count(data, []byte(b.from)); n != 1 {
		t.Fatalf("%s holds %q %d times", b.file, b.from, n)
	}
	files[b.file] = &fstest.MapFile{Data: bytes.Replace(data, []byte(b.from), []byte(b.to), 1)}
	return files
}

func faultsOf(t *testing.T, files fstest.MapFS) []string {
	t.Helper()
	_, err := ReadProgramme(files)
	var rows fault.Rows
	if err != nil && !errors.As(err, &rows) {
		t.Fatalf("no row faults: %v", err)
	}
	var told []string
	for _, r := range rows {
		for _, l := range text.Languages() {
			if said := r.Say(l); strings.ContainsAny(said, "{}") || !l.Has(r.Want) {
				t.Errorf("%s in %s: %q", r.Want, l, said)
			}
		}
		told = append(told, fmt.Sprintf("%s:%d %s %q %s", r.File, r.Line, r.Column, r.Found, strings.TrimPrefix(string(r.Want), "intake.want.")))
	}
	return told
}

func TestEveryFaultIsTold(t *testing.T) {
	whole := byHand(t)
	if told := faultsOf(t, whole); len(told) != 0 {
		t.Fatalf("the folder itself is faulty: %v", told)
	}
	for _, b := range slices.Concat(programmeFaults(), peopleFaults(), promiseFaults(), registerFaults(), moneyFaults()) {
		t.Run(b.file+" "+b.to, func(t *testing.T) {
			if told := faultsOf(t, b.broken(t, whole)); !slices.Equal(told, b.want) {
				t.Errorf("%q in place of %q:\n got %s\nwant %s", b.to, b.from, strings.Join(told, "\n     "), strings.Join(b.want, "\n     "))
			}
		})
	}
}

func programmeFaults() []breakage {
	const p, k = "programme.toml", "kpis.toml"
	return []breakage{
		{p, `ends = "2018-12-31"`, `ends = "2018-02-30"`, []string{`programme.toml:4 ends "2018-02-30" date`}},
		{p, `ends = "2018-12-31"`, `ends = 2018-12-31`, nil},
		{p, `currency = "EUR"`, `currency = "KWD"`, []string{`programme.toml:5 currency "KWD" currency`}},
		{p, `currency = "EUR"`, `currency = "EURO"`, []string{`programme.toml:5 currency "EURO" currency`}},
		{p, `agency = "bureau"`, `agency = "alpha"`, []string{`programme.toml:6 agency "alpha" agency`}},
		{p, `invented = true`, `invented = "yes"`, []string{`programme.toml:7 invented "yes" bool`}},
		{p, `rate_bp = 5000`, `rate_bp = 10001`, []string{`programme.toml:19 rate_bp "10001" integer`}},
		{p, `rate_bp = 5000`, `rate_bp = "5000"`, []string{`programme.toml:19 rate_bp "5000" whole_number`}},
		{p, `rate_bp = 5000`, `rate = 5000`, []string{`programme.toml:17 rate_bp "" required`, `programme.toml:19 rate "5000" key`}},
		{p, `from = "2018-01-01"`, `from = "2018-03-01"`, []string{`programme.toml:0 rule "" rule_from_start`}},
		{p, `"delivered"`, `"paid"`, []string{`programme.toml:24 year_of "paid" year_of_known`}},
		{p, `"80000.00"`, `"73000.49"`, []string{`programme.toml:28 amount "73000.49" envelope_holds`}},
		{p, `"80000.00"`, `"80,000"`, []string{`programme.toml:28 amount "80,000" amount`}},
		{p, `[strategy]`, `[strategie]`, []string{`programme.toml:0 strategy "" table_here`, `programme.toml:10 strategie "strategie" table`}},
		{p, `[strategy]`, `[strategy`, []string{`programme.toml:10  "[strategy" toml`}},
		{p, `approver@bureau`, `controller@bureau`, []string{`programme.toml:36 taken_by "controller@bureau.example" role`}},
		{k, `unit = "percent"`, `unit = "procent"`, []string{`kpis.toml:81 unit "procent" one_of`}},
		{k, `kinds = ["held"]`, `kinds = ["holding"]`, []string{`kpis.toml:44 kinds "holding" words_of`}},
		{k, `kinds = ["held"]`, `kinds = [1]`, []string{`kpis.toml:44 kinds "1" strings`}},
		{k, `measure = "amount"`, `measure = ""`, []string{`kpis.toml:67 measure "" measure`}},
		{k, `aggregate = "distinct"`, "aggregate = \"distinct\"\nfilter = \"x\"", []string{`kpis.toml:10 filter "x" key`}},
	}
}

func peopleFaults() []breakage {
	const o, p, c = "organisations.csv", "people.csv", "companies.csv"
	return []breakage{
		{o, "gamma,Gamma Network,Gamma,partner,partners,0", "gamma,Gamma Network,Gamma,partner,partners,", []string{`organisations.csv:5 vat_recoverable_bp "" required`}},
		{o, "code,name,short", "code,naam,short", []string{`organisations.csv:1 naam "naam" column`, `organisations.csv:1 name "" column_here`}},
		{p, "administrator@bureau.example,Admin", "administrator at bureau,Admin", []string{`people.csv:7 email "administrator at bureau" email`}},
		{p, "Officer,officer,bureau,nl", "Officer,officer,bureau,de", []string{`people.csv:2 language "de" one_of`}},
		{p, "Administrator,administrator,bureau", "Administrator,administrator,alpha", []string{`people.csv:7 organisation "alpha" organisation_of_kind`}},
		{p, "administrator@bureau.example,Administrator", "officer@bureau.example,Administrator", []string{`people.csv:7 name "Administrator" same_as`}},
		{p, "Administrator,administrator,bureau,nl", "Administrator,admin,bureau,nl", []string{`people.csv:7 role "admin" one_of`}},
		{c, "1910001759", "1910001758", []string{`companies.csv:2 number "1910001758" company.number.check`}},
		{c, "1910001759", "2910001759", []string{`companies.csv:2 number "2910001759" company.number.first`}},
		{c, "1910001759", "19100017", []string{`companies.csv:2 number "19100017" company.number.digits`}},
		{c, "1910033037", "1910.001.759", []string{`companies.csv:3 number "1910.001.759" once`}},
		{c, "1910001759,BE-CBE", "1910001759,", []string{`companies.csv:2 scheme "" company.scheme.missing`}},
		{c, "9000,Gent,BE", "9000,Gent,BEL", []string{`companies.csv:2 country "BEL" country`}},
		{c, "Proefaks Voeding nv", "Proefaks\xff", []string{"companies.csv:2 name \"Proefaks\ufffd\" utf8"}},
		{c, "Proefaks Voeding nv", "Proefaks\x01", []string{`companies.csv:2 name "Proefaks\x01" printable`}},
		{c, "Proefaks Voeding nv", `"Proefaks, Voeding` + "\r\n" + `nv"`, nil},
		{c, "Wrenkonda Logistiek nv", `Wrenkonda "Logistiek" nv`, []string{
			`companies.csv:10  "" quotes`, `outcomes.csv:13 company "c9" in_file`, `outcomes.csv:18 company "c9" in_file`,
		}},
		{c, "Proefaks Voeding nv", "Proefaks, Voeding nv", []string{`companies.csv:2  "14" cells`}},
		{c, "10.89,", "10.89.1,", []string{`companies.csv:2 nace "10.89.1" nace`}},
	}
}

func promiseFaults() []breakage {
	const a, s, tg = "agreements.csv", "assignments.csv", "targets.csv"
	return []breakage{
		{a, "gamma,active,2018-01-01,2018-01-01,2018-12-31", "gamma,active,2018-01-01,2018-01-01,2019-12-31", []string{`agreements.csv:4 ends "2019-12-31" not_after`}},
		{a, "gamma,active", "gamma,lopend", []string{`agreements.csv:4 state "lopend" one_of`}},
		{"ceilings.csv", "gamma,2018,18000.00", "gamma,2018,18000.00\ngamma,2019,1", []string{`ceilings.csv:5 year "2019" year_in`}},
		{"ceilings.csv", "beta,2018,25000.50", "beta,2018,-1", []string{`ceilings.csv:3 amount "-1" not_below_zero`}},
		{"objectives.csv", "gamma,abroad,abroad", "gamma,abroad,home", []string{`objectives.csv:4 goal "home" in_file`}},
		{s, "beta,abroad,sales,level", "beta,home,sales,level", []string{`assignments.csv:10 objective "home" objective_of`}},
		{s, "beta,abroad,sales,level,0,20", "beta,abroad,sales,progress,,20", []string{`assignments.csv:10 baseline "" baseline`}},
		{s, "beta,abroad,contacts,level,0,30,6000", "beta,abroad,contacts,level,0,30,10000", []string{`assignments.csv:8 floor_bp "10000" integer`}},
		{tg, "beta,sales,2018,9000", "beta,sales,2018,0", []string{`targets.csv:11 value "0" level_above_zero`}},
		{tg, "beta,sales,2018,9000", "beta,sales,2018,9.000,00", []string{
			`targets.csv:11  "7" cells`,
		}},
		{tg, "beta,sales,2018", "beta,satisfaction,2018", []string{`targets.csv:11 kpi "satisfaction" assigned`}},
		{tg, "7,2018-06-15,One member organisation left the federation", "7,2018-06-15,", []string{`targets.csv:3 reason "" reason_amended`}},
		{tg, "7,2018-06-15,One", "7,,One", []string{`targets.csv:3 year "2018" once`}},
		{tg, "alpha,companies,2018,8,,\n", "", []string{`targets.csv:2 set_on "2018-06-15" target_signed`}},
		{"waivers.csv", "no-partner", "nobody", []string{`waivers.csv:2 decision "nobody" in_file`}},
		{"waivers.csv", "gamma,joint,2018", "gamma,joint,2019", []string{`waivers.csv:2 year "2019" target_of`}},
	}
}

// Whatever is missing or too much in the folder itself.
func TestFilesOfTheFolder(t *testing.T) {
	files := byHand(t)
	delete(files, "claims.csv")
	delete(files, "waivers.csv")
	files["outcome.csv"] = &fstest.MapFile{Data: []byte("code\n")}
	files["README.md"] = &fstest.MapFile{Data: []byte("notes")}
	want := []string{`claims.csv:0  "" file`, `outcome.csv:0  "outcome.csv" file_known`}
	if told := faultsOf(t, files); !slices.Equal(told, want) {
		t.Errorf("%s", strings.Join(told, "\n"))
	}
	if told := faultsOf(t, fstest.MapFS{}); len(told) != len(requiredFiles()) {
		t.Errorf("an empty folder: %s", strings.Join(told, "\n"))
	}
}

// A folder with a byte order mark, other line ends and another order of columns reads the same.
func TestHarmlessForms(t *testing.T) {
	files := byHand(t)
	for name, file := range files {
		data := bytes.ReplaceAll(file.Data, []byte("\n"), []byte("\r\n"))
		files[name] = &fstest.MapFile{Data: append([]byte("\ufeff"), data...)}
	}
	files["ceilings.csv"] = &fstest.MapFile{Data: []byte("amount, year ,partner\n30000.00,2018,alpha\n,,\n25000.50, 2018,beta\n18000.00,2018,gamma")}
	if told := faultsOf(t, files); len(told) != 0 {
		t.Errorf("%s", strings.Join(told, "\n"))
	}
}

// Many faults at once are all told, and the database stays as it was.
func TestFaultyFolderChangesNothing(t *testing.T) {
	d := dbtest.Open(t)
	load(t, d, byHand(t))
	before := rowCounts(t, d)
	files := byHand(t)
	n := 0
	for _, b := range []breakage{
		{file: "people.csv", from: "Officer,officer,bureau,nl", to: "Officer,officer,bureau,de"},
		{file: "companies.csv", from: "1910001759", to: "1910001758"},
		{file: "targets.csv", from: "beta,sales,2018,9000", to: "beta,sales,2018,0"},
		{file: "payments.csv", from: "alpha,2018,claim,2,9866.67", to: "alpha,2018,claim,2,9866.68"},
	} {
		files = b.broken(t, files)
		if n++; len(faultsOf(t, files)) != n {
			t.Errorf("%d faults told: %v", n, faultsOf(t, files))
		}
	}
	if f, err := ReadProgramme(files); f != nil || !fault.Is(err, fault.KindInvalid) {
		t.Errorf("%v %v", f, err)
	}
	if !maps.Equal(before, rowCounts(t, d)) {
		t.Error("rows changed")
	}
}

func FuzzReadFolder(f *testing.F) {
	for name, file := range byHand(f) {
		if strings.HasSuffix(name, ".csv") || strings.HasSuffix(name, ".toml") {
			f.Add(name, file.Data)
		}
	}
	f.Add("programme.toml", []byte("a = [[1, {b = 2}], 3]\n[a.b]\n[[c.d]]\n\"\" = 1\n"))
	whole := byHand(f)
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		files := maps.Clone(whole)
		files[name] = &fstest.MapFile{Data: data}
		folder, err := ReadProgramme(files)
		if (folder == nil) == (err == nil) {
			t.Errorf("%v %v", folder, err)
		}
	})
}
