package overlap

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// mostFaults are told of one file; then it is not what it should be.
const mostFaults = 100

// longestLine is how long one activity may be in a file.
const longestLine = 1 << 20

// line is an activity as a file of JSON lines gives it.
type line struct {
	ID                      word
	Organiser               list
	Title, Type             string
	Markets, Sectors, Needs list
	Audience                string
	Start, End              string
	Online                  bool
	City, Country           string
	URL, Language           string
}

// Read reads activities as JSON lines: id, organiser, title and start, and what else of an Item is known (type, markets, sectors, needs,
// audience, end, city, country, online, url, language). Everything that is wrong is told by line and field in fault.Rows; name is the file's.
func Read(name string, r io.Reader) ([]Item, error) {
	var items []Item
	var faults fault.Rows
	seen := map[string]int{}
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 64<<10), longestLine)
	n := 0
	for in.Scan() && len(faults) < mostFaults {
		n++
		content := bytes.TrimSpace(bytes.TrimPrefix(in.Bytes(), []byte("\ufeff")))
		if len(content) == 0 {
			continue
		}
		it, wrong := readLine(content)
		if first, twice := seen[it.ID]; twice && it.ID != "" {
			wrong = append(wrong, fault.Row{Column: "id", Found: it.ID, Want: "overlap.want_id_once", Args: text.Args{"line": strconv.Itoa(first)}})
		}
		for _, w := range wrong {
			w.File, w.Line = name, n
			faults = append(faults, w)
		}
		seen[it.ID] = n
		items = append(items, it)
	}
	if err := in.Err(); errors.Is(err, bufio.ErrTooLong) {
		faults = append(faults, fault.Row{File: name, Line: n + 1, Want: "overlap.want_short_line", Args: text.Args{"kb": longestLine >> 10}})
	} else if err != nil {
		return nil, fault.Unavailable("cli.no_file", text.Args{"path": name}, err)
	}
	return items, faults.Err()
}

func readLine(content []byte) (Item, []fault.Row) {
	var l line
	if err := json.Unmarshal(content, &l); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return Item{}, []fault.Row{{Column: strings.ToLower(wrong.Field), Found: wrong.Value, Want: "overlap.want_type"}}
		}
		return Item{}, []fault.Row{{Found: clip(string(content)), Want: "overlap.want_json"}}
	}
	it := Item{ID: string(l.ID), Organisers: l.Organiser, Title: strings.TrimSpace(l.Title), Type: l.Type, Markets: l.Markets, Sectors: l.Sectors,
		Needs: l.Needs, Audience: l.Audience, Online: l.Online, City: l.City, Country: l.Country, URL: l.URL, Language: l.Language}
	var wrong []fault.Row
	need := func(column string, there bool) {
		if !there {
			wrong = append(wrong, fault.Row{Column: column, Want: "overlap.want_something"})
		}
	}
	need("id", it.ID != "")
	need("organiser", len(it.Organisers) > 0)
	need("title", it.Title != "")
	var err error
	if it.Starts, err = day10(l.Start); err != nil {
		wrong = append(wrong, fault.Row{Column: "start", Found: clip(l.Start), Want: "overlap.want_day"})
	}
	it.Ends = it.Starts
	if l.End != "" {
		if it.Ends, err = day10(l.End); err != nil || it.Ends < it.Starts {
			wrong = append(wrong, fault.Row{Column: "end", Found: clip(l.End), Want: "overlap.want_end"})
		}
	}
	return it, wrong
}

// day10 reads the day of a date or a time.
func day10(s string) (period.Date, error) {
	if len(s) > 10 && s[10] == 'T' {
		s = s[:10]
	}
	return period.ParseDate(s)
}

func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// word is a text, or a number taken as one.
type word string

// UnmarshalJSON reads either.
func (w *word) UnmarshalJSON(b []byte) error {
	var n json.Number
	if err := json.Unmarshal(b, &n); err == nil {
		*w = word(n.String())
		return nil
	}
	var s string
	err := json.Unmarshal(b, &s)
	*w = word(strings.TrimSpace(s))
	return err
}

// list is a list of words, or one text with blanks or commas between them.
type list []string

// UnmarshalJSON reads either.
func (l *list) UnmarshalJSON(b []byte) error {
	var many []string
	if err := json.Unmarshal(b, &many); err == nil {
		*l = many
		return nil
	}
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	*l = strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' })
	for i := range *l {
		(*l)[i] = strings.TrimSpace((*l)[i])
	}
	return nil
}
