package intake

import (
	"context"
	"slices"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// documentLanguage binds in the documents that are made of imported rows, as files name none.
const documentLanguage = text.NL

// addVersions makes documents of the rows of each agreement: one as signed, and one for each day on which targets were amended.
func (f *Folder) addVersions(ctx context.Context, tx *db.Tx) error {
	clauses := f.clauses
	if len(clauses) == 0 {
		clauses = agreement.StandardClauses()
	}
	if err := agreement.AddTemplate(ctx, tx, f.programme.ID, clauses); err != nil {
		return err
	}
	indicators, err := kpi.Indicators(ctx, tx, f.programme.ID)
	if err != nil {
		return err
	}
	p := f.programme
	p.Agency = f.agency.ID
	setting, err := agreement.LoadSetting(ctx, tx, p, indicators)
	if err != nil {
		return err
	}
	for _, a := range f.agreements {
		for i, on := range f.daysOf(a) {
			d, err := f.document(&setting, a, on)
			if err != nil {
				return err
			}
			if i > 0 {
				d.Amends, d.EffectiveOn, d.ReasonAmends = i, on, f.reasonOf(a, on)
			}
			if _, err := agreement.AddAgreed(ctx, tx, p.ID, a.ID, i+1, d, on); err != nil {
				return err
			}
		}
	}
	return nil
}

// daysOf are the days on which an agreement got a version: that of signing, and those of amended targets.
func (f *Folder) daysOf(a *agreementRow) []period.Date {
	days := []period.Date{a.Signed}
	for _, s := range f.assignments {
		for _, t := range s.targets {
			if s.agreement == a && t.reason != "" {
				days = append(days, t.setOn)
			}
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

func (f *Folder) reasonOf(a *agreementRow, on period.Date) string {
	for _, s := range f.assignments {
		for _, t := range s.targets {
			if s.agreement == a && t.setOn == on && t.reason != "" {
				return t.reason
			}
		}
	}
	return ""
}

// document is an agreement's rows as they stood on a day.
func (f *Folder) document(s *agreement.Setting, a *agreementRow, on period.Date) (agreement.Document, error) {
	d := s.Begin(a.partner.Organisation, documentLanguage)
	d.Starts, d.Ends, d.Ceilings = a.Starts, a.Ends, nil
	for _, c := range a.Ceilings {
		d.Ceilings = append(d.Ceilings, agreement.YearAmount{Year: c.Year, Amount: c.Amount})
	}
	codes := map[string]string{} // of objectives, by id
	goals := map[string]string{}
	for _, g := range s.Goals {
		goals[string(g.ID)] = g.Code
	}
	for _, o := range f.objectives {
		if o.Agreement == a.ID {
			codes[string(o.ID)] = o.Code
			d.Objectives = append(d.Objectives, s.Aim(o.Code, goals[string(o.Goal)], o.Words, d.Language))
		}
	}
	for _, x := range f.assignments {
		if x.agreement != a {
			continue
		}
		p := s.Promise(x.kpi.code, codes[string(x.objective)], d.Language)
		p.Rule, p.Weight, p.FloorBp, p.CapBp = x.rule, x.weight, x.floor, int64(money.Whole)
		var err error
		if p.Baseline, err = agreement.ParseNumber(x.baseline); err != nil {
			return d, err
		}
		if p.Targets, err = targetsOn(x, on); err != nil {
			return d, err
		}
		d.KPIs = append(d.KPIs, p)
	}
	return d.Normal(), nil
}

// targetsOn are the targets in force on a day: of each year the one that was set last.
func targetsOn(x *assignment, on period.Date) ([]agreement.YearNumber, error) {
	inForce := map[period.Year]target{}
	for _, t := range x.targets {
		if t.setOn <= on && t.setOn >= inForce[t.year].setOn {
			inForce[t.year] = t
		}
	}
	var all []agreement.YearNumber
	for y, t := range inForce {
		n, err := agreement.ParseNumber(t.value)
		if err != nil {
			return nil, err
		}
		all = append(all, agreement.YearNumber{Year: y, Value: n})
	}
	return all, nil
}
