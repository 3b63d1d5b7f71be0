package report

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// Activities is every activity of a programme that a reader may see, by start and id, with the organisations in the order of the calendar.
// It is read once for each version of the data and shared: nobody changes it.
type Activities struct {
	All           []activity.Activity
	Organisations []programme.Organisation
	Partners      map[id.Organisation]bool // with an agreement, or the agency itself
	words         []string                 // parallel to All: title, city and code, folded
	byCode        map[string]int
}

// LoadPublished reads what everybody who is signed in may see: all but what others have only planned.
func LoadPublished(ctx context.Context, tx *db.Tx, g programme.Programme) (*Activities, error) {
	all, _, err := activity.List(ctx, tx, g.ID, activity.Filter{})
	if err != nil {
		return nil, err
	}
	organisations, err := programme.Organisations(ctx, tx)
	if err != nil {
		return nil, err
	}
	partners, err := programme.Partners(ctx, tx, g.ID)
	if err != nil {
		return nil, err
	}
	out := &Activities{All: all, Organisations: organisations, Partners: map[id.Organisation]bool{g.Agency: true}}
	for _, o := range partners {
		out.Partners[o.ID] = true
	}
	out.index()
	return out, nil
}

// WithPlanned is the published activities and those that organisations of the scope have planned.
func WithPlanned(ctx context.Context, tx *db.Tx, g programme.Programme, scope access.Scope, published *Activities) (*Activities, error) {
	planned, _, err := activity.List(ctx, tx, g.ID, activity.Filter{Scope: scope, State: activity.Planned})
	if err != nil || len(planned) == 0 {
		return published, err
	}
	out := *published
	out.All = slices.Concat(published.All, planned)
	slices.SortFunc(out.All, func(x, y activity.Activity) int {
		return cmp.Or(cmp.Compare(x.Starts, y.Starts), cmp.Compare(x.ID, y.ID))
	})
	out.index()
	return &out, nil
}

func (a *Activities) index() {
	fold := newFolder()
	a.words, a.byCode = make([]string, len(a.All)), make(map[string]int, len(a.All))
	for i, x := range a.All {
		a.words[i] = fold(x.Title + " " + x.City + " " + x.Code)
		a.byCode[x.Code] = i
	}
}

// newFolder makes letters comparable without regard to case and accents. What it gives is for one goroutine.
func newFolder() func(string) string {
	t := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	return func(s string) string {
		plain, _, err := transform.String(t, s)
		if err != nil {
			plain = s
		}
		return strings.ToLower(plain)
	}
}

// ByCode finds an activity.
func (a *Activities) ByCode(code string) (activity.Activity, bool) {
	i, ok := a.byCode[code]
	if !ok {
		return activity.Activity{}, false
	}
	return a.All[i], true
}

// Choice says which activities to show; an empty field does not choose.
type Choice struct {
	From, To     period.Date // of the start
	Organisation string      // code
	Type         activity.Type
	State        activity.State
	Market       string
	Sector       string
	Need         string
	Joint        bool
	Words        string
	Only         map[id.Activity]bool // nil: all
}

// Choose gives the chosen activities by start.
func (a *Activities) Choose(c Choice) []activity.Activity {
	var out []activity.Activity
	words := strings.Fields(newFolder()(c.Words))
	first, _ := slices.BinarySearchFunc(a.All, c.From, func(x activity.Activity, from period.Date) int { return cmp.Compare(x.Starts, from) })
	for i := first; i < len(a.All); i++ {
		x := &a.All[i]
		if c.To != "" && x.Starts > c.To {
			break
		}
		if c.takes(x) && holds(a.words[i], words) {
			out = append(out, *x)
		}
	}
	return out
}

func (c Choice) takes(x *activity.Activity) bool {
	switch {
	case c.Type != "" && x.Type != c.Type, c.State != "" && x.State != c.State, c.Joint && !x.Joint():
		return false
	case c.Market != "" && !slices.Contains(x.Markets, c.Market), c.Sector != "" && !slices.Contains(x.Sectors, c.Sector),
		c.Need != "" && !slices.Contains(x.Needs, c.Need), c.Only != nil && !c.Only[x.ID]:
		return false
	case c.Organisation != "":
		return slices.ContainsFunc(x.Organisers, func(o activity.Organiser) bool { return o.Code == c.Organisation })
	}
	return true
}

func holds(in string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(in, w) {
			return false
		}
	}
	return true
}

// Facets are the values that occur among activities, for the choices of a form.
type Facets struct {
	Markets, Sectors []string
	Types            []activity.Type
	Organisers       map[id.Organisation]int // how many each runs
	Joint            int
}

// FacetsOf collects them, sorted by code.
func FacetsOf(all []activity.Activity) Facets {
	markets, sectors, types := map[string]bool{}, map[string]bool{}, map[activity.Type]bool{}
	f := Facets{Organisers: map[id.Organisation]int{}}
	for _, a := range all {
		for _, m := range a.Markets {
			markets[m] = true
		}
		for _, s := range a.Sectors {
			sectors[s] = true
		}
		for _, o := range a.Organisers {
			f.Organisers[o.Organisation]++
		}
		if a.Joint() {
			f.Joint++
		}
		types[a.Type] = true
	}
	f.Markets, f.Sectors = sortedKeys(markets), sortedKeys(sectors)
	f.Types = slices.DeleteFunc(activity.Types(), func(t activity.Type) bool { return !types[t] })
	return f
}

func sortedKeys(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

var (
	attendedBy = db.SQL("report.participation.of_company",
		`select p.activity_id, p.state
		 from company_root r cross join participation p
		 where p.company_id = r.company_id and p.programme_id = $1
		   and r.root_id = (select own.root_id from company_root own where own.company_id = $2)`)
	evidenceOf = db.SQL("report.activity.evidence",
		`select e.kind, e.state, count(*), count(distinct coalesce(r.root_id, e.company_id))
		 from evidence e left join company_root r on r.company_id = e.company_id
		 where e.programme_id = $1 and e.activity_id = $2
		   and ($3 = '*' or exists (select 1 from evidence_credit c
		     where c.programme_id = e.programme_id and c.evidence_id = e.id and $3 like '%' || c.organisation_id || '%'))
		 group by e.kind, e.state order by e.kind, e.state`)
	costOf = db.SQL("report.activity.cost",
		`select count(*), cast(coalesce(sum(i.eligible), 0) as bigint), cast(coalesce(sum(i.accepted), 0) as bigint)
		 from cost_item i join agreement a on a.programme_id = i.programme_id and a.id = i.agreement_id
		 where i.programme_id = $1 and i.activity_id = $2 and i.returns_id is null
		   and ($3 = '*' or $3 like '%' || a.organisation_id || '%')`)
)

// ActivityEvidence is the evidence that an activity left, of one kind and state together.
type ActivityEvidence struct {
	Kind            evidence.Kind
	State           evidence.State
	Rows, Companies int
}

// EvidenceOf groups the evidence of an activity in which somebody of the scope holds credit.
func EvidenceOf(ctx context.Context, tx *db.Tx, scope access.Scope, g id.Programme, a id.Activity) ([]ActivityEvidence, error) {
	if scope == "" {
		return nil, nil
	}
	var all []ActivityEvidence
	err := tx.Each(ctx, evidenceOf, []any{g, a, scope}, func(r *sql.Rows) error {
		var e ActivityEvidence
		err := r.Scan(&e.Kind, &e.State, &e.Rows, &e.Companies)
		all = append(all, e)
		return err
	})
	return all, err
}

// ActivityCost is what was declared and accepted for an activity by the partners within a scope.
type ActivityCost struct {
	Items              int
	Declared, Accepted money.Amount
}

// CostOf adds up the cost items of an activity within a scope of claims.
func CostOf(ctx context.Context, tx *db.Tx, scope access.Scope, g id.Programme, a id.Activity) (ActivityCost, error) {
	var c ActivityCost
	if scope == "" {
		return c, nil
	}
	err := tx.Row(ctx, costOf, g, a, scope).Scan(&c.Items, &c.Declared, &c.Accepted)
	return c, err
}

// OwnParticipations gives how the companies of a contact stand at activities; nil for anybody who is no company's contact.
func OwnParticipations(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme) (map[id.Activity]string, error) {
	var out map[id.Activity]string
	for _, m := range by.Memberships {
		if m.Role != access.CompanyContact || m.Company == "" {
			continue
		}
		if out == nil {
			out = map[id.Activity]string{}
		}
		err := tx.Each(ctx, attendedBy, []any{g, m.Company}, func(r *sql.Rows) error {
			var a id.Activity
			var state string
			err := r.Scan(&a, &state)
			out[a] = state
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
