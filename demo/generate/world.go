package main

import (
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

const (
	seed      = 20171003 // the day of the signing
	firstYear = 2017
	years     = 5
	agency    = "fit"
)

// world is the whole reference programme in memory, in the order in which its files list it.
type world struct {
	seed       uint64
	partners   []*partner // file order of organisations.csv, without the agency
	byCode     map[string]*partner
	companies  []*company
	activities []*activity
	outcomes   []*outcome
	claims     []*claim
	items      []*item
	correct    []correction
	payments   []payment
	targets    []target
	suppliers  []*supplier
	plans      map[key]*yearPlan
	reach      map[key]*reach
	titles     map[string]bool
}

type key struct {
	partner string
	year    int
}

// credit is one organiser with its integer weight.
type credit struct {
	code   string
	weight int
}

// build makes the programme of one seed. The order of the steps matters: attendance follows activities, costs follow both.
func build(seed uint64) *world {
	w := &world{seed: seed, partners: allPartners(), byCode: map[string]*partner{}, plans: map[key]*yearPlan{},
		reach: map[key]*reach{}, titles: map[string]bool{}}
	for _, p := range w.partners {
		w.byCode[p.code] = p
	}
	w.makeCompanies()
	w.makePlans()
	w.makeActivities()
	w.makeAttendance()
	w.makeOutcomes()
	w.makeCosts()
	w.makeClaims()
	w.makeMoney()
	return w
}

// stream gives an independent random stream by name, so that a change in one section leaves the others as they are.
func (w *world) stream(name string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(name))
	return rand.New(rand.NewPCG(w.seed, h.Sum64()))
}

type date = time.Time

func day(year int, month time.Month, d int) date {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}

func iso(d date) string {
	if d.IsZero() {
		return ""
	}
	return d.Format("2006-01-02")
}

// weekday moves a date off the weekend, forwards.
func weekday(d date) date {
	for d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		d = d.AddDate(0, 0, 1)
	}
	return d
}

func later(d date, r *rand.Rand, from, to int) date { return d.AddDate(0, 0, from+r.IntN(to-from+1)) }

func between(r *rand.Rand, from, to int) int { return from + r.IntN(to-from+1) }

func chance(r *rand.Rand, percent int) bool { return r.IntN(100) < percent }

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// weighted is one choice with its weight.
type weighted struct {
	code   string
	weight int
}

// choices reads "CN:5 IN US:2"; a word without a number weighs 1.
func choices(s string) []weighted {
	var list []weighted
	for _, word := range strings.Fields(s) {
		code, n, ok := strings.Cut(word, ":")
		c := weighted{code: code, weight: 1}
		if ok {
			c.weight = int(n[0] - '0')
		}
		list = append(list, c)
	}
	return list
}

func choose(r *rand.Rand, list []weighted) string {
	total := 0
	for _, c := range list {
		total += c.weight
	}
	n := r.IntN(total)
	for _, c := range list {
		if n -= c.weight; n < 0 {
			return c.code
		}
	}
	return list[0].code
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
