package report

import (
	"context"
	"database/sql"
	"errors"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// EvidenceView is one row of evidence in full.
type EvidenceView struct {
	ID                         id.Evidence
	Kind                       evidence.Kind
	State                      evidence.State
	Year                       period.Year
	Dated, ReportedOn          period.Date
	ReportedBy                 id.Person
	ReportedName               string
	Company                    id.Company
	CompanyName, CompanyNumber string
	Activity                   id.Activity
	ActivityCode, Title        string
	Market, Sector, Need       string
	Amount                     *money.Amount
	Quantity                   string
	SourceKind, SourceCode     string // the record that it came from
	Weights                    int64
	Credits                    []evidence.CreditName
	History                    []evidence.Decision
	Frozen                     []Frozen
}

// Frozen is a settlement that counted the row.
type Frozen struct {
	Partner, Code string
	Year          period.Year
	Version       int
	State         string
}

var (
	proofLoad = db.SQL("report.proof.load",
		`select e.kind, e.state, e.year, e.dated, e.reported_on, coalesce(e.reported_by, ''), coalesce(p.name, ''),
		   coalesce(r.root_id, e.company_id, ''), coalesce(co.name, ''), coalesce(co.number, ''), coalesce(e.activity_id, ''),
		   coalesce(a.code, ''), coalesce(a.title, ''), e.market, e.sector, e.need, e.amount, e.quantity, e.source_kind,
		   coalesce(o.code, ''), e.weights
		 from evidence e
		 left join person p on p.id = e.reported_by
		 left join company_root r on r.company_id = e.company_id
		 left join company co on co.id = coalesce(r.root_id, e.company_id)
		 left join activity a on a.programme_id = e.programme_id and a.id = e.activity_id
		 left join outcome o on o.programme_id = e.programme_id and o.id = e.source_id
		 where e.programme_id = $1 and e.id = $2
		   and ($3 = '*' or exists (select 1 from evidence_credit c
		     where c.programme_id = e.programme_id and c.evidence_id = e.id and $3 like '%' || c.organisation_id || '%'))`)
	proofCredits = db.SQL("report.proof.credits",
		`select c.organisation_id, c.weight, o.code, o.short_name
		 from evidence_credit c join organisation o on o.id = c.organisation_id
		 where c.programme_id = $1 and c.evidence_id = $2 order by o.position, o.code`)
	proofFrozen = db.SQL("report.proof.frozen",
		`select distinct o.short_name, o.code, s.year, s.version, s.state
		 from cell_evidence x
		 join settlement s on s.programme_id = x.programme_id and s.id = x.settlement_id
		 join agreement g on g.programme_id = s.programme_id and g.id = s.agreement_id
		 join organisation o on o.id = g.organisation_id
		 where x.programme_id = $1 and x.evidence_id = $2 and s.state not in ('discarded', 'restated')
		   and ($3 = '*' or (s.communicated_on <> '' and $3 like '%' || g.organisation_id || '%'))
		 order by s.year, o.code`)
)

// LoadEvidence reads one row of evidence within the actor's reach; missing otherwise.
func LoadEvidence(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, e id.Evidence) (*EvidenceView, error) {
	p := &EvidenceView{ID: e}
	var amount sql.NullInt64
	err := tx.Row(ctx, proofLoad, g.ID, e, by.ScopeFor("evidence.read")).Scan(&p.Kind, &p.State, &p.Year, &p.Dated, &p.ReportedOn, &p.ReportedBy,
		&p.ReportedName, &p.Company, &p.CompanyName, &p.CompanyNumber, &p.Activity, &p.ActivityCode, &p.Title, &p.Market, &p.Sector, &p.Need,
		&amount, &p.Quantity, &p.SourceKind, &p.SourceCode, &p.Weights)
	if errors.Is(err, db.ErrNone) {
		return nil, fault.Missing("evidence.missing", nil)
	}
	if err != nil {
		return nil, err
	}
	if amount.Valid {
		a := money.Amount(amount.Int64)
		p.Amount = &a
	}
	err = tx.Each(ctx, proofCredits, []any{g.ID, e}, func(r *sql.Rows) error {
		var c evidence.CreditName
		err := r.Scan(&c.Organisation, &c.Weight, &c.Code, &c.Short)
		p.Credits = append(p.Credits, c)
		return err
	})
	if err != nil {
		return nil, err
	}
	if p.History, err = evidence.History(ctx, tx, g.ID, e); err != nil {
		return nil, err
	}
	scope := by.ScopeFor("settlement.read")
	if scope == "" {
		return p, nil
	}
	return p, tx.Each(ctx, proofFrozen, []any{g.ID, e, scope}, func(r *sql.Rows) error {
		var f Frozen
		err := r.Scan(&f.Partner, &f.Code, &f.Year, &f.Version, &f.State)
		p.Frozen = append(p.Frozen, f)
		return err
	})
}

// Subject is the row as leave is checked on it.
func (p *EvidenceView) Subject() access.Subject {
	s := access.Subject{Kind: "evidence", State: string(p.State), Company: p.Company}
	for _, c := range p.Credits {
		s.Organisers = append(s.Organisers, c.Organisation)
	}
	if p.ReportedBy != "" {
		s.Touched = []id.Person{p.ReportedBy}
	}
	return s
}
