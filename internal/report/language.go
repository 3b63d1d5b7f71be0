package report

import (
	"context"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/text"
)

var partnerLanguage = db.SQL("report.letter.language",
	`select p.language from membership m join person p on p.id = m.person_id
	 where m.organisation_id = $1 and p.disabled = 0 and m.role in ('finance', 'coordinator')
	 order by case m.role when 'finance' then 1 else 2 end, p.email limit 1`)

// LanguageOf is the language in which an organisation is written to: that of the people who do its claims, Dutch where there is nobody.
func LanguageOf(ctx context.Context, tx *db.Tx, o id.Organisation) (text.Language, error) {
	l := text.NL
	err := tx.Row(ctx, partnerLanguage, o).Scan(&l)
	if err == db.ErrNone {
		err = nil
	}
	return l, err
}
