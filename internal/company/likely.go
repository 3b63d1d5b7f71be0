package company

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/text"
)

// Reason is one thing that speaks for two companies being one, or against it.
type Reason string

// The reasons, with what each adds to the score of a pair.
const (
	SameName   Reason = "name"     // but for legal form, accents and order of words
	NearName   Reason = "near"     // one slip of the keyboard apart
	SamePlace  Reason = "postcode" // and country
	SameTown   Reason = "city"
	SameSector Reason = "sector"
	Unnumbered Reason = "unnumbered" // one of them has no register's number
	OtherNo    Reason = "numbers"    // both are in one register, under different numbers: two legal entities
)

func (r Reason) score() int {
	switch r {
	case SameName:
		return 60
	case NearName:
		return 40
	case SamePlace:
		return 20
	case SameTown, Unnumbered:
		return 10
	case SameSector:
		return 5
	case OtherNo:
		return -15
	}
	return 0
}

// Key names the reason in the catalogue.
func (r Reason) Key() text.Key { return text.Key("company.why." + string(r)) }

// Pair is two companies that may be one. A person decides: no score merges anything (domain section 7).
type Pair struct {
	A, B  Company // A recorded first
	Score int
	Why   []Reason
}

// likely is the score from which a pair is worth a look.
const likely = 60

// maxBlock bounds how many companies with a like beginning are compared with each other.
const maxBlock = 200

// Pairs finds, among companies that each stand for themselves, those that may be one: a pure function, the likeliest first.
func Pairs(all []Company) []Pair {
	names := make([]string, len(all))
	blocks := map[string][]int{}
	for i, c := range all {
		names[i] = plainName(c.Name)
		if names[i] == "" {
			continue
		}
		start := []rune(names[i])
		for _, key := range []string{"n" + names[i], "b" + string(start[:min(5, len(start))]) + c.Postcode, "e" + string(start[max(0, len(start)-6):]) + c.Postcode} {
			blocks[key] = append(blocks[key], i)
		}
	}
	seen, pairs := map[[2]int]bool{}, []Pair{}
	for _, block := range blocks {
		if len(block) > maxBlock {
			continue
		}
		for n, i := range block {
			for _, j := range block[:n] {
				if at := [2]int{min(i, j), max(i, j)}; !seen[at] {
					seen[at] = true
					if p := pair(all[at[0]], all[at[1]], names[at[0]], names[at[1]]); p.Score >= likely {
						pairs = append(pairs, p)
					}
				}
			}
		}
	}
	slices.SortFunc(pairs, func(x, y Pair) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), strings.Compare(string(x.A.ID), string(y.A.ID)), strings.Compare(string(x.B.ID), string(y.B.ID)))
	})
	return pairs
}

func pair(a, b Company, nameA, nameB string) Pair {
	p := Pair{A: a, B: b}
	if b.ID < a.ID {
		p.A, p.B = b, a
	}
	switch {
	case nameA == nameB:
		p.Why = append(p.Why, SameName)
	case oneSlip(nameA, nameB):
		p.Why = append(p.Why, NearName)
	default:
		return p
	}
	switch {
	case a.Postcode != "" && a.Postcode == b.Postcode && a.Country == b.Country:
		p.Why = append(p.Why, SamePlace)
	case a.City != "" && strings.EqualFold(a.City, b.City):
		p.Why = append(p.Why, SameTown)
	}
	if a.Sector != "" && a.Sector == b.Sector {
		p.Why = append(p.Why, SameSector)
	}
	switch {
	case a.Identified() != b.Identified() || !a.Identified():
		p.Why = append(p.Why, Unnumbered)
	case a.Number.Scheme == b.Number.Scheme && a.Number != b.Number:
		p.Why = append(p.Why, OtherNo)
	}
	for _, r := range p.Why {
		p.Score += r.score()
	}
	return p
}

// legalForms say how a company is owned, not what it is called.
var legalForms = strings.Fields("nv sa bv bvba srl sprl cv cvba scrl commv scs vof snc vzw asbl gmbh ag ltd limited plc inc llc corp company co sarl sas spa group groep")

// plainName is the words of a name in order of the alphabet, without legal form, accents and marks.
func plainName(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ReplaceAll(strings.ToLower(s), ".", "")) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	words := slices.DeleteFunc(strings.Fields(b.String()), func(w string) bool { return slices.Contains(legalForms, w) })
	slices.Sort(words)
	return strings.Join(words, " ")
}

// oneSlip tells whether two names of six letters or more differ by one letter put in, left out, changed, or swapped with its neighbour.
func oneSlip(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < 6 || len(y)-len(x) > 1 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if len(x) < len(y) {
		return string(x[i:]) == string(y[i+1:])
	}
	if i == len(x) || string(x[i+1:]) == string(y[i+1:]) {
		return true
	}
	return i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i] && string(x[i+2:]) == string(y[i+2:])
}

var selectRoots = db.SQL("company.root.list",
	`select c.id, r.root_id, c.scheme, coalesce(c.number, ''), c.name, c.postcode, c.city, c.country, c.sector, c.size_class, c.size_source,
	   c.size_year, c.nace, c.parent_country
	 from company_root r join company c on c.id = r.company_id where r.root_id = r.company_id`)

// Likely finds the pairs in the register that nobody told apart, and lists what was told apart, the newest first. The caller has checked leave:
// names of all companies are in it.
func Likely(ctx context.Context, tx *db.Tx) ([]Pair, []NamedApart, error) {
	all, err := standing(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	told, err := told(ctx, tx, all)
	return undecided(Pairs(all), told), told, err
}

// standing are the companies that stand for themselves.
func standing(ctx context.Context, tx *db.Tx) ([]Company, error) {
	var all []Company
	err := tx.Each(ctx, selectRoots, nil, func(r *sql.Rows) error {
		var c Company
		err := scan(r, &c)
		all = append(all, c)
		return err
	})
	return all, err
}

// Named is a merge with what its two companies are called.
type Named struct {
	Merge
	FromName, IntoName string
}

var selectMerges = db.SQL("company.merge.in_force",
	`select m.id, m.from_id, m.into_id, m.merged_on, m.reason, m.undone_on, f.name, i.name
	 from company_merge m join company f on f.id = m.from_id join company i on i.id = m.into_id
	 where m.undone_on = '' order by m.id desc`)

// InForce lists the merges that are not undone, the newest first.
func InForce(ctx context.Context, tx *db.Tx) ([]Named, error) {
	var all []Named
	return all, tx.Each(ctx, selectMerges, nil, func(r *sql.Rows) error {
		var n Named
		err := r.Scan(&n.ID, &n.From, &n.Into, &n.On, &n.Reason, &n.UndoneOn, &n.FromName, &n.IntoName)
		all = append(all, n)
		return err
	})
}
