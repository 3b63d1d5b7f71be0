package claims

import (
	"bytes"
	"context"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/govalues/decimal"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/funding"
	"errera.eu/errera/internal/funding/hearing"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/text"
	"errera.eu/errera/internal/upload"
	"errera.eu/errera/internal/web/frame"
)

// form is what a claim's forms send, read outside of the unit of work.
type form struct {
	r       *http.Request
	scanner file.Scanner // looks at proofs
	verb    string
	proof   *file.Proof
	table   *upload.Table
	typed   funding.Item   // what an e-invoice says
	mapping upload.Mapping // chosen for the table; nil: as remembered
	columns *fault.Fault   // of that choice
}

// act runs a verb of the page and goes back to it; a form at fault comes back with what was typed.
func (w pages) act(out http.ResponseWriter, r *http.Request) error {
	f := form{r: r, scanner: w.Scanner, verb: r.PathValue("verb")}
	err := f.read()
	if err == nil && f.verb == "preview" {
		return w.preview(out, r, f)
	}
	next := ""
	if err == nil {
		var p frame.Page
		if p, err = w.Read(r, "claims", func(*db.Tx, *frame.Page) error { return nil }); err != nil {
			return err
		}
		err = w.DB.Write(r.Context(), p.Programme.ID, func(tx *db.Tx) error {
			claim, err := locate(r.Context(), tx, p, r)
			if err == nil {
				next, err = f.do(tx, p.Actor, p.Programme.ID, claim)
			}
			return err
		})
	}
	if fault.Is(err, fault.KindInvalid) || fault.Is(err, fault.KindConflict) {
		typed := map[string]string{}
		for name := range r.PostForm {
			typed[name] = r.PostForm.Get(name)
		}
		return w.show(out, r, statusOf(fault.Of(err)), claimPage{Fault: fault.Of(err), Typed: typed})
	}
	if err != nil {
		return err
	}
	if next == "" {
		next = "/claims/" + r.PathValue("partner") + "/" + r.PathValue("year") + "/" + r.PathValue("number")
	}
	pairs := append(filterOf(r.URL), "done", f.verb)
	if f.verb == "change" || f.verb == "attach" { // the cost stays open
		pairs = append(pairs, "item", r.PostFormValue("item"))
	}
	http.Redirect(out, r, frame.To(r, next, pairs...), http.StatusSeeOther)
	return nil
}

// read reads the files of a form: a proof is looked at, a list of costs is read. A list that was shown before comes along in the page.
func (f *form) read() error {
	if !strings.HasPrefix(f.r.Header.Get("Content-Type"), "multipart/form-data") {
		return nil
	}
	part, head, err := f.r.FormFile("file")
	if kept := f.r.PostFormValue("body"); err != nil && kept != "" && (f.verb == "keep" || f.verb == "preview") {
		return f.again(kept)
	}
	if err != nil {
		return fault.Invalid("file", "claims.file_needed", nil)
	}
	defer part.Close()
	if f.verb == "attach" || f.verb == "einvoice" {
		p, err := file.Check(f.r.Context(), f.scanner, "file", head.Filename, part)
		f.proof = &p
		if err == nil && f.verb == "einvoice" {
			f.typed, err = upload.Invoice(p.Bytes(), f.r.PostFormValue("category"))
		}
		return err
	}
	t, err := upload.Read(head.Filename, part)
	f.table = &t
	return err
}

// again reads a list that was shown before, with the columns that were chosen for it.
func (f *form) again(kept string) error {
	body, err := base64.StdEncoding.DecodeString(kept)
	if err != nil {
		return fault.Invalid("file", "upload.unreadable", text.Args{"file": f.r.PostFormValue("name")})
	}
	t, err := upload.Read(f.r.PostFormValue("name"), bytes.NewReader(body))
	if err != nil {
		return err
	}
	f.table = &t
	m, err := upload.Choose(len(t.Header), func(n int) string { return f.r.PostFormValue(columnName(n)) })
	if f.mapping = m; err != nil {
		f.columns = fault.Of(err)
	}
	return nil
}

// do runs the verb in its unit of work and tells where to go next, "" for the claim itself.
func (f form) do(tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim) (string, error) {
	ctx, words := f.r.Context(), f.r.PostFormValue("words")
	switch f.verb {
	case "submit":
		return "", funding.HandIn(ctx, tx, by, g, claim)
	case "discard":
		return "/claims", funding.Discard(ctx, tx, by, g, claim)
	case "withdraw":
		return "", funding.Withdraw(ctx, tx, by, g, claim)
	case "again":
		draft, err := funding.DraftAgain(ctx, tx, by, g, claim)
		if err != nil {
			return "", err
		}
		c, err := funding.LoadClaim(ctx, tx, by, g, draft)
		return address(f.r.PathValue("partner"), c.Year, c.Number), err
	case "reword":
		return "", funding.Reword(ctx, tx, by, g, claim, words)
	case "open":
		return "", funding.Open(ctx, tx, by, g, claim)
	case "rest":
		_, err := funding.AcceptRest(ctx, tx, by, g, claim)
		return "", err
	case "verify":
		return "", funding.Verify(ctx, tx, by, g, claim)
	case "recheck":
		return "", funding.Recheck(ctx, tx, by, g, claim)
	case "reject":
		return "", funding.Reject(ctx, tx, by, g, claim, words)
	case "approve":
		_, err := funding.Approve(ctx, tx, by, g, claim)
		return "", err
	case "reopen":
		return "", funding.Reopen(ctx, tx, by, g, claim, words)
	case "answer":
		return "", hearing.Answer(ctx, tx, by, g, claim, words)
	case "object":
		return "", hearing.Object(ctx, tx, by, g, claim, words)
	case "uphold", "dismiss":
		return "", hearing.AnswerObjection(ctx, tx, by, g, claim, access.VerbName("claim."+f.verb), words)
	}
	return "", f.doItem(tx, by, g, claim)
}

// doAdd adds costs to a draft: typed, from an e-invoice, from a list; false where the verb is another.
func (f form) doAdd(tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim) (bool, error) {
	ctx := f.r.Context()
	switch f.verb {
	case "add":
		i, err := f.cost(ctx, tx, by, g)
		if err == nil {
			_, err = funding.AddItems(ctx, tx, by, g, claim, []funding.Item{i})
		}
		return true, err
	case "einvoice": // the document proves the cost that it says
		if f.proof == nil {
			return true, fault.Invalid("file", "claims.file_needed", nil)
		}
		made, err := funding.AddItems(ctx, tx, by, g, claim, []funding.Item{f.typed})
		if err == nil {
			_, err = funding.Attach(ctx, tx, by, g, made[0], *f.proof)
		}
		return true, err
	case "keep":
		return true, f.keep(tx, by, g, claim)
	}
	return false, nil
}

// keep adds the good rows of a list, with the columns that were chosen for it, or as they are remembered.
func (f form) keep(tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim) error {
	switch {
	case f.table == nil:
		return fault.Invalid("file", "claims.file_needed", nil)
	case f.columns != nil:
		return f.columns
	}
	ctx, m := f.r.Context(), f.mapping
	if m == nil {
		c, err := funding.LoadClaim(ctx, tx, by, g, claim)
		if err != nil {
			return err
		}
		if m, err = upload.Remembered(ctx, tx, g, c.Partner, *f.table); err != nil {
			return err
		}
	}
	_, err := upload.Add(ctx, tx, by, g, claim, *f.table, m)
	return err
}

// doItem runs a verb on an item of the claim, or adds some.
func (f form) doItem(tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim) error {
	ctx := f.r.Context()
	if added, err := f.doAdd(tx, by, g, claim); added {
		return err
	}
	if f.verb == "share" {
		_, err := funding.AddItems(ctx, tx, by, g, claim, []funding.Item{{Shared: id.Shared(f.r.PostFormValue("item"))}})
		return err
	}
	item, err := itemID(f.r.PostFormValue("item"))
	if err != nil {
		return err
	}
	words := f.r.PostFormValue("words")
	switch f.verb {
	case "return":
		_, err := funding.AddItems(ctx, tx, by, g, claim, []funding.Item{{Returns: item}})
		return err
	case "change":
		return f.change(tx, by, g, claim, item)
	case "remove":
		return funding.RemoveItem(ctx, tx, by, g, item)
	case "attach":
		if f.proof == nil {
			return fault.Invalid("file", "claims.file_needed", nil)
		}
		_, err := funding.Attach(ctx, tx, by, g, item, *f.proof)
		return err
	case "accept", "park":
		return funding.Decide(ctx, tx, by, g, item, access.VerbName("item."+f.verb), 0, "", words)
	case "deduct":
		amount, err := money.Typed(f.r.PostFormValue("deducted"))
		if err != nil {
			return fault.At("deducted", err)
		}
		return funding.Decide(ctx, tx, by, g, item, "item.deduct", amount, f.r.PostFormValue("code"), words)
	case "strike":
		amount, err := money.Typed(f.r.PostFormValue("cost"))
		if err != nil {
			return fault.At("cost", err)
		}
		_, err = funding.Strike(ctx, tx, by, g, item, amount, words)
		return err
	case "undecide":
		return funding.Undecide(ctx, tx, by, g, item)
	case "sample":
		return funding.Sample(ctx, tx, by, g, item, words)
	case "ask":
		return hearing.Ask(ctx, tx, by, g, claim, item, words)
	}
	return fault.Missing("claims.no_verb", nil)
}

// activityCalled is the activity with a code that was chosen for a cost.
func activityCalled(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme, code string) (id.Activity, error) {
	a, err := activity.ByCode(ctx, tx, by.ScopeFor("activity.read"), g, code)
	if fault.Is(err, fault.KindMissing) {
		err = fault.Invalid("activity", "upload.want_activity", text.Args{"found": code})
	}
	return a.ID, err
}

// change gives a cost of the draft what was typed; what the form does not ask of it stays.
func (f form) change(tx *db.Tx, by access.Actor, g id.Programme, claim id.Claim, item id.Item) error {
	ctx := f.r.Context()
	was, err := funding.Some(ctx, tx, by, g, claim, funding.ItemFilter{Only: item})
	if err != nil {
		return err
	}
	if len(was) != 1 {
		return fault.Missing("funding.no_item", nil)
	}
	i, err := f.cost(ctx, tx, by, g)
	if err != nil {
		return err
	}
	i.PaidOn, i.Procured = was[0].PaidOn, was[0].Procured
	if was[0].Kind == funding.Staff {
		i.AllocationBp = was[0].AllocationBp
	}
	return funding.ChangeItem(ctx, tx, by, g, item, i)
}

// cost reads a typed cost with the activity that was chosen for it.
func (f form) cost(ctx context.Context, tx *db.Tx, by access.Actor, g id.Programme) (funding.Item, error) {
	i, err := f.item()
	if code := f.r.PostFormValue("activity"); code != "" && err == nil {
		i.Activity, err = activityCalled(ctx, tx, by, g, code)
	}
	return i, err
}

// item reads a typed cost.
func (f form) item() (funding.Item, error) {
	v := f.r.PostFormValue
	var faults []error
	amount := func(field string) money.Amount {
		if v(field) == "" {
			return 0
		}
		a, err := money.Typed(v(field))
		faults = append(faults, fault.At(field, err))
		return a
	}
	number := func(field string) decimal.Decimal {
		if v(field) == "" {
			return decimal.Decimal{}
		}
		n, err := decimal.Parse(strings.Replace(v(field), ",", ".", 1))
		if err != nil {
			faults = append(faults, fault.Invalid(field, "upload.want_number", text.Args{"found": v(field)}))
		}
		return n
	}
	i := funding.Item{Description: v("description"), Category: v("category"), Kind: funding.ItemKind(v("kind")), Supplier: v("supplier"),
		Invoice: v("invoice"), InvoicedOn: period.Date(v("invoiced")), DeliveredOn: period.Date(v("delivered")), Net: amount("net"), VAT: amount("vat"),
		InvoiceTotal: amount("invoice_total"), Currency: strings.ToUpper(v("currency")), Rate: number("rate"), RateOn: period.Date(v("rate_date")),
		RateSource: v("rate_source"), Hours: number("hours"), HourRate: amount("hour_rate"), AllocationBp: money.Whole, Income: amount("income"),
		OtherMoney: amount("other_money"), Credits: v("credits")}
	return i, fault.Join(faults...)
}
