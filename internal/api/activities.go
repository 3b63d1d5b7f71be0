package api

import (
	"net/http"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Activity is one thing organised.
type Activity struct {
	Code       string      `json:"code"`
	State      string      `json:"state" enum:"planned,published,held,cancelled,postponed,reported,verified"`
	Reason     string      `json:"reason,omitempty" doc:"Why it was cancelled or postponed"`
	Organisers []Organiser `json:"organisers" nullable:"false" doc:"The lead first"`
	Details
}

// Organiser runs an activity for an agreed part of its cost and credit.
type Organiser struct {
	Organisation string `json:"organisation" doc:"Code"`
	Weight       int64  `json:"weight" minimum:"1" maximum:"1000000" doc:"Parts: 1 and 1 is half each"`
}

// Details is what an organiser says of an activity.
type Details struct {
	Title    string   `json:"title" minLength:"1" maxLength:"500"`
	Type     string   `json:"type" enum:"mission,seminar,knowledge,retention,fair,matchmaking,coaching,course,visit,conference,other"`
	Starts   Day      `json:"starts_on,omitempty" doc:"Needed unless around is given"`
	Ends     Day      `json:"ends_on,omitempty" doc:"Without it, one day"`
	Place    string   `json:"place" enum:"onsite,online,hybrid"`
	City     string   `json:"city,omitempty"`
	Country  string   `json:"country,omitempty" doc:"ISO 3166-1 alpha-2" example:"JP"`
	URL      string   `json:"url,omitempty"`
	Language string   `json:"language,omitempty" doc:"BCP 47" example:"en"`
	Markets  []string `json:"markets,omitempty" doc:"Countries, ISO 3166-1 alpha-2"`
	Sectors  []string `json:"sectors,omitempty"`
	Needs    []string `json:"needs,omitempty" doc:"information, contacts, strategy"`
	Audience string   `json:"audience,omitempty" doc:"Whom it is for, absent where whoever it may serve: starters, first-exporters, exporters, growing, investors, researchers"`
	Places   int      `json:"places,omitempty" doc:"0: not limited"`
	Price    Money    `json:"price,omitempty" doc:"What a participant pays, in the programme's currency; absent: nothing, or not said"`
	Around   string   `json:"around,omitempty" doc:"Where no days are set yet: a year, a month, a quarter, a half or a season; starts_on and ends_on are then its first and last day" example:"2027-q3"`
}

// ActivitiesIn asks for activities.
type ActivitiesIn struct {
	InProgramme
	Paged
	From         string `query:"from" format:"date" doc:"First day of the start"`
	To           string `query:"to" format:"date" doc:"Last day of the start"`
	Organisation string `query:"organisation" doc:"Code of an organiser"`
	Type         string `query:"type"`
	State        string `query:"state"`
	Market       string `query:"market"`
	Sector       string `query:"sector"`
	Need         string `query:"need"`
	Words        string `query:"q" maxLength:"200" doc:"Words in title, city or code"`
}

// ActivityIn asks for one.
type ActivityIn struct {
	InProgramme
	Cached
	Code string `path:"code"`
}

// NewActivityIn plans one.
type NewActivityIn struct {
	InProgramme
	Idempotent
	Body struct {
		Code       string      `json:"code,omitempty" doc:"Your own; without it, one is made"`
		Organisers []Organiser `json:"organisers" minItems:"1" maxItems:"40" doc:"The lead first"`
		Details
	}
}

// ChangeActivityIn changes one.
type ChangeActivityIn struct {
	InProgramme
	Conditional
	Code string `path:"code"`
	Body Details
}

// MoveActivityIn takes one to another state.
type MoveActivityIn struct {
	InProgramme
	Conditional
	Code string `path:"code"`
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"1000" doc:"Needed to cancel, postpone or return"`
	}
}

func (a *API) activities() {
	const noun, at = "Activities", "/programmes/{programme}/activities"
	list(a, endpoint{id: "list-activities", path: at, noun: noun, verb: "activity.read",
		summary: "Activities of all organisers by start; what others have only planned is left out"}, listActivities)
	get(a, endpoint{id: "get-activity", path: at + "/{code}", noun: noun, summary: "One activity", verb: "activity.read"},
		func(c *call, in *ActivityIn) (Activity, error) { return activityOf(c, in.Code) })
	create(a, endpoint{id: "create-activity", path: at, noun: noun, summary: "Plan an activity", verb: "activity.plan"}, planActivity)
	change(a, endpoint{id: "change-activity", path: at + "/{code}", noun: noun, verb: "activity.change",
		summary: "Say anew what an activity is, until it is held"}, http.MethodPut,
		func(c *call, in *ChangeActivityIn) (Activity, error) { return activityOf(c, in.Code) },
		func(c *call, in *ChangeActivityIn) (Activity, error) {
			d, err := in.Body.in()
			if err != nil {
				return Activity{}, err
			}
			x, err := activity.Change(c, c.tx, c.by, c.g.ID, in.Code, d)
			return activityOut(x), err
		})
	for _, move := range [][2]string{{"publish", "Publish a planned activity"}, {"cancel", "Cancel a published activity"},
		{"postpone", "Postpone a published activity"}, {"replan", "Plan a postponed activity again"},
		{"hold", "Say that an activity took place: it and who came leave evidence"}, {"report", "Say that the list of who came is complete"},
		{"return", "Send a report back, with a reason"}, {"verify", "Confirm an activity with all of its evidence that waits; never one's own"}} {
		verb, summary, name := move[0], move[1], access.VerbName("activity."+move[0])
		change(a, endpoint{id: verb + "-activity", path: at + "/{code}/" + verb, noun: noun, verb: name, summary: summary}, http.MethodPost,
			func(c *call, in *MoveActivityIn) (Activity, error) { return activityOf(c, in.Code) },
			func(c *call, in *MoveActivityIn) (Activity, error) {
				x, err := activity.Step(c, c.tx, c.by, c.g.ID, in.Code, name, in.Body.Reason)
				return activityOut(x), err
			})
	}
}

func activityOf(c *call, code string) (Activity, error) {
	x, err := activity.ByCode(c, c.tx, c.by.ScopeFor("activity.read"), c.g.ID, code)
	return activityOut(x), err
}

func listActivities(c *call, in *ActivitiesIn) ([]Activity, string, error) {
	f := activity.Filter{Scope: c.by.ScopeFor("activity.read"), From: period.Date(in.From), To: period.Date(in.To), Type: activity.Type(in.Type),
		State: activity.State(in.State), Market: in.Market, Sector: in.Sector, Need: in.Need, Words: in.Words, Limit: in.Limit}
	err := fault.Join(choice("type", in.Type, activity.Types()), choice("state", in.State, activity.States()),
		choice("need", in.Need, activity.Needs()))
	if err != nil {
		return nil, "", err
	}
	if in.Organisation != "" {
		codes, err := organisationIDs(c)
		if err != nil {
			return nil, "", err
		}
		if f.Organisation = codes[in.Organisation]; f.Organisation == "" {
			return nil, "", unknownOrganisation("organisation", in.Organisation)
		}
	}
	if in.After != "" {
		day, last, _ := strings.Cut(in.After, ".")
		if f.After = (activity.Key{Starts: period.Date(day), ID: id.Activity(last)}); !f.After.Starts.Valid() || last == "" {
			return nil, "", badAfter(in.After)
		}
	}
	all, next, err := activity.List(c, c.tx, c.g.ID, f)
	if err != nil {
		return nil, "", err
	}
	items := make([]Activity, len(all))
	for i, x := range all {
		items[i] = activityOut(x)
	}
	if next == (activity.Key{}) {
		return items, "", nil
	}
	return items, string(next.Starts) + "." + string(next.ID), nil
}

func planActivity(c *call, in *NewActivityIn) (Activity, string, error) {
	codes, err := organisationIDs(c)
	if err != nil {
		return Activity{}, "", err
	}
	var by []activity.Organiser
	for _, o := range in.Body.Organisers {
		found := codes[o.Organisation]
		if found == "" {
			return Activity{}, "", unknownOrganisation("organisers", o.Organisation)
		}
		by = append(by, activity.Organiser{Organisation: found, Code: o.Organisation, Weight: o.Weight})
	}
	d, err := in.Body.in()
	if err != nil {
		return Activity{}, "", err
	}
	x, err := activity.Plan(c, c.tx, c.by, c.g.ID, in.Body.Code, d, by)
	if err != nil {
		return Activity{}, "", err
	}
	return activityOut(x), "/api/v1/programmes/" + c.g.Code + "/activities/" + x.Code, nil
}

func organisationIDs(c *call) (map[string]id.Organisation, error) {
	all, err := programme.Organisations(c, c.tx)
	codes := map[string]id.Organisation{}
	for _, o := range all {
		codes[o.Code] = o.ID
	}
	return codes, err
}

func unknownOrganisation(field, found string) error {
	return fault.Invalid(field, "api.no_organisation", text.Args{"found": found})
}

func (d Details) in() (activity.Details, error) {
	price, err := amountIn("price", d.Price)
	return activity.Details{Title: d.Title, Type: activity.Type(d.Type), Starts: period.Date(d.Starts), Ends: period.Date(d.Ends),
		Place: activity.Place(d.Place), City: d.City, Country: d.Country, URL: d.URL, Language: d.Language, Markets: d.Markets,
		Sectors: d.Sectors, Needs: d.Needs, Audience: activity.Audience(d.Audience), Places: d.Places, Price: price,
		Around: period.Around(strings.ToLower(d.Around))}, err
}

func activityOut(x activity.Activity) Activity {
	out := Activity{Code: x.Code, State: string(x.State), Reason: x.Reason, Organisers: []Organiser{},
		Details: Details{Title: x.Title, Type: string(x.Type), Starts: dayOf(x.Starts), Ends: dayOf(x.Ends), Place: string(x.Place), City: x.City,
			Country: x.Country, URL: x.URL, Language: x.Language, Markets: x.Markets, Sectors: x.Sectors, Needs: x.Needs, Audience: string(x.Audience),
			Places: x.Places, Around: string(x.Around)}}
	if x.Price > 0 {
		out.Price = moneyOf(x.Price)
	}
	for _, o := range x.Organisers {
		out.Organisers = append(out.Organisers, Organiser{Organisation: o.Code, Weight: o.Weight})
	}
	return out
}
