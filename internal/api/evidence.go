package api

import (
	"net/http"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/text"
)

// EvidenceListIn asks for rows.
type EvidenceListIn struct {
	InProgramme
	Paged
	Year  int    `query:"year"`
	Kind  string `query:"kind"`
	State string `query:"state"`
}

// EvidenceIn asks for one row.
type EvidenceIn struct {
	InProgramme
	Cached
	ID string `path:"id"`
}

// DecideEvidenceIn decides on one row.
type DecideEvidenceIn struct {
	InProgramme
	Conditional
	ID   string `path:"id"`
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"1000" doc:"Needed to reject or reopen"`
	}
}

func (a *API) evidence() {
	list(a, endpoint{id: "list-evidence", path: "/programmes/{programme}/evidence", noun: "Evidence", verb: "evidence.read",
		summary: "Rows in which the caller's organisation holds credit, newest first"}, listEvidence)
	get(a, endpoint{id: "get-evidence", path: "/programmes/{programme}/evidence/{id}", noun: "Evidence", summary: "One row", verb: "evidence.read"},
		func(c *call, in *EvidenceIn) (Evidence, error) { return evidenceOf(c, in.ID) })
	for _, verb := range [][2]string{{"verify", "Confirm a reported row; never one's own"}, {"reject", "Refuse a row, with a reason"},
		{"reopen", "Take a refusal back, with a reason"}} {
		a.decideEvidence(verb[0], verb[1])
	}
}

// decideEvidence registers a verb on one row.
func (a *API) decideEvidence(verb, summary string) {
	do := map[string]func(*call, id.Evidence, string) error{
		"verify": func(c *call, e id.Evidence, why string) error { return evidence.Verify(c, c.tx, c.by, c.g.ID, e, why) },
		"reject": func(c *call, e id.Evidence, why string) error { return evidence.Reject(c, c.tx, c.by, c.g.ID, e, why) },
		"reopen": func(c *call, e id.Evidence, why string) error { return evidence.Reopen(c, c.tx, c.by, c.g.ID, e, why) },
	}[verb]
	change(a, endpoint{id: verb + "-evidence", path: "/programmes/{programme}/evidence/{id}/" + verb, noun: "Evidence",
		verb: access.VerbName("evidence." + verb), summary: summary}, http.MethodPost,
		func(c *call, in *DecideEvidenceIn) (Evidence, error) { return evidenceOf(c, in.ID) },
		func(c *call, in *DecideEvidenceIn) (Evidence, error) {
			if err := do(c, id.Evidence(in.ID), in.Body.Reason); err != nil {
				return Evidence{}, err
			}
			return evidenceOf(c, in.ID)
		})
}

// evidenceOf is one row within the caller's reach.
func evidenceOf(c *call, asked string) (Evidence, error) {
	row, err := id.Parse[id.Evidence](asked)
	if err != nil {
		return Evidence{}, fault.Missing("evidence.missing", nil)
	}
	v, err := report.LoadEvidence(c, c.tx, c.by, c.g, row)
	if err != nil {
		return Evidence{}, err
	}
	out := Evidence{ID: string(v.ID), Kind: string(v.Kind), State: string(v.State), Year: int(v.Year), Dated: dayOf(v.Dated),
		Reported: dayOf(v.ReportedOn), Activity: string(v.Activity), Company: v.CompanyName, Number: v.CompanyNumber, Market: v.Market,
		Sector: v.Sector, Need: v.Need, Quantity: v.Quantity, Credits: creditsOut(v.Credits)}
	if v.Amount != nil {
		out.Amount = moneyOf(*v.Amount)
	}
	return out, nil
}

func listEvidence(c *call, in *EvidenceListIn) ([]Evidence, string, error) {
	err := fault.Join(choice("kind", in.Kind, evidence.Kinds()), choice("state", in.State, evidence.States()))
	if err != nil {
		return nil, "", err
	}
	f := evidence.Filter{Scope: c.by.ScopeFor("evidence.read"), State: evidence.State(in.State), After: evidence.Key(in.After), Limit: in.Limit}
	if in.Kind != "" {
		f.Kinds = []evidence.Kind{evidence.Kind(in.Kind)}
	}
	if in.Year != 0 {
		if in.Year < int(c.g.Starts.Year()) || in.Year > 9999 {
			return nil, "", fault.Invalid("year", "api.no_year", text.Args{"from": int(c.g.Starts.Year()), "to": int(c.g.Ends.Year())})
		}
		f.From, f.To = period.Year(in.Year), period.Year(in.Year)
	}
	all, next, err := evidence.List(c, c.tx, c.g.ID, f)
	if fault.Is(err, fault.KindMissing) {
		return nil, "", badAfter(in.After)
	}
	if err != nil {
		return nil, "", err
	}
	items := make([]Evidence, len(all))
	for i, x := range all {
		items[i] = Evidence{ID: string(x.ID), Kind: string(x.Kind), State: string(x.State), Year: int(x.Year), Dated: dayOf(x.Dated),
			Reported: dayOf(x.ReportedOn), Activity: string(x.Activity), Company: x.CompanyName, Number: x.CompanyNumber, Market: x.Market,
			Sector: x.Sector, Need: x.Need, Quantity: x.Quantity, Credits: creditsOut(x.Partners)}
		if x.Amount != nil {
			items[i].Amount = moneyOf(*x.Amount)
		}
	}
	return items, string(next), nil
}

func creditsOut(all []evidence.CreditName) []Credit {
	out := make([]Credit, len(all))
	for i, x := range all {
		out[i] = Credit{Organisation: x.Code, Weight: x.Weight}
	}
	return out
}
