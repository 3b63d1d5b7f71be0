package agreement

import (
	"slices"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// VersionState is where a version stands. Source: domain section 3.
type VersionState string

// The states of a version. Only a proposed one moves, once.
const (
	Proposed   VersionState = "proposed"
	Countered  VersionState = "countered"
	Withdrawn  VersionState = "withdrawn"
	Superseded VersionState = "superseded" // by a later one of the same side
	Accepted   VersionState = "accepted"   // by both sides, by its hash
)

// Key is the state in words.
func (s VersionState) Key() text.Key { return text.Key("agreement.version_state." + string(s)) }

// Version is an immutable snapshot of an agreement that one side put on the table. Who proposes has accepted it; it is accepted when the
// other side accepts the same hash.
type Version struct {
	N        int
	Side     Side // that proposed it
	Document Document
	Hash     string // of the document's canonical form
	Note     string // the words that went with it
	MadeAt   db.Time
	MadeBy   id.Person   // "" an import
	AnswerBy period.Date // by when the other side answers
	State    VersionState
	StateAt  db.Time
	StateBy  id.Person
	Bound    []Acceptance // by which sides, in the order in which they accepted
}

// Acceptance binds a side to the content of a version.
type Acceptance struct {
	Side Side
	Hash string
	At   db.Time
	By   id.Person // "" an import
}

// Subject is the version as leave is checked on it.
func (v Version) Subject(a Agreement) access.Subject {
	return access.Subject{Kind: "version", State: string(v.State), Partner: a.Partner.ID}
}

// AcceptedBy tells whether a side is bound to the version.
func (v Version) AcceptedBy(s Side) bool {
	return slices.ContainsFunc(v.Bound, func(a Acceptance) bool { return a.Side == s && a.Hash == v.Hash })
}

// Last is the newest version; false when there is none.
func Last(all []Version) (Version, bool) {
	if len(all) == 0 {
		return Version{}, false
	}
	return all[len(all)-1], true
}

// AcceptedLast is the newest version that both sides accepted: what is to be signed, or was. False when there is none.
func AcceptedLast(all []Version) (Version, bool) {
	for _, v := range slices.Backward(all) {
		if v.State == Accepted {
			return v, true
		}
	}
	return Version{}, false
}

// Speaking is the version that tells what the agreement says: that in force, or the newest one while there is none. False before the first.
func (a Agreement) Speaking(all []Version) (Version, bool) {
	v, found := Last(all)
	switch a.State {
	case Draft, Negotiating, Agreed:
		return v, found
	}
	for _, x := range all {
		if x.N == a.Version {
			v = x
		}
	}
	return v, found
}
