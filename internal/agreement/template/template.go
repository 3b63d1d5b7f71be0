// Package template keeps the clauses that the new agreements of a programme begin with: what is wrong with them, how they are changed by
// several people without anybody's words vanishing, how they read, and which agreements say something else. A document that was begun holds
// its own clauses; nothing here reaches it.
package template

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Clause is a clause of a template.
type Clause = agreement.TemplateClause

// Template is the clauses in their order.
type Template []Clause

// Find is the place of a clause; -1 when there is none of that code.
func (t Template) Find(code string) int {
	return slices.IndexFunc(t, func(c Clause) bool { return c.Code == code })
}

// Mark stands for all that the template says: who changes the order, or takes something out, names what they saw.
func (t Template) Mark() string {
	raw, err := json.Marshal(t)
	if err != nil {
		panic(err) // numbers and texts are always written
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:8])
}

// Numbers are the numbers of the clauses as agreements show them.
func (t Template) Numbers() []string { return agreement.Numbers(t.In(text.EN)) }

// In is the clauses as a document in a language begins with them.
func (t Template) In(l text.Language) []agreement.Clause {
	all := make([]agreement.Clause, len(t))
	for i, c := range t {
		all[i] = agreement.Clause{Code: c.Code, Level: c.Level, Title: c.Title.In(l), Text: c.Text.In(l)}
	}
	return all
}

// normal gives every text the form that documents give theirs, so that one written here is the same one there.
func normal(t Template) Template {
	out := slices.Clone(t)
	for _, l := range text.Languages() {
		d := agreement.Document{Clauses: make([]agreement.Clause, len(t))}
		for i, c := range t {
			d.Clauses[i] = agreement.Clause{Title: *in(&c.Title, l), Text: *in(&c.Text, l)}
		}
		for i, c := range d.Normal().Clauses {
			*in(&out[i].Title, l), *in(&out[i].Text, l) = c.Title, c.Text
		}
	}
	for i := range out {
		out[i].Code = strings.TrimSpace(out[i].Code)
	}
	return out
}

// in is the words in exactly one language, to be read or written.
func in(w *programme.Words, l text.Language) *string {
	switch l {
	case text.NL:
		return &w.NL
	case text.FR:
		return &w.FR
	}
	return &w.EN
}

// Names are the fields that a clause may hold in braces.
type Names []string

// NamesIn are those of a programme's documents: a ceiling for each of its years among them. nil, which is not checked, when its period is none.
func NamesIn(p programme.Programme) Names {
	d := agreement.Document{Starts: p.Starts, Ends: p.Ends}
	if len(d.Years()) == 0 {
		return nil
	}
	for _, y := range d.Years() {
		d.Ceilings = append(d.Ceilings, agreement.YearAmount{Year: y})
	}
	var all Names
	for name := range d.Fields() {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

var braces = regexp.MustCompile(`\{([^{}]*)\}`)

// Check tells what no template may hold: codes that are none or stand twice, a language without words, fields that no document fills. Each
// fault is at "clause.CODE.FIELD", of which FIELD is as in CheckClause.
func (t Template) Check(known Names) error {
	var faults []error
	switch {
	case len(t) == 0:
		faults = append(faults, fault.Invalid("clauses", "template.empty", nil))
	case len(t) > agreement.MostClauses:
		faults = append(faults, fault.Invalid("clauses", "agreement.clauses_many", text.Args{"n": len(t), "most": agreement.MostClauses}))
	}
	seen := map[string]bool{}
	for _, c := range t {
		place := "clause." + c.Code
		if seen[c.Code] {
			faults = append(faults, fault.Invalid(place+".code", "db.code_taken", nil))
		}
		seen[c.Code] = true
		for _, f := range faultsOf(CheckClause(c, known)) {
			faults = append(faults, fault.Invalid(place+"."+f.Field, f.Key, f.Args))
		}
	}
	return fault.Join(faults...)
}

func faultsOf(err error) []fault.Fault {
	if err == nil {
		return nil
	}
	return fault.Of(err).All()
}

// CheckClause is Check of one clause, at "code", "level", "title.nl" … "text.fr".
func CheckClause(c Clause, known Names) error {
	var faults []error
	add := func(field string, key text.Key, a text.Args) { faults = append(faults, fault.Invalid(field, key, a)) }
	if !agreement.ValidCode(c.Code) {
		add("code", "agreement.code_form", text.Args{"found": c.Code})
	}
	if c.Level != 1 && c.Level != 2 {
		add("level", "agreement.number_between", text.Args{"from": 1, "to": 2})
	}
	titled, worded := c.Title != programme.Words{}, c.Text != programme.Words{}
	for _, l := range text.Languages() {
		title, words := *in(&c.Title, l), *in(&c.Text, l)
		switch {
		case title == "" && titled:
			add("title."+string(l), "template.language_missing", nil)
		case title == "":
			add("title."+string(l), "agreement.words_missing", nil)
		}
		if words == "" && worded {
			add("text."+string(l), "template.language_missing", nil)
		}
		checkWords(add, "title."+string(l), title, agreement.LongestLine, known)
		checkWords(add, "text."+string(l), words, agreement.LongestText, known)
	}
	return fault.Join(faults...)
}

// checkWords tells what is wrong with a text: its length, and what stands in braces.
func checkWords(add func(string, text.Key, text.Args), field, s string, longest int, known Names) {
	if n := utf8.RuneCountInString(s); n > longest {
		add(field, "agreement.words_long", text.Args{"n": n, "most": longest})
	}
	for _, m := range braces.FindAllStringSubmatch(s, -1) {
		if known != nil && !slices.Contains(known, m[1]) {
			add(field, "template.field_unknown", text.Args{"field": m[1]})
			return
		}
	}
	if rest := braces.ReplaceAllString(s, ""); strings.ContainsAny(rest, "{}") {
		add(field, "template.brace", nil)
	}
}

// Example is a document with invented values, to read clauses with: what a partner would see.
func Example(s *agreement.Setting, l text.Language) agreement.Document {
	d := s.Begin(programme.Organisation{Name: l.Say("template.example_partner", nil)}, l)
	if d.Mandate == "" {
		d.Mandate = l.Say("template.example_mandate", nil)
	}
	for i := range d.Ceilings {
		d.Ceilings[i].Amount = 70_000_00
	}
	return d
}

// Edited is what became of a change that somebody made to a clause.
type Edited struct {
	Clause  Clause   // what stands there now; with clashes: what would, with the words typed
	Theirs  Clause   // what somebody else had made of it in the meantime
	Clashes []string // fields that both changed, each in their own way; with any, nothing is saved
	Merged  bool     // what somebody else changed in other fields is kept beside it
}

// part is a text of a clause.
type part struct {
	field string
	of    func(*Clause) *string
}

func parts() []part {
	var all []part
	for _, l := range text.Languages() {
		all = append(all, part{"title." + string(l), func(c *Clause) *string { return in(&c.Title, l) }},
			part{"text." + string(l), func(c *Clause) *string { return in(&c.Text, l) }})
	}
	return all
}

// Merge takes into one clause what was typed over was, and what somebody else made of it. Where only one of them changed a field that change
// counts.
func Merge(was, theirs, typed Clause) Edited {
	e := Edited{Clause: typed, Theirs: theirs}
	e.Clause.Code = theirs.Code
	for _, p := range parts() {
		w, t, x := *p.of(&was), *p.of(&theirs), p.of(&e.Clause)
		switch {
		case w == t || t == *x:
		case w == *x:
			*x, e.Merged = t, true
		default:
			e.Clashes = append(e.Clashes, p.field)
		}
	}
	switch {
	case was.Level == theirs.Level || theirs.Level == typed.Level:
	case was.Level == typed.Level:
		e.Clause.Level, e.Merged = theirs.Level, true
	default:
		e.Clashes = append(e.Clashes, "level")
	}
	return e
}

// moved is the template with a clause one place up or down; an article goes with its paragraphs, past the next article with its own. At the
// end there is nowhere to go: the template as it was.
func (t Template) moved(at int, up bool) Template {
	out := slices.Clone(t)
	end := func(from int) int { // of the block that begins there
		i := from + 1
		for t[from].Level == 1 && i < len(t) && t[i].Level != 1 {
			i++
		}
		return i
	}
	first, last := at, end(at)
	if up {
		if at == 0 {
			return out
		}
		first--
		for t[at].Level == 1 && first > 0 && t[first].Level != 1 {
			first--
		}
		return append(append(append(out[:first:first], t[at:last]...), t[first:at]...), t[last:]...)
	}
	if last == len(t) {
		return out
	}
	next := last + 1
	if t[at].Level == 1 {
		next = end(last)
	}
	return append(append(append(out[:first:first], t[last:next]...), t[first:last]...), t[next:]...)
}
