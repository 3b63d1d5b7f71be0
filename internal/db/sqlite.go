package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"

	"modernc.org/sqlite" // the driver; named here and nowhere else
)

// SQLite's extended result codes, www.sqlite.org/rescode.html.
const (
	codeBusy       = 5 // also the low byte of its extended forms
	codeCheck      = 275
	codeForeignKey = 787
	codeNotNull    = 1299
	codePrimaryKey = 1555
	codeTrigger    = 1811
	codeUnique     = 2067
)

var (
	sqliteNamed  = regexp.MustCompile(`constraint:([a-z_]+)|CHECK constraint failed: ([a-z_]+)`)
	sqliteUnique = regexp.MustCompile(`UNIQUE constraint failed: ([a-z0-9_., ]+)`)
)

func openSQLite(ctx context.Context, path string) (*DB, error) {
	if dir := filepath.Dir(path); dir != "." {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, fmt.Errorf("make folder of the database: %w", err)
		}
	}
	base := "file:" + (&url.URL{Path: path}).EscapedPath()
	pragmas := "_pragma=journal_mode(wal)&_pragma=synchronous(normal)&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)" +
		"&_pragma=recursive_triggers(1)&_pragma=trusted_schema(0)&_pragma=cache_size(-8000)&_pragma=temp_store(2)"
	writer, err := sql.Open("sqlite", base+"?_txlock=immediate&"+pragmas+"&_pragma=cache_size(-32000)&_pragma=wal_autocheckpoint(8000)")
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	if err := writer.PingContext(ctx); err != nil {
		writer.Close()
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	reader, err := sql.Open("sqlite", base+"?mode=rw&_pragma=query_only(1)&"+pragmas)
	if err != nil {
		writer.Close()
		return nil, err
	}
	readers := max(2, runtime.NumCPU())
	reader.SetMaxOpenConns(readers)
	reader.SetMaxIdleConns(readers)
	return &DB{engine: SQLite, writer: writer, reader: reader, clock: time.Now}, nil
}

func brokenOnSQLite(err error) (kind breach, name, columns string) {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return noBreach, "", ""
	}
	switch e.Code() {
	case codeForeignKey:
		return ofReference, "", ""
	case codeNotNull:
		return ofNull, "", ""
	case codeCheck, codeTrigger:
		if m := sqliteNamed.FindStringSubmatch(e.Error()); m != nil {
			name = m[1] + m[2]
		}
		return ofRule, name, ""
	case codeUnique, codePrimaryKey:
		if m := sqliteUnique.FindStringSubmatch(e.Error()); m != nil {
			columns = strings.TrimRight(m[1], " ,")
		}
		return ofRule, "", columns
	}
	if e.Code()&0xff == codeBusy {
		return ofPatience, "", ""
	}
	return noBreach, "", ""
}
