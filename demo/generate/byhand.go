package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
)

// handPartners are the three of the small programme, in file order.
func handPartners() []string { return []string{"alpha", "beta", "gamma"} }

// writeByHand writes the small programme and the spreadsheet that works out its settlement from the same rows.
func writeByHand(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	tables := map[string]*table{}
	for name, text := range handFiles() {
		if strings.HasSuffix(name, ".toml") {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.TrimLeft(text, "\n")), 0o644); err != nil {
				return err
			}
			continue
		}
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			return err
		}
		t := &table{name: name, rows: rows}
		tables[name] = t
		if err := t.write(dir); err != nil {
			return err
		}
	}
	book, err := handBook(tables)
	if err != nil {
		return err
	}
	content, err := book.WriteToBuffer()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "settlement.xlsx"), content.Bytes(), 0o644)
}

// column gives the cells of the rows in which where holds, by column name.
func (t *table) where(column, value string) []map[string]string {
	var out []map[string]string
	for _, cells := range t.rows[1:] {
		r := map[string]string{}
		for i, name := range t.rows[0] {
			r[name] = cells[i]
		}
		if r[column] == value {
			out = append(out, r)
		}
	}
	return out
}

// handFiles are typed in, every figure of them: the point is that a person can follow it.
func handFiles() map[string]string {
	files := handFacts()
	for name, text := range handPromises() {
		files[name] = text
	}
	for name, text := range handMoney() {
		files[name] = text
	}
	files["programme.toml"] = `
code = "by-hand"
name = { nl = "Met de hand nagerekend", en = "Worked out by hand", fr = "Calculé à la main" }
starts = "2018-01-01"
ends = "2018-12-31"
currency = "EUR"
agency = "bureau"
invented = true
note = { nl = "Alles is verzonnen, ook de namen.", en = "Everything is made up, the names too.", fr = "Tout est inventé, les noms aussi." }

[strategy]
name = { nl = "Proefstrategie", en = "Trial strategy", fr = "Stratégie d'essai" }

[[goal]]
code = "abroad"
name = { nl = "Naar het buitenland", en = "Going abroad", fr = "Aller à l'étranger" }

[[rule]]
from = "2018-01-01"
rate_bp = 5000
performance_bp = 2000
advance_bp = 3000
objection_days = 30
carry_over_bp = 1000
year_of = "delivered"

[[envelope]]
year = 2018
amount = "80000.00"

[[decision]]
code = "no-partner"
kind = "waiver"
date = "2018-11-20"
body = "Board"
text = "Joint activities leave the weights of Gamma: the organisation it was to work with has closed."
taken_by = "approver@bureau.example"
`
	files["kpis.toml"] = handKpis()
	return files
}

func handKpis() string {
	var b strings.Builder
	for _, k := range [][]string{
		{"companies", "Bedrijven", "Companies", "Entreprises", "companies", `"participation", "contact"`, "false", "distinct", "", "", "full", "0", "0"},
		{"contacts", "Contacten", "Contacts", "Contacts", "contacts", `"contact"`, "false", "count", "", "", "share", "2", "0"},
		{"joint", "Samen", "Joint activities", "Conjointes", "activities", `"held"`, "true", "count", "", "", "full", "0", "0"},
		{"sales", "Exportverkoop", "Export sales", "Ventes export", "euro", `"win"`, "false", "sum", "amount", "", "share", "2", "0"},
		{"satisfaction", "Tevreden", "Satisfied", "Satisfaits", "percent", `"evaluation"`, "false", "ratio", "quantity", "4", "full", "1", "10"},
	} {
		name := words{k[1], k[2], k[3]}.toml()
		b.WriteString("[[kpi]]\ncode = \"" + k[0] + "\"\nname = " + name + "\nshort = " + name + "\nunit = \"" + k[4] + "\"\nkinds = [" + k[5] + "]\nactivity_types = []\njoint_only = " + k[6] +
			"\naggregate = \"" + k[7] + "\"\nmeasure = \"" + k[8] + "\"\nthreshold = \"" + k[9] + "\"\njoint = \"" + k[10] + "\"\ndirection = \"up\"\ndecimals = " + k[11] +
			"\nmin_sample = " + k[12] + "\nverified_only = true\nversion = 1\ncockpit = true\n\n")
	}
	return b.String()
}
