package books

import (
	"strconv"

	"github.com/a-h/templ"

	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

type cost = report.CostItem

// columns are what the list shows of a cost, and what a file of it holds.
func (c costsPage) columns() []frame.Column[cost] {
	category := func(x cost) string { return c.T(categoryKey(x.Category)) }
	state := func(x cost) string { return frame.StateWord(c.Page, x.State) }
	columns := []frame.Column[cost]{
		{Key: "ref", Head: c.T("costs.ref"), Extra: true, Text: func(x cost) string { return x.Ref }, Order: frame.ByText(func(x cost) string { return x.Ref })},
		c.dayColumn("delivered", "costs.delivered", func(x cost) period.Date { return x.DeliveredOn }),
		{Key: "what", Head: c.T("costs.what"), Name: true, Text: func(x cost) string { return x.Description }, Sum: c.T("costs.total", "n", c.Totals.Items),
			Cell: func(x cost) templ.Component { return costName(c, x) }, Order: frame.ByText(func(x cost) string { return x.Description })},
		{Key: "category", Head: c.T("costs.category"), Extra: true, Text: category, Order: frame.ByText(category)},
		{Key: "activity", Head: c.T("costs.activity"), Text: func(x cost) string { return x.Activity },
			Cell: func(x cost) templ.Component { return costActivity(c, x) }, Order: frame.ByText(func(x cost) string { return x.Title })},
		{Key: "partner", Head: c.T("costs.partner"), Extra: c.Filter.Partner != "", Text: func(x cost) string { return x.Partner },
			Cell: func(x cost) templ.Component { return costPartner(c, x) }, Order: frame.ByText(func(x cost) string { return x.PartnerShort })},
		{Key: "supplier", Head: c.T("costs.supplier"), Text: func(x cost) string { return x.Supplier },
			Cell: func(x cost) templ.Component { return costSupplier(x) }, Order: frame.ByText(func(x cost) string { return x.Supplier })},
		{Key: "invoice", Head: c.T("costs.invoice"), Extra: true, Text: func(x cost) string { return x.Invoice }},
		c.dayColumn("invoiced", "costs.invoiced", func(x cost) period.Date { return x.InvoicedOn }),
		{Key: "year", Head: c.T("frame.year"), Extra: c.Filter.Year != 0, Text: func(x cost) string { return x.Year.String() },
			Order: frame.By(func(x cost) period.Year { return x.Year })},
		{Key: "claim", Head: c.T("costs.claim"), Text: func(x cost) string { return strconv.Itoa(x.Claim) }, Order: frame.By(func(x cost) int { return x.Claim })},
		{Key: "currency", Head: c.T("costs.currency"), Extra: true, Text: func(x cost) string { return x.Currency }},
		{Key: "rate", Head: c.T("costs.rate"), Num: true, Extra: true, Text: func(x cost) string { return x.Rate },
			Show: func(x cost) string { return c.Language.Decimal(x.Rate, -1) }},
		c.moneyColumn("net", "costs.net", func(x cost) money.Amount { return x.Net }, 0),
		c.moneyColumn("vat", "costs.vat", func(x cost) money.Amount { return x.VAT }, 0),
		c.moneyColumn("other", "costs.other_money", func(x cost) money.Amount { return x.Other }, 0),
		c.moneyColumn("eligible", "costs.eligible", func(x cost) money.Amount { return x.Eligible }, c.Totals.Eligible),
		c.moneyColumn("deducted", "costs.deducted", func(x cost) money.Amount { return x.Deducted }, c.Totals.Deducted),
		c.moneyColumn("accepted", "costs.accepted", func(x cost) money.Amount { return x.Accepted }, c.Totals.Accepted),
		c.moneyColumn("struck", "costs.struck", func(x cost) money.Amount { return x.Struck }, c.Totals.Struck),
		{Key: "state", Head: c.T("settlements.state"), Text: state, Cell: func(x cost) templ.Component { return costState(c, x) }, Order: frame.ByText(state)},
		{Key: "reason", Head: c.T("costs.reason"), Extra: true, Text: c.decided},
		c.dayColumn("decided", "costs.decided_on", func(x cost) period.Date { return x.DecidedOn }),
		{Key: "decided-by", Head: c.T("costs.decided_by"), Extra: true, Text: func(x cost) string { return x.DecidedBy }},
	}
	for i, col := range columns {
		switch col.Key {
		case "invoiced", "decided", "net", "vat", "other", "struck":
			columns[i].Extra = true
		case "eligible":
			columns[i].Cell = func(x cost) templ.Component { return costEligible(c, x) }
		case "accepted":
			columns[i].Cell = func(x cost) templ.Component { return costAccepted(c, x) }
		case "deducted":
			columns[i].Show = func(x cost) string { return amountOrNothing(c.Page, x.Deducted) }
		}
	}
	return columns
}

func (c costsPage) dayColumn(key string, head text.Key, of func(cost) period.Date) frame.Column[cost] {
	return frame.Column[cost]{Key: key, Head: c.T(head), Quiet: true, Text: func(x cost) string { return string(of(x)) },
		Show: func(x cost) string { return c.shortDay(of(x)) }, Order: frame.By(of)}
}

func (c costsPage) moneyColumn(key string, head text.Key, of func(cost) money.Amount, sum money.Amount) frame.Column[cost] {
	col := frame.Column[cost]{Key: key, Head: c.T(head), Num: true, Text: func(x cost) string { return of(x).String() },
		Show: func(x cost) string { return c.Money(of(x)) }, Order: frame.By(of)}
	if sum != 0 {
		col.Sum = c.Money(sum)
	}
	return col
}
