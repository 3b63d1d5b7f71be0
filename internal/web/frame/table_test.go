package frame

import (
	"bytes"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/xuri/excelize/v2"

	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/text"
)

type fruit struct {
	name string
	n    int
}

func fruits(t *testing.T, query string) *Table[fruit] {
	t.Helper()
	u, err := url.Parse("/fruit?" + query)
	if err != nil {
		t.Fatal(err)
	}
	p := Page{Asker: serve.Asker{Language: text.EN}, URL: u}
	table, err := NewTable(p, "name",
		Column[fruit]{Key: "name", Head: "Name", Name: true, Text: func(f fruit) string { return f.name }, Order: ByText(func(f fruit) string { return f.name })},
		Column[fruit]{Key: "n", Head: "Number", Num: true, Text: func(f fruit) string { return strconv.Itoa(f.n) },
			Show: func(f fruit) string { return strings.Repeat("I", f.n) }, Order: By(func(f fruit) int { return f.n })},
		Column[fruit]{Key: "first", Head: "First", Extra: true, Text: func(f fruit) string { return f.name[:1] }})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func basket() []fruit { return []fruit{{"apple", 2}, {"Banana", 0}, {"cherry", 11}} }

func TestTableSorts(t *testing.T) {
	for query, want := range map[string]string{"": "apple Banana cherry", "sort=-name": "cherry Banana apple", "sort=n": "Banana apple cherry", "sort=-n": "cherry apple Banana"} {
		rows := basket()
		fruits(t, query).Sort(rows)
		var got []string
		for _, f := range rows {
			got = append(got, f.name)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %v, want %s", query, got, want)
		}
	}
	for _, query := range []string{"sort=first", "sort=colour", "col=colour"} {
		u, _ := url.Parse("/fruit?" + query)
		if _, err := NewTable(Page{URL: u}, "", Column[fruit]{Key: "first", Text: func(fruit) string { return "" }}); err == nil {
			t.Errorf("%q was taken", query)
		}
	}
}

func TestTablePagesByKey(t *testing.T) {
	var rows []fruit
	for i := range 2*ListPage + 1 {
		rows = append(rows, fruit{"f" + strconv.Itoa(1000+i), i})
	}
	key := func(f fruit) string { return f.name }
	seen, after := 0, ""
	for range 3 {
		page, next := fruits(t, "after="+after).Cut(rows, key)
		seen, after = seen+len(page), next
	}
	if seen != len(rows) || after != "" {
		t.Errorf("three pages show %d of %d rows, and go on at %q", seen, len(rows), after)
	}
	if page, _ := fruits(t, "after=gone").Cut(rows, key); page[0] != rows[0] {
		t.Error("a list does not start anew after a row that is gone")
	}
}

func TestListingOnAPage(t *testing.T) {
	var b bytes.Buffer
	l := fruits(t, "sort=-n&after=x").Listing("Fruit", basket(), "y")
	if err := List(l).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	if err := ListTools(l).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	if got := doc.Find("th[aria-sort=descending]").Text(); !strings.Contains(got, "Number") {
		t.Errorf("sorted by %q", got)
	}
	if href, _ := doc.Find("thead a").Eq(1).Attr("href"); href != "/fruit?sort=n" {
		t.Errorf("the head of what is sorted leads to %q", href)
	}
	if href, _ := doc.Find("thead a").First().Attr("href"); href != "/fruit" {
		t.Errorf("the head of the natural order leads to %q", href)
	}
	if n := doc.Find("tbody tr").Length(); n != 3 || doc.Find("thead th").Length() != 2 {
		t.Errorf("%d rows, %d columns", n, doc.Find("thead th").Length())
	}
	cells := doc.Find("tbody tr td")
	if label, _ := cells.First().Attr("data-label"); label != "Number" || strings.TrimSpace(cells.First().Text()) != "II" {
		t.Errorf("%q: %q", label, cells.First().Text())
	}
	if cells.Eq(1).Children().Length() != 0 || cells.Eq(1).Text() != "" {
		t.Error("an empty cell is not empty")
	}
	if n := doc.Find("input[name=col]").Length(); n != 2 || doc.Find("input[name=col][checked]").Length() != 1 {
		t.Errorf("%d columns to choose", n)
	}
	if doc.Find("a[rel=next]").Length() != 1 {
		t.Error("no next page")
	}
}

func TestFilesHoldWhatWasChosen(t *testing.T) {
	for query, want := range map[string][]string{"format=csv": {"Name", "Number", "First"}, "format=csv&col=n": {"Name", "Number"}} {
		out := httptest.NewRecorder()
		if err := fruits(t, query).File(out, "fruit", basket()); err != nil {
			t.Fatal(err)
		}
		if head, _, _ := strings.Cut(out.Body.String(), "\r\n"); head != strings.Join(want, ",") {
			t.Errorf("%s: %s", query, head)
		}
	}
	out := httptest.NewRecorder()
	if err := fruits(t, "format=xlsx").File(out, "fruit", append(basket(), fruit{"=1+1", 3})); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(out.Body)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("Sheet1")
	if err != nil || !slices.Equal(rows[3], []string{"cherry", "11", "c"}) || rows[4][0] != "=1+1" {
		t.Errorf("%v, %v", rows, err)
	}
	if formula, _ := book.GetCellFormula("Sheet1", "A5"); formula != "" {
		t.Errorf("a name became the formula %q", formula)
	}
	kind, err := book.GetCellType("Sheet1", "B4")
	if err != nil || kind != excelize.CellTypeNumber && kind != excelize.CellTypeUnset {
		t.Errorf("a number is of type %v, %v", kind, err)
	}
	if err := fruits(t, "format=pdf").File(httptest.NewRecorder(), "fruit", nil); err == nil {
		t.Error("a file of an unknown kind was sent")
	}
}
