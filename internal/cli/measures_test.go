package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/check"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/kpi/measure"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// statedCSV says of the small programme what no row of evidence does: a zero, that nothing is reported, quarters, and a ratio by its parts.
const statedCSV = `partner,kpi,year,quarter,status,value,numerator,denominator,target
alpha,joint,2018,,,0,,,
beta,joint,2018,,not-reported,,,,2
gamma,contacts,2018,1,value,3.5,,,
gamma,contacts,2018,2,not-reported,,,,
alpha,satisfaction,2018,,,75,9,12,80
beta,sales,2018,,,1200.50,,,
`

type office struct {
	*house
	t *testing.T
}

func (o office) declare(name, body string) (measure.Report, error) {
	o.t.Helper()
	rows, err := measure.Read(name, strings.NewReader(body), []string{"alpha", "beta", "gamma"})
	if err != nil {
		return measure.Report{}, err
	}
	var done measure.Report
	err = o.db.Write(o.t.Context(), o.programme.ID, func(tx *db.Tx) (err error) {
		done, err = measure.Declare(o.t.Context(), tx, access.System("test"), o.programme, name, rows)
		return err
	})
	return done, err
}

func (o office) table() *measure.Table {
	o.t.Helper()
	var t *measure.Table
	if err := o.db.Read(o.t.Context(), func(tx *db.Tx) (err error) {
		t, err = measure.Load(o.t.Context(), tx, nil, access.All, o.programme)
		return err
	}); err != nil {
		o.t.Fatal(err)
	}
	return t
}

// said is what is declared, as text: who, of what, when, and what.
func (o office) said() []string {
	var all []string
	for _, r := range o.table().Rows {
		if r.Basis == measure.Declared {
			all = append(all, strings.Join([]string{r.Partner, r.KPI, string(r.Span().From), string(r.Status), r.Value, r.Num, r.Den}, " "))
		}
	}
	slices.Sort(all)
	return all
}

func (o office) computed(partner, code string) measure.Row {
	o.t.Helper()
	for _, r := range o.table().Rows {
		if r.Basis == measure.Computed && r.Partner == partner && r.KPI == code {
			return r
		}
	}
	o.t.Fatalf("%s has no %s", partner, code)
	return measure.Row{}
}

func onBoth(t *testing.T, test func(t *testing.T, o office)) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		loadFolder(t, d, byHand())
		test(t, office{serveHouse(t, d), t})
	})
}

// files writes what the office knows in each form.
func (o office) files() map[string][]byte {
	o.t.Helper()
	all := map[string][]byte{}
	table := o.table()
	for name, write := range map[string]func(*bytes.Buffer) error{
		"m.csv":  func(b *bytes.Buffer) error { return table.WriteCSV(b) },
		"m.xlsx": func(b *bytes.Buffer) error { return table.WriteXLSX(b) },
		"m.xml": func(b *bytes.Buffer) error {
			return table.WriteIATI(b, "XM-TEST", "https://errera.example", "2019-01-01T00:00:00Z")
		},
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			o.t.Fatal(name, err)
		}
		all[name] = b.Bytes()
	}
	return all
}

// TestNotReportedIsNeverZero goes through the database, CSV, XLSX, IATI and the interface, there and back (golden case 4 of results frameworks).
func TestNotReportedIsNeverZero(t *testing.T) {
	var first map[string][]byte
	var want []string
	onBoth(t, func(t *testing.T, o office) {
		before := o.computed("gamma", "contacts")
		done, err := o.declare("stated.csv", statedCSV)
		if err != nil || done.Added != 6 {
			t.Fatalf("%+v, %v", done, err)
		}
		want = []string{"alpha joint 2018-01-01 value 0  ", "alpha satisfaction 2018-01-01 value 75 9 12", "beta joint 2018-01-01 not-reported   ",
			"beta sales 2018-01-01 value 1200.5  ", "gamma contacts 2018-01-01 value 3.5  ", "gamma contacts 2018-04-01 not-reported   "}
		if got := o.said(); !slices.Equal(got, want) {
			t.Fatalf("said\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if after := o.computed("gamma", "contacts"); after.Value == before.Value {
			t.Errorf("a declared value is not shown in what everything reported makes: %s", after.Value)
		}
		o.onThePage()
		first = o.files()
		for name, body := range first { // into the same office, nothing changes
			done, err := o.declare(name, string(body))
			if err != nil || done.Added+done.Changed != 0 || done.Same != 6 {
				t.Errorf("%s again: %+v, %v", name, done, err)
			}
		}
		o.overTheInterface(want)
	})
	for name, body := range first { // into an office that knows nothing
		onBoth(t, func(t *testing.T, o office) {
			if _, err := o.declare(name, string(body)); err != nil {
				t.Fatal(name, err)
			}
			if got := o.said(); !slices.Equal(got, want) {
				t.Errorf("%s: said\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

// onThePage looks at the pages of two KPIs as of today: a number is marked as declared, and nothing reported reads as that.
func (o office) onThePage() {
	o.t.Helper()
	today := ""
	o.read(o.t, func(tx *db.Tx) error { today = string(tx.Now.Date()); return nil })
	desk := o.as(o.t, "officer@bureau.example")
	for path, want := range map[string][]string{"/kpis/joint": {"Stated by partners", ">0</a>", "n.r."}, "/kpis/satisfaction": {"75 (9 of 12)", "beside the figure"},
		"/kpis/contacts": {"quarter 1 of 2018", ">3.5</a>", "+ declared", "= together", "quarter 2 of 2018"}} {
		status, page := o.ask(o.t, desk, http.MethodGet, path+"?year=2018&as_of="+today)
		for _, s := range want {
			if !strings.Contains(page, s) {
				o.t.Errorf("%s: %d, without %q", path, status, s)
			}
		}
	}
	_, page := o.ask(o.t, o.as(o.t, "coordinator@alpha.example"), http.MethodGet, "/kpis/contacts?year=2018&as_of="+today)
	if strings.Contains(page, "quarter 1 of 2018") {
		o.t.Error("a partner reads what another one states")
	}
}

func (o office) overTheInterface(want []string) {
	o.t.Helper()
	const at = "/api/v1/programmes/by-hand/measures"
	token := o.bearer(o.t, "coordinator@alpha.example")
	status, body := o.call(o.t, token, http.MethodGet, at+"?basis=declared")
	if status != http.StatusOK || strings.Contains(body, "beta") || !strings.Contains(body, `"status":"value","value":"0"`) {
		o.t.Errorf("a partner reads %d %s", status, body)
	}
	officer := o.bearer(o.t, "officer@bureau.example")
	var page struct {
		Items []map[string]any `json:"items"`
	}
	_, body = o.call(o.t, officer, http.MethodGet, at+"?basis=declared")
	decode(o.t, body, &page)
	if len(page.Items) != len(want) {
		o.t.Fatalf("an officer reads %s", body)
	}
	for _, m := range page.Items {
		if _, has := m["value"]; has != (m["status"] == "value") {
			o.t.Errorf("%v", m)
		}
	}
	back, err := json.Marshal(map[string]any{"measures": page.Items})
	if err != nil {
		o.t.Fatal(err)
	}
	status, _, body = o.say(o.t, officer, http.MethodPost, at, "", json.RawMessage(back))
	if status != http.StatusCreated || !strings.Contains(body, `"same":6`) || !strings.Contains(body, `"added":0`) {
		o.t.Errorf("what was read, stated: %d %s", status, body)
	}
	status, _, body = o.say(o.t, token, http.MethodPost, at, "", json.RawMessage(`{"measures":[{"partner":"beta","kpi":"joint","year":2018,"value":"1"}]}`))
	if status != http.StatusForbidden {
		o.t.Errorf("of another partner: %d %s", status, body)
	}
}

// TestAMeasureIsStatedAnew goes from 0 to nothing reported and back; the evidence of the statement before counts no more.
func TestAMeasureIsStatedAnew(t *testing.T) {
	onBoth(t, func(t *testing.T, o office) {
		const head = "partner,kpi,year,status,value\n"
		before := o.computed("beta", "sales").Value
		for i, s := range []struct{ row, live string }{{"beta,sales,2018,,100", ""}, {"beta,sales,2018,not-reported,", before}, {"beta,sales,2018,,0", before}, {"beta,sales,2018,,7", ""}} {
			done, err := o.declare("m.csv", head+s.row+"\n")
			if err != nil || done.Added+done.Changed != 1 || (i == 0) != (done.Added == 1) {
				t.Fatalf("%s: %+v, %v", s.row, done, err)
			}
			if live := o.computed("beta", "sales").Value; (live == before) != (s.live == before) {
				t.Errorf("%s: live %s, before %s", s.row, live, before)
			}
			if said := o.said(); len(said) != 1 {
				t.Errorf("%s: %v", s.row, said)
			}
		}
		o.read(t, func(tx *db.Tx) error {
			found, err := check.Run(t.Context(), tx, "")
			for _, l := range found.Laws {
				if l.Broken > 0 {
					t.Errorf("%s: %v", l.Name, l.Findings)
				}
				if l.Name == "measures" && l.Held != 4 {
					t.Errorf("held against %d statements", l.Held)
				}
			}
			return err
		})
	})
}

func TestAFileOfMeasuresTellsItsFaults(t *testing.T) {
	o := office{openHouse(t), t}
	const head = "partner,kpi,year,quarter,status,value,numerator,denominator,baseline,target\n"
	for row, want := range map[string]text.Key{
		"alpha,joint,2018,,not-reported,0,,,,":                "measure.zero",
		"alpha,joint,2018,,,,,,,":                             "measure.status_missing",
		"alpha,joint,2018,,waived,,,,,":                       "measure.status",
		"alpha,satisfaction,2018,,,75,,,,":                    "measure.parts",
		"alpha,satisfaction,2018,,,80,9,12,,":                 "measure.parts_differ",
		"alpha,joint,2018,,,1,1,2,,":                          "measure.parts_idle",
		"alpha,joint,2018,,,-1,,,,":                           "measure.negative",
		"alpha,joint,2018,,,n.r.,,,,":                         "measure.decimal",
		"alpha,companies,2018,,,1.5,,,,":                      "measure.whole",
		"alpha,joint,2018,,,1,,,,9":                           "measure.target",
		"alpha,joint,2018,,,1,,,9,":                           "measure.baseline",
		"gamma,sales,2018,,,1,,,,":                            "measure.not_promised",
		"alpha,none,2018,,,1,,,,":                             "measure.kpi",
		"bureau,joint,2018,,,1,,,,":                           "measure.partner",
		"alpha,joint,2031,,,1,,,,":                            "measure.year",
		"alpha,joint,2018,5,,1,,,,":                           "measure.quarter",
		"alpha,joint,2018,x,,1,,,,":                           "measure.number",
		"alpha,joint,2018,,,1,,,,\nalpha,joint,2018,,,2,,,,":  "measure.twice",
		"alpha,joint,2018,,,1,,,,\nalpha,joint,2018,1,,2,,,,": "measure.overlap",
	} {
		_, err := o.declare("m.csv", head+row+"\n")
		rows, ok := err.(fault.Rows)
		if !ok || rows[len(rows)-1].Want != want || rows[0].Line < 2 {
			t.Errorf("%q: %v, want %s", row, err, want)
		}
	}
	if said := o.said(); len(said) != 0 {
		t.Errorf("faults left %v", said)
	}
}

// TestResultsAreValidIATI is golden case 12: the file passes the schema, and every code in it is on its list.
func TestResultsAreValidIATI(t *testing.T) {
	data := filepath.Join(root, "..", "shared", "data", "iati")
	if _, err := os.Stat(data); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("the schemas of IATI are not there")
		}
		t.Skip("the schemas of IATI are not there: ../shared/data/iati")
	}
	onBoth(t, func(t *testing.T, o office) {
		if _, err := o.declare("stated.csv", statedCSV); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "results.xml")
		body := o.files()["m.xml"]
		if err := os.WriteFile(file, body, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(context.Background(), "xmllint", "--nonet", "--noout", "--schema", filepath.Join(data, "iati-activities-schema.xsd"), file).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		for list, found := range map[string][]string{"IndicatorMeasure": attributes(body, "indicator measure"), "ResultType": attributes(body, "result type"),
			"OrganisationRole": attributes(body, "role"), "ActivityStatus": attributes(body, "activity-status code"),
			"ActivityDateType": attributes(body, "activity-date type"), "Sector": attributes(body, `sector vocabulary="1" code`)} {
			codes, err := os.ReadFile(filepath.Join(data, "codelists", list+".xml"))
			if err != nil {
				t.Fatal(err)
			}
			if len(found) == 0 {
				t.Errorf("no %s", list)
			}
			for _, c := range found {
				if !bytes.Contains(codes, []byte("<code>"+c+"</code>")) {
					t.Errorf("%s is not on the list %s", c, list)
				}
			}
		}
		if bytes.Contains(body, []byte(`value=""`)) { // standard ruleset 8.10.1: a value, or no element
			t.Error("an empty value")
		}
	})
}

// attributes are the values that stand behind a name in XML.
func attributes(body []byte, name string) []string {
	var all []string
	for _, part := range strings.Split(string(body), name+`="`)[1:] {
		all = append(all, part[:strings.Index(part, `"`)])
	}
	return all
}

// TestTheCommandsOfMeasures imports and exports at the command line.
func TestTheCommandsOfMeasures(t *testing.T) {
	dir := t.TempDir()
	base := []string{"--db", filepath.Join(dir, "m.db")}
	run := func(args ...string) (int, string, string) { return errera(t, append(slices.Clone(base), args...)...) }
	must(t, append(slices.Clone(base), "import", "programme", byHand())...)
	file := filepath.Join(dir, "stated.csv")
	if err := os.WriteFile(file, []byte(statedCSV), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, said := run("import", "measures", file, "--dry-run"); code != exitDone || !strings.Contains(out, "Would state 6") {
		t.Errorf("rehearsed: %d %s %s", code, out, said)
	}
	if code, out, said := run("import", "measures", file); code != exitDone || !strings.Contains(out, "6 measures stated") {
		t.Errorf("imported: %d %s %s", code, out, said)
	}
	for _, form := range []string{"csv", "xlsx", "iati"} {
		there := filepath.Join(dir, "out."+form)
		if code, _, said := run("export", "measures", "--form", form, "--out", there); code != exitDone {
			t.Fatalf("%s: %d %s", form, code, said)
		}
		if code, out, said := run("import", "measures", there); code != exitDone || !strings.Contains(out, "0 measures stated, 0 changed, 6 as before") {
			t.Errorf("%s back: %d %s %s", form, code, out, said)
		}
	}
	if err := os.WriteFile(file, []byte("partner,kpi,year,value\nalpha,joint,2018,many\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, said := run("import", "measures", file); code != exitInvalid || !strings.Contains(said, "stated.csv, row 2") {
		t.Errorf("a faulty file: %d %s", code, said)
	}
	if code, _, said := run("check"); code != exitDone {
		t.Errorf("check: %d %s", code, said)
	}
}

// TestAPeriodToComeIsNotUnreported: publishers list targets of years to come, which say nothing yet.
func TestAPeriodToComeIsNotUnreported(t *testing.T) {
	o := office{openHouse(t), t}
	then := o.db.WithClock(func() time.Time { return period.Date("2018-05-02").Time() })
	const head = "partner,kpi,year,quarter,status,value\n"
	for body, want := range map[string]text.Key{head + "alpha,joint,2018,3,not-reported,\n": "", head + "alpha,joint,2018,3,,1\n": "measure.not_yet"} {
		rows, err := measure.Read("m.csv", strings.NewReader(body), nil)
		if err != nil {
			t.Fatal(err)
		}
		err = then.Write(t.Context(), o.programme.ID, func(tx *db.Tx) error {
			done, err := measure.Declare(t.Context(), tx, access.System("test"), o.programme, "m.csv", rows)
			if err == nil && (done.Left != 1 || done.Added != 0) {
				t.Errorf("%+v", done)
			}
			return err
		})
		if list, is := err.(fault.Rows); (want != "") != is || is && list[0].Want != want {
			t.Errorf("%q: %v", body, err)
		}
	}
	if said := o.said(); len(said) != 0 {
		t.Errorf("said %v", said)
	}
}
