package payment

import (
	"context"
	"database/sql"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/sepa"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Account is a bank account of a partner or of the agency, or a proposal for one. It counts from EffectiveOn on, until a later one does.
type Account struct {
	ID           id.Account
	Organisation id.Organisation
	Name         string // of the organisation
	IBAN         sepa.IBAN
	BIC          string
	Holder       string
	State        string
	Words        string
	ProposedOn   period.Date
	ProposedBy   id.Person
	Proposer     string // name
	DecidedOn    period.Date
	Decider      string
	EffectiveOn  period.Date
}

// Subject is the account as the leave check sees it.
func (a Account) Subject() access.Subject {
	return access.Subject{Kind: "account", State: a.State, Partner: a.Organisation, Touched: []id.Person{a.ProposedBy}}
}

const accountFields = `b.id, b.organisation_id, o.short_name, b.iban, b.bic, b.holder, b.state, b.words, b.proposed_on, coalesce(b.proposed_by, ''),
	coalesce(p.name, ''), b.decided_on, coalesce(d.name, ''), b.effective_on`

const accountFrom = ` from bank_account b join organisation o on o.id = b.organisation_id left join person p on p.id = b.proposed_by
	left join person d on d.id = b.decided_by `

var (
	listAccounts = db.SQL("payment.account.list", `select `+accountFields+accountFrom+
		`where b.programme_id = $1 and ($2 = '*' or ' ' || $2 || ' ' like '% ' || b.organisation_id || ' %') order by o.sort_key, o.id, b.proposed_on desc, b.id desc`)
	selectAccount = db.SQL("payment.account.load", `select `+accountFields+accountFrom+`where b.programme_id = $1 and b.id = $2`)
	inEffect      = db.SQL("payment.account.in_effect", `select `+accountFields+accountFrom+
		`where b.programme_id = $1 and b.organisation_id = $2 and b.state = 'confirmed' and b.effective_on <= $3
		 order by b.effective_on desc, b.id desc limit 1`)
	decideAccount = db.SQL("payment.account.decide",
		`update bank_account set state = $3, words = $4, decided_on = $5, decided_by = $6, effective_on = $7
		 where programme_id = $1 and id = $2 and state = 'proposed'`)
	selectCooling = db.SQL("payment.account.cooling",
		`select r.bank_cooling_days from programme_rule r where r.programme_id = $1 and r.starts_on <= $2 order by r.starts_on desc limit 1`)
	countProposed = db.SQL("payment.account.proposed", `select count(*) from bank_account
		where programme_id = $1 and organisation_id = $2 and iban = $3 and state = 'proposed'`)
	selectName  = db.SQL("payment.party.name", `select o.short_name from organisation o where o.id = $1`)
	selectParty = db.SQL("payment.party.load", `select count(*) from organisation o where o.id = $2 and (exists (select 1 from agreement a
		where a.programme_id = $1 and a.organisation_id = o.id) or exists (select 1 from programme g where g.id = $1 and g.agency_id = o.id))`)
)

func scanAccount(scan func(...any) error) (a Account, err error) {
	err = scan(&a.ID, &a.Organisation, &a.Name, &a.IBAN, &a.BIC, &a.Holder, &a.State, &a.Words, &a.ProposedOn, &a.ProposedBy, &a.Proposer,
		&a.DecidedOn, &a.Decider, &a.EffectiveOn)
	return a, err
}

// Accounts lists the accounts that the actor may see, newest first for each organisation; history included.
func Accounts(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme) ([]Account, error) {
	var all []Account
	err := tx.Each(ctx, listAccounts, []any{g, by.ScopeFor("account.read")}, func(r *sql.Rows) error {
		a, err := scanAccount(r.Scan)
		all = append(all, a)
		return err
	})
	return all, err
}

// InEffect is the account that counts for an organisation on a day; a conflict (payment.no_account) when there is none.
func InEffect(ctx context.Context, tx *db.Tx, g id.Programme, o id.Organisation, on period.Date) (Account, error) {
	a, err := scanAccount(tx.Row(ctx, inEffect, g, o, on).Scan)
	if err != db.ErrNone {
		return a, err
	}
	var name string
	if err := tx.Row(ctx, selectName, o).Scan(&name); err != nil {
		return a, err
	}
	return a, fault.Conflict("payment.no_account", text.Args{"partner": name, "on": on})
}

// Propose names an account for an organisation of the programme. It counts once somebody else has confirmed it.
func Propose(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, n Account) (id.Account, error) {
	n.ID, n.State = id.New[id.Account](), ""
	if err := by.May("account.propose", access.Subject{Kind: "account", Partner: n.Organisation}); err != nil {
		return "", err
	}
	var known int
	if err := tx.Row(ctx, selectParty, g, n.Organisation).Scan(&known); err != nil {
		return "", err
	}
	if known == 0 {
		return "", fault.Missing("funding.no_ceiling", text.Args{"year": tx.Now.Date().Year()})
	}
	iban, err := sepa.ParseIBAN(string(n.IBAN))
	bic := strings.TrimSpace(n.BIC)
	var errBIC error
	if bic != "" {
		bic, errBIC = sepa.ParseBIC(bic)
	}
	var errHolder error
	if holder := sepa.Plain(n.Holder); holder == "" || len(holder) > 70 { // as a bank takes it
		errHolder = fault.Invalid("holder", "payment.holder", nil)
	}
	if err := fault.Join(fault.At("iban", err), fault.At("bic", errBIC), errHolder); err != nil {
		return "", err
	}
	if err := tx.Row(ctx, countProposed, g, n.Organisation, iban).Scan(&known); err != nil {
		return "", err
	}
	if known > 0 {
		return "", fault.Conflict("payment.account_same", nil)
	}
	err = tx.Insert(ctx, "bank_account", strings.Fields(`programme_id id organisation_id iban bic holder state words proposed_on proposed_by
		decided_on decided_by effective_on`), [][]any{{g, n.ID, n.Organisation, iban, bic, n.Holder, "proposed", "", tx.Now.Date(),
		db.OrNull(by.ID), "", nil, ""}})
	if err != nil {
		return "", err
	}
	return n.ID, trail(ctx, tx, by, g, "account.propose", "account", string(n.ID), nil, seen{"proposed", iban.Mask()})
}

// Confirm takes a proposed account; never by who proposed it. Where it replaces another one it counts only after the programme's cooling
// period, so that a forged change can be found before money goes there.
func Confirm(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, account id.Account) (period.Date, error) {
	a, err := loadAccount(ctx, tx, by, g, account)
	if err != nil {
		return "", err
	}
	if err := by.May("account.confirm", a.Subject()); err != nil {
		return "", err
	}
	today := tx.Now.Date()
	from := today
	before, err := InEffect(ctx, tx, g, a.Organisation, today)
	switch {
	case fault.Is(err, fault.KindConflict): // nothing to replace
	case err != nil:
		return "", err
	case before.IBAN != a.IBAN:
		var days int
		if err := tx.Row(ctx, selectCooling, g, today).Scan(&days); err != nil && err != db.ErrNone {
			return "", err
		}
		from = today.AddDays(days)
	}
	return from, decide(ctx, tx, by, g, a, "account.confirm", "", from)
}

// Refuse turns a proposed account down, with a reason; the partner that it is of takes it back so.
func Refuse(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, account id.Account, why string) error {
	a, err := loadAccount(ctx, tx, by, g, account)
	if err != nil {
		return err
	}
	if err := by.May("account.refuse", a.Subject()); err != nil {
		return err
	}
	if strings.TrimSpace(why) == "" {
		return fault.Invalid("why", "payment.why", nil)
	}
	return decide(ctx, tx, by, g, a, "account.refuse", why, "")
}

func decide(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, a Account, verb access.VerbName, words string, from period.Date) error {
	state, err := access.Transition("account", a.State, verb)
	if err != nil {
		return err
	}
	decider := db.OrNull(by.ID)
	if by.ID == a.ProposedBy { // it was taken back: nobody else decided on it
		decider = nil
	}
	n, err := tx.Exec(ctx, decideAccount, g, a.ID, state, words, tx.Now.Date(), decider, from)
	if err == nil && n != 1 {
		err = fault.Conflict("payment.bank_no_account", nil)
	}
	if err != nil {
		return err
	}
	return trail(ctx, tx, by, g, verb, "account", string(a.ID), seen{a.State, a.IBAN.Mask()}, seen{state, a.IBAN.Mask()})
}

func loadAccount(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, account id.Account) (Account, error) {
	a, err := scanAccount(tx.Row(ctx, selectAccount, g, account).Scan)
	if err == db.ErrNone || err == nil && !by.ScopeFor("account.read").Holds(a.Organisation) {
		return a, fault.Missing("payment.bank_no_account", nil)
	}
	return a, err
}
