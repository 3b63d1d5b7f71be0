package cli

import (
	"fmt"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/settlement"
)

// balanceCommand prints the trial balance of a programme, of a year, or of a partner's agreement.
type balanceCommand struct {
	Programme string      `placeholder:"CODE" help:"Code of the programme; without it, the one that runs today."`
	Partner   string      `placeholder:"CODE" help:"Only the agreement of this partner."`
	Year      period.Year `help:"Only this year."`
	AsOf      period.Date `placeholder:"DATE" help:"Only what was booked until this day."`
}

func (c *balanceCommand) Run(r *command.Run) error {
	return r.With(func(d *db.DB) error {
		by, g, err := r.InProgramme(d, c.Programme)
		if err != nil {
			return err
		}
		if err := by.May("ledger.read", access.Subject{}); err != nil && !by.IsSystem() {
			return err
		}
		f := ledger.Filter{Year: c.Year, AsOf: c.AsOf}
		var balances map[ledger.Account]money.Amount
		err = d.Read(r, func(tx *db.Tx) error {
			if c.Partner != "" {
				years, err := settlement.AgreementYears(r, tx, g.ID, c.Partner, 0)
				if err != nil {
					return err
				}
				f.Agreement = years[0].Agreement
			}
			balances, err = ledger.Balance(r, tx, g.ID, f)
			return err
		})
		if err != nil {
			return err
		}
		if r.Format == "json" {
			return command.WriteJSON(r.Out, balances)
		}
		var sum money.Amount
		for _, a := range ledger.Accounts() {
			if amount, there := balances[a]; there {
				fmt.Fprintf(r.Out, "%-24s %18s\n", a, amount)
				sum += amount
			}
		}
		fmt.Fprintf(r.Out, "%-24s %18s\n", "", sum)
		return nil
	})
}
