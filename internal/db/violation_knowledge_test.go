package db_test

// knowledgeUndying are the tables of the library whose rows may not go.
var knowledgeUndying = []string{"knowledge_version", "knowledge_use", "answer"}

func knowledgeViolations() map[string][]step {
	item := func(set ...string) []step {
		return one(again("knowledge_item", append([]string{"id", fresh, "number", "2"}, set...)...))
	}
	all := map[string][]step{
		"knowledge_kind":        item("kind", wrong),
		"knowledge_state":       item("state", wrong),
		"knowledge_reach":       item("reach", "4"),
		"knowledge_language":    item("language", wrong),
		"knowledge_number_once": one(again("knowledge_item", "id", fresh)),
		"knowledge_version_one": one(again("knowledge_version", "version", "0")),
		"knowledge_entry_once":  {again("knowledge_item", "id", fresh, "number", "2"), again("knowledge_entry", "item_id", fresh)},
		"knowledge_text_why":    one(again("knowledge_text", "why", wrong)),
		"knowledge_miss_asker":  one(again("knowledge_miss", "asker", wrong)),
		"knowledge_miss_times":  one(again("knowledge_miss", "times", "0")),
		"question_state":        one(again("question", "id", fresh, "state", wrong)),
		"question_language":     one(again("question", "id", fresh, "language", wrong)),
	}
	for _, table := range knowledgeUndying {
		all[table+"_immutable"] = one(step{sql: "delete from " + table})
	}
	return all
}
