package frame

import (
	"strings"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/text"
)

// ListPage is how many rows a page of the list has.
const ListPage = 50

// Option is one choice of a select.
type Option struct {
	Value, Label string
	Chosen       bool
}

// Choices offers words of a list, each by its name.
func Choices[T interface {
	~string
	Key() text.Key
}](p Page, all []T, chosen T) []Option {
	out := make([]Option, len(all))
	for n, x := range all {
		out[n] = Option{Value: string(x), Label: p.T(x.Key()), Chosen: x == chosen}
	}
	return out
}

// Percent shows basis points as whole per cents, cut off: 99.9 is not yet 100.
func (p Page) Percent(bp int64) string { return p.T("unit.percent", "n", int(bp/100)) }

// ValueOf is a cell's figure in the reader's language.
func (p Page) ValueOf(c *kpi.Cell) string { return kpi.Show(c.Value, c.KPI.Decimals, p.Language) }

// TargetOf is its target.
func (p Page) TargetOf(c *kpi.Cell) string { return kpi.Show(c.Target, c.KPI.Decimals, p.Language) }

// RowsLink is the evidence behind a cell's figure; partner "" is the programme.
func (p Page) RowsLink(d *kpi.Definition, partner string) string {
	return p.Link("/evidence", "kpi", d.Code, "partner", partner, "year", p.Year.String())
}

// KPILink is the page of a KPI, of a partner or ("") of the programme.
func (p Page) KPILink(d *kpi.Definition, partner string) string {
	return p.Link("/kpis/"+d.Code, "partner", partner)
}

// SectorWord names a sector; one that the catalogue does not know stands for itself.
func (p Page) SectorWord(code string) string {
	if key := text.Key("sector." + code); p.Language.Has(key) {
		return p.T(key)
	}
	return code
}

// NeedWord names a need.
func (p Page) NeedWord(code string) string { return p.T(text.Key("need." + code)) }

// Spoken lists languages in which activities are held, by their own names.
func Spoken() []struct{ Code, Name string } {
	return []struct{ Code, Name string }{{"nl", "Nederlands"}, {"en", "English"}, {"fr", "Français"}, {"de", "Deutsch"}, {"es", "Español"},
		{"pt", "Português"}, {"it", "Italiano"}, {"pl", "Polski"}, {"tr", "Türkçe"}, {"ar", "العربية"}, {"zh", "中文"}, {"ja", "日本語"}}
}

// SpokenIn names the language of an activity; one that Spoken lacks stands for itself.
func SpokenIn(code string) string {
	for _, l := range Spoken() {
		if l.Code == code {
			return l.Name
		}
	}
	return code
}

// Listed names codes in one line.
func Listed(codes []string, name func(string) string) string {
	out := make([]string, len(codes))
	for i, code := range codes {
		out[i] = name(code)
	}
	return strings.Join(out, ", ")
}

// Organisers names the lead, and how many others there are.
func Organisers(p Page, a activity.Activity) string {
	if others := len(a.Organisers) - 1; others > 0 {
		return p.T("calendar.organisers", "lead", a.Lead().Label, "n", others)
	}
	return a.Lead().Label
}

// Where is the place of an activity in words.
func (p Page) Where(a activity.Activity) string {
	switch {
	case a.Place == activity.Online || (a.City == "" && a.Country == ""):
		return p.T(a.Place.Key())
	case a.Country == "" || a.Country == "BE":
		return a.City
	case a.City == "":
		return p.Language.Country(a.Country)
	}
	return a.City + ", " + p.Language.Country(a.Country)
}
