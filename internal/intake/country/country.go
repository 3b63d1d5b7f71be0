// Package country knows countries by what people call them in files.
package country

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/language"

	"errera.eu/errera/internal/text"
)

// Named gives the ISO code of a country named in English, Dutch or French, or by its code; false for what is no country.
func Named(s string) (string, bool) {
	if Is(s) {
		return s, true
	}
	code, known := countries()[Letters(s)]
	return code, known
}

// countries are the names in three languages, with what people also write.
var countries = sync.OnceValue(func() map[string]string {
	names := map[string]string{
		"us": "US", "usa": "US", "unitedstatesofamerica": "US", "uk": "GB", "greatbritain": "GB", "england": "GB", "scotland": "GB",
		"wales": "GB", "northernireland": "GB", "korea": "KR", "republicofkorea": "KR", "czechrepublic": "CZ", "turkey": "TR",
		"russianfederation": "RU", "hongkong": "HK", "macau": "MO", "macedonia": "MK", "macedonië": "MK", "macédoine": "MK",
		"turkije": "TR", "caboverde": "CV", "bosniaandherzegovina": "BA", "uae": "AE",
		"ivorycoast": "CI", "holland": "NL", "thenetherlands": "NL", "palestine": "PS", "swaziland": "SZ",
		"burma": "MM", "capeverde": "CV", "trinidadandtobago": "TT", "antiguaandbarbuda": "AG", "peoplesrepublicofchina": "CN",
	}
	for _, code := range text.Countries() {
		for _, l := range text.Languages() {
			name := Letters(l.Country(code))
			if _, taken := names[name]; !taken {
				names[name] = code
			}
		}
	}
	return names
})

// Letters keeps the letters of a name in lower case: "U.S.A." and "USA" are one.
func Letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// Is tells whether s is the ISO code of a country, in the form of today.
func Is(s string) bool {
	if len(s) != 2 || s != strings.ToUpper(s) {
		return false
	}
	region, err := language.ParseRegion(s)
	return err == nil && region.IsCountry() && region.String() == s && region.Canonicalize() == region
}
