package body

// Decision is proposed by one person and taken, or refused, by another.
type Decision struct {
	Code     string `json:"code"`
	Kind     string `json:"kind" enum:"overrun,carry-over,write-off,waiver,cancelled-cost,adjustment,extension,mandate"`
	State    string `json:"state" enum:"proposed,taken,refused"`
	Dated    Day    `json:"dated"`
	Body     string `json:"body,omitempty" doc:"Who decides: a board, a head of unit"`
	Words    string `json:"words"`
	Partner  string `json:"partner,omitempty" doc:"Code of the organisation"`
	Year     int    `json:"year,omitempty"`
	Subject  string `json:"subject,omitempty" doc:"What it is about, as kind/id"`
	Amount   Money  `json:"amount,omitempty"`
	Until    Day    `json:"until,omitempty" doc:"Of an extension: the new last day"`
	Proposed Day    `json:"proposed_on,omitempty"`
}
