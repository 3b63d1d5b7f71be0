// Package coordinate holds the commands that measure coordination: what nobody offers, and how scattered the support of companies is.
package coordinate

import (
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/coordination/fragment"
	"errera.eu/errera/internal/coordination/gap"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
)

// Gaps is `errera gaps`.
type Gaps struct {
	Programme string      `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
	Year      period.Year `required:"" help:"In which activities start, and companies ask."`
	Need      string      `default:"any" enum:"any,information,contacts,strategy" help:"information, contacts, strategy or any."`
	All       bool        `help:"Cells that are served too, not gaps and unmet demand alone."`
}

// cell is a market with a sector.
type cell struct {
	Market     string `json:"market"`
	Sector     string `json:"sector"`
	Priority   bool   `json:"priority"`
	Gap        bool   `json:"gap"`
	Unmet      bool   `json:"unmet"`
	Activities int    `json:"activities"`
	Places     int    `json:"places"`
	Organisers int    `json:"organisers"`
	Questions  int    `json:"questions"`
	Searches   int    `json:"searches"`
	Waiting    int    `json:"waiting"`
}

// Run writes the cells, by market and sector.
func (c *Gaps) Run(r *command.Run) error {
	rows := []cell{}
	err := r.ReadIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		if err := by.May("gap.read", access.Subject{}); err != nil {
			return err
		}
		all, err := activity.OfYear(r, tx, by.ScopeFor("activity.read"), g.ID, c.Year)
		if err != nil {
			return err
		}
		seen, err := gap.See(r, tx, by, g.ID, c.Year, all)
		need := c.Need
		if need == "any" {
			need = ""
		}
		for _, x := range gap.Cells(seen, need) {
			if c.All || x.Gap() || x.Unmet() {
				rows = append(rows, cell{x.Market, x.Sector, x.Priority, x.Gap(), x.Unmet(), x.Activities, x.Places, x.Organisers, x.Questions, x.Searches, x.Waiting})
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	head := []string{"market", "sector", "priority", "gap", "unmet", "activities", "places", "organisers", "questions", "searches", "waiting"}
	return command.WriteRows(r, rows, head, func(x cell) []string {
		return []string{x.Market, x.Sector, strconv.FormatBool(x.Priority), strconv.FormatBool(x.Gap), strconv.FormatBool(x.Unmet), strconv.Itoa(x.Activities),
			strconv.Itoa(x.Places), strconv.Itoa(x.Organisers), strconv.Itoa(x.Questions), strconv.Itoa(x.Searches), strconv.Itoa(x.Waiting)}
	})
}

// Fragmentation is `errera fragmentation`.
type Fragmentation struct {
	Programme string      `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
	Year      period.Year `help:"One year; without it, all of the programme."`
}

// year is what a year shows.
type year struct {
	Year       int `json:"year"`
	Activities int `json:"activities"`
	InOverlap  int `json:"in_overlap"`
	Close      int `json:"close_overlaps"`
	Decided    int `json:"decided"`
	Joint      int `json:"joint"`
	Companies  int `json:"companies"`
	Doors      int `json:"doors"`
	Apart      int `json:"companies_apart"`
	Unhanded   int `json:"companies_without_hand_over"`
	Markets    int `json:"markets"`
	InMarkets  int `json:"organisers_in_markets"`
}

// Run writes a line for each year that has activities.
func (c *Fragmentation) Run(r *command.Run) error {
	rows := []year{}
	err := r.ReadIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		if err := by.May("fragmentation.read", access.Subject{}); err != nil {
			return err
		}
		for _, y := range g.Years() {
			if c.Year != 0 && y != c.Year {
				continue
			}
			seen, err := fragment.See(r, tx, g.ID, y)
			if err != nil {
				return err
			}
			if x := fragment.Measure(seen); x.Activities > 0 {
				rows = append(rows, year{int(x.Year), x.Activities, x.InOverlap, x.Close, x.Decided, x.Joint, x.Companies, x.Doors, x.Apart, x.Unhanded, x.Markets, x.InMarkets})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	head := []string{"year", "activities", "in_overlap", "close_overlaps", "decided", "joint", "companies", "doors", "companies_apart", "companies_without_hand_over",
		"markets", "organisers_in_markets"}
	return command.WriteRows(r, rows, head, func(x year) []string {
		var out []string
		for _, n := range []int{x.Year, x.Activities, x.InOverlap, x.Close, x.Decided, x.Joint, x.Companies, x.Doors, x.Apart, x.Unhanded, x.Markets, x.InMarkets} {
			out = append(out, strconv.Itoa(n))
		}
		return out
	})
}
