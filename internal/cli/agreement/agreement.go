// Package agreement holds the commands about agreements and their versions.
package agreement

import (
	"fmt"
	"io"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/redline"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

type Command struct {
	List    listCommand    `cmd:"" help:"The agreements of a programme, whose turn it is, and by when."`
	Show    showCommand    `cmd:"" help:"One version of an agreement, words and numbers."`
	Redline redlineCommand `cmd:"" help:"The difference of two versions, in words and numbers."`
	PDF     PDF            `cmd:"" name:"pdf" help:"An agreement as PDF: sealed once everybody signed; and the evidence beside it."`

	Draft    draftCommand    `cmd:"" help:"Write out or save the working copy of your side."`
	Propose  proposeCommand  `cmd:"" help:"Put a version on the table; while the agreement runs, an amendment of it."`
	Accept   acceptCommand   `cmd:"" help:"Bind your side to the version on the table, by the hash that you have read."`
	Withdraw withdrawCommand `cmd:"" help:"Take your own version off the table."`
	Sign     signCommand     `cmd:"" help:"Hand in the PDF of an agreed version that a person signed in another program."`
	Reopen   reopenCommand   `cmd:"" help:"Take an agreed text back to the table."`
	Abandon  abandonCommand  `cmd:"" help:"End a negotiation without an agreement."`
	Comment  commentCommand  `cmd:"" help:"Comment on a place, settle a point or open it again, or list what was said."`
	Check    checkCommand    `cmd:"" help:"What makes a version hard to verify."`
	Coverage coverageCommand `cmd:"" help:"Which partners serve which goals of the strategy."`

	Template templateCommand `cmd:"" help:"The clauses that new agreements begin with."`

	Rename    renameCommand    `cmd:"" help:"Give a partner a new name, in every programme."`
	Divide    divideCommand    `cmd:"" help:"Tell through which division a partner acts."`
	Merge     mergeCommand     `cmd:"" help:"End an agreement and let another one take its later years over."`
	Terminate terminateCommand `cmd:"" help:"End an agreement early, today; its years are then settled."`
	Close     closeCommand     `cmd:"" help:"Close an agreement whose years are all settled."`
}

type listCommand struct {
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
}

// agreementRow is an agreement in a list, for machines.
type agreementRow struct {
	Partner  string `json:"partner"`
	Name     string `json:"name"`
	State    string `json:"state"`
	Version  int    `json:"version"`
	Newest   int    `json:"newest_version"`
	Starts   string `json:"starts"`
	Ends     string `json:"ends"`
	Ceilings string `json:"ceilings"`
	Turn     string `json:"turn"`
	Since    string `json:"since"`
	AnswerBy string `json:"answer_by"`
}

func (c *listCommand) Run(r *command.Run) error {
	return r.With(func(d *db.DB) error {
		by, g, err := r.InProgramme(d, c.Programme)
		if err != nil {
			return err
		}
		rows := []agreementRow{}
		err = d.Read(r, func(tx *db.Tx) error {
			all, err := agreement.List(r, tx, by.ScopeFor("agreement.read"), g.ID)
			if err != nil {
				return err
			}
			for _, a := range all {
				versions, err := agreement.Versions(r, tx, g.ID, a.ID)
				if err != nil {
					return err
				}
				s := a.Standing(versions)
				rows = append(rows, agreementRow{a.Partner.Code, a.Partner.Name, string(a.State), a.Version, s.Last.N, string(a.Starts), string(a.Ends),
					a.Total().String(), string(s.Turn), string(s.Since), string(s.By)})
			}
			return nil
		})
		if err != nil {
			return err
		}
		return command.WriteRows(r, rows, []string{"partner", "name", "state", "version", "newest_version", "starts", "ends", "ceilings", "turn", "since", "answer_by"},
			func(a agreementRow) []string {
				return []string{a.Partner, a.Name, a.State, fmt.Sprint(a.Version), fmt.Sprint(a.Newest), a.Starts, a.Ends, a.Ceilings, a.Turn, a.Since, a.AnswerBy}
			})
	})
}

// OfPartner names an agreement.
type OfPartner struct {
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
	Partner   string `required:"" placeholder:"CODE" help:"Code of the partner."`
}

// load reads versions of the agreement; number 0 is the newest.
func (c *OfPartner) load(r *command.Run, d *db.DB, numbers ...int) (g programme.Programme, a agreement.Agreement, all []agreement.Version, err error) {
	by, g, err := r.InProgramme(d, c.Programme)
	if err != nil {
		return g, a, nil, err
	}
	err = d.Read(r, func(tx *db.Tx) error {
		if a, err = agreement.ByPartner(r, tx, by.ScopeFor("agreement.read"), g.ID, c.Partner); err != nil {
			return err
		}
		for _, n := range numbers {
			if n == 0 {
				versions, err := agreement.Versions(r, tx, g.ID, a.ID)
				if err != nil {
					return err
				}
				last, _ := agreement.Last(versions)
				n = last.N
			}
			v, err := agreement.LoadVersion(r, tx, g.ID, a.ID, n)
			if err != nil {
				return err
			}
			all = append(all, v)
		}
		return nil
	})
	return g, a, all, err
}

type showCommand struct {
	OfPartner
	Version int `help:"Number of the version; without it, the newest."`
}

// versionHead is what is told of a version beside its document.
type versionHead struct {
	Version int    `json:"version"`
	Side    string `json:"side"`
	State   string `json:"state"`
	MadeAt  string `json:"made_at"`
	Hash    string `json:"hash"`
}

func headOf(v agreement.Version) versionHead {
	return versionHead{v.N, string(v.Side), string(v.State), string(v.MadeAt), v.Hash}
}

func (c *showCommand) Run(r *command.Run) error {
	return r.With(func(d *db.DB) error {
		g, a, all, err := c.load(r, d, c.Version)
		if err != nil {
			return err
		}
		v := all[0]
		switch r.Format {
		case "json":
			return command.WriteJSON(r.Out, struct {
				Programme string `json:"programme"`
				Partner   string `json:"partner"`
				versionHead
				Document agreement.Document `json:"document"`
			}{g.Code, a.Partner.Code, headOf(v), v.Document})
		case "csv":
			return fault.Invalid("format", "cli.no_csv", nil)
		}
		showDocument(r.Out, &v.Document, v, r.Language())
		return nil
	})
}

// showDocument writes a version as plain text, in the order of the document.
func showDocument(out io.Writer, d *agreement.Document, v agreement.Version, l text.Language) {
	fields := d.Fields()
	fmt.Fprintf(out, "%s\n%s | %s\n%s - %s\n%d  %s  %s\n\n", d.Programme, d.Agency.Label(), d.Partner.Label(), d.Starts, d.Ends, v.N, l.Say(v.State.Key(), nil), v.Hash)
	for i, n := range agreement.Numbers(d.Clauses) {
		c := d.Clauses[i]
		fmt.Fprintf(out, "%-6s %s\n", n, c.Title)
		if c.Text != "" {
			fmt.Fprintf(out, "       %s\n", agreement.Fill(c.Text, fields))
		}
	}
	for _, o := range d.Objectives {
		fmt.Fprintf(out, "\n%s: %s [%s]\n", o.Code, o.Words.In(d.Language), o.GoalName)
		for _, k := range d.KPIs {
			if k.Objective != o.Code {
				continue
			}
			fmt.Fprintf(out, "  %s (%s) %d: %s", k.Name, k.Rule, k.Weight, k.Baseline)
			for _, t := range k.Targets {
				fmt.Fprintf(out, "  %s %s", t.Year, t.Value)
			}
			fmt.Fprintln(out)
		}
	}
	fmt.Fprintln(out)
	for _, c := range d.Ceilings {
		fmt.Fprintf(out, "%s %15s\n", c.Year, c.Amount)
	}
	fmt.Fprintf(out, "     %15s\n", d.Total())
}

type redlineCommand struct {
	OfPartner
	From int `required:"" help:"Number of the old version."`
	To   int `required:"" help:"Number of the new version."`
}

// redlineResult is the difference of two versions, for machines; docs/agreement-document.md describes it.
type redlineResult struct {
	Programme string      `json:"programme"`
	Partner   string      `json:"partner"`
	From      versionHead `json:"from"`
	To        versionHead `json:"to"`
	Clauses   int         `json:"clauses_changed"`
	Numbers   int         `json:"numbers_changed"`
	redline.Redline
}

func (c *redlineCommand) Run(r *command.Run) error {
	return r.With(func(d *db.DB) error {
		g, a, all, err := c.load(r, d, c.From, c.To)
		if err != nil {
			return err
		}
		old, new := all[0], all[1]
		diff := redline.Between(&old.Document, &new.Document)
		switch r.Format {
		case "json":
			return command.WriteJSON(r.Out, redlineResult{g.Code, a.Partner.Code, headOf(old), headOf(new), diff.ClausesChanged(), diff.NumbersChanged(), diff})
		case "csv":
			return command.WriteRows(r, diff.Values, []string{"place", "kind", "old", "new", "change"}, func(v redline.Value) []string {
				return []string{v.Place, string(v.Kind), v.Old, v.New, v.Change}
			})
		}
		showRedline(r.Out, diff, old.Document.Fields(), new.Document.Fields())
		return nil
	})
}

// showRedline writes what changed: clauses by number with [-struck-] and {+added+} words, then fields with old, new and change.
func showRedline(out io.Writer, diff redline.Redline, old, new map[string]string) {
	for _, c := range diff.Clauses {
		title, words := redline.Filled(c.Title, old, new), redline.Filled(c.Text, old, new)
		if !c.Changed() && !redline.Changed(words) {
			continue
		}
		number := c.NewNumber
		switch {
		case c.Removed():
			number = "[-" + c.OldNumber + "-]"
		case c.Added():
			number = "{+" + c.NewNumber + "+}"
		case c.Moved:
			number = c.OldNumber + " -> " + c.NewNumber
		}
		fmt.Fprintf(out, "%s  %s\n", number, redline.Text(title))
		if len(words) > 0 {
			fmt.Fprintf(out, "    %s\n", redline.Text(words))
		}
	}
	for _, v := range diff.Values {
		switch {
		case len(v.Segments) > 0:
			fmt.Fprintf(out, "%s: %s\n", v.Place, redline.Text(v.Segments))
		case v.Change != "":
			fmt.Fprintf(out, "%s: %s -> %s (%s)\n", v.Place, v.Old, v.New, v.Change)
		default:
			fmt.Fprintf(out, "%s: %s -> %s\n", v.Place, quoted(v.Old), quoted(v.New))
		}
	}
}

func quoted(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
