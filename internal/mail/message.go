package mail

import (
	"crypto/tls"
	"html"
	"strings"

	smtp "github.com/wneessen/go-mail"
)

// message writes the letter as text and as plain HTML that says the same.
func (s Server) message(m Mail) (*smtp.Msg, error) {
	msg := smtp.NewMsg()
	if err := msg.From(s.From); err != nil {
		return nil, err
	}
	if err := msg.AddToFormat(m.Reader.Name, m.Reader.Address); err != nil {
		return nil, err
	}
	msg.Subject(m.Subject)
	msg.SetDateWithValue(m.Asked.Time())
	msg.SetMessageIDWithValue(string(m.ID) + "@" + s.Site.Hostname())
	msg.SetGenHeader("Content-Language", string(m.Reader.Language))
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's absence answers it
	link := ""
	if m.Path != "" {
		link = strings.TrimSuffix(s.Site.String(), "/") + m.Path
	}
	msg.SetBodyString(smtp.TypeTextPlain, m.Plain(link))
	msg.AddAlternativeString(smtp.TypeTextHTML, m.html(link))
	return msg, nil
}

// Plain is the letter as text, with a link where it has one.
func (m Mail) Plain(link string) string {
	if link == "" {
		return m.Body + "\n"
	}
	return m.Body + "\n\n" + m.Action + ":\n" + link + "\n"
}

func (m Mail) html(link string) string {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="` + string(m.Reader.Language) + `"><head><meta charset="utf-8"><title>` +
		html.EscapeString(m.Subject) + `</title></head><body style="font:16px/1.5 sans-serif;color:#15202d;max-width:38em">`)
	for p := range strings.SplitSeq(m.Body, "\n\n") {
		b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(p), "\n", "<br>") + "</p>")
	}
	if link != "" {
		b.WriteString(`<p><a href="` + html.EscapeString(link) + `" style="color:#1d4a96">` + html.EscapeString(m.Action) + "</a></p>")
	}
	b.WriteString("</body></html>\n")
	return b.String()
}

func (s Server) client() (*smtp.Client, error) {
	options := []smtp.Option{smtp.WithTimeout(oneTry), smtp.WithTLSConfig(&tls.Config{ServerName: s.Host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12})}
	switch s.TLS {
	case Implicit:
		options = append(options, smtp.WithSSLPort(false))
	case NoTLS:
		options = append(options, smtp.WithTLSPortPolicy(smtp.NoTLS))
	default:
		options = append(options, smtp.WithTLSPortPolicy(smtp.TLSMandatory))
	}
	if s.Port != 0 {
		options = append(options, smtp.WithPort(s.Port))
	}
	if s.User != "" {
		auth := smtp.SMTPAuthAutoDiscover
		if s.TLS == NoTLS { // a server on the same machine: nobody listens in between
			auth = smtp.SMTPAuthPlainNoEnc
		}
		options = append(options, smtp.WithSMTPAuth(auth), smtp.WithUsername(s.User), smtp.WithPassword(s.Password))
	}
	return smtp.NewClient(s.Host, options...)
}
