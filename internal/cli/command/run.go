// Package command is what every command of the command line gets: where it reads and writes, its flags, the database and its person.
package command

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Run is what every command gets: where to read and write, and the flags that all commands share.
type Run struct {
	context.Context
	Globals
	Version  string
	In       io.Reader
	Out      io.Writer
	Log      *slog.Logger
	Messages io.Writer
}

// Globals are the flags of every command.
type Globals struct {
	DB     string `name:"db" env:"ERRERA_DB" default:"var/errera.db" help:"File of the SQLite database, or a postgres:// URL."`
	Format string `enum:"text,json,csv" default:"text" env:"ERRERA_FORMAT" help:"Form of the result: text, json or csv."`
	Lang   string `enum:"nl,en,fr" default:"en" env:"ERRERA_LANG" help:"Language of messages: nl, en or fr."`
	As     string `placeholder:"EMAIL" env:"ERRERA_AS" help:"The person in whose name the command acts; without it, the operator of this machine."`
	Outside
}

// Language is that of messages.
func (r *Run) Language() text.Language {
	l, _ := text.ParseLanguage(r.Lang) // the flag's enum holds the three languages
	return l
}

// Say writes a message for the person at the terminal; results go to out instead.
func (r *Run) Say(key text.Key, args text.Args) {
	fmt.Fprintln(r.Messages, r.Language().Say(key, args))
}

// Open opens the database and brings it up to date.
func (r *Run) Open() (*db.DB, error) {
	d, err := db.Open(r, r.Globals.DB)
	if err != nil {
		return nil, fault.Unavailable("db.unavailable", nil, err)
	}
	if err := Migrate(r, d); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// With opens the database for one command and closes it afterwards.
func (r *Run) With(fn func(d *db.DB) error) error {
	d, err := r.Open()
	if err != nil {
		return err
	}
	defer d.Close()
	return fn(d)
}

// Actor is the person of --as, or the operator of this machine.
func (r *Run) Actor(tx *db.Tx) (access.Actor, error) {
	if r.As == "" {
		return access.System("operator"), nil
	}
	return access.LoadActorByEmail(r, tx, r.As)
}

// InProgramme reads the actor and the programme that a command is about.
func (r *Run) InProgramme(d *db.DB, code string) (by access.Actor, g programme.Programme, err error) {
	err = d.Read(r, func(tx *db.Tx) error {
		if by, err = r.Actor(tx); err != nil {
			return err
		}
		g, err = programme.Current(r, tx, code)
		return err
	})
	return by, g, err
}

// About opens the database for a command about a programme, which acts in a person's name.
func (r *Run) About(code string, fn func(d *db.DB, by access.Actor, g programme.Programme) error) error {
	return r.With(func(d *db.DB) error {
		by, g, err := r.InProgramme(d, code)
		if err != nil {
			return err
		}
		return fn(d, by, g)
	})
}

// Work is what a command does in one unit of work.
type Work func(tx *db.Tx, by access.Actor, g programme.Programme) error

// ReadIn reads in a programme.
func (r *Run) ReadIn(code string, fn Work) error {
	return r.About(code, func(d *db.DB, by access.Actor, g programme.Programme) error {
		return d.Read(r, func(tx *db.Tx) error { return fn(tx, by, g) })
	})
}

// WriteIn writes in a programme: all of the work or nothing.
func (r *Run) WriteIn(code string, fn Work) error {
	return r.About(code, func(d *db.DB, by access.Actor, g programme.Programme) error {
		return d.Write(r, g.ID, func(tx *db.Tx) error { return fn(tx, by, g) })
	})
}

// Migrate brings the schema of the database, and that of its jobs, to this version.
func Migrate(ctx context.Context, d *db.DB) error {
	if _, err := d.Migrate(ctx); err != nil {
		return err
	}
	return job.Migrate(ctx, d)
}
