package worldmap

import "math"

// The Equal Earth projection (B. Šavrič, T. Patterson, B. Jenny, "The Equal Earth map projection", International Journal of Geographical
// Information Science 33(3), 2019, equations 1 and 2): a country's area is true, so that a colour weighs what it should.
const (
	a1 = 1.340264
	a2 = -0.081106
	a3 = 0.000893
	a4 = 0.003796
)

// project places a point, in degrees east and north, on the drawing.
func project(east, north float64) point {
	x, y := equalEarth(east, north)
	return point{globe/2 + x*scale, (top - y) * scale}
}

// equalEarth gives the plane coordinates on a sphere of radius 1.
func equalEarth(east, north float64) (x, y float64) {
	theta := math.Asin(math.Sqrt(3) / 2 * math.Sin(north*math.Pi/180))
	t2 := theta * theta
	t6 := t2 * t2 * t2
	y = theta * (a1 + a2*t2 + t6*(a3+a4*t2))
	x = 2 * math.Sqrt(3) * (east * math.Pi / 180) * math.Cos(theta) / (3 * (a1 + 3*a2*t2 + t6*(7*a3+9*a4*t2)))
	return x, y
}

// The scale makes the equator as long as the drawing; top is where its upper edge lies.
var (
	scale     = func() float64 { x, _ := equalEarth(180, 0); return globe / (2 * x) }()
	_, top    = equalEarth(0, north)
	_, bottom = equalEarth(0, south)
)

// thin keeps the points of a line that lie further than the roughness from the line between those kept (Douglas and Peucker, 1973).
func thin(all []degrees) []degrees {
	if len(all) < 3 {
		return all
	}
	line := make([]point, len(all))
	for i, d := range all {
		line[i] = project(d.east, d.north)
	}
	keep := make([]bool, len(line))
	keep[0], keep[len(line)-1] = true, true
	type span struct{ from, to int }
	for todo := []span{{0, len(line) - 1}}; len(todo) > 0; {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		far, furthest := 0.0, 0
		for i := s.from + 1; i < s.to; i++ {
			if d := distance(line[i], line[s.from], line[s.to]); d > far {
				far, furthest = d, i
			}
		}
		if far > roughness {
			keep[furthest] = true
			todo = append(todo, span{s.from, furthest}, span{furthest, s.to})
		}
	}
	var kept []degrees
	for i, d := range all {
		if keep[i] {
			kept = append(kept, d)
		}
	}
	return kept
}

// distance is how far p lies from the line through a and b, or from a where they are one: a ring begins where it ends.
func distance(p, a, b point) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	long := math.Hypot(dx, dy)
	if long == 0 {
		return math.Hypot(p.x-a.x, p.y-a.y)
	}
	return math.Abs(dx*(p.y-a.y)-dy*(p.x-a.x)) / long
}
