package sessions_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"satchel/hooks"
	"satchel/hooks/platform/gate"
	"satchel/internal/demo"
	"satchel/internal/testapp"
)

// person is somebody with a phone and a desk, all of whose ways in are open.
type person struct {
	*desk
	name, install string
	phone         answer // of hello
	login         string // by which the phone was registered
	office        string // a login at a desk

	address, officeAddress string // signed, of a photo
	file, officeFile       string // tokens of files
	spool                  string // path of an answer that can be resumed
	blob                   string // whose bytes are on their way
	photoID, account, user string

	open map[string]<-chan error // ways that are open now, by name: a value when one ends
}

// way is something by which a session comes in.
type way struct {
	name string
	desk bool // it is not a phone's, and goes on when a phone is revoked
	held bool // it is open, and is to end by itself
	// woken tells that it also ends when there is news.
	woken bool
	// refused tells by which code a new attempt is refused, empty if it passes.
	refused func(p *person) string
}

// ways are all there are. A way of gate.Way that is not named by one that is held
// fails the test.
var ways = []way{
	{name: "token", refused: func(p *person) string { return p.own(p.phone.Token) }},
	{name: "token at its own phone's hello", refused: func(p *person) string { return p.hello(p.phone.Token, p.install).Data.Code }},
	{name: "token at pull", refused: func(p *person) string { return p.sync(p.phone.Token, "pull", `,"schema":1`).Data.Code }},
	{name: "token at push", refused: func(p *person) string { return p.sync(p.phone.Token, "push", `,"schema":1,"mutations":[]`).Data.Code }},
	{name: "token at digest", refused: func(p *person) string { return p.compare("digest", `"sums":{}`) }},
	{name: "token at repair", refused: func(p *person) string { return p.compare("repair", `"buckets":{}`) }},
	{name: "token at an action", refused: func(p *person) string {
		return p.beyond(p.call(p.phone.Token, "POST", "/api/ka/visits/nothing00000000/report", map[string]any{}), "record.not_found")
	}},
	{name: "token at its renewal", refused: func(p *person) string {
		return p.call(p.phone.Token, "POST", "/api/collections/users/auth-refresh", nil).code()
	}},
	{name: "login that registered the phone", refused: func(p *person) string { return p.hello(p.login, p.install).Data.Code }},
	{name: "credential", refused: func(p *person) string { return p.trade(p.phone.Credential).Data.Code }},
	{name: "signed address", refused: func(p *person) string { return p.call("", "GET", p.address, nil).Data.Code }},
	{name: "file token", refused: func(p *person) string { return p.photo(p.file) }},
	{name: "cut answers", held: true, refused: func(p *person) string { return p.call(p.phone.Token, "GET", p.spool, nil).Data.Code }},
	{name: "pokes", held: true, refused: func(p *person) string {
		return p.beyond(p.call(p.phone.Token, "GET", "/api/sync/poke?wait=0&device="+p.phone.Device, nil), "wait_invalid")
	}},
	{name: "long poll", held: true, woken: true, refused: func(p *person) string {
		return p.beyond(p.call(p.phone.Token, "GET", "/api/sync/poke?wait=0&device="+p.phone.Device, nil), "wait_invalid")
	}},
	{name: "realtime", held: true, refused: func(p *person) string { return p.own(p.phone.Token) }},
	{name: "uploads", held: true, refused: func(p *person) string { return p.head() }},
	{name: "bodies", held: true, refused: func(p *person) string { return p.own(p.phone.Token) }},
	{name: "desk's token", desk: true, refused: func(p *person) string { return p.own(p.office) }},
	{name: "desk's login at hello", desk: true, refused: func(p *person) string {
		return p.beyond(p.hello(p.office, "short"), "install_invalid")
	}},
	{name: "desk's renewal", desk: true, refused: func(p *person) string {
		return p.call(p.office, "POST", "/api/collections/users/auth-refresh", nil).code()
	}},
	{name: "desk's address", desk: true, refused: func(p *person) string { return p.call("", "GET", p.officeAddress, nil).Data.Code }},
	{name: "desk's file token", desk: true, refused: func(p *person) string { return p.photo(p.officeFile) }},
	{name: "desk's realtime", desk: true, held: true, refused: func(p *person) string { return p.own(p.office) }},
}

// code is our own code, or the status of an answer of PocketBase's that refuses.
func (a answer) code() string {
	switch {
	case a.Data.Code != "":
		return a.Data.Code
	case a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden:
		return http.StatusText(a.Status)
	}
	return ""
}

// beyond is the code of an answer, empty if it came as far as that one.
func (p *person) beyond(a answer, far string) string {
	if code := a.code(); code != far {
		return code
	}
	return ""
}

func (p *person) sync(token, path, more string) answer {
	p.t.Helper()
	return p.call(token, "POST", "/api/sync/"+path, jsontext.Value(fmt.Sprintf(`{"device":%q%s}`, p.phone.Device, more)))
}

// compare asks for a comparison without a cursor, which is answered by a code of
// its own once the session passed.
func (p *person) compare(path, what string) string {
	return p.beyond(p.sync(p.phone.Token, path, `,"schema":1,"cursor":"",`+what), "sync_moved")
}

// own asks for an account of the person's: a token that is none opens no rows.
func (p *person) own(token string) string {
	p.t.Helper()
	a := p.call(token, "GET", "/api/collections/accounts/records/"+p.account+"?fields=id", nil)
	if a.Status == http.StatusNotFound {
		return "not found"
	}
	return a.code()
}

// photo asks PocketBase for a file by a token in its address.
func (p *person) photo(token string) string {
	p.t.Helper()
	row, err := p.FindRecordById("blobs", p.shown())
	if err != nil {
		p.t.Fatal(err)
	}
	a := p.call("", "GET", "/api/files/blobs/"+row.Id+"/"+row.GetString("thumb")+"?token="+token, nil)
	if a.Status == http.StatusNotFound {
		return "not found"
	}
	return a.code()
}

// head asks for an upload that is none: to ask for the one under way would end it.
func (p *person) head() string {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodHead, p.url+"/api/sync/blobs/nothing00000000", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	p.sign(req)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusNotFound {
		return http.StatusText(resp.StatusCode)
	}
	return ""
}

func (p *person) sign(req *http.Request) {
	req.Header.Set("Authorization", p.phone.Token)
	req.Header.Set("X-Sync-Device", p.phone.Device)
	req.Header.Set("Tus-Resumable", "1.0.0")
}

// stands opens all ways in of a person.
func stands(d *desk, name, install string) *person {
	d.t.Helper()
	p := &person{desk: d, name: name, install: install, open: map[string]<-chan error{}}
	p.account, p.user = d.AccountOf(name).Id, d.As(name).Id
	p.login, p.office = d.Token(name), d.Token(name)
	p.phone = d.hello(p.login, p.install)
	d.want("hello of "+name, p.phone, "")
	p.address, p.officeAddress = p.signed(p.phone.Token), p.signed(p.office)
	p.file, p.officeFile = p.fileToken(p.phone.Token), p.fileToken(p.office)
	p.spool = p.cut()
	p.open["pokes"] = p.listen("/api/sync/poke?device="+p.phone.Device, p.phone.Token)
	p.open["long poll"] = p.listen("/api/sync/poke?wait=60&device="+p.phone.Device, p.phone.Token)
	p.open["realtime"] = p.watch(p.phone.Token)
	p.open["desk's realtime"] = p.watch(p.office)
	p.open["uploads"] = p.upload()
	p.open["bodies"] = p.halfSaid()
	return p
}

// shown is a photo that the person may see and that has copies.
func (p *person) shown() string {
	p.t.Helper()
	if p.photoID != "" {
		return p.photoID
	}
	coll, err := p.FindCollectionByNameOrId("blobs")
	if err != nil {
		p.t.Fatal(err)
	}
	file, err := filesystem.NewFileFromBytes(demo.PhotoOf(80, 60, 3, p.Clock.Now(), 31.2, 121.4), "thumb.jpg")
	if err != nil {
		p.t.Fatal(err)
	}
	row := core.NewRecord(coll)
	row.Load(map[string]any{
		"sha256": strings.Repeat("cd", 32), "size": 9, "mime": "image/jpeg", "purpose": "receipt", "owner": p.As(p.name).Id, "state": "stored", "thumb": file,
	})
	if err := p.SaveWithContext(gate.AsServer(p.t.Context()), row); err != nil {
		p.t.Fatal(err)
	}
	if err := p.Bound.Sync.Fold(p); err != nil {
		p.t.Fatal(err)
	}
	p.photoID = row.Id
	return p.photoID
}

func (p *person) signed(token string) string {
	p.t.Helper()
	a := p.call(token, "POST", "/api/ka/blobs/sign", map[string]any{"ids": []string{p.shown()}, "variant": "thumb"})
	var out struct {
		URLs map[string]string `json:"urls"`
	}
	if err := json.Unmarshal([]byte(a.text), &out); err != nil || out.URLs[p.shown()] == "" {
		p.t.Fatalf("%s %v", a.text, err)
	}
	return out.URLs[p.shown()]
}

func (p *person) fileToken(token string) string {
	p.t.Helper()
	a := p.call(token, "POST", "/api/files/token", nil)
	if a.Token == "" {
		p.t.Fatalf("no file token: %s", a.text)
	}
	return a.Token
}

// cut pulls everything and returns where the answer may be resumed.
func (p *person) cut() string {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), "POST", p.url+"/api/sync/pull", strings.NewReader(fmt.Sprintf(`{"device":%q,"schema":1}`, p.phone.Device)))
	if err != nil {
		p.t.Fatal(err)
	}
	p.sign(req)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.Header.Get("Content-Location") == "" {
		p.t.Fatalf("the answer cannot be resumed: %d %v", resp.StatusCode, err)
	}
	return resp.Header.Get("Content-Location")
}

// listen opens a stream; the channel has a value when it ends.
func (p *person) listen(path, token string) <-chan error {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.url+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Authorization", token)
	ended, greeted := make(chan error, 1), make(chan error, 1)
	go func() {
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			_, err = io.ReadFull(resp.Body, make([]byte, 1))
			greeted <- err
			_, err = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
		ended <- err
	}()
	if !strings.Contains(path, "wait") {
		if err := <-greeted; err != nil {
			p.t.Fatal(err)
		}
	}
	return ended
}

// watch subscribes to PocketBase's realtime.
func (p *person) watch(token string) <-chan error {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.url+"/api/realtime", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	lines := bufio.NewReader(resp.Body)
	client := ""
	for client == "" {
		line, err := lines.ReadString('\n')
		if err != nil {
			p.t.Fatal(err)
		}
		if _, after, ok := strings.Cut(line, `"clientId":"`); ok {
			client, _, _ = strings.Cut(after, `"`)
		}
	}
	a := p.call(token, "POST", "/api/realtime", map[string]any{"clientId": client, "subscriptions": []string{"accounts/*"}})
	if a.Status != http.StatusNoContent {
		p.t.Fatalf("subscribe: %d %s", a.Status, a.text)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, lines)
		resp.Body.Close()
		ended <- err
	}()
	return ended
}

// halfSaid begins a change of a row and holds the rest of it back. What is asked
// before the body is asked once: the change must not pass when it comes.
func (p *person) halfSaid() <-chan error {
	p.t.Helper()
	body, hold := io.Pipe()
	ctx, cancel := context.WithCancel(p.t.Context())
	p.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodPatch, p.url+"/api/collections/accounts/records/"+p.account, body)
	if err != nil {
		p.t.Fatal(err)
	}
	p.sign(req)
	req.Header.Set("Content-Type", "application/json")
	req.ContentLength = 1 << 20
	ended := make(chan error, 1)
	go func() {
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			resp.Body.Close()
		}
		ended <- err
	}()
	if _, err := hold.Write([]byte(`{"note":"`)); err != nil {
		p.t.Fatal(err)
	}
	return ended
}

// upload sends the first bytes of a photo and holds the rest back.
func (p *person) upload() <-chan error {
	p.t.Helper()
	p.blob = p.phone.Device // ids of different collections may be the same
	row := map[string]any{
		"sha256": strings.Repeat("ab", 32), "size": 1 << 20, "mime": "image/jpeg", "purpose": "receipt", "owner": p.As(p.name).Id, "source": "gallery", "state": "pending",
	}
	pushed := p.call(p.phone.Token, "POST", "/api/sync/push", map[string]any{"device": p.phone.Device, "schema": 1, "mutations": []any{
		map[string]any{"n": 1, "id": "m" + p.blob[:14], "op": "create", "c": "blobs", "r": p.blob, "set": row, "captured": "2026-03-16T00:00:00Z"},
	}})
	if !strings.Contains(pushed.text, `"applied"`) {
		p.t.Fatalf("the photo is not announced: %s", pushed.text)
	}
	create, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.url+"/api/sync/blobs", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	p.sign(create)
	create.Header.Set("Upload-Length", "1048576")
	create.Header.Set("Upload-Metadata", "blob "+base64Of(p.blob))
	resp, err := http.DefaultClient.Do(create)
	if err != nil || resp.StatusCode != http.StatusCreated {
		p.t.Fatalf("create: %v %v", resp, err)
	}
	resp.Body.Close()
	body, hold := io.Pipe()
	ctx, cancel := context.WithCancel(p.t.Context())
	p.t.Cleanup(cancel)
	patch, err := http.NewRequestWithContext(ctx, http.MethodPatch, p.url+"/api/sync/blobs/"+p.blob, body)
	if err != nil {
		p.t.Fatal(err)
	}
	p.sign(patch)
	patch.ContentLength = 1 << 20
	patch.Header.Set("Content-Type", "application/offset+octet-stream")
	patch.Header.Set("Upload-Offset", "0")
	ended := make(chan error, 1)
	go func() {
		resp, err := http.DefaultClient.Do(patch)
		if err == nil {
			resp.Body.Close()
		}
		ended <- err
	}()
	if _, err := hold.Write(make([]byte, 4096)); err != nil {
		p.t.Fatal(err)
	}
	p.until("the upload is under way", func() bool {
		info, err := os.Stat(filepath.Join(p.DataDir(), "uploads", p.blob))
		return err == nil && info.Size() > 0
	})
	return ended
}

// until waits for what another goroutine does.
func (d *desk) until(what string, so func() bool) {
	d.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !so(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			d.t.Fatalf("waited in vain: %s", what)
		}
	}
}

// resumable makes small answers resumable.
func resumable() testapp.Option {
	return testapp.Hooks(func(c *hooks.Config) { c.SpoolMin = 1 })
}

func base64Of(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
