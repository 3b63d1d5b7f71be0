package books

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/report"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// liveKey names what settling an agreement-year now would give.
type liveKey struct {
	frame.Seen
	agreement id.Agreement
	year      period.Year
	today     period.Date
}

// statementPage is one agreement-year's settlement: the stored one, or what settling now would give.
type statementPage struct {
	frame.Page
	S        report.Statement
	Proof    report.Proof
	Versions []report.SettlementVersion
	Changes  []report.Change // between what was frozen and the facts of now
	Now      report.Statement
	Compared bool // with the facts of now, which is for those who read all
	Acts     []act

	At         settlement.AgreementYear
	Objections []report.Objection
	Recalls    []report.Recall
	Moved      bool   // the money is not what the version in force was computed from
	Verb       string // of a form that came back
	Typed      string
	Fault      *fault.Fault
}

// address is the page's own.
func (c statementPage) address() string {
	return "/settlements/" + c.At.Code + "/" + c.At.Year.String()
}

// act is a verb that the reader may use on the settlement now.
type act struct {
	Verb    string
	Confirm bool
	Primary bool
	Words   text.Key // asks for words; "" none
}

// wordsKey is what a verb asks to be told.
func wordsKey(verb string) text.Key {
	switch verb {
	case "object":
		return "statement.reason"
	case "recall":
		return "statement.recall_reason"
	case "uphold", "dismiss":
		return "statement.answer"
	}
	return ""
}

// agreementYear finds what an address names, within what the reader may see.
func agreementYear(ctx context.Context, tx *db.Tx, p *frame.Page, r *http.Request) (settlement.AgreementYear, error) {
	none := fault.Missing("settlement.no_agreement_year", nil)
	year, err := strconv.Atoi(r.PathValue("year"))
	if err != nil || year <= 0 {
		return settlement.AgreementYear{}, none
	}
	all, err := settlement.AgreementYears(ctx, tx, p.Programme.ID, r.PathValue("partner"), period.Year(year))
	if err != nil {
		return settlement.AgreementYear{}, err
	}
	if len(all) != 1 || !p.Actor.ScopeFor("settlement.read").Holds(all[0].Partner) {
		return settlement.AgreementYear{}, none
	}
	return all[0], nil
}

func (w pages) settlement(out http.ResponseWriter, r *http.Request) error {
	return w.showStatement(out, r, http.StatusOK, statementPage{})
}

// showStatement shows an agreement-year; the page may hold a form that came back.
func (w pages) showStatement(out http.ResponseWriter, r *http.Request, status int, c statementPage) error {
	p, at, now, err := w.stands(r)
	if err != nil {
		return err
	}
	c.Page, c.At = p, at
	c.Path = []frame.Crumb{{Label: c.T("menu.settlements"), Href: c.Link("/settlements")}, {Label: at.Code}, {Label: at.Year.String()}}
	c.Title = c.T("statement.tab", "partner", at.Code, "year", at.Year)
	if err := w.DB.Read(r.Context(), func(tx *db.Tx) error { return c.load(r.Context(), tx, now) }); err != nil {
		return err
	}
	c.Year, c.AsOf = 0, "" // the address names the year
	c.Page.At(c.address())
	if c.S.Settlement.Agreement == "" {
		return w.Render(out, r, unsettledTempl(c))
	}
	c.Title = c.T("statement.tab", "partner", c.S.Partner.Label(), "year", at.Year)
	c.Path[1].Label = c.S.Partner.Label()
	if verb := r.URL.Query().Get("done"); slices.Contains(settlementVerbs(), verb) {
		c.Notice = c.T(text.Key("statement.done."+verb), "partner", c.S.Partner.Label())
	}
	return w.RenderStatus(out, r, status, statementTempl(c))
}

// stands finds the agreement-year of an address and, for those who read all, what settling it now would give. A partner reads what was
// communicated to it, and no preview.
func (w pages) stands(r *http.Request) (p frame.Page, at settlement.AgreementYear, now *settlement.Result, err error) {
	ctx := r.Context()
	var version frame.Seen
	p, err = w.Read(r, "settlements", func(tx *db.Tx, p *frame.Page) (err error) {
		if version, err = frame.SeenBy(ctx, tx, p.Programme.ID); err != nil {
			return err
		}
		at, err = agreementYear(ctx, tx, p, r)
		return err
	})
	if err != nil || p.Actor.ScopeFor("settlement.read") != access.All {
		return p, at, nil, err
	}
	found, err := w.live.Get(ctx, liveKey{version, at.Agreement, at.Year, p.Today}, func() (settlement.Result, error) {
		found, err := settlement.Settle(ctx, w.DB, access.System("statement"), p.Programme.ID, []settlement.AgreementYear{at}, true)
		if err != nil {
			return settlement.Result{}, err
		}
		return found[0], nil
	})
	return p, at, &found, err
}

// load takes the version in force, or what settling now would give where there is none. Without now it is what the reader may read, which
// may be nothing yet.
func (c *statementPage) load(ctx context.Context, tx *db.Tx, now *settlement.Result) (err error) {
	g := c.Programme
	var stands settlement.Settlement
	switch {
	case now == nil:
		stands, err = settlement.Latest(ctx, tx, c.Actor, g.ID, c.At.Agreement, c.At.Year)
		if fault.Is(err, fault.KindMissing) {
			return nil
		}
	case now.Before != nil:
		stands = *now.Before
	default:
		stands = now.Settlement
	}
	if err != nil {
		return err
	}
	if c.S, err = report.LoadStatement(ctx, tx, g, stands); err != nil {
		return err
	}
	c.Compared = now != nil
	if now != nil && now.Before != nil {
		if c.Now, err = report.LoadStatement(ctx, tx, g, now.Settlement); err != nil {
			return err
		}
		c.Changes = report.Restatement(c.S, c.Now)
	}
	if c.Proof, err = report.LoadProof(ctx, tx, g.ID, stands); err != nil {
		return err
	}
	if stands.State == settlement.Final {
		c.S.PaidSince(c.Proof.Paid - stands.Working.Reckoning.Paid)
	}
	scope := c.Actor.ScopeFor("settlement.read")
	if c.Versions, err = report.LoadVersions(ctx, tx, scope, g.ID, stands.Agreement, stands.Year); err != nil {
		return err
	}
	if c.Objections, err = report.LoadObjections(ctx, tx, g.ID, stands.Agreement, stands.Year); err != nil {
		return err
	}
	if c.Recalls, err = report.LoadRecalls(ctx, tx, g.ID, stands.Agreement, stands.Year); err != nil {
		return err
	}
	if c.Moved, err = moneyMoved(ctx, tx, g.ID, stands); err != nil {
		return err
	}
	c.offer()
	return nil
}

// moneyMoved tells whether a communicated settlement can only be recalled, and not made final.
func moneyMoved(ctx context.Context, tx *db.Tx, g id.Programme, s settlement.Settlement) (bool, error) {
	if s.State != settlement.Communicated {
		return false, nil
	}
	p, err := funding.Load(ctx, tx, g, s.Agreement, s.Year)
	if err != nil {
		return false, err
	}
	return s.MoneyMoved(p)
}

// settlementVerbs are the verbs of the page, in the order in which they are offered.
func settlementVerbs() []string {
	return []string{"communicate", "finalise", "uphold", "recall", "compute", "dismiss", "object", "discard"}
}

// offer lists what the reader may do now; the first that takes the settlement a step further is the page's one primary button.
func (c *statementPage) offer() {
	for _, verb := range settlementVerbs() {
		subject := c.S.Settlement.Subject()
		switch {
		case c.At.Runs(c.Today):
			continue
		case verb == "compute" && !c.S.Stored():
			subject.State = ""
		case verb == "compute" && c.S.Settlement.State == settlement.Computed && len(c.Changes) > 0:
			subject.State = ""
		case verb == "compute":
			continue
		case !c.S.Stored(), verb == "recall" && !c.Moved, verb == "finalise" && c.Moved:
			continue
		}
		if c.Actor.Can(access.VerbName("settlement."+verb), subject) {
			c.Acts = append(c.Acts, act{Verb: verb, Confirm: verb != "compute" && verb != "communicate", Words: wordsKey(verb)})
		}
	}
	if len(c.Acts) > 0 && c.Acts[0].Verb != "object" && c.Acts[0].Verb != "discard" {
		c.Acts[0].Primary = true
	}
}

// primary tells whether a verb, and not printing, is the page's primary button.
func (c statementPage) primary() bool { return len(c.Acts) > 0 && c.Acts[0].Primary }

// actOnSettlement runs a verb of the page and goes back to it; a form at fault comes back with what was typed.
func (w pages) actOnSettlement(out http.ResponseWriter, r *http.Request) error {
	ctx, verb, words := r.Context(), r.PathValue("verb"), r.PostFormValue("words")
	var at settlement.AgreementYear
	p, err := w.Read(r, "settlements", func(tx *db.Tx, p *frame.Page) (err error) {
		at, err = agreementYear(ctx, tx, p, r)
		return err
	})
	if err != nil {
		return err
	}
	if verb == "compute" {
		_, err = settlement.Settle(ctx, w.DB, p.Actor, p.Programme.ID, []settlement.AgreementYear{at}, false)
	} else {
		err = w.DB.Write(ctx, p.Programme.ID, func(tx *db.Tx) error {
			_, err := settlement.Act(ctx, tx, p.Actor, p.Programme.ID, at.Agreement, at.Year, verb, words)
			return err
		})
	}
	if fault.Is(err, fault.KindInvalid) {
		return w.showStatement(out, r, serve.Status(fault.KindInvalid), statementPage{Verb: verb, Typed: words, Fault: fault.Of(err)})
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/settlements/"+at.Code+"/"+at.Year.String(), "done", verb), http.StatusSeeOther)
	return nil
}

// target is where a step's amount opens to its rows, "" where the reader has no such page.
func (c statementPage) target(s report.Step) string {
	partner, year := c.S.Partner.Code, c.S.Settlement.Year.String()
	switch s.Key {
	case "accepted", "corrections":
		if c.Can("claim.read") {
			return c.Link("/costs", "partner", partner, "year", year)
		}
	case "claim":
		for _, line := range c.S.Working.Claims {
			if line.Claim == s.Claim && c.Can("claim.read") {
				return c.Link("/costs", "partner", partner, "year", year, "claim", strconv.Itoa(line.Number))
			}
		}
	case "paid", "advance", "claim_paid", "balance_paid", "repaid", "since":
		if c.Can("ledger.read") {
			return c.ledgerOf(ledger.Bank)
		}
		if c.Can("claim.read") && s.Key == "paid" {
			return c.Link("/costs", "partner", partner, "year", year) + "#payments"
		}
	case "final", "balance":
		if c.Can("ledger.read") && c.S.Stored() {
			return c.ledgerOf(map[string]ledger.Account{"final": ledger.Contribution, "balance": ""}[s.Key])
		}
	}
	return ""
}

func (c statementPage) ledgerOf(a ledger.Account) string {
	return c.Link("/ledger", "partner", c.S.Partner.Code, "year", c.S.Settlement.Year.String(), "account", string(a))
}

func (c statementPage) evidenceOf(r report.ScoreRow) string {
	return c.Link("/evidence", "kpi", r.Definition.Code, "partner", c.S.Partner.Code, "year", c.S.Settlement.Year.String(), "state", "verified")
}

// floors are the floors of the score, as one note.
func (c statementPage) floors() string {
	if len(c.S.Floors) != 1 {
		return ""
	}
	return c.T("statement.floor", "floor", c.S.Floors[0])
}

func (c statementPage) lede() string {
	all := ""
	for i, s := range c.S.Lede() {
		if i > 0 {
			all += " "
		}
		all += s.In(c.Language)
	}
	return all
}

// typed is what came back in a verb's form.
func (c statementPage) typed(verb string) string {
	if c.Verb == verb {
		return c.Typed
	}
	return ""
}

func outcomeKey(outcome string) text.Key { return text.Key("statement.outcome." + outcome) }

// signed is whose words stand below: a side, a person where one is known, and the day.
func (c statementPage) signed(key text.Key, side, person string, on period.Date) string {
	if person != "" {
		side += ", " + person
	}
	return c.T(key, "who", side, "on", on)
}

// propose is the form that proposes a decision about the year, "" for those who may not.
func (c statementPage) propose(kind, item string, amount money.Amount) string {
	if !c.Can("decision.propose") {
		return ""
	}
	given := ""
	if amount != 0 {
		given = amount.String()
	}
	return c.Link("/decisions", "kind", kind, "partner", c.S.Partner.Code, "year", c.S.Year.String(), "item", item, "amount", given) + "#propose"
}

// waive is where a waiver of a KPI is proposed: before the settlement is communicated.
func (c statementPage) waive(r report.ScoreRow) string {
	if c.S.Stored() && c.S.Settlement.State != settlement.Computed || !r.Status.Weighs() {
		return ""
	}
	return c.propose("waiver", r.Definition.Code, 0)
}

// carry is where the carry-over of a final year is proposed.
func (c statementPage) carry() string {
	if c.S.Settlement.State != settlement.Final || c.S.Year >= c.Programme.Ends.Year() {
		return ""
	}
	return c.propose("carry-over", "", c.S.Working.Reckoning.CarryLimit)
}

// writeOff is where it is proposed that the partner keeps what it owes back after a final settlement.
func (c statementPage) writeOff() string {
	owed := c.S.Since - c.S.Working.Reckoning.Balance
	if c.S.Settlement.State != settlement.Final || owed <= 0 {
		return ""
	}
	return c.propose("write-off", "", owed)
}

func doKey(verb string) text.Key { return text.Key("statement.do." + verb) }

func meansKey(verb string) text.Key { return text.Key("statement.means." + verb) }

// changesKey says what becomes of facts that changed after a settlement froze them.
func changesKey(c statementPage) text.Key {
	switch s := c.S.State; {
	case c.Moved:
		return "statement.changes_moved"
	case s == settlement.Computed:
		return "statement.changes_computed"
	case s == settlement.Final:
		return "statement.changes_final"
	default:
		return "statement.changes_sent"
	}
}

func oldValue(c statementPage, x report.Change) string {
	if x.Old == nil {
		return ""
	}
	return x.Old.ValueText(c.Language)
}

func flowTitle(c statementPage) string {
	r := c.S.Working.Reckoning
	return c.T("statement.flow_title", "accepted", c.Money(r.Accepted), "final", c.Money(r.Final), "own", c.Money(r.Own),
		"lost", c.Money(r.NotEarned), "paid", c.Money(r.Paid), "balance", c.Money(r.Balance))
}

// area is a rectangle between two places, in tenths, and two heights.
func area(from, to, top, bottom int64) string {
	return "M" + frame.Tenth(from) + " " + strconv.FormatInt(top, 10) + "H" + frame.Tenth(to) + "V" + strconv.FormatInt(bottom, 10) + "H" + frame.Tenth(from) + "z"
}
