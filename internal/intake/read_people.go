package intake

import (
	"net/mail"
	"strconv"
	"strings"

	"errera.eu/errera/internal/company"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

func (r *reader) readOrganisations() {
	r.organisations.usable = r.each(sheet{"organisations.csv", "code* name* short kind* group vat_recoverable_bp"}, func(x *record) {
		o := &organisation{at: x.at}
		o.Code, o.Name, o.Short, o.Group = x.code("code"), x.name("name"), x.name("short"), x.code("group")
		o.Kind = x.oneOf("kind", programme.KindAgency, programme.KindPartner, programme.KindOther)
		o.VATRecoverableBp = x.bp("vat_recoverable_bp", 10_000)
		if o.Kind == programme.KindPartner && x.cell("vat_recoverable_bp") == "" {
			x.fault("vat_recoverable_bp", "intake.want.required", nil)
		}
		o.Position = len(r.folder.organisations)
		if r.organisations.put(x, "code", o.Code, o) {
			r.folder.organisations = append(r.folder.organisations, o)
		}
	})
}

func (r *reader) readCompanies() {
	numbers := newTable[bool]("companies.csv")
	columns := "code* number scheme name* postcode city country* sector size size_source size_year nace parent_country"
	r.companies.usable = r.each(sheet{"companies.csv", columns}, func(x *record) {
		c := &companyRow{at: x.at}
		code := x.code("code")
		c.ID = id.New[id.Company]()
		c.Number = readNumber(x)
		c.Name, c.Postcode, c.City = x.name("name"), x.name("postcode"), x.name("city")
		c.Country, c.ParentCountry = x.country("country"), x.country("parent_country")
		c.Sector, c.Size = x.code("sector"), x.oneOf("size", company.Sizes()...)
		c.SizeSource, c.SizeYear = x.name("size_source"), int(x.year("size_year"))
		if c.NACE = x.name("nace"); c.NACE != "" && !isNACE(c.NACE) {
			x.fault("nace", "intake.want.nace", nil)
		}
		if c.Identified() {
			numbers.put(x, "number", c.Number.Scheme+" "+c.Number.Value, true)
		}
		if r.companies.put(x, "code", code, c) {
			r.folder.companies = append(r.folder.companies, c)
		}
	})
}

// readNumber reads number and scheme; the register says what is wrong with them.
func readNumber(x *record) company.Number {
	value, _ := x.given("number")
	scheme, _ := x.given("scheme")
	n, err := company.ParseNumber(scheme, value)
	if err != nil {
		f := fault.Of(err)
		x.fault(f.Field, f.Key, f.Args)
		return company.Number{}
	}
	return n
}

// isNACE accepts a division, group, class or national subclass: 28, 28.9, 28.99, 28.990.
func isNACE(s string) bool {
	division, rest, dotted := strings.Cut(s, ".")
	digits := func(s string) bool { return strings.Trim(s, "0123456789") == "" }
	return len(division) == 2 && digits(division) && (!dotted || len(rest) >= 1 && len(rest) <= 3 && digits(rest))
}

func agencyRoles() []string {
	return []string{"officer", "controller", "payer", "analyst", "administrator", "approver", "signatory", "assessor", "auditor"}
}

func partnerRoles() []string { return []string{"coordinator", "finance", "member"} }

func (r *reader) readPeople() {
	r.people.usable = r.each(sheet{"people.csv", "email* name* role* organisation* language*"}, func(x *record) {
		email := normalEmail(x.name("email"))
		name := x.name("name")
		language := x.oneOf("language", "nl", "en", "fr")
		if email != "" && !isEmail(email) {
			x.fault("email", "intake.want.email", nil)
			email = ""
		}
		roleName := x.oneOf("role", append(append(agencyRoles(), partnerRoles()...), "company")...)
		where, ok := r.place(x, roleName)
		if email == "" {
			return
		}
		p, known := r.people.by[email]
		if !known {
			p = &person{email: email, name: name, language: language, at: x.at}
			r.people.put(x, "email", email, p)
			r.folder.people = append(r.folder.people, p)
		} else {
			if name != p.name {
				x.fault("name", "intake.want.same_as", text.Args{"found": p.name, "line": strconv.Itoa(p.line)})
			}
			if language != p.language {
				x.fault("language", "intake.want.same_as", text.Args{"found": p.language, "line": strconv.Itoa(p.line)})
			}
		}
		if !ok {
			return
		}
		for _, had := range p.roles {
			if had == where {
				x.fault("role", "intake.want.role_once", nil)
				return
			}
		}
		p.roles = append(p.roles, where)
	})
}

// place reads where a role is held, and tests that it can be held there.
func (r *reader) place(x *record, name string) (role, bool) {
	code := x.code("organisation")
	if name == "company" {
		c, ok := r.companies.find(x, "organisation", code)
		return role{name: name, company: c}, ok
	}
	o, ok := r.organisations.find(x, "organisation", code)
	if !ok || name == "" {
		return role{}, false
	}
	kind := programme.KindPartner
	for _, a := range agencyRoles() {
		if a == name {
			kind = programme.KindAgency
		}
	}
	if name == "signatory" && o.Kind == programme.KindPartner { // both sides sign
		kind = programme.KindPartner
	}
	if o.Kind != kind {
		x.fault("organisation", "intake.want.organisation_of_kind", text.Args{"kind": kind, "role": name})
		return role{}, false
	}
	return role{name: name, organisation: o}, true
}

func normalEmail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Name == "" && a.Address == s
}

func roleNames(roles []string) string { return strings.Join(roles, ", ") }

type weighted struct {
	code   string
	weight int64
}

// splitWeights reads "agoria:2 voka"; a weight that is no number from 1 to 1,000,000 reads as 0.
func splitWeights(s string) []weighted {
	var all []weighted
	for w := range strings.FieldsSeq(s) {
		code, n, has := strings.Cut(w, ":")
		weight := int64(1)
		if has {
			var err error
			if weight, err = strconv.ParseInt(n, 10, 64); err != nil || weight > 1_000_000 {
				weight = 0
			}
		}
		all = append(all, weighted{code, weight})
	}
	return all
}
