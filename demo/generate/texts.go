package main

import (
	"fmt"
	"strings"
)

func (t words) toml() string { return fmt.Sprintf("{ nl = %q, en = %q, fr = %q }", t.nl, t.en, t.fr) }

func (w *world) programmeFile() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("code = %q", "fit-2017-2021")
	line("name = %s", words{"Structurele partnerschappen 2017-2021", "Structural partnerships 2017-2021", "Partenariats structurels 2017-2021"}.toml())
	line("starts = %q\nends = %q\ncurrency = %q\nagency = %q\ninvented = true", "2017-01-01", "2021-12-31", "EUR", agency)
	line("note = %s", words{"De namen van de 17 partners zijn die van 2017-2021. Elk bedrag, elke doelstelling, elke activiteit en elk bedrijf is verzonnen.",
		"The 17 partner names are those of 2017-2021. Every amount, target, activity and company is made up.",
		"Les noms des 17 partenaires sont ceux de 2017-2021. Chaque montant, objectif, activité et entreprise est inventé."}.toml())
	b.WriteString(strategyAndGoals())
	line("\n[[rule]]\nfrom = %q\nrate_bp = %d\nperformance_bp = %d\nadvance_bp = %d\nobjection_days = 30\ncarry_over_bp = 1000\nyear_of = %q", "2017-01-01", rateBp, performanceBp, advanceBp, "delivered")
	for y, e := range []int64{360, 2010, 2040, 2040, 2085} {
		line("\n[[envelope]]\nyear = %d\namount = %q", firstYear+y, amount(e*100_000))
	}
	for _, d := range [][4]string{
		{"mandate-2017", "mandate", "2017-07-04", "Mandate to negotiate seventeen agreements within the yearly envelopes."},
		{"fccc-entries-2019", "waiver", "2019-04-18", "The market entries of the Flemish-Chinese Chamber leave the weights of 2019: the programme for entries was taken over by the agency's own office."},
		{"covid-2020", "waiver", "2020-06-30", "Market entries and joint activities leave the weights of 2020: borders and halls were closed from mid March to the end of June."},
		{"covid-costs-2020", "cancelled-cost", "2020-06-30", "Cancellation fees of activities planned between 13 March and 30 June 2020 are eligible, when no refund was possible."}} {
		line("\n[[decision]]\ncode = %q\nkind = %q\ndate = %q\nbody = \"Board\"\ntext = %q\ntaken_by = \"approver@fit.example\"", d[0], d[1], d[2], d[3])
	}
	return b.String()
}

// strategyAndGoals is the part of programme.toml that both rounds share.
func strategyAndGoals() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("\n[strategy]\nname = %s", words{"Vlaanderen versnelt!", "Flanders Accelerates!", "La Flandre accélère !"}.toml())
	for _, g := range []struct {
		code string
		name words
	}{{"better-prepared", words{"Bedrijven vertrekken goed voorbereid", "Companies leave well prepared", "Les entreprises partent bien préparées"}},
		{"active-abroad", words{"Meer bedrijven actief in het buitenland", "More companies active abroad", "Davantage d'entreprises actives à l'étranger"}},
		{"new-markets", words{"Vlaamse bedrijven op nieuwe markten", "Flemish companies on new markets", "Les entreprises flamandes sur de nouveaux marchés"}},
		{"anchored", words{"Buitenlandse vestigingen blijven en groeien", "Foreign-owned sites stay and grow", "Les sites étrangers restent et grandissent"}},
		{"one-offer", words{"Eén samenhangend aanbod voor bedrijven", "One coherent offer to companies", "Une offre cohérente pour les entreprises"}}} {
		line("\n[[goal]]\ncode = %q\nname = %s", g.code, g.name.toml())
	}
	return b.String()
}

type kpiDef struct {
	name, short                   words
	unit, kinds, aggregate, joint string
	measure, threshold            string
	jointOnly                     bool
	minSample, decimals           int
}

func kpiDefs() [kpis]kpiDef {
	return [kpis]kpiDef{
		{name: words{"Bereikte bedrijven", "Companies reached", "Entreprises touchées"}, unit: "companies", kinds: `"participation", "contact", "service"`, aggregate: "distinct", joint: "full"},
		{name: words{"Zakelijke contacten", "Contacts made", "Contacts établis"}, unit: "contacts", kinds: `"contact"`, aggregate: "count", joint: "share"},
		{name: words{"Gezamenlijke activiteiten", "Joint activities", "Activités conjointes"}, short: words{"Samen georganiseerd", "Joint activities", "Activités conjointes"},
			unit: "activities", kinds: `"held"`, aggregate: "count", joint: "full", jointOnly: true},
		{name: words{"Opgemaakte strategieën", "Strategies made", "Stratégies établies"}, short: words{"Strategieën opgemaakt", "Strategies made", "Stratégies établies"},
			unit: "strategies", kinds: `"strategy"`, aggregate: "count", joint: "share"},
		{name: words{"Markttoetredingen", "Market entries", "Entrées sur un marché"}, short: words{"Nieuwe markten", "Market entries", "Marchés nouveaux"},
			unit: "entries", kinds: `"entry"`, aggregate: "count", joint: "share"},
		{name: words{"Verankeringsgesprekken", "Retention talks", "Entretiens d'ancrage"}, short: words{"Verankering, gesprekken", "Retention talks", "Entretiens d'ancrage"},
			unit: "talks", kinds: `"retention"`, aggregate: "count", joint: "full"},
		{name: words{"Tevreden deelnemers", "Satisfied participants", "Participants satisfaits"}, unit: "percent", kinds: `"evaluation"`, aggregate: "ratio", joint: "full",
			measure: "quantity", threshold: "4", minSample: 10, decimals: 1},
	}
}

func kpiFile() string {
	var b strings.Builder
	for i, d := range kpiDefs() {
		short := d.short
		if short.en == "" {
			short = d.name
		}
		fmt.Fprintf(&b, "[[kpi]]\ncode = %q\nname = %s\nshort = %s\nunit = %q\nkinds = [%s]\nactivity_types = []\njoint_only = %t\naggregate = %q\nmeasure = %q\nthreshold = %q\njoint = %q\n",
			kpiCodes()[i], d.name.toml(), short.toml(), d.unit, d.kinds, d.jointOnly, d.aggregate, d.measure, d.threshold, d.joint)
		fmt.Fprintf(&b, "direction = \"up\"\ndecimals = %d\nmin_sample = %d\nverified_only = true\nversion = 1\ncockpit = %t\n\n", d.decimals, d.minSample, i != kpiSatisfaction)
	}
	return b.String()
}
