// Errera runs a structural partnership programme from its agreements to measured impact.
package main

import (
	"os"
	_ "time/tzdata" // slim images have no time zones

	"errera.eu/errera/internal/cli"
)

// version is set when the program is built.
var version = "unreleased"

func main() { os.Exit(cli.Main(version, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
