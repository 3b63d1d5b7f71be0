package frame

import (
	"strconv"

	"errera.eu/errera/internal/report"
)

// SubjectWords names what an entry or a change is about.
func SubjectWords(p Page, s report.Subject) string {
	year := s.Year
	switch s.Kind {
	case "settlement":
		return p.T("books.source_settlement", "partner", s.Short, "year", year)
	case "claim":
		return p.T("books.source_claim", "partner", s.Short, "year", year, "number", strconv.Itoa(s.Number))
	case "payment":
		return p.T("books.source_payment", "partner", s.Short, "year", year)
	case "correction", "item":
		return p.T("books.source_item", "partner", s.Short, "year", year, "ref", s.Ref)
	case "agreement":
		return p.T("books.source_agreement", "partner", s.Short)
	case "programme":
		return p.T("books.source_programme")
	case "evidence":
		return p.T("books.source_evidence")
	case "person":
		if s.Ref != "" {
			return s.Ref
		}
		return p.T("books.source_person")
	}
	return s.Kind
}

// subjectLink is the page that shows what an entry or a change is about, "" for none.
func subjectLink(p Page, s report.Subject) string {
	year := s.Year.String()
	switch {
	case s.Kind == "evidence":
		return p.Link("/evidence/" + s.ID)
	case s.Partner == "":
		return ""
	case s.Kind == "settlement":
		return p.Link("/settlements/"+s.Partner+"/"+year, "year", "")
	case s.Kind == "claim" || s.Kind == "correction" || s.Kind == "item":
		return p.Link("/costs", "partner", s.Partner, "year", year, "claim", strconv.Itoa(s.Number))
	case s.Kind == "payment":
		return p.Link("/costs", "partner", s.Partner, "year", year) + "#payments"
	case s.Kind == "agreement":
		return p.Link("/agreements/" + s.Partner)
	}
	return ""
}
