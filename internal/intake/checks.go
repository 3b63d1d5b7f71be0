package intake

import (
	"cmp"
	"errors"
	"slices"
	"strconv"

	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/takeover"
	"errera.eu/errera/internal/text"
)

// doubt marks the money of a year as faulty when faults were added since before, so that its payments are not blamed for what is wrong
// with its items. Where no year is known all of it is in doubt.
func (r *reader) doubt(of *year, before int) {
	if len(r.out.rows) == before {
		return
	}
	if of != nil {
		of.doubtful = true
	} else {
		r.doubtful = true
	}
}

// checkReturns ties parked items to those that replace them in a later claim. Source: domain section 4.11.
func (r *reader) checkReturns() {
	for i := range r.everyItem() {
		if i.returns == "" {
			continue
		}
		before := len(r.out.rows)
		parked, there := r.items.by[i.returns]
		want := text.Key("")
		args := text.Args{}
		switch {
		case !there:
			want, args["file"] = "intake.want.in_file", "cost_items.csv"
		case parked.claim == nil:
		case parked.claim.year != i.claim.year || parked.claim.Number >= i.claim.Number:
			want = "intake.want.earlier_claim"
		case parked.returned != nil:
			want, args["line"] = "intake.want.returned_once", strconv.Itoa(parked.returned.line)
		case parked.State != funding.Parked:
			want = "intake.want.parked"
		}
		if want != "" {
			r.out.add(i.at, "returns", i.returns, want, args)
			r.doubt(i.claim.year, before)
			continue
		}
		if there {
			parked.returned, i.Returns = i, parked.ID
		}
	}
	for i := range r.everyItem() {
		if i.returned != nil {
			i.State = funding.Returned
		}
	}
}

// everyItem goes through the items of all claims, in file order within a claim.
func (r *reader) everyItem() func(func(*item) bool) {
	return func(yield func(*item) bool) {
		for _, of := range r.folder.years {
			for _, c := range of.claims {
				for _, i := range c.items {
					if !yield(i) {
						return
					}
				}
			}
		}
	}
}

// checkInvoices says that an invoice counts once. Source: domain section 4.11.
func (r *reader) checkInvoices() {
	first := map[string]*item{}
	all := slices.Collect(r.everyItem())
	slices.SortStableFunc(all, func(a, b *item) int { return cmp.Compare(a.line, b.line) })
	for _, i := range all {
		if i.Supplier == "" || i.Invoice == "" || i.InvoicedOn == "" || i.State == funding.Returned || i.State == funding.Lapsed {
			continue
		}
		key := funding.InvoiceKey(i.Supplier, i.Invoice, i.InvoicedOn.Year())
		if twin, twice := first[key]; twice {
			r.out.add(i.at, "invoice", i.Invoice, "intake.want.invoice_once", text.Args{"ref": twin.Ref, "line": strconv.Itoa(twin.line)})
			i.claim.year.doubtful = true
			continue
		}
		first[key] = i
	}
}

// checkClaims says that claims are numbered from 1 and approved in that order. Source: domain section 4.6.
func (r *reader) checkClaims() {
	for _, of := range r.folder.years {
		slices.SortFunc(of.claims, func(a, b *claim) int { return cmp.Compare(a.Number, b.Number) })
		before := len(r.out.rows)
		for n, c := range of.claims {
			if c.Number != n+1 {
				r.out.add(c.at, "number", strconv.Itoa(c.Number), "intake.want.next_number", text.Args{"number": strconv.Itoa(n + 1)})
				break
			}
			if n == 0 || c.Approved == "" {
				continue
			}
			if earlier := of.claims[n-1].Approved; earlier == "" {
				r.out.add(c.at, "approved", string(c.Approved), "intake.want.approved_in_order", text.Args{"number": strconv.Itoa(n)})
			} else if c.Approved < earlier && c.Approved >= c.Verified {
				r.out.add(c.at, "approved", string(c.Approved), "intake.want.not_before",
					text.Args{"date": string(earlier), "column": "approved"})
			}
		}
		r.doubt(of, before)
	}
}

// checkMoney plays the money of every year that reads well: a payment or correction that does not fit is a fault of its row.
func (r *reader) checkMoney() {
	for _, of := range r.folder.years {
		if r.doubtful || of.doubtful {
			continue
		}
		facts := r.folder.facts(of)
		facts.Taken = func(ref string) bool { return r.items.by[ref] != nil }
		_, err := takeover.Fold(r.folder.programme.Currency, facts)
		if err == nil {
			continue
		}
		var misfit *takeover.FactFault
		if !errors.As(err, &misfit) {
			r.out.add(of.at, "amount", of.ceiling.String(), "intake.want.money_adds_up", nil)
			continue
		}
		if misfit.Kind == "ref" { // of an item, anywhere in the folder
			r.out.add(r.items.by[misfit.ID].at, "ref", misfit.ID, misfit.Key, nil)
			continue
		}
		where, column, found := of.row(misfit)
		r.out.add(where, column, found, misfit.Key, misfit.Args)
	}
}

// row finds the row that a misfit of the money speaks of.
func (of *year) row(f *takeover.FactFault) (where at, column, found string) {
	if f.Kind == "opening" {
		for _, o := range of.opening {
			if o.Account == ledger.Contribution {
				found = o.Amount.String()
			}
		}
		return of.openingAt, "amount", found
	}
	for _, p := range of.payments {
		if string(p.ID) == f.ID {
			return p.at, "amount", p.Amount.String()
		}
	}
	for _, c := range of.corrections {
		if string(c.ID) == f.ID {
			return c.at, "cost", c.Cost.String()
		}
	}
	for _, c := range of.claims {
		if string(c.ID) == f.ID {
			return c.at, "approved", string(c.Approved)
		}
	}
	return of.at, "amount", of.ceiling.String()
}

// facts gives the money of a year as funding books it.
func (f *Folder) facts(of *year) takeover.Facts {
	rule, _ := f.rules.InForce(of.year.Last())
	facts := takeover.Facts{Code: of.agreement.partner.Code, Categories: f.categoriesOn, Partner: of.agreement.partner.ID,
		Agreement: of.agreement.ID, Year: of.year, Ceiling: of.ceiling,
		PerformanceBp: rule.PerformanceBp, OpeningRate: funding.OpeningRate(f.rules, of.year), Signed: of.agreement.Signed, VATRecoverableBp: of.agreement.partner.VATRecoverableBp}
	for _, c := range of.claims {
		c.EnteredBy, c.VerifiedBy, c.ApprovedBy = c.enteredBy.identity(), c.verifiedBy.identity(), c.approver.identity()
		one := c.ClaimFacts
		for _, i := range c.items {
			i.DecidedBy = i.decidedBy.identity()
			if i.activity != nil {
				i.Activity = i.activity.ID
			}
			one.Items = append(one.Items, i.Item)
		}
		facts.Claims = append(facts.Claims, one)
	}
	for _, p := range of.payments {
		p.OrderedBy, p.ApprovedBy = p.orderedBy.identity(), p.approvedBy.identity()
		facts.Payments = append(facts.Payments, p.PaymentFacts)
	}
	for _, c := range of.corrections {
		c.By = c.by.identity()
		facts.Corrections = append(facts.Corrections, c.CorrectionFacts)
	}
	for _, o := range of.opening {
		if o.Account != ledger.EquityOpening { // the other side of every opening line
			facts.Opening = append(facts.Opening, o)
		}
	}
	return facts
}

// identity is the person's ID, "" for nobody.
func (p *person) identity() (none id.Person) {
	if p == nil {
		return none
	}
	return p.id
}
