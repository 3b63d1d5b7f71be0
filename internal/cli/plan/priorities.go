package plan

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io/fs"
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/coordination/gap"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// PrioritiesFile is where a programme's folder keeps the priorities of its strategy by market, sector and need.
const PrioritiesFile = "plans/priorities.csv"

// takePriorities puts those of a programme's folder, if it has any, into the programme.
func takePriorities(r *command.Run, d *db.DB, folder fs.FS, g programme.Programme) error {
	body, err := fs.ReadFile(folder, PrioritiesFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if head := []string{"market", "sector", "need"}; err != nil || len(rows) == 0 || !slices.Equal(rows[0], head) {
		return fault.Rows{{File: PrioritiesFile, Line: 1, Want: "knowledge.file.head", Args: text.Args{"want": "market,sector,need"}}}
	}
	var all []gap.Priority
	for _, cells := range rows[1:] {
		all = append(all, gap.Priority{Market: cells[0], Sector: cells[1], Need: cells[2]})
	}
	return d.Write(r, g.ID, func(tx *db.Tx) error { return gap.Take(r, tx, access.System("operator"), g.ID, all) })
}
