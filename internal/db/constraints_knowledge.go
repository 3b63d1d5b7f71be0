package db

// knowledgeConstraints are those of the library and of questions.
func knowledgeConstraints() []Constraint {
	return []Constraint{
		check("knowledge_kind", "kind", "db.choice"),
		check("knowledge_state", "state", "db.choice"),
		check("knowledge_reach", "reach", "db.choice"),
		check("knowledge_language", "language", "db.choice"),
		once("knowledge_item", "knowledge_number_once", "programme_id number", "number", "db.count_from_one"),
		check("knowledge_version_one", "version", "db.count_from_one"),
		once("knowledge_entry", "knowledge_entry_once", "programme_id number", "number", "db.count_from_one"),
		check("knowledge_text_why", "why", "db.choice"),
		check("knowledge_miss_asker", "asker", "db.choice"),
		check("knowledge_miss_times", "times", "db.count_from_one"),
		stays("knowledge_version_immutable"),
		stays("knowledge_use_immutable"),
		check("question_state", "state", "db.choice"),
		check("question_language", "language", "db.choice"),
		stays("answer_immutable"),
	}
}
