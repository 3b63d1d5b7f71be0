package cube

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
)

// line packs what a cube needs of a row into one text: a column costs the driver more than its text.
const line = `select concat_ws('|', e.id, coalesce(e.company_id, ''), e.year, e.dated, e.kind, e.state, e.activity_type, e.market, e.sector,
		e.shares) from evidence e`

var (
	// A cold cube reads nearly the whole table: in the order of storage that takes half the time of the way along an index.
	readAll = db.SQL("cube.row.all", line+` where e.programme_id || '' = $1`)
	// Rows of a programme that a write made or moved since.
	readSince = db.SQL("cube.row.since", line+` where e.programme_id = $1 and e.seq > $2`)
	// All companies, which belong to no programme; those that changed since.
	readCompanies = db.SQL("cube.company.all", `select r.company_id || '|' || r.root_id || '|' || c.size_class
		from company_root r join company c on c.id = r.company_id`)
	readMoved = db.SQL("cube.company.moved", `select company_id, root_id from company_root where seq > $1`)
	readSizes = db.SQL("cube.company.changed", `select id, size_class from company where seq > $1`)
)

// load reads a cube from nothing, as a unit of work sees it.
func load(ctx context.Context, tx *db.Tx, programme id.Programme, v db.Version) (*Cube, error) {
	c := newCube()
	c.by[size].of("") // what a row without company has, and a company of unknown size
	if err := c.readCompanies(ctx, tx); err != nil {
		return nil, err
	}
	if err := c.readRows(ctx, tx, programme); err != nil {
		return nil, err
	}
	c.sort()
	c.named = make([]uint32, 0, len(c.facts)+len(c.facts)/64+64)
	for n := range c.facts {
		c.link(uint32(n))
	}
	c.version = v
	return c, nil
}

// batch is how much text is read before it is handed on.
const batch = 1 << 18

// readRows reads every row: one goroutine takes texts from the driver, another turns them into numbers.
func (c *Cube) readRows(ctx context.Context, tx *db.Tx, programme id.Programme) error {
	texts, parsed := make(chan []byte, 4), make(chan error, 1)
	go func() {
		var failed error
		for text := range texts {
			for failed == nil && len(text) > 0 {
				end := bytes.IndexByte(text, '\n')
				row, err := c.parse(text[:end])
				c.ids, c.facts = append(c.ids, row.id), append(c.facts, row.fact)
				text, failed = text[end+1:], err
			}
		}
		parsed <- failed
	}()
	buffer := make([]byte, 0, batch+1024)
	err := tx.Each(ctx, readAll, []any{programme}, func(r *sql.Rows) error {
		var text sql.RawBytes
		if err := r.Scan(&text); err != nil {
			return err
		}
		buffer = append(append(buffer, text...), '\n')
		if len(buffer) > batch {
			texts <- buffer
			buffer = make([]byte, 0, batch+1024)
		}
		return nil
	})
	texts <- buffer
	close(texts)
	return errors.Join(err, <-parsed)
}

// sort puts rows in the order of their identities; they nearly always come in it.
func (c *Cube) sort() {
	if slices.IsSortedFunc(c.ids, compareKey) {
		return
	}
	places := make([]int, len(c.ids))
	for i := range places {
		places[i] = i
	}
	slices.SortFunc(places, func(a, b int) int { return compareKey(c.ids[a], c.ids[b]) })
	ids, facts := make([]key, len(c.ids)), make([]fact, len(c.facts))
	for i, p := range places {
		ids[i], facts[i] = c.ids[p], c.facts[p]
	}
	c.ids, c.facts = ids, facts
}

type raw struct {
	id key
	fact
}

func compareKey(a, b key) int { return bytes.Compare(a[:], b[:]) }

func (c *Cube) readCompanies(ctx context.Context, tx *db.Tx) error {
	var roots []key
	err := tx.Each(ctx, readCompanies, nil, func(r *sql.Rows) error {
		var text string
		if err := r.Scan(&text); err != nil {
			return err
		}
		company, rest, _ := strings.Cut(text, "|")
		root, class, _ := strings.Cut(rest, "|")
		k, err1 := keyOf(company)
		p, err2 := keyOf(root)
		n := c.company.add(k)
		c.company.own[n] = c.by[size].of(class)
		roots = append(roots, p)
		return errors.Join(err1, err2)
	})
	if err != nil {
		return err
	}
	for i, p := range roots {
		root := c.company.number[p]
		c.company.root[i] = root
		if root != uint32(i) {
			c.company.join(uint32(i), root)
		}
	}
	for i, root := range c.company.root {
		c.company.size[i] = c.company.own[root]
	}
	return nil
}

// add gives a company a number; it stands for itself.
func (m *companies) add(k key) uint32 {
	n := uint32(len(m.ids))
	m.number[k] = n
	m.ids = append(m.ids, k)
	m.root, m.own, m.size = append(m.root, n), append(m.own, 0), append(m.size, 0)
	m.first, m.alias = append(m.first, none), append(m.alias, nil)
	return n
}

// join lists a company with those that stand for a root.
func (m *companies) join(company, root uint32) {
	if m.alias[root] == nil {
		m.alias[root] = []uint32{root}
	}
	if company != root {
		m.alias[root] = append(m.alias[root], company)
	}
}

// part takes it off that list.
func (m *companies) part(company, root uint32) {
	if company != root {
		m.alias[root] = slices.DeleteFunc(m.alias[root], func(o uint32) bool { return o == company })
	}
}

// link puts a row among those of its company and into the sets of its values.
func (c *Cube) link(n uint32) {
	f := &c.facts[n]
	c.named = append(c.named, f.company)
	f.next = none
	if f.company != none {
		f.next = c.company.first[f.company]
		c.company.first[f.company] = n
		f.dims[size] = c.company.size[f.company]
	}
	c.mark(n)
}

// mark puts a row into the sets of its values.
func (c *Cube) mark(n uint32) {
	f := &c.facts[n]
	for d := range c.by {
		c.by[d].rows[f.dims[d]].set(n)
	}
	for _, o := range c.credits[f.credit] {
		c.org.rows[o].set(n)
	}
}

func (c *Cube) unmark(n uint32) {
	f := &c.facts[n]
	for d := range c.by {
		c.by[d].rows[f.dims[d]].clear(n)
	}
	for _, o := range c.credits[f.credit] {
		c.org.rows[o].clear(n)
	}
}

// parse reads a packed row. The text is the driver's own: nothing of it is kept.
func (c *Cube) parse(text []byte) (raw, error) {
	var parts [10][]byte
	for i := range parts {
		at := bytes.IndexByte(text, '|')
		if i == len(parts)-1 {
			at = len(text)
		}
		if at < 0 {
			return raw{}, fault.Internal(fmt.Errorf("cube: a row reads %q", text))
		}
		parts[i] = text[:at]
		text = text[min(at+1, len(text)):]
	}
	var r raw
	var err error
	if r.id, err = keyOfBytes(parts[0]); err != nil {
		return r, err
	}
	r.company = none
	if len(parts[1]) > 0 {
		k, err := keyOfBytes(parts[1])
		if err != nil {
			return r, err
		}
		n, known := c.company.number[k]
		if !known {
			n = c.company.add(k)
		}
		r.company = n
	}
	if r.dims[quarter], err = c.quarterNumber(parts[2], parts[3]); err != nil {
		return r, err
	}
	r.dims[kind], r.dims[state] = c.by[kind].ofBytes(parts[4]), c.by[state].ofBytes(parts[5])
	r.dims[activityType], r.dims[market], r.dims[sector] = c.by[activityType].ofBytes(parts[6]), c.by[market].ofBytes(parts[7]), c.by[sector].ofBytes(parts[8])
	r.dims[size] = c.by[size].of("")
	r.credit, err = c.creditOf(parts[9])
	return r, err
}

// ofBytes is of for a text that is not kept.
func (d *dimension) ofBytes(value []byte) uint16 {
	if n, known := d.number[string(value)]; known { // no copy is made to look up
		return n
	}
	return d.of(string(value))
}

// quarterNumber is the number of the quarter in which a row of a year and a day counts. There are few different days: each is worked out once.
func (c *Cube) quarterNumber(year, dated []byte) (uint16, error) {
	var text [24]byte
	at := append(append(append(text[:0], year...), '|'), dated...)
	if n, known := c.days[string(at)]; known { // no copy is made to look up
		return n, nil
	}
	y, err := strconv.Atoi(string(year))
	if err != nil {
		return 0, fault.Internal(err)
	}
	q := y * 4
	if len(dated) == 10 {
		q = int(QuarterOf(period.Year(y), period.Date(string(dated))))
	}
	n := c.by[quarter].of(strconv.Itoa(q))
	c.days[string(at)] = n
	return n, nil
}

// creditOf gives the number of a set of organisations.
func (c *Cube) creditOf(shares []byte) (uint32, error) {
	if n, known := c.sets[string(shares)]; known {
		return n, nil
	}
	var orgs []uint16
	for part := range strings.FieldsSeq(string(shares)) {
		organisation, _, weighed := strings.Cut(part, ":")
		if !weighed {
			return 0, fault.Internal(fmt.Errorf("cube: shares read %q", shares))
		}
		orgs = append(orgs, c.org.of(organisation))
	}
	n := uint32(len(c.credits))
	c.sets[string(shares)] = n
	c.credits = append(c.credits, orgs)
	return n, nil
}

func keyOf(s string) (key, error) { return keyOfBytes([]byte(s)) }

// keyOfBytes reads a UUID in its canonical form of 36 characters.
func keyOfBytes(s []byte) (k key, err error) {
	if len(s) != 36 {
		return k, fault.Internal(fmt.Errorf("cube: %q is no identity", s))
	}
	var digits [32]byte
	copy(digits[:8], s[:8])
	copy(digits[8:12], s[9:13])
	copy(digits[12:16], s[14:18])
	copy(digits[16:20], s[19:23])
	copy(digits[20:], s[24:])
	if _, err := hex.Decode(k[:], digits[:]); err != nil {
		return k, fault.Internal(fmt.Errorf("cube: %q is no identity", s))
	}
	return k, nil
}
