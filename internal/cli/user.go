package cli

import (
	"bufio"
	"fmt"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

type userCommand struct {
	List     userListCommand     `cmd:"" help:"List people and their roles."`
	Add      userAddCommand      `cmd:"" help:"Add a person, or a role to one."`
	Disable  userDisableCommand  `cmd:"" help:"Take away all access of a person; what they did stays on record."`
	Password userPasswordCommand `cmd:"" help:"Set a password, read from standard input."`
	Token    tokenCommand        `cmd:"" help:"Personal tokens, for programs that use the API."`
}

type userListCommand struct{}

func (c *userListCommand) Run(r *command.Run) error {
	return r.With(func(d *db.DB) error {
		var people []access.PersonRow
		err := d.Read(r, func(tx *db.Tx) (err error) {
			people, err = access.People(r, tx)
			return err
		})
		if err != nil {
			return err
		}
		if r.Format == "json" {
			return command.WriteJSON(r.Out, people)
		}
		for _, p := range people {
			fmt.Fprintf(r.Out, "%-36s %-14s %-20s %s\n", p.Email, p.Role, p.Where, p.Name)
		}
		return nil
	})
}

type userAddCommand struct {
	Email        string `arg:"" help:"E-mail address, which is also the name to sign in with."`
	Name         string `required:"" help:"Name as shown."`
	Role         string `required:"" help:"officer, controller, payer, analyst, administrator, approver, signatory, assessor, coordinator, finance, member or auditor."`
	Organisation string `required:"" placeholder:"CODE" help:"Code of the organisation."`
}

func (c *userAddCommand) Run(r *command.Run) error {
	return r.With(func(d *db.DB) error {
		return d.WriteAgency(r, func(tx *db.Tx) error {
			by, err := r.Actor(tx)
			if err != nil {
				return err
			}
			_, err = access.Add(r, tx, by, access.NewPerson{Email: c.Email, Name: c.Name, Language: r.Language(),
				Role: access.Role(c.Role), Organisation: c.Organisation})
			return err
		})
	})
}

type userDisableCommand struct {
	Email string `arg:"" help:"E-mail address."`
}

func (c *userDisableCommand) Run(r *command.Run) error {
	return r.With(func(d *db.DB) error {
		return d.WriteAgency(r, func(tx *db.Tx) error {
			by, err := r.Actor(tx)
			if err != nil {
				return err
			}
			return access.Disable(r, tx, by, c.Email)
		})
	})
}

type userPasswordCommand struct {
	Email string `arg:"" help:"E-mail address."`
}

// Run hashes before it writes: no unit of work waits for a hash.
func (c *userPasswordCommand) Run(r *command.Run) error {
	r.Say("cli.type_password", text.Args{"email": c.Email})
	line, err := bufio.NewReader(r.In).ReadString('\n')
	password := strings.TrimRight(line, "\r\n")
	if len(password) < access.MinPassword {
		return fault.Invalid("password", "access.password_short", text.Args{"min": access.MinPassword})
	}
	if err != nil && password == "" {
		return fault.Internal(err)
	}
	return r.With(func(d *db.DB) error { return access.SetPassword(r, d, access.NewHasher(), c.Email, password) })
}
