// Package id holds one type for every thing that Errera refers to by identity, so that a claim is never passed where a payment is meant.
// All of them hold a UUIDv7 (RFC 9562) in its canonical lower-case form of 36 characters; "" stands for none. A package may hold the ID of
// something that lives above it. This package knows nothing about the things themselves and stores nothing.
package id

import (
	"errors"

	"github.com/google/uuid"
)

// The identities, each named after its thing in the glossary. A partner is an Organisation that has an agreement.
type (
	Programme     string
	Organisation  string
	Person        string
	Company       string
	Agreement     string
	Objective     string
	Comment       string // on an agreement under negotiation
	PartnerChange string // of a name, a division, or by a merger
	Assignment    string // of a KPI to an objective of an agreement
	KPI           string
	Goal          string // of the strategy
	Activity      string
	Participation string
	Outcome       string
	Evidence      string
	Claim         string
	Item          string // cost item
	Shared        string // invoice of several partners
	Payment       string
	Batch         string // of payments
	Account       string // at a bank
	Statement     string // of a bank
	Line          string // of a bank statement
	Correction    string
	Entry         string // of the ledger
	Settlement    string
	Decision      string
	Rule          string
	Merge         string // of two companies
	Apart         string // that two companies are two
	Sample        string // of rows of evidence to verify
	Finding       string // answer to something in the evidence that was worth a second look
	Alert         string // that a figure or its evidence should worry somebody
	Measure       string // what a partner stated of a KPI
	Overlap       string // of two activities
	Plan          string // a partner's activity programme of a year
	Feed          string // of what a partner publishes on its own website
	Offer         string // to make one activity of two
	Import        string
	Candidate     string // an organisation that may get an agreement in the next round
	Criterion     string // by which candidates are assessed
	Mail          string
	File          string
	Token         string // personal, of a program that acts for somebody
	CalendarKey   string // of a person's calendar address
	Knowledge     string // item of the library
	Question      string // to all partners
	Answer        string
)

// ErrMalformed is what Parse returns for everything that is not a canonical UUID. Callers read it as "missing": no such thing can exist.
var ErrMalformed = errors.New("id: not a canonical UUID")

// New makes an identity that sorts after all that this process made before.
func New[T ~string]() T {
	return T(uuid.Must(uuid.NewV7()).String()) // fails only if the system has no randomness, which Go already treats as fatal
}

// Parse reads an identity that came from outside. It accepts the canonical form alone: 36 characters, lower case, hyphens in place, not
// braces, not "urn:uuid:", and not the UUID that is all zeros.
func Parse[T ~string](s string) (T, error) {
	u, err := uuid.Parse(s)
	if err != nil || u.String() != s || u == uuid.Nil {
		return "", ErrMalformed
	}
	return T(s), nil
}
