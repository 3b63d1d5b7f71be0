package access

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// section3 is domain section 3 once more, written from its words and not from the table: object, from, to. "-" is before the object exists.
// Where the section names what this program does not keep as a state, the comment says so.
func section3() map[string][]string {
	return map[string][]string{
		"candidate": {"- named", "- applied", "named applied", "applied applied", "named assessed", "applied assessed", "assessed invited",
			"assessed declined", "invited drafted"},
		"agreement": {"- draft", "draft negotiating", "negotiating agreed", "agreed negotiating", "agreed signed", "signed active", "active closed",
			"negotiating abandoned", "signed terminated", "active terminated", "terminated closed"},
		"version": {"- proposed", "proposed countered", "proposed superseded", "proposed withdrawn", "proposed accepted"},
		"comment": {"- open", "open settled", "settled open"},
		// what is returned is held again, to be reported anew
		"activity": {"planned cancelled", "- planned", "planned published", "published held", "published cancelled", "published postponed", "postponed planned",
			"held reported", "reported held", "reported verified"},
		"registration": {"- requested", "requested confirmed", "requested waitlisted", "waitlisted confirmed", "confirmed attended",
			"confirmed no-show", "confirmed cancelled", "attended no-show", "no-show attended", "- attended"},
		"evidence": {"- reported", "reported verified", "reported rejected", "verified rejected", "rejected reported"},
		"claim": {"- draft", "draft submitted", "submitted withdrawn", "submitted in-verification", "in-verification queried",
			"queried in-verification", "in-verification verified", "verified in-verification", "verified approved", "approved ordered", "ordered paid",
			"in-verification rejected", "approved closed", "ordered approved",
			"paid approved",                                       // the bank sent the money back
			"approved in-verification", "closed in-verification"}, // reopened: section 4.6
		"item": {"- declared", "declared accepted", "declared deducted", "declared parked", "parked returned", "parked lapsed",
			"accepted declared", "deducted declared", "parked declared"}, // taken back while the claim is in verification
		// one of a batch moves with it; what is returned by the bank is reversed, what a partner pays back is executed as it comes
		"payment": {"- ordered", "ordered approved", "approved executed", "ordered discarded", "approved discarded", "approved rejected",
			"executed returned", "- executed"},
		"batch": {"- prepared", "prepared approved", "approved exported", "exported executed", "exported partly-rejected", "exported rejected",
			"prepared discarded", "approved discarded"},
		// a change of bank account: domain section 2
		"account": {"- proposed", "proposed confirmed", "proposed refused"},
		"line":    {"- open", "open assigned", "open dismissed"},
		// what a rule found; it comes back by itself when it is worse
		"alert": {"- open", "open taken-up", "open silenced", "taken-up silenced", "open resolved", "taken-up resolved", "silenced open",
			"resolved open"},
		"plan": {"- draft", "draft submitted", "withdrawn submitted", "returned submitted", "submitted withdrawn", "submitted returned",
			"submitted approved", "approved amended", "amended approved"},
		"overlap": {"- open", "open joined", "open moved", "open justified", "open dismissed", "joined open", "moved open", "justified open",
			"dismissed open"},
		"feed":     {"- active", "active removed"}, // what a partner publishes: section 6
		"decision": {"- proposed", "proposed taken", "proposed refused"},
		// the library and questions to all partners: section 6
		"knowledge": {"- draft", "draft discarded", "draft published", "withdrawn published", "published withdrawn"},
		"question":  {"- open", "open closed", "closed open"},
		// recomputed is restated, and a new version at computed
		"settlement": {"- computed", "computed discarded", "computed communicated", "communicated objection", "objection restated",
			"objection communicated", "communicated restated", "communicated final", "computed restated"},
	}
}

func moves(object string) []string {
	var all []string
	for _, v := range Verbs() {
		if v.Object != object || !v.Moves() {
			continue
		}
		for _, from := range v.From {
			if from == "" {
				from = "-"
			}
			all = append(all, from+" "+v.To)
		}
	}
	return all
}

func TestTableAgreesWithTheDomain(t *testing.T) {
	want := section3()
	for object, transitions := range want {
		got := moves(object)
		for _, m := range transitions {
			if !slices.Contains(got, m) {
				t.Errorf("%s: no verb for %s", object, m)
			}
		}
		for i, m := range got {
			if !slices.Contains(transitions, m) {
				t.Errorf("%s: %s is not in the domain", object, m)
			}
			if slices.Contains(got[:i], m) {
				t.Errorf("%s: two verbs for %s", object, m)
			}
		}
	}
	for _, v := range Verbs() {
		if v.Moves() && want[v.Object] == nil {
			t.Errorf("%s moves an object that the domain gives no states here", v.Name)
		}
	}
}

// checked reads the values that a check constraint allows in the migrations of both engines.
func checked(t *testing.T, constraint string) []string {
	t.Helper()
	sqlite, postgres := checkedBy(t, "sqlite", constraint), checkedBy(t, "postgres", constraint)
	if !slices.Equal(sqlite, postgres) {
		t.Errorf("%s: %v on SQLite, %v on PostgreSQL", constraint, sqlite, postgres)
	}
	return sqlite
}

func checkedBy(t *testing.T, engine, constraint string) []string {
	t.Helper()
	files, err := filepath.Glob("../db/migrations/" + engine + "/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	var b []byte
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		b = append(b, text...)
	}
	m := regexp.MustCompile(`(?s)constraint `+constraint+` check \(\w+ in \((.*?)\)\)`).FindAllStringSubmatch(string(b), -1)
	if len(m) == 0 {
		t.Fatalf("%s: no constraint %s", engine, constraint)
	}
	var values []string
	for _, v := range strings.Split(m[len(m)-1][1], ",") { // a later migration has the last word
		values = append(values, strings.Trim(strings.TrimSpace(v), "'"))
	}
	slices.Sort(values)
	return values
}

func TestStatesAgreeWithTheDatabase(t *testing.T) {
	for object, constraint := range map[string]string{"candidate": "candidate_state", "agreement": "agreement_state", "version": "version_state", "comment": "comment_state", "activity": "activity_state",
		"registration": "participation_state", "evidence": "evidence_state", "claim": "claim_state", "item": "item_state",
		"payment": "payment_state", "settlement": "settlement_state",
		"batch": "batch_state", "alert": "alert_state", "overlap": "overlap_state", "plan": "plan_state", "feed": "feed_state", "account": "bank_account_state"} {
		got := States(object)
		slices.Sort(got)
		if want := checked(t, constraint); !slices.Equal(got, want) {
			t.Errorf("%s: table has %v, database has %v", object, got, want)
		}
	}
	if States("ledger") != nil {
		t.Error("the ledger has states")
	}
}

func TestRolesAgreeWithTheDatabase(t *testing.T) {
	var got []string
	for _, r := range Roles() {
		got = append(got, string(r))
		if r != CompanyContact && len(r.seats()) == 0 {
			t.Errorf("%s can be held nowhere", r)
		}
	}
	slices.Sort(got)
	if want := checked(t, "membership_role"); !slices.Equal(got, want) {
		t.Errorf("roles %v, database %v", got, want)
	}
}

func TestVerbsAreWellFormed(t *testing.T) {
	name := regexp.MustCompile(`^[a-z]+\.[a-z]+$`)
	seen := map[VerbName]bool{}
	for _, v := range Verbs() {
		if !name.MatchString(string(v.Name)) || seen[v.Name] {
			t.Errorf("%s: not object.verb, or twice", v.Name)
		}
		seen[v.Name] = true
		if len(v.Roles) == 0 {
			t.Errorf("%s: nobody may", v.Name)
		}
		if v.Reads && (v.Moves() || len(v.From) > 0 || v.FourEyes) {
			t.Errorf("%s reads and does more", v.Name)
		}
		if v.Moves() && len(v.From) == 0 {
			t.Errorf("%s: to without from", v.Name)
		}
		for _, l := range text.Languages() {
			if !l.Has(v.Key()) {
				t.Errorf("%s: no %s word for it", v.Name, l)
			}
		}
		partner := slices.ContainsFunc(v.Roles, func(r Role) bool { return slices.Contains(r.seats(), "partner") })
		if partner && !v.Own && !slices.Contains(forAll, v.Name) {
			t.Errorf("%s lets partners reach what is not theirs", v.Name)
		}
		if got, ok := Find(v.Name); !ok || got.Name != v.Name || got.To != v.To {
			t.Errorf("%s is not found", v.Name)
		}
	}
	if _, ok := Find("claim.forget"); ok {
		t.Error("found a verb that does not exist")
	}
}

func TestEveryStateIsReachedAndSaid(t *testing.T) {
	for object := range section3() {
		reached := map[string]bool{"": true}
		for range 20 {
			for _, v := range Verbs() {
				if v.Object == object && v.Moves() && slices.ContainsFunc(v.From, func(s string) bool { return reached[s] }) {
					reached[v.To] = true
				}
			}
		}
		for _, s := range States(object) {
			if !reached[s] {
				t.Errorf("%s: no way to %s", object, s)
			}
			for _, l := range text.Languages() {
				if !l.Has(StateKey(s)) {
					t.Errorf("%s: no %s word for %s", object, l, s)
				}
			}
		}
	}
}

func TestTransition(t *testing.T) {
	for _, c := range []struct {
		object, from string
		verb         VerbName
		to           string
		kind         fault.Kind
	}{
		{"claim", "verified", "claim.approve", "approved", 0},
		{"claim", "approved", "claim.approve", "", fault.KindConflict},
		{"claim", "", "claim.draft", "draft", 0},
		{"claim", "", "claim.submit", "", fault.KindConflict},
		{"registration", "", "registration.attend", "attended", 0},
		{"settlement", "final", "settlement.restate", "", fault.KindConflict},
		{"payment", "approved", "claim.pay", "", fault.KindInternal},
		{"claim", "draft", "claim.read", "", fault.KindInternal},
		{"claim", "draft", "claim.forget", "", fault.KindInternal},
	} {
		to, err := Transition(c.object, c.from, c.verb)
		if to != c.to || (c.to == "" && !fault.Is(err, c.kind)) || (c.to != "" && err != nil) {
			t.Errorf("%s %q %s: %q, %v", c.object, c.from, c.verb, to, err)
		}
	}
}

// Nothing leads out of a final settlement or a rejected payment, and out of a paid claim only the bank, which sends the money back: what
// happened is corrected, not changed. A claim that is
// closed with nothing to pay may be reopened, and an item's decision be taken back while its claim is in verification.
func TestEndsAreEnds(t *testing.T) {
	for object, ends := range map[string][]string{"settlement": {"final", "discarded", "restated"}, "claim": {"paid", "withdrawn", "rejected"},
		"payment": {"rejected", "returned", "discarded"}, "batch": {"executed", "rejected", "partly-rejected", "discarded"}, "agreement": {"closed", "abandoned"}, "item": {"returned", "lapsed"}} {
		for _, v := range Verbs() {
			for _, end := range ends {
				if v.Object == object && v.Moves() && slices.Contains(v.From, end) && !(v.Name == "claim.refuse" && end == "paid") {
					t.Errorf("%s leads out of %s", v.Name, end)
				}
			}
		}
	}
}
