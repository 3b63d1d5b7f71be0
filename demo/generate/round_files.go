package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/demo/generate/next"
)

const roundFolder = "fit-2022-2026"

func (r *round) programmeFile() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("code = %q", roundFolder)
	line("name = %s", words{"Structurele partnerschappen 2022-2026", "Structural partnerships 2022-2026", "Partenariats structurels 2022-2026"}.toml())
	line("starts = %q\nends = %q\ncurrency = %q\nagency = %q\ninvented = true", "2022-01-01", "2026-12-31", "EUR", agency)
	line("note = %s", words{"Agoria, SIM-Flanders/Flam3D, De Blauwe Cluster en Voka waren partner in 2022-2026. De andere zeventien partners, en elk bedrag, elke doelstelling, elke activiteit en elk bedrijf zijn verzonnen.",
		"Agoria, SIM-Flanders/Flam3D, De Blauwe Cluster and Voka were partners in 2022-2026. The other seventeen partners, and every amount, target, activity and company, are made up.",
		"Agoria, SIM-Flanders/Flam3D, De Blauwe Cluster et Voka étaient partenaires en 2022-2026. Les dix-sept autres partenaires, et chaque montant, objectif, activité et entreprise, sont inventés."}.toml())
	b.WriteString(strategyAndGoals())
	line("\n[[rule]]\nfrom = %q\nrate_bp = %d\nperformance_bp = %d\nadvance_bp = %d\nobjection_days = 30\ncarry_over_bp = 1000\nyear_of = %q", "2022-01-01", rateBp, performanceBp, advanceBp, "delivered")
	total := 0
	for _, m := range r.members {
		total += m.ceiling
	}
	for y := range roundYears {
		line("\n[[envelope]]\nyear = %d\namount = %q", roundFirst+y, amount(int64((total+99)/100*100)*100_000))
	}
	line("\n[[decision]]\ncode = \"mandate-2022\"\nkind = \"mandate\"\ndate = \"2021-07-06\"\nbody = \"Board\"\ntext = \"Mandate to negotiate twenty-one agreements within the yearly envelopes.\"\ntaken_by = \"approver@fit.example\"")
	return b.String()
}

func (r *round) tables() []*table {
	return []*table{r.organisationTable(), r.peopleTable(), r.agreementTable(), r.ceilingTable(), r.objectiveTable(), r.assignmentTable(),
		r.targetTable(), r.companyTable(), r.activityTable(), r.participationTable(), r.outcomeTable(), r.claimTable(), r.itemTable(), r.paymentTable()}
}

func (r *round) organisationTable() *table {
	t := newTable("organisations.csv", "code,name,short,kind,group,vat_recoverable_bp")
	t.add(agency, "Flanders Investment & Trade", "Flanders Investment & Trade", "agency", "agency", "0")
	for _, m := range r.members {
		t.add(m.code, m.name, m.short, "partner", m.group, "10000")
	}
	t.add(next.Applicant, "Ruimtewerf"+fictitious, "Ruimtewerf", "partner", "clusters", "10000")
	return t
}

func (r *round) peopleTable() *table {
	t := newTable("people.csv", "email,name,role,organisation,language")
	for _, p := range [][3]string{{"industry@fit.example", "Officer industry", "officer"}, {"controller@fit.example", "Controller", "controller"},
		{"payer@fit.example", "Payer", "payer"}, {"payer.2@fit.example", "Second payer", "payer"}, {"approver@fit.example", "Approver", "approver"},
		{"signatory@fit.example", "Signatory", "signatory"}, {"assessor@fit.example", "Assessor", "assessor"},
		{"assessor.2@fit.example", "Second assessor", "assessor"}, {"assessor.3@fit.example", "Third assessor", "assessor"}} {
		t.add(p[0], p[1], p[2], agency, "nl")
	}
	for _, m := range r.members {
		for _, role := range [][2]string{{"coordinator", "Coordinator"}, {"finance", "Finance"}, {"signatory", "Signatory"}} {
			t.add(role[0]+"@"+m.code+".example", role[1]+" "+m.short, role[0], m.code, m.language)
		}
	}
	t.add("coordinator@"+next.Applicant+".example", "Coordinator Ruimtewerf", "coordinator", next.Applicant, "nl")
	return t
}

func (r *round) agreementTable() *table {
	t := newTable("agreements.csv", "partner,state,signed,starts,ends,version")
	for _, m := range r.members {
		t.add(m.code, "active", "2021-12-14", "2022-01-01", "2026-12-31", "1")
	}
	return t
}

func (r *round) ceilingTable() *table {
	t := newTable("ceilings.csv", "partner,year,amount")
	for _, m := range r.members {
		for y := range roundYears {
			t.add(m.code, strconv.Itoa(roundFirst+y), amount(int64(m.ceiling)*100_000))
		}
	}
	return t
}

func (r *round) objectiveTable() *table {
	t := newTable("objectives.csv", "partner,code,goal,text_nl,text_en,text_fr")
	for _, m := range r.members {
		for _, a := range aims()[:3] {
			t.add(m.code, a.code, a.goal, fmt.Sprintf(a.text.nl, m.public.nl), fmt.Sprintf(a.text.en, m.public.en), fmt.Sprintf(a.text.fr, m.public.fr))
		}
	}
	return t
}

// objectiveOf is the objective that a KPI measures.
func objectiveOf(kpi int) string {
	for _, a := range aims() {
		if slices.Contains(a.kpis, kpi) {
			return a.code
		}
	}
	return ""
}

func (r *round) assignmentTable() *table {
	t := newTable("assignments.csv", "partner,objective,kpi,rule,baseline,weight,floor_bp")
	for _, m := range r.members {
		for _, k := range roundKPIs() {
			t.add(m.code, objectiveOf(k.kpi), kpiCodes()[k.kpi], "level", strconv.Itoa(m.target(k.percent, roundFirst)*4/5), strconv.Itoa(k.weight), "5000")
		}
	}
	return t
}

func (r *round) targetTable() *table {
	t := newTable("targets.csv", "partner,kpi,year,value,set_on,reason")
	for _, m := range r.members {
		for _, k := range roundKPIs() {
			for y := range roundYears {
				t.add(m.code, kpiCodes()[k.kpi], strconv.Itoa(roundFirst+y), strconv.Itoa(m.target(k.percent, roundFirst+y)), "", "")
			}
		}
	}
	return t
}

// companyTable lists the companies that the round names, with what the register of the reference programme says of them.
func (r *round) companyTable() *table {
	named := map[*company]bool{}
	for _, a := range r.meets {
		for _, c := range a.guests {
			named[c] = true
		}
	}
	for _, o := range r.made {
		named[o.company] = true
	}
	t := newTable("companies.csv", "code,number,scheme,name,postcode,city,country,sector,size,size_source,size_year,nace,parent_country")
	for _, c := range r.companies {
		if named[c] {
			t.add(c.code, c.number, c.scheme, c.name, c.postcode, c.city, c.country, c.sector, c.size, "declared", "2017", c.nace, c.parent)
		}
	}
	return t
}

func (r *round) activityTable() *table {
	t := newTable("activities.csv", "code,title,type,state,starts,ends,place,city,country,url,language,organisers,markets,sectors,needs,places,reported,reported_by,verified,verified_by,reason")
	for _, a := range r.meets {
		lead, ends, city, country := a.organisers[0], a.starts, "Brussel", "BE"
		if a.kind == "mission" {
			ends, city, country = a.starts.AddDate(0, 0, 3), marketOf(a.market).cities[0], a.market
		}
		var by []credit
		for _, o := range a.organisers {
			by = append(by, credit{o.code, 1})
		}
		reported, reporter, verified, verifier := "", "", "", ""
		if a.held() {
			reported, reporter = iso(ends.AddDate(0, 0, 9)), "coordinator@"+lead.code+".example"
			verified, verifier = iso(ends.AddDate(0, 0, 24)), "industry@fit.example"
		}
		t.add(a.code, a.title, a.kind, a.state, iso(a.starts), iso(ends), "onsite", city, country, "https://"+lead.code+".example/"+a.code, lead.language,
			credits(by), a.market, a.sector, "contacts", "40", reported, reporter, verified, verifier, "")
	}
	return t
}

func (r *round) participationTable() *table {
	t := newTable("participations.csv", "activity,company,state,recorded,verified,verified_by")
	for _, a := range r.meets {
		ends := a.starts
		if a.kind == "mission" {
			ends = a.starts.AddDate(0, 0, 3)
		}
		for _, c := range a.guests {
			t.add(a.code, c.code, "attended", iso(ends.AddDate(0, 0, 9)), iso(ends.AddDate(0, 0, 24)), "industry@fit.example")
		}
	}
	return t
}

func (r *round) outcomeTable() *table {
	t := newTable("outcomes.csv", "code,kind,company,activity,partners,date,market,sector,need,amount,quantity,recorded,state,decided,decided_by,reason")
	for i, o := range r.made {
		need := "contacts"
		if o.kind == "strategy" {
			need = "strategy"
		}
		t.add(fmt.Sprintf("ro%05d", i+1), o.kind, o.company.code, "", o.by.code, iso(o.on), o.by.market, o.by.sector, need, "", "", iso(o.on.AddDate(0, 0, 6)),
			"verified", iso(o.on.AddDate(0, 0, 20)), "industry@fit.example", "")
	}
	return t
}

func (r *round) claimTable() *table {
	t := newTable("claims.csv", "partner,year,number,submitted,entered_by,verified,verified_by,approved,approved_by")
	for _, m := range r.members {
		for year := roundFirst; year < roundFirst+roundYears; year++ {
			verified, verifier, approved, approver := iso(roundVerified(year)), "controller@fit.example", iso(roundApproved(year)), "approver@fit.example"
			if year == roundDay().Year() {
				verified, verifier, approved, approver = "", "", "", ""
			}
			t.add(m.code, strconv.Itoa(year), "1", iso(roundSubmitted(year)), "finance@"+m.code+".example", verified, verifier, approved, approver)
		}
	}
	return t
}

func (r *round) itemTable() *table {
	t := newTable("cost_items.csv", "ref,partner,year,claim,activity,category,description,supplier,invoice,invoiced,delivered,currency,rate,rate_date,rate_source,net,vat,other_money,state,deducted,reason_code,reason,decided,decided_by,returns")
	for i, b := range r.bills {
		if b.net == 0 {
			continue
		}
		state, decided, by := "accepted", iso(roundDecided(b.year)), "controller@fit.example"
		if b.open {
			state, decided, by = "declared", "", ""
		}
		supplier := r.suppliers[i%len(r.suppliers)].number
		t.add(fmt.Sprintf("ri%04d", i+1), b.by.code, strconv.Itoa(b.year), "1", b.meeting.code, "external", "Programme and speakers, "+b.meeting.title, supplier,
			fmt.Sprintf("R%d-%04d", b.year, i+1), iso(b.delivered.AddDate(0, 0, 8)), iso(b.delivered), "", "", "", "", amount(b.net), "", "", state, "", "", "", decided, by, "")
	}
	return t
}

func (r *round) paymentTable() *table {
	t := newTable("payments.csv", "partner,year,kind,claim,amount,ordered,ordered_by,approved_by,executed")
	for _, p := range r.paid {
		t.add(p.partner, number(p.year), p.kind, number(p.claim), amount(p.amount), iso(p.ordered), "payer@fit.example", "payer.2@fit.example", iso(p.executed))
	}
	return t
}
