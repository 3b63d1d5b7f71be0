package api

import (
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/id"
)

// Participation says that a company signed up for an activity, and whether it came.
type Participation struct {
	ID       string `json:"id"`
	Company  string `json:"company" doc:"Name of the company"`
	Number   string `json:"enterprise_number,omitempty"`
	State    string `json:"state" enum:"requested,confirmed,waitlisted,attended,no-show,cancelled"`
	Recorded Day    `json:"recorded_on"`
}

// ParticipationsIn asks for the participations of an activity.
type ParticipationsIn struct {
	InProgramme
	Paged
	Code  string `path:"code" doc:"Code of the activity"`
	State string `query:"state"`
}

func (a *API) participations() {
	list(a, endpoint{id: "list-participations", path: "/programmes/{programme}/activities/{code}/participations", noun: "Participations",
		summary: "Who signed up for an activity: for its organisers and the agency", verb: "registration.read"},
		func(c *call, in *ParticipationsIn) ([]Participation, string, error) {
			if err := choice("state", in.State, activity.ParticipationStates()); err != nil {
				return nil, "", err
			}
			x, err := activity.ByCode(c, c.tx, c.by.ScopeFor("activity.read"), c.g.ID, in.Code)
			if err != nil {
				return nil, "", err
			}
			subject := x.Subject()
			subject.Kind, subject.State = "registration", ""
			if err := c.by.May("registration.read", subject); err != nil {
				return nil, "", err
			}
			after := id.Participation(in.After)
			if _, err := id.Parse[id.Participation](in.After); in.After != "" && err != nil {
				return nil, "", badAfter(in.After)
			}
			all, err := activity.Participations(c, c.tx, c.g.ID, x.ID, in.State, after, in.Limit+1)
			if err != nil {
				return nil, "", err
			}
			next := ""
			if len(all) > in.Limit {
				all = all[:in.Limit]
				next = string(all[in.Limit-1].ID)
			}
			items := make([]Participation, len(all))
			for i, p := range all {
				items[i] = Participation{ID: string(p.ID), Company: p.CompanyName, Number: p.CompanyNumber, State: p.State, Recorded: dayOf(p.RecordedOn)}
			}
			return items, next, nil
		})
}
