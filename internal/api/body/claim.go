package body

// Claim is a partner's declaration of a period's cost items.
type Claim struct {
	Partner   string `json:"partner" doc:"Code of the organisation"`
	Year      int    `json:"year"`
	Number    int    `json:"number"`
	State     string `json:"state"`
	Submitted Day    `json:"submitted_on,omitempty"`
	Approved  Day    `json:"approved_on,omitempty"`
	Items     int    `json:"items"`
	Accepted  Money  `json:"accepted"`
	Due       Money  `json:"due" doc:"What the agency owes for it"`
}

// ClaimDetail is a claim with what was said of it and what stands in its way. Its costs are listed by list-costs.
type ClaimDetail struct {
	Claim
	Words       string           `json:"words" doc:"The partner's own"`
	Verified    Day              `json:"verified_on,omitempty"`
	SecondLevel bool             `json:"second_level" doc:"Another controller verifies it again"`
	Reviewed    Day              `json:"reviewed_on,omitempty"`
	Declared    Money            `json:"declared" doc:"Eligible before any deduction"`
	Deducted    Money            `json:"deducted"`
	Parked      Money            `json:"parked"`
	Undecided   int              `json:"undecided" doc:"Costs without a decision"`
	Foreseen    Money            `json:"foreseen_due,omitempty" doc:"While it is not approved: due if everything undecided were accepted"`
	Findings    []ClaimFinding   `json:"findings" nullable:"false" doc:"Of a draft"`
	Messages    []ClaimMessage   `json:"messages" nullable:"false"`
	Objections  []ClaimObjection `json:"objections" nullable:"false"`
}

// ClaimFinding is what the checks of a draft say.
type ClaimFinding struct {
	Cost  string `json:"cost,omitempty" doc:"Id of the cost; none: the claim as a whole"`
	Field string `json:"field,omitempty"`
	Stops bool   `json:"stops" doc:"It cannot be handed in with it"`
	Words string `json:"words"`
}

// ClaimMessage is a question or an answer.
type ClaimMessage struct {
	Kind    string `json:"kind" enum:"question,answer"`
	Cost    string `json:"cost,omitempty" doc:"Id of the cost that it is about"`
	On      Day    `json:"on"`
	ReplyBy Day    `json:"reply_by,omitempty"`
	Words   string `json:"words"`
}

// ClaimObjection is the partner's objection and what came of it.
type ClaimObjection struct {
	State    string `json:"state" enum:"raised,upheld,dismissed"`
	Raised   Day    `json:"raised_on"`
	Words    string `json:"words"`
	Answered Day    `json:"answered_on,omitempty"`
	Answer   string `json:"answer,omitempty"`
}
