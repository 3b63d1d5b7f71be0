package letter

import (
	"context"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/format/pdf"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/text"
)

// OfSettlement is the reasoned letter about the newest settlement of an agreement-year that the actor may read: a partner reads it once it was
// communicated, the agency before then as a draft. Each figure is the statement's. Missing (settlement.none) where there is none.
func OfSettlement(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, a id.Agreement, year period.Year) (Letter, error) {
	found, err := settlement.Latest(ctx, tx, by, g.ID, a, year)
	if err != nil {
		return Letter{}, err
	}
	s, err := report.LoadStatement(ctx, tx, g, found)
	if err != nil {
		return Letter{}, err
	}
	l := Letter{About: s.Facts, On: s.CommunicatedOn}
	if err := l.address(ctx, tx, g, s.Partner.ID); err != nil {
		return l, err
	}
	if l.On == "" {
		l.On, l.Draft = s.ComputedOn, l.say("letter.draft", nil)
	}
	l.ofSettlement(s)
	return l, nil
}

func (l *Letter) ofSettlement(s report.Statement) {
	l.Heading = l.say("letter.settlement_heading", text.Args{"year": s.Year, "number": s.Number()})
	sentences := []string{s.Answer().In(l.Language)}
	for _, one := range s.Lede() {
		sentences = append(sentences, one.In(l.Language))
	}
	l.Opening = strings.Join(sentences, " ")
	for _, step := range s.Steps {
		l.Totals = append(l.Totals, Total{Words: step.Words.In(l.Language), Note: step.Working.In(l.Language),
			Amount: step.Amount.Show(l.Language), Strong: step.N > 0 || step.Key == "balance"})
	}
	if len(s.Scores) > 0 {
		l.Parts = append(l.Parts, l.scores(s))
	}
	if s.State == settlement.Communicated {
		l.Closing = append(l.Closing, l.say("letter.settlement_object", text.Args{"on": s.ObjectionUntil}))
	}
	l.Closing = append(l.Closing, l.say("letter.settlement_proof", text.Args{"hash": s.Fingerprint(), "version": s.AgreementNo}))
}

// scores says how each KPI was attained, and what it pays.
func (l *Letter) scores(s report.Statement) Part {
	score := int64(s.Working.Reckoning.Score)
	p := Part{ID: "score", Sum: true, Title: l.say("statement.score_title", text.Args{"score": l.Language.Percent(report.PercentText(score, 2, text.EN), 2)}),
		Columns: []pdf.Column{{Head: l.say("statement.kpi_year", text.Args{"year": s.Year}), Width: 6}, {Head: l.say("statement.target", nil), Width: 2, Right: true},
			{Head: l.say("statement.value", nil), Width: 2.4, Right: true}, {Head: l.say("statement.attained", nil), Width: 2, Right: true},
			{Head: l.say("statement.weight", nil), Width: 1.6, Right: true}, {Head: l.say("statement.pays", nil), Width: 1.8, Right: true}}}
	for _, r := range s.Scores {
		attained, weight, pays := "", "", ""
		if r.Shown != nil {
			attained = report.PercentText(r.Attainment, 1, l.Language)
		}
		if r.Status.Weighs() {
			weight, pays = l.Language.Number(r.Weight), report.PercentText(r.Payout, 2, l.Language)
		}
		row := cells(r.Definition.Name.In(l.Language), r.AimText(l.Language), r.ValueText(l.Language), attained, weight, pays)
		if capped := r.CapText(l.Language); capped != "" {
			row[0].Text += "\n" + capped
		}
		p.Rows = append(p.Rows, row)
	}
	p.Rows = append(p.Rows, cells(l.say("statement.score", nil), "", "", "", l.Language.Number(s.Weight()), report.PercentText(score, 2, l.Language)))
	return p
}
