package pain

import (
	"encoding/xml"
	"strconv"

	"errera.eu/errera/internal/format/sepa"
	"errera.eu/errera/internal/money"
)

// The elements of pain.001.001.09 that a SEPA credit transfer uses, in the order of the schema.
type (
	documentXML struct {
		XMLName xml.Name    `xml:"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09 Document"`
		Header  headerXML   `xml:"CstmrCdtTrfInitn>GrpHdr"`
		Block   paymentsXML `xml:"CstmrCdtTrfInitn>PmtInf"`
	}
	headerXML struct {
		ID        string `xml:"MsgId"`
		CreatedAt string `xml:"CreDtTm"`
		Count     string `xml:"NbOfTxs"`
		Sum       string `xml:"CtrlSum"`
		Initiator string `xml:"InitgPty>Nm"`
	}
	paymentsXML struct {
		ID        string        `xml:"PmtInfId"`
		Method    string        `xml:"PmtMtd"`
		Batch     bool          `xml:"BtchBookg"`
		Count     string        `xml:"NbOfTxs"`
		Sum       string        `xml:"CtrlSum"`
		Service   string        `xml:"PmtTpInf>SvcLvl>Cd"`
		ExecuteOn string        `xml:"ReqdExctnDt>Dt"`
		Debtor    partyXML      `xml:"Dbtr"`
		Account   string        `xml:"DbtrAcct>Id>IBAN"`
		Agent     agentXML      `xml:"DbtrAgt"`
		Charges   string        `xml:"ChrgBr"`
		Transfers []transferXML `xml:"CdtTrfTxInf"`
	}
	partyXML struct {
		Name    string      `xml:"Nm"`
		Address *addressXML `xml:"PstlAdr"`
	}
	addressXML struct {
		Street   string `xml:"StrtNm,omitempty"`
		Number   string `xml:"BldgNb,omitempty"`
		Postcode string `xml:"PstCd,omitempty"`
		Town     string `xml:"TwnNm"`
		Country  string `xml:"Ctry"`
	}
	agentXML struct {
		BIC   string    `xml:"FinInstnId>BICFI,omitempty"`
		Other *otherXML `xml:"FinInstnId>Othr"`
	}
	otherXML struct {
		ID string `xml:"Id"`
	}
	transferXML struct {
		EndToEndID string        `xml:"PmtId>EndToEndId"`
		Amount     amountXML     `xml:"Amt>InstdAmt"`
		Agent      *agentXML     `xml:"CdtrAgt"`
		Creditor   partyXML      `xml:"Cdtr"`
		Account    string        `xml:"CdtrAcct>Id>IBAN"`
		Text       string        `xml:"RmtInf>Ustrd,omitempty"`
		Reference  *referenceXML `xml:"RmtInf>Strd>CdtrRefInf"`
	}
	amountXML struct {
		Currency string `xml:"Ccy,attr"`
		Value    string `xml:",chardata"`
	}
	referenceXML struct {
		Code   string `xml:"Tp>CdOrPrtry>Cd"`
		Issuer string `xml:"Tp>Issr"`
		Value  string `xml:"Ref"`
	}
)

func document(o Order, sum money.Amount) documentXML {
	count := strconv.Itoa(len(o.Transfers))
	d := documentXML{
		Header: headerXML{ID: o.ID, CreatedAt: o.CreatedAt, Count: count, Sum: sum.String(), Initiator: sepa.Short(o.Debtor.Name, 70)},
		Block: paymentsXML{ID: o.ID, Method: "TRF", Batch: false, Count: count, Sum: sum.String(), Service: "SEPA", ExecuteOn: string(o.ExecuteOn),
			Debtor: party(o.Debtor), Account: string(o.Debtor.Account), Agent: agent(o.Debtor.BIC), Charges: "SLEV"},
	}
	for _, t := range o.Transfers {
		x := transferXML{EndToEndID: t.EndToEndID, Amount: amountXML{"EUR", t.Amount.String()}, Creditor: party(t.Creditor),
			Account: string(t.Creditor.Account)}
		if t.Creditor.BIC != "" {
			a := agent(t.Creditor.BIC)
			x.Agent = &a
		}
		if t.Reference != "" {
			x.Reference = &referenceXML{"SCOR", t.Reference.Issuer(), string(t.Reference)}
		} else {
			x.Text = sepa.Short(t.Text, 140)
		}
		d.Block.Transfers = append(d.Block.Transfers, x)
	}
	return d
}

func party(p Party) partyXML {
	x := partyXML{Name: sepa.Short(p.Name, 70)}
	if a := p.Address; a != (Address{}) {
		x.Address = &addressXML{sepa.Short(a.Street, 70), sepa.Short(a.Number, 16), sepa.Short(a.Postcode, 16), sepa.Short(a.Town, 35), a.Country}
	}
	return x
}

func agent(bic string) agentXML {
	if bic == "" {
		return agentXML{Other: &otherXML{"NOTPROVIDED"}}
	}
	return agentXML{BIC: bic}
}
