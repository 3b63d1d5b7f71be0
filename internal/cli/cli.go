// Package cli is the command line: it reads configuration, opens what a command needs and is the only place that knows every part.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"errera.eu/errera/internal/cli/agreement"
	"errera.eu/errera/internal/cli/alert"
	"errera.eu/errera/internal/cli/bench"
	"errera.eu/errera/internal/cli/books"
	"errera.eu/errera/internal/cli/claim"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/cli/company"
	"errera.eu/errera/internal/cli/coordinate"
	"errera.eu/errera/internal/cli/evidence"
	"errera.eu/errera/internal/cli/feed"
	"errera.eu/errera/internal/cli/kpi"
	"errera.eu/errera/internal/cli/overlap"
	"errera.eu/errera/internal/cli/pay"
	"errera.eu/errera/internal/cli/plan"
	"errera.eu/errera/internal/cli/rounds"
	"errera.eu/errera/internal/cli/rules"
	"errera.eu/errera/internal/cli/words"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// commands is the whole command line.
type commands struct {
	command.Globals
	Config kong.ConfigFlag `placeholder:"FILE" env:"ERRERA_CONFIG" help:"TOML file with flag names as keys."`

	Serve         serveCommand             `cmd:"" help:"Serve the pages."`
	Demo          demoCommand              `cmd:"" help:"Load the reference programme once and serve it."`
	Migrate       migrateCommand           `cmd:"" help:"Bring the database's schema to this version."`
	Backup        backupCommand            `cmd:"" help:"Copy a SQLite database while it is in use."`
	Restore       restoreCommand           `cmd:"" help:"Put a backup in the place of a database that is gone, once it is known to be whole."`
	Check         checkCommand             `cmd:"" help:"Hold every law of the books, the evidence and the audit trail against the database."`
	Import        importCommand            `cmd:"" help:"Load files."`
	Invoice       invoiceCommand           `cmd:"" help:"E-invoices."`
	Export        exportCommand            `cmd:"" help:"Write the books for other programs."`
	Agreement     agreement.Command        `cmd:"" help:"Agreements and their versions."`
	Round         rounds.Command           `cmd:"" help:"The next round: opened, its partners chosen, their agreements drafted."`
	Claim         claim.Command            `cmd:"" help:"Claims of partners."`
	Pay           pay.Command              `cmd:"" help:"Payments: batches to the bank, statements from it."`
	Plan          plan.Command             `cmd:"" help:"Partners' plans of a year, held against ceilings and targets."`
	Rule          rules.Command            `cmd:"" help:"What a programme says of money: listed, and changed from a day on."`
	Feed          feed.Command             `cmd:"" help:"What partners publish on their own websites, read so that nobody types twice."`
	Overlap       overlap.Command          `cmd:"" help:"Activities that overlap."`
	Gaps          coordinate.Gaps          `cmd:"" help:"What nobody offers: the strategy's priorities and what is asked for, by market and sector."`
	Books         books.Command            `cmd:"" help:"Close the years of the books."`
	Fragmentation coordinate.Fragmentation `cmd:"" help:"How scattered the support of companies is, by year."`
	Balance       balanceCommand           `cmd:"" help:"The trial balance: debit above zero, the last line adds up to nothing."`
	Settle        settleCommand            `cmd:"" help:"Compute settlement statements, each step of the reckoning shown."`
	Settlement    settlementCommand        `cmd:"" help:"Communicate, object to, decide, discard or finalise a settlement."`
	Evidence      evidence.Command         `cmd:"" help:"Verify evidence: row by row, many at a time, by sample."`
	Company       company.Command          `cmd:"" help:"Companies that are one: likely pairs, merged, and parted again."`
	KPI           kpi.Command              `cmd:"" name:"kpi" help:"Definitions of KPIs."`
	Alert         alert.Command            `cmd:"" help:"What should worry somebody, and who looks after it."`
	Audit         auditCommand             `cmd:"" help:"The audit trail."`
	Words         words.Command            `cmd:"" help:"What the search of the library reads of a file."`
	User          userCommand              `cmd:"" help:"People and their roles."`
	Settings      settingsCommand          `cmd:"" name:"config" help:"Print the settings in force."`
	Bench         bench.Command            `cmd:"" help:"Measure speed, memory and size."`
	Version       versionCommand           `cmd:"" help:"Print the version."`
}

// Exit codes by kind of fault; nothing else in the program knows them.
const (
	exitDone = iota
	exitInternal
	exitInvalid
	exitDenied
	exitMissing
	exitConflict
)

// Main runs one command and returns the exit code of the process.
func Main(version string, args []string, in io.Reader, out, errOut io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c commands
	code := -1
	parser, err := kong.New(&c, kong.Name("errera"), kong.Description("Structural partnership programmes: promises, evidence, money."),
		kong.Configuration(tomlConfig), kong.Writers(out, errOut), kong.Exit(func(n int) { code = n }), kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		fmt.Fprintln(errOut, "errera:", err)
		return exitInternal
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if code >= 0 {
		return code
	}
	if err != nil {
		fmt.Fprintln(errOut, "errera:", err)
		return exitInvalid
	}
	r := &command.Run{Context: ctx, Globals: c.Globals, Version: version, In: in, Out: out, Messages: errOut,
		Log: slog.New(slog.NewTextHandler(errOut, &slog.HandlerOptions{Level: slog.LevelWarn}))}
	if err := parsed.Run(r); err != nil {
		return fail(r, err)
	}
	return exitDone
}

// fail tells what went wrong and returns the exit code for it.
func fail(r *command.Run, err error) int {
	if errors.Is(err, context.Canceled) {
		r.Say("cli.interrupted", nil)
		return exitInternal
	}
	var rows fault.Rows
	if errors.As(err, &rows) {
		l := r.Language()
		for _, row := range rows {
			fmt.Fprintln(r.Messages, row.Say(l))
		}
		r.Say("cli.rows_refused", text.Args{"n": len(rows)})
		return exitInvalid
	}
	f := fault.Of(err)
	words := []string{r.Language().Say(f.Key, f.Args)}
	if f.Kind == fault.KindInternal || f.Kind == fault.KindUnavailable {
		words = append(words, err.Error())
	}
	fmt.Fprintln(r.Messages, "errera: "+strings.Join(words, ": "))
	if all := f.All(); len(all) > 1 {
		for i := range all {
			fmt.Fprintln(r.Messages, "  "+all[i].Field+": "+all[i].Say(r.Language()))
		}
	}
	switch f.Kind {
	case fault.KindInvalid:
		return exitInvalid
	case fault.KindDenied:
		return exitDenied
	case fault.KindMissing:
		return exitMissing
	case fault.KindConflict:
		return exitConflict
	default:
		return exitInternal
	}
}
