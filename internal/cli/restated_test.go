package cli

import (
	"net/http"
	"strings"
	"testing"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

var lateWin = db.SQL("test.evidence.late", `select e.id from evidence e join outcome o on o.programme_id = e.programme_id and o.id = e.source_id
	where o.code = 'w04' and e.state = 'reported'`)

// TestARestatementStandsBesideTheFrozenCell: a win of 9,000 euro is verified after the year was communicated. The statement keeps the figure that
// was frozen, in its lines and its amounts, and shows the new one beside it.
func TestARestatementStandsBesideTheFrozenCell(t *testing.T) {
	onBoth(t, func(t *testing.T, o office) {
		o.settleAll(t)
		desk := o.as(t, "officer@bureau.example")
		beside := text.EN.Say("statement.changes_note", nil)
		_, before := o.ask(t, desk, http.MethodGet, "/settlements/beta/2018")
		if strings.Contains(before, beside) {
			t.Fatal("nothing happened yet")
		}
		var e id.Evidence
		o.read(t, func(tx *db.Tx) error { return tx.Row(t.Context(), lateWin).Scan(&e) })
		officer := o.actor(t, "officer@bureau.example")
		if err := o.db.Write(t.Context(), o.programme.ID, func(tx *db.Tx) error {
			return evidence.Verify(t.Context(), tx, officer, o.programme.ID, e, "confirmed late")
		}); err != nil {
			t.Fatal(err)
		}
		_, after := o.ask(t, o.as(t, "controller@bureau.example"), http.MethodGet, "/settlements/beta/2018")
		_, changes, found := strings.Cut(after, beside)
		if !found {
			t.Fatal("no restatement stands beside what was frozen")
		}
		changes, lines, _ := strings.Cut(changes, "</table>")
		frozen, live := "7,833.38", "16,833.38" // of 4,500.05 and a third of 10,000.00, and 9,000.00 more
		if !strings.Contains(changes, frozen) || !strings.Contains(changes, live) {
			t.Errorf("the changes do not show %s and %s:\n%s", frozen, live, changes)
		}
		if !strings.Contains(lines, frozen) || strings.Contains(lines, live) {
			t.Error("the lines of the statement lost the frozen value")
		}
	})
}
