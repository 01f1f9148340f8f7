package uploads_test

import (
	"archive/zip"
	"bytes"
	"encoding/json/v2"
	"fmt"
	"strings"
	"testing"
)

func zipOf(t *testing.T, names ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range names {
		if _, err := z.Create(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestTypesByPurpose: papers may be documents; the content decides, not the name.
func TestTypesByPurpose(t *testing.T) {
	w := newWorld(t, manually(nil))
	chen := w.phone("rep.chen", "install-chen-1")
	pdf, ofd := []byte("%PDF-1.7\n%%EOF"), zipOf(t, "OFD.xml", "Doc_0/Document.xml")
	xml, heic := []byte("\xEF\xBB\xBF<?xml version=\"1.0\"?><EInvoice/>"), []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heic")
	for _, c := range []struct {
		purpose string
		data    []byte
		want    string // type, or code of the refusal
	}{
		{"invoice", pdf, "application/pdf"},
		{"invoice", ofd, "application/ofd"},
		{"receipt", xml, "application/xml"},
		{"receipt", photo(t, 1, 1), "image/jpeg"},
		{"contract", pdf, "application/pdf"},
		{"contract", ofd, "blob.type_refused"},
		{"invoice", heic, "blob.convert"},
		{"invoice", zipOf(t, "word/document.xml"), "blob.type_refused"},
		{"visit_photo", pdf, "blob.type_refused"},
		{"invoice", []byte("MZ\x90\x00"), "blob.type_refused"},
	} {
		blob := w.announceAs(c.purpose, c.data)
		chen.upload(blob, c.data).expect(t, 204, "")
		w.work()
		row := w.row(blob)
		got := row.GetString("mime")
		if row.GetString("state") == "rejected" {
			got = row.GetString("code")
		}
		if got != c.want {
			t.Errorf("%s %.12q: %s, want %s", c.purpose, c.data, got, c.want)
		}
		if !bytes.Equal(w.file(row, row.GetString("original")), c.data) {
			t.Errorf("%s %.12q: the bytes are not kept", c.purpose, c.data)
		}
		if picture := strings.HasPrefix(c.want, "image/"); (row.GetString("thumb") != "") != picture {
			t.Errorf("%s %.12q: thumb %q", c.purpose, c.data, row.GetString("thumb"))
		}
	}
}

// TestTicketsAreJudged before a byte is sent.
func TestTicketsAreJudged(t *testing.T) {
	w := newWorld(t)
	chen, wu := w.As("rep.chen"), w.As("manager.wu")
	good := map[string]any{"sha256": strings.Repeat("a", 64), "size": 5, "mime": "application/pdf", "purpose": "receipt", "owner": chen.Id}
	for name, c := range map[string]struct {
		change map[string]any
		want   string
	}{
		"a receipt":            {nil, ""},
		"another's":            {map[string]any{"owner": wu.Id}, "400"},
		"of a visit":           {map[string]any{"visit": w.step.GetString("visit")}, "400"},
		"HEIC":                 {map[string]any{"mime": "image/heic"}, "blob.convert"},
		"a movie":              {map[string]any{"mime": "video/mp4"}, "blob.type_refused"},
		"too large":            {map[string]any{"size": 26 << 20}, "blob.too_large"},
		"a large contract":     {map[string]any{"size": 26 << 20, "purpose": "contract"}, ""},
		"arrived already":      {map[string]any{"state": "received"}, "field.locked"},
		"with a hold":          {map[string]any{"hold": true}, "field.locked"},
		"removed":              {map[string]any{"bytes_removed_why": "retention"}, "field.locked"},
		"with another's phash": {map[string]any{"phash": strings.Repeat("0", 16)}, "field.locked"},
	} {
		body := map[string]any{}
		for _, m := range []map[string]any{good, c.change} {
			for k, v := range m {
				body[k] = v
			}
		}
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		answer := w.Do("rep.chen", "POST", "/api/collections/blobs/records", string(text))
		var got struct {
			ID      string
			Manager string
			Dept    string
			Data    struct{ Code string }
		}
		if err := json.Unmarshal(answer.Body.Bytes(), &got, json.MatchCaseInsensitiveNames(true)); err != nil {
			t.Fatal(err)
		}
		switch {
		case c.want == "" && (answer.Code != 200 || got.Manager != chen.GetString("manager") || got.Dept != chen.GetString("department")):
			t.Errorf("%s: %d %s", name, answer.Code, answer.Body)
		case c.want == "400" && answer.Code != 400, len(c.want) > 3 && got.Data.Code != c.want:
			t.Errorf("%s: %d %s, want %s", name, answer.Code, answer.Body, c.want)
		}
		if c.want == "" {
			changed := w.Do("rep.chen", "PATCH", "/api/collections/blobs/records/"+got.ID, `{"size":6}`)
			if changed.Code != 404 && changed.Code != 403 {
				t.Errorf("%s was changed: %d", name, changed.Code)
			}
		}
	}
}

// TestAFullStepTakesNoMore photos, but for those that were refused.
func TestAFullStepTakesNoMore(t *testing.T) {
	w := newWorld(t)
	w.set("media.step_photos", 2)
	post := func(n int) int {
		return w.Do("rep.chen", "POST", "/api/collections/blobs/records", fmt.Sprintf(
			`{"sha256":"%064d","size":5,"mime":"image/jpeg","purpose":"visit_photo","step":%q,"visit":%q,"owner":%q,"source":"gallery"}`,
			n, w.step.Id, w.step.GetString("visit"), w.As("rep.chen").Id)).Code
	}
	if a, b, c := post(1), post(2), post(3); a != 200 || b != 200 || c != 400 {
		t.Errorf("answers %d %d %d", a, b, c)
	}
	if _, err := w.DB().NewQuery("UPDATE blobs SET state = 'rejected' WHERE sha256 LIKE '%1'").Execute(); err != nil {
		t.Fatal(err)
	}
	if got := post(4); got != 200 {
		t.Errorf("after a refused one: %d", got)
	}
}
