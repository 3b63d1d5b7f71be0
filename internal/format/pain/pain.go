// Package pain writes SEPA credit transfers as ISO 20022 pain.001.001.09, with the rules that the schema does not hold: euro, shared
// charges by service level, checked account numbers, the banks' character set and lengths, control sums, structured addresses and
// references. Values in, bytes out; it does not know what is paid, nor to which bank a file goes.
package pain

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/sepa"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Order is one file: transfers from one account on one day.
type Order struct {
	ID        string // of message and payment block, at most 35 characters
	CreatedAt string // 2018-03-12T09:30:00
	ExecuteOn period.Date
	Debtor    Party
	Transfers []Transfer
}

// Party is who pays or is paid. BIC may be empty: within SEPA the account number says which bank.
type Party struct {
	Name    string
	Address Address
	Account sepa.IBAN
	BIC     string
}

// Address is structured; without a town and a country there is none.
type Address struct {
	Street, Number, Postcode, Town, Country string
}

// Transfer is one payment. Its remittance is a structured reference, or else a text.
type Transfer struct {
	EndToEndID string
	Amount     money.Amount
	Creditor   Party
	Reference  sepa.Reference
	Text       string
}

// The most that the scheme takes. Source: EPC115-06.
const maxAmount money.Amount = 999_999_999_99

// Sum is the control sum of the order.
func (o Order) Sum() (money.Amount, error) {
	amounts := make([]money.Amount, len(o.Transfers))
	for i, t := range o.Transfers {
		amounts[i] = t.Amount
	}
	return money.Sum(amounts)
}

// Write writes the order; the same order makes the same bytes. Names and texts are brought into the banks' characters; what does not fit a
// rule is an invalid fault that names the transfer.
func Write(w io.Writer, o Order) error {
	sum, err := o.check()
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(document(o, sum)); err != nil {
		return err
	}
	_, err = io.WriteString(w, "\n")
	return err
}

func (o Order) check() (money.Amount, error) {
	faults := []error{identifier("id", o.ID), o.Debtor.check("debtor")}
	if len(o.Transfers) == 0 {
		faults = append(faults, fault.Invalid("transfers", "pain.none", nil))
	}
	if !o.ExecuteOn.Valid() {
		faults = append(faults, fault.Invalid("execute_on", "fault.date.form", text.Args{"found": string(o.ExecuteOn)}))
	}
	seen := map[string]bool{}
	for i, t := range o.Transfers {
		field := fmt.Sprintf("transfers[%d].", i)
		faults = append(faults, identifier(field+"end_to_end_id", t.EndToEndID), t.Creditor.check(field+"creditor"))
		if t.Amount <= 0 || t.Amount > maxAmount {
			faults = append(faults, fault.Invalid(field+"amount", "pain.amount", text.Args{"found": t.Amount, "most": maxAmount}))
		}
		if seen[t.EndToEndID] {
			faults = append(faults, fault.Invalid(field+"end_to_end_id", "pain.twice", text.Args{"found": t.EndToEndID}))
		}
		seen[t.EndToEndID] = true
		if t.Reference != "" {
			_, err := sepa.ParseReference(string(t.Reference))
			faults = append(faults, fault.At(field+"reference", err))
		} else if sepa.Plain(t.Text) == "" {
			faults = append(faults, fault.Invalid(field+"text", "pain.remittance", nil))
		}
	}
	sum, err := o.Sum()
	return sum, fault.Join(append(faults, err)...)
}

func (p Party) check(field string) error {
	_, err := sepa.ParseIBAN(string(p.Account))
	faults := []error{fault.At(field+".account", err)}
	if sepa.Plain(p.Name) == "" {
		faults = append(faults, fault.Invalid(field+".name", "pain.name", nil))
	}
	if p.BIC != "" {
		_, err := sepa.ParseBIC(p.BIC)
		faults = append(faults, fault.At(field+".bic", err))
	}
	if a := p.Address; a != (Address{}) && (sepa.Plain(a.Town) == "" || len(a.Country) != 2 || strings.ToUpper(a.Country) != a.Country) {
		faults = append(faults, fault.Invalid(field+".address", "pain.address", nil))
	}
	return fault.Join(faults...)
}

// identifier is what banks hand back unchanged: their characters, at most 35, no slash at an end and none doubled.
func identifier(field, s string) error {
	if s == "" || len(s) > 35 || !sepa.IsPlain(s) || strings.HasPrefix(s, "/") || strings.HasSuffix(s, "/") || strings.Contains(s, "//") {
		return fault.Invalid(field, "pain.identifier", text.Args{"found": s})
	}
	return nil
}
