package sepa

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"errera.eu/errera/internal/fault"
)

func TestIBAN(t *testing.T) {
	for _, good := range []string{"BE68 5390 0754 7034", "NL91ABNA0417164300", "de89370400440532013000", "FR1420041010050500013M02606",
		"LU280019400644750000", "GB29NWBK60161331926819"} { // the examples of the IBAN registry
		i, err := ParseIBAN(good)
		if err != nil {
			t.Errorf("%s: %v", good, err)
		}
		if back, err := ParseIBAN(i.Show()); err != nil || back != i {
			t.Errorf("%s shows as %s", good, i.Show())
		}
	}
	for bad, key := range map[string]string{"": "country", "BE": "country", "US64SVBKUS6S3300958879": "country", "BE6853900754703": "length",
		"BE69539007547034": "digits", "BEA8539007547034": "digits", "BE68-5390-0754-7034": "country", "NL91ABNA041716430é": "country"} {
		if _, err := ParseIBAN(bad); fault.Of(err) == nil || string(fault.Of(err).Key) != "sepa.iban_"+key {
			t.Errorf("%q: %v, want %s", bad, err, key)
		}
	}
	if i := IBAN("BE68539007547034"); i.Mask() != "BE68 •••• 7034" || i.Country() != "BE" || strings.Contains(i.Mask(), "5390") {
		t.Errorf("%s %s", i.Mask(), i.Country())
	}
}

// One digit changed or two neighbours swapped is always found.
func TestIBANFindsSlips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := []byte("BE68539007547034")
		at := rapid.IntRange(2, len(v)-2).Draw(t, "at")
		if rapid.Bool().Draw(t, "swap") {
			v[at], v[at+1] = v[at+1], v[at]
		} else {
			v[at] = '0' + (v[at]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		}
		if _, err := ParseIBAN(string(v)); err == nil && string(v) != "BE68539007547034" {
			t.Fatalf("%s was taken", v)
		}
	})
}

func TestReferences(t *testing.T) {
	for in, want := range map[string]Reference{"+++010/8068/17183+++": "010806817183", "010806817183": "010806817183", "***090/9337/55493***": "090933755493",
		"RF18 5390 0754 7034": "RF18539007547034", "rf18539007547034": "RF18539007547034"} {
		got, err := ParseReference(in)
		if err != nil || got != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
		if back, err := ParseReference(got.Show()); err != nil || back != got {
			t.Errorf("%s shows as %s", got, got.Show())
		}
	}
	for _, bad := range []string{"", "+++010/8068/17184+++", "01080681718", "RF19539007547034", "RF", "RF18", "RF18" + strings.Repeat("1", 22), "INVOICE 12"} {
		if got, err := ParseReference(bad); err == nil {
			t.Errorf("%q was taken as %s", bad, got)
		}
	}
	if r := BelgianReference(97); r != "000000009797" {
		t.Errorf("a remainder of 0 is written %s", r)
	}
}

func TestReferencesAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := BelgianReference(rapid.Uint64().Draw(t, "n"))
		if back, err := ParseReference(r.Show()); err != nil || back != r || r.Issuer() != "BBA" {
			t.Fatalf("%s: %s, %v", r, back, err)
		}
		s := rapid.StringMatching(`[0-9A-Z]{1,21}`).Draw(t, "s")
		iso, err := ISOReference(s)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := ParseReference(iso.Show()); err != nil || back != iso || iso.Issuer() != "ISO" {
			t.Fatalf("%s: %s, %v", iso, back, err)
		}
	})
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{"Café de l’Œuvre & Co": "Cafe de l'Oeuvre + Co", "Straße_1 — “Łódź”": "Strasse-1 - 'Lodz'", " a\u00a0 b\n": "a b",
		"东方": "..", "€ 5": "EUR 5", "Fédération (Brüssel)": "Federation (Brussel)"} {
		if got := Plain(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := Short("Belgian-Indian Chamber of Commerce & Industry vzw", 35); got != "Belgian-Indian Chamber of Commerce" {
		t.Errorf("%q", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		p := Plain(s)
		if strings.Trim(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ") != "" || Plain(p) != p || len(Short(s, 35)) > 35 {
			t.Fatalf("%q became %q", s, p)
		}
	})
}

func TestBIC(t *testing.T) {
	for in, good := range map[string]bool{"GKCCBEBB": true, "kredbebbxxx": true, "GKCCBEB": false, "GKCC12BB": false, "GKCCBEBBX": false, "": false} {
		if _, err := ParseBIC(in); (err == nil) != good {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("BE68 5390 0754 7034")
	f.Add("+++010/8068/17183+++")
	f.Fuzz(func(t *testing.T, s string) {
		if i, err := ParseIBAN(s); err == nil && string(i) != strings.ToUpper(string(i)) {
			t.Fatal(i)
		}
		if r, err := ParseReference(s); err == nil {
			if again, err := ParseReference(string(r)); err != nil || again != r {
				t.Fatal(r)
			}
		}
	})
}
