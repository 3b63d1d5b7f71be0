// Package knowledge is the library: market reports, contact lists, lessons and how-tos that partners and the agency write down and share, how
// far each reaches, questions to everybody with their answers, and the search over all of it. That something was shared, and that another
// organisation used it, is evidence. Words become terms in knowledge/index; files are kept by file.
package knowledge

import (
	"slices"
	"strings"
	"unicode/utf8"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Kind is what sort of thing an item is.
type Kind string

// The kinds of items.
const (
	Report   Kind = "report" // on a market
	Contacts Kind = "contacts"
	Lesson   Kind = "lesson"
	HowTo    Kind = "howto"
)

// Kinds lists them.
func Kinds() []Kind { return []Kind{Report, Contacts, Lesson, HowTo} }

// Key is the kind in words.
func (k Kind) Key() text.Key { return text.Key("knowledge.kind." + string(k)) }

// Reach is who may read an item, from everybody to its own organisation.
type Reach int

// How far an item reaches.
const (
	Public   Reach = 0 // everybody
	Partners Reach = 1 // all partners and the agency
	Agency   Reach = 2 // its organisation and the agency
	Own      Reach = 3 // its organisation, and who audits
)

// Reaches lists them, the narrowest first.
func Reaches() []Reach { return []Reach{Own, Agency, Partners, Public} }

// String is the reach as addresses and files have it.
func (r Reach) String() string {
	switch r {
	case Public:
		return "public"
	case Partners:
		return "partners"
	case Agency:
		return "agency"
	}
	return "own"
}

// ParseReach reads a reach; false for what is none.
func ParseReach(s string) (Reach, bool) {
	for _, r := range Reaches() {
		if r.String() == s {
			return r, true
		}
	}
	return Own, false
}

// Key is the reach in words.
func (r Reach) Key() text.Key { return text.Key("knowledge.reach." + r.String()) }

// State is where an item stands.
type State string

// The states of an item.
const (
	Draft     State = "draft"
	Published State = "published"
	Withdrawn State = "withdrawn"
)

// Content is what an item says, and to whom.
type Content struct {
	Kind                    Kind
	Reach                   Reach
	Language                text.Language
	Title, Body             string
	Markets, Sectors, Needs []string
}

// Item is one thing of the library as it stands now.
type Item struct {
	ID           id.Knowledge
	Number       int
	Organisation id.Organisation
	Code, Label  string // of the organisation
	ByAgency     bool
	State        State
	Content
	Version   int // the last one published; 0: none yet
	Reason    string
	MadeBy    id.Person
	Published period.Date // the last version
	Changed   db.Time
	Revision  int         // rises with every change
	Files     []file.File // when one item is loaded
	fileWords string      // what stands in them, when the item is indexed
}

// Subject is the item as leave is checked on it.
func (i Item) Subject() access.Subject {
	return access.Subject{Kind: "knowledge", State: string(i.State), Partner: i.Organisation}
}

// Version is a text that was published.
type Version struct {
	Version int
	Content
	Files []id.File
	Note  string
	By    string // its writer's name
	On    db.Time
}

// The bounds of what is written.
const (
	longestTitle = 200
	longestBody  = 200_000
	longestNote  = 2_000
	mostCodes    = 40
)

// check tells everything that is wrong with the content, each at its field.
func (c Content) check() error {
	var faults []error
	refuse := func(bad bool, field string, key text.Key, args text.Args) {
		if bad {
			faults = append(faults, fault.Invalid(field, key, args))
		}
	}
	refuse(!slices.Contains(Kinds(), c.Kind), "kind", "knowledge.want_kind", nil)
	refuse(c.Reach < Public || c.Reach > Own, "reach", "knowledge.want_reach", nil)
	refuse(!slices.Contains(text.Languages(), c.Language), "language", "knowledge.want_language", nil)
	faults = append(faults, checkTitle(c.Title))
	refuse(strings.TrimSpace(c.Body) == "" || utf8.RuneCountInString(c.Body) > longestBody || !utf8.ValidString(c.Body), "body", "knowledge.want_body",
		text.Args{"max": longestBody})
	faults = append(faults, checkCodes(c.Markets, c.Sectors))
	for _, n := range c.Needs {
		faults = append(faults, activity.Choice("needs", n, activity.Needs()))
	}
	return fault.Join(faults...)
}

func checkTitle(title string) error {
	if strings.TrimSpace(title) == "" || utf8.RuneCountInString(title) > longestTitle || strings.ContainsFunc(title, func(r rune) bool { return r < ' ' }) {
		return fault.Invalid("title", "activity.want_title", text.Args{"max": longestTitle})
	}
	return nil
}

func checkCodes(markets, sectors []string) error {
	var faults []error
	for _, m := range markets {
		if len(m) != 2 || strings.ToUpper(m) != m || text.EN.Country(m) == m {
			faults = append(faults, fault.Invalid("markets", "activity.want_country", text.Args{"found": m}))
		}
	}
	for _, s := range sectors {
		if s == "" || len(s) > 60 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			faults = append(faults, fault.Invalid("sectors", "activity.want_code", text.Args{"found": s}))
		}
	}
	if len(markets) > mostCodes || len(sectors) > mostCodes {
		faults = append(faults, fault.Invalid("markets", "knowledge.too_many", text.Args{"max": mostCodes}))
	}
	return fault.Join(faults...)
}

// A reader is who reads the library, as its queries ask: the organisations whose own things they see, and how far an item of others must
// reach.
type reader struct {
	own   string
	reach Reach
	none  bool
}

func readerOf(by access.Actor) reader {
	if by.IsSystem() {
		return reader{reach: Own}
	}
	r := reader{none: !by.Holds("knowledge.read")}
	var own []string
	for _, m := range by.Memberships {
		switch {
		case m.Role == access.Auditor:
			r.reach = Own
		case m.Role == access.CompanyContact:
		case m.Role == access.Assessor:
			r.reach = max(r.reach, Partners)
		case m.Agency:
			r.reach = max(r.reach, Agency)
			own = append(own, string(m.Organisation))
		default:
			r.reach = max(r.reach, Partners)
			own = append(own, string(m.Organisation))
		}
	}
	slices.Sort(own)
	r.own = strings.Join(slices.Compact(own), " ")
	return r
}

// Writes lists the organisations in whose name somebody may write.
func Writes(by access.Actor) []id.Organisation {
	var out []id.Organisation
	for _, m := range by.Memberships {
		if by.Can("knowledge.draft", access.Subject{Kind: "knowledge", Partner: m.Organisation}) && belongs(by, m.Organisation) && !slices.Contains(out, m.Organisation) {
			out = append(out, m.Organisation)
		}
	}
	return out
}

// belongs tells whether somebody may write in an organisation's name: what an item says is its organisation's own.
func belongs(by access.Actor, o id.Organisation) bool {
	return slices.ContainsFunc(by.Memberships, func(m access.Membership) bool {
		return m.Organisation == o && o != "" && slices.Contains([]access.Role{access.Officer, access.Coordinator, access.Member}, m.Role)
	})
}
