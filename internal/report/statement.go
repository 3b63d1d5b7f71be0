package report

import (
	"context"
	"database/sql"
	"fmt"
	"math/big"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/text"
)

// Statement is a settlement with everything that a reader needs beside it. It may be of a settlement that is not stored.
type Statement struct {
	settlement.Settlement
	Programme    programme.Programme
	Partner      programme.Organisation
	Agency       programme.Organisation
	Agreement    period.Span
	AgreementNo  int          // version of the agreement
	Rate         money.Bp     // of cost, in the year; 0 where several were in force
	Carried      money.Amount // into the ceiling, from the year before
	ComputedName string       // who computed it, "" for the system
	SentName     string       // who communicated it
	FinalName    string       // who made it final
	Steps        []Step       // the reckoning
	Scores       []ScoreRow   // what the score is made of
	Floors       []money.Bp   // the floors that occur, each once
	Since        money.Amount // paid to the partner after it became final
}

// ScoreRow is one KPI in the score, with its name.
type ScoreRow struct {
	settlement.ScoreLine
	Definition *kpi.Definition
	Shown      *big.Rat // value in the KPI's unit; nil none
	Aim        *big.Rat // target; nil none
}

// CapText says that a KPI pays less than all, and whether that bound it; "" where it pays all.
func (r ScoreRow) CapText(l text.Language) string {
	switch {
	case r.Cap == 0 || !r.Status.Weighs():
		return ""
	case r.Payout >= r.Cap:
		return l.Say("statement.cap_binds", text.Args{"cap": money.Bp(r.Cap)})
	}
	return l.Say("statement.cap", text.Args{"cap": money.Bp(r.Cap)})
}

// Stored tells whether the settlement was computed for good.
func (s Statement) Stored() bool { return s.ID != "" }

// Number names the statement in letters and books: partner, year, version.
func (s Statement) Number() string {
	return fmt.Sprintf("%s-%d-%02d", strings.ToUpper(s.Partner.Code), int(s.Year), s.Version)
}

var (
	loadStatement = db.SQL("report.statement.load",
		`select a.organisation_id, a.starts_on, a.ends_on, a.version, coalesce(c.carried, 0)
		 from agreement a
		 left join agreement_ceiling c on c.programme_id = a.programme_id and c.agreement_id = a.id and c.year = $3
		 where a.programme_id = $1 and a.id = $2`)
	loadPeople = db.SQL("report.statement.people",
		`select p.id, p.name from person p where p.id = $1 or p.id = $2 or p.id = $3`)
)

// LoadStatement reads the names that a settlement's statement shows, and writes its reckoning step by step.
func LoadStatement(ctx context.Context, tx *db.Tx, g programme.Programme, s settlement.Settlement) (Statement, error) {
	out := Statement{Settlement: s, Programme: g}
	var partner id.Organisation
	err := tx.Row(ctx, loadStatement, g.ID, s.Agreement, s.Year).Scan(&partner, &out.Agreement.From, &out.Agreement.To, &out.AgreementNo,
		&out.Carried)
	if err == db.ErrNone {
		err = fault.Missing("settlement.no_agreement_year", nil)
	}
	if err != nil {
		return out, err
	}
	organisations, err := programme.Organisations(ctx, tx)
	if err != nil {
		return out, err
	}
	for _, o := range organisations {
		switch o.ID {
		case partner:
			out.Partner = o
		case g.Agency:
			out.Agency = o
		}
	}
	if err := out.people(ctx, tx); err != nil {
		return out, err
	}
	rules, err := programme.LoadRules(ctx, tx, g.ID)
	if err != nil {
		return out, err
	}
	out.Rate = rateOf(rules, s.Year)
	definitions, err := kpi.Definitions(ctx, tx, g.ID)
	if err != nil {
		return out, err
	}
	if err := out.scores(definitions); err != nil {
		return out, err
	}
	out.Steps = reckoned(s.Working, out.Rate, out.Partner.Label())
	return out, nil
}

func (s *Statement) people(ctx context.Context, tx *db.Tx) error {
	return tx.Each(ctx, loadPeople, []any{s.ComputedBy, s.CommunicatedBy, s.FinalBy}, func(r *sql.Rows) error {
		var who id.Person
		var name string
		if err := r.Scan(&who, &name); err != nil {
			return err
		}
		for p, to := range map[*id.Person]*string{&s.ComputedBy: &s.ComputedName, &s.CommunicatedBy: &s.SentName, &s.FinalBy: &s.FinalName} {
			if *p == who {
				*to = name
			}
		}
		return nil
	})
}

// rateOf is the agency's share that held in all of a year, 0 when it changed.
func rateOf(rules programme.Rules, year period.Year) money.Bp {
	var rate money.Bp
	for i, r := range rules {
		ends := i+1 < len(rules) && rules[i+1].From <= year.First()
		switch {
		case r.From > year.Last() || ends:
		case rate != 0 && rate != r.RateBp:
			return 0
		default:
			rate = r.RateBp
		}
	}
	return rate
}

func (s *Statement) scores(definitions []*kpi.Definition) error {
	byID := make(map[id.KPI]*kpi.Definition, len(definitions))
	for _, d := range definitions {
		byID[d.ID] = d
	}
	seen := map[int64]bool{}
	for _, line := range s.Working.Scores {
		row := ScoreRow{ScoreLine: line, Definition: byID[line.KPI]}
		if row.Definition == nil {
			return fault.Internal(fmt.Errorf("report: settlement %s counts an unknown KPI %s", s.ID, line.KPI))
		}
		figure := kpi.Figure{Num: rational(line.Value), Den: rational(line.Divisor), Sample: line.Sample}
		if figure.Num != nil && line.Status == kpi.Valued {
			row.Shown = row.Definition.Value(figure)
		}
		row.Aim = rational(line.Target)
		s.Scores = append(s.Scores, row)
		if line.Weight > 0 && !seen[line.Floor] {
			seen[line.Floor] = true
			s.Floors = append(s.Floors, money.Bp(line.Floor))
		}
	}
	return nil
}

// rational reads an exact number as settlements keep it; nil for none.
func rational(s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil
	}
	return r
}

// Weight is what the KPIs that count weigh together.
func (s Statement) Weight() int64 {
	var sum int64
	for _, r := range s.Scores {
		if r.Status.Weighs() {
			sum += r.Weight
		}
	}
	return sum
}

// Answer is the statement's one sentence: who owes whom what.
func (s Statement) Answer() Saying {
	balance := s.Working.Reckoning.Balance - s.Since
	args := text.Args{"partner": s.Partner.Label(), "year": s.Year, "amount": max(balance, -balance)}
	switch {
	case balance > 0 && !s.Stored():
		return phrase("statement.answer_would_owe", args)
	case balance > 0:
		return phrase("statement.answer_owes", args)
	case balance < 0:
		return phrase("statement.answer_owed", args)
	default:
		delete(args, "amount")
		return phrase("statement.answer_even", args)
	}
}

// Lede tells what the answer rests on, and what comes next.
func (s Statement) Lede() []Saying {
	r := s.Working.Reckoning
	out := []Saying{phrase("statement.lede", text.Args{"accepted": r.Accepted, "final": r.Final, "paid": r.Paid})}
	args := text.Args{"partner": s.Partner.Label(), "until": s.ObjectionUntil}
	switch {
	case !s.Stored():
		out = append(out, phrase("statement.next_preview", nil))
	case s.State == settlement.Communicated:
		out = append(out, phrase("statement.next_communicated", args))
	case s.State == settlement.Computed:
		out = append(out, phrase("statement.next_computed", text.Args{"partner": s.Partner.Label()}))
	case s.State == settlement.Objection:
		out = append(out, phrase("statement.next_objection", text.Args{"partner": s.Partner.Label()}))
	case s.State == settlement.Restated && s.CommunicatedOn != "":
		out = append(out, phrase("statement.next_restated", text.Args{"partner": s.Partner.Label()}))
	case s.State == settlement.Final:
		out = append(out, phrase("statement.next_final", text.Args{"on": s.FinalOn}))
	}
	return out
}

// PaidSince adds what was paid after the settlement became final, and what is left to pay.
func (s *Statement) PaidSince(paid money.Amount) {
	if s.Since = paid; paid == 0 {
		return
	}
	rest := s.Working.Reckoning.Balance - paid
	s.Steps = append(s.Steps, Step{Key: "since", Words: phrase("statement.since", nil), Amount: -paid},
		Step{Key: "balance", Words: balanceWords(rest, s.Partner.Label()), Amount: max(rest, -rest)})
}

// Fingerprint is the first and last letters of the hash over everything that was counted, for people who compare two papers.
func (s Statement) Fingerprint() string {
	if len(s.Facts) < 12 {
		return s.Facts
	}
	return s.Facts[:4] + " " + s.Facts[4:8] + " … " + s.Facts[len(s.Facts)-4:]
}

// ValueText is a KPI's value as the score shows it, or why there is none.
func (r ScoreRow) ValueText(l text.Language) string {
	if r.Shown == nil {
		return l.Say(r.Status.Key(), nil)
	}
	return kpi.Show(r.Shown, r.Definition.Decimals, l)
}

// AimText is a KPI's target, "" for none.
func (r ScoreRow) AimText(l text.Language) string {
	if r.Aim == nil {
		return ""
	}
	return kpi.Show(r.Aim, r.Definition.Decimals, l)
}

// PercentText is basis points with a number of decimals, without the sign.
func PercentText(bp int64, places int, l text.Language) string {
	return l.Decimal(big.NewRat(bp, 100).FloatString(places), places)
}
