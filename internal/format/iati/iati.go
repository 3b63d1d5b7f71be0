// Package iati writes and reads the results of activities as IATI 2.03: indicators with their baseline, targets and actual values by period. It
// knows no programme and no KPI. What is absent stays absent: a period without an actual value has none, which is not 0, and no value is made up
// to fill a place.
package iati

import (
	"encoding/xml"
	"io"
)

// Document is a file of activities.
type Document struct {
	Generated  string // date and time, ISO 8601
	Activities []Activity
}

// Activity is one activity as far as its results are concerned.
type Activity struct {
	ID                 string // globally unique
	Reporter           Organisation
	Language, Currency string
	Title, Description []Text
	Participants       []Organisation
	Status             string // code list ActivityStatus
	Dates              []Date
	Country            string // ISO 3166, recipient
	Sector             string // OECD DAC 5 digits
	Indicators         []Indicator
}

// Organisation takes part in an activity.
type Organisation struct {
	Ref, Type, Role, Name string // code lists OrganisationType, OrganisationRole
}

// Text is words in a language.
type Text struct {
	Language string `xml:"xml:lang,attr,omitempty"`
	Words    string `xml:",chardata"`
}

// Date is a day of an activity's life, by the code list ActivityDateType.
type Date struct {
	Type string `xml:"type,attr"`
	Day  string `xml:"iso-date,attr"`
}

// Indicator is an indicator within a result of its own.
type Indicator struct {
	ResultType string // code list ResultType
	Code       string // in the publisher's own vocabulary
	URI        string // of its definition, "" none
	Title      []Text
	Percentage bool
	Ascending  bool
	Adds       bool // its values may be added up
	Baseline   *Baseline
	Periods    []Period
}

// Baseline is the value before.
type Baseline struct {
	Year  string `xml:"year,attr"`
	Value string `xml:"value,attr"`
}

// Period is a span of days with what was promised for it and what came of it.
type Period struct {
	Start, End string
	Targets    []Value
	Actuals    []Value // none: not reported
	Line       int     // where Read found it
}

// Value is a number with what tells it apart from others of the period.
type Value struct {
	Value      string
	Dimensions []Dimension
	Comment    string
}

// Dimension is a name with a value.
type Dimension struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

// Of is the value of a dimension, "" none.
func (v Value) Of(name string) string {
	for _, d := range v.Dimensions {
		if d.Name == name {
			return d.Value
		}
	}
	return ""
}

// The measures of the code list IndicatorMeasure, and the vocabulary that is the publisher's own.
const (
	measureUnit       = "1"
	measurePercentage = "2"
	ownVocabulary     = "99"
)

type narratives struct {
	Narratives []Text `xml:"narrative"`
}

type code struct {
	Code string `xml:"code,attr"`
}

type organisationXML struct {
	Ref  string `xml:"ref,attr,omitempty"`
	Type string `xml:"type,attr"`
	Role string `xml:"role,attr,omitempty"`
	narratives
}

type day struct {
	Day string `xml:"iso-date,attr"`
}

type valueXML struct {
	Value      string      `xml:"value,attr"`
	Dimensions []Dimension `xml:"dimension"`
	Comment    *narratives `xml:"comment"`
}

type periodXML struct {
	Start   day        `xml:"period-start"`
	End     day        `xml:"period-end"`
	Targets []valueXML `xml:"target"`
	Actuals []valueXML `xml:"actual"`
}

type referenceXML struct {
	Vocabulary string `xml:"vocabulary,attr"`
	Code       string `xml:"code,attr"`
	URI        string `xml:"indicator-uri,attr,omitempty"`
}

type indicatorXML struct {
	Measure   string       `xml:"measure,attr"`
	Ascending bool         `xml:"ascending,attr"`
	Adds      bool         `xml:"aggregation-status,attr"`
	Title     narratives   `xml:"title"`
	Reference referenceXML `xml:"reference"`
	Baseline  *Baseline    `xml:"baseline"`
	Periods   []periodXML  `xml:"period"`
}

type resultXML struct {
	Type      string       `xml:"type,attr"`
	Adds      bool         `xml:"aggregation-status,attr"`
	Title     narratives   `xml:"title"`
	Indicator indicatorXML `xml:"indicator"`
}

type sectorXML struct {
	Vocabulary string `xml:"vocabulary,attr"`
	Code       string `xml:"code,attr"`
}

type activityXML struct {
	Language     string            `xml:"xml:lang,attr"`
	Currency     string            `xml:"default-currency,attr"`
	ID           string            `xml:"iati-identifier"`
	Reporter     organisationXML   `xml:"reporting-org"`
	Title        narratives        `xml:"title"`
	Description  narratives        `xml:"description"`
	Participants []organisationXML `xml:"participating-org"`
	Status       code              `xml:"activity-status"`
	Dates        []Date            `xml:"activity-date"`
	Country      *code             `xml:"recipient-country"`
	Sector       *sectorXML        `xml:"sector"`
	Results      []resultXML       `xml:"result"`
}

type documentXML struct {
	XMLName    xml.Name      `xml:"iati-activities"`
	Version    string        `xml:"version,attr"`
	Generated  string        `xml:"generated-datetime,attr"`
	Activities []activityXML `xml:"iati-activity"`
}

// Write writes a document.
func Write(out io.Writer, d Document) error {
	x := documentXML{Version: "2.03", Generated: d.Generated}
	for i := range d.Activities {
		x.Activities = append(x.Activities, d.Activities[i].xml())
	}
	if _, err := io.WriteString(out, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(out)
	e.Indent("", "  ")
	if err := e.Encode(x); err != nil {
		return err
	}
	_, err := io.WriteString(out, "\n")
	return err
}

func (a *Activity) xml() activityXML {
	x := activityXML{Language: a.Language, Currency: a.Currency, ID: a.ID, Reporter: a.Reporter.xml(), Title: narratives{a.Title},
		Description: narratives{a.Description}, Status: code{a.Status}, Dates: a.Dates}
	for _, p := range a.Participants {
		x.Participants = append(x.Participants, p.xml())
	}
	if a.Country != "" {
		x.Country = &code{a.Country}
	}
	if a.Sector != "" {
		x.Sector = &sectorXML{"1", a.Sector}
	}
	for i := range a.Indicators {
		x.Results = append(x.Results, a.Indicators[i].xml())
	}
	return x
}

func (o Organisation) xml() organisationXML {
	return organisationXML{o.Ref, o.Type, o.Role, narratives{[]Text{{Words: o.Name}}}}
}

func (i *Indicator) xml() resultXML {
	x := indicatorXML{Measure: measureUnit, Ascending: i.Ascending, Adds: i.Adds, Title: narratives{i.Title},
		Reference: referenceXML{ownVocabulary, i.Code, i.URI}, Baseline: i.Baseline}
	if i.Percentage {
		x.Measure = measurePercentage
	}
	for _, p := range i.Periods {
		x.Periods = append(x.Periods, periodXML{Start: day{p.Start}, End: day{p.End}, Targets: values(p.Targets), Actuals: values(p.Actuals)})
	}
	return resultXML{Type: i.ResultType, Adds: i.Adds, Title: x.Title, Indicator: x}
}

func values(all []Value) []valueXML {
	var out []valueXML
	for _, v := range all {
		x := valueXML{Value: v.Value, Dimensions: v.Dimensions}
		if v.Comment != "" {
			x.Comment = &narratives{[]Text{{Words: v.Comment}}}
		}
		out = append(out, x)
	}
	return out
}
