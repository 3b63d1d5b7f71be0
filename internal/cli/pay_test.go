package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/check"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/camt"
	"errera.eu/errera/internal/format/camt/camttest"
	"errera.eu/errera/internal/format/sepa"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/payment"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
)

// desk is the small programme with the people who pay, each by their e-mail before the @.
type payDesk struct {
	t      *testing.T
	ctx    context.Context
	db     *db.DB
	g      programme.Programme
	people map[string]access.Actor
	years  map[string]settlement.AgreementYear
}

func newPayDesk(t *testing.T, d *db.DB) *payDesk {
	t.Helper()
	loadFolder(t, d, byHand())
	p := &payDesk{t: t, ctx: t.Context(), db: d}
	p.load()
	return p
}

// load finds the programme, its years, and the people.
func (p *payDesk) load() {
	p.t.Helper()
	p.people, p.years = map[string]access.Actor{}, map[string]settlement.AgreementYear{}
	p.read(func(tx *db.Tx) (err error) {
		if p.g, err = programme.Current(p.ctx, tx, ""); err != nil {
			return err
		}
		for _, email := range []string{"payer@bureau", "payer.2@bureau", "approver@bureau", "controller@bureau", "finance@alpha", "finance@beta", "finance@gamma"} {
			if p.people[email], err = access.LoadActorByEmail(p.ctx, tx, email+".example"); err != nil {
				return err
			}
		}
		years, err := settlement.AgreementYears(p.ctx, tx, p.g.ID, "", 0)
		for _, y := range years {
			p.years[y.Code] = y
		}
		return err
	})
}

func (p *payDesk) read(fn func(tx *db.Tx) error) {
	p.t.Helper()
	if err := p.db.Read(p.ctx, fn); err != nil {
		p.t.Fatal(err)
	}
}

// do writes and must succeed.
func (p *payDesk) do(fn func(tx *db.Tx) error) {
	p.t.Helper()
	if err := p.db.Write(p.ctx, p.g.ID, fn); err != nil {
		p.t.Fatal(err)
	}
}

// refuse writes and must be refused with a kind of fault.
func (p *payDesk) refuse(kind fault.Kind, fn func(tx *db.Tx) error) {
	p.t.Helper()
	if err := p.db.Write(p.ctx, p.g.ID, fn); !fault.Is(err, kind) {
		p.t.Fatalf("%v, want %s", err, kind)
	}
}

// account gives an organisation an account, proposed by one payer and confirmed by the other.
func (p *payDesk) account(o id.Organisation, iban string) (from period.Date) {
	p.t.Helper()
	p.do(func(tx *db.Tx) error {
		a, err := payment.Propose(p.ctx, tx, p.people["payer@bureau"], p.g.ID, payment.Account{Organisation: o, IBAN: sepa.IBAN(iban), Holder: "Holder"})
		if err != nil {
			return err
		}
		from, err = payment.Confirm(p.ctx, tx, p.people["payer.2@bureau"], p.g.ID, a)
		return err
	})
	return from
}

// claim plays a claim of one item up to its approval.
func (p *payDesk) claim(partner string, cost money.Amount) {
	p.t.Helper()
	y := p.years[partner]
	p.do(func(tx *db.Tx) error {
		item := funding.Item{ID: id.New[id.Item](), Ref: "paid-" + partner, Category: "venue", Description: "room", Supplier: "0123456749",
			Invoice: "paid-" + partner, InvoicedOn: y.Year.First(), DeliveredOn: y.Year.First(), Net: cost}
		c, err := funding.Submit(p.ctx, tx, p.people["finance@"+partner], p.g.ID, funding.NewClaim{Agreement: y.Agreement, Year: y.Year, Items: []funding.Item{item}})
		if err != nil {
			return err
		}
		if err := funding.Move(p.ctx, tx, p.people["controller@bureau"], p.g.ID, c, "claim.open"); err != nil {
			return err
		}
		if err := funding.Decide(p.ctx, tx, p.people["controller@bureau"], p.g.ID, item.ID, "item.accept", 0, "", ""); err != nil {
			return err
		}
		if err := funding.Verify(p.ctx, tx, p.people["controller@bureau"], p.g.ID, c); err != nil {
			return err
		}
		_, err = funding.Approve(p.ctx, tx, p.people["approver@bureau"], p.g.ID, c)
		return err
	})
}

func (p *payDesk) payables() (all []payment.Payable) {
	p.read(func(tx *db.Tx) (err error) {
		all, err = payment.Payables(p.ctx, tx, p.people["payer@bureau"], p.g.ID)
		return err
	})
	return all
}

func (p *payDesk) laws() {
	p.t.Helper()
	p.read(func(tx *db.Tx) error {
		found, err := check.Run(p.ctx, tx, "")
		for _, law := range found.Laws {
			for _, f := range law.Findings {
				p.t.Errorf("law %s: %s", law.Name, f)
			}
		}
		return err
	})
}

const (
	agencyIBAN = "BE68539007547034"
	alphaIBAN  = "NL91ABNA0417164300"
	betaIBAN   = "DE89370400440532013000"
	otherIBAN  = "FR1420041010050500013M02606"
)

func today() period.Date { return db.TimeOf(time.Now()).Date() }

// ready has accounts, two claims to pay, and a batch of both.
func (p *payDesk) ready() (id.Batch, []payment.Payable) {
	p.t.Helper()
	p.account(p.g.Agency, agencyIBAN)
	p.account(p.years["gamma"].Partner, alphaIBAN)
	p.account(p.years["beta"].Partner, betaIBAN)
	p.claim("gamma", 4_000_01)
	p.claim("beta", 3_000_03)
	due := p.payables()
	if len(due) != 2 {
		p.t.Fatalf("%d payables, want two: %+v", len(due), due)
	}
	var batch id.Batch
	p.do(func(tx *db.Tx) (err error) {
		batch, err = payment.Prepare(p.ctx, tx, p.people["payer@bureau"], p.g, today(), due)
		return err
	})
	return batch, due
}

func (p *payDesk) sent(batch id.Batch) (all []payment.Sent) {
	p.read(func(tx *db.Tx) (err error) {
		all, err = payment.Of(p.ctx, tx, p.g.ID, batch)
		return err
	})
	return all
}

func (p *payDesk) state(batch id.Batch) string {
	var b payment.Batch
	p.read(func(tx *db.Tx) (err error) {
		b, err = payment.Load(p.ctx, tx, p.people["payer@bureau"], p.g.ID, batch)
		return err
	})
	return b.State
}

// bank imports what the bank would send about some parts, in a version; each part is an entry of its own.
func (p *payDesk) bank(version string, parts ...camt.Part) payment.Import {
	p.t.Helper()
	s := camt.Statement{ID: "S", Sequence: "1", CreatedAt: "2018-04-01T06:00:00", Account: agencyIBAN, Currency: "EUR", From: today(), Until: today(),
		Opening: 1_000_000_00, Closing: 1_000_000_00}
	for i, part := range parts {
		s.Closing += part.Amount
		s.Entries = append(s.Entries, camt.Entry{Amount: part.Amount, BookedOn: today(), ValueOn: today(), Ref: "REF" + string(rune('A'+i)), Parts: []camt.Part{part}})
	}
	return p.read53(version, s)
}

func (p *payDesk) read53(version string, s camt.Statement) (done payment.Import) {
	p.t.Helper()
	var b bytes.Buffer
	if err := camttest.Write(&b, version, s); err != nil {
		p.t.Fatal(err)
	}
	read, err := camt.Read(bytes.NewReader(b.Bytes()))
	if err != nil {
		p.t.Fatal(err)
	}
	sum := sha256.Sum256(b.Bytes())
	p.do(func(tx *db.Tx) (err error) {
		done, err = payment.Read(p.ctx, tx, p.people["payer@bureau"], p.g.ID, p.g.Agency, "s.xml", hex.EncodeToString(sum[:]), read)
		return err
	})
	return done
}

func TestBatchGoesToTheBankAndComesBack(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		p := newPayDesk(t, d)
		batch, due := p.ready()
		if left := p.payables(); len(left) != 0 {
			t.Errorf("still payable: %+v", left)
		}
		payer, second := p.people["payer@bureau"], p.people["payer.2@bureau"]
		p.refuse(fault.KindDenied, func(tx *db.Tx) error { return payment.Approve(p.ctx, tx, payer, p.g.ID, batch) })
		p.refuse(fault.KindConflict, func(tx *db.Tx) error { _, err := payment.Export(p.ctx, tx, payer, p.g, batch); return err })
		one := p.sent(batch)[0]
		if want := p.g.Code + " " + one.Name + " " + one.Year.String() + ": declaratie " + strconv.Itoa(one.Number); one.Words != want {
			t.Errorf("the partner reads %q on its statement, want %q", one.Words, want)
		}
		p.refuse(fault.KindConflict, func(tx *db.Tx) error { // a payment of a batch goes no way of its own
			return funding.ApprovePayment(p.ctx, tx, p.g.ID, one.ID, funding.Mover{By: second})
		})
		p.do(func(tx *db.Tx) error { return payment.Approve(p.ctx, tx, second, p.g.ID, batch) })
		var first, again payment.File
		p.do(func(tx *db.Tx) (err error) { first, err = payment.Export(p.ctx, tx, payer, p.g, batch); return err })
		time.Sleep(time.Millisecond)
		p.do(func(tx *db.Tx) (err error) { again, err = payment.Export(p.ctx, tx, payer, p.g, batch); return err })
		if first != again || p.state(batch) != "exported" {
			t.Errorf("exported twice: %s and %s, state %s", first.SHA256, again.SHA256, p.state(batch))
		}
		total := due[0].Amount + due[1].Amount
		if !strings.Contains(first.Content, "<CtrlSum>"+total.String()+"</CtrlSum>") {
			t.Errorf("no control sum %s", total)
		}
		valid(t, "pain.001.001.09.xsd", first.Content)
		p.refuse(fault.KindConflict, func(tx *db.Tx) error { return payment.Discard(p.ctx, tx, payer, p.g.ID, batch) })
		p.laws()
		sent := p.sent(batch)
		paid := func(s payment.Sent) camt.Part {
			return camt.Part{Amount: -s.Amount, EndToEndID: s.EndToEnd, Name: s.Holder, Account: string(s.IBAN)}
		}
		if done := p.bank(camttest.V02, paid(sent[0])); done.Matched != 1 || p.state(batch) != "exported" {
			t.Errorf("%+v, %s", done, p.state(batch))
		}
		if done := p.bank(camttest.V02, paid(sent[0])); done.Fresh != 0 { // the same file
			t.Errorf("the same file: %+v", done)
		}
		back := camt.Part{Amount: sent[1].Amount, EndToEndID: sent[1].EndToEnd, Returned: "AC04", Name: sent[1].Holder}
		if done := p.bank(camttest.V08, paid(sent[0]), paid(sent[1]), back); done.Fresh != 2 || done.Matched != 2 { // overlaps
			t.Errorf("overlapping: %+v", done)
		}
		if state := p.state(batch); state != "partly-rejected" {
			t.Errorf("batch is %s", state)
		}
		if left := p.payables(); len(left) != 1 || left[0].Amount != sent[1].Amount || left[0].Claim == "" {
			t.Errorf("what came back is not payable again: %+v", left)
		}
		p.laws()
	})
}

func valid(t *testing.T, schema, content string) {
	t.Helper()
	xsd := filepath.Join(root, "..", "shared", "data", "iso20022", schema)
	if _, err := os.Stat(xsd); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Logf("not held against the schema: %v", err)
		return
	}
	cmd := exec.Command("xmllint", "--nonet", "--noout", "--schema", xsd, "-")
	cmd.Stdin = strings.NewReader(content)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

func TestDeskDecidesWhatNothingMatches(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		p := newPayDesk(t, d)
		batch, _ := p.ready()
		payer := p.people["payer@bureau"]
		p.do(func(tx *db.Tx) error { return payment.Approve(p.ctx, tx, p.people["approver@bureau"], p.g.ID, batch) })
		p.do(func(tx *db.Tx) error { _, err := payment.Export(p.ctx, tx, payer, p.g, batch); return err })
		p.do(func(tx *db.Tx) error { // what beta owes back
			item := ""
			if err := tx.Row(p.ctx, db.Query{Text: "select min(id) from cost_item where agreement_id = $1 and accepted > 100000"}, p.years["beta"].Agreement).Scan(&item); err != nil {
				return err
			}
			_, err := funding.Strike(p.ctx, tx, p.people["controller@bureau"], p.g.ID, id.Item(item), 1_000_00, "found in a later audit")
			return err
		})
		sent := p.sent(batch)
		var reference sepa.Reference
		p.do(func(tx *db.Tx) (err error) {
			reference, err = payment.ReferenceFor(p.ctx, tx, p.g.ID, p.years["beta"].Agreement, p.years["beta"].Year)
			return err
		})
		done := p.bank(camttest.V08,
			camt.Part{Amount: -sent[0].Amount, Texts: []string{"no identifier"}}, // a payment without its identifier
			camt.Part{Amount: -sent[1].Amount + 1, EndToEndID: sent[1].EndToEnd}, // a cent less
			camt.Part{Amount: -2_50, Texts: []string{"account charges"}},
			camt.Part{Amount: 99_999_99, References: []string{reference.Show()}}) // more than is owed
		if done.Open != 4 || done.Matched != 0 {
			t.Fatalf("%+v", done)
		}
		var desk payment.Desk
		p.read(func(tx *db.Tx) (err error) { desk, err = payment.LoadDesk(p.ctx, tx, payer, p.g.ID); return err })
		why := map[string]payment.Line{}
		for _, l := range desk.Open {
			why[l.Why+" "+l.Words] = l
		}
		lost, charge := why["unknown no identifier"], why["unknown account charges"]
		if fits := lost.Fits(desk.Payments); len(fits) != 1 || fits[0].ID != sent[0].ID || len(charge.Fits(desk.Payments)) != 0 {
			t.Errorf("fits %+v", fits)
		}
		p.refuse(fault.KindInvalid, func(tx *db.Tx) error {
			return payment.Assign(p.ctx, tx, payer, p.g.ID, lost.ID, payment.Assigned{Payment: sent[0].ID})
		})
		p.refuse(fault.KindInvalid, func(tx *db.Tx) error {
			return payment.Assign(p.ctx, tx, payer, p.g.ID, why["owed "].ID, payment.Assigned{Payment: sent[0].ID, Reason: "guess"})
		})
		p.do(func(tx *db.Tx) error {
			return payment.Assign(p.ctx, tx, payer, p.g.ID, lost.ID, payment.Assigned{Payment: sent[0].ID, Reason: "the bank lost the identifier"})
		})
		p.do(func(tx *db.Tx) error {
			return payment.Dismiss(p.ctx, tx, payer, p.g.ID, charge.ID, "charges of the bank")
		})
		p.refuse(fault.KindConflict, func(tx *db.Tx) error { return payment.Dismiss(p.ctx, tx, payer, p.g.ID, charge.ID, "again") })
		if got := p.sent(batch)[0].State; got != "executed" {
			t.Errorf("assigned payment is %s", got)
		}
		p.paidInPart(batch, sent[1], why["amount "], desk.Payments)
		p.laws()
		p.paysBack(desk.Recoveries)
		p.laws()
	})
}

// paidInPart assigns a line of a cent less than its payment: the order is rejected, the part stands beside it, and the cent is to be paid.
func (p *payDesk) paidInPart(batch id.Batch, s payment.Sent, l payment.Line, all []payment.Fitting) {
	p.t.Helper()
	if len(l.Fits(all)) != 0 || len(l.Parts(all)) == 0 {
		p.t.Errorf("fits %+v, part of %+v", l.Fits(all), l.Parts(all))
	}
	p.do(func(tx *db.Tx) error {
		return payment.Assign(p.ctx, tx, p.people["payer@bureau"], p.g.ID, l.ID, payment.Assigned{Payment: s.ID, Reason: "the bank kept a cent"})
	})
	states := map[string]money.Amount{}
	for _, x := range p.sent(batch) {
		states[x.State] += x.Amount
	}
	if states["rejected"] != s.Amount || p.state(batch) != "partly-rejected" {
		p.t.Errorf("batch is %s: %v", p.state(batch), states)
	}
	if left := p.payables(); len(left) != 1 || left[0].Amount != 1 || left[0].Claim != s.Claim {
		p.t.Errorf("the rest is not payable: %+v", left)
	}
	var moved int
	p.read(func(tx *db.Tx) error {
		return tx.Row(p.ctx, db.Query{Text: "select count(*) from audit where object_id = $1 and verb in ('claim.order', 'claim.refuse')"}, s.Claim).Scan(&moved)
	})
	if moved != 2 {
		p.t.Errorf("%d moves of the claim in the trail, want two", moved)
	}
}

// paysBack lets partners pay what they owe in two parts, under the reference that they were given.
func (p *payDesk) paysBack(owed []payment.Recovery) {
	p.t.Helper()
	for _, r := range owed { // paid back in two parts, under the reference
		var ref sepa.Reference
		p.do(func(tx *db.Tx) (err error) {
			ref, err = payment.ReferenceFor(p.ctx, tx, p.g.ID, r.Agreement, r.Year)
			return err
		})
		half := r.Amount / 2
		if done := p.bank(camttest.V02, camt.Part{Amount: half, References: []string{string(ref)}, Name: r.Name},
			camt.Part{Amount: r.Amount - half, Texts: []string{ref.Show()}, Name: r.Name}); done.Matched != 2 {
			p.t.Errorf("%s: %+v", r.Name, done)
		}
	}
	p.read(func(tx *db.Tx) error {
		left, err := payment.Recoveries(p.ctx, tx, p.g.ID)
		if len(left) != 0 || len(owed) == 0 {
			p.t.Errorf("owed before %+v, after %+v", owed, left)
		}
		return err
	})
}

func TestBankAccountsNeedTwoPeopleAndTime(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		p := newPayDesk(t, d)
		alpha := p.years["alpha"].Partner
		if from := p.account(alpha, alphaIBAN); from != today() {
			t.Errorf("the first account counts from %s", from)
		}
		propose := func(by, iban string) (a id.Account, err error) {
			err = p.db.Write(p.ctx, p.g.ID, func(tx *db.Tx) (err error) {
				a, err = payment.Propose(p.ctx, tx, p.people[by], p.g.ID, payment.Account{Organisation: alpha, IBAN: sepa.IBAN(iban), Holder: "Alpha"})
				return err
			})
			return a, err
		}
		if _, err := propose("finance@beta", otherIBAN); !fault.Is(err, fault.KindDenied) {
			t.Errorf("another partner proposed: %v", err)
		}
		if _, err := propose("finance@alpha", "BE00"); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("no IBAN: %v", err)
		}
		a, err := propose("finance@alpha", otherIBAN)
		if err != nil {
			t.Fatal(err)
		}
		p.refuse(fault.KindDenied, func(tx *db.Tx) error {
			_, err := payment.Confirm(p.ctx, tx, p.people["finance@alpha"], p.g.ID, a)
			return err
		})
		p.do(func(tx *db.Tx) error {
			from, err := payment.Confirm(p.ctx, tx, p.people["payer@bureau"], p.g.ID, a)
			if from != today().AddDays(3) {
				t.Errorf("a change counts from %s", from)
			}
			return err
		})
		p.read(func(tx *db.Tx) error {
			now, err := payment.InEffect(p.ctx, tx, p.g.ID, alpha, today())
			if err != nil || now.IBAN != alphaIBAN {
				t.Errorf("today %s, %v", now.IBAN, err)
			}
			then, err := payment.InEffect(p.ctx, tx, p.g.ID, alpha, today().AddDays(3))
			if then.IBAN != otherIBAN {
				t.Errorf("then %s", then.IBAN)
			}
			return err
		})
		b, err := propose("payer@bureau", betaIBAN)
		if err != nil {
			t.Fatal(err)
		}
		p.refuse(fault.KindDenied, func(tx *db.Tx) error {
			_, err := payment.Confirm(p.ctx, tx, p.people["payer@bureau"], p.g.ID, b)
			return err
		})
		p.refuse(fault.KindInvalid, func(tx *db.Tx) error { return payment.Refuse(p.ctx, tx, p.people["payer.2@bureau"], p.g.ID, b, " ") })
		p.do(func(tx *db.Tx) error {
			return payment.Refuse(p.ctx, tx, p.people["payer.2@bureau"], p.g.ID, b, "not theirs")
		})
		p.takesBack(propose)
	})
}

// takesBack: the partner that proposed an account takes it back, no other partner does, and nobody confirms it then.
func (p *payDesk) takesBack(propose func(by, iban string) (id.Account, error)) {
	b, err := propose("finance@alpha", betaIBAN)
	if err != nil {
		p.t.Fatal(err)
	}
	p.refuse(fault.KindMissing, func(tx *db.Tx) error {
		return payment.Refuse(p.ctx, tx, p.people["finance@beta"], p.g.ID, b, "not ours")
	})
	p.do(func(tx *db.Tx) error {
		return payment.Refuse(p.ctx, tx, p.people["finance@alpha"], p.g.ID, b, "a slip")
	})
	p.refuse(fault.KindConflict, func(tx *db.Tx) error {
		_, err := payment.Confirm(p.ctx, tx, p.people["payer.2@bureau"], p.g.ID, b)
		return err
	})
}
