package iati

import (
	"io"

	"errera.eu/errera/internal/format/xmltree"
)

// Read reads the results of a document by whatever publisher. An actual or target value without a number is none; what stands in a period is kept
// in its order. Invalid when the bytes are no XML within bounds, or no file of activities.
func Read(in io.Reader) (Document, error) {
	root, err := xmltree.Parse(in, map[string]string{"": ""}, xmltree.Document())
	if err != nil {
		return Document{}, err
	}
	d := Document{}
	d.Generated, _ = root.Attr("generated-datetime")
	for _, n := range root.All("iati-activity") {
		a := Activity{ID: n.Words("iati-identifier"), Status: attr(n.First("activity-status"), "code")}
		for _, r := range n.All("result") {
			for _, i := range r.All("indicator") {
				a.Indicators = append(a.Indicators, readIndicator(r, i))
			}
		}
		d.Activities = append(d.Activities, a)
	}
	return d, nil
}

func readIndicator(result, n *xmltree.Node) Indicator {
	i := Indicator{ResultType: attr(result, "type"), Percentage: attr(n, "measure") == measurePercentage, Ascending: truth(n, "ascending", true),
		Adds: truth(n, "aggregation-status", false), Title: []Text{{Words: n.Words("title/narrative")}}}
	for _, r := range append(n.All("reference"), result.All("reference")...) {
		if attr(r, "vocabulary") == ownVocabulary && i.Code == "" {
			i.Code, i.URI = attr(r, "code"), attr(r, "indicator-uri")
		}
	}
	if b := n.First("baseline"); b != nil {
		if v := attr(b, "value"); v != "" {
			i.Baseline = &Baseline{attr(b, "year"), v}
		}
	}
	for _, p := range n.All("period") {
		i.Periods = append(i.Periods, Period{Start: attr(p.First("period-start"), "iso-date"), End: attr(p.First("period-end"), "iso-date"),
			Targets: readValues(p.All("target")), Actuals: readValues(p.All("actual")), Line: p.Line()})
	}
	return i
}

func readValues(nodes []*xmltree.Node) []Value {
	var all []Value
	for _, n := range nodes {
		v := Value{Value: attr(n, "value"), Comment: n.Words("comment/narrative")}
		if v.Value == "" && v.Comment == "" {
			continue
		}
		for _, d := range n.All("dimension") {
			v.Dimensions = append(v.Dimensions, Dimension{attr(d, "name"), attr(d, "value")})
		}
		all = append(all, v)
	}
	return all
}

func attr(n *xmltree.Node, name string) string {
	v, _ := n.Attr(name)
	return v
}

func truth(n *xmltree.Node, name string, otherwise bool) bool {
	switch attr(n, name) {
	case "true", "1":
		return true
	case "false", "0":
		return false
	}
	return otherwise
}
