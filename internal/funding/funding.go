// Package funding holds what things cost and who pays: cost items, claims, payments and corrections of an agreement-year, the even half
// and its cost part. It books every step in the ledger. What KPIs earn on top belongs to settlement.
package funding
