package intake

import "errera.eu/errera/internal/agreement/template"

// clausesFile holds the clauses that new agreements begin with; without it they are the standard ones.
const clausesFile = "clauses.toml"

func (r *reader) readClauses() {
	data, there := r.data[clausesFile]
	if !there {
		return
	}
	all, rows := template.Read(clausesFile, data, template.NamesIn(r.folder.programme), true)
	r.folder.clauses, r.rows[clausesFile] = all, len(all)
	r.out.rows = append(r.out.rows, rows...)
}
