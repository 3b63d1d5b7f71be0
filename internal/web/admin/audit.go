package admin

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// auditPage is the trail of the programme or of the agency, as one reader chose it.
type auditPage struct {
	frame.Page
	*report.Trail
	Agency bool // the agency's own trail: people and programmes
	Filter audit.Filter
	Before int64
	List   frame.Listing
}

func (w pages) audit(out http.ResponseWriter, r *http.Request) error {
	var c auditPage
	q := r.URL.Query()
	p, err := w.Read(r, "audit", func(tx *db.Tx, p *frame.Page) (err error) {
		c.Agency = q.Get("trail") == "agency"
		c.Filter = audit.Filter{ObjectKind: q.Get("object"), ObjectID: q.Get("id"), Actor: q.Get("who")}
		if c.Filter.ObjectKind == "" {
			c.Filter.ObjectID = ""
		}
		if v := q.Get("after"); v != "" {
			n, err := strconv.ParseInt(v, 10, 64)
			if err != nil || n < 1 {
				return frame.BadFilter("after", v)
			}
			c.Filter.Before, c.Before = n, n
		}
		if frame.FileAsked(r) {
			c.Filter.Limit = trailFile
		}
		scope := string(p.Programme.ID)
		if c.Agency {
			scope = ""
		}
		c.Trail, err = report.LoadTrail(r.Context(), tx, scope, c.Filter, q.Get("verify") == "1")
		return err
	})
	if err != nil {
		return err
	}
	p.Title = p.T("menu.audit")
	p.Path = []frame.Crumb{{Label: p.Title}}
	p.Year, p.AsOf = 0, "" // what was recorded, whatever the day
	c.Page = p
	t, err := frame.NewTable(p, "", c.columns()...)
	if err != nil {
		return err
	}
	if frame.FileAsked(r) {
		return t.File(out, "audit", c.Rows)
	}
	next := ""
	if c.Next > 0 {
		next = strconv.FormatInt(c.Next, 10)
	}
	c.List = t.Listing(p.T("trail.changes"), c.Rows, next)
	return w.Render(out, r, auditTempl(c))
}

// trailFile is how many changes a file holds at most.
const trailFile = 200_000

// columns are what the list shows of a change, and what a file of it holds.
func (c auditPage) columns() []frame.Column[report.TrailRow] {
	type row = report.TrailRow
	return []frame.Column[row]{
		{Key: "number", Head: c.T("books.number"), Num: true, Extra: true, Text: func(r row) string { return strconv.FormatInt(r.N, 10) }},
		{Key: "when", Head: c.T("trail.when"), Quiet: true, Text: func(r row) string { return r.At.Time().UTC().Format("2006-01-02T15:04:05Z") },
			Cell: func(r row) templ.Component { return trailWhen(c, r) }},
		{Key: "who", Head: c.T("trail.who"), Text: c.whoDid, Cell: func(r row) templ.Component { return trailWho(c, r) }},
		{Key: "what", Head: c.T("trail.what"), Name: true, Text: c.did},
		{Key: "about", Head: c.T("trail.about"), Text: func(r row) string { return frame.SubjectWords(c.Page, r.Subject) },
			Cell: func(r row) templ.Component { return trailAbout(c, r) }},
		{Key: "difference", Head: c.T("trail.difference"), Text: c.differences, Cell: func(r row) templ.Component { return trailFields(c, r) }},
		{Key: "hash", Head: c.T("trail.field.hash"), Extra: true, Text: func(r row) string { return r.Hash }, Show: func(r row) string { return r.Hash[:min(8, len(r.Hash))] + "…" }},
	}
}

// differences are the fields before and after, in one line.
func (c auditPage) differences(r report.TrailRow) string {
	if r.Erased {
		return c.T("trail.erased")
	}
	all := make([]string, len(r.Fields))
	for i, f := range r.Fields {
		all[i] = c.field(f.Name) + ": "
		if f.Before != "" {
			all[i] += c.value(f.Name, f.Before) + " → "
		}
		all[i] += c.value(f.Name, f.After)
	}
	return strings.Join(all, "; ")
}

// answer says whether the chain holds, or how long it is where nobody asked.
func (c auditPage) answer() string {
	switch {
	case c.Verified && len(c.Findings) == 0:
		return c.T("trail.whole", "n", c.Length)
	case c.Verified:
		return c.T("trail.broken", "n", len(c.Findings))
	}
	return c.T("trail.length", "n", c.Length)
}

// objectKinds are what the trail speaks of.
func objectKinds() []string {
	return []string{"settlement", "claim", "item", "payment", "correction", "evidence", "programme", "person"}
}

func objectKey(kind string) text.Key { return text.Key("trail.object." + kind) }

func (c auditPage) objectOptions() []frame.Option {
	var out []frame.Option
	for _, k := range objectKinds() {
		out = append(out, frame.Option{Value: k, Label: c.T(objectKey(k)), Chosen: k == c.Filter.ObjectKind})
	}
	return out
}

// whoDid names who acted.
func (c auditPage) whoDid(r report.TrailRow) string {
	switch name, system := strings.CutPrefix(r.Actor, "system:"); {
	case r.ActorName != "":
		return r.ActorName
	case system:
		return c.T("trail.system", "name", name)
	case r.Actor == "visitor":
		return c.T("trail.visitor")
	default:
		return c.T("trail.unknown")
	}
}

// did is the verb in words; one that has none in this version shows its code.
func (c auditPage) did(r report.TrailRow) string {
	if key := access.VerbName(r.Verb).Key(); c.Language.Has(key) {
		return c.T(key)
	}
	return r.Verb
}

func (c auditPage) moment(r report.TrailRow) string { return c.Language.DateTime(r.At.Time()) }

// field names what changed.
func (c auditPage) field(name string) string {
	if key := text.Key("trail.field." + strings.ReplaceAll(name, ".", "-")); c.Language.Has(key) {
		return c.T(key)
	}
	return name
}

// value reads a value of the trail: states, amounts, days and shares in words of the reader.
func (c auditPage) value(name, v string) string {
	switch {
	case v == "":
		return c.T("trail.nothing")
	case name == "state":
		if key := text.Key("state." + strings.ReplaceAll(v, "-", "_")); c.Language.Has(key) {
			return c.T(key)
		}
	case strings.HasSuffix(name, "_bp"):
		if n, err := strconv.ParseInt(v, 10, 64); err == nil {
			return c.Language.Percent(report.PercentText(n, 2, "en"), 2)
		}
	case name == "reason_code":
		if key := text.Key("reason." + v); c.Language.Has(key) {
			return c.T(key)
		}
	case slices.Contains([]string{"final", "balance", "amount", "accepted", "due", "cost", "deducted"}, name):
		if a, err := money.Parse(v); err == nil {
			return c.Money(a)
		}
	}
	if d, err := period.ParseDate(v); err == nil {
		return c.Day(d)
	}
	if len(v) == 64 {
		return v[:8] + "…"
	}
	return v
}
