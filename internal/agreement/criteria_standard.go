package agreement

import (
	_ "embed"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"errera.eu/errera/internal/programme"
)

//go:embed template/criteria.toml
var standardCriteria []byte

var readCriteria = sync.OnceValue(func() []Criterion {
	var file struct {
		Criterion []struct {
			Code       string
			Weight     int64
			Name, Hint struct{ NL, EN, FR string }
		}
	}
	if err := toml.Unmarshal(standardCriteria, &file); err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	var all []Criterion
	for i, c := range file.Criterion {
		all = append(all, Criterion{Code: c.Code, Position: i + 1, Weight: c.Weight, Name: programme.Words(c.Name), Hint: programme.Words(c.Hint)})
	}
	return all
})

// StandardCriteria are those that are proposed where a programme has none yet.
func StandardCriteria() []Criterion { return append([]Criterion(nil), readCriteria()...) }
