package edges_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
	"github.com/pocketbase/pocketbase/tools/logger"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/hooks"
	"satchel/hooks/platform/gate"
	"satchel/internal/demo"
	"satchel/internal/effort"
	"satchel/internal/testapp"
	"satchel/syncer"
)

const (
	canary = "Zq7canaryF4tOpX"
	odd    = `Zq7odd &=+%/";` // its beginning shows it, however it is written
)

// segments are the parts of paths: those that open nothing by themselves, and a secret where one does.
var segments = map[string]string{
	"collection": "visits", "id": "", "recordId": "", "action": "accept", "variant": "public", "filename": "a.jpg",
	"key": "a.zip", "jobId": "sync", "path": "index.html", "provider": "oidc",
	"month": "2026-02",
	"token": canary, // of a customer: it opens a page
}

// TestNoSecretIsLogged: requests to every route bear secrets where secrets are
// borne, and fail and succeed; nothing that stays shows one.
func TestNoSecretIsLogged(t *testing.T) {
	found, tried := leaks(t)
	for _, f := range found {
		t.Error(f)
	}
	if t.Logf("%d requests", tried); tried < 500 {
		t.Errorf("only %d requests were tried", tried)
	}
}

// TestASecretInTheLogIsNoticed in addresses, as they come.
func TestASecretInTheLogIsNoticed(t *testing.T) {
	effort.Late(t)
	found, _ := leaks(t, testapp.Hooks(func(c *hooks.Config) { c.Planted = syncer.PlantSecretsLogged }))
	all := strings.Join(found, "\n")
	for _, want := range []string{"/api/health?", "/api/files/", "/api/ka/blobs/", "referer", "signed address", "file token"} {
		if !strings.Contains(all, want) {
			t.Errorf("nobody noticed %q in\n%.3000s", want, all)
		}
	}
}

// TestFilesOpenByTokenAlone: the name of a file is in the log.
func TestFilesOpenByTokenAlone(t *testing.T) {
	all, err := testapp.New(t).FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		for _, f := range c.Fields {
			if file, ok := f.(*core.FileField); ok && !file.Protected {
				t.Errorf("%s.%s opens by its name", c.Name, file.Name)
			}
		}
	}
}

// leaks returns the lines that show a secret, and how many requests were made.
func leaks(t *testing.T, opts ...testapp.Option) (found []string, tried int) {
	said := everythingSaid(t)
	app := testapp.New(t, append(opts, testapp.Hooks(func(c *hooks.Config) { c.Console = os.Stderr }))...)
	app.Settings().Logs.MaxDays = 5
	if err := app.Save(app.Settings()); err != nil {
		t.Fatal(err)
	}
	routes := routesOf(t, app)
	secrets := map[string]string{"canary": canary, "odd": odd[:6], "escaped": url.QueryEscape(odd), "password": demo.Password}
	visit, photo := photographed(t, app)
	failed := map[string]bool{}
	send := func(method, path, token, body string) *httptest.ResponseRecorder {
		tried++
		mark := fmt.Sprintf("page=7%06d", tried)
		path += map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + mark
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		r := httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", token)
		r.Header.Set("Referer", "http://127.0.0.1/review/?token="+canary+"#/"+canary)
		r.Header.Set("Cookie", "session="+canary)
		r.Header.Set("Sync-Token", canary)
		r.Header.Set("X-Api-Key", canary)
		w := httptest.NewRecorder()
		app.Handler().ServeHTTP(w, r)
		if w.Code >= 400 {
			failed[mark] = true
		}
		return w
	}
	tokens := []string{canary, "Bearer " + canary, app.Token("manager.wu")}
	super := app.SuperuserToken()
	secrets["token"], secrets["superuser's token"] = tail(tokens[2]), tail(super)
	query := "?" + url.Values{"token": {canary}, "s": {odd}, "access_token": {canary}, "anything": {odd}}.Encode()
	body := `{"password":"` + canary + `","oldPassword":"` + canary + `","passwordConfirm":"` + canary + `x","token":"` + canary + `","credential":"` + canary + `","secret":"` + canary + `","code":7}`
	for _, route := range routes {
		path := regexp.MustCompile(`\{(\w+)(\.\.\.)?\}`).ReplaceAllStringFunc(route.path, func(m string) string {
			name := strings.Trim(m, "{}.")
			value, known := segments[name]
			if !known {
				t.Errorf("%s: say whether %s is a secret", route.path, m)
			}
			if value == "" {
				return visit.Id
			}
			return value
		})
		if strings.HasSuffix(path, "{$}") || streams(path) && route.method == http.MethodGet {
			continue // it answers for as long as it is asked, and is logged as the others
		}
		methods := []string{route.method}
		if route.method == "" {
			methods = []string{http.MethodGet, http.MethodPost}
		}
		for _, method := range methods {
			for _, token := range tokens {
				send(method, path+query, token, body)
				send(method, path+query, token, `{"password":"`+canary)
			}
			if method == http.MethodGet || method == http.MethodHead {
				send(method, path+query, super, "")
			}
		}
	}
	succeed(t, app, photo, send, secrets)
	read := flushed(t, app, failed)
	for name, secret := range secrets {
		for _, line := range slices.Concat(read, strings.Split(said(), "\n")) {
			if strings.Contains(line, secret) {
				found = append(found, name+" in "+line)
			}
		}
	}
	return found, tried
}

// succeed makes what bears or gives real secrets, and notes them.
func succeed(t *testing.T, app *testapp.App, blob *core.Record, send func(method, path, token, body string) *httptest.ResponseRecorder, secrets map[string]string) {
	t.Helper()
	must := func(what string, w *httptest.ResponseRecorder, pattern string) string {
		t.Helper()
		m := regexp.MustCompile(pattern).FindStringSubmatch(w.Body.String())
		if w.Code >= 300 || m == nil {
			t.Fatalf("%s: %d %s", what, w.Code, w.Body)
		}
		return m[1]
	}
	login := must("login", send("POST", "/api/collections/users/auth-with-password", "", `{"identity":"`+demo.Email("rep.chen")+`","password":"`+demo.Password+`"}`), `"token":"([^"]+)"`)
	hello := send("POST", "/api/sync/hello", login, `{"install":"install-1","platform":"test","app":"1","schema":1}`)
	secrets["login"] = tail(login)
	secrets["bound token"] = tail(must("hello", hello, `"token":"([^"]+)"`))
	secrets["credential"] = tail(must("hello", hello, `"credential":"([^"]+)"`))
	manager := app.Token("manager.wu")
	address := must("sign", send("POST", "/api/ka/blobs/sign", manager, `{"ids":["`+blob.Id+`"],"variant":"public"}`), `"(/api/ka/blobs/[^"]+)"`)
	address = strings.ReplaceAll(address, `\u0026`, "&")
	secrets["signed address"] = regexp.MustCompile(`s=([\w-]+)`).FindStringSubmatch(address)[1]
	if w := send("GET", address, "", ""); w.Code != http.StatusOK {
		t.Errorf("signed: %d %s", w.Code, w.Body)
	}
	send("GET", strings.Replace(address, "/public?", "/original?", 1), "", "")
	file := must("file token", send("POST", "/api/files/token", manager, ""), `"token":"([^"]+)"`)
	secrets["file token"] = tail(file)
	for _, name := range []string{blob.GetString("public"), "none.jpg"} {
		send("GET", "/api/files/blobs/"+blob.Id+"/"+name+"?token="+file, "", "")
	}
	if w := send("PATCH", "/api/collections/users/records/"+app.As("rep.chen").Id, app.SuperuserToken(), `{"password":"`+canary+`","passwordConfirm":"`+canary+`"}`); w.Code != http.StatusOK {
		t.Errorf("password: %d %s", w.Code, w.Body)
	}
	// Our own lines, and errors that quote what they could not read.
	app.Logger().Error("Failed to ask GET /api/x?token="+canary, "error", fmt.Errorf(`answer {"token": "%s"} to Authorization: Bearer %s`, canary, canary), "password", canary, "nested", map[string]any{"secret": canary, "list": []any{login}})
}

// photographed makes a visit of rep.chen's with a photo that is served.
func photographed(t *testing.T, app *testapp.App) (visit, photo *core.Record) {
	t.Helper()
	account := app.AccountOf("rep.chen")
	line := map[string]any{"account": account.Id, "owner": account.GetString("owner"), "manager": account.GetString("manager"), "dept": account.GetString("dept")}
	row := func(collection string, fields map[string]any) *core.Record {
		coll, err := app.FindCollectionByNameOrId(collection)
		if err != nil {
			t.Fatal(err)
		}
		r := core.NewRecord(coll)
		r.Load(line)
		r.Load(fields)
		if err := app.SaveWithContext(gate.AsServer(t.Context()), r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	visit = row("visits", map[string]any{"type": "planned", "state": "in_progress", "planned_date": "2026-03-16"})
	data := demo.PhotoOf(80, 60, 3, app.Clock.Now(), 31.2, 121.4)
	file, err := filesystem.NewFileFromBytes(data, "public.jpg")
	if err != nil {
		t.Fatal(err)
	}
	photo = row("blobs", map[string]any{
		"visit": visit.Id, "sha256": fmt.Sprintf("%x", sha256.Sum256(data)), "size": len(data), "mime": "image/jpeg", "purpose": "visit_photo",
		"state": "stored", "received_at": app.Clock.Now(), "public": file,
	})
	if err := app.Bound.Sync.Fold(app); err != nil {
		t.Fatal(err)
	}
	return visit, photo
}

// tail is what makes a token one.
func tail(token string) string { return token[len(token)-20:] }

// streams tells of the ways that answer without an end.
func streams(path string) bool { return path == "/api/realtime" || path == "/api/sync/poke" }

// everythingSaid takes what goes to the terminal until the test ends.
func everythingSaid(t *testing.T) func() string {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "said"))
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr, was := os.Stdout, os.Stderr, log.Writer()
	os.Stdout, os.Stderr = file, file
	log.SetOutput(file)
	t.Cleanup(func() {
		os.Stdout, os.Stderr = stdout, stderr
		log.SetOutput(was)
		_ = file.Close()
	})
	return func() string {
		all, err := os.ReadFile(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		return string(all)
	}
}

// flushed returns the rows of all logs, once those of the failed requests are there.
func flushed(t *testing.T, app *testapp.App, failed map[string]bool) (lines []string) {
	t.Helper()
	handler, ok := app.Logger().Handler().(*logger.BatchHandler)
	if !ok {
		t.Fatal("PocketBase logs in another way")
	}
	deadline := time.Now().Add(20 * time.Second)
	for missing := 1; missing > 0; {
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d requests are not in the log: %.2000s", missing, len(failed), lines)
		}
		if err := handler.WriteAll(context.WithValue(context.Background(), logger.BlockKey, true)); err != nil {
			t.Fatal(err)
		}
		lines = nil
		missing = len(failed)
		var rows []core.Log
		if err := app.AuxDB().Select("*").From(core.LogsTableName).All(&rows); err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			lines = append(lines, fmt.Sprint(row.Message, " ", row.Data))
			if m := regexp.MustCompile(`page=7\d{6}`).FindString(row.Message); failed[m] {
				missing--
			}
		}
	}
	for _, table := range []string{"audit_log", "access_log"} {
		var rows []dbx.NullStringMap
		if err := app.DB().Select("*").From(table).All(&rows); err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			lines = append(lines, fmt.Sprint(table, row))
		}
	}
	return lines
}

type route struct{ method, path string }

// routesOf reads what is registered; PocketBase lists it nowhere.
func routesOf(t *testing.T, app *testapp.App) (all []route) {
	t.Helper()
	var registered *router.Router[*core.RequestEvent]
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		registered = e.Router
		return e.Next()
	})
	app.Handler()
	var walk func(prefix string, group *router.RouterGroup[*core.RequestEvent])
	walk = func(prefix string, group *router.RouterGroup[*core.RequestEvent]) {
		field := reflect.ValueOf(group).Elem().FieldByName("children")
		for _, child := range *(*[]any)(unsafe.Pointer(field.UnsafeAddr())) {
			switch c := child.(type) {
			case *router.RouterGroup[*core.RequestEvent]:
				walk(prefix+c.Prefix, c)
			case *router.Route[*core.RequestEvent]:
				all = append(all, route{c.Method, prefix + c.Path})
			}
		}
	}
	walk(registered.Prefix, registered.RouterGroup)
	if len(all) < 80 {
		t.Fatalf("only %d routes are known", len(all))
	}
	return all
}
