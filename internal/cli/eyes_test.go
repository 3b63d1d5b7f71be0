package cli

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/sepa"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/funding/hearing"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/payment"
	"errera.eu/errera/internal/plan"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
)

// eyes is a person who holds every role that touches money, at the agency and at a partner, and tries to be both pairs of eyes.
type eyes struct {
	*house
	t    *testing.T
	file string // address of the database, for commands
	both access.Actor
	desk *payDesk

	token  string
	client *http.Client
}

const bothEmail = "both@eyes.example"

func newEyes(t *testing.T) *eyes {
	t.Helper()
	e := &eyes{t: t, file: dbtest.Address(t)}
	d, err := db.Open(t.Context(), e.file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	loadFolder(t, d, byHand())
	e.house = serveHouse(t, d)
	for role, at := range map[access.Role]string{access.Controller: "bureau", access.Approver: "bureau", access.Payer: "bureau", access.Officer: "bureau",
		access.Finance: "gamma", access.Coordinator: "gamma"} {
		err := d.WriteAgency(t.Context(), func(tx *db.Tx) error {
			_, err := access.Add(t.Context(), tx, access.System("operator"), access.NewPerson{Email: bothEmail, Name: "Both", Language: "en", Role: role, Organisation: at})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	e.desk = &payDesk{t: t, ctx: t.Context(), db: d}
	e.desk.load()
	e.both, e.token, e.client = e.actor(t, bothEmail), e.bearer(t, bothEmail), e.as(t, bothEmail)
	return e
}

// path is a way to a verb.
type path struct {
	verb    func(tx *db.Tx) error
	page    string // address of the form's POST, "" where no page leads there
	form    url.Values
	command []string // without --db and --as
	call    string   // below the programme, of the JSON interface; "" where none leads there
	body    any
}

// blocked tries every path and must be denied on each, as one's own work and for no other reason.
func (e *eyes) blocked(verb access.VerbName, p path) {
	e.t.Helper()
	if err := e.db.Write(context.Background(), e.programme.ID, p.verb); fault.Of(err) == nil || fault.Of(err).Key != "access.own_work" {
		e.t.Errorf("%s by verb: %v", verb, err)
	}
	if p.page != "" {
		res, err := e.client.PostForm(e.server.URL+p.page, p.form)
		if err != nil {
			e.t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusForbidden {
			e.t.Errorf("%s by page: %s", verb, res.Status)
		}
	}
	if len(p.command) > 0 {
		if code, _, said := errera(e.t, append([]string{"--db", e.file, "--as", bothEmail}, p.command...)...); code != 3 {
			e.t.Errorf("%s by command: %d %s", verb, code, said)
		}
	}
	if p.call == "" {
		return
	}
	if p.body == nil {
		p.body = struct{}{}
	}
	status, _, answer := e.say(e.t, e.token, http.MethodPost, "/api/v1/programmes/"+e.programme.Code+p.call, "*", p.body)
	if status != http.StatusForbidden || !strings.Contains(answer, "access.own_work") {
		e.t.Errorf("%s by interface: %d %s", verb, status, answer)
	}
}

func (e *eyes) do(fn func(tx *db.Tx) error) {
	e.t.Helper()
	if err := e.db.Write(context.Background(), e.programme.ID, fn); err != nil {
		e.t.Fatal(err)
	}
}

// TestNobodyIsBothPairsOfEyes tries every verb about money that asks for two people, by verb, page, command and JSON interface, in the name
// of one person whose roles would allow both halves. A verb of the table that asks for two people and stands neither here nor in a named
// other test is a failure.
func TestNobodyIsBothPairsOfEyes(t *testing.T) {
	e := newEyes(t)
	tried := []access.VerbName{"activity.verify", "evidence.verify", "user.grant", "user.disable", "overlap.join", // internal/access, evidence, activity, coordination: their own tests
		"candidate.score", "candidate.invite", "candidate.decline"} // TestACandidateOnItsPages
	for _, pair := range []func() []access.VerbName{e.items, e.claims, e.objections, e.decisions, e.orders, e.batches, e.bankAccounts, e.settlements, e.plans} {
		tried = append(tried, pair()...)
	}
	for _, v := range access.Verbs() {
		if v.FourEyes && !slices.Contains(tried, v.Name) {
			t.Errorf("%s asks for two people and nothing here tries to do it with one", v.Name)
		}
	}
}

// claimAt is where a claim of gamma's stands, on pages and in the interface.
func claimAt(number string) string { return "/claims/gamma/2018/" + number }

// submitted is a claim that the person handed in, taken into verification.
func (e *eyes) submitted() (claim id.Claim, item id.Item, number string) {
	e.t.Helper()
	year := e.desk.years["gamma"]
	i := funding.Item{ID: id.New[id.Item](), Category: "venue", Description: "room", Supplier: "0123456749", InvoicedOn: "2018-05-02",
		DeliveredOn: "2018-05-02", Net: 500_01}
	i.Invoice = string(i.ID)
	e.do(func(tx *db.Tx) (err error) {
		if claim, err = funding.Submit(e.t.Context(), tx, e.both, e.programme.ID, funding.NewClaim{Agreement: year.Agreement, Year: 2018, Items: []funding.Item{i}}); err != nil {
			return err
		}
		k, err := funding.LoadClaim(e.t.Context(), tx, e.both, e.programme.ID, claim)
		if err != nil {
			return err
		}
		number = strconv.Itoa(k.Number)
		return funding.Open(e.t.Context(), tx, e.desk.people["controller@bureau"], e.programme.ID, claim)
	})
	return claim, i.ID, number
}

func (e *eyes) items() []access.VerbName {
	claim, item, number := e.submitted()
	verbs := []access.VerbName{"item.accept", "item.deduct", "item.park", "item.undecide"}
	for _, v := range verbs {
		_, name, _ := strings.Cut(string(v), ".")
		if v == "item.undecide" {
			e.do(func(tx *db.Tx) error {
				return funding.Decide(e.t.Context(), tx, e.desk.people["controller@bureau"], e.programme.ID, item, "item.accept", 0, "", "")
			})
		}
		e.blocked(v, path{
			verb: func(tx *db.Tx) error {
				if v == "item.undecide" {
					return funding.Undecide(e.t.Context(), tx, e.both, e.programme.ID, item)
				}
				return funding.Decide(e.t.Context(), tx, e.both, e.programme.ID, item, v, 1_00, "proof", "none")
			},
			page: claimAt(number) + "/" + name, form: url.Values{"item": {string(item)}, "deducted": {"1.00"}, "code": {"proof"}, "words": {"none"}},
			call: "/costs/" + string(item) + "/" + name, body: map[string]string{"amount": "1.00", "reason_code": "proof", "reason": "none"},
		})
	}
	e.blocked("claim.verify", path{
		verb: func(tx *db.Tx) error { return funding.Verify(e.t.Context(), tx, e.both, e.programme.ID, claim) },
		page: claimAt(number) + "/verify", call: claimAt(number) + "/verify",
	})
	e.do(func(tx *db.Tx) error {
		return funding.Verify(e.t.Context(), tx, e.desk.people["controller@bureau"], e.programme.ID, claim)
	})
	e.notApproved(claim, number) // who entered it
	e.do(func(tx *db.Tx) error {
		_, err := funding.Approve(e.t.Context(), tx, e.desk.people["approver@bureau"], e.programme.ID, claim)
		return err
	})
	return append(verbs, "claim.verify")
}

func (e *eyes) notApproved(claim id.Claim, number string) {
	e.blocked("claim.approve", path{
		verb: func(tx *db.Tx) error {
			_, err := funding.Approve(e.t.Context(), tx, e.both, e.programme.ID, claim)
			return err
		},
		page: claimAt(number) + "/approve", call: claimAt(number) + "/approve",
	})
}

// verified is a claim that somebody else of gamma handed in and that the person verified.
func (e *eyes) verified() (claim id.Claim, number string) {
	e.t.Helper()
	mine := e.both
	e.both = e.desk.people["finance@gamma"]
	claim, item, number := e.submitted()
	e.both = mine
	e.do(func(tx *db.Tx) error {
		if err := funding.Decide(e.t.Context(), tx, e.both, e.programme.ID, item, "item.accept", 0, "", ""); err != nil {
			return err
		}
		return funding.Verify(e.t.Context(), tx, e.both, e.programme.ID, claim)
	})
	return claim, number
}

func (e *eyes) claims() []access.VerbName {
	claim, number := e.verified()
	e.notApproved(claim, number) // who verified it
	e.do(func(tx *db.Tx) error {
		_, err := funding.Approve(e.t.Context(), tx, e.desk.people["approver@bureau"], e.programme.ID, claim)
		return err
	})
	return []access.VerbName{"claim.approve"}
}

func (e *eyes) objections() []access.VerbName {
	claim, number := e.verified()
	e.do(func(tx *db.Tx) error {
		if _, err := funding.Approve(e.t.Context(), tx, e.desk.people["approver@bureau"], e.programme.ID, claim); err != nil {
			return err
		}
		return hearing.Object(e.t.Context(), tx, e.desk.people["finance@gamma"], e.programme.ID, claim, "the room counts")
	})
	verbs := []access.VerbName{"claim.uphold", "claim.dismiss"}
	for _, v := range verbs {
		_, name, _ := strings.Cut(string(v), ".")
		e.blocked(v, path{
			verb: func(tx *db.Tx) error {
				return hearing.AnswerObjection(e.t.Context(), tx, e.both, e.programme.ID, claim, v, "it does")
			},
			page: claimAt(number) + "/" + name, form: url.Values{"words": {"it does"}},
			call: claimAt(number) + "/" + name, body: map[string]string{"words": "it does"},
		})
	}
	return verbs
}

func (e *eyes) decisions() []access.VerbName {
	var made id.Decision
	var code string
	e.do(func(tx *db.Tx) (err error) {
		made, err = funding.Propose(e.t.Context(), tx, e.both, e.programme.ID, programme.Decision{Kind: "overrun", Words: "more", Amount: 1_00,
			Agreement: e.desk.years["gamma"].Agreement, Year: 2018})
		if err != nil {
			return err
		}
		d, err := programme.LoadDecision(e.t.Context(), tx, e.both, e.programme.ID, made)
		code = d.Code
		return err
	})
	e.blocked("decision.take", path{
		verb: func(tx *db.Tx) error {
			return funding.Take(e.t.Context(), tx, e.both, e.programme.ID, made, "decision.take")
		},
		page: "/decisions/take", form: url.Values{"decision": {string(made)}}, call: "/decisions/" + code + "/take",
	})
	return []access.VerbName{"decision.take"}
}

func (e *eyes) orders() []access.VerbName {
	var made id.Payment
	e.do(func(tx *db.Tx) (err error) {
		p, err := funding.Load(e.t.Context(), tx, e.programme.ID, e.desk.years["gamma"].Agreement, 2018)
		if err != nil {
			return err
		}
		made, err = funding.Order(e.t.Context(), tx, e.both, e.programme.ID, funding.Payment{Agreement: e.desk.years["gamma"].Agreement, Year: 2018,
			Kind: funding.BalancePayment, Amount: min(1_00, p.Payable-p.InTransit)})
		return err
	})
	e.blocked("payment.approve", path{
		verb: func(tx *db.Tx) error {
			return funding.ApprovePayment(e.t.Context(), tx, e.programme.ID, made, funding.Mover{By: e.both})
		},
		call: "/payments/" + string(made) + "/approve",
	})
	return []access.VerbName{"payment.approve"}
}

func (e *eyes) batches() []access.VerbName {
	e.desk.account(e.programme.Agency, agencyIBAN)
	e.desk.account(e.desk.years["gamma"].Partner, alphaIBAN)
	var made id.Batch
	e.do(func(tx *db.Tx) error {
		due, err := payment.Payables(e.t.Context(), tx, e.both, e.programme.ID)
		if err != nil {
			return err
		}
		due = slices.DeleteFunc(due, func(p payment.Payable) bool { return p.Partner != e.desk.years["gamma"].Partner })
		made, err = payment.Prepare(e.t.Context(), tx, e.both, e.programme, tx.Now.Date(), due[:1])
		return err
	})
	e.blocked("batch.approve", path{
		verb: func(tx *db.Tx) error { return payment.Approve(e.t.Context(), tx, e.both, e.programme.ID, made) },
		page: "/payments/batches/1/approve", command: []string{"pay", "approve", "1"}, call: "/batches/1/approve",
	})
	return []access.VerbName{"batch.approve"}
}

func (e *eyes) bankAccounts() []access.VerbName {
	var made id.Account
	e.do(func(tx *db.Tx) (err error) {
		made, err = payment.Propose(e.t.Context(), tx, e.both, e.programme.ID,
			payment.Account{Organisation: e.desk.years["gamma"].Partner, IBAN: sepa.IBAN("DE89370400440532013000"), Holder: "Gamma"})
		return err
	})
	e.blocked("account.confirm", path{
		verb: func(tx *db.Tx) error {
			_, err := payment.Confirm(e.t.Context(), tx, e.both, e.programme.ID, made)
			return err
		},
		page: "/accounts/confirm", form: url.Values{"account": {string(made)}}, command: []string{"pay", "account", "confirm", string(made)},
		call: "/accounts/" + string(made) + "/confirm",
	})
	return []access.VerbName{"account.confirm"}
}

func (e *eyes) settlements() []access.VerbName {
	year := e.desk.years["alpha"]
	if _, err := settlement.Settle(e.t.Context(), e.db, e.both, e.programme.ID, []settlement.AgreementYear{year}, false); err != nil {
		e.t.Fatal(err)
	}
	e.do(func(tx *db.Tx) error {
		_, err := settlement.Communicate(e.t.Context(), tx, e.desk.people["controller@bureau"], e.programme.ID, year.Agreement, 2018)
		return err
	})
	try := func(verb access.VerbName) {
		_, name, _ := strings.Cut(string(verb), ".")
		e.blocked(verb, path{
			verb: func(tx *db.Tx) error {
				_, err := settlement.Act(e.t.Context(), tx, e.both, e.programme.ID, year.Agreement, 2018, name, "no")
				return err
			},
			page: "/settlements/alpha/2018/" + name, form: url.Values{"words": {"no"}},
			command: []string{"settlement", name, "--partner", "alpha", "--year", "2018", "--words", "no"},
			call:    "/settlements/alpha/2018/" + name, body: map[string]string{"words": "no"},
		})
	}
	try("settlement.finalise")
	e.do(func(tx *db.Tx) error {
		_, err := settlement.Object(e.t.Context(), tx, e.desk.people["finance@alpha"], e.programme.ID, year.Agreement, 2018, "a mission is missing")
		return err
	})
	try("settlement.dismiss")
	return []access.VerbName{"settlement.finalise", "settlement.dismiss"}
}

func (e *eyes) plans() []access.VerbName {
	ref := plan.Ref{Partner: "gamma", Year: 2018}
	e.do(func(tx *db.Tx) error { return plan.Submit(e.t.Context(), tx, e.both, e.programme.ID, ref) })
	e.blocked("plan.approve", path{
		verb: func(tx *db.Tx) error { return plan.Approve(e.t.Context(), tx, e.both, e.programme.ID, ref) },
		page: "/plans/gamma/2018/approve",
	})
	return []access.VerbName{"plan.approve"}
}
