// Package funding holds what things cost and who pays: cost items, claims, payments and corrections of an agreement-year, the even half
// and its cost part. It books every step in the ledger. What KPIs earn on top belongs to settlement.
package funding

import "errera.eu/errera/internal/funding/half"

// What half reckons with, under the names that whoever handles claims knows.
type (
	RatedCost = half.RatedCost
	Terms     = half.Terms
	Year      = half.Year
	Step      = half.Step
	Closing   = half.Closing
)
