package bench

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// benchPages are the pages as an officer meets them: "scorecard" is all promises of a year, "evidence" the rows behind one figure.
func benchPages() map[string]string {
	return map[string]string{
		"cockpit": "/", "agreement": "/agreements/voka", "calendar": "/calendar", "kpi": "/kpis/companies-reached",
		"scorecard": "/kpis", "evidence": "/evidence?kpi=companies-reached&partner=voka",
		"settlement": "/settlements/flanders-bio/2018", "audit": "/audit",
	}
}

// pages serves the demo in a process of its own and asks for its pages at a steady rate.
func (b *bench) pages() error {
	file := filepath.Join(b.dir, "pages.db")
	if _, _, err := b.time(file, "demo", "--load", "--dir", b.command.Dir); err != nil {
		return err
	}
	people, err := b.passwords(file)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(b.run)
	defer stop()
	cmd := exec.CommandContext(ctx, b.self, "--db", file, "demo", "--listen", "127.0.0.1:8900")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return fmt.Errorf("the server did not start: %w", err)
	}
	base := strings.TrimRight(strings.TrimSpace(address), "/")
	client, err := demoClient(ctx, base)
	if err != nil {
		return err
	}
	if _, err := fetch(ctx, client, base+"/"); err != nil {
		return err
	}
	b.out["start_to_first_page_s"] = rounded(time.Since(start).Seconds())
	for name, path := range benchPages() {
		first := time.Now() // nothing is kept of this page yet; told apart, so that it does not hide among the others
		if _, err := fetch(ctx, client, base+path); err != nil {
			return err
		}
		b.out[name+"_first_ms"] = rounded(float64(time.Since(first).Microseconds()) / 1000)
		p50, p95, err := b.steady(ctx, client, base+path)
		if err != nil {
			return err
		}
		b.out[name+"_p50_ms"], b.out[name+"_p95_ms"] = p50, p95
	}
	if err := signInTogether(ctx, base, people); err != nil {
		return err
	}
	resident, peak, err := memoryMB(cmd.Process.Pid)
	b.out["serving_memory_mb"], b.out["serving_memory_peak_mb"] = rounded(resident), rounded(peak)
	if err != nil {
		return err
	}
	stop()
	_ = cmd.Wait() // it was told to stop
	return nil
}

// passwords gives ten people of the demo a password, so that they can sign in for real.
func (b *bench) passwords(file string) ([]string, error) {
	var list strings.Builder
	cmd := exec.CommandContext(b.run, b.self, "--db", file, "user", "list")
	cmd.Stdout = &list
	if err := cmd.Run(); err != nil {
		return nil, err
	}
	var people []string
	for line := range strings.Lines(list.String()) {
		email := strings.Fields(line)[0]
		if len(people) == 10 || slices.Contains(people, email) {
			continue
		}
		cmd := exec.CommandContext(b.run, b.self, "--db", file, "user", "password", email)
		cmd.Stdin = strings.NewReader(benchPassword + "\n")
		if err := cmd.Run(); err != nil {
			return nil, err
		}
		people = append(people, email)
	}
	return people, nil
}

// benchPassword opens only the throw-away database of a measurement.
const benchPassword = "measure this, then forget it"

// steady asks for a page at a fixed rate, whether or not earlier answers have come, and tells how long answers took.
func (b *bench) steady(ctx context.Context, client *http.Client, address string) (p50, p95 float64, err error) {
	n := b.command.Rate * b.command.Seconds
	took := make([]time.Duration, n)
	faults := make([]error, n)
	var all sync.WaitGroup
	tick := time.NewTicker(time.Second / time.Duration(b.command.Rate))
	defer tick.Stop()
	for i := range n {
		<-tick.C
		all.Go(func() {
			start := time.Now()
			_, faults[i] = fetch(ctx, client, address)
			took[i] = time.Since(start)
		})
	}
	all.Wait()
	for _, err := range faults {
		if err != nil {
			return 0, 0, err
		}
	}
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return rounded(float64(d.Microseconds()) / 1000) }
	return ms(took[n/2]), ms(took[n*95/100]), nil
}

var demoPerson = regexp.MustCompile(`name="person" value="([0-9a-f-]{36})"`)

// demoClient signs in by the demo's first button, the officer's.
func demoClient(ctx context.Context, base string) (*http.Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	client := &http.Client{Jar: jar, Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	page, err := fetch(ctx, client, base+"/sign-in")
	if err != nil {
		return nil, err
	}
	person := demoPerson.FindStringSubmatch(page)
	if person == nil {
		return nil, fmt.Errorf("the sign-in page offers nobody")
	}
	res, err := client.PostForm(base+"/demo/sign-in", url.Values{"person": {person[1]}, "to": {"/"}})
	if err != nil {
		return nil, err
	}
	return client, res.Body.Close()
}

func fetch(ctx context.Context, client *http.Client, address string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	res, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", address, res.Status)
	}
	return string(body), err
}

// signInTogether lets people sign in with their passwords at the same moment.
func signInTogether(ctx context.Context, base string, people []string) error {
	faults := make([]error, len(people))
	var all sync.WaitGroup
	for i, email := range people {
		all.Go(func() {
			client := &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			form := url.Values{"email": {email}, "password": {benchPassword}}
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/sign-in", strings.NewReader(form.Encode()))
			if err != nil {
				faults[i] = err
				return
			}
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			res, err := client.Do(req)
			if err == nil {
				err = res.Body.Close()
			}
			if err == nil && res.StatusCode != http.StatusSeeOther {
				err = fmt.Errorf("sign-in: %s", res.Status)
			}
			faults[i] = err
		})
	}
	all.Wait()
	for _, err := range faults {
		if err != nil {
			return err
		}
	}
	return nil
}

// memoryMB reads what a process holds now and held at most.
func memoryMB(pid int) (resident, peak float64, err error) {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		kb, _ := strconv.ParseFloat(f[1], 64) // other lines are words
		switch f[0] {
		case "VmRSS:":
			resident = kb / 1024
		case "VmHWM:":
			peak = kb / 1024
		}
	}
	return resident, peak, nil
}
