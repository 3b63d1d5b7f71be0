// Package camt reads bank statements of ISO 20022, camt.053.001.02 and camt.053.001.08, and holds them to their own control figures:
// opening balance plus entries is the closing balance, entries add up to the summary, and a batch booking to its parts. Bytes in, values
// out; it does not know what a payment was for.
package camt

import (
	"io"
	"strconv"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/format/xmltree"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
)

// Statement is one account's statement. Amounts are above zero for what came in and below for what went out.
type Statement struct {
	ID        string
	Sequence  string
	CreatedAt string
	Account   string // IBAN as the bank writes it
	Currency  string
	From      period.Date
	Until     period.Date
	Opening   money.Amount
	Closing   money.Amount
	Entries   []Entry // booked ones; pending and merely informing ones are left out
}

// Entry is one booking. It has at least one part.
type Entry struct {
	Amount   money.Amount
	BookedOn period.Date
	ValueOn  period.Date
	Ref      string // the bank's
	Reversal bool
	Parts    []Part
}

// Part is one transaction within an entry: the whole of it, or a line of a batch booking.
type Part struct {
	Amount     money.Amount
	EndToEndID string // empty where the bank says NOTPROVIDED
	BlockID    string // of the payment block that a batch booking stands for
	Name       string // of the other party
	Account    string // of the other party
	Texts      []string
	References []string // structured
	Returned   string   // reason code of a return, such as AC04; empty when it is none
	Reason     string
}

// spaces names both versions.
func spaces() map[string]string {
	return map[string]string{"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02": "", "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08": ""}
}

// Read reads every statement of a file. A file that is broken, hostile, of another message, or that does not add up is an invalid fault
// that says where.
func Read(in io.Reader) ([]Statement, error) {
	root, err := xmltree.Parse(in, spaces(), xmltree.Statement())
	if err != nil {
		return nil, err
	}
	found := root.All("BkToCstmrStmt/Stmt")
	if root.Name != "Document" || len(found) == 0 {
		return nil, fault.Invalid("", "camt.other", nil)
	}
	var all []Statement
	for _, n := range found {
		r := &reader{}
		s := r.statement(n)
		if r.err == nil {
			r.balance(s, n)
		}
		if r.err != nil {
			return nil, r.err
		}
		all = append(all, s)
	}
	return all, nil
}

// reader keeps the first thing that is wrong.
type reader struct {
	err      error
	currency string
}

func (r *reader) fail(at *xmltree.Node, key text.Key, args text.Args) {
	if r.err != nil {
		return
	}
	if args == nil {
		args = text.Args{}
	}
	args["place"], args["line"] = at.Place(), at.Line()
	r.err = fault.Invalid("", key, args)
}

func (r *reader) statement(n *xmltree.Node) Statement {
	s := Statement{ID: n.Words("Id"), Sequence: n.Words("ElctrncSeqNb"), CreatedAt: n.Words("CreDtTm"), Account: n.Words("Acct/Id/IBAN"),
		Currency: n.Words("Acct/Ccy"), From: day(n.Words("FrToDt/FrDtTm")), Until: day(n.Words("FrToDt/ToDtTm"))}
	if s.Account == "" {
		s.Account = n.Words("Acct/Id/Othr/Id")
	}
	if s.Account == "" {
		r.fail(n, "camt.no_account", nil)
	}
	opening, closing := balanceOf(n, "OPBD", "PRCD"), balanceOf(n, "CLBD", "CLBD")
	if opening == nil || closing == nil {
		r.fail(n, "camt.no_balance", nil)
		return s
	}
	if s.Currency == "" {
		s.Currency, _ = opening.First("Amt").Attr("Ccy")
	}
	r.currency = s.Currency
	s.Opening, s.Closing = r.signed(opening), r.signed(closing)
	if s.From == "" {
		s.From = dateOf(opening.First("Dt"))
	}
	if s.Until == "" {
		s.Until = dateOf(closing.First("Dt"))
	}
	for _, e := range n.All("Ntry") {
		if status := e.Words("Sts"); status == "BOOK" || e.Words("Sts/Cd") == "BOOK" {
			s.Entries = append(s.Entries, r.entry(e))
		}
	}
	return s
}

func balanceOf(n *xmltree.Node, codes ...string) *xmltree.Node {
	for _, code := range codes {
		for _, b := range n.All("Bal") {
			if b.Words("Tp/CdOrPrtry/Cd") == code {
				return b
			}
		}
	}
	return nil
}

// signed reads an amount with its direction.
func (r *reader) signed(n *xmltree.Node) money.Amount {
	a := r.amount(n.First("Amt"), n)
	switch n.Words("CdtDbtInd") {
	case "CRDT":
	case "DBIT":
		a = -a
	default:
		r.fail(n, "camt.no_direction", nil)
	}
	return a
}

func (r *reader) amount(n, within *xmltree.Node) money.Amount {
	if n == nil {
		r.fail(within, "camt.no_amount", nil)
		return 0
	}
	if in, there := n.Attr("Ccy"); there && in != r.currency {
		r.fail(n, "camt.currency", text.Args{"found": in, "want": r.currency})
	}
	return r.decimal(n)
}

// largest keeps every sum within an Amount.
const largest money.Amount = 100_000_000_000_00

func (r *reader) decimal(n *xmltree.Node) money.Amount {
	s := n.Text
	for at := len(s) - 1; at > 0 && s[at] == '0' && len(s)-1-dot(s) > 2; at-- { // 12.3400 is 12.34
		s = s[:at]
	}
	a, err := money.Parse(s)
	if err != nil || a < 0 || a > largest {
		r.fail(n, "camt.amount", text.Args{"found": n.Text})
		return 0
	}
	return a
}

// dot is where the decimal point stands, or the end.
func dot(s string) int {
	for i := range len(s) {
		if s[i] == '.' {
			return i
		}
	}
	return len(s)
}

func (r *reader) entry(n *xmltree.Node) Entry {
	e := Entry{Amount: r.signed(n), BookedOn: dateOf(n.First("BookgDt")), ValueOn: dateOf(n.First("ValDt")), Ref: n.Words("AcctSvcrRef"),
		Reversal: n.Words("RvslInd") == "true"}
	if e.Ref == "" {
		e.Ref = n.Words("NtryRef")
	}
	if e.BookedOn == "" {
		r.fail(n, "camt.no_day", nil)
	}
	details := n.All("NtryDtls/TxDtls")
	if len(details) == 0 {
		e.Parts = []Part{{Amount: e.Amount, BlockID: n.Words("NtryDtls/Btch/PmtInfId"), Texts: words(n.All("AddtlNtryInf"))}}
		return e
	}
	var sum money.Amount
	for _, d := range details {
		p := r.part(d, e, len(details) == 1)
		if p.BlockID == "" {
			p.BlockID = n.Words("NtryDtls/Btch/PmtInfId")
		}
		sum += p.Amount
		e.Parts = append(e.Parts, p)
	}
	if sum != e.Amount {
		r.fail(n, "camt.parts", text.Args{"found": sum.String(), "want": e.Amount.String()})
	}
	return e
}

// part reads one transaction. Version .02 gives its amount among the details; the only one of an entry may leave it out.
func (r *reader) part(n *xmltree.Node, e Entry, only bool) Part {
	p := Part{Amount: e.Amount, EndToEndID: n.Words("Refs/EndToEndId"), BlockID: n.Words("Refs/PmtInfId"), Texts: words(n.All("RmtInf/Ustrd")),
		References: words(n.All("RmtInf/Strd/CdtrRefInf/Ref")), Returned: n.Words("RtrInf/Rsn/Cd"), Reason: n.Words("RtrInf/AddtlInf")}
	if p.EndToEndID == "NOTPROVIDED" {
		p.EndToEndID = ""
	}
	if p.Returned == "" {
		p.Returned = n.Words("RtrInf/Rsn/Prtry")
	}
	stated := n.First("Amt")
	if stated == nil {
		stated = n.First("AmtDtls/TxAmt/Amt")
	}
	direction := n.Words("CdtDbtInd")
	if stated != nil && !(only && foreign(stated, r.currency)) {
		p.Amount = r.amount(stated, n)
		if direction == "DBIT" || direction == "" && e.Amount < 0 {
			p.Amount = -p.Amount
		}
	} else if !only {
		r.fail(n, "camt.no_amount", nil)
	}
	other, account := "Cdtr", "CdtrAcct"
	if p.Amount > 0 != (p.Returned != "" || e.Reversal) { // of a return the parties are those of the payment
		other, account = "Dbtr", "DbtrAcct"
	}
	for _, path := range []string{"/Nm", "/Pty/Nm"} {
		if name := n.Words("RltdPties/" + other + path); name != "" {
			p.Name = name
		}
	}
	p.Account = n.Words("RltdPties/" + account + "/Id/IBAN")
	return p
}

// foreign tells whether an amount is in another currency than the account: the entry then has the only amount that counts.
func foreign(n *xmltree.Node, currency string) bool {
	in, there := n.Attr("Ccy")
	return there && in != currency
}

func words(all []*xmltree.Node) []string {
	var out []string
	for _, n := range all {
		if n.Text != "" {
			out = append(out, n.Text)
		}
	}
	return out
}

func dateOf(n *xmltree.Node) period.Date {
	if d := day(n.Words("Dt")); d != "" {
		return d
	}
	return day(n.Words("DtTm"))
}

// day is the date of an ISO date or moment, as the bank writes it.
func day(s string) period.Date {
	if len(s) < 10 {
		return ""
	}
	d, err := period.ParseDate(s[:10])
	if err != nil {
		return ""
	}
	return d
}

// balance holds the statement to its control figures.
func (r *reader) balance(s Statement, n *xmltree.Node) {
	var in, out money.Amount
	counts := [3]int{}
	for _, e := range s.Entries {
		counts[0]++
		if e.Amount > 0 {
			in += e.Amount
			counts[1]++
		} else {
			out -= e.Amount
			counts[2]++
		}
	}
	if s.Opening+in-out != s.Closing {
		r.fail(n, "camt.closing", text.Args{"found": s.Closing.String(), "want": (s.Opening + in - out).String()})
	}
	if len(s.Entries) != len(n.All("Ntry")) {
		return // the summary may count what is not booked
	}
	for i, total := range []struct {
		name string
		sum  money.Amount
	}{{"TtlNtries", in + out}, {"TtlCdtNtries", in}, {"TtlDbtNtries", out}} {
		t := n.First("TxsSummry/" + total.name)
		if sum := t.First("Sum"); sum != nil {
			if found := r.decimal(sum); found != total.sum {
				r.fail(sum, "camt.control", text.Args{"found": found.String(), "want": total.sum.String()})
			}
		}
		if count := t.First("NbOfNtries"); count != nil && count.Text != strconv.Itoa(counts[i]) {
			r.fail(count, "camt.control", text.Args{"found": count.Text, "want": strconv.Itoa(counts[i])})
		}
	}
}
