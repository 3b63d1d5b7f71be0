package plans

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/plan"
	"errera.eu/errera/internal/upload"
	"errera.eu/errera/internal/web/frame"
)

// sheet gives a plan as a list for a spreadsheet: all that its activities say, in the columns in which it comes back.
func (w pages) sheet(out http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	f := frame.Sheet{Name: "plan-" + ref.Partner + "-" + ref.Year.String()}
	_, err = w.Read(r, "plans", func(tx *db.Tx, p *frame.Page) error {
		ctx, g := r.Context(), p.Programme.ID
		of, _, err := plan.Load(ctx, tx, p.Actor.ScopeFor("plan.read"), g, ref.Partner, ref.Year)
		if err != nil {
			return err
		}
		all, err := plan.Activities(ctx, tx, g, &of)
		if err != nil {
			return err
		}
		estimates, err := activity.Estimates(ctx, tx, g, all)
		if err != nil {
			return err
		}
		known, err := kpi.Definitions(ctx, tx, g)
		f.Head = plan.Columns(known)
		f.Nums = make([]bool, len(f.Head))
		for n := range all {
			if all[n].State != activity.Cancelled {
				f.Rows = append(f.Rows, plan.Cells(known, &all[n], estimates[all[n].ID]))
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return f.Send(out, r.URL.Query().Get("format"))
}

// takeSheet takes a plan's list in, all of it or nothing; what is wrong with it is told row by row.
func (w pages) takeSheet(out http.ResponseWriter, r *http.Request) error {
	part, head, err := r.FormFile("file")
	if err != nil {
		return w.show(out, r, http.StatusUnprocessableEntity, onePage{Verb: "list", Faults: []fault.Fault{*fault.Of(fault.Invalid("file", "plans.file_needed", nil))}})
	}
	defer part.Close()
	table, err := upload.Read(head.Filename, part)
	if err != nil {
		return w.show(out, r, http.StatusUnprocessableEntity, onePage{Verb: "list", Faults: fault.Of(err).All()})
	}
	return w.writeSaying(out, r, "list", func(tx *db.Tx, by access.Actor, g id.Programme, ref plan.Ref) ([]string, error) {
		t, err := plan.TakeList(r.Context(), tx, by, g, ref, table)
		return []string{"new", strconv.Itoa(t.New), "changed", strconv.Itoa(t.Changed), "same", strconv.Itoa(t.Same)}, err
	})
}

// rowFaults are those of a list, where it came back; at most the first hundred are shown.
func rowFaults(err error) fault.Rows {
	var rows fault.Rows
	if errors.As(err, &rows) {
		return rows[:min(len(rows), 100)]
	}
	return nil
}

// taken are the counts that the address tells of a list that was taken in.
func taken(q url.Values) []any {
	var args []any
	for _, name := range []string{"new", "changed", "same"} {
		n, err := strconv.Atoi(q.Get(name))
		if err != nil || n < 0 || n > upload.MaxRows {
			n = 0
		}
		args = append(args, name, n)
	}
	return args
}
