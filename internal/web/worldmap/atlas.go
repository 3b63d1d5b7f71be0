package worldmap

import (
	"embed"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/language"
)

// The countries at 1:110 million, as TopoJSON: outlines by Natural Earth (public domain), packed by world-atlas. scripts/assets.sh puts the
// file there; a build without it has no map and says so.
//
//go:embed all:dist
var dist embed.FS

// The drawing is 1,600 units wide for the whole globe, so that whole numbers are exact enough; what lies south of all markets and in the
// empty Pacific is cut off.
const (
	globe       = 1600.0
	left, right = 45.0, 1605.0
	north       = 84.0
	south       = -56.5
	seam        = 5.0 // the map is cut at 175 degrees west: what lies beyond stands on the right
	roughness   = 0.9 // how far an outline may stray, in units
	speck       = 3.0 // islands of less are left out, in square units
)

// shape is a country on the drawing: its outline, its middle and its area in square units.
type shape struct {
	path string
	at   point
	area float64
}

type point struct{ x, y float64 }

type degrees struct{ east, north float64 }

// atlas holds every country by its alpha-2 code, and the outlines of lands that have none.
type atlas struct {
	countries map[string]shape
	others    []string
}

// world is read and projected when a map is first drawn, which takes a few milliseconds, once.
var world = sync.OnceValues(func() (*atlas, error) {
	file, err := dist.ReadFile("dist/countries-110m.json")
	if err != nil {
		return nil, fmt.Errorf("the countries of the map are not in this build (make assets): %w", err)
	}
	a, err := parse(file)
	if err != nil {
		return nil, fmt.Errorf("countries-110m.json: %w", err)
	}
	return a, nil
})

// topology is the part of a TopoJSON file that the map reads: arcs of points, each as its difference from the one before, and the countries
// as rings of numbers of arcs; ^n is arc n backwards (github.com/topojson/topojson-specification, section 2.1).
type topology struct {
	Arcs      [][][2]float64
	Transform struct{ Scale, Translate [2]float64 }
	Objects   struct {
		Countries struct{ Geometries []geometry }
	}
}

type geometry struct {
	Type       string
	ID         string
	Properties struct{ Name string }
	Arcs       json.RawMessage
}

// polygons are the rings of a geometry; a MultiPolygon has several.
func (g geometry) polygons() ([][][]int, error) {
	if g.Type == "MultiPolygon" {
		var many [][][]int
		return many, json.Unmarshal(g.Arcs, &many)
	}
	if g.Type != "Polygon" {
		return nil, fmt.Errorf("%s: a country of type %q", g.Properties.Name, g.Type)
	}
	var one [][]int
	err := json.Unmarshal(g.Arcs, &one)
	return [][][]int{one}, err
}

// code is the alpha-2 code of a country that the file names by its M49 number, "" for one without; Kosovo has no number there.
func (g geometry) code() (string, error) {
	if g.ID == "" {
		if g.Properties.Name == "Kosovo" {
			return "XK", nil
		}
		return "", nil
	}
	n, err := strconv.Atoi(g.ID)
	if err != nil {
		return "", fmt.Errorf("%s: %w", g.Properties.Name, err)
	}
	region, err := language.EncodeM49(n)
	if err != nil {
		return "", fmt.Errorf("%s: %w", g.Properties.Name, err)
	}
	return region.String(), nil
}

func parse(file []byte) (*atlas, error) {
	var t topology
	if err := json.Unmarshal(file, &t); err != nil {
		return nil, err
	}
	arcs := t.outlines()
	a := &atlas{countries: map[string]shape{}}
	for _, g := range t.Objects.Countries.Geometries {
		code, err := g.code()
		if err != nil {
			return nil, err
		}
		if code == "AQ" {
			continue // no market, and on a flat map a third of it
		}
		polygons, err := g.polygons()
		if err != nil {
			return nil, err
		}
		s, err := draw(polygons, arcs)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", g.Properties.Name, err)
		}
		if code == "" {
			a.others = append(a.others, s.path)
		} else {
			a.countries[code] = s
		}
	}
	for code, at := range small {
		if _, drawn := a.countries[code]; !drawn {
			a.countries[code] = shape{at: project(at[1], at[0])}
		}
	}
	return a, nil
}

// outlines are the arcs in degrees, without the points that nobody would see. An arc is thinned once, so that neighbours still touch.
func (t *topology) outlines() [][]degrees {
	all := make([][]degrees, len(t.Arcs))
	for i, arc := range t.Arcs {
		line := make([]degrees, len(arc))
		x, y := 0.0, 0.0
		for k, p := range arc {
			x, y = x+p[0], y+p[1]
			line[k] = degrees{x*t.Transform.Scale[0] + t.Transform.Translate[0], y*t.Transform.Scale[1] + t.Transform.Translate[1]}
			if k > 0 {
				line[k].east += turn(line[k-1].east, line[k].east)
			}
		}
		all[i] = thin(line)
	}
	return all
}

// turn is what brings a longitude next to the one before where an outline crosses the 180th meridian: the Far East of Russia stays whole, to
// the right of the map.
func turn(before, east float64) float64 { return 360 * math.Round((before-east)/360) }

// draw makes one outline of a country's rings: the greatest, whatever its size, and all others but specks.
func draw(polygons [][][]int, arcs [][]degrees) (shape, error) {
	var s shape
	var first []point
	var rest strings.Builder
	greatest := -1.0
	for _, polygon := range polygons {
		for _, numbers := range polygon {
			ring, err := join(numbers, arcs)
			if err != nil {
				return s, err
			}
			area, middle := measure(ring)
			s.area += area
			if area > greatest {
				first, ring = ring, first
				area, greatest, s.at = greatest, area, middle
			}
			if area >= speck {
				write(&rest, ring)
			}
		}
	}
	var b strings.Builder
	write(&b, first)
	s.path = b.String() + rest.String()
	return s, nil
}

// join strings arcs together to a ring on the drawing; each begins where the one before ended.
func join(numbers []int, arcs [][]degrees) ([]point, error) {
	var ring []degrees
	for _, n := range numbers {
		at := n
		if n < 0 {
			at = ^n
		}
		if at >= len(arcs) {
			return nil, fmt.Errorf("arc %d of %d", at, len(arcs))
		}
		arc := slices.Clone(arcs[at])
		if n < 0 {
			slices.Reverse(arc)
		}
		if len(ring) > 0 {
			shift := turn(ring[len(ring)-1].east, arc[0].east)
			for i := range arc {
				arc[i].east += shift
			}
			arc = arc[1:]
		}
		ring = append(ring, arc...)
	}
	west := 0.0
	for _, d := range ring {
		west += d.east / float64(len(ring))
	}
	points := make([]point, len(ring))
	for i, d := range ring {
		points[i] = project(d.east+turn(0, west-seam), d.north)
	}
	return points, nil
}

// measure is the area of a ring and its centre of mass, by the shoelace formula.
func measure(ring []point) (area float64, middle point) {
	for i := range ring {
		p, q := ring[i], ring[(i+1)%len(ring)]
		cross := p.x*q.y - q.x*p.y
		area += cross
		middle.x += (p.x + q.x) * cross
		middle.y += (p.y + q.y) * cross
	}
	if area == 0 {
		return 0, ring[0]
	}
	middle.x, middle.y = middle.x/(3*area), middle.y/(3*area)
	return math.Abs(area / 2), middle
}

// write puts a ring into a path: whole units, each point as its way from the one before.
func write(b *strings.Builder, ring []point) {
	lastX, lastY := int(math.Round(ring[0].x)), int(math.Round(ring[0].y))
	fmt.Fprintf(b, "M%d %dl", lastX, lastY)
	for _, p := range ring[1:] {
		x, y := int(math.Round(p.x)), int(math.Round(p.y))
		if x == lastX && y == lastY {
			continue
		}
		if dx := strconv.Itoa(x - lastX); !strings.HasSuffix(b.String(), "l") && dx[0] != '-' {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.Itoa(x - lastX))
		if y-lastY >= 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.Itoa(y - lastY))
		lastX, lastY = x, y
	}
	b.WriteByte('z')
}
