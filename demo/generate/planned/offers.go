package planned

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"

	"errera.eu/errera/internal/activity"
)

// offers adds to activities.csv whom each activity is for and what a place costs a company, where somebody said so.
func offers(dir string) error {
	f, err := os.Open(filepath.Join(dir, "activities.csv"))
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return err
	}
	at := map[string]int{}
	for n, column := range rows[0] {
		at[column] = n
	}
	rows[0] = append(rows[0], "audience", "price")
	for n, cells := range rows[1:] {
		code, kind := cells[at["code"]], cells[at["type"]]
		rows[n+1] = append(cells, string(audience(kind, code)), price(kind, cells[at["place"]], code))
	}
	return write(dir, "activities.csv", rows)
}

// audience is whom an activity of a type is for; for two in five nobody said it.
func audience(kind, code string) activity.Audience {
	if kind != "retention" && pick("audience "+code, 5) < 2 {
		return ""
	}
	of := map[string][]activity.Audience{
		"mission": {activity.Exporters, activity.Exporters, activity.Growing}, "visit": {activity.Exporters, activity.Growing},
		"fair": {activity.Exporters}, "matchmaking": {activity.Exporters, activity.FirstExporters, activity.Growing},
		"seminar": {activity.FirstExporters, activity.Exporters, activity.Starters}, "conference": {activity.Exporters, activity.Researchers},
		"course": {activity.FirstExporters, activity.Starters}, "coaching": {activity.FirstExporters, activity.Growing},
		"knowledge": {activity.Exporters, activity.Researchers}, "retention": {activity.Investors},
	}[kind]
	if len(of) == 0 {
		return ""
	}
	return of[pick("for "+code, uint32(len(of)))]
}

// price is what a place costs in whole euros, in steps of five; "" where it is free.
func price(kind, place, code string) string {
	span := map[string][2]int64{"mission": {450, 900}, "visit": {80, 240}, "fair": {900, 1600}, "matchmaking": {40, 120}, "seminar": {25, 60},
		"conference": {60, 180}, "course": {120, 280}, "coaching": {150, 350}}[kind]
	if span[1] == 0 || kind == "seminar" && pick("free "+code, 2) == 0 {
		return ""
	}
	euros := span[0] + pick("price "+code, uint32(span[1]-span[0]))
	if place == "online" {
		euros /= 3
	}
	return strconv.FormatInt(euros/5*5, 10) + ".00"
}
