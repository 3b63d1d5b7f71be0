package knowledge

import (
	"strings"
	"testing"

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
