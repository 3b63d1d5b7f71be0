// Package company is the register of internationalising and foreign-owned companies: who they are and by which number they are known.
// Companies belong to no programme. What a company did is evidence; who may see it is decided by the verbs that show it.
package company

import "errera.eu/errera/internal/id"

// Sizes are the size classes, smallest first; a company's class may be unknown ("").
func Sizes() []string { return []string{"micro", "small", "medium", "large"} }

// Company is one company as recorded. Root is the company that it stands for now: itself, until it is merged.
type Company struct {
	ID                      id.Company
	Root                    id.Company
	Number                  Number // the zero Number: unidentified
	Name                    string
	Postcode, City, Country string
	Sector                  string
	Size, SizeSource        string
	SizeYear                int
	NACE                    string
	ParentCountry           string // ISO code of a foreign parent, "" none
}

// Identified tells whether a register's number is known. One that is not is marked wherever it shows. Source: domain section 7.
func (c Company) Identified() bool { return c.Number != Number{} }
