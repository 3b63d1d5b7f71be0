// Package house holds no code, only tests of the house rules in docs/ARCHITECTURE.md: which package may import which, how long
// things may grow, what no source may contain, which modules may be required. They read the sources of the whole repository.
package house
