package cli

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"errera.eu/errera/internal/api"
)

// TestFourEyesByAPI prepares a batch over the JSON interface; the same person is refused to approve it there too, another one approves it, and
// a batch of something that is no longer due is refused.
func TestFourEyesByAPI(t *testing.T) {
	h := openHouse(t)
	(&payDesk{t: t, ctx: t.Context(), db: h.db, g: h.programme}).owing()
	payer, second := h.bearer(t, "payer@bureau.example"), h.bearer(t, "payer.2@bureau.example")
	at := "/api/v1/programmes/" + h.programme.Code
	_, _, body := h.say(t, payer, http.MethodGet, at+"/payables?limit=200", "", nil)
	var due api.Page[api.Payable]
	if err := json.Unmarshal([]byte(body), &due); err != nil || len(due.Items) == 0 {
		t.Fatalf("%v: %s", err, body)
	}
	order := map[string]any{"execute_on": today(), "payables": []string{due.Items[0].Key}}
	status, tag, body := h.say(t, payer, http.MethodPost, at+"/batches", "", order)
	var batch api.Batch
	if err := json.Unmarshal([]byte(body), &batch); err != nil || status != http.StatusCreated || batch.Total != due.Items[0].Amount {
		t.Fatalf("%d %v: %s", status, err, body)
	}
	if strings.Contains(body, "NL91ABNA0417164300") || !strings.Contains(body, "NL91 •••• 4300") {
		t.Errorf("the account is not masked: %s", body)
	}
	if status, _, again := h.say(t, payer, http.MethodPost, at+"/batches", "", order); status != http.StatusCreated || again != body {
		t.Errorf("the same key made another batch: %d %s", status, again)
	}
	if status, _, body := h.say(t, second, http.MethodPost, at+"/batches", "", order); status != http.StatusConflict {
		t.Errorf("what is on its way was ordered again: %d %s", status, body)
	}
	approve := at + "/batches/" + "1" + "/approve"
	if status, _, body := h.say(t, payer, http.MethodPost, approve, tag, struct{}{}); status != http.StatusForbidden {
		t.Errorf("who prepared it approved it: %d %s", status, body)
	}
	if status, _, body := h.say(t, second, http.MethodPost, approve, `"stale"`, struct{}{}); status != http.StatusPreconditionFailed && status != http.StatusConflict {
		t.Errorf("what was not read was approved: %d %s", status, body)
	}
	status, _, body = h.say(t, second, http.MethodPost, approve, tag, struct{}{})
	if err := json.Unmarshal([]byte(body), &batch); err != nil || status != http.StatusOK || batch.State != "approved" {
		t.Errorf("%d %v: %s", status, err, body)
	}
}

// owing gives everybody who is owed something a bank account.
func (p *payDesk) owing() {
	p.t.Helper()
	p.load()
	p.account(p.g.Agency, agencyIBAN)
	for _, y := range p.years {
		p.account(y.Partner, alphaIBAN)
	}
	p.claim("gamma", 4_000_01)
}
