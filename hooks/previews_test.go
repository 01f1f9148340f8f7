package hooks_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json/v2"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"satchel/hooks"
	"satchel/hooks/platform/gate"
	"satchel/internal/effort"
	"satchel/internal/testapp"
	"satchel/media"
	"satchel/media/imageworker"
	"satchel/syncer"
)

// decodedHere counts pictures that anybody decodes in this process by their
// content, as PocketBase does: it takes a canary for a WebP.
var decodedHere atomic.Int64

const canary = "RIFF\x10\x00\x00\x00WEBPseen"

func init() {
	imageworker.Main() // children of this program
	image.RegisterFormat("canary", "RIFF????WEBPseen",
		func(io.Reader) (image.Image, error) {
			decodedHere.Add(1)
			return image.NewGray(image.Rect(0, 0, 200, 100)), nil
		},
		func(io.Reader) (image.Config, error) {
			decodedHere.Add(1)
			return image.Config{ColorModel: image.NewGray(image.Rectangle{}).ColorModel(), Width: 200, Height: 100}, nil
		})
}

// gallery asks PocketBase's file route for previews.
type gallery struct {
	*matrix
	made   atomic.Int64 // previews, by the image worker
	tokens map[string]string
	wrong  []string
	cells  int
}

func newGallery(t *testing.T, opts ...testapp.Option) *gallery {
	t.Helper()
	pool := imageworker.New(imageworker.Options{Workers: 1, Command: func() *exec.Cmd { return exec.Command(os.Args[0], imageworker.Argument) }})
	t.Cleanup(pool.Close)
	g := &gallery{tokens: map[string]string{"guest": ""}}
	g.matrix = newMatrix(t, append(opts, testapp.Hooks(func(c *hooks.Config) {
		c.Previews.Make = func(ctx context.Context, path string, limits media.Limits, size string) ([]byte, error) {
			g.made.Add(1)
			return pool.Preview(ctx, path, limits, size)
		}
	}))...)
	for name, who := range g.people {
		var user *core.Record
		var err error
		switch name {
		case "guest":
			continue
		case "super":
			user, err = g.app.FindFirstRecordByFilter(core.CollectionNameSuperusers, "id != ''")
		default:
			user, err = g.app.FindRecordById("users", who.id)
		}
		if err == nil {
			g.tokens[name], err = user.NewFileToken()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return g
}

func (g *gallery) note(format string, args ...any) {
	g.wrong = append(g.wrong, fmt.Sprintf(format, args...))
}

// ask sends a request, which must not fail, must decode nothing here and not take much.
func (g *gallery) ask(method, address string) *httptest.ResponseRecorder {
	g.t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	seen := decodedHere.Load()
	answer := httptest.NewRecorder()
	g.mux.ServeHTTP(answer, httptest.NewRequest(method, address, nil))
	runtime.ReadMemStats(&after)
	g.cells++
	switch took := (after.TotalAlloc - before.TotalAlloc) >> 20; {
	case decodedHere.Load() != seen:
		g.note("%s %s: decoded in the server", method, address)
		decodedHere.Store(seen)
	case answer.Code >= http.StatusInternalServerError:
		g.note("%s %s: %d %s", method, address, answer.Code, answer.Body)
	case took > 32:
		g.note("%s %s took %d MB", method, address, took)
	}
	return answer
}

// pictures are what is kept, with what becomes of a preview: a refusal's code, "made",
// or nothing for what is served as it is.
func pictures(t *testing.T) map[string]struct{ content, code string } {
	t.Helper()
	var good bytes.Buffer
	if err := png.Encode(&good, image.NewNRGBA(image.Rect(0, 0, 300, 200))); err != nil {
		t.Fatal(err)
	}
	ihdr := "IHDR\x00\x00\x75\x30\x00\x00\x75\x30\x08\x06\x00\x00\x00" // 30000 by 30000, with alpha
	sum := string(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(ihdr))))
	frame := "\xFF\xC0\x00\x11\x08\x75\x30\x75\x30\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
	return map[string]struct{ content, code string }{
		"good.png":        {good.String(), "made"},
		"cut.png":         {good.String()[:60], media.CodeDamaged},
		"bomb.png":        {"\x89PNG\r\n\x1a\n\x00\x00\x00\x0D" + ihdr + sum + "\x00\x00\x00\x00IDAT\x35\xAF\x06\x1E", media.CodeTooManyPixels},
		"bomb.jpg":        {"\xFF\xD8" + frame + "\xFF\xDA\x00\x0C\x03\x01\x00\x02\x11\x03\x11\x00\x3F\x00\xFF\xD9", media.CodeTooManyPixels},
		"progressive.jpg": {"\xFF\xD8" + strings.NewReplacer("\xC0", "\xC2", "\x75\x30", "\x19\x00").Replace(frame) + "\xFF\xDA\x00\x0C\x03\x01\x00\x02\x11\x03\x11\x00\x3F\x00\xFF\xD9", media.CodeProgressive},
		"bomb.webp":       {"RIFF\x20\x00\x00\x00WEBPVP8L\x0D\x00\x00\x00\x2F\xFF\xFF\xFF\x0F" + strings.Repeat("\x00", 9), media.CodeTooManyPixels},
		"bomb.gif":        {"GIF89a\x30\x75\x30\x75\x80\x00\x00\xFF\xFF\xFF\x00\x00\x00,\x00\x00\x00\x00\x30\x75\x30\x75\x00\x02\x02\x44\x01\x00;", ""},
		"bomb.bmp":        {"BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\x30\x75\x00\x00\x30\x75\x00\x00\x01\x00\x18\x00" + strings.Repeat("\x00", 24), ""},
		"bomb.tif":        {"II*\x00\x08\x00\x00\x00\x02\x00\x00\x01\x04\x00\x01\x00\x00\x00\x30\x75\x00\x00\x01\x01\x04\x00\x01\x00\x00\x00\x30\x75\x00\x00\x00\x00\x00\x00", ""},
		"canary.webp":     {canary + strings.Repeat("\x00", 8), media.CodeDamaged},
	}
}

// keepAs stores a file by a raw save.
func (g *gallery) keepAs(row *core.Record, field, name, content string) *core.Record {
	g.t.Helper()
	row, err := g.app.FindRecordById(row.Collection(), row.Id)
	if err != nil {
		g.t.Fatal(err)
	}
	file, err := filesystem.NewFileFromBytes([]byte(content), name)
	if err != nil {
		g.t.Fatal(err)
	}
	row.Set(field, file)
	if err := g.app.SaveNoValidateWithContext(gate.AsServer(context.Background()), row); err != nil {
		g.t.Fatalf("%s.%s: %v", row.Collection().Name, field, err)
	}
	return row
}

// patched stores a file by REST, as the superuser; not ok if the rules refuse it.
func (g *gallery) patched(row *core.Record, field, name, content string) bool {
	g.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile(field, name)
	if err == nil {
		_, err = io.WriteString(part, content)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		g.t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodPatch, "/api/collections/"+row.Collection().Name+"/records/"+row.Id, &body)
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.Header.Set("Authorization", g.people["super"].token)
	answer := httptest.NewRecorder()
	g.mux.ServeHTTP(answer, req)
	if answer.Code >= http.StatusInternalServerError {
		g.note("PATCH of %s.%s with %s: %d %s", row.Collection().Name, field, name, answer.Code, answer.Body)
	}
	return answer.Code == http.StatusOK
}

// address of a file; more is of its query.
func (g *gallery) address(row *core.Record, field, who, more string) string {
	names := row.GetStringSlice(field)
	return "/api/files/" + row.Collection().Name + "/" + row.Id + "/" + names[len(names)-1] + "?token=" + g.tokens[who] + more
}

// codeOf reads the code of an answer that has both texts.
func codeOf(answer *httptest.ResponseRecorder) string {
	var said struct {
		Data struct{ Code, Zh, En string }
	}
	err := json.Unmarshal(answer.Body.Bytes(), &said, json.MatchCaseInsensitiveNames(true))
	if err != nil || said.Data.Zh == "" || said.Data.En == "" || said.Data.Zh == said.Data.En {
		return "no code: " + answer.Body.String()
	}
	return said.Data.Code
}

// fileFields are those of all collections, each with a row that is there.
func (g *gallery) fileFields() map[*core.FileField]*core.Record {
	g.t.Helper()
	rows := map[string]string{"users": g.people["owner"].id}
	for _, target := range g.targets() {
		if rows[target.collection] == "" {
			rows[target.collection] = target.id
		}
	}
	collections, err := g.app.FindAllCollections()
	if err != nil {
		g.t.Fatal(err)
	}
	out := map[*core.FileField]*core.Record{}
	for _, c := range collections {
		for _, f := range c.Fields {
			field, ok := f.(*core.FileField)
			if !ok {
				continue
			}
			row, err := g.app.FindRecordById(c, rows[c.Name])
			if err != nil {
				g.t.Errorf("%s.%s holds files, and there is no row to try it on: %v", c.Name, field.Name, err)
				continue
			}
			out[field] = row
		}
	}
	return out
}

// tried keeps every kind of file in a field and asks for previews as everybody.
func (g *gallery) tried(row *core.Record, field *core.FileField) (byREST int) {
	kept := pictures(g.t)
	for _, name := range slices.Sorted(maps.Keys(kept)) {
		what := kept[name]
		row := g.keepAs(row, field.Name, name, what.content)
		g.judged(row, field.Name, name, what.content, what.code)
		if g.patched(row, field.Name, name, what.content) {
			byREST++
			fresh, err := g.app.FindRecordById(row.Collection(), row.Id)
			if err != nil {
				g.t.Fatal(err)
			}
			g.judged(fresh, field.Name, name, what.content, what.code)
		}
	}
	return byREST
}

func (g *gallery) judged(row *core.Record, field, name, content, code string) {
	at := row.Collection().Name + "." + field + " with " + name
	plain := g.ask(http.MethodGet, g.address(row, field, "super", ""))
	if plain.Code != http.StatusOK || plain.Body.String() != content {
		g.note("%s as it is: %d", at, plain.Code)
	}
	got := g.ask(http.MethodGet, g.address(row, field, "super", "&thumb=100x100"))
	switch code {
	case "made":
		picture, err := jpeg.DecodeConfig(got.Body)
		if got.Code != http.StatusOK || err != nil || picture.Width != 100 || picture.Height != 100 || got.Header().Get("Content-Type") != "image/jpeg" {
			g.note("%s: the preview: %d, %v, %v", at, got.Code, err, picture)
		}
	case "":
		if got.Code != http.StatusOK || got.Body.String() != content {
			g.note("%s is not served as it is: %d", at, got.Code)
		}
	default:
		if got.Code != http.StatusUnprocessableEntity || codeOf(got) != code {
			g.note("%s: %d %s, want %s", at, got.Code, got.Body, code)
		}
	}
	if name != "good.png" && name != "canary.webp" {
		return
	}
	for who := range g.people {
		plain := g.ask(http.MethodGet, g.address(row, field, who, ""))
		if small := g.ask(http.MethodGet, g.address(row, field, who, "&thumb=100x100")); small.Code != plain.Code && small.Code != got.Code {
			g.note("%s: %s gets %d, and %d for a preview", at, who, plain.Code, small.Code)
		} else if (plain.Code == http.StatusOK) != (small.Code == got.Code) {
			g.note("%s: %s sees a preview (%d) of what he may not have (%d), or the other way round", at, who, small.Code, plain.Code)
		}
	}
}

// TestNoPictureIsDecodedInTheServer: whatever lies in whichever file field, whoever
// asks for a preview. Roles who may have the file get what the image worker made, or
// why there is none.
func TestNoPictureIsDecodedInTheServer(t *testing.T) {
	g := newGallery(t)
	fields := g.fileFields()
	byREST := 0
	for field, row := range fields {
		byREST += g.tried(row, field)
	}
	for _, line := range g.wrong {
		t.Error(line)
	}
	if g.made.Load() == 0 || byREST == 0 || len(fields) == 0 {
		t.Errorf("%d previews of the image worker, %d files by REST, %d fields", g.made.Load(), byREST, len(fields))
	}
	t.Logf("%d file fields, %d files by REST, %d requests, %d previews of the image worker", len(fields), byREST, g.cells, g.made.Load())
}

// contract is a row with a file that its people may read.
func (g *gallery) contract(name, content string) *core.Record {
	g.t.Helper()
	for field, row := range g.fileFields() {
		if row.Collection().Name == "contracts" && field.Name == "draft" {
			return g.keepAs(row, "draft", name, content)
		}
	}
	g.t.Fatal("no contract")
	return nil
}

// TestEveryWayToAskForAPreview that the router lets through is the same way.
func TestEveryWayToAskForAPreview(t *testing.T) {
	g := newGallery(t)
	row := g.contract("canary.webp", canary+strings.Repeat("\x00", 8))
	name, token := row.GetString("draft"), "token="+g.tokens["super"]
	base := "/api/files/contracts/" + row.Id + "/"
	refused := 0
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		for _, address := range []string{
			base + name + "?thumb=100x100&" + token, base + name + "?" + token + "&thumb=100x100", base + name + "?%74hum%62=100x100&" + token,
			base + name + "?thumb=100x100&thumb=100x100&" + token, base + name + "?thumb=&thumb=100x100&" + token, base + name + "?thumb=100x100&thumb=&" + token,
			base + name + "?THUMB=100x100&" + token, base + name + "?Thumb=100x100&" + token, base + name + "?thumb[]=100x100&" + token,
			base + name + "?thumb=100x100;x&thumb=100x100&" + token, base + name + "?%zz=1&thumb=100x100&" + token, base + name + "?thumb=100%78100&download=1&" + token,
			"/api/files/" + row.Collection().Id + "/" + row.Id + "/" + name + "?thumb=100x100&" + token,
			"/api/files/contracts/" + row.Id + "/%2E/" + name + "?thumb=100x100&" + token, "/api/files//contracts/" + row.Id + "/" + name + "?thumb=100x100&" + token,
			"/api/files/contracts%2F" + row.Id + "/" + name + "?thumb=100x100&" + token, "/api/files/contracts/" + row.Id + "%2F" + name + "?thumb=100x100&" + token,
			"/api/%66iles/contracts/" + row.Id + "/" + strings.ReplaceAll(name, ".", "%2E") + "?thumb=100x100&" + token,
			"/API/files/contracts/" + row.Id + "/" + name + "?thumb=100x100&" + token, "/api/files/./contracts/" + row.Id + "/" + name + "?thumb=100x100&" + token,
			base + "..%2F" + row.Id + "%2F" + name + "?thumb=100x100&" + token, base + name + "/?thumb=100x100&" + token,
			base + "thumbs_" + name + "%2F100x100_" + name + "?" + token,
		} {
			if got := g.ask(method, address); got.Code == http.StatusUnprocessableEntity {
				refused++
			}
		}
	}
	for _, line := range g.wrong {
		t.Error(line)
	}
	if refused < 16 {
		t.Errorf("only %d of %d were refused for the picture", refused, g.cells)
	}
}

// TestAThumbWithoutGuardIsNoticed: PocketBase decodes the canary.
func TestAThumbWithoutGuardIsNoticed(t *testing.T) {
	effort.Late(t)
	g := newGallery(t, testapp.Hooks(func(c *hooks.Config) { c.Planted = syncer.PlantThumbUnguarded }))
	row := g.contract("canary.webp", canary+strings.Repeat("\x00", 8))
	g.judged(row, "draft", "canary.webp", canary+strings.Repeat("\x00", 8), media.CodeDamaged)
	if !strings.Contains(strings.Join(g.wrong, "\n"), "decoded in the server") {
		t.Errorf("nobody noticed: %q", g.wrong)
	}
}

// TestPreviewIsKeptAndGoesWithItsFile: it is made once, in the folder that
// PocketBase removes with the file, and a refusal is remembered for minutes.
func TestPreviewIsKeptAndGoesWithItsFile(t *testing.T) {
	g := newGallery(t)
	kept := pictures(t)
	row := g.contract("good.png", kept["good.png"].content)
	dir := filepath.Join(g.app.DataDir(), core.LocalStorageDirName, filepath.FromSlash(row.BaseFilesPath()), "thumbs_"+row.GetString("draft"))
	for _, size := range []string{"100x100", "100x100", "200x200", "50x50t", "", "x"} {
		if got := g.ask(http.MethodGet, g.address(row, "draft", "owner", "&thumb="+size)); got.Code != http.StatusOK {
			t.Errorf("%q: %d %s", size, got.Code, got.Body)
		}
	}
	entries, err := os.ReadDir(dir)
	pictures := slices.DeleteFunc(entries, func(e os.DirEntry) bool { return path.Ext(e.Name()) == ".attrs" })
	if err != nil || len(pictures) != 1 || g.made.Load() != 1 {
		t.Errorf("%v, %v, %d made", err, pictures, g.made.Load())
	}
	row = g.keepAs(row, "draft", "cut.png", kept["cut.png"].content)
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the preview outlives its file: %v", err)
	}
	ask := func(want int64) {
		t.Helper()
		if got := g.ask(http.MethodGet, g.address(row, "draft", "super", "&thumb=100x100")); codeOf(got) != media.CodeDamaged || g.made.Load() != want {
			t.Errorf("%d %s, asked %d times", got.Code, got.Body, g.made.Load())
		}
	}
	ask(2)
	ask(2)
	g.app.Clock.Advance(11 * time.Minute)
	g.tokens["super"] = g.fresh(t)
	ask(3)
	for _, line := range g.wrong {
		t.Error(line)
	}
}

// TestPreviewsInAnObjectStore are kept there, and go with their file.
func TestPreviewsInAnObjectStore(t *testing.T) {
	g := newGallery(t)
	store := testapp.FilesInObjects(t, g.app)
	row := g.contract("good.png", pictures(t)["good.png"].content)
	g.judged(row, "draft", "good.png", pictures(t)["good.png"].content, "made")
	kept := row.BaseFilesPath() + "/thumbs_" + row.GetString("draft") + "/100x100_" + row.GetString("draft")
	if !slices.Contains(store.Keys(), kept) || g.made.Load() != 1 {
		t.Errorf("%v, %d made", store.Keys(), g.made.Load())
	}
	g.keepAs(row, "draft", "cut.png", pictures(t)["cut.png"].content)
	if slices.Contains(store.Keys(), kept) {
		t.Error("the preview outlives its file")
	}
	for _, line := range g.wrong {
		t.Error(line)
	}
}

func (g *gallery) fresh(t *testing.T) string {
	t.Helper()
	super, err := g.app.FindFirstRecordByFilter(core.CollectionNameSuperusers, "id != ''")
	if err != nil {
		t.Fatal(err)
	}
	token, err := super.NewFileToken()
	if err != nil {
		t.Fatal(err)
	}
	return token
}
