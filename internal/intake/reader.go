package intake

import (
	"slices"
	"strconv"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// table is what one file defines, by the code that other files use. One that could not be read refuses no reference: the fault of the file
// is enough.
type table[T any] struct {
	file   string
	usable bool
	by     map[string]T
	lines  map[string]int
}

func newTable[T any](file string) *table[T] {
	return &table[T]{file: file, by: map[string]T{}, lines: map[string]int{}}
}

// put adds what a record defines. A code that is there already is a fault, and the first stays.
func (t *table[T]) put(r *record, column, code string, v T) bool {
	if code == "" {
		return false
	}
	if line, twice := t.lines[code]; twice {
		r.fault(column, "intake.want.once", text.Args{"line": strconv.Itoa(line)})
		return false
	}
	t.by[code], t.lines[code] = v, r.line
	return true
}

// find gives what a code stands for; where it stands for nothing that is a fault at the column.
func (t *table[T]) find(r *record, column, code string) (T, bool) {
	v, there := t.by[code]
	if !there && code != "" && t.usable {
		r.fault(column, "intake.want.in_file", text.Args{"file": t.file})
	}
	return v, there
}

// reader reads the files in such an order that whatever a row refers to is known.
type reader struct {
	out    *faults
	data   map[string][]byte
	rows   map[string]int
	folder *Folder
	agency *organisation
	// doubtful says that a fault makes all sums of money meaningless.
	doubtful bool

	organisations *table[*organisation]
	companies     *table[*companyRow]
	people        *table[*person]
	goals         *table[id.Goal]
	decisions     *table[*decision]
	kpis          *table[*kpiRow]
	agreements    *table[*agreementRow] // by partner
	years         *table[*year]         // by partner and year
	objectives    *table[id.Objective]  // by partner and code
	assignments   *table[*assignment]   // by partner and KPI
	activities    *table[*activityRow]
	claims        *table[*claim] // by partner, year and number
	items         *table[*item]  // by ref
}

func newReader(out *faults, data map[string][]byte) *reader {
	return &reader{
		out: out, data: data, rows: map[string]int{},
		folder: &Folder{envelopes: map[period.Year]money.Amount{}, envelopeAt: map[period.Year]at{}},

		organisations: newTable[*organisation]("organisations.csv"),
		companies:     newTable[*companyRow]("companies.csv"),
		people:        newTable[*person]("people.csv"),
		goals:         newTable[id.Goal]("programme.toml"),
		decisions:     newTable[*decision]("programme.toml"),
		kpis:          newTable[*kpiRow]("kpis.toml"),
		agreements:    newTable[*agreementRow]("agreements.csv"),
		years:         newTable[*year]("ceilings.csv"),
		objectives:    newTable[id.Objective]("objectives.csv"),
		assignments:   newTable[*assignment]("assignments.csv"),
		activities:    newTable[*activityRow]("activities.csv"),
		claims:        newTable[*claim]("claims.csv"),
		items:         newTable[*item]("cost_items.csv"),
	}
}

func (r *reader) read() {
	r.readOrganisations()
	r.readCompanies()
	r.readPeople()
	r.readProgramme()
	r.readClauses()
	r.readKPIs()
	r.readAgreements()
	r.readCeilings()
	r.readObjectives()
	r.readAssignments()
	r.readTargets()
	r.readWaivers()
	r.readActivities()
	r.readParticipations()
	r.readOutcomes()
	r.readOverlaps()
	r.doubtful = r.faultIn("programme.toml", "organisations.csv", "agreements.csv", "ceilings.csv")
	r.readClaims()
	r.readItems()
	r.readCorrections()
	r.readPayments()
	r.readOpening()
	r.checkEnvelopes()
	r.checkReturns()
	r.checkInvoices()
	r.checkClaims()
	r.checkMoney()
}

// each reads a CSV file; false when there is none or its header is of no use.
func (r *reader) each(s sheet, row func(*record)) bool {
	data, there := r.data[s.file]
	if !there {
		return false
	}
	n, usable := readCSV(r.out, s, data, row)
	r.rows[s.file] = n
	return usable
}

// trilingual reads name.nl, name.en and name.fr, or name_nl and so on in a CSV file.
func trilingual(x *record, name, separator string, longest int) programme.Words {
	return programme.Words{
		NL: x.words(name+separator+"nl", longest),
		EN: x.words(name+separator+"en", longest),
		FR: x.words(name+separator+"fr", longest),
	}
}

// person reads a cell that holds an e-mail address of people.csv.
func (r *reader) person(x *record, column string) *person {
	s, ok := x.given(column)
	if !ok {
		return nil
	}
	p, _ := r.people.find(x, column, normalEmail(s))
	return p
}

// agent is a person with one of the roles at an organisation; another one is a fault.
func (r *reader) agent(x *record, column string, o *organisation, roles ...string) *person {
	p := r.person(x, column)
	if p != nil && o != nil && !p.is(o, roles...) {
		x.fault(column, "intake.want.role", text.Args{"roles": roleNames(roles), "organisation": o.Code})
	}
	return p
}

// other says that two cells must name two people.
func other(x *record, column string, p, earlier *person, of string) {
	if p != nil && p == earlier {
		x.fault(column, "intake.want.other_person", text.Args{"column": of})
	}
}

// credits reads organisers with weights: "agoria:2 voka", the lead first.
func (r *reader) credits(x *record, column string, valid func(*organisation) bool, want text.Key) []organiser {
	s, ok := x.given(column)
	if !ok {
		return nil
	}
	var all []organiser
	seen := map[*organisation]bool{}
	for _, w := range splitWeights(s) {
		if w.weight < 1 || !isCode(w.code) {
			x.fault(column, "intake.want.weights", nil)
			return nil
		}
		o, there := r.organisations.find(x, column, w.code)
		switch {
		case !there:
			return nil
		case seen[o]:
			x.fault(column, "intake.want.once_in_list", text.Args{"word": w.code})
			return nil
		case !valid(o):
			x.fault(column, want, nil)
			return nil
		}
		seen[o] = true
		all = append(all, organiser{o, w.weight})
	}
	return all
}

// faultIn tells whether one of the files has a fault.
func (r *reader) faultIn(files ...string) bool {
	return slices.ContainsFunc(r.out.rows, func(f fault.Row) bool { return slices.Contains(files, f.File) })
}
