package main

import (
	"fmt"
	"slices"
	"strconv"
)

func (w *world) organisationTable() *table {
	t := newTable("organisations.csv", "code,name,short,kind,group,vat_recoverable_bp")
	t.add(agency, "Flanders Investment & Trade", "Flanders Investment & Trade", "agency", "agency", "0")
	for _, p := range w.partners {
		t.add(p.code, p.name, p.short, "partner", p.group, strconv.Itoa(p.vat))
	}
	return t
}

func (w *world) peopleTable() *table {
	t := newTable("people.csv", "email,name,role,organisation,language")
	for _, p := range [][3]string{{"tech@fit.example", "Officer technology", "officer"}, {"life@fit.example", "Officer life sciences", "officer"},
		{"industry@fit.example", "Officer industry", "officer"}, {"asia@fit.example", "Officer Asia", "officer"},
		{"regions@fit.example", "Officer regions", "officer"}, {"calendar@fit.example", "Officer calendar", "officer"},
		{"controller@fit.example", "Controller", "controller"}, {"controller.2@fit.example", "Second controller", "controller"},
		{"payer@fit.example", "Payer", "payer"}, {"payer.2@fit.example", "Second payer", "payer"}, {"analyst@fit.example", "Analyst", "analyst"},
		{"administrator@fit.example", "Administrator", "administrator"}, {"approver@fit.example", "Approver", "approver"},
		{"signatory@fit.example", "Signatory", "signatory"}, {"assessor@fit.example", "Assessor", "assessor"}, {"auditor@court.example", "Auditor", "auditor"}} {
		t.add(p[0], p[1], p[2], agency, "nl")
	}
	for _, p := range w.partners {
		for _, role := range [][2]string{{"coordinator", "Coordinator"}, {"finance", "Finance"}, {"member", "Member"}} {
			t.add(role[0]+"@"+p.code+".example", role[1]+" "+p.short, role[0], p.code, p.language)
		}
	}
	contact := w.companies[0]
	t.add("contact@company.example", "Company contact", "company", contact.code, "nl")
	return t
}

func (w *world) agreementTable() *table {
	t := newTable("agreements.csv", "partner,state,signed,starts,ends,version")
	for _, p := range w.partners {
		version := "1"
		for _, x := range w.targets {
			if x.partner == p.code && !x.setOn.IsZero() {
				version = "2"
			}
		}
		t.add(p.code, "active", "2017-10-03", "2017-10-03", "2021-12-31", version)
	}
	return t
}

func (w *world) ceilingTable() *table {
	t := newTable("ceilings.csv", "partner,year,amount")
	for _, p := range w.partners {
		for y := range years {
			t.add(p.code, strconv.Itoa(firstYear+y), amount(int64(p.ceilings[y])*100_000))
		}
	}
	return t
}

// aim is one kind of objective: the goal it serves, its KPIs, and its words, with %s for the companies of the partner.
type aim struct {
	code, goal string
	kpis       []int
	text       words
}

func aims() []aim {
	return []aim{
		{"reach", "active-abroad", []int{kpiReach, kpiContacts}, words{"Meer %s zetten de stap naar het buitenland en leggen er zakelijke contacten",
			"More %s step abroad and make business contacts there", "Davantage d'actions pour que %s franchissent les frontières et nouent des contacts"}},
		{"together", "one-offer", []int{kpiJoint, kpiSatisfaction}, words{"Samen met andere partners activiteiten aanbieden aan %s, zonder dubbel werk",
			"Offer activities to %s together with other partners, without doing things twice", "Proposer avec d'autres partenaires des activités pour %s, sans double emploi"}},
		{"plans", "better-prepared", []int{kpiStrategies}, words{"Een onderbouwde exportstrategie voor %s", "A sound export strategy for %s", "Une stratégie d'exportation étayée pour %s"}},
		{"entries", "new-markets", []int{kpiEntries}, words{"Nieuwe markten openen voor %s", "Open new markets for %s", "Ouvrir de nouveaux marchés pour %s"}},
		{"anchor", "anchored", []int{kpiRetention}, words{"Buitenlandse vestigingen in Vlaanderen houden, in gesprek met %s",
			"Keep foreign-owned sites in Flanders, in talks with %s", "Ancrer en Flandre les sites étrangers, en dialogue avec %s"}},
	}
}

func (w *world) objectiveTable() *table {
	t := newTable("objectives.csv", "partner,code,goal,text_nl,text_en,text_fr")
	for _, p := range w.partners {
		for _, a := range aims() {
			if assigned(p, a.kpis) {
				t.add(p.code, a.code, a.goal, fmt.Sprintf(a.text.nl, p.public.nl), fmt.Sprintf(a.text.en, p.public.en), fmt.Sprintf(a.text.fr, p.public.fr))
			}
		}
	}
	return t
}

func assigned(p *partner, list []int) bool {
	return slices.ContainsFunc(list, func(i int) bool { return p.base[i] > 0 })
}

func (w *world) assignmentTable() *table {
	t := newTable("assignments.csv", "partner,objective,kpi,rule,baseline,weight,floor_bp")
	for _, p := range w.partners {
		for _, a := range aims() {
			for _, i := range a.kpis {
				if p.base[i] == 0 {
					continue
				}
				rule, baseline := "level", p.base[i]*3/4
				if i == kpiSatisfaction {
					rule, baseline = "progress", 40
					if p.vat == 10000 && p.code != "voka" {
						rule, baseline = "hold", 80
					}
				}
				t.add(p.code, a.code, kpiCodes()[i], rule, strconv.Itoa(baseline), strconv.Itoa(p.weights[i]), "5000")
			}
		}
	}
	return t
}

func (w *world) targetTable() *table {
	t := newTable("targets.csv", "partner,kpi,year,value,set_on,reason")
	for _, x := range w.targets {
		t.add(x.partner, kpiCodes()[x.kpi], strconv.Itoa(x.year), strconv.Itoa(x.value), iso(x.setOn), x.reason)
	}
	return t
}

// waiverTable takes what travel alone could bring out of the weights of 2020, and one chamber's entries out of 2019.
func (w *world) waiverTable() *table {
	t := newTable("waivers.csv", "partner,kpi,year,decision")
	for _, p := range w.partners {
		if p.code == "fccc" {
			t.add(p.code, kpiCodes()[kpiEntries], "2019", "fccc-entries-2019")
		}
		t.add(p.code, kpiCodes()[kpiJoint], "2020", "covid-2020")
		t.add(p.code, kpiCodes()[kpiEntries], "2020", "covid-2020")
	}
	return t
}
