// Command generate writes the demonstration programmes as import files: the reference programme of five years, and with
// -by-hand the tiny programme whose settlement is worked out in a spreadsheet. It writes files only; it opens no database
// and reckons no settlement. The same seed gives the same bytes on every machine: there is no floating point in it.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"errera.eu/errera/demo/generate/next"
	"errera.eu/errera/demo/generate/planned"
	"errera.eu/errera/demo/generate/priorities"
	"errera.eu/errera/demo/library"
	"errera.eu/errera/internal/period"
)

func main() {
	out := flag.String("out", "demo", "folder that receives the programmes")
	byHand := flag.Bool("by-hand", false, "write the small programme and its spreadsheet instead")
	flag.Parse()
	if err := run(*out, *byHand); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(out string, byHand bool) error {
	if byHand {
		return writeByHand(filepath.Join(out, "by-hand"))
	}
	w := build(seed)
	var partners []next.Member
	for _, m := range roundMembers() {
		partners = append(partners, next.Member{Code: m.code, Reach: m.reach, Ceiling: m.ceiling})
	}
	first, second := filepath.Join(out, "fit-2017-2021"), filepath.Join(out, roundFolder)
	return errors.Join(w.write(first), library.Save(first), writeRound(w, second), priorities.Save(first), planned.Save(first, "2019-09-16"),
		planned.Save(second, period.Date(iso(roundDay()))), next.Write(filepath.Join(out, next.Folder), roundFolder, partners))
}
