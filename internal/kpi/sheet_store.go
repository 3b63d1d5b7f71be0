package kpi

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

var (
	readSheets = db.SQL("kpi.sheet.list", `select s.kpi_id, s.version, s.from_year, s.defined_on, coalesce(s.defined_by, ''), coalesce(p.name, ''),
			s.reason, s.content
		from kpi_sheet s left join person p on p.id = s.defined_by
		where s.programme_id = $1 and ($2 = '' or s.kpi_id = $2)
		order by s.kpi_id, s.version`)
	saveDefinition = db.SQL("kpi.definition.save", `update kpi set position = $3, version = $4, name_nl = $5, name_en = $6, name_fr = $7,
			short_nl = $8, short_en = $9, short_fr = $10, unit = $11, kinds = $12, activity_types = $13, joint_only = $14, aggregate = $15,
			measure = $16, threshold = $17, joint = $18, direction = $19, decimals = $20, min_sample = $21, verified_only = $22, cockpit = $23,
			formula = $24
		where programme_id = $1 and id = $2 and version = $4 - 1`)
)

// Define adds a KPI to the catalogue of a programme, as its first version. Faults: invalid by field of the sheet, the place in the formula
// among them; conflict when the code is taken; denied.
func Define(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, s Sheet) (id.KPI, error) {
	if err := by.May("kpi.define", access.Subject{Kind: "kpi"}); err != nil {
		return "", err
	}
	all, err := Definitions(ctx, tx, programme)
	if err != nil {
		return "", err
	}
	if slices.ContainsFunc(all, func(d *Definition) bool { return d.Code == s.Code }) {
		return "", fault.Conflict("db.code_taken", nil)
	}
	if s.Position == 0 {
		for _, d := range all {
			s.Position = max(s.Position, d.Position+1)
		}
	}
	d, err := s.Define(all)
	if err != nil {
		return "", err
	}
	d.ID, d.Version = id.New[id.KPI](), 1
	if err := tx.Insert(ctx, "kpi", append([]string{"programme_id", "id", "code"}, definitionColumns()...),
		[][]any{append([]any{programme, d.ID, d.Code}, d.row()...)}); err != nil {
		return "", err
	}
	v := Version{Sheet: s, KPI: d.ID, Version: 1, DefinedOn: tx.Now.Date(), DefinedBy: by.ID}
	if err := v.save(ctx, tx, programme); err != nil {
		return "", err
	}
	return d.ID, audit.Append(ctx, tx, string(programme), by.Label(), audit.Change{Verb: "kpi.define", ObjectKind: "kpi", ObjectID: string(d.ID),
		After: map[string]any{"code": s.Code, "version": 1, "formula": s.Formula}})
}

// Change gives a KPI a new version, for the years from fromYear on and with a reason. The code stays. Live figures follow it; what a
// settlement froze stays as frozen, and the figures of earlier years keep the version that they had. Faults: as Define; missing; a year
// before that of the version in force (invalid).
func Change(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, kpi id.KPI, s Sheet, fromYear period.Year, reason string) error {
	if err := by.May("kpi.change", access.Subject{Kind: "kpi"}); err != nil {
		return err
	}
	all, err := Definitions(ctx, tx, programme)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(d *Definition) bool { return d.ID == kpi })
	if i < 0 {
		return fault.Missing("kpi.missing", nil)
	}
	before := all[i]
	s.Code = before.Code
	if s.Position == 0 {
		s.Position = before.Position
	}
	if strings.TrimSpace(reason) == "" {
		return fault.Invalid("reason", "kpi.change_reason", nil)
	}
	versions, err := Versions(ctx, tx, programme, before)
	if err != nil {
		return err
	}
	if fromYear < versions[len(versions)-1].FromYear {
		return fault.Invalid("from_year", "kpi.change_year", nil)
	}
	d, err := s.Define(all)
	if err != nil {
		return err
	}
	d.ID, d.Version = kpi, before.Version+1
	all[i] = d
	if err := recheck(all); err != nil { // another KPI that names this one must still hold
		return err
	}
	if len(versions) == 1 && versions[0].DefinedBy == "" { // it came with the programme: its sheet is kept before it is changed
		if err := versions[0].save(ctx, tx, programme); err != nil {
			return err
		}
	}
	moved, err := tx.Exec(ctx, saveDefinition, append([]any{programme, kpi}, d.row()...)...)
	if err != nil {
		return err
	}
	if moved != 1 {
		return fault.Conflict("kpi.changed_meanwhile", nil)
	}
	v := Version{Sheet: s, KPI: kpi, Version: d.Version, FromYear: fromYear, DefinedOn: tx.Now.Date(), DefinedBy: by.ID, Reason: reason}
	if err := v.save(ctx, tx, programme); err != nil {
		return err
	}
	return audit.Append(ctx, tx, string(programme), by.Label(), audit.Change{Verb: "kpi.change", ObjectKind: "kpi", ObjectID: string(kpi),
		Before: map[string]any{"version": before.Version, "formula": before.Formula},
		After:  map[string]any{"version": d.Version, "formula": s.Formula, "from_year": fromYear, "reason": reason}})
}

// recheck compiles fresh copies, so that a fault is told of the change and leaves the caller's definitions alone.
func recheck(all []*Definition) error {
	for _, d := range all {
		if d.Formula == "" {
			continue
		}
		c := *d
		if err := c.Compile(all); err != nil {
			return err
		}
	}
	return nil
}

func (v *Version) save(ctx context.Context, tx *db.Tx, programme id.Programme) error {
	content, err := v.canonical()
	if err != nil {
		return err
	}
	return tx.Insert(ctx, "kpi_sheet", []string{"programme_id", "kpi_id", "version", "from_year", "defined_on", "defined_by", "reason", "content"},
		[][]any{{programme, v.KPI, v.Version, int(v.FromYear), v.DefinedOn, db.OrNull(v.DefinedBy), v.Reason, content}})
}

// Versions lists every version of a KPI in order. One that came with the programme and was never changed has one, without a person.
func Versions(ctx context.Context, tx *db.Tx, programme id.Programme, d *Definition) ([]Version, error) {
	byKPI, err := sheets(ctx, tx, programme, d.ID)
	if err != nil || len(byKPI[d.ID]) > 0 {
		return byKPI[d.ID], err
	}
	var starts, ends period.Date
	if err := tx.Row(ctx, readYears, programme).Scan(&starts, &ends); err != nil {
		if errors.Is(err, db.ErrNone) {
			err = fault.Missing("db.programme_missing", nil)
		}
		return nil, err
	}
	return []Version{{Sheet: d.sheet(), KPI: d.ID, Version: d.Version, DefinedOn: starts}}, nil
}

func sheets(ctx context.Context, tx *db.Tx, programme id.Programme, kpi id.KPI) (map[id.KPI][]Version, error) {
	all := map[id.KPI][]Version{}
	err := tx.Each(ctx, readSheets, []any{programme, kpi}, func(r *sql.Rows) error {
		var v Version
		var content string
		if err := r.Scan(&v.KPI, &v.Version, &v.FromYear, &v.DefinedOn, &v.DefinedBy, &v.ByName, &v.Reason, &content); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(content), &v.Sheet); err != nil {
			return fault.Internal(err)
		}
		all[v.KPI] = append(all[v.KPI], v)
		return nil
	})
	return all, err
}

// DefinitionsFor reads the catalogue as it holds for a year, as decided by a day ("" today), in its order.
func DefinitionsFor(ctx context.Context, tx *db.Tx, programme id.Programme, year period.Year, asOf period.Date) ([]*Definition, error) {
	all, err := Definitions(ctx, tx, programme)
	if err != nil {
		return nil, err
	}
	byKPI, err := sheets(ctx, tx, programme, "")
	if err != nil || len(byKPI) == 0 {
		return all, err
	}
	then := make([]*Definition, 0, len(all))
	for _, d := range all {
		versions := byKPI[d.ID]
		if len(versions) == 0 {
			then = append(then, d)
			continue
		}
		v := inForce(versions, year, asOf)
		if v == nil {
			continue
		}
		past, err := v.definition()
		if err != nil {
			return nil, err
		}
		past.ID, past.Version = d.ID, v.Version
		then = append(then, past)
	}
	return then, compile(then)
}

func definitionColumns() []string {
	return []string{"position", "version", "name_nl", "name_en", "name_fr", "short_nl", "short_en", "short_fr", "unit", "kinds", "activity_types",
		"joint_only", "aggregate", "measure", "threshold", "joint", "direction", "decimals", "min_sample", "verified_only", "cockpit", "formula"}
}

// row is the definition in the order of definitionColumns.
func (d *Definition) row() []any {
	bit := map[bool]int{true: 1}
	return []any{d.Position, d.Version, d.Name.NL, d.Name.EN, d.Name.FR, d.Short.NL, d.Short.EN, d.Short.FR, d.Unit, joined(d.Kinds),
		strings.Join(d.ActivityTypes, " "), bit[d.JointOnly], d.Aggregate, d.Measure, Decimal(d.Threshold), d.Joint, d.Direction, d.Decimals,
		d.MinSample, bit[d.VerifiedOnly], bit[d.Cockpit], d.Formula}
}

func joined(kinds []evidence.Kind) string {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = string(k)
	}
	return strings.Join(words, " ")
}
