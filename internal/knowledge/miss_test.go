package knowledge

import (
	"testing"

	"errera.eu/errera/internal/text"
)

// A search that names a country, in any language, is demand for the market of that code, not of one that the country had before.
func TestANamedCountryIsAMarket(t *testing.T) {
	for code, name := range map[string]string{"FR": "Frankrijk", "GB": "United Kingdom", "DE": "Allemagne", "IN": "India", "CD": text.EN.Country("CD")} {
		if got := named(wordsOf(name), countries()); got != code {
			t.Errorf("%s names the market %q, want %q", name, got, code)
		}
	}
}
