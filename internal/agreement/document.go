package agreement

import (
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Side is one of the two that negotiate and sign.
type Side string

// The two sides.
const (
	OfAgency  Side = "agency"
	OfPartner Side = "partner"
)

// Other is the side across the table.
func (s Side) Other() Side {
	if s == OfAgency {
		return OfPartner
	}
	return OfAgency
}

// Key names the side in the catalogue.
func (s Side) Key() text.Key { return text.Key("agreement.side." + string(s)) }

// Document is the whole of an agreement, words and numbers, as both sides read, accept and sign it. It stands on its own: names are copied
// from the programme, and codes say which goal and KPI are meant. Goals, KPIs and clauses are told apart by their codes, which stay when
// they move. A Document that was normalised has one canonical form, and so one hash.
type Document struct {
	Form         int           `json:"form"`     // of the canonical form: DocumentForm
	Language     text.Language `json:"language"` // the one that binds
	Programme    string        `json:"programme"`
	Agency       Party         `json:"agency"`
	Partner      Party         `json:"partner"`
	Mandate      string        `json:"mandate"` // the decision by which the agency may promise this
	Starts       period.Date   `json:"starts"`
	Ends         period.Date   `json:"ends"`
	Clauses      []Clause      `json:"clauses"`
	Objectives   []Aim         `json:"objectives"`
	KPIs         []Promise     `json:"kpis"`
	Lines        []Line        `json:"lines"`
	Ceilings     []YearAmount  `json:"ceilings"`
	Terms        Terms         `json:"terms"`
	Signatories  []Signatory   `json:"signatories"` // in the order in which they sign
	Amends       int           `json:"amends"`      // the version in force that this one changes; 0 the first agreement
	EffectiveOn  period.Date   `json:"effective_on"`
	ReasonAmends string        `json:"reason_amends"` // why it is amended; "" in the first agreement
}

// DocumentForm is the number of the canonical form that this program writes.
const DocumentForm = 1

// Party is one of the two as the agreement names it.
type Party struct {
	Organisation id.Organisation `json:"organisation"`
	Name         string          `json:"name"`
	Division     string          `json:"division"` // through which a partner acts; "" itself
}

// Label is the name with the division.
func (p Party) Label() string {
	if p.Division == "" {
		return p.Name
	}
	return p.Name + ", " + p.Division
}

// Clause is a numbered text. Its number follows from its place, its code stays: level 1 opens an article, level 2 a paragraph of it.
// Text may hold fields such as {partner}, which Fill replaces by what the document says elsewhere, so that a number stands in one place.
type Clause struct {
	Code  string `json:"code"`
	Level int    `json:"level"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// Aim is an objective as the document states it. Goal is the code of the strategy's goal that it serves, GoalName what it was called.
type Aim struct {
	Code     string  `json:"code"`
	Goal     string  `json:"goal"`
	GoalName string  `json:"goal_name"`
	Words    Wording `json:"words"`
}

// Wording is a text in the language that binds, with translations where there are any.
type Wording struct {
	NL string `json:"nl"`
	EN string `json:"en"`
	FR string `json:"fr"`
}

// In is the text in a language; where that one is empty the first that is not.
func (w Wording) In(l text.Language) string { return programme.Words(w).In(l) }

// Promise is a KPI as the document assigns it to an objective.
type Promise struct {
	KPI       string       `json:"kpi"` // code; once in a document
	Name      string       `json:"name"`
	Version   int          `json:"version"` // of the KPI's definition
	Unit      string       `json:"unit"`
	Direction string       `json:"direction"` // up or down
	Decimals  int          `json:"decimals"`
	Objective string       `json:"objective"` // code
	Rule      string       `json:"rule"`      // level, progress or hold: domain section 5.4
	Baseline  Number       `json:"baseline"`  // "" not known
	Targets   []YearNumber `json:"targets"`   // by year; a year without one is not due
	Weight    int64        `json:"weight"`
	FloorBp   int64        `json:"floor_bp"` // attainment below which nothing is paid
	CapBp     int64        `json:"cap_bp"`   // most of its weight that is paid: 10000 all
}

// Target is the promise for a year; "" when none is due.
func (p Promise) Target(y period.Year) Number {
	for _, t := range p.Targets {
		if t.Year == y {
			return t.Value
		}
	}
	return ""
}

// YearNumber is a figure of a year.
type YearNumber struct {
	Year  period.Year `json:"year"`
	Value Number      `json:"value"`
}

// Line is an activity that the partner carries out a number of times a year, or a service that stands open all year.
type Line struct {
	Code     string `json:"code"`
	Standing bool   `json:"standing"` // a standing service: helpdesk, advice
	Title    string `json:"title"`
	Text     string `json:"text"`
	PerYear  int    `json:"per_year"` // how often; 0 for a standing service
}

// YearAmount is the agency's ceiling in a year.
type YearAmount struct {
	Year   period.Year  `json:"year"`
	Amount money.Amount `json:"amount"` // cents
}

// Terms are how money moves. The first three repeat the programme's rule at the time.
type Terms struct {
	RateBp        money.Bp `json:"rate_bp"`
	PerformanceBp money.Bp `json:"performance_bp"`
	AdvanceBp     money.Bp `json:"advance_bp"`
	ClaimsPerYear int      `json:"claims_per_year"`
	ClaimDays     int      `json:"claim_days"`  // after the period, to hand a claim in
	VerifyDays    int      `json:"verify_days"` // for the agency to verify it
	PayDays       int      `json:"pay_days"`    // for the agency to pay what it approved
}

// Signatory is a person who signs, for one side.
type Signatory struct {
	Side  Side   `json:"side"`
	Name  string `json:"name"`
	Title string `json:"title"`
	Email string `json:"email"` // of the person's account; "" when it is not known yet
}

// Years are the calendar years of the period, in order.
func (d *Document) Years() []period.Year {
	if !d.Starts.Valid() || !d.Ends.Valid() || d.Ends < d.Starts {
		return nil
	}
	return period.Span{From: d.Starts, To: d.Ends}.Years()
}

// Ceiling is that of a year; false when none is agreed.
func (d *Document) Ceiling(y period.Year) (money.Amount, bool) {
	for _, c := range d.Ceilings {
		if c.Year == y {
			return c.Amount, true
		}
	}
	return 0, false
}

// Total is the sum of the ceilings.
func (d *Document) Total() money.Amount {
	var sum money.Amount
	for _, c := range d.Ceilings {
		sum += c.Amount
	}
	return sum
}

// Weights is the sum of the weights.
func (d *Document) Weights() int64 {
	var sum int64
	for _, k := range d.KPIs {
		sum += k.Weight
	}
	return sum
}

// Objective finds an objective by its code.
func (d *Document) Objective(code string) (Aim, bool) {
	i := slices.IndexFunc(d.Objectives, func(a Aim) bool { return a.Code == code })
	if i < 0 {
		return Aim{}, false
	}
	return d.Objectives[i], true
}

// KPI finds a promise by the code of its KPI.
func (d *Document) KPI(code string) (Promise, bool) {
	i := slices.IndexFunc(d.KPIs, func(p Promise) bool { return p.KPI == code })
	if i < 0 {
		return Promise{}, false
	}
	return d.KPIs[i], true
}

// Numbers are the numbers of the clauses, in their order: "1", "1.1", "1.2", "2". A paragraph before any article counts under 0.
func Numbers(clauses []Clause) []string {
	all := make([]string, len(clauses))
	article, paragraph := 0, 0
	for i, c := range clauses {
		if c.Level <= 1 {
			article, paragraph = article+1, 0
			all[i] = strconv.Itoa(article)
			continue
		}
		paragraph++
		all[i] = strconv.Itoa(article) + "." + strconv.Itoa(paragraph)
	}
	return all
}

// Fields are what the document says for each field that a clause may name, by the field's name.
func (d *Document) Fields() map[string]string {
	l := d.Language
	all := map[string]string{
		"programme": d.Programme, "agency": d.Agency.Name, "partner": d.Partner.Label(), "mandate": d.Mandate,
		"from": d.Starts.Show(l), "to": d.Ends.Show(l), "total": d.Total().Euro(l),
		"rate": d.Terms.RateBp.Show(l), "performance": d.Terms.PerformanceBp.Show(l), "advance": d.Terms.AdvanceBp.Show(l),
		"claims": strconv.Itoa(d.Terms.ClaimsPerYear), "claim_days": strconv.Itoa(d.Terms.ClaimDays),
		"verify_days": strconv.Itoa(d.Terms.VerifyDays), "pay_days": strconv.Itoa(d.Terms.PayDays),
	}
	for _, c := range d.Ceilings {
		all["ceiling_"+c.Year.String()] = c.Amount.Euro(l)
	}
	return all
}

// Fill is a clause's text as a reader sees it. A field that nothing stands for stays as it is written.
func Fill(words string, fields map[string]string) string {
	var out strings.Builder
	for {
		open := strings.IndexByte(words, '{')
		if open < 0 {
			break
		}
		end := strings.IndexByte(words[open:], '}')
		if end < 0 {
			break
		}
		out.WriteString(words[:open])
		if value, known := fields[words[open+1:open+end]]; known {
			out.WriteString(value)
		} else {
			out.WriteString(words[open : open+end+1])
		}
		words = words[open+end+1:]
	}
	out.WriteString(words)
	return out.String()
}
