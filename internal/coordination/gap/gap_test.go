package gap

import (
	"fmt"
	"testing"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/knowledge"
)

func by(codes ...string) (all []activity.Organiser) {
	for _, c := range codes {
		all = append(all, activity.Organiser{Organisation: id.Organisation(c), Code: c, Agency: c == "fit", Weight: 1})
	}
	return all
}

func of(n string, state activity.State, markets, sectors, needs []string, places int, who ...string) activity.Activity {
	return activity.Activity{ID: id.Activity(n), State: state, Organisers: by(who...),
		Details: activity.Details{Markets: markets, Sectors: sectors, Needs: needs, Places: places}}
}

// TestCells: offers by organiser, demand, and priorities that nobody serves; cancelled ones serve nobody.
func TestCells(t *testing.T) {
	s := Seen{
		Priorities: []Priority{{"CL", "food", ""}, {"IN", "food", ""}, {"JP", "food", "strategy"}},
		Activities: []activity.Activity{
			of("1", activity.Planned, []string{"IN"}, []string{"food", "drinks"}, []string{"contacts"}, 20, "voka", "fit"),
			of("2", activity.Held, []string{"IN"}, []string{"food"}, nil, 0, "voka"),
			of("3", activity.Cancelled, []string{"CL"}, []string{"food"}, nil, 9, "unizo"),
		},
		Questions: []knowledge.Question{{Markets: []string{"PE"}, Sectors: []string{"food"}}},
		Waiting:   map[id.Activity]int{"1": 3},
	}
	show := func(need string) (out string) {
		for _, c := range Cells(s, need) {
			out += fmt.Sprintf("%s %d/%d by %d q%d w%d gap %v unmet %v; ", c.Key(), c.Activities, c.Places, c.Organisers, c.Questions, c.Waiting, c.Gap(), c.Unmet())
		}
		return out
	}
	if got, want := show(""), "CL food 0/0 by 0 q0 w0 gap true unmet false; IN drinks 1/20 by 2 q0 w3 gap false unmet true; "+
		"IN food 2/20 by 2 q0 w3 gap false unmet true; JP food 0/0 by 0 q0 w0 gap true unmet false; PE food 0/0 by 0 q1 w0 gap false unmet true; "; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if got, want := show("information"), "CL food 0/0 by 0 q0 w0 gap true unmet false; IN food 1/0 by 1 q0 w0 gap false unmet false; "+
		"PE food 0/0 by 0 q1 w0 gap false unmet true; "; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// TestBest: who did both market and sector goes before who did one of them often; the agency asks and is not asked.
func TestBest(t *testing.T) {
	all := []activity.Activity{
		of("1", activity.Held, []string{"CL"}, []string{"food"}, nil, 0, "unizo", "fit"),
		of("2", activity.Held, []string{"CL"}, []string{"metal"}, nil, 0, "voka"),
		of("3", activity.Held, []string{"DE"}, []string{"food"}, nil, 0, "voka"),
		of("4", activity.Held, []string{"DE"}, []string{"food"}, nil, 0, "voka"),
		of("5", activity.Cancelled, []string{"CL"}, []string{"food"}, nil, 0, "vil"),
		of("6", activity.Held, []string{"DE"}, []string{"metal"}, nil, 0, "agoria"),
	}
	got := ""
	for _, p := range Best(all, "CL", "food", 4) {
		got += fmt.Sprintf("%s %d %d %d; ", p.Code, p.Both, p.Market, p.Sector)
	}
	if want := "unizo 1 0 0; voka 0 1 2; "; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if len(Best(all, "CL", "food", 1)) != 1 {
		t.Error("at most one")
	}
}
