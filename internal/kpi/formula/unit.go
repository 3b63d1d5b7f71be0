package formula

import (
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/text"
)

// Unit is what a number counts or measures; "a/b" is so much of a for each b.
type Unit string

// Units that arithmetic makes.
const (
	Number    Unit = "number"
	Percent   Unit = "percent"
	Euro      Unit = "euro"
	Companies Unit = "companies"
	DaysUnit  Unit = "days"
	Records   Unit = "records" // rows of several kinds together
)

// Key names the unit in the catalogue; units made of two have no word of their own.
func (u Unit) Key() text.Key { return text.Key("kpi.unit." + string(u)) }

// counted is what a row of a kind counts as.
func counted(k evidence.Kind) Unit {
	switch k {
	case evidence.Held:
		return "activities"
	case evidence.Participation, evidence.Contact:
		return "contacts"
	case evidence.Service:
		return "services"
	case evidence.Strategy:
		return "strategies"
	case evidence.Knowledge:
		return "uses"
	case evidence.Referral:
		return "referrals"
	case evidence.Evaluation:
		return "answers"
	case evidence.Media:
		return "mentions"
	case evidence.Win:
		return "wins"
	case evidence.Entry:
		return "entries"
	case evidence.Investment:
		return "investments"
	case evidence.Retention:
		return "talks"
	}
	return Records
}

// quantified is what the quantity of a kind measures.
func quantified(k evidence.Kind) Unit {
	switch k {
	case evidence.Evaluation:
		return "points"
	case evidence.Investment, evidence.Retention:
		return "jobs"
	case evidence.Media:
		return "people"
	case evidence.Service:
		return "hours"
	}
	return Number
}

// Fits tells whether a KPI may name u as its unit when its formula gives this one: activities of retention are talks held or sites kept, and a
// number without unit may be anything that is counted.
func (u Unit) Fits(named string) bool {
	switch {
	case string(u) == named:
		return true
	case u == "talks":
		return named == "sites"
	case u == "euro/companies":
		return named == "euro_per_company"
	case u == "contacts/activities":
		return named == "contacts_per_activity"
	case u == "companies/activities":
		return named == "companies_per_activity"
	}
	return false
}

// common is the one unit of all kinds, false when they differ.
func common(kinds []evidence.Kind, of func(evidence.Kind) Unit) (Unit, bool) {
	u := of(kinds[0])
	for _, k := range kinds {
		if of(k) != u {
			return "", false
		}
	}
	return u, true
}

func contains(kinds []evidence.Kind, k evidence.Kind) bool {
	for _, o := range kinds {
		if o == k {
			return true
		}
	}
	return false
}
