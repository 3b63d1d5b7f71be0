// Package agreements is the interface to what is negotiated, signed, amended and renewed: versions, working copies, talk, signatures, what
// changes about a partner, candidates and rounds. The agreement itself as a resource is api's.
package agreements

import "errera.eu/errera/internal/api"

// Resources registers every operation of the package.
func Resources(a *api.API) {
	negotiation(a)
	signatures(a)
	table(a)
	partners(a)
	candidates(a)
	rounds(a)
	clauses(a)
}
