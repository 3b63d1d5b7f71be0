package plans

import (
	"net/url"
	"strconv"
	"strings"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/web/frame"
)

// detailsIn reads what a form says of an activity. What is no number or no amount is told at its field.
func detailsIn(form url.Values) (activity.Details, error) {
	typed := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	d := activity.Details{Title: form.Get("title"), Type: activity.Type(typed("type")), Starts: period.Date(typed("starts_on")),
		Ends: period.Date(typed("ends_on")), Place: activity.Place(typed("place")), City: typed("city"), Country: strings.ToUpper(typed("country")),
		URL: typed("url"), Language: typed("language"), Markets: strings.Fields(strings.ToUpper(form.Get("markets"))),
		Sectors: strings.Fields(strings.ToLower(form.Get("sectors"))), Needs: form["needs"], Audience: activity.Audience(typed("audience"))}
	d.Around, _ = period.ParseAround(typed("around")) // chosen from a list
	var noNumber, noAmount error
	if n := typed("places"); n != "" {
		var err error
		if d.Places, err = strconv.Atoi(n); err != nil {
			noNumber = fault.Invalid("places", "activity.want_places", nil)
		}
	}
	if p := typed("price"); p != "" {
		var err error
		if d.Price, err = money.Typed(p); err != nil {
			noAmount = fault.Invalid("price", "activity.want_price", nil)
		}
	}
	return d, fault.Join(noNumber, noAmount)
}

// formOf is what an activity says, as a form holds it.
func formOf(d activity.Details) url.Values {
	form := url.Values{"title": {d.Title}, "type": {string(d.Type)}, "starts_on": {string(d.Starts)}, "ends_on": {string(d.Ends)},
		"around": {string(d.Around)}, "place": {string(d.Place)}, "city": {d.City}, "country": {d.Country}, "url": {d.URL}, "language": {d.Language},
		"markets": {strings.Join(d.Markets, " ")}, "sectors": {strings.Join(d.Sectors, " ")}, "needs": d.Needs, "audience": {string(d.Audience)}}
	if d.Around != "" {
		form.Del("starts_on")
		form.Del("ends_on")
	}
	if d.Places > 0 {
		form.Set("places", strconv.Itoa(d.Places))
	}
	if d.Price > 0 {
		form.Set("price", d.Price.String())
	}
	return form
}

// all is what a field of the form that does a verb holds: as typed where it came back, else as the activity says.
func (c onePage) all(verb, name string) []string {
	if c.Verb == verb {
		return c.Typed[name]
	}
	return c.Said[name]
}

func (c onePage) said(verb, name string) string {
	if all := c.all(verb, name); len(all) > 0 {
		return all[0]
	}
	return ""
}

func (c onePage) typeOptions(verb string) []frame.Option {
	return frame.Choices(c.Page, activity.Types(), activity.Type(c.said(verb, "type")))
}

func (c onePage) placeOptions(verb string) []frame.Option {
	return frame.Choices(c.Page, activity.Places(), activity.Place(c.said(verb, "place")))
}

func (c onePage) audienceOptions(verb string) []frame.Option {
	return append([]frame.Option{{Label: c.T("activity.audience_any")}}, frame.Choices(c.Page, activity.Audiences(), activity.Audience(c.said(verb, "audience")))...)
}

// languageOptions are the languages that have a name here, and the one that the activity has besides.
func (c onePage) languageOptions(verb string) []frame.Option {
	chosen := c.said(verb, "language")
	out := []frame.Option{{Label: c.T("activity.language_any")}}
	known := chosen == ""
	for _, l := range frame.Spoken() {
		out = append(out, frame.Option{Value: l.Code, Label: l.Name, Chosen: l.Code == chosen})
		known = known || l.Code == chosen
	}
	if !known {
		out = append(out, frame.Option{Value: chosen, Label: chosen, Chosen: true})
	}
	return out
}

// aroundOptions are what can be said of the plan's year in place of days.
func (c onePage) aroundOptions(verb string) []frame.Option {
	chosen, year := period.Around(c.said(verb, "around")), c.P.Year.String()
	out := []frame.Option{{Label: c.T("plans.around_none")}}
	add := func(word string) {
		a := period.Around(year + word)
		out = append(out, frame.Option{Value: string(a), Label: a.In(c.Language), Chosen: a == chosen})
	}
	for _, word := range []string{"-spring", "-summer", "-autumn", "-winter", "-q1", "-q2", "-q3", "-q4", "-h1", "-h2"} {
		add(word)
	}
	for month := 1; month <= 12; month++ {
		add("-" + strconv.Itoa(month/10) + strconv.Itoa(month%10))
	}
	add("")
	return out
}
