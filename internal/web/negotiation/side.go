package negotiation

import (
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/redline"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

func doKey(verb string) text.Key { return text.Key("negotiation.do." + verb) }

func meansKey(verb string) text.Key { return text.Key("negotiation.means." + verb) }

func doneWords(p frame.Page, verb string) string {
	if key := text.Key("negotiation.done." + verb); p.Language.Has(key) {
		return p.T(key)
	}
	return ""
}

// anchor is the id in a page of a place in a document.
func anchor(place string) string {
	for _, list := range []string{"kpi.", "objective.", "line."} {
		if strings.HasPrefix(place, list) {
			parts := strings.SplitN(place, ".", 3)
			return parts[0] + "." + parts[1]
		}
	}
	switch {
	case strings.HasPrefix(place, "clause."):
		parts := strings.SplitN(place, ".", 3)
		return parts[0] + "." + parts[1]
	case strings.HasPrefix(place, "ceiling"):
		return "ceilings"
	case strings.HasPrefix(place, "signator"):
		return "signatories"
	case strings.HasPrefix(place, "terms"):
		return "terms"
	case place == "kpis" || place == "objectives" || place == "clauses" || place == "lines":
		return place
	}
	return "period"
}

func (c negotiationPage) typed(verb string) string {
	if c.Verb == verb {
		return c.Typed
	}
	return ""
}

// editWords names the way to the editor by what comes of it.
func (c negotiationPage) editWords() string {
	next := c.Standing.Last.N + 1
	switch {
	case c.DraftMine:
		return c.T("negotiation.go_on", "n", next)
	case !c.Standing.Open:
		return c.T("negotiation.amend", "n", next)
	case c.Standing.Last.State == agreement.Proposed && c.Standing.Last.Side != c.Side:
		return c.T("negotiation.counter", "n", next)
	}
	return c.T("negotiation.write", "n", next)
}

// mark is a version in the drawing of lanes.
type mark struct {
	agreement.Version
	X, R, Left, Top, Size, LabelY string
	Label                         string
	Last                          bool
}

// The drawing of lanes, in its own units.
const (
	laneLeft, laneRight   = 42, 286
	laneAgency, lanePart  = 34, 82
	markSmall, markLarge  = 5, 7
	mostLabels, mostMarks = 6, 12
)

func (c negotiationPage) laneX(i, n int) int {
	if n < 2 {
		return (laneLeft + laneRight) / 2
	}
	return laneLeft + i*(laneRight-laneLeft)/(n-1)
}

// drawn are the versions that the drawing has room for: the newest dozen.
func (c negotiationPage) drawn() []agreement.Version {
	return c.Versions[max(0, len(c.Versions)-mostMarks):]
}

func (c negotiationPage) lanes() []mark {
	all := c.drawn()
	var out []mark
	for i, v := range all {
		r := markSmall
		last := i == len(all)-1
		if last {
			r = markLarge
		}
		x := c.laneX(i, len(all))
		m := mark{Version: v, X: strconv.Itoa(x), R: strconv.Itoa(r), Left: strconv.Itoa(x - r), Top: strconv.Itoa(lanePart - r),
			Size: strconv.Itoa(2 * r), Last: last, LabelY: "52"}
		if v.Side == agreement.OfPartner {
			m.LabelY = "70"
		}
		m.Label = "v" + strconv.Itoa(v.N)
		if len(all) <= mostLabels {
			m.Label += " · " + c.ShortDay(v.MadeAt.Date())
		}
		out = append(out, m)
	}
	return out
}

func (c negotiationPage) lanePath() string {
	all := c.drawn()
	var b strings.Builder
	for i, v := range all {
		y := laneAgency
		if v.Side == agreement.OfPartner {
			y = lanePart
		}
		if i == 0 {
			b.WriteString("M")
		} else {
			b.WriteString("L")
		}
		b.WriteString(strconv.Itoa(c.laneX(i, len(all))) + " " + strconv.Itoa(y))
	}
	return b.String()
}

// laneName fits the drawing.
func (c negotiationPage) laneName(s agreement.Side) string {
	const most = 40
	if n := []rune(c.name(s)); len(n) > most {
		return string(n[:most]) + "…"
	}
	return c.name(s)
}

func (c negotiationPage) lanesSaid() string {
	var said []string
	for _, v := range c.Versions {
		said = append(said, c.T("negotiation.lane", "n", v.N, "who", c.name(v.Side), "on", v.MadeAt.Date()))
	}
	return strings.Join(said, "; ")
}

func (c negotiationPage) newestFirst() []agreement.Version {
	all := slices.Clone(c.Versions)
	slices.Reverse(all)
	return all
}

func versionMark(s agreement.VersionState) string {
	switch s {
	case agreement.Accepted:
		return "accepted"
	case agreement.Proposed:
		return "negotiating"
	case agreement.Withdrawn:
		return "cancelled"
	}
	return "planned"
}

// threads are the comments with their answers, open ones first.
func (c negotiationPage) threads() [][]agreement.Comment {
	var all [][]agreement.Comment
	for _, first := range c.Comments {
		if first.ReplyTo != "" {
			continue
		}
		t := []agreement.Comment{first}
		for _, x := range c.Comments {
			if x.ReplyTo == first.ID {
				t = append(t, x)
			}
		}
		all = append(all, t)
	}
	slices.SortStableFunc(all, func(a, b []agreement.Comment) int {
		switch {
		case a[0].Settled == b[0].Settled:
			return 0
		case b[0].Settled:
			return -1
		}
		return 1
	})
	return all
}

func markVerb(x agreement.Comment) string {
	if x.Settled {
		return "unsettle"
	}
	return "settle"
}

func (c negotiationPage) mayMark(x agreement.Comment) bool {
	verb := access.VerbName("comment.settle")
	if x.Settled {
		verb = "comment.reopen"
	}
	return c.Actor.Can(verb, x.Subject(c.A))
}

func findingMark(f agreement.Finding) string {
	if f.Blocks {
		return "at-risk"
	}
	return "behind"
}

func findingWord(f agreement.Finding) text.Key {
	if f.Blocks {
		return "negotiation.blocks"
	}
	return "negotiation.attention"
}

// findingLink leads to the place of a finding: in the editor for who can mend it, else in the document.
func (c negotiationPage) findingLink(f agreement.Finding) string {
	if c.mayEdit() {
		return c.Action(c.at("edit")) + "#" + anchor(f.Place)
	}
	return c.Link(c.at("document"), "version", strconv.Itoa(c.New.N)) + "#" + anchor(f.Place)
}

// places are what one can comment on.
func (c negotiationPage) places() []frame.Option {
	all := []frame.Option{{Value: "", Label: c.T("negotiation.the_whole")}}
	add := func(place string) {
		all = append(all, frame.Option{Value: place, Label: c.placeWords(place), Chosen: place == c.Place})
	}
	d := &c.New.Document
	for _, x := range d.Clauses {
		add("clause." + x.Code)
	}
	for _, x := range d.Objectives {
		add("objective." + x.Code)
	}
	for _, x := range d.KPIs {
		add("kpi." + x.KPI)
		for _, y := range x.Targets {
			add("kpi." + x.KPI + ".target." + y.Year.String())
		}
	}
	for _, x := range d.Ceilings {
		add("ceiling." + x.Year.String())
	}
	for _, x := range d.Lines {
		add("line." + x.Code)
	}
	add("terms")
	return all
}

// placeWords names a place of the document as people would.
func (c negotiationPage) placeWords(place string) string {
	return placeWords(c.Page, &c.New.Document, &c.Old.Document, place)
}

func placeWords(p frame.Page, d, other *agreement.Document, place string) string {
	parts := strings.SplitN(place, ".", 3)
	rest := ""
	if len(parts) == 3 {
		rest = parts[2]
	}
	of := func(name string) string {
		year, isTarget := strings.CutPrefix(rest, "target.")
		switch {
		case isTarget:
			return p.T("negotiation.place.target", "what", name, "year", year)
		case rest == "" || rest == "text":
			return name
		}
		return p.T("negotiation.place.field", "what", name, "field", fieldWords(p, rest))
	}
	for _, doc := range []*agreement.Document{d, other} {
		switch parts[0] {
		case "clause":
			for i, n := range agreement.Numbers(doc.Clauses) {
				if doc.Clauses[i].Code == parts[1] {
					return of(n + " " + doc.Clauses[i].Title)
				}
			}
		case "objective":
			if o, has := doc.Objective(parts[1]); has {
				if rest == "words" || strings.HasPrefix(rest, "words.") {
					rest = ""
				}
				return of(o.Words.In(doc.Language))
			}
		case "kpi":
			if k, has := doc.KPI(parts[1]); has {
				return of(k.Name)
			}
		case "line":
			for _, l := range doc.Lines {
				if l.Code == parts[1] {
					return of(l.Title)
				}
			}
		}
	}
	if parts[0] == "ceiling" && len(parts) > 1 {
		return p.T("negotiation.place.ceiling", "year", parts[1])
	}
	return fieldWords(p, place)
}

// fieldWords names a field; one without a name of its own stands for itself.
func fieldWords(p frame.Page, field string) string {
	field, _, _ = strings.Cut(strings.TrimPrefix(field, "terms."), ".")
	if field == "" {
		return p.T("negotiation.the_whole")
	}
	if key := text.Key("negotiation.field." + field); p.Language.Has(key) {
		return p.T(key)
	}
	return field
}

// valueWords is a value of the redline as the page's reader writes it.
func (c negotiationPage) valueWords(v redline.Value, s string) string {
	if s == "" {
		return ""
	}
	switch v.Kind {
	case redline.Date:
		return c.Day(period.Date(s))
	case redline.Share:
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return money.Bp(n).Show(c.Language)
		}
	case redline.Choice:
		if strings.HasSuffix(v.Place, ".goal") {
			if g, known := c.Setting.Goal(s); known {
				return c.Of(g.Name)
			}
		}
		if o, known := c.New.Document.Objective(s); known {
			return o.Words.In(c.New.Document.Language)
		}
	}
	return s
}
