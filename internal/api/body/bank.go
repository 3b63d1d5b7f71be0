package body

// BankLine is a line of a statement that waits at the desk.
type BankLine struct {
	ID        string     `json:"id"`
	State     string     `json:"state" enum:"open,assigned,dismissed"`
	Booked    Day        `json:"booked_on"`
	Amount    Money      `json:"amount" doc:"Above zero came in"`
	EndToEnd  string     `json:"end_to_end,omitempty"`
	Reference string     `json:"reference,omitempty" doc:"Structured, checked"`
	Party     string     `json:"party,omitempty"`
	Account   string     `json:"account,omitempty" doc:"Masked"`
	Words     string     `json:"words,omitempty"`
	Returned  string     `json:"returned,omitempty" doc:"Reason code of a return"`
	Fits      []string   `json:"fits" nullable:"false" doc:"Ids of payments that it may be, whole or in part"`
	Owed      []OwedBack `json:"owed" nullable:"false" doc:"What partners owe back and it may repay"`
	Reason    string     `json:"reason,omitempty" doc:"That a person gave"`
}

// OwedBack is what a partner owes back of a year.
type OwedBack struct {
	Partner string `json:"partner" doc:"Code of the organisation"`
	Year    int    `json:"year"`
	Amount  Money  `json:"amount"`
}

// StatementRead is what importing a bank's file did.
type StatementRead struct {
	Statements int   `json:"statements"`
	Lines      int   `json:"lines"`
	Fresh      int   `json:"fresh" doc:"Not known from an earlier file"`
	Matched    int   `json:"matched"`
	Open       int   `json:"open" doc:"At the desk"`
	In         Money `json:"in"`
	Out        Money `json:"out"`
}
