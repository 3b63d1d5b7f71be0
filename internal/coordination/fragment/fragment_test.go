package fragment

import (
	"fmt"
	"testing"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/coordination"
	"errera.eu/errera/internal/coordination/overlap"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
)

func row(company string, kind evidence.Kind, state evidence.State, who ...string) evidence.Row {
	r := evidence.Row{Root: id.Company(company), Kind: kind, State: state}
	for _, o := range who {
		r.Credits = append(r.Credits, evidence.Credit{Organisation: id.Organisation(o), Weight: 1})
	}
	return r
}

// TestAYearIsMeasured: organisers of one activity are one door, a hand-over counts for its company, rejected evidence and cancelled activities do not.
func TestAYearIsMeasured(t *testing.T) {
	by := func(codes ...string) (all []activity.Organiser) {
		for _, c := range codes {
			all = append(all, activity.Organiser{Organisation: id.Organisation(c), Weight: 1})
		}
		return all
	}
	activities := []activity.Activity{
		{ID: "1", State: activity.Held, Details: activity.Details{Markets: []string{"IN"}}, Organisers: by("voka")},
		{ID: "2", State: activity.Held, Details: activity.Details{Markets: []string{"IN", "CN"}}, Organisers: by("unizo", "voka")},
		{ID: "3", State: activity.Cancelled, Details: activity.Details{Markets: []string{"JP"}}, Organisers: by("vil")},
		{ID: "4", State: activity.Planned, Organisers: by("vil")},
	}
	pair := func(a, b int, kind overlap.Kind, bp int, state coordination.State) coordination.Overlap {
		return coordination.Overlap{Pair: overlap.Pair{Kind: kind, Bp: bp}, A: activities[a-1], B: activities[b-1], State: state}
	}
	s := Seen{Year: 2019, Activities: activities,
		Overlaps: []coordination.Overlap{pair(1, 2, overlap.Same, 10000, coordination.Open), pair(2, 3, overlap.Same, 9000, coordination.Joined),
			pair(1, 4, overlap.Similar, 9000, coordination.Open)},
		Rows: []evidence.Row{
			row("a", evidence.Participation, evidence.Verified, "voka"), row("a", evidence.Contact, evidence.Reported, "unizo"),
			row("b", evidence.Participation, evidence.Verified, "voka", "unizo"), row("b", evidence.Service, evidence.Verified, "unizo"),
			row("c", evidence.Service, evidence.Verified, "vil"), row("c", evidence.Service, evidence.Verified, "voka"), row("c", evidence.Referral, evidence.Verified, "vil"),
			row("d", evidence.Service, evidence.Rejected, "vil"), row("e", evidence.Referral, evidence.Verified, "vil"),
			row("f", evidence.Participation, evidence.Verified, "voka", "unizo"), row("f", evidence.Participation, evidence.Verified, "vil", "unizo"),
		}}
	want := "{Year:2019 Activities:3 InOverlap:2 Close:2 Decided:1 Joint:1 Companies:4 Doors:6 Apart:2 Unhanded:1 Markets:2 InMarkets:4}"
	if got := fmt.Sprintf("%+v", Measure(s)); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if got := fmt.Sprint(Companies(s.Rows)); got != "[{a [unizo voka] 2 false} {c [vil voka] 2 true} {b [unizo voka] 1 false} {f [unizo vil voka] 1 false}]" {
		t.Error(got)
	}
}
