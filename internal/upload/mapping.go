package upload

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

// Fields are what a column may hold, in the order in which they are offered.
func Fields() []string {
	return []string{"description", "category", "kind", "activity", "supplier", "invoice", "invoiced", "delivered", "net", "vat", "invoice_total",
		"currency", "rate", "rate_date", "rate_source", "hours", "hour_rate", "allocation", "income", "other_money", "credits", "procured"}
}

// FieldKey is a field's word in the catalogue.
func FieldKey(field string) text.Key { return text.Key("upload.field_" + field) }

// Mapping says which column, from 0, holds a field.
type Mapping map[string]int

// names are what partners call a column, in their languages, without accents and signs.
func names() map[string]string {
	return map[string]string{
		"description": "description omschrijving beschrijving libelle designation what wat",
		"category":    "category categorie kostensoort soort rubriek rubrique",
		"kind":        "kind aard nature typekost",
		"activity":    "activity activiteit activite activitycode",
		"supplier":    "supplier leverancier fournisseur vatnumber btwnummer ondernemingsnummer suppliernumber",
		"invoice":     "invoice factuur facture invoicenumber factuurnummer factuurnr numerodefacture invoiceno",
		"invoiced":    "invoiced invoicedate factuurdatum datedefacture",
		"delivered":   "delivered deliverydate leverdatum geleverd datedelivraison date datum",
		"net":         "net netto amount bedrag montant nettobedrag montantnet exclbtw htva horstva amountexclvat",
		"vat":         "vat btw tva btwbedrag montanttva", "invoice_total": "invoicetotal factuurtotaal totalfacture",
		"currency": "currency munt devise", "rate": "rate koers cours", "rate_date": "ratedate koersdatum datecours",
		"rate_source": "ratesource koersbron sourcecours", "hours": "hours uren heures", "hour_rate": "hourrate uurkost uurtarief couthoraire",
		"allocation": "allocation toewijzing affectation", "income": "income inkomsten recettes",
		"other_money": "othermoney anderemiddelen autresfonds subsidie", "credits": "credits creditnotavan facturecreditee",
		"procured": "procured aanbesteding marchepublic",
	}
}

// Guess maps the columns whose names say what they hold.
func Guess(header []string) Mapping {
	m := Mapping{}
	for field, all := range names() {
		for n, h := range header {
			if _, taken := m[field]; !taken && (plain(h) == plain(field) || slices.Contains(strings.Fields(all), plain(h))) {
				m[field] = n
			}
		}
	}
	return m
}

// plain is a name in small letters without accents and signs.
func plain(s string) string {
	fold := strings.NewReplacer("é", "e", "è", "e", "ê", "e", "ë", "e", "à", "a", "û", "u", "ô", "o", "î", "i", "ï", "i", "ç", "c")
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, fold.Replace(strings.ToLower(s)))
}

func (m Mapping) text() string {
	var parts []string
	for _, f := range Fields() {
		if n, mapped := m[f]; mapped {
			parts = append(parts, f+"="+strconv.Itoa(n))
		}
	}
	return strings.Join(parts, " ")
}

func parseMapping(s string, columns int) Mapping {
	m := Mapping{}
	for part := range strings.FieldsSeq(s) {
		field, n, _ := strings.Cut(part, "=")
		if at, err := strconv.Atoi(n); err == nil && at >= 0 && at < columns && slices.Contains(Fields(), field) {
			m[field] = at
		}
	}
	return m
}

var (
	selectMapping = db.SQL("upload.mapping.load",
		`select m.mapping from cost_mapping m where m.programme_id = $1 and m.organisation_id = $2 and m.header = $3`)
	saveMapping = db.SQL("upload.mapping.save",
		`insert into cost_mapping (programme_id, organisation_id, header, mapping, used_on) values ($1, $2, $3, $4, $5)
		 on conflict (programme_id, organisation_id, header) do update set mapping = excluded.mapping, used_on = excluded.used_on`)
)

// Remembered is how a partner mapped a list with this header before, or else what the names of its columns say.
func Remembered(ctx context.Context, tx *db.Tx, g id.Programme, partner id.Organisation, t Table) (Mapping, error) {
	var kept string
	err := tx.Row(ctx, selectMapping, g, partner, t.Fingerprint()).Scan(&kept)
	if err == db.ErrNone {
		return Guess(t.Header), nil
	}
	return parseMapping(kept, len(t.Header)), err
}

func remember(ctx context.Context, tx *db.Tx, g id.Programme, partner id.Organisation, t Table, m Mapping) error {
	_, err := tx.Exec(ctx, saveMapping, g, partner, t.Fingerprint(), m.text(), tx.Now.Date())
	return err
}

// Choose is the mapping that a person chose column by column: of gives the field of a column, "" for one that is left out. Invalid (columns)
// for a field that two columns hold, or that is none.
func Choose(columns int, of func(column int) string) (Mapping, error) {
	m := Mapping{}
	for n := range columns {
		field := of(n)
		if field == "" {
			continue
		}
		if _, taken := m[field]; taken || !slices.Contains(Fields(), field) {
			return nil, fault.Invalid("columns", "upload.twice", text.Args{"field": FieldKey(field)})
		}
		m[field] = n
	}
	return m, nil
}

// Of is the field that a column holds, "" none.
func (m Mapping) Of(column int) string {
	for field, n := range m {
		if n == column {
			return field
		}
	}
	return ""
}
