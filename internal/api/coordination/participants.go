package coordination

import (
	"net/http"
	"strconv"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/company"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

// EnlistIn puts companies on the list of an activity.
type EnlistIn struct {
	api.InProgramme
	api.Idempotent
	Code string `path:"code"`
	Body struct {
		Numbers []string `json:"enterprise_numbers" minItems:"1" maxItems:"500" doc:"Of companies that the register has"`
	}
}

// Enlisted tells how many companies were put on a list.
type Enlisted struct {
	Added int `json:"added"`
}

// AnswerIn moves a line of the list.
type AnswerIn struct {
	api.InProgramme
	api.Conditional
	Code string `path:"code"`
	ID   string `path:"id"`
}

// RegistrationState is a line of the list.
type RegistrationState struct {
	ID    string `json:"id"`
	State string `json:"state" enum:"requested,confirmed,waitlisted,attended,no-show,cancelled"`
}

func participants(a *api.API) {
	const noun, at = "Participations", "/programmes/{programme}/activities/{code}/participations"
	api.Create(a, api.Operation{ID: "create-participations", Path: at, Noun: noun, Verb: "registration.request",
		Summary: "Put companies on the one list of an activity: all or none; who is added after it was held came"}, enlist)
	for _, v := range [][2]string{{"confirm", "Confirm a company"}, {"waitlist", "Put it on the waiting list"}, {"attend", "It came"}, {"miss", "It did not come"},
		{"cancel", "Cancel a registration"}} {
		verb := access.VerbName("registration." + v[0])
		api.Change(a, api.Operation{ID: v[0] + "-participation", Path: at + "/{id}/" + v[0], Noun: noun, Verb: verb, Summary: v[1]}, http.MethodPost,
			func(c *api.Call, in *AnswerIn) (RegistrationState, error) { return lineOf(c, in) },
			func(c *api.Call, in *AnswerIn) (RegistrationState, error) {
				line, err := id.Parse[id.Participation](in.ID)
				if err != nil {
					return RegistrationState{}, fault.Missing("registration.missing", nil)
				}
				if err := activity.Answer(c, c.Tx, c.By, c.G.ID, in.Code, line, verb); err != nil {
					return RegistrationState{}, err
				}
				return lineOf(c, in)
			})
	}
}

func enlist(c *api.Call, in *EnlistIn) (Enlisted, string, error) {
	var found []id.Company
	var faults []error
	for n, number := range in.Body.Numbers {
		at := "enterprise_numbers[" + strconv.Itoa(n) + "]"
		parsed, err := company.ParseNumber(company.SchemeBE, number)
		if err != nil {
			faults = append(faults, fault.At(at, err))
			continue
		}
		one, err := company.Find(c, c.Tx, parsed)
		if err != nil {
			return Enlisted{}, "", err
		}
		if one == "" {
			faults = append(faults, fault.Invalid(at, "api.no_company", text.Args{"found": parsed.Show()}))
		}
		found = append(found, one)
	}
	if err := fault.Join(faults...); err != nil {
		return Enlisted{}, "", err
	}
	err := activity.Enlist(c, c.Tx, c.By, c.G.ID, in.Code, found)
	if fault.Is(err, fault.KindInvalid) {
		err = atNumbers(err)
	}
	return Enlisted{len(found)}, "/api/v1/programmes/" + c.G.Code + "/activities/" + in.Code + "/participations", err
}

// atNumbers tells the verb's faults at the numbers of the body.
func atNumbers(err error) error {
	var faults []error
	for _, f := range fault.Of(err).All() {
		faults = append(faults, fault.Invalid("enterprise_numbers["+strings.TrimPrefix(f.Field, "company.")+"]", f.Key, f.Args))
	}
	return fault.Join(faults...)
}

func lineOf(c *api.Call, in *AnswerIn) (RegistrationState, error) {
	line, err := id.Parse[id.Participation](in.ID)
	if err != nil {
		return RegistrationState{}, fault.Missing("registration.missing", nil)
	}
	p, err := activity.Registration(c, c.Tx, c.By, c.G.ID, in.Code, line)
	return RegistrationState{string(p.ID), p.State}, err
}
