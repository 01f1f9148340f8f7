package files_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/v2"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"satchel/hooks/media/files"
	"satchel/hooks/platform/gate"
	"satchel/internal/demo"
	"satchel/internal/testapp"
)

// album is a server with a developed photo of rep.chen's and a receipt.
type album struct {
	*testapp.App
	t              *testing.T
	photo, receipt *core.Record
	jpeg, pdf      []byte
}

func newAlbum(t *testing.T, prepare ...func(*testapp.App)) *album {
	a := &album{App: testapp.New(t), t: t, pdf: []byte("%PDF-1.7\n%%EOF")}
	for _, p := range prepare {
		p(a.App)
	}
	chen, account := a.As("rep.chen"), a.AccountOf("rep.chen")
	a.jpeg = demo.PhotoOf(800, 600, 3, a.Clock.Now(), 31.2, 121.4)
	visit := a.make("visits", map[string]any{
		"account": account.Id, "owner": chen.Id, "manager": chen.GetString("manager"), "dept": account.GetString("dept"),
		"type": "planned", "state": "in_progress", "planned_date": "2026-03-16",
	})
	a.photo = a.blob("visit_photo", "image/jpeg", a.jpeg, map[string]any{"visit": visit.Id, "account": account.Id, "dept": account.GetString("dept")})
	a.receipt = a.blob("receipt", "application/pdf", a.pdf, map[string]any{"manager": chen.GetString("manager")})
	a.develop()
	return a
}

func (a *album) make(collection string, fields map[string]any) *core.Record {
	a.t.Helper()
	coll, err := a.FindCollectionByNameOrId(collection)
	if err != nil {
		a.t.Fatal(err)
	}
	record := core.NewRecord(coll)
	record.Load(fields)
	a.save(record)
	return record
}

func (a *album) save(record *core.Record) {
	a.t.Helper()
	if err := a.SaveWithContext(gate.AsServer(a.t.Context()), record); err != nil {
		a.t.Fatal(err)
	}
	if err := a.Bound.Sync.Fold(a.App); err != nil {
		a.t.Fatal(err)
	}
}

// blob makes a row whose original is in the storage, to be developed.
func (a *album) blob(purpose, mime string, data []byte, more map[string]any) *core.Record {
	a.t.Helper()
	sum := sha256.Sum256(data)
	fields := map[string]any{
		"sha256": hex.EncodeToString(sum[:]), "size": len(data), "mime": mime, "purpose": purpose,
		"owner": a.As("rep.chen").Id, "state": "received", "received_at": a.Clock.Now(),
	}
	for k, v := range more {
		fields[k] = v
	}
	file, err := filesystem.NewFileFromBytes(data, "original")
	if err != nil {
		a.t.Fatal(err)
	}
	fields["original"] = file
	return a.make("blobs", fields)
}

// develop waits for the queue.
func (a *album) develop() {
	a.t.Helper()
	if err := a.Bound.Uploads.Work(a.t.Context(), a.App); err != nil {
		a.t.Fatal(err)
	}
	for _, r := range []**core.Record{&a.photo, &a.receipt} {
		if *r != nil {
			*r = a.row((*r).Id)
		}
	}
	if err := a.Bound.Sync.Fold(a.App); err != nil {
		a.t.Fatal(err)
	}
}

func (a *album) row(id string) *core.Record {
	a.t.Helper()
	r, err := a.FindRecordById("blobs", id)
	if err != nil {
		a.t.Fatal(err)
	}
	return r
}

// sign asks for addresses.
func (a *album) sign(name, variant string, ids ...string) files.Addresses {
	a.t.Helper()
	return a.signBy(a.Token(name), variant, ids...)
}

// signBy asks by a token that somebody holds.
func (a *album) signBy(token, variant string, ids ...string) files.Addresses {
	a.t.Helper()
	body, err := json.Marshal(map[string]any{"ids": ids, "variant": variant})
	if err != nil {
		a.t.Fatal(err)
	}
	answer := a.DoBy(token, "POST", "/api/ka/blobs/sign", string(body))
	if answer.Code != 200 {
		a.t.Fatalf("sign: %d %s", answer.Code, answer.Body)
	}
	var out files.Addresses
	if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil {
		a.t.Fatal(err)
	}
	return out
}

func (a *album) get(address string, headers ...string) *httptest.ResponseRecorder {
	a.t.Helper()
	req := httptest.NewRequest(http.MethodGet, address, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	out := httptest.NewRecorder()
	a.Handler().ServeHTTP(out, req)
	return out
}

// expect checks status and code of an answer.
func expect(t *testing.T, what string, got *httptest.ResponseRecorder, status int, code string) {
	t.Helper()
	var shape struct {
		Data struct {
			Code string `json:"code"`
		} `json:"data"`
	}
	if status >= 400 {
		if err := json.Unmarshal(got.Body.Bytes(), &shape); err != nil {
			t.Errorf("%s: %d %q", what, got.Code, got.Body)
		}
	}
	if got.Code != status || shape.Data.Code != code {
		t.Errorf("%s: %d %q, want %d %q", what, got.Code, shape.Data.Code, status, code)
	}
}

// TestWhoSeesWhat: copies by scope, originals for auditors, papers for finance.
func TestWhoSeesWhat(t *testing.T) {
	a := newAlbum(t)
	for name, want := range map[string]string{
		"rep.chen": "photo receipt", "manager.wu": "photo receipt", "director.lin": "photo", "auditor.jin": "photo receipt", "admin.fang": "photo receipt",
		"finance.zhao": "receipt", "rep.he": "", "manager.xu": "", "executive.sun": "",
	} {
		got := a.sign(name, "public", a.photo.Id, a.receipt.Id, "nosuchblob00000").URLs
		seen := ""
		if got[a.photo.Id] != "" {
			seen = "photo"
		}
		if got[a.receipt.Id] != "" {
			seen += map[bool]string{true: " "}[seen != ""] + "receipt"
		}
		if seen != want || len(got) > 2 {
			t.Errorf("%s sees %q, want %q", name, seen, want)
		}
		originals := a.sign(name, "original", a.photo.Id).URLs
		if inspects := name == "auditor.jin" || name == "admin.fang"; (len(originals) == 1) != inspects {
			t.Errorf("%s gets %d originals", name, len(originals))
		}
	}
	expect(t, "guest", a.Do("", "POST", "/api/ka/blobs/sign", `{"ids":[],"variant":"thumb"}`), 401, "auth_required")
	for body, code := range map[string]string{
		`{"ids":["x"],"variant":"../x"}`: "args.invalid", `{"ids":1}`: "args.invalid", `{`: "json.syntax", `{"ids":["x"],"variant":"thumb","more":1}`: "args.invalid",
	} {
		expect(t, body, a.Do("rep.chen", "POST", "/api/ka/blobs/sign", body), 400, code)
	}
}

func TestBytesAndHeaders(t *testing.T) {
	a := newAlbum(t)
	original := a.sign("auditor.jin", "original", a.photo.Id).URLs[a.photo.Id]
	whole := a.get(original)
	if whole.Code != 200 || !bytes.Equal(whole.Body.Bytes(), a.jpeg) {
		t.Fatalf("%d, %d bytes", whole.Code, whole.Body.Len())
	}
	part := a.get(original, "Range", "bytes=100-199")
	if part.Code != 206 || !bytes.Equal(part.Body.Bytes(), a.jpeg[100:200]) {
		t.Errorf("a range: %d, %d bytes", part.Code, part.Body.Len())
	}
	thumb := a.sign("manager.wu", "thumb", a.photo.Id)
	got := a.get(thumb.URLs[a.photo.Id])
	h := got.Header()
	for name, want := range map[string]string{
		"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
	} {
		if h.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, h.Get(name), want)
		}
	}
	if !bytes.HasPrefix(got.Body.Bytes(), []byte("\xFF\xD8\xFF")) || got.Body.Len() >= len(a.jpeg) {
		t.Errorf("the thumbnail has %d bytes", got.Body.Len())
	}
	if tag := h.Get("ETag"); tag == "" || tag == whole.Header().Get("ETag") {
		t.Errorf("ETag %q", tag)
	} else if again := a.get(thumb.URLs[a.photo.Id], "If-None-Match", tag); again.Code != 304 {
		t.Errorf("known already: %d", again.Code)
	}
	receipt := a.get(a.sign("finance.zhao", "public", a.receipt.Id).URLs[a.receipt.Id])
	if !bytes.Equal(receipt.Body.Bytes(), a.pdf) || receipt.Header().Get("Content-Type") != "application/pdf" ||
		receipt.Header().Get("Content-Disposition")[:10] != "attachment" {
		t.Errorf("%d %v", receipt.Code, receipt.Header())
	}
	if urls := a.sign("finance.zhao", "thumb", a.receipt.Id).URLs; len(urls) != 0 {
		t.Errorf("a document has thumbnails: %v", urls)
	}
}

// TestAddressesEnd with their time, their user, and his right to see.
func TestAddressesEnd(t *testing.T) {
	a := newAlbum(t)
	desk := a.Token("manager.wu")
	first := a.signBy(desk, "thumb", a.photo.Id)
	address := first.URLs[a.photo.Id]
	expect(t, "good", a.get(address), 200, "")
	if life := first.Expires.Sub(a.Clock.Now()); life < 15*time.Minute || life > 30*time.Minute {
		t.Errorf("lives %v", life)
	}
	a.Clock.Advance(time.Second)
	if again := a.signBy(desk, "thumb", a.photo.Id).URLs[a.photo.Id]; again != address {
		t.Error("a second address of the same minutes differs: no cache knows it")
	}

	for what, forged := range map[string]string{
		"another variant": replace(address, "/thumb?", "/public?"), "another blob": replace(address, a.photo.Id, a.receipt.Id),
		"another user": replace(address, a.As("manager.wu").Id, a.As("auditor.jin").Id), "nobody": replace(address, a.As("manager.wu").Id, "nobody000000000"),
		"longer": replace(address, "?e=1", "?e=2"), "no number": replace(address, "?e=", "?e=x"), "no signature": replace(address, "&s=", "&s=A"),
	} {
		if forged == address {
			t.Fatalf("%s: nothing was forged", what)
		}
		expect(t, what, a.get(forged), 403, "address.invalid")
	}

	wu := a.As("manager.wu")
	wu.Set("active", false)
	if err := errors.Join(a.Override(wu), a.Bound.Sync.Fold(a.App)); err != nil {
		t.Fatal(err)
	}
	expect(t, "disabled", a.get(address), 403, "address.invalid")
	wu.Set("active", true)
	a.save(wu)
	expect(t, "active again", a.get(address), 403, "address.invalid")
	address = a.sign("manager.wu", "thumb", a.photo.Id).URLs[a.photo.Id]
	expect(t, "signed anew", a.get(address), 200, "")
	account, err := a.FindRecordById("accounts", a.photo.GetString("account"))
	if err != nil {
		t.Fatal(err)
	}
	account.Set("owner", a.As("rep.ma").Id) // of another team
	a.save(account)
	expect(t, "moved", a.get(address), 404, "record.not_found")

	receipt := a.sign("rep.chen", "public", a.receipt.Id)
	a.Clock.Set(receipt.Expires.Add(-time.Second))
	expect(t, "its last second", a.get(receipt.URLs[a.receipt.Id]), 200, "")
	a.Clock.Set(receipt.Expires)
	expect(t, "expired", a.get(receipt.URLs[a.receipt.Id]), 403, "address.expired")

	chen := a.As("rep.chen")
	fresh := a.sign("rep.chen", "public", a.receipt.Id).URLs[a.receipt.Id]
	expect(t, "fresh", a.get(fresh), 200, "")
	chen.SetPassword("another-password-1")
	a.save(chen)
	expect(t, "after a new password", a.get(fresh), 403, "address.invalid")
}
