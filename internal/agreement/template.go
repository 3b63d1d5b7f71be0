package agreement

import (
	"context"
	"database/sql"
	_ "embed"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// TemplateClause is a clause that a programme's new agreements start with.
type TemplateClause struct {
	Code  string
	Level int
	Title programme.Words
	Text  programme.Words
}

//go:embed template/clauses.toml
var standardClauses []byte

var readStandard = sync.OnceValue(func() []TemplateClause {
	var file struct {
		Clause []struct {
			Code        string
			Level       int
			Title, Text struct{ NL, EN, FR string }
		}
	}
	if err := toml.Unmarshal(standardClauses, &file); err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	all := make([]TemplateClause, len(file.Clause))
	for i, c := range file.Clause {
		all[i] = TemplateClause{c.Code, c.Level, c.Title, c.Text}
	}
	return all
})

// StandardClauses are those that a programme starts with.
func StandardClauses() []TemplateClause { return append([]TemplateClause(nil), readStandard()...) }

// Indicator is a KPI as an agreement may assign it. Package kpi fills it from its definitions.
type Indicator struct {
	ID        id.KPI
	Code      string
	Name      programme.Words
	Version   int
	Unit      string
	Direction string // up or down
	Decimals  int
	Adds      bool // what several partners reach adds up: counts and sums do, unique companies do not
}

// Setting is what a document refers to: the programme with its goals, KPIs, envelopes, rule and template.
type Setting struct {
	Programme  programme.Programme
	Agency     programme.Organisation
	Rule       programme.Rule
	Goals      []programme.Goal
	Indicators []Indicator
	Envelopes  map[period.Year]money.Amount
	Clauses    []TemplateClause
	Mandate    string                  // the newest decision of that kind, in words
	Bounds     map[id.Agreement]Bounds // of running agreements that are amended: settlement.Bounds
}

// Goal finds a goal by its code.
func (s *Setting) Goal(code string) (programme.Goal, bool) {
	for _, g := range s.Goals {
		if g.Code == code {
			return g, true
		}
	}
	return programme.Goal{}, false
}

// Indicator finds a KPI by its code.
func (s *Setting) Indicator(code string) (Indicator, bool) {
	for _, k := range s.Indicators {
		if k.Code == code {
			return k, true
		}
	}
	return Indicator{}, false
}

var selectTemplate = db.SQL("agreement.template.list",
	`select code, level, title_nl, title_en, title_fr, text_nl, text_en, text_fr
	 from clause_template where programme_id = $1 order by position`)

// LoadSetting reads what documents of a programme refer to. The indicators are those of kpi.Indicators.
func LoadSetting(ctx context.Context, tx *db.Tx, p programme.Programme, indicators []Indicator) (Setting, error) {
	s := Setting{Programme: p, Indicators: indicators}
	rules, err := programme.LoadRules(ctx, tx, p.ID)
	if err != nil {
		return s, err
	}
	s.Rule, _ = rules.InForce(max(tx.Now.Date(), p.Starts))
	if s.Goals, err = programme.Goals(ctx, tx, p.ID); err != nil {
		return s, err
	}
	if s.Envelopes, err = programme.Envelopes(ctx, tx, p.ID); err != nil {
		return s, err
	}
	organisations, err := programme.Organisations(ctx, tx)
	if err != nil {
		return s, err
	}
	for _, o := range organisations {
		if o.ID == p.Agency {
			s.Agency = o
		}
	}
	decisions, err := programme.Decisions(ctx, tx, p.ID, access.All)
	if err != nil {
		return s, err
	}
	for _, d := range decisions {
		if d.Kind == "mandate" && d.State == "taken" && d.Agreement == "" {
			s.Mandate = d.Words
		}
	}
	if s.Clauses, err = Template(ctx, tx, p.ID); err == nil && len(s.Clauses) == 0 {
		s.Clauses = StandardClauses()
	}
	return s, err
}

// Template reads the clauses that a programme keeps for its new agreements; none when it keeps the standard ones.
func Template(ctx context.Context, tx *db.Tx, g id.Programme) ([]TemplateClause, error) {
	var all []TemplateClause
	err := tx.Each(ctx, selectTemplate, []any{g}, func(r *sql.Rows) error {
		var c TemplateClause
		err := r.Scan(&c.Code, &c.Level, &c.Title.NL, &c.Title.EN, &c.Title.FR, &c.Text.NL, &c.Text.EN, &c.Text.FR)
		all = append(all, c)
		return err
	})
	return all, err
}

// AddTemplate writes the clauses of a new programme.
func AddTemplate(ctx context.Context, tx *db.Tx, g id.Programme, all []TemplateClause) error {
	rows := make([][]any, len(all))
	for i, c := range all {
		rows[i] = []any{g, c.Code, i, c.Level, c.Title.NL, c.Title.EN, c.Title.FR, c.Text.NL, c.Text.EN, c.Text.FR}
	}
	return tx.Insert(ctx, "clause_template", []string{"programme_id", "code", "position", "level", "title_nl", "title_en", "title_fr",
		"text_nl", "text_en", "text_fr"}, rows)
}

// The terms of a new document, where the programme's rule says nothing.
const (
	claimsPerYear = 4
	usualDays     = 30
)

// Begin is the first document of an agreement with a partner: the template's clauses in a language, the programme's terms, ceilings of 0.
func (s *Setting) Begin(partner programme.Organisation, l text.Language) Document {
	d := Document{Form: DocumentForm, Language: l, Programme: s.Programme.Name.In(l), Mandate: s.Mandate,
		Agency: Party{Organisation: s.Agency.ID, Name: s.Agency.Name}, Partner: Party{Organisation: partner.ID, Name: partner.Name},
		Starts: s.Programme.Starts, Ends: s.Programme.Ends, Terms: s.Terms()}
	for _, c := range s.Clauses {
		d.Clauses = append(d.Clauses, Clause{Code: c.Code, Level: c.Level, Title: c.Title.In(l), Text: c.Text.In(l)})
	}
	for _, y := range d.Years() {
		d.Ceilings = append(d.Ceilings, YearAmount{Year: y})
	}
	return d.Normal()
}

// Terms are those of a new document.
func (s *Setting) Terms() Terms {
	return Terms{RateBp: s.Rule.RateBp, PerformanceBp: s.Rule.PerformanceBp, AdvanceBp: s.Rule.AdvanceBp, ClaimsPerYear: claimsPerYear,
		ClaimDays: usualDays, VerifyDays: usualDays, PayDays: usualDays}
}

// Aim is an objective of the programme's strategy for a document.
func (s *Setting) Aim(code, goal string, w programme.Words, l text.Language) Aim {
	a := Aim{Code: code, Goal: goal, Words: Wording(w)}
	if g, known := s.Goal(goal); known {
		a.GoalName = g.Name.In(l)
	}
	return a
}

// Promise is a KPI of the programme for a document, without baseline and targets.
func (s *Setting) Promise(kpi, objective string, l text.Language) Promise {
	p := Promise{KPI: kpi, Objective: objective, Rule: "level", CapBp: int64(money.Whole)}
	if k, known := s.Indicator(kpi); known {
		p.Name, p.Version, p.Unit, p.Direction, p.Decimals = k.Name.In(l), k.Version, k.Unit, k.Direction, k.Decimals
	}
	return p
}
