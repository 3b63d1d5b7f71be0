package alert

import (
	"context"
	"sync"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// Watch looks at every programme from time to time, and at one only when it or the day has changed since.
type Watch struct {
	Evidence *evidence.Mirror
	AsOf     period.Date // the day of a demo, within the programmes that hold it; "" today

	mu   sync.Mutex
	seen map[id.Programme]state
}

type state struct {
	version db.Version
	day     period.Date
}

// Look looks at all open programmes.
func (w *Watch) Look(ctx context.Context, d *db.DB) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var open []programme.Programme
	now := map[id.Programme]state{}
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		if open, err = programme.List(ctx, tx); err != nil {
			return err
		}
		for _, g := range open {
			s := state{day: tx.Now.Date()}
			if g.Starts <= w.AsOf && w.AsOf <= g.Ends {
				s.day = w.AsOf
			}
			if s.version, err = tx.Version(ctx, g.ID); err != nil {
				return err
			}
			now[g.ID] = s
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, g := range open {
		s := now[g.ID]
		if w.seen[g.ID] == s {
			continue
		}
		if _, err := Look(ctx, d, w.Evidence, access.System("alerts"), g, s.day); err != nil {
			return err
		}
		if w.seen == nil {
			w.seen = map[id.Programme]state{}
		}
		w.seen[g.ID] = s
	}
	return nil
}
