// Package rules is the part of the JSON interface about what a programme says of money.
package rules

import (
	"net/http"

	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/rule"
)

// Rules are what a programme says of money on a day. Fields that end in _bp are basis points, those in _days days, amounts decimals, lists words
// with blanks between them.
type Rules struct {
	On         api.Day                      `json:"on"`
	Programme  map[string]string            `json:"programme" doc:"Shares, and the terms of the agency, by field"`
	Claim      map[string]string            `json:"claim" doc:"How claims are looked at, and the partners' terms, by field"`
	Categories map[string]map[string]string `json:"categories" doc:"Which costs count and how far, by category and field"`
	Changes    []RuleChange                 `json:"changes" nullable:"false" doc:"The newest first, those to come included"`
}

// RuleChange is a change that somebody made.
type RuleChange struct {
	From     api.Day `json:"from"`
	Part     string  `json:"part" enum:"programme,claim,category"`
	Category string  `json:"category,omitempty"`
	MadeOn   api.Day `json:"made_on"`
	MadeBy   string  `json:"made_by,omitempty"`
	Reason   string  `json:"reason"`
}

// RulesIn asks for the rules of a day.
type RulesIn struct {
	api.InProgramme
	api.Cached
	On string `query:"on" format:"date" doc:"Without it, today"`
}

// ChangeRuleIn changes some of them.
type ChangeRuleIn struct {
	api.InProgramme
	api.Conditional
	Body struct {
		Part     string            `json:"part" enum:"programme,claim,category"`
		Category string            `json:"category,omitempty" doc:"Of cost, for part category"`
		From     api.Day           `json:"from" doc:"Today or later"`
		Reason   string            `json:"reason" maxLength:"1000"`
		Set      map[string]string `json:"set" minProperties:"1" doc:"Fields with what they say from then on; what is left out stays"`
	}
}

// Resources adds the resources of this package.
func Resources(a *api.API) {
	const noun, at = "Rules", "/programmes/{programme}/rules"
	api.Get(a, api.Operation{ID: "get-rules", Path: at, Noun: noun, Verb: "rule.read", Summary: "What a programme says of money on a day, and what was changed"},
		func(c *api.Call, in *RulesIn) (Rules, error) { return rulesOf(c, period.Date(in.On)) })
	api.Change(a, api.Operation{ID: "change-rule", Path: at, Noun: noun, Verb: "rule.change", Summary: "Change a rule from a day on, with a reason"}, http.MethodPost,
		func(c *api.Call, _ *ChangeRuleIn) (Rules, error) { return rulesOf(c, "") },
		func(c *api.Call, in *ChangeRuleIn) (Rules, error) {
			from := period.Date(in.Body.From)
			if err := rule.SetFields(c, c.Tx, c.By, c.G, rule.Part(in.Body.Part), in.Body.Category, from, in.Body.Set, in.Body.Reason); err != nil {
				return Rules{}, err
			}
			return rulesOf(c, from)
		})
}

func rulesOf(c *api.Call, on period.Date) (Rules, error) {
	on = rule.DayIn(c.G, on, c.Tx.Now.Date())
	b, err := rule.On(c, c.Tx, c.By, c.G.ID, on)
	if err != nil {
		return Rules{}, err
	}
	out := Rules{On: api.DayOf(on), Programme: map[string]string{}, Claim: map[string]string{}, Categories: map[string]map[string]string{}, Changes: []RuleChange{}}
	for _, f := range b.Fields() {
		switch f.Part {
		case rule.Programme:
			out.Programme[f.Name] = f.Value
		case rule.Claim:
			out.Claim[f.Name] = f.Value
		default:
			if out.Categories[f.Category] == nil {
				out.Categories[f.Category] = map[string]string{}
			}
			out.Categories[f.Category][f.Name] = f.Value
		}
	}
	for _, m := range b.Changes {
		out.Changes = append(out.Changes, RuleChange{From: api.DayOf(m.From), Part: string(m.Part), Category: m.Category, MadeOn: api.DayOf(m.On), MadeBy: m.By,
			Reason: m.Reason})
	}
	return out, nil
}
