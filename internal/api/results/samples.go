package results

import (
	"net/http"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// Sample is rows drawn to be looked at in place of all that wait, and what they show.
type Sample struct {
	ID         string   `json:"id"`
	Year       int      `json:"year"`
	Kind       string   `json:"kind"`
	Seed       string   `json:"seed" doc:"Anybody can draw the same sample with it"`
	Population int      `json:"population"`
	Size       int      `json:"size"`
	Open       int      `json:"open" doc:"Drawn and not looked at yet"`
	Looked     int      `json:"looked"`
	Wrong      int      `json:"wrong"`
	ErrorBp    int64    `json:"error_bp"`
	LowBp      int64    `json:"low_bp" doc:"The error in all rows lies between low and high in 95 of 100 such samples"`
	HighBp     int64    `json:"high_bp"`
	Expected   int      `json:"expected_wrong" doc:"In all rows, extrapolated"`
	Closed     bool     `json:"closed"`
	Drawn      []string `json:"drawn" nullable:"false" doc:"Ids of the rows to look at"`
}

// SampleIn asks for one.
type SampleIn struct {
	api.InProgramme
	api.Cached
	ID string `path:"id"`
}

// NewSampleIn draws one.
type NewSampleIn struct {
	api.InProgramme
	api.Idempotent
	Body struct {
		Partner string `json:"partner" doc:"Code"`
		Year    int    `json:"year" doc:"In which the rows count"`
		Kind    string `json:"kind" doc:"Of evidence"`
		Size    int    `json:"size" minimum:"1" maximum:"1000"`
		Seed    string `json:"seed,omitempty" maxLength:"100" doc:"Without it, a new one"`
	}
}

// AcceptSampleIn verifies the rows that were not drawn.
type AcceptSampleIn struct {
	api.InProgramme
	api.Conditional
	ID   string `path:"id"`
	Body struct {
		ToleranceBp int64 `json:"tolerance_bp" minimum:"0" maximum:"10000" doc:"Most of the rows that may be wrong"`
	}
}

func samples(a *api.API) {
	const noun, at = "Evidence", "/programmes/{programme}/samples"
	api.Create(a, api.Operation{ID: "create-sample", Path: at, Noun: noun, Verb: "evidence.sample", Summary: "Draw a sample of what waits to be verified"}, draw)
	api.Get(a, api.Operation{ID: "get-sample", Path: at + "/{id}", Noun: noun, Verb: "evidence.sample", Summary: "What a sample shows, and what that says of all rows"},
		func(c *api.Call, in *SampleIn) (Sample, error) { return sampleOf(c, in.ID) })
	api.Change(a, api.Operation{ID: "accept-sample", Path: at + "/{id}/accept", Noun: noun, Verb: "evidence.sample",
		Summary: "Verify the rows that were not drawn, when the error is within the tolerance"}, http.MethodPost,
		func(c *api.Call, in *AcceptSampleIn) (Sample, error) { return sampleOf(c, in.ID) },
		func(c *api.Call, in *AcceptSampleIn) (Sample, error) {
			if _, err := evidence.AcceptSample(c, c.Tx, c.By, c.G.ID, id.Sample(in.ID), in.Body.ToleranceBp); err != nil {
				return Sample{}, err
			}
			return sampleOf(c, in.ID)
		})
}

func draw(c *api.Call, in *NewSampleIn) (Sample, string, error) {
	partner, err := programme.OrganisationByCode(c, c.Tx, in.Body.Partner)
	if fault.Is(err, fault.KindMissing) {
		return Sample{}, "", fault.Missing("agreement.missing", nil)
	}
	if err != nil {
		return Sample{}, "", err
	}
	seed := in.Body.Seed
	if seed == "" {
		seed = string(id.New[id.Sample]())
	}
	s, err := evidence.DrawSample(c, c.Tx, c.By, c.G.ID, partner.ID, period.Year(in.Body.Year), evidence.Kind(in.Body.Kind), in.Body.Size, seed)
	if err != nil {
		return Sample{}, "", err
	}
	out, err := sampleOf(c, string(s))
	return out, "/api/v1/programmes/" + c.G.Code + "/samples/" + string(s), err
}

func sampleOf(c *api.Call, asked string) (Sample, error) {
	known, err := id.Parse[id.Sample](asked)
	if err != nil {
		return Sample{}, fault.Missing("evidence.sample_missing", nil)
	}
	if err := c.By.May("evidence.sample", access.Subject{Kind: "evidence"}); err != nil {
		return Sample{}, err
	}
	s, err := evidence.LoadSample(c, c.Tx, c.G.ID, known)
	if err != nil {
		return Sample{}, err
	}
	o := s.Outcome()
	out := Sample{ID: string(s.ID), Year: int(s.Year), Kind: string(s.Kind), Seed: s.Seed, Population: s.Population, Size: s.Size, Open: o.Open,
		Looked: o.Looked, Wrong: o.Wrong, ErrorBp: o.ErrorBp, LowBp: o.LowBp, HighBp: o.HighBp, Expected: o.Expected, Closed: s.ClosedOn != "", Drawn: []string{}}
	for _, x := range s.Rows {
		if x.Drawn {
			out.Drawn = append(out.Drawn, string(x.Evidence))
		}
	}
	return out, nil
}
