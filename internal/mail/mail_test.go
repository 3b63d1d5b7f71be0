package mail

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/text"
)

// postOffice is a real SMTP server that keeps what it takes.
type postOffice struct {
	mu       sync.Mutex
	taken    []string // whole messages
	readers  []string
	users    []string
	refuse   error // the answer to RCPT, if any
	listener net.Listener
	server   *smtp.Server
}

func (p *postOffice) NewSession(*smtp.Conn) (smtp.Session, error) { return &visit{office: p}, nil }

// visit is one connection.
type visit struct {
	office *postOffice
	to     string
}

func (v *visit) Reset()                               {}
func (v *visit) Logout() error                        { return nil }
func (v *visit) Mail(string, *smtp.MailOptions) error { return nil }
func (v *visit) AuthMechanisms() []string             { return []string{sasl.Plain} }

func (v *visit) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		v.office.mu.Lock()
		defer v.office.mu.Unlock()
		v.office.users = append(v.office.users, user)
		if password != "secret" {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	v.office.mu.Lock()
	defer v.office.mu.Unlock()
	v.to = to
	return v.office.refuse
}

func (v *visit) Data(r io.Reader) error {
	all, err := io.ReadAll(r)
	v.office.mu.Lock()
	defer v.office.mu.Unlock()
	v.office.taken, v.office.readers = append(v.office.taken, string(all)), append(v.office.readers, v.to)
	return err
}

func (p *postOffice) refuseWith(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse = err
}

func (p *postOffice) got() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.taken...)
}

// open starts the server and gives the settings that reach it.
func (p *postOffice) open(t *testing.T, way TLS) Server {
	t.Helper()
	certificate, roots := certificateOf(t, "127.0.0.1")
	p.server = smtp.NewServer(p)
	p.server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}}
	p.server.AllowInsecureAuth = true
	p.server.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.listener = l
	if way == Implicit {
		p.listener = tls.NewListener(l, p.server.TLSConfig)
	}
	go func() { _ = p.server.Serve(p.listener) }()
	t.Cleanup(func() { _ = p.server.Close() })
	return Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLS: way, From: "Errera <errera@bureau.example>",
		Site: &url.URL{Scheme: "https", Host: "errera.example"}, Roots: roots}
}

func certificateOf(t *testing.T, host string) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.ParseIP(host)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

// desk is a database with a programme, and people who read three languages.
type desk struct {
	*db.DB
	g     id.Programme
	admin access.Actor
	who   map[string]id.Person
}

func openDesk(t *testing.T, d *db.DB) desk {
	t.Helper()
	ctx := t.Context()
	if err := job.Migrate(ctx, d); err != nil {
		t.Fatal(err)
	}
	out := desk{DB: d, g: id.New[id.Programme](), who: map[string]id.Person{}}
	agency := id.New[id.Organisation]()
	err := d.WriteAgency(ctx, func(tx *db.Tx) error {
		err := tx.Insert(ctx, "organisation", strings.Fields("id code name short_name kind calendar_group position sort_key vat_recoverable_bp"),
			[][]any{{agency, "bureau", "Bureau", "Bureau", "agency", "", 1, "bureau", 0}})
		if err != nil {
			return err
		}
		err = tx.Insert(ctx, "programme", strings.Fields(`id code name_nl name_en name_fr note_nl note_en note_fr strategy_nl strategy_en
			strategy_fr starts_on ends_on currency agency_id invented state source_hash`),
			[][]any{{out.g, "g", "", "", "", "", "", "", "", "", "", "2018-01-01", "2018-12-31", "EUR", agency, 1, "open", ""}})
		if err != nil {
			return err
		}
		if err := tx.Insert(ctx, "programme_head", strings.Fields("programme_id seq audit_count audit_hash"), [][]any{{out.g, 0, 0, ""}}); err != nil {
			return err
		}
		for _, l := range text.Languages() {
			p, err := access.Add(ctx, tx, access.System("test"), access.NewPerson{Email: string(l) + "@reader.example", Name: "Zoë " + string(l),
				Language: l, Role: access.Administrator, Organisation: "bureau"})
			if err != nil {
				return err
			}
			out.who[string(l)] = p
		}
		out.admin, err = access.LoadActor(ctx, tx, out.who["en"])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (d desk) ask(t *testing.T, reader string, l Letter) {
	t.Helper()
	err := d.Write(t.Context(), d.g, func(tx *db.Tx) error { return Enqueue(t.Context(), tx, d.g, d.who[reader], l) })
	if err != nil {
		t.Fatal(err)
	}
}

// work runs the jobs of mail until the test ends.
func (d desk) work(t *testing.T, s Server, log *slog.Logger) {
	t.Helper()
	c, err := job.Open(d.DB, log, Works(d.DB, s)...)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := c.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
}

func (d desk) outbox(t *testing.T) (all []Mail) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		all, err = Outbox(t.Context(), tx, d.admin, d.g, "", 50)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (d desk) until(t *testing.T, what string, is func([]Mail) bool) []Mail {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if all := d.outbox(t); is(all) {
			return all
		}
	}
	t.Fatalf("%s did not happen: %+v", what, d.outbox(t))
	return nil
}

// words is any letter of the catalogue with an argument that HTML must escape.
func words(once string) Letter {
	return Letter{Subject: "mail.state.kept", Body: "mail.bad_from", Args: text.Args{"found": "Ann & <Bob>"}, Action: "mail.state.sent",
		Path: "/agreements/voka?year=2018&x=1", Once: once}
}

func TestLettersReachARealServer(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		var office postOffice
		server := office.open(t, StartTLS)
		server.User, server.Password = "errera", "secret"
		desk := openDesk(t, d)
		for _, l := range text.Languages() {
			desk.ask(t, string(l), words(""))
		}
		desk.ask(t, "nl", words("told once"))
		desk.ask(t, "nl", words("told once"))
		desk.work(t, server, slog.New(slog.DiscardHandler))
		desk.until(t, "sending", func(all []Mail) bool {
			sent := 0
			for _, m := range all {
				if m.State == Sent && m.Reply == 250 && m.Tries == 1 && m.Done != "" {
					sent++
				}
			}
			return sent == 4
		})
		if got := office.got(); len(got) != 4 {
			t.Fatalf("%d letters arrived, want 4", len(got))
		}
		seen := map[string]bool{}
		for _, raw := range office.got() {
			seen[checkMessage(t, raw)] = true
		}
		if len(seen) != 3 {
			t.Errorf("languages %v", seen)
		}
	})
}

// checkMessage reads a message as a mail program would and returns its language.
func checkMessage(t *testing.T, raw string) string {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	l, ok := text.ParseLanguage(m.Header.Get("Content-Language"))
	if !ok {
		t.Errorf("language %q", m.Header.Get("Content-Language"))
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if want := l.Say("mail.state.kept", nil); err != nil || subject != want {
		t.Errorf("subject %q, want %q (%v)", subject, want, err)
	}
	to, err := m.Header.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Address != string(l)+"@reader.example" || to[0].Name != "Zoë "+string(l) {
		t.Errorf("to %v %v", to, err)
	}
	if !strings.HasSuffix(m.Header.Get("Message-Id"), "@errera.example>") || m.Header.Get("Date") == "" || m.Header.Get("Auto-Submitted") == "" {
		t.Errorf("headers %v", m.Header)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%s %v", kind, err)
	}
	parts := map[string]string{}
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		name, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
		parts[name] = string(body)
	}
	if plain := parts["text/plain"]; !strings.Contains(plain, "Ann & <Bob>") || !strings.Contains(plain, "https://errera.example/agreements/voka?year=2018&x=1") {
		t.Errorf("text %q", plain)
	}
	if page := parts["text/html"]; !strings.Contains(page, "Ann &amp; &lt;Bob&gt;") || !strings.Contains(page, `href="https://errera.example/agreements/voka?year=2018&amp;x=1"`) {
		t.Errorf("HTML %q", page)
	}
	return string(l)
}

func TestEveryWayOfTLS(t *testing.T) {
	for _, way := range []TLS{StartTLS, Implicit, NoTLS} {
		var office postOffice
		server := office.open(t, way)
		server.User, server.Password = "errera", "secret"
		m := Mail{ID: id.New[id.Mail](), Reader: Reader{Name: "A", Address: "a@reader.example", Language: text.EN}, Subject: "s", Body: "b"}
		if state, _, err := server.send(t.Context(), m); state != Sent || err != nil {
			t.Errorf("%s: %s %v", way, state, err)
		}
		server.Password = "wrong"
		if state, _, err := server.send(t.Context(), m); state != Waiting || !fault.Is(err, fault.KindUnavailable) {
			t.Errorf("%s with a wrong password: %s %v", way, state, err)
		}
		if way == NoTLS {
			continue
		}
		server.Password, server.Roots = "secret", x509.NewCertPool()
		if state, _, err := server.send(t.Context(), m); state != Waiting || err == nil {
			t.Errorf("%s with a certificate of nobody: %s %v", way, state, err)
		}
	}
}

func TestWithoutAServerLettersAreKept(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		desk := openDesk(t, d)
		desk.ask(t, "fr", words(""))
		desk.work(t, Server{}, slog.New(slog.DiscardHandler))
		all := desk.until(t, "keeping", func(all []Mail) bool { return len(all) == 1 && all[0].State == Kept })
		if m := all[0]; m.Subject != text.FR.Say("mail.state.kept", nil) || m.Reader.Address != "fr@reader.example" || !strings.Contains(m.Body, "Ann & <Bob>") {
			t.Errorf("%+v", m)
		}
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			if m, err := Load(t.Context(), tx, desk.admin, desk.g, all[0].ID); err != nil || m.Body != all[0].Body {
				t.Errorf("%+v %v", m, err)
			}
			if _, err := Load(t.Context(), tx, desk.admin, desk.g, id.New[id.Mail]()); !fault.Is(err, fault.KindMissing) {
				t.Errorf("no letter: %v", err)
			}
			other := access.Actor{ID: desk.who["nl"], Memberships: []access.Membership{{Organisation: "x", Agency: true, Role: access.Officer}}}
			if _, err := Outbox(t.Context(), tx, other, desk.g, "", 50); !fault.Is(err, fault.KindDenied) {
				t.Errorf("an officer: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// A server that is busy is asked again; one that says no for good is not; the log names nobody.
func TestRefusalsAndRetries(t *testing.T) {
	d := dbtest.Open(t)
	var office postOffice
	server := office.open(t, NoTLS)
	office.refuseWith(&smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "busy with nl@reader.example"})
	desk := openDesk(t, d)
	desk.ask(t, "nl", words(""))
	var log sink
	desk.work(t, server, slog.New(slog.NewTextHandler(&log, nil)))
	desk.until(t, "a try", func(all []Mail) bool { return all[0].State == Waiting && all[0].Tries >= 1 && all[0].Reply == 451 })
	office.refuseWith(nil)
	desk.until(t, "another try", func(all []Mail) bool { return all[0].State == Sent && all[0].Tries >= 2 })
	office.refuseWith(&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no nl@reader.example here"})
	desk.ask(t, "nl", words("again"))
	desk.until(t, "a refusal", func(all []Mail) bool {
		return len(all) == 2 && all[0].State == Refused && all[0].Reply == 550 && all[0].Tries == 1
	})
	if said := log.String(); strings.Contains(said, "reader.example") || strings.Contains(said, "Zoë") || !strings.Contains(said, "mail.post") {
		t.Errorf("the log: %s", said)
	}
}

// What waits for days is given up, and what was done with long ago keeps neither words nor address.
func TestLookingAfter(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		desk := openDesk(t, d)
		now := time.Date(2018, 5, 4, 9, 0, 0, 0, time.UTC)
		desk.DB = d.WithClock(func() time.Time { return now })
		desk.ask(t, "nl", words(""))
		look := func(after time.Duration) Mail {
			now = now.Add(after)
			if err := lookAfter(t.Context(), desk.DB); err != nil {
				t.Fatal(err)
			}
			return desk.outbox(t)[0]
		}
		if m := look(time.Hour); m.State != Waiting {
			t.Errorf("after an hour: %s", m.State)
		}
		if m := look(patience); m.State != Failed || m.Body == "" {
			t.Errorf("after days: %+v", m)
		}
		if m := look(retention + time.Hour); m.State != Failed || m.Body+m.Subject+m.Reader.Address+m.Reader.Name+m.Path != "" {
			t.Errorf("after months: %+v", m)
		}
	})
}

func TestSettingsAreChecked(t *testing.T) {
	site := &url.URL{Scheme: "https", Host: "errera.example"}
	for _, c := range []struct {
		s     Server
		field string
	}{
		{Server{}, ""},
		{Server{Host: "h", From: "a@b.example", Site: site}, ""},
		{Server{Host: "h", From: "nobody", Site: site}, "smtp-from"},
		{Server{Host: "h", From: "a@b.example"}, "public-url"},
		{Server{Host: "h", From: "a@b.example", Site: &url.URL{Path: "errera"}}, "public-url"},
	} {
		err := c.s.Check()
		if (c.field == "") != (err == nil) || err != nil && fault.Of(err).Field != c.field {
			t.Errorf("%+v: %v", c.s, err)
		}
	}
}

// sink is a log that several write.
type sink struct {
	mu sync.Mutex
	b  strings.Builder
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *sink) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
