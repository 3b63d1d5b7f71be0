package overlap

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/fault"
)

const activities = `{"id":1,"organiser":"voka","title":"Handelszending naar India","type":"mission","markets":["IN"],"sectors":["food"],"start":"2027-11-08","end":"2027-11-12","city":"Mumbai","country":"IN","language":"nl"}

{"id":"2","organiser":"bicci","title":"Trade mission to India 2027","type":"mission","markets":"India","sectors":"food","start":"2027-11-08T09:00:00Z","end":"2027-11-12","city":"Bombay","country":"India","url":null}
{"id":"3","organiser":["voka","unizo"],"title":"Beer for Japan","start":"2027-01-08"}
`

func finding(t *testing.T, format, in string) (string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "in.jsonl")
	if err := os.WriteFile(path, []byte(in), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	r := &command.Run{Context: context.Background(), Globals: command.Globals{Format: format, Lang: "en"}, Out: &out}
	err := (&find{In: path}).Run(r)
	return out.String(), err
}

func TestFindWritesPairs(t *testing.T) {
	const why = "Probably one activity listed twice: the same name, on the same days, both in Mumbai, the same market (India), the same sector (food)."
	out, err := finding(t, "csv", activities)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || len(rows) != 2 || strings.Join(rows[0], ",") != "a,b,kind,score,why" || strings.Join(rows[1], "|") != "1|2|same|1.00|"+why {
		t.Errorf("%v %q", err, rows)
	}
	out, err = finding(t, "json", activities)
	var pairs []map[string]any
	if err := errors.Join(err, json.Unmarshal([]byte(out), &pairs)); err != nil {
		t.Fatal(err)
	}
	if p := pairs[0]; len(pairs) != 1 || p["a"] != "1" || p["b"] != "2" || p["kind"] != "same" || p["score"] != 1.0 || p["why"] != why {
		t.Errorf("%v", pairs)
	}
	if out, err = finding(t, "text", activities); err != nil || !strings.Contains(out, why) {
		t.Errorf("%v %s", err, out)
	}
	if out, err = finding(t, "json", ""); err != nil || strings.TrimSpace(out) != "[]" {
		t.Errorf("%v %s", err, out)
	}
}

func TestFindTellsWhatIsWrong(t *testing.T) {
	_, err := finding(t, "json", `{"id":"1","organiser":"a","title":" ","start":"8 november"}
nonsense
{"id":"1","organiser":"a","title":"t","start":"2027-01-02","end":"2027-01-01"}
{"id":"4","organiser":"a","title":7,"start":"2027-01-02"}
`)
	var rows fault.Rows
	if !errors.As(err, &rows) {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		line := r.Say("en")
		got = append(got, line[strings.Index(line, "in.jsonl"):])
	}
	want := []string{
		"in.jsonl, row 1, column title: found nothing, expected something",
		"in.jsonl, row 1, column start: found “8 november”, expected a day such as 2027-11-08",
		"in.jsonl, row 2: found “nonsense”, expected one activity as a JSON object",
		"in.jsonl, row 3, column end: found “2027-01-01”, expected a day such as 2027-11-12, not before the start",
		"in.jsonl, row 3, column id: found “1”, expected an id of its own; line 1 has this one already",
		"in.jsonl, row 4, column title: found “number”, expected a text or a list of texts",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
	if err := (&find{In: "/nowhere"}).Run(&command.Run{Context: context.Background()}); fault.Of(err).Kind != fault.KindMissing {
		t.Error(err)
	}
}
