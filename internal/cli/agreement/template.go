package agreement

import (
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement/template"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

type templateCommand struct {
	List    templateList    `cmd:"" help:"The clauses in their order, and which agreements say something else."`
	Set     templateSet     `cmd:"" help:"Replace all clauses by those of a file."`
	Restore templateRestore `cmd:"" help:"Replace all clauses by the standard ones."`
}

// ofRound names a programme.
type ofRound struct {
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
}

type templateList struct {
	ofRound
	TOML bool `name:"toml" help:"Print a file that set takes, with the mark of what stands there now."`
}

// templateRow is a clause, for machines.
type templateRow struct {
	Number  string `json:"number"`
	Code    string `json:"code"`
	Level   int    `json:"level"`
	TitleNL string `json:"title_nl"`
	TitleEN string `json:"title_en"`
	TitleFR string `json:"title_fr"`
	TextNL  string `json:"text_nl"`
	TextEN  string `json:"text_en"`
	TextFR  string `json:"text_fr"`
	Differ  string `json:"differ"` // codes of partners
}

func (c *templateList) Run(r *command.Run) error {
	var all template.Template
	var d template.Differences
	err := r.ReadIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) (err error) {
		if all, err = template.Open(r, tx, by, g.ID); err != nil || c.TOML {
			return err
		}
		d, err = template.Compare(r, tx, by.ScopeFor("agreement.read"), g.ID, all)
		return err
	})
	if err != nil {
		return err
	}
	if c.TOML {
		_, err := io.WriteString(r.Out, "# mark "+all.Mark()+"\n\n"+all.Write())
		return err
	}
	rows := []templateRow{}
	for i, n := range all.Numbers() {
		x := all[i]
		var partners []string
		for _, y := range d.By[x.Code] {
			partners = append(partners, y.Agreement.Partner.Code)
		}
		rows = append(rows, templateRow{n, x.Code, x.Level, x.Title.NL, x.Title.EN, x.Title.FR, x.Text.NL, x.Text.EN, x.Text.FR, strings.Join(partners, " ")})
	}
	if r.Format == "text" {
		l := r.Language()
		return command.WriteRows(r, rows, []string{"number", "code", "title", "differ"}, func(x templateRow) []string {
			return []string{x.Number, x.Code, programme.Words{NL: x.TitleNL, EN: x.TitleEN, FR: x.TitleFR}.In(l), x.Differ}
		})
	}
	return command.WriteRows(r, rows, strings.Fields("number code level title_nl title_en title_fr text_nl text_en text_fr differ"), func(x templateRow) []string {
		return []string{x.Number, x.Code, strconv.Itoa(x.Level), x.TitleNL, x.TitleEN, x.TitleFR, x.TextNL, x.TextEN, x.TextFR, x.Differ}
	})
}

type templateSet struct {
	ofRound
	File string `arg:"" placeholder:"FILE" help:"TOML as docs/import-format.md describes clauses.toml."`
	Seen string `placeholder:"MARK" help:"The mark that list --toml printed; when somebody changed the clauses since, nothing is replaced."`
}

func (c *templateSet) Run(r *command.Run) error {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return fault.Invalid("file", "cli.no_file", text.Args{"path": c.File})
	}
	n := 0
	err = r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		all, rows := template.Read(filepath.Base(c.File), data, template.NamesIn(g), true)
		if n = len(all); len(rows) > 0 {
			return rows.Err()
		}
		return template.Set(r, tx, by, g, all, c.Seen)
	})
	if err == nil {
		r.Say("cli.template_set", text.Args{"n": n})
	}
	return err
}

type templateRestore struct {
	ofRound
	Seen string `placeholder:"MARK" help:"The mark that list --toml printed; when somebody changed the clauses since, nothing is replaced."`
}

func (c *templateRestore) Run(r *command.Run) error {
	err := r.WriteIn(c.Programme, func(tx *db.Tx, by access.Actor, g programme.Programme) error {
		return template.Restore(r, tx, by, g, c.Seen)
	})
	if err == nil {
		r.Say("cli.template_restored", nil)
	}
	return err
}
