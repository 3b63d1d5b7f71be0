package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/company"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/outcome"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/takeover"
)

// Folder is a programme as it was read from files and found without fault. Identities of what belongs to the programme are made while
// reading; those of organisations, people and companies are settled by Load, which may find them in the database already.
type Folder struct {
	Files []File
	Hash  string // of all files

	programme  programme.Programme
	agency     *organisation
	rules      programme.Rules
	costs      []*costRules
	goals      []programme.Goal
	envelopes  map[period.Year]money.Amount
	envelopeAt map[period.Year]at
	decisions  []*decision
	kpis       []*kpiRow
	clauses    []agreement.TemplateClause // none: the standard ones

	organisations []*organisation
	people        []*person
	companies     []*companyRow
	agreements    []*agreementRow
	objectives    []agreement.Objective
	assignments   []*assignment

	activities     []*activityRow
	participations []*participation
	outcomes       []*outcomeRow
	overlaps       []*settled

	years []*year
}

type organisation struct {
	programme.Organisation
	at
}

type role struct {
	name         string
	organisation *organisation
	company      *companyRow
}

type person struct {
	id          id.Person
	email, name string
	language    string
	roles       []role
	at
}

// is tells whether a person has one of the roles at an organisation.
func (p *person) is(o *organisation, roles ...string) bool {
	return slices.ContainsFunc(p.roles, func(r role) bool { return r.organisation == o && o != nil && slices.Contains(roles, r.name) })
}

type companyRow struct {
	company.Company
	at
}

type decision struct {
	programme.Decision
	takenBy *person
	at
}

type kpiRow struct {
	id                                   id.KPI
	code, unit, aggregate                string
	measure, threshold, joint, direction string
	name, short                          programme.Words
	kinds, types                         []string
	jointOnly, verifiedOnly, cockpit     bool
	decimals, minSample, version         int64
	at
}

type agreementRow struct {
	agreement.Agreement
	partner *organisation
	at
}

type assignment struct {
	id             id.Assignment
	agreement      *agreementRow
	objective      id.Objective
	kpi            *kpiRow
	rule, baseline string
	weight, floor  int64
	targets        []target
	waivers        []waiver
	at
}

type target struct {
	year          period.Year
	setOn         period.Date
	value, reason string
}

type waiver struct {
	year     period.Year
	decision *decision
}

type organiser struct {
	organisation *organisation
	weight       int64
}

type activityRow struct {
	activity.Activity
	organisers           []organiser
	reported, verified   period.Date
	reporter, verifiedBy *person
	at
}

type participation struct {
	activity.Participation
	activity   *activityRow
	company    *companyRow
	verified   period.Date
	verifiedBy *person
}

type outcomeRow struct {
	outcome.Outcome
	company   *companyRow
	activity  *activityRow
	partners  []organiser
	state     evidence.State
	decided   period.Date
	decidedBy *person
	reason    string
}

// year is the money of an agreement-year.
type year struct {
	agreement   *agreementRow
	year        period.Year
	ceiling     money.Amount
	claims      []*claim
	payments    []*payment
	corrections []*correction
	opening     []funding.OpeningFacts
	openingAt   at   // the last row of it
	doubtful    bool // a fault in its rows makes its sums meaningless
	at
}

type claim struct {
	takeover.ClaimFacts
	year                            *year
	enteredBy, verifiedBy, approver *person
	items                           []*item
	at
}

type item struct {
	funding.Item
	claim     *claim
	activity  *activityRow
	decidedBy *person
	returns   string // the ref of the parked item that it replaces
	returned  *item  // by which it was replaced
	at
}

func (i *item) submitted() period.Date {
	if i.claim == nil {
		return ""
	}
	return i.claim.Submitted
}

func (i *item) verified() period.Date {
	if i.claim == nil {
		return ""
	}
	return i.claim.Verified
}

type payment struct {
	takeover.PaymentFacts
	claim                 *claim
	orderedBy, approvedBy *person
	at
}

type correction struct {
	takeover.CorrectionFacts
	by *person
	at
}

// Code is the programme's code.
func (f *Folder) Code() string { return f.programme.Code }

// The files of a programme. Those that may be left out stand apart.
func requiredFiles() []string {
	return []string{"programme.toml", "kpis.toml", "organisations.csv", "people.csv", "agreements.csv", "ceilings.csv", "objectives.csv",
		"assignments.csv", "targets.csv", "companies.csv", "activities.csv", "participations.csv", "outcomes.csv", "claims.csv",
		"cost_items.csv", "payments.csv"}
}

func optionalFiles() []string {
	return []string{"waivers.csv", "corrections.csv", "opening.csv", clausesFile, "overlaps.csv"}
}

// largestFile bounds what one file may bring into memory.
const largestFile = 256 << 20

// ReadProgramme reads and checks a whole folder. The error is fault.Rows with everything that is wrong, or a fault of the folder itself.
func ReadProgramme(dir fs.FS) (*Folder, error) {
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return nil, fault.Invalid("folder", "intake.folder", nil)
	}
	out := &faults{}
	data := map[string][]byte{}
	known := append(requiredFiles(), optionalFiles()...)
	for _, e := range entries {
		if slices.Contains(known, e.Name()) {
			data[e.Name()] = readFile(out, dir, e.Name())
		} else if strings.HasSuffix(e.Name(), ".csv") || strings.HasSuffix(e.Name(), ".toml") {
			out.add(at{file: e.Name()}, "", e.Name(), "intake.want.file_known", nil)
		}
	}
	for _, name := range requiredFiles() {
		if _, there := data[name]; !there {
			out.add(at{file: name}, "", "", "intake.want.file", nil)
		}
	}
	r := newReader(out, data)
	r.read()
	if err := out.err(); err != nil {
		return nil, err
	}
	r.folder.sign(data, r.rows)
	return r.folder, nil
}

func readFile(out *faults, dir fs.FS, name string) []byte {
	info, err := fs.Stat(dir, name)
	if err == nil && info.Size() > largestFile {
		err = errors.New("too large")
	}
	var data []byte
	if err == nil {
		data, err = fs.ReadFile(dir, name)
	}
	if err != nil {
		out.add(at{file: name}, "", "", "intake.want.readable", nil)
	}
	return data
}

// sign notes what was read: each file's hash, and one hash over all of them by name.
func (f *Folder) sign(data map[string][]byte, rows map[string]int) {
	var all strings.Builder
	for _, name := range append(requiredFiles(), optionalFiles()...) {
		content, there := data[name]
		if !there {
			continue
		}
		sum := sha256.Sum256(content)
		f.Files = append(f.Files, File{name, hex.EncodeToString(sum[:]), rows[name]})
	}
	for _, file := range f.Files {
		all.WriteString(file.Name + " " + file.SHA256 + "\n")
	}
	sum := sha256.Sum256([]byte(all.String()))
	f.Hash = hex.EncodeToString(sum[:])
	f.programme.SourceHash = f.Hash
}
