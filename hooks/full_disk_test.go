package hooks_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"satchel/internal/powercut"
	"satchel/internal/store"
	"satchel/internal/testapp"
)

// fullDisk is a server on a disk that fills up.
type fullDisk struct {
	*testapp.App
	disk  *powercut.Disk
	phone *testapp.Phone
	admin string
}

func newFullDisk(t *testing.T) *fullDisk {
	t.Helper()
	disk := powercut.New(t.TempDir())
	t.Cleanup(disk.Close)
	for _, name := range []string{store.DataFile, "auxiliary.db"} {
		disk.Store(name, testapp.Database(t, name))
	}
	app := testapp.New(t, testapp.Connect(disk.Connect(store.Off)))
	return &fullDisk{App: app, disk: disk, phone: app.Phone(app.Token("rep.chen"), "one"), admin: app.Token("admin.fang")}
}

// rows counts what is stored, by collection.
func (d *fullDisk) rows(t *testing.T) string {
	t.Helper()
	collections, err := d.FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, c := range collections {
		if c.IsView() || c.Name == "_authOrigins" {
			continue
		}
		n, err := d.CountRecords(c)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&out, c.Name, n)
	}
	return out.String()
}

// people sends an import.
func (d *fullDisk) people(t *testing.T, number, mode string) *httptest.ResponseRecorder {
	t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "people.csv")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(part, "工号,姓名,邮箱,角色,部门,上级\n%[1]s,新经理,%[1]s@demo.test,KA业务经理,KA业务部,director.lin@demo.test\n", number)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodPost, "/api/ka/import/users?mode="+mode, &form)
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Authorization", d.admin)
	answer := httptest.NewRecorder()
	d.Handler().ServeHTTP(answer, req)
	return answer
}

// TestAFullDiskIsSaidClearly on every kind of request that writes: 503 with a code,
// in both languages, and when to come again. Nothing of it is stored, nor a verdict;
// once there is room the very same request passes.
func TestAFullDiskIsSaidClearly(t *testing.T) {
	d := newFullDisk(t)
	account := d.AccountOf("rep.chen").Id
	desk := d.Token("rep.chen")
	super := d.SuperuserToken()
	contact := `{"account":"` + account + `","name":"王采购"}`
	push := map[string]any{"device": d.phone.Device, "schema": 1, "mutations": []any{map[string]any{
		"n": 1, "id": "m00000000000001", "op": "create", "c": "contacts", "r": "c00000000000001",
		"set": map[string]any{"account": account, "name": "李采购"}, "captured": "2026-03-16T00:00:00Z",
	}}}
	by := func(token, method, path, body string) func() *httptest.ResponseRecorder {
		return func() *httptest.ResponseRecorder { return d.DoBy(token, method, path, body) }
	}
	for _, c := range []struct {
		name string
		ask  func() *httptest.ResponseRecorder
	}{
		{"push", func() *httptest.ResponseRecorder { return d.phone.Post("/api/sync/push", push) }},
		{"hello", by(d.Token("rep.he"), "POST", "/api/sync/hello", `{"install":"install-two","platform":"test","app":"1","schema":1}`)},
		{"create", by(desk, "POST", "/api/collections/contacts/records", contact)},
		{"update", by(desk, "PATCH", "/api/collections/accounts/records/"+account, `{"note":"改了"}`)},
		{"override", by(d.admin, "POST", "/api/ka/accounts/"+account+"/override", `{"reason":"更正","set":{"note":"再改"}}`)},
		{"action", by(d.admin, "POST", "/api/ka/sync_devices/"+d.Phone(d.Token("rep.ma"), "lost").Device+"/revoke", `{}`)},
		{"import", func() *httptest.ResponseRecorder { return d.people(t, "n1", "all") }},
		{"import by rows", func() *httptest.ResponseRecorder { return d.people(t, "n2", "rows") }},
		{"settings", by(super, "PATCH", "/api/settings", `{"meta":{"appName":"另一个"}}`)},
		{"collection", by(super, "POST", "/api/collections", `{"name":"notes","type":"base","fields":[{"name":"text","type":"text"}]}`)},
		{"backup", by(super, "POST", "/api/backups", `{"name":"one.zip"}`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := d.rows(t)
			d.disk.Break(powercut.Fault{Err: syscall.ENOSPC})
			answer := c.ask()
			d.disk.Break(powercut.Fault{})
			text := answer.Body.String()
			if answer.Code != http.StatusServiceUnavailable || answer.Header().Get("Retry-After") == "" {
				t.Errorf("%d, Retry-After %q: %s", answer.Code, answer.Header().Get("Retry-After"), text)
			}
			if !strings.Contains(text, `"storage_unavailable"`) || !strings.Contains(text, `"zh":"服务器暂时无法写入`) || !strings.Contains(text, `"en":"The server cannot write`) {
				t.Errorf("it says %s", text)
			}
			if after := d.rows(t); after != before {
				t.Errorf("something is stored:\n%s\ninstead of\n%s", after, before)
			}
			if left, err := filepath.Glob(filepath.Join(d.DataDir(), "backups", "*")); len(left) > 0 {
				t.Errorf("half a backup is left: %v %v", left, err)
			}
			if c.name == "backup" { // it copies files, which this disk has in memory
				return
			}
			if answer = c.ask(); answer.Code >= 300 || c.name == "push" && !strings.Contains(answer.Body.String(), `"applied"`) {
				t.Errorf("with room: %d %s", answer.Code, answer.Body)
			}
		})
	}
}
