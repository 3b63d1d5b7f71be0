package cli

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/api/agreements"
	byCommand "errera.eu/errera/internal/cli/agreement"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/format/pdf"
	"errera.eu/errera/internal/format/pdf/pdftest"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/signing"
)

// signers makes the people who sign: a minister at the agency, a chair at each partner.
func (h *house) signers(t *testing.T, partners ...string) {
	t.Helper()
	err := h.db.WriteAgency(context.Background(), func(tx *db.Tx) error {
		people := []access.NewPerson{{Email: "minister@bureau.example", Name: "Mia Minister", Organisation: "bureau"}}
		for _, p := range partners {
			people = append(people, access.NewPerson{Email: "chair@" + p + ".example", Name: "Chair of " + p, Organisation: p})
		}
		for _, n := range people {
			n.Language, n.Role = "en", access.Signatory
			if _, err := access.Add(context.Background(), tx, access.System("operator"), n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func signatories(partner string) []agreement.Signatory {
	return []agreement.Signatory{{Side: agreement.OfPartner, Name: "Chair of " + partner, Title: "Chair", Email: "chair@" + partner + ".example"},
		{Side: agreement.OfAgency, Name: "Mia Minister", Title: "Minister", Email: "minister@bureau.example"}}
}

// agreed opens a round in which the agency and each of the partners agreed on a text, and gives the text's hash by partner.
func (h *house) agreed(t *testing.T, partners ...string) (programme.Programme, map[string]string) {
	t.Helper()
	ctx := context.Background()
	next, _ := h.nextWithDraft(t)
	h.signers(t, partners...)
	first := h.firstDocument(t, next)
	officer, hashes := h.actor(t, "officer@bureau.example"), map[string]string{}
	for _, p := range partners {
		err := h.db.Write(ctx, next.ID, func(tx *db.Tx) error {
			a, s, err := h.openDraft(ctx, tx, next, p)
			if err != nil {
				return err
			}
			d := first.Normal()
			d.Partner, d.Signatories = agreement.Party{Organisation: a.Partner.ID, Name: a.Partner.Name}, signatories(p)
			for i := range d.Ceilings {
				d.Ceilings[i].Amount = money.Amount(30_000_01 + i)
			}
			v, err := agreement.Propose(ctx, tx, officer, &s, a.ID, agreement.Proposal{Document: d})
			if err != nil {
				return err
			}
			hashes[p] = v.Hash
			_, err = agreement.Accept(ctx, tx, h.actor(t, "coordinator@"+p+".example"), &s, a.ID, v.Hash)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return next, hashes
}

// openDraft is a partner's agreement of a round, made where there is none.
func (h *house) openDraft(ctx context.Context, tx *db.Tx, g programme.Programme, partner string) (a agreement.Agreement, s agreement.Setting, err error) {
	organisations, err := programme.Organisations(ctx, tx)
	if err != nil {
		return a, s, err
	}
	i := slices.IndexFunc(organisations, func(o programme.Organisation) bool { return o.Code == partner })
	if partner != "alpha" { // which the round began with
		err = agreement.Add(ctx, tx, g.ID, []agreement.Agreement{{ID: id.New[id.Agreement](), Partner: organisations[i], State: agreement.Draft, Version: 1,
			Starts: g.Starts, Ends: g.Ends}})
		if err != nil {
			return a, s, err
		}
	}
	if a, err = agreement.ByPartner(ctx, tx, access.All, g.ID, partner); err != nil {
		return a, s, err
	}
	s, err = settlement.SettingFor(ctx, tx, g, a)
	return a, s, err
}

// seals makes the seals that a job would make, with a key for this test.
func (h *house) seals(t *testing.T) {
	t.Helper()
	made, err := pdf.MakeKey("Bureau", "Bureau", "", time.Now().Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	key, err := pdf.ParseKey(made, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := signing.Tend(context.Background(), h.db, key); err != nil {
		t.Fatal(err)
	}
}

func (h *house) sheet(t *testing.T, g programme.Programme, partner string) (x signing.Sheet) {
	t.Helper()
	ctx := context.Background()
	h.read(t, func(tx *db.Tx) error {
		a, err := agreement.ByPartner(ctx, tx, access.All, g.ID, partner)
		if err != nil {
			return err
		}
		x, err = signing.Load(ctx, tx, access.System("test"), g.ID, a.ID)
		return err
	})
	return x
}

// poppler runs one of the tools of poppler-utils on a PDF.
func poppler(t *testing.T, document []byte, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		needs(t, name+" (poppler-utils)")
	}
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, document, 0o600); err != nil {
		t.Fatal(err)
	}
	args = append(slices.Clone(args), path)
	if name == "pdftotext" {
		args = append(args, "-")
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// TestSigningByAPI signs over the JSON interface, in order, under the content that was read; the sealed document comes back by the interface
// and by the command, other programs call it valid, and it says what the page and the stored version say.
func TestSigningByAPI(t *testing.T) {
	h := openHouse(t)
	next, hashes := h.agreed(t, "alpha")
	chair, minister := h.bearer(t, "chair@alpha.example"), h.bearer(t, "minister@bureau.example")
	const at = "/api/v1/programmes/next-round/agreements/alpha"
	sign := func(token, hash string) (int, string) {
		status, _, body := h.say(t, token, http.MethodPost, at+"/signatures", "", map[string]any{"hash": hash})
		return status, body
	}
	for _, c := range []struct {
		who, token, hash string
		status           int
		says             string
	}{
		{"the minister before the chair", minister, hashes["alpha"], http.StatusConflict, "signing.not_your_turn"},
		{"another content", chair, strings.Repeat("0", 64), http.StatusConflict, "agreement.hash_moved"},
		{"an officer", h.bearer(t, "officer@bureau.example"), hashes["alpha"], http.StatusForbidden, ""},
		{"the chair", chair, hashes["alpha"], http.StatusCreated, `"way":"token"`},
		{"the chair again", h.bearer(t, "chair@alpha.example"), hashes["alpha"], http.StatusConflict, "signing.signed_already"},
		{"the minister", h.bearer(t, "minister@bureau.example"), hashes["alpha"], http.StatusCreated, `"agreement_state":"active"`},
	} {
		if status, body := sign(c.token, c.hash); status != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%s: %d %s", c.who, status, body)
		}
	}
	if status, _, body := h.say(t, chair, http.MethodGet, at+"/sealed", "", nil); status != http.StatusNotFound || !strings.Contains(body, "signing.unsealed") {
		t.Errorf("before the seal: %d %s", status, body)
	}
	h.seals(t)
	sealed := h.bytesOf(t, chair, at+"/sealed")
	if said := poppler(t, sealed, "pdfsig"); !strings.Contains(said, "Signature is Valid") || !strings.Contains(said, "Total document signed") {
		t.Errorf("pdfsig: %s", said)
	}
	var e signing.Evidence
	if err := json.Unmarshal(h.bytesOf(t, chair, at+"/signing-evidence"), &e); err != nil || e.Hash != hashes["alpha"] || len(e.Signatures) != 2 {
		t.Errorf("%+v %v", e, err)
	}
	c := byCommand.PDF{OfPartner: byCommand.OfPartner{Programme: "next-round", Partner: "alpha"}}
	_, byCommand, _, err := c.Load(&command.Run{Context: t.Context()}, h.db)
	if err != nil || !bytes.Equal(byCommand, sealed) {
		t.Errorf("the command gives %d bytes, the interface %d (%v)", len(byCommand), len(sealed), err)
	}
	h.sayTheSame(t, h.sheet(t, next, "alpha"), sealed)
}

func (h *house) bytesOf(t *testing.T, token, path string) []byte {
	t.Helper()
	status, _, body := h.say(t, token, http.MethodGet, path, "", nil)
	if status != http.StatusOK {
		t.Fatalf("%s: %d %s", path, status, body)
	}
	var d agreements.Bytes
	decode(t, body, &d)
	b, err := base64.StdEncoding.DecodeString(d.Base64)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var tags = regexp.MustCompile(`(?s)<script.*?</script>|<[^>]*>`)

// sayTheSame holds the text of the PDF, the text of the page and the stored version against each other.
func (h *house) sayTheSame(t *testing.T, x signing.Sheet, sealed []byte) {
	t.Helper()
	_, page := h.ask(t, h.as(t, "coordinator@alpha.example"), http.MethodGet, "/agreements/alpha/document"+round)
	d := &x.Version.Document
	flat := func(s string) string {
		s = strings.NewReplacer("\u00a0", "", "\u202f", "", "\f", "", "&amp;", "&", "&#34;", `"`, "&#39;", "'").Replace(s)
		return strings.Join(strings.Fields(s), "")
	}
	texts := map[string]string{"page": flat(tags.ReplaceAllString(page, " ")), "PDF": flat(poppler(t, sealed, "pdftotext", "-layout", "-x", "0", "-y", "56", "-W", "595", "-H", "730"))} // without heads and feet, over which a text may go on
	want := []string{x.Version.Hash, d.Total().Show(d.Language)}
	numbers, fields := agreement.Numbers(d.Clauses), d.Fields()
	for i, c := range d.Clauses {
		want = append(want, numbers[i]+agreement.Fill(c.Title, fields))
		for line := range strings.SplitSeq(agreement.Fill(c.Text, fields), ". ") {
			want = append(want, line)
		}
	}
	for _, o := range d.Objectives {
		want = append(want, o.Words.In(d.Language), o.GoalName)
	}
	for _, k := range d.KPIs {
		row := k.Baseline.Show(d.Language, k.Decimals)
		for _, y := range d.Years() {
			row += k.Target(y).Show(d.Language, k.Decimals)
		}
		want = append(want, k.Name, row+fmt.Sprint(k.Weight))
	}
	for _, c := range d.Ceilings {
		want = append(want, c.Amount.Show(d.Language))
	}
	for _, s := range d.Signatories {
		want = append(want, s.Name)
	}
	if len(want) < 40 {
		t.Errorf("only %d things to look for", len(want))
	}
	for name, said := range texts {
		for _, w := range want {
			if !strings.Contains(said, flat(w)) {
				t.Errorf("the %s does not say %q", name, w)
			}
		}
	}
}

// TestAPIAndVerbsCannotAlterWhatWasSigned asks everything that the interface can change about an agreement, as everybody, once it is signed:
// the signed version, its signatures and the live rows stay as they are.
func TestAPIAndVerbsCannotAlterWhatWasSigned(t *testing.T) {
	h := openHouse(t)
	next, hashes := h.agreed(t, "alpha")
	for _, who := range []string{"chair@alpha.example", "minister@bureau.example"} {
		h.signs(t, next, "alpha", who, hashes["alpha"])
	}
	state := func() string {
		x := h.sheet(t, next, "alpha")
		x.Seal = nil
		b, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	was, tried := state(), 0
	const at = "/api/v1/programmes/{programme}/agreements/{partner}"
	for _, email := range []string{"officer@bureau.example", "coordinator@alpha.example", "chair@alpha.example", "minister@bureau.example"} {
		for _, e := range newAPI(api.Options{}).Endpoints() {
			if e.Method == http.MethodGet || !strings.HasPrefix(e.Path, at) {
				continue
			}
			path := strings.NewReplacer("{programme}", "next-round", "{partner}", "alpha", "{n}", "1").Replace(e.Path)
			status, _, body := h.say(t, h.bearer(t, email), e.Method, path, "*", map[string]any{"hash": hashes["alpha"], "words": "less", "after": 1})
			if tried++; status < 300 && !strings.HasSuffix(path, "/comments") || status >= 500 {
				t.Errorf("%s %s as %s: %d %s", e.Method, path, email, status, body)
			}
		}
	}
	if tried < 16 {
		t.Errorf("only %d were tried", tried)
	}
	h.verbsOfSigned(t, next, hashes["alpha"])
	if is := state(); is != was {
		t.Errorf("was %s\nis %s", was, is)
	}
}

// verbsOfSigned tries every verb that could take a signed text back.
func (h *house) verbsOfSigned(t *testing.T, g programme.Programme, hash string) {
	t.Helper()
	ctx := context.Background()
	officer, chair := h.actor(t, "officer@bureau.example"), h.actor(t, "chair@alpha.example")
	a := h.sheet(t, g, "alpha").Agreement
	for name, verb := range map[string]func(tx *db.Tx, s *agreement.Setting) error{
		"withdraw": func(tx *db.Tx, s *agreement.Setting) error {
			return agreement.Withdraw(ctx, tx, officer, g.ID, a.ID, 1)
		},
		"accept": func(tx *db.Tx, s *agreement.Setting) error {
			_, err := agreement.Accept(ctx, tx, officer, s, a.ID, hash)
			return err
		},
		"reopen": func(tx *db.Tx, s *agreement.Setting) error {
			_, err := agreement.Reopen(ctx, tx, officer, g.ID, a.ID, "x")
			return err
		},
		"abandon": func(tx *db.Tx, s *agreement.Setting) error {
			_, err := agreement.Abandon(ctx, tx, officer, g.ID, a.ID, "x")
			return err
		},
		"sign": func(tx *db.Tx, s *agreement.Setting) error {
			_, err := signing.Put(ctx, tx, chair, s, a.ID, signing.Mark{Hash: hash, Way: signing.InSession})
			return err
		},
	} {
		err := h.db.Write(ctx, g.ID, func(tx *db.Tx) error {
			s, err := settlement.SettingFor(ctx, tx, g, a)
			if err != nil {
				return err
			}
			return verb(tx, &s)
		})
		if err == nil {
			t.Errorf("%s of a signed version", name)
		}
	}
}

// signs puts somebody's name under an agreement.
func (h *house) signs(t *testing.T, g programme.Programme, partner, email, hash string) {
	t.Helper()
	ctx := context.Background()
	err := h.db.Write(ctx, g.ID, func(tx *db.Tx) error {
		a, err := agreement.ByPartner(ctx, tx, access.All, g.ID, partner)
		if err != nil {
			return err
		}
		s, err := settlement.SettingFor(ctx, tx, g, a)
		if err != nil {
			return err
		}
		_, err = signing.Put(ctx, tx, h.actor(t, email), &s, a.ID, signing.Mark{Hash: hash, Way: signing.InSession})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// handIn gives a PDF that was signed elsewhere to the interface.
func (h *house) handIn(t *testing.T, token string, content []byte) (int, string) {
	t.Helper()
	status, _, body := h.say(t, token, http.MethodPost, "/api/v1/programmes/next-round/agreements/alpha/signatures/pdf", "",
		map[string]any{"name": "signed.pdf", "pdf": content})
	return status, body
}

// handInByCommand does it as somebody at a terminal.
func handInByCommand(t *testing.T, dsn, who string, content []byte) (int, string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "signed.pdf")
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, messages := errera(t, "--db", dsn, "--as", who, "--lang", "en", "agreement", "sign", "--programme", "next-round", "--partner", "alpha", name)
	return code, messages
}

// TestAPDFSignedElsewhere hands in what is no signature of the agreement, each refused with its reason at the field, and then a good one.
func TestAPDFSignedElsewhere(t *testing.T) {
	h, dsn := openHouseAt(t)
	next, _ := h.agreed(t, "alpha", "beta")
	chair := h.as(t, "chair@alpha.example")
	fetch := func(client *http.Client, partner string) []byte {
		status, body := h.ask(t, client, http.MethodGet, "/agreements/"+partner+"/agreement.pdf"+round)
		if status != http.StatusOK {
			t.Fatalf("%s: %d %s", partner, status, body)
		}
		return []byte(body)
	}
	ours, other := fetch(chair, "alpha"), fetch(h.as(t, "officer@bureau.example"), "beta")
	person := pdftest.New(t, "Chair of alpha")
	signed := person.Sign(t, ours)
	altered := bytes.Replace(bytes.Clone(signed), []byte("/Type /Page\n"), []byte("/Type /Pagf\n"), 1)
	hand := func(content []byte) (int, string) {
		return h.upload(t, chair, "/agreements/alpha/sign/upload"+round, signing.Field, "signed.pdf", content, nil)
	}
	for name, c := range map[string]struct {
		content []byte
		says    string
	}{
		"no PDF":            {[]byte("hello"), "no PDF that can be read"},
		"unsigned":          {ours, "holds no digital signature"},
		"another agreement": {person.Sign(t, other), "are not those of version 1"},
		"altered":           {altered, ""},
		"cut":               {signed[:len(signed)-2000], ""},
	} {
		status, body := hand(c.content)
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, `aria-errormessage="pdf-wrong"`) || !strings.Contains(body, c.says) {
			t.Errorf("%s: %d %s", name, status, wrongIn(body))
		}
	}
	byProgram := func(token string, content []byte) (int, string) { return h.handIn(t, token, content) }
	token := h.bearer(t, "chair@alpha.example")
	for content, says := range map[string]string{"hello": "signing.upload.no_pdf", string(ours): "signing.upload.unsigned", string(altered): `"field":"pdf"`} {
		if status, body := byProgram(token, []byte(content)); status != http.StatusUnprocessableEntity || !strings.Contains(body, says) {
			t.Errorf("by a program: %d %s, not %s", status, body, says)
		}
	}
	if status, body := byProgram(h.bearer(t, "minister@bureau.example"), signed); status != http.StatusConflict || !strings.Contains(body, "signing.not_your_turn") {
		t.Errorf("the minister before the chair: %d %s", status, body)
	}
	byCommandAs := func(who string, content []byte) (int, string) { return handInByCommand(t, dsn, who, content) }
	if code, said := byCommandAs("chair@alpha.example", ours); code == 0 || !strings.Contains(said, "holds no digital signature") {
		t.Errorf("unsigned by a command: %d %s", code, said)
	}
	if x := h.sheet(t, next, "alpha"); len(x.Signatures) != 0 {
		t.Fatalf("%+v", x.Signatures)
	}
	if status, body := hand(signed); status != http.StatusSeeOther {
		t.Errorf("the good one: %d %s", status, wrongIn(body))
	}
	if x := h.sheet(t, next, "alpha"); len(x.Signatures) != 1 || x.Signatures[0].Way != signing.Elsewhere || !strings.Contains(x.Signatures[0].Certificate, "Chair of alpha") {
		t.Errorf("%+v", x.Signatures)
	}
	if status, body := byProgram(h.bearer(t, "minister@bureau.example"), signed); status != http.StatusUnprocessableEntity || !strings.Contains(body, "signing.upload.used") {
		t.Errorf("the chair's file again: %d %s", status, body)
	}
	if code, said := byCommandAs("minister@bureau.example", pdftest.New(t, "Mia Minister").Sign(t, ours)); code != 0 || !strings.Contains(said, "Mia Minister signed version 1 with Alpha") {
		t.Errorf("the minister by a command: %d %s", code, said)
	}
}

// wrongIn is what a page says at the field of a PDF.
func wrongIn(body string) string {
	_, after, _ := strings.Cut(body, `id="pdf-wrong"`)
	return strings.Join(strings.Fields(tags.ReplaceAllString(after[:min(len(after), 900)], " ")), " ")
}
