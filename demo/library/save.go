package library

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// How many items the library of the demonstration holds, and from when to when: its pages start from 16 September 2019.
const (
	demoSeed  = 20171003
	demoItems = 140
	demoFrom  = "2017-10-16"
	demoUntil = "2019-09-13"
)

// Save writes library/items.csv and questions.csv into the folder of a programme that was written before: each organisation writes about the markets and sectors
// of the activities that it leads.
func Save(dir string) error {
	partners, err := partnersOf(filepath.Join(dir, "activities.csv"))
	if err != nil {
		return err
	}
	rows := [][]string{strings.Split("organisation,kind,reach,language,published,title,markets,sectors,needs,body", ",")}
	for _, e := range Write(demoSeed, demoItems, demoFrom, demoUntil, partners) {
		rows = append(rows, []string{e.Partner, string(e.Kind), e.Reach.String(), string(e.Language), string(e.Published), e.Title,
			strings.Join(e.Markets, " "), strings.Join(e.Sectors, " "), strings.Join(e.Needs, " "), e.Body})
	}
	if err := os.MkdirAll(filepath.Join(dir, "library"), 0o755); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(dir, "library", "items.csv"))
	if err != nil {
		return err
	}
	return errors.Join(csv.NewWriter(f).WriteAll(rows), f.Close(), saveQuestions(dir))
}

// partnersOf reads who leads activities, by code, and on what.
func partnersOf(path string) ([]Partner, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, errors.Join(err, errors.New(path+" holds no activities"))
	}
	who, markets, sectors := slices.Index(rows[0], "organisers"), slices.Index(rows[0], "markets"), slices.Index(rows[0], "sectors")
	var all []Partner
	for _, row := range rows[1:] {
		code, _, _ := strings.Cut(row[who], ":")
		code, _, _ = strings.Cut(code, " ")
		at := slices.IndexFunc(all, func(p Partner) bool { return p.Code == code })
		if at < 0 {
			all, at = append(all, Partner{Code: code}), len(all)
		}
		p := &all[at]
		p.Markets = append(p.Markets, strings.Fields(row[markets])...)
		p.Sectors = append(p.Sectors, strings.Fields(row[sectors])...)
	}
	all = slices.DeleteFunc(all, func(p Partner) bool { return len(p.Markets) == 0 || len(p.Sectors) == 0 })
	slices.SortFunc(all, func(a, b Partner) int { return strings.Compare(a.Code, b.Code) })
	return all, nil
}
