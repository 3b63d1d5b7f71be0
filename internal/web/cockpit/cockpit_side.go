package cockpit

import (
	"strconv"

	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// moneyBar is one bar of the money drawing: geometry in SVG units, as attributes.
type moneyBar struct {
	Label, Amount, Share string
	Y, TextY             string
	Width                string
	Class                string
}

// The drawing is 304 units wide; bars stand between the labels and the amounts.
const (
	moneyLeft, moneyWide = 84, 144
)

func (c cockpitPage) moneyBars() []moneyBar {
	full := max(c.Flow.Envelope, c.Flow.Committed, c.Flow.Claimed, c.Flow.Accepted, c.Flow.Paid, 1)
	rows := []struct {
		label  text.Key
		amount money.Amount
		class  string
	}{
		{"cockpit.committed", c.Flow.Committed, "c-bar"},
		{"cockpit.claimed", c.Flow.Claimed, "c-agency"},
		{"cockpit.accepted", c.Flow.Accepted, "c-agency"},
		{"cockpit.paid", c.Flow.Paid, "c-agency"},
	}
	bars := make([]moneyBar, len(rows))
	for i, r := range rows {
		y := 24 + 26*i
		bars[i] = moneyBar{Label: c.T(r.label), Amount: r.amount.ShowWhole(c.Language), Share: c.shareOf(r.amount), Class: r.class,
			Y: strconv.Itoa(y), TextY: strconv.Itoa(y + 9), Width: frame.Tenth(max(int64(r.amount), 0) * moneyWide * 10 / int64(full))}
	}
	return bars
}

// shareOf is an amount in per cent of the envelope.
func (c cockpitPage) shareOf(a money.Amount) string { return c.T("unit.percent", "n", int(c.share(a))) }

func (c cockpitPage) share(a money.Amount) int64 {
	if c.Flow.Envelope <= 0 {
		return 0
	}
	return int64(a) * 100 / int64(c.Flow.Envelope)
}

// moneyTick is where the time that has passed stands on the axis of the envelope.
func (c cockpitPage) moneyTick() string {
	full := int64(max(c.Flow.Envelope, c.Flow.Committed, 1))
	return frame.Tenth(moneyLeft*10 + c.Board.ElapsedBp*moneyWide/1000*int64(c.Flow.Envelope)/full)
}

func (c cockpitPage) moneyTitle() string {
	return c.T("cockpit.money_title", "year", c.Year, "amount", c.Flow.Envelope.ShowWhole(c.Language),
		"committed", c.shareOf(c.Flow.Committed), "claimed", c.shareOf(c.Flow.Claimed), "accepted", c.shareOf(c.Flow.Accepted),
		"paid", c.shareOf(c.Flow.Paid), "passed", c.passed())
}

// moneyNote compares what was claimed with the calendar, as shares of the envelope and of the year.
func (c cockpitPage) moneyNote() string {
	if behind := c.Board.ElapsedBp/100 - c.share(c.Flow.Claimed); behind > 0 {
		return c.T("cockpit.money_behind", "n", int(behind))
	}
	return c.T("cockpit.money_even")
}

func (c cockpitPage) moneyHeadKey() text.Key {
	if c.Agency() {
		return "cockpit.money_head"
	}
	return "cockpit.money_own_head"
}

// shortList is how many things that wait stand open; the others are one click away.
const shortList = 5

func (c cockpitPage) waitText(a report.Wait) string {
	switch a.Kind {
	case report.ClaimWaits:
		if a.Overdue {
			return c.T("cockpit.wait.claim_late", "partner", a.Partner, "claim", strconv.Itoa(a.Claim), "year", a.Year, "n", a.N)
		}
		return c.T("cockpit.wait.claim", "partner", a.Partner, "claim", strconv.Itoa(a.Claim), "year", a.Year, "n", a.N)
	case report.ObjectionWaits:
		return c.T("cockpit.wait.objection", "partner", a.Partner, "year", a.Year)
	case report.YearUnsettled:
		if a.Partner != "" {
			return c.T("cockpit.wait.unsettled_one", "partner", a.Partner, "year", a.Year)
		}
		return c.T("cockpit.wait.unsettled", "n", a.N, "year", a.Year)
	case report.EvidenceWaits:
		return c.T("cockpit.wait.evidence", "n", a.N)
	}
	if a.Overdue {
		return c.T("cockpit.wait.term_over", "partner", a.Partner, "year", a.Year)
	}
	return c.T("cockpit.wait.term", "partner", a.Partner, "year", a.Year)
}

// waitHref is where it is dealt with.
func (c cockpitPage) waitHref(a report.Wait) string {
	year := a.Year.String()
	switch a.Kind {
	case report.ClaimWaits:
		return c.Link("/costs", "year", year, "partner", a.Code)
	case report.EvidenceWaits:
		return c.Link("/evidence", "state", "reported")
	}
	if a.Code == "" {
		return c.Link("/settlements", "year", year)
	}
	return c.Link("/settlements/" + a.Code + "/" + year)
}

// waitMark is a triangle for what is late, a diamond for what is due soon.
func waitMark(a report.Wait) string {
	if a.Overdue {
		return "overdue"
	}
	return "due-soon"
}

func (c cockpitPage) waitWhen(a report.Wait) string {
	key := text.Key("cockpit.by")
	if a.Overdue {
		key = "cockpit.was_due"
	}
	day := c.ShortDay(a.By)
	if a.By.Year() != c.AsOf.Year() {
		day = c.Language.ShortDateYear(string(a.By))
	}
	return c.T(key, "date", day)
}

// termText names a term that ends, in the list of days ahead.
func (c cockpitPage) termText(a report.Wait) string {
	switch a.Kind {
	case report.ClaimWaits:
		return c.T("cockpit.next_claim", "partner", a.Partner, "claim", strconv.Itoa(a.Claim))
	case report.YearUnsettled:
		return c.T("cockpit.next_unsettled", "n", a.N, "year", a.Year)
	}
	return c.T("cockpit.next_term", "partner", a.Partner, "year", a.Year)
}

// nextWhen is a day or the days of an entry, short.
func (c cockpitPage) nextWhen(d report.NextDay) string {
	if d.Activity == nil || d.Activity.Starts == d.Activity.Ends {
		return c.ShortDay(d.On)
	}
	return d.Activity.When(c.Language)
}

func (c cockpitPage) nextUntil() period.Date { return c.AsOf.AddDays(30) }
