package api

import (
	"net/http"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/funding/hearing"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/report"
)

// ClaimsIn asks for claims.
type ClaimsIn struct {
	InProgramme
	Paged
	Partner string `query:"partner"`
	Year    int    `query:"year"`
}

// ClaimPath names a claim.
type ClaimPath struct {
	Partner string `path:"partner" doc:"Code of the organisation"`
	Year    int    `path:"year"`
	Number  int    `path:"number" doc:"Number of the claim in its year"`
}

// ClaimIn asks for one.
type ClaimIn struct {
	InProgramme
	Cached
	ClaimPath
}

// DraftIn opens a claim.
type DraftIn struct {
	InProgramme
	Idempotent
	Body struct {
		Partner string `json:"partner" doc:"Code of the organisation"`
		Year    int    `json:"year"`
	}
}

// MoveClaimIn takes a claim a step.
type MoveClaimIn struct {
	InProgramme
	Conditional
	ClaimPath
}

// SayClaimIn takes a claim a step with words.
type SayClaimIn struct {
	InProgramme
	Conditional
	ClaimPath
	Body struct {
		Words string `json:"words"`
		Cost  string `json:"cost,omitempty" doc:"Id of the cost that a question is about"`
	}
}

const claimAt = "/programmes/{programme}/claims/{partner}/{year}/{number}"

func (a *API) claims() {
	list(a, endpoint{id: "list-claims", path: "/programmes/{programme}/claims", noun: "Claims", verb: "claim.read",
		summary: "Claims by partner, year and number"}, listClaims)
	get(a, endpoint{id: "get-claim", path: claimAt, noun: "Claims", verb: "claim.read", summary: "One claim with what was said of it"},
		func(c *call, in *ClaimIn) (ClaimDetail, error) { return claimOf(c, in.ClaimPath) })
	create(a, endpoint{id: "create-claim", path: "/programmes/{programme}/claims", noun: "Claims", verb: "claim.draft",
		summary: "Open a claim; the draft that is there is given again"}, draftClaim)
	a.moveClaims()
	a.sayClaims()
	a.claimDossier()
}

// errOf is the error of a verb whose result the answer does not need.
func errOf[T any](_ T, err error) error { return err }

// moveClaims registers the verbs that take a claim a step without a word.
func (a *API) moveClaims() {
	type step = func(c *call, claim id.Claim) error
	for _, m := range []struct {
		name, verb, summary string
		do                  step
	}{
		{"submit", "claim.submit", "Hand a draft in", func(c *call, k id.Claim) error { return funding.HandIn(c, c.tx, c.by, c.g.ID, k) }},
		{"discard", "claim.discard", "Throw a draft away with all that is in it", func(c *call, k id.Claim) error { return funding.Discard(c, c.tx, c.by, c.g.ID, k) }},
		{"withdraw", "claim.withdraw", "Take a claim back that nobody verifies yet", func(c *call, k id.Claim) error { return funding.Withdraw(c, c.tx, c.by, c.g.ID, k) }},
		{"again", "claim.again", "Take the costs of a withdrawn or rejected claim, with their proofs, into the draft of its year", func(c *call, k id.Claim) error { return errOf(funding.DraftAgain(c, c.tx, c.by, c.g.ID, k)) }},
		{"open", "claim.open", "Take a claim into verification; its sample is drawn", func(c *call, k id.Claim) error { return funding.Open(c, c.tx, c.by, c.g.ID, k) }},
		{"accept-rest", "item.accept", "Accept what is undecided and not in the sample", func(c *call, k id.Claim) error { return errOf(funding.AcceptRest(c, c.tx, c.by, c.g.ID, k)) }},
		{"verify", "claim.verify", "End the verification; somebody else approves", func(c *call, k id.Claim) error { return funding.Verify(c, c.tx, c.by, c.g.ID, k) }},
		{"recheck", "claim.recheck", "Send a verified claim to a second controller", func(c *call, k id.Claim) error { return funding.Recheck(c, c.tx, c.by, c.g.ID, k) }},
		{"approve", "claim.approve", "Approve a verified claim and book what is due", func(c *call, k id.Claim) error { return errOf(funding.Approve(c, c.tx, c.by, c.g.ID, k)) }},
	} {
		change(a, endpoint{id: m.name + "-claim", path: claimAt + "/" + m.name, noun: "Claims", verb: access.VerbName(m.verb), summary: m.summary},
			http.MethodPost, func(c *call, in *MoveClaimIn) (ClaimDetail, error) { return claimOf(c, in.ClaimPath) },
			func(c *call, in *MoveClaimIn) (ClaimDetail, error) {
				was, err := claimOf(c, in.ClaimPath)
				if err != nil {
					return was, err
				}
				claim, err := in.find(c)
				if err == nil {
					err = m.do(c, claim)
				}
				if err != nil || m.name == "discard" { // it is gone: this is what it was
					return was, err
				}
				return claimOf(c, in.ClaimPath)
			})
	}
}

// sayClaims registers the verbs that need words: a reason, a question, an answer, an objection.
func (a *API) sayClaims() {
	type step = func(c *call, claim id.Claim, words string) error
	answer := func(verb access.VerbName) step {
		return func(c *call, k id.Claim, words string) error {
			return hearing.AnswerObjection(c, c.tx, c.by, c.g.ID, k, verb, words)
		}
	}
	for _, m := range []struct {
		name, verb, summary string
		do                  step
	}{
		{"reword", "claim.reword", "Change what the partner says about it", func(c *call, k id.Claim, w string) error { return funding.Reword(c, c.tx, c.by, c.g.ID, k, w) }},
		{"query", "claim.query", "Ask the partner; the claim waits for the answer", nil},
		{"answer", "claim.answer", "Answer the open question", func(c *call, k id.Claim, w string) error { return hearing.Answer(c, c.tx, c.by, c.g.ID, k, w) }},
		{"reject", "claim.reject", "Refuse a claim whole", func(c *call, k id.Claim, w string) error { return funding.Reject(c, c.tx, c.by, c.g.ID, k, w) }},
		{"reopen", "claim.reopen", "Take the approval of the newest claim back", func(c *call, k id.Claim, w string) error { return funding.Reopen(c, c.tx, c.by, c.g.ID, k, w) }},
		{"object", "claim.object", "Object, within the term", func(c *call, k id.Claim, w string) error { return hearing.Object(c, c.tx, c.by, c.g.ID, k, w) }},
		{"uphold", "claim.uphold", "Uphold the objection; the claim is verified again", answer("claim.uphold")},
		{"dismiss", "claim.dismiss", "Dismiss the objection", answer("claim.dismiss")},
	} {
		change(a, endpoint{id: m.name + "-claim", path: claimAt + "/" + m.name, noun: "Claims", verb: access.VerbName(m.verb), summary: m.summary},
			http.MethodPost, func(c *call, in *SayClaimIn) (ClaimDetail, error) { return claimOf(c, in.ClaimPath) },
			func(c *call, in *SayClaimIn) (ClaimDetail, error) {
				claim, err := in.find(c)
				switch {
				case err != nil:
				case m.do == nil:
					err = hearing.Ask(c, c.tx, c.by, c.g.ID, claim, id.Item(in.Body.Cost), in.Body.Words)
				default:
					err = m.do(c, claim, in.Body.Words)
				}
				if err != nil {
					return ClaimDetail{}, err
				}
				return claimOf(c, in.ClaimPath)
			})
	}
}

func draftClaim(c *call, in *DraftIn) (ClaimDetail, string, error) {
	year, err := agreementYear(c, in.Body.Partner, in.Body.Year)
	if err != nil {
		return ClaimDetail{}, "", err
	}
	made, err := funding.Draft(c, c.tx, c.by, c.g.ID, year.Agreement, year.Year)
	if err != nil {
		return ClaimDetail{}, "", err
	}
	k, err := funding.LoadClaim(c, c.tx, c.by, c.g.ID, made)
	if err != nil {
		return ClaimDetail{}, "", err
	}
	at := ClaimPath{Partner: in.Body.Partner, Year: in.Body.Year, Number: k.Number}
	out, err := claimOf(c, at)
	return out, "/api/v1/programmes/" + c.g.Code + "/claims/" + at.Partner + "/" + itoa(at.Year) + "/" + itoa(at.Number), err
}

func listClaims(c *call, in *ClaimsIn) ([]Claim, string, error) {
	partners, err := programme.Partners(c, c.tx, c.g.ID)
	if err != nil {
		return nil, "", err
	}
	scope := c.by.ScopeFor("claim.read")
	var items []Claim
	for _, p := range partners {
		if !scope.Holds(p.ID) || (in.Partner != "" && in.Partner != p.Code) {
			continue
		}
		for _, year := range c.g.Years() {
			if in.Year != 0 && period.Year(in.Year) != year {
				continue
			}
			all, err := report.LoadClaims(c, c.tx, c.g.ID, report.CostFilter{Scope: scope, Partner: p.Code, Year: year})
			if err != nil {
				return nil, "", err
			}
			for _, x := range all {
				items = append(items, Claim{Partner: x.Partner, Year: int(x.Year), Number: x.Number, State: x.State, Submitted: dayOf(x.SubmittedOn),
					Approved: dayOf(x.ApprovedOn), Items: x.Items, Accepted: moneyOf(x.Accepted), Due: moneyOf(x.Due)})
			}
		}
	}
	return cut(items, in.Paged, func(x Claim) string { return x.Partner + "." + itoa(x.Year) + "." + itoa(x.Number) })
}

func (p ClaimPath) find(c *call) (id.Claim, error) {
	return report.FindClaim(c, c.tx, c.g.ID, c.by.ScopeFor("claim.read"), p.Partner, period.Year(p.Year), p.Number)
}

// claimOf reads a claim; a draft is its partner's alone.
func claimOf(c *call, at ClaimPath) (ClaimDetail, error) {
	claim, err := at.find(c)
	if err != nil {
		return ClaimDetail{}, err
	}
	k, err := funding.LoadClaim(c, c.tx, c.by, c.g.ID, claim)
	if err != nil {
		return ClaimDetail{}, err
	}
	if k.State == "draft" && c.agency("claim.read") {
		return ClaimDetail{}, fault.Missing("funding.no_claim", nil)
	}
	f := report.CostFilter{Scope: c.by.ScopeFor("claim.read"), Partner: at.Partner, Year: k.Year, Claim: k.Number}
	sums, err := report.SumCosts(c, c.tx, c.g.ID, f)
	if err != nil {
		return ClaimDetail{}, err
	}
	f.State = string(funding.Declared)
	open, err := report.SumCosts(c, c.tx, c.g.ID, f)
	if err != nil {
		return ClaimDetail{}, err
	}
	out := ClaimDetail{Claim: Claim{Partner: at.Partner, Year: at.Year, Number: k.Number, State: k.State, Submitted: dayOf(k.SubmittedOn),
		Approved: dayOf(k.ApprovedOn), Items: sums.Items, Accepted: moneyOf(sums.Accepted), Due: moneyOf(k.Due)},
		Words: k.Words, Verified: dayOf(k.VerifiedOn), SecondLevel: k.SecondLevel, Reviewed: dayOf(k.ReviewedOn), Declared: moneyOf(sums.Eligible),
		Deducted: moneyOf(sums.Deducted), Parked: moneyOf(sums.Parked), Undecided: open.Items}
	return out, fillClaim(c, k, &out)
}

// fillClaim adds what was said of a claim, and of one that is not approved what it would come to.
func fillClaim(c *call, k funding.Claim, d *ClaimDetail) error {
	d.Findings, d.Messages, d.Objections = []ClaimFinding{}, []ClaimMessage{}, []ClaimObjection{}
	switch k.State {
	case "draft", "submitted", "in-verification", "queried", "verified":
		t, err := funding.AddUp(c, c.tx, c.by, c.g.ID, k.ID)
		if err != nil {
			return err
		}
		q, err := funding.Suppose(c, c.tx, c.by, c.g.ID, k.ID, funding.Supposed{Tally: t})
		if err != nil {
			return err
		}
		d.Foreseen = moneyOf(q.Due)
		if k.State != "draft" || !c.by.Holds("item.declare") {
			break
		}
		found, err := funding.Check(c, c.tx, c.by, c.g.ID, k.ID, t, q)
		if err != nil {
			return err
		}
		for _, f := range found {
			d.Findings = append(d.Findings, ClaimFinding{Cost: string(f.Item), Field: f.Field, Stops: f.Stops, Words: f.Say(askerOf(c).language)})
		}
	}
	messages, err := hearing.Messages(c, c.tx, c.g.ID, k.ID)
	if err != nil {
		return err
	}
	for _, m := range messages {
		d.Messages = append(d.Messages, ClaimMessage{Kind: m.Kind, Cost: string(m.Item), On: dayOf(m.On), ReplyBy: dayOf(m.ReplyBy), Words: m.Words})
	}
	objections, err := hearing.Objections(c, c.tx, c.g.ID, k.ID)
	for _, o := range objections {
		d.Objections = append(d.Objections, ClaimObjection{State: o.State, Raised: dayOf(o.RaisedOn), Words: o.Words, Answered: dayOf(o.AnsweredOn), Answer: o.Answer})
	}
	return err
}
