package cli

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/pelletier/go-toml/v2"

	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/fault"
)

// tomlConfig reads flags from a TOML file: keys are flag names, tables are commands.
func tomlConfig(r io.Reader) (kong.Resolver, error) {
	values := map[string]any{}
	if err := toml.NewDecoder(r).Decode(&values); err != nil {
		return nil, err
	}
	return kong.ResolverFunc(func(_ *kong.Context, parent *kong.Path, flag *kong.Flag) (any, error) {
		if parent.Command != nil {
			if table, ok := values[parent.Command.Name].(map[string]any); ok {
				if v, ok := table[flag.Name]; ok {
					return v, nil
				}
			}
		}
		return values[flag.Name], nil
	}), nil
}

type settingsCommand struct{}

// Run prints every setting with where it can be given; passwords stay out.
func (c *settingsCommand) Run(r *command.Run) error {
	for _, s := range slices.Concat([]command.Setting{
		{Name: "db", Env: "ERRERA_DB", Value: withoutPassword(r.Globals.DB)},
		{Name: "format", Env: "ERRERA_FORMAT", Value: r.Format},
		{Name: "lang", Env: "ERRERA_LANG", Value: r.Lang},
		{Name: "as", Env: "ERRERA_AS", Value: r.As},
	}, r.Settings()) {
		if _, err := fmt.Fprintf(r.Out, "%s = %q # --%s, %s\n", s.Name, s.Value, s.Name, s.Env); err != nil {
			return err
		}
	}
	return nil
}

// withoutPassword hides what stands between the first colon of a URL's user part and its @.
func withoutPassword(dsn string) string {
	scheme, rest, ok := strings.Cut(dsn, "://")
	user, host, at := strings.Cut(rest, "@")
	if !ok || !at {
		return dsn
	}
	name, _, _ := strings.Cut(user, ":")
	return scheme + "://" + name + ":***@" + host
}

type versionCommand struct{}

func (c *versionCommand) Run(r *command.Run) error {
	_, err := fmt.Fprintln(r.Out, "errera", r.Version)
	return err
}

// folder opens a folder that must exist.
func folder(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return "", fault.Invalid("dir", "cli.no_folder", map[string]any{"path": path})
	}
	return path, nil
}
