package cli

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/check"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/funding/hearing"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
)

// TestLawsHoldForAnySequenceOfVerbs plays random verbs of the verb table, in the names of random people, on the small programme, and holds
// every law of domain section 10 against the database in between. A verb may succeed or be refused as invalid, denied, missing or in
// conflict; it may never break, and nothing that the table forbids may succeed.
func TestLawsHoldForAnySequenceOfVerbs(t *testing.T) {
	t.Parallel()
	seed := uint64(2021)
	if s := os.Getenv("ERRERA_SEED"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed = n
	}
	reached := map[string]int{}
	for round := range uint64(3) {
		t.Run("seed "+strconv.FormatUint(seed+round, 10), func(t *testing.T) {
			d := dbtest.Open(t)
			loadFolder(t, d, byHand())
			p := newPlay(t, d, rand.New(rand.NewPCG(seed+round, 10)))
			p.signs(t)
			p.accounts(t)
			for n := range 4000 {
				if n == 2800 {
					p.late, p.db = true, d.WithClock(func() time.Time { return time.Now().AddDate(0, 2, 0) })
				}
				p.step(t)
				if n%300 == 299 {
					p.check(t)
				}
			}
			p.check(t)
			for verb, times := range p.done {
				reached[verb] += times
			}
			if total := p.total(); total < 60 {
				t.Errorf("only %d verbs succeeded: the play proves too little (%v)", total, p.done)
			}
		})
	}
	for _, verb := range []string{"batch.approve", "batch.export", "batch.execute", "payment.return", "payment.receive", "line.assign", "claim.approve", "item.deduct", "payment.execute", "correction.make", "settlement.uphold", "settlement.recall",
		"claim.reopen", "item.undecide", "decision.take", "item.return", "item.share", "item.part", "item.credit", "agreement.amend", "agreement.terminate"} {
		if reached[verb] == 0 {
			t.Errorf("%s never succeeded: the play proves too little (%v)", verb, reached)
		}
	}
}

// play is a database with people who do things at random.
type play struct {
	t      *testing.T
	db     *db.DB
	g      programme.Programme
	verbs  []access.Verb
	people []access.Actor
	years  []settlement.AgreementYear
	random *rand.Rand
	done   map[string]int
	final  map[id.Agreement]string // the working of settlements that are final: it must never change

	late    bool                  // two months on, nothing new is claimed or objected to: years come to their end
	amended map[id.Agreement]bool // an amendment was proposed and is not in force
}

func newPlay(t *testing.T, d *db.DB, random *rand.Rand) *play {
	t.Helper()
	ctx := context.Background()
	p := &play{t: t, db: d, random: random, done: map[string]int{}, final: map[id.Agreement]string{}, amended: map[id.Agreement]bool{}}
	for _, v := range access.Verbs() { // the table's verbs that move or make something with money or evidence in it
		object, _, _ := strings.Cut(string(v.Name), ".")
		if !v.Reads && slices.Contains([]string{"claim", "item", "payment", "correction", "settlement", "evidence", "batch", "line", "decision"}, object) ||
			v.Name == "agreement.amend" || v.Name == "agreement.terminate" {
			p.verbs = append(p.verbs, v)
		}
		if slices.Contains([]access.VerbName{"claim.submit", "claim.open", "item.accept", "item.park", "claim.verify", "claim.approve", "batch.approve", "batch.export", "batch.execute", "payment.approve",
			"payment.execute"}, v.Name) {
			p.verbs = append(p.verbs, v, v) // what money waits for comes more often
		}
	}
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		if p.g, err = programme.Current(ctx, tx, ""); err != nil {
			return err
		}
		rows, err := access.People(ctx, tx)
		if err != nil {
			return err
		}
		for _, row := range rows {
			a, err := access.LoadActorByEmail(ctx, tx, row.Email)
			if err != nil {
				return err
			}
			p.people = append(p.people, a)
		}
		p.years, err = settlement.AgreementYears(ctx, tx, p.g.ID, "", 0)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// step plays one random verb; half of the time by somebody whose role may do it, else by anybody.
func (p *play) step(t *testing.T) {
	t.Helper()
	verb := pick(p.random, p.verbs)
	for p.random.IntN(3) > 0 && (verb.Object == "evidence" || slices.Contains([]access.VerbName{"line.dismiss", "settlement.compute", "decision.propose", "claim.reword", "item.sample"}, verb.Name)) {
		verb = pick(p.random, p.verbs)
	}
	for p.late && slices.Contains([]access.VerbName{"claim.submit", "claim.query", "claim.reopen", "claim.recheck", "settlement.object", "settlement.discard", "settlement.recall", "item.undecide"}, verb.Name) {
		verb = pick(p.random, p.verbs)
	}
	var able []access.Actor
	for _, a := range p.people {
		if a.Holds(verb.Name) {
			able = append(able, a)
		}
	}
	by := pick(p.random, p.people)
	if len(able) > 0 && p.random.IntN(4) > 0 {
		by = pick(p.random, able)
	}
	played, err := p.play(verb.Name, by)
	if !played {
		return
	}
	if err == nil {
		p.done[string(verb.Name)]++
		if !by.Holds(verb.Name) {
			t.Fatalf("%s did %s without holding it", by.Email, verb.Name)
		}
		return
	}
	switch f := fault.Of(err); f.Kind {
	case fault.KindInvalid, fault.KindDenied, fault.KindMissing, fault.KindConflict:
	default:
		t.Fatalf("%s by %s: %v", verb.Name, by.Email, err)
	}
}

// play does a verb on something random; false where the small programme has nothing for it.
func (p *play) play(verb access.VerbName, by access.Actor) (bool, error) {
	ctx := context.Background()
	year := pick(p.random, p.years)
	for _, y := range p.years { // a partner's people mostly speak of their own agreement
		if y.Partner == by.Partner() && p.random.IntN(4) > 0 {
			year = y
		}
	}
	write := func(fn func(tx *db.Tx) error) (bool, error) { return true, p.db.Write(ctx, p.g.ID, fn) }
	object, name, _ := strings.Cut(string(verb), ".")
	switch {
	case verb == "settlement.compute":
		_, err := settlement.Settle(ctx, p.db, by, p.g.ID, []settlement.AgreementYear{year}, false)
		return true, err
	case object == "settlement" && name != "read" && name != "restate":
		return write(func(tx *db.Tx) error {
			s, err := settlement.Act(ctx, tx, by, p.g.ID, year.Agreement, year.Year, name, pick(p.random, []string{"", "a mission is missing", "the mission counts"}))
			if err == nil && s.State == settlement.Final {
				p.final[s.Agreement] = fmt.Sprint(s.Working)
			}
			return err
		})
	case verb == "claim.submit":
		_, busy := p.some(ctx, "select id from claim where agreement_id = '"+string(year.Agreement)+
			"' and state in ('submitted', 'in-verification', 'queried', 'verified')")
		if busy && p.random.IntN(8) > 0 { // one claim after another, mostly
			return false, nil
		}
		return write(func(tx *db.Tx) error { return p.submit(ctx, tx, by, year) })
	case object == "agreement":
		return p.agreement(verb, by, year)
	case object == "claim":
		return p.claim(ctx, verb, by)
	case verb == "item.share":
		return p.share(ctx, by)
	case object == "item":
		return p.item(ctx, verb, by)
	case object == "decision":
		return p.decision(ctx, verb, by, year)
	case object == "payment":
		return p.payment(ctx, verb, by, year)
	case object == "batch":
		return p.batch(ctx, verb, by)
	case object == "line":
		return p.line(ctx, verb, by)
	case verb == "correction.make":
		if p.random.IntN(3) > 0 { // more would leave nothing to pay out
			return false, nil
		}
		i, ok := p.some(ctx, "select id from cost_item where accepted > 0")
		return ok, p.inWrite(ok, func(tx *db.Tx) error {
			_, err := funding.Strike(ctx, tx, by, p.g.ID, id.Item(i), p.cents(3_000_00), "found in a later audit")
			return err
		})
	case object == "evidence":
		e, ok := p.some(ctx, "select id from evidence")
		decide := map[string]func(context.Context, *db.Tx, access.Actor, id.Programme, id.Evidence, string) error{
			"verify": evidence.Verify, "reject": evidence.Reject, "reopen": evidence.Reopen}[name]
		if decide == nil {
			return false, nil
		}
		return ok, p.inWrite(ok, func(tx *db.Tx) error { return decide(ctx, tx, by, p.g.ID, id.Evidence(e), "looked at again") })
	}
	return false, nil
}

func (p *play) inWrite(ok bool, fn func(tx *db.Tx) error) error {
	if !ok {
		return nil
	}
	return p.db.Write(context.Background(), p.g.ID, fn)
}

func (p *play) cents(most int64) money.Amount { return money.Amount(p.random.Int64N(most) + 1) }

// some is a random id of a query; false when there is none.
func (p *play) some(ctx context.Context, query string) (string, bool) {
	var one string
	var ok bool
	err := p.db.Read(ctx, func(tx *db.Tx) error {
		one, ok = p.someIn(ctx, tx, query)
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return one, ok
}

// someIn is some inside a unit of work.
func (p *play) someIn(ctx context.Context, tx *db.Tx, query string) (string, bool) {
	var all []string
	err := tx.Each(ctx, db.Query{Name: "cli.laws.some", Text: query + " order by 1"}, nil, func(r *sql.Rows) error {
		var s string
		err := r.Scan(&s)
		all = append(all, s)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	if len(all) == 0 {
		return "", false
	}
	return pick(p.random, all), true
}

func (p *play) claim(ctx context.Context, verb access.VerbName, by access.Actor) (bool, error) {
	v, _ := access.Find(verb)
	query := "select id from claim where state in ('" + strings.Join(v.From, "', '") + "')"
	if p.random.IntN(4) == 0 { // also where the state forbids it
		query = "select id from claim"
	}
	if verb == "claim.reopen" && p.random.IntN(4) > 0 {
		query = "select c.id from claim c where c.state in ('approved', 'closed') and not exists (select 1 from claim o where" +
			" o.agreement_id = c.agreement_id and o.year = c.year and o.number > c.number)"
	}
	if verb == "claim.approve" && p.random.IntN(4) > 0 { // the oldest first, as the rule asks
		query = "select c.id from claim c where c.state = 'verified' and not exists (select 1 from claim o where o.agreement_id = c.agreement_id" +
			" and o.year = c.year and o.number < c.number and o.state in ('submitted', 'in-verification', 'queried', 'verified'))"
	}
	c, ok := p.some(ctx, query)
	if !ok {
		return false, nil
	}
	return true, p.inWrite(true, func(tx *db.Tx) error {
		switch verb {
		case "claim.withdraw":
			return funding.Withdraw(ctx, tx, by, p.g.ID, id.Claim(c))
		case "claim.again":
			draft, err := funding.DraftAgain(ctx, tx, by, p.g.ID, id.Claim(c))
			if err == nil {
				err = funding.HandIn(ctx, tx, by, p.g.ID, draft)
			}
			return err
		case "claim.open":
			return funding.Open(ctx, tx, by, p.g.ID, id.Claim(c))
		case "claim.query":
			return hearing.Ask(ctx, tx, by, p.g.ID, id.Claim(c), "", "Who paid for the room?")
		case "claim.answer":
			return hearing.Answer(ctx, tx, by, p.g.ID, id.Claim(c), "We did.")
		case "claim.recheck":
			return funding.Recheck(ctx, tx, by, p.g.ID, id.Claim(c))
		case "claim.reject":
			if p.random.IntN(4) > 0 {
				return fault.Missing("funding.no_claim", nil)
			}
			return funding.Reject(ctx, tx, by, p.g.ID, id.Claim(c), "no cost of the programme")
		case "claim.reopen":
			return funding.Reopen(ctx, tx, by, p.g.ID, id.Claim(c), "an invoice was read wrongly")
		case "claim.reword":
			return funding.Reword(ctx, tx, by, p.g.ID, id.Claim(c), "the rooms of spring")
		case "claim.object":
			return hearing.Object(ctx, tx, by, p.g.ID, id.Claim(c), "the proof was there")
		case "claim.uphold", "claim.dismiss":
			return hearing.AnswerObjection(ctx, tx, by, p.g.ID, id.Claim(c), verb, "looked at again")
		case "claim.verify":
			return funding.Verify(ctx, tx, by, p.g.ID, id.Claim(c))
		case "claim.approve":
			step, err := funding.Approve(ctx, tx, by, p.g.ID, id.Claim(c))
			if err == nil && step.Due < 0 {
				p.done["claim.negative"]++
			}
			return err
		}
		return fault.Missing("funding.no_claim", nil)
	})
}

func (p *play) item(ctx context.Context, verb access.VerbName, by access.Actor) (bool, error) {
	query := "select i.id from cost_item i join claim c on c.id = i.claim_id where i.state = 'declared' and c.state = 'in-verification'"
	if verb == "item.lapse" {
		query = "select id from cost_item where state = 'parked'"
	}
	if verb == "item.undecide" || verb == "item.sample" {
		query = "select i.id from cost_item i join claim c on c.id = i.claim_id where c.state = 'in-verification'"
	}
	i, ok := p.some(ctx, query)
	if !ok || slices.Contains([]string{"item.declare", "item.return", "item.change", "item.remove", "item.prove"}, string(verb)) {
		return false, nil
	}
	if (verb == "item.undecide" || verb == "item.lapse") && p.random.IntN(3) > 0 {
		return false, nil
	}
	return true, p.inWrite(true, func(tx *db.Tx) error {
		switch verb {
		case "item.lapse":
			return funding.Lapse(ctx, tx, by, p.g.ID, id.Item(i))
		case "item.undecide":
			return funding.Undecide(ctx, tx, by, p.g.ID, id.Item(i))
		case "item.sample":
			return funding.Sample(ctx, tx, by, p.g.ID, id.Item(i), "an odd amount")
		}
		return funding.Decide(ctx, tx, by, p.g.ID, id.Item(i), verb, p.cents(2_000_00), "proof", "no proof of payment")
	})
}

// decision proposes, takes or refuses something about money.
func (p *play) decision(ctx context.Context, verb access.VerbName, by access.Actor, year settlement.AgreementYear) (bool, error) {
	if verb == "decision.propose" {
		kind := pick(p.random, []string{"overrun", "carry-over", "write-off", "adjustment", "extension"})
		d := programme.Decision{Kind: kind, Words: "as the board found", Agreement: year.Agreement, Year: year.Year, Amount: p.cents(900_00)}
		if kind == "adjustment" {
			d.SubjectKind = "item"
			d.SubjectID, _ = p.some(ctx, "select id from cost_item where accepted > 0 and agreement_id = '"+string(year.Agreement)+"'")
		}
		if kind == "extension" {
			d.Until = year.Year.Last().AddDays(400)
		}
		return true, p.inWrite(true, func(tx *db.Tx) error {
			_, err := funding.Propose(ctx, tx, by, p.g.ID, d)
			return err
		})
	}
	d, ok := p.some(ctx, "select id from decision where state = 'proposed'")
	return ok, p.inWrite(ok, func(tx *db.Tx) error { return funding.Take(ctx, tx, by, p.g.ID, id.Decision(d), verb) })
}

func (p *play) payment(ctx context.Context, verb access.VerbName, by access.Actor, year settlement.AgreementYear) (bool, error) {
	if verb == "payment.order" {
		kind := pick(p.random, []funding.PaymentKind{funding.AdvancePayment, funding.BalancePayment, funding.Repayment})
		return true, p.inWrite(true, func(tx *db.Tx) error {
			_, err := funding.Order(ctx, tx, by, p.g.ID, funding.Payment{Agreement: year.Agreement, Year: year.Year, Kind: kind, Amount: p.cents(pick(p.random, []int64{40_00, 4_000_00}))})
			return err
		})
	}
	if verb == "payment.receive" || verb == "payment.return" || verb == "payment.reject" { // the bank's news come by statement, below
		return p.bank(ctx, by)
	}
	query := "select id from payment where state in ('ordered', 'approved') and batch_id is null"
	switch n := p.random.IntN(4); {
	case n == 0:
		query = "select id from payment where state in ('ordered', 'approved')"
	case verb == "payment.execute": // mostly what can be
		query = "select id from payment where state = 'approved' and batch_id is null"
	}
	payment, ok := p.some(ctx, query)
	if !ok {
		return false, nil
	}
	return true, p.inWrite(true, func(tx *db.Tx) error {
		switch verb {
		case "payment.approve":
			return funding.ApprovePayment(ctx, tx, p.g.ID, id.Payment(payment), funding.Mover{By: by})
		case "payment.execute":
			return funding.Execute(ctx, tx, p.g.ID, id.Payment(payment), funding.Mover{By: by})
		case "payment.discard":
			return funding.DiscardPayment(ctx, tx, p.g.ID, id.Payment(payment), funding.Mover{By: by})
		}
		return fault.Missing("funding.no_payment", nil)
	})
}

// total is how often a verb succeeded.
func (p *play) total() (n int) {
	for _, times := range p.done {
		n += times
	}
	return n
}

// runCheck holds every law against the database, and that no final settlement changed.
func (p *play) check(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	err := p.db.Read(ctx, func(tx *db.Tx) error {
		found, err := check.Run(ctx, tx, "")
		if err != nil {
			return err
		}
		for _, law := range found.Laws {
			for _, f := range law.Findings {
				t.Errorf("law %s: %s", law.Name, f)
			}
		}
		for _, y := range p.years {
			if want, ok := p.final[y.Agreement]; ok {
				s, err := settlement.Latest(ctx, tx, access.System("test"), p.g.ID, y.Agreement, y.Year)
				if err != nil {
					return err
				}
				if fmt.Sprint(s.Working) != want || s.State != settlement.Final {
					t.Errorf("the final settlement of %s changed", y.Code)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if t.Failed() {
		t.Fatalf("after %v", p.done)
	}
}
