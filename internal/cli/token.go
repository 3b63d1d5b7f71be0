package cli

import (
	"fmt"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
)

type tokenCommand struct {
	Create tokenCreateCommand `cmd:"" help:"Make a token and print its secret, which is shown this once."`
	List   tokenListCommand   `cmd:"" help:"List a person's tokens, without their secrets."`
	Revoke tokenRevokeCommand `cmd:"" help:"End a token at once."`

	RevokeCalendar tokenRevokeCalendarCommand `cmd:"" help:"End a person's calendar address at once; it is made on the page of the calendar."`
}

type tokenCreateCommand struct {
	Email string   `arg:"" help:"E-mail address of the person in whose name the token acts."`
	Name  string   `required:"" help:"What the token is for."`
	Scope []string `required:"" help:"What it may do, such as activity:read or activity:write; several with commas."`
	Days  int      `default:"90" help:"How long it lives."`
}

func (c *tokenCreateCommand) Run(r *command.Run) error {
	return r.With(func(d *db.DB) error {
		var t access.Token
		var secret string
		err := d.WriteAgency(r, func(tx *db.Tx) error {
			by, err := r.Actor(tx)
			if err != nil {
				return err
			}
			t, secret, err = access.CreateToken(r, tx, by, c.Email, access.NewToken{Name: c.Name, Scopes: c.Scope, Days: c.Days})
			return err
		})
		if err != nil {
			return err
		}
		r.Say("cli.token_once", nil)
		if r.Format == "json" {
			return command.WriteJSON(r.Out, struct {
				access.Token
				Secret string `json:"secret"`
			}{t, secret})
		}
		_, err = fmt.Fprintln(r.Out, secret)
		return err
	})
}

type tokenListCommand struct {
	Email string `arg:"" help:"E-mail address."`
}

func (c *tokenListCommand) Run(r *command.Run) error {
	return r.With(func(d *db.DB) error {
		var all []access.Token
		err := d.Read(r, func(tx *db.Tx) error {
			by, err := r.Actor(tx)
			if err != nil {
				return err
			}
			all, err = access.Tokens(r, tx, by, c.Email)
			return err
		})
		if err != nil {
			return err
		}
		if r.Format == "json" {
			return command.WriteJSON(r.Out, all)
		}
		for _, t := range all {
			state := ""
			if t.Revoked {
				state = " revoked"
			}
			fmt.Fprintf(r.Out, "%s  %s  %s  %s%s\n", t.ID, t.Expires, t.Name, strings.Join(t.Scopes, ","), state)
		}
		return nil
	})
}

type tokenRevokeCommand struct {
	ID string `arg:"" help:"The token's id, as listed."`
}

func (c *tokenRevokeCommand) Run(r *command.Run) error {
	token, err := id.Parse[id.Token](c.ID)
	if err != nil {
		return fault.Missing("access.token_missing", nil)
	}
	return r.With(func(d *db.DB) error {
		err := d.WriteAgency(r, func(tx *db.Tx) error {
			by, err := r.Actor(tx)
			if err != nil {
				return err
			}
			return access.RevokeToken(r, tx, by, token)
		})
		if err == nil {
			r.Say("cli.token_gone", nil)
		}
		return err
	})
}

type tokenRevokeCalendarCommand struct {
	Email string `arg:"" help:"E-mail address of the person whose calendar address it is."`
}

func (c *tokenRevokeCalendarCommand) Run(r *command.Run) error {
	return r.With(func(d *db.DB) error {
		err := d.WriteAgency(r, func(tx *db.Tx) error {
			by, err := r.Actor(tx)
			if err != nil {
				return err
			}
			return access.EndCalendarKey(r, tx, by, c.Email)
		})
		if err == nil {
			r.Say("cli.calendar_gone", nil)
		}
		return err
	})
}
