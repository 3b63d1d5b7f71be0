package payment

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// CashQuarter is what a programme may pay in a quarter, from what is certain to what is only possible.
type CashQuarter struct {
	Year     period.Year
	Quarter  int          // 1 to 4
	Ordered  money.Amount // in batches and single payments on their way to the bank
	Due      money.Amount // owed and not ordered yet
	Claimed  money.Amount // handed in and not approved, if all of it were accepted
	Advances money.Amount // of years to come, at the programme's share
	Rest     money.Amount // that ceilings still leave, if all of it were claimed, accepted and earned
}

// Most is all of it.
func (q CashQuarter) Most() money.Amount { return q.Ordered + q.Due + q.Claimed + q.Advances + q.Rest }

func (q *CashQuarter) add(o CashQuarter) {
	q.Ordered += o.Ordered
	q.Due += o.Due
	q.Claimed += o.Claimed
	q.Advances += o.Advances
	q.Rest += o.Rest
}

// The kinds of what may be paid, from certain to possible.
const (
	CashOrdered  = "ordered"
	CashDue      = "due"
	CashClaimed  = "claimed"
	CashAdvances = "advances"
	CashRest     = "rest"
)

// CashRow is one thing that may be paid in a quarter: figures of the forecast open to these.
type CashRow struct {
	Year      period.Year // of the quarter
	Quarter   int
	Kind      string
	Agreement id.Agreement
	Code      string // of the partner
	Name      string
	Of        period.Year // the agreement-year that it is for
	Number    int         // of its claim, 0 none
	Batch     int         // that carries it, 0 none
	Amount    money.Amount
}

// Cash is the forecast of a programme's payments: only quarters in which something may be paid.
type Cash struct {
	Quarters []CashQuarter
	Rows     []CashRow // what each figure is the sum of, by quarter, kind and partner
	Sum      CashQuarter
	Least    money.Amount // on its way or due
	Most     money.Amount
}

// daysToPay is how long after a claim was handed in its money leaves: a month to verify, a month to pay, as agreements say.
const daysToPay = 60

var (
	listOnItsWay = db.SQL("payment.cash.ordered",
		`select coalesce(b.execute_on, p.ordered_on), p.amount, p.agreement_id, p.year, coalesce(c.number, 0), coalesce(b.number, 0) from payment p
		 left join payment_batch b on b.programme_id = p.programme_id and b.id = p.batch_id
		 left join claim c on c.programme_id = p.programme_id and c.id = p.claim_id
		 where p.programme_id = $1 and p.state in ('ordered', 'approved') and p.kind <> 'repayment'`)
	listHandedIn = db.SQL("payment.cash.claims",
		`select c.id, c.agreement_id, c.year, c.number, c.submitted_on from claim c
		 where c.programme_id = $1 and c.state in ('submitted', 'in-verification', 'queried', 'verified') order by c.agreement_id, c.year, c.number`)
	listCeilings = db.SQL("payment.cash.years", `select c.agreement_id, c.year from agreement_ceiling c
		join agreement a on a.programme_id = c.programme_id and a.id = c.agreement_id
		where c.programme_id = $1 and a.state in ('signed', 'active', 'closed') order by c.agreement_id, c.year`)
	listFinal = db.SQL("payment.cash.final", `select s.agreement_id, s.year from settlement s where s.programme_id = $1 and s.state = 'final'`)
)

// forecast gathers what may be paid with the quarter; none lies in the past.
type forecast struct {
	today period.Date
	rows  []CashRow
}

func (f *forecast) add(on period.Date, kind string, at ledger.AgreementYear, number, batch int, a money.Amount) {
	if a == 0 {
		return
	}
	on = max(on, f.today)
	f.rows = append(f.rows, CashRow{Year: on.Year(), Quarter: on.Quarter(), Kind: kind, Agreement: at.Agreement, Of: at.Year, Number: number,
		Batch: batch, Amount: a})
}

// LoadCash reckons the forecast of a programme from where each agreement-year stands today.
func LoadCash(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme) (*Cash, error) {
	f := &forecast{today: tx.Now.Date()}
	err := tx.Each(ctx, listOnItsWay, []any{g.ID}, func(r *sql.Rows) error {
		var on period.Date
		var at ledger.AgreementYear
		var amount money.Amount
		var number, batch int
		err := r.Scan(&on, &amount, &at.Agreement, &at.Year, &number, &batch)
		f.add(on, CashOrdered, at, number, batch, amount)
		return err
	})
	if err != nil {
		return nil, err
	}
	due, err := Payables(ctx, tx, by, g.ID)
	if err != nil {
		return nil, err
	}
	advanced := map[ledger.AgreementYear]money.Amount{}
	for _, d := range due {
		f.add(f.today, CashDue, ledger.AgreementYear{Agreement: d.Agreement, Year: d.Year}, d.Number, 0, d.Amount)
		if d.Kind == funding.AdvancePayment {
			advanced[ledger.AgreementYear{Agreement: d.Agreement, Year: d.Year}] += d.Amount
		}
	}
	claimed, err := f.claims(ctx, tx, by, g.ID)
	if err != nil {
		return nil, err
	}
	if err := f.years(ctx, tx, g.ID, claimed, advanced); err != nil {
		return nil, err
	}
	return f.cash(ctx, tx, g.ID)
}

var listCashNames = db.SQL("payment.cash.names",
	`select a.id, o.code, case when o.short_name = '' then o.name else o.short_name end from agreement a
	 join organisation o on o.id = a.organisation_id where a.programme_id = $1`)

// cash puts the rows in order and adds them up.
func (f *forecast) cash(ctx context.Context, tx *db.Tx, g id.Programme) (*Cash, error) {
	type partner struct{ code, name string }
	names := map[id.Agreement]partner{}
	err := tx.Each(ctx, listCashNames, []any{g}, func(r *sql.Rows) error {
		var a id.Agreement
		var p partner
		err := r.Scan(&a, &p.code, &p.name)
		names[a] = p
		return err
	})
	if err != nil {
		return nil, err
	}
	for n := range f.rows {
		f.rows[n].Code, f.rows[n].Name = names[f.rows[n].Agreement].code, names[f.rows[n].Agreement].name
	}
	kinds := []string{CashOrdered, CashDue, CashClaimed, CashAdvances, CashRest}
	slices.SortStableFunc(f.rows, func(a, b CashRow) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Quarter, b.Quarter),
			cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Of, b.Of),
			cmp.Compare(a.Number, b.Number))
	})
	c := &Cash{}
	for _, r := range f.rows {
		last, what := len(c.Rows)-1, r
		if what.Amount = 0; last >= 0 {
			what.Amount = c.Rows[last].Amount
		}
		if last >= 0 && c.Rows[last] == what { // more of the same
			c.Rows[last].Amount += r.Amount
		} else {
			c.Rows = append(c.Rows, r)
		}
		if n := len(c.Quarters); n == 0 || c.Quarters[n-1].Year != r.Year || c.Quarters[n-1].Quarter != r.Quarter {
			c.Quarters = append(c.Quarters, CashQuarter{Year: r.Year, Quarter: r.Quarter})
		}
		q := &c.Quarters[len(c.Quarters)-1]
		*map[string]*money.Amount{CashOrdered: &q.Ordered, CashDue: &q.Due, CashClaimed: &q.Claimed, CashAdvances: &q.Advances,
			CashRest: &q.Rest}[r.Kind] += r.Amount
	}
	for _, q := range c.Quarters {
		c.Sum.add(q)
	}
	c.Least, c.Most = c.Sum.Ordered+c.Sum.Due, c.Sum.Most()
	return c, nil
}

// claims adds what claims that were handed in would pay, and gives what they would be due by agreement-year.
func (f *forecast) claims(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme) (map[ledger.AgreementYear]money.Amount, error) {
	type claim struct {
		id id.Claim
		ledger.AgreementYear
		number int
		on     period.Date
	}
	var all []claim
	err := tx.Each(ctx, listHandedIn, []any{g}, func(r *sql.Rows) error {
		var c claim
		err := r.Scan(&c.id, &c.Agreement, &c.Year, &c.number, &c.on)
		all = append(all, c)
		return err
	})
	due := map[ledger.AgreementYear]money.Amount{}
	if err != nil {
		return due, err
	}
	for _, c := range all {
		q, err := funding.Foresee(ctx, tx, by, g, c.id)
		if err != nil {
			return due, err
		}
		f.add(c.on.AddDays(daysToPay), CashClaimed, c.AgreementYear, c.number, 0, q.ToPay)
		due[c.AgreementYear] += q.Due
	}
	return due, nil
}

// years adds the advances of years to come, and what each year that is not final leaves of its ceiling: a quarter of it for each quarter of
// the year, paid in the next one; what its past quarters left, soonest.
func (f *forecast) years(ctx context.Context, tx *db.Tx, g id.Programme, claimed, advanced map[ledger.AgreementYear]money.Amount) error {
	final := map[ledger.AgreementYear]bool{}
	err := tx.Each(ctx, listFinal, []any{g}, func(r *sql.Rows) error {
		var at ledger.AgreementYear
		err := r.Scan(&at.Agreement, &at.Year)
		final[at] = true
		return err
	})
	if err != nil {
		return err
	}
	rules, err := programme.LoadRules(ctx, tx, g)
	if err != nil {
		return err
	}
	var years []ledger.AgreementYear
	err = tx.Each(ctx, listCeilings, []any{g}, func(r *sql.Rows) error {
		var at ledger.AgreementYear
		err := r.Scan(&at.Agreement, &at.Year)
		years = append(years, at)
		return err
	})
	for _, at := range years {
		if final[at] {
			continue
		}
		p, err := funding.Load(ctx, tx, g, at.Agreement, at.Year)
		if err != nil {
			return err
		}
		advance := advanced[at]
		if rule, there := rules.InForce(at.Year.Last()); there && at.Year > f.today.Year() && p.Advance == 0 {
			advance = p.Original.Share(rule.AdvanceBp)
			f.add(at.Year.First(), CashAdvances, at, 0, 0, advance)
		}
		f.rest(at, p.Ceiling-p.Due-claimed[at]-p.Open-(p.Advance-p.Executed)-advance)
	}
	return err
}

func (f *forecast) rest(at ledger.AgreementYear, left money.Amount) {
	if left <= 0 {
		return
	}
	for i := range 4 {
		part := left / money.Amount(4-i)
		left -= part
		f.add(at.Year.First().AddDays(95*(i+1)), CashRest, at, 0, 0, part) // in the quarter that follows
	}
}
