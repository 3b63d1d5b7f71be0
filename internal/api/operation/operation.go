// Package operation serves one operation of the interface: it describes it, reads a request into its input, and writes the answer.
//
// Schemas, validation and description are huma's. What huma registers with is generic and compiled anew for each pair of input and answer,
// some 30 KB for each of our operations; this is compiled once, by reflection, for the few forms of input that we have.
package operation

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// Answer is what an operation answers.
type Answer struct {
	Status  int         // 0: the operation's own
	Headers [][2]string // in order; an empty value is not sent
	Body    any         // nil none, bytes as they are, anything else as JSON
}

// Shape is what an operation takes and gives.
type Shape struct {
	In      reflect.Type // a struct: its fields have path, query or header tags, and Body is what the request carries
	Body    reflect.Type // of the answer; nil for bytes
	Headers []string     // of the answer
}

// Handle does the work; in is a pointer to a Shape.In that was checked. An error that is no huma.StatusError is a fault of ours.
type Handle func(ctx context.Context, in any) (*Answer, error)

// operation is one that is registered.
type operation struct {
	api    huma.API
	op     *huma.Operation
	shape  Shape
	handle Handle
	params []param
	known  map[string]bool // names in the query
	body   []int           // the place of Body in the input
	schema *huma.Schema    // of the body
}

// Register adds an operation to the description and to the routes. It panics on an input that it cannot read: that is a mistake in the
// program, found when it starts.
func Register(api huma.API, op huma.Operation, s Shape, handle Handle) {
	o := &operation{api: api, op: &op, shape: s, handle: handle, known: map[string]bool{}}
	o.find(s.In, nil)
	if f, ok := s.In.FieldByName("Body"); ok {
		o.body, o.schema = f.Index, o.schemaOf(s.In, f, "Request")
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: o.schema}}}
		o.schema.PrecomputeMessages()
	}
	o.describeAnswer()
	api.OpenAPI().AddOperation(&op)
	api.Adapter().Handle(&op, api.Middlewares().Handler(op.Middlewares.Handler(o.serve)))
}

// schemaOf names a type that has no name of its own after where it stands.
func (o *operation) schemaOf(in reflect.Type, f reflect.StructField, what string) *huma.Schema {
	name := o.op.OperationID + what
	if in.Name() != "" {
		name = in.Name() + f.Name
	}
	return huma.SchemaFromField(o.api.OpenAPI().Components.Schemas, f, name)
}

func (o *operation) describeAnswer() {
	registry := o.api.OpenAPI().Components.Schemas
	good := &huma.Response{Description: http.StatusText(o.op.DefaultStatus), Headers: map[string]*huma.Header{}}
	for _, name := range o.shape.Headers {
		good.Headers[name] = &huma.Header{Schema: registry.Schema(reflect.TypeFor[string](), true, "")}
	}
	if o.shape.Body != nil {
		schema := registry.Schema(o.shape.Body, true, o.op.OperationID+"Response")
		good.Content = map[string]*huma.MediaType{"application/json": {Schema: schema}}
	}
	problem := &huma.MediaType{Schema: registry.Schema(reflect.TypeFor[huma.ErrorModel](), true, "Error")}
	o.op.Responses = map[string]*huma.Response{
		strconv.Itoa(o.op.DefaultStatus): good,
		"default":                        {Description: "Error", Content: map[string]*huma.MediaType{"application/problem+json": problem}},
	}
}

// serve answers one request.
func (o *operation) serve(ctx huma.Context) {
	in := reflect.New(o.shape.In)
	refused := o.read(ctx, in.Elem())
	if refused != nil {
		o.write(ctx, refused)
		return
	}
	answer, err := o.handle(ctx.Context(), in.Interface())
	if err != nil {
		o.write(ctx, refusal(ctx, err))
		return
	}
	o.write(ctx, answer)
}

// refusal is the answer that says what went wrong.
func refusal(ctx huma.Context, err error) *Answer {
	var headers huma.HeadersError
	var known huma.StatusError
	a := &Answer{}
	if errors.As(err, &headers) {
		for name, values := range headers.GetHeaders() {
			for _, v := range values {
				a.Headers = append(a.Headers, [2]string{name, v})
			}
		}
	}
	if !errors.As(err, &known) {
		known = huma.NewErrorWithContext(ctx, http.StatusInternalServerError, "unexpected error occurred", err)
	}
	a.Status, a.Body = known.GetStatus(), known
	return a
}

// write sends an answer. Whoever asked may be gone: what cannot be sent is nobody's loss, what cannot be said is a panic.
func (o *operation) write(ctx huma.Context, a *Answer) {
	for _, h := range a.Headers {
		if h[1] != "" {
			ctx.AppendHeader(h[0], h[1])
		}
	}
	status := a.Status
	if status == 0 {
		status = o.op.DefaultStatus
	}
	if b, is := a.Body.([]byte); is {
		ctx.SetStatus(status)
		_, _ = ctx.BodyWriter().Write(b) // the reader may be gone
		return
	}
	if a.Body == nil {
		ctx.SetStatus(status)
		return
	}
	o.writeJSON(ctx, status, a.Body)
}

func (o *operation) writeJSON(ctx huma.Context, status int, body any) {
	format, err := o.api.Negotiate(ctx.Header("Accept"))
	if err != nil {
		status, format = http.StatusNotAcceptable, "application/json"
		body = huma.NewErrorWithContext(ctx, status, "unable to marshal response", err)
	}
	said, err := o.api.Transform(ctx, strconv.Itoa(status), body)
	if err != nil {
		panic(fmt.Errorf("api: answer of %s: %w", o.op.OperationID, err))
	}
	kind := format
	if special, is := said.(huma.ContentTypeFilter); is {
		kind = special.ContentType(format)
	}
	ctx.SetHeader("Content-Type", kind)
	ctx.SetStatus(status)
	if status == http.StatusNotModified || status == http.StatusNoContent {
		return
	}
	if err := o.api.Marshal(ctx.BodyWriter(), format, said); err != nil && ctx.Context().Err() == nil {
		panic(fmt.Errorf("api: answer of %s: %w", o.op.OperationID, err))
	}
}
