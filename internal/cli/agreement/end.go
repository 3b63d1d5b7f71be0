package agreement

import (
	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/settlement"
	"errera.eu/errera/internal/text"
)

type terminateCommand struct {
	Partner   string `required:"" placeholder:"CODE" help:"Code of the partner."`
	Reason    string `required:"" help:"Why it ends early."`
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
}

func (c *terminateCommand) Run(r *command.Run) error {
	return end(r, c.Programme, c.Partner, func(tx *db.Tx, by access.Actor, g id.Programme, a id.Agreement) error {
		_, err := agreement.Terminate(r, tx, by, g, a, c.Reason)
		return err
	}, "cli.agreement_terminated", text.Args{})
}

type closeCommand struct {
	Partner   string `required:"" placeholder:"CODE" help:"Code of the partner."`
	Programme string `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
}

func (c *closeCommand) Run(r *command.Run) error {
	return end(r, c.Programme, c.Partner, func(tx *db.Tx, by access.Actor, g id.Programme, a id.Agreement) error {
		_, err := settlement.Close(r, tx, by, g, a)
		return err
	}, "cli.agreement_closed", text.Args{})
}

// end does a verb on a partner's agreement and says that it did.
func end(r *command.Run, code, partner string, verb func(*db.Tx, access.Actor, id.Programme, id.Agreement) error, done text.Key, args text.Args) error {
	var a agreement.Agreement
	err := r.WriteIn(code, func(tx *db.Tx, by access.Actor, g programme.Programme) (err error) {
		if a, err = agreement.ByPartner(r, tx, by.ScopeFor("agreement.read"), g.ID, partner); err != nil {
			return err
		}
		return verb(tx, by, g.ID, a.ID)
	})
	if err != nil {
		return err
	}
	args["partner"] = a.Partner.Label()
	r.Say(done, args)
	return nil
}
