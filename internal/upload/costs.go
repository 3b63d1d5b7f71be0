package upload

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/govalues/decimal"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Row is what one line of an upload would become.
type Row struct {
	Line     int
	Item     funding.Item
	Eligible money.Amount
	Wrong    []Wrong
	Twins    []funding.Twin // that look like it, or that claimed its invoice
	Known    bool           // it was uploaded before
}

// Wrong is a fault of a row, at a field.
type Wrong struct {
	Field string
	Found string
	Key   text.Key
	Args  text.Args
}

// Say is the fault for a person, with what stands there.
func (w Wrong) Say(l text.Language) string { return l.Say(w.Key, w.Args) }

// Preview is what would become of an upload.
type Preview struct {
	Rows             []Row
	Good, Bad, Known int
	Likely           int // good rows that look like an item that was declared before
	Eligible         money.Amount
	Mapping          Mapping
	Unmapped         []string // fields without which no row can be read
	items            []funding.Item
}

// Look tells what each row would become if it were added to a draft. It writes nothing.
func Look(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim, t Table, m Mapping) (Preview, error) {
	p := Preview{Mapping: m, Rows: make([]Row, len(t.Rows))}
	for _, need := range []string{"description", "category", "delivered"} {
		if _, mapped := m[need]; !mapped {
			p.Unmapped = append(p.Unmapped, need)
		}
	}
	if len(p.Unmapped) > 0 {
		p.Rows = nil
		return p, nil
	}
	activities, err := activityCodes(ctx, tx, g, claim)
	if err != nil {
		return p, err
	}
	seen := map[string]int{}
	var ask []funding.Item
	var at []int
	for n, line := range t.Rows {
		r := reader{line: line, mapping: m, activities: activities}
		p.Rows[n].Line = line.N
		p.Rows[n].Item = r.item()
		content := r.content()
		seen[content]++
		sum := sha256.Sum256([]byte(content + "\x1e" + strconv.Itoa(seen[content]))) // the same line twice in a file are two costs
		p.Rows[n].Item.RowHash = hex.EncodeToString(sum[:])
		if p.Rows[n].Wrong = r.wrong; len(r.wrong) == 0 {
			ask, at = append(ask, p.Rows[n].Item), append(at, n)
		}
	}
	found, err := funding.Preview(ctx, tx, by, g, claim, ask)
	if err != nil {
		return p, err
	}
	for n, f := range found {
		row := &p.Rows[at[n]]
		row.Eligible, row.Twins, row.Known = f.Eligible, f.Twins, f.Known
		if f.Wrong != nil {
			for _, one := range f.Wrong.All() {
				row.Wrong = append(row.Wrong, Wrong{Field: one.Field, Key: one.Key, Args: one.Args})
			}
		}
	}
	p.count()
	return p, nil
}

func (p *Preview) count() {
	for _, r := range p.Rows {
		switch {
		case r.Known:
			p.Known++
		case len(r.Wrong) > 0:
			p.Bad++
		default:
			p.Good++
			p.Eligible += r.Eligible
			p.items = append(p.items, r.Item)
			if len(r.Twins) > 0 {
				p.Likely++
			}
		}
	}
}

// Add adds the good rows of an upload to a draft and remembers the mapping; the others stay out. The same file again adds nothing.
func Add(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim, t Table, m Mapping) (Preview, error) {
	p, err := Look(ctx, tx, by, g, claim, t, m)
	if err != nil || len(p.items) == 0 {
		return p, err
	}
	if _, err := funding.AddItems(ctx, tx, by, g, claim, p.items); err != nil {
		return p, err
	}
	c, err := funding.LoadClaim(ctx, tx, by, g, claim)
	if err != nil {
		return p, err
	}
	return p, remember(ctx, tx, g, c.Partner, t, m)
}

// errUndo ends a rehearsal.
var errUndo = errors.New("upload: rehearsal")

// Rehearse is Add for a partner's year without keeping anything, or with it: the draft is opened where there is none.
func Rehearse(ctx context.Context, d *db.DB, by access.Actor, g id.Programme, a id.Agreement, year period.Year, t Table, keep bool) (Preview, error) {
	var p Preview
	err := d.Write(ctx, g, func(tx *db.Tx) error {
		claim, err := funding.Draft(ctx, tx, by, g, a, year)
		if err != nil {
			return err
		}
		c, err := funding.LoadClaim(ctx, tx, by, g, claim)
		if err != nil {
			return err
		}
		m, err := Remembered(ctx, tx, g, c.Partner, t)
		if err != nil {
			return err
		}
		if p, err = Add(ctx, tx, by, g, claim, t, m); err != nil {
			return err
		}
		if !keep || p.Good == 0 {
			return errUndo
		}
		return nil
	})
	if errors.Is(err, errUndo) {
		err = nil
	}
	return p, err
}

var selectActivities = db.SQL("upload.activity.codes",
	`select v.code, v.id from claim c join agreement a on a.programme_id = c.programme_id and a.id = c.agreement_id
	 join activity_organiser x on x.programme_id = c.programme_id and x.organisation_id = a.organisation_id
	 join activity v on v.programme_id = x.programme_id and v.id = x.activity_id
	 where c.programme_id = $1 and c.id = $2`)

// activityCodes are those of the activities that a claim's partner organises.
func activityCodes(ctx context.Context, tx *db.Tx, g id.Programme, claim id.Claim) (map[string]id.Activity, error) {
	out := map[string]id.Activity{}
	err := tx.Each(ctx, selectActivities, []any{g, claim}, func(r *sql.Rows) error {
		var code string
		var a id.Activity
		err := r.Scan(&code, &a)
		out[code] = a
		return err
	})
	return out, err
}

// reader reads the cells of one line.
type reader struct {
	line       Line
	mapping    Mapping
	activities map[string]id.Activity
	wrong      []Wrong
}

func (r *reader) cell(field string) string {
	n, mapped := r.mapping[field]
	if !mapped || n >= len(r.line.Cells) {
		return ""
	}
	return r.line.Cells[n]
}

func (r *reader) content() string {
	var parts []string
	for _, f := range Fields() {
		parts = append(parts, r.cell(f))
	}
	return strings.Join(parts, "\x1f")
}

func (r *reader) fault(field string, key text.Key) {
	r.wrong = append(r.wrong, Wrong{Field: field, Found: r.cell(field), Key: key, Args: text.Args{"found": r.cell(field)}})
}

func (r *reader) item() funding.Item {
	i := funding.Item{ID: id.New[id.Item](), Description: r.cell("description"), Category: r.category(), Kind: r.kind(), Supplier: r.cell("supplier"),
		Invoice: r.cell("invoice"), InvoicedOn: r.date("invoiced"), DeliveredOn: r.date("delivered"), Net: r.amount("net"), VAT: r.amount("vat"),
		InvoiceTotal: r.amount("invoice_total"), Currency: strings.ToUpper(r.cell("currency")), RateOn: r.date("rate_date"),
		RateSource: r.cell("rate_source"), Rate: r.number("rate"), Hours: r.number("hours"), HourRate: r.amount("hour_rate"),
		AllocationBp: money.Whole, Income: r.amount("income"), OtherMoney: r.amount("other_money"), Credits: r.cell("credits"),
		Procured: slices.Contains([]string{"yes", "ja", "oui", "1", "x", "true"}, strings.ToLower(r.cell("procured")))}
	if share := r.cell("allocation"); share != "" {
		n, err := decimal.Parse(strings.TrimSuffix(strings.ReplaceAll(share, ",", "."), "%"))
		whole, scale := n.Mul(decimal.Hundred)
		bp, _, exact := whole.Int64(0)
		if err != nil || scale != nil || !exact {
			r.fault("allocation", "upload.want_percentage")
		}
		i.AllocationBp = money.Bp(bp)
	}
	if code := r.cell("activity"); code != "" {
		a, known := r.activities[code]
		if !known {
			r.fault("activity", "upload.want_activity")
		}
		i.Activity = a
	}
	return i
}

// category reads a category by its code or its word in any language.
func (r *reader) category() string {
	c, is := text.Word(r.cell("category"), funding.Categories(), categoryKey)
	if !is {
		r.fault("category", "upload.want_category")
	}
	return c
}

func categoryKey(category string) text.Key { return text.Key("category." + category) }

func (r *reader) kind() funding.ItemKind {
	found := r.cell("kind")
	if found == "" && r.cell("hours") != "" {
		return funding.Staff
	}
	if k, is := text.Word(found, []funding.ItemKind{funding.Invoiced, funding.Staff, funding.InKind}, funding.ItemKind.Key); is {
		return k
	}
	if found != "" {
		r.fault("kind", "upload.want_kind")
	}
	return funding.Invoiced
}

func (r *reader) date(field string) period.Date {
	s := r.cell(field)
	d, is := Date(s)
	if s != "" && !is {
		r.fault(field, "upload.want_date")
	}
	return d
}

// Date reads 2018-05-31, 31/05/2018, 31-05-2018, 31.05.2018 and the number that a spreadsheet keeps for a day.
func Date(s string) (period.Date, bool) {
	if d, err := period.ParseDate(s); err == nil {
		return d, true
	}
	for _, layout := range []string{"2/1/2006", "2-1-2006", "2.1.2006", "2006-01-02T15:04:05Z", "2006-01-02 15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return period.Of(period.Year(t.Year()), t.Month(), t.Day()), true
		}
	}
	if n, err := strconv.Atoi(strings.TrimSuffix(s, ".0")); err == nil && n > 30_000 && n < 80_000 {
		return period.Of(1899, time.December, 30).AddDays(n), true
	}
	return "", false
}

func (r *reader) amount(field string) money.Amount {
	s := r.cell(field)
	a, err := money.Typed(s)
	if s != "" && err != nil {
		r.fault(field, "fault.money.form")
	}
	return a
}

func (r *reader) number(field string) decimal.Decimal {
	s := r.cell(field)
	if s == "" {
		return decimal.Decimal{}
	}
	d, err := decimal.Parse(canonical(s))
	if err != nil {
		r.fault(field, "upload.want_number")
	}
	return d
}

// canonical is a number with a point for its decimals and nothing between its thousands.
func canonical(s string) string {
	s = strings.NewReplacer("€", "", " ", "", "\u00a0", "", "\u202f", "", "'", "", "\u2212", "-").Replace(s)
	comma, point := strings.LastIndex(s, ","), strings.LastIndex(s, ".")
	switch {
	case comma > point: // 1.234,56
		return strings.Replace(strings.ReplaceAll(s, ".", ""), ",", ".", 1)
	default:
		return strings.ReplaceAll(s, ",", "")
	}
}
