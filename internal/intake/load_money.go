package intake

import (
	"context"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/takeover"
)

// itemsPerUnit bounds the cost items, which are most of the rows of a year's money.
const itemsPerUnit = 2000

// addMoney books the agreement-years, some at a time; the envelopes go with the first.
func (f *Folder) addMoney(report *Report) []unit {
	var units []unit
	envelopes := f.envelopes
	add := func(years []*year, rows int) {
		votes := envelopes
		envelopes = nil
		units = append(units, unit{rows, func(ctx context.Context, tx *db.Tx) error {
			facts := make([]takeover.Facts, len(years))
			for i, of := range years {
				facts[i] = f.facts(of)
			}
			n, err := takeover.Book(ctx, tx, f.programme.ID, f.programme.Currency, f.programme.Starts, votes, facts)
			report.Entries += n
			return err
		}})
	}
	var years []*year
	items := 0
	for _, of := range f.years {
		years = append(years, of)
		for _, c := range of.claims {
			items += len(c.items)
		}
		if items >= itemsPerUnit {
			add(years, items)
			years, items = nil, 0
		}
	}
	if len(years) > 0 || len(units) == 0 {
		add(years, items+1)
	}
	return units
}
