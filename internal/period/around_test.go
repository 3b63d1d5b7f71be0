package period

import (
	"testing"

	"errera.eu/errera/internal/text"
)

func TestAroundIsASpanAndWords(t *testing.T) {
	for _, c := range []struct {
		typed, kept, en string
		from, to        Date
	}{
		{"2027", "2027", "2027", "2027-01-01", "2027-12-31"},
		{"2028-02", "2028-02", "February 2028", "2028-02-01", "2028-02-29"},
		{"Q3 2027", "2027-q3", "Q3 2027", "2027-07-01", "2027-09-30"},
		{"2027-H2", "2027-h2", "half 2 of 2027", "2027-07-01", "2027-12-31"},
		{"Spring 2027", "2027-spring", "spring 2027", "2027-03-01", "2027-05-31"},
		{"2027-winter", "2027-winter", "winter 2027–2028", "2027-12-01", "2028-02-29"},
	} {
		a, ok := ParseAround(c.typed)
		if s := a.Span(); !ok || string(a) != c.kept || s.From != c.from || s.To != c.to || a.In(text.EN) != c.en {
			t.Errorf("%s: %v %q %v %q", c.typed, ok, a, s, a.In(text.EN))
		}
	}
	for _, s := range []string{"", "2027-q5", "2027-13", "2027-00", "lente 2027", "27-q1", "2027-q3-q4", "2027-1"} {
		if a, ok := ParseAround(s); ok {
			t.Errorf("%q reads as %q", s, a)
		}
	}
	if Around("2027-q3").Of(2028) != "2028-q3" || Around("2027").Of(2028) != "2028" {
		t.Error("another year")
	}
}
