package overlaps

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/coordination"
	"errera.eu/errera/internal/coordination/overlap"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/web/frame"
)

// onePage is an overlap: its two activities, why they overlap, what was decided and what can be.
type onePage struct {
	frame.Page
	O      coordination.Overlap
	Steps  []coordination.Step
	Verb   string     // of a form that came back
	Typed  url.Values // what was typed in it
	Faults []fault.Fault
}

func (w pages) one(out http.ResponseWriter, r *http.Request) error {
	return w.show(out, r, http.StatusOK, onePage{})
}

func (w pages) show(out http.ResponseWriter, r *http.Request, status int, c onePage) error {
	p, err := w.Read(r, "overlaps", func(tx *db.Tx, p *frame.Page) (err error) {
		c.O, err = coordination.Load(r.Context(), tx, p.Actor.ScopeFor("overlap.read"), p.Programme.ID, r.PathValue("one"), r.PathValue("other"))
		if err != nil || c.O.ID == "" {
			return err
		}
		c.Steps, err = coordination.History(r.Context(), tx, p.Programme.ID, c.O.ID)
		return err
	})
	if err != nil {
		return err
	}
	p.Title = p.T(kindKey(c.O.Kind))
	p.Path = []frame.Crumb{{Label: p.T("menu.overlaps"), Href: p.Link("/overlaps", "year", c.O.A.Starts.Year().String())}, {Label: p.Title}}
	if slices.Contains(verbs(), r.URL.Query().Get("done")) {
		p.Notice = p.T(text.Key("overlaps.done." + r.URL.Query().Get("done")))
	}
	p.Year, p.AsOf = 0, ""
	p.At("/overlaps/" + c.O.A.Code + "/" + c.O.B.Code)
	c.Page = p
	return w.RenderStatus(out, r, status, oneTempl(c))
}

func verbs() []string {
	return []string{"propose", "agree", "decline", "move", "justify", "dismiss", "reopen"}
}

// act does one verb on an overlap; a form at fault comes back with what was typed.
func (w pages) act(out http.ResponseWriter, r *http.Request) error {
	verb := r.PathValue("verb")
	if !slices.Contains(verbs(), verb) {
		return fault.Missing("serve.no_page", nil)
	}
	p, err := w.Read(r, "overlaps", func(*db.Tx, *frame.Page) error { return nil })
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "fault.invalid", nil)
	}
	ref := coordination.Ref{One: r.PathValue("one"), Other: r.PathValue("other")}
	err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error { return do(r, tx, serve.Of(r).Actor, p.Programme.ID, ref, verb) })
	if fault.Is(err, fault.KindInvalid) {
		return w.show(out, r, serve.Status(fault.KindInvalid), onePage{Verb: verb, Typed: r.PostForm, Faults: fault.Of(err).All()})
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, frame.To(r, "/overlaps/"+ref.One+"/"+ref.Other, "done", verb), http.StatusSeeOther)
	return nil
}

func do(r *http.Request, tx *db.Tx, by access.Actor, g id.Programme, ref coordination.Ref, verb string) error {
	ctx, form := r.Context(), r.PostFormValue
	switch verb {
	case "propose":
		weights := map[string]int64{}
		for name := range r.PostForm {
			if code, ok := strings.CutPrefix(name, "share."); ok {
				n, err := strconv.ParseInt(strings.TrimSpace(form(name)), 10, 64)
				if err == nil { // what is no number has no share, and the verb says so at its field
					weights[code] = n
				}
			}
		}
		return coordination.Propose(ctx, tx, by, g, ref, form("keep"), weights, form("note"))
	case "agree":
		return coordination.Agree(ctx, tx, by, g, ref)
	case "decline":
		return coordination.Decline(ctx, tx, by, g, ref, form("reason"))
	case "move":
		return coordination.Move(ctx, tx, by, g, ref, form("code"), period.Date(form("starts_on")), period.Date(form("ends_on")), form("reason"))
	case "justify":
		return coordination.Justify(ctx, tx, by, g, ref, form("reason"))
	case "dismiss":
		return coordination.Dismiss(ctx, tx, by, g, ref, form("reason"))
	}
	return coordination.Reopen(ctx, tx, by, g, ref, form("reason"))
}

func (c onePage) may(verb access.VerbName) bool { return c.Actor.Can(verb, c.O.Subject()) }

// coming tells whether both activities are still to take place.
func (c onePage) coming() bool { return c.O.A.Coming() && c.O.B.Coming() }

// own are the activities whose days the reader may change.
func (c onePage) own() []activity.Activity {
	return slices.DeleteFunc([]activity.Activity{c.O.A, c.O.B}, func(a activity.Activity) bool { return !c.Actor.Can("activity.change", a.Subject()) })
}

// mayAgree tells whether the reader's yes is waited for.
func (c onePage) mayAgree() bool {
	return c.O.Offer != nil && c.may("overlap.join") && slices.ContainsFunc(c.O.Offer.Shares, func(s coordination.Share) bool {
		return s.Needed && s.AgreedOn == "" && slices.ContainsFunc(c.Actor.Memberships, func(m access.Membership) bool { return m.Organisation == s.Organisation })
	})
}

// answer says what the two are to each other, or what was decided.
func (c onePage) answer() string {
	if c.O.State != coordination.Open {
		return c.T(text.Key("overlaps.one." + string(c.O.State)))
	}
	return c.T(text.Key("overlaps.one." + string(c.O.Kind)))
}

// shows tells whether the reader may open an activity's own page.
func (c onePage) shows(a activity.Activity) bool {
	return a.State != activity.Planned || c.Agency() || slices.ContainsFunc(a.Organisers, func(o activity.Organiser) bool {
		return c.Actor.Scope().Holds(o.Organisation)
	})
}

// fact is one line of the comparison.
type fact struct{ Head, A, B string }

// facts are what both say, line by line.
func (c onePage) facts() []fact {
	line := func(head text.Key, of func(activity.Activity) string) fact {
		return fact{c.T(head), of(c.O.A), of(c.O.B)}
	}
	return []fact{
		line("activities.who", func(a activity.Activity) string {
			names := make([]string, len(a.Organisers))
			for i, o := range a.Organisers {
				names[i] = o.Label
			}
			return strings.Join(names, ", ")
		}),
		line("activities.when", func(a activity.Activity) string { return a.Span().Show(c.Language) }),
		line("activities.where", func(a activity.Activity) string { return c.Where(a) }),
		line("calendar.type", func(a activity.Activity) string { return c.T(a.Type.Key()) }),
		line("calendar.market", func(a activity.Activity) string { return frame.Listed(a.Markets, c.Language.Country) }),
		line("calendar.sector", func(a activity.Activity) string { return frame.Listed(a.Sectors, c.SectorWord) }),
		line("calendar.need", func(a activity.Activity) string { return frame.Listed(a.Needs, c.NeedWord) }),
		line("activities.state", func(a activity.Activity) string { return c.T(a.State.Key()) }),
	}
}

func (c onePage) part(s overlap.Score) string {
	return c.T(text.Key("overlaps.part." + string(s.Part)))
}

// typed is what a form that came back holds in a field, or else what it starts with.
func (c onePage) typed(verb, field, otherwise string) string {
	if c.Verb == verb && c.Typed.Has(field) {
		return c.Typed.Get(field)
	}
	return otherwise
}

// weight is what a share starts with: that of the proposal that waits, or one part each.
func (c onePage) weight(o activity.Organiser) string {
	n := int64(1)
	if c.O.Offer != nil {
		for _, s := range c.O.Offer.Shares {
			if s.Organisation == o.Organisation {
				n = s.Weight
			}
		}
	}
	return c.typed("propose", "share."+o.Code, strconv.FormatInt(n, 10))
}

// keeps tells which activity a proposal starts with as the one that stays.
func (c onePage) keeps(a activity.Activity) bool {
	keep := c.O.A.Code
	if c.O.Offer != nil && c.O.Offer.Keep == c.O.B.ID {
		keep = c.O.B.Code
	}
	return c.typed("propose", "keep", keep) == a.Code
}

// part of the whole that a share is.
func (c onePage) percent(s coordination.Share) string {
	var sum int64
	for _, x := range c.O.Offer.Shares {
		sum += x.Weight
	}
	tenths := (s.Weight*1000 + sum/2) / sum
	return c.Language.Percent(strconv.FormatInt(tenths/10, 10)+"."+strconv.FormatInt(tenths%10, 10), 1)
}

func (c onePage) faultOf(verb, field string) string {
	for i := range c.Faults {
		f := &c.Faults[i]
		if c.Verb == verb && f.Field == field {
			return f.Say(c.Language)
		}
	}
	return ""
}

// acts tells whether the reader can decide anything.
func (c onePage) acts() bool {
	return slices.ContainsFunc([]access.VerbName{"overlap.propose", "overlap.move", "overlap.justify", "overlap.dismiss", "overlap.reopen"}, c.may)
}

func verbName(verb string) access.VerbName { return access.VerbName("overlap." + verb) }

func headKey(verb string) text.Key { return text.Key("overlaps.head." + verb) }

func doKey(verb string) text.Key { return text.Key("overlaps.do." + verb) }
