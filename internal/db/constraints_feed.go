package db

func feedConstraints() []Constraint {
	return []Constraint{
		check("feed_state", "state", "db.choice"),
		check("feed_every", "every", "feed.want_hours"),
		once("feed", "feed_once", "programme_id organisation_id url", "url", "feed.once"),
		check("feed_outcome", "outcome", "db.choice"),
		check("feed_line_kind", "kind", "db.choice"),
		once("feed_item", "feed_item_activity", "programme_id feed_id activity_id", "", "feed.moved"),
		check("feed_listed", "listed", "db.choice"),
	}
}
