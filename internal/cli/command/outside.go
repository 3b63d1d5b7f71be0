package command

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/format/pdf"
	"errera.eu/errera/internal/mail"
	"errera.eu/errera/internal/text"
)

// Outside are the flags that say what Errera talks to: where it is reached itself, the mail server, the virus scanner.
type Outside struct {
	PublicURL    string `name:"public-url" env:"ERRERA_PUBLIC_URL" placeholder:"URL" help:"Address of the site, as mails lead to it."`
	SMTPHost     string `name:"smtp-host" env:"ERRERA_SMTP_HOST" placeholder:"HOST" help:"Mail server; without it mails are kept in the outbox."`
	SMTPPort     int    `name:"smtp-port" env:"ERRERA_SMTP_PORT" help:"Port of the mail server; without it 587, 465 with TLS, 25 without."`
	SMTPTLS      string `name:"smtp-tls" env:"ERRERA_SMTP_TLS" enum:"starttls,tls,none" default:"starttls" help:"Secrecy of the connection: starttls, tls, or none (a server on this machine)."`
	SMTPUser     string `name:"smtp-user" env:"ERRERA_SMTP_USER" placeholder:"NAME" help:"Name to sign in with at the mail server."`
	SMTPPassword string `name:"smtp-password" env:"ERRERA_SMTP_PASSWORD" placeholder:"PASSWORD" help:"Password at the mail server (better in the environment or the file)."`
	SMTPFrom     string `name:"smtp-from" env:"ERRERA_SMTP_FROM" placeholder:"ADDRESS" help:"Sender of mails."`
	SealKey      string `name:"seal-key" env:"ERRERA_SEAL_KEY" placeholder:"FILE" help:"PKCS#12 file with the key that seals signed agreements; without it they are not sealed."`
	SealPassword string `name:"seal-password" env:"ERRERA_SEAL_PASSWORD" placeholder:"PASSWORD" help:"Password of that file (better in the environment or the file)."`
	Clamd        string `name:"clamd" env:"ERRERA_CLAMD" placeholder:"ADDRESS" help:"ClamAV daemon that looks at uploads: unix:/path or host:port."`
}

// MailServer is the mail server of the flags, checked.
func (o Outside) MailServer() (mail.Server, error) {
	s := mail.Server{Host: o.SMTPHost, Port: o.SMTPPort, TLS: mail.TLS(o.SMTPTLS), User: o.SMTPUser, Password: o.SMTPPassword, From: o.SMTPFrom}
	if o.PublicURL != "" {
		site, err := url.Parse(o.PublicURL)
		if err != nil {
			return s, fault.Invalid("public-url", "mail.bad_site", text.Args{})
		}
		s.Site = site
	}
	return s, s.Check()
}

// Scanner is the virus scanner of the flags.
func (o Outside) Scanner() (file.Scanner, error) { return file.ParseScanner(o.Clamd) }

// Seal is the key that seals agreements; none without a file.
func (o Outside) Seal() (pdf.Key, error) {
	if o.SealKey == "" {
		return pdf.Key{}, nil
	}
	content, err := os.ReadFile(o.SealKey)
	if err != nil {
		return pdf.Key{}, fault.Invalid("seal-key", "cli.no_file", text.Args{"path": o.SealKey})
	}
	k, err := pdf.ParseKey(content, o.SealPassword)
	if err != nil {
		return k, fault.Invalid("seal-key", "signing.bad_key", text.Args{"path": o.SealKey})
	}
	return k, nil
}

// DemoKey is where a demonstration keeps the key that it makes for itself: beside its database, never among the program's files.
func (r *Run) DemoKey() (string, error) {
	path := "var/demo-seal.p12"
	if !strings.Contains(r.Globals.DB, "://") {
		path = r.Globals.DB + ".seal.p12"
	}
	if _, err := os.Stat(path); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return path, err
	}
	made, err := pdf.MakeKey("Errera demo", "Nobody: made for a demonstration", "", time.Now())
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	return path, os.WriteFile(path, made, 0o600)
}

// Settings are the flags with their values; a secret is told to be there and not what it is.
func (o Outside) Settings() []Setting {
	secret := func(s string) string {
		if s == "" {
			return ""
		}
		return "***"
	}
	port := ""
	if o.SMTPPort != 0 {
		port = strconv.Itoa(o.SMTPPort)
	}
	return []Setting{
		{"public-url", "ERRERA_PUBLIC_URL", o.PublicURL},
		{"smtp-host", "ERRERA_SMTP_HOST", o.SMTPHost},
		{"smtp-port", "ERRERA_SMTP_PORT", port},
		{"smtp-tls", "ERRERA_SMTP_TLS", o.SMTPTLS},
		{"smtp-user", "ERRERA_SMTP_USER", o.SMTPUser},
		{"smtp-password", "ERRERA_SMTP_PASSWORD", secret(o.SMTPPassword)},
		{"smtp-from", "ERRERA_SMTP_FROM", o.SMTPFrom},
		{"seal-key", "ERRERA_SEAL_KEY", o.SealKey},
		{"seal-password", "ERRERA_SEAL_PASSWORD", secret(o.SealPassword)},
		{"clamd", "ERRERA_CLAMD", o.Clamd},
	}
}

// Setting is a flag as it stands in the configuration file and in the environment.
type Setting struct{ Name, Env, Value string }
