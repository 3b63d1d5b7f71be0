package main

// yearPlan is what one partner promised for one year and, since this is a story, how it will turn out.
type yearPlan struct {
	target     [kpis]int // in force at the end of the year; 0: no target
	actual     [kpis]int // verified, to be reached by the evidence; satisfaction in percent
	activities int       // led
	usage      int       // accepted cost, permille of twice the ceiling
}

// target is one row of targets.csv.
type target struct {
	partner     string
	kpi         int
	year, value int
	setOn       date
	reason      string
}

func goldenKey() key { return key{"flanders-bio", 2018} }

func (w *world) makePlans() {
	r := w.stream("plans")
	for _, p := range w.partners {
		for y := range years {
			k := key{p.code, firstYear + y}
			plan := &yearPlan{activities: (p.activities*[years]int{22, 94, 100, 84, 100}[y] + 50) / 100, usage: between(r, 820, 950)}
			for i := range kpis {
				plan.target[i] = targetOf(p, i, k.year)
			}
			if k.year == 2020 {
				plan.usage = between(r, 640, 860)
			}
			if u, ok := usages()[k]; ok {
				plan.usage = u
			}
			w.signTargets(p, k.year, plan)
			factor := [years]int{between(r, 86, 108), between(r, 87, 106), between(r, 86, 106), between(r, 74, 96), between(r, 88, 109)}[y]
			if f, ok := slow()[k]; ok {
				factor = f
			}
			for i := range kpis {
				plan.actual[i] = outcomeOf(i, k.year, plan.target[i], factor+between(r, -11, 10), between(r, 70, 94))
			}
			w.plans[k] = plan
		}
	}
	golden := w.plans[goldenKey()]
	golden.target = [kpis]int{180, 250, 4, 12, 10, 0, 0}
	golden.actual = [kpis]int{188, 210, 3, 12, 7, 0, 0}
	w.plans[key{"bicci", 2019}].actual[kpiSatisfaction] = 88
}

// usages are the years whose cost stands out: above the ceiling, or far below it.
func usages() map[key]int {
	return map[key]int{{"voka", 2018}: 1042, {"agoria", 2021}: 1036, {"bccc", 2019}: 1061,
		{"b-hive", 2019}: 420, {"euka", 2020}: 268, {"vkw-limburg", 2020}: 390}
}

// slow lists the partners that fell behind, with the percentage of their targets that they reach.
func slow() map[key]int {
	return map[key]int{{"b-hive", 2019}: 52, {"startups-be", 2019}: 58, {"vkw-limburg", 2019}: 76, {"vkw-limburg", 2018}: 82,
		{"voka", 2019}: 84, {"euka", 2018}: 81, {"startups-be", 2020}: 68, {"fccc", 2020}: 66, {"bccc", 2020}: 70}
}

func outcomeOf(kpi, year, target, percent, satisfied int) int {
	if target == 0 {
		return 0
	}
	if kpi == kpiSatisfaction {
		return satisfied
	}
	if year == 2020 && (kpi == kpiJoint || kpi == kpiEntries) {
		percent = percent * 55 / 100
	}
	return (target*percent + 50) / 100
}

func targetOf(p *partner, kpi, year int) int {
	y, base := year-firstYear, p.base[kpi]
	if base == 0 || kpi == kpiStrategies && year == 2019 && (p.code == "b-hive" || p.code == "euka") {
		return 0
	}
	if p.code == "vil" && y > 0 {
		return [kpiRetention][4]int{{130, 145, 160, 175}, {180, 210, 240, 260}, {3, 3, 3, 3}, {8, 10, 12, 12}, {6, 8, 9, 10}}[kpi][y-1]
	}
	if y == 0 && kpi > kpiJoint {
		return 0
	}
	switch kpi {
	case kpiSatisfaction:
		return base
	case kpiReach, kpiContacts:
		n := base * [years]int{24, 94, 100, 103, 107}[y]
		return max(5, (n+250)/500*5)
	}
	return max(1, (base*[years]int{18, 90, 100, 106, 115}[y]+50)/100)
}

// signTargets records the targets as signed, and the amendments of two partners in 2019.
func (w *world) signTargets(p *partner, year int, plan *yearPlan) {
	k := key{p.code, year}
	for i := range kpis {
		value := plan.target[i]
		if k == goldenKey() {
			value = [kpis]int{180, 250, 4, 12, 10, 0, 0}[i]
		}
		if value == 0 {
			continue
		}
		w.targets = append(w.targets, target{partner: p.code, kpi: i, year: year, value: value})
		change, reason := 0, ""
		switch {
		case k == key{"voka", 2019} && i == kpiReach:
			change, reason = -20, "Two regional houses merged; the export days of both are one now"
		case k == key{"voka", 2019} && i == kpiContacts:
			change, reason = -20, "Two regional houses merged; the export days of both are one now"
		case k == key{"dsp-valley", 2019} && i == kpiEntries:
			change, reason = 1, "Three more members start abroad after the call for growth companies"
		case k == key{"dsp-valley", 2019} && i == kpiStrategies:
			change, reason = 2, "Three more members start abroad after the call for growth companies"
		}
		if change != 0 {
			plan.target[i] = value + change
			w.targets = append(w.targets, target{p.code, i, year, value + change, day(2019, 6, 14), reason})
		}
	}
}
