package agreement

import (
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/period"
)

// Standing says where a negotiation is: whose turn it is, since when and by when, or that it is done.
type Standing struct {
	Open   bool // something is being negotiated
	Agreed bool // both sides accepted the last version; it is to be signed
	Turn   Side // "" when it is nobody's
	Since  db.Time
	By     period.Date // "" without a term
	Last   Version     // its N is 0 before the first proposal
}

// Late tells whether the answer is overdue on a day.
func (s Standing) Late(on period.Date) bool { return s.Turn != "" && s.By != "" && on > s.By }

// Standing reads where the negotiation of an agreement is from its versions. The agency speaks first. Who withdrew is to propose again;
// after an agreed text was reopened that is the agency.
func (a Agreement) Standing(all []Version) Standing {
	s := Standing{}
	s.Last, _ = Last(all)
	switch a.State {
	case Draft, Negotiating, Agreed:
	case Signed, Active:
		if s.Last.N <= a.Version { // no amendment is on the table
			return s
		}
	default:
		return s
	}
	s.Open = true
	switch s.Last.State {
	case Proposed:
		s.Turn, s.Since, s.By = s.Last.Side.Other(), s.Last.MadeAt, s.Last.AnswerBy
	case Withdrawn:
		s.Turn, s.Since = s.Last.Side, s.Last.StateAt
	case Accepted:
		if a.State != Negotiating {
			s.Agreed, s.Open = true, false
			return s
		}
		s.Turn, s.Since = OfAgency, s.Last.StateAt
	default:
		s.Turn = OfAgency
	}
	return s
}
