package activity

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Details is what an organiser says of an activity, and may say anew until it is held.
type Details struct {
	Title                   string
	Type                    Type
	Starts, Ends            period.Date // Ends "": one day
	Place                   Place
	City, Country           string // country: ISO 3166-1 alpha-2
	URL                     string
	Language                string // BCP 47
	Markets, Sectors, Needs []string
	Audience                Audience
	Places                  int           // 0: not limited
	Price                   money.Amount  // that a participant pays, in the programme's currency; 0: nothing, or not said
	Around                  period.Around // when no days are set yet: Starts and Ends are the first and last that it may be on
}

var (
	activityByCode = db.SQL("activity.activity.by_code", `select a.id from activity a where a.programme_id = $1 and a.code = $2`)
	saveDetails    = db.SQL("activity.activity.change",
		`update activity set title = $3, type = $4, starts_on = $5, ends_on = $6, place = $7, city = $8, country = $9, url = $10, language = $11,
		   markets = $12, sectors = $13, needs = $14, places = $15, around = $16, audience = $17, price = $18
		 where programme_id = $1 and id = $2`)
	saveState = db.SQL("activity.activity.move",
		`update activity set state = $4, reason = $5 where programme_id = $1 and id = $2 and state = $3`)
)

// ByCode is the activity with a code; missing (activity.missing) when there is none, or when another organiser has only planned it.
func ByCode(ctx context.Context, tx *db.Tx, scope access.Scope, programme id.Programme, code string) (Activity, error) {
	var found id.Activity
	err := tx.Row(ctx, activityByCode, programme, code).Scan(&found)
	if err == db.ErrNone {
		return Activity{}, fault.Missing("activity.missing", nil)
	}
	if err != nil {
		return Activity{}, err
	}
	return Load(ctx, tx, scope, programme, found)
}

// Plan makes a new activity, with the lead among the organisers first. People of a partner plan what their own organisation leads; a code is
// made when none is given. Invalid details are told by field, a code that is taken is a conflict at code.
func Plan(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, code string, d Details, organisers []Organiser) (Activity, error) {
	a := Activity{ID: id.New[id.Activity](), Code: code, State: Planned, Organisers: organisers}
	if a.Code == "" {
		a.Code = "a-" + string(a.ID)
	}
	subject := access.Subject{Kind: "activity", Partner: a.Lead().Organisation}
	if err := by.May("activity.plan", subject); err != nil {
		return Activity{}, err
	}
	if err := fault.Join(d.Check(), checkCode(a.Code), checkOrganisers(organisers)); err != nil {
		return Activity{}, err
	}
	a.take(d)
	if err := Add(ctx, tx, programme, []Activity{a}); err != nil {
		return Activity{}, err
	}
	return a, record(ctx, tx, by, programme, "activity.plan", a, nil, a.said())
}

// Change says anew what an activity is. What was held, reported, verified or cancelled stays as it was: conflict.
func Change(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, code string, d Details) (Activity, error) {
	a, err := ByCode(ctx, tx, by.Scope(), programme, code)
	if err != nil {
		return Activity{}, err
	}
	if err := by.May("activity.change", a.Subject()); err != nil {
		return Activity{}, err
	}
	if a.State != Planned && a.State != Published && a.State != Postponed {
		return Activity{}, fault.Conflict("activity.over", text.Args{"state": a.State.Key()})
	}
	if err := d.Check(); err != nil {
		return Activity{}, err
	}
	before := a.said()
	a.take(d)
	if _, err := tx.Exec(ctx, saveDetails, programme, a.ID, a.Title, a.Type, a.Starts, a.Ends, a.Place, a.City, a.Country, a.URL, a.Language,
		strings.Join(a.Markets, " "), strings.Join(a.Sectors, " "), strings.Join(a.Needs, " "), a.Places, a.Around, a.Audience, a.Price); err != nil {
		return Activity{}, err
	}
	return a, record(ctx, tx, by, programme, "activity.change", a, before, a.said())
}

// Move publishes, cancels, postpones or plans anew, as the verb says. Cancelling and postponing need a reason. That an activity was held is
// not said here: it leaves evidence.
func Move(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, code string, verb access.VerbName, reason string) (Activity, error) {
	if !slices.Contains([]access.VerbName{"activity.publish", "activity.cancel", "activity.postpone", "activity.replan"}, verb) {
		return Activity{}, fault.Missing("activity.no_verb", text.Args{"verb": string(verb)})
	}
	a, err := begin(ctx, tx, by, programme, code, verb)
	if err != nil {
		return Activity{}, err
	}
	if verb == "activity.publish" && a.Around != "" {
		return Activity{}, fault.Conflict("activity.no_days", text.Args{"around": a.Around})
	}
	reason = strings.TrimSpace(reason)
	if reason == "" && (verb == "activity.cancel" || verb == "activity.postpone") {
		return Activity{}, fault.Invalid("reason", "activity.reason_required", nil)
	}
	if err := a.step(ctx, tx, by, programme, verb, reason); err != nil {
		return Activity{}, err
	}
	return a, nil
}

func record(ctx context.Context, tx *db.Tx, by access.Actor, programme id.Programme, verb access.VerbName, a Activity, before, after any) error {
	return audit.Append(ctx, tx, string(programme), by.Label(),
		audit.Change{Verb: string(verb), ObjectKind: "activity", ObjectID: string(a.ID), Before: before, After: after})
}

func (a *Activity) take(d Details) {
	if d.Around != "" {
		d.Starts, d.Ends = d.Around.Span().From, d.Around.Span().To
	}
	if d.Ends == "" {
		d.Ends = d.Starts
	}
	d.Title = strings.TrimSpace(d.Title)
	a.Details = d
}

// said is the activity as the audit trail keeps it.
func (a Activity) said() map[string]any {
	by := map[string]int64{}
	for _, o := range a.Organisers {
		by[string(o.Organisation)] = o.Weight
	}
	return map[string]any{"code": a.Code, "title": a.Title, "type": a.Type, "starts": a.Starts, "ends": a.Ends, "place": a.Place, "city": a.City,
		"country": a.Country, "url": a.URL, "language": a.Language, "markets": a.Markets, "sectors": a.Sectors, "needs": a.Needs,
		"places": a.Places, "organisers": by, "around": a.Around, "audience": a.Audience, "price": a.Price}
}

const (
	longestTitle = 500
	longestCode  = 60
	dearest      = 100_000_00 // cents
)

// Check tells everything that is wrong with the details, each at its field.
func (d Details) Check() error {
	var faults []error
	refuse := func(bad bool, field string, key text.Key, args text.Args) {
		if bad {
			faults = append(faults, fault.Invalid(field, key, args))
		}
	}
	refuse(!oneLine(d.Title) || strings.TrimSpace(d.Title) == "" || utf8.RuneCountInString(d.Title) > longestTitle, "title", "activity.want_title",
		text.Args{"max": longestTitle})
	faults = append(faults, Choice("type", string(d.Type), Types()), Choice("place", string(d.Place), Places()))
	refuse(d.Around != "" && !d.Around.Valid(), "around", "activity.want_around", text.Args{"found": string(d.Around)})
	refuse(d.Around == "" && !d.Starts.Valid(), "starts_on", "fault.date.form", text.Args{"found": string(d.Starts)})
	refuse(d.Ends != "" && !d.Ends.Valid(), "ends_on", "fault.date.form", text.Args{"found": string(d.Ends)})
	refuse(d.Ends != "" && d.Starts.Valid() && d.Ends.Valid() && d.Ends < d.Starts, "ends_on", "db.ends_before_start", nil)
	refuse(!oneLine(d.City) || utf8.RuneCountInString(d.City) > 200, "city", "activity.want_city", nil)
	refuse(d.Country != "" && !isCountry(d.Country), "country", "activity.want_country", text.Args{"found": d.Country})
	refuse(d.URL != "" && !isAddress(d.URL), "url", "activity.want_url", text.Args{"found": d.URL})
	refuse(d.Language != "" && !isLanguage(d.Language), "language", "activity.want_language", text.Args{"found": d.Language})
	for _, m := range d.Markets {
		refuse(!isCountry(m), "markets", "activity.want_country", text.Args{"found": m})
	}
	for _, s := range d.Sectors {
		refuse(!IsCode(s), "sectors", "activity.want_code", text.Args{"found": s})
	}
	for _, n := range d.Needs {
		faults = append(faults, Choice("needs", n, Needs()))
	}
	if d.Audience != "" {
		faults = append(faults, Choice("audience", string(d.Audience), Audiences()))
	}
	refuse(d.Places < 0 || d.Places > 1_000_000, "places", "activity.want_places", nil)
	refuse(d.Price < 0 || d.Price > dearest, "price", "activity.want_price", nil)
	return fault.Join(faults...)
}

func checkCode(code string) error {
	if !IsCode(code) {
		return fault.Invalid("code", "activity.want_code", text.Args{"found": code})
	}
	return nil
}

func checkOrganisers(all []Organiser) error {
	if len(all) == 0 {
		return fault.Invalid("organisers", "db.organiser_needed", nil)
	}
	for i, o := range all {
		if o.Weight < 1 || o.Weight > 1_000_000 {
			return fault.Invalid("organisers", "db.weight", nil)
		}
		if slices.ContainsFunc(all[:i], func(b Organiser) bool { return b.Organisation == o.Organisation }) {
			return fault.Invalid("organisers", "db.organiser_twice", nil)
		}
	}
	return nil
}

// Choice refuses a value that is none of a list, at its field.
func Choice[T ~string](field, found string, from []T) error {
	if slices.Contains(from, T(found)) {
		return nil
	}
	words := make([]string, len(from))
	for i, s := range from {
		words[i] = string(s)
	}
	return fault.Invalid(field, "activity.want_choice", text.Args{"found": found, "list": strings.Join(words, ", ")})
}

func oneLine(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// IsCode tells whether s can be a code: lower-case letters, digits and hyphens.
func IsCode(s string) bool {
	return s != "" && len(s) <= longestCode && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" && s[0] != '-'
}

func isCountry(s string) bool {
	r, err := language.ParseRegion(s)
	return err == nil && len(s) == 2 && r.IsCountry() && r.String() == s
}

func isLanguage(s string) bool {
	_, err := language.Parse(s)
	return err == nil && len(s) <= 35
}

func isAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(s) <= 2000 && !strings.ContainsFunc(s, unicode.IsSpace)
}
