package access

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

// maxEmail is the longest address that mail can be sent to (RFC 5321 section 4.5.3.1, erratum 1690).
const maxEmail = 254

// NewPerson is a person to be given a role. Organisation is the code of the organisation where the role is held; for a company contact it is
// "" and Company says which company.
type NewPerson struct {
	Email, Name  string
	Language     text.Language
	Role         Role
	Organisation string
	Company      id.Company
}

// Email is an address in the one form in which it is kept and compared: trimmed, lower case, without a name or comment.
func Email(s string) (string, error) {
	valid := utf8.ValidString(s) // asked first: lower case mends what is not
	s = strings.ToLower(strings.TrimSpace(s))
	bad := fault.Invalid("email", "access.email_malformed", text.Args{"found": s})
	if !valid || len(s) > maxEmail || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return "", bad
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s {
		return "", bad
	}
	return s, nil
}

// normal is the person with address, name and language in the form in which they are kept, or everything that is wrong with them.
func (n NewPerson) normal() (NewPerson, error) {
	var badEmail, badName, badLanguage, badRole error
	n.Email, badEmail = Email(n.Email)
	n.Name = strings.TrimSpace(n.Name)
	if n.Name == "" || !utf8.ValidString(n.Name) || strings.ContainsFunc(n.Name, unicode.IsControl) {
		badName = fault.Invalid("name", "access.name_missing", nil)
	}
	if n.Language == "" {
		n.Language = text.NL
	}
	if _, ok := text.ParseLanguage(string(n.Language)); !ok {
		badLanguage = fault.Invalid("language", "access.language_unknown", text.Args{"found": string(n.Language)})
	}
	if n.Role != CompanyContact && n.Role.seats() == nil {
		badRole = fault.Invalid("role", "access.role_unknown", text.Args{"found": string(n.Role), "roles": roleList(Roles())})
	}
	return n, fault.Join(badEmail, badName, badLanguage, badRole)
}
