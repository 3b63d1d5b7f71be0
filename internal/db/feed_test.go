package db_test

func feedViolations() map[string][]step {
	return map[string][]step{
		"feed_state":         one(step{sql: "update feed set state = 'no'"}),
		"feed_every":         one(step{sql: "update feed set every_hours = 0"}),
		"feed_once":          one(again("feed", "id", fresh)),
		"feed_outcome":       one(step{sql: "update feed_run set outcome = 'no'"}),
		"feed_line_kind":     one(step{sql: "update feed_line set kind = 'no'"}),
		"feed_item_activity": one(again("feed_item", "key", "'other'")),
		"feed_listed":        one(step{sql: "update feed_item set listed = 2"}),
	}
}
