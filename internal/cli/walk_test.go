package cli

import (
	"context"
	"database/sql"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/web"
	"errera.eu/errera/internal/web/frame"
)

// TestEveryRouteAsEveryRole asks for every address as every role. Visitors are sent to the door, people without the verb are refused,
// everybody else gets a page, and nobody an internal error.
func TestEveryRouteAsEveryRole(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.settleAll(t)
	people := h.everyRole(t)
	routes := web.New(web.Options{Options: frame.Options{DB: h.db}}).Routes()
	clients := map[string]*http.Client{}
	for _, email := range people { // before anything else asks at the door, which shuts after ten failures
		clients[email] = h.as(t, email)
	}
	for _, email := range people {
		client := clients[email]
		actor := h.actor(t, email)
		for _, route := range routes {
			if route.Pattern == "/sign-out" {
				continue
			}
			paths := h.addresses(t, route.Pattern)
			if route.Verb != "" && !actor.Holds(route.Verb) { // a refusal is the same wherever
				paths = paths[:1]
			}
			for _, path := range paths {
				status, body := h.ask(t, client, route.Method, path)
				name := email + " " + route.Method + " " + path
				switch {
				case status >= 500 && (status != http.StatusServiceUnavailable || route.Pattern != "/sign-in"): // the door shuts after ten failures
					t.Errorf("%s: %d", name, status)
				case route.Verb == "":
				case email == "" && route.Method == http.MethodGet && status != http.StatusSeeOther:
					t.Errorf("%s: a visitor got %d", name, status)
				case email != "" && !actor.Holds(route.Verb) && status != http.StatusForbidden:
					t.Errorf("%s: %d without the verb %s", name, status, route.Verb)
				case strings.Contains(body, "{") && strings.Contains(body, "}") && strings.Contains(body, "!MISSING"):
					t.Errorf("%s: a message without its arguments", name)
				}
			}
		}
	}
}

// TestAForeignPartnerSeesNothing asks, as a person of one partner, for every address of another one, and looks for the other's amounts,
// items and companies in whatever comes back.
func TestAForeignPartnerSeesNothing(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.settleAll(t)
	for _, email := range []string{"finance@alpha.example", "coordinator@alpha.example"} {
		client := h.as(t, email)
		forbidden := h.secretsOf(t, "beta")
		for _, route := range web.New(web.Options{Options: frame.Options{DB: h.db}}).Routes() {
			if route.Pattern == "/sign-out" || route.Pattern == "/demo/sign-in" {
				continue
			}
			queries := []string{"", "?partner=beta", "?partner=beta&year=2018", "?partner=beta&year=2018&claim=1&format=csv"}
			if route.Method != http.MethodGet { // a form is refused or sent on; what it asks for is in its address
				queries = queries[:1]
			}
			for _, path := range h.addresses(t, route.Pattern) {
				for _, query := range queries {
					status, body := h.ask(t, client, route.Method, path+query)
					for _, secret := range forbidden {
						if strings.Contains(body, secret) {
							t.Errorf("%s %s %s (%d) shows %q of another partner", email, route.Method, path+query, status, secret)
						}
					}
				}
			}
		}
	}
}

// TestAPartnerReadsASettlementOnceCommunicated asks, as people of a partner, for every address while its settlements are computed and not
// communicated, and looks for their amounts; communicated, they are there.
func TestAPartnerReadsASettlementOnceCommunicated(t *testing.T) {
	h := openHouse(t)
	supposed := func() (bodies []string) {
		for _, email := range []string{"finance@alpha.example", "coordinator@alpha.example"} {
			_, body := h.ask(t, h.as(t, email), http.MethodGet, "/suppose?year=2018")
			bodies = append(bodies, body)
		}
		return bodies
	}
	before := supposed()
	years := h.computeAll(t)
	if !slices.Equal(before, supposed()) {
		t.Error("what would be paid if tells of a draft settlement")
	}
	seen := func() (found []string) {
		for _, email := range []string{"finance@alpha.example", "coordinator@alpha.example"} {
			client := h.as(t, email)
			secrets := h.amountsOf(t, lostAmounts, "alpha")
			if len(secrets) < 2 {
				t.Fatalf("nothing to hide: %v", secrets)
			}
			for _, route := range web.New(web.Options{Options: frame.Options{DB: h.db}}).Routes() {
				if route.Method != http.MethodGet || strings.HasSuffix(route.Pattern, "/suppose") {
					continue // what would be paid if: reckoned from what a partner reads anyway; the same before anybody settles, as told above
				}
				for _, path := range h.addresses(t, route.Pattern) {
					for _, query := range []string{"", "?year=2018", "?year=2018&format=csv"} {
						_, body := h.ask(t, client, route.Method, path+query)
						for _, secret := range secrets {
							if strings.Contains(body, secret) {
								found = append(found, email+" "+path+query+" shows "+secret)
							}
						}
					}
				}
			}
		}
		return found
	}
	if found := seen(); len(found) > 0 {
		t.Errorf("before it was communicated: %v", found)
	}
	h.communicate(t, years)
	if found := seen(); len(found) < 2 {
		t.Errorf("a communicated settlement shows nowhere: %v", found)
	}
}

// settleAll computes and communicates every agreement-year, so that there is something to hide.
func (h *house) settleAll(t testing.TB) {
	t.Helper()
	h.communicate(t, h.computeAll(t))
}

func (h *house) computeAll(t testing.TB) []settlement.AgreementYear {
	t.Helper()
	ctx := context.Background()
	controller := h.actor(t, "controller@bureau.example")
	var years []settlement.AgreementYear
	h.read(t, func(tx *db.Tx) (err error) {
		years, err = settlement.AgreementYears(ctx, tx, h.programme.ID, "", 0)
		return err
	})
	if _, err := settlement.Settle(ctx, h.db, controller, h.programme.ID, years, false); err != nil {
		t.Fatal(err)
	}
	return years
}

func (h *house) communicate(t testing.TB, years []settlement.AgreementYear) {
	t.Helper()
	ctx := context.Background()
	controller := h.actor(t, "controller@bureau.example")
	for _, y := range years {
		err := h.db.Write(ctx, h.programme.ID, func(tx *db.Tx) error {
			_, err := settlement.Communicate(ctx, tx, controller, h.programme.ID, y.Agreement, y.Year)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (h *house) read(t testing.TB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := h.db.Read(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

func (h *house) actor(t testing.TB, email string) (a access.Actor) {
	t.Helper()
	if email == "" {
		return access.Visitor()
	}
	h.read(t, func(tx *db.Tx) (err error) {
		a, err = access.LoadActorByEmail(context.Background(), tx, email)
		return err
	})
	return a
}

// everyRole makes one person for each role that the small programme lacks and returns an e-mail for each, with a visitor first.
func (h *house) everyRole(t testing.TB) []string {
	t.Helper()
	ctx := context.Background()
	people := []string{"", "finance@beta.example"}
	for _, role := range access.Roles() {
		email := string(role) + "@walk.example"
		err := h.db.WriteAgency(ctx, func(tx *db.Tx) error {
			n := access.NewPerson{Email: email, Name: string(role), Language: "en", Role: role, Organisation: "bureau"}
			switch role {
			case access.Coordinator, access.Finance, access.Member:
				n.Organisation = "alpha"
			case access.CompanyContact:
				n.Organisation = ""
				if err := tx.Row(ctx, anyCompany).Scan(&n.Company); err != nil {
					return err
				}
			}
			_, err := access.Add(ctx, tx, access.System("operator"), n)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		people = append(people, email)
	}
	return people
}

var (
	anyCompany  = db.SQL("cli.walk.company", `select id from company order by sort_key, id limit 1`)
	anyEvidence = db.SQL("cli.walk.evidence", `select e.id from evidence e join evidence_credit c on c.programme_id = e.programme_id
		and c.evidence_id = e.id join organisation o on o.id = c.organisation_id where o.code = $1 order by e.id limit 1`)
	anyActivity  = db.SQL("cli.walk.activity", `select code from activity order by code limit 1`)
	anyKPI       = db.SQL("cli.walk.kpi", `select code from kpi order by position limit 1`)
	betasSecrets = db.SQL("cli.walk.secrets", `select i.description from cost_item i join agreement a on a.programme_id = i.programme_id
		and a.id = i.agreement_id join organisation o on o.id = a.organisation_id where o.code = $1
		union select i.invoice from cost_item i join agreement a on a.programme_id = i.programme_id and a.id = i.agreement_id
		join organisation o on o.id = a.organisation_id where o.code = $1`)
	betasAmounts = db.SQL("cli.walk.amounts", `select s.accepted, s.final, s.own, s.half from settlement s join agreement a
		on a.programme_id = s.programme_id and a.id = s.agreement_id join organisation o on o.id = a.organisation_id where o.code = $1`)
	// what a settlement alone tells: the contribution and balance of a year in which a KPI lost something
	lostAmounts = db.SQL("cli.walk.lost", `select s.final, s.own, s.balance, s.performance from settlement s join agreement a
		on a.programme_id = s.programme_id and a.id = s.agreement_id join organisation o on o.id = a.organisation_id
		where o.code = $1 and s.score_bp between 1 and 9999`)
)

// addresses fills a pattern with things that exist, of every partner.
func (h *house) addresses(t testing.TB, pattern string) []string {
	t.Helper()
	ctx := context.Background()
	pattern = strings.TrimSuffix(pattern, "{$}")
	var activity, kpi, own, foreign string
	h.read(t, func(tx *db.Tx) error {
		if err := tx.Row(ctx, anyActivity).Scan(&activity); err != nil {
			return err
		}
		if err := tx.Row(ctx, anyEvidence, "alpha").Scan(&own); err != nil {
			return err
		}
		if err := tx.Row(ctx, anyEvidence, "beta").Scan(&foreign); err != nil {
			return err
		}
		return tx.Row(ctx, anyKPI).Scan(&kpi)
	})
	var out []string
	for _, partner := range []string{"alpha", "beta", "nobody"} {
		evidence := map[string]string{"alpha": own, "beta": foreign, "nobody": "not-an-id"}[partner]
		for _, verb := range []string{"communicate", "verify", "no-such-verb"} {
			path := strings.NewReplacer("{partner}", partner, "{year}", "2018", "{number}", "1", "{verb}", verb, "{code}", activity, "{kpi}", kpi,
				"{id}", evidence, "{clause}", "subject", "{one}", activity, "{other}", "nothing").Replace(pattern)
			if len(out) == 0 || out[len(out)-1] != path {
				out = append(out, path)
			}
		}
	}
	return out
}

func (h *house) ask(t testing.TB, client *http.Client, method, path string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(method, h.server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.AddCookie(&http.Cookie{Name: "lang", Value: "en"}) // amounts are looked for as English writes them
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// secretsOf lists words and amounts that only a partner itself and the agency may read.
func (h *house) secretsOf(t testing.TB, partner string) []string {
	t.Helper()
	ctx := context.Background()
	var out []string
	h.read(t, func(tx *db.Tx) error {
		err := tx.Each(ctx, betasSecrets, []any{partner}, func(r *sql.Rows) error {
			var s string
			err := r.Scan(&s)
			if len(s) > 6 && !slices.ContainsFunc(access.Roles(), func(r access.Role) bool { return strings.EqualFold(s, string(r)) }) {
				out = append(out, s)
			}
			return err
		})
		return err
	})
	out = append(out, h.amountsOf(t, betasAmounts, partner)...)
	if len(out) < 6 {
		t.Fatalf("nothing to hide: %v", out)
	}
	return out
}

// amountsOf lists four amounts of each of a partner's settlements as an English page shows them.
func (h *house) amountsOf(t testing.TB, q db.Query, partner string) (out []string) {
	t.Helper()
	ctx := context.Background()
	h.read(t, func(tx *db.Tx) error {
		return tx.Each(ctx, q, []any{partner}, func(r *sql.Rows) error {
			var amounts [4]moneyText
			err := r.Scan(&amounts[0], &amounts[1], &amounts[2], &amounts[3])
			for _, a := range amounts {
				out = append(out, a.english())
			}
			return err
		})
	})
	return out
}
