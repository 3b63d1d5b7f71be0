package feeds

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/feed"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/web/frame"
)

// form is the settings of a feed as they are shown to be changed: as they are, or as they were typed with what is wrong with them.
type form struct {
	frame.Page
	Typed map[string][]string
	Fault *fault.Fault
}

// formOf shows the settings as they are.
func formOf(p frame.Page, s feed.Settings) form {
	return form{Page: p, Typed: map[string][]string{"url": {s.URL}, "type": {string(s.Type)}, "every": {strconv.Itoa(s.EveryHours)},
		"markets": {strings.Join(s.Markets, " ")}, "sectors": {strings.Join(s.Sectors, " ")}, "needs": s.Needs}}
}

// settingsOf reads what was typed.
func settingsOf(r *http.Request) (feed.Settings, error) {
	if err := r.ParseForm(); err != nil {
		return feed.Settings{}, fault.Invalid("", "fault.invalid", nil)
	}
	typed := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	hours, err := strconv.Atoi(typed("every"))
	if err != nil || hours == 0 {
		hours = -1 // told at its field
	}
	return feed.Settings{URL: typed("url"), Type: activity.Type(typed("type")), Markets: strings.Fields(strings.ToUpper(typed("markets"))),
		Sectors: strings.Fields(strings.ToLower(typed("sectors"))), Needs: r.PostForm["needs"], EveryHours: hours}, nil
}

// comesBack tells whether a fault is shown in the form, with the status for it.
func comesBack(err error) (status int, comes bool) {
	if err == nil {
		return 0, false
	}
	f := fault.Of(err)
	return serve.Status(f.Kind), f.Kind == fault.KindInvalid || (f.Kind == fault.KindConflict && f.Field == "url")
}

func (f form) typed(field string) string {
	if v := f.Typed[field]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// faultAt is what is wrong with a field.
func (f form) faultAt(field string) string {
	if f.Fault == nil {
		return ""
	}
	for _, x := range f.Fault.All() {
		if x.Field == field {
			return x.Say(f.Language)
		}
	}
	return ""
}

func (f form) typeOptions() []frame.Option {
	return frame.Choices(f.Page, activity.Types(), cmp.Or(activity.Type(f.typed("type")), activity.Other))
}

// everyOptions are the usual intervals, and the feed's own when the command line or a program said another.
func (f form) everyOptions() []frame.Option {
	hours := []int{1, 6, 24, 168}
	chosen, err := strconv.Atoi(cmp.Or(f.typed("every"), "24"))
	if err == nil && 1 <= chosen && chosen <= 720 && !slices.Contains(hours, chosen) {
		hours = append(hours, chosen)
		slices.Sort(hours)
	}
	var out []frame.Option
	for _, h := range hours {
		out = append(out, frame.Option{Value: strconv.Itoa(h), Label: every(f.Page, h), Chosen: h == chosen})
	}
	return out
}
