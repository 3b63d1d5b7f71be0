// Package dossier packs everything about a claim into one ZIP that an auditor takes along: items, proofs, questions, objections, decisions,
// letter, postings and trail, each file with its hash. It reads within the scope of who asks, and judges nothing.
package dossier

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/funding/hearing"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/ledger"
	"errera.eu/errera/internal/letter"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// Dossier is the ZIP of a claim with the name that it is saved under.
type Dossier struct {
	Name  string
	Bytes []byte
}

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

// content is what a dossier is made of.
type content struct {
	by      access.Actor
	g       programme.Programme
	partner programme.Organisation
	claim   funding.Claim
	items   []funding.Item
	sample  map[id.Item]funding.Sampled
	proofs  map[id.Item][]file.File
}

// OfClaim packs a claim; l is the language of the plain letter in it, the reasoned one is in the partner's. A draft is its partner's alone
// (missing, funding.no_claim). Postings and trail are for those who may read them.
func OfClaim(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, claim id.Claim, l text.Language) (Dossier, error) {
	c, err := load(ctx, tx, by, g, claim)
	if err != nil {
		return Dossier{}, err
	}
	var b bytes.Buffer
	p := parcel{to: zip.NewWriter(&b)}
	if err := c.pack(ctx, tx, &p, l); err != nil {
		return Dossier{}, err
	}
	p.add("manifest.sha256", []byte(p.manifest.String()))
	if p.err == nil {
		p.err = p.to.Close()
	}
	if p.err != nil {
		return Dossier{}, fault.Internal(p.err)
	}
	return Dossier{fmt.Sprintf("claim-%s-%d-%d.zip", c.partner.Code, c.claim.Year, c.claim.Number), b.Bytes()}, nil
}

func load(ctx context.Context, tx *db.Tx, by access.Actor, g programme.Programme, claim id.Claim) (c content, err error) {
	c.by, c.g = by, g
	if c.claim, err = funding.LoadClaim(ctx, tx, by, g.ID, claim); err != nil {
		return c, err
	}
	if c.claim.State == "draft" && by.ScopeFor("claim.read") == access.All {
		return c, fault.Missing("funding.no_claim", nil)
	}
	partners, err := programme.Partners(ctx, tx, g.ID)
	if err != nil {
		return c, err
	}
	for _, o := range partners {
		if o.ID == c.claim.Partner {
			c.partner = o
		}
	}
	if c.items, err = funding.LoadItems(ctx, tx, by, g.ID, claim); err != nil {
		return c, err
	}
	if c.sample, err = funding.LoadSample(ctx, tx, g.ID, claim); err != nil {
		return c, err
	}
	c.proofs, err = funding.Proofs(ctx, tx, by, g.ID, claim, "", "")
	return c, err
}

func (c content) pack(ctx context.Context, tx *db.Tx, p *parcel, l text.Language) error {
	g := c.g.ID
	messages, err := hearing.Messages(ctx, tx, g, c.claim.ID)
	if err != nil {
		return err
	}
	objections, err := hearing.Objections(ctx, tx, g, c.claim.ID)
	if err != nil {
		return err
	}
	p.json("claim.json", c.claim)
	p.csv("items.csv", c.itemRows())
	p.json("questions.json", messages)
	p.json("objections.json", objections)
	p.add("letter.txt", []byte(letter.Plain(c.claim, c.items, c.partner.Label(), l)))
	if letter.Decided(c.claim) {
		written, err := letter.OfClaim(ctx, tx, c.by, c.g, c.claim, c.items)
		if err != nil {
			return err
		}
		body, err := written.PDF()
		if err != nil {
			return fault.Internal(err)
		}
		p.add("letter.pdf", body)
	}
	if err := c.packProofs(ctx, tx, p); err != nil {
		return err
	}
	if err := c.packDecisions(ctx, tx, p); err != nil {
		return err
	}
	if c.by.Holds("ledger.read") {
		if err := c.packPostings(ctx, tx, p); err != nil {
			return err
		}
	}
	if !c.by.Holds("audit.read") {
		return nil
	}
	return c.packTrail(ctx, tx, p)
}

// packProofs adds the files that prove the items, in the order of the items.
func (c content) packProofs(ctx context.Context, tx *db.Tx, p *parcel) error {
	for _, i := range c.items {
		for _, f := range c.proofs[i.ID] {
			body, err := file.Read(ctx, tx, c.g.ID, f)
			if err != nil {
				return err
			}
			p.add("proofs/"+string(i.ID)+"/"+string(f.ID)+"-"+f.Name, body)
		}
	}
	return nil
}

// packDecisions adds the decisions about the agreement-year.
func (c content) packDecisions(ctx context.Context, tx *db.Tx, p *parcel) error {
	decisions, err := programme.Decisions(ctx, tx, c.g.ID, c.by.ScopeFor("decision.read"))
	own := []programme.Decision{}
	for _, d := range decisions {
		if d.Agreement == c.claim.Agreement && d.Year == c.claim.Year {
			own = append(own, d)
		}
	}
	p.json("decisions.json", own)
	return err
}

// packPostings adds every entry of the agreement-year, those of this claim marked.
func (c content) packPostings(ctx context.Context, tx *db.Tx, p *parcel) error {
	rows := [][]string{{"n", "booked_on", "event", "key", "account", "amount", "of_this_claim"}}
	err := ledger.Each(ctx, tx, c.g.ID, ledger.Filter{Agreement: c.claim.Agreement, Year: c.claim.Year}, func(e ledger.EntryRow) error {
		for _, line := range e.Postings {
			rows = append(rows, []string{fmt.Sprint(e.N), string(e.BookedOn), string(e.Event), e.Key, string(line.Account), line.Amount.String(),
				fmt.Sprint(e.SubjectID == string(c.claim.ID))})
		}
		return nil
	})
	p.csv("postings.csv", rows)
	return err
}

// packTrail adds the record of every change of the claim and its items, with the hashes that chain it.
func (c content) packTrail(ctx context.Context, tx *db.Tx, p *parcel) error {
	rows := [][]string{{"n", "at", "actor", "verb", "object", "before", "after", "hash"}}
	objects := [][2]string{{"claim", string(c.claim.ID)}}
	for _, i := range c.items {
		objects = append(objects, [2]string{"item", string(i.ID)})
	}
	for _, o := range objects {
		changes, err := audit.List(ctx, tx, string(c.g.ID), audit.Filter{ObjectKind: o[0], ObjectID: o[1], Limit: 1000})
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
