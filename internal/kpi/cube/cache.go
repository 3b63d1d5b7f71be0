package cube

import (
	"context"
	"database/sql"
	"sync"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
)

// Cache holds a cube for each programme. It is safe for many goroutines.
type Cache struct {
	mu    sync.Mutex
	cubes map[id.Programme]*entry
}

type entry struct {
	mu   sync.RWMutex
	cube *Cube
}

// NewCache is an empty cache.
func NewCache() *Cache { return &Cache{cubes: map[id.Programme]*entry{}} }

// With brings the programme's cube up to what the unit of work sees and hands it to fn, which must not keep it. A unit of work that began
// before the last one that the cube has seen gets a cube of its own.
func (c *Cache) With(ctx context.Context, tx *db.Tx, programme id.Programme, fn func(*Cube) error) error {
	v, err := tx.Version(ctx, programme)
	if err != nil {
		return err
	}
	e := c.entry(programme)
	e.mu.RLock()
	if e.cube != nil && e.cube.version == v {
		defer e.mu.RUnlock()
		return fn(e.cube)
	}
	e.mu.RUnlock()
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.cube == nil:
		if e.cube, err = load(ctx, tx, programme, v); err != nil {
			return err
		}
	case e.cube.version.Programme > v.Programme || e.cube.version.Agency > v.Agency:
		own, err := load(ctx, tx, programme, v)
		if err != nil {
			return err
		}
		return fn(own)
	default:
		if err := e.cube.catchUp(ctx, tx, programme, v); err != nil {
			e.cube = nil // half of a change is worse than none: the next reader begins anew
			return err
		}
	}
	return fn(e.cube)
}

func (c *Cache) entry(programme id.Programme) *entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.cubes[programme]
	if e == nil {
		e = &entry{}
		c.cubes[programme] = e
	}
	return e
}

// change is what a cube misses: rows made or moved, companies that stand for another now or have another size.
type change struct {
	rows  []raw
	roots map[uint32]uint32
	sizes map[uint32]uint16
}

// catchUp applies what happened between the cube's version and v.
func (c *Cube) catchUp(ctx context.Context, tx *db.Tx, programme id.Programme, v db.Version) error {
	ch := change{roots: map[uint32]uint32{}, sizes: map[uint32]uint16{}}
	if v.Agency != c.version.Agency {
		if err := c.readMoves(ctx, tx, &ch); err != nil {
			return err
		}
	}
	if v.Programme != c.version.Programme {
		err := tx.Each(ctx, readSince, []any{programme, c.version.Programme}, func(r *sql.Rows) error {
			var text sql.RawBytes
			if err := r.Scan(&text); err != nil {
				return err
			}
			row, err := c.parse(text)
			ch.rows = append(ch.rows, row)
			return err
		})
		if err != nil {
			return err
		}
	}
	c.apply(&ch)
	c.version = v
	return nil
}

func (c *Cube) readMoves(ctx context.Context, tx *db.Tx, ch *change) error {
	number := func(s string) (uint32, error) {
		k, err := keyOf(s)
		if err != nil {
			return 0, err
		}
		n, known := c.company.number[k]
		if !known {
			n = c.company.add(k)
		}
		return n, nil
	}
	err := tx.Each(ctx, readMoved, []any{c.version.Agency}, func(r *sql.Rows) error {
		var company, root string
		if err := r.Scan(&company, &root); err != nil {
			return err
		}
		n, err := number(company)
		if err != nil {
			return err
		}
		ch.roots[n], err = number(root)
		return err
	})
	if err != nil {
		return err
	}
	return tx.Each(ctx, readSizes, []any{c.version.Agency}, func(r *sql.Rows) error {
		var company, class string
		if err := r.Scan(&company, &class); err != nil {
			return err
		}
		n, err := number(company)
		if err != nil {
			return err
		}
		ch.sizes[n] = c.by[size].of(class)
		return nil
	})
}

// apply takes the companies that change off every view, changes rows and roots, and adds the companies again.
func (c *Cube) apply(ch *change) {
	touched := map[uint32]bool{} // roots, before and after
	for _, r := range ch.rows {
		if r.company != none {
			touched[c.company.root[r.company]] = true
		}
		if n, known := c.place(r.id); known && c.facts[n].company != none {
			touched[c.company.root[c.facts[n].company]] = true
		}
	}
	for company, root := range ch.roots {
		touched[c.company.root[company]], touched[root], touched[company] = true, true, true
	}
	for company := range ch.sizes {
		touched[c.company.root[company]], touched[company] = true, true
	}
	for k, v := range c.views {
		if !v.fits(c) {
			delete(c.views, k) // a value that was not there before: the view is worked out anew when it is asked for
		}
	}
	c.each(touched, -1)
	c.move(ch, touched)
	for _, r := range ch.rows {
		if n, known := c.place(r.id); known {
			c.unmark(n)
			f := &c.facts[n]
			r.next, r.dims[size] = f.next, f.dims[size] // what happened never changes, and so neither does the company
			*f = r.fact
			c.mark(n)
			continue
		}
		n := uint32(len(c.facts))
		c.facts = append(c.facts, r.fact)
		c.link(n)
		if len(c.ids) == int(n) && (n == 0 || compareKey(c.ids[n-1], r.id) < 0) {
			c.ids = append(c.ids, r.id)
		} else {
			c.late[r.id] = n
		}
	}
	c.each(touched, 1)
}

// each puts companies into every view, or takes them off.
func (c *Cube) each(companies map[uint32]bool, sign int32) {
	for _, v := range c.views {
		for n := range companies {
			if c.company.root[n] == n {
				v.company(c, n, sign)
			}
		}
	}
}

// move gives companies their new roots and sizes, and rows the size of what they stand for.
func (c *Cube) move(ch *change, touched map[uint32]bool) {
	m := &c.company
	sizes := map[uint32]uint16{} // of companies themselves, where a root changes and its size is not told
	for company, class := range ch.sizes {
		sizes[company] = class
	}
	for company, root := range ch.roots {
		if m.root[company] != root {
			m.part(company, m.root[company])
			m.root[company] = root
			m.join(company, root)
		}
	}
	for company := range touched {
		if class, told := sizes[company]; told {
			m.own[company] = class
		}
	}
	for company := range touched {
		members := m.alias[company]
		if members == nil {
			members = []uint32{company}
		}
		for _, one := range members {
			if class := m.own[m.root[one]]; class != m.size[one] {
				m.size[one] = class
				for n := m.first[one]; n != none; n = c.facts[n].next {
					c.by[size].rows[c.facts[n].dims[size]].clear(n)
					c.facts[n].dims[size] = class
					c.by[size].rows[class].set(n)
				}
			}
		}
	}
}
