package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"errera.eu/errera/internal/format/camt"
	"errera.eu/errera/internal/format/camt/camttest"
	"errera.eu/errera/internal/money"
)

// TestMoneyInABrowser plays the way of money in Chromium: a partner claims, the controller verifies, somebody else approves, a payer prepares
// a batch and a second person approves it, the bank's file is downloaded, its statement imported, and the year is settled for good. axe looks
// at the payers' pages on the way.
func TestMoneyInABrowser(t *testing.T) {
	inBrowser(t)
	b := openBrowser(t)
	claim := b.claims(t)
	partner := strings.Split(claim, "/")[2]
	b.hasAccounts(t, partner)
	b.signIn(t, "payer")
	b.lookAll(t, "/payments?at=due")
	b.lookAll(t, "/payments/forecast")
	b.open(t, "/payments")
	b.click(t, `document.querySelector("main form[action='/payments'] button")`)
	batch := b.path(t)
	if b.eval(t, `document.querySelector("[formaction$='/approve']") ? "may" : ""`) != "" {
		t.Error("who prepared a batch is offered to approve it")
	}
	b.lookAll(t, batch+"?at=prepared")
	b.signIn(t, "approver")
	b.open(t, batch)
	b.lookAll(t, batch+"?at=second")
	b.open(t, batch)
	b.click(t, `document.querySelector("[formaction$='/approve']")`)
	b.signIn(t, "payer")
	b.open(t, batch)
	statement := b.bankPays(t, batch)
	b.lookAll(t, "/payments/bank")
	b.open(t, "/payments/bank")
	b.upload(t, "#file", "bank.xml", statement)
	b.click(t, `document.querySelector("form[action$='/preview'] button")`)
	if says := b.text(t, "h1"); !strings.Contains(says, "Nothing is saved yet") {
		t.Errorf("the preview says %q", says)
	}
	b.judge(t, "/payments/bank-preview")
	b.click(t, `document.querySelector("form[action$='/import'] button")`)
	b.lookAll(t, "/payments/bank?at=desk")
	b.decides(t)
	b.open(t, batch)
	if says := b.text(t, "h1"); !strings.Contains(says, "is paid") {
		t.Errorf("the batch: %q", says)
	}
	b.open(t, claim)
	if says := b.text(t, "main"); !strings.Contains(says, "paid") {
		t.Errorf("the claim: %.300s", says)
	}
	b.settles(t, strings.Replace(claim[:strings.LastIndex(claim, "/")], "/claims/", "/settlements/", 1))
}

// claims brings a claim of 2021 from draft to approved and gives its address.
func (b *browser) claims(t *testing.T) string {
	t.Helper()
	b.signIn(t, "finance")
	b.open(t, "/claims")
	b.click(t, `document.querySelector("form[action='/claims'] select").value = "2021"; document.querySelector("form[action='/claims'] button")`)
	claim := b.path(t)
	b.fill(t, map[string]string{"description": "Hall and stage", "supplier": "BE0123456749", "invoice": "M-1", "invoiced": "2021-03-10",
		"delivered": "2021-03-09", "net": "4000.02"})
	b.click(t, `document.querySelector("form[action$='/add'] button")`)
	b.click(t, `document.querySelector("form[action$='/submit'] button")`)
	b.signIn(t, "controller")
	b.open(t, claim)
	b.click(t, `document.querySelector("form[action$='/open'] button")`)
	b.open(t, claim)
	if err := chromedp.Do(b.ctx, chromedp.KeyEvent("a")); err != nil {
		t.Fatal(err)
	}
	b.wait(t, "form[action$='/verify'] button")
	b.click(t, `document.querySelector("form[action$='/verify'] button")`)
	b.signIn(t, "approver")
	b.open(t, claim)
	b.click(t, `document.querySelector("form[action$='/approve'] button")`)
	return claim
}

// hasAccounts gives the agency and the partner a bank account each: one person proposes, another confirms.
func (b *browser) hasAccounts(t *testing.T, partner string) {
	t.Helper()
	b.signIn(t, "payer")
	for organisation, iban := range map[string]string{"fit": agencyIBAN, partner: alphaIBAN} {
		b.open(t, "/accounts")
		script := `document.querySelector("#organisation").value = %q; document.querySelector("#iban").value = %q;
			document.querySelector("#holder").value = "Holder"; document.querySelector("form[action='/accounts'] button")`
		b.click(t, fmt.Sprintf(script, organisation, "BE00"))
		if says := b.text(t, "#iban-wrong"); says == "" {
			t.Errorf("an account that is none was not refused at its field: %.300s", b.text(t, "main"))
		}
		b.complaints() // Chromium notes the refusal
		b.click(t, fmt.Sprintf(script, organisation, iban))
	}
	b.lookAll(t, "/accounts?at=proposed")
	b.signIn(t, "approver")
	b.lookAll(t, "/accounts?at=confirm")
	for range 2 {
		b.open(t, "/accounts")
		b.click(t, `document.querySelector("form[action$='/confirm'] button")`)
	}
	b.lookAll(t, "/accounts?at=known")
}

var transferred = regexp.MustCompile(`(?s)<EndToEndId>(\w+)</EndToEndId>.*?<InstdAmt Ccy="EUR">([0-9.]+)</InstdAmt>`)

// bankPays downloads the bank's file of a batch and gives the statement that the bank would send: every payment, and its own charges.
func (b *browser) bankPays(t *testing.T, batch string) string {
	t.Helper()
	file, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`fetch(document.querySelector("[formaction$='/export']").formAction, {method: "POST"}).then(r => r.text())`,
		chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	valid(t, "pain.001.001.09.xsd", file)
	s := camt.Statement{ID: "M1", Sequence: "1", CreatedAt: string(today()) + "T06:00:00", Account: agencyIBAN, Currency: "EUR", From: today(), Until: today(),
		Opening: 9_000_000_00, Closing: 9_000_000_00}
	add := func(p camt.Part) {
		s.Closing += p.Amount
		s.Entries = append(s.Entries, camt.Entry{Amount: p.Amount, BookedOn: today(), ValueOn: today(), Ref: fmt.Sprint("R", len(s.Entries)), Parts: []camt.Part{p}})
	}
	for _, m := range transferred.FindAllStringSubmatch(file, -1) {
		amount, err := money.Parse(m[2])
		if err != nil {
			t.Fatal(err)
		}
		add(camt.Part{Amount: -amount, EndToEndID: m[1], Name: "Holder"})
	}
	if len(s.Entries) == 0 {
		t.Fatalf("%s carries no payment: %.300s", batch, file)
	}
	add(camt.Part{Amount: -2_50, Texts: []string{"account charges"}})
	var out bytes.Buffer
	if err := camttest.Write(&out, camttest.V08, s); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// upload puts a file into a form, as somebody who chose it.
func (b *browser) upload(t *testing.T, into, name, content string) {
	t.Helper()
	text, err := json.Marshal(content)
	if err != nil {
		t.Fatal(err)
	}
	b.eval(t, `(() => { const d = new DataTransfer(); d.items.add(new File([`+string(text)+`], "`+name+`"));
		document.querySelector("`+into+`").files = d.files; return "" })()`)
}

// decides sets the one line aside that is no payment of ours.
func (b *browser) decides(t *testing.T) {
	t.Helper()
	b.open(t, "/payments/bank")
	if says := b.text(t, "#desk ~ ul"); !strings.Contains(says, "account charges") {
		t.Fatalf("the desk: %q", says)
	}
	b.click(t, `document.querySelector("form[action$='/decide'] select").value = "none";
		document.querySelector("form[action$='/decide'] [name=reason]").value = "charges of the bank";
		document.querySelector("form[action$='/decide'] button")`)
	if says := b.text(t, "h1"); !strings.Contains(says, "found its place") {
		t.Errorf("the desk still says %q", says)
	}
}

// settles closes the agreement-year: the controller computes and communicates, somebody else makes it final.
func (b *browser) settles(t *testing.T, path string) {
	t.Helper()
	b.signIn(t, "controller")
	for _, verb := range []string{"compute", "communicate"} {
		b.open(t, path)
		b.click(t, fmt.Sprintf(`document.querySelector("form[action$='/%s'] button")`, verb))
	}
	b.signIn(t, "approver")
	b.open(t, path)
	b.click(t, `document.querySelector("form[action$='/finalise'] button")`)
	if says := b.text(t, "main"); !strings.Contains(says, "final") {
		t.Errorf("%s: %.300s", path, says)
	}
}
