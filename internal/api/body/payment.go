package body

// Account is a bank account of an organisation. Its number is masked.
type Account struct {
	ID        string `json:"id"`
	Partner   string `json:"partner" doc:"Code of the organisation"`
	IBAN      string `json:"iban" doc:"Masked"`
	BIC       string `json:"bic,omitempty"`
	Holder    string `json:"holder"`
	State     string `json:"state" enum:"proposed,confirmed,refused"`
	Proposed  Day    `json:"proposed_on"`
	Decided   Day    `json:"decided_on,omitempty"`
	Effective Day    `json:"effective_on,omitempty" doc:"From this day on it is paid to"`
	Words     string `json:"words,omitempty" doc:"Why it was refused"`
}

// Payable is something that could be paid now.
type Payable struct {
	Key     string `json:"key" doc:"Names it for a batch; another amount has another key"`
	Partner string `json:"partner" doc:"Code of the organisation"`
	Year    int    `json:"year"`
	Kind    string `json:"kind" enum:"claim,balance,advance"`
	Claim   int    `json:"claim,omitempty" doc:"Number of the claim"`
	Amount  Money  `json:"amount"`
}

// Batch is payments that go to the bank together.
type Batch struct {
	Number    int     `json:"number"`
	State     string  `json:"state" enum:"prepared,approved,exported,executed,partly-rejected,rejected,discarded"`
	ExecuteOn Day     `json:"execute_on"`
	Total     Money   `json:"total"`
	Prepared  Day     `json:"prepared_on"`
	Preparer  string  `json:"prepared_by"`
	Approved  Day     `json:"approved_on,omitempty"`
	Approver  string  `json:"approved_by,omitempty"`
	SHA256    string  `json:"sha256,omitempty" doc:"Of the file for the bank"`
	Payments  []Order `json:"payments" nullable:"false"`
}

// Order is one payment, of a batch or by itself. Account numbers are masked.
type Order struct {
	ID       string `json:"id"`
	Partner  string `json:"partner"`
	Year     int    `json:"year"`
	Kind     string `json:"kind"`
	Claim    int    `json:"claim,omitempty"`
	Amount   Money  `json:"amount"`
	State    string `json:"state"`
	Account  string `json:"account,omitempty" doc:"Masked IBAN; none where it goes by itself"`
	Executed Day    `json:"executed_on,omitempty"`
	Why      string `json:"why,omitempty" doc:"Why it was refused or came back"`
}

// ExportedBatch is a batch with the file for the bank.
type ExportedBatch struct {
	Batch
	Name    string `json:"name,omitempty"`
	Content string `json:"content,omitempty" doc:"pain.001.001.09; the same bytes each time it is asked for"`
}
