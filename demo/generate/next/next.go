// Package next writes the third round of the demo, 2027-2031, which is under negotiation: nothing of it is a fact, so its files hold no rows
// but the moves of people.
package next

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Folder and Applicant are the round's code and the organisation that was no partner and applies.
const (
	Folder    = "fit-2027-2031"
	Applicant = "x-ruimtewerf"
	leader    = "industry@fit.example"
	approver  = "approver@fit.example"
)

// yardsticks are the criteria of the round, by code.
func yardsticks() []struct {
	code       string
	weight     int
	name, hint words
} {
	return []struct {
		code       string
		weight     int
		name, hint words
	}{
		{"results", 30, words{"Resultaten", "Results", "Résultats"}, words{"Wat de vorige ronde aantoonbaar opleverde voor bedrijven.", "What the last round demonstrably did for companies.", "Ce que le cycle précédent a apporté de façon démontrable aux entreprises."}},
		{"reach", 25, words{"Bereik", "Reach", "Portée"}, words{"Bedrijven die anders niet bereikt worden.", "Companies that are not reached otherwise.", "Les entreprises qui ne sont pas touchées autrement."}},
		{"complement", 25, words{"Complementariteit", "Complementarity", "Complémentarité"}, words{"Wat het agentschap en andere partners niet doen.", "What the agency and other partners do not do.", "Ce que l'agence et d'autres partenaires ne font pas."}},
		{"capacity", 20, words{"Draagkracht", "Capacity", "Capacité"}, words{"Mensen en eigen middelen voor de helft.", "People and own means for the half.", "Les personnes et les moyens propres pour la moitié."}},
	}
}

// Member is a partner of the round before.
type Member struct {
	Code    string
	Reach   int // companies in its first year
	Ceiling int // thousands of euro a year
}

type words struct{ nl, en, fr string }

// Write writes the folder.
func Write(dir, follows string, members []Member) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "round.toml"), []byte(roundFile(follows)), 0o644); err != nil {
		return err
	}
	m := moves{{"move", "partner", "by", "place", "value", "words"}}
	m.play(members)
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	if err := w.WriteAll(m); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "moves.csv"), out.Bytes(), 0o644)
}

func roundFile(follows string) string {
	var b strings.Builder
	line := func(format string, a ...any) { fmt.Fprintf(&b, format+"\n", a...) }
	line("code = %q", Folder)
	line("follows = %q", follows)
	line("opened_by = %q", leader)
	line(`name = { nl = "Structurele partnerschappen 2027-2031", en = "Structural partnerships 2027-2031", fr = "Partenariats structurels 2027-2031" }`)
	line(`starts = "2027-01-01"`)
	line(`ends = "2031-12-31"`)
	line(`envelope = "2000000.00"`)
	for _, k := range yardsticks() {
		line("\n[[criterion]]\ncode = %q\nweight = %d", k.code, k.weight)
		line("name = { nl = %q, en = %q, fr = %q }", k.name.nl, k.name.en, k.name.fr)
		line("hint = { nl = %q, en = %q, fr = %q }", k.hint.nl, k.hint.en, k.hint.fr)
	}
	return b.String()
}

// moves are what people did so far, in order.
type moves [][]string

func (n *moves) do(move, partner, by, place, value, said string) {
	*n = append(*n, []string{move, partner, by, place, value, said})
}

func of(partner string) string { return "coordinator@" + partner + ".example" }

// play: every partner of the running round is named and one organisation applies; all but the last few are scored; most of those are decided on;
// eight drafts are on the table, three of them agreed.
func (n *moves) play(members []Member) {
	for _, m := range members {
		n.do("name", m.Code, leader, "", "", "Partner in 2022-2026.")
	}
	for _, k := range yardsticks() {
		n.do("answer", Applicant, of(Applicant), k.code, "", "Zestien ruimtevaartbedrijven vragen samen naar "+strings.ToLower(k.name.nl)+" in Toulouse en Bremen.")
	}
	n.do("apply", Applicant, of(Applicant), "", "", "Twee joint missions per jaar voor ruimtevaartbedrijven, die nu geen partner hebben.")
	const scored, decided, drafted = 15, 11, 8
	for i, m := range members[:scored] {
		n.scored(m.Code, i)
	}
	n.scored(Applicant, 4)
	n.do("assess", Applicant, leader, "", "", "")
	for i, m := range members[:decided] {
		n.do("assess", m.Code, leader, "", "", "")
		switch {
		case i == decided-1:
			n.do("decline", m.Code, approver, "", "", "Het aanbod overlapt met dat van twee clusters.")
		default:
			n.do("invite", m.Code, approver, "", "", "Resultaten en bereik rechtvaardigen een nieuwe overeenkomst.")
		}
	}
	for i, m := range members[:drafted] {
		n.do("draft", m.Code, leader, "", "", "")
		n.negotiate(m, i)
	}
}

// scored are the sheets of two assessors; one of them steps aside where there is a conflict, and the third takes over.
func (n *moves) scored(partner string, i int) {
	who := []string{"assessor@fit.example", "assessor.2@fit.example"}
	if i == 2 {
		n.do("declare", partner, who[1], "", "conflict", "Zit in de adviesraad van deze organisatie.")
		who[1] = "assessor.3@fit.example"
	}
	for j, by := range who {
		n.do("declare", partner, by, "", "none", "")
		for k, y := range yardsticks() {
			points := 3 + (i+k*2+j)%3
			if i == 10 {
				points = 1 + (k+j)%2
			}
			n.do("score", partner, by, y.code, strconv.Itoa(points), said(points))
		}
	}
}

func said(points int) string {
	switch {
	case points < 3:
		return "Weinig aangetoond."
	case points == 3:
		return "Voldoende aangetoond."
	case points == 4:
		return "Goed aangetoond in de vorige ronde."
	}
	return "Sterk, met cijfers over vier jaar."
}

// negotiate is what is said at the table of one partner: the first three end in agreement, the others wait for one side or the other.
func (n *moves) negotiate(m Member, i int) {
	target := func(percent int) string { return strconv.Itoa(m.Reach * percent / 100) }
	const reach2031 = "kpi.companies-reached.target.2031"
	if i == 7 {
		return // the draft of the agency, not proposed yet
	}
	n.do("propose", m.Code, leader, "", "", "Eerste voorstel, op wat de vorige jaren haalden.")
	if i == 6 {
		return
	}
	n.do("comment", m.Code, of(m.Code), reach2031, "", "Dit vraagt één medewerker meer; is het plafond daarop berekend?")
	n.do("change", m.Code, of(m.Code), reach2031, target(122), "")
	n.do("change", m.Code, of(m.Code), "ceiling.2027", strconv.Itoa(m.Ceiling*1000+5000)+".00", "")
	n.do("change", m.Code, of(m.Code), "clause.joint-activities", "", "De partner zet elk jaar minstens drie activiteiten op samen met andere partners of met het agentschap, waarvan één in een markt die nieuw is voor zijn leden.")
	n.do("propose", m.Code, of(m.Code), "", "", "Iets meer tijd voor de groei, en één markt meer.")
	if i == 5 {
		return
	}
	n.do("change", m.Code, leader, reach2031, target(126), "")
	n.do("propose", m.Code, leader, "", "", "De markt nemen we over; het streefcijfer ligt halfweg.")
	if i > 2 {
		n.do("comment", m.Code, leader, reach2031, "", "Halfweg tussen beide voorstellen.")
		return
	}
	n.do("settle", m.Code, of(m.Code), reach2031, "", "")
	n.do("accept", m.Code, of(m.Code), "", "", "")
}
