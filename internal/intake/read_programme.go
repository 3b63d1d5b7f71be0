package intake

import (
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

const (
	programmeShape = `code*:s name.nl*:s name.en*:s name.fr*:s starts*:d ends*:d currency*:s agency*:s invented*:b note.nl:s note.en:s note.fr:s`
	strategyShape  = `name.nl*:s name.en*:s name.fr*:s`
	goalShape      = `code*:s name.nl*:s name.en*:s name.fr*:s`
	ruleShape      = `from*:d rate_bp*:i performance_bp*:i advance_bp*:i objection_days*:i carry_over_bp*:i year_of*:s bank_cooling_days:i declared_bp:i alert_chance_bp:i alert_stake_bp:i report_grace_days:i plan_days:i`
	envelopeShape  = `year*:i amount*:s`
	decisionShape  = `code*:s kind*:s date*:d body*:s text*:s taken_by*:s`
	kpiShape       = `code*:s name.nl*:s name.en*:s name.fr*:s short.nl*:s short.en*:s short.fr*:s unit*:s kinds*:l activity_types:l
		joint_only:b aggregate*:s measure:s threshold:s joint:s direction:s decimals:i min_sample:i verified_only:b version:i cockpit:b`
)

func (r *reader) readProgramme() {
	const file = "programme.toml"
	data, there := r.data[file]
	if !there {
		return
	}
	tables, usable := readTOML(r.out, file, data)
	r.goals.usable, r.decisions.usable = usable, usable
	if !usable {
		return
	}
	strategy := false
	for _, t := range tables {
		switch t.Name {
		case "":
			r.programme(recordOf(t, r.out, file, programmeShape))
		case "strategy":
			strategy = true
			r.folder.programme.Strategy = trilingual(recordOf(t, r.out, file, strategyShape), "name", ".", longestWord)
		case "goal":
			r.goal(recordOf(t, r.out, file, goalShape))
		case "rule":
			r.rule(recordOf(t, r.out, file, ruleShape))
		case "category":
			r.category(recordOf(t, r.out, file, categoryShape))
		case "verification":
			r.verification(recordOf(t, r.out, file, verificationShape))
		case "envelope":
			r.envelope(recordOf(t, r.out, file, envelopeShape))
		case "decision":
			r.decision(recordOf(t, r.out, file, decisionShape))
		default:
			r.out.add(at{file, t.Line}, t.Name, t.Name, "intake.want.table",
				text.Args{"list": "strategy, goal, rule, category, verification, envelope, decision"})
		}
	}
	if !strategy {
		r.out.add(at{file: file}, "strategy", "", "intake.want.table_here", nil)
	}
	if p := r.folder.programme; p.Starts != "" {
		if _, found := r.folder.rules.InForce(p.Starts); !found {
			r.out.add(at{file: file}, "rule", "", "intake.want.rule_from_start", text.Args{"date": string(p.Starts)})
		}
	}
}

func (r *reader) programme(x *record) {
	p := &r.folder.programme
	p.ID = id.New[id.Programme]()
	p.Code, p.Name = x.code("code"), trilingual(x, "name", ".", longestWord)
	p.Note = trilingual(x, "note", ".", longestWords)
	p.Starts = x.date("starts")
	p.Ends = x.dateFrom("ends", p.Starts, "starts")
	if p.Starts != "" && p.Ends != "" && p.Ends.Year()-p.Starts.Year() >= 30 {
		x.fault("ends", "intake.want.short_programme", nil)
		p.Ends = ""
	}
	p.Currency, p.Invented = x.currency("currency"), x.flag("invented")
	o, ok := r.organisations.find(x, "agency", x.code("agency"))
	if ok && o.Kind != programme.KindAgency {
		x.fault("agency", "intake.want.agency", nil)
		o = nil // its people would all seem to have the wrong role
	}
	r.agency, r.folder.agency = o, o
}

func (r *reader) goal(x *record) {
	g := programme.Goal{ID: id.New[id.Goal](), Code: x.code("code"), Name: trilingual(x, "name", ".", longestWord),
		Position: len(r.folder.goals)}
	if r.goals.put(x, "code", g.Code, g.ID) {
		r.folder.goals = append(r.folder.goals, g)
	}
}

func (r *reader) rule(x *record) {
	rule := programme.Rule{From: x.date("from"), RateBp: x.bp("rate_bp", 10_000), PerformanceBp: x.bp("performance_bp", 10_000),
		AdvanceBp: x.bp("advance_bp", 10_000), ObjectionDays: int(x.integer("objection_days", 0, 365, 0)), CarryOverBp: x.bp("carry_over_bp", 10_000),
		CoolingDays: int(x.integer("bank_cooling_days", 0, 60, programme.UsualCoolingDays)), YearOf: programme.YearOf(x.oneOf("year_of", "delivered", "invoiced", "paid")),
		PlanDays: int(x.integer("plan_days", 0, 365, programme.UsualPlanDays)), DeclaredBp: x.bp("declared_bp", 10_000), Limits: programme.ReadLimits(func(field string, most int64) int64 { return x.integer(field, 1, most, 0) })}
	if rule.From == "" {
		return
	}
	if slices.ContainsFunc(r.folder.rules, func(x programme.Rule) bool { return x.From == rule.From }) {
		x.fault("from", "intake.want.once_here", nil)
		return
	}
	if rule.YearOf == programme.Paid {
		x.fault("year_of", "intake.want.year_of_known", nil)
	}
	r.folder.rules = append(r.folder.rules, rule)
	slices.SortFunc(r.folder.rules, func(a, b programme.Rule) int { return strings.Compare(string(a.From), string(b.From)) })
}

func (r *reader) envelope(x *record) {
	y := x.year("year")
	before := len(r.out.rows)
	amount := x.positive("amount", true)
	readable := len(r.out.rows) == before
	if y == 0 {
		return
	}
	if earlier, twice := r.folder.envelopeAt[y]; twice {
		x.fault("year", "intake.want.once", text.Args{"line": strconv.Itoa(earlier.line)})
		return
	}
	r.inProgramme(x, "year", y)
	r.folder.envelopeAt[y] = x.where("amount")
	if readable {
		r.folder.envelopes[y] = amount
	}
}

// inProgramme says that a year lies in the programme.
func (r *reader) inProgramme(x *record, column string, y period.Year) bool {
	p := r.folder.programme
	if y == 0 || p.Starts == "" || p.Ends == "" || y >= p.Starts.Year() && y <= p.Ends.Year() {
		return true
	}
	x.fault(column, "intake.want.year_in", text.Args{"from": p.Starts.Year(), "to": p.Ends.Year()})
	return false
}

func (r *reader) decision(x *record) {
	d := &decision{at: x.at}
	d.ID = id.New[id.Decision]()
	d.Code, d.Kind, d.Dated = x.code("code"), x.oneOf("kind", programme.DecisionKinds()...), x.date("date")
	d.Body, d.Words = x.name("body"), x.words("text", longestWords)
	d.takenBy = r.agent(x, "taken_by", r.agency, "approver", "signatory")
	if r.decisions.put(x, "code", d.Code, d) {
		r.folder.decisions = append(r.folder.decisions, d)
	}
}

func (r *reader) readKPIs() {
	const file = "kpis.toml"
	data, there := r.data[file]
	if !there {
		return
	}
	tables, usable := readTOML(r.out, file, data)
	r.kpis.usable = usable
	for _, t := range tables {
		switch {
		case t.Name == "kpi":
			r.kpi(recordOf(t, r.out, file, kpiShape))
		case t.Name == "":
			recordOf(t, r.out, file, "") // whatever stands outside a table is a fault
		default:
			r.out.add(at{file, t.Line}, t.Name, t.Name, "intake.want.table", text.Args{"list": "kpi"})
		}
	}
}

func (r *reader) kpi(x *record) {
	k := &kpiRow{id: id.New[id.KPI](), at: x.at}
	k.code, k.name, k.short = x.code("code"), trilingual(x, "name", ".", longestWord), trilingual(x, "short", ".", longestWord)
	k.unit = x.oneOf("unit", "companies", "contacts", "activities", "strategies", "entries", "talks", "percent", "euro", "jobs")
	k.kinds = x.wordsOf("kinds", texts(evidence.Kinds())...)
	k.types = x.wordsOf("activity_types", texts(activity.Types())...)
	k.aggregate = x.oneOf("aggregate", "count", "sum", "distinct", "mean", "ratio", "last")
	k.measure, k.threshold = x.oneOf("measure", "amount", "quantity"), x.decimal("threshold")
	k.joint, k.direction = orElse(x.oneOf("joint", "full", "share"), "full"), orElse(x.oneOf("direction", "up", "down"), "up")
	k.jointOnly, k.verifiedOnly, k.cockpit = x.flag("joint_only"), x.cell("verified_only") == "" || x.flag("verified_only"), x.flag("cockpit")
	k.decimals, k.minSample, k.version = x.integer("decimals", 0, 6, 0), x.integer("min_sample", 0, 1_000_000, 0), x.integer("version", 1, 1000, 1)
	checkKPI(x, k)
	if r.kpis.put(x, "code", k.code, k) {
		r.folder.kpis = append(r.folder.kpis, k)
	}
}

// checkKPI tests what an aggregate needs. Source: domain section 5.
func checkKPI(x *record, k *kpiRow) {
	switch k.aggregate {
	case "sum", "mean", "last":
		if k.measure == "" {
			x.fault("measure", "intake.want.measure", text.Args{"aggregate": k.aggregate})
		}
	case "ratio":
		if k.measure != "quantity" {
			x.fault("measure", "intake.want.measure_ratio", nil)
		}
		if k.threshold == "" {
			x.fault("threshold", "intake.want.threshold", nil)
		}
	case "count", "distinct":
		if k.measure != "" {
			x.fault("measure", "intake.want.no_measure", text.Args{"aggregate": k.aggregate})
		}
	}
	if k.aggregate != "" && k.aggregate != "ratio" && k.threshold != "" {
		x.fault("threshold", "intake.want.no_threshold", nil)
	}
	if k.joint == "share" && k.aggregate != "" && k.aggregate != "count" && k.aggregate != "sum" {
		x.fault("joint", "intake.want.share", nil)
	}
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// texts gives words as plain text.
func texts[T ~string](all []T) []string {
	plain := make([]string, len(all))
	for i, s := range all {
		plain[i] = string(s)
	}
	return plain
}
