package pain

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/sepa"
	"errera.eu/errera/internal/money"
)

var update = flag.Bool("update", false, "write the golden file anew")

func order() Order {
	return Order{ID: "0199B2F0", CreatedAt: "2018-03-12T09:30:00", ExecuteOn: "2018-03-13",
		Debtor: Party{Name: "Flanders Investment & Trade", Account: "BE68539007547034", BIC: "GKCCBEBB",
			Address: Address{"Koning Albert II-laan", "37", "1030", "Brussel", "BE"}},
		Transfers: []Transfer{
			{EndToEndID: "A-1", Amount: 28_000_01, Creditor: Party{Name: "Fédération « Œuvre »", Account: "NL91ABNA0417164300"}, Text: "Schuldvordering 1 – 2018"},
			{EndToEndID: "A-2", Amount: 1, Creditor: Party{Name: "VKW Limburg", Account: "BE68539007547034", BIC: "KREDBEBB",
				Address: Address{Town: "Hasselt", Country: "BE"}}, Reference: "010806817183"},
			{EndToEndID: "A-3", Amount: 99, Creditor: Party{Name: "VIL", Account: "BE68539007547034"}, Reference: "RF18539007547034"},
		}}
}

func schema(t testing.TB, file string) string {
	t.Helper()
	path := filepath.Join("../../../../shared/data/iso20022", file)
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

func validate(t testing.TB, schema string, content []byte) {
	t.Helper()
	cmd := exec.Command("xmllint", "--nonet", "--noout", "--schema", schema, "-")
	cmd.Stdin = bytes.NewReader(content)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s\n%s", err, out, content)
	}
}

func TestGolden(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, order()); err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/order.golden.xml"
	if *update {
		if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Errorf("not the golden file:\n%s", b.Bytes())
	}
	validate(t, schema(t, "pain.001.001.09.xsd"), b.Bytes())
}

// TestAnyOrderIsValid writes random orders with any text that a person could type and holds each file against the schema.
func TestAnyOrderIsValid(t *testing.T) {
	xsd := schema(t, "pain.001.001.09.xsd")
	var files [][]byte
	rapid.Check(t, func(r *rapid.T) {
		o := order()
		o.Transfers = nil
		var sum money.Amount
		words := rapid.StringOfN(rapid.RuneFrom([]rune("aé ßŁ–&<>\"'/_0\u00a0\x07€東")), 1, 200, -1)
		for i := range rapid.IntRange(1, 5).Draw(r, "n") {
			tr := Transfer{EndToEndID: rapid.StringMatching(`[A-Z0-9]{30}`).Draw(r, "id") + string(rune('A'+i)),
				Amount:   money.Amount(rapid.Int64Range(1, int64(maxAmount)).Draw(r, "amount")),
				Creditor: Party{Name: "N" + words.Draw(r, "name"), Account: "BE68539007547034"}, Text: "T" + words.Draw(r, "text")}
			if rapid.Bool().Draw(r, "structured") {
				tr.Reference = sepa.BelgianReference(rapid.Uint64().Draw(r, "reference"))
			}
			if rapid.Bool().Draw(r, "address") {
				tr.Creditor.Address = Address{words.Draw(r, "street"), words.Draw(r, "number"), words.Draw(r, "code"), "T" + words.Draw(r, "town"), "BE"}
			}
			sum += tr.Amount
			o.Transfers = append(o.Transfers, tr)
		}
		var b bytes.Buffer
		if err := Write(&b, o); err != nil {
			r.Fatal(err)
		}
		if strings.Count(b.String(), "<CtrlSum>"+sum.String()+"</CtrlSum>") != 2 {
			r.Fatalf("control sums are not %s", sum)
		}
		files = append(files, b.Bytes())
	})
	dir := t.TempDir()
	args := []string{"--nonet", "--noout", "--schema", xsd}
	for i, f := range files {
		name := filepath.Join(dir, string(rune('a'+i%26))+strings.Repeat("x", i/26)+".xml")
		if err := os.WriteFile(name, f, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	if out, err := exec.Command("xmllint", args...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

func TestWhatTheSchemaDoesNotHoldIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		field string
		spoil func(*Order)
	}{
		"no transfers":    {"transfers", func(o *Order) { o.Transfers = nil }},
		"message id":      {"id", func(o *Order) { o.ID = strings.Repeat("1", 36) }},
		"id with a slash": {"transfers[0].end_to_end_id", func(o *Order) { o.Transfers[0].EndToEndID = "/1" }},
		"same id":         {"transfers[1].end_to_end_id", func(o *Order) { o.Transfers[1].EndToEndID = "A-1" }},
		"own account":     {"debtor.account", func(o *Order) { o.Debtor.Account = "BE00" }},
		"account":         {"transfers[0].creditor.account", func(o *Order) { o.Transfers[0].Creditor.Account = "NL91ABNA0417164301" }},
		"nothing":         {"transfers[0].amount", func(o *Order) { o.Transfers[0].Amount = 0 }},
		"too much":        {"transfers[0].amount", func(o *Order) { o.Transfers[0].Amount = maxAmount + 1 }},
		"reference":       {"transfers[1].reference", func(o *Order) { o.Transfers[1].Reference = "010806817184" }},
		"no remittance":   {"transfers[0].text", func(o *Order) { o.Transfers[0].Text = " " }},
		"no name":         {"transfers[0].creditor.name", func(o *Order) { o.Transfers[0].Creditor.Name = "" }},
		"town missing":    {"transfers[1].creditor.address", func(o *Order) { o.Transfers[1].Creditor.Address.Town = "" }},
		"day":             {"execute_on", func(o *Order) { o.ExecuteOn = "soon" }},
		"bank":            {"debtor.bic", func(o *Order) { o.Debtor.BIC = "BANK" }},
	} {
		o := order()
		c.spoil(&o)
		if err := Write(&bytes.Buffer{}, o); !fault.Is(err, fault.KindInvalid) || fault.Of(err).All()[0].Field != c.field {
			t.Errorf("%s: %v, want %s", name, err, c.field)
		}
	}
}
