package agreements

import (
	"net/http"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/partner"
	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/settlement"
)

// PartnerChange is what changed about a partner while its agreement runs.
type PartnerChange struct {
	ID     string  `json:"id"`
	Kind   string  `json:"kind" enum:"name,division,merger"`
	On     api.Day `json:"on"`
	Was    string  `json:"was"`
	Is     string  `json:"is"`
	Reason string  `json:"reason"`
	At     string  `json:"at"`
}

// YearLeft is what an agreement-year still needs before it is closed.
type YearLeft struct {
	Year       int       `json:"year"`
	Ceiling    api.Money `json:"ceiling"`
	Accepted   api.Money `json:"accepted" doc:"Accepted cost"`
	Advance    api.Money `json:"open_advance"`
	Paid       api.Money `json:"paid"`
	OpenClaims int       `json:"open_claims"`
	InFlight   int       `json:"payments_under_way"`
	Parked     int       `json:"parked_items"`
	Settlement string    `json:"settlement" enum:",computed,communicated,objection,final"`
}

// YearsLeft lists every year of an agreement.
type YearsLeft struct {
	Years []YearLeft `json:"years" nullable:"false"`
}

// RenameIn gives a partner a new name.
type RenameIn struct {
	api.InProgramme
	api.Conditional
	Partner string `path:"partner" doc:"Code of the partner"`
	Body    struct {
		Name   string `json:"name" maxLength:"300"`
		Short  string `json:"short_name,omitempty" maxLength:"300"`
		On     string `json:"on" doc:"From when"`
		Reason string `json:"reason" maxLength:"2000"`
	}
}

// DivideIn tells through which division a partner acts.
type DivideIn struct {
	api.InProgramme
	api.Conditional
	Partner string `path:"partner" doc:"Code of the partner"`
	Body    struct {
		Division string `json:"division" maxLength:"300" doc:"Empty: itself"`
		On       string `json:"on" doc:"From when"`
		Reason   string `json:"reason" maxLength:"2000"`
	}
}

// MergeIn lets another agreement take one over.
type MergeIn struct {
	api.InProgramme
	api.Conditional
	Partner string `path:"partner" doc:"Code of the partner whose agreement ends"`
	Body    struct {
		Into   string `json:"into" doc:"Code of the partner whose agreement goes on"`
		On     string `json:"on" doc:"The years that begin on it or later go over"`
		Reason string `json:"reason" maxLength:"2000"`
	}
}

// CloseIn closes an agreement.
type CloseIn struct {
	api.InProgramme
	api.Conditional
	Partner string `path:"partner" doc:"Code of the partner"`
}

func partners(a *api.API) {
	const at, noun = "/programmes/{programme}/agreements/{partner}", "Partners"
	api.List(a, api.Operation{ID: "list-partner-changes", Path: at + "/changes", Noun: noun, Summary: "What changed about the partner", Verb: "agreement.read"},
		func(c *api.Call, in *VersionsIn) ([]PartnerChange, string, error) {
			x, _, err := tableOf(c, in.Partner)
			if err != nil {
				return nil, "", err
			}
			all, err := partner.Changes(c, c.Tx, c.G.ID, x.ID)
			if err != nil {
				return nil, "", err
			}
			page, next, err := api.Cut(all, in.Paged, func(x partner.Change) string { return string(x.ID) })
			out := make([]PartnerChange, len(page))
			for i, x := range page {
				out[i] = PartnerChange{string(x.ID), string(x.Kind), api.DayOf(x.On), x.Was, x.Is, x.Reason, string(x.At)}
			}
			return out, next, err
		})
	api.Get(a, api.Operation{ID: "get-years-left", Path: at + "/left", Noun: noun, Summary: "What each year still needs before the agreement is closed", Verb: "settlement.read"}, yearsLeft)
	rename := api.Operation{ID: "rename-partner", Path: at + "/rename", Noun: noun, Summary: "Give the partner a new name, in every programme", Verb: "agreement.rename", Agency: true}
	api.Change(a, rename, http.MethodPost, func(c *api.Call, in *RenameIn) (api.Agreement, error) { return oneAgreement(c, in.Partner) },
		func(c *api.Call, in *RenameIn) (api.Agreement, error) {
			x, _, err := tableOf(c, in.Partner)
			if err != nil {
				return api.Agreement{}, err
			}
			if err := c.Tx.AlsoProgramme(c, c.G.ID); err != nil {
				return api.Agreement{}, err
			}
			n := partner.Renamed{Name: in.Body.Name, Short: in.Body.Short, On: period.Date(in.Body.On), Reason: in.Body.Reason}
			if err := partner.Rename(c, c.Tx, c.By, c.G.ID, x.ID, n); err != nil {
				return api.Agreement{}, err
			}
			return oneAgreement(c, in.Partner)
		})
	divide := api.Operation{ID: "divide-partner", Path: at + "/divide", Noun: noun, Summary: "Tell through which division the partner acts", Verb: "agreement.divide"}
	api.Change(a, divide, http.MethodPost, func(c *api.Call, in *DivideIn) (api.Agreement, error) { return oneAgreement(c, in.Partner) },
		func(c *api.Call, in *DivideIn) (api.Agreement, error) {
			x, _, err := tableOf(c, in.Partner)
			if err != nil {
				return api.Agreement{}, err
			}
			if err := partner.Divide(c, c.Tx, c.By, c.G.ID, x.ID, in.Body.Division, period.Date(in.Body.On), in.Body.Reason); err != nil {
				return api.Agreement{}, err
			}
			return oneAgreement(c, in.Partner)
		})
	merge := api.Operation{ID: "merge-partner", Path: at + "/merge", Noun: noun, Summary: "End the agreement and let another one take its later years over", Verb: "agreement.merge"}
	api.Change(a, merge, http.MethodPost, func(c *api.Call, in *MergeIn) (api.Agreement, error) { return oneAgreement(c, in.Partner) }, mergeInto)
	reasoned(a, api.Operation{ID: "terminate-agreement", Path: at + "/terminate", Noun: noun, Summary: "End the agreement early, today", Verb: "agreement.terminate"},
		func(c *api.Call, x agreement.Agreement, why string) error {
			_, err := agreement.Terminate(c, c.Tx, c.By, c.G.ID, x.ID, why)
			return err
		})
	shut := api.Operation{ID: "close-agreement", Path: at + "/close", Noun: noun, Summary: "Close an agreement whose years are all settled", Verb: "agreement.close"}
	api.Change(a, shut, http.MethodPost, func(c *api.Call, in *CloseIn) (api.Agreement, error) { return oneAgreement(c, in.Partner) },
		func(c *api.Call, in *CloseIn) (api.Agreement, error) {
			x, _, err := tableOf(c, in.Partner)
			if err != nil {
				return api.Agreement{}, err
			}
			if _, err := settlement.Close(c, c.Tx, c.By, c.G.ID, x.ID); err != nil {
				return api.Agreement{}, err
			}
			return oneAgreement(c, in.Partner)
		})
}

func mergeInto(c *api.Call, in *MergeIn) (api.Agreement, error) {
	x, _, err := tableOf(c, in.Partner)
	if err != nil {
		return api.Agreement{}, err
	}
	m := settlement.Merger{From: x.ID, On: period.Date(in.Body.On), Reason: in.Body.Reason}
	all, err := agreement.List(c, c.Tx, c.By.ScopeFor("agreement.read"), c.G.ID)
	if err != nil {
		return api.Agreement{}, err
	}
	for _, y := range all {
		if y.Partner.Code == in.Body.Into {
			m.Into = y.ID
		}
	}
	if _, err := settlement.Merge(c, c.Tx, c.By, c.G, m); err != nil {
		return api.Agreement{}, err
	}
	return oneAgreement(c, in.Partner)
}

func yearsLeft(c *api.Call, in *api.AgreementIn) (YearsLeft, error) {
	x, err := agreement.ByPartner(c, c.Tx, c.By.ScopeFor("settlement.read"), c.G.ID, in.Partner)
	if err != nil {
		return YearsLeft{}, err
	}
	all, err := settlement.LeftOf(c, c.Tx, c.By, c.G.ID, x)
	out := YearsLeft{Years: []YearLeft{}}
	for _, l := range all {
		m := l.Money
		out.Years = append(out.Years, YearLeft{int(l.Year), api.MoneyOf(m.Ceiling), api.MoneyOf(m.Cost.Sum()), api.MoneyOf(m.Open), api.MoneyOf(m.NetPaid()), m.OpenClaims,
			m.InFlight, m.Parked, string(l.Settled)})
	}
	return out, err
}
