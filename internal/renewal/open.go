package renewal

import (
	"context"
	"regexp"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// What the next round takes over whole. Goals, KPIs and criteria keep their ids: a key leads with the programme, and so one can follow an
// indicator from round to round.
var (
	copyRule = db.SQL("renewal.rule.copy",
		`insert into programme_rule (programme_id, starts_on, rate_bp, performance_bp, advance_bp, objection_days, carry_over_bp, year_of, answer_days,
		   bank_cooling_days, declared_bp, alert_chance_bp, alert_stake_bp, report_grace_days, plan_days)
		 select cast($2 as text), cast($3 as text), rate_bp, performance_bp, advance_bp, objection_days, carry_over_bp, year_of, answer_days,
		   bank_cooling_days, declared_bp, alert_chance_bp, alert_stake_bp, report_grace_days, plan_days
		 from programme_rule where programme_id = $1 and starts_on = (
		   select max(r.starts_on) from programme_rule r where r.programme_id = $1 and r.starts_on <= $4)`)
	copyCostRules = []db.Query{
		db.SQL("renewal.claim_rule.copy",
			`insert into claim_rule (programme_id, starts_on, sample_bp, sample_from, sample_seed, second_from, proof_from, claim_days, reply_days,
			   parked_days)
			 select cast($2 as text), cast($3 as text), sample_bp, sample_from, sample_seed, second_from, proof_from, claim_days, reply_days, parked_days
			 from claim_rule where programme_id = $1 and starts_on = (
			   select max(r.starts_on) from claim_rule r where r.programme_id = $1 and r.starts_on <= $4)`),
		db.SQL("renewal.category_rule.copy",
			`insert into category_rule (programme_id, category, starts_on, kinds, cap, hour_cap, flat_bp, flat_of)
			 select cast($2 as text), c.category, cast($3 as text), c.kinds, c.cap, c.hour_cap, c.flat_bp, c.flat_of
			 from category_rule c where c.programme_id = $1 and c.starts_on = (
			   select max(r.starts_on) from category_rule r where r.programme_id = $1 and r.category = c.category and r.starts_on <= $4)`),
	}
	copyParts = []db.Query{
		db.SQL("renewal.goal.copy",
			`insert into goal (programme_id, id, code, position, name_nl, name_en, name_fr)
			 select cast($2 as text), id, code, position, name_nl, name_en, name_fr from goal where programme_id = $1`),
		db.SQL("renewal.criterion.copy",
			`insert into criterion (programme_id, id, code, position, weight, name_nl, name_en, name_fr, hint_nl, hint_en, hint_fr)
			 select cast($2 as text), id, code, position, weight, name_nl, name_en, name_fr, hint_nl, hint_en, hint_fr
			 from criterion where programme_id = $1`),
		db.SQL("renewal.template.copy",
			`insert into clause_template (programme_id, code, position, level, title_nl, title_en, title_fr, text_nl, text_en, text_fr)
			 select cast($2 as text), code, position, level, title_nl, title_en, title_fr, text_nl, text_en, text_fr
			 from clause_template where programme_id = $1`),
		db.SQL("renewal.kpi.copy",
			`insert into kpi (programme_id, id, code, position, version, name_nl, name_en, name_fr, short_nl, short_en, short_fr, unit, kinds,
			   activity_types, joint_only, aggregate, measure, threshold, joint, direction, decimals, min_sample, verified_only, cockpit,
			   formula)
			 select cast($2 as text), id, code, position, version, name_nl, name_en, name_fr, short_nl, short_en, short_fr, unit, kinds,
			   activity_types, joint_only, aggregate, measure, threshold, joint, direction, decimals, min_sample, verified_only, cockpit,
			   formula
			 from kpi where programme_id = $1`),
	}
)

// Next is the round to open.
type Next struct {
	Code         string
	Name         programme.Words
	Starts, Ends period.Date
	Envelopes    map[period.Year]money.Amount // a year that is left out gets the last envelope of the round before
}

var codeForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,63}$`)

// check tells what is wrong with a round, at the fields code, name, starts, ends and envelope.YEAR.
func (n Next) check(from programme.Programme) error {
	var faults []error
	if !codeForm.MatchString(n.Code) {
		faults = append(faults, fault.Invalid("code", "renewal.code_form", nil))
	}
	if strings.TrimSpace(n.Name.NL) == "" || strings.TrimSpace(n.Name.EN) == "" || strings.TrimSpace(n.Name.FR) == "" {
		faults = append(faults, fault.Invalid("name", "renewal.name_missing", nil))
	}
	switch {
	case !n.Starts.Valid() || n.Starts <= from.Ends:
		faults = append(faults, fault.Invalid("starts", "renewal.starts_after", text.Args{"date": from.Ends}))
	case !n.Ends.Valid() || n.Ends < n.Starts:
		faults = append(faults, fault.Invalid("ends", "db.ends_before_start", nil))
	}
	for y, a := range n.Envelopes {
		if a < 0 {
			faults = append(faults, fault.Invalid("envelope."+y.String(), "db.amount_negative", nil))
		}
		if n.Starts.Valid() && n.Ends.Valid() && (y < n.Starts.Year() || y > n.Ends.Year()) {
			faults = append(faults, fault.Invalid("envelope."+y.String(), "renewal.year_outside", text.Args{"year": y}))
		}
	}
	return fault.Join(faults...)
}

// Open makes the next round of a programme: its strategy, the rules in force at the end of the running one, goals, KPI catalogue, clauses
// and criteria are copied; the yearly envelopes are voted today. The round before stays as it is. In a unit of work of the agency.
func Open(ctx context.Context, tx *db.Tx, by access.Actor, from programme.Programme, n Next) (programme.Programme, error) {
	if err := by.May("programme.renew", access.Subject{Kind: "programme"}); err != nil {
		return programme.Programme{}, err
	}
	if err := n.check(from); err != nil {
		return programme.Programme{}, err
	}
	p := programme.Programme{ID: id.New[id.Programme](), Code: n.Code, Name: n.Name, Note: from.Note, Strategy: from.Strategy, Starts: n.Starts,
		Ends: n.Ends, Currency: from.Currency, Agency: from.Agency, Invented: from.Invented, State: programme.Open}
	if err := programme.Begin(ctx, tx, p); err != nil {
		return p, err
	}
	if err := tx.AlsoProgramme(ctx, p.ID); err != nil {
		return p, err
	}
	for _, q := range append([]db.Query{copyRule}, copyCostRules...) {
		if _, err := tx.Exec(ctx, q, from.ID, p.ID, p.Starts, from.Ends); err != nil {
			return p, err
		}
	}
	for _, q := range copyParts {
		if _, err := tx.Exec(ctx, q, from.ID, p.ID); err != nil {
			return p, err
		}
	}
	if err := vote(ctx, tx, from, p, n.Envelopes); err != nil {
		return p, err
	}
	if err := programme.Publish(ctx, tx, p.ID); err != nil {
		return p, err
	}
	after := map[string]any{"code": p.Code, "starts": p.Starts, "ends": p.Ends, "from": from.Code}
	for _, scope := range []string{"", string(p.ID)} {
		err := audit.Append(ctx, tx, scope, by.Label(), audit.Change{Verb: "programme.renew", ObjectKind: "programme", ObjectID: string(p.ID), After: after})
		if err != nil {
			return p, err
		}
	}
	return p, nil
}

// vote writes the yearly envelopes and books them.
func vote(ctx context.Context, tx *db.Tx, from, p programme.Programme, given map[period.Year]money.Amount) error {
	last, err := programme.Envelopes(ctx, tx, from.ID)
	if err != nil {
		return err
	}
	all := map[period.Year]money.Amount{}
	for _, y := range p.Years() {
		amount, named := given[y]
		if !named {
			amount = last[from.Ends.Year()]
		}
		all[y] = amount
	}
	if err := programme.AddEnvelopes(ctx, tx, p.ID, all); err != nil {
		return err
	}
	for _, y := range p.Years() {
		if all[y] == 0 {
			continue
		}
		_, err := ledger.Post(ctx, tx, ledger.Entry{Programme: p.ID, Key: "envelope-voted:" + y.String(), Event: ledger.EventEnvelopeVoted,
			BookedOn: tx.Now.Date(), Year: y, SubjectKind: "programme", SubjectID: string(p.ID), Lines: ledger.EnvelopeVoted(all[y])})
		if err != nil {
			return err
		}
	}
	return nil
}
