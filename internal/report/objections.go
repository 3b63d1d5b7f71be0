package report

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// Objection is what a partner has against one version of a settlement, and what the agency answered. Only what was communicated can be
// objected to, so whoever may read the agreement's settlements may read it.
type Objection struct {
	Version        int
	Reason         string
	On             period.Date
	By             string
	Outcome        string // "" while it waits
	Answer         string
	AnsweredOn     period.Date
	AnsweredByName string
}

var listObjections = db.SQL("report.settlement.objections",
	`select s.version, x.reason, x.objected_on, coalesce(p.name, ''), x.outcome, x.answer, x.answered_on, coalesce(q.name, '')
	 from settlement s
	 join settlement_objection x on x.programme_id = s.programme_id and x.settlement_id = s.id
	 left join person p on p.id = x.objected_by
	 left join person q on q.id = x.answered_by
	 where s.programme_id = $1 and s.agreement_id = $2 and s.year = $3 order by s.version desc`)

// Recall is why the agency took back a version that it had communicated.
type Recall struct {
	Version int
	Reason  string
	On      period.Date
	By      string
}

var listRecalls = db.SQL("report.settlement.recalls",
	`select s.version, x.reason, x.recalled_on, coalesce(p.name, '')
	 from settlement s
	 join settlement_recall x on x.programme_id = s.programme_id and x.settlement_id = s.id
	 left join person p on p.id = x.recalled_by
	 where s.programme_id = $1 and s.agreement_id = $2 and s.year = $3 order by s.version desc`)

// LoadRecalls reads why versions of an agreement-year's settlement were taken back, newest first.
func LoadRecalls(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, year period.Year) ([]Recall, error) {
	var out []Recall
	err := tx.Each(ctx, listRecalls, []any{g, a, year}, func(r *sql.Rows) error {
		var x Recall
		err := r.Scan(&x.Version, &x.Reason, &x.On, &x.By)
		out = append(out, x)
		return err
	})
	return out, err
}

// LoadObjections reads the objections to an agreement-year's settlement, newest first.
func LoadObjections(ctx context.Context, tx *db.Tx, g id.Programme, a id.Agreement, year period.Year) ([]Objection, error) {
	var out []Objection
	err := tx.Each(ctx, listObjections, []any{g, a, year}, func(r *sql.Rows) error {
		var o Objection
		err := r.Scan(&o.Version, &o.Reason, &o.On, &o.By, &o.Outcome, &o.Answer, &o.AnsweredOn, &o.AnsweredByName)
		out = append(out, o)
		return err
	})
	return out, err
}
