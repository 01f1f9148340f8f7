package uploads_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json/v2"
	"image"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/hooks/media/uploads"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
	"satchel/media/exifjpeg"
)

// world is a server with a visit of rep.chen that waits for its photos.
type world struct {
	*testapp.App
	t    testing.TB
	url  string
	step *core.Record
}

func newWorld(t testing.TB, opts ...testapp.Option) *world {
	w := &world{App: testapp.New(t, opts...), t: t}
	w.url = w.Server(t).URL
	account := w.AccountOf("rep.chen").Id
	rep := w.As("rep.chen").Id
	visit := w.insert("visits", map[string]any{
		"account": account, "owner": rep, "type": "planned", "state": "in_progress", "planned_date": "2026-03-16",
	})
	w.step = w.insert("visit_steps", map[string]any{"visit": visit.Id, "key": "shelf", "kind": "photo"})
	return w
}

// insert writes a row as the server itself.
func (w *world) insert(collection string, values map[string]any) *core.Record {
	w.t.Helper()
	coll, err := w.FindCollectionByNameOrId(collection)
	if err != nil {
		w.t.Fatal(err)
	}
	rec := core.NewRecord(coll)
	rec.Load(values)
	if err := w.SaveWithContext(asServer(w.t), rec); err != nil {
		w.t.Fatalf("insert into %s: %v", collection, err)
	}
	return rec
}

// announce makes the blobs row of data, as the phone's push would.
func (w *world) announce(data []byte) string { return w.announceAs("visit_photo", data) }

func (w *world) announceAs(purpose string, data []byte) string {
	sum := sha256.Sum256(data)
	row := map[string]any{
		"sha256": hex.EncodeToString(sum[:]), "size": len(data), "mime": "image/jpeg", "purpose": purpose,
		"owner": w.As("rep.chen").Id, "state": "pending",
	}
	if purpose == "visit_photo" {
		row["visit"], row["step"] = w.step.GetString("visit"), w.step.Id
	}
	return w.insert("blobs", row).Id
}

// manually leaves the queue to the test.
func manually(change func(*uploads.Config)) testapp.Option {
	return testapp.Hooks(func(c *hooks.Config) {
		c.Manual = true
		if change != nil {
			change(&c.Uploads)
		}
	})
}

func (w *world) set(key string, value any) {
	w.insert("settings", map[string]any{"key": key, "value": value})
}

// upload sends data whole as its ticket's blob.
func (p phone) upload(blob string, data []byte) reply {
	p.t.Helper()
	p.create(blob, len(data)).expect(p.t, 201, "")
	return p.patch(blob, 0, data)
}

func (w *world) row(id string) *core.Record {
	w.t.Helper()
	rec, err := w.FindRecordById("blobs", id)
	if err != nil {
		w.t.Fatal(err)
	}
	return rec
}

// photos lists the originals of the step's photos that have copies, oldest first.
func (w *world) photos() (names []string) {
	w.t.Helper()
	w.work()
	err := w.DB().NewQuery("SELECT original FROM blobs WHERE step = {:s} AND public <> '' AND state = 'stored' ORDER BY rowid").
		Bind(dbx.Params{"s": w.step.Id}).Column(&names)
	if err != nil {
		w.t.Fatal(err)
	}
	return names
}

// work brings the queue to its end.
func (w *world) work() {
	w.t.Helper()
	if err := w.Bound.Uploads.Work(w.t.Context(), w.App); err != nil {
		w.t.Fatal(err)
	}
}

// onDisk lists what is left of uploads.
func (w *world) onDisk() []string {
	w.t.Helper()
	files, err := filepath.Glob(filepath.Join(w.DataDir(), "uploads", "*"))
	if err != nil {
		w.t.Fatal(err)
	}
	return files
}

func (w *world) expectState(id, want string) {
	w.t.Helper()
	w.work()
	if got := w.row(id).GetString("state"); got != want {
		w.t.Errorf("state is %q, want %q", got, want)
	}
}

// phone is a device with its user's token.
type phone struct {
	t                  testing.TB
	url, token, device string
}

func (w *world) phone(name, install string) phone {
	p := w.Phone(w.Token(name), install)
	return phone{w.t, w.url, p.Token, p.Device}
}

type reply struct {
	status int
	header http.Header
	code   string // of an error
	params map[string]any
}

// headers of a request, in pairs.
func (p phone) send(method, path string, body io.Reader, headers ...string) reply {
	p.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, p.url+path, body)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Tus-Resumable", "1.0.0")
	if p.token != "" {
		r.Header.Set("Authorization", p.token)
	}
	if p.device != "" {
		r.Header.Set(uploads.DeviceHeader, p.device)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	return p.read(method, res)
}

func (p phone) read(method string, res *http.Response) reply {
	p.t.Helper()
	out := reply{status: res.StatusCode, header: res.Header}
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	if res.StatusCode < 400 || method == http.MethodHead {
		if len(raw) > 0 {
			p.t.Errorf("%s: unexpected body %q", method, raw)
		}
		return out
	}
	var shape struct {
		Status  int
		Message string
		Data    struct {
			Code   string
			Params map[string]any
		}
	}
	if err := json.Unmarshal(raw, &shape, json.MatchCaseInsensitiveNames(true)); err != nil || shape.Status != res.StatusCode || shape.Message == "" {
		p.t.Errorf("%s: error in another shape: %q, %v", method, raw, err)
	}
	out.code, out.params = shape.Data.Code, shape.Data.Params
	return out
}

func (p phone) create(blob string, size int, headers ...string) reply {
	p.t.Helper()
	return p.send(http.MethodPost, uploads.Path, nil, append([]string{
		"Upload-Length", strconv.Itoa(size), "Upload-Metadata", "blob " + base64Of(blob),
	}, headers...)...)
}

func (p phone) patch(blob string, offset int, bytesToSend []byte, headers ...string) reply {
	p.t.Helper()
	return p.send(http.MethodPatch, uploads.Path+"/"+blob, bytes.NewReader(bytesToSend), append([]string{
		"Content-Type", "application/offset+octet-stream", "Upload-Offset", strconv.Itoa(offset),
	}, headers...)...)
}

func (p phone) head(blob string) reply {
	p.t.Helper()
	return p.send(http.MethodHead, uploads.Path+"/"+blob, nil)
}

func (p phone) terminate(blob string) reply {
	p.t.Helper()
	return p.send(http.MethodDelete, uploads.Path+"/"+blob, nil)
}

func (r reply) expect(t testing.TB, status int, code string) {
	t.Helper()
	if r.status != status || r.code != code {
		t.Errorf("answer is %d %q, want %d %q", r.status, r.code, status, code)
	}
}

func (r reply) expectOffset(t testing.TB, want int) {
	t.Helper()
	if got := r.header.Get("Upload-Offset"); got != strconv.Itoa(want) {
		t.Errorf("offset is %q, want %d (status %d %s)", got, want, r.status, r.code)
	}
}

// photo makes a noisy JPEG of some 100 KB, in Shanghai on a Monday morning.
func photo(t *testing.T, seed uint64, orientation int) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 400, 300))
	random := rand.New(rand.NewPCG(seed, 0))
	for i := range img.Pix {
		img.Pix[i] = byte(random.Uint32())
	}
	data, err := exifjpeg.Encode(img, exifjpeg.Meta{
		Taken: time.Date(2026, 3, 16, 9, 30, 0, 0, time.FixedZone("", 8*3600)),
		Lat:   31.2304, Lng: 121.4737, HasGPS: true, Orientation: orientation,
	})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func base64Of(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func asServer(t testing.TB) context.Context { return gate.AsServer(t.Context()) }

// serve triggers the serve event of an app that is not the test kit's own.
func serve(t testing.TB, app core.App) *httptest.Server {
	t.Helper()
	router, err := apis.NewRouter(app)
	if err != nil {
		t.Fatal(err)
	}
	var mux http.Handler
	event := &core.ServeEvent{App: app, Router: router, Server: &http.Server{}}
	err = app.OnServe().Trigger(event, func(e *core.ServeEvent) (err error) {
		mux, err = e.Router.BuildMux()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server
}
