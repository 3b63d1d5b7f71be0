package frame

import (
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/text"
)

// menuGroup is a headed part of the side bar.
type menuGroup struct {
	Label   string
	Entries []menuEntry
}

type menuEntry struct {
	Key, Label, Href string
	Count            int
}

// menu lists the pages that the reader may open at all, in the order of the side bar.
func menu(p Page) []menuGroup {
	type entry struct {
		key, href string
		label     text.Key
		verb      access.VerbName
	}
	groups := []struct {
		label   text.Key
		entries []entry
	}{
		{"menu.programme", []entry{
			{"cockpit", "/", "menu.cockpit", "kpi.read"},
			{"alerts", "/alerts", "menu.alerts", "alert.read"},
			{"agreements", "/agreements", "menu.agreements", "agreement.read"},
			{"candidates", "/candidates", "menu.candidates", "candidate.read"},
			{"plans", "/plans", "menu.plans", "plan.read"},
			{"calendar", "/calendar", "menu.calendar", "activity.read"},
			{"activities", "/activities", "menu.activities", "activity.read"},
			{"feeds", "/feeds", "menu.feeds", "feed.read"},
			{"overlaps", "/overlaps", "menu.overlaps", "overlap.read"},
			{"fragmentation", "/fragmentation", "menu.fragmentation", "fragmentation.read"},
			{"gaps", "/gaps", "menu.gaps", "gap.read"},
			{"knowledge", "/knowledge", "menu.knowledge", "knowledge.read"},
			{"questions", "/questions", "menu.questions", "question.read"},
		}},
		{"menu.money", []entry{
			{"claims", "/claims", "menu.claims", "claim.read"},
			{"shared", "/shared", "menu.shared", "claim.read"},
			{"flow", "/flow", "menu.flow", "claim.read"},
			{"settlements", "/settlements", "menu.settlements", "settlement.read"},
			{"payments", "/payments", "menu.payments", "batch.read"},
			{"accounts", "/accounts", "menu.accounts", "account.read"},
			{"costs", "/costs", "menu.costs", "claim.read"},
			{"ledger", "/ledger", "menu.ledger", "ledger.read"},
			{"decisions", "/decisions", "menu.decisions", "decision.read"},
			{"terms", "/terms", "menu.terms", "claim.read"},
			{"rules", "/rules", "menu.rules", "rule.read"},
		}},
		{"menu.results", []entry{
			{"kpis", "/kpis", "menu.kpis", "kpi.read"},
			{"reach", "/reach", "menu.reach", "kpi.read"},
			{"evidence", "/evidence", "menu.evidence", "evidence.read"},
			{"measures", "/measures", "menu.measures", "measure.declare"},
			{"quality", "/quality", "menu.quality", "evidence.read"},
			{"duplicates", "/duplicates", "menu.duplicates", "company.merge"},
		}},
		{"menu.office", []entry{
			{"renewal", "/renewal", "menu.renewal", "programme.renew"},
			{"clauses", "/clauses", "menu.clauses", "template.read"},
			{"audit", "/audit", "menu.audit", "audit.read"},
			{"outbox", "/outbox", "menu.outbox", "mail.read"},
		}},
	}
	var out []menuGroup
	for _, g := range groups {
		shown := menuGroup{Label: p.T(g.label)}
		for _, e := range g.entries {
			if p.Can(e.verb) {
				shown.Entries = append(shown.Entries, menuEntry{e.key, p.T(e.label), p.Link(e.href), p.Counts[e.key]})
			}
		}
		if len(shown.Entries) > 0 {
			out = append(out, shown)
		}
	}
	return out
}

func languagesOf() []text.Language { return text.Languages() }

func upper(l text.Language) string { return strings.ToUpper(string(l)) }

// themeOf is what the page starts with; errera.js follows the system where the reader chose nothing.
func themeOf(p Page) string {
	if p.Theme == "dark" {
		return "dark"
	}
	return "light"
}
