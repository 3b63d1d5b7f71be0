package evidence

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// ShareVersion is what the credit of a row was from a day on.
type ShareVersion struct {
	Version int
	On      period.Date
	By      id.Person
	Reason  string
	Credits []Credit
}

var (
	readCredit = db.SQL("evidence.credit.load", `select e.credit_version, e.reported_on, e.year, e.shares from evidence e
		where e.programme_id = $1 and e.id = $2`)
	dropCredit = db.SQL("evidence.credit.drop", `delete from evidence_credit where programme_id = $1 and evidence_id = $2`)
	saveCredit = db.SQL("evidence.credit.save", `update evidence set weights = $3, shares = $4, credit_version = $5, seq = $6
		where programme_id = $1 and id = $2 and credit_version = $5 - 1`)
	readShareVersions = db.SQL("evidence.share.list", `select version, set_on, coalesce(set_by, ''), reason, organisation_id, weight
		from evidence_share where programme_id = $1 and evidence_id = $2 order by version, organisation_id`)
	sharesSince = db.SQL("evidence.share.then", `select s.evidence_id, s.version, s.organisation_id, s.weight
		from evidence_share s where s.programme_id = $1 and s.set_on <= $2 order by s.evidence_id, s.version, s.organisation_id`)
)

// Reshare gives a row other credit shares, as a new version with a reason. What a settlement froze stays as frozen; a report as of an earlier
// day still sees the shares of that day. Faults: missing, denied; invalid by field; conflict when somebody else changed them meanwhile.
func Reshare(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, evidence id.Evidence, credits []Credit, reason string) error {
	s, err := load(ctx, tx, by.Scope(), programme, evidence)
	if err != nil {
		return err
	}
	if err := by.May("evidence.reshare", s.access()); err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" {
		return fault.Invalid("reason", "evidence.reason_required", nil)
	}
	if err := checkCredits(credits); err != nil {
		return err
	}
	var version, year int
	var reported period.Date
	var before string
	if err := tx.Row(ctx, readCredit, programme, evidence).Scan(&version, &reported, &year, &before); err != nil {
		return err
	}
	after := shares(credits)
	if after == before {
		return fault.Invalid("partners", "evidence.same_shares", nil)
	}
	old, err := newUnpacker().credits(before)
	if err != nil {
		return err
	}
	var told [][]any
	if version == 1 {
		told = shareRows(programme, evidence, ShareVersion{Version: 1, On: reported, Credits: old})
	}
	told = append(told, shareRows(programme, evidence, ShareVersion{version + 1, tx.Now.Date(), by.ID, reason, credits})...)
	if err := tx.Insert(ctx, "evidence_share", []string{"programme_id", "evidence_id", "version", "organisation_id", "weight", "set_on", "set_by",
		"reason"}, told); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, dropCredit, programme, evidence); err != nil {
		return err
	}
	var rows [][]any
	sum := int64(0)
	for _, c := range credits {
		rows = append(rows, []any{programme, evidence, c.Organisation, year, c.Weight})
		sum += c.Weight
	}
	if err := tx.Insert(ctx, "evidence_credit", []string{"programme_id", "evidence_id", "organisation_id", "year", "weight"}, rows); err != nil {
		return err
	}
	moved, err := tx.Exec(ctx, saveCredit, programme, evidence, sum, after, version+1, tx.Seq(string(programme)))
	if err != nil {
		return err
	}
	if moved != 1 {
		return fault.Conflict("evidence.moved", nil)
	}
	return audit.Append(ctx, tx, string(programme), by.Label(), audit.Change{Verb: "evidence.reshare", ObjectKind: "evidence",
		ObjectID: string(evidence), Before: map[string]any{"shares": before}, After: map[string]any{"shares": after, "reason": reason}})
}

func shareRows(programme id.Programme, evidence id.Evidence, v ShareVersion) [][]any {
	var rows [][]any
	for _, c := range v.Credits {
		rows = append(rows, []any{programme, evidence, v.Version, c.Organisation, c.Weight, v.On, db.OrNull(v.By), v.Reason})
	}
	return rows
}

// ShareVersions lists the versions of a row's shares in order; none when they never changed. The caller has loaded the row within the reader's
// scope.
func ShareVersions(ctx context.Context, tx *db.Tx, programme id.Programme, evidence id.Evidence) ([]ShareVersion, error) {
	var all []ShareVersion
	err := tx.Each(ctx, readShareVersions, []any{programme, evidence}, func(r *sql.Rows) error {
		var v ShareVersion
		var c Credit
		if err := r.Scan(&v.Version, &v.On, &v.By, &v.Reason, &c.Organisation, &c.Weight); err != nil {
			return err
		}
		if n := len(all); n == 0 || all[n-1].Version != v.Version {
			all = append(all, v)
		}
		last := &all[len(all)-1]
		last.Credits = append(last.Credits, c)
		return nil
	})
	return all, err
}

// sharesThen puts back the shares that rows had at the end of a day. Few rows ever change theirs.
func sharesThen(ctx context.Context, tx *db.Tx, programme id.Programme, asOf period.Date, rows []Row) error {
	type known struct {
		version int
		credits []Credit
	}
	then := map[id.Evidence]known{}
	err := tx.Each(ctx, sharesSince, []any{programme, asOf}, func(r *sql.Rows) error {
		var evidence id.Evidence
		var version int
		var c Credit
		if err := r.Scan(&evidence, &version, &c.Organisation, &c.Weight); err != nil {
			return err
		}
		k := then[evidence]
		if k.version != version {
			k = known{version: version}
		}
		k.credits = append(k.credits, c)
		then[evidence] = k
		return nil
	})
	if err != nil || len(then) == 0 {
		return err
	}
	for i := range rows {
		if k, ok := then[rows[i].ID]; ok {
			rows[i].Credits, rows[i].Weights = k.credits, 0
			for _, c := range k.credits {
				rows[i].Weights += c.Weight
			}
		}
	}
	return nil
}

// checkCredits tells what is wrong with shares.
func checkCredits(credits []Credit) error {
	if len(credits) == 0 {
		return fault.Invalid("partners", "evidence.no_credit", nil)
	}
	var faults []error
	for i, c := range credits {
		if c.Weight < 1 || c.Weight > 1_000_000 {
			faults = append(faults, fault.Invalid("partners", "evidence.credit_weight", nil))
		}
		if slices.ContainsFunc(credits[:i], func(o Credit) bool { return o.Organisation == c.Organisation }) {
			faults = append(faults, fault.Invalid("partners", "evidence.credit_twice", nil))
		}
	}
	return fault.Join(faults...)
}
