package knowledge

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

func TestItemsFromAFile(t *testing.T) {
	codes := map[string]id.Organisation{"alpha": id.New[id.Organisation]()}
	read := func(rows string) ([]Item, error) {
		return ReadItems("items.csv", strings.NewReader(rows), codes)
	}
	all, err := read(fileColumns + "\nalpha,lesson,public,fr,2018-05-07,Titre,IN VN,food,contacts,\"Un.\n\nDeux.\"\n")
	if err != nil || len(all) != 1 || all[0].Reach != Public || all[0].Language != text.FR || len(all[0].Markets) != 2 || all[0].Body != "Un.\n\nDeux." {
		t.Errorf("%+v %v", all, err)
	}
	_, err = read(fileColumns + "\nnobody,song,far,fr,yesterday,Titre,,,,Un.\nalpha,lesson,public,fr,2018-05-07,,,,,Un.\n")
	var told []string
	if rows, ok := err.(fault.Rows); ok {
		for _, r := range rows {
			told = append(told, r.Say(text.EN))
		}
	}
	for _, want := range []string{"items.csv, row 2, column organisation: found “nobody”, expected the code of an organisation", "row 2, column kind: found “song”",
		"row 2, column reach: found “far”", "row 2, column published: found “yesterday”", "row 3, column title: found nothing"} {
		if !strings.Contains(strings.Join(told, "\n"), want) {
			t.Errorf("%q is not told:\n%s", want, strings.Join(told, "\n"))
		}
	}
	for _, bad := range []string{"", "a,b\n", fileColumns + "\nalpha,lesson\n"} {
		if _, err := read(bad); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestQuestionsFromAFile: questions with their answers, in order and on their days, without letters; what is wrong is told by row and column.
func TestQuestionsFromAFile(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		item := Item{ID: id.New[id.Knowledge](), Organisation: w.beta, Content: Content{Kind: HowTo, Reach: Public, Language: text.FR, Title: "Étiquettes", Body: "Un."}}
		w.must(w.d.Write(t.Context(), w.g, func(tx *db.Tx) error { return Take(t.Context(), tx, access.System("operator"), w.g, []Item{item}) }))
		read := func(rows string) (all []Asked, err error) {
			err = w.d.Read(t.Context(), func(tx *db.Tx) error {
				all, err = ReadQuestions(t.Context(), tx, w.g, "questions.csv", strings.NewReader(questionFileColumns+"\n"+rows))
				return err
			})
			return all, err
		}
		all, err := read("q1,alpha,ann@x.example,2018-03-01,closed,en,Who knows a notary in Dakar?,SN,food,,For a branch.\n" +
			"q2,agency,officer@x.example,2018-04-02,open,nl,Wie kent Ankara?,,,,Voor een gids.\n" +
			"q1,beta,ben@x.example,2018-03-03,,,,,,Étiquettes,We do.\nq1,agency,officer@x.example,2018-03-03,,,,,,,So do we.\n")
		w.must(err)
		w.must(w.d.Write(t.Context(), w.g, func(tx *db.Tx) error { return TakeQuestions(t.Context(), tx, access.System("operator"), w.g, all) }))
		w.must(w.d.Read(t.Context(), func(tx *db.Tx) error {
			stored, err := Questions(t.Context(), tx, w.people["bea"], w.g, "", 10)
			if err != nil || len(stored) != 2 || stored[0].State != "open" || stored[1].Answers != 2 || stored[1].State != "closed" || stored[1].Code != "alpha" {
				t.Fatalf("%+v %v", stored, err)
			}
			answers, err := Answers(t.Context(), tx, w.people["bea"], w.g, stored[1])
			if err != nil || len(answers) != 2 || answers[0].By != "ben" || answers[0].ItemTitle != "Étiquettes" || answers[1].Body != "So do we." ||
				answers[0].Answered.Date() != "2018-03-03" {
				t.Errorf("%+v %v", answers, err)
			}
			found, err := audit.Verify(t.Context(), tx, string(w.g))
			if len(found) > 0 {
				t.Errorf("%v", found)
			}
			return err
		}))
		var letters int
		w.must(w.d.Pool().QueryRowContext(t.Context(), "select count(*) from mail").Scan(&letters))
		if letters != 0 {
			t.Errorf("%d letters about what was asked long ago", letters)
		}
		_, err = read("q1,nobody,ann@x.example,soon,new,de,Title,XX,Food,Étiquettes,\nq1,alpha,ben@x.example,2018-03-01,open,en,Again,,,,Body.\n" +
			"q3,beta,ben@x.example,2018-03-01,,,,,,,An answer.\nq4,beta,ben@x.example,2018-03-09,open,en,Good,,,,Body.\nq4,alpha,ann@x.example,2018-03-01,open,,,,,Nothing,Early.\n")
		var told []string
		if rows, ok := err.(fault.Rows); ok {
			for _, r := range rows {
				told = append(told, fmt.Sprint(r.Line, " ", r.Column, " ", strings.TrimPrefix(string(r.Want), "knowledge.file.")))
				for _, l := range text.Languages() {
					if !l.Has(r.Want) {
						t.Errorf("%s has no words in %s", r.Want, l)
					}
				}
			}
		}
		want := []string{"2 organisation organisation", "2 on on", "2 body body", "2 state state", "2 language language", "2 markets markets", "2 sectors sectors",
			"2 item only_answer", "3 by by", "3 question question", "4 question question", "6 item item", "6 state only_question", "6 on answered_before"}
		if !slices.Equal(told, want) {
			t.Errorf("got  %q\nwant %q", told, want)
		}
		for _, bad := range []string{"q1,alpha\n", "q1,alpha,\"\n"} {
			if _, err := read(bad); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%q: %v", bad, err)
			}
		}
	})
}
