package report

import (
	"io"
	"strings"
	"unicode/utf8"

	"errera.eu/errera/internal/text"
)

// paper is a statement being set in a fixed width.
type paper struct {
	strings.Builder
	l text.Language
}

const (
	paperWidth  = 84
	amountWidth = 18
	wordsWidth  = paperWidth - amountWidth - 4
)

// WriteText sets the statement as plain text of 84 columns.
func (s Statement) WriteText(w io.Writer, l text.Language) error {
	p := &paper{l: l}
	p.line(l.Say("statement.title", text.Args{"number": s.Number(), "year": s.Year, "state": text.Key("state." + string(s.State))}))
	p.line(s.Agency.Name + " · " + s.Partner.Name)
	p.line("")
	var lede []string
	for _, one := range append([]Saying{s.Answer()}, s.Lede()...) {
		lede = append(lede, one.In(l))
	}
	for _, line := range wrap(strings.Join(lede, " "), paperWidth) {
		p.line(line)
	}
	for _, step := range s.Steps {
		p.step(step)
	}
	p.scores(s)
	p.line("")
	p.line(l.Say("statement.fingerprint", nil) + " " + s.Facts)
	_, err := io.WriteString(w, p.String())
	return err
}

func (p *paper) line(s string) {
	p.WriteString(strings.TrimRight(s, " "))
	p.WriteByte('\n')
}

func (p *paper) step(s Step) {
	number := "  "
	if s.N > 0 || s.Key == "balance" {
		p.line(strings.Repeat("─", paperWidth))
	}
	if s.N > 0 {
		number = padLeft(p.l.Number(int64(s.N)), 2)
	}
	lines := wrap(s.Words.In(p.l), wordsWidth)
	for i, line := range lines {
		if i == len(lines)-1 {
			line = padRight(line, wordsWidth) + padLeft(s.Amount.Show(p.l), amountWidth)
		}
		p.line(number + "  " + line)
		number = "  "
	}
	for _, line := range wrap(s.Working.In(p.l), wordsWidth) {
		p.line("    " + line)
	}
	if s.Key == "balance" {
		p.line(strings.Repeat("═", paperWidth))
	}
}

func (p *paper) scores(s Statement) {
	if len(s.Scores) == 0 {
		return
	}
	p.line("")
	p.line(p.l.Say("statement.score_title", text.Args{"score": percent(s.Working.Reckoning.Score)}))
	row := func(cells ...string) {
		line := padRight(cells[0], 30)
		for i, c := range cells[1:] {
			line += padLeft(c, []int{10, 13, 12, 8, 11}[i])
		}
		p.line(line)
	}
	row(p.l.Say("statement.kpi", nil), p.l.Say("statement.target", nil), p.l.Say("statement.value", nil), p.l.Say("statement.attained", nil),
		p.l.Say("statement.weight", nil), p.l.Say("statement.pays", nil))
	for _, r := range s.Scores {
		attained, pays := "", ""
		if r.Shown != nil {
			attained = PercentText(r.Attainment, 1, p.l)
		}
		if r.Status.Weighs() {
			pays = PercentText(r.Payout, 2, p.l)
		}
		row(clip(r.Definition.Short.In(p.l), 29), r.AimText(p.l), clip(r.ValueText(p.l), 14), attained, p.l.Number(r.Weight), pays)
		if r.CapText(p.l) != "" {
			p.line("  " + r.CapText(p.l))
		}
	}
	row(p.l.Say("statement.score", nil), "", "", "", p.l.Number(s.Weight()), PercentText(int64(s.Working.Reckoning.Score), 2, p.l))
}

// wrap breaks words at spaces; a no-break space never breaks. An empty text has no lines.
func wrap(s string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Split(s, " ") {
		switch {
		case word == "":
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width:
			lines, line = append(lines, line), word
		default:
			line += " " + word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

func padLeft(s string, width int) string {
	return strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s))) + s
}

func padRight(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}

func clip(s string, width int) string {
	if r := []rune(s); len(r) > width {
		return string(r[:width-1]) + "…"
	}
	return s
}
