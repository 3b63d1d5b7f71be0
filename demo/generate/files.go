package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// table is one CSV file.
type table struct {
	name string
	rows [][]string
}

func newTable(name, header string) *table {
	return &table{name: name, rows: [][]string{strings.Split(header, ",")}}
}

func (t *table) add(cells ...string) {
	if len(cells) != len(t.rows[0]) {
		panic(fmt.Sprintf("%s: %d cells for %d columns", t.name, len(cells), len(t.rows[0])))
	}
	t.rows = append(t.rows, cells)
}

func (t *table) write(dir string) error {
	var b bytes.Buffer
	c := csv.NewWriter(&b)
	if err := c.WriteAll(t.rows); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, t.name), b.Bytes(), 0o644)
}

func (w *world) write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, text := range map[string]string{"programme.toml": w.programmeFile(), "kpis.toml": kpiFile()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	for _, t := range []*table{w.organisationTable(), w.peopleTable(), w.agreementTable(), w.ceilingTable(), w.objectiveTable(), w.assignmentTable(), w.targetTable(),
		w.waiverTable(), w.companyTable(), w.activityTable(), w.participationTable(), w.outcomeTable(), w.claimTable(), w.itemTable(), w.correctionTable(), w.paymentTable()} {
		if err := t.write(dir); err != nil {
			return err
		}
	}
	return nil
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// credits shows organisers with their weights; equal weights of one are left out.
func credits(list []credit) string {
	var out []string
	plain := true
	for _, c := range list {
		plain = plain && c.weight == 1
	}
	for _, c := range list {
		if plain {
			out = append(out, c.code)
		} else {
			out = append(out, fmt.Sprintf("%s:%d", c.code, c.weight))
		}
	}
	return strings.Join(out, " ")
}

func (w *world) companyTable() *table {
	t := newTable("companies.csv", "code,number,scheme,name,postcode,city,country,sector,size,size_source,size_year,nace,parent_country")
	for _, c := range w.companies {
		t.add(c.code, c.number, c.scheme, c.name, c.postcode, c.city, c.country, c.sector, c.size, "declared", "2017", c.nace, c.parent)
	}
	return t
}

func (w *world) activityTable() *table {
	t := newTable("activities.csv", "code,title,type,state,starts,ends,place,city,country,url,language,organisers,markets,sectors,needs,places,reported,reported_by,verified,verified_by,reason")
	for _, a := range w.activities {
		t.add(a.code, a.title, a.kind, a.state, iso(a.starts), iso(a.ends), a.place, a.city, a.country, "https://"+a.lead()+".example/agenda/"+a.code[len(a.lead())+1:], a.language,
			credits(a.organisers), strings.Join(a.markets, " "), strings.Join(a.sectors, " "), strings.Join(a.needs, " "), number(a.places),
			iso(a.reported), a.reportedBy, iso(a.verified), a.verifiedBy, a.reason)
	}
	return t
}

func (w *world) participationTable() *table {
	t := newTable("participations.csv", "activity,company,state,recorded,verified,verified_by")
	for _, a := range w.activities {
		for _, x := range a.attendees {
			by := ""
			if !x.verified.IsZero() {
				by = a.verifiedBy
			}
			t.add(a.code, x.company.code, x.state, iso(x.recorded), iso(x.verified), by)
		}
	}
	return t
}

func (w *world) outcomeTable() *table {
	t := newTable("outcomes.csv", "code,kind,company,activity,partners,date,market,sector,need,amount,adjusted,quantity,marks,recorded,state,decided,decided_by,reason")
	for _, o := range w.outcomes {
		company, activity := "", ""
		if o.company != nil {
			company = o.company.code
		}
		if o.activity != nil {
			activity = o.activity.code
		}
		t.add(o.code, o.kind, company, activity, credits(o.partners), iso(o.on), o.market, o.sector, o.need, optional(o.amount), optional(o.adjusted), number(o.quantity), o.marks, iso(o.recorded), o.state,
			iso(o.decided), o.decidedBy, o.reason)
	}
	return t
}

func (w *world) claimTable() *table {
	t := newTable("claims.csv", "partner,year,number,submitted,entered_by,verified,verified_by,approved,approved_by")
	for _, c := range w.claims {
		t.add(c.partner, number(c.year), number(c.number), iso(c.submitted), c.enteredBy, iso(c.verified), c.verifiedBy, iso(c.approved), c.approver)
	}
	return t
}

func (w *world) itemTable() *table {
	t := newTable("cost_items.csv", "ref,partner,year,claim,activity,category,description,supplier,invoice,invoiced,delivered,currency,rate,rate_date,rate_source,net,vat,other_money,state,deducted,reason_code,reason,decided,decided_by,returns")
	for _, i := range w.items {
		activity, rateDate, source := "", "", ""
		if i.activity != nil {
			activity = i.activity.code
		}
		if i.rate != 0 {
			rateDate, source = iso(i.delivered), "invented rate"
		}
		t.add(i.ref, i.partner, number(i.year), number(i.claim), activity, i.category, i.text, i.supplier, i.invoice, iso(i.invoiced), iso(i.delivered), i.currency, micro(i.rate),
			rateDate, source, amount(i.net), optional(i.vat), optional(i.other), i.state, optional(i.deducted), i.reasonCode, i.reason, iso(i.decided), i.decidedBy, i.returns)
	}
	return t
}

func (w *world) correctionTable() *table {
	t := newTable("corrections.csv", "partner,year,item,cost,reason,date,by")
	for _, c := range w.correct {
		t.add(c.item.partner, number(c.item.year), c.item.ref, amount(c.cost), c.reason, iso(c.on), c.by)
	}
	return t
}

func (w *world) paymentTable() *table {
	t := newTable("payments.csv", "partner,year,kind,claim,amount,ordered,ordered_by,approved_by,executed")
	for n, p := range w.payments {
		by, approver := "payer@fit.example", "payer.2@fit.example"
		if n%3 == 0 {
			by, approver = approver, by
		}
		if !p.byHuman {
			by, approver = "", ""
		}
		t.add(p.partner, number(p.year), p.kind, number(p.claim), amount(p.amount), iso(p.ordered), by, approver, iso(p.executed))
	}
	return t
}
