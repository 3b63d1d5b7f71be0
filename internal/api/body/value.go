// Package body is what the JSON interface sends and takes about money and evidence: shapes with their description, no rule and no SQL.
package body

import "github.com/danielgtaylor/huma/v2"

// Money is an amount in the programme's currency as exact decimal text.
type Money string

// Schema describes it.
func (Money) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: `^-?[0-9]+\.[0-9]{2}$`, Examples: []any{"103114.00"}}
}

// Day is a calendar day.
type Day string

// Schema describes it.
func (Day) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date", Examples: []any{"2018-05-14"}}
}
