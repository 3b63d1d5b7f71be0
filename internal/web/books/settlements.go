package books

import (
	"net/http"
	"strconv"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/web/frame"
)

// settlementsPage is the closing of every agreement-year that the reader may see.
type settlementsPage struct {
	frame.Page
	*report.Settlements
	ToPartners, ToAgency money.Amount
	Open, Waiting        int         // ended years without a settlement; settlements that are not final
	Until                period.Date // the day that tells which years have ended
}

func (w pages) settlements(out http.ResponseWriter, r *http.Request) error {
	var c settlementsPage
	p, err := w.Read(r, "settlements", func(tx *db.Tx, p *frame.Page) (err error) {
		c.Settlements, err = report.LoadSettlements(r.Context(), tx, p.Actor.ScopeFor("settlement.read"), p.Programme)
		return err
	})
	if err != nil {
		return err
	}
	p.Title = p.T("menu.settlements")
	p.Path = []frame.Crumb{{Label: p.Title}}
	c.ToPartners, c.ToAgency = c.Owed()
	if c.Until = p.AsOf; c.Until == p.Programme.Ends {
		c.Until = p.Today // the programme is over
	}
	c.Open = c.Settlements.Count("", c.Until)
	for _, s := range []settlement.State{settlement.Computed, settlement.Communicated, settlement.Objection} {
		c.Waiting += c.Settlements.Count(s, c.Until)
	}
	p.Year, p.AsOf = 0, "" // a settlement is what was decided, whatever the day
	c.Page = p
	if frame.FileAsked(r) {
		return frame.Sheet{Name: "settlements", Head: c.head(), Rows: c.csv(), Nums: frame.Numbers(4, 9)}.Send(out, r.URL.Query().Get("format"))
	}
	return w.Render(out, r, settlementsTempl(c))
}

// answer says who owes whom over all settlements in force.
func (c settlementsPage) answer() []string {
	var all []string
	switch {
	case c.ToPartners == 0 && c.ToAgency == 0 && c.Open == 0:
		all = append(all, c.T("settlements.even"))
	case c.ToPartners == 0 && c.ToAgency == 0:
	case c.Own() != "" && c.ToPartners > 0:
		all = append(all, c.T("settlements.owed_to_you", "amount", c.ToPartners))
	case c.Own() != "":
		all = append(all, c.T("settlements.owed_by_you", "amount", c.ToAgency))
	case c.ToAgency == 0:
		all = append(all, c.T("settlements.agency_owes", "amount", c.ToPartners))
	default:
		all = append(all, c.T("settlements.both_owe", "amount", c.ToPartners, "back", c.ToAgency))
	}
	if c.Open > 0 {
		all = append(all, c.T("settlements.open", "n", c.Open))
	}
	return all
}

func (c settlementsPage) link(partner string, year period.Year) string {
	return c.Link("/settlements/"+partner+"/"+year.String(), "year", "")
}

func (c settlementsPage) head() []string {
	return []string{c.T("costs.partner"), c.T("frame.year"), c.T("statement.version"), c.T("settlements.state"), c.T("statement.ceiling"),
		c.T("statement.accepted"), c.T("statement.score"), c.T("statement.final"), c.T("statement.balance"), c.T("statement.until")}
}

func (c settlementsPage) csv() [][]string {
	var rows [][]string
	for _, r := range c.Rows {
		for _, s := range r.Cells {
			if s == nil {
				continue
			}
			row := []string{r.Partner.Code, s.Year.String(), "", c.T("settlements.none"), s.Ceiling.String(), "", "", "", "", ""}
			if s.State != "" {
				row = []string{r.Partner.Code, s.Year.String(), strconv.Itoa(s.Version), frame.StateWord(c.Page, string(s.State)), s.Ceiling.String(),
					s.Accepted.String(), report.PercentText(int64(s.Score), 2, "en"), s.Final.String(), s.Balance.String(), string(s.Until)}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// yearSums are the balances of a column, towards partners less towards the agency.
func (c settlementsPage) yearSum(i int) (sum money.Amount, any bool) {
	for _, r := range c.Rows {
		if s := r.Cells[i]; s != nil && s.State != "" {
			sum += s.Balance
			any = true
		}
	}
	return sum, any
}

func (c settlementsPage) sumText(i int) string {
	if sum, any := c.yearSum(i); any {
		return c.Money(sum)
	}
	return ""
}
