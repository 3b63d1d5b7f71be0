package knowledge

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// fileColumns are those of a library file, in their order.
const fileColumns = "organisation,kind,reach,language,published,title,markets,sectors,needs,body"

// ReadItems reads items from a CSV file: organisations by code, codes of markets, sectors and needs with spaces between. All that is wrong is told
// at once, by row and column.
func ReadItems(name string, from io.Reader, organisations map[string]id.Organisation) ([]Item, error) {
	r := csv.NewReader(from)
	head, err := r.Read()
	columns := strings.Split(fileColumns, ",")
	if err != nil || !slices.Equal(head, columns) {
		return nil, fault.Rows{{File: name, Line: 1, Want: "knowledge.file.head", Args: text.Args{"want": fileColumns}}}
	}
	var all []Item
	var faults fault.Rows
	for row := 2; ; row++ {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, append(faults, fault.Row{File: name, Line: row, Want: "knowledge.file.cells"})
		}
		i, err := itemFrom(cells, organisations)
		if err != nil {
			for _, f := range fault.Of(err).All() {
				found := ""
				if at := slices.Index(columns, f.Field); at >= 0 {
					found = cells[at]
				}
				faults = append(faults, fault.Row{File: name, Line: row, Column: f.Field, Found: found, Want: text.Key("knowledge.file." + f.Field)})
			}
		}
		all = append(all, i)
	}
	return all, faults.Err()
}

func itemFrom(cells []string, organisations map[string]id.Organisation) (Item, error) {
	i := Item{ID: id.New[id.Knowledge](), Organisation: organisations[cells[0]], Published: period.Date(cells[4])}
	reach, known := ParseReach(cells[2])
	i.Content = Content{Kind: Kind(cells[1]), Reach: reach, Language: text.Language(cells[3]), Title: cells[5], Markets: strings.Fields(cells[6]),
		Sectors: strings.Fields(cells[7]), Needs: strings.Fields(cells[8]), Body: cells[9]}
	faults := []error{i.check()}
	if i.Organisation == "" {
		faults = append(faults, fault.Invalid("organisation", "knowledge.file.organisation", nil))
	}
	if !known {
		faults = append(faults, fault.Invalid("reach", "knowledge.want_reach", nil))
	}
	if !i.Published.Valid() {
		faults = append(faults, fault.Invalid("published", "fault.date.form", text.Args{"found": cells[4]}))
	}
	return i, fault.Join(faults...)
}
