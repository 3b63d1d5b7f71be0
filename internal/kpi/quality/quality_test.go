package quality

import (
	"fmt"
	"testing"

	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

func row(n int, kind evidence.Kind, on period.Date, activity, company string) evidence.Row {
	return evidence.Row{ID: id.Evidence(fmt.Sprintf("e%04d", n)), Kind: kind, Year: on.Year(), Dated: on, Activity: id.Activity(activity), ActivityType: "seminar",
		Root: id.Company(company), Credits: []evidence.Credit{{Organisation: "p", Weight: 1}}, Weights: 1, State: evidence.Reported}
}

func found(t *testing.T, all []Finding, rule Rule, subject string) *Finding {
	t.Helper()
	for i := range all {
		if all[i].Rule == rule && all[i].Subject == subject {
			return &all[i]
		}
	}
	return nil
}

func TestOutliersByMedianDeviation(t *testing.T) {
	var rows []evidence.Row
	for a, n := range []int{10, 11, 12, 9, 10, 13, 12, 11, 60} {
		for c := range n {
			rows = append(rows, row(len(rows), evidence.Participation, "2018-03-01", fmt.Sprint("a", a), fmt.Sprint("c", c)))
		}
	}
	all := Find(rows, nil, 2018, "2018-12-31")
	// Median 11, deviations 1 1 0 1 2 1 2 0 and 49 with median 1: 60 lies 33 of them away, 13 lies 1.3.
	if f := found(t, all, Outlier, "a8"); f == nil || f.N != 60 || f.Usual != 11 || len(all) != 1 {
		t.Fatalf("%+v", all)
	}
	if few := Find(rows[:60], nil, 2018, "2018-12-31"); len(few) != 0 {
		t.Errorf("what is usual cannot be told from few: %+v", few)
	}
	var wins []evidence.Row
	for i, amount := range []money.Amount{100_00, 110_00, 90_00, 105_00, 95_00, 120_00, 100_00, 85_00, 9_000_00} {
		w := row(i, evidence.Win, "2018-03-01", "", fmt.Sprint("c", i))
		w.Amount = &amount
		wins = append(wins, w)
	}
	if all := Find(wins, nil, 2018, "2018-12-31"); len(all) != 1 || !all[0].Money || all[0].Evidence != "e0008" {
		t.Errorf("%+v", all)
	}
	wins[8].State = evidence.Rejected
	if all := Find(wins, nil, 2018, "2018-12-31"); len(all) != 0 {
		t.Errorf("a rejected row is settled: %+v", all)
	}
}

func TestRegisteredButAbsent(t *testing.T) {
	for name, c := range map[string]struct {
		registered, present int
		asOf                period.Date
		want                bool
	}{
		"none came":           {12, 0, "2018-06-01", true},
		"one in five":         {20, 4, "2018-06-01", true},
		"one in four":         {20, 5, "2018-06-01", false},
		"too few to tell":     {9, 0, "2018-06-01", false},
		"still being marked":  {12, 0, "2018-03-15", false},
		"two weeks and a day": {12, 0, "2018-03-16", true},
		"it is still to come": {12, 0, "2018-02-01", false},
		"everybody was there": {40, 40, "2018-06-01", false},
	} {
		all := Find(nil, []Gathering{{"a", []id.Organisation{"p"}, "2018-03-01", c.registered, c.present}}, 2018, c.asOf)
		if got := found(t, all, Absent, "a") != nil; got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestTheSameCompanyAndTheLastDay(t *testing.T) {
	var rows []evidence.Row
	for n := range 20 {
		rows = append(rows, row(n, evidence.Service, period.Of(2018, 2, 1+n), "", "c"))
	}
	if all := Find(rows[:19], nil, 2018, "2018-12-31"); len(all) != 0 {
		t.Errorf("nineteen times: %+v", all)
	}
	f := found(t, Find(rows, nil, 2018, "2018-12-31"), Often, "p/c")
	if f == nil || f.N != 20 || f.Facts() != "20/20" {
		t.Errorf("twenty times: %+v", f)
	}
	last := []evidence.Row{row(1, evidence.Contact, "2018-12-31", "", "x"), row(2, evidence.Contact, "2018-12-31", "", "y"), row(3, evidence.Held, "2018-12-31", "a", "")}
	if f := found(t, Find(last, nil, 2018, "2019-01-31"), LastDay, "p"); f == nil || f.N != 3 {
		t.Errorf("on the last day: %+v", f)
	}
	if all := Find(last[:2], nil, 2018, "2019-01-31"); len(all) != 0 {
		t.Errorf("two may happen: %+v", all)
	}
}
