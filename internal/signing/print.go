package signing

import (
	"strconv"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/format/pdf"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Marker stands before the hash of the content in the keywords of every PDF, where a program finds it.
const Marker = "Errera agreement sha256:"

// printing is a version being set in the language that binds.
type printing struct {
	agreement.Version
	l text.Language
}

func (p printing) t(key text.Key, pairs ...any) string {
	args := text.Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	return p.l.Say(key, args)
}

// Print is the version as a PDF to be signed elsewhere: the same bytes whenever it is asked for.
func Print(v agreement.Version) ([]byte, error) { return pdf.Render(layout(v, nil, nil)) }

// layout sets a version: its clauses, its annexes of objectives, activities and ceilings, and who signs or signed.
func layout(v agreement.Version, signed []Signature, acts []pdf.Fact) pdf.Document {
	p := printing{v, v.Document.Language}
	d := &p.Document
	out := pdf.Document{Language: string(p.l), Over: d.Programme, Title: p.t("signing.print.title", "partner", d.Partner.Label()),
		Under: p.l.DateRange(string(d.Starts), string(d.Ends)), Author: d.Agency.Name, Subject: d.Programme, Keywords: Marker + v.Hash,
		Mark: p.t("signing.print.mark", "partner", d.Partner.Label(), "n", v.N), Foot: "sha256 " + v.Hash, Made: v.MadeAt.Time()}
	out.Blocks = append(out.Blocks, p.facts(), pdf.Heading{Text: p.t("signing.print.clauses")})
	out.Blocks = append(out.Blocks, p.clauses()...)
	out.Blocks = append(out.Blocks, p.objectives()...)
	out.Blocks = append(out.Blocks, p.money()...) // the clauses name it annex 2
	out.Blocks = append(out.Blocks, p.lines()...)
	return p.signatures(out, signed, acts)
}

func (p printing) facts() pdf.Facts {
	d := &p.Document
	all := pdf.Facts{
		{Label: p.t("signing.print.agency"), Value: d.Agency.Label()},
		{Label: p.t("signing.print.partner"), Value: d.Partner.Label()},
		{Label: p.t("signing.print.period"), Value: p.l.DateRange(string(d.Starts), string(d.Ends))},
		{Label: p.t("signing.print.total"), Value: d.Total().Euro(p.l)},
	}
	if d.Mandate != "" {
		all = append(all, pdf.Fact{Label: p.t("signing.print.mandate"), Value: d.Mandate})
	}
	all = append(all, pdf.Fact{Label: p.t("signing.print.version"), Value: strconv.Itoa(p.N)})
	if d.Amends > 0 {
		all = append(all, pdf.Fact{Label: p.t("signing.print.amends"), Value: p.t("signing.print.amends_value", "n", d.Amends, "from", d.EffectiveOn)},
			pdf.Fact{Label: p.t("signing.print.reason"), Value: d.ReasonAmends})
	}
	return append(all, pdf.Fact{Label: p.t("signing.print.hash"), Value: p.Hash, Fingerprint: true})
}

func (p printing) clauses() []pdf.Block {
	var all []pdf.Block
	numbers, fields := agreement.Numbers(p.Document.Clauses), p.Document.Fields()
	for i, c := range p.Document.Clauses {
		all = append(all, pdf.Clause{Number: numbers[i], Level: c.Level, Title: agreement.Fill(c.Title, fields), Text: agreement.Fill(c.Text, fields)})
	}
	return all
}

// objectives is the first annex: each objective with the goal it serves, and a table of what measures it.
func (p printing) objectives() []pdf.Block {
	d := &p.Document
	all := []pdf.Block{pdf.Heading{Text: p.t("signing.print.annex_objectives"), PageBreak: true}}
	years := d.Years()
	columns := []pdf.Column{{Head: p.t("signing.print.kpi"), Width: 3.4}, {Head: p.t("signing.print.unit"), Width: 1.4},
		{Head: p.t("signing.print.baseline"), Width: 1.1, Right: true}}
	for _, y := range years {
		columns = append(columns, pdf.Column{Head: y.String(), Width: 1, Right: true})
	}
	columns = append(columns, pdf.Column{Head: p.t("signing.print.weight"), Width: 1, Right: true})
	for i, o := range d.Objectives {
		all = append(all, pdf.Clause{Number: strconv.Itoa(i + 1), Level: 1, Title: o.Words.In(p.l), Text: p.t("signing.print.serves", "goal", o.GoalName), Keeps: true})
		t := pdf.Table{Columns: columns}
		for _, k := range d.KPIs {
			if k.Objective == o.Code {
				t.Rows = append(t.Rows, p.promise(k, years))
			}
		}
		if len(t.Rows) > 0 {
			all = append(all, t)
		}
	}
	return append(all, pdf.Paragraph{Text: p.t("signing.print.kpi_note"), Quiet: true})
}

func (p printing) promise(k agreement.Promise, years []period.Year) []string {
	unit := k.Unit
	if head := text.Key("unit.head." + k.Unit); p.l.Has(head) {
		unit = p.t(head)
	}
	row := []string{k.Name, unit, k.Baseline.Show(p.l, k.Decimals)}
	for _, y := range years {
		row = append(row, k.Target(y).Show(p.l, k.Decimals))
	}
	return append(row, strconv.FormatInt(k.Weight, 10))
}

func (p printing) lines() []pdf.Block {
	if len(p.Document.Lines) == 0 {
		return nil
	}
	t := pdf.Table{Columns: []pdf.Column{{Head: p.t("signing.print.line"), Width: 3}, {Head: p.t("signing.print.line_text"), Width: 5},
		{Head: p.t("signing.print.per_year"), Width: 1.6, Right: true}}}
	for _, l := range p.Document.Lines {
		often := p.t("signing.print.standing")
		if !l.Standing {
			often = strconv.Itoa(l.PerYear)
		}
		t.Rows = append(t.Rows, []string{l.Title, l.Text, often})
	}
	return []pdf.Block{pdf.Heading{Text: p.t("signing.print.annex_lines")}, t}
}

// money is the second annex: the ceiling of each year, and how money moves.
func (p printing) money() []pdf.Block {
	d := &p.Document
	t := pdf.Table{Total: true, Columns: []pdf.Column{{Head: p.t("signing.print.year"), Width: 1}, {Head: p.t("signing.print.ceiling"), Width: 1, Right: true}}}
	for _, c := range d.Ceilings {
		t.Rows = append(t.Rows, []string{c.Year.String(), c.Amount.Show(p.l)})
	}
	t.Rows = append(t.Rows, []string{p.t("signing.print.sum"), d.Total().Show(p.l)})
	facts := pdf.Facts{
		{Label: p.t("signing.print.rate"), Value: d.Terms.RateBp.Show(p.l)},
		{Label: p.t("signing.print.performance"), Value: d.Terms.PerformanceBp.Show(p.l)},
		{Label: p.t("signing.print.advance"), Value: d.Terms.AdvanceBp.Show(p.l)},
		{Label: p.t("signing.print.claims"), Value: strconv.Itoa(d.Terms.ClaimsPerYear)},
		{Label: p.t("signing.print.claim_days"), Value: p.t("signing.print.days", "n", d.Terms.ClaimDays)},
		{Label: p.t("signing.print.verify_days"), Value: p.t("signing.print.days", "n", d.Terms.VerifyDays)},
		{Label: p.t("signing.print.pay_days"), Value: p.t("signing.print.days", "n", d.Terms.PayDays)},
	}
	return []pdf.Block{pdf.Heading{Text: p.t("signing.print.annex_money")}, t, facts}
}

// signatures is who signs: a line each, or what they did and when.
func (p printing) signatures(out pdf.Document, signed []Signature, acts []pdf.Fact) pdf.Document {
	const head, each, act, note = 20.0, 18.0, 8.0, 14.0 // millimetres, so that who signed and the seal are read on one page
	needs := head + each*float64(len(p.Document.Signatories))
	if len(acts) > 0 {
		needs += act*float64(len(acts)) + note
	}
	out.Blocks = append(out.Blocks, pdf.Heading{Text: p.t("signing.print.signatures"), Needs: needs})
	if len(p.Document.Signatories) == 0 {
		out.Blocks = append(out.Blocks, pdf.Paragraph{Text: p.t("negotiation.no_signatories"), Quiet: true})
	}
	for i, s := range p.Document.Signatories {
		name, role := s.Name, s.Title
		party := p.Document.Agency.Label()
		if s.Side == agreement.OfPartner {
			party = p.Document.Partner.Label()
		}
		if role != "" {
			role += ", "
		}
		b := pdf.Signing{Name: name, Role: role + party}
		if i < len(signed) {
			b.Name = signed[i].Name
			b.Statement = p.statement(signed[i])
		}
		out.Blocks = append(out.Blocks, b)
	}
	if len(acts) > 0 {
		out.Blocks = append(out.Blocks, pdf.Paragraph{}, pdf.Facts(acts), pdf.Paragraph{Text: p.t("signing.print.seal_note"), Quiet: true})
	}
	return out
}

func (p printing) statement(s Signature) string {
	words := p.t("signing.print.signed", "at", moment(p.l, s.At)) + "\n" + p.t(text.Key("signing.print.way."+string(s.Way)))
	if s.Certificate != "" {
		words += "\n" + s.Certificate
	}
	return words
}

func moment(l text.Language, at db.Time) string { return l.DateTime(at.Time()) }
