package evidence

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

// Record adds rows with their credit and their decisions to the ledger, all or none. It is called by the domain whose object changed, within
// that verb's unit of work, and by imports: leave and audit are theirs. A row at fault is told as invalid, by field; a source that has left
// its row before is a conflict.
func Record(ctx context.Context, tx *db.Tx, programme id.Programme, rows []New) error {
	var facts, credits, decisions [][]any
	for i := range rows {
		n := rows[i]
		if err := n.check(); err != nil {
			return fmt.Errorf("evidence of %s %s: %w", n.SourceKind, n.SourceID, err)
		}
		if n.SourceKind == "" || n.SourceID == "" {
			return fault.Internal(errors.New("evidence: a row without source"))
		}
		if n.ID == "" {
			n.ID = id.New[id.Evidence]()
		}
		if n.Year == 0 {
			n.Year = n.Dated.Year()
		}
		facts = append(facts, factColumns(tx, programme, &n))
		for _, c := range n.Credits {
			credits = append(credits, []any{programme, n.ID, c.Organisation, n.Year, c.Weight})
		}
		decisions = append(decisions, []any{programme, n.ID, 1, Reported, n.ReportedOn, db.OrNull(n.ReportedBy), ""})
		for j, d := range n.Decisions {
			decisions = append(decisions, []any{programme, n.ID, j + 2, d.State, d.On, db.OrNull(d.By), d.Reason})
		}
	}
	if err := tx.Insert(ctx, "evidence", []string{"programme_id", "id", "kind", "year", "dated", "company_id", "activity_id",
		"activity_type", "organisers", "market", "sector", "need", "amount", "quantity", "source_kind", "source_id", "weights",
		"reported_on", "reported_by", "state", "state_on", "adjusted", "marks", "seq", "shares", "kpi_id"}, facts); err != nil {
		return err
	}
	if err := tx.Insert(ctx, "evidence_credit", []string{"programme_id", "evidence_id", "organisation_id", "year", "weight"},
		credits); err != nil {
		return err
	}
	return tx.Insert(ctx, "evidence_decision", []string{"programme_id", "evidence_id", "n", "state", "decided_on", "decided_by",
		"reason"}, decisions)
}

func factColumns(tx *db.Tx, programme id.Programme, n *New) []any {
	state, on := n.last()
	var amount, adjusted any
	if n.Amount != nil {
		amount = int64(*n.Amount)
	}
	if n.Adjusted != nil {
		adjusted = int64(*n.Adjusted)
	}
	return []any{programme, n.ID, n.Kind, int(n.Year), n.Dated, db.OrNull(n.Company), db.OrNull(n.Activity), n.ActivityType, n.Organisers,
		n.Market, n.Sector, n.Need, amount, n.Quantity, n.SourceKind, n.SourceID, n.weights(), n.ReportedOn, db.OrNull(n.ReportedBy),
		state, on, adjusted, kindList(slices.Sorted(slices.Values(n.Marks))), tx.Seq(string(programme)), shares(n.Credits),
		db.OrNull(n.KPI)}
}

// shares are credits as the row carries them: organisation:weight, in the order of the ids.
func shares(credits []Credit) string {
	sorted := slices.SortedFunc(slices.Values(credits), func(a, b Credit) int { return strings.Compare(string(a.Organisation), string(b.Organisation)) })
	parts := make([]string, len(sorted))
	for i, c := range sorted {
		parts[i] = string(c.Organisation) + ":" + strconv.FormatInt(c.Weight, 10)
	}
	return strings.Join(parts, " ")
}
