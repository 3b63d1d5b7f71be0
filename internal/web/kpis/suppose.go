package kpis

import (
	"math/big"
	"net/http"
	"net/url"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// supposePage asks what would be paid if. It changes nothing; what was supposed stands in the address.
type supposePage struct {
	frame.Page
	V        *supposed // nil: no partner has a promise
	Partners []frame.Option
	Typed    url.Values
	Faults   map[string]*fault.Fault // by field
}

func (w pages) suppose(out http.ResponseWriter, r *http.Request) error {
	c := supposePage{Typed: r.URL.Query(), Faults: map[string]*fault.Fault{}}
	values, half := c.read()
	p, err := w.Read(r, "kpis", func(tx *db.Tx, p *frame.Page) error {
		b, err := w.Cache.Board(r.Context(), tx, p.Programme.ID, p.Year, p.AsOf, kpi.Paying)
		if err != nil {
			return err
		}
		scope, chosen := p.Actor.ScopeFor("settlement.read"), c.Typed.Get("partner")
		for _, x := range b.FurthestBehind() {
			if !scope.Holds(x.Organisation) || len(x.Agreed()) == 0 {
				continue
			}
			if chosen == "" {
				chosen = x.Code
			}
			c.Partners = append(c.Partners, frame.Option{Value: x.Code, Label: x.Short, Chosen: x.Code == chosen})
		}
		if chosen == "" {
			return nil
		}
		c.V, err = reckon(r.Context(), tx, p.Actor, p.Programme, b, chosen, values, half)
		return err
	})
	if err != nil {
		return err
	}
	p.Title = p.T("suppose.title")
	p.Path = []frame.Crumb{{Label: p.T("kpis.title"), Href: p.Link("/kpis")}, {Label: p.Title}}
	c.Page = p
	status := http.StatusOK
	if len(c.Faults) > 0 {
		status = serve.Status(fault.KindInvalid)
	}
	return w.RenderStatus(out, r, status, supposeTempl(c))
}

// read takes the supposed figures from the address; what cannot be read is told at its field and leaves the figure as it stands.
func (c supposePage) read() (map[string]*big.Rat, *money.Amount) {
	values := map[string]*big.Rat{}
	for name, all := range c.Typed {
		code, is := strings.CutPrefix(name, "if.")
		typed := strings.TrimSpace(all[0])
		if !is || typed == "" {
			continue
		}
		v, ok := plainNumber(typed)
		if !ok {
			c.Faults[name] = fault.Of(fault.Invalid(name, "suppose.number", text.Args{"found": typed}))
			continue
		}
		values[code] = v
	}
	typed := strings.TrimSpace(c.Typed.Get("half"))
	if typed == "" {
		return values, nil
	}
	half, err := money.Typed(typed)
	if err != nil || half < 0 {
		c.Faults["half"] = fault.Of(fault.Invalid("half", "suppose.amount", text.Args{"found": typed}))
		return values, nil
	}
	return values, &half
}

// plainNumber reads digits with at most one comma or point; nothing that could run away.
func plainNumber(s string) (*big.Rat, bool) {
	s = strings.Replace(s, ",", ".", 1)
	if money.Unsure(s) || len(s) > 18 || strings.Trim(s, "0123456789.") != "" || strings.Count(s, ".") > 1 || strings.Trim(s, ".") == "" {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

func (c supposePage) answer() string {
	if c.V == nil {
		return c.T("cockpit.nothing_due", "year", c.Year)
	}
	args := []any{"partner", c.V.Partner.Short, "amount", c.V.Final.Euro(c.Language), "year", c.Year, "difference", max(c.V.Final-c.V.NowPaid, c.V.NowPaid-c.V.Final).Euro(c.Language)}
	switch {
	case c.V.Final > c.V.NowPaid:
		return c.T("suppose.more", args...)
	case c.V.Final < c.V.NowPaid:
		return c.T("suppose.less", args...)
	}
	return c.T("suppose.same", args...)
}

// supposedRow is a promise with what stands and what is supposed.
type supposedRow struct {
	Now, If *kpi.Cell
	Field   string
	Typed   string
	Fault   *fault.Fault
}

func (c supposePage) rows() []supposedRow {
	var all []supposedRow
	for i := range c.V.Now {
		field := "if." + c.V.Now[i].KPI.Code
		all = append(all, supposedRow{&c.V.Now[i], &c.V.If[i], field, c.Typed.Get(field), c.Faults[field]})
	}
	return all
}

// now is what stands in the cell: its figure or the word in its place.
func (c supposePage) now(x *kpi.Cell) string {
	if x.Status != kpi.Valued {
		return x.Short(c.Language)
	}
	return c.ValueOf(x)
}

// supposedField tells whether an argument of the address is a figure that somebody supposed.
func supposedField(name string) bool { return strings.HasPrefix(name, "if.") }

// bp is a score with its two decimals.
func (c supposePage) bp(n int64) string {
	return c.T("unit.percent", "n", kpi.Show(big.NewRat(n, 100), 2, c.Language))
}

// halfNotes are the notes at the field of the half: its hint, and what was wrong with what was typed.
func (c supposePage) halfNotes() string {
	if c.Faults["half"] != nil {
		return "fault-half half-hint"
	}
	return "half-hint"
}
