package operation

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"reflect"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// param is a field of the input that stands in the address or in a header.
type param struct {
	in, name string
	preset   string
	required bool
	place    []int
	schema   *huma.Schema
}

// find collects the params of an input and of what is embedded in it, in order, and describes them.
func (o *operation) find(t reflect.Type, at []int) {
	for i := range t.NumField() {
		f := t.Field(i)
		place := append(slices.Clone(at), i)
		switch {
		case f.Anonymous:
			o.find(f.Type, place)
		case f.IsExported() && f.Name != "Body":
			o.add(f, place)
		}
	}
}

func (o *operation) add(f reflect.StructField, place []int) {
	p := param{place: place, preset: f.Tag.Get("default"), required: f.Tag.Get("required") == "true"}
	for _, in := range []string{"path", "query", "header"} {
		if name := f.Tag.Get(in); name != "" {
			p.in, p.name, p.required = in, name, p.required || in == "path"
		}
	}
	if p.in == "" {
		return
	}
	switch f.Type.Kind() {
	case reflect.String, reflect.Int, reflect.Int64, reflect.Bool:
	default:
		panic("api: " + o.op.OperationID + ": " + p.name + " is a " + f.Type.String())
	}
	p.schema = huma.SchemaFromField(o.api.OpenAPI().Components.Schemas, f, "")
	o.params = append(o.params, p)
	said := &huma.Param{Name: p.name, In: p.in, Required: p.required, Schema: p.schema, Description: p.schema.Description}
	if p.in == "query" {
		o.known[p.name] = true
		said.Explode = new(bool)
	}
	o.op.Parameters = append(o.op.Parameters, said)
}

// finding is what is wrong with a request so far.
type finding struct {
	huma.ValidateResult
	place *huma.PathBuffer
}

func (f *finding) at(words ...string) *huma.PathBuffer {
	f.place.Reset()
	for _, w := range words {
		f.place.Push(w)
	}
	return f.place
}

func (f *finding) answer(ctx huma.Context, status int, message string) *Answer {
	return refusal(ctx, huma.NewErrorWithContext(ctx, status, message, f.Errors...))
}

// read fills an input from a request; it returns the refusal of one that does not hold.
func (o *operation) read(ctx huma.Context, in reflect.Value) *Answer {
	f := &finding{place: huma.NewPathBuffer(nil, 0)}
	address := ctx.URL()
	for name := range address.Query() {
		if !o.known[name] {
			f.Add(f.at("query", name), "", "unknown query parameter")
		}
	}
	if len(f.Errors) > 0 {
		return f.answer(ctx, http.StatusUnprocessableEntity, "validation failed")
	}
	for i := range o.params {
		o.readParam(ctx, &o.params[i], in, f)
	}
	status := http.StatusUnprocessableEntity
	if o.schema != nil {
		refused, unreadable := o.readBody(ctx, in, f)
		if refused != nil {
			return refused
		}
		if unreadable != 0 {
			status = unreadable
		}
	}
	if len(f.Errors) > 0 {
		return f.answer(ctx, status, "validation failed")
	}
	return nil
}

func (o *operation) readParam(ctx huma.Context, p *param, in reflect.Value, f *finding) {
	value := ""
	switch p.in {
	case "path":
		value = ctx.Param(p.name)
	case "query":
		value = ctx.Query(p.name)
	case "header":
		value = ctx.Header(p.name)
	}
	if value == "" {
		value = p.preset
	}
	if value == "" {
		if p.required {
			f.Add(f.at(p.in, p.name), "", "required "+p.in+" parameter is missing")
		}
		return
	}
	field := in.FieldByIndex(p.place)
	var parsed any
	var err error
	switch field.Kind() {
	case reflect.String:
		parsed = value
		field.SetString(value)
	case reflect.Bool:
		var b bool
		b, err = strconv.ParseBool(value)
		parsed = b
		field.SetBool(b)
	default:
		var n int64
		n, err = strconv.ParseInt(value, 10, field.Type().Bits())
		parsed = n
		field.SetInt(n)
	}
	if err != nil {
		f.Add(f.at(p.in, p.name), value, "invalid "+p.schema.Type)
		return
	}
	huma.Validate(o.api.OpenAPI().Components.Schemas, p.schema, f.at(p.in, p.name), huma.ModeWriteToServer, parsed, &f.ValidateResult)
}

// readBody reads what a request carries. status is that of a body that cannot be read at all, 0 otherwise.
func (o *operation) readBody(ctx huma.Context, in reflect.Value, f *finding) (refused *Answer, status int) {
	body, err := o.bytes(ctx)
	switch {
	case errors.Is(err, errTooLarge):
		return f.answer(ctx, http.StatusRequestEntityTooLarge, err.Error()), 0
	case err != nil:
		if late := net.Error(nil); errors.As(err, &late) && late.Timeout() {
			return f.answer(ctx, http.StatusRequestTimeout, "request body read timeout"), 0
		}
		f.Errors = append(f.Errors, err)
		return f.answer(ctx, http.StatusInternalServerError, "cannot read request body"), 0
	case len(body) == 0:
		return f.answer(ctx, http.StatusBadRequest, "request body is required"), 0
	}
	kind := ctx.Header("Content-Type")
	if kind == "" {
		kind = "application/json"
	}
	var parsed any
	if err := o.api.Unmarshal(kind, body, &parsed); err != nil {
		f.Add(f.at("body"), string(body), err.Error())
		if errors.Is(err, huma.ErrUnknownContentType) {
			return nil, http.StatusUnsupportedMediaType
		}
		return nil, http.StatusBadRequest
	}
	before := len(f.Errors)
	huma.Validate(o.api.OpenAPI().Components.Schemas, o.schema, f.at("body"), huma.ModeWriteToServer, parsed, &f.ValidateResult)
	if err := o.api.Unmarshal(kind, body, in.FieldByIndex(o.body).Addr().Interface()); err != nil && len(f.Errors) == before {
		f.Add(f.at("body"), string(body), err.Error())
	}
	return nil, 0
}

var errTooLarge = errors.New("request body is too large")

// bytes reads what a request carries; how long that may take is the server's ReadTimeout.
func (o *operation) bytes(ctx huma.Context) ([]byte, error) {
	from := ctx.BodyReader()
	if from == nil {
		return nil, nil
	}
	var b bytes.Buffer
	n, err := b.ReadFrom(io.LimitReader(from, o.op.MaxBodyBytes+1))
	if err == nil && n > o.op.MaxBodyBytes {
		return nil, errTooLarge
	}
	return b.Bytes(), err
}
