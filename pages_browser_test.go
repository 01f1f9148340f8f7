package main

import (
	"context"
	"encoding/json/v2"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"satchel/hooks"
	"satchel/internal/demo"
	"satchel/internal/effort"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// script is what somebody stores who hopes that a page runs it. It is an address
// too, for whoever follows it.
const script = `javascript:window.ran=1//"'><img src=x onerror="window.ran=1"><svg onload="window.ran=1"></svg><script>window.ran=1</script>`

// watch runs before a page's own scripts: it notes what the browser refused, and
// counts the requests that are under way.
const watch = `window.refused = []; window.asked = 0; window.underWay = 0;
document.addEventListener("securitypolicyviolation", (e) => window.refused.push(e.effectiveDirective + " " + e.sourceFile));
const theirs = window.fetch;
window.fetch = (...all) => { window.asked++; window.underWay++; return theirs(...all).finally(() => setTimeout(() => window.underWay--, 50)); };`

// seen is what a page came to.
type seen struct {
	Done    bool
	Ran     bool
	Refused []string
	Asked   int
	Text    string
	Wide    bool     // wider than its window
	Links   []string // into itself
	Unsafe  int      // links that are scripts
	Photos  int      // that came
}

// browser is Chromium before a server whose rows all bear the script.
type browser struct {
	t      *testing.T
	app    *testapp.App
	ctx    context.Context
	server *httptest.Server
	alter  func(http.Handler) http.Handler
}

func newBrowser(t *testing.T, opts ...testapp.Option) *browser {
	t.Helper()
	effort.Tool(t, "chromium", "chromium")
	b := &browser{t: t, app: testapp.New(t, opts...), alter: func(h http.Handler) http.Handler { return h }}
	bindPages(b.app)
	b.story()
	b.poison()
	routes := b.served()
	b.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { b.alter(routes).ServeHTTP(w, r) }))
	t.Cleanup(func() { b.server.CloseClientConnections(); b.server.Close() })
	flags := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath("chromium"), chromedp.NoSandbox, chromedp.WSURLReadTimeout(time.Minute))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), flags...)
	t.Cleanup(stop)
	b.ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watch})
		return err
	}))
	return b
}

// served are the routes as the program serves them, with the dashboard, which
// those of tests leave out.
func (b *browser) served() (routes http.Handler) {
	b.t.Helper()
	taken := errors.New("its routes are taken")
	b.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{Priority: -9999, Func: func(e *core.ServeEvent) (err error) {
		e.InstallerFunc = nil
		if e.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return err
		}
		if err := e.Next(); err != nil {
			return err
		}
		routes = e.Server.Handler
		return errors.Join(taken, e.Listener.Close())
	}})
	if err := apis.Serve(b.app, apis.ServeConfig{}); !errors.Is(err, taken) {
		b.t.Fatal(err)
	}
	return routes
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// take runs what has a value.
func take[T any](b *browser, a chromedp.Action[T]) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, a)
	if err != nil {
		b.t.Fatal(err)
	}
	return value
}

// stand puts the session of a person, or of the superuser, and a language into the browser.
func (b *browser) stand(name, language string) {
	b.t.Helper()
	who := b.app.As(name)
	held, err := json.Marshal(map[string]any{"token": b.app.Token(name), "id": who.Id, "name": who.GetString("name")})
	if err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.Navigate(b.server.URL + "/shared/page.css"))
	take(b, chromedp.Evaluate[int](fmt.Sprintf(`sessionStorage.setItem("satchelPages", %q); localStorage.setItem("satchelLanguage", %q); 1`, held, language)))
}

// open shows an address and waits until nothing is asked any more.
func (b *browser) open(address string) seen {
	b.t.Helper()
	b.do(chromedp.Navigate("about:blank"), chromedp.Navigate(b.server.URL+address))
	return b.look()
}

// look waits until a page has all that it asked for. A page whose window has just
// been replaced by that of another origin group is asked again.
func (b *browser) look() seen {
	b.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		s, err := chromedp.Run(b.ctx, chromedp.Evaluate[seen](`({
			Done: document.readyState == "complete" && window.underWay == 0 &&
				[...document.images].every((i) => i.complete || i.loading == "lazy" && i.getBoundingClientRect().top > 3000),
			Ran: !!window.ran, Refused: window.refused, Asked: window.asked, Text: document.body?.innerText || "",
			Wide: document.documentElement.scrollWidth > innerWidth,
			Links: [...document.querySelectorAll('a[href^="#/"]')].map((a) => a.getAttribute("href")),
			Photos: [...document.images].filter((i) => i.naturalWidth > 1).length,
			Unsafe: document.querySelectorAll('a[href^="javascript:" i]').length,
		})`))
		if err == nil && s.Done {
			return s
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("the page does not come to rest: %v %+v", err, s)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// shoot keeps a picture where somebody asks for them.
func (b *browser) shoot(name string) {
	b.t.Helper()
	dir := os.Getenv("SATCHEL_PICTURES")
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), take(b, chromedp.FullScreenshot(100)), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// addresses are those of all pages that travel in the binary.
func addresses(t *testing.T) (all []string) {
	t.Helper()
	for name := range pageFiles(t) {
		if path.Base(name) == "index.html" {
			all = append(all, "/"+strings.TrimSuffix(name, "index.html"))
		} else if path.Ext(name) == ".html" {
			all = append(all, "/"+name)
		}
	}
	slices.Sort(all)
	return all
}

// TestStoredScriptsDoNotRun: each page, in each language, in the width of a
// phone and of a desk, with the script in every text of every row, and in what
// the server answers when it refuses.
func TestStoredScriptsDoNotRun(t *testing.T) {
	b := newBrowser(t)
	photos := 0
	languages := map[int64][]string{390: {"zh", "en"}, 1200: {"en", "zh"}}
	for width, spoken := range languages {
		for _, language := range spoken[:effort.Times(1, 2)] {
			b.do(chromedp.EmulateViewport(width, 800))
			b.stand("manager.wu", language)
			for _, address := range addresses(t) {
				first := b.open(address)
				b.check(address, width, language, first)
				slices.Sort(first.Links)
				for _, link := range slices.Compact(first.Links) {
					s := b.open(address + link)
					b.check(address+link, width, language, s)
					photos += s.Photos
				}
			}
		}
	}
	if photos == 0 {
		t.Error("no photo was shown")
	}
	b.alter = refusing
	b.stand("manager.wu", "zh")
	for _, address := range addresses(t) {
		if s := b.open(address); s.Asked > 0 {
			b.check(address+" refused", 1200, "zh", s)
		}
	}
}

func (b *browser) check(address string, width int64, language string, s seen) {
	b.t.Helper()
	name := fmt.Sprintf("%s %s %d", address, language, width)
	if s.Ran || s.Unsafe > 0 {
		b.t.Errorf("%s runs what was stored: %+v", name, s)
	}
	if len(s.Refused) > 0 {
		b.t.Errorf("%s wants what its policy does not let: %v", name, s.Refused)
	}
	if s.Asked > 0 && !strings.Contains(s.Text, "onerror") {
		b.t.Errorf("%s shows nothing that was stored: %s", name, s.Text)
	}
	if s.Wide {
		b.t.Errorf("%s is wider than its window", name)
	}
	b.shoot(strings.NewReplacer("/", "_", "#", "", " ", "-").Replace(name))
}

// refusing answers every request with a refusal whose texts bear the script.
func refusing(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/api/") {
			h.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_ = json.MarshalWrite(w, map[string]any{"status": 400, "message": script, "data": map[string]any{"code": script, "zh": script, "en": script}})
	})
}

// unescaped serves the pages with the mistake that lets stored text be markup,
// and with a policy changed.
func unescaped(policy func(string) string) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer := httptest.NewRecorder()
			r.Header.Del("If-Modified-Since")
			h.ServeHTTP(answer, r)
			body := answer.Body.String()
			if r.URL.Path == "/shared/page.js" {
				body = strings.Replace(body, "made.append(...children.flat(Infinity).filter((c) => c || c === 0));",
					`for (const c of children.flat(Infinity).filter((c) => c || c === 0)) { c instanceof Node ? made.append(c) : made.insertAdjacentHTML("beforeend", c); }`, 1)
			}
			for name, values := range answer.Header() {
				w.Header()[name] = values
			}
			if held := w.Header().Get("Content-Security-Policy"); held != "" {
				w.Header().Set("Content-Security-Policy", policy(held))
			}
			w.Header().Del("Content-Length")
			w.WriteHeader(answer.Code)
			_, _ = w.Write([]byte(body))
		})
	}
}

// TestThePolicyStopsWhatEscapingMissed: with the mistake in, nothing runs, and
// the browser tells why; without a policy it does run.
func TestThePolicyStopsWhatEscapingMissed(t *testing.T) {
	effort.Late(t)
	cases := map[string]struct {
		fault  syncer.Planted
		policy func(string) string
		ran    bool
	}{
		"the policy":                {policy: func(p string) string { return p }},
		"without its trusted types": {policy: func(p string) string { before, _, _ := strings.Cut(p, "; require-trusted-types-for"); return before }},
		"no policy":                 {fault: syncer.PlantNoPolicy, policy: func(p string) string { return p }, ran: true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBrowser(t, testapp.Hooks(func(h *hooks.Config) { h.Planted = c.fault }))
			b.alter = unescaped(c.policy)
			b.stand("manager.wu", "zh")
			for _, address := range addresses(t) {
				s := b.open(address)
				if s.Asked == 0 {
					continue
				}
				if s.Ran != c.ran || (len(s.Refused) == 0) != c.ran {
					t.Errorf("%s: ran %v, refused %v", address, s.Ran, s.Refused)
				}
			}
		})
	}
}

// TestTheDashboardWorks under PocketBase's own policy, the page of ours in it too,
// whatever is stored.
func TestTheDashboardWorks(t *testing.T) {
	effort.Late(t)
	b := newBrowser(t)
	b.do(chromedp.EmulateViewport(1200, 800))
	superuser, err := b.app.FindAuthRecordByEmail(core.CollectionNameSuperusers, demo.SuperuserEmail)
	if err != nil {
		t.Fatal(err)
	}
	held := mustJSON(map[string]any{"token": b.app.SuperuserToken(), "record": map[string]any{
		"id": superuser.Id, "email": superuser.Email(), "collectionName": core.CollectionNameSuperusers, "collectionId": superuser.Collection().Id,
	}})
	b.do(chromedp.Navigate(b.server.URL + "/shared/page.css"))
	take(b, chromedp.Evaluate[int](fmt.Sprintf(`localStorage.setItem("__pb_superusers__/_", %q); 1`, held)))
	for where, shows := range map[string]string{"#/fleet": "onerror", "#/collections?collection=visits": "onerror", "#/settings": "Application"} {
		s, deadline := b.open("/_/"+where), time.Now().Add(time.Minute)
		for !strings.Contains(s.Text, shows) && time.Now().Before(deadline) {
			s = b.look() // it asks for one thing after another
		}
		if !strings.Contains(s.Text, shows) {
			t.Errorf("%s does not show what it should: %s", where, s.Text)
		}
		if s.Ran || s.Unsafe > 0 || len(s.Refused) > 0 {
			t.Errorf("%s: %+v", where, s)
		}
		b.shoot("dashboard" + strings.NewReplacer("/", "_", "#", "", "?", "_").Replace(where))
	}
}
