// Package quality doubts evidence: it looks in a year's rows for what is worth a second look, and keeps what somebody answered. A finding accuses
// nobody. It is found anew each time from the rows, and an answer holds for the facts that it was given for: when they change, it is open again.
//
// It decides on no evidence (evidence does) and changes no figure.
package quality

import (
	"cmp"
	"slices"
	"strconv"

	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Rule is what a finding is found by.
type Rule string

// The rules.
const (
	Outlier Rule = "outlier"  // an activity or an amount far from what is usual for its kind
	Absent  Rule = "absent"   // many had registered, few were marked present
	Often   Rule = "often"    // the same company again and again at one partner
	LastDay Rule = "last-day" // things that are said to have happened on the last day of the year
)

// Rules lists all of them.
func Rules() []Rule { return []Rule{Outlier, Absent, Often, LastDay} }

// Key names the rule in the catalogue.
func (r Rule) Key() text.Key { return text.Key("quality.rule." + string(r)) }

// SaysKey is the sentence of a finding by the rule.
func (r Rule) SaysKey() text.Key { return text.Key("quality.says." + string(r)) }

// The bounds of the rules.
const (
	leastUsual  = 8      // values that tell what is usual
	far         = 35_000 // of the modified z-score 0.6745 x deviation / median deviation, in ten-thousandths: 3.5
	oftenRows   = 20     // rows of one company at one partner in a year
	leastAbsent = 10     // registrations of an activity
	presentPart = 4      // fewer than one in so many was marked present
	graceDays   = 14     // after an activity, to mark who was present
	lastDayRows = 3
)

// Finding is one thing that is worth a second look.
type Finding struct {
	Rule     Rule
	Subject  string // what it is about: the activity, the row, or partner and company
	Partners []id.Organisation
	Activity id.Activity // "" none
	Company  id.Company  // "" none
	Evidence id.Evidence // of a single row, "" none
	Kind     evidence.Kind
	N, Usual int64 // what was found, and what would be usual or was to be expected; amounts in cents
	Money    bool  // N and Usual are amounts
}

// Facts are what an answer is given for.
func (f *Finding) Facts() string {
	return strconv.FormatInt(f.N, 10) + "/" + strconv.FormatInt(f.Usual, 10)
}

// Gathering is an activity with who had registered and who was marked present.
type Gathering struct {
	Activity            id.Activity
	Organisers          []id.Organisation
	Ends                period.Date
	Registered, Present int
}

// Find looks through the rows of a year and its activities, as they stood on a day. The findings come by rule, the gravest first.
func Find(rows []evidence.Row, gatherings []Gathering, year period.Year, asOf period.Date) []Finding {
	counts := slices.DeleteFunc(slices.Clone(rows), func(r evidence.Row) bool { return r.State == evidence.Rejected || r.Year != year })
	var all []Finding
	all = append(all, outliers(counts)...)
	all = append(all, absent(gatherings, asOf)...)
	all = append(all, often(counts)...)
	all = append(all, lastDay(counts, year)...)
	return all
}

// outliers compares the attendance of activities of one type, and the amounts of one kind, with their median.
func outliers(rows []evidence.Row) []Finding {
	type group struct {
		kind evidence.Kind
		of   string
	}
	values := map[group][]Finding{}
	attendance := map[id.Activity]*Finding{}
	kinds := map[id.Activity]string{}
	for i := range rows {
		r := &rows[i]
		if r.Kind == evidence.Participation && r.Activity != "" {
			f := attendance[r.Activity]
			if f == nil {
				f = &Finding{Rule: Outlier, Subject: string(r.Activity), Activity: r.Activity, Kind: r.Kind, Partners: holders(r)}
				attendance[r.Activity], kinds[r.Activity] = f, r.ActivityType
			}
			f.N++
		}
		if r.Amount != nil {
			g := group{r.Kind, "amount"}
			values[g] = append(values[g], Finding{Rule: Outlier, Subject: string(r.ID), Evidence: r.ID, Kind: r.Kind, Partners: holders(r),
				Company: r.Root, N: int64(*r.Amount), Money: true})
		}
	}
	for a, f := range attendance {
		g := group{evidence.Participation, kinds[a]}
		values[g] = append(values[g], *f)
	}
	var all []Finding
	for _, of := range values {
		all = append(all, farOff(of)...)
	}
	slices.SortFunc(all, func(a, b Finding) int {
		return cmp.Or(-cmp.Compare(times(a), times(b)), cmp.Compare(a.Subject, b.Subject))
	})
	return all
}

// times is how many times the usual a finding is, for order alone.
func times(f Finding) int64 { return f.N * 100 / max(f.Usual, 1) }

// farOff are the values whose modified z-score, by the median of deviations from the median, is above 3.5 (Iglewicz and Hoaglin 1993).
func farOff(values []Finding) []Finding {
	if len(values) < leastUsual {
		return nil
	}
	numbers := make([]int64, len(values))
	for i, v := range values {
		numbers[i] = v.N
	}
	middle := median(numbers)
	for i, v := range values {
		numbers[i] = max(v.N-middle, middle-v.N)
	}
	spread := median(numbers)
	if spread == 0 {
		return nil
	}
	var all []Finding
	for _, v := range values {
		off := max(v.N-middle, middle-v.N)
		if off/spread > far/6745 && float64(off)*6745 > far*float64(spread) {
			v.Usual = middle
			all = append(all, v)
		}
	}
	return all
}

// median is the middle value, of an even number the lower of the two.
func median(values []int64) int64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)-1)/2]
}

func absent(gatherings []Gathering, asOf period.Date) []Finding {
	var all []Finding
	for _, g := range gatherings {
		if g.Ends.AddDays(graceDays) < asOf && g.Registered >= leastAbsent && g.Present*presentPart < g.Registered {
			all = append(all, Finding{Rule: Absent, Subject: string(g.Activity), Activity: g.Activity, Partners: g.Organisers, Kind: evidence.Participation,
				N: int64(g.Present), Usual: int64(g.Registered)})
		}
	}
	slices.SortFunc(all, func(a, b Finding) int {
		return cmp.Or(-cmp.Compare(a.Usual, b.Usual), cmp.Compare(a.Subject, b.Subject))
	})
	return all
}

func often(rows []evidence.Row) []Finding {
	type pair struct {
		partner id.Organisation
		company id.Company
	}
	n := map[pair]int64{}
	for i := range rows {
		if rows[i].Root == "" {
			continue
		}
		for _, c := range rows[i].Credits {
			n[pair{c.Organisation, rows[i].Root}]++
		}
	}
	var all []Finding
	for p, times := range n {
		if times >= oftenRows {
			all = append(all, Finding{Rule: Often, Subject: string(p.partner) + "/" + string(p.company), Company: p.company,
				Partners: []id.Organisation{p.partner}, N: times, Usual: oftenRows})
		}
	}
	slices.SortFunc(all, func(a, b Finding) int { return cmp.Or(-cmp.Compare(a.N, b.N), cmp.Compare(a.Subject, b.Subject)) })
	return all
}

// lastDay counts what each partner says of the last day of the year.
func lastDay(rows []evidence.Row, year period.Year) []Finding {
	n := map[id.Organisation]int64{}
	for i := range rows {
		if rows[i].Dated != year.Last() {
			continue
		}
		for _, c := range rows[i].Credits {
			n[c.Organisation]++
		}
	}
	var all []Finding
	for partner, rows := range n {
		if rows >= lastDayRows {
			all = append(all, Finding{Rule: LastDay, Subject: string(partner), Partners: []id.Organisation{partner}, N: rows})
		}
	}
	slices.SortFunc(all, func(a, b Finding) int { return cmp.Or(-cmp.Compare(a.N, b.N), cmp.Compare(a.Subject, b.Subject)) })
	return all
}

func holders(r *evidence.Row) []id.Organisation {
	all := make([]id.Organisation, len(r.Credits))
	for i, c := range r.Credits {
		all[i] = c.Organisation
	}
	return all
}
