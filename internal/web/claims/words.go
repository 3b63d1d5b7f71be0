package claims

import (
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/letter"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/upload"
)

func reasonKey(code string) text.Key { return text.Key("reason." + code) }

func categoryKey(code string) text.Key { return text.Key("category." + code) }

func sampleKey(rule string) text.Key { return text.Key("claims.sample_" + rule) }

func objectionKey(state string) text.Key { return text.Key("claims.objection_" + state) }

// what names an item; a flat rate by its category and share.
func (c claimPage) what(i funding.Item) string { return letter.What(i, c.Language) }

// reason says why an item was deducted or parked.
func (c claimPage) reason(i funding.Item) string { return letter.Reason(i, c.Language) }

// decided tells whether there is a letter about the claim.
func (c claimPage) decided() bool { return letter.Decided(c.C) }

// hint is when it was delivered, and why it is in the sample.
func (c claimPage) hint(i funding.Item) string {
	parts := []string{c.ShortDay(i.DeliveredOn), c.T(categoryKey(i.Category))}
	if s, in := c.Sample[i.ID]; in {
		var rules []string
		for _, r := range s.Rules {
			rules = append(rules, c.T(sampleKey(r)))
		}
		parts = append(parts, c.T("claims.sampled", "rules", strings.Join(rules, ", ")))
	}
	return strings.Join(parts, " · ")
}

// fact is a line beside the proof.
type fact struct{ Name, Value string }

// facts is what the chosen item says, where it says anything.
func (c claimPage) facts() []fact {
	i := c.Chosen
	var out []fact
	add := func(field, value string) {
		if value != "" {
			out = append(out, fact{c.T(upload.FieldKey(field)), value})
		}
	}
	amount := func(a money.Amount) string {
		if a == 0 {
			return ""
		}
		return c.Money(a)
	}
	add("kind", c.T(i.Kind.Key()))
	add("supplier", i.Supplier)
	add("invoice", i.Invoice)
	if i.InvoicedOn != "" {
		add("invoiced", c.Day(i.InvoicedOn))
	}
	add("delivered", c.Day(i.DeliveredOn))
	if i.Kind == funding.Staff {
		add("hours", c.Language.Decimal(i.Hours.String(), -1))
		add("hour_rate", amount(i.HourRate))
		add("allocation", i.AllocationBp.Show(c.Language))
	}
	add("net", amount(i.Net))
	add("vat", amount(i.VAT))
	if i.InvoiceTotal != i.Gross() {
		add("invoice_total", amount(i.InvoiceTotal))
	}
	if i.Currency != c.Programme.Currency {
		add("currency", i.Currency)
		add("rate", c.Language.Decimal(i.Rate.String(), -1))
		add("rate_source", i.RateSource)
	}
	add("income", amount(i.Income))
	add("other_money", amount(i.OtherMoney))
	if i.Cap > 0 {
		out = append(out, fact{c.T("claims.cap"), c.Money(i.Cap)})
	}
	return append(out, fact{c.T("costs.eligible"), c.Money(i.Claimed())})
}

// quoteStep is a line of what the claim would pay.
type quoteStep struct {
	Words  string
	Amount money.Amount
	Due    bool
}

// quoteSteps reckons what the claim would pay if all that is undecided were accepted.
func (c claimPage) quoteSteps() []quoteStep {
	q := c.Quote
	out := []quoteStep{{Words: c.T("claims.quote_cost"), Amount: q.Cost}, {Words: c.T("claims.quote_due"), Amount: q.Due}}
	add := func(key text.Key, a money.Amount) {
		if a != 0 {
			out = append(out, quoteStep{Words: c.T(key), Amount: a})
		}
	}
	add("claims.quote_above", q.Above)
	add("claims.quote_advance", -q.FromAdvance)
	add("claims.quote_owed", -q.FromOwed)
	add("claims.quote_back", q.OwedBack)
	return append(out, quoteStep{Words: c.T("claims.quote_pay"), Amount: q.ToPay, Due: true})
}

// act is a verb on the claim as a whole that the reader may use now.
type act struct {
	Verb    string
	Says    string
	Label   text.Key // of the words it asks for
	Words   bool
	Primary bool
}

// acts lists what the reader may do with the claim. While an item waits beside its proof, deciding on it is the primary button.
func (c claimPage) acts() []act {
	undecided := c.Tally.Undecided
	open := len(c.Objections) > 0 && c.Objections[len(c.Objections)-1].State == "raised"
	stops := false
	for _, f := range c.Findings {
		stops = stops || f.Stops
	}
	var out []act
	offer := func(verb string, name access.VerbName, words, primary, when bool) {
		if when && c.may(name) {
			out = append(out, act{Verb: verb, Says: c.T(text.Key("claims.do_" + verb)), Label: text.Key("claims.words_" + verb), Words: words, Primary: primary})
		}
	}
	offer("submit", "claim.submit", false, true, c.Tally.Items > 0 && !stops)
	offer("open", "claim.open", false, true, true)
	offer("rest", "claim.verify", false, false, undecided > 0)
	offer("verify", "claim.verify", false, true, undecided == 0)
	offer("approve", "claim.approve", false, true, true)
	offer("answer", "claim.answer", true, true, true)
	offer("recheck", "claim.recheck", false, false, true)
	offer("reject", "claim.reject", true, false, true)
	offer("reopen", "claim.reopen", true, false, true)
	offer("uphold", "claim.uphold", true, false, open)
	offer("dismiss", "claim.dismiss", true, false, open)
	offer("object", "claim.object", true, false, !open)
	offer("reword", "claim.reword", true, false, c.C.State != "draft" || c.Tally.Items > 0)
	offer("withdraw", "claim.withdraw", false, false, true)
	offer("again", "claim.again", false, false, c.Tally.Items > 0)
	offer("discard", "claim.discard", false, false, true)
	return out
}
