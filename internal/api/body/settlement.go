package body

// Settlement is the closing of an agreement-year, each step of the reckoning.
type Settlement struct {
	Partner      string `json:"partner" doc:"Code of the organisation"`
	Year         int    `json:"year"`
	Version      int    `json:"version"`
	State        string `json:"state" enum:"computed,communicated,objection,final,restated,discarded"`
	Computed     Day    `json:"computed_on"`
	Communicated Day    `json:"communicated_on,omitempty"`
	ObjectionDay Day    `json:"objection_until,omitempty"`
	Final        Day    `json:"final_on,omitempty"`
	Accepted     Money  `json:"accepted" doc:"Accepted cost"`
	Ceiling      Money  `json:"ceiling"`
	Half         Money  `json:"half" doc:"The even half, up to the ceiling"`
	CostPart     Money  `json:"cost_part"`
	Pool         Money  `json:"pool"`
	ScoreBp      int64  `json:"score_bp"`
	Performance  Money  `json:"performance"`
	NotEarned    Money  `json:"not_earned"`
	Contribution Money  `json:"final" doc:"The contribution: cost part and performance"`
	Own          Money  `json:"own"`
	Paid         Money  `json:"paid"`
	Balance      Money  `json:"balance" doc:"Above zero the agency owes it, below zero the partner"`
	FactsHash    string `json:"facts_hash" doc:"SHA-256 over the whole working"`
	EvidenceRows int    `json:"kpis" doc:"KPIs in the score"`
}
