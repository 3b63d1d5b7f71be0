package library

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/knowledge"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// itemPage is one item with its files, versions and uses, and what is like it.
type itemPage struct {
	frame.Page
	form
	Item     knowledge.Item
	Versions []knowledge.Version
	Shown    *knowledge.Version // an older version that the address asks for
	Similar  []knowledge.Item
	Uses     []knowledge.Use
	States   map[id.File]knowledge.FileState
}

func (w pages) item(out http.ResponseWriter, r *http.Request) error {
	return w.showItem(out, r, http.StatusOK, form{})
}

func (w pages) showItem(out http.ResponseWriter, r *http.Request, status int, f form) error {
	c := itemPage{form: f}
	p, err := w.Read(r, "knowledge", func(tx *db.Tx, p *frame.Page) error {
		item, err := itemOf(r)
		if err != nil {
			return err
		}
		return c.load(r, tx, p.Actor, p.Programme.ID, item)
	})
	if err != nil {
		return err
	}
	p.Title = c.content().Title
	p.Path = []frame.Crumb{{Label: p.T("menu.knowledge"), Href: p.Link("/knowledge", "year", "")}, {Label: p.T(c.Item.Kind.Key())}}
	p.Year, p.AsOf = 0, ""
	if done := r.URL.Query().Get("done"); p.Language.Has(text.Key("library.done." + done)) {
		p.Notice = p.T(text.Key("library.done." + done))
	}
	c.Page = p
	return w.RenderStatus(out, r, status, itemTempl(c))
}

func (c *itemPage) load(r *http.Request, tx *db.Tx, by access.Actor, g id.Programme, item id.Knowledge) (err error) {
	ctx := r.Context()
	if c.Item, err = knowledge.Load(ctx, tx, by, g, item); err != nil {
		return err
	}
	if c.Versions, err = knowledge.Versions(ctx, tx, g, c.Item); err != nil {
		return err
	}
	if c.Similar, err = knowledge.Similar(ctx, tx, by, g, c.Item); err != nil {
		return err
	}
	if c.Uses, err = knowledge.Uses(ctx, tx, g, c.Item); err != nil {
		return err
	}
	if c.States, err = knowledge.FileStates(ctx, tx, g, c.Item.ID); err != nil {
		return err
	}
	asked := r.URL.Query().Get("version")
	if asked == "" {
		return nil
	}
	for i, v := range c.Versions {
		if strconv.Itoa(v.Version) == asked {
			c.Shown = &c.Versions[i]
			return nil
		}
	}
	return frame.BadFilter("version", asked)
}

// content is what the page shows: the item as it stands, or an older version.
func (c itemPage) content() knowledge.Content {
	if c.Shown != nil {
		return c.Shown.Content
	}
	return c.Item.Content
}

func (c itemPage) may(verb access.VerbName) bool {
	return c.Actor.Can(verb, c.Item.Subject()) && (verb == "knowledge.withdraw" || slices.Contains(knowledge.Writes(c.Actor), c.Item.Organisation))
}

// uses tells whether the reader may say what the item was used for.
func (c itemPage) uses() bool {
	return c.Actor.Can("knowledge.use", c.Item.Subject()) && len(knowledge.Users(c.Actor, c.Item)) > 0
}

func (c itemPage) lede() string {
	if c.Item.State == knowledge.Draft {
		return c.T("library.lede_draft", "who", c.Item.Label, "reach", c.Item.Reach.Key())
	}
	return c.T("library.lede", "who", c.Item.Label, "on", c.Day(c.Item.Published), "reach", c.Item.Reach.Key(), "version", c.Item.Version)
}

func (c itemPage) action(verb string) string { return c.Action(address(c.Item.ID) + "/" + verb) }

func (c itemPage) fileLink(n int) string {
	return c.Link(address(c.Item.ID) + "/files/" + strconv.Itoa(n+1))
}

// act runs a verb of the page; a form at fault comes back with what was typed.
func (w pages) act(out http.ResponseWriter, r *http.Request) error {
	item, err := itemOf(r)
	if err != nil {
		return err
	}
	verb := r.PathValue("verb")
	var proof *file.Proof
	if verb == "attach" {
		proof, err = w.upload(r)
	} else if r.ParseForm() != nil {
		return fault.Invalid("", "fault.invalid", nil)
	}
	var p frame.Page
	if err == nil {
		if p, err = w.within(r, "knowledge"); err != nil {
			return err
		}
		do := verbs(r.Context(), p, item, r, proof)[verb]
		if do == nil {
			return fault.Missing("serve.no_page", nil)
		}
		err = w.DB.Write(r.Context(), p.Programme.ID, do)
	}
	if refused(err) {
		f := form{Typed: r.PostForm, Fault: fault.Of(err)}
		if verb == "change" || verb == "attach" || verb == "detach" {
			return w.showForm(out, r, serve.Status(f.Fault.Kind), f)
		}
		return w.showItem(out, r, serve.Status(f.Fault.Kind), f)
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, after(verb, item), "done", verb), http.StatusSeeOther)
	return nil
}

// after is where a verb leads.
func after(verb string, item id.Knowledge) string {
	switch verb {
	case "discard", "withdraw": // what was withdrawn, others than its organisation no longer read
		return "/knowledge"
	case "attach", "detach":
		return address(item) + "/edit"
	}
	return address(item)
}

func (w pages) upload(r *http.Request) (*file.Proof, error) {
	part, head, err := r.FormFile("file")
	if err != nil {
		return nil, fault.Invalid("file", "claims.file_needed", nil)
	}
	defer part.Close()
	p, err := file.Check(r.Context(), w.Scanner, "file", head.Filename, part)
	return &p, err
}

// verbs are what the forms do, by the last part of their address.
func verbs(ctx context.Context, p frame.Page, item id.Knowledge, r *http.Request, proof *file.Proof) map[string]func(*db.Tx) error {
	by, g, typed := p.Actor, p.Programme.ID, r.PostForm
	one := func(fn func(tx *db.Tx) (knowledge.Item, error)) func(*db.Tx) error {
		return func(tx *db.Tx) error {
			_, err := fn(tx)
			return err
		}
	}
	return map[string]func(*db.Tx) error{
		"publish": one(func(tx *db.Tx) (knowledge.Item, error) { return knowledge.Publish(ctx, tx, by, g, item) }),
		"withdraw": one(func(tx *db.Tx) (knowledge.Item, error) {
			return knowledge.Withdraw(ctx, tx, by, g, item, typed.Get("reason"))
		}),
		"discard": func(tx *db.Tx) error { return knowledge.Discard(ctx, tx, by, g, item) },
		"use":     func(tx *db.Tx) error { return knowledge.Say(ctx, tx, by, g, item, typed.Get("purpose")) },
		"attach": one(func(tx *db.Tx) (knowledge.Item, error) {
			return knowledge.Attach(ctx, tx, by, g, item, *proof)
		}),
		"detach": one(func(tx *db.Tx) (knowledge.Item, error) {
			return knowledge.Detach(ctx, tx, by, g, item, id.File(typed.Get("file")))
		}),
		"change": one(func(tx *db.Tx) (knowledge.Item, error) {
			c, err := contentOf(typed)
			if err != nil {
				return knowledge.Item{}, err
			}
			read, _ := strconv.Atoi(typed.Get("revision")) // what is none is not the last one
			return knowledge.Change(ctx, tx, by, g, item, c, read, typed.Get("note"))
		}),
	}
}

// file sends a file of an item, or of an older version of it.
func (w pages) file(out http.ResponseWriter, r *http.Request) error {
	var f file.File
	var body []byte
	_, err := w.Read(r, "knowledge", func(tx *db.Tx, p *frame.Page) error {
		item, err := itemOf(r)
		if err != nil {
			return err
		}
		var c itemPage
		if err := c.load(r, tx, p.Actor, p.Programme.ID, item); err != nil {
			return err
		}
		files := c.files()
		n, err := strconv.Atoi(r.PathValue("number"))
		if err != nil || n < 1 || n > len(files) {
			return fault.Missing("file.missing", nil)
		}
		f, body, err = knowledge.ReadFile(r.Context(), tx, p.Actor, p.Programme.ID, item, files[n-1])
		return err
	})
	if err != nil {
		return err
	}
	return serve.Send(out, serve.Download{Name: f.Name, Type: string(f.Type), Bytes: body, Inline: f.Type.Seen()})
}

// files are the ids of the files that the page shows.
func (c itemPage) files() []id.File {
	if c.Shown != nil {
		return c.Shown.Files
	}
	var out []id.File
	for _, f := range c.Item.Files {
		out = append(out, f.ID)
	}
	return out
}

// A block is a paragraph, a heading or a list of a text.
type block struct {
	Heading bool
	List    bool
	Lines   []string
}

// blocks reads a text: a blank line between paragraphs, "- " before what is listed, "## " before a heading.
func blocks(body string) []block {
	var out []block
	for part := range strings.SplitSeq(strings.ReplaceAll(body, "\r\n", "\n"), "\n\n") {
		for line := range strings.Lines(part) {
			line = strings.TrimSpace(line)
			item, isItem := strings.CutPrefix(line, "- ")
			heading, isHeading := strings.CutPrefix(line, "## ")
			last := len(out) - 1
			switch {
			case line == "":
			case isHeading:
				out = append(out, block{Heading: true, Lines: []string{heading}})
			case isItem && last >= 0 && out[last].List:
				out[last].Lines = append(out[last].Lines, item)
			case isItem:
				out = append(out, block{List: true, Lines: []string{item}})
			default:
				out = append(out, block{Lines: []string{line}})
			}
		}
	}
	return out
}

// A run is a part of a line: words, or an address of the web.
type run struct{ Text, Href string }

// runs cuts a line at the web addresses in it.
func runs(line string) (out []run) {
	for line != "" {
		at := strings.Index(line, "https://")
		if plain := strings.Index(line, "http://"); at < 0 || plain >= 0 && plain < at {
			at = plain
		}
		if at < 0 {
			return append(out, run{Text: line})
		}
		if at > 0 {
			out = append(out, run{Text: line[:at]})
		}
		end := strings.IndexAny(line[at:], " \t<>\"")
		if end < 0 {
			end = len(line) - at
		}
		link := strings.TrimRight(line[at:at+end], ".,;:!?)")
		if u, err := url.Parse(link); err == nil && u.Host != "" {
			out = append(out, run{link, link})
		} else {
			out = append(out, run{Text: link})
		}
		line = line[at+len(link):]
	}
	return out
}
