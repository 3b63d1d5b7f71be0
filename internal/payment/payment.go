// Package payment carries money to partners and back: bank accounts that two people agreed on, batches with four eyes, the file for the
// bank, the bank's statements matched with what was paid, and the desk for what matches nothing. What a payment is for, and its booking,
// belong to funding; the forms of the bank's files to format.
package payment

import (
	"context"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
)

func trail(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, verb access.VerbName, kind, subject string, before, after any) error {
	return audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: string(verb), ObjectKind: kind, ObjectID: subject, Before: before,
		After: after})
}

// seen is what the trail keeps: the state and what matters beside it. Account numbers stand there masked.
type seen struct {
	State string `json:"state"`
	What  string `json:"what,omitempty"`
}

// compact is an identity without hyphens: banks take 35 characters, an identity has 36.
func compact[T ~string](v T) string { return strings.ReplaceAll(string(v), "-", "") }
