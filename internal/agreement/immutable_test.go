package agreement

import (
	"context"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
)

// Nothing agreed can be altered: not by any verb of the negotiation by either side, and not by SQL on its rows.
func TestNothingAgreedIsAltered(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		p := table{newWorld(t, d), t, d}
		doc := p.document()
		v, err := p.propose(p.officer, doc, 0)
		must(t, err)
		must(t, p.accept(p.partner, v.Hash))
		g, a := p.setting.Programme.ID, p.agreement.ID
		for _, by := range []access.Actor{p.officer, p.partner} {
			doc.Ceilings[0].Amount = 1
			_, err := p.propose(by, doc, 1)
			refusedAs(t, err, fault.KindConflict, "access.wrong_state")
			for name, verb := range map[string]func(ctx context.Context, tx *db.Tx) error{
				"withdraw": func(ctx context.Context, tx *db.Tx) error { return Withdraw(ctx, tx, by, g, a, 1) },
				"accept": func(ctx context.Context, tx *db.Tx) error {
					_, err := Accept(ctx, tx, by, &p.setting, a, v.Hash)
					return err
				},
				"abandon": func(ctx context.Context, tx *db.Tx) error {
					_, err := Abandon(ctx, tx, by, g, a, "why")
					return err
				},
			} {
				if err := p.write(verb); err == nil {
					t.Errorf("%s by %s went through", name, by.Email)
				}
			}
		}
		for column, value := range map[string]string{"document": "'{}'", "hash": "'x'", "note": "'x'", "side": "'partner'", "made_at": "'x'", "made_by": "null",
			"answer_by": "'x'", "amends": "7", "n": "9", "state": "'proposed'", "state_at": "'x'", "state_by": "null"} {
			alter(t, d, "update agreement_version set "+column+" = "+value, "db.immutable")
		}
		for _, statement := range []string{"delete from agreement_acceptance", "delete from agreement_version"} {
			opened(t, d, p.setting.Programme.Code)
			alter(t, d, statement, "db.immutable")
		}
		alter(t, d, "update agreement_acceptance set hash = 'x'", "db.immutable")
		alter(t, d, "update agreement_acceptance set accepted_by = null", "db.immutable")
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			same, err := LoadVersion(t.Context(), tx, g, a, 1)
			if hash, _ := same.Document.Hash(); err != nil || hash != v.Hash || same.State != Accepted {
				t.Errorf("%+v %v", same, err)
			}
			return nil
		}))
	})
}

func opened(t *testing.T, d *db.DB, code string) {
	t.Helper()
	must(t, d.WriteAgency(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), db.Query{Text: "update programme set state = 'open' where code = $1"}, code)
		return err
	}))
}

func alter(t *testing.T, d *db.DB, statement, key string) {
	t.Helper()
	err := d.WriteAgency(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), db.Query{Text: statement})
		return err
	})
	// where two triggers refuse, either may speak first
	if said := fault.Of(err); err == nil || string(said.Key) != key && said.Key != "db.version_both" {
		t.Errorf("%s: %v", statement, err)
	}
}
