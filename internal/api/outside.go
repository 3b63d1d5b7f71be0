package api

import (
	"bytes"
	"context"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// What resources in packages of their own register with: the same as those of this package.

// Operation is endpoint.
type Operation struct {
	ID, Path, Noun, Summary string
	Verb                    access.VerbName
	Agency                  bool
	Most                    int64 // bytes of the body; 0 is 1 MB
}

func (o Operation) endpoint() endpoint {
	return endpoint{id: o.ID, path: o.Path, noun: o.Noun, summary: o.Summary, verb: o.Verb, agency: o.Agency, most: o.Most}
}

// Call is call, with the language in which the asker is answered.
type Call struct {
	context.Context
	Tx       *db.Tx
	By       access.Actor
	G        programme.Programme
	Language text.Language
}

func outside(c *call) *Call { return &Call{c.Context, c.tx, c.by, c.g, askerOf(c).language} }

// Changes is the input of Change, Creates that of Create, Lists that of List and Reads that of Get.
type (
	Changes interface {
		ifMatch() string
		programme() string
	}
	Creates interface {
		key() string
		programme() string
	}
	Lists interface{ page() Paged }
	Reads interface{ ifNoneMatch() string }
)

// Get is get.
func Get[I Reads, T any](a *API, o Operation, fn func(c *Call, in *I) (T, error)) {
	get(a, o.endpoint(), func(c *call, in *I) (T, error) { return fn(outside(c), in) })
}

// List is list.
func List[I Lists, T any](a *API, o Operation, fn func(c *Call, in *I) ([]T, string, error)) {
	list(a, o.endpoint(), func(c *call, in *I) ([]T, string, error) { return fn(outside(c), in) })
}

// Create is create.
func Create[I Creates, T any](a *API, o Operation, fn func(c *Call, in *I) (T, string, error)) {
	create(a, o.endpoint(), func(c *call, in *I) (T, string, error) { return fn(outside(c), in) })
}

// CreateAfter is createAfter.
func CreateAfter[I Creates, T any](a *API, o Operation, before func(ctx context.Context, in *I) error, fn func(c *Call, in *I) (T, string, error)) {
	createAfter(a, o.endpoint(), before, func(c *call, in *I) (T, string, error) { return fn(outside(c), in) })
}

// Choice is choice.
func Choice[T ~string](field, found string, from []T) error { return choice(field, found, from) }

// Proof looks at a file of a body; what is wrong with it is invalid at the field.
func (a *API) Proof(ctx context.Context, field, name string, content []byte) (file.Proof, error) {
	return file.Check(ctx, a.proofs, field, name, bytes.NewReader(content))
}

// Change is change.
func Change[I Changes, T any](a *API, o Operation, method string, now, fn func(c *Call, in *I) (T, error)) {
	change(a, o.endpoint(), method, func(c *call, in *I) (T, error) { return now(outside(c), in) },
		func(c *call, in *I) (T, error) { return fn(outside(c), in) })
}

// Cut is cut.
func Cut[T any](all []T, p Paged, key func(T) string) ([]T, string, error) { return cut(all, p, key) }

// MoneyOf is an amount as it is sent out.
func MoneyOf(a money.Amount) Money { return moneyOf(a) }

// DayOf is a day as it is sent out.
func DayOf(d period.Date) Day { return dayOf(d) }

// WordsOf are words as they are sent out.
func WordsOf(w programme.Words) Words { return wordsOf(w) }

// ProgrammeOut is a programme as it is sent out.
func ProgrammeOut(g programme.Programme) Programme { return programmeOut(g) }

// AgreementOut is an agreement as it is sent out.
func AgreementOut(c *Call, x agreement.Agreement) (Agreement, error) {
	return agreementOut(&call{Context: c.Context, tx: c.Tx, by: c.By, g: c.G}, x)
}
