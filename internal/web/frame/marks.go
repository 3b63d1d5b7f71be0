package frame

import (
	"slices"
	"strconv"
	"strings"

	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/text"
)

// sign is how a state looks: a shape and a class for its colour.
type Sign struct{ Shape, Class string }

// MarkOf gives every state word its one shape and colour. Source: docs of the look, section 6.
func MarkOf(code string) Sign {
	switch code {
	case "on-course", "active", "published", "held", "open", "confirmed":
		return Sign{"disc", ""}
	case "behind", "due-soon", "objection", "queried", "postponed", "partly-rejected":
		return Sign{"diamond", "is-warn"}
	case "at-risk", "overlap", "overdue":
		return Sign{"triangle", "is-bad"}
	case "negotiating", "in-verification", "communicated", "computed", "submitted", "approved", "ordered", "exported":
		return Sign{"half", ""}
	case "not-reported":
		return Sign{"dashed", ""}
	case "accepted", "verified", "upheld", "paid", "signed", "final", "executed", "attended", "closed":
		return Sign{"tick", "is-ok"}
	case "deducted", "rejected", "dismissed", "refused", "cancelled", "terminated", "discarded", "no-show", "lapsed":
		return Sign{"bar", "is-bad"}
	case "parked":
		return Sign{"bars", "is-warn"}
	default: // to do, planned, reported, not yet
		return Sign{"ring", ""}
	}
}

func StateWord(p Page, code string) string {
	if slices.Contains(kpi.Courses(), kpi.Course(code)) {
		return p.T(kpi.Course(code).Key())
	}
	return p.T(text.Key("state." + strings.ReplaceAll(code, "-", "_")))
}

// Bullet is one figure against its target and the time that passed; all in per cent. Course is what was judged on exact figures; without
// one the whole per cents are.
type Bullet struct {
	Percent int64
	Elapsed int64
	Course  kpi.Course
}

// BulletOf is a cell's bullet.
func BulletOf(c *kpi.Cell, elapsedBp int64) Bullet {
	return Bullet{Percent: c.AttainmentBp / 100, Elapsed: elapsedBp / 100, Course: c.Course}
}

// class is grey on course, amber from 8 points behind time, red from 20.
func (b Bullet) class() string {
	course := b.Course
	if course == kpi.NoCourse {
		course = kpi.CourseOf(b.Percent*100, b.Elapsed*100)
	}
	switch course {
	case kpi.AtRisk:
		return "c-bad"
	case kpi.Behind:
		return "c-warn"
	default:
		return "c-bar"
	}
}

// word is the class of the number beside the bullet.
func (b Bullet) Word() string {
	return strings.NewReplacer("c-bar", "", "c-", "is-").Replace(b.class())
}

// The track ends at 33.3 units for 100 %, so that a bar may pass it up to 120 %.
func (b Bullet) width() string { return Tenth(min(max(b.Percent, 0), 120) * 333 / 100) }

func (b Bullet) tick() string { return Tenth(min(max(b.Elapsed, 0), 120) * 333 / 100) }

func Tenth(n int64) string { return strconv.FormatFloat(float64(n)/10, 'f', 1, 64) }
