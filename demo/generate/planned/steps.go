package planned

import (
	"path/filepath"
	"strings"

	"errera.eu/errera/demo/generate/overlaps"
	"errera.eu/errera/internal/period"
)

// saveSteps writes plans/steps.csv, as things stood on a day. Partners in open, by their code, still have an overlap of
// that day's year to decide: they changed their plan, and it waits to be approved again.
func saveSteps(dir string, today period.Date, open map[string]bool) error {
	activities, err := overlaps.Read(dir, "activities.csv")
	if err != nil {
		return err
	}
	ceilings, err := overlaps.Read(dir, "ceilings.csv")
	if err != nil {
		return err
	}
	agreements, err := overlaps.Read(dir, "agreements.csv")
	if err != nil {
		return err
	}
	people, err := overlaps.Read(dir, "people.csv")
	if err != nil {
		return err
	}
	s := steps{today: today, open: open, rows: [][]string{{"partner", "year", "step", "on", "by", "remark"}}, language: map[string]string{},
		signed: map[string]period.Date{}}
	for _, p := range people {
		if s.language[p["email"]] = p["language"]; p["role"] == "officer" {
			s.officers = append(s.officers, p["email"])
		}
	}
	for _, a := range agreements {
		s.signed[a["partner"]] = period.Date(a["signed"])
	}
	for _, y := range yearsOf(ceilings, activities) {
		s.tell(y)
	}
	return write(dir, filepath.Join("plans", "steps.csv"), s.rows)
}

// steps are the rows of the plans told so far.
type steps struct {
	today    period.Date
	open     map[string]bool
	officers []string
	language map[string]string // of people by their address
	signed   map[string]period.Date
	rows     [][]string
}

// tell writes how the plan of a partner's year went: handed in late in the year before, or after signing; about one in four returned once, about
// one in five changed after its approval.
func (s *steps) tell(y planned) {
	year, _ := period.ParseYear(y.year)
	code, officer := y.partner, s.officers[pick(y.partner, uint32(len(s.officers)))]
	coordinator := "coordinator@" + code + ".example"
	if s.language[coordinator] == "" {
		return
	}
	on := max(year.First().AddDays(-48+int(pick(code+y.year, 24))), s.signed[code].AddDays(12))
	step := func(verb, by string, after int, remark string) {
		on = workday(on.AddDays(after))
		s.rows = append(s.rows, []string{code, y.year, verb, string(on), by, remark})
	}
	step("submit", coordinator, 0, "")
	if pick("returned "+code+y.year, 4) == 0 {
		step("return", officer, 9, s.remark("return", code+y.year, officer))
		step("submit", coordinator, 8, "")
	}
	step("approve", officer, 13, "")
	switch {
	case year == s.today.Year() && s.open[code]:
		on = s.today.AddDays(-20 + int(pick("late "+code, 14)))
		step("amend", coordinator, 0, s.remark("more", code, coordinator))
	case pick("amended "+code+y.year, 5) == 0:
		on = max(on, year.First().AddDays(100+int(pick("day "+code+y.year, 60))))
		step("amend", coordinator, 0, s.remark("amend", code+y.year, coordinator))
		step("approve", officer, 10, "")
	}
}

// workday is the day, or the Monday after it.
func workday(d period.Date) period.Date {
	for d.Weekday() == 0 || d.Weekday() == 6 {
		d = d.AddDays(1)
	}
	return d
}

// remark is what somebody says with a step, in a language of theirs.
func (s *steps) remark(of, word, by string) string {
	language := s.language[by]
	if language != "en" {
		language = "nl"
	}
	list := strings.Split(map[string]string{
		"return nl": `Voor twee activiteiten ontbreekt een raming van de kosten.
Geef bij de opleidingen het aantal plaatsen en voor wie ze bedoeld zijn.
Zeg bij elke zending welke sectoren u meeneemt.
Spreek de data van het najaar nog af met de andere organisatoren.`,
		"return en": `Two activities have no estimate of their cost yet.
Please say how many places the courses have, and whom they are for.
Please settle the dates of the autumn with the other organisers.`,
		"more nl": `We plannen in het najaar een activiteit meer.
Een sessie van het najaar kreeg een nieuwe datum en een ander onderwerp.
Op vraag van onze leden komt er dit najaar nog een bijeenkomst bij.`,
		"more en": `We plan one more activity in the autumn.
A session of the autumn has a new date and another subject.`,
		"amend nl": `Een beurs werd verplaatst; we nemen een andere in de plaats.
Onze leden vragen een bezoek meer aan de buurlanden en een zending minder.
Een partner ter plaatse haakte af; de zending wordt een reeks gesprekken op afstand.`,
		"amend en": `A fair was moved; we go to another one instead.
A local partner withdrew; the mission becomes a series of talks at a distance.`,
	}[of+" "+language], "\n")
	return list[pick("remark "+word, uint32(len(list)))]
}
