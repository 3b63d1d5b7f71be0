package claims

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/upload"
	"errera.eu/errera/internal/web/frame"
)

// uploadPage shows what an uploaded list would become: its columns with what each holds, and its rows with what is wrong or known. Nothing is
// saved; the file goes along in the page, to be kept as it was shown.
type uploadPage struct {
	claimPage
	upload.Preview
	Table upload.Table
	Bad   *fault.Fault // of the chosen columns
}

// preview shows an uploaded list.
func (w pages) preview(out http.ResponseWriter, r *http.Request, f form) error {
	if f.table == nil {
		return fault.Invalid("file", "claims.file_needed", nil)
	}
	c := uploadPage{Table: *f.table, Bad: f.columns}
	p, err := w.Read(r, "claims", func(tx *db.Tx, p *frame.Page) error {
		ctx, g := r.Context(), p.Programme.ID
		c.claimPage.Page = *p
		if err := w.load(r, tx, &c.claimPage); err != nil {
			return err
		}
		m := f.mapping
		if m == nil {
			var err error
			if m, err = upload.Remembered(ctx, tx, g, c.C.Partner, c.Table); err != nil {
				return err
			}
		}
		var err error
		c.Preview, err = upload.Look(ctx, tx, p.Actor, g, c.C.ID, c.Table, m)
		return err
	})
	if err != nil {
		return err
	}
	status := http.StatusOK
	if c.Bad != nil {
		status = statusOf(c.Bad)
	}
	number := strconv.Itoa(c.C.Number)
	p.Title, p.Year, p.AsOf = p.T("claims.preview", "file", c.Table.Name), 0, ""
	p.Path = []frame.Crumb{{Label: p.T("menu.claims"), Href: p.Link("/claims")}, {Label: c.Partner.Label()},
		{Label: p.T("claims.crumb", "number", number, "year", c.C.Year), Href: p.Link(address(c.Code, c.C.Year, c.C.Number))}, {Label: c.Table.Name}}
	p.URL.Path = address(c.Code, c.C.Year, c.C.Number)
	c.claimPage.Page = p
	return w.RenderStatus(out, r, status, uploadTempl(c))
}

func columnName(n int) string { return "column-" + strconv.Itoa(n) }

// body is the file as the page carries it.
func (c uploadPage) body() string { return base64.StdEncoding.EncodeToString(c.Table.Raw) }

func (c uploadPage) answer() string {
	args := []any{"file", c.Table.Name, "n", len(c.Table.Rows), "good", c.Good, "bad", c.Preview.Bad, "amount", c.Eligible}
	switch {
	case len(c.Unmapped) > 0:
		return c.T("claims.upload_columns", args...)
	case c.Good == 0:
		return c.T("claims.upload_none", args...)
	case c.Preview.Bad > 0:
		return c.T("claims.upload_some", args...)
	}
	return c.T("claims.upload_all", args...)
}

func (c uploadPage) lede() string {
	if len(c.Unmapped) > 0 {
		return c.T("claims.unmapped", "fields", c.unmapped())
	}
	all := []string{c.T("claims.upload_lede")}
	if c.Known > 0 {
		all = append(all, c.T("claims.upload_known", "n", c.Known))
	}
	if c.Likely > 0 {
		all = append(all, c.T("claims.upload_likely", "n", c.Likely))
	}
	return strings.Join(all, " ")
}

// unmapped names the fields for which there is no column.
func (c uploadPage) unmapped() string {
	var out []string
	for _, f := range c.Unmapped {
		out = append(out, c.T(upload.FieldKey(f)))
	}
	return strings.Join(out, ", ")
}

// example is what the first rows hold in a column.
func (c uploadPage) example(column int) string {
	var out []string
	for _, row := range c.Table.Rows {
		if column < len(row.Cells) && row.Cells[column] != "" && len(out) < 3 {
			out = append(out, row.Cells[column])
		}
	}
	return strings.Join(out, " · ")
}

// column is the title over the column of a field, "" none.
func (c uploadPage) column(field string) string {
	if n, mapped := c.Mapping[field]; mapped && n < len(c.Table.Header) {
		return c.Table.Header[n]
	}
	return ""
}

// says is a fault of a row with the column where it stands.
func (c uploadPage) says(w upload.Wrong) string {
	if at := c.column(w.Field); at != "" {
		return at + ": " + w.Say(c.Language)
	}
	return w.Say(c.Language)
}

// shownRows are the rows with something to say first, at most 200.
func (c uploadPage) shownRows() []upload.Row {
	var odd, good []upload.Row
	for _, r := range c.Rows {
		if len(r.Wrong)+len(r.Twins) > 0 {
			odd = append(odd, r)
		} else {
			good = append(good, r)
		}
	}
	odd = append(odd, good...)
	return odd[:min(len(odd), 200)]
}

func (c uploadPage) like(t funding.Twin) string {
	if t.Foreign {
		return c.T("claims.like_elsewhere")
	}
	return c.T("claims.like", "ref", t.Ref, "partner", t.Code, "year", t.Year)
}

// twin is where a twin stands, "" for one that the reader may not see.
func (c claimPage) twin(t funding.Twin) string {
	if t.Foreign {
		return ""
	}
	round := ""
	for _, g := range c.Rounds {
		if g.ID == t.Programme {
			round = g.Code
		}
	}
	return c.Link(address(t.Code, t.Year, t.Number), "item", t.Ref, "year", "", "programme", round)
}
