package cli

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"errera.eu/errera/internal/books"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
)

// TestAYearOfTheBooksIsClosed closes the one year of the small programme: who may, in which order, what it accrues beside what settling
// gives, that the next day bears the opposite, and that nothing is booked in it any more, by verb or by SQL.
func TestAYearOfTheBooksIsClosed(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		loadFolder(t, d, byHand())
		h := serveHouse(t, d)
		ctx, approver := context.Background(), h.actor(t, "approver@bureau.example")
		_, err := books.Close(ctx, d, h.actor(t, "controller@bureau.example"), h.programme, 2018)
		if !fault.Is(err, fault.KindDenied) {
			t.Errorf("a controller closed it: %v", err)
		}
		if _, err := books.Close(ctx, d, approver, h.programme, 2019); fault.Of(err) == nil || fault.Of(err).Key != "books.close_next" {
			t.Errorf("2019 before 2018: %v", err)
		}
		foreseen, err := books.Foresee(ctx, d, approver, h.programme, 2018)
		if err != nil {
			t.Fatal(err)
		}
		before := h.accrued(t, "")
		client := h.as(t, "approver@bureau.example")
		if status, page := h.ask(t, client, http.MethodGet, "/ledger/close"); status != 200 || !strings.Contains(page, foreseen.Accrued.Show("en")) {
			t.Errorf("the page: %d", status)
		}
		for _, form := range []url.Values{{"year": {"2018"}}, {"year": {"2018"}, "sure": {"1"}}} { // looked at, then sure
			res, err := client.PostForm(h.server.URL+"/ledger/close", form)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if want := map[bool]int{false: http.StatusUnprocessableEntity, true: http.StatusSeeOther}[form.Get("sure") != ""]; res.StatusCode != want {
				t.Errorf("%v: %s", form, res.Status)
			}
		}
		if foreseen.Accrued <= 0 || h.accrued(t, "2018-12-31") != -foreseen.Accrued || h.accrued(t, "2019-01-01") != before || h.accrued(t, "") != before {
			t.Errorf("foreseen %s, on the last day %s, the day after %s, before %s", foreseen.Accrued, h.accrued(t, "2018-12-31"), h.accrued(t, "2019-01-01"), before)
		}
		var lines money.Amount
		for _, l := range foreseen.Lines {
			if lines += l.Accrued; l.Expected < l.Booked || l.Expected-l.Booked != l.Accrued {
				t.Errorf("%s: expected %s, booked %s, accrued %s", l.Code, l.Expected, l.Booked, l.Accrued)
			}
		}
		if len(foreseen.Lines) != 3 || lines != foreseen.Accrued {
			t.Errorf("%d lines of %s", len(foreseen.Lines), lines)
		}
		err = d.Write(ctx, h.programme.ID, func(tx *db.Tx) error {
			_, err := ledger.Post(ctx, tx, ledger.Entry{ID: id.New[id.Entry](), Programme: h.programme.ID, Key: "late", Event: ledger.EventEnvelopeVoted,
				BookedOn: "2018-12-31", Year: 2018, SubjectKind: "programme", SubjectID: string(h.programme.ID), Lines: ledger.EnvelopeVoted(1)})
			return err
		})
		if !fault.Is(err, fault.KindConflict) || fault.Of(err).Key != "db.books_closed" {
			t.Errorf("booked in a closed year: %v", err)
		}
		if _, err := books.Close(ctx, d, approver, h.programme, 2018); fault.Of(err) == nil || fault.Of(err).Key != "books.close_next" {
			t.Errorf("twice: %v", err)
		}
		h.settleAll(t) // what is settled later is booked on its own day
		(&desk{house: h, t: t}).laws(t)
	})
}

// accrued is the balance of what is accrued, on a day.
func (h *house) accrued(t *testing.T, on string) (sum money.Amount) {
	t.Helper()
	h.read(t, func(tx *db.Tx) error {
		b, err := ledger.Balance(context.Background(), tx, h.programme.ID, ledger.Filter{AsOf: period.Date(on)})
		sum = b[ledger.Accrued]
		return err
	})
	return sum
}

// TestBooksByCommand closes a year from the command line.
func TestBooksByCommand(t *testing.T) {
	file := dbtest.Address(t)
	must(t, "--db", file, "import", "programme", byHand())
	as := []string{"--db", file, "--as", "approver@bureau.example", "books"}
	dry := must(t, append(as, "close", "--year", "2018", "--dry-run")...)
	if list := must(t, append(as, "list")...); list != "" || !strings.Contains(dry, "gamma") {
		t.Errorf("a dry run closed it: %q %q", list, dry)
	}
	must(t, append(as, "close", "--year", "2018")...)
	if list := must(t, append(as, "list")...); !strings.HasPrefix(list, "2018") {
		t.Errorf("list: %q", list)
	}
	if code, _, _ := errera(t, append(as, "close", "--year", "2018")...); code != 5 {
		t.Errorf("twice: %d", code)
	}
	must(t, "--db", file, "check")
}
