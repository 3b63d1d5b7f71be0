// Package camttest writes bank statements for tests and for the demo's bank: what a bank would send about payments that it made.
package camttest

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"

	"errera.eu/errera/internal/format/camt"
	"errera.eu/errera/internal/money"
)

// The versions in use.
const (
	V02 = "camt.053.001.02"
	V08 = "camt.053.001.08"
)

// Write writes statements as one file of a version. Balances are taken as they stand: a statement that does not add up is written so.
func Write(w io.Writer, version string, statements ...camt.Statement) error {
	b := &builder{version: version}
	b.f(`%s<Document xmlns="urn:iso:std:iso:20022:tech:xsd:%s"><BkToCstmrStmt><GrpHdr><MsgId>%s</MsgId><CreDtTm>%s</CreDtTm></GrpHdr>`,
		xml.Header, version, statements[0].ID, statements[0].CreatedAt)
	for _, s := range statements {
		b.statement(s)
	}
	b.f("</BkToCstmrStmt></Document>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

type builder struct {
	strings.Builder
	version string
}

// f writes a form; every argument is escaped, so markup belongs in the form.
func (b *builder) f(form string, args ...any) {
	for i, a := range args {
		if s, ok := a.(string); ok && s != xml.Header {
			var e strings.Builder
			xml.EscapeText(&e, []byte(s)) //nolint:errcheck // a strings.Builder takes everything
			args[i] = e.String()
		}
	}
	fmt.Fprintf(b, form, args...)
}

func (b *builder) statement(s camt.Statement) {
	b.f("<Stmt><Id>%s</Id><ElctrncSeqNb>%s</ElctrncSeqNb><CreDtTm>%s</CreDtTm>", s.ID, s.Sequence, s.CreatedAt)
	b.f("<FrToDt><FrDtTm>%sT00:00:00</FrDtTm><ToDtTm>%sT23:59:59</ToDtTm></FrToDt>", string(s.From), string(s.Until))
	b.f("<Acct><Id><IBAN>%s</IBAN></Id><Ccy>%s</Ccy></Acct>", s.Account, s.Currency)
	for _, bal := range []struct {
		code, day string
		amount    money.Amount
	}{{"OPBD", string(s.From), s.Opening}, {"CLBD", string(s.Until), s.Closing}} {
		b.f(`<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp>`, bal.code)
		b.amount(s.Currency, bal.amount)
		b.f(`<Dt><Dt>%s</Dt></Dt></Bal>`, bal.day)
	}
	var in, out money.Amount
	ins := 0
	for _, e := range s.Entries {
		if e.Amount > 0 {
			in += e.Amount
			ins++
		} else {
			out -= e.Amount
		}
	}
	b.f("<TxsSummry><TtlNtries><NbOfNtries>%s</NbOfNtries><Sum>%s</Sum></TtlNtries>", strconv.Itoa(len(s.Entries)), (in + out).String())
	b.f("<TtlCdtNtries><NbOfNtries>%s</NbOfNtries><Sum>%s</Sum></TtlCdtNtries>", strconv.Itoa(ins), in.String())
	b.f("<TtlDbtNtries><NbOfNtries>%s</NbOfNtries><Sum>%s</Sum></TtlDbtNtries></TxsSummry>", strconv.Itoa(len(s.Entries)-ins), out.String())
	for _, e := range s.Entries {
		b.entry(s.Currency, e)
	}
	b.f("</Stmt>")
}

func (b *builder) amount(currency string, a money.Amount) {
	direction := "CRDT"
	if a < 0 {
		direction, a = "DBIT", -a
	}
	b.f(`<Amt Ccy="%s">%s</Amt><CdtDbtInd>%s</CdtDbtInd>`, currency, a.String(), direction)
}

func (b *builder) entry(currency string, e camt.Entry) {
	b.f("<Ntry>")
	b.amount(currency, e.Amount)
	if e.Reversal {
		b.f("<RvslInd>true</RvslInd>")
	}
	if b.version == V02 {
		b.f("<Sts>BOOK</Sts>")
	} else {
		b.f("<Sts><Cd>BOOK</Cd></Sts>")
	}
	b.f("<BookgDt><Dt>%s</Dt></BookgDt><ValDt><Dt>%s</Dt></ValDt>", string(e.BookedOn), string(e.ValueOn))
	if e.Ref != "" {
		b.f("<AcctSvcrRef>%s</AcctSvcrRef>", e.Ref)
	}
	b.f("<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls>")
	if len(e.Parts) > 1 {
		b.f("<Btch>")
		if e.Parts[0].BlockID != "" {
			b.f("<PmtInfId>%s</PmtInfId>", e.Parts[0].BlockID)
		}
		b.f("<NbOfTxs>%s</NbOfTxs></Btch>", strconv.Itoa(len(e.Parts)))
	}
	for _, p := range e.Parts {
		b.part(currency, e, p)
	}
	b.f("</NtryDtls></Ntry>")
}

func (b *builder) part(currency string, e camt.Entry, p camt.Part) {
	b.f("<TxDtls><Refs>")
	if p.BlockID != "" {
		b.f("<PmtInfId>%s</PmtInfId>", p.BlockID)
	}
	end := p.EndToEndID
	if end == "" {
		end = "NOTPROVIDED"
	}
	b.f("<EndToEndId>%s</EndToEndId></Refs>", end)
	if b.version == V02 {
		b.f(`<AmtDtls><TxAmt><Amt Ccy="%s">%s</Amt></TxAmt></AmtDtls>`, currency, max(p.Amount, -p.Amount).String())
	} else {
		b.amount(currency, p.Amount)
	}
	side := "Cdtr"
	if p.Amount > 0 != (p.Returned != "" || e.Reversal) {
		side = "Dbtr"
	}
	if p.Name != "" || p.Account != "" {
		b.f("<RltdPties>")
		if p.Name != "" {
			form := "<" + side + "><Pty><Nm>%s</Nm></Pty></" + side + ">"
			if b.version == V02 {
				form = "<" + side + "><Nm>%s</Nm></" + side + ">"
			}
			b.f(form, p.Name)
		}
		if p.Account != "" {
			b.f("<"+side+"Acct><Id><IBAN>%s</IBAN></Id></"+side+"Acct>", p.Account)
		}
		b.f("</RltdPties>")
	}
	b.remittance(p)
	if p.Returned != "" {
		b.f("<RtrInf><Rsn><Cd>%s</Cd></Rsn>", p.Returned)
		if p.Reason != "" {
			b.f("<AddtlInf>%s</AddtlInf>", p.Reason)
		}
		b.f("</RtrInf>")
	}
	b.f("</TxDtls>")
}

func (b *builder) remittance(p camt.Part) {
	if len(p.Texts)+len(p.References) == 0 {
		return
	}
	b.f("<RmtInf>")
	for _, t := range p.Texts {
		b.f("<Ustrd>%s</Ustrd>", t)
	}
	for _, r := range p.References {
		b.f("<Strd><CdtrRefInf><Ref>%s</Ref></CdtrRefInf></Strd>", r)
	}
	b.f("</RmtInf>")
}
