package file

import (
	"archive/zip"
	"bytes"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

func zipped(t testing.TB, entries ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(entries); i += 2 {
		w, err := z.Create(entries[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(entries[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestContentTellsTheType(t *testing.T) {
	for _, c := range []struct {
		name, content string
		want          Type
	}{
		{"PDF", "%PDF-1.7\n...", PDF},
		{"PNG", "\x89PNG\r\n\x1a\n...", PNG},
		{"JPEG", "\xff\xd8\xff\xe0...", JPEG},
		{"TIFF", "II*\x00...", TIFF},
		{"CSV", "date;amount\n2018-05-04;10,00\n", Text},
		{"CSV with a mark", "\xef\xbb\xbfdate;amount\n", Text},
		{"invoice", "<?xml version=\"1.0\"?>\n<Invoice xmlns=\"urn:x\"/>", XML},
		{"DOCX", zipped(t, "[Content_Types].xml", "", "word/document.xml", ""), DOCX},
		{"XLSX", zipped(t, "[Content_Types].xml", "", "xl/workbook.xml", ""), XLSX},
		{"ODS", zipped(t, "mimetype", string(ODS)), ODS},
		{"ODT", zipped(t, "mimetype", string(ODT)), ODT},
		{"XLSX with macros", zipped(t, "[Content_Types].xml", "", "xl/workbook.xml", "", "xl/vbaProject.bin", ""), ""},
		{"ODS with macros", zipped(t, "mimetype", string(ODS), "Basic/Standard/m.xml", ""), ""},
		{"a ZIP of anything", zipped(t, "a.exe", "MZ"), ""},
		{"a broken ZIP", "PK\x03\x04...", ""},
		{"HTML", "<!doctype html><script>alert(1)</script>", ""},
		{"HTML as XML", "<html xmlns=\"http://www.w3.org/1999/xhtml\"/>", ""},
		{"HTML in a prefix", "<h:html xmlns:h=\"http://www.w3.org/1999/xhtml\"/>", ""},
		{"SVG", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", ""},
		{"XML with a document type", "<!DOCTYPE x [<!ENTITY e \"e\">]><x/>", ""},
		{"half a tag", "<", ""},
		{"program", "MZ\x90\x00", ""},
		{"script", "\x7fELF", ""},
		{"bell", "ring \x07", ""},
		{"no UTF-8", "caf\xe9", ""},
		{"GIF", "GIF89a", ""},
	} {
		p, err := Check(t.Context(), Scanner{}, "proof", "x.pdf", strings.NewReader(c.content))
		switch {
		case c.want == "" && (!fault.Is(err, fault.KindInvalid) || fault.Of(err).Field != "proof" || fault.Of(err).Key != "file.bad_type"):
			t.Errorf("%s: %v %v", c.name, p.kind, err)
		case c.want != "" && (err != nil || p.Type() != c.want || p.scan != NotScanned):
			t.Errorf("%s: %v %v, want %v", c.name, p.kind, err, c.want)
		}
	}
}

func FuzzTypeOf(f *testing.F) {
	for _, s := range []string{"%PDF-", "<a/>", "<?xml", "PK\x03\x04", zipped(f, "mimetype", string(ODS)), "a;b\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		kind, known := typeOf(content)
		if known == (kind == "") {
			t.Errorf("%q %v", kind, known)
		}
		if known && kind.Seen() && !bytes.HasPrefix(content, []byte("%PDF-")) && content[0] < 0x80 {
			t.Errorf("%q would be shown", content)
		}
	})
}

func TestSizesAndBrokenUploads(t *testing.T) {
	for _, c := range []struct {
		name string
		key  string
		err  bool
		size int
	}{{"empty", "file.empty", false, 0}, {"largest", "", false, MaxBytes}, {"too large", "file.too_large", false, MaxBytes + 1}, {"broken", "file.unread", true, 10}} {
		from := iotest.DataErrReader(strings.NewReader(strings.Repeat("a", c.size)))
		if c.err {
			from = iotest.ErrReader(errors.New("gone"))
		}
		_, err := Check(t.Context(), Scanner{}, "proof", "a.txt", from)
		if got := fault.Of(err); (c.key == "") != (err == nil) || err != nil && string(got.Key) != c.key {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestNamesAreSafe(t *testing.T) {
	for name, want := range map[string]string{
		"invoice 12.pdf": "invoice 12.pdf", `C:\Users\ann\été.pdf`: "été.pdf", "../../etc/passwd": "passwd", "": "file", "..": "file",
		"a\"b\r\nSet-Cookie: x.pdf": "abSet-Cookie x.pdf", "\xff.pdf": ".pdf", strings.Repeat("é", 200) + ".pdf": strings.Repeat("é", 116) + ".pdf",
		"\u202efdp.exe": "fdp.exe",
	} {
		if got := shown(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}

// shelf is a programme with two partners, and somebody of the first.
type shelf struct {
	g            id.Programme
	alpha, beta  id.Organisation
	own, foreign access.Actor
	officer      access.Actor
}

func openShelf(t *testing.T, d *db.DB) shelf {
	t.Helper()
	ctx := t.Context()
	s := shelf{g: id.New[id.Programme](), alpha: id.New[id.Organisation](), beta: id.New[id.Organisation]()}
	agency := id.New[id.Organisation]()
	err := d.WriteAgency(ctx, func(tx *db.Tx) error {
		err := tx.Insert(ctx, "organisation", strings.Fields("id code name short_name kind calendar_group position sort_key vat_recoverable_bp"),
			[][]any{{agency, "bureau", "B", "B", "agency", "", 1, "b", 0}, {s.alpha, "alpha", "A", "A", "partner", "", 2, "a", 0},
				{s.beta, "beta", "B", "B", "partner", "", 3, "b", 0}})
		if err != nil {
			return err
		}
		err = tx.Insert(ctx, "programme", strings.Fields(`id code name_nl name_en name_fr note_nl note_en note_fr strategy_nl strategy_en
			strategy_fr starts_on ends_on currency agency_id invented state source_hash`),
			[][]any{{s.g, "g", "", "", "", "", "", "", "", "", "", "2018-01-01", "2018-12-31", "EUR", agency, 1, "open", ""}})
		if err != nil {
			return err
		}
		if err := tx.Insert(ctx, "programme_head", strings.Fields("programme_id seq audit_count audit_hash"), [][]any{{s.g, 0, 0, ""}}); err != nil {
			return err
		}
		for _, w := range []struct {
			into  *access.Actor
			email string
			role  access.Role
			where string
		}{{&s.own, "a@alpha.example", access.Finance, "alpha"}, {&s.foreign, "b@beta.example", access.Finance, "beta"},
			{&s.officer, "o@bureau.example", access.Officer, "bureau"}} {
			p, err := access.Add(ctx, tx, access.System("test"), access.NewPerson{Email: w.email, Name: "N", Role: w.role, Organisation: w.where})
			if err != nil {
				return err
			}
			if *w.into, err = access.LoadActor(ctx, tx, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestProofsAreKeptAsTheyCame(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), openShelf(t, d)
		content := make([]byte, 2*partBytes+12345) // several parts, no multiple of three
		source := rand.NewChaCha8([32]byte{1})
		_, _ = source.Read(content)
		copy(content, "%PDF-1.7\n")
		p, err := Check(ctx, Scanner{}, "proof", "invoice.pdf", bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		var kept [2]File
		err = d.Write(ctx, s.g, func(tx *db.Tx) (err error) {
			for i := range kept { // the same bytes twice
				if kept[i], err = Add(ctx, tx, s.own, s.g, s.alpha, p); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Read(ctx, func(tx *db.Tx) error {
			for _, by := range []access.Actor{s.own, s.officer} {
				f, err := Load(ctx, tx, by, s.g, kept[1].ID)
				if err != nil || f != kept[1] || f.Name != "invoice.pdf" || f.AddedBy != s.own.ID || f.SHA256 != p.SHA256() {
					t.Errorf("%+v %v", f, err)
				}
				all, err := Read(ctx, tx, s.g, f)
				if err != nil || !bytes.Equal(all, content) {
					t.Errorf("%d bytes, want %d: %v", len(all), len(content), err)
				}
			}
			for _, by := range []access.Actor{s.foreign, access.Visitor()} {
				if f, err := Load(ctx, tx, by, s.g, kept[0].ID); !fault.Is(err, fault.KindMissing) {
					t.Errorf("somebody else's: %+v %v", f, err)
				}
			}
			var parts int
			if err := tx.Row(ctx, db.Query{Text: "select count(*) from file_part"}).Scan(&parts); err != nil || parts != 3 {
				t.Errorf("%d parts, want 3 (%v)", parts, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Write(ctx, s.g, func(tx *db.Tx) error { _, err := Add(ctx, tx, s.foreign, s.g, s.alpha, p); return err }); !fault.Is(err, fault.KindDenied) {
			t.Errorf("into another partner's: %v", err)
		}
		if err := d.Write(ctx, s.g, func(tx *db.Tx) error { _, err := Add(ctx, tx, s.own, s.g, s.alpha, Proof{}); return err }); !fault.Is(err, fault.KindInternal) {
			t.Errorf("what nobody looked at: %v", err)
		}
	})
}
