package body

// Alert is what should worry somebody, with who looks after it.
type Alert struct {
	ID      string `json:"id"`
	Rule    string `json:"rule" enum:"behind,chance,late,quality,stake"`
	State   string `json:"state" enum:"open,taken-up,silenced,resolved"`
	Year    int    `json:"year"`
	Partner string `json:"partner" doc:"Code of the organisation"`
	KPI     string `json:"kpi,omitempty" doc:"Code of the KPI; none of the partner as a whole"`
	Grave   bool   `json:"grave"`
	N       int64  `json:"n" doc:"By rule: attainment in basis points, chance in basis points, days overdue, findings, cents not earned"`
	Against int64  `json:"against" doc:"By rule: time passed in basis points, the limit of the chance, the quarter, 0, cents of the pool"`
	Owner   string `json:"owner,omitempty" doc:"Name of who looks after it"`
	Raised  Day    `json:"raised_on"`
	Due     Day    `json:"due_on"`
}

// Reach is how many companies an organisation reached in a year. Who reads all sees the counts of everybody; a partner sees its own, and of the
// others how many companies they share, as released.
type Reach struct {
	Organisation string `json:"organisation" doc:"Code; empty for the programme as a whole"`
	Contacts     *int   `json:"contacts,omitempty" doc:"Not of others"`
	Companies    *int   `json:"companies,omitempty" doc:"Different ones, merges included; not of others"`
	Shared       *int   `json:"shared,omitempty" doc:"Companies that it shares with the caller's own organisation"`
	Suppressed   bool   `json:"suppressed,omitempty" doc:"Not released: fewer than five companies would be told of"`
	ReleasedOn   *Day   `json:"released_on,omitempty"`
}

// Evidence is something that happened and counts.
type Evidence struct {
	ID       string   `json:"id"`
	Kind     string   `json:"kind"`
	State    string   `json:"state" enum:"reported,verified,rejected"`
	Year     int      `json:"year" doc:"In which it counts"`
	Dated    Day      `json:"dated"`
	Reported Day      `json:"reported_on"`
	Activity string   `json:"activity,omitempty" doc:"Id"`
	Company  string   `json:"company,omitempty" doc:"Name of the company"`
	Number   string   `json:"enterprise_number,omitempty"`
	Market   string   `json:"market,omitempty"`
	Sector   string   `json:"sector,omitempty"`
	Need     string   `json:"need,omitempty"`
	Amount   Money    `json:"amount,omitempty"`
	Quantity string   `json:"quantity,omitempty" doc:"Exact decimal"`
	Credits  []Credit `json:"credits" nullable:"false"`
}

// Credit is an organisation's part of it.
type Credit struct {
	Organisation string `json:"organisation" doc:"Code"`
	Weight       int64  `json:"weight"`
}

// Cell is one promise of one partner in one year, as far as it is kept.
type Cell struct {
	Partner      string `json:"partner" doc:"Code of the organisation"`
	KPI          string `json:"kpi" doc:"Code of the KPI"`
	Year         int    `json:"year"`
	Status       string `json:"status" enum:"value,not-reported,not-due,waived,small-sample,suppressed"`
	Value        string `json:"value,omitempty" doc:"Exact decimal"`
	Target       string `json:"target,omitempty" doc:"In force on the day asked for"`
	Signed       string `json:"target_signed,omitempty" doc:"As signed"`
	AttainmentBp *int64 `json:"attainment_bp,omitempty" doc:"Basis points of the target"`
	Weight       int64  `json:"weight"`
	Rows         int    `json:"rows" doc:"Rows of evidence behind the value"`
	Verified     int    `json:"rows_verified"`
	Declared     int    `json:"rows_declared"`
	Course       string `json:"course,omitempty" enum:"on-course,behind,at-risk,not-reported"`
}
