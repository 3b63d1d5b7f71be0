// Package rounds holds the commands of the next round: it is opened, its partners are chosen, and their agreements are drafted.
package rounds

import (
	"strconv"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/renewal"
	"errera.eu/errera/internal/text"
)

// Command is `errera round`.
type Command struct {
	Open     openCommand     `cmd:"" help:"Open the round after a programme; its rules, goals, KPIs, clauses and criteria come along."`
	Criteria criteriaCommand `cmd:"" help:"What candidates are assessed by."`
	List     listCommand     `cmd:"" help:"The candidates of a round, with totals and spreads."`
	Name     nameCommand     `cmd:"" help:"Name an organisation as candidate, or every partner with a running agreement."`
	Apply    applyCommand    `cmd:"" help:"Apply, with an answer to every criterion."`
	Declare  declareCommand  `cmd:"" help:"Say whether you have a conflict of interest with a candidate."`
	Score    scoreCommand    `cmd:"" help:"Score a candidate by every criterion."`
	Assess   assessCommand   `cmd:"" help:"Close the scoring of a candidate."`
	Invite   decideCommand   `cmd:"" help:"Decide that a candidate gets an agreement."`
	Decline  declineCommand  `cmd:"" help:"Decide that a candidate gets none."`
	Draft    draftCommand    `cmd:"" help:"Lay the agreement of an invited candidate on the table as a draft."`
	Targets  targetsCommand  `cmd:"" help:"The baselines and targets that are proposed for an organisation, beside what was attained."`
}

// In names a round.
type In struct {
	Programme string `placeholder:"CODE" help:"Code of the round; without it, the programme that runs today."`
}

// Of names a candidate.
type Of struct {
	In
	Partner string `required:"" placeholder:"CODE" help:"Code of the organisation."`
}

// step does a verb on a candidate, and says what became of it.
func (c *Of) step(r *command.Run, fn func(tx *db.Tx, by access.Actor, g programme.Programme, x agreement.Candidate, criteria []agreement.Criterion) error) error {
	return r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		x, err := agreement.LoadCandidate(r, tx, by, g.ID, c.Partner)
		if err != nil {
			return err
		}
		criteria, err := agreement.Criteria(r, tx, g.ID)
		if err != nil {
			return err
		}
		if err := fn(tx, by, g, x, criteria); err != nil {
			return err
		}
		x, err = agreement.LoadCandidate(r, tx, by, g.ID, c.Partner)
		if err == nil {
			r.Say("cli.candidate_is", text.Args{"partner": x.Organisation.Label(), "state": text.Key("state." + string(x.State))})
		}
		return err
	})
}

type openCommand struct {
	In
	Code     string            `arg:"" help:"Code of the new round."`
	NL       string            `name:"name-nl" required:"" help:"Its name in Dutch."`
	EN       string            `name:"name-en" required:"" help:"Its name in English."`
	FR       string            `name:"name-fr" required:"" help:"Its name in French."`
	Starts   string            `required:"" placeholder:"DATE" help:"First day."`
	Ends     string            `required:"" placeholder:"DATE" help:"Last day."`
	Envelope map[string]string `placeholder:"YEAR=AMOUNT;…" help:"Yearly envelopes; a year that is left out gets the last one of the round before."`
}

func (c *openCommand) Run(r *command.Run) error {
	n := renewal.Next{Code: c.Code, Name: programme.Words{NL: c.NL, EN: c.EN, FR: c.FR}, Starts: period.Date(c.Starts), Ends: period.Date(c.Ends),
		Envelopes: map[period.Year]money.Amount{}}
	for year, typed := range c.Envelope {
		y, err := strconv.Atoi(year)
		if err != nil {
			return fault.Invalid("envelope", "renewal.year_outside", text.Args{"year": year})
		}
		if n.Envelopes[period.Year(y)], err = money.Parse(typed); err != nil {
			return fault.At("envelope."+year, err)
		}
	}
	return r.With(func(d *db.DB) error {
		by, g, err := r.InProgramme(d, c.Programme)
		if err != nil {
			return err
		}
		err = d.WriteAgency(r, func(tx *db.Tx) error {
			_, err := renewal.Open(r, tx, by, g, n)
			return err
		})
		if err == nil {
			r.Say("cli.round_begun", text.Args{"code": c.Code})
		}
		return err
	})
}

type criteriaCommand struct {
	In
	Set []string `placeholder:"CODE:WEIGHT:NAME" sep:"none" help:"A criterion, with its name in one language or as nl|en|fr; all of them, in order, replace those that are there."`
}

// criterion is one, for machines.
type criterion struct {
	Code   string `json:"code"`
	Weight int64  `json:"weight"`
	NL     string `json:"name_nl"`
	EN     string `json:"name_en"`
	FR     string `json:"name_fr"`
}

func (c *criteriaCommand) Run(r *command.Run) error {
	rows := []criterion{}
	err := r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		if len(c.Set) > 0 {
			all, err := parseCriteria(c.Set)
			if err != nil {
				return err
			}
			if err := agreement.SetCriteria(r, tx, by, g.ID, all); err != nil {
				return err
			}
		}
		all, err := agreement.Criteria(r, tx, g.ID)
		for _, k := range all {
			rows = append(rows, criterion{k.Code, k.Weight, k.Name.NL, k.Name.EN, k.Name.FR})
		}
		return err
	})
	if err != nil {
		return err
	}
	return command.WriteRows(r, rows, []string{"code", "weight", "name_nl", "name_en", "name_fr"}, func(k criterion) []string {
		return []string{k.Code, strconv.FormatInt(k.Weight, 10), k.NL, k.EN, k.FR}
	})
}

func parseCriteria(typed []string) ([]agreement.Criterion, error) {
	var all []agreement.Criterion
	for _, s := range typed {
		parts := strings.SplitN(s, ":", 3)
		if len(parts) < 3 {
			return nil, fault.Invalid("set", "cli.criterion_form", text.Args{"found": s})
		}
		weight, err := strconv.ParseInt(parts[1], 10, 64)
		if err != nil {
			return nil, fault.Invalid("set", "candidate.weight", nil)
		}
		k := agreement.Criterion{Code: parts[0], Weight: weight, Name: programme.Words{NL: parts[2], EN: parts[2], FR: parts[2]}}
		if names := strings.Split(parts[2], "|"); len(names) == 3 {
			k.Name = programme.Words{NL: names[0], EN: names[1], FR: names[2]}
		}
		all = append(all, k)
	}
	return all, nil
}

type listCommand struct{ In }

// row is a candidate, for machines.
type row struct {
	Partner  string `json:"partner"`
	Name     string `json:"name"`
	State    string `json:"state"`
	Sheets   int    `json:"complete_sheets"`
	TotalBp  int64  `json:"total_bp"`
	SpreadBp int64  `json:"spread_bp"`
	Reason   string `json:"reason"`
}

func (c *listCommand) Run(r *command.Run) error {
	rows := []row{}
	err := r.ReadIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		criteria, err := agreement.Criteria(r, tx, g.ID)
		if err != nil {
			return err
		}
		all, err := agreement.Candidates(r, tx, by, g.ID)
		for _, x := range all {
			t := x.Tally(criteria)
			rows = append(rows, row{x.Organisation.Code, x.Organisation.Name, string(x.State), t.Sheets, t.TotalBp, t.SpreadBp, x.Reason})
		}
		return err
	})
	if err != nil {
		return err
	}
	return command.WriteRows(r, rows, []string{"partner", "name", "state", "complete_sheets", "total_bp", "spread_bp", "reason"}, func(x row) []string {
		return []string{x.Partner, x.Name, x.State, strconv.Itoa(x.Sheets), strconv.FormatInt(x.TotalBp, 10), strconv.FormatInt(x.SpreadBp, 10), x.Reason}
	})
}

type nameCommand struct {
	In
	Partner string `placeholder:"CODE" xor:"who" required:"" help:"Code of the organisation."`
	Running bool   `xor:"who" required:"" help:"Every partner with a running agreement in the round before."`
	Motive  string `required:"" help:"Why it is named."`
}

func (c *nameCommand) Run(r *command.Run) error {
	return r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		n := 1
		var err error
		if c.Running {
			n, err = renewal.NameRunning(r, tx, by, g, c.Motive)
		} else {
			var o programme.Organisation
			if o, err = programme.OrganisationByCode(r, tx, c.Partner); err == nil {
				_, err = agreement.NameCandidate(r, tx, by, g.ID, o, c.Motive)
			}
		}
		if err == nil {
			r.Say("cli.candidates_named", text.Args{"n": n})
		}
		return err
	})
}

type applyCommand struct {
	Of
	Motive string            `required:"" help:"What the organisation applies with."`
	Answer map[string]string `required:"" placeholder:"CRITERION=WORDS;…" help:"An answer to every criterion."`
}

func (c *applyCommand) Run(r *command.Run) error {
	return r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		o, err := programme.OrganisationByCode(r, tx, c.Partner)
		if err != nil {
			return err
		}
		criteria, err := agreement.Criteria(r, tx, g.ID)
		if err != nil {
			return err
		}
		answers := map[id.Criterion]string{}
		for _, k := range criteria {
			answers[k.ID] = c.Answer[k.Code]
		}
		_, err = agreement.ApplyAsCandidate(r, tx, by, g.ID, o, c.Motive, answers)
		if err == nil {
			r.Say("candidates.done.apply", nil)
		}
		return err
	})
}

type declareCommand struct {
	Of
	Conflict string `help:"What the conflict of interest is; without it there is none."`
}

func (c *declareCommand) Run(r *command.Run) error {
	return c.step(r, func(tx *db.Tx, by access.Actor, g programme.Programme, x agreement.Candidate, _ []agreement.Criterion) error {
		return agreement.DeclareInterest(r, tx, by, g.ID, x.ID, c.Conflict != "", c.Conflict)
	})
}

type scoreCommand struct {
	Of
	Points map[string]int64  `required:"" placeholder:"CRITERION=0-5;…" help:"Points for every criterion."`
	Words  map[string]string `required:"" placeholder:"CRITERION=WORDS;…" help:"The words that carry them."`
}

func (c *scoreCommand) Run(r *command.Run) error {
	return c.step(r, func(tx *db.Tx, by access.Actor, g programme.Programme, x agreement.Candidate, criteria []agreement.Criterion) error {
		scores := map[id.Criterion]agreement.Score{}
		for _, k := range criteria {
			if p, given := c.Points[k.Code]; given {
				scores[k.ID] = agreement.Score{Points: p, Words: c.Words[k.Code]}
			}
		}
		return agreement.ScoreCandidate(r, tx, by, g.ID, x.ID, scores)
	})
}

type assessCommand struct{ Of }

func (c *assessCommand) Run(r *command.Run) error {
	return c.step(r, func(tx *db.Tx, by access.Actor, g programme.Programme, x agreement.Candidate, _ []agreement.Criterion) error {
		_, err := agreement.AssessCandidate(r, tx, by, g.ID, x.ID)
		return err
	})
}

type decideCommand struct {
	Of
	Reason string `required:"" help:"Why."`
}

func (c *decideCommand) Run(r *command.Run) error {
	return c.step(r, func(tx *db.Tx, by access.Actor, g programme.Programme, x agreement.Candidate, _ []agreement.Criterion) error {
		_, err := agreement.InviteCandidate(r, tx, by, g.ID, x.ID, c.Reason)
		return err
	})
}

type declineCommand struct {
	Of
	Reason string `required:"" help:"Why; the candidate reads it."`
}

func (c *declineCommand) Run(r *command.Run) error {
	return c.step(r, func(tx *db.Tx, by access.Actor, g programme.Programme, x agreement.Candidate, _ []agreement.Criterion) error {
		_, err := agreement.DeclineCandidate(r, tx, by, g.ID, x.ID, c.Reason)
		return err
	})
}

type draftCommand struct{ Of }

func (c *draftCommand) Run(r *command.Run) error {
	return c.step(r, func(tx *db.Tx, by access.Actor, g programme.Programme, x agreement.Candidate, _ []agreement.Criterion) error {
		_, err := renewal.Draft(r, tx, by, g, x.Organisation.Code)
		return err
	})
}

type targetsCommand struct{ Of }

// target is one figure of a proposal, for machines.
type target struct {
	KPI    string `json:"kpi"`
	Basis  string `json:"basis"`
	Year   string `json:"year"`
	Kind   string `json:"kind"` // attained, baseline or target
	Figure string `json:"figure"`
}

func (c *targetsCommand) Run(r *command.Run) error {
	rows := []target{}
	err := r.ReadIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		if err := by.May("programme.renew", access.Subject{Kind: "programme"}); err != nil {
			return err
		}
		o, err := programme.OrganisationByCode(r, tx, c.Partner)
		if err != nil {
			return err
		}
		v, err := renewal.LoadCarried(r, tx, g, o)
		for _, k := range v.Document.KPIs {
			p := v.Proposals[k.KPI]
			for _, a := range p.Attained {
				rows = append(rows, target{k.KPI, string(p.Basis), a.Year.String(), "attained", string(agreement.NumberOf(a.Value))})
			}
			rows = append(rows, target{k.KPI, string(p.Basis), "", "baseline", string(k.Baseline)})
			for _, t := range k.Targets {
				rows = append(rows, target{k.KPI, string(p.Basis), t.Year.String(), "target", string(t.Value)})
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return command.WriteRows(r, rows, []string{"kpi", "basis", "year", "kind", "figure"}, func(t target) []string {
		return []string{t.KPI, t.Basis, t.Year, t.Kind, t.Figure}
	})
}
