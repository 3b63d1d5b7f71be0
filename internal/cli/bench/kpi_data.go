package bench

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"

	"github.com/google/uuid"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/company"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi/cube"
	"errera.eu/errera/internal/period"
)

// kpiFact is a row of the measurement in numbers.
type kpiFact struct {
	company              uint16
	partner, other       uint8 // other: also credited, none when the same
	market, sector, kind uint8
	quarter              uint8 // of 20, from 2017
}

// kpiData are the rows of the measurement, made by a fixed seed, and how to ask for them without the cube.
type kpiData struct {
	programme id.Programme
	agency    id.Organisation
	partners  []id.Organisation
	companies []id.Company
	officer   access.Actor
	facts     []kpiFact
	correct   []int // rows that are corrected later
}

func kpiTypes() []string { return []string{"mission", "seminar", "fair", "matchmaking", "coaching"} }

func kpiMarket(n uint8) string { return fmt.Sprintf("M%02d", n) }
func kpiSector(n uint8) string { return fmt.Sprintf("s%02d", n) }
func kpiSize(c int) string     { return company.Sizes()[c%7%4] }
func kpiDay(q uint8) period.Date {
	return period.Of(period.Year(2017+int(q)/4), 1, 1).AddMonths(int(q) % 4 * 3).AddDays(20)
}

// id is the identity of row n: a UUIDv7 of a fixed time, so that the same rows come again.
func (k *kpiData) id(n int) id.Evidence {
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[:8], 0x0190_0000_0000_7000)
	binary.BigEndian.PutUint64(u[8:], 0x8000_0000_0000_0000|uint64(n))
	return id.Evidence(u.String())
}

func newKPIData(rows int) *kpiData {
	r := rand.New(rand.NewPCG(2017, 2021))
	k := &kpiData{programme: id.New[id.Programme](), agency: id.New[id.Organisation](), facts: make([]kpiFact, rows)}
	for range kpiPartners {
		k.partners = append(k.partners, id.New[id.Organisation]())
	}
	for range min(kpiCompanies, rows/20+1) {
		k.companies = append(k.companies, id.New[id.Company]())
	}
	k.officer = access.Actor{ID: id.New[id.Person](), Memberships: []access.Membership{{Role: access.Officer, Organisation: k.agency, Agency: true}}}
	for i := range k.facts {
		p := uint8(r.IntN(kpiPartners))
		other := p
		if r.IntN(3) == 0 {
			other = uint8(r.IntN(kpiPartners))
		}
		// Companies come back: some often, most seldom.
		c := min(r.IntN(len(k.companies)), r.IntN(len(k.companies)))
		k.facts[i] = kpiFact{uint16(c), p, other, uint8(r.IntN(kpiMarkets)), uint8(r.IntN(20)), uint8(r.IntN(len(kpiTypes()))), uint8(i * 20 / rows)}
	}
	for len(k.correct) < 40 {
		if n := r.IntN(rows); !slices.Contains(k.correct, n) {
			k.correct = append(k.correct, n)
		}
	}
	return k
}

// memoryMB is what the data itself holds, which is not the cube's.
func (k *kpiData) memoryMB() float64 {
	return float64(len(k.facts)*8+len(k.companies)*52) / (1 << 20)
}

func (k *kpiData) credits(f kpiFact) []evidence.Credit {
	all := []evidence.Credit{{Organisation: k.partners[f.partner], Weight: 1}}
	if f.other != f.partner {
		all = append(all, evidence.Credit{Organisation: k.partners[f.other], Weight: 1})
	}
	slices.SortFunc(all, func(a, b evidence.Credit) int { return strings.Compare(string(a.Organisation), string(b.Organisation)) })
	return all
}

// fill writes the programme and its rows.
func (k *kpiData) fill(ctx context.Context, d *db.DB) error {
	var companies []company.Company
	for i, c := range k.companies {
		companies = append(companies, company.Company{ID: c, Name: "C", Country: "BE", Size: kpiSize(i)})
	}
	err := d.WriteAgency(ctx, func(tx *db.Tx) error {
		orgs := [][]any{{k.agency, "fit", "A", "A", "agency", "", 0, "a", 0}}
		for i, p := range k.partners {
			orgs = append(orgs, []any{p, fmt.Sprint("p", i), "P", "P", "partner", "", i + 1, "p", 0})
		}
		for _, b := range []struct {
			table   string
			columns string
			rows    [][]any
		}{
			{"organisation", "id code name short_name kind calendar_group position sort_key vat_recoverable_bp", orgs},
			{"person", "id email name password_hash language disabled", [][]any{{k.officer.ID, "o@x.example", "O", "", "en", 0}}},
			{"programme", "id code name_nl name_en name_fr note_nl note_en note_fr strategy_nl strategy_en strategy_fr starts_on ends_on currency " +
				"agency_id invented state source_hash", [][]any{{k.programme, "g", "", "", "", "", "", "", "", "", "", "2017-01-01", "2021-12-31", "EUR",
				k.agency, 1, "open", ""}}},
			{"programme_head", "programme_id seq audit_count audit_hash", [][]any{{k.programme, 0, 0, ""}}},
		} {
			if err := tx.Insert(ctx, b.table, strings.Fields(b.columns), b.rows); err != nil {
				return err
			}
		}
		return company.Add(ctx, tx, companies)
	})
	for start := 0; start < len(k.facts) && err == nil; start += 20_000 {
		err = d.Write(ctx, k.programme, func(tx *db.Tx) error { return k.part(ctx, tx, start, min(start+20_000, len(k.facts))) })
	}
	return err
}

// part records rows as evidence.Record would, without the history of those that are never touched again.
func (k *kpiData) part(ctx context.Context, tx *db.Tx, from, to int) error {
	var rows, credits, decisions [][]any
	seq := tx.Seq(string(k.programme))
	for i := from; i < to; i++ {
		f, e := k.facts[i], k.id(i)
		on := kpiDay(f.quarter)
		var shares []string
		for _, c := range k.credits(f) {
			shares = append(shares, fmt.Sprintf("%s:%d", c.Organisation, c.Weight))
			credits = append(credits, []any{k.programme, e, c.Organisation, int(on.Year()), c.Weight})
		}
		rows = append(rows, []any{k.programme, e, evidence.Participation, int(on.Year()), on, k.companies[f.company], kpiTypes()[f.kind], len(shares),
			kpiMarket(f.market), kpiSector(f.sector), "", "", "bench", string(e), len(shares), on, "verified", on, strings.Join(shares, " "), seq})
		if slices.Contains(k.correct, i) {
			decisions = append(decisions, []any{k.programme, e, 1, "verified", on, nil, ""})
		}
	}
	if err := tx.Insert(ctx, "evidence", strings.Fields("programme_id id kind year dated company_id activity_type organisers market sector need quantity "+
		"source_kind source_id weights reported_on state state_on shares seq"), rows); err != nil {
		return err
	}
	if err := tx.Insert(ctx, "evidence_credit", strings.Fields("programme_id evidence_id organisation_id year weight"), credits); err != nil {
		return err
	}
	return tx.Insert(ctx, "evidence_decision", strings.Fields("programme_id evidence_id n state decided_on decided_by reason"), decisions)
}

// slice draws a slice: one to three things are asked for.
func (k *kpiData) slice(r *rand.Rand) cube.Slice {
	var s cube.Slice
	for range 1 + r.IntN(3) {
		switch r.IntN(6) {
		case 0:
			s.Partners = []id.Organisation{k.partners[r.IntN(kpiPartners)]}
		case 1:
			for range 1 + r.IntN(8) {
				s.Markets = append(s.Markets, kpiMarket(uint8(r.IntN(kpiMarkets))))
			}
		case 2:
			s.Sectors = []string{kpiSector(uint8(r.IntN(20)))}
		case 3:
			s.Sizes = []string{company.Sizes()[r.IntN(4)]}
		case 4:
			s.Types = []string{kpiTypes()[r.IntN(5)]}
		case 5:
			s.From = cube.Quarter(2017*4 + r.IntN(20))
			s.To = s.From + cube.Quarter(r.IntN(8))
		}
	}
	return s
}

// sql is the same question in plain SQL, with no more conditions than it needs.
func (k *kpiData) sql(s cube.Slice) (db.Query, []any) {
	var b strings.Builder
	args := []any{k.programme}
	list := func(values []string) string {
		var marks []string
		for _, v := range values {
			args = append(args, v)
			marks = append(marks, fmt.Sprintf("$%d", len(args)))
		}
		return "(" + strings.Join(marks, ", ") + ")"
	}
	b.WriteString("select count(*), count(distinct r.root_id) from evidence e join company_root r on r.company_id = e.company_id")
	if len(s.Sizes) > 0 {
		b.WriteString(" join company c on c.id = r.root_id and c.size_class in " + list(s.Sizes))
	}
	b.WriteString(" where e.programme_id = $1 and e.kind = 'participation' and e.state <> 'rejected'")
	for column, values := range map[string][]string{"market": s.Markets, "sector": s.Sectors, "activity_type": s.Types} {
		if len(values) > 0 {
			b.WriteString(" and e." + column + " in " + list(values))
		}
	}
	if len(s.Partners) > 0 {
		b.WriteString(" and exists (select 1 from evidence_credit x where x.programme_id = e.programme_id and x.evidence_id = e.id and x.organisation_id in " +
			list([]string{string(s.Partners[0])}) + ")")
	}
	if s.From != 0 {
		from, to := kpiSpan(s)
		args = append(args, int(from.Year()), int(to.Year()), from, to)
		n := len(args)
		fmt.Fprintf(&b, " and e.year between $%d and $%d and e.dated between $%d and $%d", n-3, n-2, n-1, n)
	}
	return db.Query{Name: "bench.slice", Text: b.String()}, args
}

// kpiSpan is the first and last day of a slice's quarters.
func kpiSpan(s cube.Slice) (from, to period.Date) {
	first := func(q cube.Quarter) period.Date { return period.Of(period.Year(q/4), 1, 1).AddMonths(int(q%4) * 3) }
	return first(s.From), first(s.To + 1).AddDays(-1)
}

// duckWhere is the condition over the file of rows.
func (k *kpiData) duckWhere(s cube.Slice) string {
	where := []string{"true"}
	for column, values := range map[string][]string{"market": s.Markets, "sector": s.Sectors, "type": s.Types, "size": s.Sizes} {
		if len(values) > 0 {
			where = append(where, column+" in ('"+strings.Join(values, "', '")+"')")
		}
	}
	if len(s.Partners) > 0 {
		n := slices.Index(k.partners, s.Partners[0])
		where = append(where, fmt.Sprintf("(partner = %d or other = %d)", n, n))
	}
	if s.From != 0 {
		where = append(where, fmt.Sprintf("quarter between %d and %d", s.From-2017*4, s.To-2017*4))
	}
	return strings.Join(where, " and ")
}

// csv writes the rows for DuckDB.
func (k *kpiData) csv(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "company,partner,other,market,sector,type,size,quarter")
	for _, r := range k.facts {
		fmt.Fprintf(w, "%d,%d,%d,%s,%s,%s,%s,%d\n", r.company, r.partner, r.other, kpiMarket(r.market), kpiSector(r.sector), kpiTypes()[r.kind],
			kpiSize(int(r.company)), r.quarter)
	}
	if err := w.Flush(); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// wrong counts every cell anew from the data, by sorting (cell, company) pairs, and tells how many of the cube's differ.
func (k *kpiData) wrong(c *cube.Cube, kinds []evidence.Kind) (wrong, cells int) {
	for p := -1; p < kpiPartners; p++ {
		var pairs []uint64
		contacts := map[uint64]int{}
		for _, f := range k.facts {
			if p >= 0 && int(f.partner) != p && int(f.other) != p {
				continue
			}
			for _, t := range []uint64{0, 1 + uint64(f.quarter/4), 6 + uint64(f.quarter)} {
				for _, v := range []uint64{0, 1<<8 | uint64(f.market), 2<<8 | uint64(f.sector), 3<<8 | uint64(f.company%7%4), 4<<8 | uint64(f.kind)} {
					cell := t<<16 | v
					contacts[cell]++
					pairs = append(pairs, cell<<16|uint64(f.company))
				}
			}
		}
		slices.Sort(pairs)
		pairs = slices.Compact(pairs)
		companies := map[uint64]int{}
		for _, pair := range pairs {
			companies[pair>>16]++
		}
		for cell, n := range contacts {
			cells++
			if got := c.At(kinds, cube.Counting, k.cell(p, cell)); got.Contacts != n || got.Companies != companies[cell] {
				wrong++
			}
		}
	}
	return wrong, cells
}

// cell names the cell of a number made by wrong.
func (k *kpiData) cell(p int, n uint64) cube.Cell {
	var c cube.Cell
	if p >= 0 {
		c.Partner = k.partners[p]
	}
	switch t := n >> 16; {
	case t >= 6:
		c.Year, c.Quarter = period.Year(2017+(t-6)/4), int((t-6)%4)+1
	case t >= 1:
		c.Year = period.Year(2016 + t)
	}
	v := uint8(n)
	switch n >> 8 & 255 {
	case 1:
		c.Axis, c.Value = cube.ByMarket, kpiMarket(v)
	case 2:
		c.Axis, c.Value = cube.BySector, kpiSector(v)
	case 3:
		c.Axis, c.Value = cube.BySize, company.Sizes()[v]
	case 4:
		c.Axis, c.Value = cube.ByType, kpiTypes()[v]
	}
	return c
}
