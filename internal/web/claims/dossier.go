package claims

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/format/pdf"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/serve"
	"errera.eu/errera/internal/web/frame"
)

// parcel is a dossier in the making: files with their SHA-256, listed in a manifest that `sha256sum --check` reads.
type parcel struct {
	to       *zip.Writer
	manifest strings.Builder
	err      error
}

func (p *parcel) add(name string, body []byte) {
	if p.err != nil {
		return
	}
	out, err := p.to.Create(name)
	if err == nil {
		_, err = out.Write(body)
	}
	p.err = err
	sum := sha256.Sum256(body)
	p.manifest.WriteString(hex.EncodeToString(sum[:]) + "  " + name + "\n")
}

func (p *parcel) json(name string, v any) {
	body, err := json.MarshalIndent(v, "", "  ")
	if err != nil && p.err == nil {
		p.err = err
	}
	p.add(name, body)
}

func (p *parcel) csv(name string, rows [][]string) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(rows); err != nil && p.err == nil {
		p.err = err
	}
	p.add(name, b.Bytes())
}

// dossier gives everything about a claim as one ZIP: items, proofs, questions, decisions, letter, postings, trail, each with its hash.
func (w pages) dossier(out http.ResponseWriter, r *http.Request) error {
	var c claimPage
	var b bytes.Buffer
	p := parcel{to: zip.NewWriter(&b)}
	_, err := w.Read(r, "claims", func(tx *db.Tx, page *frame.Page) error {
		c.Page = *page
		if err := w.load(r, tx, &c); err != nil {
			return err
		}
		return c.pack(r.Context(), tx, &p)
	})
	if err != nil {
		return err
	}
	p.add("manifest.sha256", []byte(p.manifest.String()))
	if p.err == nil {
		p.err = p.to.Close()
	}
	if p.err != nil {
		return p.err
	}
	name := fmt.Sprintf("claim-%s-%d-%d.zip", c.Code, c.C.Year, c.C.Number)
	return serve.Send(out, serve.Download{Name: name, Type: "application/zip", Bytes: b.Bytes()})
}

func (c claimPage) pack(ctx context.Context, tx *db.Tx, p *parcel) error {
	g := c.Programme.ID
	p.json("claim.json", c.C)
	p.csv("items.csv", c.itemRows())
	p.json("questions.json", c.Messages)
	p.json("objections.json", c.Objections)
	p.add("letter.txt", []byte(c.letter()))
	if c.decided() {
		l := letterPage{claimPage: c}
		if err := l.address(ctx, tx); err != nil {
			return err
		}
		body, err := pdf.Render(l.document())
		if err != nil {
			return err
		}
		p.add("letter.pdf", body)
	}
	for item, files := range c.Proofs {
		for _, f := range files {
			body, err := file.Read(ctx, tx, g, f)
			if err != nil {
				return err
			}
			p.add("proofs/"+string(item)+"/"+string(f.ID)+"-"+f.Name, body)
		}
	}
	decisions, err := programme.Decisions(ctx, tx, g, c.Actor.ScopeFor("decision.read"))
	if err != nil {
		return err
	}
	var own []programme.Decision
	for _, d := range decisions {
		if d.Agreement == c.C.Agreement && d.Year == c.C.Year {
			own = append(own, d)
		}
	}
	p.json("decisions.json", own)
	if c.Can("ledger.read") {
		if err := c.packPostings(ctx, tx, p); err != nil {
			return err
		}
	}
	if !c.Can("audit.read") {
		return nil
	}
	return c.packTrail(ctx, tx, p)
}

// packPostings adds every entry of the agreement-year, those of this claim marked.
func (c claimPage) packPostings(ctx context.Context, tx *db.Tx, p *parcel) error {
	rows := [][]string{{"n", "booked_on", "event", "key", "account", "amount", "of_this_claim"}}
	err := ledger.Each(ctx, tx, c.Programme.ID, ledger.Filter{Agreement: c.C.Agreement, Year: c.C.Year}, func(e ledger.EntryRow) error {
		for _, line := range e.Postings {
			rows = append(rows, []string{fmt.Sprint(e.N), string(e.BookedOn), string(e.Event), e.Key, string(line.Account), line.Amount.String(),
				fmt.Sprint(e.SubjectID == string(c.C.ID))})
		}
		return nil
	})
	p.csv("postings.csv", rows)
	return err
}

// packTrail adds the record of every change of the claim and its items, with the hashes that chain it.
func (c claimPage) packTrail(ctx context.Context, tx *db.Tx, p *parcel) error {
	rows := [][]string{{"n", "at", "actor", "verb", "object", "before", "after", "hash"}}
	objects := [][2]string{{"claim", string(c.C.ID)}}
	for _, i := range c.Items {
		objects = append(objects, [2]string{"item", string(i.ID)})
	}
	for _, o := range objects {
		changes, err := audit.List(ctx, tx, string(c.Programme.ID), audit.Filter{ObjectKind: o[0], ObjectID: o[1], Limit: 1000})
		if err != nil {
			return err
		}
		for _, x := range changes {
			rows = append(rows, []string{fmt.Sprint(x.N), string(x.At), x.Actor, x.Verb, o[0] + " " + o[1], x.Before, x.After, x.Hash})
		}
	}
	p.csv("trail.csv", rows)
	return nil
}

func (c claimPage) itemRows() [][]string {
	rows := [][]string{{"id", "ref", "kind", "category", "description", "supplier", "invoice", "invoiced_on", "delivered_on", "currency", "rate",
		"net", "vat", "vat_recoverable_bp", "income", "other_money", "rate_bp", "cap", "eligible", "state", "deducted", "accepted", "reason_code",
		"reason", "decided_on", "sampled", "proofs"}}
	for _, i := range c.Items {
		rate := ""
		if i.Rate.Sign() > 0 {
			rate = i.Rate.String()
		}
		rows = append(rows, []string{string(i.ID), i.Ref, string(i.Kind), i.Category, i.Description, i.Supplier, i.Invoice, string(i.InvoicedOn),
			string(i.DeliveredOn), i.Currency, rate, i.Net.String(), i.VAT.String(), fmt.Sprint(i.VATBp), i.Income.String(), i.OtherMoney.String(),
			fmt.Sprint(i.RateBp), i.Cap.String(), i.Claimed().String(), string(i.State), i.Deducted.String(), i.Allowed().String(), i.ReasonCode,
			i.Reason, string(i.DecidedOn), strings.Join(c.Sample[i.ID].Rules, " "), fmt.Sprint(len(c.Proofs[i.ID]))})
	}
	return rows
}

// letter is what the partner is told of its claim, in the reader's language: the outcome, each deduction with its reason, and the term.
func (c claimPage) letter() string {
	declared, deducted, parked, _, accepted, _ := c.sums()
	var b strings.Builder
	say := func(s string) { b.WriteString(s + "\n") }
	say(c.T("claims.letter_head", "partner", c.Partner.Label(), "number", fmt.Sprint(c.C.Number), "year", c.C.Year))
	say("")
	say(c.T("claims.letter_sum", "declared", declared, "accepted", accepted, "deducted", deducted, "parked", parked, "due", c.C.Due))
	for _, i := range c.Items {
		if i.State == funding.Deducted || i.State == funding.Parked {
			say(c.T("claims.letter_item", "ref", i.Ref, "what", i.Description, "state", frame.StateWord(c.Page, string(i.State)), "amount",
				i.Deducted, "reason", c.reason(i)))
		}
	}
	return b.String()
}

// reason says why an item was deducted or parked.
func (c claimPage) reason(i funding.Item) string {
	words := ""
	if i.ReasonCode != "" {
		words = c.T(reasonKey(i.ReasonCode))
	}
	if i.Reason != "" && words != "" {
		words += ": "
	}
	return words + i.Reason
}
