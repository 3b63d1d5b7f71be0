package cli

import (
	"strings"
	"testing"
)

// TestAFeedsSettingsAndACalendarAddressInABrowser: a coordinator registers a feed and changes its settings, after a form at fault; then makes a
// calendar address, which is shown whole to be copied, and revokes it. axe looks at each page on the way.
func TestAFeedsSettingsAndACalendarAddressInABrowser(t *testing.T) {
	inBrowser(t)
	t.Parallel()
	h, _ := untilThisYear(t)
	tab := h.openTab(t, "coordinator@alpha.example")
	b := &browser{ctx: tab.ctx, base: tab.base, axe: tab.axe}
	b.open(t, "/feeds")
	b.click(t, `document.querySelector("#url").value = "https://partner.example/agenda.ics"; document.querySelector("#markets").value = "de";
		document.querySelector("form[action='/feeds'] button")`)
	feed := b.path(t)
	b.lookAll(t, feed)
	b.click(t, `document.querySelector("#every").value = "6"; document.querySelector("#markets").value = "XX"; document.querySelector("#change button")`)
	if says := b.text(t, "#change"); b.eval(t, `document.querySelector("#markets").value`) != "XX" || !strings.Contains(says, "XX") {
		t.Errorf("the form came back with %q", says)
	}
	b.click(t, `document.querySelector("#markets").value = "de fr"; document.querySelector("#change button")`)
	if says := b.text(t, "main"); !strings.Contains(says, "every 6 hours") || !strings.Contains(says, "France") {
		t.Errorf("changed: %.300s", says)
	}

	b.lookAll(t, "/calendar")
	b.click(t, `document.querySelector("form[action^='/calendar/key'] button")`)
	b.wait(t, "#address")
	for _, v := range []view{{"light", 1440, true}, {"dark", 390, true}} {
		b.turn(t, v)
		b.eval(t, b.axe+`;""`)
		b.view(t, "a calendar address", "en", v)
		b.shoot(t, "/calendar/key", "en", v.theme, v.width)
	}
	if whole := b.eval(t, `(() => { const a = document.querySelector("#address"); a.click(); return a.value.slice(a.selectionStart, a.selectionEnd) })()`); !strings.HasPrefix(whole, b.base+"/calendar.ics?key=errera_calendar_") {
		t.Errorf("selected is %q", whole)
	}
	b.lookAll(t, "/calendar?view=month")
	b.click(t, `document.querySelector("form[action='/calendar/key/revoke'] button")`)
	if says := b.text(t, "main"); !strings.Contains(says, "is revoked") || !strings.Contains(says, "Make a personal address") {
		t.Errorf("revoked: %.300s", says)
	}
}
