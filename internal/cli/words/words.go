// Package words reads what stands in a file, as the search of the library does: as a command of its own, and for jobs in a process of its own
// that ends and stays small whatever a hostile file asks for.
package words

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"time"

	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/file"
	"errera.eu/errera/internal/knowledge/filetext"
	"errera.eu/errera/internal/text"
)

// The bounds of the process that reads one file.
const (
	longest   = 20 * time.Second
	mostBytes = 400 << 20 // of memory that it writes to
	collectAt = 200 << 20
	mostOut   = 2 << 20
)

// Command is `errera words`.
type Command struct {
	File    string `arg:"" help:"File to read; - for standard input."`
	Bounded bool   `hidden:"" help:"Refuse to grow."`
}

// read is what was read, for machines.
type read struct {
	Type  file.Type    `json:"type"`
	Words string       `json:"words"`
	Why   filetext.Why `json:"why,omitempty"`
}

// Run writes the words of a file, or says why there are none.
func (c *Command) Run(r *command.Run) error {
	if c.Bounded {
		debug.SetMemoryLimit(collectAt)
		if err := bound(mostBytes, uint64(longest/time.Second)); err != nil {
			return fault.Internal(err)
		}
	}
	var from io.Reader = r.In
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return fault.Missing("cli.no_file", text.Args{"path": c.File})
		}
		defer f.Close()
		from = f
	}
	proof, err := file.Check(r, file.Scanner{}, "file", c.File, from)
	if err != nil {
		return err
	}
	out := read{Type: proof.Type()}
	out.Words, out.Why = filetext.Read(proof.Type(), proof.Bytes())
	if r.Format == "json" {
		return command.WriteJSON(r.Out, out)
	}
	if out.Why != "" {
		return fault.Invalid("file", "knowledge.unread", text.Args{"why": out.Why.Key()})
	}
	_, err = fmt.Fprintln(r.Out, out.Words)
	return err
}

// Reader reads files by running the program itself: Program is its path.
type Reader struct{ Program string }

// Own is the reader by the running program.
func Own() (Reader, error) {
	path, err := os.Executable()
	return Reader{path}, err
}

// Read gives the words of a file, or why there are none; a process that was ended for its time or memory found too much.
func (w Reader) Read(ctx context.Context, _ file.Type, content []byte) (string, filetext.Why, error) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	// The program is this one, and its arguments are fixed; the file comes as its input.
	cmd := exec.CommandContext(ctx, w.Program, "words", "--bounded", "--format=json", "-")
	cmd.Stdin = bytes.NewReader(content)
	out := &bounded{most: mostOut}
	cmd.Stdout = out
	cmd.Env = []string{"GOTRACEBACK=none"}
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	var ended *exec.ExitError
	switch {
	case errors.As(err, &ended):
		return "", filetext.TooMuch, nil
	case err != nil && ctx.Err() != nil:
		return "", filetext.TooMuch, nil
	case err != nil:
		return "", "", fault.Internal(fmt.Errorf("words: %w", err))
	}
	var found read
	if err := json.Unmarshal(out.Bytes(), &found); err != nil {
		return "", "", fault.Internal(fmt.Errorf("words: %w", err))
	}
	return found.Words, found.Why, nil
}

// bounded keeps no more than most.
type bounded struct {
	bytes.Buffer
	most int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > b.most {
		return 0, errors.New("words: more than is read")
	}
	return b.Buffer.Write(p)
}
