package evidence

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// unpacker reads packed facts. Rows of one activity follow each other and say the same of nearly everything: what was read before is
// shared, so that a row keeps its own id and no more of its text.
type unpacker struct {
	shares map[string][]Credit
	words  map[string]string
	last   [packedParts]string
}

const packedParts = 25

func newUnpacker() *unpacker {
	return &unpacker{shares: map[string][]Credit{}, words: map[string]string{}}
}

// word is a text that no longer holds on to the line it was read from.
func (u *unpacker) word(part string) string {
	if part == "" {
		return ""
	}
	if kept, ok := u.words[part]; ok {
		return kept
	}
	kept := strings.Clone(part)
	u.words[kept] = kept
	return kept
}

// row reads the packed facts of a row with its state and the day of it.
func (u *unpacker) row(line string, w *Row) error {
	var year, organisers, weights, amount, adjusted, identified, credits string
	parts := [packedParts]*string{(*string)(&w.ID), (*string)(&w.Kind), &year, (*string)(&w.Dated), (*string)(&w.Company), (*string)(&w.Root),
		(*string)(&w.Activity), &w.ActivityType, &organisers, &w.Market, &w.Sector, &w.Need, &amount, &adjusted, &w.Quantity, &w.Marks,
		(*string)(&w.KPI), &w.Size, &w.ParentCountry, &identified, &credits, &weights, (*string)(&w.ReportedOn), (*string)(&w.State),
		(*string)(&w.StateOn)}
	for i, into := range parts {
		part, rest, more := strings.Cut(line, "|")
		if more != (i < len(parts)-1) {
			return fault.Internal(fmt.Errorf("evidence: row %s has %d parts", w.ID, i+1))
		}
		switch line = rest; {
		case i == 0:
			*into = strings.Clone(part)
			continue
		case part != u.last[i]:
			u.last[i] = u.word(part)
		}
		*into = u.last[i]
	}
	y, err1 := strconv.Atoi(year)
	o, err2 := strconv.Atoi(organisers)
	sum, err3 := strconv.ParseInt(weights, 10, 64)
	w.Year, w.Organisers, w.Weights, w.Identified = period.Year(y), o, sum, identified == "1"
	var err4, err5, err6 error
	w.Credits, err6 = u.credits(credits)
	w.Amount, err4 = cents(amount)
	w.Adjusted, err5 = cents(adjusted)
	return errors.Join(err1, err2, err3, err4, err5, err6)
}

// credits reads the shares that a row carries. Rows with the same shares have the same slice: nobody changes it.
func (u *unpacker) credits(shares string) ([]Credit, error) {
	if credits, is := u.shares[shares]; is || shares == "" {
		return credits, nil
	}
	var credits []Credit
	for part := range strings.SplitSeq(shares, " ") {
		organisation, weight, _ := strings.Cut(part, ":")
		n, err := strconv.ParseInt(weight, 10, 64)
		if err != nil {
			return nil, fault.Internal(fmt.Errorf("evidence: shares %q: %w", shares, err))
		}
		credits = append(credits, Credit{id.Organisation(organisation), n})
	}
	u.shares[shares] = credits
	return credits, nil
}
