package cli

import (
	"context"
	"slices"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/check"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/signing"
	"errera.eu/errera/internal/text"
)

// desk amends the agreement of one partner of the small programme.
type desk struct {
	*house
	t                *testing.T
	officer, partner access.Actor
	a                agreement.Agreement
	doc              agreement.Document // in force
}

func newDesk(t *testing.T, partner string) *desk {
	t.Helper()
	h := openHouse(t)
	if err := job.Migrate(context.Background(), h.db); err != nil { // letters are posted by jobs
		t.Fatal(err)
	}
	k := &desk{house: h, t: t, officer: h.actor(t, "officer@bureau.example"), partner: h.actor(t, "coordinator@"+partner+".example")}
	h.read(t, func(tx *db.Tx) (err error) {
		if k.a, err = agreement.ByPartner(context.Background(), tx, access.All, h.programme.ID, partner); err != nil {
			return err
		}
		v, err := agreement.LoadVersion(context.Background(), tx, h.programme.ID, k.a.ID, k.a.Version)
		k.doc = v.Document
		return err
	})
	return k
}

// write runs fn with the setting of the programme and the bounds of the agreement.
func (k *desk) write(fn func(ctx context.Context, tx *db.Tx, s *agreement.Setting) error) error {
	ctx := context.Background()
	return k.db.Write(ctx, k.programme.ID, func(tx *db.Tx) error {
		indicators, err := kpi.Indicators(ctx, tx, k.programme.ID)
		if err != nil {
			return err
		}
		s, err := agreement.LoadSetting(ctx, tx, k.programme, indicators)
		if err != nil {
			return err
		}
		bounds, err := settlement.Bounds(ctx, tx, k.programme.ID, k.a)
		if err != nil {
			return err
		}
		s.Bounds = map[id.Agreement]agreement.Bounds{k.a.ID: bounds}
		return fn(ctx, tx, &s)
	})
}

// amendment is the document in force, changed.
func (k *desk) amendment(change func(d *agreement.Document)) agreement.Document {
	d := k.doc.Normal()
	d.Amends, d.EffectiveOn, d.ReasonAmends = k.a.Version, "2018-07-01", "fewer members"
	change(&d)
	return d
}

func (k *desk) propose(d agreement.Document) (v agreement.Version, err error) {
	err = k.write(func(ctx context.Context, tx *db.Tx, s *agreement.Setting) error {
		all, err := agreement.Versions(ctx, tx, k.programme.ID, k.a.ID)
		if err != nil {
			return err
		}
		last, _ := agreement.Last(all)
		v, err = agreement.Propose(ctx, tx, k.officer, s, k.a.ID, agreement.Proposal{Document: d, After: last.N})
		return err
	})
	return v, err
}

// signatories are somebody of each side, with an account.
func (k *desk) signatories() []agreement.Signatory {
	k.t.Helper()
	ctx := context.Background()
	all := []agreement.Signatory{{Side: agreement.OfPartner, Name: "Chair", Email: "chair@signs.example"},
		{Side: agreement.OfAgency, Name: "Minister", Email: "minister@signs.example"}}
	err := k.db.WriteAgency(ctx, func(tx *db.Tx) error {
		for i, at := range []string{k.a.Partner.Code, "bureau"} {
			if _, err := access.Add(ctx, tx, access.System("operator"), access.NewPerson{Email: all[i].Email, Name: all[i].Name, Language: "en",
				Role: access.Signatory, Organisation: at}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		k.t.Fatal(err)
	}
	return all
}

// sign lets everybody put their name under a content.
func (k *desk) sign(hash string, by []agreement.Signatory) {
	k.t.Helper()
	for _, who := range by {
		err := k.write(func(ctx context.Context, tx *db.Tx, s *agreement.Setting) error {
			_, err := signing.Put(ctx, tx, k.actor(k.t, who.Email), s, k.a.ID, signing.Mark{Hash: hash, Way: signing.InSession})
			return err
		})
		if err != nil {
			k.t.Fatal(err)
		}
	}
}

func (k *desk) refused(what, field, key string, d agreement.Document) {
	k.t.Helper()
	_, err := k.propose(d)
	f := fault.Of(err)
	if err == nil || f.Kind != fault.KindInvalid || f.Field != field || string(f.Key) != key {
		k.t.Errorf("%s: %v, want %s at %s", what, err, key, field)
	}
}

func (k *desk) ceiling() (c agreement.Ceiling, books map[ledger.Account]money.Amount) {
	k.t.Helper()
	k.read(k.t, func(tx *db.Tx) error {
		a, err := agreement.Load(context.Background(), tx, access.All, k.programme.ID, k.a.ID)
		if err != nil {
			return err
		}
		c, _ = a.Ceiling(2018)
		books, err = ledger.Balance(context.Background(), tx, k.programme.ID, ledger.Filter{Agreement: k.a.ID, Year: 2018})
		return err
	})
	return c, books
}

// TestAmendARunningAgreement takes one agreement through an amendment: what it cannot change is refused with the figure, on the server and
// in the database; what it changes keeps its history; the books reserve the difference; every law holds after it.
func TestAmendARunningAgreement(t *testing.T) {
	k := newDesk(t, "gamma")
	const least = 9_605_26 // half of the 19,210.53 that was accepted and not struck since
	k.refused("below what is bound", "ceiling.2018", "agreement.ceiling_bound",
		k.amendment(func(d *agreement.Document) { d.Ceilings[0].Amount = least - 1 }))
	if _, err := k.propose(k.amendment(func(d *agreement.Document) { d.Ceilings[0].Amount = least - 1 })); fault.Of(err).Args["least"] != money.Amount(least) {
		t.Errorf("%v does not name the figure", err)
	}
	k.refused("another first day", "starts", "agreement.amend_starts", k.amendment(func(d *agreement.Document) { d.Starts = "2018-02-01" }))
	k.refused("no reason", "reason_amends", "agreement.reason_missing", k.amendment(func(d *agreement.Document) { d.ReasonAmends = "" }))
	kpi := k.doc.KPIs[0].KPI
	k.refused("a KPI left out", "kpi."+kpi, "agreement.kpi_gone", k.amendment(func(d *agreement.Document) { d.KPIs = d.KPIs[1:] }))
	k.refused("a target left out", "kpi."+kpi+".target.2018", "agreement.target_gone", k.amendment(func(d *agreement.Document) { d.KPIs[0].Targets = nil }))
	k.refused("a ceiling left out", "ceiling.2018", "agreement.ceiling_gone", k.amendment(func(d *agreement.Document) { d.Ceilings = nil }))
	d := k.amendment(func(d *agreement.Document) {
		d.Ceilings[0].Amount = least
		d.KPIs[0].Targets[0].Value = "6"
		d.Signatories = k.signatories()
	})
	v, err := k.propose(d)
	if err != nil {
		t.Fatal(err)
	}
	err = k.write(func(ctx context.Context, tx *db.Tx, s *agreement.Setting) error {
		return settlement.Amend(ctx, tx, k.officer, s, k.a.ID, v.N)
	})
	if !fault.Is(err, fault.KindConflict) || fault.Of(err).Key != "agreement.amend_unaccepted" {
		t.Errorf("in force before the partner accepted: %v", err)
	}
	err = k.write(func(ctx context.Context, tx *db.Tx, s *agreement.Setting) error {
		_, err := agreement.Accept(ctx, tx, k.partner, s, k.a.ID, v.Hash)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	before, was := k.ceiling()
	if before.Amount != 18_000_00 {
		t.Errorf("the old ceiling is not in force until the amendment is: %s", before.Amount)
	}
	amend := func() error {
		return k.write(func(ctx context.Context, tx *db.Tx, s *agreement.Setting) error {
			return settlement.Amend(ctx, tx, k.officer, s, k.a.ID, v.N)
		})
	}
	if err := amend(); !fault.Is(err, fault.KindConflict) || fault.Of(err).Key != "signing.amendment_unsigned" {
		t.Errorf("in force before it was signed: %v", err)
	}
	k.sign(v.Hash, d.Signatories)
	if err := settlement.EnterForce(t.Context(), k.db); err != nil { // by the program itself: its day has come
		t.Fatal(err)
	}
	if err := amend(); !fault.Is(err, fault.KindConflict) {
		t.Errorf("in force twice: %v", err)
	}
	after, is := k.ceiling()
	if after.Amount != least || is[ledger.Committed]-was[ledger.Committed] != least-18_000_00 || is[ledger.Envelope]-was[ledger.Envelope] != 18_000_00-least {
		t.Errorf("ceiling %s, committed %s, envelope %s", after.Amount, is[ledger.Committed], is[ledger.Envelope])
	}
	k.targets(t)
	k.defended(t)
	k.laws(t)
}

// targets keep their history: as signed, and as amended with the reason.
func (k *desk) targets(t *testing.T) {
	t.Helper()
	k.read(t, func(tx *db.Tx) error {
		all, err := kpi.Assignments(context.Background(), tx, k.programme.ID, k.a.ID)
		if err != nil {
			return err
		}
		for _, a := range all {
			history := a.History(2018)
			if len(history) != 2 {
				continue
			}
			signed, _ := a.SignedTarget(2018)
			now, _ := a.TargetOn(2018, "2018-12-31")
			if kpi.Decimal(signed.Value) == "8" && kpi.Decimal(now.Value) == "6" && now.SetOn == "2018-07-01" && now.Reason == "fewer members" {
				return nil
			}
		}
		t.Errorf("no target has its history: %+v", all)
		return nil
	})
}

// defended tries by SQL what the verbs refuse.
func (k *desk) defended(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	lower := db.SQL("cli.amend.lower", `update agreement_ceiling set amount = amount - 2 where programme_id = $1 and agreement_id = $2`)
	err := k.db.Write(ctx, k.programme.ID, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, lower, k.programme.ID, k.a.ID)
		return err
	})
	if !fault.Is(err, fault.KindConflict) || !slices.Contains([]text.Key{"db.ceiling_bound", "db.agreement_signed"}, fault.Of(err).Key) {
		t.Errorf("the database let the ceiling go below what is bound: %v", err)
	}
	k.settleAll(t)
	k.refused("a settled year", "effective_on", "agreement.effective_settled", k.again(func(d *agreement.Document) {}))
	later := k.again(func(d *agreement.Document) { d.Ceilings[0].Amount++ })
	if _, err := k.propose(later); len(fault.Of(err).Many) != 2 {
		t.Errorf("a settled ceiling: %v", err)
	}
	raise := db.SQL("cli.amend.raise", `update agreement_ceiling set amount = amount + 1 where programme_id = $1 and agreement_id = $2`)
	err = k.db.Write(ctx, k.programme.ID, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, raise, k.programme.ID, k.a.ID)
		return err
	})
	if !fault.Is(err, fault.KindConflict) || !slices.Contains([]text.Key{"db.ceiling_settled", "db.agreement_signed"}, fault.Of(err).Key) {
		t.Errorf("the database changed a settled year: %v", err)
	}
}

// again is an amendment of what is in force now.
func (k *desk) again(change func(d *agreement.Document)) agreement.Document {
	k.t.Helper()
	k.read(k.t, func(tx *db.Tx) (err error) {
		if k.a, err = agreement.Load(context.Background(), tx, access.All, k.programme.ID, k.a.ID); err != nil {
			return err
		}
		v, err := agreement.LoadVersion(context.Background(), tx, k.programme.ID, k.a.ID, k.a.Version)
		k.doc = v.Document
		return err
	})
	return k.amendment(change)
}

func (k *desk) laws(t *testing.T) {
	t.Helper()
	k.read(t, func(tx *db.Tx) error {
		found, err := check.Run(context.Background(), tx, "")
		for _, l := range found.Laws {
			for _, f := range l.Findings {
				t.Errorf("%s: %s", l.Name, f)
			}
		}
		return err
	})
}

// TestACappedYearIsNotRaised: cost above the ceiling was accepted and capped, and is the partner's.
func TestACappedYearIsNotRaised(t *testing.T) {
	k := newDesk(t, "alpha")
	k.refused("capped", "ceiling.2018", "agreement.ceiling_capped", k.amendment(func(d *agreement.Document) { d.Ceilings[0].Amount += 100 }))
}
