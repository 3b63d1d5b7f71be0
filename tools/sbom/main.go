// Command sbom prints a software bill of materials (CycloneDX 1.6, JSON) of one Errera binary: the Go modules that the linker
// recorded in it and the front-end packages of the npm lock file that it embeds. The same binary gives the same bytes: no time, no
// random serial number.
package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"
)

type bom struct {
	Format      string      `json:"bomFormat"`
	SpecVersion string      `json:"specVersion"`
	Version     int         `json:"version"`
	Metadata    metadata    `json:"metadata"`
	Components  []component `json:"components"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Type     string    `json:"type"`
	Ref      string    `json:"bom-ref"`
	Name     string    `json:"name"`
	Version  string    `json:"version"`
	PURL     string    `json:"purl"`
	Hashes   []hash    `json:"hashes,omitempty"`
	Licences []licence `json:"licenses,omitempty"`
}

type hash struct {
	Alg     string `json:"alg"`
	Content string `json:"content"`
}

type licence struct {
	Expression string `json:"expression"`
}

func main() {
	version := flag.String("version", "", "version of the program")
	lock := flag.String("npm-lock", "", "path of package-lock.json")
	flag.Parse()
	if flag.NArg() != 1 || *version == "" || *lock == "" {
		fmt.Fprintln(os.Stderr, "usage: sbom -version VERSION -npm-lock FILE BINARY")
		os.Exit(2)
	}
	if err := run(os.Stdout, *version, *lock, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, version, lock, binary string) error {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	locked, err := os.ReadFile(lock)
	if err != nil {
		return err
	}
	served, err := npmComponents(locked)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	program := goComponent("application", info.Main.Path, version)
	program.Hashes = []hash{{"SHA-256", hex.EncodeToString(sum[:])}}
	program.Licences = []licence{{"EUPL-1.2"}}
	doc := bom{
		Format: "CycloneDX", SpecVersion: "1.6", Version: 1,
		Metadata:   metadata{program},
		Components: append(goComponents(info), served...),
	}
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(doc)
}

// goComponents lists the standard library and the modules linked in, replaced ones as what replaced them.
func goComponents(info *buildinfo.BuildInfo) []component {
	list := []component{goComponent("library", "std", strings.TrimPrefix(info.GoVersion, "go"))}
	for _, m := range info.Deps {
		list = append(list, goModule(m))
	}
	return list
}

func goModule(m *debug.Module) component {
	if m.Replace != nil {
		m = m.Replace
	}
	return goComponent("library", m.Path, m.Version)
}

func goComponent(kind, path, version string) component {
	purl := "pkg:golang/" + path + "@" + version
	return component{Type: kind, Ref: purl, Name: path, Version: version, PURL: purl}
}

// npmComponents lists what a version 3 lock file's root asks for outside development. What those depend on in turn is not served:
// only single files of theirs are copied.
func npmComponents(lock []byte) ([]component, error) {
	var file struct {
		LockfileVersion int `json:"lockfileVersion"`
		Packages        map[string]struct {
			Version string            `json:"version"`
			Licence string            `json:"license"`
			Needs   map[string]string `json:"dependencies"`
		} `json:"packages"`
	}
	if err := json.Unmarshal(lock, &file); err != nil {
		return nil, fmt.Errorf("npm lock file: %w", err)
	}
	if file.LockfileVersion != 3 {
		return nil, fmt.Errorf("npm lock file: version %d, want 3", file.LockfileVersion)
	}
	var list []component
	for name := range file.Packages[""].Needs {
		p, ok := file.Packages["node_modules/"+name]
		if !ok {
			return nil, fmt.Errorf("npm lock file: %s is asked for and not locked", name)
		}
		purl := "pkg:npm/" + strings.Replace(name, "@", "%40", 1) + "@" + p.Version
		c := component{Type: "library", Ref: purl, Name: name, Version: p.Version, PURL: purl}
		if p.Licence != "" {
			c.Licences = []licence{{p.Licence}}
		}
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b component) int { return strings.Compare(a.PURL, b.PURL) })
	return list, nil
}
