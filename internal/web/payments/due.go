package payments

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/payment"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// duePage is what could be paid now, and the batches.
type duePage struct {
	frame.Page
	former
	Due      []payment.Payable
	Batches  []payment.Batch
	Partners map[id.Organisation]programme.Organisation
	Accounts map[id.Organisation]payment.Account // that count today
	Open     int                                 // lines at the desk
}

func (w pages) due(out http.ResponseWriter, r *http.Request) error {
	return w.showDue(out, r, http.StatusOK, duePage{})
}

func (w pages) showDue(out http.ResponseWriter, r *http.Request, status int, c duePage) error {
	p, err := w.Read(r, "payments", func(tx *db.Tx, p *frame.Page) error { return c.load(r, tx, p) })
	if err != nil {
		return err
	}
	p.Title, p.AsOf, p.Year = p.T("menu.payments"), "", 0
	p.Path = []frame.Crumb{{Label: p.Title}}
	notice(&p)
	c.Page = p
	return w.RenderStatus(out, r, status, dueTempl(c))
}

func (c *duePage) load(r *http.Request, tx *db.Tx, p *frame.Page) (err error) {
	ctx, g := r.Context(), p.Programme.ID
	if c.Due, err = payment.Payables(ctx, tx, p.Actor, g); err != nil {
		return err
	}
	if c.Batches, err = payment.Batches(ctx, tx, p.Actor, g); err != nil {
		return err
	}
	if c.Open, err = payment.CountOpen(ctx, tx, p.Actor, g); err != nil {
		return err
	}
	if c.Partners, err = partners(r, tx, g); err != nil {
		return err
	}
	c.Accounts = map[id.Organisation]payment.Account{}
	for _, d := range c.Due {
		a, err := payment.InEffect(ctx, tx, g, d.Partner, tx.Now.Date())
		if err != nil && !fault.Is(err, fault.KindConflict) {
			return err
		}
		c.Accounts[d.Partner] = a
	}
	return nil
}

func partners(r *http.Request, tx *db.Tx, g id.Programme) (map[id.Organisation]programme.Organisation, error) {
	all, err := programme.Partners(r.Context(), tx, g)
	byID := map[id.Organisation]programme.Organisation{}
	for _, o := range all {
		byID[o.ID] = o
	}
	return byID, err
}

// key names a payable and its amount in a form, so that one that has changed meanwhile is not paid unseen.
func key(d payment.Payable) string {
	return strings.Join([]string{string(d.Agreement), d.Year.String(), string(d.Kind), string(d.Claim), d.Amount.String()}, "|")
}

// prepare makes a batch of what was chosen.
func (w pages) prepare(out http.ResponseWriter, r *http.Request) error {
	number, on := 0, period.Date(r.PostFormValue("execute_on"))
	err := w.write(r, "payments", func(tx *db.Tx, p frame.Page) error {
		ctx := r.Context()
		all, err := payment.Payables(ctx, tx, p.Actor, p.Programme.ID)
		if err != nil {
			return err
		}
		byKey := map[string]payment.Payable{}
		for _, d := range all {
			byKey[key(d)] = d
		}
		var chosen []payment.Payable
		for _, k := range r.PostForm["pay"] {
			d, there := byKey[k]
			if !there {
				return fault.Conflict("payments.changed", nil)
			}
			chosen = append(chosen, d)
		}
		batch, err := payment.Prepare(ctx, tx, p.Actor, p.Programme, on, chosen)
		if err != nil {
			return err
		}
		b, err := payment.Load(ctx, tx, p.Actor, p.Programme.ID, batch)
		number = b.Number
		return err
	})
	if f, status, is := refused(r, err); is {
		return w.showDue(out, r, status, duePage{former: f})
	}
	if err != nil {
		return err
	}
	return back(out, r, batchPath(number), "prepared")
}

func batchPath(number int) string { return "/payments/batches/" + strconv.Itoa(number) }

func (c duePage) total() (sum money.Amount, partners int) {
	seen := map[id.Organisation]bool{}
	for _, d := range c.Due {
		sum += d.Amount
		seen[d.Partner] = true
	}
	return sum, len(seen)
}

func (c duePage) answer() string {
	sum, n := c.total()
	return c.T("payments.answer", "n", n, "amount", sum)
}

// chosen tells whether a payable is ticked: all that can be paid, until somebody chose.
func (c duePage) chosen(d payment.Payable) bool {
	return c.ready(d) && (c.Typed == nil || slices.Contains(c.Typed["pay"], key(d)))
}

// ready tells whether a payable can be paid: its partner has an account that counts.
func (c duePage) ready(d payment.Payable) bool { return c.Accounts[d.Partner].ID != "" }

func (c duePage) what(d payment.Payable) string { return what(c.Page, d.Kind, d.Number, d.Year) }

func what(p frame.Page, kind funding.PaymentKind, number int, year period.Year) string {
	return p.T(text.Key("payments.what_"+string(kind)), "number", strconv.Itoa(number), "year", year)
}

// href is where a payable comes from: the claim, or the year's money.
func (c duePage) href(d payment.Payable) string {
	return moneyOf(c.Page, c.Partners[d.Partner].Code, d.Kind, d.Number, d.Year)
}

func moneyOf(p frame.Page, code string, kind funding.PaymentKind, number int, year period.Year) string {
	if kind == funding.ClaimPayment && number > 0 {
		return p.Link("/claims/"+code+"/"+year.String()+"/"+strconv.Itoa(number), "year", "")
	}
	return p.Link("/settlements/"+code+"/"+year.String(), "year", "")
}

func (c duePage) day() string {
	if d := c.typed("execute_on"); d != "" {
		return d
	}
	return string(c.Today)
}

func total(c duePage) money.Amount {
	sum, _ := c.total()
	return sum
}
