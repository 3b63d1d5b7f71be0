package bench

import (
	"context"
	"net/url"
	"os"
	"strconv"
	"syscall"

	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/fault"
)

// scratch makes an empty PostgreSQL database beside the one named, and drops it afterwards.
func scratch(ctx context.Context, dsn string) (string, func(), error) {
	d, err := db.Open(ctx, dsn)
	if err != nil {
		return "", nil, fault.Unavailable("db.unavailable", nil, err)
	}
	name := "errera_bench_" + strconv.Itoa(os.Getpid())
	if _, err := d.Pool().ExecContext(ctx, "create database "+name+" template template0"); err != nil {
		d.Close()
		return "", nil, err
	}
	u, err := url.Parse(dsn)
	if err != nil {
		d.Close()
		return "", nil, err
	}
	u.Path = "/" + name
	return u.String(), func() {
		_, _ = d.Pool().ExecContext(context.WithoutCancel(ctx), "drop database "+name+" with (force)") // a left-over is visible by its name
		d.Close()
	}, nil
}

func peakMemoryMB(s *os.ProcessState) float64 {
	if usage, ok := s.SysUsage().(*syscall.Rusage); ok {
		return float64(usage.Maxrss) / 1024
	}
	return 0
}
