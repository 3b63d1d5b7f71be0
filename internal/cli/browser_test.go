package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"errera.eu/errera/internal/cli/command"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/web"
	"errera.eu/errera/internal/web/frame"
)

// browser is a real Chromium signed in to a served demo.
type browser struct {
	ctx  context.Context
	base string
	axe  string
	mu   sync.Mutex
	said []string // errors and policy violations of the page
}

// needs tells what a browser test needs; a lone machine without it skips, the build server fails.
func needs(t *testing.T, missing string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing", missing)
	}
	t.Skipf("%s is missing: pages were not looked at in a browser", missing)
}

// demoFile is the reference programme as `errera demo` loads it, once for all tests, each of which gets a copy. What a browser sees does not
// depend on the engine.
var demoFile = sync.OnceValues(func() (content []byte, err error) {
	dir, err := os.MkdirTemp("", "errera-demo-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	ctx := context.Background()
	d, err := db.Open(ctx, filepath.Join(dir, "demo.db"))
	if err != nil {
		return nil, err
	}
	r := &command.Run{Context: ctx, Messages: os.Stderr, Out: os.Stdout, Globals: command.Globals{Lang: "en", Format: "text"}}
	_, err = d.Migrate(ctx)
	if err == nil {
		err = (&demoCommand{Dir: filepath.Join(root, "demo", "fit-2017-2021")}).load(r, d)
	}
	copied := filepath.Join(dir, "copy.db")
	if err == nil {
		err = d.Backup(ctx, copied)
	}
	if err := errors.Join(err, d.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(copied)
})

// openDemo gives a database with the reference programme, which goes away with the test.
func openDemo(t *testing.T) *db.DB {
	t.Helper()
	content, err := demoFile()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "demo.db")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// inBrowser skips a test that needs a browser where none is wanted: in short runs, and under the race detector, which would have it wait for
// nothing: the walks of routes ask for the same pages, and the run without the detector looks at them.
func inBrowser(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: no browser")
	}
	if raceDetector {
		t.Skip("the run without the race detector looks at the pages")
	}
}

// openChromium starts a Chromium that goes away with the test, and reads the axe that its pages are looked at with.
func openChromium(t *testing.T) (ctx context.Context, axe string) {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		needs(t, "Chromium")
	}
	script, err := os.ReadFile(filepath.Join(root, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		needs(t, "axe-core (make assets)")
	}
	if _, err := os.Stat(filepath.Join(root, "internal", "web", "assets", "dist", "tabler.min.css.gz")); err != nil {
		needs(t, "the style sheet (make assets)")
	}
	alloc, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("force-prefers-reduced-motion", true), chromedp.UserDataDir(t.TempDir()))...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	return ctx, string(script)
}

// openBrowser serves the reference programme as `errera demo` does and opens Chromium on it.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	ctx, axe := openChromium(t)
	d := openDemo(t)
	h, err := handler(t.Context(), d, web.Options{Options: frame.Options{Demo: true, AsOf: "2019-09-16"}}, false)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	b := &browser{ctx: ctx, base: server.URL, axe: axe}
	b.start(t)
	return b
}

// start opens the tab and listens to what its pages say.
func (b *browser) start(t *testing.T) {
	t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(b.ctx, b.listen); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(b.ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
}

// listen collects what a page complains of.
func (b *browser) listen(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := ev.(type) {
	case *runtime.EventExceptionThrown:
		b.said = append(b.said, e.ExceptionDetails.Text)
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError {
			b.said = append(b.said, e.Entry.Text)
		}
	}
}

func (b *browser) complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.said
	b.said = nil
	return out
}

// signIn uses the demo's button of a role, by the address of the person behind it.
func (b *browser) signIn(t *testing.T, role string) {
	t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.Navigate(b.base+"/sign-in")); err != nil {
		t.Fatal(err)
	}
	script := fmt.Sprintf(`(() => { const b = [...document.querySelectorAll("form[action='/demo/sign-in'] button")]
		.find(b => b.dataset.role === %q); if (!b) return "no button"; b.click(); return "" })()`, role)
	said, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](script))
	if err != nil || said != "" {
		t.Fatalf("sign in as %s: %v %s", role, err, said)
	}
	b.settle(t)
}

// settle waits until the page after a click has loaded.
func (b *browser) settle(t *testing.T) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		path, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.readyState === "complete" ? location.pathname : "/sign-in"`))
		if err == nil && path != "/sign-in" {
			return
		}
	}
	t.Fatal("nobody is signed in")
}

// view is how a page is looked at; whole asks axe too.
type view struct {
	theme string
	width int64
	whole bool
}

// look opens a page at a width, theme and language and tells what axe finds there.
func (b *browser) look(t *testing.T, path, language, theme string, width int64) {
	t.Helper()
	b.visit(t, path, language, view{theme, width, true})
}

// visit opens a page once in a language and looks at it in several ways: theme and width are the style sheet's alone.
func (b *browser) visit(t *testing.T, path, language string, views ...view) {
	t.Helper()
	and := "?"
	if strings.Contains(path, "?") {
		and = "&"
	}
	address := b.base + path + and + "lang=" + language + "&theme=" + views[0].theme
	if err := chromedp.Do(b.ctx, chromedp.EmulateViewport(views[0].width, 900), chromedp.Navigate(address)); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	b.loadAxe(t)
	for i, v := range views {
		if i > 0 {
			b.turn(t, v)
		}
		b.view(t, strings.Join([]string{path, language, v.theme, fmt.Sprint(v.width)}, " "), language, v)
		b.shoot(t, path, language, v.theme, v.width)
	}
	for _, said := range b.complaints() {
		if path == noPage && strings.Contains(said, "404") {
			continue
		}
		t.Errorf("%s %s: the page complains: %s", path, language, said)
	}
}

// judge looks at the English page at hand, which no address leads to, on a desk and a phone.
func (b *browser) judge(t *testing.T, name string) {
	t.Helper()
	b.loadAxe(t)
	for _, v := range []view{{"light", 1440, true}, {"dark", 390, true}} {
		b.turn(t, v)
		b.view(t, name+" "+fmt.Sprint(v.width), "en", v)
		b.shoot(t, name, "en", v.theme, v.width)
	}
	b.turn(t, view{"light", 1440, false})
}

func (b *browser) loadAxe(t *testing.T) {
	t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](b.axe+`;""`)); err != nil {
		t.Fatalf("axe: %v", err)
	}
}

// turn shows the same page in another theme and width.
func (b *browser) turn(t *testing.T, v view) {
	t.Helper()
	script := fmt.Sprintf(`document.documentElement.setAttribute("data-bs-theme", %q); ""`, v.theme)
	if err := chromedp.Do(b.ctx, chromedp.EmulateViewport(v.width, 900)); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](script)); err != nil {
		t.Fatal(err)
	}
}

// view asks axe, and holds what every page promises.
func (b *browser) view(t *testing.T, name, language string, v view) {
	t.Helper()
	if v.whole {
		b.askAxe(t, name)
	}
	state, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]any](`[document.documentElement.scrollWidth > innerWidth, document.querySelectorAll("[style]").length,
		document.documentElement.lang, document.querySelector("h1")?.innerText ?? "", document.querySelectorAll(".btn-primary").length,
		document.querySelector("body > a")?.getAttribute("href") ?? "", document.documentElement.getAttribute("data-bs-theme")]`))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	words, _ := json.Marshal(state)
	if state[0] == true {
		wide, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`[...document.querySelectorAll("main *")].filter(e => !e.parentElement.closest(".er-scroll, svg") &&
			e.getBoundingClientRect().right > innerWidth + 1).slice(0, 4).map(e => e.tagName + "." + e.className).join(" | ")`))
		t.Errorf("%s: the page scrolls sideways: %s %v", name, wide, err)
	}
	if state[1] != float64(0) || state[2] != language || state[3] == "" || state[4].(float64) > 1 || state[5] != "#main" || state[6] != v.theme {
		t.Errorf("%s: [sideways, style attributes, language, answer, primary buttons, skip link, theme] = %s", name, words)
	}
}

// askAxe holds that axe finds nothing on the page.
func (b *browser) askAxe(t *testing.T, name string) {
	t.Helper()
	found, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
		resultTypes: ["violations"], preload: false}).then(r => JSON.stringify(r.violations.map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 160))])))`,
		chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: axe: %v", name, err)
	}
	if found != "[]" {
		t.Errorf("%s: axe finds %s", name, found)
	}
}

// shoot keeps a picture where ERRERA_SCREENSHOTS names a folder; the README shows some of them.
func (b *browser) shoot(t *testing.T, path, language, theme string, width int64) {
	t.Helper()
	dir := os.Getenv("ERRERA_SCREENSHOTS")
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	page := strings.NewReplacer("/", "-", "?", "-", "&", "-", "=", "-").Replace(strings.Trim(path, "/"))
	if page == "" {
		page = "cockpit"
	}
	size := "desk"
	if width < 700 {
		size = "phone"
	}
	file := filepath.Join(dir, fmt.Sprintf("%s-%s-%s-%s.png", page, language, size, theme))
	if err := os.WriteFile(file, picture, 0o644); err != nil {
		t.Fatal(err)
	}
}

// noPage is an address that nothing answers: the reader gets a page all the same.
const noPage = "/no-such-page"

// pagesOf are the pages that a role walks through.
func pagesOf(role string) []string {
	switch role {
	case "officer":
		return []string{"/", "/agreements?sort=-attained", "/agreements/voka?year=2018", "/agreements/voka/negotiation", "/agreements/voka/document?version=1",
			"/agreements/voka/edit", "/agreements/voka/sign", "/ceremony", "/coverage", "/calendar?view=month", "/calendar?view=map", "/calendar?view=timeline", "/activities", "/activities/voka-2019-03/participants", "/kpis", "/kpis/companies-reached", "/suppose?partner=voka&year=2019", "/quality?year=2019", "/kpis/companies-reached/edit",
			"/plans/voka/2019", "/gaps?year=2019", "/fragmentation", "/fragmentation/companies?year=2018", "/fragmentation/markets?year=2018", "/gaps/CN/metal?year=2019", "/plans/voka/2019/activities/voka-2019-03",
			"/evidence?kpi=companies-reached&partner=voka&year=2019", "/settlements", "/settlements/flanders-bio/2018", "/alerts?state=all", "/reach",
			"/samples?year=2019", "/duplicates", "/feeds", "/measures?year=2019", "/overlaps?year=2018", "/overlaps/fit-2018-27/voka-2018-30", "/plans?year=2018",
			"/claims?show=all&year=2018", "/flow?year=2018", "/flow/flanders-bio/2018", "/decisions", "/terms", "/rules?on=2019-06-01", "/claims/flanders-bio/2018/2",
			"/claims/flanders-bio/2018/1/letter", "/settlements/flanders-bio/2018/letter",
			"/costs?partner=flanders-bio&year=2018", "/costs?col=supplier&col=accepted&sort=-accepted", "/ledger?partner=flanders-bio&year=2018", "/ledger/close", "/shared", "/audit",
			"/candidates", "/criteria", "/renewal", "/clauses", "/clauses/joint-activities", "/clauses/joint-activities/after", "/knowledge?q=invoerechten", "/questions",
			noPage}
	case "coordinator":
		return []string{"/", "/agreements", "/kpis", "/reach", "/settlements", "/rules", "/calendar", "/plans/bccc/2019", "/docs/api", "/knowledge", "/knowledge/new", "/questions/new"}
	case "auditor":
		return []string{"/", "/settlements/voka/2018", "/audit"}
	case "finance":
		return []string{"/", "/claims", "/shared", "/costs?year=2018", "/flow?year=2018", "/settlements", "/terms", "/rules", "/decisions", "/accounts"}
	case "payer":
		return []string{"/payments?at=due", "/payments/bank", "/payments/forecast", "/accounts", "/claims?show=all&year=2018", "/ledger/close"}
	case "administrator":
		return []string{"/outbox", "/rules"}
	default:
		return []string{"/calendar", "/activities"}
	}
}

// TestPagesInABrowser opens every page in Chromium: phone and desk, light and dark, in three languages. axe finds nothing, no page scrolls
// sideways, and nothing breaks the content security policy.
func TestPagesInABrowser(t *testing.T) {
	inBrowser(t)
	b := openBrowser(t)
	for i, language := range languages {
		theme := []string{"light", "dark"}
		b.visit(t, "/sign-in", language, view{theme[i%2], 1440, true}, view{theme[(i+1)%2], 390, true})
	}
	for _, role := range []string{"officer", "coordinator", "finance", "payer", "administrator", "auditor", "company"} {
		t.Run(role, func(t *testing.T) { // a tab for each language, at the same time
			for j, language := range languages {
				tab := b.tab(t)
				tab.signIn(t, role)
				t.Run(language, func(t *testing.T) {
					t.Parallel()
					for i, path := range pagesOf(role) {
						if only := os.Getenv("ERRERA_PAGES"); strings.HasPrefix(path, only) { // for looking at one page while working on it
							tab.visit(t, path, language, viewsOf(language, i+j)...)
						}
					}
				})
			}
		})
	}
}

var languages = [3]string{"en", "nl", "fr"}

// viewsOf is how a page is looked at in a language: in every width, light and dark in turns; both themes at both widths where pictures are
// wanted. axe looks at an English page in each width, and at a page in another language, where only words differ, in one of them.
func viewsOf(language string, n int) []view {
	theme := []string{"light", "dark"}
	english := language == "en"
	views := []view{{theme[n%2], 1440, english || n%2 == 0}, {theme[(n+1)%2], 390, english || n%2 == 1}}
	if os.Getenv("ERRERA_SCREENSHOTS") != "" {
		views = append(views, view{theme[n%2], 390, false}, view{theme[(n+1)%2], 1440, false})
	}
	return views
}

// tab is another tab of the same browser, with its own cookies and complaints.
func (b *browser) tab(t *testing.T) *browser {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	tab := &browser{ctx: ctx, base: b.base, axe: b.axe}
	tab.start(t)
	return tab
}
