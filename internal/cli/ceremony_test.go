package cli

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/signing"
	"errera.eu/errera/internal/web/frame"
)

// TestACeremonyWithoutScript signs an agreement on the screen of an officer with forms alone: each signatory types their own password, a
// wrong one is refused at its field, and the officer stays signed in.
func TestACeremonyWithoutScript(t *testing.T) {
	h := openHouse(t)
	next, hashes := h.agreed(t, "alpha", "beta")
	h.invented(t, next, hashes["alpha"])
	h.serveWith(t, frame.Options{AsOf: h.programme.Ends}) // no demonstration: people have passwords
	officer := h.as(t, "officer@bureau.example")
	for _, who := range []string{"chair@beta.example", "minister@bureau.example"} {
		h.as(t, who) // has a password from now on
	}
	post := func(fields map[string]string) (int, string) {
		form := url.Values{}
		for k, v := range maps.All(fields) {
			form.Set(k, v)
		}
		res, err := officer.PostForm(h.server.URL+"/ceremony/beta"+round+"&lang=en", form)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(body)
	}
	if status, body := post(map[string]string{"hash": hashes["beta"], "password": "wrong"}); status < 400 || status >= 500 || !strings.Contains(body, `aria-invalid="true"`) {
		t.Errorf("a wrong password: %d", status)
	}
	if status, _ := post(map[string]string{"hash": strings.Repeat("0", 64), "password": "only for this test run"}); status != http.StatusConflict {
		t.Errorf("another content: %d", status)
	}
	for n := range 2 {
		if status, body := post(map[string]string{"hash": hashes["beta"], "password": "only for this test run"}); status != http.StatusSeeOther {
			t.Errorf("signature %d: %d %.500s", n+1, status, body)
		}
	}
	x := h.sheet(t, next, "beta")
	if !x.Complete() || x.Signatures[0].Name != "Chair of beta" || x.Signatures[1].Name != "Mia Minister" || x.Signatures[1].Way != signing.InCeremony {
		t.Errorf("%+v", x.Signatures)
	}
	if _, body := h.ask(t, officer, http.MethodGet, "/ceremony"+round); !strings.Contains(body, "All 2 agreements are signed") {
		t.Errorf("%.300s", body)
	}
}

// invented holds the ceremony of a demonstration, whose people have no password: their names are enough, in their order.
func (h *house) invented(t *testing.T, next programme.Programme, hash string) {
	t.Helper()
	officer := h.as(t, "officer@bureau.example")
	for n := range 2 {
		res, err := officer.PostForm(h.server.URL+"/ceremony/alpha"+round, url.Values{"hash": {hash}})
		if err != nil {
			t.Fatal(err)
		}
		if res.Body.Close(); res.StatusCode != http.StatusSeeOther {
			t.Errorf("invented signature %d: %s", n+1, res.Status)
		}
	}
	if x := h.sheet(t, next, "alpha"); !x.Complete() || x.Signatures[0].Name != "Chair of alpha" {
		t.Errorf("%+v", x.Signatures)
	}
}

// TestACeremonyInABrowser signs three agreements on one screen by keyboard alone.
func TestACeremonyInABrowser(t *testing.T) {
	inBrowser(t)
	t.Parallel()
	h := openHouse(t)
	next, _ := h.agreed(t, "alpha", "beta", "gamma")
	h.serveWith(t, frame.Options{AsOf: h.programme.Ends})
	for _, who := range []string{"chair@alpha.example", "chair@beta.example", "chair@gamma.example", "minister@bureau.example"} {
		h.as(t, who)
	}
	officer := h.openTab(t, "officer@bureau.example")
	officer.open(t, "/agreements"+round)
	officer.sees(t, "3 agreements wait for signatures.")
	for _, language := range []string{"nl", "fr", "en"} {
		officer.open(t, "/agreements/beta/sign"+round+"&lang="+language)
		officer.shoot(t, "sign-"+language)
		officer.open(t, "/ceremony"+round+"&lang="+language)
		officer.shoot(t, "ceremony-"+language)
	}
	for _, n := range []int{0, 1, 2} {
		for range 2 {
			officer.sees(t, fmt.Sprintf("%d of 3 agreements signed", n))
			officer.types(t, "only for this test run\r")
		}
		officer.sees(t, fmt.Sprintf("%d of 3 agreements signed", n+1))
		if n == 0 {
			officer.types(t, "\t") // the key of the next agreement works outside of a field
			officer.eval(t, `document.activeElement.blur(); ""`)
			officer.types(t, "j")
			officer.sees(t, "Chair of gamma signs with Gamma")
			officer.shoot(t, "ceremony-goes")
		}
	}
	officer.sees(t, "All 3 agreements are signed")
	officer.shoot(t, "ceremony-over")
	for _, p := range []string{"alpha", "beta", "gamma"} {
		if x := h.sheet(t, next, p); !x.Complete() || x.Agreement.State != agreement.Active {
			t.Errorf("%s: %s %+v", p, x.Agreement.State, x.Signatures)
		}
	}
}

// types presses keys where the cursor is, and waits for the page that may follow.
func (b *tab) types(t *testing.T, keys string) {
	t.Helper()
	b.eval(t, `window.before = true; ""`)
	b.do(t, chromedp.KeyEvent(keys))
	if !strings.HasSuffix(keys, "\r") && keys != "j" {
		return
	}
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		ready, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`!window.before && document.readyState === "complete"`))
		if err == nil && ready {
			return
		}
	}
	t.Fatalf("%s: nothing came after %q", b.who, keys)
}

// signedInOrder carries the negotiation of two browsers on to its signatures: of both sides, in order, until the sealed PDF is there.
func (h *house) signedInOrder(t *testing.T, next programme.Programme, officer *tab) (chair, minister *tab) {
	t.Helper()
	officer.open(t, "/agreements/alpha/negotiation"+round)
	officer.click(t, "a.btn[href*='/sign']")
	officer.sees(t, "waits for the signature of Chair of alpha")
	chair, minister = h.openTab(t, "chair@alpha.example"), h.openTab(t, "minister@bureau.example")
	minister.open(t, "/agreements/alpha/sign"+round)
	minister.sees(t, "waits for the signature of Chair of alpha")
	chair.open(t, "/agreements/alpha/sign"+round)
	chair.sees(t, "It is your turn to sign the agreement with Alpha")
	chair.shoot(t, "sign-mine")
	chair.click(t, "form[action*='/alpha/sign'] .btn-primary")
	chair.sees(t, "Your signature is under the agreement with Alpha")
	minister.open(t, "/agreements/alpha/sign"+round)
	minister.sees(t, "the agreement then counts")
	minister.click(t, "form[action*='/alpha/sign'] .btn-primary")
	minister.sees(t, "Everybody signed the agreement with Alpha")
	h.seals(t)
	minister.open(t, "/agreements/alpha/sign"+round)
	minister.sees(t, "Sealed on")
	minister.shoot(t, "sign-sealed")
	status, sealed := h.ask(t, h.as(t, "coordinator@alpha.example"), http.MethodGet, "/agreements/alpha/agreement.pdf"+round)
	if said := poppler(t, []byte(sealed), "pdfsig"); status != http.StatusOK || !strings.Contains(said, "Signature is Valid") {
		t.Errorf("%d, pdfsig: %s", status, said)
	}
	if x := h.sheet(t, next, "alpha"); x.Agreement.State != agreement.Active || x.Agreement.Version != x.Version.N {
		t.Errorf("%+v", x.Agreement)
	}
	return chair, minister
}
