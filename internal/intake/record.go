package intake

import (
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/govalues/decimal"
	"golang.org/x/text/currency"
	"golang.org/x/text/language"

	"errera.eu/errera/internal/intake/country"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// record is one row of a CSV file or one table of a TOML file: cells by column name. Its methods read a cell as a type; what is wrong
// they add to the faults and give the zero value, so that reading goes on.
type record struct {
	at
	out      *faults
	columns  *columns
	cells    []string
	lines    []int // of each cell, where they differ
	required map[string]bool
	broken   bool // has a fault that makes its other faults noise
}

// cell is what stands in a column, without surrounding space; "" where the column is absent.
func (r *record) cell(column string) string {
	i, there := r.columns.place[column]
	if !there || i >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

func (r *record) where(column string) at {
	if i, there := r.columns.place[column]; there && i < len(r.lines) && r.lines[i] > 0 {
		return at{r.file, r.lines[i]}
	}
	return r.at
}

// fault says what was expected in a column instead of what stands there.
func (r *record) fault(column string, want text.Key, args text.Args) {
	if r.broken {
		return
	}
	r.out.add(r.where(column), column, r.cell(column), want, args)
}

// given is the cell if there is something in it and it is text at all. An empty one that is required is a fault.
func (r *record) given(column string) (string, bool) {
	s := r.cell(column)
	if s == "" {
		if r.required[column] {
			r.fault(column, "intake.want.required", nil)
		}
		return "", false
	}
	plain := true
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			r.out.add(r.where(column), column, strings.ToValidUTF8(s, "\ufffd"), "intake.want.printable", nil)
			return "", false
		} else if c >= utf8.RuneSelf {
			plain = false
		}
	}
	if !plain && !utf8.ValidString(s) {
		r.out.add(r.where(column), column, strings.ToValidUTF8(s, "\ufffd"), "intake.want.utf8", nil)
		return "", false
	}
	return s, true
}

const (
	longestCode  = 80
	longestWord  = 300
	longestWords = 10_000
)

// words is free text of any kind.
func (r *record) words(column string, longest int) string {
	s, ok := r.given(column)
	if ok && utf8.RuneCountInString(s) > longest {
		r.fault(column, "intake.want.shorter", text.Args{"n": longest})
		return ""
	}
	return s
}

func (r *record) name(column string) string { return r.words(column, longestWord) }

// code is lower-case letters, digits and hyphens.
func (r *record) code(column string) string {
	s, ok := r.given(column)
	if ok && !isCode(s) {
		r.fault(column, "intake.want.code", nil)
		return ""
	}
	return s
}

func isCode(s string) bool {
	if s == "" || len(s) > longestCode || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

// oneOf is a word of a list.
func (r *record) oneOf(column string, list ...string) string {
	s, ok := r.given(column)
	if !ok {
		return ""
	}
	for _, w := range list {
		if s == w {
			return s
		}
	}
	r.fault(column, "intake.want.one_of", text.Args{"list": strings.Join(list, ", ")})
	return ""
}

func (r *record) date(column string) period.Date {
	s, ok := r.given(column)
	if !ok {
		return ""
	}
	d, err := period.ParseDate(s)
	if err != nil {
		r.fault(column, "intake.want.date", nil)
	}
	return d
}

// dateFrom is a date that does not come before another one, which stands in a column named earlier.
func (r *record) dateFrom(column string, first period.Date, earlier string) period.Date {
	d := r.date(column)
	if d != "" && first != "" && d < first {
		r.fault(column, "intake.want.not_before", text.Args{"date": string(first), "column": earlier})
	}
	return d
}

func (r *record) year(column string) period.Year {
	s, ok := r.given(column)
	if !ok {
		return 0
	}
	y, err := period.ParseYear(s)
	if err != nil {
		r.fault(column, "intake.want.year", nil)
	}
	return y
}

// amount reads money; false where none is given or it is wrong.
func (r *record) amount(column string) (money.Amount, bool) {
	s, ok := r.given(column)
	if !ok {
		return 0, false
	}
	a, err := money.Parse(s)
	if err != nil || a > maxAmount || a < -maxAmount {
		r.fault(column, "intake.want.amount", nil)
		return 0, false
	}
	return a, true
}

// maxAmount keeps every sum of a programme's amounts within 64 bits.
const maxAmount = 10_000_000_000_000_00

// positive is an amount above zero, or with zero allowed not below it.
func (r *record) positive(column string, zero bool) money.Amount {
	a, ok := r.amount(column)
	if ok && (a < 0 || a == 0 && !zero) {
		want := text.Key("intake.want.above_zero")
		if zero {
			want = "intake.want.not_below_zero"
		}
		r.fault(column, want, nil)
		return 0
	}
	return a
}

// integer lies between low and high; where none is given it is otherwise.
func (r *record) integer(column string, low, high, otherwise int64) int64 {
	s, ok := r.given(column)
	if !ok {
		return otherwise
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < low || n > high || strconv.FormatInt(n, 10) != s {
		r.fault(column, "intake.want.integer", text.Args{"low": low, "high": high})
		return otherwise
	}
	return n
}

func (r *record) bp(column string, high int64) money.Bp {
	return money.Bp(r.integer(column, 0, high, 0))
}

// flag is true or false.
func (r *record) flag(column string) bool { return r.oneOf(column, "true", "false") == "true" }

// decimal is an exact number as text in its shortest form, "" where none is given.
func (r *record) decimal(column string) string {
	s, ok := r.given(column)
	if !ok {
		return ""
	}
	d, err := decimal.Parse(s)
	if err != nil || strings.ContainsAny(s, "eE+") {
		r.fault(column, "intake.want.decimal", nil)
		return ""
	}
	return d.Trim(0).String()
}

func (r *record) country(column string) string {
	s, ok := r.given(column)
	if ok && !country.Is(s) {
		r.fault(column, "intake.want.country", nil)
		return ""
	}
	return s
}

func (r *record) language(column string) string {
	s, ok := r.given(column)
	if !ok {
		return ""
	}
	if !isLanguage(s) {
		r.fault(column, "intake.want.language", nil)
		return ""
	}
	return s
}

func isLanguage(s string) bool {
	base, err := language.ParseBase(s)
	return err == nil && len(s) == 2 && base.String() == s
}

// currency is an ISO 4217 code of a currency with cents, which is what amounts are kept in.
func (r *record) currency(column string) string {
	s, ok := r.given(column)
	if !ok {
		return ""
	}
	unit, err := currency.ParseISO(s)
	scale, _ := currency.Standard.Rounding(unit)
	if err != nil || unit.String() != s || scale > 2 {
		r.fault(column, "intake.want.currency", nil)
		return ""
	}
	return s
}

func (r *record) url(column string) string {
	s, ok := r.given(column)
	if ok && !isURL(s) {
		r.fault(column, "intake.want.url", nil)
		return ""
	}
	return s
}

func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(s) <= 2000
}

// list is codes, each once, that pass a test.
func (r *record) list(column string, want text.Key, args text.Args, valid func(string) bool) []string {
	s, ok := r.given(column)
	if !ok {
		return nil
	}
	words := strings.Fields(s)
	seen := map[string]bool{}
	for _, w := range words {
		switch {
		case !valid(w):
			r.fault(column, want, args)
			return nil
		case seen[w]:
			r.fault(column, "intake.want.once_in_list", text.Args{"word": w})
			return nil
		}
		seen[w] = true
	}
	return words
}

// wordsOf is a list of words from a list.
func (r *record) wordsOf(column string, from ...string) []string {
	known := map[string]bool{}
	for _, w := range from {
		known[w] = true
	}
	return r.list(column, "intake.want.words_of", text.Args{"list": strings.Join(from, ", ")}, func(s string) bool { return known[s] })
}
