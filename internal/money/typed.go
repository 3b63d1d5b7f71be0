package money

import (
	"regexp"
	"strings"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// How people write amounts: with a mark of decimals, or with one of thousands too, which is the other of point and comma. One mark of thousands
// alone is missing on purpose.
var (
	ungrouped = regexp.MustCompile(`^-?[0-9]+([.,][0-9]{1,2})?$`)
	unsure    = regexp.MustCompile(`^-?[1-9][0-9]{0,2}[.,][0-9]{3}$`)
	byPoints  = regexp.MustCompile(`^-?[0-9]{1,3}((\.[0-9]{3})+,[0-9]{1,2}|(\.[0-9]{3}){2,})$`)
	byCommas  = regexp.MustCompile(`^-?[0-9]{1,3}((,[0-9]{3})+\.[0-9]{1,2}|(,[0-9]{3}){2,})$`)
)

// Typed reads an amount as people write it: "1234,56", "1.234,56", "1 234.5", "1,234.56", "€ 12", "1.000.000". What could be two amounts, such as
// "1.000" or "2,500", is none: one writer means thousands, the other decimals. Faults: those of Parse.
func Typed(s string) (Amount, error) {
	plain := strings.NewReplacer("€", "", " ", "", "\u00a0", "", "\u202f", "", "'", "", "\u2212", "-").Replace(s)
	switch {
	case ungrouped.MatchString(plain):
		return Parse(strings.Replace(plain, ",", ".", 1))
	case byPoints.MatchString(plain):
		return Parse(strings.Replace(strings.ReplaceAll(plain, ".", ""), ",", ".", 1))
	case byCommas.MatchString(plain):
		return Parse(strings.ReplaceAll(plain, ",", ""))
	}
	return 0, fault.Invalid("", "fault.money.form", text.Args{"found": s})
}

// Unsure tells whether a number that somebody typed could be two, as "1.000" or "2,500": one writer means thousands, the other decimals.
func Unsure(s string) bool { return unsure.MatchString(strings.TrimSpace(s)) }
