package agreements

import (
	"math/big"
	"strconv"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/renewal"
)

// OpenRoundIn opens the round after a programme.
type OpenRoundIn struct {
	api.InProgramme
	api.Idempotent
	Body struct {
		Code      string            `json:"code" maxLength:"64"`
		Name      api.Words         `json:"name"`
		Starts    string            `json:"starts_on"`
		Ends      string            `json:"ends_on"`
		Envelopes map[string]string `json:"envelopes,omitempty" doc:"By year; one that is left out gets the last envelope of this round"`
	}
}

// RunningIn names the partners of the round before.
type RunningIn struct {
	api.InProgramme
	api.Idempotent
	Body struct {
		Motive string `json:"motive" maxLength:"4000"`
	}
}

// Named tells how many were named.
type Named struct {
	Named int `json:"named"`
}

// Carried is what an organisation's agreement in a round would start from.
type Carried struct {
	From      string             `json:"from,omitempty" doc:"Code of the round that it comes from; none for a new partner"`
	Document  agreement.Document `json:"document"`
	Proposals []TargetProposal   `json:"proposals" nullable:"false"`
}

// TargetProposal is a KPI's baseline and targets, with what they rest on.
type TargetProposal struct {
	KPI      string            `json:"kpi"`
	Basis    string            `json:"basis" enum:"years,target,none"`
	Attained map[string]string `json:"attained" doc:"By year"`
	Median   string            `json:"median,omitempty"`
	Trend    string            `json:"trend,omitempty" doc:"A year"`
	Baseline string            `json:"baseline"`
	Targets  map[string]string `json:"targets" doc:"By year"`
}

func rounds(a *api.API) {
	const noun = "Rounds"
	api.Create(a, api.Operation{ID: "create-round", Path: "/programmes/{programme}/next", Noun: noun, Summary: "Open the round after this one", Verb: "programme.renew", Agency: true},
		func(c *api.Call, in *OpenRoundIn) (api.Programme, string, error) {
			b := in.Body
			n := renewal.Next{Code: b.Code, Name: programme.Words(b.Name), Starts: period.Date(b.Starts), Ends: period.Date(b.Ends), Envelopes: map[period.Year]money.Amount{}}
			for year, amount := range b.Envelopes {
				y, err := strconv.Atoi(year)
				if err != nil {
					return api.Programme{}, "", fault.Invalid("envelopes", "renewal.year_outside", nil)
				}
				x, err := money.Parse(amount)
				if err != nil {
					return api.Programme{}, "", fault.At("envelope."+year, err)
				}
				n.Envelopes[period.Year(y)] = x
			}
			g, err := renewal.Open(c, c.Tx, c.By, c.G, n)
			return api.ProgrammeOut(g), "/api/v1/programmes/" + g.Code, err
		})
	api.Create(a, api.Operation{ID: "create-candidates-running", Path: "/programmes/{programme}/candidates/running", Noun: noun,
		Summary: "Name every partner that has a running agreement in the round before", Verb: "candidate.name"},
		func(c *api.Call, in *RunningIn) (Named, string, error) {
			n, err := renewal.NameRunning(c, c.Tx, c.By, c.G, in.Body.Motive)
			return Named{n}, "/api/v1/programmes/" + c.G.Code + "/candidates", err
		})
	api.Get(a, api.Operation{ID: "get-carried", Path: "/programmes/{programme}/candidates/{partner}/carried", Noun: noun,
		Summary: "What the agreement would carry over, with the targets that are proposed", Verb: "programme.renew"}, carriedOut)
}

func carriedOut(c *api.Call, in *CandidateIn) (Carried, error) {
	o, err := programme.OrganisationByCode(c, c.Tx, in.Partner)
	if err != nil {
		return Carried{}, err
	}
	v, err := renewal.LoadCarried(c, c.Tx, c.G, o)
	if err != nil {
		return Carried{}, err
	}
	out := Carried{Document: v.Document, Proposals: []TargetProposal{}}
	if v.Last != nil {
		out.From = v.Last.Programme.Code
	}
	decimal := func(r *big.Rat) string { return string(agreement.NumberOf(r)) }
	for _, k := range v.Document.KPIs {
		p := v.Proposals[k.KPI]
		x := TargetProposal{KPI: k.KPI, Basis: string(p.Basis), Attained: map[string]string{}, Median: decimal(p.Median), Trend: decimal(p.Trend), Baseline: decimal(p.Baseline),
			Targets: map[string]string{}}
		for _, y := range p.Attained {
			x.Attained[y.Year.String()] = decimal(y.Value)
		}
		for y, t := range p.Targets {
			x.Targets[y.String()] = decimal(t)
		}
		out.Proposals = append(out.Proposals, x)
	}
	return out, nil
}
