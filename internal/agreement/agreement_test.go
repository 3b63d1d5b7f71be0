package agreement

import (
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

func TestStore(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		g := id.New[id.Programme]()
		var who []programme.Organisation
		for i, code := range []string{"agency", "alpha", "beta"} {
			who = append(who, programme.Organisation{ID: id.New[id.Organisation](), Code: code, Name: code, Kind: programme.KindPartner, Position: 9 - i})
		}
		goal := programme.Goal{ID: id.New[id.Goal](), Code: "abroad"}
		var all []Agreement
		for _, o := range who[1:] {
			all = append(all, Agreement{ID: id.New[id.Agreement](), Partner: o, State: Active, Version: 1, Starts: "2018-01-01", Ends: "2019-12-31",
				Signed: "2017-12-01", Ceilings: []Ceiling{{Year: 2018, Amount: 100_00}, {Year: 2019, Amount: 200_00}}})
		}
		aim := Objective{ID: id.New[id.Objective](), Agreement: all[0].ID, Goal: goal.ID, Code: "o", Words: programme.Words{NL: "doel"}}
		must(t, d.WriteAgency(ctx, func(tx *db.Tx) error {
			if err := programme.AddOrganisations(ctx, tx, who); err != nil {
				return err
			}
			return programme.Begin(ctx, tx, programme.Programme{ID: g, Code: "g", Starts: "2018-01-01", Ends: "2019-12-31", Currency: "EUR", Agency: who[0].ID})
		}))
		must(t, d.Write(ctx, g, func(tx *db.Tx) error {
			if err := programme.AddGoals(ctx, tx, g, []programme.Goal{goal}); err != nil {
				return err
			}
			if err := Add(ctx, tx, g, all); err != nil {
				return err
			}
			return AddObjectives(ctx, tx, g, []Objective{aim})
		}))
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			listed, err := List(ctx, tx, "*", g)
			if err != nil || len(listed) != 2 || listed[0].Partner.Code != "beta" || listed[0].Total() != 300_00 {
				t.Errorf("%+v %v", listed, err)
			}
			own := access.Scope(who[1].ID)
			if listed, err := List(ctx, tx, own, g); err != nil || len(listed) != 1 || listed[0].ID != all[0].ID {
				t.Errorf("one's own: %+v %v", listed, err)
			}
			if listed, err := List(ctx, tx, "", g); err != nil || len(listed) != 0 {
				t.Errorf("nobody: %+v %v", listed, err)
			}
			if _, err := Load(ctx, tx, own, g, all[1].ID); !fault.Is(err, fault.KindMissing) {
				t.Errorf("another partner's: %v", err)
			}
			a, err := ByPartner(ctx, tx, own, g, "alpha")
			if c, ok := a.Ceiling(2019); err != nil || !ok || c.Total() != 200_00 || a.Subject().Partner != who[1].ID {
				t.Errorf("%+v %v", a, err)
			}
			if _, ok := a.Ceiling(2020); ok {
				t.Error("a ceiling of no year")
			}
			aims, err := Objectives(ctx, tx, g, a.ID)
			if err != nil || len(aims) != 1 || aims[0] != aim {
				t.Errorf("%+v %v", aims, err)
			}
			partners, err := programme.Partners(ctx, tx, g)
			if err != nil || len(partners) != 2 || partners[0].Code != "beta" {
				t.Errorf("%+v %v", partners, err)
			}
			return nil
		}))
	})
}

// world is a programme with a partner and an agreement in negotiation.
type world struct {
	setting   Setting
	agreement Agreement
	officer   access.Actor
	partner   access.Actor
}

func newWorld(t *testing.T, d *db.DB) world {
	t.Helper()
	ctx := t.Context()
	must(t, job.Migrate(ctx, d))
	s := Setting{Programme: programme.Programme{ID: id.New[id.Programme](), Code: "round", Name: programme.Words{NL: "Ronde", EN: "Round", FR: "Cycle"},
		Starts: "2027-01-01", Ends: "2029-12-31", Currency: "EUR"}}
	s.Agency = programme.Organisation{ID: id.New[id.Organisation](), Code: "agency", Name: "Agency", Kind: programme.KindAgency}
	partner := programme.Organisation{ID: id.New[id.Organisation](), Code: "vil", Name: "VIL", Kind: programme.KindPartner}
	s.Programme.Agency = s.Agency.ID
	s.Goals = []programme.Goal{{ID: id.New[id.Goal](), Code: "abroad", Name: programme.Words{EN: "Abroad"}}}
	s.Rule = programme.Rule{From: "2027-01-01", RateBp: 5000, AdvanceBp: 3000, YearOf: programme.Delivered, AnswerDays: 10}
	s.Envelopes = map[period.Year]money.Amount{2027: 100_000_00, 2028: 100_000_00, 2029: 100_000_00}
	s.Clauses = StandardClauses()
	kpi := id.New[id.KPI]()
	s.Indicators = []Indicator{{ID: kpi, Code: "reached", Version: 1, Unit: "companies", Direction: "up", Name: programme.Words{EN: "Reached"}}}
	w := world{setting: s, agreement: Agreement{ID: id.New[id.Agreement](), Partner: partner, State: Negotiating, Version: 1,
		Starts: s.Programme.Starts, Ends: s.Programme.Ends}}
	must(t, d.WriteAgency(ctx, func(tx *db.Tx) error {
		if err := programme.AddOrganisations(ctx, tx, []programme.Organisation{s.Agency, partner}); err != nil {
			return err
		}
		for email, n := range map[string]access.NewPerson{"officer@agency.example": {Role: access.Officer, Organisation: "agency"},
			"coordinator@vil.example": {Role: access.Coordinator, Organisation: "vil"}} {
			n.Email, n.Name, n.Language = email, email, text.EN
			if _, err := access.Add(ctx, tx, access.System("test"), n); err != nil {
				return err
			}
		}
		return programme.Begin(ctx, tx, s.Programme)
	}))
	must(t, d.Write(ctx, s.Programme.ID, func(tx *db.Tx) error {
		for _, add := range []error{programme.AddRules(ctx, tx, s.Programme.ID, programme.Rules{s.Rule}), programme.AddGoals(ctx, tx, s.Programme.ID, s.Goals),
			programme.AddEnvelopes(ctx, tx, s.Programme.ID, s.Envelopes), Add(ctx, tx, s.Programme.ID, []Agreement{w.agreement})} {
			if add != nil {
				return add
			}
		}
		return tx.Insert(ctx, "kpi", strings.Fields(`programme_id id code position version name_nl name_en name_fr short_nl short_en short_fr unit kinds
			activity_types joint_only aggregate measure threshold joint direction decimals min_sample verified_only cockpit`),
			[][]any{{s.Programme.ID, kpi, "reached", 0, 1, "", "Reached", "", "", "", "", "companies", "contact", "", 0, "distinct", "", "", "full", "up", 0, 0, 1, 1}})
	}))
	must(t, d.Read(ctx, func(tx *db.Tx) (err error) {
		if w.officer, err = access.LoadActorByEmail(ctx, tx, "officer@agency.example"); err != nil {
			return err
		}
		w.partner, err = access.LoadActorByEmail(ctx, tx, "coordinator@vil.example")
		return err
	}))
	return w
}

// document is a first proposal in the world.
func (w world) document() Document {
	d := w.setting.Begin(w.agreement.Partner, text.EN)
	d.Objectives = []Aim{w.setting.Aim("reach", "abroad", programme.Words{EN: "Reach more companies"}, text.EN)}
	k := w.setting.Promise("reached", "reach", text.EN)
	k.Baseline, k.Weight, k.Targets = "90", 100, []YearNumber{{2027, "100"}, {2028, "120"}, {2029, "140"}}
	d.KPIs = []Promise{k}
	for i := range d.Ceilings {
		d.Ceilings[i].Amount = 90_000_00
	}
	return d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
