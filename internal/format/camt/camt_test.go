package camt_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/camt"
	"errera.eu/errera/internal/format/camt/camttest"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/text"
)

func schema(t testing.TB, version string) string {
	t.Helper()
	path := filepath.Join("../../../../shared/data/iso20022", version+".xsd")
	_, err := os.Stat(path)
	if err == nil {
		_, err = exec.LookPath("xmllint")
	}
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("not held against the schema: %v", err)
	}
	return path
}

func versions() []string { return []string{camttest.V02, camttest.V08} }

// drawn is a random statement that adds up.
func drawn(r *rapid.T) camt.Statement {
	s := camt.Statement{ID: "S1", Sequence: "7", CreatedAt: "2018-04-01T06:00:00", Account: "BE68539007547034", Currency: "EUR",
		From: "2018-03-01", Until: "2018-03-31", Opening: money.Amount(rapid.Int64Range(-1e9, 1e9).Draw(r, "opening"))}
	s.Closing = s.Opening
	word := rapid.StringMatching(`[A-Z][A-Za-z<>&" éß]{0,20}[a-z]`)
	for i := range rapid.IntRange(0, 6).Draw(r, "entries") {
		e := camt.Entry{BookedOn: "2018-03-12", ValueOn: "2018-03-13", Ref: fmt.Sprintf("REF%d", i), Reversal: rapid.IntRange(0, 5).Draw(r, "reversal") == 0}
		sign := money.Amount(1 - 2*rapid.IntRange(0, 1).Draw(r, "out"))
		for range rapid.IntRange(1, 4).Draw(r, "parts") {
			p := camt.Part{Amount: sign * money.Amount(rapid.Int64Range(1, 1e10).Draw(r, "amount")), BlockID: "B1", Name: word.Draw(r, "name"),
				EndToEndID: rapid.SampledFrom([]string{"", "E1", "E2"}).Draw(r, "end"), Account: "NL91ABNA0417164300"}
			if rapid.Bool().Draw(r, "text") {
				p.Texts = []string{word.Draw(r, "words")}
			}
			if rapid.Bool().Draw(r, "reference") {
				p.References = []string{"010806817183"}
			}
			if rapid.IntRange(0, 4).Draw(r, "returned") == 0 {
				p.Returned, p.Reason = "AC04", "Account closed"
			}
			e.Amount += p.Amount
			e.Parts = append(e.Parts, p)
		}
		s.Closing += e.Amount
		s.Entries = append(s.Entries, e)
	}
	return s
}

// TestStatementsAreReadBack writes random statements in both versions, holds them against the bank's schema and reads them back whole.
func TestStatementsAreReadBack(t *testing.T) {
	for _, version := range versions() {
		xsd := schema(t, version)
		dir := t.TempDir()
		args := []string{"--nonet", "--noout", "--schema", xsd}
		rapid.Check(t, func(r *rapid.T) {
			want := []camt.Statement{drawn(r), drawn(r)}
			var b bytes.Buffer
			if err := camttest.Write(&b, version, want...); err != nil {
				r.Fatal(err)
			}
			got, err := camt.Read(bytes.NewReader(b.Bytes()))
			if err != nil {
				r.Fatalf("%v\n%s", err, b.String())
			}
			if !reflect.DeepEqual(got, want) {
				r.Fatalf("read %+v\nwrote %+v", got, want)
			}
			name := filepath.Join(dir, fmt.Sprintf("%d.xml", len(args)))
			if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
				r.Fatal(err)
			}
			args = append(args, name)
		})
		if out, err := exec.Command("xmllint", args...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
}

func plainStatement() camt.Statement {
	return camt.Statement{ID: "S1", Sequence: "1", CreatedAt: "2018-04-01T06:00:00", Account: "BE68539007547034", Currency: "EUR",
		From: "2018-03-01", Until: "2018-03-31", Opening: 100_00, Closing: 60_00, Entries: []camt.Entry{
			{Amount: -50_00, BookedOn: "2018-03-12", ValueOn: "2018-03-12", Ref: "A", Parts: []camt.Part{{Amount: -30_00, EndToEndID: "E1"}, {Amount: -20_00, EndToEndID: "E2"}}},
			{Amount: 10_00, BookedOn: "2018-03-14", ValueOn: "2018-03-14", Ref: "B", Parts: []camt.Part{{Amount: 10_00, EndToEndID: "E1", Returned: "AC01"}}}}}
}

func TestWhatDoesNotAddUpIsRefused(t *testing.T) {
	for _, version := range versions() {
		var b bytes.Buffer
		if err := camttest.Write(&b, version, plainStatement()); err != nil {
			t.Fatal(err)
		}
		good := b.String()
		if _, err := camt.Read(strings.NewReader(good)); err != nil {
			t.Fatal(err)
		}
		for change, key := range map[[2]string]string{
			{`>60.00<`, `>60.01<`}:                             "camt.closing",
			{`<Sum>60.00</Sum>`, `<Sum>61.00</Sum>`}:           "camt.control",
			{`<NbOfNtries>2<`, `<NbOfNtries>3<`}:               "camt.control",
			{`>30.00<`, `>31.00<`}:                             "camt.parts",
			{`>20.00<`, `>20,00<`}:                             "camt.amount",
			{`<Cd>CLBD</Cd>`, `<Cd>CLAV</Cd>`}:                 "camt.no_balance",
			{`<IBAN>BE68539007547034</IBAN>`, ``}:              "camt.no_account",
			{`Ccy="EUR">50.00`, `Ccy="USD">50.00`}:             "camt.currency",
			{`<CdtDbtInd>DBIT</CdtDbtInd>`, ``}:                "camt.no_direction",
			{`<BookgDt><Dt>2018-03-12</Dt></BookgDt>`, ``}:     "camt.no_day",
			{`camt.053.001`, `camt.052.001`}:                   "camt.other",
			{`<BkToCstmrStmt>`, `<!DOCTYPE x><BkToCstmrStmt>`}: "xml.doctype",
		} {
			bad := strings.ReplaceAll(good, change[0], change[1])
			if bad == good {
				t.Fatalf("%s: %q does not occur", version, change[0])
			}
			if _, err := camt.Read(strings.NewReader(bad)); !fault.Is(err, fault.KindInvalid) || fault.Of(err).Key != text.Key(key) {
				t.Errorf("%s, %q to %q: %v, want %s", version, change[0], change[1], err, key)
			}
		}
		for cut := 1; cut < len(good); cut += 97 {
			if _, err := camt.Read(strings.NewReader(good[:cut])); !fault.Is(err, fault.KindInvalid) {
				t.Fatalf("%s cut at %d: %v", version, cut, err)
			}
		}
	}
}

// Pending entries are not booked and count for nothing.
func TestPendingEntriesAreLeftOut(t *testing.T) {
	s := plainStatement()
	s.Closing = 50_00
	var b bytes.Buffer
	if err := camttest.Write(&b, camttest.V02, s); err != nil {
		t.Fatal(err)
	}
	at := strings.LastIndex(b.String(), "BOOK")
	pending := b.String()[:at] + "PDNG" + b.String()[at+4:]
	got, err := camt.Read(strings.NewReader(pending))
	if err != nil || len(got[0].Entries) != 1 {
		t.Fatalf("%v %v", got, err)
	}
}

func FuzzRead(f *testing.F) {
	for _, version := range versions() {
		var b bytes.Buffer
		if err := camttest.Write(&b, version, plainStatement()); err != nil {
			f.Fatal(err)
		}
		f.Add(b.String())
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := camt.Read(strings.NewReader(s))
		if err != nil {
			if !fault.Is(err, fault.KindInvalid) {
				t.Fatal(err)
			}
			return
		}
		for _, st := range got {
			sum := st.Opening
			for _, e := range st.Entries {
				sum += e.Amount
				var parts money.Amount
				for _, p := range e.Parts {
					parts += p.Amount
				}
				if parts != e.Amount {
					t.Fatal("parts do not add up")
				}
			}
			if sum != st.Closing {
				t.Fatal("entries do not add up")
			}
		}
	})
}
