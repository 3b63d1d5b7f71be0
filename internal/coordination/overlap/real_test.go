package overlap

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"errera.eu/errera/internal/period"
)

const realFile = "../../../../shared/data/events/tech-conferences.jsonl"

// conference is a row of the real file.
type conference struct {
	Topic, Name, URL, Start, End, City, Country string
	Online                                      bool
}

// conferences reads the events of the real file under its 17 largest topics, or under all.
func conferences(t testing.TB, all bool) []conference {
	t.Helper()
	f, err := os.Open(realFile)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("needs ../shared/data/events, which stands beside the project: ", err)
	}
	defer f.Close()
	var list []conference
	count := map[string]int{}
	for s := bufio.NewScanner(f); s.Scan(); {
		var c conference
		if err := json.Unmarshal(s.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		list = append(list, c)
		count[c.Topic]++
	}
	if all {
		return list
	}
	topics := make([]string, 0, len(count))
	for topic := range count {
		topics = append(topics, topic)
	}
	slices.SortFunc(topics, func(a, b string) int { return count[b] - count[a] })
	return slices.DeleteFunc(list, func(c conference) bool { return !slices.Contains(topics[:17], c.Topic) })
}

func (c conference) item(n int) Item {
	return Item{ID: strconv.Itoa(n), Organisers: []string{c.Topic}, Title: c.Name, Starts: period.Date(c.Start), Ends: period.Date(c.End),
		City: c.City, Country: c.Country, URL: c.URL}
}

func items(list []conference) []Item {
	all := make([]Item, len(list))
	for i, c := range list {
		all[i] = c.item(i)
	}
	return all
}

// TestRealEvents holds the finder against events that others wrote down: every group of one name and one day under several topics is found,
// and so is the same event under another name; what was found has been looked at.
func TestRealEvents(t *testing.T) {
	list := conferences(t, false)
	pairs := NewFinder(items(list)).All()
	at := func(id string) conference {
		n, err := strconv.Atoi(id)
		if err != nil {
			t.Fatal(err)
		}
		return list[n]
	}
	group := map[string]string{}
	for _, g := range Groups(pairs) {
		for _, id := range g {
			group[id] = g[0]
		}
	}
	groups, found := 0, 0
	for _, g := range sameNameAndDay(list) {
		groups++
		if !slices.ContainsFunc(g, func(id string) bool { return group[id] == "" || group[id] != group[g[0]] }) {
			found++
		} else {
			t.Errorf("%s of %s is not one group", at(g[0]).Name, at(g[0]).Start)
		}
	}
	if groups != 405 {
		t.Errorf("%d groups of one name and day under several topics, want 405", groups)
	}
	var others []string
	for _, p := range pairs {
		if a, b := at(p.A), at(p.B); p.Kind == Same && (!strings.EqualFold(a.Name, b.Name) || a.Start != b.Start) {
			if a.Name+a.Start > b.Name+b.Start {
				a, b = b, a
			}
			others = append(others, fmt.Sprintf("%s %s | %s %s", a.Name, a.Start, b.Name, b.Start))
		}
	}
	slices.Sort(others)
	want := []string{
		"CypressConf | Call For Papers 2024-10-22 | CypressConf 2024-10-22",
		"EuroSTAR Conference 2025-06-03 | EuroSTAR 2025-06-03",
		"GOTO COPENHAGEN 2023-10-02 | GOTO Copenhagen 2023-09-02",
		"InfoQ Dev Summit Boston 2024-06-24 | InfoQ Dev Summit 2024-06-24",
	}
	if got := slices.Compact(others); !slices.Equal(got, want) {
		t.Errorf("told the same under another name or day:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	t.Logf("%d events, %d pairs, %d of %d groups", len(list), len(pairs), found, groups)
}

// sameNameAndDay gives the groups of one name and start under more than one topic.
func sameNameAndDay(list []conference) [][]string {
	by, topics := map[string][]string{}, map[string]map[string]bool{}
	for i, c := range list {
		k := strings.ToLower(strings.TrimSpace(c.Name)) + " " + c.Start
		if topics[k] == nil {
			topics[k] = map[string]bool{}
		}
		by[k], topics[k][c.Topic] = append(by[k], strconv.Itoa(i)), true
	}
	var groups [][]string
	for k, g := range by {
		if len(topics[k]) > 1 {
			groups = append(groups, g)
		}
	}
	return groups
}

// twin is a real event as another partner might list it, or another event that only looks like it.
type twin struct {
	what string
	same bool
	make func(c conference) (conference, bool)
}

func shifted(c conference, days int) conference {
	c.Start, c.End = string(period.Date(c.Start).AddDays(days)), string(period.Date(c.End).AddDays(days))
	return c
}

func listedAnew() []twin {
	named := func(name func(string) string) func(conference) (conference, bool) {
		return func(c conference) (conference, bool) {
			was := c.Name
			c.Name, c.URL = name(c.Name), ""
			return c, c.Name != was
		}
	}
	return []twin{
		{"with its year", true, named(func(s string) string { return s + " 2027" })},
		{"with its edition", true, named(func(s string) string { return "9th " + s })},
		{"in capitals, hyphens for blanks", true, named(func(s string) string { return strings.ToUpper(strings.ReplaceAll(s, " ", "-")) })},
		{"in Dutch", true, named(func(s string) string { return strings.ReplaceAll(s, "Conference", "Conferentie") })},
		{"in French", true, named(func(s string) string { return strings.ReplaceAll(s, "Conference", "Conférence de la") })},
		{"Conf for Conference", true, named(func(s string) string { return strings.ReplaceAll(s, "Conference", "Conf") })},
		{"a day later", true, func(c conference) (conference, bool) { return shifted(c, 1), c.City != "" }},
		{"three days earlier", true, func(c conference) (conference, bool) { return shifted(c, -3), c.City != "" }},
		{"its city in the name", true, func(c conference) (conference, bool) {
			city, _, _ := strings.Cut(c.City, ",")
			c.Name += " " + city
			return c, city != ""
		}},
		{"without a page", true, func(c conference) (conference, bool) { c.URL = ""; return c, true }},
		{"without a city", true, func(c conference) (conference, bool) { was := c.City; c.City, c.Country = "", ""; return c, was != "" }},
		{"http and www", true, func(c conference) (conference, bool) {
			c.URL = strings.Replace(c.URL, "https://", "http://www.", 1) + "/"
			return c, true
		}},
		{"a year later", false, func(c conference) (conference, bool) { return shifted(c, 364), true }},
		{"a year earlier", false, func(c conference) (conference, bool) { return shifted(c, -371), true }},
		{"in another city", false, func(c conference) (conference, bool) {
			was := c.City
			c.City, c.Country = "Ouagadougou", "Burkina Faso"
			return c, was != ""
		}},
		{"in another city of its country, two days later", false, func(c conference) (conference, bool) {
			was := c.City
			c.City = "Newtown upon Nowhere"
			return shifted(c, 2), was != ""
		}},
		{"its online twin", false, func(c conference) (conference, bool) {
			was := c.City
			c.Name, c.City, c.Country = c.Name+" online", "", ""
			return c, was != ""
		}},
		{"another subject of the house", false, named(func(s string) string { return "Quilting " + s + " for Gardeners" })},
	}
}

// TestRealEventsListedAnew lists each tenth real event once more under another topic, changed as people change things.
func TestRealEventsListedAnew(t *testing.T) {
	list := conferences(t, false)
	for _, w := range listedAnew() {
		tried, told := 0, 0
		var missed string
		for i := 0; i < len(list); i += 10 {
			c, ok := w.make(list[i])
			if !ok {
				continue
			}
			c.Topic = "another"
			tried++
			if Compare(list[i].item(0), c.item(1)).Kind == Same {
				told++
			} else {
				missed = fmt.Sprintf("%+v %+v", list[i], c)
			}
		}
		t.Logf("%s: %d of %d told the same", w.what, told, tried)
		if w.same && told*100 < tried*99 || !w.same && told > 0 || tried < 20 {
			t.Errorf("%s: %d of %d told the same; such as not %s", w.what, told, tried, missed)
		}
	}
}
