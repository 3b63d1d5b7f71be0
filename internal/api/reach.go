package api

import (
	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// ReachIn asks for the reach of a year.
type ReachIn struct {
	InProgramme
	Paged
	Year int `query:"year" doc:"Without it, this year or the programme's last"`
}

func (a *API) reach() {
	list(a, endpoint{id: "list-reach", path: "/programmes/{programme}/reach", noun: "KPIs", verb: "kpi.read",
		summary: "Different companies reached in a year, by organisation and over the programme"}, listReach)
}

func listReach(c *call, in *ReachIn) ([]Reach, string, error) {
	asOf := min(c.tx.Now.Date(), c.g.Ends)
	year := min(max(asOf.Year(), c.g.Starts.Year()), c.g.Ends.Year())
	if in.Year != 0 {
		year = period.Year(in.Year)
	}
	if year < c.g.Starts.Year() || year > c.g.Ends.Year() {
		return nil, "", fault.Invalid("year", "api.no_year", text.Args{"from": int(c.g.Starts.Year()), "to": int(c.g.Ends.Year())})
	}
	read := ownReach
	scope := c.by.ScopeFor("kpi.read")
	if scope == access.All {
		read = everyReach
	}
	items, err := read(c, year, asOf, scope)
	if err != nil {
		return nil, "", err
	}
	return cut(items, in.Paged, func(x Reach) string { return "." + x.Organisation })
}

func everyReach(c *call, year period.Year, asOf period.Date, _ access.Scope) ([]Reach, error) {
	r, err := kpi.LoadReach(c, c.tx, nil, c.g.ID, kpi.AnyCompany(), year, asOf, kpi.Live)
	if err != nil {
		return nil, err
	}
	items := []Reach{{Contacts: &r.Contacts, Companies: &r.Unique}}
	for i := range r.Members {
		m := &r.Members[i]
		items = append(items, Reach{Organisation: m.Code, Contacts: &m.Contacts, Companies: &m.Unique})
	}
	return items, nil
}

func ownReach(c *call, year period.Year, asOf period.Date, scope access.Scope) ([]Reach, error) {
	members, err := kpi.Members(c, c.tx, c.g.ID, year)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		if !scope.Holds(m.Organisation) {
			continue
		}
		r, err := kpi.LoadReleased(c, c.tx, nil, c.g.ID, year, asOf, m.Organisation)
		if err != nil {
			return nil, err
		}
		whole := toldOut(Reach{}, r.Unique)
		whole.Companies, whole.Shared = whole.Shared, nil
		items := []Reach{whole, {Organisation: r.Own.Code, Contacts: &r.Own.Contacts, Companies: &r.Own.Unique}}
		for _, s := range r.Shared {
			items = append(items, toldOut(Reach{Organisation: s.Code}, s.Told))
		}
		return items, nil
	}
	return []Reach{}, nil
}

func toldOut(r Reach, t kpi.Told) Reach {
	if !t.Known {
		r.Suppressed = true
		return r
	}
	on := dayOf(t.On)
	r.Shared, r.ReleasedOn = &t.N, &on
	return r
}
