package calendar

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/web/webtest"
)

// subscriber asks for an address as a calendar program does: without a session, without a language.
func subscriber(t *testing.T, address string) (int, string) {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, strings.ReplaceAll(string(body), "\r\n ", "")
}

// planned plans an activity of a partner, which only the partner and the agency see.
func planned(t *testing.T, d *db.DB, partner, title, market string) {
	t.Helper()
	var g programme.Programme
	var by access.Actor
	var o programme.Organisation
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		if g, err = programme.Current(t.Context(), tx, ""); err == nil {
			if by, err = access.LoadActorByEmail(t.Context(), tx, "coordinator@"+partner+".example"); err == nil {
				o, err = programme.OrganisationByCode(t.Context(), tx, partner)
			}
		}
		return err
	})
	if err == nil {
		err = d.Write(t.Context(), g.ID, func(tx *db.Tx) error {
			_, err := activity.Plan(t.Context(), tx, by, g.ID, "", activity.Details{Title: title, Type: activity.Seminar, Starts: "2018-06-12", Place: activity.Online, Markets: []string{market}},
				[]activity.Organiser{{Organisation: o.ID, Weight: 1}})
			return err
		})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestAPersonalCalendar: the address shows what its person sees, with the filters it was made with, until it is renewed or revoked.
func TestAPersonalCalendar(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := webtest.Open(t, d, Routes)
		planned(t, d, "alpha", "Secret of alpha", "DE")
		planned(t, d, "alpha", "Other secret of alpha", "FR")
		planned(t, d, "beta", "Secret of beta", "DE")
		alpha, officer := s.Reader("coordinator@alpha.example"), s.Reader("officer@bureau.example")
		made := func(r webtest.Reader, query string) string {
			t.Helper()
			return r.Post("/calendar/key"+query, http.StatusOK).Find("input[readonly]").AttrOr("value", "")
		}
		holds := func(address string, want, not []string) {
			t.Helper()
			status, body := subscriber(t, address)
			for _, w := range want {
				if status != http.StatusOK || !strings.Contains(body, w) {
					t.Errorf("%s: %d, without %q", address, status, w)
				}
			}
			for _, n := range not {
				if strings.Contains(body, n) {
					t.Errorf("%s shows %q", address, n)
				}
			}
		}
		holds(s.URL+"/calendar.ics", []string{"BEGIN:VEVENT"}, []string{"Secret", "secret"})
		alpha.Says(alpha.Page("/calendar", http.StatusOK), "[aria-labelledby=subscribe]", "Make a personal address")
		all := made(alpha, "")
		holds(all, []string{"SUMMARY:Secret of alpha", "SUMMARY:Other secret", "STATUS:TENTATIVE"}, []string{"Secret of beta"})
		alpha.Says(alpha.Page("/calendar?market=DE", http.StatusOK), "[aria-labelledby=subscribe]", "last read: ")
		if action := alpha.Page("/calendar?market=DE", http.StatusOK).Find("[aria-labelledby=subscribe] form").AttrOr("action", ""); action != "/calendar/key?market=DE" {
			t.Errorf("the filters go along as %s", action)
		}
		chosen := made(alpha, "?market=DE")
		if !strings.HasPrefix(chosen, s.URL+"/calendar.ics?key=errera_calendar_") {
			t.Errorf("the address is %s", chosen)
		}
		holds(chosen, []string{"SUMMARY:Secret of alpha"}, []string{"Other secret", "Secret of beta"})
		holds(made(officer, ""), []string{"SUMMARY:Secret of alpha", "SUMMARY:Secret of beta"}, nil)

		for name, bad := range map[string]string{"renewed": all, "malformed": s.URL + "/calendar.ics?key=x", "empty": s.URL + "/calendar.ics?key="} {
			if status, body := subscriber(t, bad); status != http.StatusNotFound || strings.Contains(body, "VCALENDAR") {
				t.Errorf("%s: %d", name, status)
			}
		}
		res, err := alpha.Get(all) // signed in as the one whom it once stood for
		if err != nil {
			t.Fatal(err)
		}
		if res.Body.Close(); res.StatusCode != http.StatusNotFound {
			t.Errorf("signed in: %d", res.StatusCode)
		}
		alpha.Says(alpha.Post("/calendar/key/revoke?lang=en", http.StatusOK), "main", "is revoked")
		if status, _ := subscriber(t, chosen); status != http.StatusNotFound {
			t.Errorf("revoked: %d", status)
		}
		alpha.Post("/calendar/key/revoke", http.StatusNotFound)
	})
}

// TestAKeyOpensTheCalendarAlone: pages send who shows it to the door.
func TestAKeyOpensTheCalendarAlone(t *testing.T) {
	s := webtest.Open(t, dbtest.SQLite(t), Routes)
	address := s.Reader("coordinator@alpha.example").Post("/calendar/key", http.StatusOK).Find("input[readonly]").AttrOr("value", "")
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	stranger := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, path := range []string{"/calendar", "/activities"} {
		res, err := stranger.Get(s.URL + path + "?format=csv&" + u.RawQuery)
		if err != nil {
			t.Fatal(err)
		}
		if res.Body.Close(); res.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
	res, err := stranger.PostForm(s.URL+"/calendar/key?"+u.RawQuery, nil)
	if err != nil {
		t.Fatal(err)
	}
	if res.Body.Close(); res.StatusCode != http.StatusForbidden {
		t.Errorf("another key with a key: %d", res.StatusCode)
	}
}
