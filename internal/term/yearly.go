package term

import (
	"context"
	"database/sql"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

var (
	// a plan of this year or the next that nobody has submitted, or that came back
	termPlans = db.SQL("term.term.plans",
		`select y.agreement_id, a.organisation_id, o.code, y.year, a.signed_on
		 from agreement_ceiling y join agreement a on a.programme_id = y.programme_id and a.id = y.agreement_id
		 join organisation o on o.id = a.organisation_id
		 where y.programme_id = $1 and ($2 = '*' or $2 like '%' || a.organisation_id || '%') and y.amount > 0 and a.state in ('signed', 'active')
		   and (y.year = $3 or y.year = $4)
		   and not exists (select 1 from plan p where p.programme_id = y.programme_id and p.organisation_id = a.organisation_id and p.year = y.year
		     and p.state in ('submitted', 'approved', 'amended'))`)
	// a quarter with an activity that the partner leads and that nobody has reported
	termReports = db.SQL("term.term.reports",
		`select a.id, a.organisation_id, o.code, cast(substr(v.ends_on, 1, 4) as integer), (cast(substr(v.ends_on, 6, 2) as integer) + 2) / 3
		 from agreement a join organisation o on o.id = a.organisation_id
		 join activity_organiser w on w.organisation_id = a.organisation_id and w.programme_id = a.programme_id and w.position = 0
		 join activity v on v.programme_id = w.programme_id and v.id = w.activity_id
		 where a.programme_id = $1 and ($2 = '*' or $2 like '%' || a.organisation_id || '%') and a.state in ('signed', 'active')
		   and v.state in ('published', 'held') and v.ends_on <= $3
		   and not exists (select 1 from settlement s where s.programme_id = a.programme_id and s.agreement_id = a.id
		     and s.year = cast(substr(v.ends_on, 1, 4) as integer) and s.state in ('communicated', 'objection', 'final'))
		 group by a.id, a.organisation_id, o.code, substr(v.ends_on, 1, 4), (cast(substr(v.ends_on, 6, 2) as integer) + 2) / 3`)
)

// signedDays are left for a plan after an agreement was signed, when its term passed before.
const signedDays = 30

// yearly adds the terms that the programme's rule sets for each year: its plan, and the reports of its quarters.
func yearly(ctx context.Context, tx *db.Tx, g id.Programme, scope access.Scope, all []Term) ([]Term, error) {
	today := tx.Now.Date()
	rules, err := programme.LoadRules(ctx, tx, g)
	if err != nil {
		return nil, err
	}
	rule, found := rules.InForce(today)
	if !found {
		return all, nil
	}
	year := today.Year()
	err = tx.Each(ctx, termPlans, []any{g, scope, year, year + 1}, func(r *sql.Rows) error {
		t := Term{Kind: Plan}
		var signed period.Date
		err := r.Scan(&t.Agreement, &t.Partner, &t.Code, &t.Year, &signed)
		t.Subject, t.Due = string(t.Agreement)+":"+t.Year.String(), t.Year.First().AddDays(-rule.PlanDays)
		if signed != "" {
			t.Due = max(t.Due, signed.AddDays(signedDays))
		}
		all = append(all, t)
		return err
	})
	if err != nil {
		return nil, err
	}
	quarter := year.Quarter((int(today.Time().Month()) + 2) / 3)
	err = tx.Each(ctx, termReports, []any{g, scope, quarter.To}, func(r *sql.Rows) error {
		t := Term{Kind: Report}
		err := r.Scan(&t.Agreement, &t.Partner, &t.Code, &t.Year, &t.Number)
		t.Subject = string(t.Agreement) + ":" + t.Year.String() + ":" + strconv.Itoa(t.Number)
		t.Due = t.Year.Quarter(t.Number).To.AddDays(rule.Limits.GraceDays)
		all = append(all, t)
		return err
	})
	return all, err
}
