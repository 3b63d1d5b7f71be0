package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/renewal"
)

// tab is a browser of its own, with cookies and storage that no other tab shares, in which somebody is signed in.
type tab struct {
	ctx  context.Context
	base string
	who  string
	axe  string
}

// openTab opens a browser in which the person of an e-mail address is signed in to the house.
func (h *house) openTab(t *testing.T, email string) *tab {
	t.Helper()
	if h.chromium == nil { // one program; each tab is a browser of its own, with its own cookies
		h.chromium, h.axe = openChromium(t)
		if err := chromedp.Do(h.chromium, chromedp.Navigate("about:blank")); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := chromedp.NewContext(h.chromium, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	b := &tab{ctx: ctx, base: h.server.URL, who: email, axe: h.axe}
	const password = "only for this test run"
	if err := access.SetPassword(context.Background(), h.db, access.NewHasher(), email, password); err != nil {
		t.Fatal(err)
	}
	b.do(t, chromedp.EmulateViewport(1440, 1000), chromedp.Navigate(h.server.URL+"/sign-in?lang=en"))
	b.fill(t, nameIs("email"), email, nameIs("password"), password)
	b.click(t, "form[action^='/sign-in'] button, form:has([name=password]) button")
	return b
}

func (b *tab) do(t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		t.Fatalf("%s: %v", b.who, err)
	}
}

// eval runs a script that gives a text.
func (b *tab) eval(t *testing.T, script string) string {
	t.Helper()
	s, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %s: %v", b.who, script, err)
	}
	return s
}

func (b *tab) open(t *testing.T, path string) {
	t.Helper()
	b.do(t, chromedp.Navigate(b.base+path))
	found := b.eval(t, b.axe+`;axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
		.then(r => r.violations.map(v => v.id + " " + v.nodes[0].html.slice(0, 200)).join("\n"))`)
	if found != "" {
		t.Errorf("%s %s: axe finds %s", b.who, path, found)
	}
	if n := b.eval(t, `String(document.querySelectorAll(".btn-primary").length + document.querySelectorAll("[style]").length * 100)`); n != "0" && n != "1" {
		t.Errorf("%s %s: primary buttons and styles: %s", b.who, path, n)
	}
}

// type fills fields as a person does: each change is an input event.
func (b *tab) fill(t *testing.T, fields ...string) {
	t.Helper()
	for i := 0; i < len(fields); i += 2 {
		said := b.eval(t, fmt.Sprintf(`(() => { const e = document.querySelector(%q); if (!e) return "no field"; e.value = %q;
			e.dispatchEvent(new Event("input", {bubbles: true})); return "" })()`, fields[i], fields[i+1]))
		if said != "" {
			t.Fatalf("%s: %s: %s", b.who, fields[i], said)
		}
	}
}

func nameIs(name string) string { return fmt.Sprintf("[name='%s']", name) }

// click presses what a selector finds and waits for the next page.
func (b *tab) click(t *testing.T, selector string) {
	t.Helper()
	said := b.eval(t, fmt.Sprintf(`(() => { const e = document.querySelector(%q); if (!e) return "nothing to press: " + document.querySelector("main")?.innerText.slice(0, 300);
		window.before = true; setTimeout(() => e.click(), 0); return "" })()`, selector))
	if said != "" {
		t.Fatalf("%s: %s: %s", b.who, selector, said)
	}
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		ready, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`!window.before && document.readyState === "complete"`))
		if err == nil && ready {
			return
		}
	}
	t.Fatalf("%s: nothing came after %s", b.who, selector)
}

// sees waits until the page says something.
func (b *tab) sees(t *testing.T, words string) {
	t.Helper()
	text := ""
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if text = b.eval(t, `document.querySelector("main")?.innerText.replace(/\s+/g, " ") ?? ""`); strings.Contains(text, words) {
			return
		}
	}
	t.Fatalf("%s does not see %q in: %.1500s", b.who, words, text)
}

func (b *tab) shoot(t *testing.T, name string) {
	t.Helper()
	dir := os.Getenv("ERRERA_SCREENSHOTS")
	if dir == "" {
		return
	}
	for _, width := range []int64{1440, 390} {
		for _, theme := range []string{"light", "dark"} {
			b.do(t, chromedp.EmulateViewport(width, 900))
			b.eval(t, fmt.Sprintf(`document.documentElement.dataset.bsTheme = %q; String(document.documentElement.scrollWidth)`, theme))
			if wide := b.eval(t, `String(document.documentElement.scrollWidth > innerWidth + 1)`); wide == "true" {
				t.Errorf("%s at %d scrolls sideways", name, width)
			}
			picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, width, theme)), picture, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	b.do(t, chromedp.EmulateViewport(1440, 1000))
}

// nextWithDraft opens a round with an agreement of alpha that waits to be written.
func (h *house) nextWithDraft(t *testing.T) (programme.Programme, id.Agreement) {
	t.Helper()
	ctx := context.Background()
	if err := job.Migrate(ctx, h.db); err != nil { // letters are posted by jobs
		t.Fatal(err)
	}
	var next programme.Programme
	a := id.New[id.Agreement]()
	err := h.db.WriteAgency(ctx, func(tx *db.Tx) (err error) {
		next, err = renewal.Open(ctx, tx, access.System("operator"), h.programme, renewal.Next{Code: "next-round",
			Name:   programme.Words{NL: "Volgende ronde", EN: "Next round", FR: "Cycle suivant"},
			Starts: h.programme.Ends.AddDays(1), Ends: h.programme.Ends.AddDays(731),
			Envelopes: map[period.Year]money.Amount{2019: 100_000_00, 2020: 100_000_00}})
		if err != nil {
			return err
		}
		partners, err := programme.Organisations(ctx, tx)
		if err != nil {
			return err
		}
		for _, o := range partners {
			if o.Code == "alpha" {
				return agreement.Add(ctx, tx, next.ID, []agreement.Agreement{{ID: a, Partner: o, State: agreement.Draft, Version: 1, Starts: next.Starts, Ends: next.Ends}})
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return next, a
}

// TestAnAgreementInTwoBrowsers plays the whole story of an agreement in two browsers at once: a proposal, three counter-proposals, of which
// one made while the other side types, two people of a side in one working copy, a stale acceptance that is refused, an agreement on the
// same content, the signatures of both sides with the sealed PDF, an amendment from its proposal until it is in force, and the renewal in the
// round after it.
func TestAnAgreementInTwoBrowsers(t *testing.T) {
	inBrowser(t)
	t.Parallel()
	h := openHouse(t)
	next, a := h.nextWithDraft(t)
	h.signers(t, "alpha")
	officer, partner := h.openTab(t, "officer@bureau.example"), h.openTab(t, "coordinator@alpha.example")

	officer.open(t, "/agreements/alpha/negotiation"+round)
	officer.sees(t, "Nothing is on the table yet")
	officer.open(t, "/agreements/alpha/edit"+round)
	officer.click(t, "button[value='objective.add']")
	officer.fill(t, nameIs("objective.objective-1.words.nl"), "Meer bedrijven in het buitenland", nameIs("objective.objective-1.goal"), "abroad")
	for n, s := range signatories("alpha") {
		officer.click(t, "button[value='signatory.add']")
		at := fmt.Sprintf("signatory.%d.", n)
		officer.fill(t, nameIs(at+"side"), string(s.Side), nameIs(at+"name"), s.Name, nameIs(at+"title"), s.Title, nameIs(at+"email"), s.Email)
	}
	officer.click(t, "button[value='kpi.add']")
	kpi := officer.eval(t, `document.querySelector("[name=kpi]").value`)
	officer.fill(t, nameIs("kpi."+kpi+".objective"), "objective-1", nameIs("kpi."+kpi+".baseline"), "90", nameIs("kpi."+kpi+".weight"), "100",
		nameIs("kpi."+kpi+".target.2019"), "100", nameIs("kpi."+kpi+".target.2020"), "veel", nameIs("ceiling.2019"), "200 000,00")
	officer.click(t, "button[value='propose']") // a target as text: refused at its field, the rest is kept
	officer.sees(t, "“veel” is not a number")
	officer.fill(t, nameIs("kpi."+kpi+".target.2020"), "120")
	officer.click(t, "button[value='propose']") // a ceiling above the envelope
	officer.sees(t, "above the envelope of that year")
	officer.open(t, "/agreements/alpha/edit"+round)
	officer.sees(t, "above the envelope of that year")
	officer.fill(t, nameIs("ceiling.2019"), "45.000,00", nameIs("ceiling.2020"), "45000")
	officer.click(t, "button[value='propose']")
	officer.sees(t, "The version is on the table")

	partner.open(t, "/agreements/alpha/negotiation"+round)
	partner.sees(t, "It is our turn. ")
	partner.fill(t, "#place", "clause.joint-activities", "#words", "Three is feasible.")
	partner.click(t, "#say button")
	partner.sees(t, "Three is feasible.")
	partner.open(t, "/agreements/alpha/edit"+round)
	text := nameIs("clause.joint-activities.text")
	partner.fill(t, text, "De partner organiseert elk jaar minstens drie activiteiten.", nameIs("kpi."+kpi+".target.2020"), "130")
	partner.click(t, "button[value='propose']") // the first counter-proposal: version 2

	officer.open(t, "/agreements/alpha/negotiation"+round)
	officer.sees(t, "came with version 2: one clause and one number changed")
	officer.shoot(t, "negotiation")
	officer.open(t, "/agreements"+round)
	officer.sees(t, "On the table 1 negotiation")
	officer.shoot(t, "agreements")
	officer.open(t, "/agreements/alpha/edit"+round)
	officer.fill(t, nameIs("kpi."+kpi+".target.2020"), "140")
	officer.click(t, "button[value='propose']") // the second: version 3
	oneTypesWhileTheOtherProposes(t, officer, partner, kpi)
	h.twoInOneCopy(t, partner)
	aStaleAcceptance(t, officer, partner)
	officer.open(t, "/agreements/alpha/document"+round)
	officer.shoot(t, "document")
	officer.open(t, "/coverage"+round)
	officer.shoot(t, "coverage")
	h.agreedAsRead(t, next, a)
	chair, minister := h.signedInOrder(t, next, officer)
	h.amendedInForce(t, next, kpi, []*tab{officer, partner, chair, minister})
	h.renewed(t, next, kpi, officer)
}

const round = "?programme=next-round"

// oneTypesWhileTheOtherProposes: the partner's words are kept, refused as an answer to what it has not read, and brought together with the
// version that came meanwhile.
func oneTypesWhileTheOtherProposes(t *testing.T, officer, partner *tab, kpi string) {
	t.Helper()
	partner.open(t, "/agreements/alpha/edit"+round)
	partner.fill(t, nameIs("kpi."+kpi+".target.2020"), "135", nameIs("clause.claims.title"), "Declaraties, twee per jaar")
	partner.sees(t, "saved at") // typed and kept, not proposed
	officer.open(t, "/agreements/alpha/edit"+round)
	officer.fill(t, nameIs("kpi."+kpi+".target.2020"), "138", nameIs("clause.law.title"), "Toepasselijk recht")
	officer.click(t, "button[value='propose']") // version 4, while the partner types
	partner.click(t, "button[value='propose']")
	partner.sees(t, "A version 4 is on the table now")
	partner.open(t, "/agreements/alpha/edit"+round)
	partner.sees(t, "put version 4 on the table")
	partner.shoot(t, "editor")
	partner.click(t, "button[value='take-in']")
	partner.sees(t, "changed the same words as you")
	partner.shoot(t, "merge")
	partner.eval(t, `document.querySelector("[value='own']").click(); ""`)
	partner.fill(t, nameIs("own.0"), "137")
	partner.click(t, "main form .btn-primary")
	partner.sees(t, "together with what somebody else wrote")
	for field, want := range map[string]string{"kpi." + kpi + ".target.2020": "137", "clause.claims.title": "Declaraties, twee per jaar",
		"clause.law.title": "Toepasselijk recht"} {
		if got := partner.eval(t, fmt.Sprintf("document.querySelector(%q).value", nameIs(field))); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
}

// aStaleAcceptance: what the officer read is no longer on the table when they accept it.
func aStaleAcceptance(t *testing.T, officer, partner *tab) {
	t.Helper()
	partner.open(t, "/agreements/alpha/edit"+round)
	partner.click(t, "button[value='propose']") // the third: version 5

	officer.open(t, "/agreements/alpha/negotiation"+round)
	officer.sees(t, "came with version 5")
	partner.open(t, "/agreements/alpha/edit"+round)
	partner.fill(t, nameIs("ceiling.2020"), "46000")
	partner.click(t, "button[value='propose']") // version 6 takes the place of version 5
	accept := "form[action*='negotiation/accept'] button"
	officer.click(t, accept)
	officer.sees(t, "on the table is now version 6")
	officer.open(t, "/agreements/alpha/negotiation"+round+"&from=4&to=6")
	officer.shoot(t, "negotiation-6")
	officer.click(t, accept)
	officer.sees(t, "Alpha and the agency agree on version 6")
}

// twoInOneCopy lets two people of a side change the same working copy at once: both stand in it.
func (h *house) twoInOneCopy(t *testing.T, one *tab) {
	t.Helper()
	two := h.openTab(t, one.who)
	one.open(t, "/agreements/alpha/edit"+round)
	two.open(t, "/agreements/alpha/edit"+round)
	one.fill(t, nameIs("clause.overlap.title"), "Overlapping, door de ene")
	one.sees(t, "saved at")
	two.fill(t, nameIs("clause.referral.title"), "Doorverwijzen, door de andere")
	two.sees(t, "somebody else wrote in the same working copy")
	one.fill(t, nameIs("clause.evidence.title"), "Bewijs, nog eens door de ene")
	one.sees(t, "somebody else wrote in the same working copy")
	one.open(t, "/agreements/alpha/edit"+round)
	for field, want := range map[string]string{"clause.overlap.title": "Overlapping, door de ene", "clause.referral.title": "Doorverwijzen, door de andere",
		"clause.evidence.title": "Bewijs, nog eens door de ene"} {
		if got := one.eval(t, fmt.Sprintf("document.querySelector(%q).value", nameIs(field))); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
}

// agreedAsRead holds the database against what the browsers did.
func (h *house) agreedAsRead(t *testing.T, next programme.Programme, agreed id.Agreement) {
	t.Helper()
	ctx := context.Background()
	h.read(t, func(tx *db.Tx) error {
		a, err := agreement.Load(ctx, tx, access.All, next.ID, agreed)
		if err != nil {
			return err
		}
		all, err := agreement.Versions(ctx, tx, next.ID, a.ID)
		if err != nil {
			return err
		}
		var states []string
		for _, v := range all {
			states = append(states, fmt.Sprintf("%s %s", v.Side, v.State))
		}
		want := "agency countered, partner countered, agency superseded, agency countered, partner superseded, partner accepted"
		if got := strings.Join(states, ", "); got != want || a.State != agreement.Agreed {
			t.Errorf("%s: %s, want %s", a.State, got, want)
		}
		last, _ := agreement.AcceptedLast(all)
		if !last.AcceptedBy(agreement.OfAgency) || !last.AcceptedBy(agreement.OfPartner) {
			t.Errorf("%+v", last.Bound)
		}
		return nil
	})
}
