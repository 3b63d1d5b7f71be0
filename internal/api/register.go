package api

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/api/operation"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// endpoint says what an operation is, for the description and for leave. The verb is one of the table: a token needs its scope, the person a
// role that holds it.
type endpoint struct {
	id      string // operationId, as in list-activities
	path    string // below /api/v1
	noun    string // the group in the description
	summary string
	verb    access.VerbName
	most    int64 // bytes of the body; 0 is 1 MB
	agency  bool  // it writes for the whole agency, not in one programme
}

// in is embedded by the input of everything inside a programme.
type InProgramme struct {
	Programme string `path:"programme" doc:"Code of the programme" example:"fit-2017-2021"`
}

func (p InProgramme) programme() string { return p.Programme }

// Paged is embedded by the input of a list.
type Paged struct {
	After string `query:"after" maxLength:"200" doc:"The next of the page before; without it, the first page"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Rows of a page"`
}

func (p Paged) page() Paged { return p }

// Conditional is embedded by the input of a change.
type Conditional struct {
	IfMatch string `header:"If-Match" doc:"The ETag of what was read; a change of anything newer is refused"`
}

func (c Conditional) ifMatch() string { return c.IfMatch }

// Idempotent is embedded by the input of a create.
type Idempotent struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"200" doc:"Chosen by the caller for this one thing, such as a UUID; kept for seven days"`
}

func (i Idempotent) key() string { return i.IdempotencyKey }

// Cached is embedded by the input of a read of one thing.
type Cached struct {
	IfNoneMatch string `header:"If-None-Match" doc:"An ETag; the answer is 304 when nothing has changed"`
}

func (c Cached) ifNoneMatch() string { return c.IfNoneMatch }

// Page is a page of a list.
type Page[T any] struct {
	Items []T    `json:"items" nullable:"false"`
	Next  string `json:"next,omitempty" doc:"What after is for the next page; absent on the last one"`
}

// replyHeaders are those of an answer in JSON, in the order of reply.
var replyHeaders = []string{"ETag", "Location", "Link"}

// reply is an answer in JSON with its headers.
func reply(status int, tag, location, link string, body any) *operation.Answer {
	a := &operation.Answer{Status: status, Body: body}
	for i, value := range []string{tag, location, link} {
		a.Headers = append(a.Headers, [2]string{replyHeaders[i], value})
	}
	return a
}

// get registers the read of one thing.
func get[I interface{ ifNoneMatch() string }, T any](a *API, e endpoint, fn func(c *call, in *I) (T, error)) {
	register(a, e, http.MethodGet, jsonOf[T](), func(ctx context.Context, in *I) (*operation.Answer, error) {
		var body T
		err := a.read(ctx, in, func(c *call) (err error) {
			body, err = fn(c, in)
			return err
		})
		if err != nil {
			return nil, err
		}
		tag, err := tagOf(body)
		if err != nil {
			return nil, err
		}
		if matches((*in).ifNoneMatch(), tag) {
			return reply(http.StatusNotModified, tag, "", "", nil), nil
		}
		return reply(http.StatusOK, tag, "", "", &body), nil
	})
}

// list registers a list. fn gives a page and what comes after it.
func list[I interface{ page() Paged }, T any](a *API, e endpoint, fn func(c *call, in *I) (items []T, next string, err error)) {
	register(a, e, http.MethodGet, jsonOf[Page[T]](), func(ctx context.Context, in *I) (*operation.Answer, error) {
		body := Page[T]{}
		err := a.read(ctx, in, func(c *call) (err error) {
			body.Items, body.Next, err = fn(c, in)
			return err
		})
		if err != nil {
			return nil, err
		}
		if body.Items == nil {
			body.Items = []T{}
		}
		return reply(http.StatusOK, "", "", nextLink(ctx, body.Next), &body), nil
	})
}

// create registers the making of something: all of it or nothing, and once for each Idempotency-Key. fn gives what was made and where.
func create[I interface {
	key() string
	programme() string
}, T any](a *API, e endpoint, fn func(c *call, in *I) (made T, location string, err error)) {
	createAfter(a, e, nil, fn)
}

// createAfter is create with something to do first, outside of the unit of work: reading a file, asking the scanner. What it finds stays in
// fields of the input that no request fills.
func createAfter[I interface {
	key() string
	programme() string
}, T any](a *API, e endpoint, before func(ctx context.Context, in *I) error, fn func(c *call, in *I) (made T, location string, err error)) {
	register(a, e, http.MethodPost, jsonOf[T](), func(ctx context.Context, in *I) (*operation.Answer, error) {
		if before != nil {
			if v, _ := access.Find(e.verb); !askerOf(ctx).Holds(v.Name) {
				return nil, askerOf(ctx).May(e.verb, access.Subject{})
			}
			if err := before(ctx, in); err != nil {
				return nil, err
			}
		}
		var kept kept
		err := a.write(ctx, e, in, func(c *call) (err error) {
			kept, err = once(c, e.id, (*in).key(), in, func() (any, string, error) { return fn(c, in) })
			return err
		})
		if err != nil {
			return nil, err
		}
		var body T
		if err := json.Unmarshal([]byte(kept.body), &body); err != nil {
			return nil, fault.Internal(err)
		}
		tag, err := tagOf(body)
		return reply(http.StatusCreated, tag, kept.location, "", &body), err
	})
}

// change registers a change of something that If-Match names as it was read. now reads it, fn changes it.
func change[I interface {
	ifMatch() string
	programme() string
}, T any](a *API, e endpoint, method string, now, fn func(c *call, in *I) (T, error)) {
	register(a, e, method, jsonOf[T](), func(ctx context.Context, in *I) (*operation.Answer, error) {
		var body T
		err := a.write(ctx, e, in, func(c *call) error {
			before, err := now(c, in)
			if err != nil {
				return err
			}
			if err := unchanged((*in).ifMatch(), before); err != nil {
				return err
			}
			body, err = fn(c, in)
			return err
		})
		if err != nil {
			return nil, err
		}
		tag, err := tagOf(body)
		return reply(http.StatusOK, tag, "", "", &body), err
	})
}

// jsonOf is the shape of an operation that answers a T.
func jsonOf[T any]() operation.Shape {
	return operation.Shape{Body: reflect.TypeFor[*T](), Headers: replyHeaders}
}

func register[I any](a *API, e endpoint, method string, s operation.Shape, fn func(context.Context, *I) (*operation.Answer, error)) {
	s.In = reflect.TypeFor[I]()
	a.register(e, method, s, func(ctx context.Context, in any) (*operation.Answer, error) { return fn(ctx, in.(*I)) })
}

func (a *API) register(e endpoint, method string, s operation.Shape, fn operation.Handle) {
	path := "/api/v1" + e.path
	a.ends = append(a.ends, Endpoint{Method: method, Path: path, Verb: e.verb})
	status := http.StatusOK
	if method == http.MethodPost && strings.HasPrefix(e.id, "create-") {
		status = http.StatusCreated
	}
	most := e.most
	if most == 0 {
		most = 1 << 20
	}
	op := huma.Operation{OperationID: e.id, Method: method, Path: path, Summary: e.summary, Tags: []string{e.noun}, DefaultStatus: status,
		MaxBodyBytes: most, Metadata: map[string]any{"verb": e.verb}}
	if v, ok := access.Find(e.verb); ok && v.TokenScope() != "" {
		op.Security = []map[string][]string{{"token": {v.TokenScope()}}}
	}
	operation.Register(a.huma, op, s, func(ctx context.Context, in any) (*operation.Answer, error) {
		out, err := fn(ctx, in)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return out, nil
	})
}

// programmeOf is the code in the path, "" where there is none.
func programmeOf(in any) string {
	if p, ok := in.(interface{ programme() string }); ok {
		return p.programme()
	}
	return ""
}

func (a *API) read(ctx context.Context, in any, fn func(c *call) error) error {
	return a.db.Read(ctx, func(tx *db.Tx) error {
		c := &call{Context: ctx, tx: tx, by: askerOf(ctx).Actor}
		if code := programmeOf(in); code != "" {
			g, err := programme.Current(ctx, tx, code)
			if err != nil {
				return err
			}
			c.g = g
		}
		return fn(c)
	})
}

func (a *API) write(ctx context.Context, e endpoint, in any, fn func(c *call) error) error {
	var g programme.Programme
	err := a.db.Read(ctx, func(tx *db.Tx) (err error) {
		g, err = programme.Current(ctx, tx, programmeOf(in))
		return err
	})
	if err != nil {
		return err
	}
	do := func(tx *db.Tx) error { return fn(&call{Context: ctx, tx: tx, by: askerOf(ctx).Actor, g: g}) }
	if e.agency {
		return a.db.WriteAgency(ctx, do)
	}
	return a.db.Write(ctx, g.ID, do)
}

// tagOf is the strong ETag of a body: what reads the same has the same.
func tagOf(body any) (string, error) {
	b, err := json.Marshal(body)
	if err != nil {
		return "", fault.Internal(err)
	}
	sum := sha256.Sum256(b)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`, nil
}

func matches(header, tag string) bool {
	for t := range strings.SplitSeq(header, ",") {
		if t = strings.TrimPrefix(strings.TrimSpace(t), "W/"); t == tag || t == "*" {
			return true
		}
	}
	return false
}

// unchanged refuses a change that does not say what it read, or that read something older.
func unchanged(header string, now any) error {
	if header == "" {
		return fault.Invalid("If-Match", keyNoTag, nil)
	}
	tag, err := tagOf(now)
	if err != nil {
		return err
	}
	if strings.Contains(header, "W/") || !matches(header, tag) {
		return fault.Conflict(keyStale, nil)
	}
	return nil
}

// cut makes a page of a list that is read whole because it is short; key orders it and must be unique.
func cut[T any](all []T, p Paged, key func(T) string) ([]T, string, error) {
	from := 0
	if p.After != "" {
		i := slices.IndexFunc(all, func(x T) bool { return key(x) == p.After })
		if i < 0 {
			return nil, "", badAfter(p.After)
		}
		from = i + 1
	}
	all = all[from:]
	if len(all) <= p.Limit {
		return all, "", nil
	}
	return all[:p.Limit], key(all[p.Limit-1]), nil
}

func badAfter(found string) error {
	return fault.Invalid("after", "api.bad_after", text.Args{"found": found})
}

// choice refuses a value that is none of a list; "" chooses nothing.
func choice[T ~string](field, found string, from []T) error {
	if found == "" {
		return nil
	}
	return activity.Choice(field, found, from)
}

// nextLink is the header that leads to the next page (RFC 8288).
func nextLink(ctx context.Context, next string) string {
	u, ok := ctx.Value(addressKey).(url.URL)
	if next == "" || !ok {
		return ""
	}
	q := u.Query()
	q.Set("after", next)
	return "<" + (&url.URL{Path: u.Path, RawQuery: q.Encode()}).String() + `>; rel="next"`
}

func itoa(n int) string { return strconv.Itoa(n) }
