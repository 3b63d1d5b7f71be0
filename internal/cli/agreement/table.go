package agreement

import (
	"encoding/json"
	"io"
	"os"
	"strconv"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/draft"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/kpi"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/text"
)

// seat is an agreement with what its documents refer to, as the person of the command negotiates it.
type seat struct {
	by access.Actor
	g  programme.Programme
	a  agreement.Agreement
	s  agreement.Setting
}

// sit does something at the table of a partner's agreement, in one unit of work.
func (c *OfPartner) sit(r *command.Run, writes bool, do func(tx *db.Tx, at *seat) error) error {
	work := r.ReadIn
	if writes {
		work = r.WriteIn
	}
	return work(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) (err error) {
		at := &seat{by: by, g: g}
		if at.a, err = agreement.ByPartner(r, tx, by.ScopeFor("agreement.read"), g.ID, c.Partner); err != nil {
			return err
		}
		if at.s, err = settlement.SettingFor(r, tx, g, at.a); err != nil {
			return err
		}
		return do(tx, at)
	})
}

type draftCommand struct {
	OfPartner
	File string `arg:"" optional:"" placeholder:"FILE" help:"JSON of a document to save in the working copy; - reads it from the input. Without it, the working copy is written out."`
}

func (c *draftCommand) Run(r *command.Run) error {
	if c.File == "" {
		return c.sit(r, false, func(tx *db.Tx, at *seat) error {
			cur, err := working(r, tx, at)
			if err != nil {
				return err
			}
			return command.WriteJSON(r.Out, cur.Document)
		})
	}
	doc, err := readDocument(r, c.File)
	if err != nil {
		return err
	}
	return c.sit(r, true, func(tx *db.Tx, at *seat) error {
		desk, err := draft.Open(r, tx, at.by, &at.s, at.a)
		if err != nil {
			return err
		}
		cur, err := desk.Current(r, tx)
		if err != nil {
			return err
		}
		s, err := desk.Save(r, tx, at.by, draft.Sheet{Document: doc, Revision: cur.Revision, BaseN: cur.BaseN})
		if err == nil {
			r.Say("cli.agreement_saved", text.Args{"n": s.Revision})
		}
		return err
	})
}

func working(r *command.Run, tx *db.Tx, at *seat) (draft.Draft, error) {
	desk, err := draft.Open(r, tx, at.by, &at.s, at.a)
	if err != nil {
		return draft.Draft{}, err
	}
	return desk.Current(r, tx)
}

// readDocument reads a document as show and draft write it.
func readDocument(r *command.Run, path string) (agreement.Document, error) {
	var d agreement.Document
	in := r.In
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return d, fault.Invalid("file", "cli.no_file", text.Args{"path": path})
		}
		defer f.Close()
		in = f
	}
	const most = 4 << 20
	dec := json.NewDecoder(io.LimitReader(in, most))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		return d, fault.Invalid("file", "cli.agreement_json", text.Args{"path": path, "why": err.Error()})
	}
	return d.Normal(), nil
}

type proposeCommand struct {
	OfPartner
	File  string `arg:"" optional:"" placeholder:"FILE" help:"JSON of the document; - reads it from the input. Without it, the working copy is proposed."`
	After int    `default:"-1" help:"With a file: the newest version that you have read; one that came since refuses this. Without it, the version that the working copy stands on."`
	Note  string `help:"Words that go with it."`
}

func (c *proposeCommand) Run(r *command.Run) error {
	var doc agreement.Document
	var err error
	if c.File != "" {
		if doc, err = readDocument(r, c.File); err != nil {
			return err
		}
	}
	return c.sit(r, true, func(tx *db.Tx, at *seat) error {
		desk, err := draft.Open(r, tx, at.by, &at.s, at.a)
		if err != nil {
			return err
		}
		cur, err := desk.Current(r, tx)
		if err != nil {
			return err
		}
		var v agreement.Version
		if c.File == "" {
			v, err = desk.Propose(r, tx, at.by, cur.Revision, c.Note)
		} else {
			p := agreement.Proposal{Document: doc, Note: c.Note, After: cur.BaseN}
			if c.After >= 0 {
				p.After = c.After
			}
			v, err = agreement.Propose(r, tx, at.by, &at.s, at.a.ID, p)
		}
		if err == nil {
			r.Say("cli.agreement_proposed", text.Args{"n": v.N, "hash": v.Hash})
		}
		return err
	})
}

type acceptCommand struct {
	OfPartner
	Hash string `required:"" help:"Hash of the content that you have read; another one on the table refuses this."`
}

func (c *acceptCommand) Run(r *command.Run) error {
	return c.sit(r, true, func(tx *db.Tx, at *seat) error {
		v, err := agreement.Accept(r, tx, at.by, &at.s, at.a.ID, c.Hash)
		if err == nil {
			r.Say("cli.agreement_accepted", text.Args{"n": v.N, "partner": at.a.Partner.Label()})
		}
		return err
	})
}

type withdrawCommand struct {
	OfPartner
	Version int `required:"" help:"Number of your own version on the table."`
}

func (c *withdrawCommand) Run(r *command.Run) error {
	return c.sit(r, true, func(tx *db.Tx, at *seat) error {
		err := agreement.Withdraw(r, tx, at.by, at.g.ID, at.a.ID, c.Version)
		if err == nil {
			r.Say("cli.agreement_withdrawn", text.Args{"n": c.Version})
		}
		return err
	})
}

type reopenCommand struct {
	OfPartner
	Reason string `required:"" help:"The error that was found."`
}

func (c *reopenCommand) Run(r *command.Run) error {
	return c.sit(r, true, func(tx *db.Tx, at *seat) error {
		_, err := agreement.Reopen(r, tx, at.by, at.g.ID, at.a.ID, c.Reason)
		if err == nil {
			r.Say("negotiation.done.reopen", nil)
		}
		return err
	})
}

type abandonCommand struct {
	OfPartner
	Reason string `required:"" help:"Why there will be no agreement."`
}

func (c *abandonCommand) Run(r *command.Run) error {
	return c.sit(r, true, func(tx *db.Tx, at *seat) error {
		_, err := agreement.Abandon(r, tx, at.by, at.g.ID, at.a.ID, c.Reason)
		if err == nil {
			r.Say("negotiation.done.abandon", nil)
		}
		return err
	})
}

type checkCommand struct {
	OfPartner
	Version int `help:"Number of the version; without it, the newest."`
}

// found is a finding, for machines.
type found struct {
	Place  string `json:"place"`
	Words  string `json:"words"`
	Blocks bool   `json:"blocks"`
}

func (c *checkCommand) Run(r *command.Run) error {
	all := []found{}
	err := c.sit(r, false, func(tx *db.Tx, at *seat) error {
		n := c.Version
		if n == 0 {
			versions, err := agreement.Versions(r, tx, at.g.ID, at.a.ID)
			if err != nil {
				return err
			}
			last, _ := agreement.Last(versions)
			n = last.N
		}
		v, err := agreement.LoadVersion(r, tx, at.g.ID, at.a.ID, n)
		if err != nil {
			return err
		}
		past, err := kpi.LoadHistory(r, tx, at.g.ID, at.a.ID, tx.Now.Date())
		for _, f := range agreement.Review(&v.Document, past) {
			all = append(all, found{f.Place, f.Say(r.Language()), f.Blocks})
		}
		return err
	})
	if err != nil {
		return err
	}
	return command.WriteRows(r, all, []string{"place", "words", "blocks"}, func(f found) []string {
		return []string{f.Place, f.Words, strconv.FormatBool(f.Blocks)}
	})
}

type commentCommand struct {
	OfPartner
	Words   string `arg:"" optional:"" help:"What to say. Without it, what was said is listed."`
	At      string `placeholder:"PLACE" help:"Place in the document, such as clause.CODE or kpi.CODE.target.2027; without it, the whole."`
	Settle  string `placeholder:"ID" xor:"mark" help:"Settle the point of a comment."`
	Reopen  string `placeholder:"ID" xor:"mark" help:"Open the point of a comment again."`
	ReplyTo string `placeholder:"ID" help:"The comment that this answers."`
}

// said is a comment, for machines.
type said struct {
	ID      string `json:"id"`
	Place   string `json:"place"`
	Side    string `json:"side"`
	By      string `json:"by"`
	Words   string `json:"words"`
	ReplyTo string `json:"reply_to"`
	Settled bool   `json:"settled"`
}

func (c *commentCommand) Run(r *command.Run) error {
	rows := []said{}
	err := c.sit(r, c.Words != "" || c.Settle+c.Reopen != "", func(tx *db.Tx, at *seat) (err error) {
		switch {
		case c.Settle != "" || c.Reopen != "":
			err = agreement.Mark(r, tx, at.by, at.g.ID, at.a.ID, id.Comment(c.Settle+c.Reopen), c.Settle != "")
		case c.Words != "":
			_, err = agreement.Write(r, tx, at.by, at.g.ID, at.a.ID, agreement.Comment{Place: c.At, Words: c.Words, ReplyTo: id.Comment(c.ReplyTo)})
		}
		if err != nil {
			return err
		}
		all, err := agreement.Comments(r, tx, at.g.ID, at.a.ID)
		for _, x := range all {
			rows = append(rows, said{string(x.ID), x.Place, string(x.Side), x.Name, x.Words, string(x.ReplyTo), x.Settled})
		}
		return err
	})
	if err != nil {
		return err
	}
	return command.WriteRows(r, rows, []string{"id", "place", "side", "by", "words", "reply_to", "settled"}, func(x said) []string {
		return []string{x.ID, x.Place, x.Side, x.By, x.Words, x.ReplyTo, strconv.FormatBool(x.Settled)}
	})
}

type coverageCommand struct {
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
}

// served is how many objectives of a partner serve a goal.
type served struct {
	Goal       string `json:"goal"`
	Name       string `json:"name"`
	Partner    string `json:"partner"`
	Objectives int    `json:"objectives"`
}

func (c *coverageCommand) Run(r *command.Run) error {
	rows := []served{}
	err := r.ReadIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		s, err := settlement.SettingFor(r, tx, g)
		if err != nil {
			return err
		}
		m, err := agreement.LoadCoverage(r, tx, by.ScopeFor("agreement.read"), &s)
		for i, goal := range m.Goals {
			for j, p := range m.Partners {
				rows = append(rows, served{goal.Code, goal.Name.In(r.Language()), p.Code, m.Count[i][j]})
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return command.WriteRows(r, rows, []string{"goal", "name", "partner", "objectives"}, func(x served) []string {
		return []string{x.Goal, x.Name, x.Partner, strconv.Itoa(x.Objectives)}
	})
}
