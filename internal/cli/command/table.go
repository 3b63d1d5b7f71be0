package command

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// WriteRows writes rows in the form that was asked for: JSON as they are, CSV, or columns of text.
func WriteRows[T any](r *Run, rows []T, head []string, cells func(T) []string) error {
	switch r.Format {
	case "json":
		return WriteJSON(r.Out, rows)
	case "csv":
		w := csv.NewWriter(r.Out)
		all := [][]string{head}
		for _, row := range rows {
			all = append(all, cells(row))
		}
		return w.WriteAll(all)
	}
	w := tabwriter.NewWriter(r.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, strings.Join(head, "\t"))
	for _, row := range rows {
		fmt.Fprintln(w, strings.Join(cells(row), "\t"))
	}
	return w.Flush()
}

// WriteJSON writes a value as indented JSON.
func WriteJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
