package intake

import (
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/company"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// agreementYear reads partner and year, which together name an agreement-year with a ceiling.
func (r *reader) agreementYear(x *record) (*year, bool) {
	a, ok := r.agreement(x)
	y := x.year("year")
	if !ok || y == 0 {
		return nil, false
	}
	of, there := r.years.by[yearKey(a.partner.Code, y)]
	if !there && r.years.usable {
		x.fault("year", "intake.want.ceiling_of", text.Args{"partner": a.partner.Code})
	}
	return of, there
}

func claimKey(of *year, number int) string {
	return yearKey(of.agreement.partner.Code, of.year) + "/" + strconv.Itoa(number)
}

func (r *reader) readClaims() {
	columns := "partner* year* number* submitted* entered_by* verified verified_by approved approved_by"
	r.claims.usable = r.each(sheet{"claims.csv", columns}, func(x *record) {
		c := &claim{at: x.at}
		c.ID = id.New[id.Claim]()
		before := len(r.out.rows)
		of, ok := r.agreementYear(x)
		c.year, c.Number = of, int(x.integer("number", 1, 1000, 0))
		c.Submitted = x.date("submitted")
		var partner *organisation
		if ok {
			partner = of.agreement.partner
		}
		c.enteredBy = r.agent(x, "entered_by", partner, "finance", "coordinator")
		r.claimStory(x, c)
		if ok && c.Number > 0 && r.claims.put(x, "number", claimKey(of, c.Number), c) {
			of.claims = append(of.claims, c)
		}
		r.doubt(of, before)
	})
}

// claimStory reads who verified and approved a claim. Nobody does two of the three steps.
func (r *reader) claimStory(x *record, c *claim) {
	approved := x.cell("approved") != "" || x.cell("approved_by") != ""
	if verified := approved || x.cell("verified") != "" || x.cell("verified_by") != ""; verified {
		belongs(x, true, "", "verified", "verified_by")
		c.Verified = x.dateFrom("verified", c.Submitted, "submitted")
		c.verifiedBy = r.agent(x, "verified_by", r.agency, "controller")
		other(x, "verified_by", c.verifiedBy, c.enteredBy, "entered_by")
	}
	if approved {
		belongs(x, true, "", "approved", "approved_by")
		c.Approved = x.dateFrom("approved", c.Verified, "verified")
		c.approver = r.agent(x, "approved_by", r.agency, "approver")
		other(x, "approved_by", c.approver, c.enteredBy, "entered_by")
		other(x, "approved_by", c.approver, c.verifiedBy, "verified_by")
	}
}

// claim reads the number of a claim of an agreement-year.
func (r *reader) claim(x *record, of *year) (*claim, bool) {
	n := int(x.integer("claim", 1, 1000, 0))
	if n == 0 || of == nil {
		return nil, false
	}
	c, there := r.claims.by[claimKey(of, n)]
	if !there && r.claims.usable {
		x.fault("claim", "intake.want.claim_of", text.Args{"partner": of.agreement.partner.Code, "year": of.year})
	}
	return c, there
}

func (r *reader) readItems() {
	columns := `ref* partner* year* claim* activity category* description* supplier invoice invoiced delivered* currency rate rate_date
		rate_source net* vat other_money state* deducted reason_code reason decided decided_by returns`
	r.items.usable = r.each(sheet{"cost_items.csv", columns}, func(x *record) {
		i := &item{at: x.at}
		i.ID, i.Ref = id.New[id.Item](), x.code("ref")
		before := len(r.out.rows)
		of, ok := r.agreementYear(x)
		c, found := r.claim(x, of)
		i.claim = c
		i.activity, _ = r.activities.find(x, "activity", x.code("activity"))
		i.Category = x.oneOf("category", "staff", "overhead", "travel", "venue", "external", "communication", "other")
		r.allowed(x, i, of)
		i.Description = x.words("description", longestWords)
		r.proof(x, i)
		r.itemYear(x, i, of)
		r.cost(x, i)
		r.itemStory(x, i)
		i.returns = x.code("returns")
		if ok && found {
			r.itemMoney(x, i, of)
		}
		if r.items.put(x, "ref", i.Ref, i) && found {
			c.items = append(c.items, i)
		}
		r.doubt(of, before)
	})
}

// proof reads the invoice; a cost without one (staff, overhead) leaves all three cells empty.
func (r *reader) proof(x *record, i *item) {
	i.Supplier, i.Invoice, i.InvoicedOn = x.name("supplier"), x.name("invoice"), x.date("invoiced")
	if i.Supplier != "" && !isSupplier(i.Supplier) {
		x.fault("supplier", "intake.want.supplier", nil)
	}
	if x.cell("supplier")+x.cell("invoice") != "" {
		belongs(x, true, "", "supplier", "invoice", "invoiced")
	}
	if i.claim != nil && i.claim.Submitted != "" && i.InvoicedOn > i.claim.Submitted {
		x.fault("invoiced", "intake.want.not_after", text.Args{"date": string(i.claim.Submitted), "column": "claims.csv submitted"})
	}
}

// isSupplier accepts a Belgian enterprise or VAT number with right check digits, or another country's VAT number.
func isSupplier(s string) bool {
	if len(s) > 2 && s[:2] != "BE" && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z' {
		_, err := company.ParseNumber("VAT", s)
		return err == nil && len(s) >= 6 && len(s) <= 20
	}
	_, err := company.ParseBelgian(s)
	return err == nil
}

// itemYear tests that an item lies in its year and finds the agency's share on its date. Source: domain section 4.2.
func (r *reader) itemYear(x *record, i *item, of *year) {
	i.DeliveredOn = x.date("delivered")
	if of == nil {
		return
	}
	column, on := "delivered", i.DeliveredOn
	if rule, found := r.folder.rules.InForce(of.year.Last()); found && rule.YearOf == programme.Invoiced {
		column, on = "invoiced", i.InvoicedOn
	}
	if on == "" {
		return
	}
	if on.Year() != of.year {
		x.fault(column, "intake.want.date_in_year", text.Args{"year": of.year})
		return
	}
	if rule, found := r.folder.rules.InForce(on); found {
		i.RateBp = rule.RateBp
	}
}

func (r *reader) cost(x *record, i *item) {
	i.Currency = x.currency("currency")
	if i.Currency == r.folder.programme.Currency {
		i.Currency = ""
	}
	foreign := i.Currency != "" && r.folder.programme.Currency != ""
	if x.cell("currency") == "" || foreign || i.Currency == "" {
		belongs(x, foreign, "intake.want.only_foreign", "rate", "rate_date", "rate_source")
	}
	if s, given := x.given("rate"); foreign && given {
		rate, err := money.ParseRate(s)
		if err != nil || rate.Sign() <= 0 {
			x.fault("rate", "intake.want.rate", nil)
		}
		i.Rate = rate
	}
	i.RateOn, i.RateSource = x.date("rate_date"), x.name("rate_source")
	i.Net, _ = x.amount("net")
	i.VAT, _ = x.amount("vat")
	if i.Net > 0 && i.VAT < 0 || i.Net < 0 && i.VAT > 0 {
		x.fault("vat", "intake.want.same_sign", nil)
	}
	i.OtherMoney = x.positive("other_money", true)
}

// itemStory reads what a controller decided. Reason codes are those of the format.
func (r *reader) itemStory(x *record, i *item) {
	i.State = funding.ItemState(x.oneOf("state", "declared", "accepted", "deducted", "parked", "lapsed"))
	i.Deducted, _ = x.amount("deducted")
	i.ReasonCode = x.oneOf("reason_code", "period", "category", "proof", "procurement", "duplicate", "vat", "calculation", "not-agreed", "other")
	i.Reason = x.words("reason", longestWords)
	if i.State == "" {
		return
	}
	decided := i.State != funding.Declared
	belongs(x, decided, "intake.want.only_decided_item", "decided", "decided_by")
	deducted := i.State == funding.Deducted
	belongs(x, deducted, "intake.want.only_deducted", "deducted")
	if deducted {
		belongs(x, true, "", "reason_code", "reason")
	}
	if deducted && i.Deducted == 0 && x.cell("deducted") != "" {
		x.fault("deducted", "intake.want.not_zero", nil)
	}
	if !decided {
		if i.claim != nil && i.claim.Verified != "" {
			x.fault("state", "intake.want.decided_before", nil)
		}
		return
	}
	var submitted, verified = i.submitted(), i.verified()
	i.DecidedOn = x.dateFrom("decided", submitted, "claims.csv submitted")
	if verified != "" && i.DecidedOn > verified && i.State != funding.Lapsed {
		x.fault("decided", "intake.want.not_after", text.Args{"date": string(verified), "column": "claims.csv verified"})
	}
	i.decidedBy = r.agent(x, "decided_by", r.agency, "controller")
	if i.claim != nil {
		other(x, "decided_by", i.decidedBy, i.claim.enteredBy, "claims.csv entered_by")
	}
}

// itemMoney tests the deduction against the eligible cost. Source: domain section 4.1.
func (r *reader) itemMoney(x *record, i *item, of *year) {
	i.VATBp = of.agreement.partner.VATRecoverableBp
	eligible, err := i.Eligible(i.Currency != "")
	if err != nil {
		x.fault("net", "intake.want.amount", nil)
		return
	}
	if eligible >= 0 && (i.Deducted < 0 || i.Deducted > eligible) || eligible < 0 && (i.Deducted > 0 || i.Deducted < eligible) {
		x.fault("deducted", "intake.want.deduction", text.Args{"eligible": eligible.String()})
	}
}

func (r *reader) readCorrections() {
	r.each(sheet{"corrections.csv", "partner* year* item* cost* reason* date* by*"}, func(x *record) {
		c := &correction{at: x.at}
		c.ID = id.New[id.Correction]()
		before := len(r.out.rows)
		of, ok := r.agreementYear(x)
		defer func() { r.doubt(of, before) }()
		i, found := r.items.find(x, "item", x.code("item"))
		c.Cost, c.Reason, c.On = x.positive("cost", false), x.words("reason", longestWords), x.date("date")
		c.by = r.agent(x, "by", r.agency, "controller")
		if !ok || !found || i.claim == nil {
			return
		}
		switch {
		case i.claim.year != of:
			x.fault("item", "intake.want.item_of", text.Args{"partner": of.agreement.partner.Code, "year": of.year})
			return
		case i.claim.Approved == "":
			x.fault("item", "intake.want.item_approved", nil)
			return
		case c.On != "" && c.On < i.claim.Approved:
			x.fault("date", "intake.want.not_before", text.Args{"date": string(i.claim.Approved), "column": "claims.csv approved"})
			return
		}
		c.Item = i.ID
		if c.Cost > 0 && c.On != "" {
			of.corrections = append(of.corrections, c)
		}
	})
}

func (r *reader) readPayments() {
	columns := "partner* year* kind* claim amount* ordered ordered_by approved_by executed"
	r.each(sheet{"payments.csv", columns}, func(x *record) {
		p := &payment{at: x.at}
		p.ID = id.New[id.Payment]()
		before := len(r.out.rows)
		of, ok := r.agreementYear(x)
		defer func() { r.doubt(of, before) }()
		p.Kind = funding.PaymentKind(x.oneOf("kind", "advance", "claim", "balance", "repayment"))
		p.Amount = x.positive("amount", false)
		if p.Kind == "" {
			return
		}
		belongs(x, p.Kind == funding.ClaimPayment, "intake.want.only_claim", "claim")
		if p.Kind == funding.ClaimPayment && x.cell("claim") != "" {
			if p.claim, _ = r.claim(x, of); p.claim != nil {
				p.Claim = p.claim.ID
			}
		}
		r.paymentStory(x, p)
		if !ok || p.Amount == 0 || p.Kind == funding.ClaimPayment && p.claim == nil {
			return
		}
		r.advance(x, p, of)
		of.payments = append(of.payments, p)
	})
}

func (r *reader) paymentStory(x *record, p *payment) {
	if p.Kind == funding.Repayment {
		belongs(x, false, "intake.want.not_repayment", "ordered_by", "approved_by")
		belongs(x, true, "", "executed")
		p.Ordered = x.date("ordered")
		p.Executed = x.dateFrom("executed", p.Ordered, "ordered")
		return
	}
	belongs(x, true, "", "ordered", "ordered_by", "approved_by")
	p.Ordered = x.date("ordered")
	p.Executed = x.dateFrom("executed", p.Ordered, "ordered")
	p.orderedBy = r.agent(x, "ordered_by", r.agency, "payer")
	p.approvedBy = r.agent(x, "approved_by", r.agency, "payer", "approver")
	other(x, "approved_by", p.approvedBy, p.orderedBy, "ordered_by")
	if p.claim == nil || p.Ordered == "" {
		return
	}
	if p.claim.Approved == "" {
		x.fault("claim", "intake.want.claim_approved", nil)
	} else if p.Ordered < p.claim.Approved {
		x.fault("ordered", "intake.want.not_before", text.Args{"date": string(p.claim.Approved), "column": "claims.csv approved"})
	}
}

// advance tests an advance against the year's ceiling: one a year, at most the rule's share. Source: domain section 4.7.
func (r *reader) advance(x *record, p *payment, of *year) {
	if p.Kind != funding.AdvancePayment || r.doubtful {
		return
	}
	for _, earlier := range of.payments {
		if earlier.Kind == funding.AdvancePayment {
			x.fault("kind", "intake.want.one_advance", text.Args{"line": strconv.Itoa(earlier.line)})
			return
		}
	}
	rule, found := r.folder.rules.InForce(p.Ordered)
	if most := of.ceiling.Share(rule.AdvanceBp); found && p.Amount > most {
		x.fault("amount", "intake.want.at_most", text.Args{"amount": most.String()})
	}
}

func (r *reader) readOpening() {
	sums := map[*year]money.Amount{}
	last := map[*year]*record{}
	r.each(sheet{"opening.csv", "partner* year* account* amount*"}, func(x *record) {
		of, ok := r.agreementYear(x)
		account := x.name("account")
		if account != "" && !slices.Contains(funding.OpeningAccounts(), ledger.Account(account)) {
			x.fault("account", "intake.want.opening_account", text.Args{"list": strings.Join(texts(funding.OpeningAccounts()), ", ")})
		}
		amount, given := x.amount("amount")
		if !ok || !given {
			return
		}
		if side := openingSide(ledger.Account(account)); amount*side < 0 {
			x.fault("amount", map[money.Amount]text.Key{1: "intake.want.opening_debit", -1: "intake.want.opening_credit"}[side], nil)
		}
		for _, o := range of.opening {
			if string(o.Account) == account {
				x.fault("account", "intake.want.account_once", nil)
			}
		}
		of.opening = append(of.opening, funding.OpeningFacts{Account: ledger.Account(account), Amount: amount})
		sums[of] += amount
		last[of] = x
		of.openingAt = x.at
	})
	for of, sum := range sums {
		if sum != 0 {
			last[of].fault("amount", "intake.want.sum_zero", text.Args{"sum": sum.String()})
			of.doubtful = true
		} else if !of.openingHolds() {
			last[of].fault("amount", "intake.want.opening_holds", nil)
			of.doubtful = true
		}
	}
}

// openingHolds tells whether balances taken over keep the laws that tie the sides of the books: contribution + own part = cost, and what
// was spent is what was consumed, of what was committed, is what was contributed. Source: domain sections 4.13 and 10.
func (of *year) openingHolds() bool {
	balance := map[ledger.Account]money.Amount{}
	for _, o := range of.opening {
		balance[o.Account] += o.Amount
	}
	contributed := -balance[ledger.MemoContribution]
	return balance[ledger.MemoCost]+balance[ledger.MemoOwn] == contributed &&
		balance[ledger.Contribution] == contributed && balance[ledger.Consumed] == contributed && balance[ledger.Committed] == -contributed
}

// openingSide is 1 for an account whose balance is a debit, -1 for one whose balance is a credit, 0 for one that may be either.
func openingSide(a ledger.Account) money.Amount {
	switch a {
	case ledger.Advances, ledger.Recoverable, ledger.Contribution, ledger.Consumed, ledger.MemoCost:
		return 1
	case ledger.Bank, ledger.Payable, ledger.Committed, ledger.MemoOwn, ledger.MemoContribution:
		return -1
	}
	return 0
}
