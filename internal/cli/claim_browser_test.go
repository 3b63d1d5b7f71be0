package cli

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestAClaimInABrowser plays a claim in Chromium: the partner drafts it, sees what is missing and what it would pay, and hands it in; the
// controller accepts by keyboard; somebody else approves. axe looks at each page on the way, on a desk and on a phone.
func TestAClaimInABrowser(t *testing.T) {
	inBrowser(t)
	t.Parallel()
	b := openBrowser(t)
	b.signIn(t, "finance")
	b.look(t, "/claims", "nl", "light", 390)
	b.look(t, "/claims", "en", "light", 1440)
	b.click(t, `document.querySelector("form[action='/claims'] select").value = "2021"; document.querySelector("form[action='/claims'] button")`)
	claim := b.path(t)
	if strings.Count(claim, "/") != 4 {
		t.Fatalf("the draft is at %q", claim)
	}
	b.fill(t, map[string]string{"description": "Hall and stage", "supplier": "BE0123456749", "invoice": "T-1", "invoiced": "2021-03-10",
		"delivered": "2021-03-09", "net": "twelve"})
	b.click(t, `document.querySelector("form[action$='/add'] button")`)
	if says := b.text(t, "#net-wrong"); says == "" {
		t.Error("an amount in words was not refused at its field")
	}
	b.complaints() // Chromium notes the refusal
	b.fill(t, map[string]string{"net": "1240.50"})
	b.click(t, `document.querySelector("form[action$='/add'] button")`)
	if says := b.text(t, "main"); !strings.Contains(says, "Hall and stage") || !strings.Contains(says, "1,240.50") {
		t.Errorf("the draft does not show its cost: %.300s", says)
	}
	b.lookAll(t, claim+"?at=draft")
	b.lookAll(t, claim+"/suppose")
	b.open(t, claim)
	b.upload(t, "#list", "costs.csv", "What it is;Sort;When;Amount;Remarks\nRoom;venue;2021-04-01;99,50;\nTrain;travel;soon;12;late\n")
	b.click(t, `document.querySelector("form[action$='/preview'] button")`)
	b.judge(t, "/claims/columns") // of which ours do not all have one yet
	b.open(t, claim)
	b.click(t, `document.querySelector("form[action$='/submit'] button")`)
	b.signIn(t, "controller")
	b.open(t, claim)
	b.click(t, `document.querySelector("form[action$='/open'] button")`)
	b.lookAll(t, claim+"?at=verification")
	if err := chromedp.Do(b.ctx, chromedp.KeyEvent("a")); err != nil {
		t.Fatal(err)
	}
	b.wait(t, "form[action$='/verify'] button")
	b.click(t, `document.querySelector("form[action$='/verify'] button")`)
	b.signIn(t, "approver")
	b.open(t, claim)
	b.click(t, `document.querySelector("form[action$='/approve'] button")`)
	b.lookAll(t, claim+"?at=approved")
	if says := b.text(t, "h1"); !strings.Contains(says, "1,240.50") {
		t.Errorf("approved: %q", says)
	}
	b.signIn(t, "controller")
	b.open(t, claim)
	b.click(t, `document.querySelector("#items ~ div th a")`)
	b.eval(t, `document.querySelector("#cost").value = "240.50"; document.querySelector("#strike-words").value = "counted twice"`)
	b.lookAll(t, b.eval(t, `location.pathname + "?item=" + new URLSearchParams(location.search).get("item")`))
	b.eval(t, `document.querySelector("#cost").value = "240.50"; document.querySelector("#strike-words").value = "counted twice"`)
	b.click(t, `document.querySelector("form[action$='/strike'] button")`)
	if says := b.text(t, "main"); !strings.Contains(says, "1,240.50") {
		t.Errorf("corrected: %.200s", says)
	}
}

// open opens an address in English.
func (b *browser) open(t *testing.T, path string) {
	t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.EmulateViewport(1440, 900), chromedp.Navigate(b.base+path+"?lang=en")); err != nil {
		t.Fatal(err)
	}
}

// lookAll looks at a page as its readers do: on a desk and a phone, light and dark, in three languages.
func (b *browser) lookAll(t *testing.T, path string) {
	t.Helper()
	b.look(t, path, "nl", "dark", 390)
	b.look(t, path, "fr", "light", 390)
	b.look(t, path, "en", "dark", 1440)
	b.look(t, path, "en", "light", 1440)
}

func (b *browser) eval(t *testing.T, script string) string {
	t.Helper()
	out, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](script))
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return out
}

func (b *browser) text(t *testing.T, of string) string {
	t.Helper()
	return b.eval(t, fmt.Sprintf(`document.querySelector(%q)?.innerText ?? ""`, of))
}

func (b *browser) path(t *testing.T) string {
	t.Helper()
	return b.eval(t, `location.pathname`)
}

func (b *browser) fill(t *testing.T, fields map[string]string) {
	t.Helper()
	for name, value := range fields {
		b.eval(t, fmt.Sprintf(`document.querySelector("form[action$='/add'] [name='" + %q + "']").value = %q`, name, value))
	}
}

// click clicks what a script ends with and waits for the page that follows.
func (b *browser) click(t *testing.T, script string) {
	t.Helper()
	said := b.eval(t, `(() => { document.documentElement.dataset.old = "1"; `+script[:strings.LastIndex(script, "document.")]+
		`const e = `+script[strings.LastIndex(script, "document."):]+`; if (!e) return "nothing to click"; setTimeout(() => e.click(), 0); return "" })()`)
	if said != "" {
		t.Fatalf("%s: %s on %s: %.400s", script, said, b.path(t), b.text(t, "main"))
	}
	b.wait(t, `html:not([data-old]) main`)
}

// wait waits until something stands in a page that has loaded.
func (b *browser) wait(t *testing.T, what string) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		found, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](fmt.Sprintf(`document.readyState === "complete" && !!document.querySelector(%q)`, what)))
		if err == nil && found {
			return
		}
	}
	t.Fatalf("%s never came: %.300s", what, b.text(t, "main"))
}
