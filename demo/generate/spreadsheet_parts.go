package main

import (
	"fmt"
	"strings"
)

// rules types in what the agreement says; it returns the cells that the reckoning needs, by name.
func (s *sheet) rules(tables map[string]*table) map[string]string {
	s.heads("1. Rules", "Rule|||Value")
	cells := map[string]string{}
	for _, line := range [][3]string{{"rate", "Agency's share of accepted cost, bp", "5000"}, {"performance", "Part of the half tied to KPIs, bp", "2000"},
		{"advance", "Advance, bp of the ceiling", "3000"}, {"ceiling", "Ceiling of 2018, euro", tables["ceilings.csv"].where("partner", s.name)[0]["amount"]},
		{"recoverable", "VAT that the partner recovers, bp", tables["organisations.csv"].where("code", s.name)[0]["vat_recoverable_bp"]}} {
		s.row++
		s.put("A", "", line[1])
		s.typed("D", line[2])
		cells[line[0]] = fmt.Sprintf("$D$%d", s.row)
	}
	return cells
}

// span is a column's cells from the first to the last row of a table.
type span struct{ from, to int }

func (r span) of(column string) string {
	return fmt.Sprintf("$%s$%d:$%s$%d", column, r.from, column, r.to)
}

// costs reckons the accepted cost of each item: currency, then VAT, then deduction, then other money.
func (s *sheet) costs(tables map[string]*table) span {
	s.heads("2. Cost items", "Item|Claim|Description|State|Currency|Rate|Net|VAT|Net, euro|VAT, euro|VAT borne|Deducted|Other money|Accepted|Returns")
	area := span{from: s.row + 1}
	for _, i := range tables["cost_items.csv"].where("partner", s.name) {
		s.row++
		rate := i["rate"]
		if rate == "" {
			rate = "1"
		}
		s.typedRow(map[string]string{"A": i["ref"], "B": i["claim"], "C": i["description"], "D": i["state"], "E": i["currency"], "F": rate, "G": i["net"],
			"H": zero(i["vat"]), "L": zero(i["deducted"]), "M": zero(i["other_money"]), "O": i["returns"]})
		r := s.row
		s.put("I", "money", fmt.Sprintf("=ROUND(G%d*F%d,2)", r, r))
		s.put("J", "money", fmt.Sprintf("=ROUND(H%d*F%d,2)", r, r))
		s.put("K", "money", fmt.Sprintf("=ROUND(J%d*(10000-$D$%d)/10000,2)", r, area.from-4))
		s.put("N", "money", fmt.Sprintf(`=IF(OR(D%d="accepted",D%d="deducted"),ROUND(MAX(0,I%d+K%d-L%d-M%d),2),0)`, r, r, r, r, r, r))
	}
	area.to = s.row
	return area
}

func zero(cell string) string {
	if cell == "" {
		return "0"
	}
	return cell
}

// claims takes the claims in their order; it returns the cell with the total paid.
func (s *sheet) claims(tables map[string]*table, rules map[string]string, costs span) string {
	s.heads("3. Claims and payments", "Claim|Accepted|Cost so far|Half so far|Cost part so far|Due|Open advance|From advance|Paid")
	first := s.row + 1
	for n := range tables["claims.csv"].where("partner", s.name) {
		s.row++
		r, before := s.row, s.row-1
		s.put("A", "input", n+1)
		s.put("B", "money", fmt.Sprintf("=ROUND(SUMIF(%s,A%d,%s),2)", costs.of("B"), r, costs.of("N")))
		s.put("D", "money", fmt.Sprintf("=MIN(%s,%s)", rules["ceiling"], floorCent(fmt.Sprintf("MAX(0,C%d)*%s/10000", r, rules["rate"]))))
		s.put("E", "money", "="+floorCent(fmt.Sprintf("D%d*(10000-%s)/10000", r, rules["performance"])))
		if r == first {
			s.put("C", "money", fmt.Sprintf("=B%d", r))
			s.put("F", "money", fmt.Sprintf("=E%d", r))
			s.put("G", "money", "="+floorCent(fmt.Sprintf("%s*%s/10000", rules["ceiling"], rules["advance"])))
		} else {
			s.put("C", "money", fmt.Sprintf("=ROUND(C%d+B%d,2)", before, r))
			s.put("F", "money", fmt.Sprintf("=ROUND(E%d-E%d,2)", r, before))
			s.put("G", "money", fmt.Sprintf("=ROUND(G%d-H%d,2)", before, before))
		}
		s.put("H", "money", fmt.Sprintf("=MIN(F%d,G%d)", r, r))
		s.put("I", "money", fmt.Sprintf("=ROUND(F%d-H%d,2)", r, r))
	}
	last := s.row
	return s.result("Advance and claims paid", "paid", fmt.Sprintf("ROUND(G%d+SUM(I%d:I%d),2)", first, first, last))
}

// evidence lists every row that concerns the partner, counted or not, with what it is worth.
func (s *sheet) evidence(tables map[string]*table) span {
	s.heads("4. Evidence", "Row|Kind|Company|State|Own weight|All weights|Amount|Answer|Counts|For reach|First time|Share|Joint")
	area := span{from: s.row + 1}
	organisers := map[string]string{}
	line := func(code, kind, company, state, credit, amount, answer string) {
		own, all := weightsOf(credit, s.name)
		if own == 0 {
			return
		}
		s.row++
		s.typedRow(map[string]string{"A": code, "B": kind, "C": company, "D": state, "G": zero(amount), "H": answer})
		s.put("E", "input", own)
		s.put("F", "input", all)
		r := s.row
		s.put("I", "", fmt.Sprintf(`=IF(D%d="verified",1,0)`, r))
		s.put("J", "", fmt.Sprintf(`=IF(AND(I%d=1,OR(B%d="participation",B%d="contact")),1,0)`, r, r, r))
		s.put("K", "", fmt.Sprintf(`=IF(J%d=1,IF(COUNTIFS(C$%d:C%d,C%d,J$%d:J%d,1)=1,1,0),0)`, r, area.from, r, r, area.from, r))
		s.put("L", "", fmt.Sprintf("=I%d*E%d/F%d", r, r, r))
		s.put("M", "", fmt.Sprintf(`=IF(AND(I%d=1,B%d="held",F%d>E%d),1,0)`, r, r, r, r))
	}
	for _, a := range tables["activities.csv"].where("kind", "") {
		organisers[a["code"]] = a["organisers"]
		line(a["code"], "held", "", a["state"], a["organisers"], "", "")
	}
	for _, p := range tables["participations.csv"].where("kind", "") {
		state := p["state"]
		if state == "attended" {
			if state = "reported"; p["verified"] != "" {
				state = "verified"
			}
		}
		line(p["activity"], "participation", p["company"], state, organisers[p["activity"]], "", "")
	}
	for _, kind := range []string{"contact", "win", "evaluation"} {
		for _, o := range tables["outcomes.csv"].where("kind", kind) {
			line(o["code"], kind, o["company"], o["state"], o["partners"], o["amount"], o["quantity"])
		}
	}
	area.to = s.row
	return area
}

func weightsOf(cell, partner string) (own, all int) {
	for _, c := range choices(cell) {
		all += c.weight
		if c.code == partner {
			own = c.weight
		}
	}
	return own, all
}

// kpis reckons attainment and payout per KPI; it returns the cell with the score.
func (s *sheet) kpis(tables map[string]*table, e span) string {
	s.heads("5. KPIs", "KPI|Rule|Baseline|Target signed|Target in force|Floor, bp|Weight|Waived|Actual|Sample|Least sample|Attained, bp|Payout, bp|Weight that counts")
	from := s.row + 1
	for _, a := range tables["assignments.csv"].where("partner", s.name) {
		s.row++
		r := s.row
		var signed, now string
		for _, x := range tables["targets.csv"].where("partner", s.name) {
			if x["kpi"] == a["kpi"] {
				if now = x["value"]; x["set_on"] == "" {
					signed = now
				}
			}
		}
		waived, least := "no", "0"
		for _, x := range tables["waivers.csv"].where("partner", s.name) {
			if x["kpi"] == a["kpi"] {
				waived = "yes"
			}
		}
		answers := fmt.Sprintf(`COUNTIFS(%s,"evaluation",%s,1)`, e.of("B"), e.of("I"))
		sample := fmt.Sprintf("SUM(%s)", e.of("I"))
		if a["kpi"] == "satisfaction" {
			sample, least = answers, "10"
		}
		s.typedRow(map[string]string{"A": a["kpi"], "B": a["rule"], "C": a["baseline"], "D": signed, "E": now, "F": a["floor_bp"], "G": a["weight"], "H": waived, "K": least})
		s.put("I", "", "="+map[string]string{"companies": fmt.Sprintf("SUM(%s)", e.of("K")), "contacts": fmt.Sprintf(`SUMIFS(%s,%s,"contact")`, e.of("L"), e.of("B")),
			"joint": fmt.Sprintf("SUM(%s)", e.of("M")), "sales": fmt.Sprintf("SUMPRODUCT(%s,%s)", e.of("L"), e.of("G")),
			"satisfaction": fmt.Sprintf(`100*COUNTIFS(%s,"evaluation",%s,1,%s,">=4")/MAX(1,%s)`, e.of("B"), e.of("I"), e.of("H"), answers)}[a["kpi"]])
		s.put("J", "", "="+sample)
		s.put("L", "", fmt.Sprintf(`=IF(B%d="progress",(I%d-C%d)/(E%d-C%d)*10000,IF(AND(B%d="hold",I%d>=E%d),10000,I%d/E%d*10000))`, r, r, r, r, r, r, r, r, r, r))
		s.put("M", "", fmt.Sprintf("=IF(J%d<K%d,0,MIN(10000,FLOOR(ROUND(MAX(0,(L%d-F%d)*10000/(10000-F%d)),6),1)))", r, r, r, r, r))
		s.put("N", "", fmt.Sprintf(`=IF(H%d="yes",0,G%d)`, r, r))
	}
	area := span{from, s.row}
	return s.result("Score, bp", "score_bp", fmt.Sprintf("IF(SUM(%s)=0,10000,FLOOR(ROUND(SUMPRODUCT(%s,%s)/SUM(%s),6),1))", area.of("N"), area.of("N"), area.of("M"), area.of("N")))
}

// settle is the settlement itself, step by step as on the statement.
func (s *sheet) settle(tables map[string]*table, rules map[string]string, costs span, paid, score string) {
	s.heads("6. Settlement", "Step|||Euro")
	claimed := s.result("Accepted in claims", "", fmt.Sprintf("ROUND(SUM(%s),2)", costs.of("N")))
	struck := []string{"0"}
	for _, c := range tables["corrections.csv"].where("partner", s.name) {
		s.row++
		s.put("A", "", "Correction after payment, item "+c["item"]+": "+c["reason"])
		s.typed("D", c["cost"])
		struck = append(struck, s.at("D"))
	}
	accepted := s.result("1. Accepted cost", "accepted", fmt.Sprintf("ROUND(%s-(%s),2)", claimed, strings.Join(struck, "+")))
	half := s.result("2. One half, not above the ceiling", "half", fmt.Sprintf("MIN(%s,%s)", rules["ceiling"], floorCent(fmt.Sprintf("MAX(0,%s)*%s/10000", accepted, rules["rate"]))))
	part := s.result("3. Cost part", "cost_part", floorCent(fmt.Sprintf("%s*(10000-%s)/10000", half, rules["performance"])))
	pool := s.result("Performance pool", "pool", fmt.Sprintf("ROUND(%s-%s,2)", half, part))
	earned := s.result("4. Performance part: pool times score", "performance", floorCent(fmt.Sprintf("%s*%s/10000", pool, score)))
	s.result("Not earned", "not_earned", fmt.Sprintf("ROUND(%s-%s,2)", pool, earned))
	final := s.result("5. Final contribution of the agency", "final", fmt.Sprintf("ROUND(%s+%s,2)", part, earned))
	s.result("Own part of the partner", "own", fmt.Sprintf("ROUND(%s-%s,2)", accepted, final))
	s.result("6. Balance: final less paid; above zero the agency owes it", "balance", fmt.Sprintf("ROUND(%s-%s,2)", final, paid))
}
