package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
)

// Faults of the interface itself have statuses of their own; all others have that of their kind.
const (
	keyNoToken text.Key = "api.no_token"
	keyNoTag   text.Key = "api.no_if_match"
	keyStale   text.Key = "api.stale"
	keyTooMany text.Key = "api.too_many"
)

// Problem is a fault as programs read it (RFC 9457).
type Problem struct {
	Type   string  `json:"type" doc:"urn:errera:fault: and the code" example:"urn:errera:fault:activity.missing"`
	Title  string  `json:"title" doc:"What is wrong, in the language asked for"`
	Status int     `json:"status"`
	Code   string  `json:"code" doc:"Stable name of the fault" example:"activity.missing"`
	Field  string  `json:"field,omitempty" doc:"The field that it is about"`
	Errors []Field `json:"errors,omitempty" doc:"When several fields are wrong, each of them"`
}

// Field is what is wrong with one field.
type Field struct {
	Field string `json:"field"`
	Code  string `json:"code"`
	Title string `json:"title"`
}

// Error is for logs.
func (p *Problem) Error() string { return p.Code + ": " + p.Title }

// GetStatus makes huma answer with the status.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders are those that go with the status.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="errera"`)
	}
	if p.Status == http.StatusServiceUnavailable {
		h.Set("Retry-After", "5")
	}
	return h
}

// ContentType is that of problem details.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// problem makes a fault readable for the asker and logs what is our own.
func (a *API) problem(ctx context.Context, err error) *Problem {
	f := fault.Of(err)
	if f.Kind == fault.KindInternal && !errors.Is(err, context.Canceled) {
		a.log.Error("api request failed", "error", err)
	}
	return problemOf(f, askerOf(ctx).language)
}

func problemOf(f *fault.Fault, l text.Language) *Problem {
	code := f.Key
	if code == "" {
		code = f.Kind.Key()
	}
	p := &Problem{Type: "urn:errera:fault:" + string(code), Title: f.Say(l), Status: statusOf(f), Code: string(code), Field: f.Field}
	if len(f.Many) > 0 {
		for _, one := range f.All() {
			p.Errors = append(p.Errors, Field{Field: one.Field, Code: string(one.Key), Title: one.Say(l)})
		}
	}
	return p
}

func statusOf(f *fault.Fault) int {
	switch f.Key {
	case keyNoToken, "access.token_unknown":
		return http.StatusUnauthorized
	case keyNoTag:
		return http.StatusPreconditionRequired
	case keyStale:
		return http.StatusPreconditionFailed
	case keyTooMany:
		return http.StatusTooManyRequests
	}
	return serve.Status(f.Kind)
}

// refuse answers with a problem before any operation has begun.
func (a *API) refuse(w http.ResponseWriter, r *http.Request, err error) {
	who := askerOf(r.Context())
	if who.Language == "" && who.ID == "" {
		who.language = text.Match(r.Header.Get("Accept-Language"))
	}
	p := a.problem(context.WithValue(r.Context(), askerKey, who), err)
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the reader may be gone; there is nobody to tell
}

// translate turns what the library found wrong with a request into a problem like all others.
func (a *API) translate(ctx huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	f := &fault.Fault{Kind: fault.KindInvalid, Key: "api.request"}
	for _, d := range m.Errors {
		f.Many = append(f.Many, fieldFault(d))
	}
	switch {
	case m.Status == http.StatusNotAcceptable || m.Status == http.StatusUnsupportedMediaType:
		f.Key = "api.only_json"
	case m.Status == http.StatusRequestEntityTooLarge:
		f.Key = "api.too_large"
	case m.Status >= http.StatusInternalServerError:
		f.Key = "fault.internal"
	case len(f.Many) == 1:
		f = &f.Many[0]
	default:
		f.Args = text.Args{"n": len(f.Many)}
	}
	p := problemOf(f, askerOf(ctx.Context()).language)
	p.Status = m.Status
	return p, nil
}

// fieldFault reads where and why: the library speaks English and names places as body.title or query.limit.
func fieldFault(d *huma.ErrorDetail) fault.Fault {
	_, field, _ := strings.Cut(d.Location, ".")
	f := fault.Fault{Kind: fault.KindInvalid, Field: field, Key: "api.value", Args: text.Args{"detail": d.Message}}
	switch {
	case strings.HasPrefix(d.Message, "expected required property "):
		f.Field = strings.TrimPrefix(field+"."+strings.Fields(d.Message)[3], ".")
		f.Key = "api.required"
	case strings.HasPrefix(d.Message, "required "):
		f.Key = "api.required"
	case strings.HasPrefix(d.Message, "unexpected property"), strings.HasPrefix(d.Message, "unknown query parameter"):
		f.Key = "api.unknown_field"
	}
	return f
}

// describeFaults puts our problem in the place of the library's error in the description.
func (a *API) describeFaults() {
	o := a.huma.OpenAPI()
	schema := huma.SchemaFromType(o.Components.Schemas, reflect.TypeFor[Problem]())
	for _, path := range o.Paths {
		for _, op := range []*huma.Operation{path.Get, path.Post, path.Put, path.Patch, path.Delete} {
			if op == nil {
				continue
			}
			for _, r := range op.Responses {
				if _, is := r.Content["application/problem+json"]; is {
					r.Description = "A fault, as problem details"
					r.Content["application/problem+json"] = &huma.MediaType{Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}}
				}
			}
		}
	}
	known := o.Components.Schemas.Map()
	known["Problem"] = schema
	delete(known, "ErrorModel")
	delete(known, "ErrorDetail")
}
