package coordination

import (
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/coordination/fragment"
	"errera.eu/errera/internal/coordination/gap"
	"errera.eu/errera/internal/period"
)

// GapCell is a market with a sector: what is offered in the year, and what is asked for.
type GapCell struct {
	Market     string `json:"market" doc:"ISO 3166-1 alpha-2"`
	Sector     string `json:"sector"`
	Priority   bool   `json:"priority" doc:"The strategy asks for it first"`
	Gap        bool   `json:"gap" doc:"A priority that nobody serves"`
	Unmet      bool   `json:"unmet" doc:"Asked for, and not offered or full"`
	Activities int    `json:"activities"`
	Places     int    `json:"places" doc:"In those that have a limit"`
	NoLimit    bool   `json:"no_limit" doc:"One of them has none"`
	Organisers int    `json:"organisers"`
	Questions  int    `json:"questions" doc:"Put to all partners in the year"`
	Searches   int    `json:"searches" doc:"Of the library, that found nothing"`
	Waiting    int    `json:"waiting" doc:"Companies on waiting lists"`
}

// GapsIn asks for the cells of a year.
type GapsIn struct {
	api.InProgramme
	api.Paged
	Year int    `query:"year" minimum:"1900" maximum:"2200" required:"true"`
	Need string `query:"need" doc:"information, contacts or strategy; without it, any"`
	Only string `query:"only" doc:"gaps: priorities that nobody serves; unmet: what is asked for and not offered; without it, all"`
}

// FragmentationIn asks for the years of the programme.
type FragmentationIn struct {
	api.InProgramme
	api.Paged
}

// YearOfDoors is how scattered the support of companies was in a year.
type YearOfDoors struct {
	Year       int `json:"year"`
	Activities int `json:"activities"`
	InOverlap  int `json:"in_overlap" doc:"Activities with a close overlap"`
	Close      int `json:"close_overlaps"`
	Decided    int `json:"decided" doc:"Of the close overlaps"`
	Joint      int `json:"joint"`
	Companies  int `json:"companies" doc:"That were met"`
	Doors      int `json:"doors" doc:"Organisations that companies met apart from each other, added up over companies"`
	Apart      int `json:"companies_apart" doc:"That met two or more apart"`
	Unhanded   int `json:"companies_without_hand_over" doc:"Of them"`
	Markets    int `json:"markets"`
	InMarkets  int `json:"organisers_in_markets" doc:"Organisers of a market, added up over markets"`
}

func gaps(a *api.API) {
	api.List(a, api.Operation{ID: "list-gaps", Path: "/programmes/{programme}/gaps", Noun: "Gaps", Verb: "gap.read",
		Summary: "Markets with sectors: what is a priority, offered and asked for in a year"}, listGaps)
	api.List(a, api.Operation{ID: "list-fragmentation", Path: "/programmes/{programme}/fragmentation", Noun: "Gaps", Verb: "fragmentation.read",
		Summary: "How scattered the support of companies is, by year"}, listFragmentation)
}

func listGaps(c *api.Call, in *GapsIn) ([]GapCell, string, error) {
	for _, err := range []error{api.Choice("need", in.Need, activity.Needs()), api.Choice("only", in.Only, []string{"gaps", "unmet"})} {
		if err != nil {
			return nil, "", err
		}
	}
	all, err := activity.OfYear(c, c.Tx, c.By.ScopeFor("activity.read"), c.G.ID, period.Year(in.Year))
	if err != nil {
		return nil, "", err
	}
	seen, err := gap.See(c, c.Tx, c.By, c.G.ID, period.Year(in.Year), all)
	if err != nil {
		return nil, "", err
	}
	items := []GapCell{}
	for _, x := range gap.Cells(seen, in.Need) {
		if in.Only == "gaps" && !x.Gap() || in.Only == "unmet" && !x.Unmet() {
			continue
		}
		items = append(items, GapCell{x.Market, x.Sector, x.Priority, x.Gap(), x.Unmet(), x.Activities, x.Places, x.NoLimit, x.Organisers, x.Questions, x.Searches, x.Waiting})
	}
	return api.Cut(items, in.Paged, func(x GapCell) string { return x.Market + "." + x.Sector })
}

func listFragmentation(c *api.Call, in *FragmentationIn) ([]YearOfDoors, string, error) {
	items := []YearOfDoors{}
	for _, year := range c.G.Years() {
		seen, err := fragment.See(c, c.Tx, c.G.ID, year)
		if err != nil {
			return nil, "", err
		}
		if y := fragment.Measure(seen); y.Activities > 0 {
			items = append(items, YearOfDoors{int(y.Year), y.Activities, y.InOverlap, y.Close, y.Decided, y.Joint, y.Companies, y.Doors, y.Apart, y.Unhanded, y.Markets, y.InMarkets})
		}
	}
	return api.Cut(items, in.Paged, func(y YearOfDoors) string { return period.Year(y.Year).String() })
}
