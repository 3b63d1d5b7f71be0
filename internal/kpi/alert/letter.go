package alert

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/mail"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

// letter tells of one alert that was given to its reader.
func (a *Alert) letter(g programme.Programme) mail.Letter {
	return mail.Letter{Subject: "alert.mail_given_subject", Body: "alert.mail_given_body",
		Args:   text.Args{"partner": a.Short, "what": a.Rule.Key(), "year": a.Year, "on": a.Due},
		Action: "alert.mail_open", Path: "/alerts/" + string(a.ID) + "?programme=" + g.Code}
}

// letters tell each owner once a day how many alerts are new to them, or worse.
func letters(ctx context.Context, tx *db.Tx, g programme.Programme, on period.Date, news map[id.Person]int) error {
	for _, owner := range slices.Sorted(maps.Keys(news)) {
		l := mail.Letter{Subject: "alert.mail_subject", Body: "alert.mail_body", Args: text.Args{"n": news[owner], "year": on.Year()},
			Once: fmt.Sprintf("alert/%s/%s", on, owner), Action: "alert.mail_open_all", Path: "/alerts?programme=" + g.Code + "&owner=" + string(owner)}
		if err := mail.Enqueue(ctx, tx, g.ID, owner, l); err != nil {
			return err
		}
	}
	return nil
}
