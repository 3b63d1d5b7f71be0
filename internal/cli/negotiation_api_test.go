package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/api/agreements"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// say sends JSON to the interface as the holder of a token.
func (h *house) say(t *testing.T, token, method, path, etag string, body any) (status int, tag, answer string) {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(method, h.server.URL+path, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept-Language", "en")
	req.Header.Set("Idempotency-Key", agreement.HashOf(path+string(raw)+token))
	req.Header.Set("If-Match", etag)
	if method == http.MethodGet {
		req.Body = nil
		req.ContentLength = 0
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if at := res.Header.Get("Location"); at != "" { // where a thing stands, it can be read
		if got, _ := h.call(t, token, http.MethodGet, at); got != http.StatusOK {
			t.Errorf("%s %s says that it made %s, which answers %d", method, path, at, got)
		}
	}
	return res.StatusCode, res.Header.Get("ETag"), string(out)
}

// TestANegotiationByAPI proposes, counters, refuses what is wrong at its field and what is stale, and agrees, all over the JSON interface.
func TestANegotiationByAPI(t *testing.T) {
	h := openHouse(t)
	next, _ := h.nextWithDraft(t)
	officer, partner := h.bearer(t, "officer@bureau.example"), h.bearer(t, "coordinator@alpha.example")
	const at = "/api/v1/programmes/next-round/agreements/alpha"
	doc := h.firstDocument(t, next)
	propose := func(token string, d agreement.Document, after int) (int, agreements.VersionText, string) {
		status, _, body := h.say(t, token, http.MethodPost, at+"/versions", "", map[string]any{"document": d, "after": after})
		var v agreements.VersionText
		if status < 300 {
			decode(t, body, &v)
		}
		return status, v, body
	}
	bad := doc.Normal()
	bad.Ceilings[0].Amount = -1
	if status, _, body := propose(officer, bad, 0); status != http.StatusUnprocessableEntity || !strings.Contains(body, "ceiling.2019") {
		t.Errorf("a negative ceiling: %d %s", status, body)
	}
	status, v1, body := propose(officer, doc, 0)
	if status != http.StatusCreated || v1.Version.Version != 1 {
		t.Fatalf("%d %s", status, body)
	}
	doc.Ceilings[0].Amount = 46_000_00
	status, v2, body := propose(partner, doc, 1)
	if status != http.StatusCreated || v2.Version.Version != 2 {
		t.Fatalf("%d %s", status, body)
	}
	if status, _, body := propose(officer, doc, 1); status != http.StatusConflict || !strings.Contains(body, "agreement.table_moved") {
		t.Errorf("an answer to what was not read: %d %s", status, body)
	}
	_, tag, _ := h.say(t, officer, http.MethodGet, at+"/versions/2", "", nil)
	if status, _, body := h.say(t, officer, http.MethodPost, at+"/versions/2/accept", tag, map[string]any{"hash": v1.Hash}); status != http.StatusConflict ||
		!strings.Contains(body, "agreement.hash_moved") {
		t.Errorf("a stale acceptance: %d %s", status, body)
	}
	if status, _, body := h.say(t, officer, http.MethodPost, at+"/versions/2/accept", tag, map[string]any{"hash": v2.Hash}); status != http.StatusOK {
		t.Errorf("acceptance: %d %s", status, body)
	}
	var s agreements.Standing
	_, _, body = h.say(t, partner, http.MethodGet, at+"/standing", "", nil)
	if decode(t, body, &s); !s.Agreed || s.Turn != "" || s.Version != 2 {
		t.Errorf("%s", body)
	}
	if _, _, body = h.say(t, partner, http.MethodGet, at+"/redline?from=1&to=2", "", nil); !strings.Contains(body, `"place":"ceiling.2019"`) ||
		!strings.Contains(body, `"change":"1000.00"`) {
		t.Errorf("%s", body)
	}
	foreign := h.bearer(t, "coordinator@beta.example")
	if status, _, body := h.say(t, foreign, http.MethodGet, at+"/versions/1", "", nil); status != http.StatusNotFound {
		t.Errorf("another partner reads it: %d %s", status, body)
	}
}

// firstDocument is a proposal that can be verified.
func (h *house) firstDocument(t *testing.T, next programme.Programme) (d agreement.Document) {
	t.Helper()
	ctx := context.Background()
	h.read(t, func(tx *db.Tx) error {
		indicators, err := kpi.Indicators(ctx, tx, next.ID)
		if err != nil {
			return err
		}
		s, err := agreement.LoadSetting(ctx, tx, next, indicators)
		if err != nil {
			return err
		}
		a, err := agreement.ByPartner(ctx, tx, "*", next.ID, "alpha")
		if err != nil {
			return err
		}
		d = s.Begin(a.Partner, text.EN)
		d.Objectives = []agreement.Aim{s.Aim("reach", s.Goals[0].Code, programme.Words{EN: "Reach more"}, text.EN)}
		k := s.Promise(indicators[0].Code, "reach", text.EN)
		k.Baseline, k.Weight, k.Targets = "90.0", 100, []agreement.YearNumber{{Year: 2019, Value: "100"}, {Year: 2020, Value: "110"}}
		d.KPIs = []agreement.Promise{k}
		d.Ceilings[0].Amount, d.Ceilings[1].Amount = 45_000_00, 45_000_00
		return nil
	})
	return d
}
