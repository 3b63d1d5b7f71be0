package cli

import (
	"context"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/job"
)

// seats gives people of the agency a role.
func (h *house) seats(t *testing.T, role access.Role, emails ...string) {
	t.Helper()
	err := h.db.WriteAgency(context.Background(), func(tx *db.Tx) error {
		for _, email := range emails {
			_, err := access.Add(context.Background(), tx, access.System("operator"), access.NewPerson{Email: email, Name: email, Language: "en",
				Role: role, Organisation: "bureau"})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// form sends a form in the next round and tells the status with the page that it led to.
func (h *house) form(t *testing.T, client *http.Client, path string, fields ...string) (int, string) {
	t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
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
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode == http.StatusSeeOther {
		_, page := h.ask(t, client, http.MethodGet, res.Header.Get("Location"))
		return res.StatusCode, html.UnescapeString(page)
	}
	return res.StatusCode, html.UnescapeString(string(body))
}

// TestACandidateOnItsPages plays criteria, an application, two sheets, one conflict of interest, the decision and the draft on their pages;
// what a form refuses stands at its field, and nobody reads what is not theirs.
func TestACandidateOnItsPages(t *testing.T) {
	h := openHouse(t)
	h.openNext(t)
	if err := job.Migrate(t.Context(), h.db); err != nil {
		t.Fatal(err)
	}
	h.seats(t, access.Assessor, "one@bureau.example", "two@bureau.example", "three@bureau.example")
	officer, approver, alpha := h.as(t, "officer@bureau.example"), h.as(t, "approver@bureau.example"), h.as(t, "coordinator@alpha.example")
	expect := func(client *http.Client, status int, words, path string, fields ...string) {
		t.Helper()
		got, page := h.form(t, client, path, fields...)
		if got != status || !strings.Contains(page, words) {
			t.Errorf("%s: %d, want %d and %q", path, got, status, words)
		}
	}
	answers := []string{"motive", "Three missions a year", "answer.c1", "Forty companies", "answer.c2", "Two people"}
	expect(officer, 422, "whole number from 1 to 1000", "/criteria", "name.en.0", "Reach", "weight.0", "much")
	expect(officer, 303, "The criteria are saved.", "/criteria", "name.en.0", "Reach", "weight.0", "3", "name.en.1", "Capacity", "weight.1", "1")
	expect(alpha, 403, "", "/criteria", "name.en.0", "Mine", "weight.0", "1")
	expect(alpha, 422, "Three missions a year", "/candidates/alpha/apply", answers[:4]...) // what was typed stays
	expect(alpha, 303, "Application sent.", "/candidates/alpha/apply", answers...)
	expect(officer, 409, "criteria", "/criteria", "name.en.0", "Other", "weight.0", "1")
	for i, email := range []string{"one@bureau.example", "two@bureau.example"} {
		by := h.as(t, email)
		expect(by, 409, "conflict of interest", "/candidates/alpha/score", "score.c1", "5", "words.c1", "x", "score.c2", "5", "words.c2", "x")
		expect(by, 422, "Choose", "/candidates/alpha/declare")
		expect(by, 303, "Declared.", "/candidates/alpha/declare", "conflict", "no")
		if i == 1 {
			if _, page := h.ask(t, by, http.MethodGet, "/candidates/alpha"+round); strings.Contains(page, "Words of the first") {
				t.Error("an assessor reads another sheet before scoring")
			}
		}
		expect(by, 422, "0 to 5", "/candidates/alpha/score", "score.c1", "6", "words.c1", "x", "score.c2", "4", "words.c2", "x")
		expect(by, 303, "Scores saved.", "/candidates/alpha/score", "score.c1", "4", "words.c1", "Words of the first", "score.c2", "2", "words.c2", "thin")
	}
	three := h.as(t, "three@bureau.example")
	expect(three, 303, "You declared a conflict of interest: her brother leads it", "/candidates/alpha/declare", "conflict", "yes", "interest", "her brother leads it")
	expect(three, 403, "", "/candidates/alpha/score", "score.c1", "4", "words.c1", "x", "score.c2", "2", "words.c2", "x")
	if _, page := h.ask(t, alpha, http.MethodGet, "/candidates/alpha"+round); strings.Contains(page, "Words of the first") || strings.Contains(page, "her brother") {
		t.Error("a candidate reads the sheets")
	}
	expect(officer, 303, "Alpha reaches 70", "/candidates/alpha/assess")
	expect(officer, 403, "", "/candidates/alpha/invite", "reason", "mine")
	expect(approver, 422, "Say why", "/candidates/alpha/invite", "reason", " ")
	expect(approver, 303, "Invited.", "/candidates/alpha/invite", "reason", "strong")
	expect(officer, 303, "The draft lies on the table.", "/candidates/alpha/draft")
	if status, page := h.ask(t, officer, http.MethodGet, "/renewal/alpha"+round); status != 200 || !strings.Contains(page, "<del>") {
		t.Errorf("what comes along: %d", status)
	}
	if _, page := h.ask(t, officer, http.MethodGet, "/agreements/alpha/edit"+round); !strings.Contains(page, `name="ceiling.2019"`) {
		t.Error("the draft is not in the editor")
	}
}
