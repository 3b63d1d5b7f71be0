package api

import "errera.eu/errera/internal/api/body"

// What is said about money and evidence stands in body; resources know it under the same names.
type (
	Money          = body.Money
	Day            = body.Day
	Claim          = body.Claim
	ClaimDetail    = body.ClaimDetail
	ClaimFinding   = body.ClaimFinding
	ClaimMessage   = body.ClaimMessage
	ClaimObjection = body.ClaimObjection
	Cost           = body.Cost
	NewCost        = body.NewCost
	CostsMade      = body.CostsMade
	ProofMade      = body.ProofMade
	Decision       = body.Decision
	Account        = body.Account
	Payable        = body.Payable
	Batch          = body.Batch
	Order          = body.Order
	ExportedBatch  = body.ExportedBatch
	BankLine       = body.BankLine
	OwedBack       = body.OwedBack
	StatementRead  = body.StatementRead
	Settlement     = body.Settlement
	Alert          = body.Alert
	Reach          = body.Reach
	Evidence       = body.Evidence
	Credit         = body.Credit
	Cell           = body.Cell
)
