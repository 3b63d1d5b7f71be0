package cli

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// post sends a form and gives the status and what it answers, in English; where it leads elsewhere the page there is not asked for.
func (h *house) post(t *testing.T, client *http.Client, path string, pairs ...string) (int, string) {
	t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	req, err := http.NewRequest(http.MethodPost, h.server.URL+path, strings.NewReader(form.Encode()))
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
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// decided proposes a decision on its page and has it taken, or refused, by somebody else.
func (h *house) decided(t *testing.T, verb string, pairs ...string) {
	t.Helper()
	if status, body := h.post(t, h.as(t, "controller@bureau.example"), "/decisions/propose", pairs...); status != http.StatusSeeOther {
		t.Fatalf("propose: %d %.400s", status, body)
	}
	var id string
	h.read(t, func(tx *db.Tx) error {
		all, err := programme.Decisions(t.Context(), tx, h.programme.ID, access.All)
		for _, d := range all {
			if d.State == "proposed" {
				id = string(d.ID)
			}
		}
		return err
	})
	if status, _ := h.post(t, h.as(t, "controller@bureau.example"), "/decisions/"+verb, "decision", id); status != http.StatusForbidden {
		t.Errorf("who proposed it took it: %d", status)
	}
	if status, body := h.post(t, h.as(t, "approver@bureau.example"), "/decisions/"+verb, "decision", id); status != http.StatusSeeOther {
		t.Fatalf("%s: %d %.400s", verb, status, body)
	}
}

// TestAnExtensionMovesATerm: the term to object has long passed; a decision moves it, the page of terms shows both days, and the partner may
// object until then. One that was refused moves nothing.
func TestAnExtensionMovesATerm(t *testing.T) {
	h := openHouse(t)
	finance := h.as(t, "finance@beta.example")
	var claim string
	h.read(t, func(tx *db.Tx) error {
		return tx.Row(t.Context(), db.Query{Name: "cli.decided.claim", Text: `select c.id from claim c join agreement a on a.id = c.agreement_id
			join organisation o on o.id = a.organisation_id where o.code = 'beta' and c.year = 2018 and exists (select 1 from cost_item i where i.claim_id = c.id
			and i.deducted <> 0) order by c.number desc limit 1`}).Scan(&claim)
	})
	var number string
	h.read(t, func(tx *db.Tx) error {
		return tx.Row(t.Context(), db.Query{Name: "cli.decided.number", Text: "select number from claim where id = $1"}, claim).Scan(&number)
	})
	at := "/claims/beta/2018/" + number
	if status, body := h.post(t, finance, at+"/object", "words", "The lines were agreed."); status != http.StatusConflict || !strings.Contains(body, "The objection term ran until") {
		t.Errorf("before any decision: %d %.300s", status, between(t, body, "<main", "</main>"))
	}
	until := period.On(time.Now()).AddDays(20)
	proposal := []string{"kind", "extension", "partner", "beta", "year", "2018", "subject", "term:objection/" + claim, "until", string(until),
		"words", "The letter went astray."}
	h.decided(t, "refuse", proposal...)
	if status, _ := h.post(t, finance, at+"/object", "words", "The lines were agreed."); status != http.StatusConflict {
		t.Errorf("after a refused decision: %d", status)
	}
	h.decided(t, "take", proposal...)
	_, page := h.ask(t, finance, "GET", "/terms")
	row := between(t, page, "object to claim "+number+" of 2018", "</tr>")
	if !strings.Contains(row, "was ") {
		t.Errorf("the page of terms does not show the moved term: %s", row)
	}
	if status, _ := h.post(t, finance, at+"/object", "words", "The lines were agreed."); status != http.StatusSeeOther {
		t.Errorf("within the moved term: %d", status)
	}
	if _, page := h.ask(t, finance, "GET", at); !strings.Contains(page, "The lines were agreed.") {
		t.Error("the claim does not show the objection")
	}
}

// TestCostOfACancelledActivity: a draft with it cannot be handed in; a decision keeps it eligible, one that was refused does not, and the page
// of the claim says which.
func TestCostOfACancelledActivity(t *testing.T) {
	h := openHouse(t)
	finance := h.as(t, "finance@beta.example")
	res, err := finance.PostForm(h.server.URL+"/claims", url.Values{"partner": {"beta"}, "year": {"2018"}})
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	at := res.Header.Get("Location")
	list := "Description;Category;Activity;Supplier;Invoice;Invoice date;Delivery date;Net;VAT\n" +
		"Room that nobody used;venue;a6;BE0123456749;X-1;25/11/2018;22/11/2018;500,00;105,00\n"
	if status, body := h.send(t, finance, at+"/keep", nil, "costs.csv", list); status >= 400 {
		t.Fatalf("keep: %d %.600s", status, body)
	}
	stops := func() bool {
		_, page := h.ask(t, finance, "GET", at)
		return strings.Contains(page, "no decision keeps its cost eligible")
	}
	if !stops() {
		t.Error("the draft does not say that the activity was cancelled")
	}
	if status, _ := h.post(t, finance, at+"/submit"); status < 400 {
		t.Errorf("handed in without a decision: %d", status)
	}
	proposal := []string{"kind", "cancelled-cost", "partner", "beta", "year", "2018", "item", "a6", "words", "The hall kept its fee."}
	h.decided(t, "refuse", proposal...)
	if status, _ := h.post(t, finance, at+"/submit"); status < 400 || !stops() {
		t.Errorf("handed in after a refused decision: %d", status)
	}
	h.decided(t, "take", proposal...)
	if stops() {
		t.Error("the draft still says that the cost is not eligible")
	}
	if status, body := h.post(t, finance, at+"/submit"); status != http.StatusSeeOther {
		t.Fatalf("hand in: %d %.600s", status, body)
	}
	controller := h.as(t, "controller@bureau.example")
	for _, step := range []string{"open", "rest"} {
		if status, _ := h.post(t, controller, at+"/"+step); status != http.StatusSeeOther {
			t.Fatalf("%s: %d", step, status)
		}
	}
	_, page := h.ask(t, controller, "GET", at)
	if !strings.Contains(page, "Room that nobody used") || !strings.Contains(page, "accepted") {
		t.Error("the claim does not show the accepted cost")
	}
	_, decisions := h.ask(t, controller, "GET", "/decisions")
	if !strings.Contains(decisions, "/activities/a6") {
		t.Error("the decision does not open its activity")
	}
}
