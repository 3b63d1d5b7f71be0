package template

import (
	"strconv"
	"strings"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/tomltable"
	"errera.eu/errera/internal/text"
)

// columns are what a [[clause]] holds, with the kind of each.
func columns() map[string]byte {
	return map[string]byte{"code": 's', "level": 'i', "title.nl": 's', "title.en": 's', "title.fr": 's', "text.nl": 's', "text.en": 's', "text.fr": 's'}
}

// Read reads the [[clause]] tables of a TOML file, and tells what is wrong by file, line and column. In a file of its own nothing else may
// stand.
func Read(file string, data []byte, known Names, own bool) (Template, fault.Rows) {
	tables, broken := tomltable.Read(data)
	if broken > 0 {
		return nil, fault.Rows{{File: file, Line: broken, Found: shorten(tomltable.LineOf(data, broken)), Want: "intake.want.toml"}}
	}
	r := reading{file: file, known: known, at: map[string]int{}}
	for _, t := range tables {
		switch {
		case t.Name == "clause":
			r.clause(t)
		case t.Name == "":
			r.root(t, own)
		case own:
			r.report(t.Line, t.Name, t.Name, "intake.want.table", text.Args{"list": "clause"})
		}
	}
	if own && len(r.all) == 0 && len(r.rows) == 0 {
		r.report(0, "clause", "", "intake.want.table_here", nil)
	}
	return normal(r.all), r.rows
}

// reading is one Read at work.
type reading struct {
	file  string
	known Names
	all   Template
	rows  fault.Rows
	at    map[string]int // line of each code
}

func (r *reading) report(line int, column, found string, want text.Key, a text.Args) {
	r.rows = append(r.rows, fault.Row{File: r.file, Line: line, Column: column, Found: shorten(found), Want: want, Args: a})
}

// root is what stands outside of any table: clauses are tables, not values.
func (r *reading) root(t *tomltable.Table, own bool) {
	for _, c := range t.Cells {
		if own || c.Column == "clause" {
			r.report(c.Line, c.Column, c.Value, "intake.want.key", nil)
		}
	}
}

func (r *reading) clause(t *tomltable.Table) {
	var c Clause
	lines, found, wrong := map[string]int{}, map[string]string{}, map[string]bool{}
	kinds := columns()
	for _, x := range t.Cells {
		want := text.Key("intake.want.key")
		if kind, known := kinds[x.Column]; known {
			want = x.Wrong(kind)
		}
		if want != "" {
			r.report(x.Line, x.Column, x.Value, want, nil)
			wrong[x.Column] = true
			continue
		}
		lines[x.Column], found[x.Column] = x.Line, x.Value
	}
	c.Code, c.Level = found["code"], 2
	if n, err := strconv.Atoi(found["level"]); err == nil {
		c.Level = n
	} else if !wrong["level"] {
		r.report(t.Line, "level", "", "intake.want.required", nil)
	}
	for _, p := range parts() {
		*p.of(&c) = found[p.field]
	}
	if line, twice := r.at[c.Code]; twice && c.Code != "" {
		r.report(lines["code"], "code", c.Code, "intake.want.once", text.Args{"line": strconv.Itoa(line)})
	}
	r.at[c.Code] = t.Line
	for _, f := range faultsOf(CheckClause(normal(Template{c})[0], r.known)) {
		if wrong[f.Field] {
			continue // told already
		}
		line, there := lines[f.Field]
		if !there {
			line = t.Line
		}
		want, a := expected(f)
		r.report(line, f.Field, found[f.Field], want, a)
	}
	r.all = append(r.all, c)
}

// expected is a fault of CheckClause as what a file should hold.
func expected(f fault.Fault) (text.Key, text.Args) {
	switch f.Key {
	case "agreement.code_form":
		return "intake.want.code", nil
	case "agreement.number_between":
		return "intake.want.one_of", text.Args{"list": "1, 2"}
	case "agreement.words_missing":
		return "intake.want.required", nil
	case "agreement.words_long":
		return "intake.want.shorter", text.Args{"n": f.Args["most"]}
	case "template.language_missing":
		return "template.want.language", nil
	case "template.field_unknown":
		return "template.want.field", f.Args
	}
	return "template.want.braces", nil
}

func shorten(s string) string {
	const most = 80
	if all := []rune(s); len(all) > most {
		return string(all[:most]) + "…"
	}
	return s
}

// Write is the template as a file that Read takes.
func (t Template) Write() string {
	var out strings.Builder
	for i, c := range t {
		if i > 0 {
			out.WriteString("\n")
		}
		out.WriteString("[[clause]]\ncode = " + quote(c.Code) + "\nlevel = " + strconv.Itoa(c.Level) + "\n")
		for _, p := range parts() {
			out.WriteString(p.field + " = " + quote(*p.of(&c)) + "\n")
		}
	}
	return out.String()
}

// quote is a text as a basic string of TOML 1.0.
func quote(s string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			out.WriteString(`\` + string(r))
		case r == '\n':
			out.WriteString(`\n`)
		case r < ' ' || r == 0x7f:
			out.WriteString(`\u` + strings.ToUpper(strconv.FormatInt(0x10000+int64(r), 16)[1:]))
		default:
			out.WriteRune(r)
		}
	}
	out.WriteByte('"')
	return out.String()
}
