package signing

import (
	"context"
	"errors"
	"time"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/audit"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/format/pdf"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/job"
	"errera.eu/errera/internal/programme"
)

// round is how often signed agreements are looked after: those that begin, those without a seal, those whose turn nobody was told of.
const round = time.Hour

// seal is the job of one version, tend that of all programmes.
type (
	seal struct {
		Programme id.Programme `json:"programme"`
		Agreement id.Agreement `json:"agreement"`
		N         int          `json:"n"`
	}
	tend struct{}
)

func (seal) Kind() string { return "signing.seal" }
func (tend) Kind() string { return "signing.tend" }

// Works are the jobs that seal what was signed, make agreements active on their first day and tell who signs next.
func Works(d *db.DB, k pdf.Key) []job.Work {
	return []job.Work{
		job.New(func(ctx context.Context, s seal) error { return Make(ctx, d, k, s.Programme, s.Agreement, s.N) }),
		job.Each(round, tend{}, func(ctx context.Context, _ tend) error { return Tend(ctx, d, k) }),
	}
}

// Tend looks after every programme: what has begun becomes active, what everybody signed gets its seal, and who signs next is told, once.
func Tend(ctx context.Context, d *db.DB, k pdf.Key) error {
	var all []programme.Programme
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = programme.List(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range all {
		if err := tendOne(ctx, d, k, p); err != nil {
			return err
		}
	}
	return nil
}

func tendOne(ctx context.Context, d *db.DB, k pdf.Key, p programme.Programme) error {
	rule := access.System("start-date")
	var begun []id.Agreement
	var bare []at
	var open []Sheet
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		if begun, err = due(ctx, tx, p.ID, tx.Now.Date()); err != nil {
			return err
		}
		if bare, err = unsealed(ctx, tx, p.ID); err != nil {
			return err
		}
		open, err = Waiting(ctx, tx, rule, p.ID)
		return err
	})
	if err != nil {
		return err
	}
	if len(begun) > 0 || len(open) > 0 {
		err := d.Write(ctx, p.ID, func(tx *db.Tx) error {
			if _, err := Activate(ctx, tx, rule, p.ID); err != nil {
				return err
			}
			s := agreement.Setting{Programme: p, Agency: programme.Organisation{ID: p.Agency}}
			for _, x := range open {
				if err := tellNext(ctx, tx, &s, x); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, x := range bare {
		if err := Make(ctx, d, k, p.ID, x.agreement, x.n); err != nil {
			return err
		}
	}
	return nil
}

// Make seals a version that everybody signed: the document with the statement of its signatories, under a digital signature, and beside it
// the evidence. It does nothing without a key, before the last signature, and when there is a seal. The PDF is made outside any unit of work.
func Make(ctx context.Context, d *db.DB, k pdf.Key, g id.Programme, a id.Agreement, n int) error {
	by := access.System("seal")
	if !k.Usable() {
		return nil
	}
	var x Sheet
	var record Evidence
	err := d.Read(ctx, func(tx *db.Tx) error {
		found, err := agreement.Load(ctx, tx, access.All, g, a)
		if err != nil {
			return err
		}
		if x, err = sheetAt(ctx, tx, g, found, n); err != nil || !x.Complete() || x.Seal != nil {
			return err
		}
		record, err = evidenceOf(ctx, tx, g, x)
		return err
	})
	if err != nil || !x.Complete() || x.Seal != nil {
		return err
	}
	evidence, err := record.JSON()
	if err != nil {
		return err
	}
	document, err := sealed(x, k, file.Made("evidence.json", file.JSON, evidence).SHA256())
	if err != nil {
		return err
	}
	name := "agreement-" + x.Agreement.Partner.Code
	return d.Write(ctx, g, func(tx *db.Tx) error {
		return keep(ctx, tx, by, g, x, k.Subject(), file.Made(name+".pdf", file.PDF, document), file.Made(name+".evidence.json", file.JSON, evidence))
	})
}

// sealed is the document as it is kept for good.
func sealed(x Sheet, k pdf.Key, evidence string) ([]byte, error) {
	p := printing{x.Version, x.Version.Document.Language}
	last := x.Signatures[len(x.Signatures)-1]
	document, err := pdf.Render(layout(x.Version, x.Signatures, []pdf.Fact{
		{Label: p.t("signing.print.sealed_by"), Value: k.Subject()},
		{Label: p.t("signing.print.evidence"), Value: evidence, Fingerprint: true},
	}))
	if err != nil {
		return nil, err
	}
	return pdf.Seal(document, k, p.t("signing.print.title", "partner", x.Version.Document.Partner.Label()), x.Version.Document.Agency.Name, last.At.Time())
}

func keep(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, x Sheet, certificate string, document, evidence file.Proof) error {
	if err := by.May("agreement.seal", access.Subject{Kind: "agreement", State: string(x.Agreement.State), Partner: x.Agreement.Partner.ID}); err != nil {
		return err
	}
	var kept [2]file.File
	for i, p := range []file.Proof{document, evidence} {
		var err error
		if kept[i], err = file.Add(ctx, tx, by, g, x.Agreement.Partner.ID, p); err != nil {
			return err
		}
	}
	s := Seal{Document: kept[0].ID, Evidence: kept[1].ID, Certificate: certificate, At: tx.Now}
	first, err := addSeal(ctx, tx, g, x.Agreement.ID, x.Version.N, s)
	if err != nil {
		return err
	}
	if !first {
		return errSealed // undoes the files
	}
	return audit.Append(ctx, tx, string(g), by.Label(), audit.Change{Verb: "agreement.seal", ObjectKind: "agreement", ObjectID: string(x.Agreement.ID),
		After: map[string]any{"version": x.Version.N, "hash": x.Version.Hash, "pdf": kept[0].SHA256, "evidence": kept[1].SHA256, "certificate": certificate}})
}

// errSealed ends a unit of work in which another program was quicker; the job is tried again and finds the seal.
var errSealed = errors.New("signing: sealed by another program")
