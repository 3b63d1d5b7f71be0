package flow

import (
	"strings"

	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/text"
)

// step is a line of the statement with what it is made of.
type step struct {
	What   string
	Amount money.Amount
	Note   string
	Parts  []line
	Due    bool
}

// line is a part of a step.
type line struct {
	Words  string
	Href   string
	Amount money.Amount
}

func (c page) word(what string) string { return c.T(wordKey(what)) }

func wordKey(what string) text.Key { return text.Key("flow.w_" + what) }

// lines are parts in words; what is nothing is left out.
func (c page) lines(parts ...part) (out []line) {
	for _, p := range some(parts...) {
		out = append(out, line{c.word(p.What), c.to(p.What), p.Amount})
	}
	return out
}

// steps is the flow as a statement: each step follows from those before it.
func (c page) steps() []step {
	f := c.F
	var claims []line
	for _, s := range f.Sources {
		words := c.name(s)
		if s.State != "" && c.one() {
			words += ", " + c.T(text.Key("state."+snake(s.State)))
		}
		claims = append(claims, line{words, c.source(s), s.Declared})
	}
	all := []step{
		{What: "ceiling", Amount: f.Ceiling, Parts: c.lines(part{"signed", f.Signed}, part{"carried", f.Carried}, part{"overrun", f.Overrun})},
		{What: "reserved", Amount: f.Committed + f.Consumed, Parts: c.lines(part{"consumed", f.Consumed}, part{"committed", f.Committed}, part{"released", f.Released})},
		{What: "declared", Amount: f.Declared, Parts: claims},
		{What: "accepted", Amount: f.Accepted, Parts: c.lines(part{"waiting", -f.Waiting}, part{"less", -f.Less}, part{"parked", -f.Parked},
			part{"deducted", -f.Deducted}, part{"struck", -f.Struck})},
		{What: "half", Amount: f.Half, Note: c.halfNote(), Parts: c.lines(part{"shared", f.Shared}, part{"above", f.Above})},
		{What: "cost_part", Amount: f.CostPart},
		{What: "pool", Amount: f.Pool, Parts: c.lines(part{"earned", f.Earned}, part{"not_earned", f.NotEarned}, part{"undecided", f.Undecided})},
		{What: "entitled", Amount: f.CostPart + f.Earned, Parts: c.lines(part{"netted", -f.Netted}, part{"paid", -f.Paid})},
	}
	if f.Pool == 0 {
		all = append(all[:6], all[7])
	}
	last := step{What: "due", Amount: f.Due, Due: true, Parts: c.lines(part{"ordered", f.Ordered}, part{"advance", f.Advance}, part{"open", f.Open})}
	if f.OwedBack != 0 {
		last.What, last.Amount = "owed_back", f.OwedBack
	}
	return append(all, last)
}

// halfNote says how the half was reckoned.
func (c page) halfNote() string {
	if c.F.Above > 0 {
		return c.T("flow.half_capped", "cost", c.F.Accepted, "above", c.F.Above)
	}
	return c.T("flow.half_of", "cost", c.F.Accepted, "left", c.F.Unused())
}

// pairs are the lines of the drawing's table.
func (s *sankey) pairs() []ribbon { return s.Ribbons }

// href is where the amount opens: to the rows of the smaller of its two ends.
func (r ribbon) href() string {
	if r.From.Href != "" && r.From.Amount < r.To.Amount {
		return r.From.Href
	}
	return r.To.Href
}

// stage is a column of the drawing as bars for a phone.
type stage struct {
	Label string
	Bars  []*node
}

func (s *sankey) stages() (out []stage) {
	for n, h := range s.Heads {
		one := stage{Label: h.Label}
		for _, bar := range s.Nodes {
			if bar.column == n {
				one.Bars = append(one.Bars, bar)
			}
		}
		out = append(out, one)
	}
	return out
}

func (c page) title() string {
	f := c.F
	return c.T("flow.title", "declared", f.Declared, "accepted", f.Accepted, "half", f.Half, "own", f.Own(), "spent", f.Netted+f.Paid, "due", f.Due)
}

func snake(state string) string { return strings.ReplaceAll(state, "-", "_") }

// heads are the columns of the table of partners.
func (c page) heads() []string {
	return []string{"ceiling", "declared", "accepted", "half", "cost_part", "spent", "due"}
}

func (c page) cells(f settlement.Flow) (out []string) {
	for _, a := range []money.Amount{f.Ceiling, f.Declared, f.Accepted, f.Half, f.CostPart, f.Netted + f.Paid, f.Due} {
		out = append(out, c.Money(a))
	}
	return out
}
