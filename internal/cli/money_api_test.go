package cli

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/format/camt"
	"errera.eu/errera/internal/format/camt/camttest"
	"errera.eu/errera/internal/money"
)

// TestMoneyByAPI plays a claim from its draft to the bank and back, a decision and the desk, all over the JSON interface.
func TestMoneyByAPI(t *testing.T) {
	h := openHouse(t)
	p := &payDesk{t: t, ctx: t.Context(), db: h.db, g: h.programme}
	p.load()
	p.account(p.g.Agency, agencyIBAN)
	p.account(p.years["gamma"].Partner, alphaIBAN)
	m := &moneyAPI{house: h, t: t, at: "/api/v1/programmes/" + h.programme.Code, tokens: map[string]string{}}

	draft := into[api.ClaimDetail](m, m.as("finance@gamma").post(201, "/claims", map[string]any{"partner": "gamma", "year": 2018}))
	claim := "/claims/gamma/2018/" + strconv.Itoa(draft.Number)
	if again := into[api.ClaimDetail](m, m.as("finance@gamma").post(201, "/claims", map[string]any{"partner": "gamma", "year": 2018})); again.Number != draft.Number {
		t.Errorf("another draft: %d", again.Number)
	}
	m.as("controller@bureau").get(404, claim) // a draft is its partner's alone
	cost := func(invoice, net string) map[string]any {
		return map[string]any{"category": "venue", "description": "room", "supplier": "0123456749", "invoice": invoice, "invoiced_on": "2018-05-02",
			"delivered_on": "2018-05-02", "net": net}
	}
	wrong := m.as("finance@gamma").post(422, claim+"/costs", map[string]any{"costs": []any{cost("A1", "400.01"), cost("", "5.00")}})
	if !strings.Contains(wrong, "costs[1].invoice") {
		t.Errorf("the fault names no row: %s", wrong)
	}
	made := into[api.CostsMade](m, m.post(201, claim+"/costs", map[string]any{"costs": []any{cost("A1", "9400.01"), cost("A2", "300.02"), cost("A3", "70.00")}})).Costs
	m.post(201, "/costs/"+made[0].ID+"/proofs", map[string]any{"name": "a1.pdf", "content": []byte("%PDF-1.7\n%%EOF\n")})
	m.change(200, claim, "/submit", nil)
	m.as("controller@bureau").change(200, claim, "/open", nil)
	m.change(200, "/costs/"+made[1].ID, "/deduct", map[string]any{"amount": "100.01", "reason_code": "proof", "reason": "no proof"})
	m.change(200, "/costs/"+made[2].ID, "/park", map[string]any{"reason": "the contract is asked for"})
	m.change(422, "/costs/"+made[0].ID, "/deduct", map[string]any{"amount": "9400.02", "reason_code": "proof", "reason": "more than it is"})
	m.change(200, claim, "/query", map[string]any{"words": "Who paid?", "cost": made[0].ID})
	m.as("finance@gamma").change(200, claim, "/answer", map[string]any{"words": "We did."})
	m.as("controller@bureau").change(200, "/costs/"+made[0].ID, "/accept", map[string]any{})
	m.change(200, claim, "/verify", nil)
	stale := m.tag(claim)
	approved := into[api.ClaimDetail](m, m.as("approver@bureau").change(200, claim, "/approve", nil))
	if approved.State != "approved" || approved.Accepted != "9600.02" || approved.Deducted != "100.01" || approved.Parked != "70.00" || approved.Due == "0.00" {
		t.Errorf("approved: %+v", approved)
	}
	if status, _, _ := h.say(t, m.token, http.MethodPost, m.at+claim+"/reopen", stale, map[string]any{"words": "late"}); status != http.StatusPreconditionFailed && status != http.StatusConflict {
		t.Errorf("a change of what was not read: %d", status)
	}
	m.pay(claim)

	d := into[api.Decision](m, m.as("controller@bureau").post(201, "/decisions", map[string]any{"kind": "overrun", "partner": "gamma", "year": 2018, "amount": "10.00", "words": "more"}))
	if d = into[api.Decision](m, m.as("approver@bureau").change(200, "/decisions/"+d.Code, "/take", nil)); d.State != "taken" {
		t.Errorf("decision: %+v", d)
	}
	a := into[api.Account](m, m.as("payer@bureau").post(201, "/accounts", map[string]any{"partner": "gamma", "iban": "DE89370400440532013000", "holder": "Gamma"}))
	if a.State != "proposed" || strings.Contains(a.IBAN, "37040044") {
		t.Errorf("account: %+v", a)
	}
	m.as("payer.2@bureau")
	if status, _, body := h.say(t, m.token, http.MethodPost, m.at+"/accounts/"+a.ID+"/confirm", "*", struct{}{}); status != 200 || !strings.Contains(body, `"confirmed"`) {
		t.Errorf("%d %s", status, body)
	}
	s := into[api.Settlement](m, m.as("controller@bureau").post(200, "/settlements/gamma/2018/compute", nil))
	if s.State != "computed" || s.Version != 1 {
		t.Errorf("settlement: %+v", s)
	}
	m.change(200, "/settlements/gamma/2018", "/communicate", nil)
	m.as("finance@gamma").change(200, "/settlements/gamma/2018", "/object", map[string]any{"words": "a mission is missing"})
	m.as("approver@bureau").change(200, "/settlements/gamma/2018", "/dismiss", map[string]any{"words": "it counts next year"})
	(&desk{house: h}).laws(t)
}

// pay takes an approved claim to the bank, brings the news that it was paid, and decides a line that is none of the programme's.
func (m *moneyAPI) pay(claim string) {
	m.t.Helper()
	due := into[api.Page[api.Payable]](m, m.as("payer@bureau").get(200, "/payables?limit=200")).Items
	var key string
	for _, x := range due {
		if x.Partner == "gamma" && x.Kind == "claim" {
			key = x.Key
		}
	}
	b := into[api.Batch](m, m.post(201, "/batches", map[string]any{"execute_on": today(), "payables": []string{key}}))
	batch := "/batches/" + strconv.Itoa(b.Number)
	m.as("payer.2@bureau").change(200, batch, "/approve", nil)
	file := into[api.ExportedBatch](m, m.change(200, batch, "/export", nil))
	if !strings.Contains(file.Content, "pain.001.001.09") || file.SHA256 == "" {
		m.t.Errorf("export: %+v", file.Batch)
	}
	var end string
	m.read(m.t, func(tx *db.Tx) error {
		return tx.Row(m.t.Context(), db.Query{Name: "cli.money.end", Text: "select end_to_end from payment where end_to_end is not null"}).Scan(&end)
	})
	amount, err := money.Parse(string(b.Total))
	if err != nil {
		m.t.Fatal(err)
	}
	statement := camt.Statement{ID: "S1", Account: agencyIBAN, Currency: "EUR", From: today(), Until: today(), Opening: 1_000_000_00, Closing: 1_000_000_00 - amount - 3_00, Entries: []camt.Entry{
		{Amount: -amount, BookedOn: today(), Ref: "R1", Parts: []camt.Part{{Amount: -amount, EndToEndID: end}}},
		{Amount: -3_00, BookedOn: today(), Ref: "R2", Parts: []camt.Part{{Amount: -3_00, Texts: []string{"costs of the account"}}}}}}
	var raw bytes.Buffer
	if err := camttest.Write(&raw, camttest.V08, statement); err != nil {
		m.t.Fatal(err)
	}
	read := into[api.StatementRead](m, m.post(201, "/statements", map[string]any{"name": "bank.xml", "content": raw.Bytes()}))
	if read.Fresh != 2 || read.Matched != 1 || read.Open != 1 {
		m.t.Errorf("statement: %+v", read)
	}
	lines := into[api.Page[api.BankLine]](m, m.get(200, "/bank-lines")).Items
	line := into[api.BankLine](m, m.say200("/bank-lines/"+lines[0].ID+"/dismiss", map[string]any{"reason": "costs of the account"}))
	if line.State != "dismissed" {
		m.t.Errorf("line: %+v", line)
	}
	if paid := into[api.ClaimDetail](m, m.as("finance@gamma").get(200, claim)); paid.State != "paid" {
		m.t.Errorf("claim: %s", paid.State)
	}
	if all := into[api.Page[api.Order]](m, m.get(200, "/payments?state=executed&partner=gamma")).Items; len(all) == 0 {
		m.t.Error("the partner sees no payment")
	}
	m.as("payer@bureau").post(422, "/statements", map[string]any{"name": "bomb.xml",
		"content": []byte(`<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Document>&b;</Document>`)})
}

// moneyAPI asks in the name of one person after another.
type moneyAPI struct {
	*house
	t      *testing.T
	at     string
	token  string
	tokens map[string]string
}

func (m *moneyAPI) as(who string) *moneyAPI {
	m.t.Helper()
	if m.tokens[who] == "" {
		m.tokens[who] = m.bearer(m.t, who+".example")
	}
	m.token = m.tokens[who]
	return m
}

func (m *moneyAPI) want(status int, method, path, etag string, body any) string {
	m.t.Helper()
	got, _, answer := m.say(m.t, m.token, method, m.at+path, etag, body)
	if got != status {
		m.t.Fatalf("%s %s: %d, want %d: %s", method, path, got, status, answer)
	}
	return answer
}

func (m *moneyAPI) get(status int, path string) string {
	return m.want(status, http.MethodGet, path, "", nil)
}

func (m *moneyAPI) post(status int, path string, body any) string {
	return m.want(status, http.MethodPost, path, "", body)
}

func (m *moneyAPI) say200(path string, body any) string {
	return m.want(200, http.MethodPost, path, "*", body)
}

func (m *moneyAPI) tag(path string) string {
	m.t.Helper()
	_, tag, _ := m.say(m.t, m.token, http.MethodGet, m.at+path, "", nil)
	return tag
}

// change reads something and changes what it read.
func (m *moneyAPI) change(status int, path, verb string, body any) string {
	m.t.Helper()
	if body == nil {
		body = struct{}{}
	}
	return m.want(status, http.MethodPost, path+verb, m.tag(path), body)
}

func into[T any](m *moneyAPI, answer string) (v T) {
	m.t.Helper()
	if err := json.Unmarshal([]byte(answer), &v); err != nil {
		m.t.Fatalf("%v: %s", err, answer)
	}
	return v
}
