package api

import (
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

func moneyOf(a money.Amount) Money { return Money(a.String()) }

func dayOf(d period.Date) Day { return Day(d) }

// Words is a text in three languages; one may be empty.
type Words struct {
	NL string `json:"nl"`
	EN string `json:"en"`
	FR string `json:"fr"`
}

func wordsOf(w programme.Words) Words { return Words{NL: w.NL, EN: w.EN, FR: w.FR} }

// orNone keeps an empty list from reading as null.
func orNone[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}
