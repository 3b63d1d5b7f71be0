package template

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

func same(s string) programme.Words { return programme.Words{NL: s, EN: s, FR: s} }

func clause(code string, level int) Clause {
	return Clause{Code: code, Level: level, Title: same("Title of " + code), Text: same("Words of " + code)}
}

// short is a template of two articles: a with a1 and a2, b with b1.
func short() Template {
	return Template{clause("a", 1), clause("a1", 2), clause("a2", 2), clause("b", 1), clause("b1", 2)}
}

func codes(t Template) string {
	var all []string
	for _, c := range t {
		all = append(all, c.Code)
	}
	return strings.Join(all, " ")
}

func round() programme.Programme {
	return programme.Programme{Starts: "2027-01-01", Ends: "2028-12-31"}
}

// fields are the fields of a fault, in their order.
func fields(err error) string {
	var all []string
	for _, f := range faultsOf(err) {
		all = append(all, f.Field+" "+string(f.Key))
	}
	return strings.Join(all, ", ")
}

func TestTheStandardClausesAreATemplate(t *testing.T) {
	all := Template(agreement.StandardClauses())
	if err := all.Check(NamesIn(round())); err != nil {
		t.Error(err)
	}
	if !slices.Equal(all, normal(all)) {
		t.Error("the standard clauses are not in the form of documents")
	}
}

func TestWhatNoTemplateMayHold(t *testing.T) {
	known := NamesIn(round())
	for _, c := range []struct {
		name   string
		change func(c *Clause)
		want   string
	}{
		{"nothing", func(*Clause) {}, ""},
		{"fields", func(c *Clause) { c.Text.EN = "{partner} gets {ceiling_2027} of {total}" }, ""},
		{"no text at all", func(c *Clause) { c.Text = programme.Words{} }, ""},
		{"code", func(c *Clause) { c.Code = "A b" }, "code agreement.code_form"},
		{"level", func(c *Clause) { c.Level = 3 }, "level agreement.number_between"},
		{"no title", func(c *Clause) { c.Title = programme.Words{} },
			"title.nl agreement.words_missing, title.en agreement.words_missing, title.fr agreement.words_missing"},
		{"a title short of a language", func(c *Clause) { c.Title.FR = "" }, "title.fr template.language_missing"},
		{"a text short of two", func(c *Clause) { c.Text.NL, c.Text.FR = "", "" }, "text.nl template.language_missing, text.fr template.language_missing"},
		{"unknown field", func(c *Clause) { c.Text.FR = "{partenaire}" }, "text.fr template.field_unknown"},
		{"a year outside", func(c *Clause) { c.Text.NL = "{ceiling_2029}" }, "text.nl template.field_unknown"},
		{"unknown field in a title", func(c *Clause) { c.Title.EN = "{Partner}" }, "title.en template.field_unknown"},
		{"open brace", func(c *Clause) { c.Text.EN = "{partner" }, "text.en template.brace"},
		{"closing brace", func(c *Clause) { c.Text.EN = "{partner}}" }, "text.en template.brace"},
		{"long title", func(c *Clause) { c.Title.EN = strings.Repeat("é", agreement.LongestLine+1) }, "title.en agreement.words_long"},
		{"long text", func(c *Clause) { c.Text.EN = strings.Repeat("é", agreement.LongestText+1) }, "text.en agreement.words_long"},
	} {
		x := clause("subject", 2)
		c.change(&x)
		if got := fields(CheckClause(x, known)); got != c.want {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
	}
	if err := CheckClause(Clause{Code: "x", Level: 1, Title: same("{ceiling_1999}")}, NamesIn(programme.Programme{})); err != nil {
		t.Errorf("fields are unknown before the period is known: %v", err)
	}
	twice := append(short(), clause("a", 2))
	if got := fields(twice.Check(known)); got != "clause.a.code db.code_taken" {
		t.Errorf("twice: %q", got)
	}
	if got := fields(Template{}.Check(known)); got != "clauses template.empty" {
		t.Errorf("none: %q", got)
	}
	many := make(Template, agreement.MostClauses+1)
	for i := range many {
		many[i] = clause("c"+strings.Repeat("x", i%60), 2)
	}
	if got := fields(many.Check(known)); !strings.HasPrefix(got, "clauses agreement.clauses_many") {
		t.Errorf("many: %.60q", got)
	}
}

func TestAnArticleMovesWithItsParagraphs(t *testing.T) {
	for _, c := range []struct {
		code string
		up   bool
		want string
	}{
		{"a", false, "b b1 a a1 a2"}, {"b", true, "b b1 a a1 a2"}, {"a", true, "a a1 a2 b b1"}, {"b", false, "a a1 a2 b b1"},
		{"a1", false, "a a2 a1 b b1"}, {"a2", false, "a a1 b a2 b1"}, {"b1", true, "a a1 a2 b1 b"}, {"b1", false, "a a1 a2 b b1"}, {"a1", true, "a1 a a2 b b1"},
	} {
		before := short()
		if got := codes(before.moved(before.Find(c.code), c.up)); got != c.want || codes(before) != "a a1 a2 b b1" {
			t.Errorf("%s up %v: %s, not %s; was %s", c.code, c.up, got, c.want, codes(before))
		}
	}
	// whatever is moved, nothing is lost, and moving an article back gives what was
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		all := make(Template, 1+r.IntN(8))
		for i := range all {
			all[i] = clause(string(rune('a'+i)), 1+r.IntN(2))
		}
		at, up := r.IntN(len(all)), r.IntN(2) == 0
		out := all.moved(at, up)
		sorted := slices.Clone(out)
		slices.SortFunc(sorted, func(a, b Clause) int { return strings.Compare(a.Code, b.Code) })
		if !slices.Equal(sorted, all) {
			t.Fatalf("%s: %d up %v gives %s", codes(all), at, up, codes(out))
		}
		if all[at].Level == 1 && all[0].Level == 1 && codes(out) != codes(all) && codes(out.moved(out.Find(all[at].Code), !up)) != codes(all) {
			t.Fatalf("%s: %d up %v gives %s, and back %s", codes(all), at, up, codes(out), codes(out.moved(out.Find(all[at].Code), !up)))
		}
	}
}

// TestNobodysWordsVanish: whatever two people make of a clause, what each changed stands in what comes out, or is named as a clash.
func TestNobodysWordsVanish(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	some := func(c Clause, who string) Clause {
		for _, p := range parts() {
			if r.IntN(3) == 0 {
				*p.of(&c) = who
			}
		}
		if r.IntN(3) == 0 {
			c.Level = 3 - c.Level
		}
		return c
	}
	clashes := 0
	for range 2000 {
		was := clause("x", 2)
		theirs, mine := some(was, "theirs"), some(was, "mine")
		e := Merge(was, theirs, mine)
		for _, p := range parts() {
			w, t1, m, out := *p.of(&was), *p.of(&theirs), *p.of(&mine), *p.of(&e.Clause)
			clash := slices.Contains(e.Clashes, p.field)
			switch {
			case clash && (t1 == w || m == w || out != m || *p.of(&e.Theirs) != t1):
				t.Fatalf("%s: clash of %q %q %q gives %q", p.field, w, t1, m, out)
			case !clash && t1 != w && out != t1, !clash && m != w && out != m:
				t.Fatalf("%s: %q %q %q gives %q", p.field, w, t1, m, out)
			}
		}
		if theirs.Level != was.Level && e.Clause.Level != theirs.Level || mine.Level != was.Level && e.Clause.Level != mine.Level {
			t.Fatalf("level %d %d %d gives %d", was.Level, theirs.Level, mine.Level, e.Clause.Level)
		}
		clashes += len(e.Clashes)
	}
	if clashes < 100 {
		t.Errorf("only %d clashes", clashes)
	}
}

func TestTheExampleFillsEveryField(t *testing.T) {
	s := agreement.Setting{Programme: round(), Agency: programme.Organisation{Name: "Agency"}}
	s.Programme.Name = same("Round")
	for _, l := range text.Languages() {
		d := Example(&s, l)
		given := d.Fields()
		for _, name := range NamesIn(s.Programme) {
			if given[name] == "" {
				t.Errorf("%s: {%s} is empty", l, name)
			}
		}
		for _, c := range Template(agreement.StandardClauses()).In(l) {
			if read := agreement.Fill(c.Text, given); strings.ContainsAny(read, "{}") {
				t.Errorf("%s %s: %s", l, c.Code, read)
			}
		}
	}
}

const good = `# Our clauses.
[[clause]]
code = "purpose"
level = 1
title = { nl = "Doel", en = "Purpose", fr = "But" }

[[clause]]
code = "term"
level = 2
title = { nl = "Duur", en = "Term", fr = "Durée" }
text = { nl = "Tot {to}.", en = "Until {to}.", fr = "Jusqu’au {to}." }
`

func TestAFileIsReadAndWritten(t *testing.T) {
	known := NamesIn(round())
	all, rows := Read("clauses.toml", []byte("\ufeff"+good), known, true)
	if err := rows.Err(); err != nil || codes(all) != "purpose term" || all[1].Text.FR != "Jusqu’au {to}." || all[0].Level != 1 {
		t.Fatalf("%+v %v", all, err)
	}
	for _, own := range []Template{all, agreement.StandardClauses(), {Clause{Code: "x", Level: 2, Title: same("A \"b\" \\ c"), Text: same("One\nTwo \\n {to}")}}} {
		again, rows := Read("clauses.toml", []byte(own.Write()), known, true)
		if err := rows.Err(); err != nil || !slices.Equal(own, again) {
			t.Errorf("written and read: %v\n%s", err, own.Write())
		}
	}
	// in a file of something else the other tables are none of its business
	if all, rows := Read("round.toml", []byte("code = \"x\"\n"+good+"[[criterion]]\ncode = \"y\"\n"), known, false); len(rows) > 0 || len(all) != 2 {
		t.Errorf("%v %v", all, rows)
	}
	if all, rows := Read("round.toml", []byte("code = \"x\"\n"), known, false); len(rows) > 0 || len(all) != 0 {
		t.Errorf("%v %v", all, rows)
	}
}

func TestWhatIsWrongInAFileHasItsLine(t *testing.T) {
	for _, c := range []struct{ name, was, is, want string }{
		{"not TOML", `level = 1`, `level =`, `clauses.toml:4  intake.want.toml`},
		{"unknown key", `level = 1`, `level = 1` + "\ncolour = 2", `clauses.toml:5 colour intake.want.key`},
		{"unknown language", `fr = "But"`, `fr = "But", de = "Ziel"`, `clauses.toml:5 title.de intake.want.key`},
		{"text as level", `level = 1`, `level = "one"`, `clauses.toml:4 level intake.want.whole_number`},
		{"no level", "level = 1\n", "", `clauses.toml:2 level intake.want.required`},
		{"level", `level = 1`, `level = 4`, `clauses.toml:4 level intake.want.one_of`},
		{"missing language", `, fr = "Jusqu’au {to}."`, ``, `clauses.toml:7 text.fr template.want.language`},
		{"missing title", `, fr = "But"`, ``, `clauses.toml:2 title.fr template.want.language`},
		{"unknown field", `Until {to}`, `Until {end}`, `clauses.toml:11 text.en template.want.field`},
		{"twice", `code = "term"`, `code = "purpose"`, `clauses.toml:8 code intake.want.once`},
		{"no code", `code = "term"`, `code = ""`, `clauses.toml:8 code intake.want.code`},
		{"another table", `# Our clauses.`, "[[criterion]]", `clauses.toml:1 criterion intake.want.table`},
		{"a value", `# Our clauses.`, "code = 1", `clauses.toml:1 code intake.want.key`},
	} {
		_, rows := Read("clauses.toml", []byte(strings.Replace(good, c.was, c.is, 1)), NamesIn(round()), true)
		var got []string
		for _, r := range rows {
			got = append(got, strings.TrimSuffix(strings.Join([]string{r.File + ":" + strconv.Itoa(r.Line), r.Column, string(r.Want)}, " "), " "))
		}
		if strings.Join(got, ", ") != c.want || !fault.Is(rows.Err(), fault.KindInvalid) {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
	}
	if _, rows := Read("clauses.toml", nil, nil, true); len(rows) != 1 || rows[0].Want != "intake.want.table_here" {
		t.Errorf("an empty file: %v", rows)
	}
}
