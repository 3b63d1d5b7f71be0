package payments

import (
	"net/http"
	"slices"
	"strconv"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/payment"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// forecastPage is what the programme will pay, quarter by quarter: what is on its way, what was claimed, what may still come. A chosen figure
// shows the rows that it is the sum of.
type forecastPage struct {
	frame.Page
	*payment.Cash
	Quarter, Kind string // of the chosen figure; "" is all
	Chosen        []payment.CashRow
}

func (w pages) forecast(out http.ResponseWriter, r *http.Request) error {
	c := forecastPage{Quarter: r.URL.Query().Get("quarter"), Kind: r.URL.Query().Get("kind")}
	p, err := w.Read(r, "payments", func(tx *db.Tx, p *frame.Page) (err error) {
		c.Cash, err = payment.LoadCash(r.Context(), tx, p.Actor, p.Programme)
		return err
	})
	if err != nil {
		return err
	}
	if c.Kind != "" && !slices.Contains(cashKinds(), c.Kind) {
		return frame.BadFilter("kind", c.Kind)
	}
	for _, row := range c.Rows {
		if (c.Quarter == "" || c.Quarter == quarterOf(row.Year.String(), row.Quarter)) && (c.Kind == "" || c.Kind == row.Kind) {
			c.Chosen = append(c.Chosen, row)
		}
	}
	if frame.FileAsked(r) {
		return c.file(p).Send(out, r.URL.Query().Get("format"))
	}
	p.Title, p.AsOf, p.Year = p.T("payments.forecast"), "", 0
	p.Path = []frame.Crumb{{Label: p.T("menu.payments"), Href: p.Link("/payments")}, {Label: p.Title}}
	c.Page = p
	return w.Render(out, r, forecastTempl(c))
}

func quarterOf(year string, n int) string { return year + "-" + strconv.Itoa(n) }

func cashKinds() []string {
	return []string{payment.CashOrdered, payment.CashDue, payment.CashClaimed, payment.CashAdvances, payment.CashRest}
}

func cashKey(kind string) text.Key { return text.Key("payments.cash_" + kind) }

// of is a quarter's amount of a kind.
func of(q payment.CashQuarter, kind string) money.Amount {
	return map[string]money.Amount{payment.CashOrdered: q.Ordered, payment.CashDue: q.Due, payment.CashClaimed: q.Claimed,
		payment.CashAdvances: q.Advances, payment.CashRest: q.Rest}[kind]
}

func (c forecastPage) file(p frame.Page) frame.Sheet {
	s := frame.Sheet{Name: "forecast", Nums: frame.Numbers(6, 7), Head: []string{p.T("payments.quarter"), p.T("payments.cash_kind"), p.T("costs.partner"),
		p.T("frame.year"), p.T("costs.claim"), p.T("payments.cash_batch"), p.T("costs.amount")}}
	for _, r := range c.Chosen {
		s.Rows = append(s.Rows, []string{r.Year.String() + " Q" + strconv.Itoa(r.Quarter), p.T(cashKey(r.Kind)), r.Code, r.Of.String(),
			some(r.Number), some(r.Batch), r.Amount.String()})
	}
	return s
}

// some is a number, "" for none.
func some(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func (c forecastPage) name(q payment.CashQuarter) string {
	return c.T("payments.quarter_name", "n", strconv.Itoa(q.Quarter), "year", q.Year)
}

func (c forecastPage) answer() string {
	if c.Least == 0 && c.Most == 0 {
		return c.T("payments.cash_nothing")
	}
	return c.T("payments.cash_answer", "least", c.Least, "most", c.Most)
}

// rows is the address of the rows behind a figure; "" for a quarter or a kind is all of them.
func (c forecastPage) rows(quarter, kind string) string {
	return c.Link("/payments/forecast", "quarter", quarter, "kind", kind) + "#rows"
}

// opens is where a row comes from.
func (c forecastPage) opens(r payment.CashRow) string {
	switch year := r.Of.String(); {
	case r.Batch > 0:
		return c.Link("/payments/batches/"+strconv.Itoa(r.Batch), "year", "")
	case r.Number > 0:
		return c.Link("/claims/"+r.Code+"/"+year+"/"+strconv.Itoa(r.Number), "year", "")
	default:
		return c.Link("/flow/"+r.Code+"/"+year, "year", "")
	}
}

func (c forecastPage) what(r payment.CashRow) string {
	if r.Number > 0 {
		return c.T("claims.row", "partner", r.Name, "number", strconv.Itoa(r.Number), "year", r.Of)
	}
	return c.T("payments.cash_year", "partner", r.Name, "year", r.Of)
}

// heading says which rows are shown, and what they come to.
func (c forecastPage) heading() string {
	var sum money.Amount
	for _, r := range c.Chosen {
		sum += r.Amount
	}
	return c.T("payments.cash_rows", "n", len(c.Chosen), "amount", sum)
}

// cashBar is a quarter in the drawing: what is certain, likely and possible, from left to right.
type cashBar struct {
	Name, Href string
	Y          string
	TextY      string
	Certain    string
	LikelyX    string
	Likely     string
	MaybeX     string
	Maybe      string
	Most       string
	MostX      string
}

const cashWide = 7200 // tenths, for the greatest quarter

// bars draws the quarters to one scale.
func (c forecastPage) bars() (out []cashBar) {
	var most money.Amount
	for _, q := range c.Quarters {
		most = max(most, q.Most())
	}
	if most <= 0 {
		return nil
	}
	at := func(a money.Amount) int64 {
		n, err := money.MulDivFloor(int64(max(a, 0)), cashWide, int64(most))
		if err != nil {
			return 0
		}
		return n
	}
	for n, q := range c.Quarters {
		certain, likely := at(q.Ordered+q.Due), at(q.Claimed+q.Advances)
		maybe, left := at(q.Rest), int64(1300)
		y := int64(n) * 280
		out = append(out, cashBar{Name: c.name(q), Href: c.rows(quarterOf(q.Year.String(), q.Quarter), ""), Y: frame.Tenth(y + 60), TextY: frame.Tenth(y + 170),
			Certain: frame.Tenth(certain), LikelyX: frame.Tenth(left + certain), Likely: frame.Tenth(likely), MaybeX: frame.Tenth(left + certain + likely + 7),
			Maybe: frame.Tenth(max(maybe-14, 0)), Most: c.Money(q.Most()), MostX: frame.Tenth(left + certain + likely + maybe + 80)})
	}
	return out
}
