package intake

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/intake/country"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// ActivityFile is a file of activities as JSON lines, as it was read: good rows and refused ones.
type ActivityFile struct {
	File    File
	Refused fault.Rows
	Ignored map[string]int // fields that Errera has no use for, and in how many rows they stand

	bad       int // rows with a fault
	organiser string
	rows      []lineRow
}

// lineRow is one good row; its activity has a code made from its content, so that the same row twice is the same activity.
type lineRow struct {
	activity.Activity
	by   string // the organiser's name, as the file has it
	line int
}

// longestLine bounds one activity.
const longestLine = 1 << 20

// ReadActivities reads activities as JSON lines: id, organiser, title (or name), type, markets, sectors, needs, start, end, city, country,
// url, language, online, places; all but organiser, title and start may be absent. The field named by organiserField holds the organiser.
// A bad row is refused with its faults and does not keep the others out; the error is that of reading alone.
func ReadActivities(r io.Reader, name, organiserField string) (*ActivityFile, error) {
	if organiserField == "" {
		return nil, fault.Invalid("organiser", "intake.organiser_field", nil)
	}
	f := &ActivityFile{File: File{Name: name}, Ignored: map[string]int{}, organiser: organiserField}
	hash := sha256.New()
	in := bufio.NewReaderSize(io.TeeReader(r, hash), 1<<16)
	for line := 1; ; line++ {
		data, err := nextLine(in)
		if line == 1 {
			data = withoutMark(data)
		}
		if len(bytes.TrimSpace(data)) > 0 {
			f.File.Rows++
			f.read(line, data)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fault.Invalid("file", "intake.unreadable", text.Args{"file": name})
		}
	}
	f.File.SHA256 = hex.EncodeToString(hash.Sum(nil))
	return f, nil
}

// nextLine reads to the end of a line. Of one that is too long the beginning is given, which is no JSON.
func nextLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if len(line) <= longestLine {
			line = append(line, part...)
		}
		if err != bufio.ErrBufferFull {
			return line, err
		}
	}
}

func (f *ActivityFile) read(line int, data []byte) {
	r := &lineReader{file: f, at: at{f.File.Name, line}, used: map[string]bool{}}
	before := len(f.Refused)
	if len(data) > longestLine || json.Unmarshal(data, &r.fields) != nil || r.fields == nil {
		r.fault("", shorten(strings.ToValidUTF8(string(bytes.TrimSpace(data)), "\ufffd")), "intake.want.json", nil)
	} else {
		row := r.row()
		for field := range maps.Keys(r.fields) {
			if !r.used[field] {
				f.Ignored[field]++
			}
		}
		if len(f.Refused) == before {
			f.rows = append(f.rows, row)
		}
	}
	if len(f.Refused) > before {
		f.bad++
	}
}

// lineReader reads the fields of one row.
type lineReader struct {
	at
	file   *ActivityFile
	fields map[string]any
	used   map[string]bool
}

func (r *lineReader) fault(field, found string, want text.Key, args text.Args) {
	r.file.Refused = append(r.file.Refused, fault.Row{File: r.at.file, Line: r.line, Column: field, Found: shorten(found), Want: want, Args: args})
}

// value gives the first of some fields that is there, and its name.
func (r *lineReader) value(names ...string) (field string, v any) {
	field = names[0]
	for _, n := range names {
		if x, there := r.fields[n]; there {
			r.used[n] = true
			if x != nil && v == nil {
				field, v = n, x
			}
		}
	}
	return field, v
}

// words reads a text; numbers are taken as they are written.
func (r *lineReader) words(required bool, longest int, names ...string) string {
	field, v := r.value(names...)
	if v == nil {
		if required {
			r.fault(field, "", "intake.want.required", nil)
		}
		return ""
	}
	s, isText := v.(string)
	if !isText {
		r.fault(field, compact(v), "intake.want.string", nil)
		return ""
	}
	s = strings.Join(strings.Fields(s), " ")
	switch {
	case s == "" && required:
		r.fault(field, "", "intake.want.required", nil)
	case strings.ContainsFunc(s, unicode.IsControl):
		r.fault(field, strings.ToValidUTF8(s, ""), "intake.want.printable", nil)
	case utf8.RuneCountInString(s) > longest:
		r.fault(field, s, "intake.want.shorter", text.Args{"n": longest})
	default:
		return s
	}
	return ""
}

func compact(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(data)
}

func (r *lineReader) row() lineRow {
	a := lineRow{line: r.line, by: r.words(true, longestWord, r.file.organiser)}
	a.ID = id.New[id.Activity]()
	_, own := r.value("id")
	a.Title = r.words(true, longestWord, "title", "name")
	a.Type, a.State = activity.Type(r.oneOf("type", texts(activity.Types()))), activity.Published
	if a.Type == "" {
		a.Type = activity.Conference
	}
	a.Starts = r.date(true, "start", "starts")
	if a.Ends = r.date(false, "end", "ends"); a.Ends == "" {
		a.Ends = a.Starts
	} else if a.Ends < a.Starts {
		r.fault("end", string(a.Ends), "intake.want.not_before", text.Args{"date": string(a.Starts), "column": "start"})
	}
	a.City, a.Country = r.words(false, longestWord, "city"), r.country()
	a.URL = r.words(false, 2000, "url")
	if a.URL != "" && !isURL(a.URL) {
		r.fault("url", a.URL, "intake.want.url", nil)
	}
	if a.Language = r.words(false, 35, "language"); a.Language != "" && !isLanguage(a.Language) {
		r.fault("language", a.Language, "intake.want.language", nil)
	}
	a.Place = r.place(a.City != "")
	a.Markets = r.list("markets", "intake.want.countries", country.Named)
	a.Sectors = r.list("sectors", "intake.want.codes", func(s string) (string, bool) { c := slug(s); return c, c != "" })
	a.Needs = r.list("needs", "intake.want.words_of", func(s string) (string, bool) { return s, slices.Contains(activity.Needs(), s) })
	a.Places = r.number("places")
	a.Code = "x-" + a.fingerprint(compact(own))
	return a
}

// fingerprint is made of all that the row says.
func (a lineRow) fingerprint(own string) string {
	said := compact([]any{own, country.Letters(a.by), a.Title, a.Type, a.Starts, a.Ends, a.Place, a.City, a.Country, a.URL, a.Language, a.Markets,
		a.Sectors, a.Needs})
	sum := sha256.Sum256([]byte(said))
	return hex.EncodeToString(sum[:10])
}

// number is a whole number of 0 or more.
func (r *lineReader) number(field string) int {
	_, v := r.value(field)
	n, isNumber := v.(float64)
	if v != nil && (!isNumber || n < 0 || n > 1_000_000 || n != float64(int(n))) {
		r.fault(field, compact(v), "intake.want.integer", text.Args{"low": 0, "high": 1_000_000})
		return 0
	}
	return int(n)
}

func (r *lineReader) oneOf(field string, list []string) string {
	s := r.words(false, longestWord, field)
	if s != "" && !slices.Contains(list, s) {
		r.fault(field, s, "intake.want.one_of", text.Args{"list": strings.Join(list, ", ")})
		return ""
	}
	return s
}

// date reads a day; of a moment such as 2018-03-12T09:00:00Z its day.
func (r *lineReader) date(required bool, names ...string) period.Date {
	s := r.words(required, longestWord, names...)
	if s == "" {
		return ""
	}
	day, _, _ := strings.Cut(s, "T")
	d, err := period.ParseDate(day)
	if err != nil {
		r.fault(names[0], s, "intake.want.date", nil)
	}
	return d
}

func (r *lineReader) country() string {
	s := r.words(false, longestWord, "country")
	if s == "" {
		return ""
	}
	code, known := country.Named(s)
	if !known {
		r.fault("country", s, "intake.want.country_name", nil)
	}
	return code
}

// place tells where one takes part: online and in a city is both.
func (r *lineReader) place(city bool) activity.Place {
	if said := r.oneOf("place", texts(activity.Places())); said != "" {
		return activity.Place(said)
	}
	_, v := r.value("online")
	online, isBool := v.(bool)
	if v != nil && !isBool {
		r.fault("online", compact(v), "intake.want.bool", nil)
	}
	switch {
	case online && city:
		return activity.Hybrid
	case online:
		return activity.Online
	}
	return activity.Onsite
}

// list reads a list of texts, or one text with spaces between; each word is brought into form or refused.
func (r *lineReader) list(field string, want text.Key, form func(string) (string, bool)) []string {
	_, v := r.value(field)
	var said []any
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		for w := range strings.FieldsSeq(v) {
			said = append(said, w)
		}
	case []any:
		said = v
	default:
		r.fault(field, compact(v), "intake.want.strings", nil)
		return nil
	}
	var words []string
	for _, v := range said {
		s, isText := v.(string)
		word, good := form(s)
		if !isText || !good {
			r.fault(field, compact(v), want, text.Args{"list": strings.Join(activity.Needs(), ", ")})
			return nil
		}
		if !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words
}

// slug makes a code of a name: "Flanders.bio vzw" becomes flanders-bio-vzw. A name without any Latin letter or digit has none.
func slug(name string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(norm.NFD.String(name)) {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			b.WriteRune(c)
		case unicode.Is(unicode.Mn, c):
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	code := b.String()
	return strings.Trim(code[:min(len(code), longestCode)], "-")
}
