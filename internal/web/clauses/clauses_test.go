package clauses

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/web/webtest"
)

// sent is the form of an edit page as a browser would send it, with some fields typed anew.
func sent(page *goquery.Document, typed ...string) []string {
	values, order := map[string]string{}, []string{}
	put := func(name, value string) {
		if _, there := values[name]; !there {
			order = append(order, name)
		}
		values[name] = value
	}
	form := page.Find("main form").First()
	form.Find("input").Each(func(_ int, i *goquery.Selection) {
		name, _ := i.Attr("name")
		value, _ := i.Attr("value")
		if kind, _ := i.Attr("type"); kind == "radio" {
			if _, chosen := i.Attr("checked"); !chosen {
				return
			}
		}
		put(name, value)
	})
	form.Find("textarea").Each(func(_ int, i *goquery.Selection) {
		name, _ := i.Attr("name")
		put(name, i.Text())
	})
	for i := 0; i < len(typed); i += 2 {
		put(typed[i], typed[i+1])
	}
	var out []string
	for _, name := range order {
		out = append(out, name, values[name])
	}
	return out
}

func has(t *testing.T, page *goquery.Document, want ...string) {
	t.Helper()
	words := webtest.Plain(page.Find("main"))
	for _, w := range want {
		if !strings.Contains(words, w) {
			t.Errorf("the page does not say %q: %.1500s", w, words)
		}
	}
}

func TestClausesOnTheirPages(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		s := webtest.Open(t, d, Routes)
		officer, second, controller, partner := s.Reader("officer@bureau.example"), s.Reader("officer@bureau.example"), s.Reader("controller@bureau.example"),
			s.Reader("coordinator@alpha.example")
		partner.Page("/clauses", http.StatusForbidden)
		controller.Page("/clauses/subject", http.StatusForbidden)
		controller.Post("/clauses/subject", http.StatusForbidden, "do", "save")
		list := controller.Page("/clauses", http.StatusOK)
		has(t, list, "A new agreement begins with", "The 3 agreements of this round say the same", "Example Partner", "Purpose")
		if list.Find("form button[name=do]").Length() > 0 || list.Find("#text").Length() != 1 {
			t.Error("who only reads is offered to change")
		}
		has(t, officer.Page("/clauses?in=fr", http.StatusOK), "Partenaire Exemple asbl", "Objet")

		// refused at its field, with what was typed
		page := officer.Page("/clauses/subject", http.StatusOK)
		bad := officer.Post("/clauses/subject?lang=en", http.StatusUnprocessableEntity, sent(page, "text.fr", "Mots de {partenaire}")...)
		has(t, bad, "“partenaire” is no field that an agreement fills")
		if bad.Find("#text\\.fr").Text() != "Mots de {partenaire}" || bad.Find("#text\\.fr[aria-invalid=true]").Length() != 1 {
			t.Error("what was typed is lost, or the fault is not at its field")
		}
		has(t, officer.Post("/clauses/subject?lang=en", http.StatusUnprocessableEntity, sent(page, "title.nl", " ")...), "Write the clause in this language too")
		has(t, officer.Post("/clauses/subject?lang=en", http.StatusOK, sent(page, "text.en", "Only {total}.", "do", "try")...), "Only € 70,000.00.")

		// two write at once: apart it is put together, in the same place both are read
		other := second.Page("/clauses/subject", http.StatusOK)
		has(t, officer.Post("/clauses/subject?lang=en", http.StatusOK, sent(page, "text.nl", "Woorden van {partner}")...), "3 agreements read differently", "Alpha")
		third := second.Page("/clauses/subject", http.StatusOK)
		second.Post("/clauses/subject", http.StatusOK, sent(other, "text.fr", "Mots de {partner}")...)
		clash := officer.Post("/clauses/subject?lang=en", http.StatusConflict, sent(third, "text.fr", "Autres mots", "title.en", "Other title")...)
		has(t, clash, "Somebody else wrote in the same place", "Mots de {partner}")
		if clash.Find("#text\\.fr").Text() != "Autres mots" {
			t.Errorf("mine is lost: %q", clash.Find("#text\\.fr").Text())
		}
		officer.Post("/clauses/subject", http.StatusOK, sent(clash)...)
		after := officer.Page("/clauses/subject", http.StatusOK)
		title, _ := after.Find("#title\\.en").Attr("value")
		if after.Find("#text\\.fr").Text() != "Autres mots" || title != "Other title" || after.Find("#text\\.nl").Text() != "Woorden van {partner}" {
			t.Errorf("chosen: %q %q", after.Find("#text\\.fr").Text(), title)
		}
		has(t, after, "What agreements say instead", "Alpha")

		rearranged(t, officer, second)
	})
}

// rearranged adds a clause, moves it, takes it out while somebody writes at it, and puts the standard ones back.
func rearranged(t *testing.T, officer, second webtest.Reader) {
	t.Helper()
	officer.Page("/clauses/none/after", http.StatusNotFound)
	behind := officer.Page("/clauses/subject/after", http.StatusOK)
	words := []string{"title.nl", "a", "title.en", "b", "title.fr", "c"}
	has(t, officer.Post("/clauses/subject/after?lang=en", http.StatusUnprocessableEntity, sent(behind, append(words, "code", "subject")...)...), "New clause after 1.1")
	list := officer.Post("/clauses/subject/after?lang=en", http.StatusOK, sent(behind, append(words, "code", "fresh")...)...)
	has(t, list, "Clause added.")
	seen, _ := list.Find("input[name=seen]").First().Attr("value")
	has(t, officer.Post("/clauses?lang=en", http.StatusOK, "do", "down:fresh", "seen", seen), "Clause moved.")
	has(t, officer.Post("/clauses?lang=en", http.StatusConflict, "do", "down:fresh", "seen", seen), "Somebody else changed the clauses")
	officer.Post("/clauses", http.StatusConflict, "do", "restore")
	officer.Post("/clauses", http.StatusNotFound, "do", "burn")
	open := officer.Page("/clauses/fresh", http.StatusOK)
	seen, _ = open.Find("input[name=seen]").First().Attr("value")
	has(t, officer.Post("/clauses/fresh/remove?lang=en", http.StatusOK, "seen", seen), "Clause taken out.")
	gone := second.Post("/clauses/fresh?lang=en", http.StatusConflict, sent(open, "title.en", "My words")...)
	has(t, gone, "Somebody took out a clause")
	if v, _ := gone.Find("#title\\.en").Attr("value"); v != "My words" {
		t.Errorf("words typed into a clause that was taken out vanished: %q", v)
	}
	has(t, second.Post(action(gone), http.StatusOK, sent(gone)...), "My words")
	list = officer.Page("/clauses", http.StatusOK)
	seen, _ = list.Find("input[name=seen]").First().Attr("value")
	purpose := officer.Post("/clauses/purpose/remove?lang=en", http.StatusConflict, "seen", seen)
	has(t, purpose, "This article still has paragraphs")
	has(t, officer.Post("/clauses?lang=en", http.StatusOK, "do", "restore", "seen", seen), "The standard clauses are back.", "say the same")
}

// action is where the form of a page goes, in English.
func action(page *goquery.Document) string {
	to, _ := page.Find("main form").First().Attr("action")
	return to + "?lang=en"
}
