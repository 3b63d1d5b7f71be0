package worldmap

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"errera.eu/errera/internal/text"
)

// The projection's extent on a sphere of radius 1; its poles are lines of 0.59247 of the equator's length.
func TestEqualEarth(t *testing.T) {
	for _, c := range []struct{ east, north, x, y float64 }{
		{0, 0, 0, 0},
		{180, 0, 2.706629983696, 0},
		{0, 90, 0, 1.317362759157},
		{-180, -90, -0.59247 * 2.706629983696, -1.317362759157},
	} {
		if x, y := equalEarth(c.east, c.north); math.Abs(x-c.x) > 1e-5 || math.Abs(y-c.y) > 1e-5 {
			t.Errorf("%v, %v lies at %v, %v, not %v, %v", c.east, c.north, x, y, c.x, c.y)
		}
	}
	// Equal in area: a cell of one degree by one has the same area as on the sphere, wherever it lies.
	for _, north := range []float64{-50, 0, 35, 70} {
		ring := []point{}
		for _, at := range [][2]float64{{10, north}, {11, north}, {11, north + 1}, {10, north + 1}} {
			x, y := equalEarth(at[0], at[1])
			ring = append(ring, point{x, y})
		}
		area, _ := measure(ring)
		rad := math.Pi / 180
		want := rad * (math.Sin((north+1)*rad) - math.Sin(north*rad))
		if math.Abs(area/want-1) > 0.002 {
			t.Errorf("at %v the area is %v of the true one", north, area/want)
		}
	}
}

func TestEveryMarketHasAPlace(t *testing.T) {
	w, err := world()
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range strings.Fields("BE NL DE FR GB US CN IN JP BR ZA AU CA RU MX AE SA VN TR PL NG MA KE XK SG HK MT BH LU TW GL") {
		s, known := w.countries[code]
		if !known {
			t.Errorf("%s is not on the map", code)
			continue
		}
		if s.at.x < left || s.at.x > right || s.at.y < 0 || s.at.y > (top-bottom)*scale {
			t.Errorf("the middle of %s lies outside, at %v", code, s.at)
		}
		if (s.path == "") != (small[code] != [2]float64{}) {
			t.Errorf("%s has the outline %q", code, s.path)
		}
	}
	// Germany lies north of Italy and west of Poland; a reversed arc or a swapped axis would show here.
	de, it, pl := w.countries["DE"], w.countries["IT"], w.countries["PL"]
	if de.at.y >= it.at.y || de.at.x >= pl.at.x {
		t.Errorf("DE %v, IT %v, PL %v", de.at, it.at, pl.at)
	}
	// On an equal-area map Greenland is about 0.29 of Australia (2.17 and 7.69 million square kilometres).
	if r := w.countries["GL"].area / w.countries["AU"].area; r < 0.26 || r > 0.32 {
		t.Errorf("Greenland is %.2f of Australia", r)
	}
	// No outline runs across the map where it crosses the 180th meridian: none is wider than Russia, which ends in the east.
	for code, s := range w.countries {
		if from, to := width(s.path); to-from > 640 || code == "RU" && to < 1350 {
			t.Errorf("%s reaches from %d to %d", code, from, to)
		}
	}
	n := 0
	for _, s := range w.countries {
		n += len(s.path)
	}
	if n > 60_000 {
		t.Errorf("the outlines take %d bytes of every page", n)
	}
}

func TestTheMapSaysWhatTheRowsSay(t *testing.T) {
	html := render(t, text.EN, Chart{ID: "m", Unit: "companies", Rows: []Row{
		{Market: "DE", Value: 120, Label: "120", Href: "/evidence?market=DE"},
		{Market: "FR", Value: 40, Label: "40"},
		{Market: "SG", Value: 7, Label: "7", Href: "/evidence?market=SG"},
		{Market: "IN", Value: 3, Label: "3", Suppressed: true},
		{Market: "ZZ", Name: "the moon", Value: 9, Label: "9"},
		{Market: "IT", Value: 0, Label: "0"},
	}})
	for _, want := range []string{
		"companies by market. First of 6 markets: Germany 120, France 40, the moon 9.</title>",
		`href="/evidence?market=DE"`, "<title>Germany: 120</title>", "<title>India: fewer than 5</title>", "<title>Italy: 0</title>",
		`<circle class="er-m`, `fill="url(#m-few)"`, `id="m-few"`, "Not on the map: the moon", "no data",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(html, ">3<") || strings.Contains(html, ": 3<") || strings.Contains(html, "style=") {
		t.Error("a suppressed figure, or a style, is written")
	}
	if n := strings.Count(html, `<th scope="row">`); n != 6 {
		t.Errorf("the table has %d rows", n)
	}
	if strings.Count(html, "<circle") != 1 {
		t.Error("Singapore alone needs a circle")
	}
	if plain := render(t, text.EN, Chart{ID: "m", Unit: "companies"}); !strings.Contains(plain, "no figures yet") || strings.Contains(plain, "fewer than 5") {
		t.Error("an empty map says something else")
	}
}

// Equal figures have one colour, a step's key names its ends, and few figures take the darker steps.
func TestColours(t *testing.T) {
	for _, c := range []struct {
		values []float64
		keys   string
	}{
		{nil, ""},
		{[]float64{5}, "er-m4:5"},
		{[]float64{5, 5, 5}, "er-m4:5"},
		{[]float64{1, 9}, "er-m3:1 er-m4:9"},
		{[]float64{1, 2, 2, 2, 3, 4, 5, 6, 7, 800}, "er-m1:1–2 er-m2:3–4 er-m3:5–6 er-m4:7–800"},
	} {
		var rows []Row
		for _, v := range c.values {
			rows = append(rows, Row{Market: "DE", Name: units(v), Value: v, Label: units(v)})
		}
		rows = sorted(text.EN, rows)
		class, keys := colours(rows)
		var said []string
		for _, k := range keys {
			said = append(said, k.class+":"+k.says)
		}
		if got := strings.Join(said, " "); got != c.keys {
			t.Errorf("%v: %s, not %s", c.values, got, c.keys)
		}
		for _, r := range rows {
			found := false
			for _, k := range keys {
				found = found || k.class == class(r.Value)
			}
			if !found {
				t.Errorf("%v has a colour without a key", r.Value)
			}
		}
	}
}

// A file that is not what it was is a fault, not a hole in the map.
func TestABrokenAtlas(t *testing.T) {
	for _, file := range []string{
		"{", `{"objects":{"countries":{"geometries":[{"type":"Point","id":"276"}]}}}`,
		`{"objects":{"countries":{"geometries":[{"type":"Polygon","id":"276","arcs":[[4]]}]}}}`,
		`{"objects":{"countries":{"geometries":[{"type":"Polygon","id":"x","arcs":[[0]]}]}}}`,
	} {
		if _, err := parse([]byte(file)); err == nil {
			t.Errorf("%s was taken", file)
		}
	}
}

// width is how far a path reaches from left to right.
func width(path string) (from, to int) {
	from, x := 1<<30, 0
	for _, ring := range strings.Split(path, "M")[1:] {
		for i, n := range numbers(ring) {
			switch {
			case i == 0:
				x = n
			case i%2 == 0:
				x += n
			default:
				continue
			}
			from, to = min(from, x), max(to, x)
		}
	}
	return from, to
}

func numbers(path string) []int {
	var all []int
	for _, m := range regexp.MustCompile(`-?\d+`).FindAllString(path, -1) {
		n, _ := strconv.Atoi(m)
		all = append(all, n)
	}
	return all
}

func render(t *testing.T, l text.Language, c Chart) string {
	t.Helper()
	var b strings.Builder
	if err := Map(l, c).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func BenchmarkParse(b *testing.B) {
	file, err := dist.ReadFile("dist/countries-110m.json")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := parse(file); err != nil {
			b.Fatal(err)
		}
	}
}
