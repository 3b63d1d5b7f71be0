package api

import (
	"net/http"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// DecisionsIn asks for decisions.
type DecisionsIn struct {
	InProgramme
	Paged
	State string `query:"state" enum:"proposed,taken,refused"`
}

// DecisionIn asks for one.
type DecisionIn struct {
	InProgramme
	Cached
	Code string `path:"code"`
}

// DecideIn proposes a decision about an agreement-year's money or terms.
type DecideIn struct {
	InProgramme
	Idempotent
	Body struct {
		Kind    string `json:"kind" enum:"overrun,carry-over,write-off,adjustment,cancelled-cost,extension"`
		Partner string `json:"partner" doc:"Code of the organisation"`
		Year    int    `json:"year"`
		Amount  Money  `json:"amount,omitempty"`
		Body    string `json:"body,omitempty" doc:"Who decides"`
		Words   string `json:"words"`
		Cost    string `json:"cost,omitempty" doc:"Of an adjustment: id of the cost"`
		Subject string `json:"subject,omitempty" doc:"Of an extension or of a cancelled activity: what it is about, as kind/id"`
		Until   Day    `json:"until,omitempty"`
	}
}

// MoveDecisionIn takes or refuses a decision.
type MoveDecisionIn struct {
	InProgramme
	Conditional
	Code string `path:"code"`
}

func (a *API) decisions() {
	const at = "/programmes/{programme}/decisions"
	list(a, endpoint{id: "list-decisions", path: at, noun: "Decisions", verb: "decision.read", summary: "Decisions, the oldest first"},
		func(c *call, in *DecisionsIn) ([]Decision, string, error) {
			all, err := decisionsOf(c, "", in.State)
			if err != nil {
				return nil, "", err
			}
			return cut(all, in.Paged, func(d Decision) string { return d.Code })
		})
	get(a, endpoint{id: "get-decision", path: at + "/{code}", noun: "Decisions", verb: "decision.read", summary: "One decision"},
		func(c *call, in *DecisionIn) (Decision, error) { return decisionOf(c, in.Code) })
	create(a, endpoint{id: "create-decision", path: at, noun: "Decisions", verb: "decision.propose",
		summary: "Propose a decision about money or a term; somebody else takes it"}, proposeDecision)
	for _, m := range [][2]string{{"take", "Take a decision that somebody else proposed; it is booked"}, {"refuse", "Refuse a decision"}} {
		verb, summary := m[0], m[1]
		change(a, endpoint{id: verb + "-decision", path: at + "/{code}/" + verb, noun: "Decisions", verb: access.VerbName("decision." + verb), summary: summary},
			http.MethodPost, func(c *call, in *MoveDecisionIn) (Decision, error) { return decisionOf(c, in.Code) },
			func(c *call, in *MoveDecisionIn) (Decision, error) {
				d, err := findDecision(c, in.Code)
				if err == nil {
					err = funding.Take(c, c.tx, c.by, c.g.ID, d.ID, access.VerbName("decision."+verb))
				}
				if err != nil {
					return Decision{}, err
				}
				return decisionOf(c, in.Code)
			})
	}
}

func proposeDecision(c *call, in *DecideIn) (Decision, string, error) {
	b := in.Body
	year, err := agreementYear(c, b.Partner, b.Year)
	if err != nil {
		return Decision{}, "", err
	}
	amount, err := amountIn("amount", b.Amount)
	if err != nil {
		return Decision{}, "", err
	}
	d := programme.Decision{Kind: b.Kind, Words: b.Words, Body: b.Body, Agreement: year.Agreement, Year: year.Year, Amount: amount, Until: period.Date(b.Until)}
	switch {
	case b.Cost != "":
		d.SubjectKind, d.SubjectID = "item", b.Cost
	case b.Subject != "":
		d.SubjectKind, d.SubjectID, _ = strings.Cut(b.Subject, "/")
	}
	made, err := funding.Propose(c, c.tx, c.by, c.g.ID, d)
	if err != nil {
		return Decision{}, "", err
	}
	d, err = programme.LoadDecision(c, c.tx, c.by, c.g.ID, made)
	if err != nil {
		return Decision{}, "", err
	}
	out, err := decisionOf(c, d.Code)
	return out, "/api/v1/programmes/" + c.g.Code + "/decisions/" + d.Code, err
}

func decisionOf(c *call, code string) (Decision, error) {
	all, err := decisionsOf(c, code, "")
	if err == nil && len(all) != 1 {
		err = fault.Missing("decision.none", nil)
	}
	if err != nil {
		return Decision{}, err
	}
	return all[0], nil
}

func findDecision(c *call, code string) (programme.Decision, error) {
	all, err := programme.Decisions(c, c.tx, c.g.ID, c.by.ScopeFor("decision.read"))
	for _, d := range all {
		if d.Code == code {
			return d, nil
		}
	}
	if err == nil {
		err = fault.Missing("decision.none", nil)
	}
	return programme.Decision{}, err
}

// decisionsOf reads decisions within the caller's reach; "" narrows nothing.
func decisionsOf(c *call, code, state string) ([]Decision, error) {
	all, err := programme.Decisions(c, c.tx, c.g.ID, c.by.ScopeFor("decision.read"))
	if err != nil {
		return nil, err
	}
	codes, err := organisationCodes(c)
	var out []Decision
	for _, d := range all {
		if (code != "" && d.Code != code) || (state != "" && d.State != state) {
			continue
		}
		x := Decision{Code: d.Code, Kind: d.Kind, State: d.State, Dated: dayOf(d.Dated), Body: d.Body, Words: d.Words, Partner: codes[d.Partner],
			Year: int(d.Year), Until: dayOf(d.Until), Proposed: dayOf(d.ProposedOn)}
		if d.SubjectKind != "" {
			x.Subject = d.SubjectKind + "/" + d.SubjectID
		}
		if d.Amount != 0 {
			x.Amount = moneyOf(d.Amount)
		}
		out = append(out, x)
	}
	return out, err
}
