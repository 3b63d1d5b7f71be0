package intake

import (
	"math/big"
	"strconv"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

func (r *reader) readAgreements() {
	r.agreements.usable = r.each(sheet{"agreements.csv", "partner* state* signed* starts* ends* version*"}, func(x *record) {
		a := &agreementRow{at: x.at}
		a.ID = id.New[id.Agreement]()
		code := x.code("partner")
		o, ok := r.organisations.find(x, "partner", code)
		if ok && o.Kind != programme.KindPartner {
			x.fault("partner", "intake.want.partner", nil)
		}
		a.partner = o
		a.State = agreement.State(x.oneOf("state", "signed", "active", "closed", "terminated"))
		a.Version = int(x.integer("version", 1, 1000, 1))
		a.Signed = x.date("signed")
		a.Starts = x.date("starts")
		a.Ends = x.dateFrom("ends", a.Starts, "starts")
		p := r.folder.programme
		if p.Starts != "" && a.Starts != "" && a.Starts < p.Starts {
			x.fault("starts", "intake.want.not_before", text.Args{"date": string(p.Starts), "column": "programme.toml starts"})
		}
		if p.Ends != "" && a.Ends > p.Ends {
			x.fault("ends", "intake.want.not_after", text.Args{"date": string(p.Ends), "column": "programme.toml ends"})
		}
		if a.Signed != "" && a.Ends != "" && a.Signed > a.Ends {
			x.fault("signed", "intake.want.not_after", text.Args{"date": string(a.Ends), "column": "ends"})
		}
		if r.agreements.put(x, "partner", code, a) && ok {
			r.folder.agreements = append(r.folder.agreements, a)
		}
	})
}

// agreement reads a cell that names a partner with an agreement.
func (r *reader) agreement(x *record) (*agreementRow, bool) {
	a, ok := r.agreements.find(x, "partner", x.code("partner"))
	return a, ok && a.partner != nil
}

// inAgreement reads a year in which an agreement runs.
func (r *reader) inAgreement(x *record, a *agreementRow) period.Year {
	y := x.year("year")
	if y == 0 || !r.inProgramme(x, "year", y) {
		return 0
	}
	if a != nil && a.Starts != "" && a.Ends != "" && (y < a.Starts.Year() || y > a.Ends.Year()) {
		x.fault("year", "intake.want.year_in", text.Args{"from": a.Starts.Year(), "to": a.Ends.Year()})
		return 0
	}
	return y
}

func yearKey(partner string, y period.Year) string { return partner + "/" + y.String() }

func (r *reader) readCeilings() {
	r.years.usable = r.each(sheet{"ceilings.csv", "partner* year* amount*"}, func(x *record) {
		a, ok := r.agreement(x)
		y := r.inAgreement(x, a)
		amount := x.positive("amount", true)
		if !ok || y == 0 {
			return
		}
		if _, voted := r.folder.envelopeAt[y]; !voted && !r.faultIn("programme.toml") {
			x.fault("year", "intake.want.envelope", nil)
		}
		of := &year{agreement: a, year: y, ceiling: amount, at: x.at}
		if r.years.put(x, "year", yearKey(a.partner.Code, y), of) {
			a.Ceilings = append(a.Ceilings, agreement.Ceiling{Year: y, Amount: amount})
			r.folder.years = append(r.folder.years, of)
		}
	})
}

// checkEnvelopes says that no year commits more than was voted. Source: domain section 10.
func (r *reader) checkEnvelopes() {
	for y, voted := range r.folder.envelopes {
		left := voted
		for _, of := range r.folder.years {
			if of.year == y {
				left -= of.ceiling
			}
		}
		if left < 0 {
			r.out.add(r.folder.envelopeAt[y], "amount", voted.String(), "intake.want.envelope_holds",
				text.Args{"year": y, "amount": (voted - left).String()})
		}
	}
}

func (r *reader) readObjectives() {
	r.objectives.usable = r.each(sheet{"objectives.csv", "partner* code* goal* text_nl* text_en* text_fr*"}, func(x *record) {
		a, ok := r.agreement(x)
		o := agreement.Objective{ID: id.New[id.Objective](), Code: x.code("code"), Position: len(r.folder.objectives),
			Words: trilingual(x, "text", "_", longestWords)}
		o.Goal, _ = r.goals.find(x, "goal", x.code("goal"))
		if !ok || o.Code == "" {
			return
		}
		o.Agreement = a.ID
		if r.objectives.put(x, "code", a.partner.Code+"/"+o.Code, o.ID) {
			r.folder.objectives = append(r.folder.objectives, o)
		}
	})
}

func (r *reader) readAssignments() {
	columns := "partner* objective* kpi* rule* baseline weight* floor_bp*"
	r.assignments.usable = r.each(sheet{"assignments.csv", columns}, func(x *record) {
		s := &assignment{id: id.New[id.Assignment](), at: x.at}
		a, ok := r.agreement(x)
		s.agreement = a
		if code := x.code("objective"); ok && code != "" {
			if o, there := r.objectives.by[a.partner.Code+"/"+code]; there {
				s.objective = o
			} else if r.objectives.usable {
				x.fault("objective", "intake.want.objective_of", text.Args{"partner": a.partner.Code})
			}
		}
		kpi, found := r.kpis.find(x, "kpi", x.code("kpi"))
		s.kpi = kpi
		s.rule, s.baseline = x.oneOf("rule", "level", "progress", "hold"), x.decimal("baseline")
		s.weight, s.floor = x.integer("weight", 0, 1_000_000, 0), x.integer("floor_bp", 0, 9999, 0)
		if s.rule == "level" && found && kpi.direction == "down" {
			x.fault("rule", "intake.want.rule_up", nil)
		}
		if s.rule != "level" && s.rule != "" && x.cell("baseline") == "" {
			x.fault("baseline", "intake.want.baseline", text.Args{"rule": s.rule})
		}
		if ok && found && r.assignments.put(x, "kpi", a.partner.Code+"/"+kpi.code, s) {
			r.folder.assignments = append(r.folder.assignments, s)
		}
	})
}

// assignment reads partner and kpi, which together name a KPI in an agreement.
func (r *reader) assignment(x *record) (*assignment, bool) {
	a, ok := r.agreement(x)
	kpi, found := r.kpis.find(x, "kpi", x.code("kpi"))
	if !ok || !found {
		return nil, false
	}
	s, there := r.assignments.by[a.partner.Code+"/"+kpi.code]
	if !there && r.assignments.usable {
		x.fault("kpi", "intake.want.assigned", text.Args{"partner": a.partner.Code})
	}
	return s, there
}

func (r *reader) readTargets() {
	once := newTable[bool]("targets.csv")
	r.each(sheet{"targets.csv", "partner* kpi* year* value* set_on reason"}, func(x *record) {
		s, ok := r.assignment(x)
		var of *agreementRow
		if ok {
			of = s.agreement
		}
		t := target{year: r.inAgreement(x, of), value: x.decimal("value"), setOn: x.date("set_on"), reason: x.words("reason", longestWords)}
		if !ok || t.year == 0 {
			return
		}
		if amended := x.cell("set_on") != ""; amended {
			if t.reason == "" {
				x.fault("reason", "intake.want.reason_amended", nil)
			}
			if of.Signed != "" && t.setOn != "" && t.setOn <= of.Signed {
				x.fault("set_on", "intake.want.after", text.Args{"date": string(of.Signed), "column": "signed"})
			}
			if !once.by[targetKey(s, t.year, of.Signed)] {
				x.fault("set_on", "intake.want.target_signed", nil)
			}
		} else {
			t.setOn = of.Signed
		}
		if v, valid := new(big.Rat).SetString(t.value); valid && s.rule == "level" && v.Sign() <= 0 {
			x.fault("value", "intake.want.level_above_zero", nil)
		}
		if once.put(x, "year", targetKey(s, t.year, t.setOn), true) {
			s.targets = append(s.targets, t)
		}
	})
}

func targetKey(s *assignment, y period.Year, on period.Date) string {
	return string(s.id) + "/" + y.String() + "/" + string(on)
}

func (r *reader) readWaivers() {
	once := newTable[bool]("waivers.csv")
	r.each(sheet{"waivers.csv", "partner* kpi* year* decision*"}, func(x *record) {
		s, ok := r.assignment(x)
		y := x.year("year")
		d, found := r.decisions.find(x, "decision", x.code("decision"))
		if found && d.Kind != "" && d.Kind != "waiver" {
			x.fault("decision", "intake.want.waiver", nil)
		}
		if !ok || y == 0 {
			return
		}
		due := false
		for _, t := range s.targets {
			due = due || t.year == y
		}
		if !due {
			x.fault("year", "intake.want.target_of", nil)
		}
		if once.put(x, "year", string(s.id)+"/"+strconv.Itoa(int(y)), true) && found {
			s.waivers = append(s.waivers, waiver{y, d})
		}
	})
}
