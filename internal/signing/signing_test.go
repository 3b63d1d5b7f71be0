package signing

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/format/pdf/pdftest"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
)

// Everybody signs once, in order, under the content they read; the last signature makes it count.
func TestSigningInOrder(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if _, err := w.sign("chair@alpha", "alpha", ""); err == nil {
			t.Error("signed what nobody accepted")
		}
		hash := w.agree("alpha", w.document("alpha"))
		_, err := w.sign("minister@agency", "alpha", hash)
		refusedAs(t, err, fault.KindConflict, "signing.not_your_turn")
		_, err = w.sign("chair@alpha", "alpha", strings.Repeat("0", 64))
		refusedAs(t, err, fault.KindConflict, "agreement.hash_moved")
		_, err = w.sign("officer@agency", "alpha", hash)
		refusedAs(t, err, fault.KindMissing, "agreement.missing")
		_, err = w.sign("chair@beta", "alpha", hash)
		refusedAs(t, err, fault.KindMissing, "agreement.missing")
		x, err := w.sign("chair@alpha", "alpha", hash)
		if next, more := x.Next(); err != nil || !more || next.Name != "Tom Treasurer" || x.Agreement.State != agreement.Agreed {
			t.Fatalf("%+v %v", next, err)
		}
		_, err = w.sign("chair@alpha", "alpha", hash)
		refusedAs(t, err, fault.KindConflict, "signing.signed_already")
		if left := w.balance(ledger.Envelope, 2027); left != 150_000_00 {
			t.Errorf("booked before the last signature: %v", left)
		}
		_, err = w.sign("treasurer@alpha", "alpha", hash)
		must(t, err)
		if !w.sheet("alpha").Turn(w.people["minister@agency"]) || w.sheet("alpha").Turn(w.people["treasurer@alpha"]) {
			t.Error("whose turn it is")
		}
		x, err = w.sign("minister@agency", "alpha", hash)
		if err != nil || x.Agreement.State != agreement.Signed || x.Agreement.Signed != "2026-10-03" || !x.Complete() || x.Open() {
			t.Fatalf("%+v %v", x.Agreement, err)
		}
		if left, committed := w.balance(ledger.Envelope, 2028), w.balance(ledger.Committed, 2028); left != 150_000_00-90_000_01 || committed != 90_000_01 {
			t.Errorf("left %v, committed %v", left, committed)
		}
		_, err = w.sign("minister@agency", "alpha", hash)
		refusedAs(t, err, fault.KindConflict, "signing.closed")
		a := w.sheet("alpha").Agreement
		if c, ok := a.Ceiling(2028); !ok || c.Amount != 90_000_01 || a.State != agreement.Signed {
			t.Errorf("the live rows: %+v", a)
		}
		w.begins(t)
		w.trailHolds(t)
	})
}

// begins lets the first day come.
func (w *world) begins(t *testing.T) {
	t.Helper()
	for _, c := range []struct {
		day  time.Time
		want agreement.State
	}{{time.Date(2026, 12, 31, 12, 0, 0, 0, time.UTC), agreement.Signed}, {time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC), agreement.Active}} { // Brussels is an hour ahead
		*w.now = c.day
		must(t, Tend(t.Context(), w.DB, key(t)))
		if got := w.sheet("alpha").Agreement.State; got != c.want {
			t.Errorf("on %s: %s, want %s", c.day, got, c.want)
		}
	}
}

func (w *world) trailHolds(t *testing.T) {
	t.Helper()
	must(t, w.Read(t.Context(), func(tx *db.Tx) error {
		found, err := audit.Verify(t.Context(), tx, string(w.set.Programme.ID))
		if len(found) > 0 {
			t.Errorf("the trail: %v", found)
		}
		return err
	}))
}

// Together the agreements must fit the envelope, whatever was agreed before.
func TestCommitmentsFitTheEnvelope(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		doc := w.document("beta")
		hash := w.agree("beta", doc)
		// Somebody else took of the envelope meanwhile, in a way that no negotiation saw.
		must(t, w.write(func(tx *db.Tx) error {
			_, err := ledger.Post(t.Context(), tx, ledger.Entry{Programme: w.set.Programme.ID, Key: "taken", Event: ledger.EventSigned, BookedOn: tx.Now.Date(),
				Agreement: w.agreed["alpha"].ID, Year: 2028, SubjectKind: "agreement", SubjectID: string(w.agreed["alpha"].ID), Lines: ledger.Signed(60_000_00)})
			return err
		}))
		_, err := w.sign("chair@beta", "beta", hash)
		must(t, err)
		_, err = w.sign("minister@agency", "beta", hash)
		refusedAs(t, err, fault.KindInvalid, "agreement.above_left")
		if f := fault.Of(err); f.Field != "ceiling.2028" || f.Args["left"] != money.Amount(90_000_00) {
			t.Errorf("%+v", f)
		}
		if x := w.sheet("beta"); len(x.Signatures) != 1 || x.Agreement.State != agreement.Agreed || w.balance(ledger.Envelope, 2027) != 150_000_00 {
			t.Errorf("half of it happened: %+v", x.Agreement)
		}
	})
}

// An amendment goes the same way while the signed text stays in force; signed by everybody, it waits for its day.
func TestAmendmentsAreSignedToo(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		hash := w.agree("beta", w.document("beta"))
		for _, who := range []string{"chair@beta", "minister@agency"} {
			_, err := w.sign(who, "beta", hash)
			must(t, err)
		}
		doc := w.sheet("beta").Version.Document
		doc.Amends, doc.EffectiveOn, doc.ReasonAmends = 1, "2027-07-01", "A new market"
		doc.Ceilings[1].Amount = 100_000_00
		w.set.Bounds = map[id.Agreement]agreement.Bounds{w.agreed["beta"].ID: {}}
		changed := w.agree("beta", doc)
		if got := w.sheet("beta"); got.Version.N != 2 || !got.Open() || got.Agreement.Version != 1 {
			t.Fatalf("%d %v", got.Version.N, got.Agreement)
		}
		for _, who := range []string{"chair@beta", "minister@agency"} {
			_, err := w.sign(who, "beta", changed)
			must(t, err)
		}
		must(t, Tend(t.Context(), w.DB, key(t)))
		x := w.sheet("beta")
		if c, _ := x.Agreement.Ceiling(2028); x.Agreement.Version != 1 || !x.Complete() || x.Seal == nil || c.Amount != 90_000_01 || w.balance(ledger.Committed, 2028) != 90_000_01 {
			t.Errorf("%+v", x.Agreement)
		}
		_, err := w.sign("minister@agency", "beta", changed)
		refusedAs(t, err, fault.KindConflict, "signing.closed")
		w.trailHolds(t)
	})
}

func TestWhatWasSignedElsewhere(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		hash := w.agree("beta", w.document("beta"))
		document, err := Print(w.sheet("beta").Version)
		must(t, err)
		chair := pdftest.New(t, "Ann Chair")
		signed := chair.Sign(t, document)
		altered := append([]byte(nil), signed...)
		altered[len(document)/2] ^= 1
		other := w.document("beta")
		other.Ceilings[0].Amount = 1
		otherPDF, err := Print(agreement.Version{N: 1, Document: other, Hash: hash, MadeAt: w.sheet("beta").Version.MadeAt})
		must(t, err)
		for name, c := range map[string]struct {
			content []byte
			key     string
		}{
			"unsigned": {document, "signing.upload.unsigned"}, "altered": {altered, "signing.upload.altered"},
			"added to":  {append(append([]byte(nil), signed...), "\n% more"...), "signing.upload.not_whole"},
			"the other": {chair.Sign(t, otherPDF), "signing.upload.other"}, "text": {[]byte("signed, Ann"), "signing.upload.no_pdf"},
			"half": {[]byte("%PDF-1.3\n/ByteRange [0 1 2 3]"), "signing.upload.altered"},
		} {
			p, err := file.Check(t.Context(), file.Scanner{}, Field, "signed.pdf", strings.NewReader(string(c.content)))
			must(t, err)
			if _, err := Examine(w.sheet("beta"), p); !fault.Is(err, fault.KindInvalid) || string(fault.Of(err).Key) != c.key || fault.Of(err).Field != Field {
				t.Errorf("%s: %v", name, err)
			}
		}
		hand := func(who string, content []byte) (x Sheet, err error) {
			p, err := file.Check(t.Context(), file.Scanner{}, Field, "signed.pdf", strings.NewReader(string(content)))
			must(t, err)
			h, err := Examine(w.sheet("beta"), p)
			must(t, err)
			err = w.write(func(tx *db.Tx) error {
				x, err = PutSigned(t.Context(), tx, w.people[who], &w.set, w.agreed["beta"].ID, h)
				return err
			})
			return x, err
		}
		_, err = hand("minister@agency", signed)
		refusedAs(t, err, fault.KindConflict, "signing.not_your_turn")
		_, err = hand("chair@beta", signed)
		must(t, err)
		_, err = hand("minister@agency", signed) // somebody else's signature
		refusedAs(t, err, fault.KindInvalid, "signing.upload.used")
		x, err := hand("minister@agency", pdftest.New(t, "Mia Minister").Sign(t, signed))
		if err != nil || x.Agreement.State != agreement.Signed || x.Signatures[0].Way != Elsewhere || x.Signatures[0].Certificate != "CN=Ann Chair" {
			t.Errorf("%+v %v", x.Signatures, err)
		}
		must(t, Tend(t.Context(), w.DB, key(t)))
		record := w.evidence(t, "beta")
		if len(record.Signatures) != 2 || record.Signatures[1].Certificate != "CN=Mia Minister" || len(record.Signatures[1].FileHash) != 64 {
			t.Errorf("%+v", record.Signatures)
		}
	})
}

// kept reads a file of the seal.
func (w *world) kept(t *testing.T, partner string) (document, evidence []byte) {
	t.Helper()
	seal := w.sheet(partner).Seal
	if seal == nil {
		t.Fatal("no seal")
	}
	must(t, w.Read(t.Context(), func(tx *db.Tx) error {
		for _, x := range []*struct {
			id   *[]byte
			file file.File
		}{{&document, file.File{ID: seal.Document}}, {&evidence, file.File{ID: seal.Evidence}}} {
			f, err := file.Load(t.Context(), tx, w.people["coordinator@"+partner], w.set.Programme.ID, x.file.ID)
			if err != nil {
				return err
			}
			if *x.id, err = file.Read(t.Context(), tx, w.set.Programme.ID, f); err != nil {
				return err
			}
		}
		return nil
	}))
	return document, evidence
}

func (w *world) evidence(t *testing.T, partner string) (e Evidence) {
	t.Helper()
	_, raw := w.kept(t, partner)
	must(t, json.Unmarshal(raw, &e))
	return e
}

// The sealed PDF is valid for another program, and its text says what the stored version says. The evidence stands on its own.
func TestTheSeal(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		hash := w.agree("alpha", w.document("alpha"))
		k := key(t)
		for _, who := range []string{"chair@alpha", "treasurer@alpha", "minister@agency"} {
			must(t, Tend(t.Context(), w.DB, k))
			if w.sheet("alpha").Seal != nil {
				t.Fatal("sealed before everybody signed")
			}
			_, err := w.sign(who, "alpha", hash)
			must(t, err)
		}
		for range 2 { // the second time does nothing
			must(t, Tend(t.Context(), w.DB, k))
		}
		document, raw := w.kept(t, "alpha")
		x := w.sheet("alpha")
		var e Evidence
		must(t, json.Unmarshal(raw, &e))
		if form := string(e.Document); agreement.HashOf(form) != hash || e.Hash != hash || len(e.Acceptances) != 2 || len(e.Signatures) != 3 {
			t.Errorf("%+v", e)
		}
		must(t, w.Read(t.Context(), func(tx *db.Tx) error {
			for _, s := range e.Signatures {
				var verb, found string
				if err := tx.Row(t.Context(), db.Query{Text: "select verb, hash from audit where scope = $1 and n = $2"}, w.set.Programme.ID, s.Trail).Scan(&verb, &found); err != nil {
					return err
				}
				if verb != "signature.put" || found != s.TrailHash {
					t.Errorf("entry %d of the trail is %s %s, not that of %s", s.Trail, verb, found, s.Name)
				}
			}
			return nil
		}))
		said := poppler(t, document, "pdfsig")
		if !strings.Contains(said, "Signature is Valid") || !strings.Contains(said, "Total document signed") {
			t.Errorf("pdfsig: %s", said)
		}
		saysTheSame(t, poppler(t, document, "pdftotext"), x)
		w.trailHolds(t)
	})
}

// saysTheSame holds what another program reads in the PDF against the stored version: every clause, number and name.
func saysTheSame(t *testing.T, read string, x Sheet) {
	t.Helper()
	flat := func(s string) string {
		return strings.Join(strings.Fields(strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\f", " ").Replace(s)), "")
	}
	got, d := flat(read), &x.Version.Document
	want := []string{x.Version.Hash, d.Agency.Label(), d.Partner.Label(), d.Total().Show(d.Language)}
	numbers, fields := agreement.Numbers(d.Clauses), d.Fields()
	for i, c := range d.Clauses {
		want = append(want, numbers[i]+agreement.Fill(c.Title, fields))
		for line := range strings.SplitSeq(agreement.Fill(c.Text, fields), "\n") {
			want = append(want, line)
		}
	}
	for _, o := range d.Objectives {
		want = append(want, o.Words.In(d.Language), o.GoalName)
	}
	for _, k := range d.KPIs {
		row := k.Name + k.Unit + k.Baseline.Show(d.Language, k.Decimals)
		for _, y := range d.Years() {
			row += k.Target(y).Show(d.Language, k.Decimals)
		}
		want = append(want, row+"100")
	}
	for _, c := range d.Ceilings {
		want = append(want, c.Year.String()+c.Amount.Show(d.Language))
	}
	for _, l := range d.Lines {
		want = append(want, l.Title, l.Text)
	}
	for _, s := range x.Signatures {
		want = append(want, s.Name, moment(d.Language, s.At))
	}
	feet := "sha256" + x.Version.Hash
	for _, w := range want {
		w = flat(w)
		if strings.Contains(got, w) {
			continue
		}
		if cut := withoutFeet(got, feet, flat(d.Partner.Label())); !strings.Contains(cut, w) { // a text that goes on over a page
			t.Errorf("the PDF does not say %q", w)
		}
	}
	if n := strings.Count(got, feet); n < 3 {
		t.Errorf("the hash stands at %d feet", n)
	}
}

// withoutFeet takes the feet and heads of pages out of what was read.
func withoutFeet(s, foot, partner string) string {
	for {
		i := strings.Index(s, foot)
		if i < 0 {
			return s
		}
		rest := s[i+len(foot):]
		if j := strings.Index(rest, "Agreementwith"+partner+",version"); j >= 0 && j < 12 {
			rest = rest[j+len("Agreementwith"+partner+",version")+1:]
		} else {
			rest = rest[min(len(rest), 3):]
		}
		s = s[:i] + rest
	}
}

func poppler(t *testing.T, document []byte, name string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is missing", name)
		}
		t.Skipf("%s is missing (poppler-utils): the PDF was not read by another program", name)
	}
	path := filepath.Join(t.TempDir(), "a.pdf")
	must(t, os.WriteFile(path, document, 0o600))
	args := []string{path}
	if name == "pdftotext" {
		args = []string{"-layout", path, "-"}
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	if keep := os.Getenv("ERRERA_SCREENSHOTS"); keep != "" {
		must(t, os.WriteFile(filepath.Join(keep, "sealed.pdf"), document, 0o644))
	}
	return string(out)
}

// Nothing agreed or signed can be altered by SQL: every column of every row that says it is tried.
func TestSQLCannotAlterWhatWasSigned(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		hash := w.agree("beta", w.document("beta"))
		for _, who := range []string{"chair@beta", "minister@agency"} {
			_, err := w.sign(who, "beta", hash)
			must(t, err)
		}
		must(t, Tend(t.Context(), w.DB, key(t)))
		for _, s := range []string{
			"update agreement set version = 2", "update agreement set starts_on = '2027-02-01'", "update agreement set ends_on = '2028-11-30'",
			"update agreement set signed_on = ''", "update agreement set state = 'negotiating'", "update agreement set state = 'draft'",
			"update agreement_ceiling set amount = amount + 1", "update agreement_ceiling set amount = 0",
			"update objective set words_en = 'Reach fewer companies'", "update objective set code = 'other'",
			"update assignment set baseline = '1'", "update assignment set weight = 1", "update assignment set floor_bp = 100", "update assignment set rule = 'progress'",
			"update assignment set cap_bp = 5000", "update target set value = '1'", "update agreement_version set document = '{}'", "update agreement_version set hash = ''",
			"update agreement_version set state = 'proposed'", "update agreement_acceptance set hash = ''", "update agreement_signature set name = 'Nobody'",
			"update agreement_signature set signed_at = ''", "update agreement_seal set certificate = ''", "update file set name = ''", "update file_part set data = ''",
			"delete from agreement_version", "delete from agreement_acceptance", "delete from agreement_signature", "delete from agreement_seal", "delete from agreement_ceiling",
			"delete from objective", "delete from assignment", "delete from target", "delete from file", "delete from file_part",
		} {
			where := " where agreement_id = '" + string(w.agreed["beta"].ID) + "'"
			switch table := strings.Fields(strings.TrimPrefix(strings.TrimPrefix(s, "update "), "delete from "))[0]; table {
			case "agreement":
				where = " where id = '" + string(w.agreed["beta"].ID) + "'"
			case "target", "file", "file_part":
				where = ""
			}
			err := w.write(func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), db.Query{Text: s + where})
				return err
			})
			if !fault.Is(err, fault.KindConflict) {
				t.Errorf("%s: %v", s, err)
			}
		}
		for _, v := range []access.VerbName{"agreement.reopen", "agreement.abandon"} { // and by no verb
			if err := w.people["officer@agency"].May(v, w.sheet("beta").Agreement.Subject()); !fault.Is(err, fault.KindConflict) {
				t.Errorf("%s: %v", v, err)
			}
		}
	})
}

func TestSignersAreTold(t *testing.T) {
	d := dbtest.Open(t)
	w := newWorld(t, d)
	hash := w.agree("beta", w.document("beta"))
	letters := func() string {
		var all []string
		must(t, w.Read(t.Context(), func(tx *db.Tx) error {
			rows, err := list[string](t.Context(), tx, db.Query{Text: "select address from mail where subject like '%sign%' order by id"})
			all = rows
			return err
		}))
		return strings.Join(all, " ")
	}
	for range 2 { // told once
		must(t, Tend(t.Context(), w.DB, key(t)))
	}
	if got := letters(); got != "chair@beta.example" {
		t.Errorf("told %q", got)
	}
	for _, who := range []string{"chair@beta", "minister@agency"} {
		_, err := w.sign(who, "beta", hash)
		must(t, err)
	}
	if got := letters(); got != "chair@beta.example minister@agency.example chair@beta.example minister@agency.example" {
		t.Errorf("told %q", got)
	}
}
