package letter

import (
	"context"
	"strconv"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/pdf"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/term"
	"errera.eu/errera/internal/text"
)

// Decided tells whether a claim was approved or rejected: from then on there is a letter about it.
func Decided(c funding.Claim) bool { return c.ApprovedOn != "" || c.State == "rejected" }

// OfClaim is the reasoned letter about a claim; missing (letter.not_yet) before it is decided.
func OfClaim(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, c funding.Claim, items []funding.Item) (Letter, error) {
	if !Decided(c) {
		return Letter{}, fault.Missing("letter.not_yet", nil)
	}
	l := Letter{About: string(c.ID), On: c.ApprovedOn}
	if l.On == "" {
		l.On = c.VerifiedOn
	}
	if err := l.address(ctx, tx, g, c.Partner); err != nil {
		return l, err
	}
	until, err := objectBy(ctx, tx, by, g.ID, c)
	if err != nil {
		return l, err
	}
	l.ofClaim(c, items, until)
	return l, nil
}

// address says who writes to whom, in which language.
func (l *Letter) address(ctx context.Context, tx *db.Tx, g programme.Programme, partner id.Organisation) (err error) {
	if l.Language, err = report.LanguageOf(ctx, tx, partner); err != nil {
		return err
	}
	all, err := programme.Organisations(ctx, tx)
	for _, o := range all {
		switch o.ID {
		case partner:
			l.Partner = o.Name
		case g.Agency:
			l.Agency = o.Name
		}
	}
	l.Signed = l.say("letter.signed", text.Args{"agency": l.Agency})
	return err
}

// objectBy is the last day to object to a claim; "" when the term passed or nothing was refused.
func objectBy(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, c funding.Claim) (period.Date, error) {
	terms, err := term.Load(ctx, tx, by, g)
	for _, t := range terms {
		if t.Kind == term.Objection && t.Subject == string(c.ID) && t.Due >= tx.Now.Date() {
			return t.Due, err
		}
	}
	return "", err
}

func (l *Letter) ofClaim(c funding.Claim, items []funding.Item, until period.Date) {
	l.Heading = l.say("letter.heading", text.Args{"number": strconv.Itoa(c.Number), "year": c.Year})
	s := Add(items)
	args := text.Args{"declared": s.Declared, "accepted": s.Accepted, "due": c.Due, "on": l.On, "year": c.Year}
	switch {
	case c.State == "rejected":
		l.Opening = l.say("letter.rejected", args)
	case s.Accepted == s.Declared:
		l.Opening = l.say("letter.whole", args)
	default:
		l.Opening = l.say("letter.part", args)
	}
	refused, parked := told(items, funding.Deducted), told(items, funding.Parked, funding.Returned, funding.Lapsed)
	l.totals(c, s, parked)
	l.part("refused", "letter.refused_head", refused)
	l.part("parked", "letter.parked_head", parked)
	closing := l.say("letter.no_term", nil)
	if until != "" {
		closing = l.say("letter.object", text.Args{"on": until})
	}
	l.Closing = []string{closing}
}

// told are the items of some states.
func told(items []funding.Item, states ...funding.ItemState) (out []funding.Item) {
	for _, i := range items {
		for _, s := range states {
			if i.State == s {
				out = append(out, i)
			}
		}
	}
	return out
}

func (l *Letter) totals(c funding.Claim, s Sums, parked []funding.Item) {
	var waits money.Amount
	for _, i := range parked {
		waits += i.Claimed()
	}
	waits = max(s.Parked, waits)
	add := func(key text.Key, a money.Amount) {
		l.Totals = append(l.Totals, Total{Words: l.say(key, nil), Amount: a.Euro(l.Language)})
	}
	add("letter.declared", s.Declared)
	add("letter.deducted", -s.Deducted)
	add("letter.parked", -waits)
	if less := s.Declared - s.Deducted - waits - s.Accepted; less != 0 {
		add("letter.less", -less)
	}
	add("letter.accepted", s.Accepted)
	add("letter.due", c.Due)
}

// part tells of items that were not accepted whole, each with its reason.
func (l *Letter) part(name string, title text.Key, items []funding.Item) {
	if len(items) == 0 {
		return
	}
	p := Part{ID: name, Title: l.say(title, nil), Columns: []pdf.Column{{Head: l.say("costs.what", nil), Width: 5},
		{Head: l.say("letter.declared", nil), Width: 2, Right: true}, {Head: l.say("letter.not_accepted", nil), Width: 2, Right: true},
		{Head: l.say("costs.reason", nil), Width: 4}}}
	for _, i := range items {
		row := cells(i.Ref+", "+What(i, l.Language), i.Claimed().Show(l.Language), (i.Claimed() - i.Allowed()).Show(l.Language), Reason(i, l.Language))
		row[0].Hint = stateWord(i.State, l.Language)
		p.Rows = append(p.Rows, row)
	}
	l.Parts = append(l.Parts, p)
}

func stateWord(s funding.ItemState, l text.Language) string {
	return l.Say(text.Key("state."+strings.ReplaceAll(string(s), "-", "_")), nil)
}

// What names an item; a flat rate by its category and share.
func What(i funding.Item, l text.Language) string {
	if i.Kind == funding.Flat {
		return l.Say("claims.flat", text.Args{"category": text.Key("category." + i.Category), "share": i.FlatBp})
	}
	return i.Description
}

// Reason says why an item was deducted or parked.
func Reason(i funding.Item, l text.Language) string {
	words := ""
	if i.ReasonCode != "" {
		words = l.Say(text.Key("reason."+i.ReasonCode), nil)
	}
	if i.Reason != "" && words != "" {
		words += ": "
	}
	return words + i.Reason
}

// Sums are what the items of a claim add up to.
type Sums struct {
	Declared, Deducted, Parked, Todo, Accepted money.Amount
	Undecided                                  int
}

// Add adds items up.
func Add(items []funding.Item) (s Sums) {
	for n := range items {
		i := &items[n]
		s.Declared += i.Claimed()
		s.Accepted += i.Allowed()
		s.Deducted += i.Deducted
		switch {
		case i.State == funding.Parked:
			s.Parked += i.Claimed()
		case i.State == funding.Declared && i.Kind != funding.Flat:
			s.Todo += i.Claimed()
			s.Undecided++
		}
	}
	return s
}

// Plain is what a partner is told of a claim so far, as lines of text: the sums, and each item that was not accepted whole with its reason.
func Plain(c funding.Claim, items []funding.Item, partner string, l text.Language) string {
	s := Add(items)
	lines := []string{l.Say("claims.letter_head", text.Args{"partner": partner, "number": strconv.Itoa(c.Number), "year": c.Year}), "",
		l.Say("claims.letter_sum", text.Args{"declared": s.Declared, "accepted": s.Accepted, "deducted": s.Deducted, "parked": s.Parked, "due": c.Due})}
	for _, i := range told(items, funding.Deducted, funding.Parked) {
		lines = append(lines, l.Say("claims.letter_item", text.Args{"ref": i.Ref, "what": i.Description, "state": stateWord(i.State, l),
			"amount": i.Deducted, "reason": Reason(i, l)}))
	}
	return strings.Join(lines, "\n") + "\n"
}
