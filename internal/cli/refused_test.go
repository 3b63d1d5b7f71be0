package cli

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/api/agreements"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/programme"
)

// beside makes a third programme in which alpha has an agreement that runs into the first months of the next round.
func (h *house) beside(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	other := programme.Programme{ID: id.New[id.Programme](), Code: "beside", Name: programme.Words{NL: "Ernaast", EN: "Beside", FR: "À côté"},
		Starts: "2018-07-01", Ends: "2019-03-31", Currency: "EUR", Agency: h.programme.Agency}
	err := h.db.WriteAgency(ctx, func(tx *db.Tx) error {
		all, err := programme.Organisations(ctx, tx)
		if err != nil {
			return err
		}
		if err := programme.Begin(ctx, tx, other); err != nil {
			return err
		}
		if err := tx.AlsoProgramme(ctx, other.ID); err != nil {
			return err
		}
		for _, o := range all {
			if o.Code == "alpha" {
				return agreement.Add(ctx, tx, other.ID, []agreement.Agreement{{ID: id.New[id.Agreement](), Partner: o, State: agreement.Active, Version: 1,
					Starts: other.Starts, Ends: other.Ends}})
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestBadNumbersAreRefusedAtTheirField types what no agreement may say on the page of its working copy and sends it over the interface: each is
// refused with its reason at its field, nothing is proposed, and the page keeps what was typed.
func TestBadNumbersAreRefusedAtTheirField(t *testing.T) {
	h := openHouse(t)
	next, _ := h.nextWithDraft(t)
	h.beside(t)
	token, officer := h.bearer(t, "officer@bureau.example"), h.as(t, "officer@bureau.example")
	const at = "/api/v1/programmes/next-round/agreements/alpha"
	doc := h.firstDocument(t, next)
	doc.Starts = "2019-04-01"
	kpi := doc.KPIs[0].KPI
	var copy agreements.WorkingCopy
	_, tag, body := h.say(t, token, http.MethodGet, at+"/draft", "", nil)
	decode(t, body, &copy)
	if status, _, body := h.say(t, token, http.MethodPut, at+"/draft", tag, map[string]any{"document": doc}); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	for _, c := range []struct {
		field, typed, says string
		change             func(d *agreement.Document)
	}{
		{"ceiling.2019", "-1", "negative", func(d *agreement.Document) { d.Ceilings[0].Amount = -1_00 }},
		{"ceiling.2020", "100000.01", "envelope", func(d *agreement.Document) { d.Ceilings[1].Amount = 100_000_01 }},
		{"starts", "2019-01-01", "Periods must not overlap", func(d *agreement.Document) { d.Starts = "2019-01-01" }},
		{"kpi." + kpi + ".target.2019", "many", "many", func(d *agreement.Document) { d.KPIs[0].Targets[0].Value = "many" }},
	} {
		status, page := h.typed(t, officer, "/agreements/alpha/edit", c.field, c.typed)
		input := page.Find(`main [name="` + c.field + `"]`)
		told := page.Find(`[id="fault-` + c.field + `"]`).Text()
		if status != http.StatusUnprocessableEntity || !strings.Contains(told, c.says) || input.AttrOr("value", "") != c.typed || input.AttrOr("aria-invalid", "") != "true" {
			t.Errorf("%s on the page: %d, told %q, kept %q", c.field, status, told, input.AttrOr("value", ""))
		}
		bad := doc.Normal()
		bad.KPIs[0].Targets = append([]agreement.YearNumber(nil), bad.KPIs[0].Targets...)
		c.change(&bad)
		status, _, body := h.say(t, token, http.MethodPost, at+"/versions", "", map[string]any{"document": bad, "after": 0})
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, `"`+c.field+`"`) || !strings.Contains(body, c.says) {
			t.Errorf("%s over the interface: %d %s", c.field, status, body)
		}
	}
	h.read(t, func(tx *db.Tx) error {
		a, err := agreement.ByPartner(context.Background(), tx, access.All, next.ID, "alpha")
		if err != nil {
			return err
		}
		all, err := agreement.Versions(context.Background(), tx, next.ID, a.ID)
		if len(all) != 0 {
			t.Errorf("%d versions on the table", len(all))
		}
		return err
	})
}

// typed opens a page's form in the next round, types one field anew and proposes.
func (h *house) typed(t *testing.T, client *http.Client, path, field, value string) (int, *goquery.Document) {
	t.Helper()
	_, body := h.ask(t, client, http.MethodGet, path+round)
	page, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{}
	page.Find("#editor input, #editor textarea, #editor select").Each(func(_ int, s *goquery.Selection) {
		switch name, kind := s.AttrOr("name", ""), s.AttrOr("type", ""); {
		case name == "" || (kind == "checkbox" || kind == "radio") && s.AttrOr("checked", "-") == "-":
		case goquery.NodeName(s) == "textarea":
			form.Add(name, s.Text())
		case goquery.NodeName(s) == "select":
			form.Add(name, s.Find("option[selected]").AttrOr("value", ""))
		default:
			form.Add(name, s.AttrOr("value", ""))
		}
	})
	if !form.Has(field) {
		t.Fatalf("%s has no field %s", path, field)
	}
	form.Set(field, value)
	form.Set("do", "propose")
	req, err := http.NewRequest(http.MethodPost, h.server.URL+path+round, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.AddCookie(&http.Cookie{Name: "lang", Value: "en"})
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, answer
}

// TestAYearInWhichMoneyMovedIsNotTakenOver: a claim that is only drafted, and an advance that is only ordered, keep the year with the partner
// that leaves. The refusal says which year and what to do, on the page and over the interface, and changes nothing.
func TestAYearInWhichMoneyMovedIsNotTakenOver(t *testing.T) {
	h := openHouse(t)
	next, hashes := h.agreed(t, "alpha", "beta")
	for _, p := range []string{"alpha", "beta"} {
		for _, who := range []string{"chair@" + p + ".example", "minister@bureau.example"} {
			h.signs(t, next, p, who, hashes[p])
		}
	}
	ctx := context.Background()
	var beta agreement.Agreement
	h.read(t, func(tx *db.Tx) (err error) {
		beta, err = agreement.ByPartner(ctx, tx, access.All, next.ID, "beta")
		return err
	})
	write := func(fn func(tx *db.Tx) error) {
		t.Helper()
		if err := h.db.Write(ctx, next.ID, fn); err != nil {
			t.Fatal(err)
		}
	}
	token, approver := h.bearer(t, "approver@bureau.example"), h.as(t, "approver@bureau.example")
	const says = "In 2020 something was claimed, paid or settled with Beta already"
	refused := func(why string) {
		t.Helper()
		if status, page := h.form(t, approver, "/agreements/beta/partner/merge", "into", "alpha", "on", "2020-01-01", "reason", "merged"); status != 409 || !strings.Contains(page, says) {
			t.Errorf("%s, on the page: %d", why, status)
		}
		const at = "/api/v1/programmes/next-round/agreements/beta"
		_, tag, _ := h.say(t, token, http.MethodGet, at, "", nil)
		if status, _, body := h.say(t, token, http.MethodPost, at+"/merge", tag, map[string]any{"into": "alpha", "on": "2020-01-01", "reason": why}); status != 409 ||
			!strings.Contains(body, "partner.year_begun") || !strings.Contains(body, "2020") {
			t.Errorf("%s, over the interface: %d %s", why, status, body)
		}
		h.read(t, func(tx *db.Tx) error {
			a, err := agreement.ByPartner(ctx, tx, access.All, next.ID, "beta")
			if a.State != beta.State {
				t.Errorf("%s: refused, and beta is %s", why, a.State)
			}
			return err
		})
	}
	finance := h.actor(t, "coordinator@beta.example")
	var claim id.Claim
	write(func(tx *db.Tx) (err error) {
		claim, err = funding.Draft(ctx, tx, finance, next.ID, beta.ID, 2020)
		return err
	})
	refused("a drafted claim")
	write(func(tx *db.Tx) error { return funding.Discard(ctx, tx, finance, next.ID, claim) })
	write(func(tx *db.Tx) error {
		_, err := funding.Order(ctx, tx, h.actor(t, "payer@bureau.example"), next.ID, funding.Payment{Agreement: beta.ID, Year: 2020, Kind: funding.AdvancePayment, Amount: 1_000_00})
		return err
	})
	refused("an ordered advance")
}
