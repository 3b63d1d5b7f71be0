package report

import (
	"context"
	"database/sql"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/programme"
)

// About is what a decision is about, as far as a page can name it: a cost item, an activity or a KPI.
type About struct {
	Kind string
	Code string // of the item, activity or KPI
	Name programme.Words
}

var listAbout = db.SQL("report.decision.about",
	`select d.id, d.subject_kind, coalesce(i.ref, v.code, k.code, ''), coalesce(i.description, v.title, k.name_nl, ''),
	   coalesce(i.description, v.title, k.name_en, ''), coalesce(i.description, v.title, k.name_fr, '')
	 from decision d
	 left join cost_item i on i.programme_id = d.programme_id and i.id = d.subject_id and d.subject_kind = 'item'
	 left join activity v on v.programme_id = d.programme_id and v.id = d.subject_id and d.subject_kind = 'activity'
	 left join assignment s on s.programme_id = d.programme_id and s.id = d.subject_id and d.subject_kind = 'assignment'
	 left join kpi k on k.programme_id = s.programme_id and k.id = s.kpi_id
	 where d.programme_id = $1 and d.subject_kind in ('item', 'activity', 'assignment')`)

// DecisionsAbout names what the decisions of a programme are about. Which decisions a reader may see is for the caller to know.
func DecisionsAbout(ctx context.Context, tx *db.Tx, g id.Programme) (map[id.Decision]About, error) {
	all := map[id.Decision]About{}
	err := tx.Each(ctx, listAbout, []any{g}, func(r *sql.Rows) error {
		var d id.Decision
		var a About
		err := r.Scan(&d, &a.Kind, &a.Code, &a.Name.NL, &a.Name.EN, &a.Name.FR)
		all[d] = a
		return err
	})
	return all, err
}
