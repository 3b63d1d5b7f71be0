// Package evidence is the evidence ledger: what happened and counts, who may take credit for it, and whether it is verified. What happened
// never changes; only its state does, and every state it ever had is kept, so that any day's knowledge can be read again.
//
// It is not where things happen (activity, outcome: they call Record) and it computes no figure (kpi does). Freezing is a link that a
// settlement holds, not a state here.
package evidence

import (
	"slices"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Kind says what happened (domain section 5.1).
type Kind string

// The kinds. Declared is typed in by hand and marked wherever it shows.
const (
	Held          Kind = "held"
	Participation Kind = "participation"
	Contact       Kind = "contact"
	Service       Kind = "service"
	Strategy      Kind = "strategy"
	Knowledge     Kind = "knowledge"
	Referral      Kind = "referral"
	Evaluation    Kind = "evaluation"
	Media         Kind = "media"
	Win           Kind = "win"
	Entry         Kind = "entry"
	Investment    Kind = "investment"
	Retention     Kind = "retention"
	Declared      Kind = "declared"
)

// Kinds lists all of them in the order of the rule book.
func Kinds() []Kind {
	return []Kind{Held, Participation, Contact, Service, Strategy, Knowledge, Referral, Evaluation, Media, Win, Entry, Investment,
		Retention, Declared}
}

// Key names the kind in the catalogue.
func (k Kind) Key() text.Key { return text.Key("evidence.kind." + string(k)) }

// State is where a row stands: reported -> verified | rejected; verified -> rejected; rejected -> reported.
type State string

// The states. Reported is not verified (domain section 5.10).
const (
	Reported State = "reported"
	Verified State = "verified"
	Rejected State = "rejected"
)

// States lists all of them.
func States() []State { return []State{Reported, Verified, Rejected} }

// Key names the state in the catalogue, with the words that all objects share.
func (s State) Key() text.Key { return access.StateKey(string(s)) }

// Follows tells whether s may come after before.
func (s State) Follows(before State) bool {
	switch s {
	case Verified:
		return before == Reported
	case Rejected:
		return before == Reported || before == Verified
	case Reported:
		return before == Rejected
	}
	return false
}

// Credit is an organisation's part of a row as an integer weight; the agency may hold one.
type Credit struct {
	Organisation id.Organisation
	Weight       int64
}

// Decision is one step in the life of a row: the first one reports it.
type Decision struct {
	State  State
	On     period.Date
	By     id.Person // "" for the system
	ByName string    // filled by History alone
	Reason string
}

// New is a row to record. The facts of it can never be changed afterwards.
type New struct {
	ID                   id.Evidence // made when empty
	Kind                 Kind
	Year                 period.Year // in which it counts; 0: the year of Dated
	Dated                period.Date
	Company              id.Company  // "" none
	Activity             id.Activity // "" none
	ActivityType         string      // of the activity, "" none
	Organisers           int         // of the activity, 0 none; two or more is a joint one
	Market, Sector, Need string
	Amount               *money.Amount
	Adjusted             *money.Amount // Amount less what would have happened anyway, nil not told
	Quantity             string        // exact decimal, "" none
	Marks                []string      // of MarksOf the kind
	KPI                  id.KPI        // of a declared row that speaks for one KPI: its Quantity is what was declared of it; "" none
	SourceKind, SourceID string        // the record that it came from; each leaves one row
	Credits              []Credit
	ReportedOn           period.Date
	ReportedBy           id.Person
	Decisions            []Decision // taken already, in their order: an import tells what was verified elsewhere
}

// Row is a row of the ledger as it was known on the day asked for.
type Row struct {
	ID                   id.Evidence
	Kind                 Kind
	Year                 period.Year
	Dated                period.Date
	Company              id.Company // as recorded
	Root                 id.Company // the company that it stands for since merges
	Activity             id.Activity
	ActivityType         string
	Organisers           int
	Market, Sector, Need string
	Amount, Adjusted     *money.Amount
	Quantity             string
	Marks                string // each between spaces, "" none
	KPI                  id.KPI // the one KPI that a declared row speaks for; no other counts it; "" none
	Size, ParentCountry  string // of the company that it stands for, as the register has them now
	Identified           bool   // that company has a register's number
	Weights              int64  // sum of the credit weights
	ReportedOn           period.Date
	State                State
	StateOn              period.Date
	Credits              []Credit // in the order of the ids; shared between rows and never changed
	life                 []step   // of a row in a Mirror: the states that it had
}

// check tells everything that is wrong with the row; a reader of files names the row, this names the field.
func (n *New) check() error {
	var faults []error
	if !slices.Contains(Kinds(), n.Kind) {
		faults = append(faults, fault.Invalid("kind", "evidence.kind_unknown", text.Args{"found": string(n.Kind)}))
	}
	if !n.Dated.Valid() {
		faults = append(faults, fault.Invalid("date", "evidence.date", nil))
	}
	if !n.ReportedOn.Valid() {
		faults = append(faults, fault.Invalid("recorded", "evidence.date", nil))
	}
	if n.Quantity != "" && !plainDecimal(n.Quantity) {
		faults = append(faults, fault.Invalid("quantity", "evidence.quantity", text.Args{"found": n.Quantity}))
	}
	for field, codes := range map[string]string{"market": n.Market, "sector": n.Sector, "need": n.Need, "type": n.ActivityType} {
		if strings.ContainsAny(codes, "|\n") {
			faults = append(faults, fault.Invalid(field, "evidence.code", text.Args{"found": codes}))
		}
	}
	for _, m := range n.Marks {
		if !slices.Contains(MarksOf(n.Kind), m) {
			faults = append(faults, fault.Invalid("marks", "evidence.mark", text.Args{"found": m, "known": strings.Join(MarksOf(n.Kind), ", ")}))
		}
	}
	if n.KPI != "" && (n.Kind != Declared || n.Quantity == "") {
		faults = append(faults, fault.Invalid("kpi", "evidence.kpi_declared", nil))
	}
	faults = append(faults, checkCredits(n.Credits))
	return fault.Join(append(faults, n.checkDecisions())...)
}

func (n *New) checkDecisions() error {
	state, on := Reported, n.ReportedOn
	for _, d := range n.Decisions {
		if !d.State.Follows(state) {
			return fault.Invalid("state", "evidence.transition", text.Args{"from": state.Key(), "to": d.State.Key()})
		}
		if !d.On.Valid() || d.On < on {
			return fault.Invalid("decided", "evidence.decided_before", nil)
		}
		if d.State == Rejected && strings.TrimSpace(d.Reason) == "" {
			return fault.Invalid("reason", "evidence.reason_required", nil)
		}
		if d.State == Verified && d.By != "" && d.By == n.ReportedBy {
			return fault.Invalid("decided_by", "evidence.four_eyes", nil)
		}
		state, on = d.State, d.On
	}
	return nil
}

func (n *New) weights() int64 {
	sum := int64(0)
	for _, c := range n.Credits {
		sum += c.Weight
	}
	return sum
}

// last is the state that the decisions leave it in.
func (n *New) last() (State, period.Date) {
	if len(n.Decisions) == 0 {
		return Reported, n.ReportedOn
	}
	d := n.Decisions[len(n.Decisions)-1]
	return d.State, d.On
}

// plainDecimal is what quantities are: "8", "7.5", "-2.25".
func plainDecimal(s string) bool {
	whole, fraction, dotted := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	digits := func(s string) bool {
		return s != "" && len(s) <= 18 && strings.Trim(s, "0123456789") == ""
	}
	return digits(whole) && (!dotted || digits(fraction))
}

// CreditOf is the weight that the organisation holds in the row, 0 for none.
func (r *Row) CreditOf(o id.Organisation) int64 {
	for _, c := range r.Credits {
		if c.Organisation == o {
			return c.Weight
		}
	}
	return 0
}
